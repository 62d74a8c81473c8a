"""The checked rows as the table that programmes use: canonical columns, geometry in longitude and latitude."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planner.crs import STORE
from gis_planner.layers.work import Work
from gis_planner.tables.column import Column


def _typed(column: Column, values: np.ndarray) -> pd.Series:
    """One column: int64, bool, str where nothing is missing; float64 with nan, or object with None, where it is."""
    if column.kind == "integer":
        numbers = values.astype(float)
        return pd.Series(numbers.astype(np.int64) if np.isfinite(numbers).all() else numbers)
    if column.kind == "number":
        return pd.Series(values.astype(float))
    if column.kind == "date":
        return pd.Series(values.astype("datetime64[s]"))
    if column.kind == "flag":
        whole = all(value is not None for value in values)
        return pd.Series(values.astype(bool) if whole else pd.array(list(values), dtype="boolean"))
    return pd.Series(values, dtype="str" if len(values) else object)


def _explode(frame: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """Lines of several parts as several rows, their ids numbered."""
    multi = frame.geometry.geom_type == "MultiLineString"
    if not multi.any():
        return frame
    merged = frame.copy()
    merged.loc[multi, "geometry"] = shapely.line_merge(merged.loc[multi, "geometry"].to_numpy())
    parts = merged.explode(index_parts=True)
    number = parts.index.get_level_values(1).to_numpy()
    several = parts.index.get_level_values(0).duplicated(keep=False)
    parts[key] = [f"{name}.{part + 1}" if more else name
                  for name, part, more in zip(parts[key], number, several, strict=True)]
    return parts.reset_index(drop=True)


def build(work: Work) -> gpd.GeoDataFrame | pd.DataFrame:
    """The kept rows with every column of the table, in the order of the file."""
    rows = np.flatnonzero(work.kept)
    data = pd.DataFrame({
        column.name: _typed(column, work.values[column.name][rows]) for column in work.table.columns
    })
    if work.table.geometry == "none" or work.shapes is None:
        return data
    shapes = work.shapes[rows]
    frame = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(shapes, crs=STORE))
    if work.table.geometry == "line":
        frame = _explode(frame, work.table.key)
    return frame
