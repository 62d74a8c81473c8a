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
DIRECTIONS: Final = ((0, 1), (1, 0), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2))
ISOTROPIC: Final = 0
WALKING: Final = 1
MIXED: Final = 2
KERNEL: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy"}


@numba.njit(**KERNEL)
def load_tile(grid, row0, col0, rows, cols, pace, height, mode):
    """Pace (s/m, 0 for a closed cell), height (m) and mode of a tile with its margin; beyond the grid all is closed."""
    speed, elevation, modes, law = grid
    for r in range(rows + 2 * MARGIN):
        i = row0 + r - MARGIN
        inside = 0 <= i < speed.shape[0]
        for c in range(cols + 2 * MARGIN):
            j = col0 + c - MARGIN
            pace[r, c] = 0.0
            if inside and 0 <= j < speed.shape[1]:
                v = np.float64(speed[i, j])
                if v > 0.0:
                    pace[r, c] = 3.6 / v
                if law != ISOTROPIC:
                    height[r, c] = np.float64(elevation[i, j])
                if law == MIXED:
                    mode[r, c] = modes[i, j]
            else:
                height[r, c] = 0.0


@numba.njit(inline="always")
def _ticks(seconds, unit, bits, is_open):
    ticks = min(seconds * unit, 2.8e17)
    cost = np.int64(ticks + 0.5)
    return cost << bits if is_open and cost < (LONGEST >> bits) else NEVER


@numba.njit(**KERNEL)
def _uniform(pace, height, rows, cols, k, dr, dc, lengths, law, unit, bits, shut, forth, back):
    """Costs of one direction where the whole tile moves alike: no slope effect, or Tobler's."""
    knight = abs(dr) + abs(dc) == 3
    er, ec = (1, 0) if dr == 2 else (0, dc // 2 if dc > 0 else -(-dc // 2))
    fr, fc = 1, 1 if dc > 0 else -1
    for r in range(rows + 2 * MARGIN - dr):
        length = lengths[k, r]
        for c in range(max(0, -dc), cols + 2 * MARGIN - max(0, dc)):
            a = pace[r, c]
            b = pace[r + dr, c + dc]
            is_open = (a > 0.0) & (b > 0.0)
            if knight:
                e = pace[r + er, c + ec]
                f = pace[r + fr, c + fc]
                is_open = is_open & (e > 0.0) & (f > 0.0)
                seconds = 0.25 * length * ((a + b) + (e + f))
            else:
                if shut and dr * dc != 0:
                    is_open = is_open & ((pace[r + dr, c] > 0.0) | (pace[r, c + dc] > 0.0))
                seconds = 0.5 * length * (a + b)
            if law == ISOTROPIC:
                forth[k, r, c] = _ticks(seconds, unit, bits, is_open)
            else:
                rise = exp_portable(WALK_DECAY * ((height[r + dr, c + dc] - height[r, c]) / length))
                up = rise * WALK_PEAK
                down = rise / WALK_PEAK
                forth[k, r, c] = _ticks(seconds * max(up, 1.0 / up) / WALK_PEAK, unit, bits, is_open)
                back[k, r, c] = _ticks(seconds * max(down, 1.0 / down) / WALK_PEAK, unit, bits, is_open)


@numba.njit(**KERNEL)
def _mixed(pace, height, mode, rows, cols, k, dr, dc, lengths, unit, bits, shut, forth, back):
    """Costs of one direction where each cell has its own mode: every cell crossed adds its share."""
    knight = abs(dr) + abs(dc) == 3
    er, ec = (1, 0) if dr == 2 else (0, dc // 2 if dc > 0 else -(-dc // 2))
    fr, fc = 1, 1 if dc > 0 else -1
    for r in range(rows + 2 * MARGIN - dr):
        length = lengths[k, r]
        for c in range(max(0, -dc), cols + 2 * MARGIN - max(0, dc)):
            forth[k, r, c] = NEVER
            back[k, r, c] = NEVER
            r1, c1 = r + dr, c + dc
            if not (pace[r, c] > 0.0 and pace[r1, c1] > 0.0):
                continue
            if knight and not (pace[r + er, c + ec] > 0.0 and pace[r + fr, c + fc] > 0.0):
                continue
            if shut and not knight and dr * dc != 0 and not (pace[r1, c] > 0.0 or pace[r, c1] > 0.0):
                continue
            slope = (height[r1, c1] - height[r, c]) / length
            for way in range(2):
                s = slope if way == 0 else -slope
                total = slowness(mode[r, c], pace[r, c], s) + slowness(mode[r1, c1], pace[r1, c1], s)
                if knight:
                    total += slowness(mode[r + er, c + ec], pace[r + er, c + ec], s)
                    total += slowness(mode[r + fr, c + fc], pace[r + fr, c + fc], s)
                cost = _ticks(total * length / (4.0 if knight else 2.0), unit, bits, True)
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
    pace, height, mode, lengths, forth, back = room
    law = grid[3]
    load_tile(grid, row0, col0, rows, cols, pace, height, mode)
    step_lengths(dy_m, dx_m, row0, rows, lengths)
    for k in range(neighbours // 2):
        dr, dc = DIRECTIONS[k]
        if law == MIXED:
            _mixed(pace, height, mode, rows, cols, k, dr, dc, lengths, unit, bits, shut, forth, back)
        else:
            _uniform(pace, height, rows, cols, k, dr, dc, lengths, law, unit, bits, shut, forth, back)


def edge_room(tile_rows: int, tile_cols: int, law: int) -> tuple[np.ndarray[Any, Any], ...]:
    """Working arrays for tiles of at most `tile_rows` x `tile_cols` cells (see `build_edges`)."""
    shape = (tile_rows + 2 * MARGIN, tile_cols + 2 * MARGIN)
    forth = np.full((8, *shape), NEVER, np.int64)
    back = forth if law == ISOTROPIC else np.full((8, *shape), NEVER, np.int64)
    lengths = np.zeros((8, shape[0]))
    return np.zeros(shape), np.zeros(shape), np.zeros(shape, np.uint8), lengths, forth, back
