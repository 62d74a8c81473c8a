"""Periodic rounds as arrays: the terms that do not change, the state that does, and what keeps the state true.

A node is a depot or a way to visit a site: a point has one, a line to walk two (one per direction). A route is one
crew's day. Everything is an array in a named tuple, so that numba compiles it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.int8]
SLACK = 1e-6


class Terms(NamedTuple):
    """What does not change in a search, for `sites`, `crews`, `days`, `nodes` and all `patterns` one after the other.

    way: (nodes, nodes) metres, the entered node's line included; hours: (nodes, nodes) seconds at pace 1.
    service, early, late: (nodes,) seconds of a visit and the window of its beginning, on the clock without breaks.
    first_node: (sites + 1,) where each site's nodes begin; site_of: (nodes,) -1 for a depot.
    load, prize: (sites,) load of a visit, price of leaving the site out. near: (sites, sites) sites by distance.
    patterns: (patterns, days) of 0 and 1; first: (sites + 1,) where each site's patterns begin; may: (sites, days)
    whether any of them has that day. serves: (sites, crews), works: (days, crews) of 0 and 1.
    depot, kind: (crews,) depot node, number of its kind (crews alike share it); pace, per_m, per_round, room, shift,
    opens, closes: (crews,). timed: whether any time counts. loyalty: price of a visit by another than the usual crew.
    """

    way: Floats
    hours: Floats
    service: Floats
    early: Floats
    late: Floats
    first_node: Ints
    site_of: Ints
    load: Floats
    prize: Floats
    near: Ints
    patterns: Flags
    first: Ints
    may: Flags
    serves: Flags
    works: Flags
    depot: Ints
    kind: Ints
    pace: Floats
    per_m: Floats
    per_round: Floats
    room: Floats
    shift: Floats
    opens: Floats
    closes: Floats
    timed: bool
    loyalty: float


class State(NamedTuple):
    """Rounds in the making; every route keeps every limit at all times.

    order: (days, crews, sites + 2) nodes between two depots; filled: (days, crews) visits. who, place: (days, sites)
    the crew (-1: no visit) and the position. load, cost: (days, crews). chosen: (sites,) pattern, -1 when left out.
    ahead, rest: (days, crews, sites + 2, 3) length, earliest and latest beginning of the route up to a position and
    from it on (Vidal et al. 2013, time segments).
    """

    order: Ints
    filled: Ints
    who: Ints
    place: Ints
    load: Floats
    cost: Floats
    chosen: Ints
    ahead: Floats
    rest: Floats


def new_state(terms: Terms) -> State:
    """No visit anywhere."""
    days, crews = terms.works.shape
    sites = terms.load.size
    state = State(
        np.zeros((days, crews, sites + 2), np.int64), np.zeros((days, crews), np.int64),
        np.full((days, sites), -1, np.int64), np.zeros((days, sites), np.int64), np.zeros((days, crews)),
        np.zeros((days, crews)), np.full(sites, -1, np.int64),
        np.zeros((days, crews, sites + 2 if terms.timed else 1, 3)),
        np.zeros((days, crews, sites + 2 if terms.timed else 1, 3)))
    state.order[:, :, 0] = state.order[:, :, 1] = terms.depot
    for day in range(days):
        for crew in range(crews):
            measure(terms, state, day, crew)
    return state


@inlined
def measure(terms: Terms, state: State, day: int, crew: int) -> None:
    """Recompute a route's places, load, cost and time segments after its order changed."""
    order, count = state.order[day, crew], state.filled[day, crew]
    load = length = 0.0
    for k in range(1, count + 2):
        node = order[k]
        length += terms.way[order[k - 1], node]
        site = terms.site_of[node]
        if site >= 0:
            load += terms.load[site]
            state.who[day, site] = crew
            state.place[day, site] = k
    state.load[day, crew] = load
    state.cost[day, crew] = length * terms.per_m[crew] + (terms.per_round[crew] if count else 0.0)
    if terms.timed:
        _segments(terms, state, day, crew)


@inlined
def _segments(terms: Terms, state: State, day: int, crew: int) -> None:
    order, count, pace = state.order[day, crew], state.filled[day, crew], terms.pace[crew]
    ahead, rest = state.ahead[day, crew], state.rest[day, crew]
    ahead[0, 0], ahead[0, 1], ahead[0, 2] = 0.0, terms.opens[crew], terms.closes[crew]
    for k in range(1, count + 1):
        a, node = order[k - 1], order[k]
        far = ahead[k - 1, 0] + pace * terms.hours[a, node]
        wait = max(0.0, terms.early[node] - far - ahead[k - 1, 2])
        ahead[k, 0] = far + terms.service[node] + wait
        ahead[k, 1] = max(terms.early[node] - far, ahead[k - 1, 1]) - wait
        ahead[k, 2] = min(terms.late[node] - far, ahead[k - 1, 2])
    rest[count + 1, 0], rest[count + 1, 1], rest[count + 1, 2] = 0.0, terms.opens[crew], terms.closes[crew]
    for k in range(count, 0, -1):
        node, b = order[k], order[k + 1]
        far = terms.service[node] + pace * terms.hours[node, b]
        wait = max(0.0, rest[k + 1, 1] - far - terms.late[node])
        rest[k, 0] = far + rest[k + 1, 0] + wait
        rest[k, 1] = max(rest[k + 1, 1] - far, terms.early[node]) - wait
        rest[k, 2] = min(rest[k + 1, 2] - far, terms.late[node])


@inlined
def fits_time(terms: Terms, state: State, day: int, crew: int, k: int, node: int) -> bool:
    """Whether a visit of `node` behind position k keeps every window and the shift of that route."""
    order, pace = state.order[day, crew], terms.pace[crew]
    ahead, rest = state.ahead[day, crew, k], state.rest[day, crew, k + 1]
    far = ahead[0] + pace * terms.hours[order[k], node]
    if ahead[1] + far > terms.late[node] + SLACK:
        return False
    wait = max(0.0, terms.early[node] - far - ahead[2])
    early = max(terms.early[node] - far, ahead[1]) - wait
    late = min(terms.late[node] - far, ahead[2])
    far += terms.service[node] + wait + pace * terms.hours[node, order[k + 1]]
    if early + far > rest[2] + SLACK:
        return False
    return bool(far + rest[0] + max(0.0, rest[1] - far - late) <= terms.shift[crew] + SLACK)


@inlined
def put(terms: Terms, state: State, day: int, crew: int, k: int, node: int) -> None:
    """Visit `node` behind position k of a route."""
    order, count = state.order[day, crew], state.filled[day, crew]
    for j in range(count + 1, k, -1):
        order[j + 1] = order[j]
    order[k + 1] = node
    state.filled[day, crew] = count + 1
    measure(terms, state, day, crew)


@inlined
def strangers(terms: Terms, state: State, site: int) -> int:
    """Visits of a site that another than its usual crew makes."""
    days, crews = terms.works.shape
    made = most = 0
    for crew in range(crews):
        times = 0
        for day in range(days):
            times += state.who[day, site] == crew
        made += times
        most = max(most, times)
    return made - most


@inlined
def total(terms: Terms, state: State) -> float:
    """Cost of everything: routes, patterns, sites left out, visits by others than the usual crew."""
    cost = 0.0
    for day in range(terms.works.shape[0]):
        for crew in range(terms.works.shape[1]):
            cost += state.cost[day, crew]
    for site in range(terms.load.size):
        if state.chosen[site] < 0:
            cost += terms.prize[site]
        elif terms.loyalty > 0.0:
            cost += terms.loyalty * strangers(terms, state, site)
    return cost
