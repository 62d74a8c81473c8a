"""GeoPackage, GPX and KML: valid, readable elsewhere, inert, the same bytes."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from maps_plan import ROUTE_IDS, shuffled, small_plan

from gis_planner.maps import safe
from gis_planner.maps.crew_day import crew_days, file_stems
from gis_planner.maps.geopackage import write_geopackage
from gis_planner.maps.gpx import gpx
from gis_planner.maps.kml import kml
from gis_planner.maps.qml import looks_of, qml
from gis_planner.maps.style import load_style
from gis_planner.maps.write import write_routes
from gis_planner.tables.results import RESULTS

GPX = {"g": "http://www.topografix.com/GPX/1/1"}
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """plan.gpkg of the small plan."""
    path = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
    write_geopackage(small_plan(), path)
    return path


def test_geopackage_has_every_result_and_input(package: Path) -> None:
    """Every result and every input layer is a layer, inputs with a prefix."""
    names = {name for name, _ in pyogrio.list_layers(package)}
    assert set(RESULTS) | {f"input_{kind}" for kind in small_plan().base} <= names


def test_geopackage_layers_keep_rows_types_and_place(package: Path) -> None:
    """A layer has the table's columns, its rows in order, dates as dates, in EPSG:4326."""
    wells = gpd.read_file(package, layer="wells")
    assert list(wells.columns) == [*RESULTS["wells"].names, "geometry"]
    assert wells["action_id"].tolist() == ["WEL-01", "WEL-02", "WEL-03"]
    assert wells.crs.to_epsg() == 4326
    assert wells.geometry.x.tolist() == pytest.approx([-7.84, -7.88, -7.80])
    types = dict(zip(*(pyogrio.read_info(package, layer="routes")[key] for key in ("fields", "dtypes")), strict=True))
    assert types["date"].startswith("datetime64")
    assert pyogrio.read_info(package, layer="routes")["geometry_type"] == "MultiLineString"


def test_geopackage_schema_does_not_depend_on_values(tmp_path: Path, package: Path) -> None:
    """A plan without a single row has the same layers and field types."""
    plan = small_plan()
    empty = dataclasses.replace(
        plan, results={name: frame.iloc[:0] for name, frame in plan.results.items()},
        base={name: frame.iloc[:0] for name, frame in plan.base.items()})
    write_geopackage(empty, tmp_path / "plan.gpkg")
    for name, _ in pyogrio.list_layers(package):
        full, none = (pyogrio.read_info(path, layer=name) for path in (package, tmp_path / "plan.gpkg"))
        assert list(full["ogr_types"]) == list(none["ogr_types"]), name
        assert full["geometry_type"] == none["geometry_type"], name


def test_geopackage_is_the_same_bytes_again(tmp_path: Path, package: Path) -> None:
    """The same plan, also with its rows in another order, gives the same bytes."""
    write_geopackage(shuffled(small_plan(), 4), tmp_path / "plan.gpkg")
    assert (tmp_path / "plan.gpkg").read_bytes() == package.read_bytes()


def test_geopackage_is_sound_and_styled(package: Path) -> None:
    """SQLite finds no fault, the version is 1.3, and each layer with geometry has a default style of valid XML."""
    with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA user_version").fetchone() == (10300,)
        styles = dict(file.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
        stamps = {row[0] for row in file.execute("SELECT last_change FROM gpkg_contents")}
    assert {name for name, table in RESULTS.items() if table.geometry != "none"} <= set(styles)
    for text in styles.values():
        assert ET.fromstring(text).find("renderer-v2") is not None  # noqa: S314 - our own text
    assert len(stamps) == 1


def test_rules_of_a_style_select_the_rows_it_draws() -> None:
    """The looks of a table become rules with its words and filters; a table without look gets one plain rule."""
    text = qml(looks_of(load_style(), "base.water_points"), "point", "fr")
    rules = ET.fromstring(text).findall("renderer-v2/rules/rule")  # noqa: S314
    assert [rule.get("filter") for rule in rules] == [
        "\"status\" = 'working'", "\"status\" = 'not_working'", "\"status\" = 'unknown'"]
    assert rules[0].get("label") == "Point d'eau en marche"
    plain = ET.fromstring(qml(looks_of(load_style(), "results.stops"), "point"))  # noqa: S314
    assert [rule.get("filter") for rule in plain.findall("renderer-v2/rules/rule")] == [""]


def test_ogrinfo_reads_the_geopackage_without_a_word(package: Path) -> None:
    """GDAL's ogrinfo reads every layer and warns of nothing."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo (gdal-bin) is not installed")
    done = subprocess.run(["ogrinfo", "-ro", "-al", "-so", str(package)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Feature Count: 6" in done.stdout


QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
seen = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    symbols = layer.renderer().symbols(__import__("qgis.core").core.QgsRenderContext())
    seen[name] = [layer.isValid(), layer.featureCount(), layer.renderer().type(), symbols[0].color().name(),
                  layer.labelsEnabled()]
print(json.dumps(seen))
"""


def test_qgis_opens_the_layers_with_their_style(package: Path) -> None:
    """QGIS loads a layer with the colours and labels stored in the package."""
    python = Path("/usr/bin/python3")
    if not python.exists() or subprocess.run([str(python), "-c", "import qgis.core"], capture_output=True,
                                             check=False).returncode:
        pytest.skip("QGIS (python3-qgis) is not installed")
    done = subprocess.run([str(python), "-c", QGIS, str(package), "villages", "routes", "input_water_points"],
                          capture_output=True, text=True, check=True,
                          env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": str(package.parent)})
    seen = json.loads(done.stdout.splitlines()[-1])
    style = load_style()
    assert seen["villages"] == [True, 6, "RuleRenderer", style.layer("villages").colour, True]
    assert seen["routes"] == [True, 3, "RuleRenderer", style.layer("routes").colour, False]
    assert seen["input_water_points"][:3] == [True, 6, "RuleRenderer"]


def _routes(folder: Path, **named: object) -> Path:
    write_routes(small_plan(**named), folder / "routes")  # type: ignore[arg-type]
    return folder / "routes"


def test_one_gpx_and_one_kml_per_crew_day_and_all(tmp_path: Path) -> None:
    """Each crew-day has its GPX and KML named by its id, and `all` holds every one."""
    found = {path.name for path in _routes(tmp_path).iterdir()}
    stems = {*file_stems(ROUTE_IDS).values(), "all"}
    assert found == {f"{stem}.{end}" for stem in stems for end in ("gpx", "kml")}
    assert {"NET-A-D01.gpx", "LAR-B-D01.kml"} <= found


@pytest.mark.parametrize("ids", [("a/b", "CON", ".."), ("all", "ALL", "All"), ("NET", "net", "nul"),
                                 ("", " ", "x" * 300), ("../../etc/passwd", "C:\\x", "lpt1"), ("é", "e", "É")])
def test_hostile_ids_give_safe_distinct_file_names(tmp_path: Path, ids: tuple[str, str, str]) -> None:
    """Ids that are paths, reserved names or differ by case alone give safe and distinct file names."""
    stems = file_stems(ids)
    assert len({stem.casefold() for stem in stems.values()} | {"all"}) == 4
    for stem in stems.values():
        assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        assert stem.casefold() not in {"con", "nul", "lpt1", "aux", "prn"}
        assert 0 < len(stem) <= 60
    assert len(list(_routes(tmp_path, route_ids=ids).iterdir())) == 8


def test_gpx_is_valid_by_its_schema(tmp_path: Path, shared_data: Path, hostile_names: tuple[str, ...]) -> None:
    """Every GPX is valid against the GPX 1.1 schema, also with hostile names."""
    etree = pytest.importorskip("lxml.etree", reason="lxml, the schema checker, is not installed")
    schema = etree.XMLSchema(file=str(shared_data / "schemas" / "gpx.xsd"))
    for at in range(0, len(hostile_names), 6):
        names = tuple((hostile_names * 2)[at:at + 6])
        for path in _routes(tmp_path / str(at), names=names).glob("*.gpx"):
            schema.assertValid(etree.parse(str(path)))


def test_kml_is_valid_by_its_schema(tmp_path: Path, hostile_names: tuple[str, ...]) -> None:
    """Every KML is valid against the OGC KML 2.2 schema, also with hostile names."""
    fastkml = pytest.importorskip("fastkml", reason="fastkml, which ships the KML schema, is not installed")
    from fastkml.validator import validate

    for at in range(0, len(hostile_names), 6):
        names = tuple((hostile_names * 2)[at:at + 6])
        for path in _routes(tmp_path / str(at), names=names).glob("*.kml"):
            assert validate(file_to_validate=path) is True, fastkml.__name__


def _both(tmp_path: Path, name: str) -> tuple[str, str]:
    folder = _routes(tmp_path / safe.slug(name), names=(name, "b", "c", "d", "e", "f"))
    return (folder / "NET-A-D01.gpx").read_text("utf-8"), (folder / "NET-A-D01.kml").read_text("utf-8")


def test_hostile_names_stand_verbatim_in_routes(tmp_path: Path, hostile: str) -> None:
    """A hostile village name is read back from GPX and KML as it was written."""
    gpx_text, kml_text = _both(tmp_path, hostile)
    shown = f"1. {safe.text(hostile)}"
    names = [item.text for item in ET.fromstring(gpx_text).findall("g:wpt/g:name", GPX)]  # noqa: S314
    assert names[1] == shown
    assert shown in [item.text for item in ET.fromstring(kml_text).iter(f"{{{KML['k']}}}name")]  # noqa: S314


def test_gpx_holds_depot_stops_in_order_and_the_way_once() -> None:
    """A GPX has the depot and each stop as waypoints in order, one track, and no route that phones would draw twice."""
    day = next(day for day in crew_days(small_plan()) if day.id == "NET-A-D01")
    root = ET.fromstring(gpx([day], day.title))  # noqa: S314
    points = root.findall("g:wpt", GPX)
    assert [item.findtext("g:name", None, GPX) for item in points] == [
        "Depot: Ouélessébougou", "1. Sounsounkoro", "2. Faragouaran", "3. Ŋɔnɔ-Ɲɛnɛ"]
    assert points[1].get("lat") == "12.000000"
    assert points[1].findtext("g:desc", None, GPX) == "Give nets at Sounsounkoro · 133 nets · +20 min"
    assert len(root.findall("g:trk", GPX)) == 1
    assert root.findall("g:rte", GPX) == []
    # depot, three stops, depot
    assert len(root.findall("g:trk/g:trkseg/g:trkpt", GPX)) == 5


def test_gpx_colours_stand_on_tracks_and_never_on_the_whole_file() -> None:
    """Colour is OsmAnd's extension on each track; the file itself has none."""
    root = ET.fromstring(gpx(crew_days(small_plan()), "all"))  # noqa: S314
    osmand = "{https://osmand.net/docs/technical/osmand-file-formats/osmand-gpx}color"
    assert [item.tag for item in root if item.tag.endswith("extensions")] == []
    colours = [item.text for item in root.findall(f"g:trk/g:extensions/{osmand}", GPX)]
    assert len(set(colours)) == 3


def test_routes_say_when_they_are_straight_and_simulated() -> None:
    """A way that does not follow roads, and data that is simulated, are said in the file, in the reader's language."""
    day = crew_days(small_plan(), "fr")[0]
    text = gpx([day], day.title, lang="fr")
    assert "lignes droites entre les arrêts, pas la route" in text
    assert "DONNÉES SIMULÉES" in text
    assert "Depot" not in text
    assert "SIMUL" not in gpx(crew_days(small_plan(simulated=False)), "x")


def test_routes_do_not_depend_on_row_order() -> None:
    """GPX and KML are the same text when rows come in another order."""
    for write in (gpx, kml):
        assert write(crew_days(small_plan()), "all") == write(crew_days(shuffled(small_plan(), 9)), "all")


def test_a_crew_day_without_a_line_is_drawn_from_stop_to_stop() -> None:
    """A crew-day whose way is not known is drawn from depot to stops and back, and says so."""
    plan = small_plan()
    routes = plan.results["routes"].copy()
    routes.geometry = [None] * len(routes)
    day = crew_days(dataclasses.replace(plan, results={**plan.results, "routes": routes}))[-1]
    assert day.lines == ((day.depot, *(stop.at for stop in day.stops), day.depot),)
    assert day.drawn_straight


def test_gpxpy_and_ogr_read_the_same_places(tmp_path: Path) -> None:
    """Two other readers find the waypoints and the track that were written."""
    folder = _routes(tmp_path)
    points = pyogrio.read_dataframe(folder / "all.gpx", layer="waypoints")
    assert len(points) == 10  # three depots and seven stops
    gpxpy = pytest.importorskip("gpxpy", reason="gpxpy is not installed")
    read = gpxpy.parse((folder / "all.gpx").read_text(encoding="utf-8"))
    assert len(read.tracks) == 3
