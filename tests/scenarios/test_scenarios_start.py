"""From a list of villages to a first plan: `init` writes a scenario that `run` accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gis_planner.cli import main
from gis_planner.problems import Problems, Refused
from gis_planner.scenarios.checked import check_settings
from gis_planner.scenarios.run import run
from gis_planner.scenarios.settings import PROGRAMMES
from gis_planner.scenarios.start import first_scenario

WHOLE = "village_id,village,lat,lon,population\n1,Kola,12.0,-7.9,500\n2,Soba,12.1,-7.8,700\n"
NO_ID = "village,lat,lon,population\nKola,12.0,-7.9,500\nSoba,12.1,-7.8,700\n"
NO_PEOPLE = "village_id,village,lat,lon\n1,Kola,12.0,-7.9\n2,Soba,12.1,-7.8\n"


def init(folder: Path, villages: str) -> Path:
    """A new region from these villages; the path of its scenario."""
    (folder / "list.csv").write_text(villages, encoding="utf-8")
    done = CliRunner().invoke(main, ["init", str(folder / "My Région"), "--villages", str(folder / "list.csv")])
    assert done.exit_code == 0, done.output
    path = folder / "My Région" / "my_region-plan.toml"
    assert f"next: gis-planner check {path}" in done.output
    return path


def without_mark(path: Path, start: str) -> None:
    """Take the # off the line that begins so."""
    lines = path.read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith(f"# {start}")]
    lines[at] = lines[at].removeprefix("# ")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_list_of_villages_is_planned_without_another_word(tmp_path: Path) -> None:
    """Villages with ids and people give a plan of latrines: 15,000,000 FCFA at 250,000 a cabin build 60."""
    plan = run(init(tmp_path, WHOLE))
    figures = {figure.key: figure.value for figure in plan.figures}
    # one cabin per 20 people for 1,200 people would also be 60
    assert figures["latrines.cost"] == 15_000_000
    assert len(plan.results["latrines"]) > 0


def test_a_list_without_ids_is_planned_when_the_offered_line_is_taken(tmp_path: Path) -> None:
    """The refusal names id_from with the column of names, and so does the catalogue; taking it is enough."""
    path = init(tmp_path, NO_ID)
    with pytest.raises(Refused, match=r'column-missing.*id_from = \["village"\]'):
        run(path)
    without_mark(path.parent / "catalog.toml", "id_from")
    assert sorted(run(path).base["villages"]["village_id"]) == ["kola", "soba"]


def test_a_list_without_people_is_planned_when_they_are_assumed(tmp_path: Path) -> None:
    """The catalogue and the base hold the lines that state a population; 500 in each of two villages are 1,000."""
    path = init(tmp_path, NO_PEOPLE)
    without_mark(path.parent / "catalog.toml", "missing = ")
    for line in ("[people]", "assumed_population"):
        without_mark(path.parent / "base.toml", line)
    assert run(path).base["villages"]["population"].sum() == 1000


def test_the_first_base_has_every_programme(tmp_path: Path) -> None:
    """Adding a programme to `run` needs no more than its layers: its settings stand in the base and are sound."""
    for name, text in first_scenario("new").items():
        text = text.replace('run = ["latrines"]', f"run = {list(PROGRAMMES)}") if name == "base.toml" else text
        (tmp_path / name).write_text(text, encoding="utf-8")
    problems = Problems()
    assert check_settings(tmp_path / "new-plan.toml", problems) is not None
    assert len(problems) == 0
