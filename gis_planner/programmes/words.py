"""Figures in words, the same way in every programme."""

from __future__ import annotations

import math


def whole(number: float, lang: str = "en") -> str:
    """A number without decimals, thousands apart: 1,250,000 in English, 1 250 000 in French."""
    text = f"{round(number):,}"
    return text.replace(",", "\u202f") if lang == "fr" else text


def count(number: float, one: str, many: str, lang: str = "en") -> str:
    """A number with its noun: 1 cabin, 12 cabins."""
    return f"{whole(number, lang)} {one if round(number) == 1 else many}"


def metres(distance_m: float) -> str:
    """A distance as people say it: 40 m, 850 m, 2.3 km."""
    if math.isnan(distance_m):
        return "?"
    return f"{round(distance_m / 10) * 10:.0f} m" if distance_m < 1000 else f"{distance_m / 1000:.1f} km"


def metres_fr(distance_m: float) -> str:
    """The same with the French decimal comma."""
    return metres(distance_m).replace(".", ",")


def percent(share: float) -> str:
    """A share of 1 in per cent: 62 %."""
    return f"{round(share * 100)} %"
