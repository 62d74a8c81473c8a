"""Roads as a directed graph: nodes where roads meet, links with a time each way, and the pieces it falls into."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planner.problems import Finding, Severity, refused
from gis_planner.spatial.network._noding import Coordinates, node_lines
from gis_planner.spatial.network.roads import Season, link_speeds, listed, open_ways, single_lines

SNAP_M: Final = 1.0
METRES_PER_S: Final = 1 / 3.6


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes (n, 2) in metres and links: tail, head, length, seconds each way (inf: shut that way), line and road id."""

    crs: CRS
    nodes_m: Coordinates
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_m: NDArray[np.float64]
    forth_s: NDArray[np.float64]
    back_s: NDArray[np.float64]
    lines: list[Coordinates]
    road_id: NDArray[np.object_]

    @classmethod
    def from_roads(
        cls, roads: gpd.GeoDataFrame, *, season: Season = "dry", speeds_kmh: Mapping[str, float] | None = None,
        season_factor: Mapping[str, float] | None = None, closed: Collection[str] = (), snap_m: float = SNAP_M,
    ) -> Graph:
        """A graph from a table of roads in a metric CRS.

        roads: lines with road_id, and highway or speed_kmh; oneway and passable_rainy when known. Ends and vertices
        within `snap_m` metres are one node, and an end that near to another road's side joins it; lines that cross
        without a shared vertex stay apart, as bridges do. speeds_kmh: by highway class, used where speed_kmh is
        missing. season_factor: by class, multiplies speeds (0 shuts). closed: road ids. Raises `Refused` for degrees,
        a table without lines, missing or wrong speeds and unknown ids.
        """
        if not 0 <= snap_m < np.inf:
            raise refused("snap", field="snap_m", found=snap_m, expected="metres, 0 or more", remedy="Give metres.")
        lines = single_lines(roads)
        speed = link_speeds(lines, speeds_kmh, season_factor)
        along, against = open_ways(lines, speed, season, closed)
        noded = node_lines([np.asarray(shape.coords) for shape in lines.geometry], snap_m)
        length = np.array([np.hypot(*np.diff(line, axis=0).T).sum() for line in noded.lines])
        with np.errstate(divide="ignore"):
            seconds = length / (speed[noded.road] * METRES_PER_S)
        ids = lines["road_id"].astype(str).to_numpy(object)
        return cls(
            CRS.from_user_input(roads.crs), noded.nodes_m, noded.tail, noded.head, length,
            np.where(along[noded.road], seconds, np.inf), np.where(against[noded.road], seconds, np.inf),
            noded.lines, ids[noded.road],
        )

    def component(self) -> NDArray[np.int64]:
        """Piece of each node, 0 the piece with the most road; a link open either way joins."""
        is_open = np.isfinite(np.minimum(self.forth_s, self.back_s))
        size = len(self.nodes_m)
        ones = np.ones(int(is_open.sum()), np.int8)
        _, label = connected_components(
            coo_array((ones, (self.tail[is_open], self.head[is_open])), shape=(size, size)), directed=False)
        road_m = np.bincount(label[self.tail[is_open]], self.length_m[is_open], minlength=label.max() + 1)
        rank = np.empty(road_m.size, np.int64)
        rank[np.argsort(-road_m, kind="stable")] = np.arange(road_m.size)
        return np.asarray(rank[label])

    def islands(self) -> list[list[str]]:
        """Road ids of every piece apart from the greatest, longest piece first; shut roads belong to none."""
        label = self.component()
        is_open = np.isfinite(np.minimum(self.forth_s, self.back_s))
        pieces: dict[int, set[str]] = {}
        for piece, road in zip(label[self.tail[is_open]].tolist(), self.road_id[is_open].tolist(), strict=True):
            if piece > 0:
                pieces.setdefault(piece, set()).add(road)
        return [sorted(pieces[piece]) for piece in sorted(pieces)]

    def findings(self) -> list[Finding]:
        """A note for each island, naming its roads."""
        return [
            Finding("road-island", Severity.NOTE, f"{len(roads)} roads apart from the rest: {listed(roads)}",
                    "one connected network", "Draw the missing link or bridge; places there are reached off the road.",
                    "Dessiner le lien ou le pont manquant ; ces lieux sont atteints hors route.", field="roads")
            for roads in self.islands()
        ]

    def matrix(self, places: Any, **options: Any) -> Any:
        """Times and distances between places over this network; see `gis_planner.spatial.network.matrix.matrix`."""
        from gis_planner.spatial.network.matrix import matrix

        return matrix(self, places, **options)


def places_xy(places: gpd.GeoDataFrame | ArrayLike, crs: CRS) -> Coordinates:
    """Places as (n, 2) metres of `crs`: a table of points in that CRS, or an array already in it."""
    if isinstance(places, gpd.GeoDataFrame):
        if places.crs is None or CRS.from_user_input(places.crs) != crs:
            raise refused("crs-differs", field="places", found=str(places.crs), expected=crs.name,
                          remedy="Convert the places to the CRS of the roads (to_crs).",
                          remedy_fr="Convertir les lieux dans le SCR des routes (to_crs).")
        xy = np.column_stack([places.geometry.x, places.geometry.y])
    else:
        xy = np.asarray(places, float)
    if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
        raise refused("places", field="places", found=f"shape {xy.shape}", expected="finite metres of shape (n, 2)",
                      remedy="Give points, or x and y in metres.")
    return np.ascontiguousarray(xy, np.float64)
