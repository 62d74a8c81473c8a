"""Scenarios: base and overrides, unknown keys, ranges, norms, the reference."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gis_planner.problems import Problems
from gis_planner.scenarios.checked import Checked, check_settings
from gis_planner.scenarios.reference import as_markdown, json_schema, rows
from gis_planner.scenarios.settings import known_settings
from gis_planner.standards.book import load_book
from gis_planner.tables.inputs import INPUTS

ROOT = Path(__file__).resolve().parents[2]
BASE = """
region = "catalog.toml"
season = "dry"
run = ["latrines"]
[travel]
rainy_detour_factor = 1.6
[latrines]
budget_fcfa = 1_000_000
cabin_cost = 100_000
school_cabin_cost = 200_000
"""
HEAD = 'purpose = "p"\npurpose_fr = "p"\nbase = "base.toml"\n'


def scenario(folder: Path, base: str = BASE, head: str = HEAD, **overrides: str) -> Path:
    """Write a scenario with its base and overrides; the path of the scenario."""
    (folder / "overrides").mkdir(exist_ok=True)
    (folder / "base.toml").write_text(base, encoding="utf-8")
    for name, text in overrides.items():
        (folder / "overrides" / f"{name}.toml").write_text(text, encoding="utf-8")
    names = ", ".join(f'"{name}"' for name in overrides)
    path = folder / "s.toml"
    lines = head.splitlines()
    at = next((row for row, line in enumerate(lines) if line.startswith("[")), len(lines))
    path.write_text("\n".join([*lines[:at], f"overrides = [{names}]", *lines[at:]]), encoding="utf-8")
    return path


def read(path: Path) -> tuple[Checked | None, Problems]:
    """Check the settings of a scenario."""
    problems = Problems()
    return check_settings(path, problems), problems


def only(problems: Problems) -> str:
    """The one finding, as a sentence."""
    assert len(problems) == 1, [finding.sentence() for finding in problems]
    return next(iter(problems)).sentence()


def test_a_scenario_is_its_base_with_its_overrides(tmp_path: Path) -> None:
    """An override changes the keys that it names and no others."""
    checked, problems = read(scenario(tmp_path, half="[latrines]\nbudget_fcfa = 500_000"))
    assert not len(problems)
    assert checked is not None
    assert checked.settings.latrines is not None
    assert checked.settings.latrines.budget_fcfa == 500_000
    assert checked.settings.latrines.cabin_cost == 100_000


def test_two_overrides_that_set_the_same_key_are_an_error(tmp_path: Path) -> None:
    """The key and both files are named."""
    text = "[latrines]\nbudget_fcfa = 500_000"
    message = only(read(scenario(tmp_path, one=text, two=text))[1])
    assert "latrines.budget_fcfa is set here and in one.toml" in message
    assert "two.toml" in message


def test_settings_of_the_scenario_itself_are_one_more_override(tmp_path: Path) -> None:
    """[settings] in the scenario file changes the base and collides with overrides like any other."""
    own = HEAD + "[settings.latrines]\nbudget_fcfa = 7\n"
    checked, _ = read(scenario(tmp_path, head=own))
    assert checked is not None
    assert checked.settings.latrines is not None
    assert checked.settings.latrines.budget_fcfa == 7
    assert "set-twice" in only(read(scenario(tmp_path, head=own, one="[latrines]\nbudget_fcfa = 8"))[1])


@pytest.mark.parametrize("content", [b"village_id,name\nv1,Kola\n", b"\x89\xff\x00", b"a" * 1_000_001])
def test_a_layer_given_as_a_scenario_is_told_how_to_be_checked(content: bytes, tmp_path: Path) -> None:
    """A file that is no TOML by name and by content is taken for a layer: the kind is offered, all kinds are listed."""
    path = tmp_path / "villages.csv"
    path.write_bytes(content)
    problems = Problems()
    assert check_settings(path, problems) is None
    finding = problems.findings[0]
    assert (finding.code, len(problems)) == ("not-a-scenario", 1)
    assert "--as villages" in finding.remedy
    assert all(kind in finding.remedy for kind in INPUTS)


@pytest.mark.parametrize(("text", "words"), [
    ("[latrines]\nbuget_fcfa = 5", ["latrines.buget_fcfa", "Did you mean 'budget_fcfa'"]),
    ("[latrine]\nbudget_fcfa = 5", ["unknown key 'latrine'", "Did you mean 'latrines'"]),
    ("season = \"wet\"", ["season", "dry", "rainy"]),
    ("[latrines]\npeople_per_toilet = \"sanitation.people_per_toilet.sphere2019\"",
     ["latrines.people_per_toilet", "sanitation.people_per_toilet.sphere2018"]),
    ("[latrines]\npeople_per_toilet = \"water.round_trip_min.jmp\"", ["a norm in min", "a norm in people"]),
    ("[latrines]\npeople_per_toilet = 0.1", ["0.1 people", "1 to 200 people"]),
    ("[latrines]\nbudget_fcfa = nan", ["latrines.budget_fcfa"]),
    ("run = []", ["run = []", "Name at least one programme"]),
    ("[latrines", ["not-toml", "one.toml"]),
])
def test_a_bad_override_names_file_key_and_remedy(tmp_path: Path, text: str, words: list[str]) -> None:
    """Each fault is told with the file, the key, what was expected and the near name, and the scenario is refused."""
    checked, problems = read(scenario(tmp_path, one=text))
    said = "\n".join(finding.sentence() for finding in problems)
    assert checked is None or problems.status == "refuse"
    for word in words:
        assert word in said


@pytest.mark.parametrize(("value", "kind"), [('"lots"', "a number"), ("inf", "a number")])
def test_a_value_that_is_no_number_is_answered_with_the_range(tmp_path: Path, value: str, kind: str) -> None:
    """What is expected is the range with its unit, then the meaning; no period is doubled or lost in the middle."""
    message = only(read(scenario(tmp_path, one=f"[latrines]\nbudget_fcfa = {value}"))[1])
    assert re.search(kind + r" from 1 to 100,000,000,000 FCFA\. .*Money for latrines", message)
    assert ".." not in message
    assert ". (" not in message


def test_a_missing_key_is_asked_for_with_its_meaning(tmp_path: Path) -> None:
    """A required setting that nobody states is named with what it means."""
    message = only(read(scenario(tmp_path, base=BASE.replace("budget_fcfa = 1_000_000\n", "")))[1])
    assert "latrines.budget_fcfa" in message
    assert "Money for latrines" in message


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Three faults in one file are three findings."""
    problems = read(scenario(tmp_path, one="sesson = 1\nseed = \"x\"\n[latrines]\ncamp = true"))[1]
    assert len(problems) == 3


def test_a_scenario_without_purpose_or_base_is_refused(tmp_path: Path) -> None:
    """A scenario says what it asks and from which base it starts."""
    problems = read(scenario(tmp_path, head="purpose = \"p\"\nbasis = \"base.toml\"\n"))[1]
    said = "\n".join(finding.sentence() for finding in problems)
    assert "purpose_fr" in said
    assert "Did you mean 'base'" in said
    assert "Name the base file" in said


def test_an_unknown_scenario_file_is_answered_with_the_near_one(tmp_path: Path) -> None:
    """A typo in the path is answered with the file that is there."""
    scenario(tmp_path)
    assert "Did you mean s.toml" in "".join(f.sentence() for f in read(tmp_path / "ss.toml")[1])


def test_shipped_scenarios_are_sound() -> None:
    """Every scenario that ships has sound settings."""
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        if not path.name.startswith("base"):
            checked, problems = read(path)
            assert checked is not None, [finding.sentence() for finding in problems]


def test_the_reference_explains_every_setting() -> None:
    """Reference, JSON Schema and model know the same settings, each with a meaning in both languages."""
    known = list(known_settings())
    assert [row["key"] for row in rows(load_book())] == [item.key for item in known]
    schema = json.loads(json_schema())
    names = set(schema["properties"]) | {name for part in schema["$defs"].values() for name in part["properties"]}
    for item in known:
        assert item.name in names
        assert item.field.description, item.key
        assert item.extra["meaning_fr"], item.key


def test_every_default_norm_exists_in_the_right_unit() -> None:
    """A default that names a norm names one of the setting's unit and range."""
    book = load_book()
    for item in known_settings():
        if item.is_norm and isinstance(item.field.default, str):
            norm = book.norm(item.field.default)
            assert norm.unit == item.extra["unit"], item.key
            assert item.extra["low"] <= norm.value <= item.extra["high"], item.key


def test_the_reference_page_cites_the_source_of_defaults() -> None:
    """The page gives norm defaults with their source, and unverified ones say so."""
    page = as_markdown(load_book())
    assert "wells.round_trip_min" in page
    assert "(unverified)" in page
