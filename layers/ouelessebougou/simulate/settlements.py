"""Communes, villages, camps, hamlets and households, and the population raster that is the sum of the households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from layers.ouelessebougou.simulate.place import Floats, Grid, facts, grid, random, to_degrees, to_metres, town_xy
from layers.ouelessebougou.simulate.terrain import frame_metres

POPULATION_M = 100.0
SPACING_M, FARTHEST_M, TOWN_M = 4200.0, 31_000.0, 2700.0
MEAN_HOUSEHOLD = 8.6


@dataclass(frozen=True)
class Settlement:
    """A village or camp: row of the villages layer, centre and houses in metres, people of each house, hamlets."""

    row: dict[str, Any]
    centre: Floats
    houses: Floats
    people: np.ndarray
    hamlets: Floats

    @property
    def id(self) -> str:
        """Id that every layer shares."""
        return str(self.row["village_id"])


class Waters:
    """Distance to the nearest stream."""

    def __init__(self, streams: list[dict[str, Any]]) -> None:
        self.lines = [LineString(to_metres(row["coordinates"][:, 0], row["coordinates"][:, 1])) for row in streams]
        self.tree = shapely.STRtree(self.lines)

    def distance_m(self, xy_m: Floats) -> Floats:
        """Metres from each of (n, 2) points."""
        points = shapely.points(np.atleast_2d(xy_m))
        near = self.tree.nearest(points)
        return np.asarray(shapely.distance(points, np.asarray(self.lines, dtype=object)[near]))


def commune_shapes() -> dict[str, Polygon]:
    """Simulated communes in metres by id: one round the town of the published size, four around it to the frame."""
    draw = random("communes")
    centre = np.asarray(town_xy())
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wave = np.zeros(len(angle))
    for lobes in (2, 3, 5, 8):
        wave += draw.uniform(0.02, 0.09) * np.cos(lobes * angle + draw.uniform(0, 2 * np.pi))
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * (1 + wave)[:, None]
    radius = float(np.sqrt(facts()["control"]["commune_km2"] * 1e6 / Polygon(ring).area))
    middle = Polygon(centre + ring * radius)
    window = box(*frame_metres())
    rest = window.difference(middle)
    shapes: dict[str, BaseGeometry] = {}
    sides = {"north": (45, 135), "west": (135, 225), "south": (225, 315), "east": (315, 405)}
    for commune in facts()["commune"]:
        if commune["side"] == "centre":
            shapes[commune["id"]] = middle.intersection(window)
            continue
        low, high = np.radians(sides[commune["side"]])
        fan = centre + 1e5 * np.column_stack([np.cos(np.linspace(low, high, 9)), np.sin(np.linspace(low, high, 9))])
        shapes[commune["id"]] = rest.intersection(Polygon([centre, *fan]))
    for commune_id, shape in shapes.items():
        if isinstance(shape, MultiPolygon):
            shapes[commune_id] = max(shape.geoms, key=lambda part: part.area)
    return shapes  # type: ignore[return-value]


def _centre(village: dict[str, Any], shape: BaseGeometry, waters: Waters, others: Floats,
            draw: np.random.Generator) -> Floats:
    town = np.asarray(town_xy())
    left, bottom, right, top = frame_metres() + np.array([2500, 2500, -2500, -2500])
    for _ in range(20_000):
        if "km_from_town" in village:
            bearing = np.radians(village["bearing_degrees"] + draw.uniform(-12, 12))
            xy = town + 1000 * village["km_from_town"] * np.array([np.sin(bearing), np.cos(bearing)])
            xy[0] = max(xy[0], left)
        else:
            xy = np.array([draw.uniform(left, right), draw.uniform(bottom, top)])
            if not TOWN_M * 1.8 < np.hypot(*(xy - town)) < FARTHEST_M or not shape.contains(shapely.Point(xy)):
                continue
        if len(others) and np.hypot(*(others - xy).T).min() < (SPACING_M if "km_from_town" not in village else 2500):
            continue
        if 330 < waters.distance_m(xy)[0] < 1500:
            return np.asarray(xy)
    raise RuntimeError(f"no room for {village['name']}")


def _populations(draw: np.random.Generator) -> list[int]:
    control = facts()["control"]
    given = [village.get("people", 0) for village in facts()["village"]]
    free = [number for number, people in enumerate(given) if not people]
    people = np.array(given, dtype=float)
    people[free] = draw.triangular(control["least"], 830, control["most"], len(free))
    for _ in range(60):
        people[free] *= (control["people"] - people.sum() + people[free].sum()) / people[free].sum()
        people = np.clip(people, control["least"] + 5, control["most"] - 5)
    out = np.round(people).astype(int)
    out[free[0]] += control["people"] - out.sum()
    return [int(value) for value in out]


def _sizes(people: int, mean: float, draw: np.random.Generator) -> np.ndarray:
    sizes: list[int] = []
    while sum(sizes) < people:
        size = 1 + int(draw.negative_binomial(4, 4 / (4 + mean - 1)))
        sizes.append(min(size, 30, people - sum(sizes)))
    return np.array(sizes)


def _houses(centre: Floats, people: np.ndarray, hamlets: Floats, waters: Waters,
            draw: np.random.Generator) -> Floats:
    spread = 5.5 * np.sqrt(people.sum())
    out = np.zeros((len(people), 2))
    for number in range(len(people)):
        while True:
            away = len(hamlets) > 0 and draw.random() < 0.2
            base = hamlets[draw.integers(len(hamlets))] if away else centre
            xy = base + draw.standard_normal(2) * (55 if away else spread)
            if waters.distance_m(xy)[0] > 80:
                out[number] = xy
                break
    return out


def _hamlets(centre: Floats, count: int, waters: Waters, draw: np.random.Generator) -> Floats:
    out: list[Floats] = []
    while len(out) < count:
        bearing, far = draw.uniform(0, 2 * np.pi), draw.uniform(700, 1900)
        xy = centre + far * np.array([np.cos(bearing), np.sin(bearing)])
        if waters.distance_m(xy)[0] > 200:
            out.append(xy)
    return np.array(out).reshape(-1, 2)


def settlements(waters: Waters) -> list[Settlement]:
    """The villages and the two camps, with their households."""
    draw = random("villages")
    shapes = commune_shapes()
    names = {commune["id"]: commune["name"] for commune in facts()["commune"]}
    villages = facts()["village"]
    centres = np.zeros((0, 2))
    placed: dict[str, Floats] = {}
    for village in sorted(villages, key=lambda item: ("km_from_town" not in item, item["id"])):
        placed[village["id"]] = _centre(village, shapes[village["commune_id"]], waters, centres, draw)
        centres = np.vstack([centres, placed[village["id"]]])
    near = sorted((v["id"] for v in villages if v["commune_id"] == "SIM-C1"),
                  key=lambda item: float(np.hypot(*(placed[item] - np.asarray(town_xy())))))
    control = set(near[: facts()["control"]["mosquito_control_villages"]])
    out = []
    for village, people in zip(villages, _populations(draw), strict=True):
        row = {"village_id": village["id"], "name": village["name"], "commune": names[village["commune_id"]],
               "population": people, "kind": "village", "mosquito_control": village["id"] in control}
        out.append(_settle(row, placed[village["id"]], int(draw.integers(0, 4)), MEAN_HOUSEHOLD, waters))
    host = placed[next(v["id"] for v in villages if v["name"] == "Sounsounkoro")]
    for number, (people, far, bearing) in enumerate(((82, 1300, 0.9), (58, 2300, 2.6)), start=1):
        xy = host + far * np.array([np.cos(bearing), np.sin(bearing)])
        while waters.distance_m(xy)[0] < 250:
            bearing += 0.2
            xy = host + far * np.array([np.cos(bearing), np.sin(bearing)])
        row = {"village_id": f"CP{number:02d}", "name": f"Camp {number}, Sounsounkoro", "commune": names["SIM-C1"],
               "population": people, "kind": "camp", "mosquito_control": False}
        out.append(_settle(row, xy, 0, 6.0, waters))
    return out


def _settle(row: dict[str, Any], centre: Floats, hamlets: int, mean: float, waters: Waters) -> Settlement:
    draw = random(f"households {row['village_id']}")
    people = _sizes(row["population"], mean, draw)
    places = _hamlets(centre, hamlets, waters, draw)
    houses = _houses(centre, people, places, waters, draw)
    longitude, latitude = to_degrees(centre)[0]
    return Settlement({**row, "longitude": longitude, "latitude": latitude}, centre, houses, people, places)


def household_rows(places: list[Settlement]) -> list[dict[str, Any]]:
    """The register: one row per household."""
    rows = []
    for place in places:
        degrees = to_degrees(place.houses)
        rows += [
            {"household_id": f"{place.id}-H{number:03d}", "village_id": place.id, "people": int(people),
             "longitude": where[0], "latitude": where[1]}
            for number, (people, where) in enumerate(zip(place.people, degrees, strict=True), start=1)
        ]
    return rows


def population_raster(places: list[Settlement]) -> tuple[Grid, np.ndarray]:
    """People per cell of 100 m: the sum of the households in it."""
    cells = grid(POPULATION_M)
    values = np.zeros((cells.rows, cells.columns), dtype=np.int64)
    for place in places:
        degrees = to_degrees(place.houses)
        row, column = cells.cell(to_metres(degrees[:, 0], degrees[:, 1]))
        np.add.at(values, (row, column), place.people)
    return cells, values


def commune_rows() -> list[dict[str, Any]]:
    """The simulated communes with their published names."""
    shapes = commune_shapes()
    return [{"commune_id": item["id"], "name": item["name"],
             "rings": [to_degrees(np.asarray(shapes[item["id"]].exterior.coords))]}
            for item in facts()["commune"]]
