"""What the pages say about a plan, computed once from its result tables: money, people, the worst village, proof."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import unit_word, value_word, word
from gis_planner.tables.plan import Plan, Proof

PROGRAMMES = ("wells", "latrines", "nets", "larviciding", "surveys", "campaigns")


def table(plan: Plan, name: str) -> pd.DataFrame:
    """A result table, empty when the plan has none of that name."""
    found = plan.results.get(name)
    return pd.DataFrame() if found is None else pd.DataFrame(found)


def chosen(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to the plan, in order of rank."""
    if rows.empty or "chosen" not in rows:
        return rows
    part = rows[rows["chosen"].fillna(False).astype(bool)]
    return part.sort_values("rank", kind="stable") if "rank" in part else part


def costs(plan: Plan) -> dict[str, float]:
    """FCFA by programme, from the figures `<programme>.cost`, else from the chosen rows and the crew-days."""
    out: dict[str, float] = {}
    for figure in plan.figures:
        if figure.programme != "all" and figure.key == f"{figure.programme}.cost":
            out[figure.programme] = figure.value
    for name in ("wells", "latrines"):
        rows = chosen(table(plan, name))
        if name not in out and "cost_fcfa" in rows:
            out[name] = float(rows["cost_fcfa"].sum())
    routes = table(plan, "routes")
    if "cost_fcfa" in routes:
        for programme, part in routes.groupby("programme", observed=True):
            out.setdefault(str(programme), float(part["cost_fcfa"].sum()))
    return {name: out[name] for name in sorted(out, key=_place)}


def _place(programme: str) -> tuple[int, str]:
    return (PROGRAMMES.index(programme) if programme in PROGRAMMES else len(PROGRAMMES), programme)


def service(plan: Plan) -> Mapping[str, float]:
    """People, served today and served after over all villages; empty when the plan says nothing of water."""
    rows = table(plan, "villages")
    if rows.empty:
        return {}
    return {"people": float(rows["people"].sum()), "today": float(rows["served_today"].sum()),
            "after": float(rows["served_after"].sum())}


def worst_village(plan: Plan) -> tuple[str, float] | None:
    """(name, share served after) of the village with the lowest share; ties by id. None without inhabited villages."""
    rows = table(plan, "villages")
    rows = rows[rows["people"] > 0] if not rows.empty else rows
    if rows.empty:
        return None
    share = (rows["served_after"] / rows["people"]).rename("share").astype(float)
    first = rows.assign(share=share.round(6)).sort_values(["share", "village_id"], kind="stable").iloc[0]
    return str(first["village"]), float(first["share"])


def proof_words(proof: Proof, lang: str) -> str:
    """What is known of a choice: proven optimal only when it is, else its gap and bound, else that none is known."""
    if proof.proven:
        return word("proof_proven", lang)
    if proof.bound is None or proof.gap is None:
        return word("proof_none", lang)
    said = word("proof_gap", lang, gap=number(abs(proof.gap) * 100, lang), bound=number(proof.bound, lang),
                unit=unit_word(proof.unit, lang))
    return f"{said} {word('proof_stopped', lang, why=value_word(proof.stopped_by, lang))}"
