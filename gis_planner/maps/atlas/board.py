"""board.pdf: one page per scenario for those who decide: what, for whom, at what cost, how sure, who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gis_planner.maps import safe
from gis_planner.maps.atlas.chart import GROUND, Chart, villages
from gis_planner.maps.atlas.document import common_values, compiled
from gis_planner.maps.atlas.ground import Ground
from gis_planner.maps.atlas.sheets import PLAN_LAYERS, Values
from gis_planner.maps.atlas.window import window
from gis_planner.maps.atlas.words import say
from gis_planner.maps.rows import result_table
from gis_planner.maps.style import style_in_use
from gis_planner.maps.web.doing import doing
from gis_planner.maps.web.facts import PROGRAMMES, costs, proof_words, service
from gis_planner.maps.web.firm import firm_words
from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import programme_word, unit_word
from gis_planner.tables.plan import Plan

MAP_MM = (112.0, 106.0)
LEFT_OUT = 6
"""How many villages are named of those left out, unless more of them have nobody served."""
NOBODY = 10
"""How many villages are named at most where nobody is served; they come first."""


def write_board(plans: Sequence[Plan], path: Path, *, lang: str = "en") -> None:
    """Write one A4 page for each plan."""
    values = common_values(plans[0], lang) | {"sheets": [board_sheet(plan, lang) for plan in plans]}
    path.write_bytes(compiled("board.typ", values, "pdf")[0])


def board_sheet(plan: Plan, lang: str) -> Values:
    """One plan as the values of its page; parts that the plan does not know are empty."""
    return {
        "title": safe.text(plan.name), "purpose": safe.text(plan.purpose.in_lang(lang)),
        "simulated": say("simulated", lang) if plan.simulated else "", "version": safe.text(plan.version),
        "region": safe.text(plan.region), "numbers": _three(plan, lang), "does": _does(plan, lang),
        "map": _map(plan, lang), "costs": _costs(plan, lang), "sure": _sure(plan, lang), "left": _left_out(plan, lang),
    }


def _map(plan: Plan, lang: str) -> Values:
    ground = Ground(plan, style_in_use())
    west, south, east, north = plan.frame.as_tuple()
    within = [place for place in villages(ground) if west <= place.longitude <= east
              and south <= place.latitude <= north]
    view = window([place.longitude for place in within] or [west, east],
                  [place.latitude for place in within] or [south, north], plan.frame, *MAP_MM)
    chart = Chart(ground, view, lang)
    chart.layers(GROUND)
    chart.layers(PLAN_LAYERS, keep_clear=True)
    chart.villages(size_pt=6.5)
    return chart.finish()


def _whole(value: float, lang: str) -> str:
    return number(float(value), lang, 0)


def _three(plan: Plan, lang: str) -> list[dict[str, str]]:
    """Cost, people who gain water, people still without; for a plan without water its first three headlines."""
    sums, money = service(plan), sum(costs(plan).values())
    if not sums:
        return [{"value": f"{number(figure.value, lang)} {unit_word(figure.unit, lang)}",
                 "text": safe.text(figure.label.in_lang(lang))}
                for figure in plan.figures if figure.headline][:3]
    after = sums["after"]
    return [
        {"value": f"{number(money / 1e6, lang, 1)} M FCFA", "text": say("board_cost", lang)},
        {"value": f"+ {_whole(after - sums['today'], lang)}", "text": say(
            "board_gain", lang, today=_whole(sums["today"], lang), after=_whole(after, lang),
            people=_whole(sums["people"], lang))},
        {"value": _whole(sums["people"] - after, lang), "text": say("board_without", lang)},
    ]


def _does(plan: Plan, lang: str) -> list[dict[str, str]]:
    found = [(programme, doing(plan, programme, lang)) for programme in PROGRAMMES]
    return [{"head": programme_word(programme, lang), "text": safe.text(text)} for programme, text in found if text]


def _costs(plan: Plan, lang: str) -> list[dict[str, str]]:
    lines = costs(plan)
    total = sum(lines.values())
    return [{"text": programme_word(name, lang), "value": _whole(value, lang),
             "share": f"{100 * value / total:.0f} %" if total else ""} for name, value in lines.items()] + (
        [{"text": say("total", lang), "value": _whole(total, lang), "share": ""}] if lines else [])


def _sure(plan: Plan, lang: str) -> list[dict[str, str]]:
    said = [{"head": programme_word(proof.programme, lang),
             "text": safe.text(f"{proof.objective.in_lang(lang)}: {proof_words(proof, lang)}")}
            for proof in plan.proofs]
    firm = firm_words(plan, lang)
    return said + ([{"head": say("draws", lang), "text": firm}] if firm else [])


def _left_out(plan: Plan, lang: str) -> Values:
    """Villages where nobody has water, then those with the most people without, and what else was not reached."""
    rows = result_table(plan, "villages")
    found = [] if rows is None else [
        (float(row["people"]) - float(row["served_after"]), str(row["village_id"]), row)
        for row in rows.to_dict("records")]
    short = sorted(((left, key, row) for left, key, row in found if left >= 0.5), key=lambda item: (-item[0], item[1]))
    nobody = [item for item in short if float(item[2]["served_after"]) < 0.5]
    some = [item for item in short if float(item[2]["served_after"]) >= 0.5]
    named = nobody[:NOBODY]
    named += some[:max(LEFT_OUT - len(named), 0)]
    homes = result_table(plan, "net_households")
    lines = []
    if homes is not None and len(homes):
        far = homes[homes["point_id"].isna()]
        if len(far):
            lines.append(say("board_no_nets", lang, n=_whole(float(far["households"].sum()), lang)))
    groups = result_table(plan, "latrines")
    if groups is not None and len(groups):
        lack = groups[~groups["chosen"].astype(bool)]
        if len(lack):
            cabins = sum(max(float(row["toilets_needed"]) - float(row["toilets_existing"]), 0) for row in
                         lack.to_dict("records"))
            if cabins:
                lines.append(say("board_no_latrine", lang, n=_whole(cabins, lang), groups=_whole(len(lack), lang)))
    more = say("board_more", lang, n=_whole(len(short) - len(named), lang)) if len(short) > len(named) else ""
    return {
        "rows": [{"text": safe.text(row["village"]), "left": _whole(left, lang), "people": _whole(row["people"], lang),
                  "share": f"{100 * left / max(float(row['people']), 1):.0f} %"} for left, _, row in named],
        "more": more, "lines": lines,
    }
