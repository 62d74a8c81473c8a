"""Zonal sums that lose nobody: each cell's people are shared by the part of the cell that a zone covers.

The shares are worked out once, as a sparse matrix (zones x cells), and used again for every scenario. Coverage of
cells by polygons is exactextract's (exact area, not cell centres). What no zone covers is reported, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from scipy.sparse import csr_array

from gis_planner.crs import require_metric
from gis_planner.problems import refused
from gis_planner.spatial._arrays import Floats
from gis_planner.spatial.grid import Grid, on_grid

SHARE_ROUNDING: Final = 1e-5
"""Coverage comes in single precision: shares of one cell that sum to 1 within this are made to sum to 1."""


@dataclass(frozen=True, slots=True)
class ZoneWeights:
    """shares: (zones, cells) part 0..1 of each cell inside each zone; index: the zones' labels; grid: the cells."""

    shares: csr_array
    index: pd.Index
    grid: Grid

    def outside(self) -> Floats:
        """(cells,) part of each cell that no zone covers (negative where zones overlap)."""
        return np.asarray(1.0 - self.shares.sum(axis=0), dtype=np.float64).ravel()


def zone_weights(zones: gpd.GeoDataFrame, grid: Grid) -> ZoneWeights:
    """The part of each cell in each zone. zones: polygons in the grid's CRS, index = labels.

    Refused: another CRS, missing or faulty geometry, no zone that touches the grid. Method: exactextract (exact cell
    coverage of polygons).
    """
    crs = require_metric(zones.crs, "zones")
    if crs != grid.crs:
        raise refused("crs-differs", field="zones", found=crs.name, expected=grid.crs.name,
                      remedy="Convert the zones with zones.to_crs(grid.crs).",
                      remedy_fr="Convertissez les zones avec zones.to_crs(grid.crs).")
    shapes = zones.geometry.reset_index(drop=True)
    faulty = shapes.isna() | shapes.is_empty | ~shapes.geom_type.isin(["Polygon", "MultiPolygon"]) | ~shapes.is_valid
    if faulty.any():
        raise refused("zone-geometry", field="zones", row=str(zones.index[int(np.argmax(faulty))]),
                      found=f"{int(faulty.sum())} zones that are missing, empty, crossing themselves or no polygons",
                      expected="valid polygons", remedy="Mend them, for instance with shapely.make_valid.",
                      remedy_fr="Réparez-les, par exemple avec shapely.make_valid.")
    west, south, east, north = grid.bounds_m
    box = shapes.total_bounds
    if not len(shapes) or box[0] >= east or box[2] <= west or box[1] >= north or box[3] <= south:
        raise refused("layers-apart", field="zones", found=f"zones in {np.round(box).tolist()}",
                      expected=f"zones that touch the grid {np.round(grid.bounds_m).tolist()}",
                      remedy="The layers do not overlap: check the CRS and the frame of both.",
                      remedy_fr="Les couches ne se recouvrent pas : vérifiez le SCR et le cadre des deux.")
    return ZoneWeights(_coverage(shapes, grid), zones.index, grid)


def _coverage(shapes: gpd.GeoSeries, grid: Grid) -> csr_array:
    west, south, east, north = grid.bounds_m
    frame = np.broadcast_to(np.float32(0), grid.shape)
    source = NumPyRasterSource(np.ascontiguousarray(frame), west, south, east, north, srs_wkt=grid.crs.to_wkt())
    found = exact_extract(source, gpd.GeoDataFrame(geometry=shapes, crs=grid.crs), ["cell_id", "coverage"],
                          output="pandas")
    cells, parts = found["cell_id"].to_numpy(), found["coverage"].to_numpy()
    counts = np.array([len(part) for part in parts], dtype=np.int64)
    pointers = np.concatenate([[0], np.cumsum(counts)])
    columns = np.concatenate(cells).astype(np.int64) if len(cells) else np.zeros(0, np.int64)
    values = np.concatenate(parts).astype(np.float64) if len(parts) else np.zeros(0)
    matrix = csr_array((values, columns, pointers), shape=(len(shapes), grid.size))
    matrix.sort_indices()
    whole = np.asarray(matrix.sum(axis=0)).ravel()
    whole = np.where(np.abs(whole - 1.0) < SHARE_ROUNDING, whole, 1.0)
    matrix.data /= whole[matrix.indices]
    return matrix


def zonal_sum(values: npt.ArrayLike, weights: ZoneWeights) -> pd.Series:
    """People (or any amount per cell) in each zone; nan cells hold nothing. Index: the zones'."""
    amount = np.nan_to_num(on_grid(values, weights.grid, "values").astype(np.float64), nan=0.0).ravel()
    return pd.Series(np.asarray(weights.shares @ amount), index=weights.index, name="sum")


def zonal_mean(values: npt.ArrayLike, weights: ZoneWeights) -> pd.Series:
    """Mean of a density, height or score over each zone, by covered area; nan cells are left out, nan when all are."""
    array = on_grid(values, weights.grid, "values").astype(np.float64).ravel()
    known = np.isfinite(array)
    area = np.asarray(weights.shares @ known.astype(np.float64))
    total = np.asarray(weights.shares @ np.where(known, array, 0.0))
    mean = np.divide(total, area, out=np.full(len(area), np.nan), where=area > 0)
    return pd.Series(mean, index=weights.index, name="mean")


def zonal_table(values: npt.ArrayLike, weights: ZoneWeights) -> pd.DataFrame:
    """Per zone: sum, area_m2 covered and share of the total; attrs hold `total`, `outside` and `twice`.

    sum over zones = total - outside + twice, where `outside` is what no zone covers and `twice` what overlapping zones
    count again: nobody is lost between the lines.
    """
    amount = np.nan_to_num(on_grid(values, weights.grid, "values").astype(np.float64), nan=0.0).ravel()
    table = pd.DataFrame({"sum": zonal_sum(values, weights)})
    table["area_m2"] = np.asarray(weights.shares.sum(axis=1)).ravel() * weights.grid.cell_area_m2
    total = float(amount.sum())
    table["share"] = table["sum"] / total if total else np.nan
    left = weights.outside()
    table.attrs = {"total": total, "outside": float(amount @ np.maximum(left, 0.0)),
                   "twice": float(amount @ np.maximum(-left, 0.0))}
    return table
