"""GeoPackage by SQLite alone, read-only: tables only, within limits of time and size; no driver, no view."""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import shapely
from pyproj import CRS
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable, as_text
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.crs_name import crs_of
from gis_planner.layers.report import Report

_SECONDS = 8.0
_MAX_ROWS = 3_000_000
_MAX_VALUE_BYTES = 64_000_000
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_WAL = b"\x02"


def _open(source: Source, report: Report) -> sqlite3.Connection:
    with source.path.open("rb") as file:
        header = file.read(20)
    beside = source.path.with_name(source.path.name + "-wal")
    if header[18:19] == _WAL and beside.exists() and beside.stat().st_size:
        raise report.stop("database-busy", found="changes that are not yet in the file (-wal)", field="file")
    connection = sqlite3.connect(f"file:{quote(str(source.path.absolute()))}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema=OFF")
    end = time.monotonic() + _SECONDS
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 20_000)
    return connection


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _intact(connection: sqlite3.Connection, report: Report) -> None:
    if connection.execute("PRAGMA page_count").fetchone()[0] < 200_000:
        answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise report.stop("database-damaged", found=f"a damaged (malformed) database: {answer}", field="file")


def _layers(connection: sqlite3.Connection, report: Report) -> list[tuple[str, str, int | None]]:
    """(table, geometry column or "", srs id) of each layer listed in the contents."""
    kinds = {name.lower(): (kind, sql or "") for name, kind, sql in connection.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')")}
    if "gpkg_contents" not in kinds or "gpkg_geometry_columns" not in kinds:
        raise report.stop("database-not-layers", field="gpkg_contents",
                          found="an SQLite file without GeoPackage layers")
    geometry = {str(row[0]).lower(): (str(row[1]), row[2]) for row in connection.execute(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")}
    found = []
    for table, kind in connection.execute("SELECT table_name, data_type FROM gpkg_contents LIMIT 1000").fetchall():
        if kind not in {"features", "attributes"}:
            continue
        stored, sql = kinds.get(str(table).lower(), ("", ""))
        if stored == "view" or "virtual table" in sql.lower():
            raise report.stop("database-view", found=f"a view in the place of the table {table}", field=str(table))
        if stored != "table":
            raise report.stop("database-not-layers", found=f"no table {table}", field="gpkg_contents")
        column, srs = geometry.get(str(table).lower(), ("", None))
        found.append((str(table), column, srs))
    return found


def _choose(
    connection: sqlite3.Connection, layers: list[tuple[str, str, int | None]], ask: Ask, report: Report
) -> tuple[str, str, int | None]:
    names = ", ".join(layer[0] for layer in layers)
    if ask.part:
        wanted = [layer for layer in layers if layer[0] == ask.part]
        if not wanted:
            raise report.stop("sheet-missing", found=f"no layer {ask.part!r}", field="layer", sheets=names)
        return wanted[0]
    if not layers:
        raise report.stop("database-not-layers", found="a GeoPackage without feature layers", field="gpkg_contents")
    if len(layers) == 1:
        return layers[0]
    named = [layer for layer in layers if layer[0].casefold() == ask.kind]
    if len(named) == 1:
        return named[0]
    scores = [ask.score(_columns(connection, layer[0])) for layer in layers]
    best = [layer for layer, score in zip(layers, scores, strict=True) if score == max(scores)]
    if len(best) > 1:
        raise report.stop("sheet-several", field="layer", sheets=names,
                          found=f"{len(layers)} layers that could be meant")
    report.say("sheet-ignored", found=f"layer {best[0][0]!r} read of {names}", field="layer")
    return best[0]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_name(table)})")]


def _crs(connection: sqlite3.Connection, srs: int | None, report: Report) -> CRS:
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    if srs in {0, -1} or row is None:
        raise report.stop("crs-missing", found=f"no coordinate reference system (srs_id {srs})", field="crs")
    organization, code, definition = row
    if str(organization).upper() == "EPSG":
        return STORE if code == 4326 else crs_of(f"EPSG:{code}", report)
    if not definition or "undefined" in str(definition).lower() or str(definition).startswith(("LOCAL_CS", "ENGCRS")):
        raise report.stop("crs-missing", found=f"an undefined coordinate reference system (srs_id {srs})", field="crs")
    return crs_of(definition, report)


def wkb_of(blob: bytes) -> bytes | None:
    """The WKB inside a GeoPackage geometry blob; None for an empty geometry; ValueError when it is none."""
    if len(blob) < 8 or blob[:2] != b"GP":
        raise ValueError("not a GeoPackage geometry")
    flags = blob[3]
    envelope = flags >> 1 & 0b111
    if envelope > 4:
        raise ValueError("a broken geometry header")
    if flags >> 4 & 1:
        return None
    return blob[8 + _ENVELOPE_BYTES[envelope]:]


def _shape(value: Any, index: int, faults: list[Fault]) -> BaseGeometry | None:
    if value is None:
        faults.append(Fault("geometry-missing", index, "geometry", "a null geometry"))
        return None
    try:
        wkb = wkb_of(value) if isinstance(value, bytes) else b""
        shape = shapely.from_wkb(wkb) if wkb else None
    except (ValueError, ShapelyError, struct.error) as error:
        faults.append(Fault("geometry-broken", index, "geometry", f"a geometry that cannot be read: {error}"))
        return None
    if shape is None or shape.is_empty:
        faults.append(Fault("geometry-missing", index, "geometry", "an empty geometry"))
        return None
    if not all(map(_finite, shape.bounds)):
        faults.append(Fault("geometry-broken", index, "geometry", "a coordinate that is NaN or infinite"))
        return None
    return shape


def _finite(value: float) -> bool:
    return value == value and abs(value) != float("inf")


def _fetch(connection: sqlite3.Connection, table: str, columns: list[str], report: Report) -> Iterator[tuple[Any, ...]]:
    listed = ", ".join(_name(column) for column in columns)
    for count, row in enumerate(connection.execute(f"SELECT {listed} FROM {_name(table)}")):  # noqa: S608
        if count >= _MAX_ROWS:
            raise report.stop("database-slow", found=f"more than {_MAX_ROWS:,} rows", field=table)
        yield row


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The rows of one layer of a GeoPackage."""
    try:
        with closing(_open(source, report)) as connection:
            _intact(connection, report)
            table, column, srs = _choose(connection, _layers(connection, report), ask, report)
            crs = _crs(connection, srs, report) if column else None
            names = _columns(connection, table)
            if column and column not in names:
                raise report.stop("database-not-layers", found=f"no geometry column {column}", field=table)
            rows = list(_fetch(connection, table, names, report))
    except sqlite3.OperationalError as error:
        if "interrupt" in str(error):
            raise report.stop("database-slow", found="a read stopped at the time limit", field="rows") from None
        raise report.stop("database-damaged", found=f"a database that cannot be read (malformed): {error}",
                          field="file") from None
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
        raise report.stop("database-damaged", found=f"a database that cannot be read (malformed): {error}",
                          field="file") from None
    faults: list[Fault] = []
    place = names.index(column) if column else -1
    shapes = [_shape(row[place], index, faults) for index, row in enumerate(rows)] if column else None
    columns = {
        name: [as_text(row[at]) for row in rows] for at, name in enumerate(names) if at != place
    }
    return RawTable(columns, range(1, len(rows) + 1), "row", shapes, crs, faults)
