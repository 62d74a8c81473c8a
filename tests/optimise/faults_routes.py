"""Sound plans of routes, and what is spoilt in them: one thing each, with the name the check gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from worlds import ways

from gis_planner.optimise._route_plan import Order, plan_of
from gis_planner.optimise.route import Break, Depot, Problem, Route, RoutePlan, Stop, Vehicle, plan_routes

Sound = tuple[Problem, RoutePlan]
Spoil = Callable[[Problem, RoutePlan], Sound]
NAN = float("nan")


def _rich() -> Sound:
    """Two kinds of vehicle on two days, reloads, windows, a line, a break, an optional stop, a barred vehicle."""
    metres = ways(0, 14, 3000)
    stops = [Stop(k, (2,), 300, (1000, 40_000), allowed=frozenset({0, 1})) for k in range(2, 12)]
    stops += [Stop(12, (1,), 200, end_location=13, line_m=150, both_ways=False, allowed=frozenset({0, 1})),
              Stop(13, (1,), 100, required=False, prize=1.0, allowed=frozenset({0, 1}))]
    kind = Vehicle(1, (7,), 0, 0, shift_s=45_000, window_s=(500, 60_000), max_distance_m=90_000, fixed_cost=10.0,
                   cost_per_s=0.01, max_reloads=2, reload_depots=(0,))
    vehicles = [kind, replace(kind, count=2, day=1, max_reloads=1), replace(kind, day=1, shift_s=1)]
    problem = Problem(metres, metres, [Depot(0), Depot(1)], stops, vehicles, [Break(5000, 6000)])
    return problem, plan_routes(problem, effort=0.01, workers=1)


def _depots() -> Sound:
    """Two depots with hours and loading, a truck and a motorcycle with ways of their own, two loads, release times."""
    metres = ways(1, 10, 3000)
    stops = [Stop(k, (1, 3), 120, (1000, 50_000), release_s=700) for k in range(2, 9)]
    stops += [Stop(9, (1, 1), 60, days=frozenset({0}))]
    vehicles = [Vehicle(2, (4, 12), 0, 0, 0, fixed_cost=50.0, window_s=(0, 60_000)),
                Vehicle(2, (2, 6), 1, 1, 1, cost_per_m=0.5, window_s=(0, 60_000)), Vehicle(1, (2, 6), 1, 0, 1, day=3)]
    problem = Problem([metres, metres * 1.2], [metres, metres * 0.8],
                      [Depot(0, (100, 59_000), 30), Depot(1, (100, 59_000), 60)], stops, vehicles)
    return problem, plan_routes(problem, effort=0.01, workers=1)


def _plain() -> Sound:
    """Capacity alone, with a bound."""
    metres = ways(2, 13, 3000)
    problem = Problem(metres, metres, [Depot(0)], [Stop(k, (1,)) for k in range(1, 13)], [Vehicle(5, (4,))])
    return problem, plan_routes(problem, effort=0.05, workers=1)


WORLDS: dict[str, Callable[[], Sound]] = {"rich": _rich, "depots": _depots, "plain": _plain}


@cache
def sound(world: str) -> Sound:
    """The problem and the sound plan of one world."""
    return WORLDS[world]()


def _route(changes: Callable[[Route], dict[str, Any]], at: int = -1) -> Spoil:
    """The last route (or another) told otherwise."""
    def spoil(problem: Problem, plan: RoutePlan) -> Sound:
        routes = list(plan.routes)
        routes[at] = replace(routes[at], **changes(routes[at]))
        return problem, replace(plan, routes=tuple(routes))

    return spoil


def _whole(changes: Callable[[RoutePlan], dict[str, Any]]) -> Spoil:
    return lambda problem, plan: (problem, replace(plan, **changes(plan)))


def _shifted(times: tuple[int, ...], k: int, by: float) -> tuple[Any, ...]:
    at = k % len(times)
    return (*times[:at], times[at] + by, *times[at + 1:])


COMMON: list[tuple[str, str, Spoil]] = [
    ("one metre less", "route-distance", _route(lambda r: {"distance_m": r.distance_m - 1})),
    ("one second less", "route-duration", _route(lambda r: {"duration_s": r.duration_s - 1})),
    ("route cheaper", "route-cost", _route(lambda r: {"cost": r.cost - 0.5})),
    ("route of no known cost", "route-cost", _route(lambda r: {"cost": NAN})),
    ("plan cheaper", "plan-cost", _whole(lambda p: {"cost": p.cost - 0.5})),
    ("plan of no known cost", "plan-cost", _whole(lambda p: {"cost": NAN})),
    ("load told less", "route-load",
     _route(lambda r: {"load": (tuple(amount - 1 for amount in r.load[0]), *r.load[1:])})),
    ("load of a trip missing", "lengths", _route(lambda r: {"load": r.load[1:]})),
    ("another day", "wrong-day", _route(lambda r: {"day": r.day + 1})),
    ("unknown vehicle", "unknown-vehicle", _route(lambda r: {"vehicle": 9})),
    ("vehicle below the first", "unknown-vehicle", _route(lambda r: {"vehicle": -1})),
    ("vehicle number too high", "vehicle-count", _route(lambda r: {"number": 5})),
    ("arrives too soon", "arrives-too-soon", _route(lambda r: {"arrival_s": _shifted(r.arrival_s, 0, -1)})),
    ("arrives later than the way takes", "arrives-too-late", _route(lambda r: {
        "arrival_s": _shifted(r.arrival_s, 0, 1), "start_service_s": _shifted(r.start_service_s, 0, 1),
        "departure_s": _shifted(r.departure_s, 0, 1)})),
    ("starts before arrival", "starts-before-arrival",
     _route(lambda r: {"start_service_s": (r.arrival_s[0] - 1, *r.start_service_s[1:])})),
    ("leaves before the work is done", "service-time",
     _route(lambda r: {"departure_s": _shifted(r.departure_s, 0, -1)})),
    ("leaves after the work is done", "service-time",
     _route(lambda r: {"departure_s": _shifted(r.departure_s, -1, 1)})),
    ("back too soon", "back-too-soon", _route(lambda r: {"end_s": r.end_s - 1})),
    ("leaves later than it can", "arrives-too-soon", _route(lambda r: {"start_s": r.start_s + 1})),
    ("a time that is none", "time-not-whole",
     _route(lambda r: {"start_service_s": (NAN, *r.start_service_s[1:])})),
    ("an arrival that is none", "time-not-whole", _route(lambda r: {"arrival_s": (NAN, *r.arrival_s[1:])})),
    ("an end that is none", "time-not-whole", _route(lambda r: {"end_s": NAN})),
    ("half a second", "time-not-whole", _route(lambda r: {"departure_s": _shifted(r.departure_s, -1, 0.5)})),
    ("a time of a stop missing", "lengths", _route(lambda r: {"arrival_s": r.arrival_s[1:]})),
    ("a route forgotten", "unserved-list", _whole(lambda p: {"routes": p.routes[:-1]})),
    ("a required stop left out of a feasible plan", "stop-left-out", _whole(lambda p: {
        "routes": p.routes[:-1], "unserved": tuple(sorted((*p.unserved, *p.routes[-1].stops)))})),
    ("a route twice", "vehicle-twice", _whole(lambda p: {"routes": (*p.routes, p.routes[-1])})),
    ("stops served twice", "served-twice", _whole(lambda p: {"routes": (*p.routes, p.routes[-1])})),
    ("unknown stop", "unknown-stop", _route(lambda r: {
        "stops": (99, *r.stops[1:]), "trips": ((99, *r.trips[0][1:]), *r.trips[1:])})),
    ("stop below the first", "unknown-stop", _route(lambda r: {
        "stops": (-1, *r.stops[1:]), "trips": ((-1, *r.trips[0][1:]), *r.trips[1:])})),
    ("stops unlike trips", "trips-and-stops", _route(lambda r: {"stops": (*r.stops[1:], r.stops[0])})),
    ("a trip without a stop", "route-empty", _route(lambda r: {
        "trips": (*r.trips, ()), "reloads": (*r.reloads, 0), "load": (*r.load, r.load[0])})),
    ("a reload told that is none", "lengths", _route(lambda r: {"reloads": (*r.reloads, 0)})),
    ("a stop from its wrong end", "line-reversed", _route(lambda r: {"reversed_lines": frozenset(r.stops)})),
    ("a line of another route", "line-not-served", _route(lambda r: {"reversed_lines": frozenset({77})})),
    ("a bound above the cost", "bound-above-cost",
     _whole(lambda p: {"bound": p.cost + 1.0, "bound_by": "radial distance and load"})),
    ("a bound that is none", "bound-above-cost", _whole(lambda p: {"bound": NAN, "bound_by": "told"})),
    ("a bound without a name", "bound-name", _whole(lambda p: {"bound": p.cost - 1.0, "bound_by": "no bound"})),
    ("a name without a bound", "bound-name", _whole(lambda p: {"bound": None, "bound_by": "told"})),
    ("unserved told wrong", "unserved-list", _whole(lambda p: {"unserved": (*p.unserved, p.routes[-1].stops[0])})),
    ("feasible denied", "feasible-denied", _whole(lambda p: {"feasible": False})),
]


def _changed(problem: Problem, **changes: Any) -> Problem:
    given = {name: getattr(problem, name) for name in
             ("distance_m", "duration_s", "depots", "stops", "vehicles", "breaks")}
    return Problem(**{**given, **changes})


def _vehicles(changes: Callable[[Route], dict[str, Any]]) -> Spoil:
    """The same plan for vehicles that may do less than its last route does."""
    return lambda problem, plan: (_changed(problem, vehicles=[
        replace(v, **changes(plan.routes[-1])) for v in problem.vehicles]), plan)


def _stop(changes: Callable[[Route], dict[str, Any]]) -> Spoil:
    """The same plan where the first stop of its last route asks for more."""
    def spoil(problem: Problem, plan: RoutePlan) -> Sound:
        stops, route = list(problem.stops), plan.routes[-1]
        stops[route.stops[0]] = replace(stops[route.stops[0]], **changes(route))
        return _changed(problem, stops=stops), plan

    return spoil


def _depot(changes: Callable[[Route], dict[str, Any]]) -> Spoil:
    return lambda problem, plan: (_changed(problem, depots=[
        replace(d, **changes(plan.routes[-1])) for d in problem.depots]), plan)


def _cut(problem: Problem, plan: RoutePlan) -> Sound:
    """No way any more from the last route's depot to its first stop."""
    route = plan.routes[-1]
    a = problem.depots[problem.vehicles[route.vehicle].start_depot].location
    b = problem.stops[route.stops[0]].location
    cut = []
    for matrix in problem.distances:
        metres = matrix.astype(float)
        metres[a, b] = metres[b, a] = np.inf
        cut.append(metres)
    return _changed(problem, distance_m=cut, duration_s=cut), plan


TIGHT: list[tuple[str, str, Spoil]] = [
    ("less room than the load", "over-capacity",
     _vehicles(lambda r: {"capacity": tuple(amount - 1 for amount in max(r.load))})),
    ("a shorter shift", "shift-too-long", _vehicles(lambda r: {"shift_s": r.duration_s - 1})),
    ("a shorter longest route", "too-far", _vehicles(lambda r: {"max_distance_m": r.distance_m - 1})),
    ("an earlier end of the day", "back-outside-window", _vehicles(lambda r: {"window_s": (0, r.end_s - 1)})),
    ("a later beginning of the day", "leaves-outside-window",
     _vehicles(lambda r: {"window_s": (r.start_s + 1, 90_000)})),
    ("a dearer metre", "route-cost", _vehicles(lambda r: {"cost_per_m": 3.0})),
    ("a window missed", "outside-window", _stop(lambda r: {"window_s": (0, r.start_service_s[0] - 1)})),
    ("too early for a window", "outside-window", _stop(lambda r: {"window_s": (r.start_service_s[0] + 1, 90_000)})),
    ("released after it left", "before-release", _stop(lambda r: {"release_s": r.start_s + 1})),
    ("not on this day", "day-not-allowed", _stop(lambda r: {"days": frozenset({7})})),
    ("not by this vehicle", "vehicle-not-allowed", _stop(lambda r: {"allowed": frozenset()})),
    ("longer work", "service-time", _stop(lambda r: {"service_s": 9999})),
    ("a closed depot", "back-outside-window", _depot(lambda r: {"window_s": (0, 1)})),
    ("longer loading", "arrives-too-soon", _depot(lambda r: {"loading_s": 9999})),
    ("a rest at the beginning of the work", "begins-in-break", lambda p, plan: (_changed(p, breaks=(
        Break(plan.routes[-1].start_service_s[0], plan.routes[-1].start_service_s[0] + 5),)), plan)),
    ("no way", "no-way", _cut),
]


def _told_truly(orders: Callable[[RoutePlan], list[Order]]) -> Spoil:
    """Other routes with every sum told truly, called feasible."""
    return lambda problem, plan: (
        problem, replace(plan_of(problem, orders(plan), stopped_by="iterations"), feasible=True))


def _joined(plan: RoutePlan) -> list[Order]:
    """The first two routes driven as one trip."""
    first, second, *rest = [route.order for route in plan.routes]
    return [replace(first, trips=(sum((*first.trips, *second.trips), ()),), reloads=()), *rest]


def _by_kind(kind: int) -> Callable[[RoutePlan], list[Order]]:
    """The first route driven by another kind of vehicle."""
    return lambda plan: [replace(plan.routes[0].order, vehicle=kind), *(route.order for route in plan.routes[1:])]


def _backwards(plan: RoutePlan) -> list[Order]:
    return [replace(r.order, trips=tuple(tuple((s, True) for s, _ in t) for t in r.order.trips)) for r in plan.routes]


OWN: dict[str, list[tuple[str, str, Spoil]]] = {
    "rich": [("a reload at the wrong depot", "reload-depot", _vehicles(lambda r: {"reload_depots": (1,)})),
             ("more reloads than allowed", "reloads", _vehicles(lambda r: {"max_reloads": 0})),
             ("a prize not counted", "plan-cost", lambda p, plan: (_changed(p, stops=[
                 replace(s, prize=s.prize + 5) for s in p.stops]), replace(plan, cost=plan.cost - 1))),
             ("driven by the kind that may not", "vehicle-not-allowed", _told_truly(_by_kind(2))),
             ("every line from its end", "line-reversed", _told_truly(_backwards)),
             ("two routes in one trip", "over-capacity", _told_truly(_joined)),
             ("reloading when the depot is closed", "reload-after-closing", _depot(lambda r: {"window_s": (0, 600)})),
             ("reloading before the release", "before-release", lambda p, plan: (_changed(p, stops=[
                 replace(s, release_s=59_000 if k == plan.routes[-1].trips[-1][0] else 0)
                 for k, s in enumerate(p.stops)]), plan))],
    "depots": [("from another depot", "route-distance", _vehicles(lambda r: {"start_depot": 0, "end_depot": 0})),
               ("to another depot", "route-distance", _vehicles(lambda r: {"end_depot": 0})),
               ("by other ways", "route-distance", _vehicles(lambda r: {"profile": 0})),
               ("without its fixed cost", "route-cost", _vehicles(lambda r: {"fixed_cost": 7.0})),
               ("two routes in one trip", "over-capacity", _told_truly(_joined)),
               ("a stop on a day that is barred", "day-not-allowed", _told_truly(
                   lambda plan: [replace(r.order, vehicle=2) if 7 in r.stops else r.order for r in plan.routes]))],
    "plain": [("two routes in one trip", "over-capacity", _told_truly(_joined)),
              ("more routes than vehicles", "vehicle-count", _told_truly(lambda plan: [
                  Order(0, (((stop, False),),)) for route in plan.routes for stop in route.stops]))],
}
CASES = [(world, name, code, spoil) for world in WORLDS for name, code, spoil in [*COMMON, *TIGHT, *OWN[world]]]
