"""Which routing problems the search by ruin and recreate models in full, and their numbers as it wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._pyvrp import cost_scale
from gis_planner.optimise._route_plan import Order
from gis_planner.optimise._route_state import NEVER, Ground
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise.routing_problem import NO_WAY, Problem

NEAREST = 100
BESIDE = 30
HIGHEST = 2**30
CLOSED = 2**30


def plain(problem: Problem) -> bool:
    """Whether ruin and recreate models all of `problem`.

    Vehicles alike but for day and name, one trip each from one depot (to the same or another one), any loads, windows
    and breaks, a longest time, optional stops, one-way and missing ways. Not: reloads, release times, lines, stops
    barred to a vehicle or a day, a longest distance, a cost of waiting, numbers beyond 2^30.
    """
    kinds = {replace(vehicle, day=0, count=0, name="") for vehicle in problem.vehicles if vehicle.count}
    if len(kinds) != 1 or not problem.stops:
        return False
    kind = kinds.pop()
    windows = kind.window_s is not None or any(stop.window_s is not None for stop in problem.stops)
    windows = windows or any(depot.window_s is not None for depot in problem.depots)
    simple = all(stop.end_location is None and not stop.line_m and not stop.release_s and stop.allowed is None
                 and stop.days is None for stop in problem.stops)
    if not simple or kind.max_reloads or kind.max_distance_m is not None or (windows and kind.cost_per_s):
        return False
    costs = _costs(problem)
    return float(costs[costs < np.inf].max(initial=0.0)) < HIGHEST / 4


def _costs(problem: Problem) -> NDArray[np.float64]:
    kind = next(vehicle for vehicle in problem.vehicles if vehicle.count)
    scale = cost_scale(problem)
    distance, duration = problem.distances[kind.profile], problem.durations[kind.profile]
    cost = np.round(kind.cost_per_m * scale) * distance + np.round(kind.cost_per_s * scale) * duration
    return np.where((distance >= NO_WAY) | (duration >= NO_WAY), np.inf, cost)


def ground_of(
    problem: Problem, stops: Sequence[int], *, band: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Ground:
    """The numbers of these stops of a `plain` problem; node k + 1 is `stops[k]`."""
    kind, clock = next(vehicle for vehicle in problem.vehicles if vehicle.count), Clock(problem.breaks)
    start, end = problem.depots[kind.start_depot], problem.depots[kind.end_depot]
    chosen = [problem.stops[k] for k in stops]
    at = np.array([start.location, *(stop.location for stop in chosen), end.location], np.intp)
    cost = _costs(problem)[np.ix_(at, at)]
    service = np.array([start.loading_s, *(stop.service_s for stop in chosen), 0], np.int64)
    time = np.minimum(problem.durations[kind.profile][np.ix_(at, at)], CLOSED) + service[:, None]
    closed = np.isinf(cost)
    cost[closed], time[closed] = CLOSED, CLOSED
    shift = clock.span(kind.window_s)
    spans = [clock.span(depot.window_s) for depot in (start, end)]
    windows = [(max(spans[0][0], shift[0]), min(spans[0][1], shift[1])),
               *(clock.window(stop.window_s) for stop in chosen),
               (max(spans[1][0], shift[0]), min(spans[1][1], shift[1]))]
    early = np.array([window[0] for window in windows], np.int64)
    late = np.array([window[1] for window in windows], np.int64)
    timed = bool((early > 0).any() or (late < NO_WAY).any() or closed.any())
    scale = cost_scale(problem)
    prize = np.array([0, *(0 if stop.required else round(stop.prize * scale) for stop in chosen), 0], np.int64)
    needed = np.array([0, *(int(stop.required) for stop in chosen), 0], np.int64)
    dimensions = len(kind.capacity)
    load = np.array([(0,) * dimensions, *((stop.demand or (0,) * dimensions)[:dimensions] for stop in chosen),
                     (0,) * dimensions], np.int64).reshape(len(at), dimensions)
    whole = np.ascontiguousarray(cost.astype(np.int32))
    seconds = np.ascontiguousarray(time.astype(np.int32))
    back = whole if np.array_equal(whole, whole.T) else np.ascontiguousarray(whole.T)
    near = _nearest(cost, time, early, late, timed)
    near_cost = np.ascontiguousarray(np.take_along_axis(back, near, axis=1))
    return Ground(
        whole, back, seconds, load, np.array(kind.capacity, np.int64), early, late, prize, needed, near, near_cost, min(BESIDE, near.shape[1]),
        round(kind.fixed_cost * scale), timed, kind.shift_s is not None or band[2] > 0.0,
        NEVER if kind.shift_s is None else kind.shift_s, *band)


def _nearest(
    cost: NDArray[np.float64], time: NDArray[np.int64], early: NDArray[np.int64], late: NDArray[np.int64], timed: bool,
) -> NDArray[np.int32]:
    """(n + 2, k) stops nearest to each by the cheaper direction; with windows, waiting and lateness count too."""
    one_way = cost.astype(np.float64)
    if timed:
        wait = np.maximum(0, early[None, :] - time - late[:, None])
        tardy = np.maximum(0, early[:, None] + time - late[None, :])
        one_way = one_way + 0.2 * wait + 1.0 * tardy
    apart = np.minimum(one_way, one_way.T)[:, 1:-1]
    apart[np.arange(1, len(cost) - 1), np.arange(len(cost) - 2)] = np.inf
    count = max(1, min(NEAREST, len(cost) - 3))
    part = np.argpartition(apart, count - 1, axis=1)[:, :count]
    order = np.lexsort((part, np.take_along_axis(apart, part, axis=1)), axis=1)
    return np.ascontiguousarray((np.take_along_axis(part, order, axis=1) + 1).astype(np.int32))


def routes_of(after: NDArray[np.int32], stops: int) -> list[list[int]]:
    """Nodes of each route that has any, from the ring of `Work`."""
    routes = []
    for sentinel in range(stops + 1, len(after)):
        node, route = int(after[sentinel]), []
        while node <= stops:
            route.append(node)
            node = int(after[node])
        if route:
            routes.append(route)
    return routes


def orders_of_routes(problem: Problem, routes: Sequence[Sequence[int]]) -> tuple[Order, ...]:
    """Routes of stops as orders of the vehicles there are, the first vehicles first."""
    slots = [k for k, vehicle in enumerate(problem.vehicles) for _ in range(min(vehicle.count, len(routes)))]
    ordered = sorted(tuple(route) for route in routes)
    return tuple(Order(vehicle, (tuple((stop, False) for stop in route),))
                 for vehicle, route in zip(slots, ordered, strict=False))
