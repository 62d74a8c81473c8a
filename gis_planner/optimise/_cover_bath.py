"""Heat-bath annealing of a choice of so many sites: one is closed, the next drawn among all by what it would add.

A swap drawn at random is rejected nearly always once the choice is good; here every closed site is weighed at once by
exp(gain / temperature) (the heat bath of Creutz 1980), which the gains that are kept up to date give for one pass.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_search import draw, polish, state_of
from gis_planner.optimise._cover_state import Net, State, close_site, open_site
from gis_planner.optimise.plan import Ints

DEPTH = 8.0
"""Sites whose weight is below exp(-DEPTH) of the greatest are not drawn."""


@compiled
def heat_bath(net: Net, state: State, moves: int, hot: float, cold: float, random: np.ndarray) -> tuple[float, Ints]:
    """Close a random site and draw its successor, `moves` times while it cools: best value seen and its sites as flags.

    Open sites have no gain, so they are never drawn. Changes `state`.
    """
    chosen = np.flatnonzero(state.is_open)
    value = 0.0
    for i in range(net.weight.size):
        if state.times[i] > 0:
            value += net.weight[i]
    best, kept = value, state.is_open.copy()
    heat, cooling = hot, (cold / hot) ** (1.0 / max(moves, 1))
    drawn, upto = np.zeros(state.gain.size, np.int64), np.zeros(state.gain.size)
    for _ in range(moves if chosen.size > 0 else 0):
        heat *= cooling
        place = int(draw(random) * chosen.size)
        value -= close_site(net, state, chosen[place])
        top = np.max(state.gain)
        least, many, total = max(top - DEPTH * heat, 1e-9), 0, 0.0
        for site in range(state.gain.size):
            if state.gain[site] >= least:
                total += np.exp((state.gain[site] - top) / heat)
                drawn[many], upto[many] = site, total
                many += 1
        if many > 0:
            chosen[place] = drawn[min(int(np.searchsorted(upto[:many], draw(random) * total)), many - 1)]
        value += open_site(net, state, chosen[place])
        if value > best + 1e-9:
            best = value
            kept[:] = state.is_open
    return best, kept


def bathed(problem: CoverProblem, flags: Ints, moves: int, hot: float, cold: float, seed: int) -> tuple[float, Ints]:
    """One heat-bath annealing from `flags` (as many sites as may be open, money no matter), polished: value and flags.

    hot, cold: in parts of what an open site covers on average.
    """
    net, none = problem.net, np.zeros(flags.size, np.int8)
    state = state_of(net, flags)
    typical = max(float(problem.weight[state.times > 0].sum()) / max(int(flags.sum()), 1), 1e-9)
    random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
    _, kept = heat_bath(net, state, moves, hot * typical, cold * typical, random)
    state = state_of(net, kept)
    polish(net, state, problem.prices, 0.0, none, none, 20)
    return float(problem.weight[state.times > 0].sum()), state.is_open
