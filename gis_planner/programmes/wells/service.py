"""Who has a place at a working water point within the round trip, shared by optimal assignment."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise.allocate import assign
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy
from gis_planner.spatial.reach import reach_matrix
from gis_planner.tables.inputs import IMPROVED


@dataclass(frozen=True)
class Service:
    """served, over_capacity, out_of_reach: (groups,) whole people that sum to the group. points: those that count."""

    served: Ints
    over_capacity: Ints
    out_of_reach: Ints
    points: gpd.GeoDataFrame
    capacity: Ints


def reach_limit_m(world: World, settings: WellsSettings) -> float:
    """Straight line in metres from which the round trip with its queue is just within the limit."""
    round_trip = world.book.value(settings.round_trip_min, "min")
    return world.walking.reach_m((round_trip - settings.queue_min) / 2)


def capacity_people(technology: str, world: World, settings: WellsSettings) -> int:
    """People that one point of this technology serves."""
    norm = {"borehole_handpump": settings.people_per_handpump, "borehole_tap": settings.people_per_tap}
    return int(world.book.value(norm.get(technology, settings.people_per_well), "people"))


def counting_points(points: gpd.GeoDataFrame, season: str, unknown_work: bool) -> gpd.GeoDataFrame:
    """Improved points that give water in this season; unknown ones as stated."""
    works = points["status"].eq("working") | (points["status"].eq("unknown") & unknown_work)
    good = works & points["technology"].isin(IMPROVED)
    if season == "dry" and "seasonal" in points:
        good &= ~points["seasonal"].fillna(value=False).astype(bool)
    kept: gpd.GeoDataFrame = points[good].reset_index(drop=True)
    return kept


def service(world: World, settings: WellsSettings, unknown_work: bool) -> Service:
    """Service today: as many people as possible have a place, at the least total walk."""
    points = counting_points(world.metric("water_points"), world.season, unknown_work)
    people = world.people.groups["people"].to_numpy(np.int64)
    capacity = np.array([capacity_people(kind, world, settings) for kind in points["technology"]], np.int64)
    reach = reach_of(world, xy(points), reach_limit_m(world, settings))
    if reach.nnz == 0:
        none = np.zeros_like(people)
        return Service(none, none, people, points, capacity)
    served = assign(reach, people, capacity).served.astype(np.int64)
    near = np.diff(reach.indptr) > 0
    rest = people - served
    return Service(served, np.where(near, rest, 0), np.where(near, 0, rest), points, capacity)


def reach_of(world: World, xy_m: Floats, limit_m: float) -> csr_array:
    """csr (groups, places): path length in metres (at least 1) of pairs within the straight-line limit."""
    groups = world.people.group_xy_m
    if not len(xy_m) or limit_m <= 0:
        return csr_array((len(groups), len(xy_m)), dtype=np.float64)
    reach = reach_matrix(groups, xy_m, limit_m)
    reach.data = np.maximum(np.round(world.walking.path_m(reach.data)), 1.0)
    return reach
