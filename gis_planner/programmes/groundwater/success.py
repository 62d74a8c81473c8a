"""Chance that a hole gives water at a place, with its interval and the holes that one success takes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import refused
from gis_planner.programmes.groundwater import nearby
from gis_planner.programmes.groundwater.beta import BetaPrior, as_prior, interval
from gis_planner.programmes.groundwater.evidence import Evidence, judge
from gis_planner.programmes.groundwater.features import checked_features
from gis_planner.spatial._arrays import metric_pair

Floats = npt.NDArray[np.float64]


def success_probability(
    outcomes: npt.ArrayLike, xy_m: npt.ArrayLike, at_xy_m: npt.ArrayLike, *, prior: object,
    features: pd.DataFrame | npt.ArrayLike | None = None, at_features: pd.DataFrame | npt.ArrayLike | None = None,
    coverage: float = 0.9, seed: int = 0,
) -> pd.DataFrame:
    """One row per place: probability of water, low and high (`coverage` of the belief), expected_holes (1/probability).

    outcomes (n,): True or 1 where a hole gave water. xy_m (n, 2), at_xy_m (m, 2): metres of one CRS. prior: a mean in
    (0, 1), a range (low, high), Beta parameters, a `BetaPrior` or a norm (see `beta.as_prior`). features (n, k) and
    at_features (m, k): what is known before drilling; categories as text columns of a table.

    A Beta prior, moved by outcomes nearby (`nearby`). A scikit-learn model is used only when it beats that in blocks of
    10 km left out (`evidence`). `attrs` say so: method (`prior`, `nearby` or `model`), said and said_fr in words, and
    the measures `brier`, `brier_base`, `brier_model`, `auc_model` where they could be taken.
    Refused: outcomes that are not 0 or 1, coordinates in degrees, a prior outside 0..1, features that know the outcome.
    """
    holes, places = metric_pair(xy_m, "xy_m", at_xy_m, "at_xy_m")
    wet = _outcomes(outcomes, len(holes))
    _coverage(coverage)
    belief = as_prior(prior)
    tables = checked_features(features, at_features, wet, len(places))
    settings = nearby.fit(wet, holes, belief, seed)
    evidence = judge(wet, holes, belief, settings, tables, seed)
    alpha, beta = _believe(wet, holes, places, belief, settings)
    if evidence.model is not None and tables is not None:
        mean = evidence.model.predict(tables.at)
        worth = alpha + beta
        alpha, beta = mean * worth, (1 - mean) * worth
    probability = alpha / (alpha + beta)
    low, high = interval(alpha, beta, coverage)
    table = pd.DataFrame({"probability": probability, "low": low, "high": high, "expected_holes": 1.0 / probability})
    table.attrs = _said(evidence, settings, len(wet))
    return table


def _believe(
    wet: Floats, holes: Floats, places: Floats, prior: BetaPrior, settings: nearby.Nearby
) -> tuple[Floats, Floats]:
    return nearby.capped(prior, *nearby.weighted(wet, holes, places, settings.range_m), settings.cap_holes)


def _outcomes(outcomes: npt.ArrayLike, count: int) -> Floats:
    raw = np.asarray(outcomes)
    wet = np.full(raw.shape, np.nan) if raw.dtype.kind not in "biuf" and raw.size else raw.astype(np.float64)
    if wet.shape != (count,) or not np.isin(wet, (0.0, 1.0)).all():
        bad = int(np.argmin(np.isin(wet, (0.0, 1.0)))) if wet.shape == (count,) else 0
        raise refused(
            "drilling-outcome", field="outcomes", row=f"hole {bad}",
            found=f"shape {raw.shape}, {raw.ravel()[bad] if raw.size else 'nothing'!r}",
            expected=f"{count} outcomes, 1 (water) or 0 (dry)",
            remedy="Say for each hole whether it gave water; set the holes of unknown outcome aside.",
            remedy_fr="Dites pour chaque forage s'il a donné de l'eau ; écartez ceux dont l'issue est inconnue.",
        )
    return wet


def _coverage(coverage: float) -> None:
    if not 0 < coverage < 1:
        raise refused("coverage", field="coverage", found=coverage, expected="a share between 0 and 1",
                      remedy="Write for instance 0.9.", remedy_fr="Écrivez par exemple 0.9.")


def _said(evidence: Evidence, settings: nearby.Nearby, holes: int) -> dict[Hashable | None, Any]:
    method = "model" if evidence.model is not None else ("nearby" if holes else "prior")
    told: dict[Hashable | None, Any] = {
        "method": method, "holes": holes, "range_m": settings.range_m, "cap_holes": settings.cap_holes,
        "said": evidence.said, "said_fr": evidence.said_fr,
    }
    told.update(evidence.measures)
    return told
