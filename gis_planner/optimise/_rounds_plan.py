"""The plan of periodic rounds, and how bare routes become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from gis_planner.optimise._rounds_crews import name_crews, usual_visits
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise.rounds_problem import Problem, Site


@dataclass(frozen=True, slots=True)
class Round:
    """One crew's day.

    day, crew: both from 0. sites: indexes of `Problem.sites`. start_service_s: per site, time of the day when the work
    begins; without hours of the crew the day begins at 0 when it leaves. distance_m: depot to depot, lines included.
    duration_s: from leaving to being back, breaks not counted. load: demand of all its visits. leave_s, back_s: times
    of the day. reversed_lines: sites whose line is walked from its end. cost: of its metres and of going out.
    """

    day: int
    crew: int
    sites: tuple[int, ...]
    start_service_s: tuple[float, ...]
    distance_m: float
    duration_s: float
    load: float
    leave_s: float
    back_s: float
    reversed_lines: frozenset[int]
    cost: float


@dataclass(frozen=True)
class RoundsPlan:
    """Rounds of every day.

    patterns: per site the days of its visits (one of its patterns), empty when it is left out. cost: of all rounds,
    sites left out that need not be served, and strangers; the distance when no other price is given.
    distance_m: metres in all. feasible: every required site on a whole pattern. unserved: sites left out.
    bound: None, `bound_by` says "no bound". stopped_by: "iterations" or "clock". same_crew: share of the visits that a
    site's usual crew makes. Every round keeps every limit, feasible or not.
    """

    rounds: tuple[Round, ...]
    patterns: tuple[tuple[int, ...], ...]
    cost: float
    distance_m: float
    feasible: bool
    unserved: tuple[int, ...]
    bound: float | None
    bound_by: str
    stopped_by: str
    same_crew: float
    kind: str = "rounds"


Visit = tuple[int, bool]
DayRoutes = Sequence[Sequence[Sequence[Visit]]]


def round_of(problem: Problem, clock: Clock, day: int, crew: int, visits: Sequence[Visit]) -> Round:
    """One timed round over these visits in order: back as early as can be, and leaving as late as that allows."""
    own = problem.each[crew]
    opens, closes = (0.0, inf) if own.window_s is None else clock.span(own.window_s)  # type: ignore[arg-type]
    at, metres, load, reached, windows = own.depot, 0.0, 0.0, [], []
    for index, reverse in visits:
        site = problem.sites[index]
        enter, leave = site.ends(reverse)
        metres += float(problem.distances[at, enter]) + site.line_m
        reached.append(own.pace * float(problem.durations[at, enter]))
        windows.append(window_of(clock, site))
        load += site.demand
        at = leave
    metres += float(problem.distances[at, own.depot])
    home_s = own.pace * float(problem.durations[at, own.depot])
    services = [problem.sites[index].service_s for index, _ in visits]
    _, waited, slack = _walk(opens, reached, windows, services, closes - opens)
    leave_s = opens + min(waited, slack)
    starts, _, _ = _walk(leave_s, reached, windows, services, closes)
    back_s = (starts[-1] + services[-1] if starts else leave_s) + home_s
    cost = metres * own.cost_per_m + (own.cost_per_round if visits else 0.0)
    return Round(
        day, crew, tuple(index for index, _ in visits), tuple(float(clock.day(s, begins=True)) for s in starts),  # type: ignore[arg-type]
        metres, back_s - leave_s, load, float(clock.day(leave_s, begins=True)),  # type: ignore[arg-type]
        float(clock.day(back_s, begins=False)),  # type: ignore[arg-type]
        frozenset(index for index, reverse in visits if reverse), cost)


def _walk(
    begin: float, reached: Sequence[float], windows: Sequence[tuple[float, float]], services: Sequence[float],
    slack: float,
) -> tuple[list[float], float, float]:
    """When each work begins, the waiting in all, and how much later the round may leave (Savelsbergh 1992)."""
    now, waited, starts = begin, 0.0, []
    for way, (early, late), service in zip(reached, windows, services, strict=True):
        waited += max(0.0, early - now - way)
        start = max(early, now + way)
        slack = min(slack, waited + late - start)
        starts.append(start)
        now = start + service
    return starts, waited, max(0.0, slack)


def window_of(clock: Clock, site: Site) -> tuple[float, float]:
    """When a visit may begin, on the clock without breaks."""
    return (0.0, inf) if site.window_s is None else clock.window(site.window_s)  # type: ignore[arg-type]


def plan_of(problem: Problem, routes: DayRoutes, stopped_by: str) -> RoundsPlan:
    """The plan of these routes (days, crews, visits); alike crews are named for continuity unless strangers cost."""
    clock = Clock(problem.breaks)
    reverse = {(day, index): flag for day, crews in enumerate(routes) for visits in crews for index, flag in visits}
    days = [[[index for index, _ in visits] for visits in crews] for crews in routes]
    named = days if problem.stranger_price > 0.0 else name_crews(problem, days)
    rounds = tuple(round_of(problem, clock, day, crew, [(index, reverse[day, index]) for index in route])
                   for day, crews in enumerate(named) for crew, route in enumerate(crews) if route)
    visits: list[list[int]] = [[] for _ in problem.sites]
    who: list[list[int]] = [[] for _ in problem.sites]
    for one in rounds:
        for site in one.sites:
            visits[site].append(one.day)
            who[site].append(one.crew)
    out = tuple(k for k, days_of in enumerate(visits) if not days_of)
    made, usual = sum(map(len, who)), usual_visits(who)
    cost = sum(one.cost for one in rounds) + problem.stranger_price * (made - usual)
    cost += sum(problem.sites[k].prize for k in out if not problem.sites[k].required)
    missing = any(problem.sites[k].required for k in out)
    return RoundsPlan(
        rounds, tuple(tuple(sorted(v)) for v in visits), cost, sum(one.distance_m for one in rounds),
        not missing, out, None, "no bound", stopped_by, usual / made if made else 1.0)
