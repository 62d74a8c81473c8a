"""PyVRP on the part of periodic rounds that it can say: with the linked visits held to their days, the rest is free.

A site visited once may come on any of its days: to PyVRP it is a stop that some days' vehicles may not serve. A site
visited more often is one stop per visit, each held to its day.
"""

from __future__ import annotations

from gis_planner.optimise._pyvrp import Effort, search, translate
from gis_planner.optimise._rounds_search import Answer
from gis_planner.optimise._route_plan import Order
from gis_planner.optimise.rounds_problem import Problem
from gis_planner.optimise.routing_problem import Depot, Stop, Vehicle
from gis_planner.optimise.routing_problem import Problem as RouteProblem

LARGEST = 2_000_000.0
MATRIX_CELLS = 60_000_000


def free_share(problem: Problem) -> float:
    """Share of the visits that PyVRP may move to another day."""
    visits = sum(min(map(len, site.patterns)) for site in problem.sites)
    free = sum(1 for site in problem.sites if len(site.patterns) > 1 and max(map(len, site.patterns)) == 1)
    return free / visits if visits else 0.0


def can_polish(problem: Problem) -> bool:
    """Whether one search over all days fits in memory: a matrix per day over all visits."""
    visits = sum(max(map(len, site.patterns)) for site in problem.sites)
    return bool(visits) and visits * visits * problem.days <= MATRIX_CELLS


def polish(problem: Problem, answer: Answer, effort: Effort, seed: int) -> Answer:
    """`answer` after a search of PyVRP over all days; never longer when it was within the limits."""
    scale = LARGEST / max(1.0, float(problem.distances.max()))
    stops: list[Stop] = []
    visit_of: dict[tuple[int, int], int] = {}
    site_of: list[int] = []
    for index, site in enumerate(problem.sites):
        free = max(map(len, site.patterns)) == 1
        for day in _days_of(problem, answer, index):
            days = frozenset(d for pattern in site.patterns for d in pattern) if free else frozenset({day})
            visit_of[index, day] = len(stops)
            site_of.append(index)
            stops.append(Stop(site.location, (_up(site.demand, scale),), _up(site.service_s, scale), days=days))
    vehicles = [
        Vehicle(problem.crews, (2**40 if problem.capacity is None else int(problem.capacity * scale + 0.5),),
                shift_s=None if problem.shift_s is None else int(problem.shift_s * scale + 0.5), day=day)
        for day in range(problem.days)]
    routing = RouteProblem(
        problem.distances * scale, problem.durations * scale, [Depot(problem.depot)], stops, vehicles)
    orders = [Order(day, (tuple((visit_of[site - 1, day], False) for site in route),))
              for day, routes in enumerate(answer.routes) for route in routes if route]
    found = search(translate(routing), effort, seed, orders)
    return _back(problem, answer, [(o.vehicle, [site_of[stop] for stop, _ in o.trips[0]]) for o in found.orders])


def _up(value: float, scale: float) -> int:
    return int(value * scale + 0.5)


def _days_of(problem: Problem, answer: Answer, index: int) -> tuple[int, ...]:
    return _patterns(problem)[answer.chosen[index + 1]]


def _patterns(problem: Problem) -> list[tuple[int, ...]]:
    return [pattern for site in problem.sites for pattern in site.patterns]


def _back(problem: Problem, before: Answer, routes: list[tuple[int, list[int]]]) -> Answer:
    days: list[list[tuple[int, ...]]] = [[] for _ in range(problem.days)]
    visited: list[list[int]] = [[] for _ in problem.sites]
    length = 0.0
    for day, route in sorted(routes):
        at = [problem.depot, *(problem.sites[site].location for site in route), problem.depot]
        length += float(problem.distances[at[:-1], at[1:]].sum())
        days[day].append(tuple(site + 1 for site in route))
        for site in route:
            visited[site].append(day)
    chosen, first = [-1], 0
    for item, own in zip(problem.sites, visited, strict=True):
        kept = [k for k, pattern in enumerate(item.patterns) if set(pattern) == set(own)]
        if not kept:
            return before
        chosen.append(first + kept[0])
        first += len(item.patterns)
    if any(len(routes_of_day) > problem.crews for routes_of_day in days) or length > before.length + 1e-9:
        return before
    padded = tuple(tuple(d + [()] * (problem.crews - len(d))) for d in days)
    return Answer(padded, tuple(chosen), length, before.within)
