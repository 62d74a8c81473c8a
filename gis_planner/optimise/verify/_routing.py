"""Every rule of a routing plan, recomputed from the problem and the plan's own words; no solver, no scheduler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import isclose, isfinite
from typing import TYPE_CHECKING

from gis_planner.optimise.routing_problem import NO_WAY, Problem
from gis_planner.optimise.verify._rounds import check_rounds
from gis_planner.problems import Finding, Severity

if TYPE_CHECKING:
    from gis_planner.optimise._route_plan import Route, RoutePlan

__all__ = ["check_rounds", "check_routes"]

Said = tuple[str, object, object, object]


def check_routes(problem: Problem, plan: RoutePlan) -> list[Finding]:
    """What is broken in a routing plan, in words; empty when it is sound.

    Every route must keep every window, load, distance and time and tell its own measures truthfully; a plan that says
    `feasible` must besides serve every required stop once.
    """
    said = list(_of_plan(problem, plan))
    for k, route in enumerate(plan.routes):
        wrong = list(_indexes(problem, route))
        if not wrong:
            wrong = [*_membership(problem, route), *_measures(problem, route)]
            wrong += [*_limits(problem, route), *_times(problem, route)]
        said += [(code, f"route {k}" + (f", {row}" if row != "" else ""), found, expected)
                 for code, row, found, expected in wrong]
    return [Finding(code, Severity.REFUSE, str(found), str(expected), "This plan must not be used: plan again.",
                    "Ce plan ne doit pas être utilisé : refaites le calcul.", row=str(row), field="routes")
            for code, row, found, expected in said]


def _of_plan(problem: Problem, plan: RoutePlan) -> Iterator[Said]:
    served = Counter(stop for route in plan.routes for stop in route.stops)
    for stop, times in sorted(served.items()):
        if times > 1:
            yield "served-twice", f"stop {stop}", f"{times} visits", "one visit"
    missing = set(range(len(problem.stops))) - set(served)
    if set(plan.unserved) != missing or len(plan.unserved) != len(missing):
        yield "unserved-list", "", sorted(plan.unserved), f"the stops on no route: {sorted(missing)}"
    required = sorted(k for k in missing if problem.stops[k].required)
    if plan.feasible and required:
        yield "stop-left-out", f"stop {required[0]}", f"{len(required)} required on no route", "every required stop"
    if not plan.feasible and not required:
        yield "feasible-denied", "", "every required stop served, yet not feasible", "feasible"
    used = Counter((route.vehicle, route.number) for route in plan.routes)
    for (vehicle, number), times in sorted(used.items()):
        if times > 1:
            yield "vehicle-twice", f"vehicle {vehicle}", f"number {number} drives {times} routes", "one route each"
        if 0 <= vehicle < len(problem.vehicles) and not 0 <= number < problem.vehicles[vehicle].count:
            yield ("vehicle-count", f"vehicle {vehicle}", f"number {number}",
                   f"numbers below {problem.vehicles[vehicle].count}")
    cost = sum(route.cost for route in plan.routes)
    cost += sum(problem.stops[k].prize for k in missing if not problem.stops[k].required)
    if not isclose(cost, plan.cost, rel_tol=1e-9, abs_tol=1e-6):
        yield "plan-cost", "", plan.cost, f"{cost}, routes and prizes left"
    if (plan.bound is None) != (plan.bound_by == "no bound"):
        yield "bound-name", "", f"bound {plan.bound} by {plan.bound_by}", "a bound with its name, or no bound"
    highest = plan.cost + 1e-6 * max(1.0, abs(plan.cost))
    if plan.bound is not None and not (isfinite(plan.bound) and (plan.bound <= highest or not plan.feasible)):
        yield "bound-above-cost", "", f"bound {plan.bound}", f"at most the cost {plan.cost}"


def _indexes(problem: Problem, route: Route) -> Iterator[Said]:
    if not 0 <= route.vehicle < len(problem.vehicles):
        yield "unknown-vehicle", "", route.vehicle, f"below {len(problem.vehicles)}"
    for stop in route.stops:
        if not 0 <= stop < len(problem.stops):
            yield "unknown-stop", f"stop {stop}", stop, f"below {len(problem.stops)}"
    if tuple(stop for trip in route.trips for stop in trip) != tuple(route.stops):
        yield "trips-and-stops", "", route.trips, f"the stops {route.stops} in order"
    lengths = {len(route.stops), len(route.arrival_s), len(route.start_service_s), len(route.departure_s)}
    if len(lengths) > 1 or len(route.load) != len(route.trips) or len(route.reloads) != max(0, len(route.trips) - 1):
        yield "lengths", "", "lists of unequal length", "one time per stop, one load per trip, a reload between trips"
    if not route.stops or not all(route.trips):
        yield "route-empty", "", f"trips {route.trips}", "a stop on every trip"
    times = (*route.arrival_s, *route.start_service_s, *route.departure_s, route.start_s, route.end_s)
    if not all(isfinite(time_s) and time_s == int(time_s) for time_s in times):
        yield "time-not-whole", "", "a time that is no whole second", "whole seconds of the day"
    strange = set(route.reversed_lines) - set(route.stops)
    if strange:
        yield "line-not-served", "", f"stops {sorted(strange)} reversed", "lines of this route only"


def _membership(problem: Problem, route: Route) -> Iterator[Said]:
    vehicle = problem.vehicles[route.vehicle]
    if route.day != vehicle.day:
        yield "wrong-day", "", f"day {route.day}", f"day {vehicle.day} of its vehicle"
    for stop in route.stops:
        item = problem.stops[stop]
        if item.allowed is not None and route.vehicle not in item.allowed:
            yield "vehicle-not-allowed", f"stop {stop}", f"vehicle {route.vehicle}", f"one of {sorted(item.allowed)}"
        if item.days is not None and vehicle.day not in item.days:
            yield "day-not-allowed", f"stop {stop}", f"day {vehicle.day}", f"one of {sorted(item.days)}"
        if stop in route.reversed_lines and not (item.both_ways and item.end_location is not None):
            yield "line-reversed", f"stop {stop}", "served from its end", "served from its beginning only"
    for depot in route.reloads:
        if depot not in vehicle.reload_depots:
            yield "reload-depot", "", f"depot {depot}", f"one of {vehicle.reload_depots}"
    if len(route.reloads) > vehicle.max_reloads:
        yield "reloads", "", len(route.reloads), f"at most {vehicle.max_reloads}"


def _ways(problem: Problem, route: Route) -> list[tuple[int, int, int]]:
    """(metres, seconds, loading seconds) from start depot over every stop to the end depot."""
    vehicle = problem.vehicles[route.vehicle]
    distance, duration = problem.distances[vehicle.profile], problem.durations[vehicle.profile]
    first_of_trip = set()
    position = 0
    for trip in route.trips:
        first_of_trip.add(position)
        position += len(trip)
    at, legs, trip_number = problem.depots[vehicle.start_depot].location, [], 0
    for k, stop in enumerate(route.stops):
        enter, leave = problem.stops[stop].ends(stop in route.reversed_lines)
        metres, seconds, loading = 0, 0, 0
        if k in first_of_trip and k:
            depot = problem.depots[route.reloads[trip_number]]
            trip_number += 1
            there, loading = depot.location, depot.loading_s
            metres, seconds = int(distance[at, there]), int(duration[at, there])
            at = there
        legs.append((metres + int(distance[at, enter]), seconds + int(duration[at, enter]), loading))
        at = leave
    home = problem.depots[vehicle.end_depot].location
    return [*legs, (int(distance[at, home]), int(duration[at, home]), 0)]


def _measures(problem: Problem, route: Route) -> Iterator[Said]:
    vehicle = problem.vehicles[route.vehicle]
    legs = _ways(problem, route)
    if max(max(metres, seconds) for metres, seconds, _ in legs) >= NO_WAY:
        yield "no-way", "", "two places with no way between them", "a way between successive places"
    metres = sum(leg[0] for leg in legs) + sum(problem.stops[stop].line_m for stop in route.stops)
    if route.distance_m != metres:
        yield "route-distance", "", route.distance_m, f"{metres} m"
    work_s = _work(problem, route.start_s, route.end_s)
    if route.duration_s != work_s:
        yield "route-duration", "", route.duration_s, f"{work_s} s between leaving and being back"
    for trip, load in zip(route.trips, route.load, strict=True):
        dimensions = len(vehicle.capacity)
        true = tuple(sum((*problem.stops[s].demand, *(0,) * dimensions)[k] for s in trip) for k in range(dimensions))
        if tuple(load) != true:
            yield "route-load", "", load, f"{true}, the demand of its stops"
    cost = vehicle.fixed_cost + vehicle.cost_per_m * metres + vehicle.cost_per_s * work_s
    if not isclose(cost, route.cost, rel_tol=1e-9, abs_tol=1e-6):
        yield "route-cost", "", route.cost, cost


def _limits(problem: Problem, route: Route) -> Iterator[Said]:
    vehicle = problem.vehicles[route.vehicle]
    for trip in route.trips:
        for k, room in enumerate(vehicle.capacity):
            amount = sum(problem.stops[s].demand[k] for s in trip if problem.stops[s].demand)
            if amount > room:
                yield "over-capacity", f"stop {trip[0] if trip else ''}", amount, f"at most {room}"
    if vehicle.shift_s is not None and _work(problem, route.start_s, route.end_s) > vehicle.shift_s:
        yield "shift-too-long", "", _work(problem, route.start_s, route.end_s), f"at most {vehicle.shift_s} s"
    metres = sum(leg[0] for leg in _ways(problem, route)) + sum(problem.stops[s].line_m for s in route.stops)
    if vehicle.max_distance_m is not None and metres > vehicle.max_distance_m:
        yield "too-far", "", metres, f"at most {vehicle.max_distance_m} m"
    presence = [vehicle.window_s, problem.depots[vehicle.start_depot].window_s]
    for window in presence:
        if window is not None and not window[0] <= route.start_s <= window[1]:
            yield "leaves-outside-window", "", route.start_s, window
    for window in (vehicle.window_s, problem.depots[vehicle.end_depot].window_s):
        if window is not None and not window[0] <= route.end_s <= window[1]:
            yield "back-outside-window", "", route.end_s, window


def _times(problem: Problem, route: Route) -> Iterator[Said]:
    vehicle, legs = problem.vehicles[route.vehicle], _ways(problem, route)
    first = {sum(len(trip) for trip in route.trips[:k]): k for k in range(len(route.trips)) if route.trips[k]}
    before, loading = route.start_s, problem.depots[vehicle.start_depot].loading_s
    for k, stop in enumerate(route.stops):
        item, row = problem.stops[stop], f"stop {stop}"
        way_s = legs[k][1] + (loading if k == 0 else legs[k][2])
        if _work(problem, before, route.arrival_s[k]) < way_s or route.arrival_s[k] < before:
            yield "arrives-too-soon", row, route.arrival_s[k], f"{way_s} s of way and loading after {before}"
        if (k not in first or k == 0) and _work(problem, before, route.arrival_s[k]) > way_s:
            yield "arrives-too-late", row, route.arrival_s[k], f"{way_s} s of way and loading after {before}"
        if route.start_service_s[k] < route.arrival_s[k]:
            yield "starts-before-arrival", row, route.start_service_s[k], f"from {route.arrival_s[k]} on"
        if item.window_s is not None and not item.window_s[0] <= route.start_service_s[k] <= item.window_s[1]:
            yield "outside-window", row, route.start_service_s[k], item.window_s
        if any(rest.start_s <= route.start_service_s[k] < rest.end_s for rest in problem.breaks):
            yield "begins-in-break", row, route.start_service_s[k], "a beginning outside every break"
        work_s = _work(problem, route.start_service_s[k], route.departure_s[k])
        if work_s != item.service_s:
            yield "service-time", row, work_s, f"{item.service_s} s of service"
        if k in first and k == 0 and any(problem.stops[s].release_s > route.start_s for s in route.trips[first[k]]):
            yield "before-release", row, route.start_s, "the trip leaves after its stops are released"
        if k in first and k:
            yield from _reload(problem, route, first[k], k)
        before = route.departure_s[k]
    if _work(problem, before, route.end_s) < legs[-1][1]:
        yield "back-too-soon", "", route.end_s, f"{legs[-1][1]} s after {before}"
    if any(b < a for a, b in pairwise((route.start_s, *route.departure_s, route.end_s))):
        yield "time-runs-back", "", "a time before the one it follows", "times in order"


def _reload(problem: Problem, route: Route, trip: int, k: int) -> Iterator[Said]:
    """The trip whose first stop is number `k` of the route loads within its depot's hours and after its release."""
    depot = problem.depots[route.reloads[trip - 1]]
    duration = problem.durations[problem.vehicles[route.vehicle].profile]
    last, following = route.stops[k - 1], route.stops[k]
    leave = problem.stops[last].ends(last in route.reversed_lines)[1]
    enter = problem.stops[following].ends(following in route.reversed_lines)[0]
    released = max(problem.stops[s].release_s for s in route.trips[trip])
    opens, closes = depot.window_s or (0, NO_WAY)
    at = _later(problem, route.departure_s[k - 1], int(duration[leave, depot.location]))
    begins = max(at, opens, released)
    if begins > closes:
        yield "reload-after-closing", f"stop {following}", begins, f"before {closes}"
    if _work(problem, begins, route.arrival_s[k]) < depot.loading_s + int(duration[depot.location, enter]):
        yield "before-release", f"stop {following}", route.arrival_s[k], f"loaded from {begins} on, then on the way"


def _work(problem: Problem, begin_s: int, end_s: int) -> int:
    """Seconds between two times of day, breaks not counted."""
    resting = sum(max(0, min(end_s, rest.end_s) - max(begin_s, rest.start_s)) for rest in problem.breaks)
    return end_s - begin_s - resting


def _later(problem: Problem, begin_s: int, work_s: int) -> int:
    """Time of day after `work_s` more seconds of work, each break waited for."""
    end_s = begin_s + work_s
    for rest in problem.breaks:
        if begin_s < rest.end_s and end_s > rest.start_s:
            end_s += rest.end_s - max(begin_s, rest.start_s)
    return end_s
