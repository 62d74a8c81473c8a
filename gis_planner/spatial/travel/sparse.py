"""Who reaches whom: the sparse matrix of times between many origins and destinations within a limit."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from gis_planner.problems import refused
from gis_planner.spatial.travel._checks import Ground, checked_ground, checked_sources
from gis_planner.spatial.travel._edges import KERNEL, MARGIN
from gis_planner.spatial.travel.surface import Gaps, Options, cap, checked_options, first_unit
from gis_planner.spatial.travel.windows import (
    WAY_ALL,
    fastest_factor,
    open_square,
    room_for,
    square_maxima,
    squares_of,
    start_from,
    window_around,
)


@numba.njit(**KERNEL)
def _read_and_clear(local, window, never, spans, first_of_row, columns, found, ticks):
    """Destinations reached (positions in row order) and their ticks; the local grid is cleared."""
    row0, col0, rows, _ = window
    count = 0
    for r in range(MARGIN, MARGIN + rows):
        low, high = spans[WAY_ALL, 0, r], spans[WAY_ALL, 1, r]
        if high < low:
            continue
        i = row0 + r - MARGIN
        for d in range(first_of_row[i], first_of_row[i + 1]):
            c = columns[d] - col0 + MARGIN
            if low <= c <= high and local[r, c] < never:
                found[count], ticks[count] = d, local[r, c]
                count += 1
        for c in range(low, high + 1):
            local[r, c] = never
        spans[WAY_ALL, 0, r], spans[WAY_ALL, 1, r] = 1 << 30, -1
    return count


def times_within(
    speed_kmh: ArrayLike, origins: ArrayLike, destinations: ArrayLike, limit_min: float, *, cell_m: Any,
    elevation_m: ArrayLike | None = None, mode: str | ArrayLike = "walk", neighbours: int = 8, towards: bool = False,
    diagonal_gaps: Gaps = "open",
) -> csr_array:
    """Minutes from each origin to each destination at most `limit_min` away: sparse, (origins, destinations).

    origins, destinations: (n, 2) rows and columns on open cells. `towards=True`: from the destinations to the origins.
    The other arguments, and the times (float64, unrounded), are those of `travel_time`. A pair in one cell is stored
    as 0.
    Raises `Refused` as `travel_time` does, and for a limit that is not finite.
    """
    options = checked_options(neighbours, towards, limit_min, diagonal_gaps)
    if options.limit_min is None:
        raise refused("limit", field="limit_min", found=limit_min, expected="minutes", remedy="Give a finite limit.")
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    starts = checked_sources(origins, ground.speed_kmh, "origins")
    ends = checked_sources(destinations, ground.speed_kmh, "destinations")
    return _times_within(ground, starts, ends, options, options.limit_min)


def _times_within(
    ground: Ground, starts: NDArray[np.int64], ends: NDArray[np.int64], options: Options, limit_min: float,
) -> csr_array:
    unit = first_unit(ground, 0)
    never = cap(options, unit, 0)
    maxima, factor = square_maxima(ground.speed_kmh), fastest_factor(ground)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    first_of_row = np.searchsorted(ends[order, 0], np.arange(ground.speed_kmh.shape[0] + 1))
    columns = np.ascontiguousarray(ends[order, 1])
    found, ticks = np.empty(len(ends), np.int64), np.empty(len(ends), np.int64)
    parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = [(found[:0], np.zeros(0))] * len(starts)
    rooms: dict[str, Any] = {}
    for group in squares_of(starts, ground.speed_kmh.shape[1]):
        window = window_around(ground, maxima, starts[group], limit_min, factor)
        room, local, spans, changed = room_for(rooms, window, ground.law, options.neighbours)
        open_square(ground.grid, ground.dy_m, ground.dx_m, window, options.neighbours, options.shut, unit, never, room,
                    local, spans)
        forth, back = (room[5], room[4]) if options.towards else (room[4], room[5])
        for k in group.tolist():
            start_from(local, forth, back, starts[k], window, options.neighbours == 16, spans, changed)
            count = _read_and_clear(local, window, never, spans, first_of_row, columns, found, ticks)
            whom = order[found[:count]]
            by_number = np.argsort(whom, kind="stable")
            parts[k] = whom[by_number], ticks[:count][by_number] / unit / 60.0
    pointer = np.concatenate([[0], np.cumsum([len(whom) for whom, _ in parts])])
    whom = np.concatenate([whom for whom, _ in parts])
    minutes = np.concatenate([minutes for _, minutes in parts])
    return csr_array((minutes, whom, pointer), shape=(len(starts), len(ends)))
