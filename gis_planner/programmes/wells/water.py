"""Chance that a hole gives water at a place: the norm, moved by drilling outcomes nearby; and where hands can drill."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner.programmes.groundwater import success_probability
from gis_planner.programmes.people import Floats
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy


def success_at(world: World, settings: WellsSettings, xy_m: Floats) -> pd.DataFrame:
    """One row per place: probability, low, high, of `wells.success_probability` moved by the drilling outcomes.

    Without outcomes low and high are those of the norm, nan for a plain number.
    """
    given = settings.success_probability
    mean = world.book.value(given, "share")
    drillings = world.metric("drillings")
    if drillings.empty or not len(xy_m):
        norm = world.book.norm(given) if isinstance(given, str) else None
        low, high = (norm.low, norm.high) if norm is not None else (None, None)
        ends = [np.nan if end is None else end for end in (low, high)]
        return pd.DataFrame({"probability": np.full(len(xy_m), mean), "low": ends[0], "high": ends[1]})
    outcomes = drillings["success"].to_numpy(dtype=bool)
    prior = world.book.norm(given) if isinstance(given, str) else mean
    table = success_probability(outcomes, xy(drillings), xy_m, prior=prior, seed=world.seed)
    return table[["probability", "low", "high"]].reset_index(drop=True)


def soft_ground(world: World, settings: WellsSettings, xy_m: Floats) -> np.ndarray:
    """(n,) True where the nearest drilling, not too far, met ground that can be drilled by hand."""
    drillings = world.metric("drillings")
    if drillings.empty or "hydrogeological_class" not in drillings or not len(xy_m):
        return np.zeros(len(xy_m), bool)
    away, nearest = cKDTree(xy(drillings)).query(xy_m)
    met = drillings["hydrogeological_class"].astype(str).to_numpy()[nearest]
    return np.asarray(np.isin(met, settings.manual_classes) & (away <= settings.manual_within_m), dtype=bool)
