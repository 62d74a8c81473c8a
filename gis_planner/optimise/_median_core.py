"""What is left of a p-median after fixing, as a mixed integer program over the pairs that a better plan could use."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, vstack

from gis_planner.optimise._highs import Outcome, Program, solve
from gis_planner.optimise.plan import Floats, Ints


def useful_pairs(price: Floats, multiplier: Floats, live: Ints, bound: float, least: float) -> tuple[Ints, Ints]:
    """Demands and places in `live` of the pairs whose use would still allow a total below `least`."""
    extra = np.maximum(price[live] - multiplier[None, :], 0.0)
    place, demand = np.nonzero(bound + extra <= least + 1e-6)
    order = np.lexsort((place, demand))
    return demand[order], place[order]


def solve_core(
    price: Floats, pairs: tuple[Ints, Ints], live: Ints, status: Ints, p: int, *, nodes: int, seed: int, whole: bool,
) -> tuple[Ints | None, Outcome]:
    """The p sites of least total price over `pairs`; None when nothing was found."""
    demand, place = pairs
    sites, size, people = live.size, demand.size, price.shape[1]
    at, ones = np.arange(size), np.ones(size)
    width = sites + size
    rows = csr_array(vstack([
        csr_array((ones, (demand, sites + at)), shape=(people, width)),
        csr_array((np.concatenate([ones, -ones]), (np.concatenate([at, at]), np.concatenate([sites + at, place]))),
                  shape=(size, width)),
        csr_array((np.ones(sites), (np.zeros(sites, np.int64), np.arange(sites))), shape=(1, width)),
    ], format="csr"))
    lower, upper = np.zeros(width), np.ones(width)
    lower[:sites][status[live] == 1] = 1.0
    program = Program(
        np.concatenate([np.zeros(sites), price[live[place], demand]]), rows,
        np.concatenate([np.ones(people), np.full(size, -np.inf), [float(p)]]),
        np.concatenate([np.ones(people), np.zeros(size), [float(p)]]), lower, upper, np.arange(width) < sites, False)
    outcome = solve(program, nodes=nodes, seed=seed, absolute_gap=0.999 if whole else 0.0)
    chosen = None if outcome.values is None else live[np.flatnonzero(outcome.values[:sites] > 0.5)]
    return chosen, outcome
