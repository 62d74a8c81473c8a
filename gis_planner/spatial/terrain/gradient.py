"""Up or down between two points: is the latrine above the well, and how steep is the way with 20 litres?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import map_coordinates

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats, metric_places
from gis_planner.spatial.grid import Grid, on_grid
from gis_planner.spatial.terrain.elevation import checked_elevation


def gradient_between(
    elevation_m: npt.ArrayLike, grid: Grid, from_xy_m: npt.ArrayLike, to_xy_m: npt.ArrayLike
) -> pd.DataFrame:
    """One row per pair (n): distance_m, rise_m (to minus from), gradient (rise over distance), climb_m, descent_m.

    climb_m and descent_m add up the ups and downs of the straight line, read every half cell by bilinear
    interpolation. `from` is up-gradient of `to` where rise_m < 0. nan where an end or the line meets missing ground or
    lies off the grid; gradient is 0 for a pair at one spot.
    """
    heights = checked_elevation(on_grid(elevation_m, grid, "elevation_m"))
    start, end = metric_places(from_xy_m, "from_xy_m"), metric_places(to_xy_m, "to_xy_m")
    if start.shape != end.shape:
        raise refused("pairs", field="to_xy_m", found=f"{len(start)} and {len(end)} places", expected="as many",
                      remedy="Give one place to go to for each place to start from.",
                      remedy_fr="Donnez une arrivée pour chaque départ.")
    distance = np.hypot(*(end - start).T) if len(start) else np.zeros(0)
    rise, climb, descent = np.empty(len(start)), np.empty(len(start)), np.empty(len(start))
    for index in range(len(start)):
        steps = max(int(np.ceil(2 * distance[index] / grid.cell_m)), 1)
        line = start[index] + np.linspace(0, 1, steps + 1)[:, np.newaxis] * (end[index] - start[index])
        change = np.diff(_read(heights, grid, line))
        rise[index], climb[index], descent[index] = change.sum(), change.clip(min=0).sum(), -change.clip(max=0).sum()
    gradient = np.divide(rise, distance, out=np.where(np.isnan(rise), np.nan, 0.0), where=distance > 0)
    return pd.DataFrame({"distance_m": distance, "rise_m": rise, "gradient": gradient, "climb_m": climb,
                         "descent_m": descent})


def _read(heights: Floats, grid: Grid, xy_m: Floats) -> Floats:
    """Bilinear heights at places; nan off the grid (its outer half cell reads the edge cell)."""
    west, _, _, north = grid.bounds_m
    row, column = (north - xy_m[:, 1]) / grid.cell_m - 0.5, (xy_m[:, 0] - west) / grid.cell_m - 0.5
    rows, columns = grid.shape
    inside = (row >= -0.5) & (row <= rows - 0.5) & (column >= -0.5) & (column <= columns - 0.5)
    where = [row.clip(0, rows - 1), column.clip(0, columns - 1)]
    return np.where(inside, map_coordinates(heights, where, order=1, mode="nearest"), np.nan)
