"""The hostile collection, its legitimate files, small mutations of them, and real files as partners sent them."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from rasterio._err import CPLE_AppDefinedError

from gis_planner.crs import Frame
from gis_planner.layers.catalog import load_region
from gis_planner.layers.check import check_file

FRAME = Frame(-8.8, 11.2, -7.0, 12.8)
MALI = Frame(-12.5, 10.0, 4.5, 25.2)
ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = ROOT.parent / "shared" / "hostile"
WORDS = {"accept": "accept", "repair": "repair-and-warn", "refuse": "refuse"}


def _entries() -> list[dict[str, Any]]:
    if not (HOSTILE / "manifest.json").is_file():
        return []
    entries: list[dict[str, Any]] = json.loads((HOSTILE / "manifest.json").read_text(encoding="utf-8"))["entries"]
    return entries


def _kind(name: str) -> str:
    stem = Path(name).stem
    return {"points": "breeding_sites"}.get(stem, stem)


@pytest.mark.parametrize("entry", _entries(), ids=lambda entry: entry["id"])
def test_hostile_file_is_answered_as_the_manifest_wants(entry: dict[str, Any]) -> None:
    """A faulty file is accepted, repaired or refused as its entry says, in the words that it asks for."""
    result = check_file(HOSTILE / entry["file"], entry["layer"], frame=FRAME)
    answer = json.dumps(result.as_json(), ensure_ascii=False).casefold()
    status = WORDS[result.problems.status]
    assert status in {entry["expected"], *entry.get("also_ok", [])}
    if status != "accept":
        for words in entry.get("mention", []):
            assert any(word.casefold() in answer for word in words), words
    for finding in result.problems:
        assert finding.file
        assert finding.remedy


def test_truths_of_the_manifest(shared: Path) -> None:
    """Where the manifest knows the right values, they are found."""
    said = {}
    for entry in _entries():
        if "truth" in entry:
            said[entry["id"]] = check_file(HOSTILE / entry["file"], entry["layer"], frame=FRAME).summary
    assert said["X16"]["first_row"]["survey_date"] == "2024-07-08"  # type: ignore[index]
    assert said["E04"]["mean"] == pytest.approx(349.07, abs=0.01)
    assert said["P08"]["sum"] == pytest.approx(41190)
    assert said["P12"]["sum"] == pytest.approx(41190)
    assert said["V31"]["sum_population"] == 41190
    assert said["V41"]["sum_population"] == 41190
    assert said["V52"]["kept"] == 25
    assert said["V54"]["first_row"]["village_id"] == "001"  # type: ignore[index]
    assert said["V56"]["first_row"]["name"] == "NA"  # type: ignore[index]
    assert said["V77"]["first_row"]["latitude"] == 11.984409  # type: ignore[index]
    assert said["X06"]["kept"] == 25


def test_name_in_windows_encoding(shared: Path) -> None:
    """A name in Windows-1252 is the name."""
    result = check_file(HOSTILE / "cases/villages/V73_cp1252.csv", "villages", frame=FRAME)
    assert result.layer is not None
    assert isinstance(result.layer.frame, gpd.GeoDataFrame)
    assert result.layer.frame.set_index("village_id").loc["OA003", "name"] == "Tinkélé"


def test_legitimate_files_are_accepted(shared: Path) -> None:
    """Every legitimate file is accepted without a repair."""
    for path in sorted((HOSTILE / "good").iterdir()):
        result = check_file(path, _kind(path.name), frame=FRAME)
        assert result.problems.status == "accept", path.name


def test_small_mutations_never_raise(shared: Path, tmp_path: Path) -> None:
    """A byte, a line or a cell changed at random is accepted, repaired or refused, and never raises."""
    rng = random.Random(11)
    for path in sorted((HOSTILE / "good").iterdir()):
        data = path.read_bytes()
        for turn in range(6):
            changed = bytearray(data)
            if turn % 3 == 0:
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            elif turn % 3 == 1:
                del changed[rng.randrange(len(changed)):]
            else:
                start = rng.randrange(len(changed))
                changed[start:start] = changed[start: start + 40]
            target = tmp_path / path.name
            target.write_bytes(changed)
            json.dumps(check_file(target, _kind(path.name), frame=FRAME).as_json())


def test_raw_gazetteer_is_read_whole(shared_data: Path) -> None:
    """The raw gazetteer's 12,549 rows are read: 1 broken by a comma, 493 others without coordinates, each listed."""
    result = check_file(shared_data / "mali/villages_raw.csv", "villages", frame=MALI)
    counts = Counter(finding.code for finding in result.problems)
    assert result.summary["rows"] == 12549
    assert counts["row-ragged"] == 1  # line 11,666: BOULI KESSI(FETEL, GRI)
    assert counts["coordinate-missing"] == 493
    assert result.summary["set_aside"] == 494
    assert counts["same-position"] == 209  # positions that 430 rows share
    assert counts["name-twice"] > 200
    assert {f.field for f in result.problems if f.code == "column-missing"} == {"village_id", "population"}
    assert result.problems.status == "refuse"


def test_static_water_levels_workbook(shared_data: Path) -> None:
    """The workbook of 2,598 static levels is read by its adapter, and that it lists successes only is said."""
    result = check_file(shared_data / "mali/static_water_levels.xlsx", "drillings", frame=MALI)
    assert result.summary["kept"] == 2598
    assert result.summary["adapter"] == "swl_mali"
    assert [f.code for f in result.problems] == ["column-estimated"]


def test_osm_nodes_are_schools_without_loss(shared_data: Path) -> None:
    """The OSM nodes of the wider frame are all read; several at one place are listed."""
    result = check_file(shared_data / "ouelessebougou/osm_nodes_around.geojson", "schools", frame=FRAME)
    assert result.summary["kept"] == result.summary["rows"] == 6595
    assert {f.code for f in result.problems} == {"same-position"}


def test_communes_with_p_codes(shared_data: Path) -> None:
    """The official communes of Mali are read by their adapter, 701 of them, under their P-codes."""
    result = check_file(shared_data / "mali/communes.gpkg", "communes", frame=MALI)
    assert result.problems.status == "accept"
    assert (result.summary["kept"], result.summary["adapter"]) == (701, "ocha")


def test_real_region(shared_data: Path) -> None:
    """The real records of the two communes load: 80 villages without population, 267 points of unknown status."""
    region, problems = load_region(ROOT / "layers/ouelessebougou-real/catalog.toml")
    problems.stop()
    assert len(region.rows("villages")) == region.rows("villages")["village_id"].nunique() == 80
    assert region.rows("villages")["population"].isna().all()
    assert len(region.rows("water_points")) == 267
    assert set(region.rows("water_points")["status"]) == {"unknown"}


def test_real_villages_lie_in_the_communes_they_name(shared_data: Path, tmp_path: Path) -> None:
    """Of the 80 recorded village points, before any is moved, 77 lie inside the commune that they name."""
    text = (ROOT / "layers/ouelessebougou-real/catalog.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("place_villages_by")]
    (tmp_path / "catalog.toml").write_text(
        "\n".join(kept).replace("../../../shared/data", str(shared_data)), encoding="utf-8")
    _, problems = load_region(tmp_path / "catalog.toml")
    (contradicting,) = [finding for finding in problems if finding.code == "commune-contradicts"]
    assert contradicting.found.count("(says") == 3


def test_teaching_region_is_clean() -> None:
    """The teaching region that the project ships is accepted without a refusal."""
    _, problems = load_region(ROOT / "layers/ouelessebougou/catalog.toml")
    assert problems.status == "accept"


def test_what_gdal_says_only_when_asked_later_is_a_damaged_file(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that GDAL raises after opening (keys that point nowhere) refuses the file, and is no crash."""
    def fail(*_: object) -> None:
        raise CPLE_AppDefinedError(3, 1, "GeogInvFlatteningGeoKey has offset=1024")

    monkeypatch.setattr("gis_planner.layers.rasters._one_band", fail)
    result = check_file(shared / "hostile" / "good" / "elevation.tif", "elevation", frame=FRAME)
    assert [finding.code for finding in result.problems] == ["raster-damaged"]
