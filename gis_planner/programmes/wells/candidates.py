"""Actions that could serve people: repairs of points that do not work, and new boreholes on a grid with setbacks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner.problems import Finding
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.service import capacity_people, reach_of
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy
from gis_planner.spatial.setback import Setback, keeps, removed
from gis_planner.tables.inputs import IMPROVED

COLUMNS = ["action_id", "action", "water_point_id", "x_m", "y_m", "village", "capacity_people", "success_probability",
           "cost_fcfa", "nearest_latrine_m"]


def repairs(world: World, settings: WellsSettings) -> pd.DataFrame:
    """One row per improved point that does not work (or is unknown and counts so)."""
    points = world.metric("water_points")
    broken = points["status"].eq("not_working")
    if settings.unknown_status == "not_working":
        broken |= points["status"].eq("unknown")
    some = points[broken & points["technology"].isin(IMPROVED)]
    at = xy(some)
    return pd.DataFrame({
        "action_id": ("R-" + some["water_point_id"].astype(str)).to_numpy(), "action": "repair",
        "water_point_id": some["water_point_id"].to_numpy(), "x_m": at[:, 0], "y_m": at[:, 1],
        "village": world.home(at),
        "capacity_people": [capacity_people(kind, world, settings) for kind in some["technology"]],
        "success_probability": settings.repair_success,
        "cost_fcfa": world.prices.value(settings.repair_cost, "wells.repair_cost"),
        "nearest_latrine_m": latrine_distance(world, at),
    }, columns=COLUMNS)


def latrine_distance(world: World, xy_m: Floats) -> Floats:
    """Metres to the nearest latrine of the layer; nan when none is known."""
    latrines = world.metric("latrines")
    if latrines.empty or not len(xy_m):
        return np.full(len(xy_m), np.nan)
    return np.asarray(cKDTree(xy(latrines)).query(xy_m)[0], dtype=np.float64)


def new_places(
    world: World, settings: WellsSettings, unserved: Ints, limit_m: float, findings: list[Finding]
) -> tuple[Floats, Ints]:
    """Places (n, 2) on a grid around unserved people, out of setbacks and zones, and the village of each."""
    groups = world.people.group_xy_m[unserved > 0]
    side = settings.candidate_spacing_m
    if not len(groups) or limit_m <= 0:
        return np.zeros((0, 2)), np.zeros(0, np.int64)
    near = min(limit_m, 2 * side)
    low, high = np.floor((groups.min(0) - near) / side), np.ceil((groups.max(0) + near) / side)
    columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
    grid = np.column_stack([columns.ravel(), rows.ravel()]) * side
    grid = grid[cKDTree(groups).query(grid, distance_upper_bound=near)[0] <= near]
    places = np.vstack([grid, groups])
    free = allowed(world, settings, places, findings)
    places = places[free]
    return _best_per_village(world, settings, places, unserved, limit_m)


def allowed(world: World, settings: WellsSettings, xy_m: Floats, findings: list[Finding]) -> np.ndarray:
    """(n,) True where a borehole may stand: far enough from latrines and streams, outside every zone."""
    latrine_m = world.book.value(settings.setback_latrine_m, "m")
    rules = [
        Setback("a latrine", xy(world.metric("latrines")), latrine_m, "une latrine"),
        Setback("a stream", world.metric("streams").geometry.to_numpy(), settings.setback_stream_m, "un cours d'eau"),
        Setback("a zone where nothing may be built", world.metric("zones").geometry.to_numpy(), 0.0, "une zone exclue"),
    ]
    findings += removed(xy_m, rules, field="wells")
    return np.asarray(np.all([keeps(xy_m, rule) for rule in rules], axis=0), dtype=bool)


def _best_per_village(
    world: World, settings: WellsSettings, places: Floats, unserved: Ints, limit_m: float
) -> tuple[Floats, Ints]:
    if not len(places):
        return places, np.zeros(0, np.int64)
    reach = reach_of(world, places, limit_m)
    within = (reach.astype(bool).astype(np.int64).T @ unserved).astype(np.int64)
    village = world.home(places)
    order = np.lexsort((places[:, 0], places[:, 1], -within, village))
    order = order[within[order] > 0]
    nth = pd.Series(village[order]).groupby(village[order]).cumcount().to_numpy()
    kept = order[nth < settings.candidates_per_village]
    return places[kept], village[kept]


def boreholes(
    world: World, settings: WellsSettings, places: Floats, village: Ints, success: Floats
) -> pd.DataFrame:
    """One row per candidate place of a new borehole.

    Its cost is expected, to 1,000 FCFA: geophysics, then a wet or a dry hole by their chances.
    """
    ids = world.people.villages["village_id"].to_numpy()[village] if len(places) else np.zeros(0, object)
    nth = pd.Series(ids).groupby(ids).cumcount().to_numpy() + 1
    wet = world.prices.value(settings.borehole_cost, "wells.borehole_cost")
    dry = world.prices.value(settings.dry_hole_cost, "wells.dry_hole_cost")
    probe = world.prices.value(settings.geophysics_cost, "wells.geophysics_cost")
    return pd.DataFrame({
        "action_id": [f"N-{village_id}-{number:02d}" for village_id, number in zip(ids, nth, strict=True)],
        "action": "new_borehole", "water_point_id": "", "x_m": places[:, 0], "y_m": places[:, 1], "village": village,
        "capacity_people": capacity_people("borehole_handpump", world, settings),
        "success_probability": np.round(success, 4),
        "cost_fcfa": np.round(probe + success * wet + (1 - success) * dry, -3), "nearest_latrine_m":
        latrine_distance(world, places),
    }, columns=COLUMNS)


