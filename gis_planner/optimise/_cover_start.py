"""Plans to begin from: greedy with every improving swap, and one annealing by swaps (Kirkpatrick et al. 1983)."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_search import anneal, fill, polish, state_of
from gis_planner.optimise._cover_state import fresh
from gis_planner.optimise.plan import Ints


def quick(problem: CoverProblem) -> tuple[float, Ints]:
    """Greedy and every improving swap: value and flags."""
    net, cost = problem.net, problem.prices
    none = np.zeros(cost.size, np.int8)
    state = fresh(net)
    _, purse = fill(net, state, cost, problem.room, problem.purse, none)
    purse = polish(net, state, cost, purse, none, none, 20)
    fill(net, state, cost, problem.room - int(state.is_open.sum()), purse, none)
    return float(problem.weight[state.times > 0].sum()), state.is_open


def run(problem: CoverProblem, flags: Ints, moves: int, hot: float, cold: float, seed: int) -> tuple[float, Ints]:
    """One annealing from `flags`, polished: value and flags."""
    net, cost = problem.net, problem.prices
    none = np.zeros(cost.size, np.int8)
    state = state_of(net, flags)
    chosen = np.flatnonzero(flags)
    purse = max(0.0, problem.purse - float(cost[chosen].sum()))
    typical = max(float(problem.weight[state.times > 0].sum()) / max(chosen.size, 1), 1e-9)
    random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
    _, kept = anneal(net, state, cost, problem.room - chosen.size, purse, none, none, moves, hot * typical,
                     cold * typical, random)
    state = state_of(net, kept)
    purse = max(0.0, problem.purse - float(cost[np.flatnonzero(kept)].sum()))
    purse = polish(net, state, cost, purse, none, none, 20)
    fill(net, state, cost, problem.room - int(state.is_open.sum()), purse, none)
    return float(problem.weight[state.times > 0].sum()), state.is_open
