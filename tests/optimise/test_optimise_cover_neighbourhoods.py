"""Exact neighbourhoods of covering: a plan is never made worse, limits hold, and all of it chosen anew is the best."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planner.optimise._cover_bath import bathed
from gis_planner.optimise._cover_core import core_of, dominated
from gis_planner.optimise._cover_elite import merged
from gis_planner.optimise._cover_problem import CoverProblem, cover_problem
from gis_planner.optimise._cover_region import choose_regions_exactly
from gis_planner.optimise._cover_rest import small_enough

modest = settings(deadline=None, derandomize=True, max_examples=25)
seeds = st.integers(0, 10_000)
SITES, OPEN = 12, 4


def world(seed: int, *, money: bool = False, together: bool = True) -> CoverProblem:
    """25 demands, 12 sites, four of which may open, or as many as the money buys; together: all reach demand 0."""
    random = np.random.default_rng(seed)
    reach = random.random((25, SITES)) < 0.25
    reach[0] = together
    reach[np.arange(1, SITES + 1), np.arange(SITES)] = True
    cost = random.integers(2, 9, SITES)
    return cover_problem(csr_array(reach), random.integers(1, 30, 25), limit=None if money else OPEN,
                         cost=cost if money else None, budget=20 if money else None, required=(), excluded=())


def allowed(problem: CoverProblem, sites: np.ndarray) -> list[np.ndarray]:
    """Every set of `sites` within the limit or the budget."""
    sets = [np.array(chosen, np.int64) for size in range(sites.size + 1) for chosen in combinations(sites, size)]
    return [chosen for chosen in sets if chosen.size <= problem.room and problem.prices[chosen].sum() <= problem.purse]


def start_of(problem: CoverProblem, seed: int) -> tuple[float, np.ndarray]:
    """A plan of sites drawn one by one while they fit."""
    flags = np.zeros(SITES, np.int8)
    for site in np.random.default_rng(seed).permutation(SITES):
        flags[site] = 1
        if flags.sum() > problem.room or problem.prices[flags > 0].sum() > problem.purse:
            flags[site] = 0
    return problem.value(np.flatnonzero(flags)), flags


def check_kept(problem: CoverProblem, plan: tuple[float, np.ndarray], least: float) -> None:
    """The plan covers at least as much as before, tells it truly and keeps number and money."""
    chosen = np.flatnonzero(plan[1])
    assert plan[0] >= least
    assert plan[0] == problem.value(chosen)
    assert chosen.size <= problem.room
    assert problem.prices[chosen].sum() <= problem.purse


@modest
@given(seeds, st.booleans(), st.booleans(), st.integers(3, 6))
def test_a_region_chosen_exactly_never_lowers_the_value_and_keeps_every_limit(seed, money, together, number):
    """After any number of regions chosen anew the plan covers no less, within number and money."""
    problem = world(seed, money=money, together=together)
    start = start_of(problem, seed)
    for turns in (1, 4):
        check_kept(problem, choose_regions_exactly(problem, start, turns, number, 10_000, seed), start[0])


@modest
@given(seeds, st.booleans())
def test_a_region_that_is_everything_is_chosen_to_the_best_of_all_sets(seed, money):
    """Where every open site lies in one region, choosing it anew reaches the best of all sets."""
    problem = world(seed, money=money)
    start = start_of(problem, seed)
    assume(start[1].sum() > 2)  # a plan of two sites is no longer a neighbourhood and is left alone
    best = max(problem.value(chosen) for chosen in allowed(problem, np.arange(SITES)))
    found = choose_regions_exactly(problem, start, 2, SITES, 10_000, seed)
    check_kept(problem, found, start[0])
    assert found[0] == best


def test_a_region_too_large_to_choose_is_left_as_it_is():
    """With no reach entry allowed in a region the plan stays."""
    problem = world(3)
    start = start_of(problem, 3)
    assert choose_regions_exactly(problem, start, 3, SITES, 0, 0)[1].tolist() == start[1].tolist()


@modest
@given(seeds)
def test_a_heat_bath_keeps_the_number_of_sites_and_never_covers_less(seed):
    """After annealing by heat bath as many sites are open as before and no less is covered."""
    problem = world(seed)
    start = start_of(problem, seed)
    found = bathed(problem, start[1], 200, 0.05, 0.003, seed)
    check_kept(problem, found, start[0])
    assert int(found[1].sum()) == int(start[1].sum())


def test_a_long_heat_bath_finds_the_best_set():
    """Of the 495 sets of four sites out of twelve the best is found from any start when it cools slowly."""
    problem = world(5)
    best = max(problem.value(chosen) for chosen in allowed(problem, np.arange(SITES)))
    assert [bathed(problem, start_of(problem, k)[1], 3000, 0.3, 0.01, k)[0] for k in range(5)] == [best] * 5


@settings(modest, max_examples=8)
@given(seeds, st.booleans())
def test_without_the_dominated_sites_the_best_plan_covers_as_much(seed, money):
    """A site whose people another one reaches for no more money is never needed."""
    problem = world(seed, money=money)
    left = np.flatnonzero(~dominated(problem))
    best = [max(problem.value(chosen) for chosen in allowed(problem, sites)) for sites in (np.arange(SITES), left)]
    assert best[0] == best[1]


def test_of_two_equal_sites_the_first_stays_and_a_dearer_one_goes():
    """Sites: 0 and 1 are alike, 2 reaches part of them for less, 3 reaches part of them for more, 4 nobody."""
    reach = csr_array(np.array([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0]]))
    problem = cover_problem(reach, np.ones(2), limit=None, cost=[3, 3, 2, 4, 1], budget=9, required=(), excluded=())
    # Without money part of what 0 reaches is enough to leave; with money 2 is the cheapest way to demand 0.
    assert dominated(problem).tolist() == [False, True, False, True, True]
    free = cover_problem(reach, np.ones(2), limit=2, cost=None, budget=None, required=(), excluded=())
    assert dominated(free).tolist() == [False, True, True, True, True]


@modest
@given(seeds, st.booleans())
def test_plans_are_merged_to_the_best_of_all_sets_of_their_sites(seed, money):
    """The merged plan is the best of all sets of sites that any of the plans opens."""
    problem = world(seed, money=money)
    plans = [start_of(problem, seed + k) for k in range(3)]
    union = np.flatnonzero(np.any([flags > 0 for _, flags in plans], axis=0))
    best = max(problem.value(chosen) for chosen in allowed(problem, union))
    found = merged(problem, plans, SITES, seed)
    check_kept(problem, found, max(value for value, _ in plans))
    assert found[0] == best


@pytest.mark.parametrize("seed", range(4))
def test_only_as_many_plans_are_merged_as_may_be(seed):
    """A union limited to the best plan's own sites leaves the best plan."""
    problem = world(seed)
    plans = [start_of(problem, seed + k) for k in range(3)]
    best = max(plans, key=lambda plan: plan[0])
    assert merged(problem, plans, int(best[1].sum()), seed)[1].tolist() == best[1].tolist()


def test_a_bound_far_above_the_plan_leaves_only_small_rests_to_the_tree():
    """A rest of 4,000 entries is chosen exactly at a gap of 4 % and not at 6 %; one of 2,000 entries at either."""
    for rows, far in ((400, False), (200, True)):
        # Ten sites for each of so many demands, all different: rows x 10 reach entries, none merged.
        reach = csr_array((np.ones(rows * 10), np.tile(np.arange(10), rows) + np.repeat(np.arange(rows), 10),
                           np.arange(0, rows * 10 + 1, 10)), shape=(rows, rows + 9))
        problem = cover_problem(reach, np.ones(rows), limit=5, cost=None, budget=None, required=(), excluded=())
        rest = core_of(problem, np.zeros(0, np.int64), np.arange(rows + 9))
        assert small_enough(rest, 104.0, 100.0, 20_000)
        assert small_enough(rest, 106.0, 100.0, 20_000) == far
