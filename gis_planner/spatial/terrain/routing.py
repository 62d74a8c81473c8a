"""Where water goes: depressions filled, one direction per cell, cells upstream of each.

Filling is priority-flood (Wang and Liu 2006, as in pyflwdir), direction the steepest of eight (D8, O'Callaghan and Mark
1984), across flats and filled ground the way the flood came in, so that every cell drains off the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import pyflwdir

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, Ints, cell_size
from gis_planner.spatial.terrain.elevation import checked_elevation

Bytes = npt.NDArray[np.uint8]

MISSING: Final = 247
"""Direction of a cell without a height."""

ROW_STEP: Final = np.array([0, 1, 1, 1, 0, -1, -1, -1], np.int64)
COLUMN_STEP: Final = np.array([1, 1, 0, -1, -1, -1, 0, 1], np.int64)


@dataclass(frozen=True, slots=True)
class Flow:
    """How water leaves every cell of a grid (rows, columns).

    filled_m: elevation without depressions (nan where missing). direction: D8 codes 1 east, 2 south-east, 4 south, 8
    south-west, 16 west, 32 north-west, 64 north, 128 north-east; 0 where water leaves the grid, `MISSING` where not
    known. accumulation: cells that drain through each cell, itself counted (0 where missing). downstream: flat index
    of the next cell (its own at an outlet). order: flat indices, each after the cell that it drains to.
    """

    filled_m: Floats
    direction: Bytes
    accumulation: Ints
    downstream: Ints
    order: Ints
    cell_m: float

    @property
    def area_m2(self) -> Floats:
        """Ground that drains through each cell, in square metres."""
        return np.asarray(self.accumulation * self.cell_m**2, dtype=np.float64)


def flow(elevation_m: npt.ArrayLike, cell_m: float) -> Flow:
    """Filled elevation, D8 direction and accumulation of a grid in metres (nan = no ground: water leaves there).

    elevation_m (rows, columns); heights are kept to single precision (0.03 mm at 500 m), so that levels compare
    exactly. Edge cells drain to a lower neighbour where there is one, else off the grid. Refused: see
    `elevation.checked_elevation`; cells of no size.
    """
    heights = checked_elevation(elevation_m).astype(np.float32).astype(np.float64)
    size = cell_size(cell_m)
    if heights.size < 2:
        raise refused("raster-shape", field="elevation_m", found="one cell", expected="two cells or more",
                      remedy="Give the elevation around the place too.",
                      remedy_fr="Donnez aussi l'altitude autour du lieu.")
    filled, flood = pyflwdir.fill_depressions(heights, outlets="edge", nodata=np.nan)
    direction = _steepest(filled, flood)
    raster = pyflwdir.from_array(direction, ftype="d8", check_ftype=False, latlon=False)
    count = raster.upstream_area(unit="cell")
    accumulation = np.where(direction == MISSING, 0, count).astype(np.int64)
    downstream = np.asarray(raster.idxs_ds, dtype=np.int64).reshape(-1)
    return Flow(filled, direction, accumulation, downstream, np.asarray(raster.idxs_seq, dtype=np.int64), size)


@numba.njit(cache=True, nogil=True)
def _steepest(filled: Any, flood: Any) -> Any:
    """The steepest way down of eight; where none goes down, off the grid or the way the flood came from."""
    rows, columns = filled.shape
    direction = np.empty((rows, columns), np.uint8)
    diagonal = np.sqrt(0.5)
    for row in range(rows):
        for column in range(columns):
            direction[row, column] = flood[row, column]
            if flood[row, column] == MISSING:
                continue
            here, best, edge = filled[row, column], 0.0, False
            for k in range(8):
                i, j = row + ROW_STEP[k], column + COLUMN_STEP[k]
                if i < 0 or i >= rows or j < 0 or j >= columns or flood[i, j] == MISSING:
                    edge = True
                else:
                    fall = (here - filled[i, j]) * (diagonal if k % 2 else 1.0)
                    if fall > best:
                        best = fall
                        direction[row, column] = 1 << k
            if edge and best == 0.0:
                direction[row, column] = 0
    return direction
