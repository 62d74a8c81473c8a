"""Water points and drilling outcomes: some villages well served, some with everything broken, one or two queuing."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.ouelessebougou.simulate.place import Floats, grid, random, to_degrees, town_xy
from layers.ouelessebougou.simulate.settlements import Settlement, Waters
from layers.ouelessebougou.simulate.terrain import noise

PUMP, TAP, PROTECTED, OPEN = "borehole_handpump", "borehole_tap", "protected_well", "open_well"
MEDIAN_LEVEL_M = 8.5
DRILLED, SUCCEEDED = 90, 54
CLASSES = ("weathered laterite over granite", "fractured schist", "fractured granite", "alluvium")

# What a village has: technology, status ("?" is drawn), place (in the village, at its edge, far, in a hamlet).
PROFILES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "served": ((PUMP, "working", "in"), (PUMP, "working", "in"), (PUMP, "?", "edge"), (OPEN, "?", "in"),
               (OPEN, "working", "hamlet")),
    "mixed": ((PUMP, "working", "in"), (PUMP, "?", "edge"), (PROTECTED, "?", "in"), (OPEN, "?", "far"),
              (OPEN, "working", "hamlet")),
    "broken": ((PUMP, "not_working", "in"), (PUMP, "not_working", "edge"), (PROTECTED, "not_working", "in"),
               (OPEN, "working", "far"), (OPEN, "working", "far")),
    "queue": ((PUMP, "working", "in"), (OPEN, "?", "far"), (OPEN, "working", "hamlet")),
    "seasonal": ((PUMP, "unknown", "edge"), (OPEN, "working", "in"), (OPEN, "working", "edge"),
                 (OPEN, "?", "far"), (PROTECTED, "?", "edge")),
    "tap": ((TAP, "working", "in"), (TAP, "working", "edge"), (PUMP, "?", "edge"), (OPEN, "?", "far")),
}
BROKEN_OF_DRAWN, UNKNOWN_OF_DRAWN = 0.42, 0.26
SEASONAL_OPEN = 0.62


def _profiles(villages: list[Settlement]) -> dict[str, str]:
    draw = random("water profiles")
    order = sorted(villages, key=lambda place: (-place.row["population"], place.id))
    out = {place.id: "queue" for place in order[:2]}
    rest = [place.id for place in order[2:]]
    words = ["served"] * 6 + ["mixed"] * 8 + ["broken"] * 3 + ["seasonal"] * 4 + ["tap"] * 2
    for village_id, word in zip(rest, draw.permutation(words), strict=True):
        out[village_id] = str(word)
    return out


def _place(where: str, home: Settlement, waters: Waters, draw: np.random.Generator) -> Floats:
    while True:
        bearing = draw.uniform(0, 2 * np.pi)
        turn = np.array([np.cos(bearing), np.sin(bearing)])
        if where == "in":
            xy = home.houses[draw.integers(len(home.houses))] + turn * draw.uniform(10, 45)
            if np.hypot(*(xy - home.centre)) > 260:
                continue
        elif where == "hamlet" and len(home.hamlets):
            xy = home.hamlets[draw.integers(len(home.hamlets))] + turn * draw.uniform(15, 80)
        else:
            far = {"edge": (230, 420), "far": (600, 1300), "hamlet": (300, 700)}[where]
            xy = home.centre + turn * draw.uniform(*far)
        if waters.distance_m(xy)[0] > (15 if where == "far" else 45):
            return np.asarray(xy)


def water_points(places: list[Settlement], waters: Waters) -> list[dict[str, Any]]:
    """The water points of the villages; the camps have none."""
    draw = random("water points")
    villages = [place for place in places if place.row["kind"] == "village"]
    profile = _profiles(villages)
    rows: list[dict[str, Any]] = []
    for home in villages:
        for technology, status, where in PROFILES[profile[home.id]]:
            luck = draw.random()
            if status == "?":
                status = ("not_working" if luck < BROKEN_OF_DRAWN else
                          "unknown" if luck < BROKEN_OF_DRAWN + UNKNOWN_OF_DRAWN else "working")
            longitude, latitude = to_degrees(_place(where, home, waters, draw))[0]
            rows.append({
                "technology": technology, "status": status, "seasonal": _seasonal(technology, draw),
                "install_year": int(draw.integers(1988, 2010) if status == "not_working" else
                                    draw.integers(1994, 2025)),
                "yield_l_min": _yield(technology, draw), "level": float(draw.lognormal(0, 0.36)),
                "measured": bool(draw.random() < 0.78), "village_id": home.id, "longitude": longitude,
                "latitude": latitude, "name": None,
            })
    scale = MEDIAN_LEVEL_M / np.median([row["level"] for row in rows if row["measured"]])
    for number, row in enumerate(rows, start=1):
        row["water_point_id"] = f"WP{number:03d}"
        level, measured = row.pop("level"), row.pop("measured")
        row["static_water_level_m"] = round(float(level * scale), 1) if measured else None
    return rows


def _seasonal(technology: str, draw: np.random.Generator) -> bool:
    luck = draw.random()
    return bool(luck < SEASONAL_OPEN) if technology == OPEN else bool(technology == PROTECTED and luck < 0.1)


def _yield(technology: str, draw: np.random.Generator) -> float | None:
    low, high = {PUMP: (8, 19), TAP: (12, 30), PROTECTED: (8, 14), OPEN: (6, 14)}[technology]
    value = round(float(draw.uniform(low, high)), 1)
    return value if draw.random() < 0.6 else None


def drillings(places: list[Settlement]) -> list[dict[str, Any]]:
    """Holes drilled near villages and the town; success is clustered in the ground, 54 of 90."""
    draw = random("drillings")
    cells = grid(600.0)
    ground = noise((cells.rows, cells.columns), (9, 4), (1.0, 0.5), "aquifer")
    classes = noise((cells.rows, cells.columns), (14,), (1.0,), "geology")
    homes = [place.centre for place in places if place.row["kind"] == "village"] + [np.asarray(town_xy())]
    xy = np.array([homes[number % len(homes)] + draw.standard_normal(2) * 700 for number in range(DRILLED)])
    row, column = cells.cell(xy)
    luck = ground[row, column] + 0.45 * draw.standard_normal(DRILLED)
    won = np.zeros(DRILLED, dtype=bool)
    won[np.argsort(-luck, kind="stable")[:SUCCEEDED]] = True
    which = np.clip(np.digitize(classes[row, column], [-0.7, 0.4, 1.4]), 0, 3)
    out = []
    for number in range(DRILLED):
        longitude, latitude = to_degrees(xy[number])[0]
        year, month, day = draw.integers(2004, 2025), draw.integers(1, 7), draw.integers(1, 29)
        level = round(float(MEDIAN_LEVEL_M * draw.lognormal(0, 0.3)), 1)
        depth = round(float(draw.uniform(38, 72) if won[number] else draw.uniform(55, 95)), 1)
        out.append({
            "drilling_id": f"DR{number + 1:03d}", "date": f"{year}-{month:02d}-{day:02d}", "success": bool(won[number]),
            "depth_m": depth, "static_water_level_m": level if won[number] else None,
            "hydrogeological_class": CLASSES[int(which[number])], "longitude": longitude, "latitude": latitude,
        })
    return out
