"""Hollows of the ground, and how full a season's rain makes each: fill, then spill to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats
from gis_planner.spatial.terrain.elevation import checked_elevation
from gis_planner.spatial.terrain.routing import Flow, flow

LEAST_DEPTH_M: Final = 0.05


@dataclass(frozen=True, slots=True)
class Ponds:
    """number (rows, columns): pond of each cell, 0 outside; depth_m: depth when full; left_m3: water off the grid.

    table: one row per pond, by number: area_m2, volume_m3, depth_m (greatest), row and column of the deepest cell,
    stored_m3 after the season, full (0..1).
    """

    number: npt.NDArray[np.int32]
    depth_m: Floats
    table: pd.DataFrame
    left_m3: float


def ponding(
    elevation_m: npt.ArrayLike, cell_m: float, *, rain_mm: float | npt.ArrayLike, runoff_share: float | npt.ArrayLike,
    least_depth_m: float = LEAST_DEPTH_M, water: Flow | None = None,
) -> Ponds:
    """Ponds of a grid in metres and how full the rain of a season makes them.

    rain_mm: season's rain, one number or (rows, columns). runoff_share 0..1 of it runs off (from the soil and land
    cover; no default). Water follows `flow`; each hollow deeper than `least_depth_m` keeps what it can hold and spills
    the rest downstream. Runoff = stored + left, to rounding. Evaporation is the caller's: take it from the rain.
    """
    heights = checked_elevation(elevation_m)
    ground = flow(heights, cell_m) if water is None else water
    depth = np.where(np.isfinite(ground.filled_m), ground.filled_m - heights, 0.0)
    depth = np.where(depth >= least_depth_m, depth, 0.0)
    number, count = ndimage.label(depth > 0, structure=np.ones((3, 3)))
    area = ground.cell_m**2
    index = np.arange(1, count + 1)
    volume = np.bincount(number.ravel(), depth.ravel(), count + 1)[1:] * area
    runoff = _runoff(rain_mm, runoff_share, heights, area)
    room = np.concatenate([[0.0], volume])
    stored, left = _spill(ground.order, ground.downstream, number.ravel(), room, runoff.ravel())
    deepest = np.array(ndimage.maximum_position(depth, number, index), dtype=np.int64).reshape(count, 2)
    table = pd.DataFrame({
        "area_m2": np.bincount(number.ravel(), minlength=count + 1)[1:] * area, "volume_m3": volume,
        "depth_m": depth[deepest[:, 0], deepest[:, 1]], "row": deepest[:, 0], "column": deepest[:, 1],
        "stored_m3": stored[1:], "full": stored[1:] / np.maximum(volume, 1e-12),
    }, index=pd.Index(index, name="pond"))
    return Ponds(number.astype(np.int32), depth, table, float(left))


def _runoff(
    rain_mm: float | npt.ArrayLike, runoff_share: float | npt.ArrayLike, heights: Floats, area_m2: float
) -> Floats:
    rain, share = np.asarray(rain_mm, dtype=np.float64), np.asarray(runoff_share, dtype=np.float64)
    for what, values, most in (("rain_mm", rain, np.inf), ("runoff_share", share, 1.0)):
        if values.shape not in ((), heights.shape) or not ((values >= 0) & (values <= most)).all():
            raise refused("ponding", field=what, found=f"shape {values.shape}, least {np.min(values)}",
                          expected="0 or more" + (", at most 1" if most == 1 else "") + ", one number or one per cell",
                          remedy="Mend the layer: rain in mm of the season, runoff as a share of it.",
                          remedy_fr="Corrigez : pluie en mm de la saison, ruissellement en part de la pluie.")
    return np.where(np.isfinite(heights), rain / 1000.0 * share * area_m2, 0.0)


@numba.njit(cache=True, nogil=True)
def _spill(order: Any, downstream: Any, number: Any, volume: Any, runoff: Any) -> Any:
    """From the divides down: a cell in a pond gives to it until the pond is full, and passes the rest on."""
    carried = runoff.copy()
    stored = np.zeros(volume.size)
    left = 0.0
    for at in range(order.size - 1, -1, -1):
        cell = order[at]
        pond = number[cell]
        if pond > 0:
            kept = min(carried[cell], volume[pond] - stored[pond])
            stored[pond] += kept
            carried[cell] -= kept
        if downstream[cell] == cell:
            left += carried[cell]
        else:
            carried[downstream[cell]] += carried[cell]
    return stored, left
