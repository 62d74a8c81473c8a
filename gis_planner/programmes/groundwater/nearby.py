"""Drilling outcomes nearby move the prior: a hole counts for one at the spot and for less the farther it lies.

alpha = a + sum of w over the wet holes, beta = b + sum of w over the dry ones, w = exp(-distance / range). Places
differ even a step apart, so no amount of holes makes us surer than `cap_holes` holes would. Range and cap are those
under which the outcomes of blocks left out were most likely (Beta-binomial), where holes are enough; else defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.special import betaln

from gis_planner.programmes.groundwater.beta import BetaPrior
from gis_planner.programmes.groundwater.blocks import block_folds, blocks

Floats = npt.NDArray[np.float64]

FEWEST_HOLES: Final = 30
RANGES_M: Final = (1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0, 150_000.0)
CAPS_HOLES: Final = (12.0, 20.0, 30.0, 50.0, 100.0, 200.0)
BLOCK_M: Final = 10_000.0
FOLDS: Final = 5
CHUNK: Final = 4_000_000
PLAIN_GAIN: Final = 2.0
"""Log likelihood by which a shorter range must beat a longer one: a rate that drifts needs evidence."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """range_m of the decay and cap_holes that the belief may be worth; fitted: whether data chose them."""

    range_m: float = 5_000.0
    cap_holes: float = 30.0
    fitted: bool = False


def weighted(outcomes: Floats, xy_m: Floats, at_xy_m: Floats, range_m: float) -> tuple[Floats, Floats]:
    """(m,) weights of the wet and of the dry holes at each place."""
    wet, dry = np.zeros(len(at_xy_m)), np.zeros(len(at_xy_m))
    if not len(xy_m):
        return wet, dry
    step = max(CHUNK // len(xy_m), 1)
    for start in range(0, len(at_xy_m), step):
        run = slice(start, start + step)
        weight = np.exp(-cdist(at_xy_m[run], xy_m) / range_m)
        wet[run], dry[run] = weight @ outcomes, weight @ (1.0 - outcomes)
    return wet, dry


def capped(prior: BetaPrior, wet: Floats, dry: Floats, cap_holes: float) -> tuple[Floats, Floats]:
    """(m,) alpha and beta of the belief at each place; the cap is never below the prior's own worth."""
    return capped_at(np.full(len(wet), prior.mean), prior.alpha + prior.beta, wet, dry, cap_holes)


def capped_at(means: Floats, worth: float, wet: Floats, dry: Floats, cap_holes: float) -> tuple[Floats, Floats]:
    """The same where each place has its own prior mean (m,), worth `worth` holes."""
    alpha, beta = means * worth + wet, (1.0 - means) * worth + dry
    factor = np.minimum(1.0, max(cap_holes, worth) / (alpha + beta))
    return alpha * factor, beta * factor


def enough(xy_m: Floats) -> bool:
    """Whether the holes lie at 30 different places or more, so that blocks can be left out."""
    return len(np.unique(xy_m, axis=0)) >= FEWEST_HOLES


def fit(outcomes: Floats, xy_m: Floats, prior: BetaPrior, seed: int) -> Nearby:
    """Range and cap under which blocks left out were most likely; defaults where holes are fewer than 30."""
    if not enough(xy_m):
        return Nearby()
    fold = block_folds(xy_m, BLOCK_M, FOLDS, seed)
    block = blocks(xy_m, BLOCK_M)
    best, chosen = -np.inf, Nearby()
    for range_m in sorted(RANGES_M, reverse=True):
        scores = {}
        wet, dry = np.zeros(len(outcomes)), np.zeros(len(outcomes))
        for one in range(int(fold.max()) + 1):
            out = fold == one
            wet[out], dry[out] = weighted(outcomes[~out], xy_m[~out], xy_m[out], range_m)
        for cap in CAPS_HOLES:
            scores[cap] = _likelihood(*capped(prior, wet, dry, cap), outcomes, block)
        cap = max(scores, key=lambda cap: (scores[cap], -cap))
        if scores[cap] > best + PLAIN_GAIN:
            best, chosen = scores[cap], Nearby(range_m, cap, fitted=True)
    return chosen


def _likelihood(alpha: Floats, beta: Floats, outcomes: Floats, block: npt.NDArray[np.int64]) -> float:
    """Log likelihood of each block's wet and dry holes, its places sharing one Beta (the mean of theirs)."""
    holes = np.bincount(block)
    wet = np.bincount(block, outcomes)
    a, b = np.bincount(block, alpha) / holes, np.bincount(block, beta) / holes
    return float(np.sum(betaln(a + wet, b + holes - wet) - betaln(a, b)))
