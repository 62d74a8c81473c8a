"""Periodic rounds: whole patterns, spacing, crews on their ground, and what is refused."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.optimise.rounds import Problem, Site, plan_rounds, read_cordeau, spaced_patterns
from gis_planner.optimise.verify._rounds import check_rounds
from gis_planner.problems import CannotBeMet, Refused


def star(*arms: tuple[int, ...]) -> np.ndarray:
    """Distances along roads that leave the depot: places of one arm lie on one road, at these metres from the depot."""
    places = [(0, 0), *((arm, metres) for arm, row in enumerate(arms, 1) for metres in row)]
    return np.array([[abs(m - k) if a == b else m + k for b, k in places] for a, m in places])


EITHER_DAY = ((0,), (1,))
BOTH_DAYS = ((0, 1),)


def test_sites_of_one_road_share_a_day() -> None:
    """Sites on one road are visited on one day, and the other road on the other day when the load asks for two days."""
    problem = Problem(star((100, 110), (100, 110)), [Site(k, EITHER_DAY, 1.0) for k in (1, 2, 3, 4)], 2, 1, capacity=2)
    plan = plan_rounds(problem, effort=0.01)
    assert plan.feasible
    assert plan.cost == 440  # 110 there and back on each road; a mixed day would cost 420 or more twice
    assert check_rounds(problem, plan) == []


def test_linked_days_are_kept_whole() -> None:
    """A site of two visits gets both days of one pattern, never half of one and half of another."""
    patterns = ((0, 2), (1, 3))
    problem = Problem(star((100,), (200,), (300,)), [Site(k, patterns, 1.0) for k in (1, 2, 3)], 4, 1, capacity=2)
    plan = plan_rounds(problem, effort=0.01)
    assert set(plan.patterns) == set(patterns)  # three sites of load 1 on two pairs of days with room for 2
    assert check_rounds(problem, plan) == []


def test_shift_limits_a_round() -> None:
    """No crew's day is longer than the shift, service included."""
    problem = Problem(star((10,), (10,), (10,)), [Site(k, ((0,), (1,), (2,)), service_s=80) for k in (1, 2, 3)], 3, 1,
                      shift_s=150)
    plan = plan_rounds(problem, effort=0.01)
    assert [len(one.sites) for one in plan.rounds] == [1, 1, 1]  # two sites take 2 x (20 + 80) = 200 s
    assert [one.duration_s for one in plan.rounds] == [100, 100, 100]


def test_spacing_of_seven_days_give_or_take_one() -> None:
    """Weekly visits over four weeks, each step 6 to 8 days, the step into the next four weeks included."""
    patterns = spaced_patterns(28, 7, 1)
    steps = [[b - a for a, b in itertools.pairwise((*p, p[0] + 28))] for p in patterns]
    assert all(6 <= step <= 8 for row in steps for step in row)
    assert {len(p) for p in patterns} == {4}  # 3 visits leave a step above 9, 5 visits one below 6
    # every set of 4 days is counted by brute force
    brute = [p for p in itertools.combinations(range(28), 4)
             if all(6 <= b - a <= 8 for a, b in itertools.pairwise((*p, p[0] + 28)))]
    assert sorted(patterns) == brute


def test_spacing_on_working_days_only() -> None:
    """Rest days are never in a pattern."""
    working = [d for d in range(14) if d % 7 != 6]
    assert all(day % 7 != 6 for p in spaced_patterns(14, 7, 1, working=working) for day in p)


def test_impossible_spacing_is_refused() -> None:
    """A spacing that no set of days keeps is refused."""
    with pytest.raises(Refused, match="Widen the tolerance"):
        spaced_patterns(10, 7, 0)


def test_the_same_crew_keeps_its_road() -> None:
    """Crews that go out every day on the same two roads keep to their road."""
    sites = [Site(k, (tuple(range(6)),), 1.0) for k in range(1, 7)]
    plan = plan_rounds(Problem(star((90, 100, 110), (90, 100, 110)), sites, 6, 2, capacity=3), effort=0.01)
    assert plan.same_crew == 1.0
    assert len({one.crew for one in plan.rounds if 0 in one.sites}) == 1


def test_what_does_not_fit_is_left_out_aloud() -> None:
    """When the visits cannot be packed the plan is not feasible, keeps every limit and names what it left out."""
    problem = Problem(star((10,), (10,), (10,)), [Site(k, ((0,),), 2.0) for k in (1, 2, 3)], 1, 2, capacity=3)
    plan = plan_rounds(problem, effort=0.01)  # 6 in all for 2 x 3, but each crew takes only one load of 2
    assert not plan.feasible
    assert len(plan.unserved) == 1
    assert check_rounds(problem, plan) == []


@pytest.mark.parametrize(("changes", "words"), [
    ({"sites": [Site(1, ((0,),), 5.0)]}, "demand 5.0"),
    ({"sites": [Site(1, ((0,),), service_s=500)]}, "take 520 s"),
    ({"sites": [Site(1, ((0,),), 2.0)] * 3}, "at least 2 crews a day"),
])
def test_what_cannot_be_met(changes: dict[str, object], words: str) -> None:
    """A site beyond every crew, or more load than all crews carry, is said before any search."""
    given = {"distance_m": star((10,)), "days": 1, "crews": 1, "capacity": 4.0, "shift_s": 100.0, **changes}
    with pytest.raises(CannotBeMet, match=words):
        plan_rounds(Problem(**given))


@pytest.mark.parametrize(("changes", "words"), [
    ({"distance_m": np.array([[0, 1], [2, 0]])}, "matrix-asymmetric"),
    ({"distance_m": np.array([[0, np.nan], [np.nan, 0]])}, "matrix-nan"),
    ({"distance_m": np.array([[0, -1], [-1, 0]])}, "matrix-negative"),
    ({"sites": [Site(1, ())]}, "no-pattern"),
    ({"sites": [Site(1, ((5,),))]}, "pattern-days"),
    ({"crews": 0}, "too-few"),
])
def test_unsound_rounds_are_refused(changes: dict[str, object], words: str) -> None:
    """Unsound distances, patterns and counts are refused before any work."""
    given = {"distance_m": star((10,)), "sites": [Site(1, ((0,),))], "days": 2, "crews": 1, **changes}
    with pytest.raises(Refused, match=words):
        Problem(**given)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(1, 3))
def test_every_plan_is_sound(seed: int, days: int, crews: int) -> None:
    """Whatever the sites, the plan keeps whole patterns and every limit, and tells its sums truthfully."""
    random = np.random.default_rng(seed)
    xy = random.integers(0, 1000, (9, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    subsets = [p for size in (1, 2) for p in itertools.combinations(range(days), size)]
    sites = [Site(k, tuple(subsets[j] for j in random.choice(len(subsets), 2, replace=False)),
                  float(random.integers(1, 4)), float(random.integers(0, 300))) for k in range(1, 9)]
    problem = Problem(metres, sites, days, crews, capacity=40.0 / days + 6, shift_s=9000.0)
    try:
        plan = plan_rounds(problem, effort=0.003, seed=seed)
    except CannotBeMet:
        return
    assert check_rounds(problem, plan) == []


def test_same_seed_same_plan_on_one_or_two_processes() -> None:
    """The plan does not depend on how many processes search."""
    random = np.random.default_rng(3)
    xy = random.integers(0, 1000, (25, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    problem = Problem(metres, [Site(k, ((0, 2), (1, 3)), 1.0) for k in range(1, 25)], 4, 2, capacity=8)
    assert plan_rounds(problem, effort=0.01, workers=1) == plan_rounds(problem, effort=0.01, workers=2)


def test_published_instance_is_read_and_solved(shared_data: Path) -> None:
    """Cordeau's p01 (50 customers, 2 days) is read whole and a short search comes near its best known 524.61."""
    problem = read_cordeau(shared_data / "bench" / "periodic" / "p01.txt")
    assert (len(problem.sites), problem.days, problem.crews, problem.capacity) == (51, 2, 3, 160.0)
    assert problem.sites[0].patterns == ((1,), (0,))  # masks 1 and 2: binary 01 is the second day, 10 the first
    plan = plan_rounds(problem, effort=0.02)
    assert check_rounds(problem, plan) == []
    assert 524.60 <= plan.cost <= 524.61 * 1.05
