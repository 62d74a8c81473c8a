"""The way itself: the cells of a shortest path, read back from solved times."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from gis_planner.spatial.travel._checks import Ground
from gis_planner.spatial.travel._edges import KERNEL, MARGIN, build_edges, edge_room
from gis_planner.spatial.travel._sweeps import step_cost
from gis_planner.spatial.travel.surface import Options, Solved

_FIRST: Final = 64


@numba.njit(**KERNEL)
def _step_back(key, grid, dy_m, dx_m, i, j, neighbours, shut, unit, bits, turned, never, room):
    """The neighbour from which cell (i, j) got its key (nearest first, then row, column); itself at a source."""
    build_edges(grid, dy_m, dx_m, i, j, 1, 1, neighbours, shut, unit, bits, room)
    forth, back = (room[5], room[4]) if turned else (room[4], room[5])
    for far in range(1, 4):
        for dr in range(-2, 3):
            for dc in range(-2, 3):
                if abs(dr) + abs(dc) != far or (max(abs(dr), abs(dc)) == 2 and (far != 3 or neighbours == 8)):
                    continue
                y, x = i + dr, j + dc
                if not (0 <= y < key.shape[0] and 0 <= x < key.shape[1]) or key[y, x] >= key[i, j]:
                    continue
                if key[y, x] + step_cost(forth, back, MARGIN + dr, MARGIN + dc, -dr, -dc) == key[i, j]:
                    return y, x
    return i, j


@numba.njit(**KERNEL)
def _walk_back(key, grid, dy_m, dx_m, i, j, neighbours, shut, unit, bits, turned, never, room, cells):
    """Fill `cells` from (i, j) back to its source; how many, or minus the room needed when there are more."""
    count = 0
    while count < cells.shape[0]:
        cells[count, 0], cells[count, 1] = i, j
        count += 1
        y, x = _step_back(key, grid, dy_m, dx_m, i, j, neighbours, shut, unit, bits, turned, never, room)
        if y == i and x == j:
            return count
        i, j = y, x
    return -count


def path_cells(ground: Ground, done: Solved, options: Options, cell: tuple[int, int]) -> NDArray[np.int64]:
    """Cells (k, 2) of the shortest path between a source and `cell`, in the direction of travel; empty if unreached.

    From the source to the cell, or from the cell to the source when the times were solved `towards` it.
    """
    if done.key[cell] >= done.never:
        return np.zeros((0, 2), np.int64)
    room = edge_room(1, 1, ground.law, options.neighbours)
    size = _FIRST
    while True:
        cells = np.empty((size, 2), np.int64)
        count = _walk_back(done.key, ground.grid, ground.dy_m, ground.dx_m, cell[0], cell[1], options.neighbours,
                           options.shut, done.unit, done.bits, options.towards, done.never, room, cells)
        if count > 0:
            return cells[:count] if options.towards else cells[:count][::-1]
        size *= 4


def path_metres(ground: Ground, cells: NDArray[np.int64]) -> float:
    """Length (m) of a path along its cells; a width that changes from row to row counts as the mean of both ends."""
    if len(cells) < 2:
        return 0.0
    steps = np.abs(np.diff(cells, axis=0))
    width = 0.5 * (ground.dx_m[cells[1:, 0]] + ground.dx_m[cells[:-1, 0]])
    return float(np.hypot(steps[:, 0] * ground.dy_m, steps[:, 1] * width).sum())


def scaled(cells: NDArray[np.int64], transform: Any) -> NDArray[np.float64]:
    """Centres of cells as coordinates of the raster's transform (an affine.Affine or its six numbers)."""
    a, b, c, d, e, f = tuple(transform)[:6]
    x, y = cells[:, 1] + 0.5, cells[:, 0] + 0.5
    return np.column_stack([a * x + b * y + c, d * x + e * y + f])
