"""The search for periodic rounds: ruin and recreate under simulated annealing, in compiled loops."""

from __future__ import annotations

import math
import time

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._rounds_rebuild import Dice, Seats, drawn, recreate, ruin
from gis_planner.optimise._rounds_terms import Flags, Ints, State, Terms, measure, new_state, total

STEPS = 200
HOT, COLD = 1.0, 0.03
"""First and last temperature, in parts of the mean cost of a visit."""


@compiled
def _undo(terms: Terms, state: State, before: State, touched: Flags, out: Ints, old: Ints, gone: int) -> None:
    for k in range(gone):
        state.chosen[out[k]] = old[k]
        state.who[:, out[k]] = -1
    for day in range(touched.shape[0]):
        for crew in range(touched.shape[1]):
            if touched[day, crew]:
                count = before.filled[day, crew]
                state.filled[day, crew] = count
                for k in range(count + 2):
                    state.order[day, crew, k] = before.order[day, crew, k]
                measure(terms, state, day, crew)


@compiled
def _keep(state: State, best: State) -> None:
    best.filled[:] = state.filled
    best.chosen[:] = state.chosen
    for day in range(state.filled.shape[0]):
        for crew in range(state.filled.shape[1]):
            for k in range(state.filled[day, crew] + 2):
                best.order[day, crew, k] = state.order[day, crew, k]


@compiled
def anneal(
    terms: Terms, state: State, before: State, best: State, best_cost: float, seats: Seats, dice: Dice, heat: float,
    steps: int,
) -> float:
    """`steps` steps at one temperature; the cost of the best rounds so far, which are in `best`."""
    days, crews = terms.works.shape
    sites = terms.load.size
    touched, ruined = np.zeros((days, crews), np.int8), np.zeros((days, crews), np.int8)
    out, old = np.zeros(sites, np.int64), np.zeros(sites, np.int64)
    cost = total(terms, state)
    for _ in range(steps):
        touched[:] = 0
        gone, paid = ruin(terms, state, before, touched, out, old, ruined, dice)
        change = recreate(terms, state, before, touched, out, gone, seats, dice) - paid
        for day in range(days):
            for crew in range(crews):
                if touched[day, crew]:
                    change += state.cost[day, crew] - before.cost[day, crew]
        if change < -heat * np.log(1.0 - drawn(dice)):
            cost += change
            if cost < best_cost - 1e-9 * max(1.0, abs(best_cost)):
                best_cost = cost
                _keep(state, best)
        else:
            _undo(terms, state, before, touched, out, old, gone)
    return best_cost


@compiled
def fill(
    terms: Terms, state: State, before: State, touched: Flags, out: Ints, gone: int, seats: Seats, dice: Dice,
) -> float:
    """Place the first `gone` sites of `out`, one after the other; what they pay apart from the routes."""
    return recreate(terms, state, before, touched, out, gone, seats, dice)


@compiled
def reckon(terms: Terms, state: State) -> float:
    """Cost of everything."""
    return total(terms, state)


class Search:
    """One annealing from nothing; `best` holds its rounds."""

    def __init__(self, terms: Terms, seed: int) -> None:
        days, crews = terms.works.shape
        sites = terms.load.size
        self.terms, self.best = terms, new_state(terms)
        self._state, self._before = new_state(terms), new_state(terms)
        self._dice = np.random.default_rng(seed).integers(0, 2**63, 1, dtype=np.uint64)
        grid = (days, crews)
        self._seats = Seats(np.full(grid, np.inf), np.zeros(grid, np.int64), np.zeros(grid, np.int64),
                            np.zeros(days, np.int64), np.array([100]))
        touched = np.zeros(grid, np.int8)
        fill(terms, self._state, self._before, touched, np.arange(sites), sites, self._seats, self._dice)
        self.cost = reckon(terms, self._state)
        _keep(self._state, self.best)

    def run(self, iterations: int, limit_s: float | None = None) -> str:
        """Cool down over the iterations, or over `limit_s` processor seconds; says which: "iterations" or "clock"."""
        begun, done = time.process_time(), 0
        unit = self._unit()
        while done < iterations:
            share = done / iterations
            if limit_s is not None:
                share = max(share, (time.process_time() - begun) / limit_s)
                if share >= 1.0:
                    return "clock"
            heat = unit * HOT * math.exp(share * math.log(COLD / HOT))
            steps = min(STEPS, iterations - done)
            self.cost = anneal(self.terms, self._state, self._before, self.best, self.cost, self._seats, self._dice,
                               heat, steps)
            done += steps
        return "iterations"

    def _unit(self) -> float:
        visits = int(self._state.filled.sum())
        return float(self._state.cost.sum()) / max(1, visits)
