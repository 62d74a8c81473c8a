"""The water ladder of villages, today and after: certain rungs, and those that hang on points of unknown status."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.service import RUNGS, Service
from gis_planner.programmes.world import World, shaped
from gis_planner.tables.results import VILLAGE_SERVICE


@dataclass(frozen=True)
class Today:
    """Service if no point of unknown status works (low), if all do (high), and the answer that the plan takes."""

    low: Service
    high: Service
    stated: Service

    @property
    def other(self) -> Service:
        """The answer that the plan does not take."""
        return self.low if self.stated is self.high else self.high


@dataclass(frozen=True)
class After:
    """gained: (groups,) people expected to gain a place. trip_min: (groups,) their person-minutes of one round trip."""

    gained: Floats
    trip_min: Floats


def by_village(world: World, values: Floats | Ints) -> Floats:
    """(villages,) sums of (groups,) values, or (villages, k) of (groups, k)."""
    village = world.people.groups["village"].to_numpy(np.int64)
    sums = np.zeros((len(world.people.villages), *values.shape[1:]))
    np.add.at(sums, village, values.astype(np.float64))
    return sums


def climbed(rungs: Ints, gained: Floats) -> Floats:
    """(groups, 4) rungs after `gained` people step up to basic, from the other rungs in proportion."""
    out = rungs.astype(np.float64)
    others = out[:, 1:].sum(axis=1)
    up = np.minimum(gained, others)
    share = np.divide(others - up, others, out=np.ones(len(others)), where=others > 0)
    out[:, 1:] *= share[:, None]
    out[:, 0] += up
    return out


def certain(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """(villages, 4) people who stand on a rung whatever the unknown points do, and (villages,) all others.

    The least of both answers, rung by rung: the five numbers sum to the people of the village.
    """
    sure = np.minimum(low, high)
    return sure, low.sum(axis=1) - sure.sum(axis=1)


def both_after(world: World, today: Today, gained: Floats) -> tuple[Floats, Floats]:
    """Rungs of villages after the plan, for both answers.

    The plan is made for the stated answer; under the other one its people are basic wherever that answer already
    serves them, and gain no second place.
    """
    stated = climbed(today.stated.rungs, gained)
    more = np.maximum(stated[:, 0] - today.other.rungs[:, 0], 0.0)
    other = climbed(today.other.rungs, np.minimum(more, gained))
    pair = (by_village(world, stated), by_village(world, other))
    return pair if today.stated is today.low else (pair[1], pair[0])


def village_table(world: World, today: Today, after: After) -> gpd.GeoDataFrame:
    """One row per village: places, ladder today and after, round trips, and the range of the unknown."""
    villages = world.people.villages
    low, high = by_village(world, today.low.rungs), by_village(world, today.high.rungs)
    columns: dict[str, object] = {
        "commune": villages["commune"].to_numpy(), "people": villages["population"].to_numpy(),
        "served_today": by_village(world, today.stated.served),
        "served_if_unknown_work": by_village(world, today.high.served),
        "served_after": by_village(world, today.stated.served + after.gained).round(1),
        "over_capacity": by_village(world, today.stated.over_capacity),
        "out_of_reach": by_village(world, today.stated.out_of_reach),
    }
    for when, pair in (("today", (low, high)), ("after", both_after(world, today, after.gained))):
        sure, unknown = certain(*pair)
        for name, values in zip((*RUNGS, "unknown"), (*sure.T, unknown), strict=True):
            columns[f"{name}_{when}"] = values.round(1)
    people = by_village(world, today.stated.with_source)
    columns["round_trip_min_today"] = _mean(by_village(world, today.stated.trip_min), people)
    columns["round_trip_min_after"] = _mean(*_trips_after(world, today.stated, after))
    columns["basic_low"], columns["basic_high"] = np.minimum(low[:, 0], high[:, 0]), np.maximum(low[:, 0], high[:, 0])
    rows = pd.DataFrame({**columns, "origin": world.origin("villages", "water_points", "population")})
    table = world.located(rows, world.people.village_xy_m, np.arange(len(villages)))
    return shaped(table, VILLAGE_SERVICE)


def _trips_after(world: World, today: Service, after: After) -> tuple[Floats, Floats]:
    """(villages,) person-minutes of one round trip after the plan, and the people who have a source then.

    Those who gain a place leave the trips of the people without one, and surface water, in proportion.
    """
    others = (today.rungs[:, 1] + today.rungs[:, 2]).astype(np.float64)
    rest = today.unserved.astype(np.float64)
    left = np.divide(rest - after.gained, rest, out=np.ones(len(rest)), where=rest > 0).clip(0, 1)
    others_trip = np.nan_to_num(today.rest_trip_min) * others
    minutes = (today.trip_min - others_trip) + others_trip * left + after.trip_min
    people = today.served + others * left + after.gained
    return by_village(world, minutes), by_village(world, people)


def _mean(total: Floats, people: Floats) -> Floats:
    mean = np.divide(total, people, out=np.full(len(total), np.nan), where=people > 0.05)
    return np.asarray(np.round(mean, 1), dtype=np.float64)
