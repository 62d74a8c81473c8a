"""The same promises where no proof is reached: what holds of a search that stops by counts, and what does not.

A search may find a worse plan for more money than for less; its bounds may not: whatever fewer sites reach is within
the bound of more, in any order of rows and columns, with copies of sites or without.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planner.optimise import _capacity, cover, cover_more, median
from gis_planner.optimise._capacity_large import field_of
from gis_planner.optimise._capacity_problem import capacity_problem
from gis_planner.optimise._capacity_search import profits
from gis_planner.optimise.verify import check

few = settings(deadline=None, derandomize=True, max_examples=1)
seeds = st.integers(0, 10_000)
DEMAND, SITES = 2500, 90
QUICK = 0.002


def region(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reach of a fifth of all pairs at random, weights and costs: far from any linear relaxation, never proven."""
    random = np.random.default_rng(seed)
    return random.random((DEMAND, SITES)) < 0.2, random.integers(1, 50, DEMAND), random.integers(5, 9, SITES)


def by_number(reach, weight, cost, size):
    """Six to eight of ninety sites."""
    return cover.max_cover(csr_array(reach), weight, limit=6 + size, effort=QUICK)


def by_money(reach, weight, cost, size):
    """Money for about as many."""
    return cover.max_cover(csr_array(reach), weight, cost=cost, budget=42 + 7 * size, effort=QUICK)


def fading(reach, weight, cost, size):
    """All or half of the service."""
    share = csr_array(np.where(reach, np.where(np.arange(SITES) % 2, 1.0, 0.5)[None, :], 0.0))
    return cover_more.partial_cover(share, weight, limit=6 + size, effort=QUICK)


METHODS = {"by number": by_number, "by money": by_money, "fading": fading}


@pytest.mark.parametrize("name", METHODS)
@few
@given(seed=seeds)
def test_what_fewer_sites_reach_is_within_the_bound_of_more(name, seed):
    """No plan of less is above the bound of more; every bound is at least its value; the check finds nothing."""
    arrays = region(seed)
    plans = [METHODS[name](*arrays, size) for size in (0, 2)]
    assert not all(plan.proven for plan in plans)
    for k, plan in enumerate(plans):
        assert all(plan.value <= other.bound + 1e-6 for other in plans[k:])


@few
@given(seeds)
def test_searched_plans_pass_the_check_with_their_multipliers(seed):
    """Plans that stop before a proof carry multipliers, and the check sums their bound again."""
    reach, weight, cost = region(seed)
    plan = by_number(reach, weight, cost, 0)
    assert plan.multipliers is not None
    assert check({"reach": csr_array(reach), "weight": weight, "limit": 6}, plan) == []


@few
@given(seed=seeds)
def test_order_and_copies_move_a_searched_plan_within_its_bound_alone(seed):
    """Other orders of demands and sites, and every site a second time, never give more than the bound of the first."""
    reach, weight, cost = region(seed)
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(DEMAND), random.permutation(SITES)
    plan = by_money(reach, weight, cost, 1)
    moved = by_money(reach[rows][:, columns], weight[rows], cost[columns], 1)
    twice = by_money(np.hstack([reach, reach]), weight, np.append(cost, cost), 1)
    for one, other in ((plan, moved), (moved, plan), (plan, twice), (twice, plan)):
        assert one.value <= other.bound + 1e-6
    covered = reach[:, columns[moved.chosen]].any(axis=1)
    assert weight[covered].sum() == moved.value
    assert (moved.covered == covered[rows]).all()
    assert not set(twice.chosen.tolist()) & set((twice.chosen + SITES).tolist())


@pytest.fixture
def large_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for the largest capacitated problems, whatever the size."""
    monkeypatch.setattr(_capacity, "EXACT_PAIRS", 0)
    monkeypatch.setattr(_capacity, "solve_parts", lambda problem, seed: None)


@pytest.mark.usefixtures("large_method")
@pytest.mark.parametrize("seed", range(3))
def test_the_large_search_with_room_keeps_what_the_exact_one_proves(seed, monkeypatch):
    """Searched plans lie between no plan and the proven best, their bounds above it, also for less money and copies."""
    random = np.random.default_rng(seed)
    reach = random.random((60, 14)) < 0.25
    people, room, cost = random.integers(0, 40, 60), random.integers(50, 200, 14), random.integers(3, 9, 14)
    weight = random.integers(1, 4, 60)

    def ask(reach, room, cost, budget, **more):
        return cover.capacitated_cover(csr_array(reach), people, room, cost=cost, budget=budget, weight=weight,
                                       effort=0.01, **more)

    searched = [ask(reach, room, cost, budget) for budget in (15, 25, 40)]
    columns = random.permutation(14)
    moved = ask(reach[:, columns], room[columns], cost[columns], 25)
    twice = ask(np.hstack([reach, reach]), np.append(room, room), np.append(cost, cost), 25,
                exclusive=np.tile(np.arange(14), 2))
    monkeypatch.undo()
    proven = [ask(reach, room, cost, budget) for budget in (15, 25, 40)]
    for plan, best in zip([*searched, moved, twice], [*proven, proven[1], proven[1]], strict=True):
        assert best.proven
        assert plan.value <= best.value + 1e-6
        assert plan.bound >= best.value - 1e-6
        assert plan.bound >= plan.value
    assert all(one.value <= more.bound for one, more in pairwise(searched))
    for budget, plan in zip((15, 25, 40), searched, strict=True):
        assert check({"reach": csr_array(reach), "people": people, "capacity": room, "cost": cost, "budget": budget,
                      "weight": weight}, plan) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_searched_p_median_bounds_every_other_number_of_sites(seed):
    """With little effort on 300 places: bounds of more sites lie below the values of fewer, copies and orders too."""
    random = np.random.default_rng(seed)
    xy, weight = random.random((300, 2)), random.integers(1, 30, 300)
    table = np.rint(1000 * np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    plans = [median.p_median(table, weight, p, effort=QUICK) for p in (6, 7, 9)]
    columns = random.permutation(300)
    moved = median.p_median(table[:, columns], weight, 7, effort=QUICK)
    twice = median.p_median(np.hstack([table, table]), weight, 7, effort=QUICK)
    for plan in (*plans, moved, twice):
        assert plan.bound <= plan.value
    assert plans[2].bound <= plans[1].value
    assert plans[1].bound <= plans[0].value
    for one in (plans[1], moved, twice):
        assert max(plan.bound for plan in (plans[1], moved, twice)) <= one.value
    assert check((table, weight, 7), plans[1]) == []


@pytest.mark.parametrize("seed", range(1))
def test_a_tree_cut_off_still_bounds_what_more_effort_finds(seed):
    """Covering all, and covering by chance, with hardly any nodes: the bound holds for the proven plan."""
    random = np.random.default_rng(seed)
    reach = random.random((60, 40)) < 0.12
    reach[np.arange(60), random.integers(0, 40, 60)] = True
    table, cost = csr_array(reach), random.integers(5, 9, 40)
    cut, whole = (cover.set_cover(table, cost=cost, effort=effort) for effort in (1e-6, 1.0))
    assert whole.proven
    assert cut.bound <= whole.value <= cut.value
    weight, works = random.integers(1, 30, 60), random.uniform(0.3, 0.9, 40)
    cut, whole = (cover_more.expected_cover(table, weight, works, limit=4, effort=effort) for effort in (1e-6, 0.05))
    assert cut.value <= whole.bound * (1 + 1e-9)
    assert whole.value <= cut.bound * (1 + 1e-9)


@settings(few, max_examples=20)
@given(seed=seeds, least=st.floats(0.0, 30.0))
def test_an_action_that_is_not_looked_at_closer_is_never_told_less_than_it_earns(seed, least):
    """Below the asked rate a profit is told as with room for everybody, with no user; all others to the digit."""
    random = np.random.default_rng(seed)
    reach, cost = random.random((40, 12)) < 0.4, random.integers(1, 9, 12)
    problem = capacity_problem(
        csr_array(reach), random.integers(0, 20, 40), random.integers(10, 60, 12), cost=cost, budget=30, limit=None,
        success=None, exclusive=None, needs=None, required=(), excluded=(), weight=random.uniform(0.5, 2.0, 40),
        travel=None)
    field, multiplier = field_of(problem), random.uniform(0.0, 2.0, 40)
    exact, users = profits(field, multiplier, problem.people, field.cost, 0.0)
    told, counted = profits(field, multiplier, problem.people, field.cost, least)
    # With room for everybody an action earns the weight above the multiplier of each person in reach.
    roomy = (np.maximum(problem.weight - multiplier, 0.0) * problem.people) @ reach
    rough = roomy < least * cost
    assert told[rough] == pytest.approx(roomy[rough])
    assert (told >= exact - 1e-9).all()
    assert (told[~rough] == exact[~rough]).all()
    by_pair = np.repeat(rough, np.diff(field.action_at))
    assert not counted[by_pair].any()
    assert (counted[~by_pair] == users[~by_pair]).all()
