"""Chance that a hole gives water at a place, with its interval and the holes that one success takes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import refused
from gis_planner.programmes.groundwater import nearby
from gis_planner.programmes.groundwater.beta import BetaPrior, as_prior, interval
from gis_planner.programmes.groundwater.conflict import Standing, standing
from gis_planner.programmes.groundwater.evidence import Evidence, judge
from gis_planner.programmes.groundwater.features import checked_features
from gis_planner.spatial._arrays import metric_pair

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SuccessBelief:
    """alpha, beta (places,): Beta belief of the chance of water at each place. told: method, words and measures."""

    alpha: Floats
    beta: Floats
    told: Mapping[Hashable | None, Any]

    @property
    def chance(self) -> Floats:
        """(places,) mean chance of water."""
        return np.asarray(self.alpha / (self.alpha + self.beta), dtype=np.float64)

    def interval(self, coverage: float = 0.9) -> tuple[Floats, Floats]:
        """(places,) low and high that hold `coverage` of the belief."""
        return interval(self.alpha, self.beta, coverage)


def success_probability(
    outcomes: npt.ArrayLike, xy_m: npt.ArrayLike, at_xy_m: npt.ArrayLike, *, prior: object,
    features: pd.DataFrame | npt.ArrayLike | None = None, at_features: pd.DataFrame | npt.ArrayLike | None = None,
    at_prior: npt.ArrayLike | None = None, known_before: Sequence[str] = (), coverage: float = 0.9, seed: int = 0,
) -> pd.DataFrame:
    """One row per place: probability of water, low and high (`coverage` of the belief), expected_holes (1/probability).

    outcomes (n,): True or 1 where a hole gave water. xy_m (n, 2), at_xy_m (m, 2): metres of one CRS. prior: a mean in
    (0, 1), a range (low, high), Beta parameters, a `BetaPrior` or a norm (see `beta.as_prior`). features (n, k) and
    at_features (m, k): what is known before drilling; categories as text columns of a table. at_prior (m,): prior mean
    of each place (expert criteria, `expert`), worth as many holes as `prior`. known_before: columns that are surely
    known before drilling, though they look as if filled in after it.

    A Beta prior, moved by outcomes nearby (`nearby`), set aside when they contradict it (`conflict`). A scikit-learn
    model is used only when it beats that in blocks of 10 km left out (`evidence`). `attrs` say so: method (`prior`,
    `nearby` or `model`), said and said_fr in words, and the measures `brier`, `brier_base`, `brier_model`, `auc_model`
    where they could be taken. Holes and cost with the doubt about the chance in them: `success_belief` and `holes`.
    Refused: outcomes that are not 0 or 1, coordinates in degrees, a prior outside 0..1, features that know the outcome.
    """
    _coverage(coverage)
    belief = success_belief(outcomes, xy_m, at_xy_m, prior=prior, features=features, at_features=at_features,
                            at_prior=at_prior, known_before=known_before, seed=seed)
    probability = belief.chance
    low, high = belief.interval(coverage)
    table = pd.DataFrame({"probability": probability, "low": low, "high": high, "expected_holes": 1.0 / probability})
    table.attrs = dict(belief.told)
    return table


def success_belief(
    outcomes: npt.ArrayLike, xy_m: npt.ArrayLike, at_xy_m: npt.ArrayLike, *, prior: object,
    features: pd.DataFrame | npt.ArrayLike | None = None, at_features: pd.DataFrame | npt.ArrayLike | None = None,
    at_prior: npt.ArrayLike | None = None, known_before: Sequence[str] = (), seed: int = 0,
) -> SuccessBelief:
    """The Beta belief behind `success_probability` (same arguments)."""
    holes, places = metric_pair(xy_m, "xy_m", at_xy_m, "at_xy_m")
    wet = _outcomes(outcomes, len(holes))
    stated = as_prior(prior)
    means = _means(at_prior, stated, len(places))
    tables = checked_features(features, at_features, wet, len(places), known_before)
    settings = nearby.fit(wet, holes, stated, seed)
    stands = standing(stated, wet, settings)
    evidence = judge(wet, holes, stands.prior, settings, tables, seed)
    weights = nearby.weighted(wet, holes, places, settings.range_m)
    if stands.set_aside:
        alpha, beta = nearby.capped(stands.prior, *weights, settings.cap_holes)
    else:
        alpha, beta = nearby.capped_at(means, stated.alpha + stated.beta, *weights, settings.cap_holes)
    if evidence.model is not None and tables is not None:
        mean = evidence.model.predict(tables.at)
        worth = alpha + beta
        alpha, beta = mean * worth, (1 - mean) * worth
    return SuccessBelief(alpha, beta, _said(evidence, settings, stands, len(wet)))


def _means(at_prior: npt.ArrayLike | None, prior: BetaPrior, places: int) -> Floats:
    if at_prior is None:
        return np.full(places, prior.mean)
    means = np.asarray(at_prior, dtype=np.float64)
    if means.shape != (places,) or not ((means > 0) & (means < 1)).all():
        bad = int(np.argmin((means > 0) & (means < 1))) if means.shape == (places,) else 0
        raise refused("groundwater-prior", field="at_prior", row=f"place {bad}",
                      found=means[bad] if means.shape == (places,) else f"shape {means.shape}",
                      expected=f"{places} chances between 0 and 1",
                      remedy="Give the chance of `expert_chance` for the same places.",
                      remedy_fr="Donnez la chance de `expert_chance` pour les mêmes lieux.")
    return means


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


def _said(
    evidence: Evidence, settings: nearby.Nearby, stands: Standing, holes: int
) -> dict[Hashable | None, Any]:
    method = "model" if evidence.model is not None else ("nearby" if holes else "prior")
    told: dict[Hashable | None, Any] = {
        "method": method, "holes": holes, "range_m": settings.range_m, "cap_holes": settings.cap_holes,
        "said": f"{stands.said} {evidence.said}".strip(), "said_fr": f"{stands.said_fr} {evidence.said_fr}".strip(),
        "prior_set_aside": stands.set_aside,
    }
    told.update(evidence.measures)
    return told
