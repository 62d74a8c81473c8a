"""Static water level below ground at a place, with an interval that holds what it promises."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import cdist

from gis_planner.problems import refused
from gis_planner.programmes.groundwater.blocks import block_folds
from gis_planner.spatial._arrays import metric_pair, numbers

Floats = npt.NDArray[np.float64]

RANGES_M: Final = (1_500.0, 3_000.0, 5_000.0, 10_000.0, 20_000.0, 40_000.0)
PULLS: Final = (0.3, 1.0, 3.0, 10.0)
TOP_SHARE: Final = 0.99
BLOCK_M: Final = 5_000.0
FOLDS: Final = 10
CHUNK: Final = 4_000_000
FEWEST: Final = 10


def static_level(
    levels_m: npt.ArrayLike, xy_m: npt.ArrayLike, at_xy_m: npt.ArrayLike, *, coverage: float = 0.9, seed: int = 0
) -> pd.DataFrame:
    """One row per place: level_m below ground, low_m and high_m that hold the level with chance `coverage`.

    levels_m (n,) metres below ground, 0 or more; xy_m (n, 2), at_xy_m (m, 2) metres of one CRS. The level is a mean
    weighted by exp(-distance / range) and pulled to the region's mean; levels above the 99th percentile count as that
    in the mean (one deep well must not make a village dry), never in the intervals. Range and pull have the least
    squared error in blocks of 5 km left out. Intervals are split-conformal on those blocks (Vovk 2005; Roberts 2017 for
    the blocks), relative to the level, each side for itself; nan where the levels are too few for the coverage.
    `attrs`: rmse_m and rmse_constant_m of blocks left out, range_m, pull, said, said_fr.
    Refused: fewer than 10 levels, negative or missing ones, degrees.
    """
    holes, places = metric_pair(xy_m, "xy_m", at_xy_m, "at_xy_m")
    levels = _levels(levels_m, len(holes))
    if not 0 < coverage < 1:
        raise refused("coverage", field="coverage", found=coverage, expected="a share between 0 and 1",
                      remedy="Write for instance 0.9.", remedy_fr="Écrivez par exemple 0.9.")
    fold = block_folds(holes, BLOCK_M, FOLDS, seed)
    (range_m, pull), left_out = _choose(levels, holes, fold)
    level = _mean_near(levels, holes, places, range_m, pull)
    below, above = _margins(levels / left_out, coverage)
    table = pd.DataFrame({"level_m": level, "low_m": level * below, "high_m": level * above})
    rmse = float(np.sqrt(np.mean((left_out - levels) ** 2)))
    constant = float(np.sqrt(np.mean((_constant(levels, fold) - levels) ** 2)))
    table.attrs = {
        "rmse_m": rmse, "rmse_constant_m": constant, "range_m": range_m, "pull": pull, "levels": len(levels),
        "said": f"In blocks left out the level is off by {rmse:.1f} m (root mean square), {constant:.1f} m for the "
                "region's mean.",
        "said_fr": f"Sur des blocs mis de côté, l'erreur est de {rmse:.1f} m (moyenne quadratique), {constant:.1f} m "
                   "pour la moyenne de la région.",
    }
    return table


def _levels(levels_m: npt.ArrayLike, count: int) -> Floats:
    levels = numbers(levels_m, "levels_m")
    if levels.shape != (count,) or count < FEWEST:
        raise refused("static-levels", field="levels_m", found=f"{levels.shape} levels at {count} places",
                      expected=f"one level per place, at least {FEWEST}",
                      remedy="Add measured levels of the wider region, with their dates.",
                      remedy_fr="Ajoutez des niveaux mesurés dans la région élargie, avec leurs dates.")
    bad = ~np.isfinite(levels) | (levels < 0)
    if bad.any():
        raise refused("static-level", field="levels_m", row=f"level {int(np.argmax(bad))}",
                      found=levels[int(np.argmax(bad))], expected="metres below ground, 0 or more",
                      remedy="Mend the level or set the row aside; a level above ground is an artesian well: write 0.",
                      remedy_fr="Corrigez le niveau ou écartez la ligne ; un puits artésien s'écrit 0.")
    return np.maximum(levels, 0.01)


def _mean_near(levels: Floats, xy_m: Floats, at_xy_m: Floats, range_m: float, pull: float) -> Floats:
    top = np.minimum(levels, np.quantile(levels, TOP_SHARE))
    mean = top.mean()
    level = np.empty(len(at_xy_m))
    step = max(CHUNK // len(xy_m), 1)
    for start in range(0, len(at_xy_m), step):
        run = slice(start, start + step)
        weight = np.exp(-cdist(at_xy_m[run], xy_m) / range_m)
        level[run] = (weight @ top + pull * mean) / (weight.sum(axis=1) + pull)
    return level


def _choose(levels: Floats, xy_m: Floats, fold: npt.NDArray[np.int64]) -> tuple[tuple[float, float], Floats]:
    """Range and pull with the least squared error in folds left out, and the levels they give there."""
    number = int(fold.max()) + 1
    guess = {(range_m, pull): np.empty(len(levels)) for range_m in RANGES_M for pull in PULLS}
    for one in range(number):
        out = fold == one
        inside = levels[~out]
        top = np.minimum(inside, np.quantile(inside, TOP_SHARE))
        distance = cdist(xy_m[out], xy_m[~out])
        for range_m in RANGES_M:
            weight = np.exp(-distance / range_m)
            near, worth = weight @ top, weight.sum(axis=1)
            for pull in PULLS:
                guess[range_m, pull][out] = (near + pull * top.mean()) / (worth + pull)
    error = {key: float(np.mean((value - levels) ** 2)) for key, value in guess.items()}
    best = min(error, key=lambda key: (error[key], key))
    return best, guess[best]


def _constant(levels: Floats, fold: npt.NDArray[np.int64]) -> Floats:
    mean = np.array([levels[fold != one].mean() for one in range(int(fold.max()) + 1)])
    return mean[fold]


def _margins(ratio: Floats, coverage: float) -> tuple[float, float]:
    """Factors on the level below and above which (1 - coverage) / 2 of left-out levels lie; nan when too few."""
    ordered = np.sort(ratio)
    count = len(ordered)
    tail = int(np.floor((count + 1) * (1 - coverage) / 2))
    if tail < 1:
        return float("nan"), float("nan")
    return float(ordered[tail - 1]), float(ordered[count - tail])
