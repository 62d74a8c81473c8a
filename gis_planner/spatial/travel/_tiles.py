"""A grid as tiles that exchange their borders: each tile is settled alone, and its changed borders wake its neighbours.

Tiles are visited in rounds; a round visits every waiting tile in four groups, no two of a group adjacent, so that
groups may be shared between threads. Times are integers and every tile is settled exactly, so the end is the one
shortest-path answer whatever the tile size, the order of visits or the number of threads.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numba
import numpy as np

from gis_planner.spatial.travel._edges import KERNEL, MARGIN, build_edges, edge_room
from gis_planner.spatial.travel._sweeps import enter_sides, mark, run_along, settle, step_cost, unmark

ASLEEP: Final = 0
AWAKE: Final = 1
FRESH: Final = 2
_FEW: Final = 4


@numba.njit(**KERNEL)
def _bring_in(key, row0, col0, rows, cols, never, local, spans):
    """Copy a tile with its margin; rows of the top and bottom margins that hold times are marked as changed."""
    unmark(spans, rows + 2 * MARGIN)
    for r in range(rows + 2 * MARGIN):
        i = row0 + r - MARGIN
        first, last = 1 << 30, -1
        for c in range(cols + 2 * MARGIN):
            j = col0 + c - MARGIN
            v = key[i, j] if 0 <= i < key.shape[0] and 0 <= j < key.shape[1] else never
            local[r, c] = v
            if v < never:
                first, last = min(first, c), c
        if last >= 0 and not MARGIN <= r < MARGIN + rows:
            mark(spans, r, first, last)


@numba.njit(**KERNEL)
def _start_inside(local, forth, back, rows, cols, never, spans):
    """Mark the rows of a tile visited for the first time that hold sources."""
    left, right = MARGIN, MARGIN + cols - 1
    for r in range(MARGIN, MARGIN + rows):
        first, last = 1 << 30, -1
        for c in range(left, right + 1):
            if local[r, c] < never:
                first, last = min(first, c), c
        if last >= 0:
            start, end = run_along(local[r], forth[0, r], back[0, r], first, last, left, right)
            mark(spans, r, start, end)


@numba.njit(**KERNEL)
def _gains(local, forth, back, r, c, rows, cols, knights):
    """Whether the tile offers its margin cell (r, c) a lesser key than it has."""
    here = local[r, c]
    for dr in range(-2, 3):
        for dc in range(-2, 3):
            y, x = r + dr, c + dc
            far = abs(dr) + abs(dc)
            if far == 0 or far == 4 or (max(abs(dr), abs(dc)) == 2 and (far != 3 or not knights)):
                continue
            if not (MARGIN <= y < MARGIN + rows and MARGIN <= x < MARGIN + cols):
                continue
            if local[y, x] < here and local[y, x] + step_cost(forth, back, y, x, -dr, -dc) < here:
                return True
    return False


@numba.njit(**KERNEL)
def _side_gains(local, forth, back, r0, r1, c0, c1, rows, cols, knights):
    for r in range(r0, r1):
        for c in range(c0, c1):
            if _gains(local, forth, back, r, c, rows, cols, knights):
                return True
    return False


@numba.njit(**KERNEL)
def _wake(local, forth, back, rows, cols, knights, ty, tx, waiting):
    """Wake those neighbours of which a cell can now be reached sooner through this tile."""
    tiles_y, tiles_x = waiting.shape
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            y, x = ty + dy, tx + dx
            if (dy == 0 and dx == 0) or not (0 <= y < tiles_y and 0 <= x < tiles_x) or waiting[y, x] != ASLEEP:
                continue
            depth = 2 if knights else 1
            low, high = MARGIN + rows, MARGIN + cols
            r0, r1 = (MARGIN - depth, MARGIN) if dy < 0 else (MARGIN, low) if dy == 0 else (low, low + depth)
            c0, c1 = (MARGIN - depth, MARGIN) if dx < 0 else (MARGIN, high) if dx == 0 else (high, high + depth)
            if _side_gains(local, forth, back, r0, r1, c0, c1, rows, cols, knights):
                waiting[y, x] = AWAKE


@numba.njit(**KERNEL)
def visit_tiles(tiles, grid, dy_m, dx_m, neighbours, shut, unit, bits, turned, never, tile_rows, tile_cols, key,
                waiting, room, local, spans, changed):
    """Settle each of `tiles` (flat tile numbers) and wake the neighbours that its new borders concern."""
    tiles_x = waiting.shape[1]
    knights = neighbours == 16
    for tile in tiles:
        ty, tx = tile // tiles_x, tile % tiles_x
        row0, col0 = ty * tile_rows, tx * tile_cols
        rows, cols = min(tile_rows, key.shape[0] - row0), min(tile_cols, key.shape[1] - col0)
        fresh = waiting[ty, tx] == FRESH
        waiting[ty, tx] = ASLEEP
        build_edges(grid, dy_m, dx_m, row0, col0, rows, cols, neighbours, shut, unit, bits, room)
        forth, back = (room[5], room[4]) if turned else (room[4], room[5])
        _bring_in(key, row0, col0, rows, cols, never, local, spans)
        if fresh:
            _start_inside(local, forth, back, rows, cols, never, spans)
        enter_sides(local, forth, back, rows, cols, knights, spans)
        settle(local, forth, back, rows, cols, knights, spans, changed)
        _wake(local, forth, back, rows, cols, knights, ty, tx, waiting)
        for r in range(rows):
            for c in range(cols):
                key[row0 + r, col0 + c] = local[r + MARGIN, c + MARGIN]


def _rooms(tile_rows: int, tile_cols: int, law: int, neighbours: int) -> tuple[Any, ...]:
    shape = (tile_rows + 2 * MARGIN, tile_cols + 2 * MARGIN)
    return (
        edge_room(tile_rows, tile_cols, law, neighbours), np.empty(shape, np.int64),
        np.empty((4, 2, shape[0]), np.int64), np.zeros(shape[1], np.bool_),
    )


def spread(
    key: np.ndarray[Any, Any], starts: np.ndarray[Any, Any], grid: tuple[Any, ...], dy_m: float,
    dx_m: np.ndarray[Any, Any], *, neighbours: int, shut: bool, unit: float, bits: int, turned: bool, never: int,
    tile: tuple[int, int], threads: int,
) -> int:
    """Lower `key` in place to the least time (and source) of every cell; `starts` are the rows and columns of sources.

    Returns the number of tile visits.
    """
    tile_rows, tile_cols = tile
    waiting = np.full((-(-key.shape[0] // tile_rows), -(-key.shape[1] // tile_cols)), ASLEEP, np.uint8)
    waiting[starts[:, 0] // tile_rows, starts[:, 1] // tile_cols] = FRESH
    rooms = [_rooms(tile_rows, tile_cols, grid[3], neighbours) for _ in range(threads)]
    visits = 0

    def visit(tiles: np.ndarray[Any, Any], room: tuple[Any, ...]) -> None:
        visit_tiles(tiles, grid, dy_m, dx_m, neighbours, shut, unit, bits, turned, never, tile_rows, tile_cols, key,
                    waiting, *room)

    with ThreadPoolExecutor(threads) as pool:
        while True:
            rows, cols = np.nonzero(waiting)
            if rows.size == 0:
                return visits
            visits += rows.size
            for group in range(4):
                mine = (rows % 2 * 2 + cols % 2) == group
                tiles = rows[mine] * waiting.shape[1] + cols[mine]
                if threads == 1 or tiles.size < _FEW:
                    visit(tiles, rooms[0])
                else:
                    list(pool.map(visit, np.array_split(tiles, threads), rooms))
