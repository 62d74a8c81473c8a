"""Whether a model of covariates earns its place: it must beat prior and neighbours in blocks of ground left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from gis_planner.programmes.groundwater import nearby
from gis_planner.programmes.groundwater.beta import BetaPrior
from gis_planner.programmes.groundwater.blocks import block_folds, blocks

if TYPE_CHECKING:
    from gis_planner.programmes.groundwater.features import Features

Floats = npt.NDArray[np.float64]

FEWEST_HOLES: Final = 100
FEWEST_OF_A_KIND: Final = 20
OF_A_KIND_PER_FEATURE: Final = 5
ROUNDS: Final = 3
WIDEST_GAP: Final = 0.05


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted logistic regression on the normal scores of the features (any monotone scale gives the same)."""

    pipeline: Any

    def predict(self, features: Floats) -> Floats:
        """(m,) chance of water."""
        return np.asarray(self.pipeline.predict_proba(features)[:, 1], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Evidence:
    """model: fitted when it is to be used, else None. said, said_fr: why. measures: what was measured."""

    model: Model | None
    said: str
    said_fr: str
    measures: dict[str, float] = field(default_factory=dict)


def judge(
    wet: Floats, xy_m: Floats, prior: BetaPrior, settings: nearby.Nearby, features: Features | None, seed: int
) -> Evidence:
    """Measure prior with neighbours, base rate and model in blocks of 10 km left out, and decide which is used."""
    if not nearby.enough(xy_m):
        said = f"{len(wet)} holes are too few to measure anything: the chance is the prior, moved by the nearest holes."
        said_fr = f"{len(wet)} forages, trop peu pour mesurer : la chance est l'a priori, corrigé par les voisins."
        return Evidence(None, said, said_fr)
    few = _too_few(wet, features)
    guess = _left_out(wet, xy_m, prior, settings, None if few else features, seed)
    base, near = guess["base"], guess["nearby"]
    measures = {"brier": _brier(near, wet), "brier_base": _brier(base, wet), "calibration_gap": calibration_gap(
        near, wet)}
    verdict = (f"Prior and neighbours: Brier {measures['brier']:.3f}, base rate alone {measures['brier_base']:.3f}, in "
               "blocks left out.")
    verdict_fr = (f"A priori et voisins : Brier {measures['brier']:.3f}, taux de base seul "
                  f"{measures['brier_base']:.3f}, par blocs mis de côté.")
    if features is None:
        return Evidence(None, verdict, verdict_fr, measures)
    if few:
        return Evidence(None, f"{verdict} No model: {few[0]}.", f"{verdict_fr} Pas de modèle : {few[1]}.", measures)
    model = guess["model"]
    measures |= {"brier_model": _brier(model, wet), "auc_model": auc(model, wet),
                 "calibration_gap_model": calibration_gap(model, wet),
                 "calibration_gap_chance": gap_by_chance(model, seed)}
    if measures["calibration_gap_model"] > WIDEST_GAP or not _beats(model, near, wet, blocks(xy_m, nearby.BLOCK_M)):
        return Evidence(
            None, f"{verdict} A model of the features has Brier {measures['brier_model']:.3f} and AUC "
            f"{measures['auc_model']:.2f}: it does not beat what is known without it by more than chance, with a "
            f"calibration gap of {WIDEST_GAP} at most, and is not used.",
            f"{verdict_fr} Un modèle des variables a un Brier de {measures['brier_model']:.3f} et une AUC de "
            f"{measures['auc_model']:.2f} : il ne fait pas mieux, et n'est pas utilisé.", measures)
    return Evidence(
        _fit(features.holes, wet), f"{verdict} A model of the features has Brier {measures['brier_model']:.3f} and AUC "
        f"{measures['auc_model']:.2f}: it is used.", f"{verdict_fr} Un modèle des variables a un Brier de "
        f"{measures['brier_model']:.3f} et une AUC de {measures['auc_model']:.2f} : il est utilisé.", measures)


def _too_few(wet: Floats, features: Features | None) -> tuple[str, str] | None:
    if features is None:
        return None
    rare = int(min(wet.sum(), len(wet) - wet.sum()))
    if len(wet) < FEWEST_HOLES or rare < FEWEST_OF_A_KIND:
        return (f"{len(wet)} holes, {rare} of the rarer outcome; {FEWEST_HOLES} and {FEWEST_OF_A_KIND} are needed",
                f"{len(wet)} forages, {rare} de l'issue rare ; il en faut {FEWEST_HOLES} et {FEWEST_OF_A_KIND}")
    width = features.holes.shape[1]
    asked = OF_A_KIND_PER_FEATURE * width
    if rare < asked:
        return (f"{width} features ask for {asked} holes of the rarer outcome, there are {rare}",
                f"{width} variables demandent {asked} forages de l'issue la plus rare, il y en a {rare}")
    return None


def _left_out(
    wet: Floats, xy_m: Floats, prior: BetaPrior, settings: nearby.Nearby, features: Features | None, seed: int
) -> dict[str, Floats]:
    """Chance at each hole by base rate, neighbours and model, each fitted without its block; mean of three rounds."""
    names = ("base", "nearby", "model")
    total = {name: np.zeros(len(wet)) for name in names}
    for turn in range(ROUNDS):
        fold = block_folds(xy_m, nearby.BLOCK_M, nearby.FOLDS, seed + turn)
        for one in range(int(fold.max()) + 1):
            out = fold == one
            total["base"][out] += wet[~out].mean()
            weights = nearby.weighted(wet[~out], xy_m[~out], xy_m[out], settings.range_m)
            alpha, beta = nearby.capped(prior, *weights, settings.cap_holes)
            total["nearby"][out] += alpha / (alpha + beta)
            if features is not None and 0 < wet[~out].mean() < 1:
                total["model"][out] += _fit(features.holes[~out], wet[~out]).predict(features.holes[out])
            elif features is not None:
                total["model"][out] += wet[~out].mean()
    return {name: total[name] / ROUNDS for name in names}


def _fit(features: Floats, wet: Floats) -> Model:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer, StandardScaler

    ranks = QuantileTransformer(n_quantiles=min(50, len(wet)), output_distribution="normal", random_state=0)
    pipeline = make_pipeline(ranks, StandardScaler(), LogisticRegression(C=0.3, max_iter=500, tol=1e-8))
    return Model(pipeline.fit(features, wet.astype(np.int64)))


def _beats(model: Floats, other: Floats, wet: Floats, block: npt.NDArray[np.int64]) -> bool:
    """Whether the model's squared error is smaller by more than one standard error over the blocks."""
    gain = (other - wet) ** 2 - (model - wet) ** 2
    per_block = np.bincount(block, gain)
    count = len(per_block)
    return bool(per_block.sum() > np.sqrt(count) * per_block.std(ddof=1)) if count > 1 else False


def _brier(chance: Floats, wet: Floats) -> float:
    return float(np.mean((chance - wet) ** 2))


def auc(chance: Floats, wet: Floats) -> float:
    """Share of pairs of a wet and a dry hole that the chance orders rightly (ties count half)."""
    from scipy.stats import rankdata

    yes = int(wet.sum())
    no = len(wet) - yes
    if not yes or not no:
        return float("nan")
    return float((rankdata(chance)[wet == 1].sum() - yes * (yes + 1) / 2) / (yes * no))


def gap_by_chance(chance: Floats, seed: int, runs: int = 200) -> float:
    """Mean calibration gap that these chances would show if they were perfect: outcomes drawn from them.

    The gap is an absolute value in steps of few holes, so it is above 0 for a perfect forecast, the more the sharper it
    is (Bröcker and Smith 2007, Weather and Forecasting 22:651).
    """
    rng = np.random.default_rng(seed)
    drawn = (rng.random((runs, len(chance))) < chance).astype(np.float64)
    return float(np.mean([calibration_gap(chance, wet) for wet in drawn]))


def calibration_gap(chance: Floats, wet: Floats, bins: int = 10) -> float:
    """Expected calibration error: |mean chance - share of wet| in `bins` equal steps of chance, weighted by holes.

    Naeini, Cooper, Hauskrecht 2015 (AAAI).
    """
    step = np.minimum((chance * bins).astype(np.int64), bins - 1)
    return float(np.abs(np.bincount(step, chance - wet, bins)).sum() / len(chance))
