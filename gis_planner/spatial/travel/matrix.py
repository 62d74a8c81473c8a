"""Times and distances between places over the surface alone, where there is no road layer or none is needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis_planner.spatial.travel._checks import Ground, checked_ground, checked_sources
from gis_planner.spatial.travel.paths import path_cells, path_metres, scaled
from gis_planner.spatial.travel.surface import TILE_CELLS, Gaps, Options, Solved, checked_options, solve


@dataclass(frozen=True)
class SurfaceMatrix:
    """Travel between places over a surface: duration_s and distance_m, (origins, destinations), inf where unreached.

    `cells(i, j)` is the way as rows and columns, `path(i, j)` as a line when a transform was given.
    """

    duration_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    ways: dict[tuple[int, int], NDArray[np.int64]] = field(repr=False)
    transform: Any = field(repr=False, default=None)
    crs: Any = field(repr=False, default=None)

    def cells(self, origin: int, destination: int) -> NDArray[np.int64]:
        """Rows and columns (k, 2) of the way, in the direction of travel; empty where there is none."""
        return self.ways.get((origin, destination), np.zeros((0, 2), np.int64))

    def path(self, origin: int, destination: int) -> shapely.LineString | None:
        """The way through the centres of its cells; None where there is none or both are in one cell."""
        cells = self.cells(origin, destination)
        turn = np.ones(len(cells), bool)
        turn[1:-1] = np.any(np.diff(cells, n=2, axis=0) != 0, axis=1)
        return shapely.LineString(scaled(cells[turn], self.transform)) if len(cells) > 1 else None

    def paths(self) -> gpd.GeoDataFrame:
        """Every way as a table: origin, destination, duration_min, distance_m, geometry (in `crs`)."""
        pairs = [pair for pair in sorted(self.ways) if len(self.ways[pair]) > 1]
        a, b = np.array([i for i, _ in pairs], int), np.array([j for _, j in pairs], int)
        columns = {"origin": a, "destination": b, "duration_min": self.duration_s[a, b] / 60,
                   "distance_m": self.distance_m[a, b]}
        return gpd.GeoDataFrame(columns, geometry=[self.path(*pair) for pair in pairs], crs=self.crs)


def matrix_over_surface(
    speed_kmh: ArrayLike, places: ArrayLike, *, cell_m: Any, elevation_m: ArrayLike | None = None,
    mode: str | ArrayLike = "walk", neighbours: int = 8, limit_min: float | None = None,
    diagonal_gaps: Gaps = "open", transform: Any = None, crs: Any = None, threads: int = 1,
) -> SurfaceMatrix:
    """Directed times and distances between places over the surface, with the ways.

    places: (n, 2) rows and columns on open cells. transform and crs: those of the grid, to draw the ways. The other
    arguments are those of `travel_time`; row i of the result is `travel_time` from place i, in seconds. distance_m is
    the length of the quickest way. Raises `Refused` as `travel_time` does.
    """
    options = checked_options(neighbours, False, limit_min, diagonal_gaps)
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    cells = checked_sources(places, ground.speed_kmh, "places")
    seconds, metres = np.full((len(cells),) * 2, np.inf), np.full((len(cells),) * 2, np.inf)
    ways: dict[tuple[int, int], NDArray[np.int64]] = {}
    for i in range(len(cells)):
        done = solve(ground, cells[i : i + 1], options, with_source=False, threads=threads, tile_cells=TILE_CELLS)
        seconds[i] = _seconds_at(done, cells)
        for j in np.flatnonzero(np.isfinite(seconds[i])).tolist():
            ways[i, j] = _way(ground, done, options, cells[j])
            metres[i, j] = path_metres(ground, ways[i, j])
    return SurfaceMatrix(seconds, metres, ways, transform, crs)


def _seconds_at(done: Solved, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Seconds at cells (n, 2), inf where not reached."""
    key = done.key[cells[:, 0], cells[:, 1]]
    return np.where(key < done.never, (key >> done.bits) / done.unit, np.inf)


def _way(ground: Ground, done: Solved, options: Options, cell: NDArray[np.int64]) -> NDArray[np.int64]:
    return path_cells(ground, done, options, (int(cell[0]), int(cell[1])))
