"""Covering: equal to enumeration on small worlds, sound on every world, clear about bad input."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planner.optimise import cover
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, Refused


def world(seed: int, demand: int = 14, sites: int = 7):
    """Reach, whole weights and costs; demand 0 always in reach of site 0."""
    random = np.random.default_rng(seed)
    reach = random.random((demand, sites)) < 0.3
    reach[0, 0] = True
    return reach, random.integers(0, 30, demand), random.integers(1, 9, sites)


def best_by_enumeration(reach, weight, cost, budget, limit):
    """The greatest weight over every set of sites within budget and limit."""
    sites = reach.shape[1]
    sets = (list(s) for size in range(limit + 1) for s in combinations(range(sites), size))
    return max(int(weight[reach[:, s].any(axis=1)].sum()) for s in sets if cost[s].sum() <= budget)


worlds = st.integers(0, 10_000)
modest = settings(deadline=None, derandomize=True, max_examples=25)


@modest
@given(worlds)
def test_the_plan_is_the_best_of_all_sets(seed):
    """On a small world the plan equals the best of all sets, is proven, and the check finds nothing."""
    reach, weight, cost = world(seed)
    plan = cover.max_cover(csr_array(reach), weight, limit=3, cost=cost, budget=12)
    assert plan.value == best_by_enumeration(reach, weight, cost, 12, 3)
    assert plan.proven
    assert plan.bound == plan.value
    assert check({"reach": csr_array(reach), "weight": weight, "limit": 3, "cost": cost, "budget": 12}, plan) == []


@modest
@given(worlds)
def test_more_money_or_more_sites_never_cover_less(seed):
    """A larger budget or limit never lowers the value, and the bound is never below it."""
    reach, weight, cost = world(seed)
    table = csr_array(reach)
    by_money = [cover.max_cover(table, weight, cost=cost, budget=budget) for budget in (9, 12, 20)]
    by_number = [cover.max_cover(table, weight, limit=limit) for limit in (1, 2, 4)]
    for plans in (by_money, by_number):
        assert plans[0].value <= plans[1].value <= plans[2].value
        assert all(plan.bound >= plan.value for plan in plans)


@modest
@given(worlds)
def test_permuting_rows_and_columns_permutes_the_plan(seed):
    """Other row and column orders give the same value, and the plan of a world without ties moves with them."""
    reach, _, _ = world(seed)
    random = np.random.default_rng(seed)
    # Powers of two: every set of covered demands has its own sum, so values tie only when the covered sets are equal.
    weight = 2.0 ** np.arange(reach.shape[0])
    rows, columns = random.permutation(reach.shape[0]), random.permutation(reach.shape[1])
    plan = cover.max_cover(csr_array(reach), weight, limit=2)
    moved = cover.max_cover(csr_array(reach[rows][:, columns]), weight[rows], limit=2)
    assert moved.value == plan.value
    assert (moved.covered == plan.covered[rows]).all()


@modest
@given(worlds)
def test_a_duplicate_of_a_site_never_helps(seed):
    """A second copy of a site does not raise the value and is never opened beside the first."""
    reach, weight, _ = world(seed)
    plan = cover.max_cover(csr_array(reach), weight, limit=3)
    twice = cover.max_cover(csr_array(np.hstack([reach, reach])), weight, limit=3)
    assert twice.value == plan.value
    assert len(set((twice.chosen % reach.shape[1]).tolist())) == twice.chosen.size


@modest
@given(worlds)
def test_everybody_is_covered_by_the_fewest_sites(seed):
    """Covering all equals the smallest set that reaches everybody, by enumeration."""
    reach, _, _ = world(seed)
    reach[np.arange(14), np.arange(14) % 7] = True
    fewest = min(len(s) for size in range(1, 8) for s in combinations(range(7), size)
                 if reach[:, list(s)].any(axis=1).all())
    plan = cover.set_cover(csr_array(reach))
    assert plan.value == fewest
    assert check({"reach": csr_array(reach)}, plan) == []


@modest
@given(worlds)
def test_capacity_is_held_and_money_never_serves_fewer(seed):
    """More money never serves fewer people; people are conserved and rooms hold them."""
    reach, people, cost = world(seed)
    capacity = np.random.default_rng(seed + 1).integers(5, 60, 7)
    last = -1.0
    for budget in (9, 14, 30):
        plan = cover.capacitated_cover(csr_array(reach), people, capacity, cost=cost, budget=budget)
        assert plan.proven
        assert plan.value >= last
        assert (plan.served + plan.unserved == people).all()
        assert (np.asarray(plan.flow.sum(axis=0)).ravel() <= capacity).all()
        last = plan.value


def test_a_medium_world_has_a_certified_gap():
    """On 2,000 demands and 300 sites the bound holds, multipliers prove it, and a seed gives one plan."""
    random = np.random.default_rng(4)
    where, sites = random.random((2000, 2)), random.random((300, 2))
    reach = csr_array(((where[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2) < 0.05**2)
    weight = random.integers(1, 100, 2000)
    plan = cover.max_cover(reach, weight, limit=15, effort=0.1, seed=3)
    again = cover.max_cover(reach, weight, limit=15, effort=0.1, seed=3)
    assert plan.gap < 0.02
    assert plan.chosen.tolist() == again.chosen.tolist()
    assert plan.bound == again.bound
    assert check({"reach": reach, "weight": weight, "limit": 15}, plan) == []


def test_must_and_must_not_sites():
    """A required site is open, an excluded one closed, even against the weights."""
    plan = cover.max_cover(csr_array(np.eye(3)), [1, 5, 9], limit=2, required=[0], excluded=[2])
    assert plan.chosen.tolist() == [0, 1]
    assert plan.value == 6.0


def test_an_action_opens_only_with_what_it_needs_and_alone_in_its_group():
    """A latrine after a well, and repair or new but not both."""
    # Action 0 serves 50 but needs action 1 (serves 1); 2 and 3 are one place (30 or 40). Money for three.
    plan = cover.capacitated_cover(
        csr_array(np.eye(4)), [50, 1, 30, 40], [50, 50, 50, 50], cost=[1, 1, 1, 1], budget=3, needs=[(0, 1)],
        exclusive=np.array([-1, -1, 7, 7]))
    assert plan.chosen.tolist() == [0, 1, 3]
    assert plan.value == 91.0


def test_equal_plans_are_told_apart_by_travel():
    """Of two actions that serve the same people the nearer one opens."""
    reach = csr_array(np.array([[1, 1]]))
    plan = cover.capacitated_cover(reach, [10], [10, 10], cost=[1, 1], budget=1, travel=csr_array([[300.0, 200.0]]))
    assert plan.chosen.tolist() == [1]
    assert plan.travel == 2000.0


def test_success_counts_as_expected_service():
    """A person through an action that works 8 times in 10 counts 0.8."""
    plan = cover.capacitated_cover(csr_array(np.array([[1]])), [10], [10], cost=[1], budget=1, success=[0.8])
    assert plan.value == pytest.approx(8.0)
    assert plan.served.tolist() == [10]


EYE = csr_array(np.eye(3))


@pytest.mark.parametrize(("error", "words", "call"), [
    (Refused, "not-a-number.*weight", lambda: cover.max_cover(EYE, [1, np.nan, 1], limit=1)),
    (Refused, "negative-weight.*weight", lambda: cover.max_cover(EYE, [1, -1, 1], limit=1)),
    (Refused, "empty-reach", lambda: cover.max_cover(csr_array((3, 3)), [1, 1, 1], limit=1)),
    (Refused, "not-sparse", lambda: cover.max_cover(np.eye(3), [1, 1, 1], limit=1)),
    (Refused, "wrong-length.*weight", lambda: cover.max_cover(EYE, [1, 1], limit=1)),
    (Refused, "limit-above-sites", lambda: cover.max_cover(EYE, [1, 1, 1], limit=4)),
    (Refused, "bad-limit", lambda: cover.max_cover(EYE, [1, 1, 1], limit=0)),
    (Refused, "no-limit", lambda: cover.max_cover(EYE, [1, 1, 1])),
    (Refused, "budget-below-every-cost.*Raise", lambda: cover.max_cover(EYE, [1, 1, 1], cost=[5, 6, 7], budget=4)),
    (Refused, "budget-below-every-cost", lambda: cover.max_cover(EYE, [1, 1, 1], cost=[5, 6, 7], budget=0)),
    (Refused, "budget-without-cost", lambda: cover.max_cover(EYE, [1, 1, 1], budget=4)),
    (Refused, "bad-budget", lambda: cover.max_cover(EYE, [1, 1, 1], cost=[1, 1, 1], budget=np.nan)),
    (Refused, "no-such-site", lambda: cover.max_cover(EYE, [1, 1, 1], limit=1, required=[3])),
    (Refused, "bad-effort", lambda: cover.max_cover(EYE, [1, 1, 1], limit=1, effort=0)),
    (CannotBeMet, "required-and-excluded",
     lambda: cover.max_cover(EYE, [1, 1, 1], limit=1, required=[1], excluded=[1])),
    (CannotBeMet, "required-above-limit", lambda: cover.max_cover(EYE, [1, 1, 1], limit=1, required=[1, 2])),
    (CannotBeMet, "required-above-budget",
     lambda: cover.max_cover(EYE, [1, 1, 1], cost=[5, 6, 7], budget=6, required=[2])),
    (CannotBeMet, "unreachable-demand", lambda: cover.set_cover(csr_array(np.eye(3)[:, :2]))),
    (Refused, "not-whole.*people", lambda: cover.capacitated_cover(EYE, [1.5, 1, 1], [1, 1, 1], cost=[1, 1, 1])),
    (Refused, "not-a-probability",
     lambda: cover.capacitated_cover(EYE, [1, 1, 1], [1, 1, 1], cost=[1, 1, 1], success=[2, 1, 1])),
    (CannotBeMet, "required-exclude-each-other",
     lambda: cover.capacitated_cover(EYE, [1, 1, 1], [1, 1, 1], cost=[1, 1, 1], required=[0, 1],
                                     exclusive=np.array([4, 4, -1]))),
])
def test_bad_input_is_refused_in_words(error, words, call):
    """Bad input is refused before any work, with a code and the name of the argument."""
    with pytest.raises(error, match=words):
        call()
