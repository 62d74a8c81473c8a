"""What a set of actions is worth in a future, and a better set for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_planner.programmes.robust import _kernels
from gis_planner.programmes.robust.case import Case, Flags, Ints
from gis_planner.programmes.robust.draws import Future

Floats = npt.NDArray[np.float64]

PASSES = 3


@dataclass(frozen=True)
class Scene:
    """A future worked out. unserved (groups,) people; success, cost (actions,); reached (pairs of actions,).

    served_today: people with a place at a point of today.
    """

    unserved: Floats
    success: Floats
    cost: Floats
    reached: Flags
    served_today: float


def scene(case: Case, future: Future) -> Scene:
    """Who is unserved in a future (as many as possible have a place today, nearest first), and what actions cost there.

    An action that mends a point which turns out to work costs nothing and serves nobody: it is not done.
    """
    people = case.people * future.population[case.village]
    limit = max((case.trip_min - case.queue_min * future.queue) / 2, 0.0) * future.speed
    points, rest = case.point_pairs, people.copy()
    room = np.where(future.works, case.point_capacity, 0.0)
    ok = points.minutes <= limit + 1e-9
    flow = np.zeros(len(points.minutes))
    _kernels.nearest_pairs(points.order, points.group, points.place, ok, rest, room, flow)
    for at in np.flatnonzero(room > _kernels.LEAST):
        _kernels.augment(int(at), points.ptr, points.group, points.place, points.by_group_ptr, points.by_group, ok,
                         rest, room, flow)
    if len(case.offset):
        rest = np.clip(rest + case.offset * future.population[case.village], 0.0, people)
    idle = np.zeros(case.actions, np.bool_)
    mending = case.mends >= 0
    idle[mending] = future.works[case.mends[mending]]
    success = np.where(idle, 0.0, future.success)
    cost = (case.cost_fixed + success * case.cost_wet + (1 - success) * case.cost_dry) * future.price
    return Scene(rest, success, np.where(idle, 0.0, cost), case.action_pairs.minutes <= limit + 1e-9,
                 float(people.sum() - rest.sum()))


def spendable(budget: float) -> float:
    """The budget, with room for the rounding of sums: a thousand millionth and a thousandth of a franc."""
    return budget * (1 + 1e-9) + 1e-3


def affordable(order: Ints, cost: Floats, budget: float) -> Ints:
    """The actions of `order` that are still done when the money is spent in that order; one too dear is passed over."""
    kept, money = [], spendable(budget)
    for at in order:
        if cost[at] <= money:
            kept.append(int(at))
            money -= cost[at]
    return np.array(kept, dtype=np.int64)


def expected_people(case: Case, here: Scene, order: Ints) -> float:
    """People that the actions of `order` are expected to serve in a scene, as far as the money goes."""
    return float(served(case, here, order).sum())


def worth(case: Case, here: Scene, order: Ints) -> float:
    """The same with the weights of the plan's aim: what the choice is made by."""
    return float(served(case, here, order) @ case.weights)


def served(case: Case, here: Scene, order: Ints) -> Floats:
    """(groups,) people that the actions of `order` are expected to serve in a scene, as far as the money goes.

    Each person counts with the chance of success of the action that she is sent to; the assignment is the best one
    (surest places first, along augmenting paths: the served people of places form a polymatroid, on which the greedy
    order is optimal; Edmonds 1970).
    """
    done = affordable(order, here.cost, case.budget)
    done = done[here.success[done] > 0]
    done = done[np.lexsort((done, -here.success[done]))]
    pairs, rest, room = case.action_pairs, here.unserved.copy(), case.capacity.astype(np.float64)
    flow = np.zeros(len(pairs.minutes))
    _kernels.served_by(done, pairs.ptr, pairs.group, pairs.place, pairs.by_group_ptr, pairs.by_group, here.reached,
                       rest, room, flow)
    return np.asarray(np.bincount(pairs.group, flow * here.success[pairs.place], len(rest)), dtype=np.float64)


def choose_again(case: Case, here: Scene, start: Ints, *, fresh: bool = True, passes: int = PASSES) -> Ints:
    """A set for this scene in order of people per franc: from `start` and, with `fresh`, from nothing,
    improved, the better kept.

    A bounded local search (drop and fill, force in), not the exact solver; never worse than `start` in its own value.
    """
    pairs = case.action_pairs
    needs = case.needs.reshape(-1, 2).astype(np.int64)
    start = np.concatenate([case.required[~np.isin(case.required, start)], start]).astype(np.int64)
    locked, banned = case.flags(case.required), case.flags(case.excluded)
    best, value = start, worth(case, here, start)
    for first in (start, case.required) if fresh else (start,):
        chosen = case.flags(first)
        _kernels.improve(
            pairs.ptr, pairs.group, here.reached, here.unserved.copy(), case.weights, case.capacity.astype(np.float64),
            here.success, here.cost, spendable(case.budget), case.rivals, needs[:, 0].copy(), needs[:, 1].copy(),
            locked, banned, chosen, passes)
        order = by_worth(case, here, np.flatnonzero(chosen))
        got = worth(case, here, order)
        if got > value * (1 + 1e-9) + 1e-6:
            best, value = order, got
    return best


def by_worth(case: Case, here: Scene, chosen: Ints) -> Ints:
    """`chosen` with what is required first, then by people per franc alone; ties by index."""
    pairs = case.action_pairs
    near = np.bincount(pairs.place, (here.unserved * case.weights)[pairs.group] * here.reached, case.actions)
    alone = np.minimum(near, case.capacity) * here.success / np.maximum(here.cost, 1.0)
    must = case.flags(case.required)[chosen]
    return chosen[np.lexsort((chosen, -alone[chosen], ~must))]
