"""What is believed before drilling, as a Beta distribution of the chance of water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import beta as beta_law

from gis_planner.problems import Refused, refused

Floats = npt.NDArray[np.float64]

PRIOR_HOLES: Final = 10.0
"""Holes that a bare mean is worth when nothing else is said: a fractured-basement range of 40 to 80 % about 60 %."""


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """Beta(alpha, beta): alpha / (alpha + beta) is the mean, alpha + beta the holes that the belief is worth."""

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.alpha) and np.isfinite(self.beta) and self.alpha > 0 and self.beta > 0):
            raise _faulty((self.alpha, self.beta))

    @property
    def mean(self) -> float:
        """Expected chance of water."""
        return self.alpha / (self.alpha + self.beta)

    @classmethod
    def from_mean(cls, mean: float, holes: float = PRIOR_HOLES) -> BetaPrior:
        """The prior of that mean, worth `holes` drilled holes."""
        if not (0 < mean < 1 and holes > 0):
            raise _faulty(mean)
        return cls(mean * holes, (1 - mean) * holes)

    @classmethod
    def from_range(cls, low: float, high: float, mean: float | None = None, inside: float = 0.8) -> BetaPrior:
        """The prior that holds the share `inside` of its mass between `low` and `high` (a hydrogeological class's row).

        mean: middle of the range unless given. Solved for the worth in holes by bisection.
        """
        middle = (low + high) / 2 if mean is None else mean
        if not 0 < low < middle < high < 1:
            raise _faulty((low, high))

        def excess(log_holes: float) -> float:
            law = beta_law(middle * np.exp(log_holes), (1 - middle) * np.exp(log_holes))
            return float(law.cdf(high) - law.cdf(low)) - inside

        return cls.from_mean(middle, float(np.exp(brentq(excess, -3.0, 14.0, xtol=1e-12))))


def _faulty(found: object) -> Refused:
    return refused(
        "groundwater-prior", field="prior", found=found,
        expected="a chance between 0 and 1, a range (low, high) inside it, or Beta parameters (a, b) of at least 1",
        remedy="Write for instance 0.6, (0.4, 0.8) or (6, 4), or give a BetaPrior.",
        remedy_fr="Écrivez par exemple 0.6, (0.4, 0.8) ou (6, 4), ou donnez un BetaPrior.",
    )


def as_prior(prior: object) -> BetaPrior:
    """A BetaPrior from what a planner writes.

    A number in (0, 1) is a mean worth `PRIOR_HOLES`; a pair low < high, both in (0, 1), a range that holds 80 %; a pair
    of numbers of at least 1, Beta's parameters; a norm (with value, low, high), its range about its value.
    """
    if isinstance(prior, BetaPrior):
        return prior
    if isinstance(prior, int | float | np.floating | np.integer):
        return BetaPrior.from_mean(float(prior))
    value, low, high = (getattr(prior, name, None) for name in ("value", "low", "high"))
    if value is not None and not callable(value):
        if low is None or high is None:
            return BetaPrior.from_mean(float(value))
        return BetaPrior.from_range(float(low), float(high), float(value) if low < value < high else None)
    pair = _pair(prior)
    if pair[0] >= 1 and pair[1] >= 1:
        return BetaPrior(*pair)
    if 0 < pair[0] < pair[1] < 1:
        return BetaPrior.from_range(*pair)
    raise _faulty(prior)


def _pair(prior: object) -> tuple[float, float]:
    try:
        values = np.asarray(prior, dtype=np.float64)
    except (TypeError, ValueError):
        raise _faulty(prior) from None
    if values.shape != (2,):
        raise _faulty(prior)
    return float(values[0]), float(values[1])


def interval(alpha: Floats, beta: Floats, coverage: float) -> tuple[Floats, Floats]:
    """Lower and upper quantile of Beta(alpha, beta) that leave (1 - coverage) / 2 on each side."""
    tail = (1 - coverage) / 2
    return (np.asarray(beta_law.ppf(tail, alpha, beta), dtype=np.float64),
            np.asarray(beta_law.ppf(1 - tail, alpha, beta), dtype=np.float64))
