"""Times and distances between places, directed, over roads and off-road legs, with the way of each pair."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numba
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from gis_planner.problems import refused
from gis_planner.spatial.network._access import Joined, Legs, join, leg_times, legs_to_roads
from gis_planner.spatial.network._noding import Coordinates
from gis_planner.spatial.network.graph import Graph, places_xy
from gis_planner.spatial.network.off_road import OffRoad, OverGround, Straight

_REMEMBERED: Final = 64
_TOGETHER: Final = 64


@dataclass(frozen=True)
class _Arcs:
    """The quickest arc between each two nodes, by row: seconds as a sparse matrix, metres and arc number beside it."""

    seconds: csr_array
    metres: NDArray[np.float64]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, joined: Joined) -> _Arcs:
        """Arcs in order of tail and head; of parallel ones the quickest, then the shortest, then the first."""
        order = np.lexsort((joined.metres, joined.seconds, joined.head, joined.tail))
        tail, head = joined.tail[order], joined.head[order]
        first = np.ones(len(order), bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        kept = order[first]
        pointer = np.searchsorted(tail[first], np.arange(joined.nodes + 1)).astype(np.int32)
        shape = (joined.nodes, joined.nodes)
        seconds = csr_array((joined.seconds[kept], head[first].astype(np.int32), pointer), shape=shape)
        return cls(seconds, joined.metres[kept], kept)

    def between(self, a: int, b: int) -> int:
        """The number of the arc from node a to node b."""
        start, stop = self.seconds.indptr[a], self.seconds.indptr[a + 1]
        return int(self.number[start + np.searchsorted(self.seconds.indices[start:stop], b)])


@dataclass(frozen=True)
class Matrix:
    """Travel between places: duration_s and distance_m, (origins, destinations), inf where there is no way.

    Both diagonals are 0. direct marks pairs whose way is the straight line off the road. `path(i, j)` is a way as a
    line in `crs`; `paths` the ways of many pairs as a table.
    """

    crs: CRS
    xy_m: Coordinates
    duration_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    direct: NDArray[np.bool_]
    _graph: Graph = field(repr=False)
    _joined: Joined = field(repr=False)
    _arcs: _Arcs = field(repr=False)
    _legs: Legs = field(repr=False)
    _off_road: OffRoad = field(repr=False)
    _trees: OrderedDict[int, NDArray[np.int32]] = field(repr=False, default_factory=OrderedDict)

    def path(self, origin: int, destination: int) -> shapely.LineString | None:
        """The way from one place to another, in metres of `crs`; None where there is none or both are one spot."""
        if origin == destination or not np.isfinite(self.duration_s[origin, destination]):
            return None
        if self.direct[origin, destination]:
            line = self._off_road.line(self.xy_m[origin], self.xy_m[destination])
        else:
            nodes = self._nodes(origin, destination)
            line = np.concatenate([self._piece(a, b) for a, b in pairwise(nodes)])
        moved = np.concatenate([[True], np.any(np.diff(line, axis=0) != 0, axis=1)])
        return shapely.LineString(line[moved]) if moved.sum() > 1 else None

    def paths(self, pairs: Iterable[tuple[int, int]]) -> gpd.GeoDataFrame:
        """The ways of `pairs` that have one: origin, destination, duration_min, distance_m, geometry (in `crs`)."""
        drawn = [(i, j, self.path(i, j)) for i, j in pairs]
        kept = [(i, j, line) for i, j, line in drawn if line is not None]
        a, b = np.array([i for i, _, _ in kept], int), np.array([j for _, j, _ in kept], int)
        columns = {"origin": a, "destination": b, "duration_min": self.duration_s[a, b] / 60,
                   "distance_m": self.distance_m[a, b]}
        return gpd.GeoDataFrame(columns, geometry=[line for _, _, line in kept], crs=self.crs)

    def _nodes(self, origin: int, destination: int) -> list[int]:
        start = self._joined.first_place + origin
        if origin not in self._trees:
            self._trees[origin] = dijkstra(self._arcs.seconds, indices=start, return_predecessors=True)[1]
            while len(self._trees) > _REMEMBERED:
                self._trees.popitem(last=False)
        before, nodes = self._trees[origin], [self._joined.first_place + destination]
        while nodes[-1] != start:
            nodes.append(int(before[nodes[-1]]))
        return nodes[::-1]

    def _piece(self, a: int, b: int) -> Coordinates:
        """The vertices of one arc, in the direction of travel."""
        arc = self._arcs.between(a, b)
        link = self._joined.link[arc]
        if link < 0:
            return self._off_road.line(self._spot(a), self._spot(b))
        line = shapely.linestrings(self._graph.lines[link])
        return np.asarray(substring(line, self._joined.from_m[arc], self._joined.to_m[arc]).coords)

    def _spot(self, node: int) -> Coordinates:
        """Where the end of a leg is."""
        place, stop = node - self._joined.first_place, node - len(self._graph.nodes_m)
        return np.asarray(self.xy_m[place] if place >= 0 else self._legs.point_m[stop])


@numba.njit(cache=True)
def _metres_along(before, start, places, pointer, heads, metres):  # type: ignore[no-untyped-def]
    """Metres of the way in the tree `before` from node `start` to each of `places`; inf where there is none."""
    out = np.empty(places.shape[0])
    for p in range(places.shape[0]):
        node = places[p]
        out[p] = 0.0
        while node != start:
            last = before[node]
            if last < 0:
                out[p] = np.inf
                break
            for arc in range(pointer[last], pointer[last + 1]):
                if heads[arc] == node:
                    out[p] += metres[arc]
            node = last
    return out


def _all_ways(
    arcs: _Arcs, first_place: int, places: int, limit_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds and metres between all places, some origins at a time so that country-wide trees fit in memory."""
    seconds, metres = np.empty((places, places)), np.empty((places, places))
    stops = first_place + np.arange(places)
    for begin in range(0, places, _TOGETHER):
        some = stops[begin : begin + _TOGETHER]
        times, before = dijkstra(arcs.seconds, indices=some, return_predecessors=True, limit=limit_s)
        seconds[begin : begin + _TOGETHER] = times[:, first_place:]
        for row, start in enumerate(some):
            metres[begin + row] = _metres_along(
                before[row], start, stops, arcs.seconds.indptr, arcs.seconds.indices, arcs.metres)
    return seconds, metres


def _take_direct_ways(
    xy_m: Coordinates, off_road: OffRoad, direct_m: float, limit_s: float, seconds: NDArray[np.float64],
    metres: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Put the ways off the road of places at most `direct_m` apart into the matrices where quicker; which they are."""
    size = len(xy_m)
    direct = np.zeros((size, size), bool)
    for i in range(size):
        apart = np.hypot(xy_m[:, 0] - xy_m[i, 0], xy_m[:, 1] - xy_m[i, 1])
        near = np.flatnonzero((apart <= direct_m) & (np.arange(size) != i))
        if near.size:
            found = off_road.legs(xy_m[i], xy_m[near])
            quicker = (found.out_s < seconds[i, near]) & (found.out_s <= limit_s)
            taken = near[quicker]
            seconds[i, taken], metres[i, taken] = found.out_s[quicker], found.out_m[quicker]
            direct[i, taken] = True
    return direct


def matrix(
    graph: Graph, places: gpd.GeoDataFrame | ArrayLike, *, off_road_kmh: float | None = None,
    ground: OverGround | None = None, limit_min: float | None = None, direct_m: float = np.inf,
) -> Matrix:
    """Directed times and distances between `places` over the roads, with legs off the road at both ends.

    places: points in the graph's CRS, or (n, 2) metres. Off the road one goes straight at off_road_kmh, or over
    `ground` (an `OverGround`, with slopes and barriers); one of the two must be given. Legs go to the nearest points of
    the roads near a place, at most six; two places at most `direct_m` metres apart may also be joined off the road all
    the way, where that is quicker. limit_min: longer ways are not looked for.

    Raises `Refused` for places in another CRS or on a barrier of the ground, and for speeds that are not above 0.
    """
    if (off_road_kmh is None) == (ground is None):
        raise refused("off-road", field="off_road_kmh", found="neither or both of off_road_kmh and ground",
                      expected="one of the two", remedy="Give a walking speed, or the surface to walk over.")
    off_road: OffRoad = ground if ground is not None else Straight(float(off_road_kmh or 0))
    xy_m = places_xy(places, graph.crs)
    legs = legs_to_roads(graph, xy_m)
    limit_s = np.inf if limit_min is None else limit_min * 60.0
    joined = join(graph, legs, len(xy_m), leg_times(legs, xy_m, off_road))
    arcs = _Arcs.of(joined)
    seconds, metres = _all_ways(arcs, joined.first_place, len(xy_m), limit_s)
    direct = _take_direct_ways(xy_m, off_road, direct_m, limit_s, seconds, metres)
    return Matrix(graph.crs, xy_m, seconds, metres, direct, graph, joined, arcs, legs, off_road)
