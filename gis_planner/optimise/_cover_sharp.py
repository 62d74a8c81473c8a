"""Sharpens a Lagrangian bound by regions, and makes a plan of what the regions choose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from gis_planner.optimise._cover_bound import choose
from gis_planner.optimise._cover_lagrange import Bound
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_search import close_dearest, fill, polish, state_of
from gis_planner.optimise._cover_split import couplings, demand_labels, grown, split_bound
from gis_planner.optimise.plan import Floats, Ints

MASS = 8.0
"""Open sites in a region: more leave fewer borders, fewer end sooner."""

HOPELESS = 0.05
"""A region whose root is further from its best value than this part of what a site covers gets few nodes."""


@dataclass(frozen=True)
class Sharp:
    """value: no plan covers more. picked: flags of the sites that the regions chose, whatever their number."""

    value: float
    picked: Ints


def sharpened(problem: CoverProblem, bound: Bound, plan: tuple[float, Ints], nodes: int, turns: int) -> Sharp:
    """The least bound over `turns` prices of the limit near the one of `bound`, `nodes` a region at most."""
    value, flags = plan
    limit, budget = bound.side
    none = np.zeros(flags.size, np.int8)
    price = choose(bound.score, problem.prices, limit, budget, none, none)[2]
    unit = np.ones(flags.size) if limit >= 0 else problem.prices
    room = float(limit) if limit >= 0 else budget
    if price <= 0.0 or (unit <= 0.0).any():
        return Sharp(bound.value, flags)
    order, starts = _regions(problem, bound, price * unit, flags)
    typical = value / max(int(flags.sum()), 1)
    tolerance = 1e-5 * value / max(starts.size - 1, 1)
    best, change = Sharp(bound.value, flags), 0.004
    was = 0.0
    for _ in range(turns):
        total, _, use, _ = split_bound(problem.net, bound.multiplier, bound.score, price * unit, order, starts, flags,
                                       tolerance, HOPELESS * typical, nodes)
        picked = (use > 0.5).astype(np.int8)
        if total + price * room < best.value:
            best = Sharp(total + price * room, picked)
        over = float((use * unit).sum()) - room
        if abs(over) < 0.5 * float(unit.mean()) or best.value <= value * (1 + 1e-5):
            break
        change = change / 2 if over * was < 0 else change
        was = over
        price *= 1 + change if over > 0 else 1 - change
    return best


def _regions(problem: CoverProblem, bound: Bound, charge: Floats, flags: Ints) -> tuple[Ints, Ints]:
    """Demands in the order of their regions, and where each region starts.

    Sites near worth their price count as used in part; those that share most are joined while a region stays small.
    """
    use = np.exp(-np.maximum(charge - bound.score, 0.0) / (0.02 * np.maximum(charge, 1e-12)))
    use = np.where(flags > 0, np.maximum(use, 0.5), np.where(use > 0.05, use, 0.0))
    net, size = problem.net, flags.size
    first, second, worth = couplings(net, use, bound.multiplier)
    pairs = coo_array((worth, (first, second)), shape=(size, size)).tocsr().tocoo()
    order = np.argsort(-pairs.data, kind="stable")
    mass = use * (float(flags.sum()) / max(float(use.sum()), 1e-12))
    label = grown(pairs.row.astype(np.int64), pairs.col.astype(np.int64), order, mass, MASS)
    region = np.unique(demand_labels(net, label, np.where(use > 0, use, 1e-9)), return_inverse=True)[1]
    return np.argsort(region, kind="stable"), np.concatenate([[0], np.cumsum(np.bincount(region))])


def repaired(problem: CoverProblem, flags: Ints) -> tuple[float, Ints]:
    """A plan within room and purse from any flags: close what holds least, fill, swap while a swap helps."""
    net, cost = problem.net, problem.prices
    none = np.zeros(cost.size, np.int8)
    state = state_of(net, flags)
    purse = problem.purse - float(cost[np.flatnonzero(flags)].sum())
    room, purse = close_dearest(net, state, cost, problem.room - int(flags.sum()), purse)
    room, purse = fill(net, state, cost, room, purse, none)
    purse = polish(net, state, cost, purse, none, none, 20)
    fill(net, state, cost, room, purse, none)
    return float(problem.weight[state.times > 0].sum()), state.is_open
