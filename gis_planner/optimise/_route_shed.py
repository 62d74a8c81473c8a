"""Routes that break a limit are lightened stop by stop until they keep it: what cannot be done is left out aloud."""

from __future__ import annotations

from collections.abc import Iterable

from gis_planner.optimise._route_plan import Order, route_of
from gis_planner.optimise._schedule import Clock, nodes, times
from gis_planner.optimise.routing_problem import Problem


def shed(problem: Problem, orders: Iterable[Order]) -> tuple[Order, ...]:
    """The orders, relieved greedily of the stops that break a limit; of each vehicle at most `count`, the fullest."""
    clock = Clock(problem.breaks)
    kept: dict[int, list[Order]] = {}
    for order in orders:
        lighter = _lighten(problem, clock, order)
        if lighter.trips:
            kept.setdefault(lighter.vehicle, []).append(lighter)
    out: list[Order] = []
    for vehicle in sorted(kept):
        fullest = sorted(kept[vehicle], key=lambda o: (-sum(len(trip) for trip in o.trips), o.trips))
        out += fullest[: problem.vehicles[vehicle].count]
    return tuple(out)


def _lighten(problem: Problem, clock: Clock, order: Order) -> Order:
    while order.trips and not route_of(problem, clock, order, 0)[1]:
        choices = []
        for t, trip in enumerate(order.trips):
            for k, (stop, _) in enumerate(trip):
                lighter = _without(order, t, k)
                item = problem.stops[stop]
                weight = (_excess(problem, clock, lighter), item.required, item.prize, t, k)
                choices.append((weight, lighter))
        order = min(choices, key=lambda choice: choice[0])[1]
    return order


def _without(order: Order, trip: int, place: int) -> Order:
    shorter = order.trips[trip][:place] + order.trips[trip][place + 1 :]
    if shorter:
        return Order(order.vehicle, (*order.trips[:trip], shorter, *order.trips[trip + 1 :]), order.reloads)
    gone = max(trip - 1, 0)
    return Order(order.vehicle, order.trips[:trip] + order.trips[trip + 1 :],
                 order.reloads[:gone] + order.reloads[gone + 1 :])


def _excess(problem: Problem, clock: Clock, order: Order) -> float:
    """How far a route is beyond its limits, each in parts of the limit."""
    if not order.trips:
        return 0.0
    kind = problem.vehicles[order.vehicle]
    timed = times(problem, order.vehicle, nodes(problem, clock, order.vehicle, order.trips, order.reloads))
    over = timed.late_s / 3600.0
    if kind.shift_s is not None:
        over += max(0, timed.departure[-1] - timed.start[0] - kind.shift_s) / max(1, kind.shift_s)
    if kind.max_distance_m is not None:
        over += max(0, timed.distance_m - kind.max_distance_m) / max(1, kind.max_distance_m)
    for trip in order.trips:
        for k, room in enumerate(kind.capacity):
            carried = sum(problem.stops[stop].demand[k] for stop, _ in trip if problem.stops[stop].demand)
            over += max(0, carried - room) / max(1, room)
    over += sum(not problem.may_serve(order.vehicle, stop) for trip in order.trips for stop, _ in trip)
    return over + max(0, len(order.reloads) - kind.max_reloads)
