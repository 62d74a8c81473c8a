"""catalog.toml: the region, its layers and where they come from; typos are refused with the nearest word."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_specimens import HEAD, POINTS, POINTS_HEAD, ROWS, table

from gis_planner.layers.catalog import load_region
from gis_planner.problems import Problems, Refused
from gis_planner.tables.column import Origin
from gis_planner.tables.layer import Region

REGION = '[region]\nname = "r"\nframe = [-8.8, 11.2, -7.0, 12.8]\n'
GIVEN = 'licence = "CC0"\nsource = "census"\ndate = 2024-01-01\norigin = "observed"\n'


def _load(folder: Path, text: str, only: set[str] | None = None) -> tuple[Region, Problems]:
    table(HEAD, list(ROWS), "villages.csv")(folder)
    table(POINTS_HEAD, list(POINTS), "points.csv")(folder)
    (folder / "catalog.toml").write_text(REGION + text, encoding="utf-8")
    return load_region(folder / "catalog.toml", only=only)


def test_a_region_is_loaded(tmp_path: Path) -> None:
    """Every layer of a sound catalogue is in the region with its provenance."""
    region, problems = _load(tmp_path, f'[layers.villages]\nfile = "villages.csv"\n{GIVEN}'
                                       f'[layers.water_points]\nfile = "points.csv"\n{GIVEN}')
    assert [f.code for f in problems] == []
    assert list(region.layers) == ["villages", "water_points"]
    used = region.layers["villages"].used
    assert (used.licence, used.source, used.date, used.origin, used.rows) == (
        "CC0", "census", "2024-01-01", Origin.OBSERVED, 5)


def test_only_the_layers_asked_for_are_opened(tmp_path: Path) -> None:
    """Layers that are not asked for are not read, so their faults do not matter."""
    region, problems = _load(tmp_path, f'[layers.villages]\nfile = "villages.csv"\n{GIVEN}'
                                       f'[layers.water_points]\nfile = "absent.csv"\n{GIVEN}', {"villages"})
    assert list(region.layers) == ["villages"]
    assert problems.status == "accept"


def test_refused_layer_is_not_in_the_region_and_others_are(tmp_path: Path) -> None:
    """One refused layer does not hide the others, and all refusals come together."""
    region, problems = _load(tmp_path, f'[layers.villages]\nfile = "villages.csv"\n{GIVEN}'
                                       f'[layers.water_points]\nfile = "absent.csv"\n{GIVEN}'
                                       f'[layers.roads]\nfile = "points.csv"\n{GIVEN}')
    assert list(region.layers) == ["villages"]
    assert {f.code for f in problems} >= {"file-missing", "geometry-none"}
    with pytest.raises(Refused):
        problems.stop()


def test_their_columns_values_and_constants(tmp_path: Path) -> None:
    """A partner's own columns and words are mapped without code, and what a file lacks is stated."""
    table("Code;Ouvrage;Y;X;Debit", ["P1;PMH vergnet;12,01;-7,92;15,5", "P2;trou;12,02;-7,91;"], "their.csv")(tmp_path)
    region, problems = _load(tmp_path, f"""[layers.water_points]
file = "their.csv"
columns = {{ water_point_id = "Code", technology = "Ouvrage", latitude = "Y", longitude = "X", yield_l_min = "Debit" }}
values = {{ technology = {{ "PMH Vergnet" = "borehole_handpump", trou = "open_well" }} }}
constants = {{ status = "unknown" }}
columns_origin = {{ status = "estimated" }}
{GIVEN}""")
    assert [f.code for f in problems] == []
    rows = region.rows("water_points")
    assert rows["technology"].tolist() == ["borehole_handpump", "open_well"]
    assert rows["status"].tolist() == ["unknown", "unknown"]
    assert rows["yield_l_min"].iloc[0] == 15.5
    assert region.layers["water_points"].used.origin is Origin.ESTIMATED
    assert "status: estimated" in region.layers["water_points"].used.note


def test_missing_column_that_is_stated(tmp_path: Path) -> None:
    """A required column may be absent when the catalogue says why; it is then unknown, and listed."""
    table("village,commune,lat,lon", ["Mana,Kila,12.01,-7.92", "Mana,Banan,12.11,-7.82"], "names.csv")(tmp_path)
    region, problems = _load(tmp_path, f"""[layers.villages]
file = "names.csv"
id_from = ["commune", "village"]
missing = {{ population = "stated by the scenario" }}
{GIVEN}""")
    assert [f.code for f in problems] == ["column-stated-missing"]
    rows = region.rows("villages")
    assert rows["village_id"].tolist() == ["kila-mana", "banan-mana"]
    assert rows["population"].isna().all()


def test_control_total_of_the_catalogue(tmp_path: Path) -> None:
    """A sum far from the total that the catalogue states is said."""
    entry = '[layers.villages]\nfile = "villages.csv"\ncontrol = { population = 9000 }\n'
    _, problems = _load(tmp_path, entry + GIVEN)
    assert [f.code for f in problems] == ["control-total"]


@pytest.mark.parametrize(("text", "code", "field"), [
    ('[layers.villages]\nfile = "villages.csv"\n' + GIVEN.replace("origin", "orign"), "catalog-key-unknown",
     "layers.villages.orign"),
    ('[layers.villages]\nfile = "villages.csv"\n' + GIVEN.replace("observed", "guessed"), "catalog-origin",
     "layers.villages.origin"),
    ("[layers.vilages]\nfile = 'villages.csv'\n" + GIVEN, "catalog-kind", "layers.vilages.kind"),
    ("[layers.villages]\n" + GIVEN, "catalog-file", "layers.villages.file"),
    ("[layers.villages]\nfile = 'http://127.0.0.1/a.csv'\n" + GIVEN, "path-remote", "layers.villages.file"),
    ("[layers.villages]\nfile = '/vsicurl/a.csv'\n" + GIVEN, "path-remote", "layers.villages.file"),
    ("[layers.villages]\nfile = 'villages.csv'\nadapter = 'wpdex'\n" + GIVEN, "catalog-adapter",
     "layers.villages.adapter"),
    ("[layers.villages]\nfile = 'villages.csv'\ncolumns = { populaton = 'x' }\n" + GIVEN, "catalog-key-unknown",
     "layers.villages.columns.populaton"),
    ("[layers.villages]\nfile = 3\ncolumns = 'x'\n" + GIVEN, "catalog-value", "layers.villages.columns"),
    ("[layers.villages]\nfile = 'villages.csv'\nid_from = 'x'\n" + GIVEN, "catalog-value", "layers.villages.id_from"),
    ("[layers]\nvillages = 3\n", "catalog-value", "layers.villages"),
    ("[layers.villages]\nfile = 'villages.csv'\ncontrol = { population = -1 }\n" + GIVEN, "catalog-value",
     "layers.villages.control"),
])
def test_wrong_entries_are_refused(text: str, code: str, field: str, tmp_path: Path) -> None:
    """A wrong entry is refused by its key, and the layer is left out."""
    region, problems = _load(tmp_path, text)
    assert (code, field) in {(f.code, f.field) for f in problems}
    assert problems.status == "refuse"
    assert not region.layers


def test_typo_is_answered_with_the_nearest_key(tmp_path: Path) -> None:
    """An unknown key is refused with the known one most like it."""
    _, problems = _load(tmp_path, '[layers.villages]\nfile = "villages.csv"\n' + GIVEN.replace("licence", "license"))
    (finding,) = [f for f in problems if f.code == "catalog-key-unknown"]
    assert "write licence" in finding.remedy


def test_missing_provenance_is_listed_with_its_effect(tmp_path: Path) -> None:
    """Licence, source and date that are not given are listed with what that means."""
    region, problems = _load(tmp_path, '[layers.villages]\nfile = "villages.csv"\norigin = "simulated"\n')
    assert [f.field for f in problems] == [f"layers.villages.{w}" for w in ("licence", "source", "date")]
    assert problems.status == "accept"
    assert region.has("villages")


def test_unknown_layer_asked_for(tmp_path: Path) -> None:
    """A layer that is asked for and that the catalogue does not have is simply not in the region."""
    region, problems = _load(tmp_path, f'[layers.villages]\nfile = "villages.csv"\n{GIVEN}', {"roads"})
    assert not region.layers
    assert problems.status == "accept"


@pytest.mark.parametrize(("content", "code"), [
    (b"[region\n", "catalog-broken"), (b"\xff\xfe\x00", "catalog-broken"), (b"x = 1\n", "catalog-region"),
    (b"[region]\nname = 'r'\n", "catalog-frame"), (b"[region]\nname='r'\nframe=[1,2,3]\n", "catalog-frame"),
    (b"[region]\nname='r'\nframe=[5,2,3,4]\n", "frame"),
])
def test_unreadable_catalogue_raises(content: bytes, code: str, tmp_path: Path) -> None:
    """A catalogue that cannot be read at all is refused at once."""
    (tmp_path / "catalog.toml").write_bytes(content)
    with pytest.raises(Refused) as caught:
        load_region(tmp_path / "catalog.toml")
    assert [f.code for f in caught.value.findings] == [code]


def test_absent_catalogue_raises(tmp_path: Path) -> None:
    """A catalogue that is not there is refused with the way to make one."""
    with pytest.raises(Refused, match="catalog-missing"):
        load_region(tmp_path / "catalog.toml")
