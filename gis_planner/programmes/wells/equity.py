"""Whose gain counts: weights for badly served villages or long walks, or the least served village in its turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gis_planner.programmes.people import Floats, Ints


@dataclass(frozen=True)
class Need:
    """Who lacks what. unserved, village: (groups,) people without a place, row of the village.

    people, served: (villages,). trip_min: (groups,) minutes of a round trip today of those without a place; the longest
    that people make where they have no source.
    """

    unserved: Ints
    village: Ints
    people: Floats
    served: Floats
    trip_min: Floats

    def shares(self, gained: Floats) -> Floats:
        """(villages,) share served when `gained` (groups,) people gain a place; 1 where nobody lives."""
        more = np.bincount(self.village, weights=gained, minlength=len(self.people))
        return np.divide(self.served + more, self.people, out=np.ones(len(self.people)), where=self.people > 0)


def weights(aim: str, weight: float, need: Need) -> Floats:
    """(groups,) what one person counts. worst_off: 1 where all of the village are served, `weight` where nobody is.

    minutes: the round trip of today over the mean of all without a place. Any other aim: 1.
    """
    if aim == "worst_off":
        lacking = 1.0 - need.shares(np.zeros(len(need.unserved)))
        return np.asarray(np.round(1.0 + (weight - 1.0) * lacking, 4)[need.village], dtype=np.float64)
    if aim == "minutes" and need.unserved.sum() > 0:
        mean = float(need.trip_min @ need.unserved) / float(need.unserved.sum())
        return np.asarray(np.round(need.trip_min / max(mean, 1e-9), 4), dtype=np.float64)
    return np.ones(len(need.unserved))


def in_turn(arrays: Mapping[str, Any], need: Need) -> list[int]:
    """Actions taken one by one: each time the village with the smallest share served gets its best for the money.

    Best: most expected people of that village per franc among the actions that the rest of the money pays. A village
    for which nothing is left waits, and the next one is asked. Ties by village id, then by action.
    """
    reach = arrays["reach"].tocsc()
    cost, success, capacity = arrays["cost"], arrays["success"], arrays["capacity"]
    group, left = arrays["exclusive"], need.unserved.copy()
    taken: list[int] = []
    closed = set(np.asarray(arrays["excluded"], dtype=np.int64).tolist())
    gained = np.zeros(len(left))
    money = float(arrays["budget"])

    def take(action: int) -> None:
        nonlocal money
        taken.append(action)
        money -= float(cost[action])
        closed.add(action)
        closed.update(np.flatnonzero((group == group[action]) & (group >= 0)).tolist())
        room = int(capacity[action])
        pairs = slice(reach.indptr[action], reach.indptr[action + 1])
        for at in reach.indices[pairs][np.argsort(reach.data[pairs], kind="stable")]:
            some = min(room, int(left[at]))
            left[at] -= some
            room -= some
            gained[at] += some * success[action]

    for action in arrays["required"]:
        take(int(action))
    while True:
        order = np.argsort(np.round(need.shares(gained), 9), kind="stable")
        best = next((found for village in order.tolist()
                     if (found := _best_for(village, reach, arrays, need, left, closed, money)) is not None), None)
        if best is None:
            return taken
        take(best)


def _best_for(
    village: int, reach: Any, arrays: Mapping[str, Any], need: Need, left: Ints, closed: set[int], money: float
) -> int | None:
    """The action with most expected people of a village per franc; None when none brings one person."""
    mine = np.where(need.village == village, left, 0)
    if not mine.any():
        return None
    near = np.asarray(reach.astype(bool).astype(np.int64).T @ mine)
    gain = np.minimum(near, arrays["capacity"]) * arrays["success"]
    worth = np.where((arrays["cost"] <= money + 1e-6) & (gain >= 1.0), gain / np.maximum(arrays["cost"], 1.0), 0.0)
    worth[list(closed)] = 0.0
    best = int(np.argmax(np.round(worth, 15)))
    return best if worth[best] > 0 else None
