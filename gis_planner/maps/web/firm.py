"""How firm the chosen water points are, from the shares that the draws give; empty where a plan has no draws."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el
from gis_planner.maps.web.facts import chosen, table
from gis_planner.maps.web.numbers import is_missing, number
from gis_planner.maps.words import LANGUAGES, word
from gis_planner.tables.plan import Plan

FIRM = 0.8
"""A chosen place is called firm when it stays among the first in at least this share of draws."""
_SAID = ("firm_en", "firm_fr")
OPEN = 0.5
"""Below this share it is called open: as many draws leave it out as take it."""


def share_of(row: pd.Series) -> float | None:
    """The share of draws that keep an action: `chosen_share` when it was computed, else `top_share`; else None."""
    for name in ("chosen_share", "top_share"):
        if name in row and not is_missing(row[name]):
            return float(row[name])
    return None


def band(share: float) -> str:
    """`firm`, `likely` or `open`: the three bands of the map and the tables."""
    return "firm" if share >= FIRM else "likely" if share >= OPEN else "open"


def firm_counts(plan: Plan) -> dict[str, int]:
    """How many chosen water points stand in each band; empty when none has a share."""
    rows = chosen(table(plan, "wells"))
    shares = [share_of(row) for _, row in rows.iterrows()]
    known = [band(share) for share in shares if share is not None]
    return {name: known.count(name) for name in ("firm", "likely", "open")} if known else {}


def firm_words(plan: Plan, lang: str) -> str:
    """One sentence: how many of the chosen water points stay chosen in most draws; empty without draws."""
    counts = firm_counts(plan)
    if not counts:
        return ""
    return word("firm_text", lang, firm=counts["firm"], all=sum(counts.values()), open=counts["open"],
                high=number(100 * FIRM, lang, 0), low=number(100 * OPEN, lang, 0))


def with_firmness(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The chosen water points with `firm_en` and `firm_fr`, a sentence for their popup, unless they have it already.

    Unchanged without shares.
    """
    if set(_SAID) <= set(rows.columns) and rows[list(_SAID)].notna().any(axis=None):
        return rows
    shares = [share_of(row) for _, row in rows.iterrows()] if {"top_share", "chosen_share"} & set(rows.columns) else []
    if not any(share is not None for share in shares):
        return rows
    for lang in LANGUAGES:
        said = [_sentence(rows.iloc[at], share, len(rows), lang) for at, share in enumerate(shares)]
        rows = rows.assign(**{f"firm_{lang}": said})
    return rows


def _sentence(row: pd.Series, share: float | None, taken: int, lang: str) -> str:
    if share is None:
        return ""
    key = "firm_chosen" if "chosen_share" in row and not is_missing(row["chosen_share"]) else "firm_top"
    return f"{word(key, lang, share=number(100 * share, lang, 0), k=taken)} ({word('band_' + band(share), lang)})"


def firm_marks(plan: Plan) -> dict[str, str]:
    """`wells/<id>` of each chosen water point with its band, which the map draws as a frame."""
    rows = chosen(table(plan, "wells"))
    shares = [(str(row["action_id"]), share_of(row)) for _, row in rows.iterrows()]
    return {f"wells/{key}": band(share) for key, share in shares if share is not None}


def firm_legend(plan: Plan, lang: str) -> Html | None:
    """What the frames of water points on the map mean; None for a plan without draws."""
    if not firm_counts(plan):
        return None
    limits = {"high": number(100 * FIRM, lang, 0), "low": number(100 * OPEN, lang, 0)}
    return el("ul", [el("li", el("span", class_=f"frame {name}", aria_hidden="true"),
                        word(f"frame_{name}", lang, **limits)) for name in ("firm", "likely", "open")], class_="key")
