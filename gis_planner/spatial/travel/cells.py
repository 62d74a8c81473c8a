"""Between rasters and grids of cells: the size of cells in metres, the cells of points, the nearest open cell."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Geod

from gis_planner.problems import refused

_SQUARE: Final = 1e-6


def cell_size(transform: Any, crs: Any, shape: tuple[int, int]) -> float | tuple[float, float | NDArray[np.float64]]:
    """The `cell_m` of a raster: one side, or (height, width), or (height, width of each row) for degrees.

    transform: affine.Affine or its six numbers. A grid turned as a whole keeps right angles, so its sides are measured
    and it is used as it is; a sheared one is refused. Degrees are measured along the ellipsoid: the width of each row
    at its latitude, one height at the middle row (true to 0.5 % within 10 degrees of latitude). Feet are converted.
    """
    a, b, _, d, e, f = (float(v) for v in tuple(transform)[:6])
    system = CRS.from_user_input(crs) if crs is not None else None
    width, height = float(np.hypot(a, d)), float(np.hypot(b, e))
    if system is None or not (width > 0 and height > 0) or abs(a * b + d * e) > _SQUARE * width * height:
        raise refused("grid-geometry", field="transform", found=f"{tuple(transform)[:6]} in {crs}",
                      expected="a known CRS, and rows at right angles to columns",
                      remedy="Warp the raster to a metric CRS first (rasterio.warp.reproject).",
                      remedy_fr="Reprojeter d'abord le raster dans un SCR métrique (rasterio.warp.reproject).")
    if system.is_projected:
        metres = float(system.axis_info[0].unit_conversion_factor)
        return width * metres if abs(width - height) <= _SQUARE * width else (height * metres, width * metres)
    if not system.is_geographic or b != 0 or d != 0:
        raise refused("grid-geometry", field="crs", found=system.name, expected="a projected CRS, or plain degrees",
                      remedy="Warp the raster to a metric CRS first (rasterio.warp.reproject).")
    latitude = f + (np.arange(shape[0]) + 0.5) * e
    ellipsoid = system.get_geod() or Geod(ellps="WGS84")
    zero = np.zeros(shape[0])
    _, _, widths = ellipsoid.inv(zero, latitude, zero + width, latitude)
    middle = float(latitude[shape[0] // 2])
    _, _, tall = ellipsoid.inv(0.0, middle - height / 2, 0.0, middle + height / 2)
    return float(tall), np.asarray(widths)


def cells_of(xy: ArrayLike, transform: Any) -> NDArray[np.int64]:
    """Row and column (n, 2) of points (n, 2) given in the raster's coordinates; may lie outside the grid."""
    a, b, c, d, e, f = (float(v) for v in tuple(transform)[:6])
    points = np.asarray(xy, float) - (c, f)
    columns = (e * points[:, 0] - b * points[:, 1]) / (a * e - b * d)
    rows = (a * points[:, 1] - d * points[:, 0]) / (a * e - b * d)
    return np.floor(np.column_stack([rows, columns])).astype(np.int64)


def snap_to_open(
    cells: ArrayLike, speed_kmh: ArrayLike, *, most_cells: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Move cells that are closed to the nearest open one (ties: upper row, then left column).

    Returns the cells and how far each was moved, in cells. Raises `Refused` naming those with no open cell within
    `most_cells`.
    """
    asked = np.asarray(cells, np.int64)
    speed: NDArray[np.float64] = np.ma.filled(np.ma.asarray(speed_kmh, float), np.nan)
    open_cells = np.argwhere(speed > 0)
    inside = np.all((asked >= 0) & (asked < speed.shape), axis=1)
    held = np.where(inside[:, None], asked, 0)
    good = inside & (speed[held[:, 0], held[:, 1]] > 0)
    out, moved = asked.copy(), np.zeros(len(asked))
    for i in np.flatnonzero(~good):
        near = open_cells[np.all(np.abs(open_cells - asked[i]) <= most_cells, axis=1)]
        apart = np.hypot(*(near - asked[i]).T) if len(near) else np.array([np.inf])
        best = int(apart.argmin())
        moved[i] = apart[best]
        if apart[best] <= most_cells:
            out[i] = near[best]
    lost = np.flatnonzero(moved > most_cells)
    if lost.size:
        raise refused("no-open-cell", field="cells", row=str(lost[0]), found=f"{lost.tolist()[:10]} far from any",
                      expected=f"an open cell within {most_cells:g} cells", remedy="Check their coordinates and CRS.",
                      remedy_fr="Vérifier leurs coordonnées et leur SCR.")
    return out, moved
