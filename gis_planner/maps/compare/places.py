"""Village by village and place by place: who gains, who loses, what every scenario builds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gis_planner.maps.compare.measures import GONE, PROGRAMME_OF, Site, differences
from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.numbers import is_missing, number, signed
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import programme_word, value_word, word
from gis_planner.tables.plan import Plan

MOST_SITES = 400
MOST_VILLAGES = 1500


def _change(value: float, widest: float, style: Style, lang: str) -> Html:
    if abs(value) < GONE:
        return el("span", word("equal", lang), class_="quiet", data_v=0)
    size = round(48 * abs(value) / max(widest, 1), 1)
    colour = style.colours["gain"] if value > 0 else style.colours["loss"]
    drawn = el("svg", el("line", x1=50, x2=50, y1=0, y2=12, stroke=style.colours["ink"]),
               el("rect", x=50 if value > 0 else 50 - size, y=2, width=size, height=8, fill=colour),
               viewBox="0 0 100 12", width=100, height=12, aria_hidden="true")
    arrow = "▲" if value > 0 else "▼"
    return join(el("span", f"{arrow} {signed(round(value), lang)}", class_="up" if value > 0 else "down",
                   data_v=round(value, 1)), " ", drawn)


def villages_table(plans: Sequence[Plan], rows: pd.DataFrame, style: Style, lang: str) -> Html:
    """Served after in each plan by village, with the difference from the first drawn; the greatest loss comes first."""
    changes = [differences(rows, at) for at in range(len(plans))]
    least = pd.concat(changes, axis=1).min(axis=1) if len(plans) > 1 else pd.Series(0.0, index=rows.index)
    most = pd.concat(changes, axis=1).max(axis=1) if len(plans) > 1 else least
    order = pd.DataFrame({"least": least.round(3), "most": -most.round(3), "id": rows.index.astype(str)})
    order = order.sort_values(["least", "most", "id"], kind="stable").head(MOST_VILLAGES)
    widest = float(max(least.abs().max(), most.abs().max())) if len(rows) else 1.0
    heads = [Head("Village"), Head(word("people_total", lang), True), Head(plans[0].name, True)]
    heads += [head for plan in plans[1:] for head in (Head(plan.name, True), Head(f"± {plan.name}", True))]
    lines = []
    for village in order.index:
        row = rows.loc[village]
        cells: list[object] = [row["village"], number(float(row["people"]), lang, 0), _served(row[0], lang)]
        for at in range(1, len(plans)):
            cells += [_served(row[at], lang), _change(float(changes[at][village]), widest, style, lang)]
        still = all(abs(float(change[village])) < GONE for change in changes)
        lines.append(Line(cells, {"data_off": 1 if still else None}))
    return table_box(word("who_gains", lang), heads, lines, lang, chosen=True, chosen_words=word("only_changed", lang))


def _served(value: object, lang: str) -> str:
    return "" if is_missing(value) else number(float(str(value)), lang, 0)


def _what(site: Site, lang: str) -> str:
    programme = programme_word(PROGRAMME_OF[site.table], lang)
    return f"{programme}: {value_word(site.what, lang)}" if site.what and site.what != "nan" else programme


def no_regret(found: Sequence[Site], count: int, lang: str) -> Html:
    """The places that every scenario builds, by programme, with how many of all that is."""
    kept = [site for site in found if site.times == count]
    if not kept:
        return el("p", word("no_regret_none", lang))
    counts = [(name, [site for site in found if site.table == name]) for name in PROGRAMME_OF]
    said = word("no_regret_text", lang, counts=", ".join(
        f"{programme_word(PROGRAMME_OF[name], lang)} {sum(site.times == count for site in mine)}/{len(mine)}"
        for name, mine in counts if mine))
    heads = [Head(word("place", lang)), Head("Village"), Head(word("what_to_do", lang))]
    lines = [Line([site.id, site.village, _what(site, lang)], {}) for site in kept[:MOST_SITES]]
    return join(el("p", said), table_box(word("no_regret", lang), heads, lines, lang))


def built_table(plans: Sequence[Plan], found: Sequence[Site], lang: str) -> Html:
    """Each place that any plan builds against the scenarios, a dot where it is built."""
    heads = [Head(word("place", lang)), Head("Village"), Head(word("what_to_do", lang)),
             *(Head(plan.name) for plan in plans), Head(word("chosen_by", lang), True)]
    lines = []
    for site in found[:MOST_SITES]:
        marks = [el("span", "●" if by else "·", el("span", word("yes" if by else "no", lang), class_="sr")) for by in
                 site.by]
        lines.append(Line([site.id, site.village, _what(site, lang), *marks, f"{site.times}/{len(plans)}"], {}))
    more = el("p", word("rows_first", lang, n=MOST_SITES, all=len(found), table="wells"), class_="quiet")
    return join(more if len(found) > MOST_SITES else None, table_box(word("built_where", lang), heads, lines, lang))
