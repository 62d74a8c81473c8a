"""The two vector formats that GDAL reads (Shapefile, FlatGeobuf), from a folder of our own."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis_planner.layers.raw import Fault, RawTable, as_text
from gis_planner.layers.readers.crs_name import crs_of
from gis_planner.layers.report import Report
from gis_planner.problems import Stop

MAX_ROWS = 3_000_000
_CONFIG = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "NO", "CPL_CURL_ENABLE_VSICURL": "NO", "OGR_GEOJSON_MAX_OBJ_SIZE": "100",
    "VERIFY_BUFFERS": "YES", "SHAPE_RESTORE_SHX": "NO", "GDAL_NUM_THREADS": "1",
}


def read_gdal(path: Path, label: str, report: Report, encoding: str | None = None) -> RawTable:
    """The rows of the only layer of a file whose first bytes are known; raises `Refused` when it is damaged."""
    import pyogrio

    pyogrio.set_gdal_config_options(_CONFIG)
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = pyogrio.read_info(path, **options)
            if (info.get("features") or 0) > MAX_ROWS:
                raise report.stop("file-too-large", found=f"{info['features']:,} rows", field="rows",
                                  limit=f"{MAX_ROWS:,} rows")
            meta, _, wkb, fields = pyogrio.raw.read(path, **options)
    except Stop:
        raise
    except Exception as error:
        raise report.stop("driver-failed", found=f"a {label} that cannot be opened (truncated or corrupt): {error}",
                          field="file", wanted=label) from None
    crs = _crs(meta.get("crs"), report)
    faults: list[Fault] = []
    shapes = [_shape(value, index, faults) for index, value in enumerate(wkb)] if wkb is not None else None
    count = len(shapes) if shapes is not None else (len(fields[0]) if fields else 0)
    declared = info.get("features", -1)
    if declared is not None and declared >= 0 and declared != count:
        raise report.stop("driver-failed", found=f"{count} of the {declared} rows that a {label} declares (truncated)",
                          field="file", wanted=label)
    columns = {str(name): _texts(values) for name, values in zip(meta["fields"], fields, strict=True)}
    return RawTable(columns, range(1, count + 1), "feature", shapes, crs, faults)


def _crs(name: object, report: Report) -> CRS | None:
    return crs_of(name, report) if name else None


def _shape(value: bytes | None, index: int, faults: list[Fault]) -> BaseGeometry | None:
    if value is None:
        faults.append(Fault("geometry-missing", index, "geometry", "a null geometry"))
        return None
    try:
        shape: BaseGeometry = shapely.from_wkb(value)
    except (ShapelyError, ValueError) as error:
        faults.append(Fault("geometry-broken", index, "geometry", f"a geometry that cannot be read: {error}"))
        return None
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        faults.append(Fault("geometry-broken", index, "geometry", "an empty geometry, or a coordinate that is NaN"))
        return None
    return shape


def _texts(values: Any) -> list[str]:
    kind = values.dtype.kind
    if kind == "M":
        return ["" if np.isnat(value) else as_text(value.astype("datetime64[s]").item()) for value in values]
    if kind == "f":
        return ["" if np.isnan(value) else as_text(float(value)) for value in values]
    if kind in "iu":
        return [str(int(value)) for value in values]
    if kind == "b":
        return ["true" if value else "false" for value in values]
    return [as_text(None if isinstance(value, float) and np.isnan(value) else value) for value in values]
