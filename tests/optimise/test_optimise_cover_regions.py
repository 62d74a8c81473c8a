"""The bound by regions: a tree that equals enumeration, copies of sites that never undercut a plan."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planner.optimise import cover
from gis_planner.optimise._cover_core import merge_alike
from gis_planner.optimise._cover_lagrange import lower_bound_by
from gis_planner.optimise._cover_problem import CoverProblem, cover_problem
from gis_planner.optimise._cover_sharp import repaired, sharpened
from gis_planner.optimise._cover_tree import branch

modest = settings(deadline=None, derandomize=True, max_examples=25)


def world(seed: int, sites: int = 9) -> CoverProblem:
    """Twenty demands, some sites, three of which may open."""
    random = np.random.default_rng(seed)
    reach = random.random((20, sites)) < 0.3
    reach[0, 0] = True
    return cover_problem(csr_array(reach), random.integers(1, 30, 20), limit=3, cost=None, budget=None, required=(),
                         excluded=())


def sets(sites: int, most: int):
    """Every set of at most `most` sites."""
    return [list(chosen) for size in range(most + 1) for chosen in combinations(range(sites), size)]


@modest
@given(st.integers(0, 10_000))
def test_a_region_is_solved_to_its_best_choice(seed):
    """At a price per site the tree finds the best of all sets; its bound is never below it."""
    problem, price = world(seed), np.random.default_rng(seed).random(9) * 60
    best = max(problem.value(np.array(chosen, np.int64)) - price[chosen].sum() for chosen in sets(9, 9))
    bound, value, flags, _ = branch(problem.net, price, problem.weight / 2, np.zeros(9, np.int8), 1e-6, 1e9, 1000)
    assert value == pytest.approx(best)
    assert best - 1e-6 <= bound <= best + 1e-5
    chosen = np.flatnonzero(flags)
    assert problem.value(chosen) - price[chosen].sum() == pytest.approx(best)


@modest
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_a_tree_cut_off_early_still_bounds_every_choice(seed, nodes):
    """However few nodes are allowed, no set is worth more than the bound."""
    problem, price = world(seed), np.random.default_rng(seed).random(9) * 60
    best = max(problem.value(np.array(chosen, np.int64)) - price[chosen].sum() for chosen in sets(9, 9))
    bound, value, _, _ = branch(problem.net, price, problem.weight / 2, np.zeros(9, np.int8), 1e-6, 0.0, nodes)
    assert bound >= best - 1e-6
    assert value <= best + 1e-6


@modest
@given(st.integers(0, 10_000))
def test_regions_lower_the_bound_but_never_below_the_best_plan(seed):
    """The bound by regions lies between the best of all sets of three and the bound of the multipliers."""
    problem = world(seed)
    best = max(problem.value(np.array(chosen, np.int64)) for chosen in sets(9, 3))
    flags = np.zeros(9, np.int8)
    flags[[0, 1, 2]] = 1
    value = problem.value(np.array([0, 1, 2]))
    bound = lower_bound_by(problem, flags, value, 60)
    sharp = sharpened(problem, bound, (value, flags), 50, 3)
    assert best - 1e-6 <= sharp.value <= bound.value + 1e-9
    kept, open_now = repaired(problem, sharp.picked)
    assert open_now.sum() <= 3
    assert kept == problem.value(np.flatnonzero(open_now)) <= best


def test_demands_reached_by_the_same_sites_are_one():
    """Two demands of one row add their weights; one that nothing reaches is left out."""
    reach = csr_array(np.array([[1, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]], np.int8))
    small, weight, row_of = merge_alike(reach, np.array([3.0, 4.0, 5.0, 6.0]))
    assert small.toarray().tolist() == [[1, 1, 0], [0, 0, 1]]
    assert weight.tolist() == [8.0, 4.0]
    assert row_of.tolist() == [0, 1, 0, -2]


def test_clusters_apart_are_certified_by_their_regions():
    """Clusters that share no site are certified within half a percent, beyond the size of an exact program."""
    random = np.random.default_rng(1)
    blocks = [random.random((400, 12)) < 0.4 for _ in range(20)]
    reach = np.zeros((8000, 240), bool)
    for at, block in enumerate(blocks):
        reach[400 * at:400 * at + 400, 12 * at:12 * at + 12] = block
    weight = random.integers(1, 100, 8000)
    plan = cover.max_cover(csr_array(reach), weight, limit=20, effort=0.2)
    assert plan.gap < 0.005
    assert plan.bound >= plan.value


def test_the_arrays_given_are_not_changed():
    """Reach and weights are read, not written, also when reach holds zeros and unsorted columns."""
    clean = csr_array(np.array([[1, 0, 1], [0, 1, 1]], np.int8))
    rough = csr_array((np.array([2, 0, 1]), np.array([2, 0, 1]), np.array([0, 2, 3])), shape=(2, 3))
    for reach in (clean, rough):
        before = [reach.data.copy(), reach.indices.copy(), reach.indptr.copy()]
        weight = np.array([1, 2])
        cover.max_cover(reach, weight, limit=1)
        for old, new in zip(before, (reach.data, reach.indices, reach.indptr), strict=True):
            assert old.tolist() == new.tolist()
        assert weight.tolist() == [1, 2]
