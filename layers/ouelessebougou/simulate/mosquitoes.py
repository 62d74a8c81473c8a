"""A rainy season of fortnightly visits to larval habitats around the villages with mosquito control."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from layers.ouelessebougou.simulate.place import Floats, facts, random, to_degrees
from layers.ouelessebougou.simulate.settlements import Settlement, Waters

SITES_PER_VILLAGE = 15
ROUNDS = 11
MISSED = 0.05
FIRST_DAY = (6, 2)

# Habitat: near a stream?, share among its kind, area when full (m2), wetness below which it is dry (0-1), larvae a dip.
HABITATS: dict[str, tuple[bool, float, float, float, float]] = {
    "rice_field": (True, 0.30, 3000, 0.30, 1.6), "pond": (True, 0.20, 900, 0.05, 0.9),
    "swamp": (True, 0.20, 2200, 0.18, 0.7), "stream_edge": (True, 0.30, 350, 0.10, 0.6),
    "puddle": (False, 0.26, 12, 0.45, 2.6), "hoof_print": (False, 0.14, 2, 0.52, 3.2),
    "borrow_pit": (False, 0.16, 160, 0.22, 2.2), "tyre_track": (False, 0.14, 6, 0.50, 2.4),
    "drain": (False, 0.08, 25, 0.30, 0.8), "well_or_pit": (False, 0.08, 4, 0.10, 0.3),
    "garden": (False, 0.10, 8, 0.12, 0.9), "container": (False, 0.04, 1, 0.35, 0.2),
}


def _wetness(day: datetime.date) -> float:
    """How wet the ground is, 0 to 1: the rain of the month before the day, half of that of the month before it."""
    rain = facts()["rain"]["mm"]
    at = (day.timetuple().tm_yday - 15) / 30.4
    months = np.arange(-2, 14)
    series = np.array([rain[month % 12] for month in months], dtype=float)
    now, before = np.interp([at - 0.35, at - 1.2], months, series)
    return float(min(1.0, (now + 0.5 * before) / 430))


def _sites(places: list[Settlement], waters: Waters) -> list[tuple[str, Floats]]:
    draw = random("larval habitats")
    wet = [name for name, values in HABITATS.items() if values[0]]
    dry = [name for name in HABITATS if name not in wet]
    out: list[tuple[str, Floats]] = []
    for place in places:
        if not place.row["mosquito_control"]:
            continue
        made = 0
        while made < SITES_PER_VILLAGE:
            bearing, far = draw.uniform(0, 2 * np.pi), 60 + 1850 * draw.random() ** 1.3
            xy = place.centre + far * np.array([np.cos(bearing), np.sin(bearing)])
            from_stream = waters.distance_m(xy)[0]
            by_water = made % 5 in (1, 3)
            if (from_stream < 170) != by_water or (not by_water and far > 900) or from_stream < 5:
                continue
            names = wet if by_water else dry
            chance = np.array([HABITATS[name][1] for name in names])
            out.append((str(draw.choice(names, p=chance / chance.sum())), xy))
            made += 1
    return out


def visits(places: list[Settlement], waters: Waters) -> list[dict[str, Any]]:
    """One row per visit; a dry habitat has area, dips and larvae of 0, and a few visits were missed."""
    draw = random("visits")
    first = datetime.date(facts()["season_year"], *FIRST_DAY)
    rows = []
    for number, (habitat, xy) in enumerate(_sites(places, waters)):
        _, _, full_m2, threshold, density = HABITATS[habitat]
        size = float(draw.lognormal(0, 0.5))
        productive = float(draw.lognormal(-0.5, 1.0))
        longitude, latitude = to_degrees(xy)[0]
        for turn in range(ROUNDS):
            day = first + datetime.timedelta(days=14 * turn + number // SITES_PER_VILLAGE)
            missed = draw.random() < MISSED
            wet = _wetness(day) + draw.normal(0, 0.17)
            luck = draw.random(3)
            if missed:
                continue
            area_m2 = 0.0 if wet < threshold else full_m2 * size * (0.25 + 0.75 * min(1, (wet - threshold) / 0.4))
            dips = 0 if area_m2 == 0 else int(np.clip(5 * round(1 + area_m2**0.35), 5, 30))
            larvae = 0
            if dips and luck[0] > 0.25:
                mean = dips * density * productive * (0.4 + 0.8 * _wetness(day))
                larvae = int(draw.negative_binomial(0.8, 0.8 / (0.8 + mean)))
            accuracy = round(3 + 6 * float(luck[1]) + (25 if luck[2] < 0.03 else 0), 1)
            rows.append({
                "site_id": f"BS{number + 1:03d}", "survey_date": day.isoformat(), "habitat_type": habitat,
                "dips": dips, "larvae": larvae, "area_m2": round(area_m2, 1), "accuracy_m": accuracy,
                "longitude": longitude, "latitude": latitude,
            })
    return rows
