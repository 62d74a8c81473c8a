"""One command from layers to a plan: everything is written, the same bytes, bad input answered, nothing half done."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from gis_planner.cli import main
from gis_planner.tables.results import RESULTS

ROOT = Path(__file__).resolve().parent.parent
QUICK = '\n[settings]\neffort = 0.02\n'


def project(folder: Path, scenario: str = "baseline", extra: str = QUICK) -> Path:
    """A copy of the scenarios and of the teaching region, quick to solve; the path of the scenario."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    shutil.copytree(ROOT / "layers" / "ouelessebougou", folder / "layers" / "ouelessebougou")
    path = folder / "scenarios" / f"{scenario}.toml"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    return path


def layer(scenario: Path, name: str) -> Path:
    """A file of the copied region."""
    return scenario.parent.parent / "layers" / "ouelessebougou" / name


def run(*words: str | Path) -> Result:
    """A gis-planner command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def hashes(out: Path) -> dict[str, str]:
    """sha256 by file of a manifest, checked against the files."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    files = {item["path"]: item["sha256"] for item in manifest["files"]} if isinstance(
        manifest["files"], list) else {name: item["sha256"] for name, item in manifest["files"].items()}
    for name, digest in files.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest, name
    return files


@pytest.fixture(scope="session")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The baseline of the teaching region, planned once and quickly."""
    folder = tmp_path_factory.mktemp("baseline")
    done = run("run", project(folder), "--out", folder / "out")
    assert done.exit_code == 0, done.output
    return folder / "out"


def test_a_run_writes_what_the_house_promises(baseline: Path) -> None:
    """Report, GeoPackage, workbook, plan.json, tables, routes and the manifest are there."""
    names = set(hashes(baseline))
    assert {"report.html", "plan.gpkg", "plan.xlsx", "plan.json", "routes/all.gpx", "routes/all.kml"} <= names
    assert {f"tables/{name}.csv" for name in RESULTS} <= names


def test_tables_have_the_promised_columns(baseline: Path) -> None:
    """Each CSV begins with the columns that its table describes, in order."""
    for name, table in RESULTS.items():
        head = (baseline / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert head.split(",")[:len(table.names)] == table.names


def test_people_are_conserved_from_layers_to_tables(baseline: Path) -> None:
    """The villages of the plan hold the 22,640 people of the layer, and nets count each of them once."""
    villages = pd.read_csv(baseline / "tables" / "villages.csv")
    homes = pd.read_csv(baseline / "tables" / "net_households.csv")
    layer_people = pd.read_csv(ROOT / "layers" / "ouelessebougou" / "villages.csv")["population"].sum()
    assert villages["people"].sum() == homes["people"].sum() == layer_people == 22_640
    sums = villages["served_today"] + villages["over_capacity"] + villages["out_of_reach"]
    assert (sums == villages["people"]).all()


def test_the_budget_is_kept(baseline: Path) -> None:
    """Chosen wells cost at most the budget of wells, and likewise latrines."""
    for name, budget in (("wells", 40_000_000), ("latrines", 15_000_000)):
        table = pd.read_csv(baseline / "tables" / f"{name}.csv")
        chosen = table["chosen"].astype(str).str.lower().isin(["true", "yes", "1"])
        assert 0 < table.loc[chosen, "cost_fcfa"].sum() <= budget


def test_every_row_says_that_its_data_is_simulated(baseline: Path) -> None:
    """All that is drawn from the teaching region is marked simulated in the tables, and in the report."""
    for name in RESULTS:
        assert set(pd.read_csv(baseline / "tables" / f"{name}.csv")["origin"]) == {"simulated"}
    assert "simulated" in (baseline / "report.html").read_text(encoding="utf-8")


def test_routes_end_within_the_day_and_serve_every_point(baseline: Path) -> None:
    """No crew-day is longer than 8 hours and every distribution point is a stop."""
    routes = pd.read_csv(baseline / "tables" / "routes.csv")
    stops = pd.read_csv(baseline / "tables" / "stops.csv")
    points = pd.read_csv(baseline / "tables" / "net_points.csv")
    assert routes["duration_min"].max() <= 480
    assert set(points["point_id"]) == set(stops.loc[stops["route_id"].str.startswith("NET"), "place_id"])


def test_the_same_rows_in_another_order_give_the_same_bytes(baseline: Path, tmp_path: Path) -> None:
    """A run on shuffled layers has the same manifest, hash for hash."""
    scenario = project(tmp_path)
    for path in sorted(layer(scenario, "").glob("*.csv")):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        random.Random(7).shuffle(rows)
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    for path in sorted(layer(scenario, "").glob("*.geojson")):
        data = json.loads(path.read_text(encoding="utf-8"))
        random.Random(7).shuffle(data["features"])
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = run("run", scenario, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    one, two = hashes(baseline), hashes(tmp_path / "out")
    assert {name for name in one | two if one.get(name) != two.get(name)} == set()


def test_check_writes_nothing(tmp_path: Path) -> None:
    """`check` of a sound scenario is accepted and leaves no file behind."""
    scenario = project(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    done = run("check", scenario, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["status"] in ("accept", "repair")
    assert sorted(tmp_path.rglob("*")) == before


def empty(path: Path) -> None:
    """Keep only the head of a CSV."""
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def without(path: Path, column: str) -> None:
    """Drop a column of a CSV."""
    pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns=column).to_csv(path, index=False)


def replaced(path: Path, *pairs: tuple[str, str]) -> None:
    """Replace texts in a file."""
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def nowhere_to_build(scenario: Path) -> None:
    """One far pump that works, and almost the whole region under water."""
    pumps = layer(scenario, "water_points.csv")
    empty(pumps)
    with pumps.open("a", encoding="utf-8") as file:
        file.write("W1,borehole_handpump,working,8,2000,no,10,,OA01,11.70,-8.19\n")
    ring = [[-8.19, 11.69], [-7.36, 11.69], [-7.36, 12.27], [-8.19, 12.27], [-8.19, 11.69]]
    zone = {"type": "Feature", "properties": {"zone_id": "Z", "kind": "flood"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}
    layer(scenario, "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [zone]}), encoding="utf-8")


BAD = {
    "empty layer": (lambda s: empty(layer(s, "villages.csv")), "", 2, ["villages"]),
    "missing column": (lambda s: without(layer(s, "water_points.csv"), "status"), "", 2,
                       ["water_points.csv", "status"]),
    "missing file": (lambda s: layer(s, "crews.csv").unlink(), "", 2, ["crews"]),
    "unknown key": (lambda s: None, "[settings.wells]\nbuget_fcfa = 1\n", 2, ["wells.buget_fcfa", "'budget_fcfa'"]),
    "budget of 0": (lambda s: None, "[settings.wells]\nbudget_fcfa = 0\n", 2, ["found 0 FCFA", "leave wells out"]),
    "small budget": (lambda s: None, "[settings.wells]\nbudget_fcfa = 1000\n", 3, ["the cheapest action", "Raise"]),
    "no vehicle": (lambda s: replaced(layer(s, "vehicles.csv"), (",car,2,", ",car,0,"), (",truck,1,", ",truck,0,")),
                   "[settings]\nrun = [\"nets\"]\n", 3, ["no-vehicle", "Complete crews, vehicles and depots"]),
    "no candidate": (nowhere_to_build, "[settings]\nrun = [\"wells\"]\n", 3, ["no-candidate", "wells.round_trip_min"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_answered_and_nothing_is_written(tmp_path: Path, case: str) -> None:
    """Where, what was found, what is expected and what to do; the right exit status; nothing half written."""
    spoil, override, status, words = BAD[case]
    scenario = project(tmp_path, extra="\n" + override)
    spoil(scenario)
    done = run("run", scenario, "--out", tmp_path / "out")
    assert done.exit_code == status, done.output
    for word in words:
        assert word in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C while planning ends with 130 and a word, not with a traceback."""
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gis_planner.scenarios.run.run", stop)
    done = run("run", project(tmp_path))
    assert done.exit_code == 130
    assert "nothing was left half written" in done.output


def test_without_debug_no_traceback_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An error of the program itself is one line, and asks for --debug."""
    def fail(*_: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr("gis_planner.scenarios.run.run", fail)
    done = run("run", project(tmp_path))
    assert done.exit_code == 1
    assert "--debug" in done.output


def test_the_real_records_are_planned_when_they_are_there(shared_data: Path, tmp_path: Path) -> None:
    """The real layers give a plan that lists its assumption about people, and calls what rests on it estimated."""
    assert shared_data.is_dir()
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "gis_planner.cli", "run", "scenarios/real-records.toml", "--only", "wells", "--out",
         str(out)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    facts = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    said = json.dumps(facts, ensure_ascii=False)
    assert "population-assumed" in said
    assert "1112" in said
    origins = set(pd.read_csv(out / "tables" / "villages.csv")["origin"])
    assert origins == {"estimated"}


def test_doctor_names_what_is_installed() -> None:
    """`doctor` lists Python, every dependency and free disk, and ends well on a sound machine."""
    done = run("doctor")
    assert done.exit_code == 0
    for name in ("Python", "geopandas", "pyvrp", "free disk"):
        assert name in done.output
