"""Routes in the making for the search by ruin and recreate: linked lists, and the few operations that keep them true.

Stops are nodes 1 to n. Route r is a ring through the sentinel n + 1 + r, which stands for its start depot (row 0 of the
matrices) when it comes before a stop and for its end depot (row n + 1) when it comes after one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., object])
Small = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
NEVER = 2**40
CLOSED = 2**30
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""No lock of the interpreter is held; and arrays are not counted when they are handed on (nothing is made in these
loops), which alone makes them five times as fast."""
ABSENT = -1


def free(function: Kernel) -> Kernel:
    """`function` compiled to run beside others: it holds no lock of the interpreter."""
    return cast(Kernel, numba.njit(**OPTIONS)(function))


def inner(function: Kernel) -> Kernel:
    """`function` compiled into its callers."""
    return cast(Kernel, numba.njit(forceinline=True, **OPTIONS)(function))


class Ground(NamedTuple):
    """What does not change in a search.

    cost: (n + 2, n + 2) whole units of cost; back: its transpose. time: (n + 2, n + 2) seconds from the beginning of
    the work at a place to the arrival at the next. load: (n + 2, dimensions); room: (dimensions,).
    early, late: (n + 2,) window of each beginning. prize: (n + 2,) cost of leaving a stop out, 0 when it is required;
    needed: (n + 2,) 1 when it is required. near: (n + 2, k) nearest stops; near_cost: (n + 2, k) cost from them;
    least: (n + 2, k) twice the least cost between a stop and any place but those before.
    beside: how many of them insertion looks at.
    fixed: cost of a route. timed: windows count. spanned: the time of a route counts; longest: its limit.
    low, high, weight: band of route times for balance and the cost of a second outside it (0: no band).
    """

    cost: Small
    back: Small
    time: Small
    load: Ints
    room: Ints
    early: Ints
    late: Ints
    prize: Ints
    needed: Ints
    near: Small
    near_cost: Small
    least: Small
    beside: int
    fixed: float
    timed: bool
    spanned: bool
    longest: int
    low: float
    high: float
    weight: float


class Work(NamedTuple):
    """A solution in the making; node arrays have n + 1 + routes entries.

    after, before: the ring of each route. route: of each node, ABSENT when it is in none. step: cost to the next node.
    reach: the dearer of the steps to and from a node, far below 0 on no route.
    begun: earliest beginning of the work; latest: latest beginning that keeps all that follows.
    carried: (routes, dimensions); size, span: (routes,) stops and seconds. used: (2,) routes with stops, stops on them.
    rng: (1,) state of the random numbers; blink: (1,) places until one is passed over.
    touched, stamp: routes changed in this turn. likely: places of `near` worth a look.
    gone, gone_from: stops taken out in this turn and the node they followed; put: stops put in.
    key: sort key of each stop of `gone`; order: their places in `gone`, sorted; best: the best ring found.
    """

    after: Small
    before: Small
    route: Small
    step: Small
    reach: Small
    begun: Ints
    latest: Ints
    carried: Ints
    size: Ints
    span: Ints
    used: Ints
    rng: Words
    blink: Ints
    touched: Ints
    stamp: Ints
    likely: Ints
    gone: Ints
    gone_from: Ints
    put: Ints
    key: Floats
    order: Ints
    best: Small


def new_work(ground: Ground, routes: int, seed: int) -> Work:
    """No stop on any of `routes` routes."""
    stops = len(ground.cost) - 2
    nodes = stops + 1 + routes
    rings = np.arange(nodes, dtype=np.int32)
    route = np.full(nodes, ABSENT, np.int32)
    route[stops + 1 :] = np.arange(routes)
    begun, latest = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    begun[stops + 1 :], latest[stops + 1 :] = ground.early[0], ground.late[stops + 1]
    rng = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    return Work(
        rings.copy(), rings.copy(), route, np.zeros(nodes, np.int32), np.full(nodes, -CLOSED, np.int32), begun, latest,
        np.zeros((routes, max(1, len(ground.room))), np.int64), np.zeros(routes, np.int64), np.zeros(routes, np.int64),
        np.zeros(2, np.int64), rng, np.zeros(1, np.int64), np.zeros(routes, np.int64), np.zeros(routes, np.int64),
        np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64),
        np.zeros(nodes), np.zeros(nodes, np.int64), rings.copy())


@inner
def draw(rng: Words) -> float:
    """A number in [0, 1) (Marsaglia 2003, Xorshift RNGs, J. Statistical Software 8(14))."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def outside(ground: Ground, seconds: int) -> float:
    """Cost of a route time outside the band."""
    if ground.weight == 0.0:
        return 0.0
    return float(ground.weight * (max(0.0, ground.low - seconds) + max(0.0, seconds - ground.high)))


@inner
def attach(ground: Ground, work: Work, stop: int, node: int) -> float:
    """Put `stop` after `node`; the change of cost."""
    end = len(ground.cost) - 1
    follower, r = work.after[node], work.route[node]
    row, column = (node if node < end else 0), min(follower, end)
    work.after[node], work.before[stop] = stop, node
    work.after[stop], work.before[follower] = follower, stop
    work.route[stop] = r
    change = float(ground.cost[row, stop]) + ground.cost[stop, column]
    if work.size[r] == 0:
        work.used[0] += 1
        change += ground.fixed
    else:
        change -= work.step[node]
    work.step[node], work.step[stop] = ground.cost[row, stop], ground.cost[stop, column]
    work.reach[node] = max(work.step[work.before[node]], work.step[node])
    work.reach[stop] = max(work.step[node], work.step[stop])
    work.reach[follower] = max(work.step[stop], work.step[follower])
    work.size[r] += 1
    work.used[1] += 1
    for k in range(len(ground.room)):
        work.carried[r, k] += ground.load[stop, k]
    if ground.spanned:
        longer = ground.time[row, stop] + ground.time[stop, column]
        if work.size[r] > 1:
            longer -= ground.time[row, column]
            change -= outside(ground, work.span[r])
        work.span[r] += longer
        change += outside(ground, work.span[r])
    return float(change - ground.prize[stop])


@inner
def detach(ground: Ground, work: Work, stop: int) -> float:
    """Take `stop` out of its route; the change of cost."""
    end = len(ground.cost) - 1
    node, follower, r = work.before[stop], work.after[stop], work.route[stop]
    row, column = (node if node < end else 0), min(follower, end)
    work.after[node], work.before[follower] = follower, node
    work.route[stop] = ABSENT
    change = -float(work.step[node]) - work.step[stop]
    work.size[r] -= 1
    work.used[1] -= 1
    if work.size[r] == 0:
        work.used[0] -= 1
        change -= ground.fixed
        work.step[node] = 0
    else:
        work.step[node] = ground.cost[row, column]
        change += work.step[node]
    work.reach[node] = max(work.step[work.before[node]], work.step[node])
    work.reach[follower] = max(work.step[node], work.step[follower])
    work.reach[stop] = -CLOSED
    for k in range(len(ground.room)):
        work.carried[r, k] -= ground.load[stop, k]
    if ground.spanned:
        change -= outside(ground, work.span[r])
        if work.size[r] == 0:
            work.span[r] = 0
        else:
            work.span[r] += ground.time[row, column] - ground.time[row, stop] - ground.time[stop, column]
            change += outside(ground, work.span[r])
    return float(change + ground.prize[stop])


@inner
def retime(ground: Ground, work: Work, r: int) -> bool:
    """Earliest and latest beginnings along route `r`; whether every window is kept."""
    end = len(ground.cost) - 1
    sentinel = end + r
    kept = True
    node, row = work.after[sentinel], 0
    now = ground.early[0]
    while node < end:
        now = max(now + ground.time[row, node], ground.early[node])
        kept &= now <= ground.late[node]
        work.begun[node] = now
        row, node = node, work.after[node]
    kept &= now + ground.time[row, end] <= ground.late[end]
    node, column = work.before[sentinel], end
    then = ground.late[end]
    while node < end:
        then = min(then - ground.time[node, column], ground.late[node])
        work.latest[node] = then
        column, node = node, work.before[node]
    return bool(kept)


@inner
def took(ground: Ground, work: Work, r: int, stop: int, place: int) -> int:
    """Shortest time of route `r`, windows kept, with `stop` put after the node `place` (both -1: as it is).

    Segments of time windows as in Vidal, Crainic, Gendreau & Prins (2013), 4.1: time, earliest, latest begin.
    """
    end = len(ground.cost) - 1
    lasts, early, late = 0, ground.early[0], ground.late[0]
    row, node = 0, end + r
    while True:
        follower = stop if node == place else work.after[place if node == stop else node]
        if follower >= end:
            break
        shift = lasts + ground.time[row, follower]
        wait = max(0, ground.early[follower] - shift - late)
        early, late = max(ground.early[follower] - shift, early) - wait, min(ground.late[follower] - shift, late)
        lasts = shift + wait
        row = node = follower
    shift = lasts + ground.time[row, end]
    return int(shift + max(0, ground.early[end] - shift - late))
