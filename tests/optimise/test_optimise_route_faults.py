"""A hundred faults planted in sound plans, each of which the check must find."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gis_planner.optimise import rounds
from gis_planner.optimise._rounds_plan import Round, RoundsPlan
from gis_planner.optimise.route import Break, Depot, Problem, Route, RoutePlan, Stop, Vehicle, plan_routes
from gis_planner.optimise.verify import check

CASES = 5


@cache
def routing(seed: int) -> tuple[Problem, RoutePlan]:
    """A sound plan with two kinds of vehicle, two days, reloads, windows, a line, a break and an optional stop."""
    random = np.random.default_rng(seed)
    xy = random.integers(0, 3000, (14, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    stops = [Stop(k, (2,), 300, (1000, 40_000), allowed=frozenset({0, 1})) for k in range(2, 12)]
    stops += [Stop(12, (1,), 200, end_location=13, line_m=150, both_ways=False, allowed=frozenset({0, 1})),
              Stop(13, (1,), 100, required=False, prize=1.0, allowed=frozenset({0, 1}))]
    kind = Vehicle(1, (7,), 0, 0, shift_s=45_000, window_s=(500, 60_000), max_distance_m=90_000, fixed_cost=10.0,
                   cost_per_s=0.01, max_reloads=2, reload_depots=(0,))
    vehicles = [kind, replace(kind, count=2, day=1, max_reloads=1), replace(kind, day=1, shift_s=1)]
    problem = Problem(metres, metres, [Depot(0), Depot(1)], stops, vehicles, [Break(5000, 6000)])
    plan = plan_routes(problem, effort=0.01, seed=seed, workers=1)
    assert plan.feasible
    assert check(problem, plan) == []
    return problem, plan


@cache
def periodic(seed: int) -> tuple[rounds.Problem, RoundsPlan]:
    """A sound plan of twelve sites over four days with linked patterns."""
    random = np.random.default_rng(seed)
    xy = random.integers(0, 1000, (13, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    sites = [rounds.Site(k, ((0, 2), (1, 3)), 1.0, 60.0) for k in range(1, 13)]
    problem = rounds.Problem(metres, sites, 4, 2, capacity=4.0, shift_s=12_000.0)
    plan = rounds.plan_rounds(problem, effort=0.003, seed=seed, workers=1)
    assert plan.feasible
    assert check(problem, plan) == []
    return problem, plan


def _with(plan: RoutePlan, k: int, **changes: object) -> RoutePlan:
    routes = list(plan.routes)
    routes[k] = replace(routes[k], **changes)  # type: ignore[arg-type]
    return replace(plan, routes=tuple(routes))


def _shifted(times: tuple[int, ...], k: int, by: int) -> tuple[int, ...]:
    return (*times[:k], times[k] + by, *times[k + 1 :])


RouteFault = Callable[[RoutePlan, Route, int], RoutePlan]
ROUTE_FAULTS: dict[str, RouteFault] = {
    "one metre less": lambda p, r, k: _with(p, k, distance_m=r.distance_m - 1),
    "one second less": lambda p, r, k: _with(p, k, duration_s=r.duration_s - 1),
    "route cheaper": lambda p, r, k: _with(p, k, cost=r.cost - 0.5),
    "plan cheaper": lambda p, r, k: replace(p, cost=p.cost - 0.5),
    "load told less": lambda p, r, k: _with(p, k, load=((r.load[0][0] - 1,), *r.load[1:])),
    "another day": lambda p, r, k: _with(p, k, day=r.day + 1),
    "unknown vehicle": lambda p, r, k: _with(p, k, vehicle=9),
    "vehicle not allowed": lambda p, r, k: _with(p, k, vehicle=2),
    "vehicle number too high": lambda p, r, k: _with(p, k, number=5),
    "arrives too soon": lambda p, r, k: _with(p, k, arrival_s=_shifted(r.arrival_s, 0, -1)),
    "starts before arrival": lambda p, r, k: _with(p, k, start_service_s=_shifted(r.start_service_s, 0, -1)),
    "leaves before the work is done": lambda p, r, k: _with(p, k, departure_s=_shifted(r.departure_s, 0, -1)),
    "back too soon": lambda p, r, k: _with(p, k, end_s=r.end_s - 1),
    "leaves before its day": lambda p, r, k: _with(p, k, start_s=0),
    "a stop forgotten": lambda p, r, k: replace(p, routes=p.routes[:k] + p.routes[k + 1 :]),
    "a route twice": lambda p, r, k: replace(p, routes=(*p.routes, r)),
    "unknown stop": lambda p, r, k: _with(p, k, stops=(99, *r.stops[1:])),
    "stops unlike trips": lambda p, r, k: _with(p, k, trips=r.trips[::-1], stops=(*r.stops[1:], r.stops[0])),
    "a line from its wrong end": lambda p, r, k: _with(p, k, reversed_lines=frozenset(r.stops)),
    "a bound above the cost": lambda p, r, k: replace(p, bound=p.cost + 1.0, bound_by="told"),
    "a bound without a name": lambda p, r, k: replace(p, bound=p.cost - 1.0),
    "unserved told wrong": lambda p, r, k: replace(p, unserved=(*p.unserved, r.stops[0])),
}

RoundsFault = Callable[[RoundsPlan, Round], RoundsPlan]


def _first(plan: RoundsPlan, **changes: object) -> RoundsPlan:
    return replace(plan, rounds=(replace(plan.rounds[0], **changes), *plan.rounds[1:]))  # type: ignore[arg-type]


ROUNDS_FAULTS: dict[str, RoundsFault] = {
    "a visit on another day": lambda p, r: _first(p, day=(r.day + 1) % 4),
    "a crew twice": lambda p, r: replace(p, rounds=(*p.rounds, r)),
    "unknown crew": lambda p, r: _first(p, crew=7),
    "unknown day": lambda p, r: _first(p, day=-1),
    "a visit forgotten": lambda p, r: _first(p, sites=r.sites[1:], start_service_s=r.start_service_s[1:]),
    "one metre less": lambda p, r: _first(p, distance_m=r.distance_m - 1.0),
    "one second less": lambda p, r: _first(p, duration_s=r.duration_s - 1.0),
    "load told less": lambda p, r: _first(p, load=r.load - 1.0),
    "service too soon": lambda p, r: _first(p, start_service_s=(r.start_service_s[0] - 1.0, *r.start_service_s[1:])),
    "plan shorter": lambda p, r: replace(p, cost=p.cost - 1.0),
    "pattern told wrong": lambda p, r: replace(p, patterns=((0, 1), *p.patterns[1:])),
    "crew share told better": lambda p, r: replace(p, same_crew=p.same_crew + 0.01),
    "left out in a feasible plan": lambda p, r: replace(p, unserved=(0,)),
    "a bound above the cost": lambda p, r: replace(p, bound=p.cost + 1.0, bound_by="told"),
}


def _route_cases() -> Iterator[tuple[int, str]]:
    for number, name in enumerate(ROUTE_FAULTS):
        yield from ((seed, name) for seed in range(CASES if number % 2 else CASES - 1))


def _rounds_cases() -> Iterator[tuple[int, str]]:
    for number, name in enumerate(ROUNDS_FAULTS):
        yield from ((seed, name) for seed in range(3 if number % 2 else 2))


ROUTE_CASES, ROUNDS_CASES = list(_route_cases())[:99], list(_rounds_cases())


def test_check_imports_no_solver() -> None:
    """What checks routes and rounds loads neither PyVRP nor HiGHS nor the compiled searches."""
    code = ("import sys, gis_planner.optimise.verify._routing; "
            "sys.exit(any(name in sys.modules for name in ('pyvrp', 'highspy', 'numba', 'scipy.optimize')))")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_there_are_at_least_a_hundred() -> None:
    """Routing's half of the planted faults is a hundred or more."""
    assert len(ROUTE_CASES) + len(ROUNDS_CASES) >= 100


@pytest.mark.parametrize(("seed", "name"), ROUTE_CASES)
def test_fault_in_routes_is_found(seed: int, name: str) -> None:
    """The planted fault is found."""
    problem, plan = routing(seed)
    k = len(plan.routes) - 1
    assert check(problem, ROUTE_FAULTS[name](plan, plan.routes[k], k)) != []


@pytest.mark.parametrize(("seed", "name"), ROUNDS_CASES)
def test_fault_in_rounds_is_found(seed: int, name: str) -> None:
    """The planted fault is found."""
    problem, plan = periodic(seed)
    assert check(problem, ROUNDS_FAULTS[name](plan, plan.rounds[0])) != []


TIGHT: dict[str, Callable[[Problem, Route], Problem]] = {
    "capacity": lambda p, r: _vehicles(p, capacity=(max(sum(load) for load in r.load) - 1,)),
    "shift": lambda p, r: _vehicles(p, shift_s=r.duration_s - 1),
    "longest route": lambda p, r: _vehicles(p, max_distance_m=r.distance_m - 1),
    "end of the day": lambda p, r: _vehicles(p, window_s=(500, r.end_s - 1)),
    "beginning of the day": lambda p, r: _vehicles(p, window_s=(r.start_s + 1, 60_000)),
    "a window missed": lambda p, r: _stop(p, r.stops[0], window_s=(0, r.start_service_s[0] - 1)),
    "too early for a window": lambda p, r: _stop(p, r.stops[0], window_s=(r.start_service_s[0] + 1, 90_000)),
    "released after it left": lambda p, r: _stop(p, r.trips[0][0], release_s=r.start_s + 1),
    "not on this day": lambda p, r: _stop(p, r.stops[0], days=frozenset({7})),
    "a closed depot": lambda p, r: _changed(p, depots=(Depot(0, (0, 1)), Depot(1))),
    "a rest at the beginning of the work": lambda p, r: _changed(
        p, breaks=(Break(r.start_service_s[0], r.start_service_s[0] + 5),)),
    "no way": lambda p, r: _changed(p, distance_m=_cut(p, r), duration_s=_cut(p, r)),
}


def _changed(problem: Problem, **changes: object) -> Problem:
    given = {name: getattr(problem, name) for name in
             ("distance_m", "duration_s", "depots", "stops", "vehicles", "breaks")}
    return Problem(**{**given, **changes})


def _vehicles(problem: Problem, **changes: object) -> Problem:
    return _changed(problem, vehicles=[replace(v, **changes) for v in problem.vehicles])  # type: ignore[arg-type]


def _stop(problem: Problem, index: int, **changes: object) -> Problem:
    stops = list(problem.stops)
    stops[index] = replace(stops[index], **changes)  # type: ignore[arg-type]
    return _changed(problem, stops=stops)


def _cut(problem: Problem, route: Route) -> np.ndarray:
    metres = problem.distances[0].astype(float)
    a, b = problem.depots[0].location, problem.stops[route.stops[0]].location
    metres[a, b] = metres[b, a] = np.inf
    return metres


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", TIGHT)
def test_plan_that_breaks_a_tighter_rule_is_found(seed: int, name: str) -> None:
    """A plan that was sound is not so for a problem with one rule made tighter than the plan keeps."""
    problem, plan = routing(seed)
    k = len(plan.routes) - 1
    assert check(TIGHT[name](problem, plan.routes[k]), plan) != []
