"""Every rule of periodic rounds, recomputed from the problem and the plan's own words; no solver, no scheduler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isclose
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
    if len(plan.patterns) != len(problem.sites):
        yield "lengths", "patterns", len(plan.patterns), len(problem.sites)


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
    if plan.feasible and plan.unserved:
        yield "site-left-out", f"site {plan.unserved[0]}", f"{len(plan.unserved)} unserved", "none in a feasible plan"


def _crews(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    for (day, crew), times in sorted(Counter((one.day, one.crew) for one in plan.rounds).items()):
        if times > 1:
            yield "crew-twice", f"day {day}", f"crew {crew} makes {times} rounds", "one round a day"
    who: list[list[int]] = [[] for _ in problem.sites]
    for one in plan.rounds:
        for site in one.sites:
            who[site].append(one.crew)
    made = sum(map(len, who))
    usual = sum(max(map(crews.count, crews)) for crews in who if crews)
    if not isclose(plan.same_crew, usual / made if made else 1.0, abs_tol=1e-9):
        yield "same-crew", "", plan.same_crew, f"{usual} of {made} visits"


def _measures(problem: Problem, one: Round) -> Iterator[Said]:
    at, clock, metres, load = problem.depot, 0.0, 0.0, 0.0
    for site, start in zip(one.sites, one.start_service_s, strict=True):
        item = problem.sites[site]
        metres += float(problem.distances[at, item.location])
        clock += float(problem.durations[at, item.location])
        if not isclose(clock, start, rel_tol=1e-9, abs_tol=SLACK):
            yield "start-of-service", "", start, f"{clock} s after leaving"
        clock += item.service_s
        load += item.demand
        at = item.location
    metres += float(problem.distances[at, problem.depot])
    clock += float(problem.durations[at, problem.depot])
    for name, told, true in (("distance_m", one.distance_m, metres), ("duration_s", one.duration_s, clock),
                             ("load", one.load, load)):
        if not isclose(told, true, rel_tol=1e-9, abs_tol=SLACK):
            yield f"round-{name}", "", told, true
    if problem.capacity is not None and load > problem.capacity + SLACK:
        yield "over-capacity", "", load, f"at most {problem.capacity}"
    if problem.shift_s is not None and clock > problem.shift_s + SLACK:
        yield "shift-too-long", "", clock, f"at most {problem.shift_s} s"


def _sums(problem: Problem, plan: RoundsPlan) -> Iterator[Said]:
    total = sum(one.distance_m for one in plan.rounds)
    if not isclose(plan.cost, total, rel_tol=1e-9, abs_tol=SLACK):
        yield "plan-cost", "", plan.cost, f"{total}, the distance of all rounds"
    if (plan.bound is None) != (plan.bound_by == "no bound"):
        yield "bound-name", "", f"bound {plan.bound} by {plan.bound_by}", "a bound with its name, or no bound"
    if plan.bound is not None and plan.bound > plan.cost + SLACK * max(1.0, plan.cost):
        yield "bound-above-cost", "", plan.bound, f"at most {plan.cost}"
