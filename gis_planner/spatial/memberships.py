"""From a measure to a score of 0 (unfit) to 1 (fit): straight, in steps, or fuzzy. Missing stays missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from gis_planner.problems import Refused, refused
from gis_planner.spatial._arrays import Floats


def linear(values: npt.ArrayLike, worst: float, best: float) -> Floats:
    """0 at `worst` or beyond, 1 at `best` or beyond, straight between; `worst` may be the larger."""
    if not np.isfinite([worst, best]).all() or worst == best:
        raise _faulty("linear", (worst, best), "two different numbers, worst and best")
    return np.clip((np.asarray(values, dtype=np.float64) - worst) / (best - worst), 0.0, 1.0)


def trapezoid(values: npt.ArrayLike, low: float, low_best: float, high_best: float, high: float) -> Floats:
    """0 outside low..high, 1 within low_best..high_best, straight between (Zadeh 1965; a triangle when both meet)."""
    if not np.isfinite([low, low_best, high_best, high]).all() or not low <= low_best <= high_best <= high:
        raise _faulty("trapezoid", (low, low_best, high_best, high), "four numbers that do not fall")
    x = np.asarray(values, dtype=np.float64)
    rise = np.where(x >= low_best, 1.0, 0.0) if low == low_best else (x - low) / (low_best - low)
    fall = np.where(x <= high_best, 1.0, 0.0) if high == high_best else (high - x) / (high - high_best)
    return np.where(np.isnan(x), np.nan, np.clip(np.minimum(rise, fall), 0.0, 1.0))


def fuzzy_large(values: npt.ArrayLike, midpoint: float, spread: float = 5.0) -> Floats:
    """1 / (1 + (x / midpoint) ** -spread): half at the midpoint, towards 1 above (Tsoukalas and Uhrig 1997). x >= 0."""
    x = _positive("fuzzy_large", values, midpoint, spread)
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(1.0 / (1.0 + (x / midpoint) ** -spread), dtype=np.float64)


def fuzzy_small(values: npt.ArrayLike, midpoint: float, spread: float = 5.0) -> Floats:
    """1 / (1 + (x / midpoint) ** spread): half at the midpoint, towards 1 below (Tsoukalas and Uhrig 1997). x >= 0."""
    x = _positive("fuzzy_small", values, midpoint, spread)
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + (x / midpoint) ** spread), dtype=np.float64)


def fuzzy_near(values: npt.ArrayLike, midpoint: float, half_width: float) -> Floats:
    """exp(-ln 2 ((x - midpoint) / half_width)^2): 1 at the midpoint, half at `half_width` from it (Gaussian)."""
    if not (np.isfinite([midpoint, half_width]).all() and half_width > 0):
        raise _faulty("fuzzy_near", (midpoint, half_width), "a midpoint and a half width above 0")
    x = np.asarray(values, dtype=np.float64)
    return np.asarray(np.exp(-np.log(2.0) * ((x - midpoint) / half_width) ** 2), dtype=np.float64)


def classes(values: npt.ArrayLike, scores: Mapping[float, float]) -> Floats:
    """The score of each class; a class without a score is refused, with its cells counted."""
    x = np.asarray(values, dtype=np.float64)
    for name, score in scores.items():
        if not 0 <= score <= 1:
            raise _faulty("classes", f"class {name} at {score}", "scores between 0 and 1")
    out = np.full(x.shape, np.nan)
    for value, count in zip(*np.unique(x[np.isfinite(x)], return_counts=True), strict=True):
        if float(value) not in {float(name) for name in scores}:
            raise _faulty("classes", f"class {value:g} in {count} cells", "a score for every class of the layer")
    for name, score in scores.items():
        out[x == float(name)] = score
    return out


def _positive(name: str, values: npt.ArrayLike, midpoint: float, spread: float) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if not (np.isfinite([midpoint, spread]).all() and midpoint > 0 and spread > 0) or (x < 0).any():
        raise _faulty(name, f"midpoint {midpoint}, spread {spread}, least value {np.nanmin(x, initial=np.inf):g}",
                      "values of 0 or more, midpoint and spread above 0")
    return x


def _faulty(name: str, found: object, expected: str) -> Refused:
    return refused("membership", field=name, found=found, expected=expected,
                   remedy="Mend the membership of this criterion in the scenario.",
                   remedy_fr="Corrigez l'appartenance de ce critère dans le scénario.")
