"""Capacitated covering part by part gives the optimum of the whole program."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planner.optimise._capacity_parts import parts_of, solve_parts
from gis_planner.optimise._capacity_problem import CapacityProblem, capacity_problem
from gis_planner.optimise._exact_capacity import solve_exact
from gis_planner.optimise.cover import capacitated_cover


def villages(seed: int, count: int, budget: float) -> CapacityProblem:
    """So many villages of 3 groups and 3 actions that reach only their own people."""
    random = np.random.default_rng(seed)
    reach = np.kron(np.eye(count), np.ones((3, 3))) * random.integers(0, 2, (3 * count, 3 * count))
    return capacity_problem(
        csr_array(reach), random.integers(0, 300, 3 * count), random.integers(50, 400, 3 * count),
        cost=random.integers(1, 9, 3 * count) * 1e6, budget=budget, limit=None,
        success=random.choice([0.4, 0.6, 0.9], 3 * count), exclusive=None, needs=None, required=(), excluded=(),
        weight=None, travel=None)


def test_what_shares_no_people_is_apart() -> None:
    """Two villages whose actions reach only their own people are two parts."""
    reach = csr_array(np.kron(np.eye(2), np.ones((1, 2))))
    problem = capacity_problem(reach, [10, 10], [5] * 4, cost=[1.0] * 4, budget=2, limit=None, success=None,
                               exclusive=None, needs=None, required=(), excluded=(), weight=None, travel=None)
    assert [part.tolist() for part in parts_of(problem)] == [[0, 1], [2, 3]]


def test_a_group_across_villages_makes_them_one_part() -> None:
    """Actions that exclude each other belong together, wherever they reach."""
    problem = capacity_problem(csr_array(np.eye(2)), [10, 10], [5, 5], cost=[1.0, 1.0], budget=2, limit=None,
                               success=None, exclusive=[0, 0], needs=None, required=(), excluded=(), weight=None,
                               travel=None)
    assert [part.tolist() for part in parts_of(problem)] == [[0, 1]]


def test_the_dearest_village_is_left_when_money_is_short() -> None:
    """Of two villages of 10 and 9 people at 5 and 2 francs with 4 francs, the cheap one is served: 9 people."""
    problem = capacity_problem(csr_array(np.eye(2)), [10, 9], [10, 10], cost=[5.0, 2.0], budget=4, limit=None,
                               success=None, exclusive=None, needs=None, required=(), excluded=(), weight=None,
                               travel=None)
    answer = solve_parts(problem, seed=0)
    assert answer is not None
    assert (answer.chosen.tolist(), answer.value) == ([1], pytest.approx(9))


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 40))
def test_parts_agree_with_branch_and_bound(seed: int, count: int, millions: int) -> None:
    """On random villages the value equals that of one mixed integer program over everything, within the budget."""
    if (villages(seed, count, 40e6).cost > millions * 1e6).all():
        return
    problem = villages(seed, count, millions * 1e6)
    answer = solve_parts(problem, seed=0)
    if answer is None:
        return
    outcome = solve_exact(problem, nodes=100_000, seed=0)[1]
    assert outcome.status == "proof"
    assert answer.value <= outcome.objective + 1e-4
    assert answer.bound >= outcome.objective - 1e-4
    if answer.stopped_by == "proof":
        assert answer.value == pytest.approx(outcome.objective, abs=1e-4)
    assert problem.spent(answer.chosen) <= millions * 1e6 * (1 + 1e-6)


def test_alike_villages_are_proven_without_listing_their_likenesses() -> None:
    """Ten villages of 100 people with 12 alike sites each and money for three sites: 300 people, proven."""
    reach = csr_array(np.kron(np.eye(10), np.ones((1, 12))))
    problem = capacity_problem(reach, [100] * 10, [100] * 120, cost=[6_300_000.0] * 120, budget=20e6, limit=None,
                               success=None, exclusive=None, needs=None, required=(), excluded=(), weight=None,
                               travel=None)
    answer = solve_parts(problem, seed=0)
    assert answer is not None
    # 20 / 6.3 = 3.17, so three sites in three villages
    assert (answer.value, answer.stopped_by) == (pytest.approx(300), "proof")


@pytest.mark.parametrize("backward", [False, True])
def test_of_sites_that_serve_as_many_for_as_much_the_nearest_is_taken(backward: bool) -> None:
    """Two villages with 12 alike sites each, the first the nearest, in either order of the columns: sites 0 and 12."""
    order = np.arange(24)[::-1] if backward else np.arange(24)
    reach = np.kron(np.eye(2), np.ones((1, 12)))
    walk = np.kron(np.eye(2), np.arange(1.0, 13.0)[None, :]) * 100
    plan = capacitated_cover(csr_array(reach[:, order]), [100, 90], [200] * 24, cost=[5.0] * 24, budget=12,
                             travel=csr_array(walk[:, order]))
    assert order[plan.chosen].tolist() == ([12, 0] if backward else [0, 12])
    # 100 people and 90 people, each 100 m from their site
    assert (plan.value, plan.proven, plan.travel) == (190, True, pytest.approx(19_000))
