"""Where a borehole may stand: setbacks, zones, hollows that hold water, slope, and the way of the rig in the season."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner.problems import Finding, Severity
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy
from gis_planner.spatial.grid import Grid, grid_over
from gis_planner.spatial.resample import resample
from gis_planner.spatial.setback import Setback, clearance, keeps, removed
from gis_planner.spatial.terrain import flow, slope_tangent

Bools = npt.NDArray[np.bool_]

POND_CELLS = 3
"""Hollows are looked for on cells of this many cells of the elevation: smaller ones are noise of the heights."""
ZONE_WORDS = {
    "flood": ("a flood zone", "une zone inondable"), "grave": ("graves", "des tombes"),
    "protected": ("a protected area", "une aire protégée"), "private": ("private land", "un terrain privé"),
    "rock": ("rock", "un affleurement rocheux"), "military": ("military land", "un terrain militaire"),
    "exclusion": ("a zone where nothing may be built", "une zone exclue"),
    "other": ("a zone where nothing may be built", "une zone exclue"),
}


def around_people(world: World, settings: WellsSettings, unserved: Ints, walk_min: float) -> Floats:
    """Places (n, 2) on a grid around unserved people, and where they live."""
    groups = world.people.group_xy_m[unserved > 0]
    side = settings.candidate_spacing_m
    if not len(groups) or walk_min <= 0:
        return np.zeros((0, 2))
    near = 2 * side
    low, high = np.floor((groups.min(0) - near) / side), np.ceil((groups.max(0) + near) / side)
    columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
    grid = np.column_stack([columns.ravel(), rows.ravel()]) * side
    grid = grid[cKDTree(groups).query(grid, distance_upper_bound=near)[0] <= near]
    return np.vstack([grid, groups])


def allowed(world: World, settings: WellsSettings, xy_m: Floats, findings: list[Finding]) -> Bools:
    """(n,) True where a borehole may stand; each rule that removes places is a note with how many it removes."""
    rules = setbacks(world, settings)
    findings += removed(xy_m, rules, field="wells")
    kept = np.all([keeps(xy_m, rule) for rule in rules], axis=0) if len(xy_m) else np.zeros(0, bool)
    for bad, words, words_fr in _ground_rules(world, settings, xy_m):
        if bad.any():
            alone = int((bad & kept).sum())
            findings.append(Finding(
                "candidates-removed", Severity.NOTE,
                f"{int(bad.sum())} of {len(xy_m)} places {words} ({alone} that keep every setback)", "",
                "They are not candidates.",
                f"{int(bad.sum())} lieux sur {len(xy_m)} {words_fr} ne sont pas candidats.", field="wells"))
        kept = kept & ~bad
    return np.asarray(kept, dtype=bool)


def setbacks(world: World, settings: WellsSettings) -> list[Setback]:
    """The distances to keep: latrines, streams, graves, and every kind of zone (not inside)."""
    latrine_m = world.book.value(settings.setback_latrine_m, "m")
    grave_m = world.book.value(settings.setback_grave_m, "m")
    rules = [
        Setback("a latrine", xy(world.metric("latrines")), latrine_m, "une latrine"),
        Setback("a stream", world.metric("streams").geometry.to_numpy(), settings.setback_stream_m, "un cours d'eau"),
    ]
    zones = world.metric("zones")
    for kind in sorted(set(zones["kind"].astype(str))):
        name, name_fr = ZONE_WORDS.get(kind, ZONE_WORDS["other"])
        shapes = zones.geometry[zones["kind"].eq(kind)].to_numpy()
        rules.append(Setback(name, shapes, grave_m if kind == "grave" else 0.0, name_fr))
    return rules


def _ground_rules(world: World, settings: WellsSettings, xy_m: Floats) -> list[tuple[Bools, str, str]]:
    """Per rule of the ground: the places that it removes and the words for them."""
    rules = []
    if world.region.has("elevation") and len(xy_m):
        raster = world.region.raster("elevation")
        west, south = xy_m.min(axis=0) - 500
        east, north = xy_m.max(axis=0) + 500
        side = max(round(abs(raster.transform.a)), 1) if raster.crs == world.crs else 30
        grid = grid_over((west, south, east, north), side, world.crs)
        steepest = world.book.value(settings.max_slope, "ratio")
        height = resample(raster.values, raster.transform, raster.crs, grid, kind="continuous")
        slope = _at(slope_tangent(height, grid.cell_m), grid, xy_m)
        rules.append((slope > steepest, f"on slopes steeper than {steepest:.0%}",
                      f"sur des pentes de plus de {steepest * 100:.0f} %"))
        deep = world.book.value(settings.pond_depth_m, "m")
        coarse = grid_over((west, south, east, north), side * POND_CELLS, world.crs)
        broad = resample(raster.values, raster.transform, raster.crs, coarse, kind="continuous")
        hollow = _at(flow(broad, coarse.cell_m).filled_m - broad, coarse, xy_m)
        rules.append((hollow >= deep, f"in hollows at least {deep:g} m deep that hold water after rain",
                      f"dans des creux d'au moins {deep:g} m qui retiennent l'eau".replace(".", ",")))
    roads = world.metric("roads")
    if len(roads) and len(xy_m):
        rainy = world.season == "rainy"
        off_m = world.book.value(settings.rig_off_road_rainy_m if rainy else settings.rig_off_road_m, "m")
        usable = ~roads["highway"].isin(["path", "footway", "steps"])
        usable &= roads["passable_rainy"].astype(bool) | (not rainy)
        far = clearance(xy_m, roads.geometry[usable].to_numpy()) > off_m
        rules.append((far, f"more than {off_m:g} m from a road that a rig can use in this season",
                      f"à plus de {off_m:g} m d'une route praticable pour une foreuse en cette saison"))
    return rules


def _at(values: Floats, grid: Grid, xy_m: Floats) -> Floats:
    """Values of the cells of places; 0 where they are not known."""
    cells = grid.rowcol(xy_m)
    return np.nan_to_num(np.where(cells[:, 0] >= 0, values[cells[:, 0], cells[:, 1]], 0.0), nan=0.0)


def best_per_village(
    world: World, settings: WellsSettings, places: Floats, unserved: Ints, walk_min: float
) -> tuple[Floats, Ints]:
    """The places with most unserved people within the walk, so many per village, and the village of each.

    Ties by the mean walk, then by position.
    """
    if not len(places):
        return places, np.zeros(0, np.int64)
    reach = world.walking.trips(world.people.group_xy_m, places, walk_min).round_min
    near = (reach.astype(bool).astype(np.int64).T @ unserved).astype(np.int64)
    walked = np.asarray(reach.T @ unserved, dtype=np.float64) / np.maximum(near, 1)
    village = world.home(places)
    order = np.lexsort((places[:, 0], places[:, 1], np.round(walked, 2), -near, village))
    order = order[near[order] > 0]
    nth = pd.Series(village[order]).groupby(village[order]).cumcount().to_numpy()
    kept = order[nth < settings.candidates_per_village]
    return places[kept], village[kept]


def new_places(
    world: World, settings: WellsSettings, unserved: Ints, walk_min: float, findings: list[Finding]
) -> tuple[Floats, Ints]:
    """Candidate places (n, 2) of new boreholes and the village (row) of each."""
    places = around_people(world, settings, unserved, walk_min)
    places = places[allowed(world, settings, places, findings)]
    return best_per_village(world, settings, places, unserved, walk_min)
