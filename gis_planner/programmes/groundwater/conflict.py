"""A prior that the holes drilled here contradict is set aside, and said so.

Box 1980 (Journal of the Royal Statistical Society A 143:383): a prior is doubted when it gave the outcomes that came
little chance. The share of wet holes is held to be worth as many holes as blocks left out allow (`nearby` cap), because
neighbours resemble each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import betabinom

from gis_planner.programmes.groundwater.beta import BetaPrior
from gis_planner.programmes.groundwater.nearby import Nearby

Floats = npt.NDArray[np.float64]

DOUBT: Final = 0.05
IGNORANCE: Final = BetaPrior(1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Standing:
    """prior: what is used. tail: chance that the stated prior gave outcomes as far out (nan when not asked)."""

    prior: BetaPrior
    tail: float
    said: str = ""
    said_fr: str = ""

    @property
    def set_aside(self) -> bool:
        """Whether the stated prior is not used."""
        return self.said != ""


def standing(prior: BetaPrior, outcomes: Floats, settings: Nearby) -> Standing:
    """The prior itself, or Beta(1, 1) in its place when the holes contradict it (two-sided chance under 5 %).

    Asked only where range and cap were fitted (30 holes or more): few holes do not overrule what is known of a class.
    """
    if not settings.fitted:
        return Standing(prior, float("nan"))
    holes = int(min(len(outcomes), settings.cap_holes))
    wet = round(float(outcomes.mean()) * holes)
    law = betabinom(holes, prior.alpha, prior.beta)
    tail = float(min(1.0, 2 * min(law.cdf(wet), law.sf(wet - 1))))
    if tail >= DOUBT:
        return Standing(prior, tail)
    share, mean = f"{outcomes.mean():.0%}", f"{prior.mean:.0%}"
    return Standing(
        IGNORANCE, tail,
        f"The holes contradict the prior ({share} gave water where {mean} was expected): it is set aside.",
        f"Les forages contredisent l'a priori ({share} ont donné de l'eau, {mean} attendus) : il est écarté.")
