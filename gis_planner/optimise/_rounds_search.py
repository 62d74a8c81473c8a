"""Hybrid genetic search for periodic routes: crossover, education, survivors, prices that follow the limits.

Vidal, Crainic, Gendreau, Lahrichi & Rei (2012), A hybrid genetic algorithm for multidepot and periodic vehicle routing
problems, Operations Research 60(3), 611-624, doi 10.1287/opre.1120.1048.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._rounds_offspring import cross_over, new_draw, random_start, to_tours
from gis_planner.optimise._rounds_pattern import educate
from gis_planner.optimise._rounds_population import KEEP, add, new_population, pick
from gis_planner.optimise._rounds_state import Floats, Ground, Price, clear, measure, new_work, totals

RESTART_AFTER = 4_000
FIRST = 2 * KEEP
EDUCATION = 2


Routes = tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True)
class Answer:
    """What a search found: routes per day and crew (sites from 1 on), the pattern of each site, and its length."""

    routes: Routes
    chosen: tuple[int, ...]
    length: float
    within: bool


class Search:
    """A population that can be let run for a while, be given a solution, and run on."""

    def __init__(self, ground: Ground, days: int, crews: int, xy: Floats, seed: int) -> None:
        self.ground, self.xy = ground, xy
        sites = ground.load.size - 1
        self._work, self._best = new_work(days, crews, sites), new_work(days, crews, sites)
        self._tours, self._sizes = np.zeros((days, sites + 1), np.int64), np.zeros(days, np.int64)
        self._turns, self._spare = np.tile(np.arange(1, sites + 1), (days + 1, 1)), np.zeros(sites + 8, np.int64)
        self._random = np.random.default_rng(seed)
        self._price = first_price(ground)
        self._mark, self._excess = np.inf, np.inf
        self._kept = [0, 0, 0]
        self.made = self.idle = 0
        self._fresh()

    def _fresh(self) -> None:
        self._people = new_population(self._work.filled.shape[0], self._turns.shape[1])
        self._begun, self._since = 0, 0

    def run(self, iterations: int, patience: int, limit_s: float | None = None) -> str:
        """Make children until a limit is met; says which: "iterations", "no improvement" or "clock"."""
        begun, last = time.process_time(), self.made + iterations
        while self.made < last:
            if self._since >= RESTART_AFTER:
                self._fresh()
            self._child()
            self.made += 1
            if self.idle >= patience and self._excess == 0.0:
                return "no improvement"
            if limit_s is not None and time.process_time() - begun > limit_s:
                return "clock"
        return "iterations"

    def _child(self) -> None:
        ground, work, price, people = self.ground, self._work, self._price, self._people
        if self._begun < FIRST:
            random_start(ground, work, price, self._random)
            self._begun += 1
        else:
            a, b = (pick(people, self._random, price.load, price.time) for _ in range(2))
            draw = new_draw(self._random, work.filled.shape[0], self._turns.shape[1])
            cross_over(ground, work, price, people.tours[a], people.sizes[a], people.tours[b], people.sizes[b], draw)
        self.idle += 1
        self._since += 1
        self._educate(price)
        heavy, late = self._take_in()
        self._adapt(heavy, late)
        if (heavy or late) and self._random.random() < 0.5:
            work.stale[:] = 1
            self._educate(Price(price.load * 10.0, price.time * 10.0))
            if totals(ground, work)[1:] == (0.0, 0.0):
                self._take_in()

    def _educate(self, price: Price) -> None:
        self._random.permuted(self._turns, axis=1, out=self._turns)
        educate(self.ground, self._work, price, self._turns, self._spare, EDUCATION)

    def _take_in(self) -> tuple[bool, bool]:
        """Add the worked solution to the population, remember it when it is the best; whether it breaks limits."""
        ground, work, price = self.ground, self._work, self._price
        length, heavy, late = totals(ground, work)
        to_tours(work, self.xy, self._tours, self._sizes)
        add(self._people, work, self._tours, self._sizes, np.array([length, heavy, late]), price.load, price.time)
        excess = heavy / max(1e-9, ground.room) + (late / max(1e-9, ground.shift) if ground.timed else 0.0)
        if excess < self._excess or (excess == self._excess and length < self._mark - 1e-9):
            self._mark, self._excess = length, excess
            for name in ("order", "filled", "chosen"):
                getattr(self._best, name)[:] = getattr(work, name)
            self.idle = self._since = 0
        return heavy > 0.0, late > 0.0

    def _adapt(self, heavy: bool, late: bool) -> None:
        """Prices rise when fewer than a fifth of a hundred children keep a limit, and fall when more do."""
        self._kept = [self._kept[0] + 1, self._kept[1] + (not heavy), self._kept[2] + (not late)]
        if self._kept[0] == 100:
            factors = [1.2 if kept < 20 else 0.85 if kept > 30 else 1.0 for kept in self._kept[1:]]
            load, hours = (min(max(p * f, 1e-3), 1e6) for p, f in zip(self._price, factors, strict=True))
            self._price, self._kept = Price(load, hours), [0, 0, 0]

    def give(self, answer: Answer) -> None:
        """Educate a solution made elsewhere and take it in."""
        clear(self._work)
        self._work.chosen[:] = answer.chosen
        for day, routes in enumerate(answer.routes):
            for crew, route in enumerate(routes):
                self._work.order[day, crew, 1 : len(route) + 1] = route
                self._work.filled[day, crew] = len(route)
                measure(self.ground, self._work, day, crew)
        self._take_in()
        self._educate(self._price)
        self._take_in()

    def answer(self) -> Answer:
        """The best so far: within the limits when any was, else the one least beyond them."""
        order, count = self._best.order, self._best.filled
        routes = tuple(
            tuple(tuple(int(s) for s in order[day, crew, 1 : count[day, crew] + 1]) for crew in range(count.shape[1]))
            for day in range(count.shape[0]))
        return Answer(routes, tuple(int(p) for p in self._best.chosen), float(self._mark), self._excess == 0.0)


def first_price(ground: Ground) -> Price:
    """Prices to begin with: the longest way for the largest load or time (Vidal 2022)."""
    far = float(ground.way.max())
    return Price(max(0.1, min(1000.0, far / max(1e-9, float(ground.load.max())))),
                 max(0.01, min(1000.0, far / max(1e-9, float(ground.hours.max())))))
