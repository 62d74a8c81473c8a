"""Futures drawn from what is doubtful: people, statuses, prices, success, walking speed and queue.

Ranges (low, stated, high) are drawn as triangular laws, chances as Beta laws, statuses as a coin of a drawn chance.
Draws are stratified (Latin hypercube; McKay, Beckman and Conover 1979), so that few futures cover each range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from gis_planner.problems import refused
from gis_planner.programmes.robust.case import Case

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PRIOR_WORTH = 10.0
KNOWN_CAP = 60.0


@dataclass(frozen=True, slots=True)
class Range:
    """Low, stated and high value of one thing; equal values mean that no doubt is stated."""

    low: float
    value: float
    high: float

    def __post_init__(self) -> None:
        if not (np.isfinite([self.low, self.value, self.high]).all() and 0 < self.low <= self.value <= self.high):
            raise refused("range", field="low, value, high", found=(self.low, self.value, self.high),
                          expected="0 < low <= value <= high", remedy="Mend the norm's low and high.",
                          remedy_fr="Corrigez les bornes de la norme.")

    def at(self, share: Floats) -> Floats:
        """Value below which `share` of the triangular law lies."""
        low, mode, high = self.low, self.value, self.high
        if high <= low:
            return np.full(np.shape(share), mode)
        cut = (mode - low) / (high - low)
        left = low + np.sqrt(np.maximum(share * (high - low) * (mode - low), 0))
        right = high - np.sqrt(np.maximum((1 - share) * (high - low) * (high - mode), 0))
        return np.asarray(np.where(share < cut, left, right), dtype=np.float64)


SURE = Range(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Doubts:
    """What may be otherwise. population, drill_price, repair_price, repair_success, speed, queue: ratios to the stated.

    village_population: (villages,) ranges of single villages that are known less well (an assumed population), or none.
    works_alpha, works_beta: Beta belief that a point of unknown status works.
    """

    population: Range = SURE
    drill_price: Range = SURE
    repair_price: Range = SURE
    repair_success: Range = SURE
    speed: Range = SURE
    queue: Range = SURE
    works_alpha: float = 6.4
    works_beta: float = 3.6
    village_population: tuple[Range | None, ...] = ()

    def of_village(self, village: int) -> Range:
        """Range of one village's people over the number counted."""
        own = self.village_population[village] if village < len(self.village_population) else None
        return own or self.population


@dataclass(frozen=True)
class Future:
    """One way that things may be.

    population (villages,), price (actions,): ratios. success (actions,): chance. works (points,): of today's points.
    """

    population: Floats
    price: Floats
    success: Floats
    works: Flags
    speed: float = 1.0
    queue: float = 1.0


def works_belief(share: Range, known_working: int, known_broken: int) -> tuple[float, float]:
    """Beta belief that an unknown point works: the norm, worth ten points, moved by the region's known points.

    Together they never count for more than 60: points whose status is unknown may differ from those that are known.
    """
    if not 0 < share.value < 1:
        raise refused("success-outside", field="works_share", found=share.value, expected="a share between 0 and 1",
                      remedy="Write for instance 0.64.", remedy_fr="Écrivez par exemple 0.64.")
    alpha, beta = share.value * PRIOR_WORTH + known_working, (1 - share.value) * PRIOR_WORTH + known_broken
    factor = min(1.0, KNOWN_CAP / (alpha + beta))
    return alpha * factor, beta * factor


def stated(case: Case) -> Future:
    """The future that the plan is made for: everything as stated."""
    works = np.where(np.isnan(case.point_works), float(case.counts_as_working), case.point_works) > 0.5
    return Future(np.ones(case.villages), np.ones(case.actions), case.success, works)


def strata(count: int, width: int, rng: np.random.Generator) -> Floats:
    """(count, width) uniform draws, each column with one draw in each of `count` equal steps."""
    steps = np.argsort(rng.random((count, width)), axis=0, kind="stable")
    return np.asarray((steps + rng.random((count, width))) / count, dtype=np.float64)


def draw_futures(case: Case, doubts: Doubts, count: int, seed: int) -> list[Future]:
    """`count` futures. Assumed, and said with the plan:

    people: half of the doubt is shared by all villages, half is each village's own; success of holes: the places of one
    village share their luck in the ground, villages do not; prices of holes and of repairs rise apart from each other.
    """
    rng = np.random.default_rng(seed)
    villages, unknown = case.villages, case.unknown
    common = strata(count, 7, rng)
    own_people, ground = strata(count, villages, rng), strata(count, villages, rng)
    coin = strata(count, len(unknown), rng) if len(unknown) else np.zeros((count, 0))
    base = stated(case)
    futures = []
    for at in range(count):
        population = np.array([
            np.sqrt(doubts.of_village(v).at(common[at, 0]) * doubts.of_village(v).at(own_people[at, v]))
            for v in range(villages)])
        chance = betaincinv(doubts.works_alpha, doubts.works_beta, common[at, 1])
        works = base.works.copy()
        works[unknown] = coin[at] < chance
        price = np.where(case.drilled, doubts.drill_price.at(common[at, 2]), doubts.repair_price.at(common[at, 3]))
        luck = ground[at][np.maximum(case.action_village, 0)]
        holes = betaincinv(case.alpha, case.beta, luck)
        repairs = np.minimum(case.success * doubts.repair_success.at(common[at, 4]), 1.0)
        futures.append(Future(population, price, np.where(case.drilled, holes, repairs), works,
                              float(doubts.speed.at(common[at, 5])), float(doubts.queue.at(common[at, 6]))))
    return futures


