"""One file checked: what a planner is told, and what the layer then holds."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_specimens import (
    FRAME,
    HEAD,
    POINTS,
    POINTS_HEAD,
    ROADS,
    ROWS,
    geojson,
    geopackage,
    hills,
    people,
    points,
    raster,
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
from shapely.geometry import Point

from gis_planner.crs import Frame
from gis_planner.layers import check
from gis_planner.layers.check import CheckResult, check_file

PEOPLE = 5620  # 332 + 623 + 923 + 1328 + 2414


def _check(path: Path, kind: str = "villages", **more: Any) -> CheckResult:
    return check_file(path, kind, frame=FRAME, **more)


def _points_of(result: CheckResult) -> gpd.GeoDataFrame:
    assert result.layer is not None
    assert isinstance(result.layer.frame, gpd.GeoDataFrame)
    return result.layer.frame


def test_a_sound_file_gives_the_layer(tmp_path: Path) -> None:
    """A sound file is accepted without a word and holds its rows, columns, digest and place."""
    result = _check(villages()(tmp_path))
    rows = _points_of(result)
    assert result.as_json()["status"] == "accept"
    assert len(result.problems) == 0
    assert rows["population"].tolist() == [332, 623, 923, 1328, 2414]
    assert rows.crs.to_epsg() == 4326
    assert rows.geometry.iloc[0].equals(Point(-8.109513, 11.984409))
    assert result.summary["sum_population"] == PEOPLE
    assert result.layer is not None
    assert len(result.layer.used.sha256) == 64


def _shapefile(folder: Path) -> Path:
    frame = gpd.GeoDataFrame.from_features([{"type": "Feature", "properties": p, "geometry": g}
                                            for p, g in village_features()], crs="EPSG:4326")
    frame.to_file(folder / "v.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / "file.zip", "w") as out:
        for path in sorted(folder.glob("v.*")):
            out.write(path, path.name)
    return folder / "file.zip"


def _by_geopandas(name: str, epsg: int = 4326) -> Any:
    def make(folder: Path) -> Path:
        frame = gpd.GeoDataFrame.from_features([{"type": "Feature", "properties": p, "geometry": g}
                                                for p, g in village_features()], crs="EPSG:4326").to_crs(epsg)
        if name.endswith("parquet"):
            frame.to_parquet(folder / name)
        else:
            frame.to_file(folder / name)
        return folder / name
    return make


CSV = "\n".join([HEAD, *ROWS]) + "\n"
FORMATS = {
    "semicolon and decimal comma": text("f.csv", CSV.replace(",", ";").replace(".", ",")),
    "tab": text("f.tsv", CSV.replace(",", "\t")), "windows lines": text("f.csv", CSV.replace("\n", "\r\n")),
    "old mac lines": text("f.csv", CSV.replace("\n", "\r")),
    "utf-8 mark": text("f.csv", b"\xef\xbb\xbf" + CSV.encode()),
    "utf-16": text("f.csv", CSV.encode("utf-16")), "blank lines": text("f.csv", CSV.replace("\n", "\n\n")),
    "delimiter at the end": text("f.csv", CSV.replace("\n", ",\n")),
    "french heads": text("f.csv", CSV.replace(HEAD, "Code village,Nom,Commune,Habitants,Lat,Long")),
    "geojson": geojson(village_features()), "geojson with a height": geojson(
        [(p, {**g, "coordinates": [*g["coordinates"], 350.0]}) for p, g in village_features()]),
    "one feature a line": text("f.geojsonl", "\n".join(json.dumps(
        {"type": "Feature", "properties": p, "geometry": g}) for p, g in village_features())),
    "xlsx": workbook(sheet_rows()), "geopackage": geopackage(rows=5), "shapefile": _shapefile,
    "flatgeobuf": _by_geopandas("f.fgb"), "geoparquet in metres": _by_geopandas("f.parquet", 32629),
    "geopackage in metres": _by_geopandas("f.gpkg", 32629),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_people(name: str, tmp_path: Path) -> None:
    """The same villages come out of every format, encoding and order of axes."""
    result = _check(FORMATS[name](tmp_path))
    rows = _points_of(result).sort_values("village_id")
    assert result.problems.status == "accept"
    assert rows["population"].tolist() == [332, 623, 923, 1328, 2414]
    assert rows["name"].tolist() == ["Mana", "Dafara", "Tinkélé", "Simidji", "Tamala"]
    assert rows.geometry.x.to_numpy() == pytest.approx(
        [-8.109513, -7.821884, -8.064423, -7.924283, -7.897183], abs=1e-7)


@pytest.mark.parametrize(("head", "field", "effect"), [
    ("comune", "commune", "joined by place alone"), ("Mosquito contrl", "mosquito_control", "counted as not yet"),
    ("lutte antivectoriele", "mosquito_control", "counted as not yet"), ("remarks", "", ""), ("commune id", "", ""),
])
def test_a_misspelt_optional_column_is_offered(tmp_path: Path, head: str, field: str, effect: str) -> None:
    """A head almost like that of an absent optional column is a warning that names both; any other is not."""
    result = _check(villages(head=HEAD.replace("commune", head))(tmp_path))
    said = [(f.code, f.field, repr(head) in f.found and effect in f.found) for f in result.problems]
    assert said == ([("head-misspelt", field, True)] if field else [])
    assert result.layer is not None
    assert result.summary["unused_columns"] == [head]


def test_a_head_is_no_slip_when_the_column_is_there(tmp_path: Path) -> None:
    """Where commune is given, a second column comune is one more unused column."""
    result = _check(table(f"{HEAD},comune", [f"{row},Kila" for row in ROWS])(tmp_path))
    assert result.problems.status == "accept"
    assert result.summary["unused_columns"] == ["comune"]


@pytest.mark.parametrize(("kind", "make"), [
    ("villages", villages()), ("water_points", points()), ("population", raster(people())),
])
def test_a_frame_with_latitude_first_is_said_once(kind: str, make: Any, tmp_path: Path) -> None:
    """A layer in Mali and a frame that reaches Mali only with its axes exchanged: one refusal, of the frame."""
    # given south, west, north, east; two of the villages lie south of 11.98 and still the frame is what is wrong
    result = check_file(make(tmp_path), kind, frame=Frame(11.98, -8.3, 12.4, -7.3))
    (finding,) = result.problems
    assert (finding.code, finding.field) == ("frame-latitude-first", "frame")
    assert "write -8.3,11.98,-7.3,12.4" in finding.remedy


def test_rows_with_latitude_first_in_a_right_frame_are_the_rows_fault(tmp_path: Path) -> None:
    """The same exchange in the file, with a frame in Mali, asks to mend the file."""
    swapped = villages(head=HEAD.replace("latitude,longitude", "longitude,latitude"))
    assert {f.code for f in _check(swapped(tmp_path)).problems} == {"coordinates-swapped"}


def test_all_faults_at_once(tmp_path: Path) -> None:
    """A file with four faults names all four rows and fields, so that it is mended once."""
    result = _check(villages((0, 3, "-450"), (1, 4, ""), (2, 1, ""), (4, 5, "2.35"))(tmp_path))
    assert result.layer is None
    assert {(f.row, f.field) for f in result.problems} == {
        ("line 2 (A1)", "population"), ("line 3 (A2)", "latitude"), ("line 4 (A3)", "name"),
        ("line 6 (A5)", "latitude/longitude")}


def test_villages_are_refused_where_observations_are_set_aside(tmp_path: Path) -> None:
    """A doubtful village stops the plan; a doubtful water point is set aside, counted and listed."""
    assert _check(villages((1, 4, ""))(tmp_path)).problems.status == "refuse"
    result = _check(points((1, 5, ""))(tmp_path), "water_points")
    assert result.problems.status == "repair"
    assert result.layer is not None
    assert (result.layer.used.rows, result.layer.used.set_aside) == (7, 1)
    assert "W2" not in _points_of(result)["water_point_id"].tolist()


def test_optional_value_is_left_out_and_the_row_kept(tmp_path: Path) -> None:
    """A wrong year of construction costs the year, not the well."""
    rows = _points_of(_check(points((0, 3, "20222"))(tmp_path), "water_points"))
    assert len(rows) == 8
    assert np.isnan(rows["install_year"].iloc[0])
    assert rows["install_year"].iloc[1] == 2002


def test_rows_of_a_wider_extract_are_left_out(tmp_path: Path) -> None:
    """Observations beyond the frame but near it are an extract of a wider area, not a fault."""
    result = _check(points((0, 5, "13.5"), (1, 5, "13.6"))(tmp_path), "water_points")
    assert result.problems.status == "accept"
    assert result.summary["outside"] == 2
    assert len(_points_of(result)) == 6


@pytest.mark.parametrize(("crs", "words"), [
    ("EPSG:32630", "EPSG:32629"), ("EPSG:32629", ""), ("EPSG:4326", "metres of WGS 84 / UTM zone 29N called degrees"),
])
def test_crs_that_lies_is_tried_out(crs: str, words: str, tmp_path: Path) -> None:
    """Coordinates of UTM 29N are accepted as such, and under another name that is said."""
    features = gpd.GeoDataFrame.from_features([{"type": "Feature", "properties": p, "geometry": g}
                                               for p, g in village_features()], crs="EPSG:4326").to_crs(32629)
    path = geojson([(p, {"type": "Point", "coordinates": [point.x, point.y]})
                    for (p, _), point in zip(village_features(), features.geometry, strict=True)],
                   crs={"type": "name", "properties": {"name": crs}})(tmp_path)
    result = _check(path)
    assert result.problems.status == ("refuse" if words else "accept")
    assert words in " ".join(f.found for f in result.problems)


@given(st.permutations(range(5)))
@settings(deadline=None, derandomize=True, max_examples=10)
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    """The same rows in another order are the same people at the same places."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        result = _check(table(HEAD, [ROWS[index] for index in order])(Path(folder)))
    rows = _points_of(result).sort_values("village_id")
    assert rows["population"].tolist() == [332, 623, 923, 1328, 2414]


def test_kobo_groups(tmp_path: Path) -> None:
    """A Kobo export with groups in its heads and _gps_ columns is read by its adapter."""
    head = "start;survey/site_id;survey/_gps_latitude;survey/_gps_longitude;survey/_gps_precision;survey/survey_date;" \
           "survey/habitat_type;survey/dips;survey/larvae;survey/area_m2;_uuid;_submission_time"
    result = _check(table(head, ["x;B1;12.01;-7.92;4.5;2024-07-08;rizière;10;3;5.5;u;t"])(tmp_path), "breeding_sites")
    row = _points_of(result).iloc[0]
    assert result.summary["adapter"] == "odk"
    assert (row["site_id"], row["habitat_type"], row["accuracy_m"], row.geometry.y) == ("B1", "rice_field", 4.5, 12.01)


@pytest.mark.parametrize(("source", "tech", "technology"), [
    ("Borehole/Tubewell", "Hand Pump - India Mark", "borehole_handpump"), ("Unprotected Well", "", "open_well"),
    ("Protected Well", "Hand Pump - Vergnet", "protected_well"), ("Unprotected Spring", "", "open_spring"),
    ("Piped Water", "Tapstand", "borehole_tap"), ("Surface Water (River/Stream)", "", "surface_water"),
])
def test_wpdx_technology(source: str, tech: str, technology: str, tmp_path: Path) -> None:
    """WPdx's source and technology together are one technology of ours."""
    head = "row_id,lat_deg,lon_deg,water_source_clean,water_tech_clean,status_id,install_year"
    result = _check(table(head, [f"7,12.01,-7.92,{source},{tech},Yes,2001"])(tmp_path), "water_points")
    assert _points_of(result)["technology"].tolist() == [technology]
    assert _points_of(result)["status"].tolist() == ["working"]


def test_near_head_is_offered(tmp_path: Path) -> None:
    """A misspelt head is not taken for the column, but offered."""
    result = _check(table(HEAD.replace("latitude", "lattitude"), list(ROWS))(tmp_path))
    (finding,) = [f for f in result.problems if f.code == "column-missing"]
    assert "nearest: lattitude" in finding.found


def test_multilines_become_stretches(tmp_path: Path) -> None:
    """A road of two separate parts becomes two stretches with numbered ids."""
    parts = (ROADS[0][0], {"type": "MultiLineString", "coordinates": [[[-8.0, 12.0], [-7.9, 12.0]],
                                                                      [[-7.8, 12.0], [-7.7, 12.0]]]})
    link = ({**ROADS[0][0], "road_id": "R2"}, {"type": "LineString", "coordinates": [[-7.9, 12.0], [-7.8, 12.0]]})
    rows = _points_of(_check(geojson([parts, link])(tmp_path), "roads"))
    assert rows["road_id"].tolist() == ["R1.1", "R1.2", "R2"]
    assert set(rows.geometry.geom_type) == {"LineString"}


def test_unclosed_ring_is_closed_and_said(tmp_path: Path) -> None:
    """A ring that is not closed is closed, and that is said with the id of the zone."""
    result = _check(geojson([zone(square(-8, 12, 0.1)[:4])])(tmp_path), "zones")
    assert result.problems.status == "repair"
    assert _points_of(result).geometry.iloc[0].area == pytest.approx(0.01)  # 0.1 x 0.1 degrees
    assert "Z1" in result.problems.findings[0].row


def test_raster_is_turned_north_up(tmp_path: Path) -> None:
    """A south-up raster holds the same people at the same places as the north-up one."""
    values = people()
    up = _check(raster(values, name="up.tif")(tmp_path), "population").layer
    down = _check(raster(values[::-1], transform=Affine(0.05, 0, -8.8, 0, 0.05, 11.2), name="down.tif")(tmp_path),
                  "population").layer
    assert up is not None
    assert down is not None
    assert up.raster is not None
    assert down.raster is not None
    assert np.array_equal(up.raster.values, down.raster.values)
    assert up.raster.transform.almost_equals(down.raster.transform, 1e-9)


def test_scale_offset_and_nodata_are_applied(tmp_path: Path) -> None:
    """Stored integers times the scale, plus the offset, are metres; nodata is unknown."""
    import rasterio

    stored = np.full((32, 36), 3500, "int16")
    stored[:, ::2] = 3400
    stored[0, 0] = -32768
    path = raster(stored, nodata=-32768)(tmp_path)
    with rasterio.open(path, "r+") as data:
        data.scales, data.offsets = (0.1,), (5.0,)
    layer = _check(path, "elevation").layer
    assert layer is not None
    assert layer.raster is not None
    assert np.isnan(layer.raster.values[0, 0])
    assert set(np.unique(layer.raster.values[1])) == {345.0, 355.0}  # 3400 x 0.1 + 5, 3500 x 0.1 + 5


def test_feet_become_metres(tmp_path: Path) -> None:
    """An elevation in feet is converted, and that is said."""
    result = _check(raster(hills(1000, 1200), unit="ft")(tmp_path), "elevation")
    assert result.problems.status == "repair"
    assert float(str(result.summary["max"])) == pytest.approx(float(hills(1000, 1200).max()) * 0.3048, abs=0.01)


def test_findings_of_one_code_are_capped_and_counted(tmp_path: Path) -> None:
    """Past the cap the findings of a code are counted in one line."""
    path = villages(*((row, 3, "x") for row in range(5)))(tmp_path)
    result = _check(path, max_findings=2)
    assert [f.code for f in result.problems] == ["number-unreadable"] * 2 + ["more-of-the-same"]
    assert "3 more" in result.problems.findings[-1].found


def test_most_rows_wrong_is_one_finding(tmp_path: Path) -> None:
    """A fault of nearly every row is one finding with the number of rows and examples."""
    rows = [f"A{i},N{i},K,x,{11.5 + i / 90:.5f},{-8.2 + i / 80:.5f}" for i in range(30)]
    result = _check(table(HEAD, rows)(tmp_path))
    assert [f.code for f in result.problems] == ["number-unreadable"]
    assert result.problems.findings[0].found.startswith("30 of 30 rows")


def test_unknown_kind_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A kind that does not exist is refused with the nearest one."""
    result = _check(villages()(tmp_path), "vilages")
    assert [f.code for f in result.problems] == ["kind-unknown"]
    assert "villages" in result.problems.findings[0].remedy


@pytest.mark.parametrize(("error", "code"), [(RecursionError, "too-deep"), (MemoryError, "too-large-to-read")])
def test_machine_limits_are_findings(
    error: type[BaseException], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A structure too deep or too large for this computer is a finding, not a crash."""
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "read_table", fail)
    assert [f.code for f in _check(villages()(tmp_path)).problems] == [code]


def test_every_refusal_says_where_and_what_to_do(tmp_path: Path) -> None:
    """A refusal names the file, the row or the field, and a remedy in both languages."""
    for make in (villages((0, 3, "x")), villages((0, 0, "")), text("file.csv", ""), sites((0, 1, "x"))):
        for finding in _check(make(tmp_path)).problems:
            assert finding.file == "file.csv"
            assert finding.row or finding.field
            assert finding.remedy
            assert finding.remedy_fr


def test_too_many_in_doubt_refuses_observations(tmp_path: Path) -> None:
    """Half of the points at latitude 0, longitude 0 are too many to go on without them."""
    rows = [",".join([*row.split(",")[:5], "0", "0"]) if index % 2 else row for index, row in enumerate(POINTS)]
    result = _check(table(POINTS_HEAD, rows)(tmp_path), "water_points")
    (finding,) = [f for f in result.problems if f.code == "too-many-set-aside"]
    assert finding.found == "4 of 8 rows in doubt"
