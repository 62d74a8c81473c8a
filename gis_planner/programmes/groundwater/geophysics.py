"""What a geophysics visit is worth before anybody drills.

Two readings of a visit. It *sites* a hole: at the best spot it finds, the odds of water are multiplied. Or it *judges*
a given spot: it calls a wet spot good with its sensitivity and a dry one bad with its specificity, and only good spots
are drilled (value of sample information; Raiffa and Schlaifer 1961).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import Refused, refused

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How often a visit is right. sensitivity: wet spots called good; specificity: dry spots called bad."""

    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        for name in ("sensitivity", "specificity"):
            value = getattr(self, name)
            if not (np.isfinite(value) and 0 <= value <= 1):
                raise _faulty(name, value, "a share between 0 and 1")
        if self.sensitivity + self.specificity < 1:
            raise _faulty("sensitivity + specificity", self.sensitivity + self.specificity,
                          "at least 1: a visit that is wrong more often than a coin is read upside down")

    def called_good(self, chance: Floats) -> Floats:
        """Chance that the visit calls the spot good."""
        return np.asarray(self.sensitivity * chance + (1 - self.specificity) * (1 - chance), dtype=np.float64)

    def after(self, chance: Floats) -> tuple[Floats, Floats]:
        """Chance of water after a good and after a bad call (Bayes)."""
        good = self.called_good(chance)
        bad = 1.0 - good
        if_good = np.divide(self.sensitivity * chance, good, out=np.asarray(chance, np.float64).copy(), where=good > 0)
        missed = (1 - self.sensitivity) * chance
        return if_good, np.divide(missed, bad, out=np.asarray(chance, np.float64).copy(), where=bad > 0)


def sited(chance: npt.ArrayLike, odds_ratio: float) -> Floats:
    """Chance of water at the spot that geophysics chooses: the odds times `odds_ratio`."""
    p = _chances(chance)
    if not (np.isfinite(odds_ratio) and odds_ratio >= 1):
        raise _faulty("odds_ratio", odds_ratio, "1 or more")
    return np.asarray(odds_ratio * p / (1 - p + odds_ratio * p), dtype=np.float64)


def visit_worth(
    chance: npt.ArrayLike, *, dry_fcfa: float, visit_fcfa: float, judgement: Judgement, odds_ratio: float
) -> pd.DataFrame:
    """One row per place: what a visit saves per water point, for both readings, and whether that pays its price.

    Without a visit one water point takes 1 / p holes, (1 - p) / p of them dry. judged_worth_fcfa: the price at which
    judging a spot just pays, (sensitivity + specificity - 1) (1 - p) times a dry hole (other spots being as good).
    sited_worth_fcfa: the same for siting, (p' - p) / p times a dry hole, p' the sited chance. *_saves_fcfa: what one
    water point costs less with visits at `visit_fcfa` (negative: more).
    """
    p = _chances(chance)
    for name, value in (("dry_fcfa", dry_fcfa), ("visit_fcfa", visit_fcfa)):
        if not (np.isfinite(value) and value >= 0):
            raise refused("negative-cost", field=name, found=value, expected="a cost of 0 FCFA or more",
                          remedy="Write what one costs, in FCFA.", remedy_fr="Écrivez ce que cela coûte, en FCFA.")
    better = sited(p, odds_ratio)
    sensitivity, specificity = judgement.sensitivity, judgement.specificity
    judged_worth = (sensitivity + specificity - 1) * (1 - p) * dry_fcfa
    sited_worth = (better - p) / p * dry_fcfa
    wet_and_good = np.maximum(sensitivity * p, 1e-12)
    return pd.DataFrame({
        "probability": p, "holes_per_success": 1 / p,
        "judged_probability": judgement.after(p)[0], "judged_worth_fcfa": judged_worth,
        "judged_saves_fcfa": (judged_worth - visit_fcfa) / wet_and_good,
        "sited_probability": better, "sited_worth_fcfa": sited_worth,
        "sited_saves_fcfa": (sited_worth - visit_fcfa) / better,
    })


def judged_on(chance: npt.ArrayLike, wet: npt.ArrayLike) -> Judgement:
    """Sensitivity and specificity of calling good the spots whose left-out chance exceeds the share of wet holes.

    chance (n,): out of sample, from what the visit read; wet (n,): 1 where the hole gave water.
    """
    p, truth = np.asarray(chance, np.float64), np.asarray(wet, bool)
    if p.shape != truth.shape or not truth.any() or truth.all():
        raise _faulty("wet", f"{int(truth.sum())} wet of {truth.size}", "wet and dry holes, one chance each")
    good = p > truth.mean()
    return Judgement(float(good[truth].mean()), float((~good)[~truth].mean()))


def _chances(chance: npt.ArrayLike) -> Floats:
    p = np.atleast_1d(np.asarray(chance, np.float64))
    bad = ~((p > 0) & (p <= 1))
    if bad.any():
        at = int(np.argmax(bad))
        raise refused("success-outside", field="probability", row=f"place {at}", found=p[at],
                      expected="a chance above 0 and at most 1", remedy="Write a chance such as 0.6.",
                      remedy_fr="Écrivez une chance telle que 0.6.")
    return p


def _faulty(field: str, found: object, expected: str) -> Refused:
    return refused("geophysics", field=field, found=found, expected=expected,
                   remedy="Name the norm rows drilling.geophysics_*, or write your own shares.",
                   remedy_fr="Nommez les lignes drilling.geophysics_*, ou écrivez vos propres parts.")
