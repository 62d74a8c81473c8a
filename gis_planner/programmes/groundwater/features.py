"""What is known of a place before drilling, as numbers; refuses columns that know the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom

from gis_planner.problems import Refused, refused

Floats = npt.NDArray[np.float64]

LEAK_HOLES: Final = 20
LEAK_CHANCE: Final = 1e-9
LEAK_ALIKE: Final = 0.8
LEAK_DISTINCT: Final = 20


@dataclass(frozen=True, slots=True)
class Features:
    """holes (n, k) and at (m, k): numbers, categories as 0 and 1. names (k,)."""

    holes: Floats
    at: Floats
    names: tuple[str, ...]


def checked_features(
    features: pd.DataFrame | npt.ArrayLike | None, at_features: pd.DataFrame | npt.ArrayLike | None, wet: Floats,
    places: int, known_before: Sequence[str] = (),
) -> Features | None:
    """Both tables as numbers with the same columns; None when neither is given. known_before: columns not doubted."""
    if features is None and at_features is None:
        return None
    if features is None or at_features is None:
        raise _faulty("one table of features alone", "the same features at the holes and at the places")
    holes, at = _table(features), _table(at_features)
    if len(holes) != len(wet) or len(at) != places or list(holes.columns) != list(at.columns):
        raise _faulty(f"{holes.shape} at the holes, {at.shape} at the places",
                      f"{len(wet)} and {places} rows with the same columns in the same order")
    for name in holes.columns:
        if holes[name].isna().any() or at[name].isna().any():
            raise _faulty(f"missing values in {name}", "a value at every hole and place")
    both = pd.get_dummies(pd.concat([holes, at], ignore_index=True), dtype=float)
    values = both.to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise _faulty("values that are not finite", "finite numbers")
    for column in holes.select_dtypes("number"):
        if str(column) not in known_before:
            _leak(str(column), holes[column].to_numpy(dtype=np.float64), wet)
    return Features(values[: len(wet)], values[len(wet):], tuple(map(str, both.columns)))


def _table(features: pd.DataFrame | npt.ArrayLike) -> pd.DataFrame:
    if isinstance(features, pd.DataFrame):
        return features.reset_index(drop=True)
    values = np.asarray(features)
    if values.ndim == 1:
        values = values[:, np.newaxis]
    return pd.DataFrame(values, columns=[f"feature {i}" for i in range(values.shape[1])])


def _leak(name: str, values: Floats, wet: Floats) -> None:
    """Refuse a measured column with one value that 20 holes or more share and that gives their outcome away.

    Found when four in five or more of these holes ended alike, which at the base rate has a chance under one in a
    thousand million (binomial). A column that was truly known before drilling is vouched for by `known_before`.
    """
    distinct, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(distinct) < LEAK_DISTINCT or not 0 < wet.mean() < 1:
        return
    common = int(np.argmax(counts))
    holes, successes = int(counts[common]), int(wet[where == common].sum())
    dry = successes * 2 <= holes
    alike, rate = (holes - successes, 1 - wet.mean()) if dry else (successes, wet.mean())
    if holes >= LEAK_HOLES and alike >= LEAK_ALIKE * holes and binom.sf(alike - 1, holes, rate) < LEAK_CHANCE:
        ended = "dry" if dry else "wet"
        many = "every one" if alike == holes else f"{alike} of them"
        raise refused(
            "feature-leak", field=name, found=f"the value {distinct[common]:g} at {holes} holes, {many} {ended}",
            expected="a column known before drilling",
            remedy="This column seems filled in after drilling and would promise what it cannot keep: leave it out, or "
                   "name it in known_before when you are sure.",
            remedy_fr="Cette colonne semble remplie après le forage et promettrait l'impossible : écartez-la, ou "
                      "nommez-la dans known_before si vous êtes sûr.",
        )


def _faulty(found: str, expected: str) -> Refused:
    return refused("groundwater-features", field="features", found=found, expected=expected,
                   remedy="Give both tables with the same complete columns, one row per hole and per place.",
                   remedy_fr="Donnez les deux tables avec les mêmes colonnes complètes.")
