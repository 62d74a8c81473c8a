"""Every finding code has a faulty file that it must speak of, and falls silent when the rule is switched off."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from layer_specimens import (
    FRAME,
    HEAD,
    POINTS,
    POINTS_HEAD,
    ROADS,
    ROWS,
    SITES_HEAD,
    Make,
    archive,
    geojson,
    geopackage,
    hills,
    people,
    points,
    raster,
    road,
    sheet_rows,
    sites,
    square,
    table,
    text,
    village_features,
    villages,
    workbook,
    zone,
)

from gis_planner.layers.check import Given, check_file
from gis_planner.layers.mapping import Wanted
from gis_planner.layers.report import codes

V, W, B, Z, R = "villages", "water_points", "breeding_sites", "zones", "roads"


def _merge(book: Any) -> None:
    book.active.merge_cells("C2:C4")


def _second_sheet(book: Any) -> None:
    copy = book.copy_worksheet(book.active)
    copy.title = "again"


def _notes_sheet(book: Any) -> None:
    book.create_sheet("notes").append(["prepared by the district"])


def _hide(book: Any) -> None:
    book.active.row_dimensions[3].hidden = True


def _formula(book: Any) -> None:
    book.active["D3"] = "=D2*2"


def _date_id(book: Any) -> None:
    book.active["A3"] = datetime.datetime(2024, 2, 1)


def _date_number(book: Any) -> None:
    book.active["D3"] = datetime.datetime(2024, 2, 1)


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "file.csv")
    return folder / "file.csv"


def _closed(folder: Path) -> Path:
    path = villages()(folder)
    path.chmod(0)
    return path


def _deep(folder: Path) -> Path:
    return text("file.geojson", "[" * 200_000)(folder)


def _wal(folder: Path) -> Path:
    path = geopackage()(folder)
    data = bytearray(path.read_bytes())
    data[18:20] = b"\2\2"
    path.write_bytes(data)
    (folder / "file.gpkg-wal").write_bytes(b"x")
    return path


def _damaged_gpkg(folder: Path) -> Path:
    path = geopackage()(folder)
    path.write_bytes(path.read_bytes()[:5000])
    return path


def _cut_tif(folder: Path) -> Path:
    path = raster(people())(folder)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def _holed(values: np.ndarray, value: float) -> np.ndarray:
    values = values.copy()
    values[3, 4] = value
    return values


def _half(values: np.ndarray) -> np.ndarray:
    return values[:, : values.shape[1] // 2]


def _parquet_plain(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"road_id": ["R1"]}), folder / "file.parquet")
    return folder / "file.parquet"


def _numbers(feature: Any, coordinates: Any) -> Any:
    return feature[0], {"type": "Point", "coordinates": coordinates}


F = village_features()
NDJSON_KEY = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"village_id":"A1",' \
             '"name":"Mana","population":5,"population":50},"geometry":{"type":"Point","coordinates":[-8.1,12.0]}}]}'
DTD = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "b">]><kml><Document/></kml>'
NET = '<kml><Document><NetworkLink/><Placemark><name>a</name><Point><coordinates>-8,12</coordinates></Point>' \
      "</Placemark></Document></kml>"
UTM = HEAD.replace("latitude,longitude", "y_m,x_m")
MANY = tuple(f"M{i},Village {i},Kila,{100 + i},{11.5 + i / 77:.6f},{-8.2 + i / 71:.6f}" for i in range(40))

SPECIMENS: dict[str, tuple[str, Make]] = {
    "file-missing": (V, lambda folder: folder / "absent.csv"),
    "file-unreadable": (V, _closed),
    "file-not-regular": (V, _fifo),
    "file-empty": (V, text("file.csv", "")),
    "format-not-read": (V, text("file.csv", "<!DOCTYPE html><html></html>")),
    "format-mismatch": (V, text("file.xlsx", HEAD + "\n")),
    "format-for-kind": (V, raster(people())),
    "encoding-found": (V, text("file.csv", "\n".join([HEAD, *ROWS]).encode("cp1252"))),
    "encoding-mixed": (V, text("file.csv", "\n".join([HEAD, ROWS[2]]).encode() + b"\n" + ROWS[2].encode("cp1252"))),
    "encoding-broken": (V, text("file.csv", "\n".join([HEAD, *ROWS]).encode("cp1252") + b"\nA9,\x81,K,5,12.0,-8.0")),
    "zero-bytes": (V, text("file.csv", "\n".join([HEAD, *ROWS]).replace("Mana", "Ma\0na"))),
    "text-decoded-twice": (V, villages((2, 1, "Tinkélé".encode().decode("cp1252")))),
    "quote-open": (V, villages((2, 1, '"Mana'))),
    "quote-swallowed": (V, villages((0, 1, '"Mana'), (3, 1, 'Sim"'))),
    "cell-too-long": (V, villages((0, 1, "x" * 140_000))),
    "row-ragged": (V, villages(extra=("A9,Mana,Kila,332",))),
    "title-rows": (V, table("Liste des villages 2024,,,,,", [HEAD, *ROWS])),
    "too-many-columns": (V, table(",".join(f"c{i}" for i in range(2100)), [])),
    "archive-damaged": (V, text("file.zip", b"PK\x03\x04 and nothing")),
    "archive-unsafe": (V, archive({"../a.shp": b"x"}, "file.zip")),
    "archive-part-missing": (V, archive({"a.shp": b"\x00\x00\x27\x0a"}, "file.zip")),
    "archive-several": (V, archive({"a.shp": b"x", "b.shp": b"y"}, "file.zip")),
    "xml-unsafe": (B, text("file.kml", DTD)),
    "xml-broken": (B, text("file.kml", "<kml><Document>")),
    "workbook-broken": (V, archive({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}, "file.xlsx")),
    "sheet-several": (V, workbook(sheet_rows(), _second_sheet)),
    "sheet-ignored": (V, workbook(sheet_rows(), _notes_sheet)),
    "rows-hidden": (V, workbook(sheet_rows(), _hide)),
    "cells-merged": (V, workbook(sheet_rows(), _merge)),
    "json-broken": (V, text("file.geojson", '{"type":"FeatureCollection","features":[')),
    "json-not-features": (V, text("file.geojson", '{"type":"Topology","objects":{}}')),
    "feature-broken": (V, text("file.geojson", '{"type":"FeatureCollection","features":[5]}')),
    "key-twice": (V, text("file.geojson", NDJSON_KEY)),
    "geometry-missing": (V, geojson([*F[:4], (F[4][0], None)])),
    "geometry-broken": (V, geojson([*F[:4], _numbers(F[4], ["-8.1", "12"])])),
    "geometry-type": (V, geojson([*F[:4], (F[4][0], ROADS[0][1])])),
    "geometry-none": (R, table("road_id,highway,speed_kmh,passable_rainy", ["R1,track,20,yes"])),
    "ring-open": (Z, geojson([zone(square(-8, 12, 0.1)[:4])])),
    "polygon-as-point": (V, geojson([*F[:4], (F[4][0], zone(square(-8, 12, 0.01))[1])])),
    "positions-only": (B, text("file.gpx", '<gpx><wpt lat="12" lon="-8"><name>a</name></wpt></gpx>')),
    "database-damaged": (V, _damaged_gpkg),
    "database-not-layers": (V, geopackage("DROP TABLE gpkg_contents")),
    "database-view": (V, geopackage("ALTER TABLE villages RENAME TO v; CREATE VIEW villages AS SELECT * FROM v")),
    "database-busy": (V, _wal),
    "driver-failed": (V, text("file.fgb", b"fgb\x03fgb\x00" + b"\0" * 40)),
    "linked-ignored": (B, text("file.kml", NET)),
    "parquet-not-geo": (R, _parquet_plain),
    "crs-missing": (V, table(UTM, ["A1,Mana,Kila,332,1325000,597000"])),
    "crs-unknown": (V, geojson(F, crs={"type": "name", "properties": {"name": "EPSG:999999"}})),
    "crs-link": (V, geojson(F, crs={"type": "link", "properties": {"href": "http://127.0.0.1:9"}})),
    "crs-metres-called-degrees": (V, table(HEAD, ["A1,Mana,Kila,332,1325000,597000"])),
    "crs-degrees-called-metres": (V, geojson(F, crs={"type": "name", "properties": {"name": "EPSG:32629"}})),
    "utm-zone-wrong": (V, geojson([_numbers(F[0], [597000, 1325000])], crs={
        "type": "name", "properties": {"name": "EPSG:32630"}})),
    "coordinate-missing": (V, villages((1, 4, ""))),
    "coordinate-unreadable": (V, villages((1, 4, "north of the well"))),
    "coordinate-out-of-range": (V, villages((1, 4, "112.01"))),
    "degrees-minutes-seconds": (V, table(HEAD, ["A1,Mana,Kila,332,11°59'03.9''N,8°06'34.2''W"])),
    "decimal-point-lost": (V, villages((1, 4, "11973884"), (1, 5, "-7821884"))),
    "coordinates-swapped": (V, villages((1, 4, "-7.821884"), (1, 5, "11.973884"))),
    "longitude-sign": (V, villages((1, 5, "7.821884"))),
    "latitude-sign": (V, villages((1, 4, "-11.973884"))),
    "null-island": (V, villages((1, 4, "0"), (1, 5, "0"))),
    "far-away": (V, villages((1, 4, "48.85"), (1, 5, "2.35"))),
    "outside-frame": (V, villages((1, 4, "13.5"))),
    "wider-extract": (W, points((1, 5, "13.5"))),
    "nothing-in-frame": (W, table(POINTS_HEAD, [
        row.replace(",11.", ",14.").replace(",12.", ",14.") for row in POINTS])),
    "positions-coincide": (W, table(POINTS_HEAD, [
        ",".join([*row.split(",")[:5], "12.01", "-7.92"]) for row in POINTS])),
    "same-position": (V, villages((1, 4, "11.984409"), (1, 5, "-8.109513"))),
    "positions-rounded": (V, table(HEAD, [f"A{i},N{i},K,5{i},12.0{i},-7.9{i}" for i in range(8)])),
    "place-contradicts": (V, geojson([({**p, "latitude": 11.5, "longitude": -8.0}, g) for p, g in F])),
    "heads-alike": (V, table(HEAD + ",Population", [row + ",7" for row in ROWS])),
    "head-misspelt": (V, table(HEAD.replace("commune", "comune"), list(ROWS))),
    "column-missing": (V, table(HEAD.replace("population", "remarks"), list(ROWS))),
    "column-twice": (V, table(HEAD + ",population", [row + ",7" for row in ROWS])),
    "id-missing": (V, villages((1, 0, ""))),
    "value-missing": (V, villages((1, 3, ""))),
    "cell-error": (V, workbook(sheet_rows(), _formula)),
    "number-unreadable": (V, villages((1, 3, "1.2k"))),
    "number-ambiguous": (V, villages((1, 3, "1.250"))),
    "number-not-whole": (V, villages((1, 3, "12.5"))),
    "number-rounded": (V, villages((1, 3, "1.25E+03"))),
    "number-is-date": (V, workbook(sheet_rows(), _date_number)),
    "number-infinite": (V, villages((1, 4, "1e400"))),
    "missing-code": (V, villages((1, 3, "-999"))),
    "number-negative": (V, villages((1, 3, "-450"))),
    "number-too-low": (R, geojson([ROADS[0], road("R2", [[-7.9, 12.0], [-7.8, 12.1]], speed_kmh=0.1)])),
    "number-too-high": (V, villages((1, 3, "5000000"))),
    "thousands-separator": (V, villages((1, 3, '1 250'))),
    "decimal-comma": (B, table(SITES_HEAD.replace("accuracy_m,", ""), [
        'B1,2024-07-08,puddle,10,3,"5,25",12.01,-7.92'])),
    "date-unreadable": (B, sites((1, 1, "last week"))),
    "date-impossible": (B, sites((1, 1, "2024-02-30"))),
    "date-ambiguous": (B, sites((1, 1, "03/04/2024"))),
    "date-short-year": (B, sites((1, 1, "08/07/24"))),
    "date-serial": (B, sites((1, 1, "45481"))),
    "date-order": (B, sites((1, 1, "23/07/2024"))),
    "date-implausible": (B, sites((1, 1, "2054-07-08"))),
    "word-unknown": (B, sites((1, 2, "lake of tears"))),
    "word-spelling": (B, sites((1, 2, "hoofprint"))),
    "flag-unreadable": (W, points((1, 4, "perhaps"))),
    "id-is-date": (V, workbook(sheet_rows(), _date_id)),
    "id-rounded": (V, villages((1, 0, "1.2E+12"))),
    "id-control": (V, villages((1, 0, "A\x07B"))),
    "id-too-long": (V, villages((1, 0, "A" * 200))),
    "text-control": (V, villages((1, 1, "Ma\x1b[31mna"))),
    "text-damaged": (V, villages((1, 1, "Tink\ufffdl\ufffd"))),
    "text-direction": (V, villages((1, 1, "Ma\u202ena"))),
    "text-too-long": (V, villages((1, 1, "x" * 3000))),
    "total-row": (V, villages(extra=("TOTAL,,,5620,,",))),
    "row-twice": (V, villages(extra=(ROWS[0],))),
    "id-twice": (V, villages((1, 0, "A1"))),
    "id-numbered": (R, geojson([ROADS[0], road("R1", [[-7.9, 12.0], [-7.8, 12.1]])])),
    "ids-alike": (V, villages((1, 0, "a 1"))),
    "name-twice": (V, villages((1, 1, "Mana"))),
    "population-constant": (V, table(HEAD, [
        ",".join([*r.split(",")[:3], "100", *r.split(",")[4:]]) for r in MANY[:10]])),
    "line-without-length": (R, geojson([*ROADS, road("R3", [[-7.9, 12.0], [-7.9, 12.0]])])),
    "network-islands": (R, geojson([*ROADS, road("R3", [[-7.5, 12.5], [-7.4, 12.6]])])),
    "polygon-without-area": (Z, geojson([zone([[-8, 12], [-7.9, 12], [-7.8, 12], [-8, 12]])])),
    "polygon-mended": (Z, geojson([zone([
        [-8, 12], [-7.9, 12], [-7.9, 12.1], [-7.95, 12.1], [-7.95, 12.2], [-7.95, 12.1], [-8, 12.1], [-8, 12]])])),
    "polygon-crosses": (Z, geojson([zone([[-8, 12], [-7.9, 12.1], [-7.9, 12], [-8, 12.1], [-8, 12]])])),
    "zones-cover-all": (Z, geojson([zone(square(-9, 11, 3))])),
    "zones-cover-most": (Z, geojson([zone([[-8.8, 11.2], [-7.4, 11.2], [-7.4, 12.8], [-8.8, 12.8], [-8.8, 11.2]])])),
    "polygons-overlap": ("communes", geojson([
        ({"commune_id": key, "name": key}, {"type": "Polygon", "coordinates": [square(west, 12, 0.2)]})
        for key, west in (("C1", -8.0), ("C2", -7.9))])),
    "site-moved": (B, sites(extra=("B1,2024-07-20,puddle,10,3,5.5,4,12.5,-7.5",))),
    "larvae-without-dips": (B, sites((1, 3, "0"))),
    "axis-constant": (V, table(HEAD, [",".join([*r.split(",")[:4], "12.01", r.split(",")[5]]) for r in ROWS])),
    "vertex-far": (R, geojson([*ROADS, road("R3", [[-7.8, 12.1], [2.3, 48.8]])])),
    "year-implausible": (W, points((1, 3, "2099"))),
    "no-rows": (V, table(HEAD, [])),
    "too-many-set-aside": (W, points(*((row, 2, "3") for row in range(8)))),
    "set-aside": (W, points((1, 2, "3"))),
    "raster-bands": ("population", raster(np.stack([people()] * 3))),
    "raster-type": ("population", raster(people().astype("complex64"))),
    "raster-no-georef": ("population", raster(people(), transform=Affine.identity(), crs=None)),
    "raster-rotated": ("population", raster(people(), transform=Affine(0.05, 0.01, -8.8, 0.01, -0.05, 12.8))),
    "raster-too-large": ("population", raster(np.zeros((4100, 4100), "uint8"), step=0.0004, compress="deflate")),
    "raster-damaged": ("population", _cut_tif),
    "raster-outside": ("population", raster(people(), west=20)),
    "raster-no-values": ("elevation", raster(hills() * np.nan)),
    "raster-infinite": ("elevation", raster(_holed(hills(), np.inf))),
    "raster-feet": ("elevation", raster(hills(1000, 1300), unit="ft")),
    "raster-nodata": ("elevation", raster(_holed(hills(), -9999))),
    "raster-out-of-range": ("population", raster(_holed(people(), -3))),
    "raster-too-many-people": ("population", raster(people(3e7), step=0.02, west=-8.3, north=12.35)),
    "raster-many-people": ("population", raster(people(4e7))),
    "population-everywhere": ("population", raster(hills())),
    "elevation-below-sea": ("elevation", raster(-hills())),
    "raster-nobody": ("population", raster(people() * 0)),
    "elevation-flat": ("elevation", raster(hills() * 0 + 350)),
    "elevation-spikes": ("elevation", raster(_holed(hills(), 4000))),
    "raster-cover": ("population", raster(_half(people()))),
    "raster-part": ("population", raster(people(), north=12.7)),
    "raster-gaps": ("population", raster(_holed(people(), np.nan))),
    "raster-not-classes": ("land_cover", raster(people() + np.float32(0.5))),
}

GIVEN: dict[str, tuple[str, Make, Given]] = {
    "sheet-missing": (V, workbook(sheet_rows()), Given(part="nowhere")),
    "head-missing": (V, villages(), Given(wanted=Wanted(columns={"population": "habitans"}))),
    "column-stated-missing": (V, table(HEAD.replace("population", "remarks"), list(ROWS)),
                              Given(wanted=Wanted(missing={"population": "stated by the scenario"}))),
    "crs-unusable": (V, geojson(F), Given(crs="EPSG:5773")),
    "column-estimated": ("drillings", table("CODE_OUVRA,LON,LAT,DATE,NS", ["D1,-7.92,12.31,1999-01-01,12.5"]), Given()),
}

ELSEWHERE = {
    "path-remote": "test_layers_gate", "file-too-large": "test_layers_gate", "file-changed": "test_layers_gate",
    "kind-unknown": "test_layers_check", "too-deep": "test_layers_check", "too-large-to-read": "test_layers_check",
    "more-of-the-same": "test_layers_check", "frame-latitude-first": "test_layers_check",
    "database-slow": "test_layers_gate",
} | dict.fromkeys((
    "control-total", "reference-unknown", "far-from-villages", "commune-contradicts", "population-against-raster",
    "village-on-empty-raster", "village-outside-raster", "households-against-village", "visits-in-dry-season",
    "village-in-zone",
), "test_layers_rules")


def _found(kind: str, path: Path, given: Given | None = None, off: tuple[str, ...] = ()) -> set[str]:
    result = check_file(path, kind, frame=FRAME, given=given, off=off)
    json.dumps(result.as_json())
    return {finding.code for finding in result.problems}


@pytest.mark.parametrize("code", sorted(SPECIMENS))
def test_code_speaks(code: str, tmp_path: Path) -> None:
    """A file with one fault is answered with the code of that fault."""
    kind, make = SPECIMENS[code]
    assert code in _found(kind, make(tmp_path))


@pytest.mark.parametrize("code", sorted(GIVEN))
def test_code_of_a_catalogue_layer_speaks(code: str, tmp_path: Path) -> None:
    """A fault that only a catalogue entry can have is answered with its code."""
    kind, make, given = GIVEN[code]
    assert code in _found(kind, make(tmp_path), given)


def test_every_code_has_a_specimen() -> None:
    """No code stands in findings.toml without a faulty file that calls it."""
    assert set(codes()) == set(SPECIMENS) | set(GIVEN) | set(ELSEWHERE)


def test_every_code_speaks_two_languages() -> None:
    """Each code has a remedy in English and another in French."""
    for code, words in codes().items():
        assert words.remedy, code
        assert words.remedy_fr, code
        assert words.remedy != words.remedy_fr, code
