"""Many candidates at once: the people within a limit of each, by windows no larger than the limit can reach.

Candidates that lie in one square of the grid share a window and its step costs; each then touches only the rows and
columns that it reaches, so a candidate costs what it covers, and gives what the full surface gives.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import refused
from gis_planner.spatial.travel._checks import Ground, checked_ground, checked_sources
from gis_planner.spatial.travel._edges import ISOTROPIC, KERNEL, MARGIN, WALKING, build_edges, edge_room
from gis_planner.spatial.travel._laws import FASTEST_FACTOR, Mode
from gis_planner.spatial.travel._sweeps import mark, settle, unmark
from gis_planner.spatial.travel.surface import Gaps, Options, cap, checked_options, first_unit

SQUARE_CELLS: Final = 64
WAY_ALL: Final = 4
_MORE: Final = 1.0 + 1e-6


@numba.njit(**KERNEL)
def open_square(grid, dy_m, dx_m, window, neighbours, shut, unit, never, room, local, spans):
    """Step costs of a window, and a local grid where nothing is reached."""
    row0, col0, rows, cols = window
    build_edges(grid, dy_m, dx_m, row0, col0, rows, cols, neighbours, shut, unit, 0, room)
    unmark(spans, rows + 2 * MARGIN)
    local[: rows + 2 * MARGIN, : cols + 2 * MARGIN] = never


@numba.njit(**KERNEL)
def start_from(local, forth, back, source, window, knights, spans, changed):
    """Settle the window from one source."""
    row0, col0, rows, cols = window
    r, c = source[0] - row0 + MARGIN, source[1] - col0 + MARGIN
    local[r, c] = 0
    mark(spans, r, c, c)
    left, right = MARGIN, MARGIN + cols - 1
    end = c
    while end < right and local[r, end] + forth[0, r, end] < local[r, end + 1]:
        local[r, end + 1] = local[r, end] + forth[0, r, end]
        end += 1
    start = c
    while start > left and local[r, start] + back[0, r, start - 1] < local[r, start - 1]:
        local[r, start - 1] = local[r, start] + back[0, r, start - 1]
        start -= 1
    mark(spans, r, start, end)
    settle(local, forth, back, rows, cols, knights, spans, changed)


@numba.njit(**KERNEL)
def _sum_and_clear(local, people, window, never, spans):
    """People of the cells reached; the local grid is left as if nothing had been reached."""
    row0, col0, rows, _ = window
    total = 0.0
    for r in range(MARGIN, MARGIN + rows):
        for c in range(spans[WAY_ALL, 0, r], spans[WAY_ALL, 1, r] + 1):
            if local[r, c] < never:
                people_here = np.float64(people[row0 + r - MARGIN, col0 + c - MARGIN])
                if people_here == people_here:
                    total += people_here
                local[r, c] = never
        spans[WAY_ALL, 0, r], spans[WAY_ALL, 1, r] = 1 << 30, -1
    return total


@numba.njit(**KERNEL)
def _sum_square(grid, dy_m, dx_m, window, neighbours, shut, unit, turned, never, sources, people, room, local, spans,
                changed, sums):
    """People reached from each of a square's sources."""
    open_square(grid, dy_m, dx_m, window, neighbours, shut, unit, never, room, local, spans)
    forth, back = (room[5], room[4]) if turned else (room[4], room[5])
    for k in range(sources.shape[0]):
        start_from(local, forth, back, sources[k], window, neighbours == 16, spans, changed)
        sums[k] = _sum_and_clear(local, people, window, never, spans)


def square_maxima(speed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Greatest speed of each square of 64 cells (0 where all is closed)."""
    rows, cols = (-(-n // SQUARE_CELLS) for n in speed.shape)
    out = np.zeros((rows, cols), np.float32)
    for i in range(rows):
        band = np.nan_to_num(speed[i * SQUARE_CELLS : (i + 1) * SQUARE_CELLS], nan=0.0).max(axis=0)
        out[i] = np.maximum.reduceat(band, np.arange(0, speed.shape[1], SQUARE_CELLS))
    return out


def fastest_factor(ground: Ground) -> float:
    """The most by which a slope can multiply a speed of this ground."""
    if ground.law == ISOTROPIC:
        return 1.0
    if ground.law == WALKING:
        return FASTEST_FACTOR[Mode.WALK]
    return max(FASTEST_FACTOR[mode] for mode in Mode if np.any(ground.grid[2] == mode))


def window_around(
    ground: Ground, maxima: NDArray[np.float32], cells: NDArray[np.int64], limit_min: float, factor: float,
) -> tuple[int, int, int, int]:
    """First row and column and size of the window that holds all that `cells` can reach within the limit."""
    shape = ground.speed_kmh.shape
    side_m = (ground.dy_m, float(ground.dx_m.min()))
    fastest = float(ground.fastest_kmh)
    lows, highs = cells.min(axis=0), cells.max(axis=0)
    while True:
        reach = [math.ceil(limit_min / 60.0 * fastest * 1000.0 * factor * _MORE / side) + 1 for side in side_m]
        low = [max(0, int(a) - n) for a, n in zip(lows, reach, strict=True)]
        high = [min(size, int(b) + n + 1) for b, n, size in zip(highs, reach, shape, strict=True)]
        squares = tuple(slice(a // SQUARE_CELLS, -(-b // SQUARE_CELLS)) for a, b in zip(low, high, strict=True))
        here = float(maxima[squares].max())
        if here >= fastest:
            return low[0], low[1], high[0] - low[0], high[1] - low[1]
        fastest = here


def crop(ground: Ground, window: tuple[int, int, int, int]) -> Ground:
    """The part of a ground that a window holds, as a ground of its own."""
    row0, col0, rows, cols = window
    part = (slice(row0, row0 + rows), slice(col0, col0 + cols))
    speed, height, modes, law = ground.grid
    height = height if law == ISOTROPIC else np.ascontiguousarray(height[part])
    modes = modes if modes.size == 1 else np.ascontiguousarray(modes[part])
    return replace(ground, grid=(np.ascontiguousarray(speed[part]), height, modes, law), dx_m=ground.dx_m[part[0]])


def squares_of(cells: NDArray[np.int64], columns: int) -> list[NDArray[np.int64]]:
    """Numbers of the cells, grouped by the square of the grid in which they lie."""
    square = cells[:, 0] // SQUARE_CELLS * (columns // SQUARE_CELLS + 1) + cells[:, 1] // SQUARE_CELLS
    order = np.argsort(square, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(square[order])) + 1)


def people_within(
    speed_kmh: ArrayLike, candidates: ArrayLike, people: ArrayLike, limit_min: float, *, cell_m: Any,
    elevation_m: ArrayLike | None = None, mode: str | ArrayLike = "walk", neighbours: int = 8, towards: bool = False,
    diagonal_gaps: Gaps = "open", threads: int = 1,
) -> NDArray[np.float64]:
    """People within `limit_min` minutes of each candidate, each candidate for itself.

    candidates: (n, 2) rows and columns on open cells. people: (rows, columns), people in each cell; nan counts as none.
    The other arguments are those of `travel_time`, and the sums are those of its surface: people[minutes <= limit].
    Returns (n,) float64. Raises `Refused` as `travel_time` does, and for negative people or a limit that is not finite.
    """
    options = checked_options(neighbours, towards, limit_min, diagonal_gaps)
    if options.limit_min is None:
        raise refused("limit", field="limit_min", found=limit_min, expected="minutes", remedy="Give a finite limit.")
    ground = checked_ground(speed_kmh, cell_m=cell_m, elevation_m=elevation_m, mode=mode)
    cells = checked_sources(candidates, ground.speed_kmh, "candidates")
    crowd = np.ma.filled(np.ma.asarray(people), np.nan) if np.ma.isMaskedArray(people) else np.asarray(people)
    if crowd.shape != ground.speed_kmh.shape or np.any(crowd < 0):
        raise refused("people", field="people", found=f"shape {crowd.shape}, least {np.nanmin(crowd, initial=0):g}",
                      expected=f"shape {ground.speed_kmh.shape}, 0 or more", remedy="Align the layer; tag its nodata.")
    return _people_within(ground, cells, crowd, options, options.limit_min, threads)


def _people_within(
    ground: Ground, cells: NDArray[np.int64], people: NDArray[Any], options: Options, limit_min: float, threads: int,
) -> NDArray[np.float64]:
    unit = first_unit(ground, 0)
    never = cap(options, unit, 0)
    maxima, factor = square_maxima(ground.speed_kmh), fastest_factor(ground)
    out = np.empty(len(cells))

    def work(groups: list[NDArray[np.int64]]) -> None:
        rooms: dict[str, Any] = {}
        for group in groups:
            window = window_around(ground, maxima, cells[group], limit_min, factor)
            room, local, spans, changed = room_for(rooms, window, ground.law, options.neighbours)
            sums = np.empty(len(group))
            _sum_square(ground.grid, ground.dy_m, ground.dx_m, window, options.neighbours, options.shut, unit,
                        options.towards, never, cells[group], people, room, local, spans, changed, sums)
            out[group] = sums

    groups = squares_of(cells, ground.speed_kmh.shape[1])
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [groups[k::threads] for k in range(threads)]))
    return out


def room_for(
    rooms: dict[str, Any], window: tuple[int, int, int, int], law: int, neighbours: int,
) -> tuple[Any, ...]:
    """Working arrays at least as large as the window, kept from one square to the next."""
    rows, cols = window[2:]
    if "room" not in rooms or rooms["rows"] < rows or rooms["cols"] < cols:
        rooms["rows"], rooms["cols"] = max(rows, rooms.get("rows", 0)), max(cols, rooms.get("cols", 0))
        shape = (rooms["rows"] + 2 * MARGIN, rooms["cols"] + 2 * MARGIN)
        rooms["room"] = (edge_room(rooms["rows"], rooms["cols"], law, neighbours), np.empty(shape, np.int64),
                         np.empty((WAY_ALL + 1, 2, shape[0]), np.int64), np.zeros(shape[1], np.bool_))
    return rooms["room"]  # type: ignore[no-any-return]
