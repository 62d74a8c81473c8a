"""What a layer holds as one digest: the same rows in another order, or in another format, are the same data."""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planner.tables.layer import Raster


def digest_rows(frame: gpd.GeoDataFrame | pd.DataFrame) -> str:
    """sha256 of the rows in the order of their text (columns by name, geometry to nine decimals of a degree)."""
    columns = sorted(str(name) for name in frame.columns if name != "geometry")
    parts = [frame[name].astype(object).map(lambda value: "" if pd.isna(value) else str(value))
             for name in columns]
    if isinstance(frame, gpd.GeoDataFrame):
        parts.append(pd.Series(shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=9), index=frame.index))
    lines = sorted("\x1f".join(row) for row in zip(*parts, strict=True))
    total = hashlib.sha256("\x1f".join(columns).encode())
    for line in lines:
        total.update(b"\x1e" + line.encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def digest_raster(raster: Raster) -> str:
    """sha256 of the cells, where they lie and their CRS."""
    total = hashlib.sha256(repr((raster.values.shape, tuple(raster.transform)[:6], raster.crs.to_wkt())).encode())
    total.update(np.ascontiguousarray(raster.values, dtype="<f8").tobytes())
    return total.hexdigest()
