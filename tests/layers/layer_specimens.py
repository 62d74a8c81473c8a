"""One small faulty file for each finding code: what a partner might send, and the code that must speak of it."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import rasterio
from affine import Affine

from gis_planner.crs import Frame

FRAME = Frame(-8.8, 11.2, -7.0, 12.8)
HEAD = "village_id,name,commune,population,latitude,longitude"
ROWS = (
    "A1,Mana,Kila,332,11.984409,-8.109513", "A2,Dafara,Kila,623,11.973884,-7.821884",
    "A3,Tinkélé,Banan,923,12.085967,-8.064423", "A4,Simidji,Banan,1328,11.992178,-7.924283",
    "A5,Tamala,Kila,2414,11.872402,-7.897183",
)
POINTS_HEAD = "water_point_id,technology,status,install_year,seasonal,latitude,longitude"
POINTS = tuple(
    f"W{i},borehole_handpump,working,{2000 + i},no,{11.9 + i / 97:.6f},{-7.9 - i / 83:.6f}" for i in range(1, 9))
SITES_HEAD = "site_id,survey_date,habitat_type,dips,larvae,area_m2,accuracy_m,latitude,longitude"
SITES = tuple(
    f"B{i},2024-07-{8 + i:02d},puddle,10,{i},5.5,4,{11.9 + i / 97:.6f},{-7.9 - i / 83:.6f}" for i in range(1, 9))

Make = Callable[[Path], Path]


def text(name: str, content: str | bytes) -> Make:
    """A file of that content."""
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path
    return make


def table(head: str, rows: tuple[str, ...] | list[str], name: str = "file.csv") -> Make:
    """A CSV of a header and rows."""
    return text(name, "\n".join([head, *rows]) + "\n")


def villages(*changes: tuple[int, int, str], extra: tuple[str, ...] = (), head: str = HEAD) -> Make:
    """The five villages with cells (row, column) replaced and rows added."""
    return table(head, _changed(ROWS, changes) + list(extra))


def points(*changes: tuple[int, int, str]) -> Make:
    """The eight water points with cells replaced."""
    return table(POINTS_HEAD, _changed(POINTS, changes))


def sites(*changes: tuple[int, int, str], extra: tuple[str, ...] = ()) -> Make:
    """The eight visits with cells replaced and rows added."""
    return table(SITES_HEAD, _changed(SITES, changes) + list(extra))


def _changed(rows: tuple[str, ...], changes: tuple[tuple[int, int, str], ...]) -> list[str]:
    cells = [row.split(",") for row in rows]
    for row, column, value in changes:
        cells[row][column] = value
    return [",".join(row) for row in cells]


def geojson(features: list[Any], name: str = "file.geojson", **members: Any) -> Make:
    """A FeatureCollection of (properties, geometry) pairs."""
    listed = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return text(name, json.dumps({"type": "FeatureCollection", **members, "features": listed}))


def village_features(x_shift: float = 0.0) -> list[Any]:
    """The five villages as features."""
    out = []
    for row in ROWS:
        key, name, commune, people, lat, lon = row.split(",")
        out.append(({"village_id": key, "name": name, "commune": commune, "population": int(people)},
                    {"type": "Point", "coordinates": [float(lon) + x_shift, float(lat)]}))
    return out


def road(key: str, coordinates: list[list[float]], **more: Any) -> Any:
    """One stretch of road."""
    properties = {"road_id": key, "highway": "track", "surface": "unpaved", "speed_kmh": 25, "bridge": 0,
                  "passable_rainy": 1, **more}
    return properties, {"type": "LineString", "coordinates": coordinates}


ROADS = [road("R1", [[-8.0, 12.0], [-7.9, 12.0]]), road("R2", [[-7.9, 12.0], [-7.8, 12.1]])]


def square(west: float, south: float, size: float) -> list[list[float]]:
    """A closed ring."""
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def zone(*rings: list[list[float]], key: str = "Z1", kind: str = "flood") -> Any:
    """One exclusion zone."""
    return {"zone_id": key, "kind": kind}, {"type": "Polygon", "coordinates": list(rings)}


def workbook(rows: list[list[Any]], change: Callable[[Any], None] | None = None, name: str = "file.xlsx") -> Make:
    """An Excel workbook with one sheet."""
    def make(folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(row)
        if change:
            change(book)
        book.save(folder / name)
        return folder / name
    return make


def sheet_rows() -> list[list[Any]]:
    """The five villages as cells."""
    out: list[list[Any]] = [HEAD.split(",")]
    for row in ROWS:
        key, name, commune, people, lat, lon = row.split(",")
        out.append([key, name, commune, int(people), float(lat), float(lon)])
    return out


def archive(members: dict[str, bytes], name: str) -> Make:
    """A zip archive."""
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for member, data in members.items():
                file.writestr(member, data)
        return folder / name
    return make


def geopackage(*statements: str, srs: int = 4326, rows: int = 3) -> Make:
    """A GeoPackage of a few villages, then changed by SQL."""
    def make(folder: Path) -> Path:
        path = folder / "file.gpkg"
        with sqlite3.connect(path) as base:
            base.executescript(
                "CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id INTEGER, organization, organization_coordsys_id,"
                " definition, description);"
                "CREATE TABLE gpkg_contents (table_name, data_type, srs_id);"
                "CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);"
                "CREATE TABLE villages (fid INTEGER PRIMARY KEY, geom BLOB, village_id, name, population INTEGER);"
                "INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '', '');"
                "INSERT INTO gpkg_contents VALUES ('villages', 'features', 4326);"
            )
            base.execute("INSERT INTO gpkg_geometry_columns VALUES ('villages', 'geom', 'POINT', ?, 0, 0)", (srs,))
            for row in ROWS[:rows]:
                key, name, _, people, lat, lon = row.split(",")
                blob = b"GP\0\1" + struct.pack("<i", srs) + struct.pack("<BIdd", 1, 1, float(lon), float(lat))
                base.execute("INSERT INTO villages (geom, village_id, name, population) VALUES (?, ?, ?, ?)",
                             (blob, key, name, int(people)))
            for statement in statements:
                base.executescript(statement)
        base.close()
        return path
    return make


def raster(
    values: np.ndarray, *, west: float = -8.8, north: float = 12.8, step: float = 0.05, crs: str | None = "EPSG:4326",
    transform: Affine | None = None, name: str = "file.tif", unit: str = "", **profile: Any,
) -> Make:
    """A GeoTIFF of one or more bands."""
    def make(folder: Path) -> Path:
        bands = values if values.ndim == 3 else values[np.newaxis]
        where = transform if transform is not None else Affine(step, 0, west, 0, -step, north)
        place = {} if where.is_identity else {"transform": where}
        shape = {"width": bands.shape[2], "height": bands.shape[1], "count": bands.shape[0], "dtype": bands.dtype}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(folder / name, "w", driver="GTiff", crs=crs, **shape, **place, **profile) as file:
                file.write(bands)
                if unit:
                    file.units = [unit] * bands.shape[0]
        return folder / name
    return make


def hills(low: float = 320.0, high: float = 390.0) -> np.ndarray:
    """A gentle surface over the whole frame (36 x 32 cells of 0.05 degrees)."""
    x, y = np.meshgrid(np.linspace(0, 3, 36), np.linspace(0, 3, 32))
    return (low + (high - low) * (0.5 + 0.25 * np.sin(x) + 0.25 * np.cos(y))).astype("float32")


def people(total: float = 40_000) -> np.ndarray:
    """People in each cell over the whole frame."""
    x, y = np.meshgrid(np.arange(36), np.arange(32))
    raw = ((x * 7 + y * 13) % 11).astype("float32")
    return raw * np.float32(total / raw.sum())

