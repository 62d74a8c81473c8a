"""Every rule of periodic rounds, recomputed from the problem and the plan's own words; no solver, no scheduler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import inf, isclose, isfinite
from typing import TYPE_CHECKING

from gis_planner.problems import Finding, Severity

if TYPE_CHECKING:
    from gis_planner.optimise._rounds_plan import Round, RoundsPlan
    from gis_planner.optimise.rounds_problem import Problem

Said = tuple[str, object, object, object]
SLACK = 1e-6


def check_rounds(problem: Problem, plan: RoundsPlan) -> list[Finding]:
    """What is broken in a plan of rounds, in words; empty when it is sound."""
    said = [*_indexes(problem, plan)]
    if not said:
        said += _patterns(problem, plan)
        said += _crews(problem, plan)
        for k, one in enumerate(plan.rounds):
            said += [(code, f"round {k}", found, expected) for code, _, found, expected in _measures(problem, one)]
        said += _sums(problem, plan)
    return [Finding(code, Severity.REFUSE, str(found), str(expected), "This plan must not be used: plan again.",
                    "Ce plan ne doit pas être utilisé : refaites le calcul.", row=str(row), field="rounds")
            for code, row, found, expected in said]


def _indexes(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    for k, one in enumerate(plan.rounds):
        if not 0 <= one.day < problem.days:
            yield "unknown-day", f"round {k}", one.day, f"0 to {problem.days - 1}"
        if not 0 <= one.crew < problem.crews:
            yield "unknown-crew", f"round {k}", one.crew, f"0 to {problem.crews - 1}"
        for site in one.sites:
            if not 0 <= site < len(problem.sites):
                yield "unknown-site", f"round {k}", site, f"0 to {len(problem.sites) - 1}"
        if len(one.start_service_s) != len(one.sites):
            yield "lengths", f"round {k}", len(one.start_service_s), f"{len(one.sites)} times"
        if not one.sites:
            yield "round-empty", f"round {k}", "no site", "a round with sites"
        if not all(isfinite(time_s) for time_s in (*one.start_service_s, one.leave_s, one.back_s)):
            yield "time-not-finite", f"round {k}", "a time that is no number", "seconds of the day"
        strange = set(one.reversed_lines) - set(one.sites)
        if strange:
            yield "line-not-served", f"round {k}", f"sites {sorted(strange)} reversed", "lines of this round only"
    if len(set(plan.unserved)) < len(plan.unserved):
        yield "unserved-list", "", f"{plan.unserved}", "each site left out once"
    if len(plan.patterns) != len(problem.sites):
        yield "lengths", "patterns", len(plan.patterns), len(problem.sites)
    for site in plan.unserved:
        if not 0 <= site < len(problem.sites):
            yield "unknown-site", "unserved", site, f"0 to {len(problem.sites) - 1}"


def _patterns(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    visits: list[list[int]] = [[] for _ in problem.sites]
    for one in plan.rounds:
        for site in one.sites:
            visits[site].append(one.day)
    for k, (item, days) in enumerate(zip(problem.sites, visits, strict=True)):
        own = tuple(sorted(days))
        if own != tuple(sorted(plan.patterns[k])):
            yield "pattern-told", f"site {k}", plan.patterns[k], f"{own}, the days of its visits"
        if not days:
            if k not in plan.unserved:
                yield "site-left-out", f"site {k}", "no visit", "visits, or a place among the unserved"
            continue
        if k in plan.unserved:
            yield "unserved-list", f"site {k}", "visited, yet among the unserved", "one or the other"
        if own not in {tuple(sorted(pattern)) for pattern in item.patterns}:
            yield "pattern-broken", f"site {k}", f"days {own}", f"one of {item.patterns[:6]}"
    required = [k for k in plan.unserved if problem.sites[k].required]
    if plan.feasible and required:
        yield "site-left-out", f"site {required[0]}", f"{len(required)} unserved", "none in a feasible plan"
    if not plan.feasible and not required:
        yield "feasible-denied", "", "every required site visited, yet not feasible", "feasible"


def _crews(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    for (day, crew), times in sorted(Counter((one.day, one.crew) for one in plan.rounds).items()):
        if times > 1:
            yield "crew-twice", f"day {day}", f"crew {crew} makes {times} rounds", "one round a day"
        works = problem.each[crew].days
        if works is not None and day not in works:
            yield "crew-rests", f"day {day}", f"crew {crew} is out", f"days {sorted(works)}"
    for one in plan.rounds:
        for site in one.sites:
            allowed = problem.sites[site].allowed
            if allowed is not None and one.crew not in allowed:
                yield "crew-not-allowed", f"site {site}", f"crew {one.crew}", f"one of {sorted(allowed)}"
    made, usual = _usual(problem, plan)
    if not isclose(plan.same_crew, usual / made if made else 1.0, abs_tol=1e-9):
        yield "same-crew", "", plan.same_crew, f"{usual} of {made} visits"


def _usual(problem: Problem, plan: RoundsPlan) -> tuple[int, int]:
    """Visits in all, and those by the crew that comes most often to their site."""
    who: list[list[int]] = [[] for _ in problem.sites]
    for one in plan.rounds:
        for site in one.sites:
            who[site].append(one.crew)
    return sum(map(len, who)), sum(max(map(crews.count, crews)) for crews in who if crews)


def _measures(problem: Problem, one: Round) -> Iterator[Said]:
    crew = problem.each[one.crew]
    at, metres, load = crew.depot, 0.0, 0.0
    for site in one.sites:
        item = problem.sites[site]
        enter, leave = item.ends(site in one.reversed_lines)
        if site in one.reversed_lines and (item.end_location is None or not item.both_ways):
            yield "line-reversed", "", f"site {site} from its end", "its own direction"
        metres += float(problem.distances[at, enter]) + item.line_m
        load += item.demand
        at = leave
    metres += float(problem.distances[at, crew.depot])
    cost = metres * crew.cost_per_m + crew.cost_per_round
    for name, told, true in (("distance_m", one.distance_m, metres), ("load", one.load, load),
                             ("cost", one.cost, cost)):
        if not isclose(told, true, rel_tol=1e-9, abs_tol=SLACK):
            yield f"round-{name}", "", told, true
    if crew.capacity is not None and load > crew.capacity + SLACK:
        yield "over-capacity", "", load, f"at most {crew.capacity}"
    yield from _times(problem, one)


def _times(problem: Problem, one: Round) -> Iterator[Said]:
    crew = problem.each[one.crew]
    at, before = crew.depot, one.leave_s
    for site, start in zip(one.sites, one.start_service_s, strict=True):
        item = problem.sites[site]
        enter, leave = item.ends(site in one.reversed_lines)
        way_s = crew.pace * float(problem.durations[at, enter])
        if start < before - SLACK or _work(problem, before, start) < way_s - _near(way_s):
            yield "start-of-service", "", start, f"{way_s} s of way after {before}"
        if item.window_s is not None and not item.window_s[0] - SLACK <= start <= item.window_s[1] + SLACK:
            yield "outside-window", "", start, item.window_s
        if any(rest.start_s <= start < rest.end_s - SLACK for rest in problem.breaks):
            yield "begins-in-break", "", start, "a beginning outside every break"
        before, at = _later(problem, start, item.service_s), leave
    home_s = crew.pace * float(problem.durations[at, crew.depot])
    if _work(problem, before, one.back_s) < home_s - _near(one.back_s):
        yield "back-too-soon", "", one.back_s, f"{home_s} s after {before}"
    spent_s = _work(problem, one.leave_s, one.back_s)
    if not isclose(one.duration_s, spent_s, rel_tol=1e-9, abs_tol=SLACK):
        yield "round-duration_s", "", one.duration_s, spent_s
    if crew.shift_s is not None and spent_s > crew.shift_s + _near(crew.shift_s):
        yield "shift-too-long", "", spent_s, f"at most {crew.shift_s} s"
    opens, closes = crew.window_s or (0.0, inf)
    if one.leave_s < opens - SLACK or one.back_s > closes + SLACK:
        yield "outside-hours", "", (one.leave_s, one.back_s), (opens, closes)


def _near(seconds: float) -> float:
    return SLACK * max(1.0, 1e-3 * abs(seconds))


def _work(problem: Problem, begin_s: float, end_s: float) -> float:
    """Seconds between two times of day, breaks not counted."""
    return end_s - begin_s - sum(max(0.0, min(end_s, rest.end_s) - max(begin_s, rest.start_s))
                                 for rest in problem.breaks)


def _later(problem: Problem, begin_s: float, work_s: float) -> float:
    """Time of day after `work_s` more seconds of work, each break waited for."""
    end_s = begin_s + work_s
    for rest in sorted(problem.breaks, key=lambda rest: rest.start_s):
        if begin_s < rest.end_s and end_s > rest.start_s:
            end_s += rest.end_s - max(begin_s, rest.start_s)
    return end_s


def _sums(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    metres = sum(one.distance_m for one in plan.rounds)
    if not isclose(plan.distance_m, metres, rel_tol=1e-9, abs_tol=SLACK):
        yield "plan-distance", "", plan.distance_m, f"{metres}, the distance of all rounds"
    made, usual = _usual(problem, plan)
    total = sum(one.cost for one in plan.rounds) + problem.stranger_price * (made - usual)
    total += sum(problem.sites[k].prize for k in plan.unserved if not problem.sites[k].required)
    if not isclose(plan.cost, total, rel_tol=1e-9, abs_tol=SLACK):
        yield "plan-cost", "", plan.cost, f"{total}, the cost of all rounds, sites left out and strangers"
    if (plan.bound is None) != (plan.bound_by == "no bound"):
        yield "bound-name", "", f"bound {plan.bound} by {plan.bound_by}", "a bound with its name, or no bound"
    if plan.bound is not None and not plan.bound <= plan.cost + SLACK * max(1.0, plan.cost):
        yield "bound-above-cost", "", plan.bound, f"at most {plan.cost}"
