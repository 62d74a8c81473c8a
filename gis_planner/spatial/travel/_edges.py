"""The cost of every step of one tile, as whole ticks of time.

A tile holds `rows` x `cols` cells and a margin of 2 cells on each side. Steps are named by the direction in which they
go down the grid, DIRECTIONS below; `forth[k]` at a cell is the step from it, `back[k]` the same step the other way.
Costs are integers (ticks << bits of the source index), so sums are exact and no order of work can change an answer.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from gis_planner.spatial.travel._laws import WALK_DECAY, WALK_PEAK, exp_portable, slowness

MARGIN: Final = 2
NEVER: Final = 1 << 60
LONGEST: Final = 1 << 57
CLOSED: Final = 1e60
_SPAN: Final = 1024
MOST_TICKS: Final = 1 << 50
_FLOAT_SHIFT: Final = 1.5 * 2.0**52
_TWICE_PEAK: Final = 1.0 / WALK_PEAK**2
_FLOAT_BITS: Final = int(np.float64(_FLOAT_SHIFT).view(np.int64))
DIRECTIONS: Final = ((0, 1), (1, 0), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2))
ISOTROPIC: Final = 0
WALKING: Final = 1
MIXED: Final = 2
KERNEL: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy"}


@numba.njit(**KERNEL)
def load_tile(grid, row0, col0, rows, cols, pace, height, mode):
    """Pace (s/m, CLOSED for a closed cell), height (m) and mode of a tile with its margin; closed beyond the grid."""
    speed, elevation, modes, law = grid
    for r in range(rows + 2 * MARGIN):
        i = row0 + r - MARGIN
        inside = 0 <= i < speed.shape[0]
        for c in range(cols + 2 * MARGIN):
            j = col0 + c - MARGIN
            pace[r, c] = CLOSED
            if inside and 0 <= j < speed.shape[1]:
                v = np.float64(speed[i, j])
                pace[r, c] = 3.6 / v if v > 0.0 else CLOSED
                if law != ISOTROPIC:
                    height[r, c] = np.float64(elevation[i, j])
                if law == MIXED:
                    mode[r, c] = modes[i, j]
            else:
                height[r, c] = 0.0


@numba.njit(inline="always")
def _low(a, b):
    return a if a < b else b


@numba.njit(inline="always")
def _high(a, b):
    return a if a > b else b


@numba.njit(inline="always")
def _crossed(dr, dc, width):
    """Distances in a flat tile from a step's start to its end and to the two cells that a knight's move passes."""
    side = 1 if dc > 0 else -1
    return dr * width + dc, (width if dr == 2 else side), width + side


@numba.njit(**KERNEL)
def _mean_pace(pace, first, last, dr, dc, width, shut, out):
    """Mean pace of the cells that each step from the flat cells first..last crosses; huge where one is closed."""
    end, early, late = _crossed(dr, dc, width)
    if abs(dr) + abs(dc) == 3:
        for i in range(first, last):
            out[i - first] = 0.25 * ((pace[i] + pace[i + end]) + (pace[i + early] + pace[i + late]))
        return
    for i in range(first, last):
        out[i - first] = 0.5 * (pace[i] + pace[i + end])
    if shut and dr * dc != 0:
        for i in range(first, last):
            beside = _low(pace[i + dr * width], pace[i + dc])
            out[i - first] += 0.0 if beside < CLOSED else beside


@numba.njit(**KERNEL)
def _to_ticks(whole, first, last, bits):
    """Turn times in ticks, held as floats plus 1.5 * 2**52, into integers << bits, in place."""
    most = min(LONGEST >> bits, MOST_TICKS)
    for i in range(first, last):
        ticks = whole[i] - _FLOAT_BITS
        whole[i] = ticks << bits if ticks < most else NEVER


@numba.njit(**KERNEL)
def _uniform(pace, height, first, last, dr, dc, width, length, law, unit, bits, shut, forth, back, mean):
    """Costs of one direction over flat cells where the whole tile moves alike: no slope effect, or Tobler's."""
    ceiling = np.float64(MOST_TICKS)
    f, b = forth.view(np.float64), back.view(np.float64)
    end, scale, steepness = dr * width + dc, length * unit, WALK_DECAY / length
    _mean_pace(pace, first, last, dr, dc, width, shut, mean)
    if law == ISOTROPIC:
        for i in range(first, last):
            f[i] = _low(mean[i - first] * scale, ceiling) + _FLOAT_SHIFT
    else:
        for i in range(first, last):
            rise = exp_portable((height[i + end] - height[i]) * steepness)
            fall = 1.0 / rise
            ticks = mean[i - first] * scale
            f[i] = _low(ticks * _high(rise, fall * _TWICE_PEAK), ceiling) + _FLOAT_SHIFT
            b[i] = _low(ticks * _high(fall, rise * _TWICE_PEAK), ceiling) + _FLOAT_SHIFT
        _to_ticks(back, first, last, bits)
    _to_ticks(forth, first, last, bits)


@numba.njit(**KERNEL)
def _in_spans(pace, height, rows, cols, k, dr, dc, lengths, law, unit, bits, shut, forth, back, mean):
    """One direction of a tile: row by row where cell widths differ, else in long spans through rows and margins."""
    width = pace.shape[1]
    flat_pace, flat_height = pace.reshape(pace.size), height.reshape(height.size)
    flat_forth, flat_back = forth[k].reshape(pace.size), back[k].reshape(pace.size)
    last_row = rows + 2 * MARGIN - dr
    if np.all(lengths[k, :last_row] == lengths[k, 0]):
        whole = last_row * width - max(0, dc)
        for first in range(max(0, -dc), whole, mean.shape[0]):
            _uniform(flat_pace, flat_height, first, min(whole, first + mean.shape[0]), dr, dc, width, lengths[k, 0],
                     law, unit, bits, shut, flat_forth, flat_back, mean)
        return
    for r in range(last_row):
        for left in range(max(0, -dc), cols + 2 * MARGIN - max(0, dc), mean.shape[0]):
            right = min(cols + 2 * MARGIN - max(0, dc), left + mean.shape[0])
            _uniform(flat_pace, flat_height, r * width + left, r * width + right, dr, dc, width, lengths[k, r], law,
                     unit, bits, shut, flat_forth, flat_back, mean)


@numba.njit(inline="always")
def _ticks(seconds, unit, bits):
    ticks = np.int64(_low(seconds * unit, np.float64(MOST_TICKS)) + 0.5)
    return ticks << bits if ticks < min(MOST_TICKS, LONGEST >> bits) else NEVER


@numba.njit(**KERNEL)
def _mixed(pace, height, mode, rows, cols, k, dr, dc, lengths, unit, bits, shut, forth, back, mean):
    """Costs of one direction where each cell has its own mode: every cell crossed adds its share."""
    knight = abs(dr) + abs(dc) == 3
    er, ec = (1, 0) if dr == 2 else (0, 1 if dc > 0 else -1)
    fr, fc = 1, 1 if dc > 0 else -1
    left, right, width = max(0, -dc), cols + 2 * MARGIN - max(0, dc), pace.shape[1]
    flat_pace = pace.reshape(pace.size)
    for r in range(rows + 2 * MARGIN - dr):
        length = lengths[k, r]
        for c in range(left, right):
            forth[k, r, c] = NEVER
            back[k, r, c] = NEVER
            _mean_pace(flat_pace, r * width + c, r * width + c + 1, dr, dc, width, shut, mean)
            if mean[0] >= 0.25 * CLOSED:
                continue
            r1, c1 = r + dr, c + dc
            slope = (height[r1, c1] - height[r, c]) / length
            for way in range(2):
                s = slope if way == 0 else -slope
                total = slowness(mode[r, c], pace[r, c], s) + slowness(mode[r1, c1], pace[r1, c1], s)
                if knight:
                    total += slowness(mode[r + er, c + ec], pace[r + er, c + ec], s)
                    total += slowness(mode[r + fr, c + fc], pace[r + fr, c + fc], s)
                cost = _ticks(total * length / (4.0 if knight else 2.0), unit, bits)
                if way == 0:
                    forth[k, r, c] = cost
                else:
                    back[k, r, c] = cost


@numba.njit(**KERNEL)
def step_lengths(dy_m, dx_m, row0, rows, lengths):
    """Length (m) of each direction's step from each local row; cell widths may change from row to row."""
    last = dx_m.shape[0] - 1
    for r in range(rows + 2 * MARGIN):
        i = row0 + r - MARGIN
        w0 = dx_m[min(max(i, 0), last)]
        w1 = 0.5 * (w0 + dx_m[min(max(i + 1, 0), last)])
        w2 = 0.5 * (w0 + dx_m[min(max(i + 2, 0), last)])
        lengths[0, r] = w0
        lengths[1, r] = dy_m
        lengths[2, r] = lengths[3, r] = np.sqrt(dy_m * dy_m + w1 * w1)
        lengths[4, r] = lengths[5, r] = np.sqrt(4.0 * dy_m * dy_m + w2 * w2)
        lengths[6, r] = lengths[7, r] = np.sqrt(dy_m * dy_m + 4.0 * w1 * w1)


@numba.njit(**KERNEL)
def build_edges(grid, dy_m, dx_m, row0, col0, rows, cols, neighbours, shut, unit, bits, room):
    """Fill the tile's step costs; where no slope acts `back` is `forth` and is not written."""
    pace, height, mode, lengths, forth, back, mean = room
    law = grid[3]
    load_tile(grid, row0, col0, rows, cols, pace, height, mode)
    step_lengths(dy_m, dx_m, row0, rows, lengths)
    for k in range(neighbours // 2):
        dr, dc = DIRECTIONS[k]
        if law == MIXED:
            _mixed(pace, height, mode, rows, cols, k, dr, dc, lengths, unit, bits, shut, forth, back, mean)
        else:
            _in_spans(pace, height, rows, cols, k, dr, dc, lengths, law, unit, bits, shut, forth, back, mean)


def edge_room(tile_rows: int, tile_cols: int, law: int, neighbours: int) -> tuple[np.ndarray[Any, Any], ...]:
    """Working arrays for tiles of at most `tile_rows` x `tile_cols` cells (see `build_edges`)."""
    shape = (tile_rows + 2 * MARGIN, tile_cols + 2 * MARGIN)
    forth = np.full((neighbours // 2, *shape), NEVER, np.int64)
    back = forth if law == ISOTROPIC else np.full_like(forth, NEVER)
    lengths = np.zeros((8, shape[0]))
    return np.zeros(shape), np.zeros(shape), np.zeros(shape, np.uint8), lengths, forth, back, np.zeros(_SPAN)
