"""The plan of periodic rounds, and how bare routes become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis_planner.optimise._rounds_crews import name_crews
from gis_planner.optimise.rounds_problem import Problem


@dataclass(frozen=True, slots=True)
class Round:
    """One crew's day.

    day, crew: both from 0. sites: indexes of `Problem.sites`. start_service_s: per site, seconds after leaving.
    distance_m, duration_s: depot to depot, service included in the duration. load: demand of all its visits.
    """

    day: int
    crew: int
    sites: tuple[int, ...]
    start_service_s: tuple[float, ...]
    distance_m: float
    duration_s: float
    load: float


@dataclass(frozen=True)
class RoundsPlan:
    """Rounds of every day.

    patterns: per site the days of its visits (one of its patterns), empty when it is left out. cost: metres in all.
    feasible: every site on a whole pattern and every limit kept. unserved: sites left out. bound: None, `bound_by` says
    "no bound". stopped_by: "iterations", "no improvement" or "clock". same_crew: share of visits that a site's usual
    crew makes.
    """

    rounds: tuple[Round, ...]
    patterns: tuple[tuple[int, ...], ...]
    cost: float
    feasible: bool
    unserved: tuple[int, ...]
    bound: float | None
    bound_by: str
    stopped_by: str
    same_crew: float
    kind: str = "rounds"


DayRoutes = Sequence[Sequence[Sequence[int]]]


def round_of(problem: Problem, day: int, crew: int, sites: Sequence[int]) -> Round:
    """One timed round over these sites in order."""
    at, now_s, distance_m, load = problem.depot, 0.0, 0.0, 0.0
    starts = []
    for index in sites:
        site = problem.sites[index]
        distance_m += float(problem.distances[at, site.location])
        now_s += float(problem.durations[at, site.location])
        starts.append(now_s)
        now_s += site.service_s
        load += site.demand
        at = site.location
    distance_m += float(problem.distances[at, problem.depot])
    now_s += float(problem.durations[at, problem.depot])
    return Round(day, crew, tuple(sites), tuple(starts), distance_m, now_s, load)


def excess_of(problem: Problem, one: Round) -> float:
    """How far a round is beyond its limits, in parts of each limit."""
    over = 0.0
    if problem.capacity is not None and one.load > problem.capacity + 1e-6:
        over += (one.load - problem.capacity) / max(problem.capacity, 1e-9)
    if problem.shift_s is not None and one.duration_s > problem.shift_s + 1e-6:
        over += (one.duration_s - problem.shift_s) / max(problem.shift_s, 1e-9)
    return over


def plan_of(problem: Problem, routes: DayRoutes, stopped_by: str) -> RoundsPlan:
    """The plan of these routes (days, crews, sites): sites that break a limit left out, crews named for continuity."""
    days, out = _relieve(problem, [[list(route) for route in day] for day in routes])
    named = name_crews(problem, days)
    rounds = tuple(round_of(problem, day, crew, route)
                   for day, routes_of_day in enumerate(named) for crew, route in enumerate(routes_of_day) if route)
    visits: list[list[int]] = [[] for _ in problem.sites]
    crews: list[list[int]] = [[] for _ in problem.sites]
    for one in rounds:
        for site in one.sites:
            visits[site].append(one.day)
            crews[site].append(one.crew)
    usual = sum(max(who.count(crew) for crew in who) for who in crews if who)
    made = sum(map(len, crews))
    return RoundsPlan(rounds, tuple(tuple(sorted(v)) for v in visits), sum(one.distance_m for one in rounds), not out,
                      tuple(sorted(out)), None, "no bound", stopped_by, usual / made if made else 1.0)


def _relieve(problem: Problem, days: list[list[list[int]]]) -> tuple[list[list[list[int]]], set[int]]:
    """Leave out whole sites, the one that relieves most first, until every round keeps its limits."""
    out: set[int] = set()
    while True:
        over: dict[int, float] = {}
        for day, routes in enumerate(days):
            for route in routes:
                now = excess_of(problem, round_of(problem, day, 0, route))
                for site in route if now else []:
                    rest = [other for other in route if other != site]
                    over[site] = over.get(site, 0.0) + now - excess_of(problem, round_of(problem, day, 0, rest))
        if not over:
            return days, out
        worst = max(sorted(over), key=lambda site: over[site])
        out.add(worst)
        days = [[[site for site in route if site != worst] for route in routes] for routes in days]
