"""Days and crews of like length, at a stated price in distance.

The routes are searched anew with a shortest and a longest time for each, by the same genetic search as periodic rounds
(one day, time outside the band allowed at a rising price); the band is widened until the price is kept.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gis_planner.optimise._embedding import plane
from gis_planner.optimise._rounds_search import Answer, Search
from gis_planner.optimise._rounds_state import Floats, Ground
from gis_planner.optimise._route_plan import Order, RoutePlan, plan_of
from gis_planner.optimise.routing_problem import NO_WAY, Problem
from gis_planner.problems import refused

NEAREST = 60
TURNS = 4
CENTRES = (1.0, 1.02, 0.98)


def route_ratio(plan: RoutePlan) -> float:
    """Longest over shortest working time of the routes (1 when there are fewer than two)."""
    times = [route.duration_s for route in plan.routes]
    return max(times) / max(1, min(times)) if len(times) > 1 else 1.0


def balance_routes(
    problem: Problem, plan: RoutePlan, *, ratio: float = 1.15, price: float = 0.02, effort: float = 1.0, seed: int = 0,
    time_limit_s: float | None = None,
) -> RoutePlan:
    """The routes of `plan` made alike in time: longest over shortest at most `ratio`, at most `price` more distance.

    When the ratio cannot be had at the price, the least unequal plan found within the price comes back (`plan` itself
    at worst); `notes` says the ratio and the price of what came back, and what was asked.
    Works for vehicles that are alike apart from their day, with one depot, at most one load dimension, no time windows,
    reloads, prizes or lines, and ways alike in both directions; raises Refused for anything else.
    """
    _refuse_others(problem, plan)
    best, share = plan, None if time_limit_s is None else time_limit_s / TURNS
    now = route_ratio(plan)
    for turn in range(TURNS):
        if route_ratio(best) <= ratio:
            break
        wanted = ratio * (now / ratio) ** (turn / TURNS) if now > ratio else ratio
        found = _within_band(problem, plan, wanted, round(effort * 1500), seed + turn, share)
        cheap = found is not None and found.distance_m <= plan.distance_m * (1.0 + price)
        if found is not None and cheap and route_ratio(found) < route_ratio(best):
            best = found
            break
    more = best.distance_m / max(1, plan.distance_m) - 1.0
    notes = (("ratio", route_ratio(best)), ("price", more), ("asked_ratio", ratio), ("asked_price", price))
    return plan_of(problem, [route.order for route in best.routes], stopped_by="iterations", notes=notes)


def _refuse_others(problem: Problem, plan: RoutePlan) -> None:
    kinds = {replace(vehicle, day=0, count=0, name="") for vehicle in problem.vehicles}
    plain = all(s.window_s is None and not s.release_s and s.required and s.end_location is None
                and s.allowed is None and s.days is None for s in problem.stops)
    kind = problem.vehicles[0] if problem.vehicles else None
    fits = (
        plan.feasible and len(kinds) == 1 and plain and kind is not None and kind.start_depot == kind.end_depot
        and len(kind.capacity) <= 1 and not kind.max_reloads and kind.max_distance_m is None and not problem.asymmetric
        and kind.window_s is None and problem.depots[kind.start_depot].loading_s == 0
        and all(int(matrix.max()) < NO_WAY for matrix in (*problem.distances, *problem.durations)))
    if not fits:
        raise refused("balance-scope", found="another kind of routing problem, or a plan that is not feasible",
                      expected="like vehicles, one depot, one load, no windows, reloads, prizes, lines or one-way ways",
                      field="problem", remedy="Balance crews by shift_s, or plan each depot and vehicle by itself.",
                      remedy_fr="Équilibrez par shift_s, ou planifiez chaque dépôt et véhicule à part.")


def _within_band(
    problem: Problem, plan: RoutePlan, ratio: float, children: int, seed: int, limit_s: float | None,
) -> RoutePlan | None:
    """The shortest plan found whose route times lie within `ratio` of each other; None when none was found."""
    mean_s = sum(route.duration_s for route in plan.routes) / len(plan.routes) * CENTRES[seed % len(CENTRES)]
    shift_s = problem.vehicles[0].shift_s
    longest = mean_s * ratio**0.5
    if shift_s is not None:
        longest = min(longest, float(shift_s))
    ground, xy = _ground(problem, longest / ratio, longest)
    search = Search(ground, 1, len(plan.routes), xy, seed)
    search.give(_answer(plan))
    search.run(max(10, children), max(10, children), limit_s)
    answer = search.answer()
    if not answer.within:
        return None
    slots = [vehicle for vehicle, kind in enumerate(problem.vehicles) for _ in range(kind.count)]
    taken = [route.vehicle for route in plan.routes]
    vehicles = taken if len(taken) <= len(slots) else slots
    orders = [Order(vehicles[k], (tuple((site - 1, False) for site in route),))
              for k, route in enumerate(route for route in answer.routes[0] if route)]
    found = plan_of(problem, orders, stopped_by="iterations")
    return found if found.feasible else None


def _answer(plan: RoutePlan) -> Answer:
    routes = tuple(tuple(stop + 1 for stop in route.stops) for route in plan.routes)
    sites = sum(len(route) for route in routes)
    return Answer((routes,), (-1, *range(sites)), float(plan.distance_m), False)


def _ground(problem: Problem, least: float, longest: float) -> tuple[Ground, Floats]:
    kind = problem.vehicles[0]
    at = np.array([problem.depots[kind.start_depot].location, *(stop.location for stop in problem.stops)], np.intp)
    way = np.ascontiguousarray(problem.distances[kind.profile][np.ix_(at, at)].astype(np.float64))
    hours = np.ascontiguousarray(problem.durations[kind.profile][np.ix_(at, at)].astype(np.float64))
    sites = len(problem.stops)
    apart = way + np.where(np.eye(sites + 1, dtype=bool), np.inf, 0.0)
    apart[:, 0] = np.inf
    near = np.argsort(apart, axis=1, kind="stable")[:, : max(1, min(NEAREST, sites - 1))].astype(np.int64)
    demand = [0.0, *(float(stop.demand[0]) if stop.demand else 0.0 for stop in problem.stops)]
    ground = Ground(
        way, hours, np.array([0.0, *(float(stop.service_s) for stop in problem.stops)]), np.array(demand), near,
        np.ones((sites, 1), np.int8), np.concatenate([[0], np.arange(sites + 1)]).astype(np.int64),
        float(kind.capacity[0]) if kind.capacity else np.inf, longest, True, least)
    return ground, plane(way, np.arange(sites + 1))


__all__ = ["balance_routes", "route_ratio"]
