"""Sites that fail, service that fades, the least served first, fronts, regret and p-centre, against enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from gis_planner.optimise import cover_more, front, median
from gis_planner.problems import Refused


def subsets(sites: int, size: int):
    """Every set of `size` sites."""
    return [list(chosen) for chosen in combinations(range(sites), size)]


@pytest.mark.parametrize("seed", range(4))
def test_expected_cover_is_the_best_of_all_sets(seed):
    """With sites that work by chance, the plan equals the best of all sets."""
    random = np.random.default_rng(seed)
    reach, weight = random.random((10, 6)) < 0.5, random.integers(1, 20, 10)
    reach[0, 0] = True
    works = random.random(6) * 0.9
    best = max(float(weight @ (1 - np.prod(np.where(reach[:, s], 1 - works[s], 1.0), axis=1))) for s in subsets(6, 3))
    plan = cover_more.expected_cover(csr_array(reach), weight, works, limit=3)
    assert plan.value == pytest.approx(best, rel=1e-6)
    assert plan.bound >= plan.value


@pytest.mark.parametrize("seed", range(4))
def test_partial_cover_is_the_best_of_all_sets(seed):
    """With service that fades, each demand counts its best open share, and the plan equals the best of all sets."""
    random = np.random.default_rng(seed)
    share = np.round(random.random((9, 6)), 2) * (random.random((9, 6)) < 0.6)
    share[0, 0] = 0.5
    weight = random.integers(1, 20, 9)
    best = max(float(weight @ share[:, s].max(axis=1)) for s in subsets(6, 2))
    plan = cover_more.partial_cover(csr_array(share), weight, limit=2)
    assert plan.value == pytest.approx(best, rel=1e-9)
    assert plan.bound >= plan.value


def test_the_least_served_come_first():
    """One person of rank 0 is preferred to a hundred of rank 1."""
    plan = cover_more.least_served_first(csr_array(np.eye(2)), [1, 100], [0, 1], limit=1)
    assert plan.chosen.tolist() == [0]
    assert plan.value == 1.0


@pytest.mark.parametrize("seed", range(4))
def test_p_center_is_the_best_of_all_sets(seed):
    """The farthest demand is as near as any set of p sites allows."""
    table = np.random.default_rng(seed).integers(1, 50, (9, 6)).astype(float)
    best = min(table[:, s].min(axis=1).max() for s in subsets(6, 2))
    plan = median.p_center(table, 2)
    assert plan.value == best
    assert plan.proven


def test_the_front_leaves_out_dominated_points():
    """A point that another equals or betters in both values is left out; of equal points the first stays."""
    # (3,1), (2,2), (1,3) stay; (1,1) is worse than (2,2); the second (2,2) equals the first.
    assert front.not_dominated([3, 2, 1, 1, 2], [1, 2, 3, 1, 2]).tolist() == [0, 1, 2]


def test_money_buys_more_along_the_front():
    """Along the front of money, each dearer plan covers more."""
    points = front.money_front(csr_array(np.eye(3)), [5, 4, 3], [1, 2, 3], [1, 3, 6])
    assert [(point.first, point.second) for point in points] == [(12, -6), (9, -3), (5, -1)]


def test_two_weights_trade_against_each_other():
    """With one site to open, the front holds the best plan of each weight."""
    points = front.weight_front(csr_array(np.eye(2)), [9, 1], [2, 7], 1)
    assert [(point.first, point.second) for point in points] == [(9, 2), (1, 7)]


def test_minimum_regret_takes_the_safe_plan():
    """The plan whose greatest regret is least is chosen."""
    # Regrets: plan 0 (0, 9), plan 1 (3, 2), plan 2 (9, 0).
    plan = front.minimum_regret([[10, 1], [7, 8], [1, 10]])
    assert plan.chosen == 1
    assert plan.worst == 3.0
    with pytest.raises(Refused, match="better than the best"):
        front.minimum_regret([[10.0]], [9.0])
