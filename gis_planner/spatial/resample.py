"""Any raster onto the one grid, by its kind: people are conserved, classes never mixed, heights interpolated.

People of a source cell go to the grid cells under it: by exact overlap where both share a CRS and lie straight, else by
many small squares of the cell, each carrying its part to where its middle falls. Nobody is made or lost; what falls off
the grid is told. Positions are projected point by point, without the approximation that image warpers use by default.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS, Transformer
from scipy.ndimage import map_coordinates
from scipy.sparse import csr_array

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, surface
from gis_planner.spatial.grid import Grid

Kind = Literal["sum", "class", "continuous"]

SENTINELS: Final = (-9999.0, -99999.0, -32768.0, -2147483648.0, 9.969209968386869e36)
FINEST: Final = 4
MOST_SQUARES: Final = 64
CHUNK: Final = 2_000_000
COARSER: Final = 2.0


def resample(
    values: npt.ArrayLike, transform: Affine, crs: object, grid: Grid, *, kind: Kind, nodata: float | None = None
) -> Floats:
    """`values` (rows, columns) with `transform` and `crs` on the cells of `grid` (float64, nan where unknown).

    kind `sum`: people, rain volume; conserved, 0 where nothing falls. `class`: land cover, soil; the commonest class
    under a cell, or the nearest where the grid is finer. `continuous`: heights, rain; the mean under a cell, or
    bilinear where the grid is finer (nearest beside missing cells). Any CRS, any resolution, rotated sources too.
    Refused: no overlap, missing values without a tag (-9999 and its like), negative people.
    """
    source = _source(values, nodata, kind)
    place = _Place(transform, CRS.from_user_input(crs), source.shape, grid)
    if kind == "sum":
        return _spread(np.nan_to_num(source, nan=0.0), place)[0]
    if grid.cell_m < COARSER * place.cell_m:
        return _read(source, place, nearest=kind == "class")
    known = np.isfinite(source)
    weight = _spread(known.astype(np.float64), place)[0]
    if kind == "continuous":
        total = _spread(np.where(known, source, 0.0), place)[0]
        mean: Floats = np.divide(total, weight, out=np.full(grid.shape, np.nan), where=weight > 1e-12)
        return mean
    best, chosen = np.zeros(grid.shape), np.full(grid.shape, np.nan)
    for value in np.unique(source[known]):
        share = _spread((source == value).astype(np.float64), place)[0]
        more = share > best + 1e-12
        best[more], chosen[more] = share[more], value
    return chosen


def resample_sum(
    values: npt.ArrayLike, transform: Affine, crs: object, grid: Grid, *, nodata: float | None = None
) -> tuple[Floats, float]:
    """`resample` of kind `sum`, and the amount that falls off the grid: both together are the source's total."""
    source = _source(values, nodata, "sum")
    return _spread(np.nan_to_num(source, nan=0.0), _Place(transform, CRS.from_user_input(crs), source.shape, grid))


class _Place:
    """Where a source lies on a grid: refuses one that does not touch it."""

    def __init__(self, transform: Affine, crs: CRS, shape: tuple[int, ...], grid: Grid) -> None:
        self.transform, self.crs, self.shape, self.grid = transform, crs, shape, grid
        self.same_crs = crs == grid.crs
        self.straight = self.same_crs and transform.b == 0 and transform.d == 0
        x, y = self.to_grid(np.array([0.5, 1.5, 0.5]) * shape[1] / 2, np.array([0.5, 0.5, 1.5]) * shape[0] / 2)
        across, down = np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])
        self.cell_m = float(np.sqrt(across * 2 / shape[1] * down * 2 / shape[0]))
        columns, rows = np.linspace(0, shape[1], 21), np.linspace(0, shape[0], 21)
        x, y = self.to_grid(*(axis.ravel() for axis in np.meshgrid(columns, rows)))
        west, south, east, north = grid.bounds_m
        apart = not np.isfinite(x).all() or x.max() <= west or x.min() >= east or y.max() <= south or y.min() >= north
        if apart:
            raise refused(
                "layers-apart", field="raster", found=f"a raster over {np.nanmin(x):.0f}, {np.nanmin(y):.0f}, "
                f"{np.nanmax(x):.0f}, {np.nanmax(y):.0f} m", expected=f"one that touches {np.round(grid.bounds_m)}",
                remedy="The layers do not overlap: check the CRS and the frame of the raster.",
                remedy_fr="Les couches ne se recouvrent pas : vérifiez le SCR et le cadre du raster.",
            )

    def to_grid(self, column: Floats, row: Floats) -> tuple[Floats, Floats]:
        """Eastings and northings of fractional source columns and rows."""
        x = self.transform.a * column + self.transform.b * row + self.transform.c
        y = self.transform.d * column + self.transform.e * row + self.transform.f
        if self.same_crs:
            return x, y
        east, north = Transformer.from_crs(self.crs, self.grid.crs, always_xy=True).transform(x, y)
        return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)

    def to_source(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Fractional source columns and rows of eastings and northings."""
        if not self.same_crs:
            x, y = Transformer.from_crs(self.grid.crs, self.crs, always_xy=True).transform(x, y)
        back = ~self.transform
        return back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f


def _source(values: npt.ArrayLike, nodata: float | None, kind: Kind) -> Floats:
    source = surface(values, "raster")
    if nodata is not None and np.isfinite(nodata):
        source = np.where(source == nodata, np.nan, source)
    known = source[np.isfinite(source)]
    wild = np.isin(known, SENTINELS) | (np.abs(known) > 1e36)
    if wild.any():
        raise refused(
            "nodata-untagged", field="raster", found=f"{int(wild.sum())} cells of {known[wild][0]:g}",
            expected="missing cells tagged as nodata", remedy="This is a missing value without a tag and would be "
            f"averaged into its neighbours: set nodata = {known[wild][0]:g} in catalog.toml.",
            remedy_fr=f"Valeur manquante non déclarée : mettez nodata = {known[wild][0]:g} dans catalog.toml.",
        )
    if kind == "sum" and (known < 0).any():
        raise refused(
            "amount-negative", field="raster", found=f"{int((known < 0).sum())} cells below 0, least {known.min():g}",
            expected="amounts of 0 or more", remedy="State the nodata value of the raster, or set these cells to 0.",
            remedy_fr="Indiquez la valeur manquante du raster, ou mettez ces cellules à 0.",
        )
    return source


def _spread(source: Floats, place: _Place) -> tuple[Floats, float]:
    """Amounts of the source on the grid, and the amount that falls off it."""
    if place.straight:
        west, south, east, north = place.grid.bounds_m
        step = place.transform
        columns = _overlap(step.c + step.a * np.arange(source.shape[1] + 1), west, east, place.grid.shape[1])
        rows = _overlap(-(step.f + step.e * np.arange(source.shape[0] + 1)), -north, -south, place.grid.shape[0])
        found = np.asarray(rows @ source @ columns.T)
    else:
        found = _scatter(source, place)
    return found, float(source.sum() - found.sum())


def _overlap(edges: Floats, low: float, high: float, cells: int) -> csr_array:
    """(cells, sources) part of each source interval inside each cell of low..high."""
    start, stop = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    size = (high - low) / cells
    first = np.clip(np.floor((start - low) / size), 0, cells - 1).astype(np.int64)
    last = np.clip(np.ceil((stop - low) / size), 1, cells).astype(np.int64)
    count = np.maximum(last - first, 1)
    index = np.repeat(np.arange(len(start)), count)
    cell = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[index]
    left, right = low + cell * size, low + (cell + 1) * size
    part = np.clip(np.minimum(stop[index], right) - np.maximum(start[index], left), 0, None) / (stop - start)[index]
    return csr_array((part, (cell, index)), shape=(cells, len(start)))


def _scatter(source: Floats, place: _Place) -> Floats:
    """Each source cell as small squares, four at least to a side of the grid's cell."""
    grid = place.grid
    squares = int(np.clip(np.ceil(FINEST * place.cell_m / grid.cell_m), FINEST, MOST_SQUARES))
    west, _, _, north = grid.bounds_m
    found = np.zeros(grid.size)
    rows, columns = np.nonzero(source)
    inner = (np.arange(squares) + 0.5) / squares
    right, down = (axis.ravel() for axis in np.meshgrid(inner, inner))
    step = max(CHUNK // squares**2, 1)
    for start in range(0, len(rows), step):
        row, column = rows[start : start + step], columns[start : start + step]
        x, y = place.to_grid((column[:, np.newaxis] + right).ravel(), (row[:, np.newaxis] + down).ravel())
        i, j = np.floor((north - y) / grid.cell_m), np.floor((x - west) / grid.cell_m)
        inside = (i >= 0) & (i < grid.shape[0]) & (j >= 0) & (j < grid.shape[1])
        amount = np.repeat(source[row, column] / squares**2, squares**2)
        flat = (i[inside] * grid.shape[1] + j[inside]).astype(np.int64)
        found += np.bincount(flat, amount[inside], grid.size)
    return found.reshape(grid.shape)


def _read(source: Floats, place: _Place, *, nearest: bool) -> Floats:
    """Values at the grid's centres: nearest, or bilinear with the nearest beside missing cells; nan off the source."""
    grid = place.grid
    x, y = grid.centres()
    found = np.empty(grid.shape)
    step = max(CHUNK // grid.shape[1], 1)
    rows, columns = source.shape
    for start in range(0, grid.shape[0], step):
        run = slice(start, start + step)
        xs, ys = (axis.ravel() for axis in np.meshgrid(x, y[run]))
        column, row = place.to_source(xs, ys)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        i = np.clip(np.floor(row), 0, rows - 1).astype(np.int64)
        j = np.clip(np.floor(column), 0, columns - 1).astype(np.int64)
        value = source[i, j]
        if not nearest:
            where = [np.clip(row - 0.5, 0, rows - 1), np.clip(column - 0.5, 0, columns - 1)]
            smooth = map_coordinates(source, where, order=1, mode="nearest")
            value = np.where(np.isfinite(smooth), smooth, value)
        found[run] = np.where(inside, value, np.nan).reshape(-1, grid.shape[1])
    return found
