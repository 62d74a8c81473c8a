"""Whether a flow can be bettered: a walk through the residual network finds anyone more to serve or cheaper ways.

A flow is of least cost exactly when its residual network has no cycle of negative length, and serves most exactly
when no unserved person can reach spare room in it (Klein 1967; Ford and Fulkerson 1956).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array


def better_flow(table: csr_array, flow: csr_array, people: np.ndarray, capacity: np.ndarray) -> str:
    """In words, how the flow could be bettered; empty when it is the best."""
    demand, places = table.shape
    who = np.repeat(np.arange(demand), np.diff(table.indptr))
    where = table.indices
    sent = _entries(flow, who, where)
    spare_place = capacity - np.asarray(flow.sum(axis=0)).ravel() > 0
    spare_people = people - np.asarray(flow.sum(axis=1)).ravel() > 0
    back = sent > 0
    reached_demand, reached_place = spare_people.copy(), np.zeros(places, bool)
    while True:
        reached_place[where[reached_demand[who]]] = True
        more = np.zeros(demand, bool)
        more[who[back & reached_place[where]]] = True
        if not (more & ~reached_demand).any():
            break
        reached_demand |= more
    if (reached_place & spare_place).any():
        return f"more people could be served through {int(np.flatnonzero(reached_place & spare_place)[0])}"
    return _cheaper(table, who, where, back, spare_people, spare_place)


def richer_flow(gain: csr_array, flow: csr_array, people: np.ndarray, capacity: np.ndarray) -> str:
    """In words, that other people in other rooms would count more; gain: per person of every pair that may be used."""
    who = np.repeat(np.arange(gain.shape[0]), np.diff(gain.indptr))
    spare_place = capacity - np.asarray(flow.sum(axis=0)).ravel() > 0
    spare_people = people - np.asarray(flow.sum(axis=1)).ravel() > 0
    cost = csr_array((-gain.data, gain.indices, gain.indptr), shape=gain.shape)
    back = _entries(flow, who, gain.indices) > 0
    better = _cheaper(cost, who, gain.indices, back, spare_people, spare_place, leave_out=True)
    return "people served otherwise would count more" if better else ""


def _entries(flow: csr_array, who: np.ndarray, where: np.ndarray) -> np.ndarray:
    """(pairs,) people on each pair; pairs in row order with sorted columns. Flow on other pairs is left out."""
    held = csr_array(flow, copy=True)
    held.sum_duplicates()
    rows = np.repeat(np.arange(held.shape[0]), np.diff(held.indptr))
    keys = who * held.shape[1] + where
    asked, out = rows * held.shape[1] + held.indices, np.zeros(who.size)
    at = np.minimum(np.searchsorted(keys, asked), keys.size - 1)
    known = keys[at] == asked
    out[at[known]] = held.data[known]
    return out


def _cheaper(
    table: csr_array, who: np.ndarray, where: np.ndarray, back: np.ndarray, spare_people: np.ndarray,
    spare_place: np.ndarray, *, leave_out: bool = False,
) -> str:
    """Bellman and Ford over demands, places and one node each for those unserved and for room left.

    leave_out: how many are served is free, so room left and those unserved are one node.
    """
    demand, places = table.shape
    cost = np.asarray(table.data, dtype=np.float64)
    left, right = np.zeros(demand), np.zeros(places)
    idle, room = 0.0, 0.0
    served = np.zeros(demand, bool)
    served[who[back]] = True
    used = np.zeros(places, bool)
    used[where[back]] = True
    tolerance = 1e-7 * max(1.0, float(np.abs(cost).max(initial=0.0)))
    for _ in range(2 * (demand + places) + 4):
        new_right, new_left = right.copy(), left.copy()
        np.minimum.at(new_right, where, left[who] + cost)
        np.minimum.at(new_left, who[back], new_right[where[back]] - cost[back])
        new_room = min(room, float(new_right[spare_place].min(initial=0.0)))
        new_idle = min(idle, float(new_left[served].min(initial=0.0)))
        if leave_out:
            new_room = new_idle = min(new_room, new_idle)
        new_right[used] = np.minimum(new_right[used], new_room)
        new_left[spare_people] = np.minimum(new_left[spare_people], new_idle)
        moved = max(float(np.max(right - new_right, initial=0.0)), float(np.max(left - new_left, initial=0.0)))
        left, right, idle, room = new_left, new_right, new_idle, new_room
        if moved <= tolerance:
            return ""
    return "the same people could be served at less cost"
