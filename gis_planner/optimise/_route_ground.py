"""Which routing problems the search by ruin and recreate models in full, and their numbers as it wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._pyvrp import cost_scale
from gis_planner.optimise._route_plan import Order
from gis_planner.optimise._route_state import CLOSED, NEVER, Ground
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise.routing_problem import NO_WAY, Problem

NEAREST = 100
BESIDE = 60
HIGHEST = 2**30
WAITING, LATENESS = 0.2, 1.0
Apart = NDArray[np.float32]


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
    return np.where(distance >= NO_WAY, np.inf, cost)


def ground_of(problem: Problem, band: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> tuple[Ground, Apart]:
    """The numbers of a `plain` problem, node k + 1 for stop k, and how far apart stops are for `part_of`.

    band: shortest and longest wanted time of a route in seconds, and the cost of a second outside.
    """
    kind, clock = next(vehicle for vehicle in problem.vehicles if vehicle.count), Clock(problem.breaks)
    start, end = problem.depots[kind.start_depot], problem.depots[kind.end_depot]
    at = np.array([start.location, *(stop.location for stop in problem.stops), end.location], np.intp)
    cost = _costs(problem)[np.ix_(at, at)]
    service = np.array([start.loading_s, *(stop.service_s for stop in problem.stops), 0], np.int64)
    time = np.minimum(problem.durations[kind.profile][np.ix_(at, at)], CLOSED) + service[:, None]
    closed = np.isinf(cost)
    cost[closed], time[closed] = CLOSED, CLOSED
    shift, leave, back = clock.span(kind.window_s), clock.span(start.window_s), clock.span(end.window_s)
    windows = np.array([(max(leave[0], shift[0]), min(leave[1], shift[1])),
                        *(clock.window(stop.window_s) for stop in problem.stops),
                        (max(back[0], shift[0]), min(back[1], shift[1]))], np.int64)
    early, late = np.ascontiguousarray(windows[:, 0]), np.ascontiguousarray(windows[:, 1])
    timed = bool((early > 0).any() or (late < NO_WAY).any() or closed.any())
    scale, none = cost_scale(problem), (0,) * len(kind.capacity)
    load = np.array([none, *((stop.demand or none)[: len(none)] for stop in problem.stops), none], np.int64)
    prize = np.array([0, *(0 if stop.required else round(stop.prize * scale) for stop in problem.stops), 0], np.int64)
    needed = np.array([0, *(int(stop.required) for stop in problem.stops), 0], np.int64)
    whole = np.ascontiguousarray(cost.astype(np.int32))
    transposed = whole if np.array_equal(whole, whole.T) else np.ascontiguousarray(whole.T)
    apart = _apart(cost, time, early, late, timed)
    near = _nearest(apart)
    return Ground(
        whole, transposed, np.ascontiguousarray(time.astype(np.int32)), load.reshape(len(at), len(none)),
        np.array(kind.capacity, np.int64), early, late, prize, needed, near,
        np.ascontiguousarray(np.take_along_axis(transposed, near, axis=1)), _least(whole, near),
        min(BESIDE, near.shape[1]), round(kind.fixed_cost * scale), timed, kind.shift_s is not None or band[2] > 0.0,
        NEVER if kind.shift_s is None else kind.shift_s, *band), apart


def part_of(ground: Ground, apart: Apart, nodes: NDArray[np.int64]) -> Ground:
    """The ground of some of its stops alone; node k + 1 is `nodes[k]`."""
    at = np.concatenate([[0], nodes, [len(ground.cost) - 1]])
    square = np.ix_(at, at)
    whole = np.ascontiguousarray(ground.cost[square])
    transposed = whole if ground.back is ground.cost else np.ascontiguousarray(whole.T)
    near = _nearest(np.ascontiguousarray(apart[square]))
    return ground._replace(
        cost=whole, back=transposed, time=np.ascontiguousarray(ground.time[square]), load=ground.load[at],
        early=ground.early[at], late=ground.late[at], prize=ground.prize[at], needed=ground.needed[at], near=near,
        near_cost=np.ascontiguousarray(np.take_along_axis(transposed, near, axis=1)), least=_least(whole, near),
        beside=min(BESIDE, near.shape[1]))


def _apart(
    cost: NDArray[np.float64], time: NDArray[np.int64], early: NDArray[np.int64], late: NDArray[np.int64], timed: bool,
) -> Apart:
    """How far stops are apart by the cheaper direction; with windows, waiting and lateness count too (Vidal 2013)."""
    one_way = cost.astype(np.float64)
    if timed:
        open_ways = one_way < CLOSED
        unit = one_way[open_ways].mean() / max(1.0, float(time[open_ways].mean()))
        wait = np.maximum(0, early[None, :] - time - late[:, None])
        tardy = np.maximum(0, early[:, None] + time - late[None, :])
        one_way = one_way + unit * (WAITING * wait + LATENESS * tardy)
    apart = np.minimum(one_way, one_way.T).astype(np.float32)
    np.fill_diagonal(apart, np.inf)
    return np.ascontiguousarray(apart)


def _nearest(apart: Apart) -> NDArray[np.int32]:
    """(n + 2, k) stops nearest to each, the depots not among them; ties by number."""
    stops = len(apart) - 2
    inside = apart[:, 1:-1]
    count = max(1, min(NEAREST, stops - 1))
    near = np.argpartition(inside, count - 1, axis=1)[:, :count]
    order = np.lexsort((near, np.take_along_axis(inside, near, axis=1)), axis=1)
    return np.ascontiguousarray((np.take_along_axis(near, order, axis=1) + 1).astype(np.int32))


def _least(cost: NDArray[np.int32], near: NDArray[np.int32]) -> NDArray[np.int32]:
    """(n + 2, k) twice the least cost of a way between a stop and any place but the first k of its nearest."""
    ways = np.minimum(cost, cost.T)
    np.fill_diagonal(ways, CLOSED)
    listed = np.take_along_axis(ways, near, axis=1)
    np.put_along_axis(ways, near, CLOSED, axis=1)
    least = np.minimum.accumulate(np.column_stack([listed, ways.min(axis=1)])[:, ::-1], axis=1)[:, :0:-1]
    return np.ascontiguousarray(2 * np.minimum(least, CLOSED // 2))


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
