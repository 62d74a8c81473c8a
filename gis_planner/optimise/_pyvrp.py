"""A routing problem in PyVRP's words, one search with it, and its answer as bare orders of stops.

Each stop becomes a location of its own, so that a forbidden vehicle, a line to walk and a missing way are entries of
the matrix: a line is a pair of mutually exclusive clients, one per direction, whose rows leave from its other end.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import NeighbourhoodParams

from gis_planner.optimise._route_plan import Order
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise.routing_problem import NO_WAY, Problem, Vehicle

NO_LIMIT = int(np.iinfo(np.int64).max)
COST_DECIMALS = 6
HIGHEST_PENALTY = 1e7
Table = Any


@dataclass(frozen=True)
class Translated:
    """PyVRP's data, and what its clients and vehicle types are in the problem's own numbers."""

    data: pyvrp.ProblemData
    visits: tuple[tuple[int, bool], ...]
    vehicles: tuple[int, ...]
    scale: int
    detour: float


@dataclass(frozen=True)
class Effort:
    """When one search ends: iterations, iterations without improvement, and seconds of one core only when asked."""

    iterations: int
    patience: int
    limit_s: float | None = None


class Patience:
    """PyVRP's question whether to stop: by iterations, by iterations without improvement once a plan is feasible, and,
    when asked, by the clock. `because` says which it was."""

    def __init__(self, effort: Effort) -> None:
        self._effort, self._begun = effort, time.process_time()
        self._best, self._asked, self._improved = NO_LIMIT, -1, 0
        self.because = "iterations"

    def __call__(self, best_cost: int) -> bool:
        """Whether the search is to end, asked once per iteration."""
        self._asked += 1
        if best_cost < self._best:
            self._best, self._improved = best_cost, self._asked
        limit_s = self._effort.limit_s
        if limit_s is not None and time.process_time() - self._begun > limit_s:
            self.because = "clock"
        elif self._best < NO_LIMIT and self._asked - self._improved >= self._effort.patience:
            self.because = "no improvement"
        return self.because != "iterations" or self._asked >= self._effort.iterations


@dataclass(frozen=True)
class Found:
    """One search's answer; cost in PyVRP's whole units."""

    orders: tuple[Order, ...]
    cost: int
    feasible: bool
    stopped_by: str
    iterations: int


def far(problem: Problem) -> int:
    """Longer than any route that keeps to the ways there are: the length of a closed way."""
    longest = max(int(d[d < NO_WAY].max(initial=0)) for d in problem.distances)
    line_m = max((stop.line_m for stop in problem.stops), default=0)
    reloads = max((v.max_reloads for v in problem.vehicles), default=0)
    return min(NO_WAY, (longest + line_m) * (len(problem.stops) + min(reloads, len(problem.stops)) + 2) + 1)


def dearest_detour(problem: Problem) -> float:
    """More than the distance and time of any one stop can cost: leaving a stop out is never worth it for the saving."""
    dearest = 1.0
    for vehicle in problem.vehicles:
        distance, duration = problem.distances[vehicle.profile], problem.durations[vehicle.profile]
        far_m = int(distance[distance < NO_WAY].max(initial=0)) + max((s.line_m for s in problem.stops), default=0)
        long_s = int(duration[duration < NO_WAY].max(initial=0)) + max((s.service_s for s in problem.stops), default=0)
        one = vehicle.fixed_cost + 2 * vehicle.cost_per_m * far_m + 2 * vehicle.cost_per_s * long_s
        dearest = max(dearest, one + max((stop.prize for stop in problem.stops), default=0.0))
    return dearest


def cost_scale(problem: Problem) -> int:
    """Smallest power of ten (up to a million) that makes every cost and prize a whole number."""
    prices = {p for v in problem.vehicles for p in (v.fixed_cost, v.cost_per_m, v.cost_per_s)}
    prices |= {stop.prize for stop in problem.stops}
    for decimals in range(COST_DECIMALS):
        if all(abs(p * 10**decimals - round(p * 10**decimals)) < 1e-9 * max(1.0, p) for p in prices):
            return int(10**decimals)
    return int(10**COST_DECIMALS)


def translate(problem: Problem, *, all_optional: float | None = None) -> Translated:
    """The problem as PyVRP data; with `all_optional` every required stop may be left out at that cost."""
    scale, clock = cost_scale(problem), Clock(problem.breaks)
    visits = tuple((k, reverse) for k, stop in enumerate(problem.stops)
                   for reverse in ((False, True) if stop.end_location is not None and stop.both_ways else (False,)))
    used = tuple(k for k, vehicle in enumerate(problem.vehicles) if vehicle.count > 0)
    profiles, tables = _profiles(problem, used, visits)
    locations = [pyvrp.Location(0, 0) for _ in range(len(problem.depots) + len(visits))]
    clients, groups = _clients(problem, clock, visits, scale, all_optional)
    data = pyvrp.ProblemData(
        locations, clients, _depots(problem, clock),
        [_vehicle_type(problem, clock, k, profiles[k], scale) for k in used],
        [distance for distance, _ in tables], [duration for _, duration in tables], groups,
    )
    return Translated(data, visits, used, scale, dearest_detour(problem))


def _depots(problem: Problem, clock: Clock) -> list[pyvrp.Depot]:
    return [pyvrp.Depot(k, *_bounds(clock.span(depot.window_s)), service_duration=depot.loading_s)
            for k, depot in enumerate(problem.depots)]


def _bounds(window: tuple[int, int]) -> tuple[int, int]:
    return window[0], NO_LIMIT if window[1] >= NO_WAY else window[1]


def _clients(
    problem: Problem, clock: Clock, visits: Sequence[tuple[int, bool]], scale: int, all_optional: float | None,
) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
    dimensions = len(problem.vehicles[0].capacity) if problem.vehicles else 0
    of_stop: dict[int, list[int]] = {}
    for client, (stop, _) in enumerate(visits):
        of_stop.setdefault(stop, []).append(client)
    group_of = {stop: k for k, stop in enumerate(s for s, members in of_stop.items() if len(members) > 1)}
    clients, groups = [], []
    for client, (index, _) in enumerate(visits):
        item, group = problem.stops[index], group_of.get(index)
        needed = item.required and all_optional is None
        prize = all_optional if item.required and all_optional is not None else item.prize
        early, late = _bounds(clock.window(item.window_s))
        clients.append(pyvrp.Client(
            len(problem.depots) + client, list(item.demand or (0,) * dimensions)[:dimensions], [], item.service_s,
            early, late, clock.work(item.release_s), 0 if needed else round(prize * scale),
            required=needed and group is None, group=group))
        if group is not None and client == of_stop[index][0]:
            groups.append(pyvrp.ClientGroup(of_stop[index], required=needed))
    return clients, groups


def _vehicle_type(problem: Problem, clock: Clock, index: int, profile: int, scale: int) -> pyvrp.VehicleType:
    kind = problem.vehicles[index]
    early, late = _bounds(clock.span(kind.window_s))
    limit = far(problem) - 1
    if kind.max_distance_m is not None:
        limit = min(kind.max_distance_m, limit)
    return pyvrp.VehicleType(
        kind.count, list(kind.capacity), kind.start_depot, kind.end_depot, round(kind.fixed_cost * scale), early, late,
        NO_LIMIT if kind.shift_s is None else kind.shift_s, limit, round(kind.cost_per_m * scale),
        round(kind.cost_per_s * scale), profile, reload_depots=list(kind.reload_depots), max_reloads=kind.max_reloads)


def _profiles(
    problem: Problem, used: Sequence[int], visits: Sequence[tuple[int, bool]],
) -> tuple[dict[int, int], list[tuple[Table, Table]]]:
    """Profile number per vehicle, and (distance, duration) per profile: one for each set of forbidden stops."""
    known: dict[tuple[int, bytes], int] = {}
    profiles: dict[int, int] = {}
    tables: list[tuple[Table, Table]] = []
    for k in used:
        barred = np.array([not problem.may_serve(k, stop) for stop, _ in visits], dtype=bool)
        key = (problem.vehicles[k].profile, barred.tobytes())
        if key not in known:
            known[key] = len(tables)
            tables.append(_tables(problem, problem.vehicles[k], barred, visits))
        profiles[k] = known[key]
    return profiles, tables


def _tables(
    problem: Problem, vehicle: Vehicle, barred: np.ndarray[tuple[int], np.dtype[np.bool_]],
    visits: Sequence[tuple[int, bool]],
) -> tuple[Table, Table]:
    depots = [depot.location for depot in problem.depots]
    ends = [problem.stops[stop].ends(reverse) for stop, reverse in visits]
    enter = np.array(depots + [e for e, _ in ends], dtype=np.intp)
    leave = np.array(depots + [e for _, e in ends], dtype=np.intp)
    along = np.array([0] * len(depots) + [problem.stops[stop].line_m for stop, _ in visits], dtype=np.int64)
    distance = problem.distances[vehicle.profile][np.ix_(leave, enter)] + along[None, :]
    duration = problem.durations[vehicle.profile][np.ix_(leave, enter)].copy()
    closed = duration >= NO_WAY
    away = np.concatenate([np.zeros(len(depots), dtype=bool), barred])
    closed |= away[None, :] | away[:, None]
    distance[closed] = far(problem)
    np.fill_diagonal(distance, 0)
    duration[closed] = 0
    np.fill_diagonal(duration, 0)
    return distance, duration


def solution_of(translated: Translated, orders: Sequence[Order]) -> pyvrp.Solution:
    """These orders as a PyVRP solution, to start a search from."""
    client_of = {visit: k for k, visit in enumerate(translated.visits)}
    type_of = {vehicle: k for k, vehicle in enumerate(translated.vehicles)}
    routes = []
    for order in orders:
        activities = []
        for k, trip in enumerate(order.trips):
            if k:
                activities.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, order.reloads[k - 1]))
            activities += [pyvrp.Activity(pyvrp.ActivityType.CLIENT, client_of[visit]) for visit in trip]
        routes.append(pyvrp.Route(translated.data, activities, type_of[order.vehicle]))
    return pyvrp.Solution(translated.data, routes)


def orders_of(translated: Translated, solution: pyvrp.Solution) -> tuple[Order, ...]:
    """PyVRP's solution as bare orders, in a stable order."""
    orders = []
    for route in solution.routes():
        trips: list[list[tuple[int, bool]]] = [[]]
        reloads: list[int] = []
        inner = list(route.schedule())[1:-1]
        for activity in inner:
            if activity.is_depot():
                reloads.append(activity.idx)
                trips.append([])
            else:
                trips[-1].append(translated.visits[activity.idx])
        kept = [k for k, trip in enumerate(trips) if trip]
        if kept:
            between = tuple(reloads[k - 1] for k in kept[1:])
            vehicle = translated.vehicles[route.vehicle_type()]
            orders.append(Order(vehicle, tuple(tuple(trips[k]) for k in kept), between))
    return tuple(sorted(orders, key=lambda order: (order.vehicle, order.trips)))


def search(
    translated: Translated, effort: Effort, seed: int, start: Sequence[Order] | None = None, neighbours: int = 50,
) -> Found:
    """One search of PyVRP from `start` (or from nothing); the same answer for the same seed and iterations."""
    stop = Patience(effort)
    highest = min(HIGHEST_PENALTY, max(1e5, 2.0 * translated.scale * translated.detour))
    params = pyvrp.SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=neighbours),
                               penalty=pyvrp.PenaltyParams(max_penalty=highest))
    initial = solution_of(translated, start) if start else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(translated.data, stop, seed=seed, collect_stats=False, display=False, params=params,
                             initial_solution=initial)
    best = result.best
    cost = best.distance_cost() + best.duration_cost() + best.fixed_vehicle_cost() + best.uncollected_prizes()
    return Found(orders_of(translated, best), int(cost), bool(best.is_feasible()), stop.because, result.num_iterations)
