"""Roads and tracks: a paved road to the town, tracks that link every village, paths to hamlets and camps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist
from shapely.geometry import LineString, MultiLineString
from shapely.ops import substring

from layers.ouelessebougou.simulate.place import Floats, random, to_degrees, to_metres, town_xy
from layers.ouelessebougou.simulate.settlements import Settlement, Waters

ROAD_NORTH, ROAD_SOUTH = (-8.02, 12.276), (-7.70, 11.684)
"""Where the paved road meets the frame (longitude, latitude): simulated, towards Bamako and towards Bougouni."""
SPEED_KMH = {"trunk": 80.0, "tertiary": 40.0, "track": 25.0, "path": 12.0}
BRIDGE_CHANCE = {"trunk": 1.0, "tertiary": 0.8, "track": 0.25, "path": 0.0}
CROSSING_M = 45.0
FORD_CHANCE = 0.72
"""Chance that vehicles ford a seasonal stream without a bridge, in the rains."""
CLAY_SHARE = 0.06
"""Share of tracks and paths on clay, which vehicles cannot pass in the rains."""


@dataclass(frozen=True)
class Stretch:
    """A stretch with one set of properties, in metres."""

    line: LineString
    highway: str
    bridge: bool
    passable: bool


def _bent(start: Floats, end: Floats, draw: np.random.Generator, bend: float) -> Floats:
    """A line from start to end that wanders sideways by up to about `bend` of its length."""
    way = end - start
    length = float(np.hypot(*way))
    steps = max(4, int(length / 350))
    share = np.linspace(0, 1, steps + 1)
    side = np.zeros(steps + 1)
    for wave in (1, 2, 3, 5):
        side += draw.normal(0, 1 / wave**1.3) * np.sin(np.pi * wave * share)
    across = np.array([-way[1], way[0]]) / max(length, 1.0)
    line = start + share[:, None] * way + (bend * length * side)[:, None] * across
    line[0], line[-1] = start, end
    return line


def _plan(places: list[Settlement], draw: np.random.Generator) -> list[tuple[str, Floats]]:
    """Class and course of each way between junctions, in metres."""
    town = np.asarray(town_xy())
    north, south = to_metres(*ROAD_NORTH)[0], to_metres(*ROAD_SOUTH)[0]
    paved = np.vstack([_bent(north, town, draw, 0.045), _bent(town, south, draw, 0.045)[1:]])
    villages = [place for place in places if place.row["kind"] == "village"]
    centres = np.array([place.centre for place in villages])
    joints = np.unique(np.append(np.arange(0, len(paved), 14), int(np.argmin(np.hypot(*(paved - town).T)))))
    nodes = np.vstack([centres, paved[joints]])
    count = len(centres)
    far = cdist(nodes, nodes)
    free = far.copy()
    free[count:, count:] = 1e-6
    tree = minimum_spanning_tree(np.triu(free, 1)).tocoo()
    pairs = {(int(min(a, b)), int(max(a, b))) for a, b in zip(tree.row, tree.col, strict=True) if min(a, b) < count}
    for village in range(count):
        for other in np.argsort(far[village], kind="stable")[1:4]:
            pair = (min(village, int(other)), max(village, int(other)))
            if far[pair] < 13_000 and draw.random() < 0.6:
                pairs.add(pair)
        paved_node = count + int(np.argmin(far[village, count:]))
        if draw.random() < 0.3:
            pairs.add((village, paved_node))
    ways = [("trunk", paved)]
    for first, second in sorted(pairs):
        highway = "tertiary" if second >= count and draw.random() < 0.7 else "track"
        ways.append((highway, _bent(nodes[first], nodes[second], draw, 0.05)))
    host = next(place.centre for place in villages if place.row["name"] == "Sounsounkoro")
    for place in places:
        ends = place.hamlets if place.row["kind"] == "village" else place.centre.reshape(1, 2)
        start = place.centre if place.row["kind"] == "village" else host
        ways += [("path", _bent(start, end, draw, 0.06)) for end in ends]
    return ways


def _part(line: LineString, start_m: float, end_m: float) -> LineString:
    """The line between two distances along it; start_m < end_m."""
    return LineString(substring(line, start_m, end_m).coords)


def _stretches(highway: str, course: Floats, waters: Waters, seasonal: list[bool],
               draw: np.random.Generator) -> list[Stretch]:
    """The way cut at each stream: the crossing itself is a stretch of its own."""
    line = LineString(course)
    clay = highway in ("track", "path") and draw.random() < CLAY_SHARE
    cuts: list[tuple[float, bool]] = []
    for number in sorted(waters.tree.query(line, predicate="intersects").tolist()):
        met = line.intersection(waters.lines[number])
        points = [item for item in getattr(met, "geoms", [met]) if item.geom_type == "Point"]
        cuts += [(line.project(point), seasonal[number]) for point in points]
    cuts.sort()
    out, at = [], 0.0
    for where, dries in cuts:
        low, high = max(where - CROSSING_M, at), min(where + CROSSING_M, line.length)
        if high <= low:
            continue
        if low > at:
            out.append(Stretch(_part(line, at, low), highway, False, not clay))
        bridge = draw.random() < BRIDGE_CHANCE[highway]
        ford = dries and draw.random() < FORD_CHANCE
        out.append(Stretch(_part(line, low, high), highway, bridge, bool((bridge or ford) and not clay)))
        at = high
    if at < line.length:
        out.append(Stretch(_part(line, at, line.length), highway, False, not clay))
    return out


def roads(places: list[Settlement], waters: Waters, streams: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The connected network, a node wherever two ways meet or cross."""
    draw = random("roads")
    seasonal = [bool(row["seasonal"]) for row in streams]
    parts: list[Stretch] = []
    for highway, course in _plan(places, draw):
        parts += _stretches(highway, course, waters, seasonal, draw)
    noded = shapely.node(MultiLineString([part.line for part in parts]))
    tree = shapely.STRtree([part.line for part in parts])
    found: dict[int, list[tuple[float, LineString]]] = {}
    for piece in noded.geoms:
        middle = piece.interpolate(0.5, normalized=True)
        near = tree.query(middle, predicate="dwithin", distance=1e-3).tolist()
        parent = min(near) if near else int(tree.nearest(middle))
        found.setdefault(parent, []).append((parts[parent].line.project(middle), piece))
    rows: list[dict[str, Any]] = []
    for parent in sorted(found):
        for _, piece in sorted(found[parent], key=lambda item: item[0]):
            part = parts[parent]
            degrees = to_degrees(np.asarray(piece.coords))
            keep = np.append(True, np.any(np.diff(degrees, axis=0) != 0, axis=1))
            if keep.sum() < 2:
                continue
            rows.append({
                "road_id": f"RD{len(rows) + 1:04d}", "highway": part.highway,
                "surface": "paved" if part.highway == "trunk" else "unpaved", "speed_kmh": SPEED_KMH[part.highway],
                "bridge": part.bridge, "passable_rainy": part.passable, "coordinates": degrees[keep],
            })
    return rows
