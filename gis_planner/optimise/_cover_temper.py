"""Several heat baths at heats of their own that exchange their choices (replica exchange: Swendsen and Wang 1986).

The hot ones cross from one family of plans to another, the cold ones work each out. At times every bath's choice is
cooled down quickly, and HiGHS chooses among the sites that any of these plans opens and those that were open most.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._cover_bath import BEST, PRICE, SPENT, VALUE, walk
from gis_planner.optimise._cover_merge import merged
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_search import state_of
from gis_planner.optimise._cover_sharp import repaired
from gis_planner.optimise._cover_state import State
from gis_planner.optimise._starts import cores
from gis_planner.optimise.plan import Floats, Ints

COLD, HOT = 0.005, 0.022
"""Least and greatest heat, in parts of what a unit of the limit (a site of average cost) covers on average."""

STEPS = 125
"""Steps of each bath between two exchanges."""

SLACK, SHARE = 2.0, 0.2
"""Sites (of average cost) above or below the limit, and the share of steps that open one more or close one."""

QUENCH = 20
"""Heats on the way from the coldest bath down to a sixth of it."""


@dataclass(frozen=True)
class Tempering:
    """baths: how many. exchanges: between neighbours, one every STEPS steps. merges: how often plans are merged.

    quench: steps of a quick cooling. filler: sites that were open most, beside those of the plans, in a merge.
    """

    baths: int
    exchanges: int
    merges: int
    quench: int
    filler: int


@dataclass
class Bath:
    """One choice on its walk. chosen: (sites,) open sites first; numbers: see `_cover_bath`; kept: the best flags."""

    state: State
    chosen: Ints
    numbers: Floats
    random: np.ndarray
    kept: Ints


@dataclass(frozen=True)
class Ground:
    """What the baths share: cost in units of the average (1 where sites are counted), how much of it may be spent, how
    many sites may open, and what a unit covers on average."""

    problem: CoverProblem
    cost: Floats
    purse: float
    most: int
    unit: float

    def walk(self, bath: Bath, steps: int, heat: float, slack: float, share: float) -> None:
        """Let `bath` walk at `heat`, in units of `unit`."""
        walk(self.problem.net, bath.state, self.cost, bath.chosen, bath.numbers, self.purse, self.most, slack, share,
             steps, heat * self.unit, bath.random, bath.kept)

    def bath(self, flags: Ints, price: float, seed: int) -> Bath:
        """A walk that starts from `flags`."""
        opened = np.flatnonzero(flags)
        chosen = np.zeros(flags.size, np.int64)
        chosen[:opened.size] = opened
        value = self.problem.value(opened)
        numbers = np.array([opened.size, float(self.cost[opened].sum()), value, price, 0.0])
        random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
        return Bath(state_of(self.problem.net, flags.astype(np.int8)), chosen, numbers, random, flags.astype(np.int8))


def ground_of(problem: CoverProblem, value: float) -> Ground:
    """The shared ground of a problem whose plans cover about `value`."""
    if problem.budget is None:
        cost, purse = np.ones(problem.reach.shape[1]), float(problem.room)
    else:
        mean = max(float(problem.prices.mean()), 1e-12)
        cost, purse = problem.prices / mean, problem.budget / mean
    return Ground(problem, cost, purse, problem.room, value / max(purse, 1.0))


def quenched(ground: Ground, flags: Ints, steps: int, seed: int) -> tuple[float, Ints]:
    """A plan within every limit from any flags, cooled from the coldest heat down: value and flags."""
    plan = repaired(ground.problem, flags)
    bath = ground.bath(plan[1], 0.0, seed)
    bath.numbers[BEST] = plan[0]
    for heat in np.geomspace(COLD, COLD / 6, QUENCH):
        ground.walk(bath, steps // QUENCH, float(heat), 0.0, 0.0)
    return max(plan, repaired(ground.problem, bath.kept), key=lambda item: item[0])


def exchange(baths: list[Bath], heats: Floats, first: int, random: np.random.Generator) -> None:
    """Neighbouring baths, from `first` on, swap their choices as their values at both prices have it.

    The price stays with the heat.
    """
    for lower in range(first, len(baths) - 1, 2):
        one, other = baths[lower].numbers, baths[lower + 1].numbers
        price, other_price = one[PRICE], other[PRICE]
        now = (one[VALUE] - price * one[SPENT]) / heats[lower]
        now += (other[VALUE] - other_price * other[SPENT]) / heats[lower + 1]
        then = (other[VALUE] - price * other[SPENT]) / heats[lower]
        then += (one[VALUE] - other_price * one[SPENT]) / heats[lower + 1]
        if np.log(max(random.random(), 1e-300)) < then - now:
            baths[lower], baths[lower + 1] = baths[lower + 1], baths[lower]
            one[PRICE], other[PRICE] = other_price, price


def temper(
    problem: CoverProblem, start: tuple[float, Ints], settings: Tempering, goal: float, seed: int,
) -> tuple[float, Ints]:
    """The best plan that the baths find from `start`; ends early at `goal`. The same on any number of threads."""
    best = start
    ground = ground_of(problem, start[0])
    random = np.random.default_rng(seed)
    opened = start[1] > 0
    price = float(np.min(state_of(problem.net, start[1]).loss[opened] / np.maximum(ground.cost[opened], 1e-9),
                         initial=ground.unit))
    baths = [ground.bath(start[1], price, seed * 1009 + number) for number in range(settings.baths)]
    heats = np.linspace(COLD, HOT, settings.baths)
    often = np.zeros(start[1].size)
    every = max(settings.exchanges // settings.merges, 1)
    with ThreadPoolExecutor(min(cores(), settings.baths)) as threads:
        for turn in range(settings.exchanges):
            list(threads.map(lambda k: ground.walk(baths[k], STEPS, float(heats[k]), SLACK, SHARE), range(len(baths))))
            for bath in baths[:len(baths) // 2 + 1]:
                often += bath.state.is_open
            exchange(baths, heats * ground.unit, turn % 2, random)
            if (turn + 1) % every:
                continue
            cooled = list(threads.map(lambda k, turn=turn: quenched(
                ground, baths[k].state.is_open, settings.quench, seed * 1_000_003 + turn * 101 + k), range(len(baths))))
            plans = [best, *cooled, *(repaired(problem, bath.kept) for bath in baths)]
            found = merged(problem, plans, np.argsort(-often, kind="stable")[:np.count_nonzero(often)],
                           settings.filler, seed)
            for bath in baths:
                bath.numbers[BEST] = 0.0
            if found[0] > best[0] + 1e-9:
                best = found
                baths[0] = ground.bath(best[1], float(baths[0].numbers[PRICE]), seed * 7919 + turn)
            if best[0] >= goal:
                break
    return best
