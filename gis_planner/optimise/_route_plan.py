"""The plan of a routing question, and how a bare order of stops becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gis_planner.optimise._schedule import Clock, nodes, times
from gis_planner.optimise.routing_problem import Problem


@dataclass(frozen=True, slots=True)
class Order:
    """A route as searched: vehicle, trips of (stop, reverse), and the reload depot between each two trips."""

    vehicle: int
    trips: tuple[tuple[tuple[int, bool], ...], ...]
    reloads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's day.

    vehicle: index of `Problem.vehicles`; number: which of its `count`. day: the vehicle's day.
    trips: stops (indexes of `Problem.stops`) between two visits of a depot; reloads: depot index between two trips.
    stops: all stops in order. reversed_lines: those stops whose line is walked from its end to its beginning.
    arrival_s, start_service_s, departure_s: per stop, seconds of the day. start_s, end_s: leaving and being back.
    distance_m: whole route. duration_s: working time from leaving to being back, breaks not counted.
    load: per trip, amount per dimension. cost: fixed, distance and time cost together.
    """

    vehicle: int
    number: int
    day: int
    trips: tuple[tuple[int, ...], ...]
    reloads: tuple[int, ...]
    stops: tuple[int, ...]
    reversed_lines: frozenset[int]
    arrival_s: tuple[int, ...]
    start_service_s: tuple[int, ...]
    departure_s: tuple[int, ...]
    start_s: int
    end_s: int
    distance_m: int
    duration_s: int
    load: tuple[tuple[int, ...], ...]
    cost: float

    @property
    def order(self) -> Order:
        """The route as a bare order, to start another search from."""
        trips = tuple(tuple((stop, stop in self.reversed_lines) for stop in trip) for trip in self.trips)
        return Order(self.vehicle, trips, self.reloads)


@dataclass(frozen=True)
class RoutePlan:
    """Routes and what they cost.

    cost: of all routes, and the prizes of optional stops left out. feasible: every required stop is served and every
    limit kept. unserved: stops left out, optional and required. bound: no plan costs less; None when `bound_by` says
    "no bound". stopped_by: "iterations", "no improvement" or "clock". notes: figures of the method by name.
    method: the search that found the routes.
    """

    routes: tuple[Route, ...]
    cost: float
    feasible: bool
    unserved: tuple[int, ...]
    bound: float | None
    bound_by: str
    stopped_by: str
    kind: str = "routes"
    notes: tuple[tuple[str, float], ...] = ()
    method: str = "iterated local search (PyVRP)"

    @property
    def gap(self) -> float | None:
        """Relative distance of the bound from the cost, None without a bound."""
        if self.bound is None:
            return None
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost

    @property
    def distance_m(self) -> int:
        """Metres of all routes together."""
        return sum(route.distance_m for route in self.routes)


def route_of(problem: Problem, clock: Clock, order: Order, number: int) -> tuple[Route, bool]:
    """The timed route of an order, and whether it keeps every limit of time, distance and load."""
    places = nodes(problem, clock, order.vehicle, order.trips, order.reloads)
    timed = times(problem, order.vehicle, places)
    kind = problem.vehicles[order.vehicle]
    at = [k for k, place in enumerate(places) if place.stop >= 0]
    duration_s = timed.departure[-1] - timed.start[0]
    load = tuple(_load(problem, trip, len(kind.capacity)) for trip in order.trips)
    cost = kind.fixed_cost + kind.cost_per_m * timed.distance_m + kind.cost_per_s * duration_s
    route = Route(
        vehicle=order.vehicle, number=number, day=kind.day,
        trips=tuple(tuple(stop for stop, _ in trip) for trip in order.trips), reloads=order.reloads,
        stops=tuple(places[k].stop for k in at),
        reversed_lines=frozenset(stop for trip in order.trips for stop, reverse in trip if reverse),
        arrival_s=tuple(clock.day(timed.arrival[k], begins=False) for k in at),
        start_service_s=tuple(clock.day(timed.start[k], begins=True) for k in at),
        departure_s=tuple(clock.day(timed.departure[k], begins=False) for k in at),
        start_s=clock.day(timed.start[0], begins=True), end_s=clock.day(timed.departure[-1], begins=False),
        distance_m=timed.distance_m, duration_s=duration_s, load=load, cost=cost,
    )
    sound = (
        timed.late_s == 0
        and (kind.shift_s is None or duration_s <= kind.shift_s)
        and (kind.max_distance_m is None or timed.distance_m <= kind.max_distance_m)
        and len(order.reloads) <= kind.max_reloads
        and all(problem.may_serve(order.vehicle, stop) for stop in route.stops)
        and all(a <= room for trip in load for a, room in zip(trip, kind.capacity, strict=True))
    )
    return route, sound


def _load(problem: Problem, trip: Sequence[tuple[int, bool]], dimensions: int) -> tuple[int, ...]:
    total = [0] * dimensions
    for stop, _ in trip:
        for k, amount in enumerate(problem.stops[stop].demand[:dimensions]):
            total[k] += amount
    return tuple(total)


def plan_of(
    problem: Problem, orders: Iterable[Order], *, stopped_by: str, bound: float | None = None,
    bound_by: str = "no bound", notes: tuple[tuple[str, float], ...] = (),
) -> RoutePlan:
    """The plan of these orders: timed, priced, sorted by day, vehicle and first stop."""
    clock = Clock(problem.breaks)
    kept = sorted((order for order in orders if any(order.trips)),
                  key=lambda order: (problem.vehicles[order.vehicle].day, order.vehicle, order.trips))
    used = [0] * len(problem.vehicles)
    routes, sound = [], True
    for order in kept:
        route, good = route_of(problem, clock, order, used[order.vehicle])
        used[order.vehicle] += 1
        sound &= good
        routes.append(route)
    served = [stop for route in routes for stop in route.stops]
    unserved = sorted(set(range(len(problem.stops))) - set(served))
    left = sum(problem.stops[stop].prize for stop in unserved if not problem.stops[stop].required)
    feasible = (
        sound and len(served) == len(set(served)) and not any(problem.stops[stop].required for stop in unserved)
        and all(n <= vehicle.count for n, vehicle in zip(used, problem.vehicles, strict=True))
    )
    cost = sum(route.cost for route in routes) + left
    return RoutePlan(tuple(routes), cost, feasible, tuple(unserved), bound, bound_by, stopped_by,
                     notes=notes)
