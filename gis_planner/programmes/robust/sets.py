"""How often an action is in the best set, and the set that is least regretted, over futures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_planner.optimise.front import minimum_regret
from gis_planner.programmes.robust.case import Case, Ints
from gis_planner.programmes.robust.draws import Future, stated
from gis_planner.programmes.robust.value import Scene, by_worth, choose_again, expected_people, scene

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SetsOverFutures:
    """What making the choice again in each future says.

    chosen_share (actions,): share of futures whose set holds it. sets: the different sets, the plan's first.
    value (sets, futures): people expected. least_regret: row of `sets`; regret_of_plan and least: greatest regret of
    the plan and of that set, people. best (futures,).
    """

    chosen_share: Floats
    sets: tuple[Ints, ...]
    value: Floats
    least_regret: int
    regret_of_plan: float
    least: float

    @property
    def best(self) -> Floats:
        """(futures,) people expected of the best set of each future."""
        return np.asarray(self.value.max(axis=0), dtype=np.float64)


def sets_over_futures(case: Case, futures: Sequence[Future]) -> SetsOverFutures:
    """Make the choice again in each future, then hold every set so found against every future (Savage 1951).

    A set is a list of priorities: it is done by people per franc as stated (the plan by its own rank) until the money
    is spent, and what a future makes needless is passed over.
    """
    scenes = [scene(case, future) for future in futures]
    plain = scene(case, stated(case))
    again = [choose_again(case, here, case.chosen) for here in scenes]
    held = np.mean([case.flags(_useful(case, here, order)) for here, order in zip(scenes, again, strict=True)], axis=0)
    distinct: dict[tuple[int, ...], Ints] = {tuple(sorted(case.chosen.tolist())): case.chosen}
    for order in again:
        distinct.setdefault(tuple(sorted(order.tolist())), by_worth(case, plain, order))
    sets = tuple(distinct.values())
    value = np.array([[expected_people(case, here, order) for here in scenes] for order in sets])
    found = minimum_regret(value)
    return SetsOverFutures(np.asarray(held, np.float64), sets, value, found.chosen, float(found.regret[0].max()),
                           found.worst)


def _useful(case: Case, here: Scene, order: Ints) -> Ints:
    """Actions of a set that are done in its future (a repair of a point that works is not)."""
    return order[here.success[order] > 0]


def changed(case: Case, future: Future, *, fresh: bool = True) -> tuple[float, float, int, Ints]:
    """(people of the plan, people of the set chosen again, actions that differ, that set) in a future."""
    here = scene(case, future)
    again = choose_again(case, here, case.chosen, fresh=fresh)
    differs = set(_useful(case, here, again).tolist()) ^ set(_useful(case, here, case.chosen).tolist())
    new = set(_useful(case, here, again).tolist()) - set(case.chosen.tolist())
    gone = len(differs) - len(new)
    return (expected_people(case, here, case.chosen), expected_people(case, here, again), max(len(new), gone), again)


def as_stated(case: Case) -> float:
    """People that the plan is expected to serve as stated."""
    return expected_people(case, scene(case, stated(case)), case.chosen)
