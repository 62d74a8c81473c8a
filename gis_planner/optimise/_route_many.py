"""Many stops of a problem that ruin and recreate models in full: with windows PyVRP begins, then all is annealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_planner.optimise._pyvrp import Effort, Found
from gis_planner.optimise._route_anneal import HOT_AND_COLD, Budget, search_routes, turns_for
from gis_planner.optimise._route_ground import orders_of_routes, plain
from gis_planner.optimise._route_plan import RoutePlan, plan_of
from gis_planner.optimise._route_search import STARTS, Ask, one_start
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.routing_problem import Problem

METHOD = "ruin and recreate"
MANY = 100
"""Stops from which on ruin and recreate takes the problems that it models in full; PyVRP does all others."""
FIRST_SHARE = 0.15
"""Part of the effort for PyVRP's start when windows, a short fleet or optional stops make a first plan hard to find."""


def plan_many(problem: Problem, ask: Ask, effort: float, start: RoutePlan | None) -> RoutePlan | None:
    """A feasible plan by ruin and recreate; None for problems that it leaves to PyVRP.

    ask: iterations of one start of PyVRP, seed, processes. start: a plan that must not get worse.
    """
    if len(problem.stops) < MANY or not plain(problem):
        return None
    limit_s = ask.effort.limit_s
    stopped_by = "iterations" if limit_s is None else "clock"
    given = [start] if start is not None and start.feasible else []
    begin, share = given[0] if given else None, 1.0
    if begin is None and _hard(problem):
        share -= FIRST_SHARE
        begin = _first(problem, ask)
        given = [begin] if begin is not None else []
    turns = turns_for(len(problem.stops), effort, loads_alone=_loads_alone(problem))
    budget = Budget(turns, limit_s).share(share)
    routes: list[Sequence[int]] | None = None if begin is None else [route.stops for route in begin.routes]
    found = search_routes(problem, budget, ask.seed, start=routes, workers=ask.workers,
                          heat=None if start is not None else HOT_AND_COLD)
    if found is not None:
        plan = plan_of(problem, orders_of_routes(problem, found[0]), stopped_by=stopped_by)
        given += [plan] if plan.feasible else []
    if not given:
        return None
    best = min(given, key=lambda plan: plan.cost)
    plan = plan_of(problem, [route.order for route in best.routes], stopped_by=stopped_by)
    return replace(plan, method=METHOD)


def _hard(problem: Problem) -> bool:
    """Whether a first plan is hard to find, or one found early often cannot be bettered."""
    return any(stop.window_s is not None or not stop.required for stop in problem.stops)


def _loads_alone(problem: Problem) -> bool:
    """Whether the search need not know when a vehicle is where."""
    vehicles = all(vehicle.window_s is None and vehicle.shift_s is None for vehicle in problem.vehicles)
    depots = all(depot.window_s is None for depot in problem.depots)
    return vehicles and depots and all(stop.window_s is None for stop in problem.stops)


def _first(problem: Problem, ask: Ask) -> RoutePlan | None:
    limit_s = ask.effort.limit_s
    counts = [max(100, round(FIRST_SHARE * count)) for count in (ask.effort.iterations, ask.effort.patience)]
    few = Effort(counts[0], counts[1], None if limit_s is None else FIRST_SHARE * limit_s)
    calls = [(one_start, (problem, few, ask.seed * STARTS + k, None, None)) for k in range(STARTS)]
    found: list[Found] = run_all(calls, ask.workers)
    sound = [one for one in found if one.feasible]
    return plan_of(problem, min(sound, key=lambda one: one.cost).orders, stopped_by="") if sound else None
