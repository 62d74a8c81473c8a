"""plan.gpkg: every result and every input layer with its style, for QGIS and QField; the same plan, the same bytes.

OGC GeoPackage 1.3 by GDAL (pyogrio); time stamps fixed; styles in `layer_styles`, the table QGIS takes defaults from.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from gis_planner.crs import STORE
from gis_planner.maps import safe
from gis_planner.maps.qml import looks_of, qml
from gis_planner.maps.rows import base_rows, result_rows
from gis_planner.maps.style import style_in_use
from gis_planner.tables.column import Geometry, Kind, Table
from gis_planner.tables.plan import Plan

INPUT = "input_"
"""Prefix of an input layer, so that the `villages` given and the `villages` found are two layers."""

_STAMP = "2000-01-01T00:00:00.000Z"
_GEOMETRY: dict[Geometry, str] = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_DTYPES: dict[Kind, Any] = {
    "id": "string", "text": "string", "category": "string", "integer": "Int64", "number": "Float64", "flag": "boolean",
    "date": pd.ArrowDtype(pa.date32()),
}
_STYLES = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
  f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT, ui TEXT, update_time DATETIME)"""


def write_geopackage(plan: Plan, path: Path, *, lang: str = "en") -> None:
    """Write every result table under its name and every input layer as `input_<kind>`; `path` must not exist."""
    layers = result_rows(plan)
    layers |= {INPUT + kind: pair for kind, pair in base_rows(plan).items()}
    style, styles = style_in_use(), list[tuple[str, str]]()
    with _fixed_time():
        for name, (table, rows) in layers.items():
            geometry = _write_layer(path, name, table, rows, lang)
            if geometry != "none":
                of = f"base.{name.removeprefix(INPUT)}" if name.startswith(INPUT) else f"results.{name}"
                styles.append((name, qml(looks_of(style, of), geometry, lang)))
    if layers:
        _add_styles(path, styles)


def _write_layer(path: Path, name: str, table: Table, rows: pd.DataFrame, lang: str) -> Geometry:
    """Append one layer with a schema that does not depend on the values; the geometry it got."""
    columns = {
        column.name: pd.array(
            [_clean(value) for value in rows[column.name]], dtype=_DTYPES[_kind(column.kind, rows[column.name])],
        ) for column in table.columns
    }
    frame: pd.DataFrame = pd.DataFrame(columns)
    label = table.label_fr if lang == "fr" else table.label
    shape = table.geometry
    if isinstance(rows, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=shapely.force_2d(rows.geometry.values), crs=STORE)
    elif {"latitude", "longitude"} <= set(table.names):
        places = gpd.points_from_xy(rows["longitude"].astype(float), rows["latitude"].astype(float))
        frame, shape = gpd.GeoDataFrame(frame, geometry=places, crs=STORE), "point"
    else:
        shape = "none"
    options = {"geometry_type": _GEOMETRY[shape], "promote_to_multi": shape != "point"} if shape != "none" else {}
    pyogrio.write_dataframe(
        frame, path, layer=name, driver="GPKG", append=path.exists(), use_arrow=True, **options,
        dataset_options=None if path.exists() else {"VERSION": "1.3"},
        layer_options={"IDENTIFIER": f"{name}: {label}", "DESCRIPTION": label},
    )
    return shape


def _kind(kind: Kind, values: pd.Series) -> Kind:
    """The kind written: a date column that also holds text that is no date is text."""
    mixed = kind == "date" and any(isinstance(value, str) for value in values)
    return "text" if mixed else kind


def _clean(value: object) -> object:
    return safe.text(value) if isinstance(value, str) else value


@contextmanager
def _fixed_time() -> Iterator[None]:
    """GDAL with a fixed clock; and without its own syncing to disk, which the writer of the set does once."""
    wanted = {"OGR_CURRENT_DATE": _STAMP, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _add_styles(path: Path, styles: list[tuple[str, str]]) -> None:
    """Add the table that QGIS and QField take their default styles from (13 columns, as QGIS itself makes it)."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute(_STYLES)
        file.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
            " VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', NULL, ?)",
            [(name, name, style, name, _STAMP) for name, style in styles],
        )
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)", (_STAMP,),
        )
