"""What moves the answer: one thing at a time at the low and the high end of its range, everything else as stated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaincinv

from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Doubts, Future, Range, stated
from gis_planner.programmes.robust.sets import changed

TAIL = 0.1


@dataclass(frozen=True, slots=True)
class Factor:
    """One bar. low, high: values of the factor as a planner reads them; people_*: what the plan is then expected to
    serve; best_*: what the best set for it would; sites_changed: actions that this set would change, the greater of
    both ends.
    """

    factor_id: str
    label_en: str
    label_fr: str
    low: float
    high: float
    people_low: float
    people_high: float
    best_low: float
    best_high: float
    sites_changed: int

    @property
    def swing(self) -> float:
        """People between the two ends."""
        return abs(self.people_high - self.people_low)


def tornado(case: Case, doubts: Doubts) -> list[Factor]:
    """The factors whose range is stated, the one that moves most people first; ties by id."""
    bars = []
    for factor_id, (english, french), low, high, at_low, at_high in _factors(case, doubts):
        people_low, best_low, moved_low, _ = changed(case, at_low)
        people_high, best_high, moved_high, _ = changed(case, at_high)
        bars.append(Factor(factor_id, english, french, low, high, people_low, people_high, best_low, best_high,
                           max(moved_low, moved_high)))
    return sorted(bars, key=lambda bar: (-bar.swing, bar.factor_id))


Bar = tuple[str, tuple[str, str], float, float, Future, Future]


def _factors(case: Case, doubts: Doubts) -> Iterator[Bar]:
    base = stated(case)
    holes, repairs = case.drilled, ~case.drilled
    ratios: tuple[tuple[str, tuple[str, str], Range, Callable[[float], Future]], ...] = (
        ("population", ("people of every village, of the number counted", "habitants de chaque village, du compte"),
         doubts.population, lambda r: replace(base, population=base.population * r)),
        ("drill_price", ("price of drilling, of the price stated", "prix des forages, du prix indiqué"),
         doubts.drill_price, lambda r: replace(base, price=np.where(holes, r, 1.0))),
        ("repair_price", ("price of repairs, of the price stated", "prix des réparations, du prix indiqué"),
         doubts.repair_price, lambda r: replace(base, price=np.where(repairs, r, 1.0))),
        ("repair_success", ("success of repairs, of the chance stated",
                            "succès des réparations, de la chance indiquée"),
         doubts.repair_success,
         lambda r: replace(base, success=np.where(repairs, np.minimum(base.success * r, 1.0), base.success))),
        ("speed", ("walking speed, of the speed stated", "vitesse de marche, de la vitesse indiquée"), doubts.speed,
         lambda r: replace(base, speed=r)),
        ("queue", ("queue, of the minutes stated", "attente, des minutes indiquées"), doubts.queue,
         lambda r: replace(base, queue=r)),
    )
    for factor_id, words, span, future in ratios:
        if span.low < span.high:
            yield factor_id, words, span.low, span.high, future(span.low), future(span.high)
    if holes.any():
        low, high = (np.where(holes, betaincinv(case.alpha, case.beta, share), base.success)
                     for share in (TAIL, 1 - TAIL))
        yield ("drill_success", ("mean chance of water, 10 and 90 % of the belief",
                                 "chance moyenne d'eau, 10 et 90 % de la croyance"),
               float(low[holes].mean()), float(high[holes].mean()), replace(base, success=low),
               replace(base, success=high))
    if len(case.unknown):
        none, every = base.works.copy(), base.works.copy()
        none[case.unknown], every[case.unknown] = False, True
        yield ("unknown_status", ("points of unknown status that work, share",
                                  "points d'état inconnu qui marchent, part"),
               0.0, 1.0, replace(base, works=none), replace(base, works=every))
