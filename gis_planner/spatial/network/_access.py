"""How places join the roads: legs to the nearest points of nearby links, which are split there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planner.spatial.network._noding import Coordinates
from gis_planner.spatial.network.graph import Graph
from gis_planner.spatial.network.off_road import LegTimes, OffRoad

MOST_LEGS: Final = 6
FARTHER: Final = 2.0
MARGIN_M: Final = 200.0


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs between places and links: place, link, metres along the link, and the straight length of the leg."""

    place: NDArray[np.int64]
    link: NDArray[np.int64]
    along_m: NDArray[np.float64]
    point_m: Coordinates
    length_m: NDArray[np.float64]


def legs_to_roads(graph: Graph, xy_m: Coordinates) -> Legs:
    """Legs from each place to the nearest point of every open link at most twice as far as the nearest, plus 200 m.

    At most six legs a place, nearest first (ties: lower link).
    """
    is_open = np.flatnonzero(np.isfinite(np.minimum(graph.forth_s, graph.back_s)))
    shapes = np.array([shapely.LineString(graph.lines[i]) for i in is_open], object)
    points = np.asarray(shapely.points(xy_m))
    if not len(shapes) or not len(points):
        nothing = np.zeros(0, np.int64)
        return Legs(nothing, nothing, np.zeros(0), np.zeros((0, 2)), np.zeros(0))
    tree = shapely.STRtree(shapes)
    (asked, _), nearest_m = tree.query_nearest(points, return_distance=True, all_matches=False)
    radius = np.zeros(len(points))
    radius[asked] = nearest_m * FARTHER + MARGIN_M
    place, near = tree.query(points, predicate="dwithin", distance=radius)
    distance = np.asarray(shapely.distance(points[place], shapes[near]))
    order = np.lexsort((near, distance, place))
    place, near, distance = place[order], near[order], distance[order]
    start = np.searchsorted(place, np.arange(len(points)))
    keep = np.arange(len(place)) - start[place] < MOST_LEGS
    place, near, distance = place[keep], near[keep], distance[keep]
    along = np.asarray(shapely.line_locate_point(shapes[near], points[place]))
    at = shapely.get_coordinates(shapely.line_interpolate_point(shapes[near], along))
    return Legs(place.astype(np.int64), is_open[near], along, at, distance)


@dataclass(frozen=True, slots=True)
class Joined:
    """The graph with places: nodes first those of the roads, then one per leg's end, then one per place.

    tail, head, seconds, metres: directed arcs. link, from_m, to_m: the piece of which link an arc covers (-1: a leg).
    """

    nodes: int
    first_place: int
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]
    link: NDArray[np.int64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]


def leg_times(legs: Legs, xy_m: Coordinates, off_road: OffRoad) -> LegTimes:
    """Times and lengths of every leg, out to the road and back."""
    found = LegTimes(*(np.full(len(legs.place), np.inf) for _ in range(4)))
    for place in np.unique(legs.place).tolist():
        mine = legs.place == place
        part = off_road.legs(xy_m[place], legs.point_m[mine])
        found.out_s[mine], found.out_m[mine] = part.out_s, part.out_m
        found.back_s[mine], found.back_m[mine] = part.back_s, part.back_m
    return found


def join(graph: Graph, legs: Legs, places: int, times: LegTimes) -> Joined:
    """Split links where legs meet them and add the legs; legs that take for ever are left out."""
    roads, stops = len(graph.nodes_m), len(legs.place)
    all_links = np.arange(len(graph.tail))
    link = np.concatenate([all_links, legs.link, all_links])
    held = np.clip(legs.along_m, 0.0, graph.length_m[legs.link])
    along = np.concatenate([np.zeros(len(all_links)), held, graph.length_m])
    node = np.concatenate([graph.tail, roads + np.arange(stops), graph.head])
    rank = np.concatenate([np.zeros(len(all_links)), np.ones(stops), np.full(len(all_links), 2.0)])
    order = np.lexsort((rank, along, link))
    link, along, node = link[order], along[order], node[order]
    follows = link[1:] == link[:-1]
    a, b, piece = node[:-1][follows], node[1:][follows], link[:-1][follows]
    from_m, to_m = along[:-1][follows], along[1:][follows]
    share = (to_m - from_m) / graph.length_m[piece]
    with np.errstate(invalid="ignore"):
        forth = np.where(share > 0, graph.forth_s[piece] * share, 0.0)
        back = np.where(share > 0, graph.back_s[piece] * share, 0.0)
    first_place = roads + stops
    ends, homes = roads + np.arange(stops), first_place + legs.place
    tail, head = np.concatenate([a, b, homes, ends]), np.concatenate([b, a, ends, homes])
    seconds = np.concatenate([forth, back, times.out_s, times.back_s])
    metres = np.concatenate([to_m - from_m, to_m - from_m, times.out_m, times.back_m])
    no_link = np.full(2 * stops, -1)
    pieces = np.concatenate([piece, piece, no_link])
    starts = np.concatenate([from_m, to_m, np.zeros(2 * stops)])
    finishes = np.concatenate([to_m, from_m, np.zeros(2 * stops)])
    kept = np.isfinite(seconds)
    return Joined(first_place + places, first_place, tail[kept], head[kept], seconds[kept], metres[kept], pieces[kept],
                  starts[kept], finishes[kept])
