"""Routes of vehicles and crews: one problem, one plan, two searches, and stops that count iterations.

Many stops of one depot and alike vehicles are searched by ruin and recreate (`_route_ruin`), all else by PyVRP's
iterated local search (Wouda, Lan & Kool 2024, INFORMS J. Computing 36(4), doi 10.1287/ijoc.2023.0055). What is ours:
several starts in processes, breaks, lines to walk, stops that a vehicle may not serve, days, honest answers when not
everything fits, and a check of every plan that knows no solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_planner.optimise._check_inputs import search_settings
from gis_planner.optimise._members import refuse_other
from gis_planner.optimise._pyvrp import Effort, dearest_detour
from gis_planner.optimise._route_bound import lower_bound
from gis_planner.optimise._route_many import plan_many
from gis_planner.optimise._route_plan import Route, RoutePlan, plan_of
from gis_planner.optimise._route_reachable import check_reachable
from gis_planner.optimise._route_search import STARTS, Ask, best_of
from gis_planner.optimise._route_shed import shed
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.routing_problem import Break, Depot, Problem, Stop, Vehicle
from gis_planner.optimise.vrplib import read_vrplib
from gis_planner.problems import refused

__all__ = [
    "Break", "Depot", "Problem", "Route", "RoutePlan", "Stop", "Vehicle", "plan_all", "plan_routes", "read_vrplib",
]


def plan_routes(
    problem: Problem, *, effort: float = 1.0, seed: int = 0, start: RoutePlan | None = None,
    time_limit_s: float | None = None, workers: int | None = None,
) -> RoutePlan:
    """Routes of least cost that serve every required stop.

    effort: scales the iterations; 1.0 is what a planner waits for. seed: same seed, same plan, whatever the machine.
    start: a plan of the same stops and vehicles to improve (missing stops are inserted).
    time_limit_s: seconds of each core after which to stop, only when asked; without it no clock is read.
    workers: processes at once (default: one per core); the plan does not depend on it.
    Raises Refused for what is no Problem and for unsound settings, and CannotBeMet when there is no vehicle or a
    required stop is out of reach of every vehicle. When the stops are reachable one by one but not all together, the
    plan is not `feasible` and `unserved` names what was left out.
    """
    refuse_other(problem, Problem, "gis_planner.optimise.route")
    search_settings(effort, seed, time_limit_s, workers)
    if start is not None and not isinstance(start, RoutePlan):
        raise refused("not-a-plan", found=type(start).__name__, expected="a RoutePlan", field="start",
                      remedy="Give a plan of the same stops and vehicles, or None.")
    check_reachable(problem)
    if not problem.stops or not any(vehicle.count for vehicle in problem.vehicles):
        return plan_of(problem, [], stopped_by="nothing to search")
    allowed = iterations(len(problem.stops), effort, time_limit_s)
    many = plan_many(problem, Ask(allowed, seed, None, workers), effort, start)
    if many is not None:
        return _bounded(problem, many)
    orders = [route.order for route in start.routes] if start else None
    found = best_of(problem, Ask(allowed, seed, None, workers), [orders] * STARTS)
    plan = plan_of(problem, found.orders, stopped_by=found.stopped_by)
    if plan.feasible:
        return _bounded(problem, plan)
    kept = shed(problem, found.orders)
    found = best_of(problem, Ask(allowed, seed, 2 * dearest_detour(problem), workers), [kept, None])
    return plan_of(problem, shed(problem, found.orders), stopped_by=found.stopped_by)


def _bounded(problem: Problem, plan: RoutePlan) -> RoutePlan:
    bound, bound_by = lower_bound(problem, plan.cost)
    return replace(plan, bound=bound, bound_by=bound_by)


def plan_all(
    problems: Sequence[Problem], *, effort: float = 1.0, seed: int = 0, workers: int | None = None,
) -> tuple[RoutePlan, ...]:
    """The plans of problems that have nothing to do with each other (a depot each, a week each), several at once.

    Each plan is what `plan_routes` gives for that problem with the same effort and seed. Raises what the first problem
    that cannot be planned raises.
    """
    for problem in problems:
        refuse_other(problem, Problem, "gis_planner.optimise.route")
    largest_first = sorted(range(len(problems)), key=lambda k: (-len(problems[k].stops), k))
    plans = run_all([(_plan_one, (problems[k], effort, seed)) for k in largest_first], workers)
    return tuple(plan for _, plan in sorted(zip(largest_first, plans, strict=True), key=lambda pair: pair[0]))


def _plan_one(problem: Problem, effort: float, seed: int) -> RoutePlan:
    return plan_routes(problem, effort=effort, seed=seed, workers=1)


def iterations(stops: int, effort: float, time_limit_s: float | None = None) -> Effort:
    """Iterations of one start, and how many without improvement are enough."""
    count = max(500, round(effort * min(3_000 + 25 * stops, 25_000)))
    if time_limit_s is not None:
        return Effort(100 * count, 100 * count, time_limit_s)
    return Effort(count, max(300, count // 3))
