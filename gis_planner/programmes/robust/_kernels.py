"""Compiled kernels: people to places by augmenting paths, and a set of actions improved step by step.

Pairs are stored place by place, nearest group first; `ok` marks those within reach in the future at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np

LEAST = 1e-7
"""People below which a flow counts as none."""


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` compiled by numba and kept on disk."""
    return cast(Callable[..., Any], numba.njit(cache=True, nogil=True)(function))


@compiled
def nearest_pairs(order: Any, group: Any, place: Any, ok: Any, rest: Any, room: Any, flow: Any) -> None:
    """Give people to places pair by pair in `order` (nearest first), as long as there are both."""
    for at in order:
        if ok[at]:
            some = min(rest[group[at]], room[place[at]])
            if some > 0:
                flow[at] += some
                rest[group[at]] -= some
                room[place[at]] -= some


@compiled
def augment(
    start: int, ptr: Any, group: Any, place: Any, by_group_ptr: Any, by_group: Any, ok: Any, rest: Any, room: Any,
    flow: Any,
) -> float:
    """Fill place `start` along shortest augmenting paths (Edmonds and Karp 1972); returns the people it gained."""
    places, groups = len(ptr) - 1, len(rest)
    gained = 0.0
    while room[start] > LEAST:
        via_in = np.full(places, -1, np.int64)
        via_out = np.full(places, -1, np.int64)
        seen_group = np.zeros(groups, np.bool_)
        seen = np.zeros(places, np.bool_)
        queue = np.empty(places, np.int64)
        queue[0], head, tail = start, 0, 1
        seen[start] = True
        last = -1
        while head < tail and last < 0:
            here = queue[head]
            head += 1
            for at in range(ptr[here], ptr[here + 1]):
                who = group[at]
                if not ok[at] or seen_group[who]:
                    continue
                if rest[who] > LEAST:
                    last = at
                    break
                seen_group[who] = True
                for k in range(by_group_ptr[who], by_group_ptr[who + 1]):
                    other = by_group[k]
                    to = place[other]
                    if flow[other] > LEAST and not seen[to]:
                        seen[to] = True
                        via_in[to], via_out[to] = at, other
                        queue[tail] = to
                        tail += 1
        if last < 0:
            break
        some = min(room[start], rest[group[last]])
        here = place[last]
        while here != start:
            some = min(some, flow[via_out[here]])
            here = place[via_in[here]]
        flow[last] += some
        rest[group[last]] -= some
        here = place[last]
        while here != start:
            flow[via_out[here]] -= some
            flow[via_in[here]] += some
            here = place[via_in[here]]
        room[start] -= some
        gained += some
    return gained


@compiled
def served_by(
    order: Any, ptr: Any, group: Any, place: Any, by_group_ptr: Any, by_group: Any, ok: Any, rest: Any, room: Any,
    flow: Any,
) -> None:
    """Most people, places in `order` first: each takes its nearest, then what augmenting paths free for it."""
    for here in order:
        for at in range(ptr[here], ptr[here + 1]):
            if ok[at]:
                some = min(rest[group[at]], room[here])
                if some > 0:
                    flow[at] += some
                    rest[group[at]] -= some
                    room[here] -= some
        augment(here, ptr, group, place, by_group_ptr, by_group, ok, rest, room, flow)


@compiled
def _gain(a: int, ptr: Any, group: Any, ok: Any, rest: Any, weight: Any, capacity: Any) -> float:
    room = capacity[a]
    total = 0.0
    for at in range(ptr[a], ptr[a + 1]):
        if ok[at]:
            some = min(rest[group[at]], room)
            if some > 0:
                total += some * weight[group[at]]
                room -= some
                if room <= 0:
                    break
    return total


@compiled
def _put(a: int, ptr: Any, group: Any, ok: Any, rest: Any, weight: Any, capacity: Any, flow: Any) -> float:
    room = capacity[a]
    total = 0.0
    for at in range(ptr[a], ptr[a + 1]):
        if ok[at]:
            some = min(rest[group[at]], room)
            if some > 0:
                flow[at] += some
                rest[group[at]] -= some
                room -= some
                total += some * weight[group[at]]
    return total


@compiled
def _take(a: int, ptr: Any, group: Any, rest: Any, flow: Any) -> None:
    for at in range(ptr[a], ptr[a + 1]):
        if flow[at] > 0:
            rest[group[at]] += flow[at]
            flow[at] = 0.0


@compiled
def _place_anew(
    order: Any, chosen: Any, people: Any, ptr: Any, group: Any, ok: Any, rest: Any, weight: Any, capacity: Any,
    flow: Any, got: Any,
) -> None:
    """Send people to the chosen actions from nothing, the surest first."""
    rest[:] = people
    flow[:] = 0.0
    got[:] = 0.0
    for a in order:
        if chosen[a]:
            got[a] = _put(a, ptr, group, ok, rest, weight, capacity, flow)


@compiled
def _free(a: int, chosen: Any, rival: Any, need_a: Any, need_b: Any) -> bool:
    if rival[a] >= 0:
        for other in range(len(chosen)):
            if chosen[other] and other != a and rival[other] == rival[a]:
                return False
    free = True
    for k in range(len(need_a)):
        free &= need_a[k] != a or chosen[need_b[k]]
    return free


@compiled
def _needed(a: int, chosen: Any, need_a: Any, need_b: Any) -> bool:
    needed = False
    for k in range(len(need_a)):
        needed |= need_b[k] == a and chosen[need_a[k]]
    return needed


@compiled
def _fill(
    money: float, skip: int, ptr: Any, group: Any, ok: Any, rest: Any, weight: Any, capacity: Any, success: Any,
    cost: Any, rival: Any, need_a: Any, need_b: Any, banned: Any, chosen: Any, got: Any, flow: Any,
) -> float:
    """Add actions by gain per franc until none fits; returns the money left."""
    while True:
        best, worth = -1, 0.0
        for a in range(len(chosen)):
            if chosen[a] or banned[a] or a == skip or cost[a] > money or success[a] <= 0:
                continue
            gain = success[a] * _gain(a, ptr, group, ok, rest, weight, capacity)
            if gain > LEAST and gain / max(cost[a], 1.0) > worth and _free(a, chosen, rival, need_a, need_b):
                best, worth = a, gain / max(cost[a], 1.0)
        if best < 0:
            return money
        got[best] = _put(best, ptr, group, ok, rest, weight, capacity, flow)
        chosen[best] = True
        money -= cost[best]


@compiled
def improve(
    ptr: Any, group: Any, ok: Any, rest: Any, weight: Any, capacity: Any, success: Any, cost: Any, budget: float,
    rival: Any, need_a: Any, need_b: Any, locked: Any, banned: Any, chosen: Any, passes: int,
) -> float:
    """Improve `chosen` in place: fill, then drop-and-fill and force-in moves until none helps or `passes` are over.

    People go to the surest chosen action near them, nearest first (no augmenting inside the search), so the value
    returned is at most that of the set. rest: people to serve; weight: what one person of each
    group counts. Ties go to the lowest index.
    """
    actions = len(chosen)
    flow = np.zeros(len(group))
    got = np.zeros(actions)
    people = rest.copy()
    order = np.argsort(-success, kind="mergesort")
    money = budget - (cost * chosen).sum()
    _place_anew(order, chosen, people, ptr, group, ok, rest, weight, capacity, flow, got)
    while money < -1e-6:
        worst, least = -1, np.inf
        for a in range(actions):
            if chosen[a] and not locked[a] and not _needed(a, chosen, need_a, need_b):
                ratio = success[a] * got[a] / max(cost[a], 1.0)
                if cost[a] > 0 and ratio < least:
                    worst, least = a, ratio
        if worst < 0:
            break
        _take(worst, ptr, group, rest, flow)
        chosen[worst], got[worst] = False, 0.0
        money += cost[worst]
    money = _fill(money, -1, ptr, group, ok, rest, weight, capacity, success, cost, rival, need_a, need_b, banned,
                  chosen, got, flow)
    value = (success * got).sum()
    for _ in range(passes):
        before = value
        for out in range(2 * actions):
            a, force = out % actions, out >= actions
            if force == chosen[a] or (not force and (locked[a] or _needed(a, chosen, need_a, need_b))):
                continue
            if force and (banned[a] or success[a] <= 0 or cost[a] > budget):
                continue
            rest_was, flow_was, chosen_was, got_was = rest.copy(), flow.copy(), chosen.copy(), got.copy()
            money_was, skip = money, -1
            if force:
                _room_for(a, ptr, group, rest, success, cost, money, rival, need_a, need_b, locked, chosen, got, flow)
                money = budget - (cost * chosen).sum()
                if money >= cost[a] and _free(a, chosen, rival, need_a, need_b):
                    chosen[a] = True
                    money -= cost[a]
            else:
                chosen[a] = False
                money += cost[a]
                skip = a
            _place_anew(order, chosen, people, ptr, group, ok, rest, weight, capacity, flow, got)
            money = _fill(money, skip, ptr, group, ok, rest, weight, capacity, success, cost, rival, need_a, need_b,
                          banned, chosen, got, flow)
            now = (success * got).sum()
            if now > value + 1e-6 * max(value, 1.0):
                value = now
            else:
                rest[:], flow[:], chosen[:], got[:] = rest_was, flow_was, chosen_was, got_was
                money = money_was
        if value <= before:
            break
    return float(value)


@compiled
def _room_for(
    a: int, ptr: Any, group: Any, rest: Any, success: Any, cost: Any, money: float, rival: Any, need_a: Any,
    need_b: Any, locked: Any, chosen: Any, got: Any, flow: Any,
) -> None:
    """Take out the rival of `a`, then the actions that give least for their money, until `a` can be paid."""
    for other in range(len(chosen)):
        if chosen[other] and not locked[other] and rival[a] >= 0 and rival[other] == rival[a]:
            _take(other, ptr, group, rest, flow)
            chosen[other], got[other] = False, 0.0
            money += cost[other]
    while money < cost[a]:
        worst, least = -1, np.inf
        for other in range(len(chosen)):
            if chosen[other] and not locked[other] and cost[other] > 0 and not _needed(other, chosen, need_a, need_b):
                ratio = success[other] * got[other] / max(cost[other], 1.0)
                if ratio < least:
                    worst, least = other, ratio
        if worst < 0:
            break
        _take(worst, ptr, group, rest, flow)
        chosen[worst], got[worst] = False, 0.0
        money += cost[worst]
