"""One grid for every raster of a region: square cells, north up, in metres, aligned to whole multiples of the cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS

from gis_planner.crs import require_metric
from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, Ints, cell_size, places

MAX_CELLS: Final = 2_000_000_000
OUTSIDE: Final = -1


@dataclass(frozen=True, slots=True)
class Grid:
    """shape: (rows, columns); transform: cell to metres (upper left corner first); crs: projected, in metres.

    Refused: degrees, feet, a rotated or sheared grid, rectangular cells, rows that run from south to north.
    """

    shape: tuple[int, int]
    transform: Affine
    crs: CRS

    def __post_init__(self) -> None:
        object.__setattr__(self, "crs", require_metric(self.crs, "grid"))
        a, b, _, d, e, _ = tuple(self.transform)[:6]
        square = np.isclose(a, -e, rtol=1e-9) and a > 0
        if b or d or not square:
            raise refused(
                "grid-transform", field="transform", found=f"steps ({a:g}, {b:g}) and ({d:g}, {e:g})",
                expected="square cells, north up, not rotated",
                remedy="Bring the raster onto a plain grid with spatial.resample.resample(..., grid=grid_over(...)).",
                remedy_fr="Ramenez le raster sur une grille droite avec spatial.resample.resample.",
            )
        cell_size(a)
        if not (self.shape[0] >= 1 and self.shape[1] >= 1 and self.shape[0] * self.shape[1] <= MAX_CELLS):
            raise refused(
                "grid-shape", field="shape", found=f"{self.shape[0]} rows x {self.shape[1]} columns",
                expected=f"at least one cell, at most {MAX_CELLS:,}", remedy="Choose a larger cell or a smaller frame.",
                remedy_fr="Choisissez une cellule plus grande ou un cadre plus petit.",
            )

    @property
    def cell_m(self) -> float:
        """Side of a cell in metres."""
        return float(self.transform.a)

    @property
    def cell_area_m2(self) -> float:
        """Area of a cell in square metres."""
        return self.cell_m**2

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.shape[0] * self.shape[1]

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in metres."""
        west, north = self.transform.c, self.transform.f
        return west, north - self.shape[0] * self.cell_m, west + self.shape[1] * self.cell_m, north

    def centres(self) -> tuple[Floats, Floats]:
        """Eastings of the columns and northings of the rows, at the cells' centres."""
        west, _, _, north = self.bounds_m
        x: Floats = west + (np.arange(self.shape[1], dtype=np.float64) + 0.5) * self.cell_m
        y: Floats = north - (np.arange(self.shape[0], dtype=np.float64) + 0.5) * self.cell_m
        return x, y

    def rowcol(self, xy_m: npt.ArrayLike) -> Ints:
        """(n, 2) row and column of places (n, 2); both `OUTSIDE` (-1) off the grid, which ends before its east and
        south edges."""
        xy = places(xy_m, "xy_m")
        west, _, _, north = self.bounds_m
        found = np.column_stack([np.floor((north - xy[:, 1]) / self.cell_m), np.floor((xy[:, 0] - west) / self.cell_m)])
        inside = np.all((found >= 0) & (found < np.array(self.shape)), axis=1)
        return np.where(inside[:, np.newaxis], found, OUTSIDE).astype(np.int64)

    def cells(self, xy_m: npt.ArrayLike) -> Ints:
        """(n,) flat index (row by row) of the cell of each place; `OUTSIDE` (-1) off the grid."""
        rowcol = self.rowcol(xy_m)
        return np.where(rowcol[:, 0] < 0, OUTSIDE, rowcol[:, 0] * self.shape[1] + rowcol[:, 1]).astype(np.int64)

    def xy(self, cells: npt.ArrayLike) -> Floats:
        """(n, 2) centres in metres of flat cell indices."""
        flat = np.asarray(cells, dtype=np.int64)
        x, y = self.centres()
        return np.column_stack([x[flat % self.shape[1]], y[flat // self.shape[1]]])

    def aligned(self, other: Grid) -> bool:
        """Whether both share the CRS, the cell and the origin's phase, so that cells coincide where they overlap."""
        step = np.array([self.transform.c - other.transform.c, self.transform.f - other.transform.f]) / self.cell_m
        same = np.isclose(self.cell_m, other.cell_m, rtol=1e-9) and self.crs == other.crs
        return bool(same and np.allclose(step, np.round(step), atol=1e-6))

    def same(self, other: Grid) -> bool:
        """Whether both are one grid, cell by cell."""
        corner = np.allclose(self.bounds_m, other.bounds_m, rtol=0, atol=1e-6 * self.cell_m)
        return self.shape == other.shape and self.aligned(other) and bool(corner)


def grid_over(bounds_m: tuple[float, float, float, float], cell_m: float, crs: object) -> Grid:
    """The grid that covers (west, south, east, north) in metres, its corners on whole multiples of `cell_m`."""
    cell = cell_size(cell_m)
    west, south, east, north = (float(value) for value in bounds_m)
    if not (np.isfinite([west, south, east, north]).all() and west < east and south < north):
        raise refused(
            "bounds", field="bounds_m", found=bounds_m, expected="west < east and south < north, in metres",
            remedy="Give the box as (west, south, east, north).",
            remedy_fr="Donnez le cadre (ouest, sud, est, nord).",
        )
    left, bottom = np.floor(west / cell), np.floor(south / cell)
    right, top = np.ceil(east / cell), np.ceil(north / cell)
    shape = (int(top - bottom), int(right - left))
    return Grid(shape, Affine(cell, 0.0, left * cell, 0.0, -cell, top * cell), require_metric(crs, "grid"))


def on_grid(values: npt.ArrayLike, grid: Grid, what: str) -> np.ndarray:
    """`values` when its shape is the grid's, else refused."""
    array = np.asarray(values)
    if array.shape != grid.shape:
        raise refused(
            "layers-differ", field=what, found=f"shape {array.shape}", expected=f"{grid.shape}, the shape of the grid",
            remedy="Bring every layer onto one grid with spatial.resample.resample.",
            remedy_fr="Ramenez toutes les couches sur une même grille avec spatial.resample.resample.",
        )
    return array
