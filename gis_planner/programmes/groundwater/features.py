"""What is known of a place before drilling, as numbers; refuses columns that know the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import Refused, refused

Floats = npt.NDArray[np.float64]

LEAK_HOLES: Final = 20
LEAK_CHANCE: Final = 1e-6
LEAK_DISTINCT: Final = 20


@dataclass(frozen=True, slots=True)
class Features:
    """holes (n, k) and at (m, k): numbers, categories as 0 and 1. names (k,)."""

    holes: Floats
    at: Floats
    names: tuple[str, ...]


def checked_features(
    features: pd.DataFrame | npt.ArrayLike | None, at_features: pd.DataFrame | npt.ArrayLike | None, wet: Floats,
    places: int,
) -> Features | None:
    """Both tables as numbers with the same columns; None when neither is given."""
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

    Found when these holes all ended alike, which at the base rate has a chance under one in a million.
    """
    distinct, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(distinct) < LEAK_DISTINCT or not 0 < wet.mean() < 1:
        return
    common = int(np.argmax(counts))
    holes, successes = int(counts[common]), float(wet[where == common].sum())
    alike = 1 - wet.mean() if successes == 0 else wet.mean()
    if holes >= LEAK_HOLES and successes in (0, holes) and alike**holes < LEAK_CHANCE:
        ended = "dry" if successes == 0 else "wet"
        raise refused(
            "feature-leak", field=name, found=f"the value {distinct[common]:g} at {holes} holes, every one {ended}",
            expected="a column known before drilling",
            remedy="This column seems filled in after drilling and would promise what it cannot keep: leave it out.",
            remedy_fr="Cette colonne semble remplie après le forage et promettrait l'impossible : écartez-la.",
        )


def _faulty(found: str, expected: str) -> Refused:
    return refused("groundwater-features", field="features", found=found, expected=expected,
                   remedy="Give both tables with the same complete columns, one row per hole and per place.",
                   remedy_fr="Donnez les deux tables avec les mêmes colonnes complètes.")
