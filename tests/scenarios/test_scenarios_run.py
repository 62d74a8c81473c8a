"""From a scenario file and a folder of layers to a plan: what is listed, what is refused, what is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_planner.problems import Refused
from gis_planner.scenarios.run import prepare, run
from gis_planner.tables.plan import Plan

CATALOG = """
[region]
name = "tiny"
label = "Tiny"
label_fr = "Petite"
frame = [-8.2, 11.68, -7.35, 12.28]
licence = "CC0-1.0"

[layers.villages]
file = "villages.csv"
origin = "observed"
licence = "CC0-1.0"
source = "test"
date = "2026"
"""
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


def world(folder: Path, villages: str = "A,Aga,120,12.0,-7.9\nB,Beko,40,12.1,-7.8\n", own: str = "") -> Path:
    """A region of two villages and a scenario about latrines; the path of the scenario."""
    (folder / "villages.csv").write_text(f"village_id,name,population,latitude,longitude\n{villages}", encoding="utf-8")
    (folder / "catalog.toml").write_text(CATALOG, encoding="utf-8")
    (folder / "base.toml").write_text(BASE, encoding="utf-8")
    path = folder / "small.toml"
    path.write_text(f'purpose = "p"\npurpose_fr = "q"\nbase = "base.toml"\n{own}', encoding="utf-8")
    return path


def assumption(plan: Plan, key: str) -> tuple[str, str]:
    """Value of a setting in the plan, and who set it."""
    found = next(item for item in plan.assumptions if item.key == key)
    return found.value, found.set_by


def codes(plan: Plan) -> set[str]:
    """Codes of the plan's findings."""
    return {finding.code for finding in plan.findings}


def test_every_default_is_listed_as_one(tmp_path: Path) -> None:
    """A setting that nobody stated stands in the plan as a default with its norm, a stated one as the scenario's."""
    plan = run(world(tmp_path))
    assert assumption(plan, "latrines.budget_fcfa") == ("1000000", "scenario")
    assert assumption(plan, "latrines.people_per_toilet") == ("20", "default")
    assert any("Sphere" in item.source for item in plan.assumptions if item.key == "latrines.people_per_toilet")


def test_norms_that_were_used_are_cited_and_no_others(tmp_path: Path) -> None:
    """A plan about latrines cites the norm of people per toilet and no norm of nets."""
    cited = {norm.id for norm in run(world(tmp_path)).norms}
    assert "sanitation.people_per_toilet.sphere2018" in cited
    assert not any(norm_id.startswith("nets.") for norm_id in cited)


def test_an_absent_layer_that_would_help_is_noted_with_its_effect(tmp_path: Path) -> None:
    """Without latrines, schools and a population raster the plan says what that changes."""
    plan = run(world(tmp_path))
    said = " ".join(finding.sentence() for finding in plan.findings)
    assert {"layer-absent", "people-at-village-points", "no-latrines-layer"} <= codes(plan)
    assert "every group is counted as having none" in said


def test_a_programme_without_its_layers_is_refused(tmp_path: Path) -> None:
    """Larviciding without surveys names the layer to add, or the word to take out of `run`."""
    own = ('[settings]\nrun = ["larviciding"]\n[settings.larviciding]\nproduct = "Bti"\ndose_kg_ha = 0.4\n'
           'price_per_kg = 1\ninterval_weeks = 1\nweeks = 2\nstart_date = 2026-06-01\n')
    with pytest.raises(Refused, match=r"no layer breeding_sites.*Add \[layers\.breeding_sites\]"):
        run(world(tmp_path, own=own))


def test_all_missing_layers_are_told_at_once(tmp_path: Path) -> None:
    """Nets need depots, vehicles and crews: three findings, not one after the other."""
    own = ('[settings]\nrun = ["nets"]\n[settings.nets]\npoints = "fewest"\nnet_price = 1\nstart_date = 2026-06-01\n')
    _, _, problems = prepare(world(tmp_path, own=own))
    assert {finding.field for finding in problems if finding.code == "layer-missing"} == {"depots", "vehicles", "crews"}


def test_a_place_that_the_scenario_adds_is_planned_for(tmp_path: Path) -> None:
    """A camp of 40 people more has its two cabins, before the villages."""
    own = ('[settings.people]\nextra_places = [{ village_id = "C", name = "Camp", longitude = -7.7, latitude = 11.9, '
           'population = 40 }]\n')
    table = run(world(tmp_path, own=own)).results["latrines"]
    assert (table.iloc[0]["village"], table.iloc[0]["toilets_planned"]) == ("Camp", 2)


def test_an_added_place_outside_the_frame_is_refused(tmp_path: Path) -> None:
    """A longitude that lost its minus sign is answered with the frame."""
    own = ('[settings.people]\nextra_places = [{ village_id = "C", name = "Camp", longitude = 7.7, latitude = 11.9, '
           'population = 40 }]\n')
    with pytest.raises(Refused, match="place-outside"):
        run(world(tmp_path, own=own))


def test_only_takes_programmes_of_the_scenario(tmp_path: Path) -> None:
    """`--only` with a programme that the scenario does not run is refused with those that it runs."""
    with pytest.raises(Refused, match="unknown-programme.*latrines"):
        run(world(tmp_path), only=("wells",))


def test_a_missing_catalogue_is_told_like_any_other_fault(tmp_path: Path) -> None:
    """A region that is not there is a finding, not a crash."""
    path = world(tmp_path)
    (tmp_path / "catalog.toml").unlink()
    with pytest.raises(Refused, match="catalog"):
        run(path)


def test_a_village_of_unknown_population_needs_an_assumption(tmp_path: Path) -> None:
    """A village row without people is refused as long as the scenario assumes nothing."""
    with pytest.raises(Refused, match="population"):
        run(world(tmp_path, villages="A,Aga,,12.0,-7.9\nB,Beko,40,12.1,-7.8\n"))


def test_a_village_is_moved_to_its_school_when_the_catalogue_says_so(tmp_path: Path) -> None:
    """With `place_villages_by` a village 1 km from the school of its name moves towards it, and the move is listed."""
    path = world(tmp_path)
    (tmp_path / "schools.csv").write_text(
        "school_id,name,girls,boys,staff,latitude,longitude\nS1,Ecole de Aga,10,10,1,12.009,-7.9\n", encoding="utf-8")
    catalog = CATALOG.replace('licence = "CC0-1.0"\n', 'licence = "CC0-1.0"\nplace_villages_by = ["schools"]\n', 1)
    schools = ('[layers.schools]\nfile = "schools.csv"\norigin = "observed"\nlicence = "CC0-1.0"\nsource = "t"\n'
               'date = "2026"\n')
    (tmp_path / "catalog.toml").write_text(catalog + schools, encoding="utf-8")
    plan = run(path)
    assert any(finding.code == "village-moved" and "Aga" in finding.found for finding in plan.findings)
    assert plan.base["villages"].set_index("village_id").geometry["A"].y > 12.002
    assert next(layer for layer in plan.layers if layer.kind == "villages").origin == "estimated"


def test_villages_are_placed_by_layers_of_the_catalogue_only(tmp_path: Path) -> None:
    """A layer that the catalogue does not have cannot place villages: it is refused with those that it has."""
    path = world(tmp_path)
    (tmp_path / "catalog.toml").write_text(
        CATALOG.replace('licence = "CC0-1.0"\n', 'licence = "CC0-1.0"\nplace_villages_by = ["scools"]\n', 1),
        encoding="utf-8")
    with pytest.raises(Refused, match=r"region\.place_villages_by.*scools"):
        run(path)


def test_an_unknown_price_is_found_before_any_work(tmp_path: Path) -> None:
    """`check` names a price that the costs layer lacks, with the key to write a number at."""
    _, _, problems = prepare(world(tmp_path, own='[settings.latrines]\ncabin_cost = "cabin"\n'))
    said = " ".join(finding.sentence() for finding in problems)
    assert problems.status == "refuse"
    assert "write latrines.cabin_cost = a number" in said


@pytest.mark.parametrize("programme", ["nets", "larviciding"])
def test_each_programme_alone_reads_the_layers_that_it_needs(programme: str) -> None:
    """`--only` one programme of the shipped baseline finds its prices and its layers."""
    root = Path(__file__).resolve().parents[2]
    _, _, problems = prepare(root / "scenarios" / "baseline.toml", only=(programme,))
    assert problems.status != "refuse", [finding.sentence() for finding in problems]
