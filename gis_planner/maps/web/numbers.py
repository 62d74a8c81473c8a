"""Values as a person reads them, in English or French: grouped digits, dates, words of a vocabulary."""

from __future__ import annotations

import datetime as dt
import math
from numbers import Real
from typing import Any

from gis_planner.maps import safe
from gis_planner.maps.words import unit_word, value_word, word
from gis_planner.tables.column import Column

_SHARES = frozenset({"success_probability", "wet_share", "success_low", "success_high", "top_share", "chosen_share",
                     "share", "worst_village_share", "central_weight"})


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: None, nan, NaT, NA."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in {"NaT", "<NA>"}


def number(value: float, lang: str, decimals: int | None = None) -> str:
    """`value` with grouped digits; without `decimals`, whole from 100 on, else at most one or two as needed."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞" if value < 0 else ""
    if decimals is None:
        decimals = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 10 else 2
    out = f"{value:,.{decimals}f}"
    if "." in out and decimals:
        out = out.rstrip("0").rstrip(".")
    out = "0" if out == "-0" else out
    if lang == "fr":
        out = out.replace(",", "\u202f").replace(".", ",")
    return out.replace("-", "\u2212", 1) if out.startswith("-") else out


def signed(value: float, lang: str) -> str:
    """A difference with its sign; none is the word for equal."""
    if round(value, 1) == 0:
        return word("equal", lang)
    return ("+" if value > 0 else "") + number(value, lang, 0 if abs(value) >= 10 else None)


def with_unit(value: float, unit: str, lang: str) -> str:
    """A value and its unit; money is whole."""
    shown = number(value, lang, 0 if unit == "FCFA" else None)
    return f"{shown}\u00a0{unit_word(unit, lang)}" if unit else shown


def plain(value: Any, lang: str, column: Column | None = None) -> str:
    """One cell as text: numbers grouped, shares in percent, flags and vocabulary in words, the rest verbatim."""
    if is_missing(value):
        return ""
    if isinstance(value, bool) or str(type(value).__name__) in {"bool_", "bool"}:
        return word("yes" if value else "no", lang)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, Real):
        if column is not None and column.name in _SHARES:
            return f"{number(100 * float(value), lang, 0)}\u00a0%"
        if column is not None and column.name in {"latitude", "longitude"}:
            shown = f"{float(value):.5f}"
            return shown.replace(".", ",") if lang == "fr" else shown
        if column is not None and column.unit == "kg" and 0 < abs(float(value)) < 0.01:
            return number(float(f"{float(value):.2g}"), lang, 7)
        if column is not None and (column.kind == "id" or column.unit == "year"):
            return str(int(float(value))) if float(value).is_integer() else str(value)
        return number(float(value), lang)
    shown = safe.text(value)
    if column is not None and column.name.endswith("_unit"):
        return unit_word(shown, lang)
    return value_word(shown, lang) if column is None or column.kind in {"category", "text"} else shown
