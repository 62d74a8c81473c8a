"""Chance that a hole gives water at a place: the norm, moved by drilling outcomes nearby."""

from __future__ import annotations

import numpy as np

from gis_planner.programmes.groundwater import success_probability
from gis_planner.programmes.people import Floats
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy


def success_at(world: World, settings: WellsSettings, xy_m: Floats) -> Floats:
    """(places,) chance of water: `wells.success_probability`, moved by the region's drilling outcomes."""
    given = settings.success_probability
    mean = world.book.value(given, "share")
    drillings = world.metric("drillings")
    if drillings.empty or not len(xy_m):
        return np.full(len(xy_m), mean)
    outcomes = drillings["success"].to_numpy(dtype=bool)
    prior = world.book.norm(given) if isinstance(given, str) else mean
    table = success_probability(outcomes, xy(drillings), xy_m, prior=prior, seed=world.seed)
    return np.asarray(table["probability"], dtype=np.float64)
