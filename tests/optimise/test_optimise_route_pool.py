"""The best choice of routes that a search has met."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.optimise._route_ground import ground_of
from gis_planner.optimise._route_pool import Pool, add, partition, route_cost
from gis_planner.optimise._route_state import Ground
from gis_planner.optimise.route import Depot, Problem, Stop, Vehicle


def line(at: list[int], *, fixed: float = 0.0, prize: float | None = None) -> Ground:
    """Stops on a line at these metres from the depot; the last one optional when it has a prize."""
    x = np.array([0, *at])
    metres = np.abs(x[:, None] - x[None]).astype(np.float64)
    stops = [Stop(k) for k in range(1, len(at) + 1)]
    if prize is not None:
        stops[-1] = Stop(len(at), required=False, prize=prize)
    return ground_of(Problem(metres, metres, [Depot(0)], stops, [Vehicle(len(at), fixed_cost=fixed)]))[0]


def pool_of(ground: Ground, routes: list[list[int]]) -> Pool:
    """A pool of these routes."""
    pool: Pool = {}
    add(pool, ground, routes)
    return pool


def test_routes_of_different_plans_make_a_better_one() -> None:
    """A good route of one plan and a good route of another are joined."""
    ground = line([10, 20, -10, -20])
    # [1, 2] and [3, 4] cost 40 each; each was met beside bad ones: [3], [4] = 20 + 40 and [1], [2] = 20 + 40.
    pool = pool_of(ground, [[1, 2], [3], [4], [3, 4], [1], [2]])
    assert sorted(partition(pool, ground, [[1, 2], [3], [4]], 4)) == [[1, 2], [3, 4]]


def test_the_fleet_is_kept() -> None:
    """A cheaper plan with more routes than vehicles is not taken."""
    ground = line([10, -10, 12])
    # [1, 2] costs 40, [3] 24: 64 by two; [1], [2], [3] cost 20 + 20 + 24 = 64 too, [1, 3], [2] 24 + 20 = 44.
    pool = pool_of(ground, [[2], [1, 3]])
    assert partition(pool, ground, [[1, 2, 3]], 1) == [[1, 2, 3]]
    assert sorted(partition(pool, ground, [[1, 2, 3]], 2)) == [[1, 3], [2]]


def test_of_the_same_stops_the_cheapest_order_stays() -> None:
    """A route met in a worse order later does not replace the better one."""
    ground = line([10, 20, 30])
    pool = pool_of(ground, [[2, 1, 3], [1, 2, 3], [2, 3, 1]])
    assert list(pool.values()) == [(60.0, (1, 2, 3))]  # 30 out and 30 back


@pytest.mark.parametrize(("prize", "served"), [(59.0, False), (61.0, True)])
def test_an_optional_stop_is_served_when_its_prize_pays(prize: float, served: bool) -> None:
    """A route of its own to an optional stop 30 m away costs 60."""
    ground = line([10, -30], prize=prize)
    worse = [[1], [2]] if not served else [[1]]
    best = partition(pool_of(ground, [[1], [2]]), ground, worse, 2)
    assert ([2] in best) is served


def test_a_route_has_its_fixed_cost() -> None:
    """Two routes with a fixed cost of 100 are joined although the way is longer."""
    ground = line([10, -10], fixed=100.0)
    assert route_cost(ground, [1]) == 120.0
    assert partition(pool_of(ground, [[1, 2]]), ground, [[1], [2]], 2) == [[1, 2]]  # 140 against 240


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 10_000))
def test_no_plan_of_the_pool_is_cheaper(seed: int) -> None:
    """The plan found is the cheapest of all choices of routes that serve every stop once."""
    random = np.random.default_rng(seed)
    ground = line([int(x) for x in random.integers(-50, 50, 6)])
    routes = [sorted(map(int, random.choice(np.arange(1, 7), random.integers(1, 4), replace=False))) for _ in range(9)]
    alone = [[k] for k in range(1, 7)]
    pool = pool_of(ground, routes)
    plan = partition(pool, ground, alone, 6)
    every = [list(route) for _, route in pool_of(ground, [*routes, *alone]).values()]
    least = min(sum(route_cost(ground, route) for route in chosen) for size in range(1, 7)
                for chosen in combinations(every, size) if sorted(np.concatenate(chosen).tolist()) == list(range(1, 7)))
    assert sorted(node for route in plan for node in route) == [1, 2, 3, 4, 5, 6]
    assert sum(route_cost(ground, route) for route in plan) == least
