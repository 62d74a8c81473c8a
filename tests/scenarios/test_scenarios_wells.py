"""Bad numbers about wells are refused in the scenario, with key, range and remedy; the equity scenario ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_planner.problems import Problems
from gis_planner.scenarios.checked import check_settings

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def said(folder: Path, text: str) -> tuple[bool, str]:
    """Whether the baseline with these wells settings is refused, and every sentence about it."""
    base = SCENARIOS / "base.toml"
    path = folder / "own.toml"
    path.write_text(f'purpose = "p"\npurpose_fr = "q"\nbase = "{base.as_posix()}"\n[settings.wells]\n{text}\n',
                    encoding="utf-8")
    problems = Problems()
    checked = check_settings(path, problems)
    return checked is None, "\n".join(finding.sentence() for finding in problems)


@pytest.mark.parametrize(("text", "words"), [
    ("people_per_handpump = 0", ["wells.people_per_handpump", "0 people", "1 to 5,000 people"]),
    ("repair_success = 1.2", ["wells.repair_success", "1.2 share", "0.01 to 1 share"]),
    ("upgrade_success = 0", ["wells.upgrade_success", "0.01 to 1 share"]),
    ("borehole_cost = -1", ["wells.borehole_cost", "-1 FCFA", "at least 0 FCFA"]),
    ("manual_cost = -1", ["wells.manual_cost", "-1 FCFA"]),
    ("budget_fcfa = 0", ["wells.budget_fcfa", "0 FCFA"]),
    ("equity_weight = 0.5", ["wells.equity_weight", "1 to 100"]),
    ('equity = "fair"', ["wells.equity", "most_people", "least_served_first"]),
    ('handpump_l_min = "water.round_trip_min.jmp"', ["wells.handpump_l_min", "norm"]),
])
def test_a_bad_number_names_key_range_and_remedy(tmp_path: Path, text: str, words: list[str]) -> None:
    """A negative cost, a capacity of 0, a chance outside 0 to 1 or a weight below 1 never reaches the planner."""
    refused, told = said(tmp_path, text)
    assert refused
    for word in words:
        assert word in told


def test_the_equity_scenario_asks_the_least_served_village_first() -> None:
    """scenarios/equity.toml is the baseline with one setting changed."""
    problems = Problems()
    baseline, equity = (check_settings(SCENARIOS / f"{name}.toml", problems) for name in ("baseline", "equity"))
    assert baseline is not None
    assert equity is not None
    one, other = (checked.settings.model_dump() for checked in (baseline, equity))
    assert other["wells"].pop("equity") == "least_served_first"
    assert one["wells"].pop("equity") == "most_people"
    assert one == other
