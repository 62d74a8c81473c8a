"""Legs off the road: straight at a walking speed, or along the quickest way over a surface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import refused
from gis_planner.spatial.network._noding import Coordinates
from gis_planner.spatial.travel._checks import Ground, checked_ground, checked_sources
from gis_planner.spatial.travel.cells import cells_of
from gis_planner.spatial.travel.paths import path_cells, path_metres, scaled
from gis_planner.spatial.travel.surface import TILE_CELLS, Options, Solved, checked_options, solve
from gis_planner.spatial.travel.windows import crop, fastest_factor, square_maxima, window_around

METRES_PER_S = 1 / 3.6


@dataclass(frozen=True, slots=True)
class LegTimes:
    """Seconds and metres of legs from one place to points (out) and back, inf where there is no way."""

    out_s: NDArray[np.float64]
    out_m: NDArray[np.float64]
    back_s: NDArray[np.float64]
    back_m: NDArray[np.float64]


class OffRoad(Protocol):
    """How one gets between a place and points off the road."""

    def legs(self, place: Coordinates, points: Coordinates) -> LegTimes:
        """Times from `place` (2,) to `points` (n, 2) and back."""

    def line(self, start: Coordinates, end: Coordinates) -> Coordinates:
        """The way as coordinates (k, 2), both ends included."""


@dataclass(frozen=True, slots=True)
class Straight:
    """Straight lines at one speed (km/h)."""

    kmh: float

    def __post_init__(self) -> None:
        if not 0 < self.kmh < np.inf:
            raise refused("off-road-speed", field="off_road_kmh", found=self.kmh, expected="km/h above 0",
                          remedy="Give the walking speed off the road.")

    def legs(self, place: Coordinates, points: Coordinates) -> LegTimes:
        """Times from `place` (2,) to `points` (n, 2) and back."""
        metres = np.hypot(points[:, 0] - place[0], points[:, 1] - place[1])
        seconds = metres / (self.kmh * METRES_PER_S)
        return LegTimes(seconds, metres, seconds, metres)

    def line(self, start: Coordinates, end: Coordinates) -> Coordinates:
        """The way as coordinates (k, 2), both ends included."""
        return np.array([start, end])


@dataclass(frozen=True)
class OverGround:
    """Quickest ways over a surface, no longer than `limit_min` minutes.

    speed_kmh, elevation_m, mode, neighbours, cell_m: as in `travel.travel_time`. transform: the grid's, in the CRS of
    the roads. Places must lie on open cells; points of roads on closed ones (a bridge) get no leg. Raises `Refused` as
    `travel_time` does.
    """

    speed_kmh: ArrayLike = field(repr=False)
    transform: Any
    cell_m: Any
    limit_min: float
    elevation_m: ArrayLike | None = field(repr=False, default=None)
    mode: str | ArrayLike = field(repr=False, default="walk")
    neighbours: int = 8
    _ground: Ground = field(init=False, repr=False)
    _maxima: NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if checked_options(self.neighbours, False, self.limit_min, "open").limit_min is None:
            raise refused("limit", field="limit_min", found=self.limit_min, expected="minutes", remedy="Give a limit.")
        ground = checked_ground(self.speed_kmh, cell_m=self.cell_m, elevation_m=self.elevation_m, mode=self.mode)
        object.__setattr__(self, "_ground", ground)
        object.__setattr__(self, "_maxima", square_maxima(ground.speed_kmh))

    def _solved(self, cell: NDArray[np.int64], towards: bool) -> tuple[Ground, Solved, Options, NDArray[np.int64]]:
        """A window around a cell, its times, and the window's first row and column."""
        window = window_around(self._ground, self._maxima, cell, self.limit_min, fastest_factor(self._ground))
        part, corner = crop(self._ground, window), np.array(window[:2])
        options = checked_options(self.neighbours, towards, self.limit_min, "open")
        done = solve(part, cell - corner, options, with_source=False, threads=1, tile_cells=TILE_CELLS)
        return part, done, options, corner

    def legs(self, place: Coordinates, points: Coordinates) -> LegTimes:
        """Times from `place` (2,) to `points` (n, 2) and back."""
        cell = checked_sources(cells_of([place], self.transform), self._ground.speed_kmh, "places")
        out_s, out_m = self._times(cell, points, towards=False)
        back_s, back_m = self._times(cell, points, towards=True)
        return LegTimes(out_s, out_m, back_s, back_m)

    def _times(
        self, cell: NDArray[np.int64], points: Coordinates, towards: bool,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        part, done, options, corner = self._solved(cell, towards)
        seconds, metres = np.full(len(points), np.inf), np.full(len(points), np.inf)
        for k, (r, c) in enumerate((cells_of(points, self.transform) - corner).tolist()):
            if 0 <= r < done.key.shape[0] and 0 <= c < done.key.shape[1] and done.key[r, c] < done.never:
                seconds[k] = float(done.key[r, c]) / done.unit
                metres[k] = path_metres(part, path_cells(part, done, options, (r, c)))
        return seconds, metres

    def line(self, start: Coordinates, end: Coordinates) -> Coordinates:
        """The way as coordinates (k, 2), both ends included."""
        first, last = cells_of([start, end], self.transform)
        part, done, options, corner = self._solved(first[None], towards=False)
        r, c = (last - corner).tolist()
        way = path_cells(part, done, options, (r, c)) + corner
        return np.concatenate([[start], scaled(way[1:-1], self.transform), [end]])
