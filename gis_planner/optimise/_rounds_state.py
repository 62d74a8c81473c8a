"""The state of a periodic search: routes of every day as arrays, and the few operations that keep them true.

Site 0 is the depot, sites 1 to n are visited. Everything is an array in a named tuple, so that numba compiles it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLACK = 1e-6


class Ground(NamedTuple):
    """What does not change in a search.

    way, hours: (n + 1, n + 1) cost and travel time; service, load: (n + 1,); near: (n + 1, k) nearest sites;
    patterns: (p, days) of 0 and 1; first: (n + 2,) where each site's patterns begin; room, shift: limits of a route;
    timed: whether the shift counts at all. least: shortest time of a route that is driven (0: none), for balance.
    """

    way: Floats
    hours: Floats
    service: Floats
    load: Floats
    near: Ints
    patterns: NDArray[np.int8]
    first: Ints
    room: float
    shift: float
    timed: bool
    least: float = 0.0


class Price(NamedTuple):
    """What one unit beyond a limit costs in the search."""

    load: float
    time: float


class Work(NamedTuple):
    """A solution in the making.

    order: (days, crews, n + 6) sites of each route between two depots; filled: (days, crews) sites in it.
    route, place: (days, n + 1) where a site is that day, -1 when it is not visited.
    carried, spent: (days, crews, n + 6) load and time up to a place, service there included.
    length: (days, crews) cost of the way. stale: (days, crews) 1 when a route changed since it was last improved.
    chosen: (n + 1,) index of each site's pattern.
    """

    order: Ints
    filled: Ints
    route: Ints
    place: Ints
    carried: Floats
    spent: Floats
    length: Floats
    stale: Ints
    chosen: Ints


def new_work(days: int, crews: int, sites: int) -> Work:
    """An empty solution for `sites` sites (the depot not counted)."""
    wide = (days, crews, sites + 6)
    return Work(
        np.zeros(wide, np.int64), np.zeros((days, crews), np.int64), np.full((days, sites + 1), -1, np.int64),
        np.zeros((days, sites + 1), np.int64), np.zeros(wide), np.zeros(wide), np.zeros((days, crews)),
        np.ones((days, crews), np.int64), np.full(sites + 1, -1, np.int64),
    )


@compiled
def clear(work: Work) -> None:
    """Take every site off every day."""
    work.filled[:] = 0
    work.route[:] = -1
    work.order[:] = 0
    work.carried[:] = 0.0
    work.spent[:] = 0.0
    work.length[:] = 0.0
    work.chosen[:] = -1


@compiled
def measure(ground: Ground, work: Work, day: int, crew: int) -> None:
    """Recompute place, load, time and length along one route after its order changed."""
    order, count = work.order, work.filled[day, crew]
    order[day, crew, 0] = 0
    order[day, crew, count + 1] = 0
    carried = spent = length = 0.0
    work.carried[day, crew, 0] = 0.0
    work.spent[day, crew, 0] = 0.0
    before = 0
    for k in range(1, count + 2):
        site = order[day, crew, k]
        length += ground.way[before, site]
        if ground.timed:
            spent += ground.hours[before, site] + ground.service[site]
        if site != 0:
            carried += ground.load[site]
            work.route[day, site] = crew
            work.place[day, site] = k
        work.carried[day, crew, k] = carried
        work.spent[day, crew, k] = spent
        before = site
    work.length[day, crew] = length
    work.stale[day, crew] = 1


@inlined
def over(ground: Ground, price: Price, load: float, time: float) -> float:
    """What a route of this load and time pays for breaking its limits."""
    cost = 0.0
    if load > ground.room:
        cost += price.load * (load - ground.room)
    if ground.timed:
        if time > ground.shift:
            cost += price.time * (time - ground.shift)
        elif 0.0 < time < ground.least:
            cost += price.time * (ground.least - time)
    return cost


@compiled
def insert(ground: Ground, work: Work, day: int, crew: int, place: int, site: int) -> None:
    """Put `site` behind position `place` of a route."""
    order, count = work.order[day, crew], work.filled[day, crew]
    for k in range(count, place, -1):
        order[k + 1] = order[k]
    order[place + 1] = site
    work.filled[day, crew] = count + 1
    measure(ground, work, day, crew)


@compiled
def remove(ground: Ground, work: Work, day: int, site: int) -> None:
    """Take `site` off one day."""
    crew = work.route[day, site]
    order, count = work.order[day, crew], work.filled[day, crew]
    for k in range(work.place[day, site], count):
        order[k] = order[k + 1]
    work.filled[day, crew] = count - 1
    work.route[day, site] = -1
    measure(ground, work, day, crew)


@compiled
def totals(ground: Ground, work: Work) -> tuple[float, float, float]:
    """Length of all routes, load beyond room, time beyond the shift."""
    length = heavy = late = 0.0
    days, crews = work.filled.shape
    for day in range(days):
        for crew in range(crews):
            end = work.filled[day, crew] + 1
            length += work.length[day, crew]
            heavy += max(0.0, work.carried[day, crew, end] - ground.room - SLACK)
            if ground.timed:
                spent = work.spent[day, crew, end]
                late += max(0.0, spent - ground.shift - SLACK)
                if spent > 0.0:
                    late += max(0.0, ground.least - spent - SLACK)
    return length, heavy, late
