"""GeoParquet by Arrow: plain columns and WKB geometry; size is judged before anything is read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable, as_text
from gis_planner.layers.readers import Ask
from gis_planner.layers.report import Report
from gis_planner.problems import Stop
from gis_planner.tables.inputs import INPUTS

_MAX_ROWS = 5_000_000
_MAX_BYTES = 1_500_000_000
_MAX_META_BYTES = 4_000_000


def _geo(file: Any, report: Report) -> dict[str, Any] | None:
    """The geo metadata: primary column and its description; None when there is none."""
    raw = (file.metadata.metadata or {}).get(b"geo")
    if raw is None:
        return None
    try:
        geo: dict[str, Any] = json.loads(raw) if len(raw) < _MAX_META_BYTES else {}
        column = geo["primary_column"]
        return {"column": column, **geo["columns"][column]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise report.stop("parquet-not-geo", found="geo metadata that cannot be read", field="geo") from None


def _crs(geo: dict[str, Any], report: Report) -> CRS | None:
    if "crs" not in geo:
        return STORE
    if geo["crs"] is None:
        return None
    try:
        return CRS.from_json_dict(geo["crs"]) if isinstance(geo["crs"], dict) else CRS.from_user_input(geo["crs"])
    except (CRSError, ValueError, TypeError):
        raise report.stop("crs-unknown", found="crs in the geo metadata that is not known", field="crs") from None


def _shapes(values: list[Any], faults: list[Fault]) -> list[BaseGeometry | None]:
    out: list[BaseGeometry | None] = []
    for index, value in enumerate(values):
        shape = None
        if value is None:
            faults.append(Fault("geometry-missing", index, "geometry", "a null geometry"))
        else:
            try:
                shape = shapely.from_wkb(value)
                if shape.is_empty or not np.isfinite(shape.bounds).all():
                    shape = None
                    faults.append(Fault("geometry-broken", index, "geometry", "an empty or infinite geometry"))
            except (ShapelyError, ValueError, TypeError) as error:
                faults.append(Fault("geometry-broken", index, "geometry", f"a geometry that cannot be read: {error}"))
        out.append(shape)
    return out


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The rows of a GeoParquet file, or of a plain Parquet file with coordinate columns."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path) as file:
            rows = file.metadata.num_rows
            size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
            if rows > _MAX_ROWS or size > _MAX_BYTES:
                raise report.stop("file-too-large", found=f"{rows:,} rows, {size / 1e6:,.0f} MB unpacked", field="rows",
                                  limit=f"{_MAX_ROWS:,} rows")
            geo = _geo(file, report)
            if geo is None and INPUTS[ask.kind].geometry in {"line", "polygon"}:
                raise report.stop("parquet-not-geo", found="Parquet without geo metadata", field="geo")
            if geo is not None and str(geo.get("encoding", "WKB")).upper() != "WKB":
                raise report.stop("parquet-not-geo", found=f"geometry encoded as {geo.get('encoding')}", field="geo")
            table = file.read(use_threads=False)
            data = {name: table.column(place).to_pylist() for place, name in enumerate(table.column_names)}
    except Stop:
        raise
    except Exception as error:  # Arrow raises many classes for damaged files
        raise report.stop("driver-failed", found=f"a Parquet file that cannot be read (truncated or corrupt): {error}",
                          field="file", wanted="GeoParquet") from None
    faults: list[Fault] = []
    shapes = None
    if geo is not None:
        if geo["column"] not in data:
            raise report.stop("parquet-not-geo", found=f"no column {geo['column']}", field="geo")
        shapes = _shapes(data.pop(geo["column"]), faults)
    data.pop("bbox", None)
    columns = {str(name): [as_text(value) for value in values] for name, values in data.items()}
    return RawTable(columns, range(1, rows + 1), "row", shapes, _crs(geo, report) if geo else None, faults)
