"""What no plan of routes can undercut: trees and trips with prices on the stops, or the radial bound.

Every trip without its last way home is a path that leaves a depot, so all trips together hold a spanning tree of the
stops and the depots (taken as one), and one way home per trip besides. Multipliers on the stops' degree tighten it
(Held & Karp 1971; Fisher 1994 for vehicles). Radial: Haimovich & Rinnooy Kan (1985), Mathematics of Operations
Research 10(4), 527-542. Both hold for whatever windows, shifts and breaks there are: these only forbid more.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise.routing_problem import NO_WAY, Problem

Floats = NDArray[np.float64]
ROUNDS = 80
LARGEST = 3_000
NAMES = ("spanning tree and trips", "radial distance and load")


@compiled
def tree(cost: Floats, price: Floats, degree: NDArray[np.int64]) -> float:
    """Length of the least spanning tree from node 0 under cost[i, j] + price[i] + price[j] (Prim); fills degrees."""
    nodes = cost.shape[0]
    near = np.full(nodes, np.inf)
    other = np.zeros(nodes, np.int64)
    done = np.zeros(nodes, np.bool_)
    degree[:] = 0
    total, last = 0.0, 0
    done[0] = True
    for _ in range(nodes - 1):
        best = -1
        for j in range(nodes):
            if not done[j]:
                through = cost[last, j] + price[last] + price[j]
                if through < near[j]:
                    near[j] = through
                    other[j] = last
                if best < 0 or near[j] < near[best]:
                    best = j
        done[best] = True
        total += near[best]
        degree[best] += 1
        degree[other[best]] += 1
        last = best
    return total


def lower_bound(problem: Problem, upper: float) -> tuple[float | None, str]:
    """A cost that no feasible plan undercuts, and its name; (None, "no bound") with optional stops or lines.

    upper: cost of a known plan, which only steers the multipliers.
    """
    plain = all(stop.required and stop.end_location is None for stop in problem.stops)
    if not problem.stops or not plain or len(problem.stops) > LARGEST:
        return None, "no bound"
    cost, home = _costs(problem)
    trips = _trips(problem)
    per_vehicle = min(v.fixed_cost for v in problem.vehicles if v.count)
    reloads = max(v.max_reloads for v in problem.vehicles if v.count)
    fixed = per_vehicle * ceil(trips / (reloads + 1))
    fixed += min(v.cost_per_s for v in problem.vehicles if v.count) * sum(stop.service_s for stop in problem.stops)
    values = (_by_tree(cost, home, trips, upper - fixed), _radial(problem, cost))
    best = int(np.argmax(values))
    whole = all(float(p).is_integer() for v in problem.vehicles for p in (v.fixed_cost, v.cost_per_m, v.cost_per_s))
    value = values[best] + fixed
    return float(ceil(value - 1e-6)) if whole else value - 1e-9 * abs(value), NAMES[best]


def _costs(problem: Problem) -> tuple[Floats, Floats]:
    """Least cost between depots (as node 0) and stops in either direction by any vehicle, and of the way home."""
    stops = np.array([stop.location for stop in problem.stops], dtype=np.intp)
    depots = np.array([depot.location for depot in problem.depots], dtype=np.intp)
    least = np.full(problem.distances[0].shape, np.inf)
    for vehicle in problem.vehicles:
        if vehicle.count:
            distance, duration = problem.distances[vehicle.profile], problem.durations[vehicle.profile]
            one = vehicle.cost_per_m * distance + vehicle.cost_per_s * duration
            least = np.minimum(least, np.where(distance < NO_WAY, one, np.inf))
    either = np.minimum(least, least.T)
    home = either[np.ix_(stops, depots)].min(axis=1)
    cost = np.zeros((len(stops) + 1, len(stops) + 1))
    cost[1:, 1:] = either[np.ix_(stops, stops)]
    cost[0, 1:] = cost[1:, 0] = home
    np.fill_diagonal(cost, np.inf)
    return np.where(np.isinf(cost), 1e15, cost), home


def _trips(problem: Problem) -> int:
    """Trips that the load asks for at least."""
    need = 1
    dimensions = len(problem.vehicles[0].capacity)
    for k in range(dimensions):
        load = sum(stop.demand[k] for stop in problem.stops if stop.demand)
        need = max(need, ceil(load / max(1, max(v.capacity[k] for v in problem.vehicles if v.count))))
    return need


def _by_tree(cost: Floats, home: Floats, trips: int, upper: float) -> float:
    """Best value of the tree and the cheapest ways home over rounds of subgradient steps."""
    size = len(home)
    price, degree = np.zeros(size + 1), np.zeros(size + 1, np.int64)
    best, step, idle = 0.0, 0.2, 0
    for _ in range(ROUNDS):
        back = home + price[1:]
        order = np.argsort(back, kind="stable")
        taken = np.zeros(size, dtype=bool)
        taken[order[:trips]] = True
        taken |= back < 0
        value = tree(cost, price, degree) + float(back[taken].sum()) - 2.0 * float(price.sum())
        slope = degree[1:] + taken - 2.0
        idle = 0 if value > best + 1e-9 else idle + 1
        best = max(best, value)
        if idle >= 4:
            step, idle = step * 0.6, 0
        norm = float(slope @ slope)
        if norm == 0.0 or step < 1e-4:
            break
        price[1:] += step * max(upper - value, 1e-9 * abs(upper)) / norm * slope
    return best


def _radial(problem: Problem, cost: Floats) -> float:
    """Each stop's share of its trip's load, times the least way out to it and back."""
    far = _shortest(cost)
    best = 2.0 * float(far.max(initial=0.0))
    for k in range(len(problem.vehicles[0].capacity)):
        room = max(v.capacity[k] for v in problem.vehicles if v.count)
        load = np.array([stop.demand[k] if stop.demand else 0 for stop in problem.stops])
        if room:
            best = max(best, 2.0 * float(far @ load) / room)
    return best


def _shortest(cost: Floats) -> Floats:
    """Least cost from the depots to each stop over any stops between (Dijkstra on the full graph)."""
    far = cost[0].copy()
    far[0] = 0.0
    done = np.zeros(len(far), dtype=bool)
    for _ in range(len(far)):
        k = int(np.argmin(np.where(done, np.inf, far)))
        done[k] = True
        far = np.minimum(far, far[k] + cost[k])
    return np.asarray(far[1:])


__all__ = ["lower_bound", "tree"]
