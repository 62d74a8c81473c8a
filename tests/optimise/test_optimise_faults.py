"""Hundreds of faults planted in sound plans of every kind, one in each: the check finds all and calls each by name."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import faults_covering
import faults_rounds
import faults_routes
import pytest

from gis_planner.optimise.verify import check

TABLES = {"covering": faults_covering, "routes": faults_routes, "rounds": faults_rounds}
PLANTED = [(room, *case) for room, table in TABLES.items() for case in table.CASES]


def test_check_of_routes_imports_no_solver() -> None:
    """What checks routes and rounds loads neither PyVRP nor HiGHS nor the compiled searches."""
    code = ("import sys, gis_planner.optimise.verify._routing; "
            "sys.exit(any(name in sys.modules for name in ('pyvrp', 'highspy', 'numba', 'scipy.optimize')))")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_more_than_two_hundred_different_faults_are_planted() -> None:
    """At least 200 faults, all different, in all kinds of plans: at least 20 of each kind that the check knows."""
    different = {(room, world, name) for room, world, name, _, _ in PLANTED}
    assert len(different) == len(PLANTED) >= 200
    kinds = [TABLES[room].sound(world)[1].kind for room, world, _, _, _ in PLANTED]
    known = {*faults_covering.MOST, "set_cover", "assign", "p_median", "p_center", "routes", "rounds"}
    assert set(kinds) == known
    assert min(kinds.count(kind) for kind in known) >= 20


@pytest.mark.parametrize(("room", "world"), [(room, world) for room, table in TABLES.items() for world in table.WORLDS])
def test_a_sound_plan_has_no_finding(room: str, world: str) -> None:
    """In the plans that faults are planted in, the check finds nothing."""
    problem, plan = TABLES[room].sound(world)
    assert check(problem, plan) == []


@pytest.mark.parametrize(("room", "world", "name", "code", "spoil"), PLANTED,
                         ids=[f"{world}-{name}" for _, world, name, _, _ in PLANTED])
def test_a_planted_fault_is_found_by_its_name(room: str, world: str, name: str, code: str, spoil: Any) -> None:
    """The check names what is broken and says in words what was found and what was expected."""
    findings = check(*spoil(*TABLES[room].sound(world)))
    named = [finding for finding in findings if finding.code == code]
    assert named, sorted({finding.code for finding in findings})
    assert all(finding.found and finding.expected and finding.field for finding in named)
