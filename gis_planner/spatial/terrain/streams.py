"""Streams: cells with enough ground above them, and the lines that join them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyflwdir

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Bools
from gis_planner.spatial.grid import Grid, on_grid
from gis_planner.spatial.terrain.routing import Flow


def stream_cells(water: Flow, stream_area_m2: float) -> Bools:
    """True where at least `stream_area_m2` drain through a cell (one threshold for the region)."""
    if not (np.isfinite(stream_area_m2) and stream_area_m2 > 0):
        raise refused("stream-area", field="stream_area_m2", found=stream_area_m2, expected="more than 0 m2",
                      remedy="Write the ground that begins a stream, for instance 1,000,000 m2 (1 km2).",
                      remedy_fr="Écrivez la surface qui fait naître un cours d'eau, par exemple 1 000 000 m2 (1 km2).")
    return np.asarray((water.area_m2 >= stream_area_m2) & (water.accumulation > 0), dtype=bool)


def stream_lines(water: Flow, streams: npt.ArrayLike, grid: Grid) -> gpd.GeoDataFrame:
    """One line per reach, downstream, with its Strahler order; metres of the grid's CRS. Empty without streams."""
    mask = on_grid(streams, grid, "streams").astype(bool)
    empty = gpd.GeoDataFrame({"order": np.zeros(0, np.int64)}, geometry=[], crs=grid.crs)
    if not mask.any():
        return empty
    raster = pyflwdir.from_array(water.direction, ftype="d8", check_ftype=False, transform=grid.transform, latlon=False)
    found = raster.streams(mask, strord=raster.stream_order(mask=mask))
    if not found:
        return empty
    table = gpd.GeoDataFrame.from_features(found, crs=grid.crs)
    table = table[table.geometry.length > 0].reset_index(drop=True)
    return gpd.GeoDataFrame({"order": table["strord"].astype(np.int64)}, geometry=table.geometry, crs=grid.crs)
