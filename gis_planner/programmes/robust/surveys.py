"""Which survey is worth its money: people served more, in expectation, because the plan could change on what it finds.

Preposterior analysis (Raiffa and Schlaifer 1961): over the outcomes of a survey, the best set for each outcome less the
plan as it stands, weighted by the chance of the outcome. Everything else is as stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from gis_planner.problems import refused
from gis_planner.programmes.groundwater.geophysics import Judgement
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Doubts, Future, stated
from gis_planner.programmes.robust.sets import changed

MOST_POINTS = 3
"""Unknown points of a village whose outcomes are all gone through; beyond it the nearest to half known are sampled."""
SAMPLED = 12
COUNT_SHARES = ((0.1, 0.3), (0.5, 0.4), (0.9, 0.3))
"""Quantiles of a count and their weights: the extended Pearson-Tukey three points (Keefer and Bodily 1983), rounded."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey. place: row of the village, or of the action that is probed. outcomes_that_change: their chance.

    gain_people: expected people served more; per_million: the same per million FCFA of survey. points: how many points
    of unknown status the visit sees.
    """

    kind: str
    place: int
    cost_fcfa: float
    gain_people: float
    changes: float
    points: int = 0

    @property
    def per_million(self) -> float:
        """People served more per million FCFA."""
        return self.gain_people / (self.cost_fcfa / 1e6) if self.cost_fcfa > 0 else float("inf")


def gain(case: Case, outcomes: Sequence[tuple[float, Future, Case]]) -> tuple[float, float]:
    """(people served more in expectation, chance of an outcome that changes the plan) over weighted outcomes."""
    total = sum(chance for chance, _, _ in outcomes)
    if not np.isclose(total, 1.0):
        raise refused("survey-chances", field="outcomes", found=total, expected="chances that sum to 1",
                      remedy="Give every outcome of the survey with its chance.",
                      remedy_fr="Donnez chaque issue de l'enquête avec sa chance.")
    more = changes = 0.0
    for chance, future, under in outcomes:
        plan, best, _, _ = changed(under, future, fresh=False)
        more += chance * max(best - plan, 0.0)
        changes += chance * float(best > plan * (1 + 1e-6) + 1e-6)
    return more, changes


def surveys(
    case: Case, doubts: Doubts, point_village: Sequence[int], probed: Sequence[int], judgement: Judgement, *,
    visit_fcfa: float, probe_fcfa: float, seed: int = 0,
) -> list[Survey]:
    """All surveys by people served more per franc, those that gain nothing last; ties by kind and place.

    point_village (points,): row of each point's village. probed: drilling actions that geophysics could judge before
    anything is decided. visit_fcfa: one village visited; probe_fcfa: one geophysics visit.
    """
    for name, value in (("visit_fcfa", visit_fcfa), ("probe_fcfa", probe_fcfa)):
        if not (np.isfinite(value) and value >= 0):
            raise refused("negative-cost", field=name, found=value, expected="a cost of 0 FCFA or more",
                          remedy="Write what one visit costs, in FCFA.",
                          remedy_fr="Écrivez ce que coûte une visite, en FCFA.")
    found = [*_statuses(case, doubts, np.asarray(point_village), visit_fcfa, seed), *_counts(case, doubts, visit_fcfa),
             *_probes(case, probed, judgement, probe_fcfa)]
    return sorted(found, key=lambda one: (-round(one.per_million, 9), one.kind, one.place))


def _statuses(
    case: Case, doubts: Doubts, village: np.ndarray, cost: float, seed: int
) -> Iterator[Survey]:
    base, chance = stated(case), doubts.works_alpha / (doubts.works_alpha + doubts.works_beta)
    rng = np.random.default_rng(seed)
    for here in np.unique(village[case.unknown]):
        points = case.unknown[village[case.unknown] == here]
        if len(points) <= MOST_POINTS:
            states = [np.array(state) for state in product((False, True), repeat=len(points))]
            weights = [float(np.prod(np.where(state, chance, 1 - chance))) for state in states]
        else:
            states = list(rng.random((SAMPLED, len(points))) < chance)
            weights = [1.0 / SAMPLED] * SAMPLED
        outcomes = []
        for state, weight in zip(states, weights, strict=True):
            works = base.works.copy()
            works[points] = state
            outcomes.append((weight, replace(base, works=works), case))
        yield Survey("status_visit", int(here), cost, *gain(case, outcomes), points=len(points))


def _counts(case: Case, doubts: Doubts, cost: float) -> Iterator[Survey]:
    base = stated(case)
    for here in range(case.villages):
        span = doubts.of_village(here)
        if span.low >= span.high or not (case.village == here).any():
            continue
        outcomes = []
        for share, weight in COUNT_SHARES:
            population = base.population.copy()
            population[here] = float(span.at(np.array(share)))
            outcomes.append((weight, replace(base, population=population), case))
        yield Survey("population_count", here, cost, *gain(case, outcomes))


def _cost(case: Case, action: int, chance: float) -> float:
    return float(case.cost_fixed[action] + chance * case.cost_wet[action] + (1 - chance) * case.cost_dry[action])


def _probes(case: Case, probed: Sequence[int], judgement: Judgement, cost: float) -> Iterator[Survey]:
    """The money set aside for a hole stays as stated, whatever the visit says: only where it is drilled may change."""
    base = stated(case)
    for action in probed:
        chance = float(base.success[action])
        good = float(judgement.called_good(np.array([chance]))[0])
        after = [float(value[0]) for value in judgement.after(np.array([chance]))]
        outcomes = []
        for weight, now in zip((good, 1 - good), after, strict=True):
            success, price = base.success.copy(), base.price.copy()
            success[action] = now
            price[action] = _cost(case, action, chance) / max(_cost(case, action, now), 1e-9)
            outcomes.append((weight, replace(base, success=success, price=price), case))
        yield Survey("geophysics", int(action), cost, *gain(case, outcomes))
