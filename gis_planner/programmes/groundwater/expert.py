"""Expert criteria joined to the chance of water: a site's score places it within the range of its class of ground.

The score is the sum of memberships (0 worst, 1 best) times the weights of comparisons in pairs (`spatial.ahp`, which
refuses a consistency ratio above 0.10). A score of 0 means the low end of the class's range, 1 the high end. It is an
opinion: drilling outcomes nearby move it as they move any prior, and `evidence` may test the score as a feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_planner.problems import refused
from gis_planner.spatial.ahp import Ahp, ahp_weights

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExpertChance:
    """chance (places,): prior mean at each place. score (places,) on 0..1. weighing: weights and consistency ratio."""

    chance: Floats
    score: Floats
    weighing: Ahp


def expert_chance(
    memberships: npt.ArrayLike, comparisons: npt.ArrayLike | Sequence[npt.ArrayLike], *, low: float, high: float,
    names: Sequence[str] | None = None,
) -> ExpertChance:
    """Prior mean of the chance of water at each place from expert criteria.

    memberships (places, criteria) on 0..1, 1 best for water; comparisons: as `ahp_weights` takes them; low, high: the
    range of the class of ground. Give `chance` to `success_probability(at_prior=...)`. Refused: memberships outside
    0..1 or missing, another number of criteria, contradictory comparisons, a range outside 0..1.
    """
    if not 0 < low <= high < 1:
        raise refused("groundwater-prior", field="low, high", found=(low, high),
                      expected="a range inside 0..1", remedy="Write for instance 0.4 and 0.8.",
                      remedy_fr="Écrivez par exemple 0.4 et 0.8.")
    weighing = ahp_weights(comparisons, names)
    values = np.asarray(memberships, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(weighing.weights):
        raise refused("expert-criteria", field="memberships", found=f"shape {values.shape}",
                      expected=f"places x {len(weighing.weights)} criteria", remedy="Give one column per criterion.",
                      remedy_fr="Donnez une colonne par critère.")
    bad = ~((values >= 0) & (values <= 1)).all(axis=1)
    if bad.any():
        at = int(np.argmax(bad))
        raise refused("expert-criteria", field="memberships", row=f"place {at}", found=values[at].tolist(),
                      expected="a membership of 0 to 1 on every criterion",
                      remedy="Complete the criterion, or leave the place out.",
                      remedy_fr="Complétez le critère, ou écartez le lieu.")
    score = values @ weighing.weights
    return ExpertChance(low + score * (high - low), score, weighing)
