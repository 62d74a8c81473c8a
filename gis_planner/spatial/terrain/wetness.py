"""Slope and topographic wetness: where water gathers and leaves slowly."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from gis_planner.spatial._arrays import Floats, cell_size
from gis_planner.spatial.terrain.elevation import checked_elevation
from gis_planner.spatial.terrain.routing import Flow, flow

LEAST_TANGENT: Final = 0.001
"""Slope (rise over run) that flat ground counts as, so that the index stays finite."""


def slope_tangent(elevation_m: npt.ArrayLike, cell_m: float) -> Floats:
    """Rise over run of each cell from central differences (Zevenbergen and Thorne 1987); nan where missing.

    One-sided at edges and beside missing cells, so that a plane has its own slope everywhere.
    """
    return np.asarray(_tangent(checked_elevation(elevation_m), cell_size(cell_m)), dtype=np.float64)


def wetness(
    elevation_m: npt.ArrayLike, cell_m: float, *, water: Flow | None = None, least_tangent: float = LEAST_TANGENT
) -> Floats:
    """Topographic wetness index ln(a / tan slope) of each cell; nan where missing. Higher is wetter.

    a: ground that drains through a cell per metre of contour, accumulation x cell_m (metres); slope of the filled
    ground, at least `least_tangent`. water: a `flow` of the same elevation, when it is at hand. Beven and Kirkby 1979
    (Hydrological Sciences Bulletin 24:43).
    """
    ground = flow(elevation_m, cell_m) if water is None else water
    tangent = np.maximum(_tangent(ground.filled_m, ground.cell_m), least_tangent)
    area = np.where(ground.accumulation > 0, ground.accumulation * ground.cell_m, np.nan)
    return np.asarray(np.log(area / tangent), dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def _tangent(heights: Any, cell_m: float) -> Any:
    rows, columns = heights.shape
    out = np.full((rows, columns), np.nan)
    for i in range(rows):
        for j in range(columns):
            here = heights[i, j]
            if np.isnan(here):
                continue
            north = heights[i - 1, j] if i > 0 else np.nan
            south = heights[i + 1, j] if i + 1 < rows else np.nan
            west = heights[i, j - 1] if j > 0 else np.nan
            east = heights[i, j + 1] if j + 1 < columns else np.nan
            out[i, j] = np.hypot(_step(north, here, south), _step(west, here, east)) / cell_m
    return out


@numba.njit(cache=True, nogil=True)
def _step(before: Any, here: Any, after: Any) -> Any:
    """Change per cell: central, one-sided beside a missing value, 0 between two."""
    if np.isnan(before) and np.isnan(after):
        return 0.0
    if np.isnan(before):
        return after - here
    if np.isnan(after):
        return here - before
    return (after - before) / 2
