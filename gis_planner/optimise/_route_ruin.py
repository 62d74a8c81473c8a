"""Ruin and recreate: strings of neighbouring stops are taken out of their routes and put back where they cost least.

Christiaens & Vanden Berghe (2020), Slack induction by string removals for vehicle routing problems, Transportation
Science 54(2), 417-433, doi 10.1287/trsc.2019.0914: string removal, split strings, greedy insertion with blinks,
simulated annealing. Insertion looks only beside the nearest stops, and at all of a fleet's routes when that fails.
"""

from __future__ import annotations

import math

import numpy as np

from gis_planner.optimise._route_state import (
    ABSENT,
    Ground,
    Ints,
    Work,
    attach,
    detach,
    draw,
    free,
    inner,
    outside,
    retime,
    took,
)

REMOVED = 10.0
LONGEST = 10.0
SPLIT = 0.5
BLINK = 0.01
NOWHERE = 1e300
WIDEST = 2.0**40
"""More than any detour in whole numbers."""
LOG_NO_BLINK = math.log(1.0 - BLINK)


@inner
def _touch(work: Work, r: int, count: int, turn: int) -> int:
    if work.stamp[r] != turn:
        work.stamp[r] = turn
        work.touched[count] = r
        return count + 1
    return count


@inner
def _take(ground: Ground, work: Work, stop: int, gone: int) -> float:
    work.gone[gone], work.gone_from[gone] = stop, work.before[stop]
    return detach(ground, work, stop)


@inner
def _string(ground: Ground, work: Work, stop: int, longest: float, gone: int) -> tuple[int, float]:
    """Take a string of stops that holds `stop` out of its route, now and then with a piece in the middle kept."""
    end = len(ground.cost) - 1
    size = work.size[work.route[stop]]
    length = int(1.0 + draw(work.rng) * min(float(size), longest))
    length = min(length, size)
    kept = 0
    if 1 < length < size and draw(work.rng) < SPLIT:
        kept = 1
        while length + kept < size and draw(work.rng) < BLINK:
            kept += 1
    whole = length + kept
    ahead, node = 0, work.after[stop]
    while ahead < whole - 1 and node < end:
        ahead, node = ahead + 1, work.after[node]
    behind, node = 0, work.before[stop]
    while behind < whole - 1 and node < end:
        behind, node = behind + 1, work.before[node]
    least = max(0, whole - 1 - ahead)
    back = least + int(draw(work.rng) * (min(whole - 1, behind) - least + 1))
    node = stop
    for _ in range(back):
        node = work.before[node]
    skip_at = 1 + int(draw(work.rng) * (length - 1)) if kept else -1
    change, done = 0.0, 0
    while done < length:
        if done == skip_at:
            for _ in range(kept):
                node = work.after[node]
        follower = work.after[node]
        change += _take(ground, work, node, gone)
        gone, done, node = gone + 1, done + 1, follower
    return gone, change


@inner
def _ruin(ground: Ground, work: Work, turn: int) -> tuple[int, int, float]:
    """Take strings out near a stop drawn at random: stops gone, routes touched, change of cost."""
    stops = len(ground.cost) - 2
    seed = 1 + int(draw(work.rng) * stops)
    longest = min(LONGEST, work.used[1] / max(1, work.used[0]))
    strings = int(1.0 + draw(work.rng) * (4.0 * REMOVED / (1.0 + longest) - 1.0))
    gone, routes, change = 0, 0, 0.0
    for k in range(-1, ground.near.shape[1]):
        stop = seed if k < 0 else ground.near[seed, k]
        r = work.route[stop]
        if r == ABSENT:
            if not ground.needed[stop] and gone < 3 * REMOVED:
                known = False
                for j in range(gone):
                    known |= work.gone[j] == stop
                if not known:
                    work.gone[gone], work.gone_from[gone] = stop, ABSENT
                    gone += 1
            continue
        if work.stamp[r] == turn:
            continue
        routes = _touch(work, r, routes, turn)
        gone, less = _string(ground, work, stop, longest, gone)
        change += less
        strings -= 1
        if strings <= 0:
            break
    return gone, routes, change


@inner
def _sort(ground: Ground, work: Work, gone: int) -> None:
    """Order the stops that are out: at random, by load, far or near first, or by their windows."""
    end = len(ground.cost) - 1
    kind = draw(work.rng) * (17.0 if ground.timed else 11.0)
    for k in range(gone):
        stop = work.gone[k]
        if kind < 4.0:
            key = draw(work.rng)
        elif kind < 8.0:
            key = -float(ground.load[stop, 0]) if ground.load.shape[1] else draw(work.rng)
        elif kind < 10.0:
            key = -float(ground.cost[0, stop])
        elif kind < 11.0:
            key = float(ground.cost[0, stop])
        elif kind < 13.0:
            key = float(min(ground.late[stop], ground.late[end]) - ground.early[stop])
        elif kind < 15.0:
            key = float(ground.early[stop])
        else:
            key = -float(ground.late[stop])
        work.key[k] = key
        at = k
        while at > 0 and work.key[work.order[at - 1]] > key:
            work.order[at] = work.order[at - 1]
            at -= 1
        work.order[at] = k


@inner
def _fits(ground: Ground, work: Work, stop: int, r: int) -> bool:
    fits = True
    for k in range(len(ground.room)):
        fits &= work.carried[r, k] + ground.load[stop, k] <= ground.room[k]
    return fits


@inner
def _in_time(ground: Ground, work: Work, stop: int, node: int) -> bool:
    """Whether `stop` can stand after `node` by windows and by the longest time of a route."""
    end = len(ground.cost) - 1
    follower, r = work.after[node], work.route[node]
    row, column = (node if node < end else 0), min(follower, end)
    if ground.timed:
        begins = max(work.begun[node] + ground.time[row, stop], ground.early[stop])
        if begins > ground.late[stop] or begins + ground.time[stop, column] > work.latest[follower]:
            return False
        return not ground.spanned or bool(took(ground, work, r, stop, node) <= ground.longest)
    if ground.spanned:
        return bool(work.span[r] + _longer(ground, work, stop, node) <= ground.longest)
    return True


@inner
def _longer(ground: Ground, work: Work, stop: int, node: int) -> int:
    end = len(ground.cost) - 1
    follower = work.after[node]
    row, column = (node if node < end else 0), min(follower, end)
    longer = ground.time[row, stop] + ground.time[stop, column]
    if node < end or follower < end:
        longer -= ground.time[row, column]
    return int(longer)


@inner
def _price(ground: Ground, work: Work, stop: int, node: int, change: float) -> float:
    """`change` with what the band of route times adds when `stop` is put after `node`."""
    if ground.weight == 0.0:
        return change
    r = work.route[node]
    before = outside(ground, work.span[r]) if work.size[r] else 0.0
    return change + outside(ground, work.span[r] + _longer(ground, work, stop, node)) - before


@inner
def _next_blink(work: Work) -> int:
    """After how many places the next one is passed over: each is with probability BLINK."""
    return 1 + int(math.log(1.0 - draw(work.rng)) / LOG_NO_BLINK)


@inner
def _place(ground: Ground, work: Work, stop: int, most: float) -> tuple[int, float]:
    """The node after which `stop` costs least, and that cost; -1 when it fits nowhere for less than `most`.

    A detour between two places costs at least `least` less the way between them, unless one of them came before.
    What can be no better, or has no room, is sifted out first in a loop without branches.
    """
    end = len(ground.cost) - 1
    best, at, blink = most, -1, work.blink[0]
    near, near_cost, there, back = ground.near[stop], ground.near_cost[stop], ground.cost[stop], ground.back[stop]
    least, reach, likely = ground.least[stop], work.reach, work.likely
    route, after, before, step, carried = work.route, work.after, work.before, work.step, work.carried
    load, room = (ground.load[stop, 0], ground.room[0]) if len(ground.room) else (0, 0)
    single, banded = len(ground.room) <= 1, ground.weight != 0.0
    plain = not ground.timed and not ground.spanned
    spare = room - load
    cut, count = math.ceil(WIDEST if banded else min(best, WIDEST)), 0
    for k in range(ground.beside):
        beside = np.uintp(near[k])
        likely[np.uintp(count)] = k
        count += (least[k] - reach[beside] < cut) & (carried[route[beside], 0] <= spare)
    for j in range(count):
        k = likely[j]
        node = near[k]
        if route[node] == ABSENT or (not single and not _fits(ground, work, stop, route[node])):
            continue
        if least[k] - reach[node] >= best and not banded:
            continue
        previous = before[node]
        low = float(near_cost[k] + there[min(after[node], end)] - step[node])
        other = float(back[previous if previous < end else 0] + there[node] - step[previous])
        if low >= best and other >= best and not banded:
            continue
        for side in range(2):
            change, place = (low, node) if side == 0 else (other, previous)
            if change >= best and not banded:
                continue
            blink -= 1
            if blink <= 0:
                blink = _next_blink(work)
                continue
            if not plain:
                change = _price(ground, work, stop, place, change)
                if change >= best or not _in_time(ground, work, stop, place):
                    continue
            best, at = change, place
    work.blink[0] = blink
    if at < 0:
        for r in range(len(work.size)):
            if work.size[r] and _fits(ground, work, stop, r):
                node = end + r
                for _ in range(work.size[r] + 1):
                    row, column = (node if node < end else 0), min(work.after[node], end)
                    change = float(ground.back[stop, row]) + ground.cost[stop, column] - work.step[node]
                    change = _price(ground, work, stop, node, change)
                    if change < best and _in_time(ground, work, stop, node):
                        best, at = change, node
                    node = work.after[node]
    alone = ground.fixed + ground.cost[0, stop] + ground.cost[stop, end]
    if alone < best or ground.weight != 0.0:
        for r in range(len(work.size)):
            if not work.size[r]:
                alone = _price(ground, work, stop, end + r, alone)
                if alone < best and _in_time(ground, work, stop, end + r):
                    best, at = alone, end + r
                break
    return at, best


@inner
def _recreate(
    ground: Ground, work: Work, gone: int, routes: int, turn: int, most: float,
) -> tuple[int, int, float, bool]:
    """Put the stops that are out back in, one by one: stops put, routes touched, change of cost, all needed put.

    It gives up once the change is `most` or more, since the stops still out only add to it.
    """
    change, put = 0.0, 0
    for k in range(gone):
        stop = work.gone[work.order[k]]
        node, more = _place(ground, work, stop, most - change)
        if node < 0:
            if ground.needed[stop]:
                return put, routes, change, False
            continue
        if not ground.needed[stop] and more >= ground.prize[stop]:
            continue
        routes = _touch(work, work.route[node], routes, turn)
        change += attach(ground, work, stop, node)
        work.put[put] = stop
        put += 1
        if ground.timed:
            retime(ground, work, work.route[stop])
    return put, routes, change, True


@inner
def _undo(ground: Ground, work: Work, gone: int, put: int, routes: int) -> None:
    for k in range(put - 1, -1, -1):
        detach(ground, work, work.put[k])
    for k in range(gone - 1, -1, -1):
        if work.gone_from[k] != ABSENT:
            attach(ground, work, work.gone[k], work.gone_from[k])
    if ground.timed:
        for k in range(routes):
            retime(ground, work, work.touched[k])


@inner
def _keep(work: Work) -> None:
    for node in range(len(work.best)):
        work.best[node] = work.after[node]


@free
def anneal(
    ground: Ground, work: Work, turns: int, first: float, last: float, cost: float, best: float, since: int,
) -> tuple[float, float]:
    """`turns` of ruin and recreate while the temperature falls from `first` to `last`: costs of `work` and of its best.

    since: turns made before with this `work` (stamps of routes are numbered through).
    """
    certain = ground.weight == 0.0
    for stop in range(1, len(ground.cost) - 1):
        certain &= ground.needed[stop] == 1
    cooling = (last / first) ** (1.0 / max(1, turns))
    heat = first
    for turn in range(since + 1, since + turns + 1):
        heat *= cooling
        gone, routes, change = _ruin(ground, work, turn)
        sound = True
        if ground.timed:
            for k in range(routes):
                sound &= retime(ground, work, work.touched[k])
        put, allowed = 0, -heat * math.log(max(draw(work.rng), 1e-300))
        if sound:
            _sort(ground, work, gone)
            most = allowed - change if certain else NOWHERE
            put, routes, more, sound = _recreate(ground, work, gone, routes, turn, most)
            change += more
        if sound and change < allowed:
            cost += change
            if cost < best - 1e-6:
                best = cost
                _keep(work)
        else:
            _undo(ground, work, gone, put, routes)
    return cost, best


@free
def load_routes(ground: Ground, work: Work, flat: Ints, first: Ints) -> tuple[float, bool]:
    """Put routes of stops (`flat`, route r from `first[r]` on) into an empty `work`: its cost, and whether it is kept.

    Stops that are on none are inserted where they cost least when they are needed.
    """
    stops = len(ground.cost) - 2
    cost, kept = 0.0, True
    for stop in range(1, stops + 1):
        cost += ground.prize[stop]
    for r in range(len(first) - 1):
        node = stops + 1 + r
        for k in range(first[r], first[r + 1]):
            cost += attach(ground, work, flat[k], node)
            node = flat[k]
        if ground.timed:
            kept &= retime(ground, work, r)
    for stop in range(1, stops + 1):
        if work.route[stop] == ABSENT and ground.needed[stop]:
            node, _ = _place(ground, work, stop, NOWHERE)
            if node < 0:
                return cost, False
            cost += attach(ground, work, stop, node)
            if ground.timed:
                kept &= retime(ground, work, work.route[stop])
    _keep(work)
    return cost, kept
