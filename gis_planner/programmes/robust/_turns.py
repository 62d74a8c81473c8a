"""Compiled: actions taken one after another by a draw's weights, each counting the people whom earlier ones left."""

from __future__ import annotations

from typing import Any

import numpy as np

from gis_planner.programmes.robust._kernels import LEAST, compiled


@compiled
def in_turn(
    ptr: Any, group: Any, place: Any, by_group_ptr: Any, by_group: Any, ok: Any, unserved: Any, capacity: Any,
    success: Any, cost: Any, shorter: Any, lack: Any, firm: Any, rival: Any, scale: Any, weights: Any, most: int,
    count: Any, first: Any,
) -> None:
    """Add the turns of every draw (rows of `weights`) of one future to `count` (actions, most) and `first`.

    shorter: (pairs,) minutes that the walk shortens; lack: (groups,) unserved share of the village; scale: (5,) what
    counts as 1 for each of the first five criteria; firm: (actions,) the sixth.
    """
    actions, pairs = len(capacity), len(group)
    near0, minutes0, worst0 = np.zeros(actions), np.zeros(actions), np.zeros(actions)
    for at in range(pairs):
        if ok[at]:
            near0[place[at]] += unserved[group[at]]
            minutes0[place[at]] += unserved[group[at]] * shorter[at]
            worst0[place[at]] += unserved[group[at]] * lack[group[at]]
    score, touched = np.zeros(actions), np.zeros(actions, np.bool_)
    for draw in range(len(weights)):
        w = weights[draw]
        near, minutes, worst, left = near0.copy(), minutes0.copy(), worst0.copy(), unserved.copy()
        closed = success <= 0
        touched[:] = True
        for turn in range(most):
            best, top = -1, -1.0
            for a in range(actions):
                if closed[a]:
                    continue
                if touched[a]:
                    touched[a] = False
                    gained = min(near[a], capacity[a]) * success[a]
                    part = gained / near[a] if near[a] > LEAST else 0.0
                    score[a] = -1.0
                    if gained >= 1.0:
                        score[a] = (w[0] * gained / scale[0] + w[1] * minutes[a] * part / scale[1]
                                    + w[2] * gained / max(cost[a], 1.0) * 1e6 / scale[2] + w[3] * success[a] / scale[3]
                                    + w[4] * worst[a] * part / scale[4] + w[5] * firm[a])
                if score[a] > top * (1 + 1e-12):
                    best, top = a, score[a]
            if best < 0 or top < 0:
                break
            count[best, turn] += 1
            if turn == 0:
                first[best] += w
            closed[best] = True
            if rival[best] >= 0:
                for a in range(actions):
                    closed[a] |= rival[a] == rival[best]
            _serve(best, ptr, group, place, by_group_ptr, by_group, ok, capacity, shorter, lack, left, near, minutes,
                   worst, touched)


@compiled
def _serve(
    best: int, ptr: Any, group: Any, place: Any, by_group_ptr: Any, by_group: Any, ok: Any, capacity: Any, shorter: Any,
    lack: Any, left: Any, near: Any, minutes: Any, worst: Any, touched: Any,
) -> None:
    """Take the nearest people out of `left`, and out of what every other action has in reach."""
    room = capacity[best]
    for at in range(ptr[best], ptr[best + 1]):
        who = group[at]
        if not ok[at] or left[who] <= 0:
            continue
        some = min(left[who], room)
        left[who] -= some
        room -= some
        for k in range(by_group_ptr[who], by_group_ptr[who + 1]):
            other = by_group[k]
            if ok[other]:
                touched[place[other]] = True
                near[place[other]] -= some
                minutes[place[other]] -= some * shorter[other]
                worst[place[other]] -= some * lack[who]
        if room <= 0:
            break
