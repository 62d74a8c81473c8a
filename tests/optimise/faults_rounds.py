"""Sound plans of periodic rounds, and what is spoilt in them: one thing each, with the name the check gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from worlds import ways

from gis_planner.optimise._rounds_plan import Round, RoundsPlan, plan_of
from gis_planner.optimise.rounds import Break, Crew, Problem, Site, plan_rounds, spaced_patterns

Sound = tuple[Problem, RoundsPlan]
Spoil = Callable[[Problem, RoundsPlan], Sound]
NAN = float("nan")


def _alike() -> Sound:
    """Twelve sites twice in four days, two crews alike with a load and a shift."""
    sites = [Site(k, ((0, 2), (1, 3)), 1.0, 60.0) for k in range(1, 13)]
    problem = Problem(ways(0, 13, 1000), sites, 4, 2, capacity=4.0, shift_s=12_000.0)
    return problem, plan_rounds(problem, effort=0.003, workers=1)


def _spaced() -> Sound:
    """Every third day give or take one, a day off, lines (one one-way), hours, a break, strangers at a price."""
    weekly = spaced_patterns(9, 3, 1, working=[0, 1, 2, 4, 5, 6, 7, 8])
    sites = [Site(k, weekly, 1.0, 120.0, (600.0, 30_000.0), end_location=9 if k < 3 else None, line_m=50.0 * (k < 3),
                  both_ways=k == 1) for k in range(1, 8)]
    sites += [Site(8, ((0,), (5,)), 1.0, 60.0, required=False, prize=1.0, allowed=frozenset({0}))]
    each = [Crew(0, 9.0, 20_000.0, (500.0, 31_000.0), cost_per_round=5.0),
            Crew(0, 9.0, 20_000.0, (500.0, 31_000.0), frozenset({0, 1, 2, 4, 5, 6, 7, 8}), pace=1.5, cost_per_m=2.0)]
    problem = Problem(ways(1, 10, 1000), sites, 9, 2, each=each, breaks=[Break(2000, 2500)], stranger_price=50.0)
    return problem, plan_rounds(problem, effort=0.003, workers=1)


WORLDS: dict[str, Callable[[], Sound]] = {"alike": _alike, "spaced": _spaced}


@cache
def sound(world: str) -> Sound:
    """The problem and the sound plan of one world."""
    return WORLDS[world]()


def _round(changes: Callable[[Round], dict[str, Any]]) -> Spoil:
    """The first round told otherwise."""
    return lambda problem, plan: (problem, replace(plan, rounds=(
        replace(plan.rounds[0], **changes(plan.rounds[0])), *plan.rounds[1:])))


def _whole(changes: Callable[[RoundsPlan], dict[str, Any]]) -> Spoil:
    return lambda problem, plan: (problem, replace(plan, **changes(plan)))


def _later(by: float) -> Callable[[Round], dict[str, Any]]:
    return lambda r: {"start_service_s": (r.start_service_s[0] + by, *r.start_service_s[1:])}


COMMON: list[tuple[str, str, Spoil]] = [
    ("a round on another day", "pattern-broken", _round(lambda r: {"day": (r.day + 1) % 4})),
    ("a crew twice on a day", "crew-twice", _whole(lambda p: {"rounds": (*p.rounds, p.rounds[0])})),
    ("visits twice", "pattern-broken", _whole(lambda p: {"rounds": (*p.rounds, p.rounds[0])})),
    ("unknown crew", "unknown-crew", _round(lambda r: {"crew": 7})),
    ("unknown day", "unknown-day", _round(lambda r: {"day": -1})),
    ("unknown site", "unknown-site", _round(lambda r: {"sites": (99, *r.sites[1:])})),
    ("a visit forgotten", "pattern-told",
     _round(lambda r: {"sites": r.sites[1:], "start_service_s": r.start_service_s[1:]})),
    ("a visit twice in a round", "pattern-broken", _round(lambda r: {
        "sites": (r.sites[0], *r.sites), "start_service_s": (r.start_service_s[0], *r.start_service_s)})),
    ("a round without a site", "round-empty", _round(lambda r: {"sites": (), "start_service_s": ()})),
    ("one metre less", "round-distance_m", _round(lambda r: {"distance_m": r.distance_m - 1.0})),
    ("metres nan", "round-distance_m", _round(lambda r: {"distance_m": NAN})),
    ("one second less", "round-duration_s", _round(lambda r: {"duration_s": r.duration_s - 1.0})),
    ("load told less", "round-load", _round(lambda r: {"load": r.load - 1.0})),
    ("round cheaper", "round-cost", _round(lambda r: {"cost": r.cost - 1.0})),
    ("work begun before the way is made", "start-of-service",
     _round(lambda r: {"start_service_s": (r.leave_s - 1.0, *r.start_service_s[1:])})),
    ("work begun so late that the next is too soon", "start-of-service", _round(_later(500.0))),
    ("back too soon", "back-too-soon", _round(lambda r: {"back_s": r.start_service_s[-1] + 1.0})),
    ("a beginning that is no time", "time-not-finite", _round(_later(NAN))),
    ("a return that is no time", "time-not-finite", _round(lambda r: {"back_s": NAN})),
    ("a time missing", "lengths", _round(lambda r: {"start_service_s": r.start_service_s[1:]})),
    ("a line of another round", "line-not-served", _round(lambda r: {"reversed_lines": frozenset({77})})),
    ("plan shorter", "plan-distance", _whole(lambda p: {"distance_m": p.distance_m - 1.0})),
    ("plan cheaper", "plan-cost", _whole(lambda p: {"cost": p.cost - 1.0})),
    ("plan of no known cost", "plan-cost", _whole(lambda p: {"cost": NAN})),
    ("pattern told wrong", "pattern-told", _whole(lambda p: {"patterns": ((0, 1), *p.patterns[1:])})),
    ("pattern of a site missing", "lengths", _whole(lambda p: {"patterns": p.patterns[1:]})),
    ("crew share told better", "same-crew", _whole(lambda p: {"same_crew": p.same_crew + 0.01})),
    ("visited yet left out", "unserved-list", _whole(lambda p: {"unserved": (0,)})),
    ("left out twice", "unserved-list", _whole(lambda p: {"unserved": (0, 0)})),
    ("left out in a feasible plan", "site-left-out", _whole(lambda p: {"unserved": (0,)})),
    ("a left-out site that is none", "unknown-site", _whole(lambda p: {"unserved": (99,)})),
    ("feasible denied", "feasible-denied", _whole(lambda p: {"feasible": False})),
    ("a bound above the cost", "bound-above-cost", _whole(lambda p: {"bound": p.cost + 1.0, "bound_by": "told"})),
    ("a bound that is none", "bound-above-cost", _whole(lambda p: {"bound": NAN, "bound_by": "told"})),
    ("a bound without a name", "bound-name", _whole(lambda p: {"bound": p.cost - 1.0})),
]


def _crews(changes: Callable[[Round], dict[str, Any]]) -> Spoil:
    """The same plan for crews that may do less than its first round does."""
    return lambda problem, plan: (_changed(problem, each=[
        replace(crew, **changes(plan.rounds[0])) for crew in problem.each]), plan)


def _sites(changes: Callable[[Site], dict[str, Any]]) -> Spoil:
    """The same plan where every site asks for something else."""
    return lambda problem, plan: (_changed(problem, sites=[
        replace(site, **changes(site)) for site in problem.sites]), plan)


def _changed(problem: Problem, **changes: Any) -> Problem:
    given = {"distance_m": problem.distances, "duration_s": problem.durations, "sites": problem.sites,
             "days": problem.days, "crews": problem.crews, "each": problem.each, "breaks": problem.breaks,
             "stranger_price": problem.stranger_price}
    return Problem(**{**given, **changes})


TIGHT: list[tuple[str, str, Spoil]] = [
    ("less room than the load", "over-capacity", _crews(lambda r: {"capacity": r.load - 0.5})),
    ("a shorter shift", "shift-too-long", _crews(lambda r: {"shift_s": r.duration_s - 1.0})),
    ("a day that begins later", "outside-hours", _crews(lambda r: {"window_s": (r.leave_s + 1.0, 90_000.0)})),
    ("a day that ends sooner", "outside-hours", _crews(lambda r: {"window_s": (0.0, r.back_s - 1.0)})),
    ("a rest day worked", "crew-rests",
     _crews(lambda r: {"days": frozenset(d for d in range(4) if d != r.day)})),
    ("slower crews", "start-of-service", _crews(lambda r: {"pace": 9.0})),
    ("dearer metres", "round-cost", _crews(lambda r: {"cost_per_m": 7.0})),
    ("a dearer day out", "round-cost", _crews(lambda r: {"cost_per_round": 70.0})),
    ("another depot", "round-distance_m", _crews(lambda r: {"depot": 5})),
    ("spacing of a day more", "pattern-broken",
     _sites(lambda s: {"patterns": tuple(p for p in ((0, 3), (0, 1, 2))) if len(s.patterns[0]) > 1 else s.patterns})),
    ("longer work", "start-of-service", _sites(lambda s: {"service_s": s.service_s + 400.0})),
    ("a window that is over", "outside-window", _sites(lambda s: {"window_s": (0.0, 1.0)})),
    ("crews that may not", "crew-not-allowed", _sites(lambda s: {"allowed": frozenset()})),
    ("more load each", "round-load", _sites(lambda s: {"demand": s.demand + 1.0})),
    ("a rest at the beginning of the work", "begins-in-break", lambda p, plan: (_changed(p, breaks=[
        Break(plan.rounds[0].start_service_s[0], plan.rounds[0].start_service_s[0] + 5.0)]), plan)),
    ("strangers at a higher price", "plan-cost", lambda p, plan: (
        _changed(p, stranger_price=p.stranger_price + 10.0), replace(plan, cost=plan.cost - 1.0))),
]


def _told_truly(visits: Callable[[RoundsPlan, list[list[list[tuple[int, bool]]]]], None]) -> Spoil:
    """Other rounds with every sum told truly, called feasible."""
    def spoil(problem: Problem, plan: RoundsPlan) -> Sound:
        days: list[list[list[tuple[int, bool]]]] = [[[] for _ in range(problem.crews)] for _ in range(problem.days)]
        for one in plan.rounds:
            days[one.day][one.crew] = [(site, site in one.reversed_lines) for site in one.sites]
        visits(plan, days)
        return problem, replace(plan_of(problem, days, "iterations"), feasible=True)

    return spoil


def _day_moved(plan: RoundsPlan, days: list[list[list[tuple[int, bool]]]]) -> None:
    first = plan.rounds[0]
    visit = days[first.day][first.crew].pop(0)
    days[(first.day + 1) % len(days)][first.crew].append(visit)


def _skipped(plan: RoundsPlan, days: list[list[list[tuple[int, bool]]]]) -> None:
    first = plan.rounds[0]
    days[first.day][first.crew].pop(0)


def _all_by_one(plan: RoundsPlan, days: list[list[list[tuple[int, bool]]]]) -> None:
    for crews in days:
        crews[0] += crews[1]
        crews[1] = []


def _lines_turned(plan: RoundsPlan, days: list[list[list[tuple[int, bool]]]]) -> None:
    for crews in days:
        crews[:] = [[(site, site == 1) for site, _ in visits] for visits in crews]


TOLD: list[tuple[str, str, Spoil]] = [
    ("a visit moved to the next day, told truly", "pattern-broken", _told_truly(_day_moved)),
    ("a visit skipped, told truly", "pattern-broken", _told_truly(_skipped)),
]
OWN: dict[str, list[tuple[str, str, Spoil]]] = {
    "alike": [("one crew does it all, told truly", "over-capacity", _told_truly(_all_by_one))],
    "spaced": [("a one-way line walked from its end, told truly", "line-reversed", _told_truly(_lines_turned)),
               ("sites of the other crew alone", "crew-not-allowed",
                _sites(lambda s: {"allowed": frozenset({1})}))],
}
CASES = [(world, name, code, spoil) for world in WORLDS for name, code, spoil in [*COMMON, *TIGHT, *TOLD, *OWN[world]]]
