"""Catchments that fill: each source serves the nearest people first, until its capacity is spent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import refused
from gis_planner.spatial.travel._checks import checked_ground, checked_sources
from gis_planner.spatial.travel.surface import TILE_CELLS, Gaps, checked_options, limit_ticks, solve


def catchments_by_capacity(
    speed_kmh: ArrayLike, sources: ArrayLike, people: ArrayLike, capacity: ArrayLike, *, cell_m: Any, limit_min: float,
    elevation_m: ArrayLike | None = None, mode: str | ArrayLike = "walk", neighbours: int = 8, towards: bool = False,
    diagonal_gaps: Gaps = "open", threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """People whom each source serves, and people left in each cell, when sources fill up in the order given.

    AccessMod's geographic coverage (Ray and Ebener 2008): the sources are taken in the order of `sources`;
    each serves the people not yet served within `limit_min` from the nearest outward (equal times: row, then column)
    and stops at its capacity, splitting the last cell. people: (rows, columns), nan counts as none. capacity: (n,).
    The best assignment over all sources at once is `optimise.allocate`'s work; this is the field's greedy one.

    Returns (served (n,), left (rows, columns)); served.sum() + left.sum() is people.sum(). Raises `Refused` as
    `travel_time` does, and for capacities that are negative or not one for each source.
    """
    options = checked_options(neighbours, towards, limit_min, diagonal_gaps)
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    cells = checked_sources(sources, ground.speed_kmh)
    room = np.asarray(capacity, float)
    if room.shape != (len(cells),) or not (room >= 0).all():
        raise refused("capacity", field="capacity", found=f"shape {room.shape}, {room.ravel()[:5]}",
                      expected=f"{len(cells)} numbers, 0 or more", remedy="Give the people that each source can serve.")
    left: NDArray[np.float64] = np.nan_to_num(np.ma.filled(np.ma.asarray(people, float), 0.0), nan=0.0)
    if left.shape != ground.speed_kmh.shape or left.min() < 0:
        raise refused("people", field="people", found=f"shape {left.shape}, least {left.min():g}",
                      expected=f"shape {ground.speed_kmh.shape}, 0 or more", remedy="Align the layer; tag its nodata.")
    served = np.zeros(len(cells))
    for k in range(len(cells)):
        done = solve(ground, cells[k : k + 1], options, with_source=False, threads=threads, tile_cells=TILE_CELLS)
        near = np.flatnonzero((done.key <= limit_ticks(limit_min, done.unit)) & (left > 0))
        near = near[np.argsort(done.key.ravel()[near], kind="stable")]
        waiting = left.ravel()[near]
        before = np.cumsum(waiting) - waiting
        taken = np.clip(room[k] - before, 0.0, waiting)
        left.ravel()[near] = waiting - taken
        served[k] = taken.sum()
    return served, left
