"""A large routing problem in parts: neighbouring routes are searched anew together, apart from the others.

Decomposition by the angle of the routes' middles, as in Vidal, Crainic, Gendreau & Prins (2013), Computers &
Operations Research 40(1), 475-489, section 4.5; the borders turn from round to round.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gis_planner.optimise._embedding import plane
from gis_planner.optimise._pyvrp import Effort, Found, search, translate
from gis_planner.optimise._route_plan import Order
from gis_planner.optimise.routing_problem import NO_WAY, Problem

PART = 220
"""Stops in a part: large enough to hold several routes, small enough to be searched to the bottom."""


def parts(problem: Problem, orders: Sequence[Order], turn: int) -> list[list[int]]:
    """Indexes of `orders` in groups of about `PART` stops, neighbours by angle; `turn` shifts the borders."""
    reach = problem.distances[0]
    at = np.arange(reach.shape[0])
    xy = plane(np.where(reach >= NO_WAY, reach[reach < NO_WAY].max(initial=1) * 2, reach), at)
    angles = []
    for order in orders:
        locations = [problem.stops[stop].location for trip in order.trips for stop, _ in trip]
        depot = problem.depots[problem.vehicles[order.vehicle].start_depot].location
        x, y = xy[locations].mean(axis=0) - xy[depot]
        angles.append(float(np.arctan2(y, x)))
    around = list(np.argsort(angles, kind="stable"))
    sizes = [sum(len(trip) for trip in orders[k].trips) for k in around]
    total = sum(sizes)
    count = max(1, round(total / PART))
    shift = total * (turn % 4) / (4 * count)
    groups: dict[int, list[int]] = {}
    passed = 0.0
    for k, size in zip(around, sizes, strict=True):
        groups.setdefault(int(((passed + size / 2 + shift) % total) * count / total), []).append(int(k))
        passed += size
    return [groups[k] for k in sorted(groups)]


def restricted(problem: Problem, orders: Sequence[Order]) -> tuple[Problem, list[int], list[Order]]:
    """The problem of these routes' stops and vehicles alone, its stops' old indexes, and the routes in new indexes."""
    stops = sorted(stop for order in orders for trip in order.trips for stop, _ in trip)
    new = {stop: k for k, stop in enumerate(stops)}
    used = [0] * len(problem.vehicles)
    for order in orders:
        used[order.vehicle] += 1
    part = copy.copy(problem)
    object.__setattr__(part, "stops", tuple(problem.stops[stop] for stop in stops))
    object.__setattr__(part, "vehicles",
                       tuple(replace(v, count=n) for v, n in zip(problem.vehicles, used, strict=True)))
    return part, stops, [_renumbered(order, new) for order in orders]


def _renumbered(order: Order, new: dict[int, int] | list[int]) -> Order:
    return replace(order, trips=tuple(tuple((new[stop], reverse) for stop, reverse in trip) for trip in order.trips))


def search_part(problem: Problem, orders: Sequence[Order], effort: Effort, seed: int) -> list[Order]:
    """These routes after a search over their own stops; themselves when nothing better was found."""
    part, stops, start = restricted(problem, orders)
    translated = translate(part)
    found: Found = search(translated, effort, seed, start)
    return [_renumbered(order, stops) for order in found.orders] if found.feasible else list(orders)


def search_parts(problem: Problem, groups: Sequence[Sequence[Order]], effort: Effort, seed: int) -> list[Order]:
    """One part after the other (module-level, to run in a process of its own)."""
    return [order for k, group in enumerate(groups) for order in search_part(problem, group, effort, seed + k)]
