"""Chance that a hole gives water at a place: the prior of its class of ground, moved by drilling outcomes nearby."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner.programmes.groundwater.beta import as_prior
from gis_planner.programmes.groundwater.by_class import belief_by_class, class_at, class_priors
from gis_planner.programmes.groundwater.success import SuccessBelief
from gis_planner.programmes.people import Floats
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy


def belief_at(world: World, settings: WellsSettings, xy_m: Floats) -> SuccessBelief:
    """Beta belief of the chance of water at each place.

    `wells.success_probability` as a norm: each class of ground that has a norm row of its own takes that, the others
    the norm; each is moved by the holes of its class. As a number: that number for every class. The class of a place is
    that of the nearest hole whose class is known. Without outcomes the prior speaks alone.
    """
    given = settings.success_probability
    mean = world.book.value(given, "share")
    prior = world.book.norm(given) if isinstance(given, str) else mean
    drillings = world.metric("drillings")
    if drillings.empty or not len(xy_m):
        belief = as_prior(prior)
        worth = belief.alpha + belief.beta
        return SuccessBelief(np.full(len(xy_m), mean * worth), np.full(len(xy_m), (1 - mean) * worth), {})
    outcomes, holes = drillings["success"].to_numpy(dtype=bool), xy(drillings)
    named = "hydrogeological_class" in drillings
    classes = (drillings["hydrogeological_class"].fillna("").astype(str).tolist() if named else [""] * len(drillings))
    here = class_at(classes, holes, xy_m)
    if isinstance(given, str):
        priors = class_priors([*classes, *here, ""], world.book, prior)[0]
    else:
        priors = dict.fromkeys([*classes, *here, ""], prior)
    return belief_by_class(outcomes, holes, classes, xy_m, here, priors=priors, seed=world.seed)


def success_at(world: World, settings: WellsSettings, xy_m: Floats) -> pd.DataFrame:
    """One row per place: probability, low, high (90 % of the belief of `belief_at`), holes that it is worth.

    Without outcomes low and high are those of the norm, nan for a plain number.
    """
    belief = belief_at(world, settings, xy_m)
    low, high = belief.interval()
    if world.metric("drillings").empty:
        given = settings.success_probability
        norm = world.book.norm(given) if isinstance(given, str) else None
        ends = (norm.low, norm.high) if norm is not None else (None, None)
        low, high = (np.full(len(xy_m), np.nan if end is None else end) for end in ends)
    return pd.DataFrame({"probability": belief.chance, "low": low, "high": high,
                         "holes": belief.alpha + belief.beta})


def soft_ground(world: World, settings: WellsSettings, xy_m: Floats) -> np.ndarray:
    """(n,) True where the nearest drilling, not too far, met ground that can be drilled by hand."""
    drillings = world.metric("drillings")
    if drillings.empty or "hydrogeological_class" not in drillings or not len(xy_m):
        return np.zeros(len(xy_m), bool)
    away, nearest = cKDTree(xy(drillings)).query(xy_m)
    met = drillings["hydrogeological_class"].astype(str).to_numpy()[nearest]
    return np.asarray(np.isin(met, settings.manual_classes) & (away <= settings.manual_within_m), dtype=bool)
