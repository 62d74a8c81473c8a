"""Water today by the JMP ladder: who has a place within the round trip, and what the others drink.

Places are shared by optimal assignment (`optimise.allocate.assign`), first within the round trip (basic), then beyond
it (limited); who is left goes to the nearest unprotected source (unimproved), else to surface water. Each person stands
on one rung.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise.allocate import assign
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.walking import Trips
from gis_planner.programmes.wells.queue import Fetching, fetching
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World, xy
from gis_planner.tables.inputs import IMPROVED

RUNGS = ("basic", "limited", "unimproved", "surface")


@dataclass(frozen=True)
class Points:
    """Every water point of the region with the walks to it. trips: groups x points within the farthest round trip.

    flow_l_min, capacity: (points,) its flow and the people that it serves.
    """

    table: gpd.GeoDataFrame
    trips: Trips
    flow_l_min: Floats
    capacity: Ints
    fetching: Fetching


@dataclass(frozen=True)
class Service:
    """One answer about the points of unknown status; whole people by group (groups,).

    served, over_capacity, out_of_reach: sum to the group; served = basic. rungs: (groups, 4) in the order of RUNGS.
    load, queue_min: (points,) people at each point and minutes of queue there. trip_min: (groups,) person-minutes of
    one round trip of the people with any source, with_source how many they are. rest_walk_min: (groups,) mean minutes
    one way today of those not served (nan when nobody of them has a source).
    """

    served: Ints
    over_capacity: Ints
    out_of_reach: Ints
    rungs: Ints
    load: Ints
    queue_min: Floats
    trip_min: Floats
    with_source: Ints
    rest_walk_min: Floats
    rest_trip_min: Floats

    @property
    def unserved(self) -> Ints:
        """(groups,) people without a place."""
        return self.over_capacity + self.out_of_reach


def walk_limit_min(world: World, settings: WellsSettings) -> float:
    """Minutes of walking there and back that leave room for the queue within the round trip."""
    return max(world.book.value(settings.round_trip_min, "min") - settings.queue_min, 0.0)


def flow_of(technology: str, world: World, settings: WellsSettings) -> float:
    """Litres a minute of a point of this technology by the norm."""
    norm = {"borehole_handpump": settings.handpump_l_min, "borehole_tap": settings.tap_l_min}
    return world.book.value(norm.get(technology, settings.well_l_min), "L/min")


def capacity_people(
    technology: str, world: World, settings: WellsSettings, flow_l_min: float | None = None,
) -> int:
    """People that one point serves: the norm of its technology and, when queues come from the load, no longer queue.

    flow_l_min: its own flow; without it the norm's.
    """
    norm = {"borehole_handpump": settings.people_per_handpump, "borehole_tap": settings.people_per_tap}
    most = int(world.book.value(norm.get(technology, settings.people_per_well), "people"))
    if settings.queue_from == "stated":
        return most
    flow = flow_of(technology, world, settings) if flow_l_min is None else flow_l_min
    return min(most, int(fetching(world.book, settings).people_within(settings.queue_min, flow)))


def water_points(world: World, settings: WellsSettings) -> Points:
    """The region's points, with walks, flows (their own where recorded) and capacities."""
    table = world.metric("water_points")
    farthest = world.book.value(settings.farthest_round_trip_min, "min")
    trips = world.walking.trips(world.people.group_xy_m, xy(table), farthest)
    flow = np.array([flow_of(kind, world, settings) for kind in table["technology"]], np.float64)
    if "yield_l_min" in table:
        own = table["yield_l_min"].to_numpy(np.float64)
        flow = np.where(own > 0, own, flow)
    capacity = np.array([capacity_people(kind, world, settings, float(litres))
                         for kind, litres in zip(table["technology"], flow, strict=True)], np.int64)
    return Points(table, trips, flow, capacity, fetching(world.book, settings))


def gives_water(points: gpd.GeoDataFrame, season: str, unknown_work: bool) -> np.ndarray:
    """(points,) True where a point gives water in this season; unknown ones as stated."""
    works = points["status"].eq("working") | (points["status"].eq("unknown") & unknown_work)
    if season == "dry" and "seasonal" in points:
        works &= ~points["seasonal"].fillna(value=False).astype(bool)
    return np.asarray(works, dtype=bool)


def service(world: World, settings: WellsSettings, points: Points, unknown_work: bool) -> Service:
    """Service today: as many people as possible have a place, at the least total walk."""
    people = world.people.groups["people"].to_numpy(np.int64)
    works = gives_water(points.table, world.season, unknown_work)
    technology = points.table["technology"]
    good = works & technology.isin(IMPROVED).to_numpy()
    poor = works & ~technology.isin([*IMPROVED, "surface_water"]).to_numpy()
    trip = points.trips.round_min
    near = within(trip, good, walk_limit_min(world, settings))
    first = flow(near, people, points.capacity)
    served = _sum(first)
    load = np.asarray(first.sum(axis=0), dtype=np.int64).ravel()
    second = flow(within(trip, good, np.inf), people - served, points.capacity - load)
    limited = _sum(second)
    load = load + np.asarray(second.sum(axis=0), dtype=np.int64).ravel()
    rest = people - served - limited
    nearest, at = _nearest(within(trip, poor, np.inf))
    unimproved = np.where(np.isfinite(nearest), rest, 0)
    queue = (np.full(len(load), settings.queue_min) if settings.queue_from == "stated"
             else points.fetching.queue_min(load, points.flow_l_min))
    there = points.trips.there_min
    walked = [_minutes(trip, part, queue) for part in (first, second)]
    known = np.where(np.isfinite(nearest), nearest, 0.0)
    poor_trip = unimproved * (known + settings.queue_min)
    one_way = _minutes(there, second, np.zeros(len(load)))
    one_way += np.where(unimproved > 0, unimproved * _at(there, at), 0.0)
    others = limited + unimproved
    in_reach = np.diff(near.indptr) > 0
    return Service(
        served, np.where(in_reach, people - served, 0), np.where(in_reach, 0, people - served),
        np.column_stack([served, limited, unimproved, rest - unimproved]), load, queue,
        walked[0] + walked[1] + poor_trip, served + others, _mean(one_way, others),
        _mean(walked[1] + poor_trip, others))


def within(minutes: csr_array, columns: np.ndarray, limit_min: float) -> csr_array:
    """The pairs of some columns (flags) that are at most `limit_min`; same shape."""
    rows = np.repeat(np.arange(minutes.shape[0]), np.diff(minutes.indptr))
    kept = columns[minutes.indices] & (minutes.data <= limit_min + 1e-9)
    pointer = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=minutes.shape[0]))])
    return csr_array((minutes.data[kept], minutes.indices[kept], pointer), shape=minutes.shape)


def flow(minutes: csr_array, people: Ints, capacity: Ints) -> csr_array:
    """csr (groups, points): whole people by optimal assignment; nobody when no pair is in reach."""
    if minutes.nnz == 0 or people.sum() == 0:
        return csr_array(minutes.shape, dtype=np.int64)
    return csr_array(assign(minutes, people, np.maximum(capacity, 0)).flow)


def _sum(flows: csr_array) -> Ints:
    return np.asarray(flows.sum(axis=1), dtype=np.int64).ravel()


def _minutes(trip: csr_array, flows: csr_array, queue: Floats) -> Floats:
    """(groups,) person-minutes of the people of `flows`, with the queue of each point."""
    walk = np.asarray(trip.multiply(flows).sum(axis=1), dtype=np.float64).ravel()
    wait = np.where(np.isfinite(queue), queue, 0.0)
    return walk + np.asarray(flows @ wait, dtype=np.float64)


def _nearest(trip: csr_array) -> tuple[Floats, Ints]:
    """(groups,) minutes and column of the nearest place, inf and -1 without one; ties by column."""
    best, at = np.full(trip.shape[0], np.inf), np.full(trip.shape[0], -1, np.int64)
    for row in np.flatnonzero(np.diff(trip.indptr)):
        data = trip.data[trip.indptr[row]:trip.indptr[row + 1]]
        first = int(np.argmin(data))
        best[row], at[row] = data[first], trip.indices[trip.indptr[row] + first]
    return best, at


def _at(there: csr_array, column: Ints) -> Floats:
    """(groups,) minutes to one place each; 0 where the column is -1."""
    known = np.flatnonzero(column >= 0)
    out = np.zeros(there.shape[0])
    for row in known:
        row_of = slice(there.indptr[row], there.indptr[row + 1])
        out[row] = there.data[row_of][np.searchsorted(there.indices[row_of], column[row])]
    return out


def _mean(total: Floats, count: Ints) -> Floats:
    return np.asarray(np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0), dtype=np.float64)
