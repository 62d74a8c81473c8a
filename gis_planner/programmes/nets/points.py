"""Nets per household, and the distribution points that put every household within the walk."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gis_planner.optimise.cover import set_cover
from gis_planner.optimise.median import p_median
from gis_planner.problems import Finding, Severity
from gis_planner.programmes.nets.settings import NetsSettings
from gis_planner.programmes.people import Floats
from gis_planner.programmes.world import World, xy


def households(world: World, settings: NetsSettings, findings: list[Finding]) -> pd.DataFrame:
    """One row per registered household, or per household group where the region has no register.

    Columns: household_id, households, people, nets, village (row), x_m, y_m. A registered household is rounded up to
    whole nets. A group of n households holds people / p + n (1 - 1/p) / 2 nets, the mean of rounding up households of
    unknown size when p people share a net (for p = 2, a quarter net each).
    """
    share = world.book.value(settings.people_per_net, "people/net")
    if world.region.has("households"):
        rows = world.metric("households")
        at = xy(rows)
        ids = {name: row for row, name in enumerate(world.people.villages["village_id"])}
        known = rows["village_id"].map(ids)
        village = np.where(known.notna(), known.fillna(0), world.home(at)).astype(np.int64)
        people = rows["people"].to_numpy(np.int64)
        register = pd.DataFrame({
            "household_id": rows["household_id"].astype(str), "households": 1, "people": people,
            "nets": np.ceil(people / share - 1e-9).astype(np.int64), "village": village, "x_m": at[:, 0],
            "y_m": at[:, 1],
        })
        missing = np.setdiff1d(np.arange(len(world.people.villages)), village)
        return pd.concat([register, _estimated(world, settings, share, missing, findings)], ignore_index=True)
    return _estimated(world, settings, share, np.arange(len(world.people.villages)), findings)


def _estimated(
    world: World, settings: NetsSettings, share: float, villages: np.ndarray, findings: list[Finding]
) -> pd.DataFrame:
    groups = world.people.groups[world.people.groups["village"].isin(villages)].reset_index(drop=True)
    if groups.empty:
        return pd.DataFrame()
    size = world.book.value(settings.people_per_household, "people/household")
    ids = world.people.villages["village_id"].to_numpy(str)[groups["village"].to_numpy(np.int64)]
    nth = pd.Series(ids).groupby(ids).cumcount().to_numpy() + 1
    people = groups["people"].to_numpy(np.int64)
    count = np.maximum(np.round(people / size), 1).astype(np.int64)
    findings.append(Finding(
        "households-estimated", Severity.NOTE, f"{len(np.unique(ids))} villages or camps without a household register",
        "a households layer", f"Their households are estimated at {size:g} people each.",
        f"Leurs ménages sont estimés à {size:g} personnes chacun.", field="households"))
    return pd.DataFrame({
        "household_id": [f"{village_id}-h{number:02d}" for village_id, number in zip(ids, nth, strict=True)],
        "households": count, "people": people,
        "nets": np.ceil(people / share + count * (1 - 1 / share) / 2 - 1e-9).astype(np.int64),
        "village": groups["village"], "x_m": groups["x_m"], "y_m": groups["y_m"],
    })


def candidates(world: World, settings: NetsSettings) -> pd.DataFrame:
    """Places that people know: villages and camps, and, for the fewest points, schools and health posts.

    Columns: point_id, place_name, x_m, y_m.
    """
    villages = world.people.villages
    parts = [pd.DataFrame({"point_id": "P-" + villages["village_id"].astype(str), "place_name": villages["name"],
                           "x_m": villages.geometry.x, "y_m": villages.geometry.y})]
    if settings.points == "fewest":
        for kind, key in (("schools", "school_id"), ("health_posts", "health_post_id")):
            rows = world.metric(kind)
            at = xy(rows)
            named = rows["name"].where(rows["name"].notna(), rows[key]) if "name" in rows else rows[key]
            parts.append(pd.DataFrame({"point_id": "P-" + rows[key].astype(str), "place_name": named.astype(str),
                                       "x_m": at[:, 0], "y_m": at[:, 1]}))
    return pd.concat(parts, ignore_index=True)


def choose_points(
    world: World, settings: NetsSettings, homes: pd.DataFrame, places: pd.DataFrame, findings: list[Finding]
) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    """(homes with `point` and walk_m, open places, whether the number of points is proven least).

    walk_m: metres of a level path that takes as long as the walk over the ground. Every household goes to the nearest
    open point within the walk, ties by point id. Of all sets of the fewest points one of little total walk is taken
    (p-median). Those out of reach of every candidate have point -1, no walk_m, and are a finding.
    """
    limit_m = world.book.value(settings.max_walk_m, "m")
    at: Floats = homes[["x_m", "y_m"]].to_numpy(np.float64)
    spots: Floats = places[["x_m", "y_m"]].to_numpy(np.float64)
    reach = world.walking.ways_m(at, spots, limit_m)
    covered = np.diff(reach.indptr) > 0
    if not covered.all():
        lost = homes[~covered]
        findings.append(Finding(
            "households-out-of-reach", Severity.NOTE,
            f"{int(lost['households'].sum())} households, {int(lost['people'].sum())} people",
            "a point within the walk",
            "They get no net in this plan; lengthen nets.max_walk_m or add their village.",
            "Ils n'ont pas de moustiquaire dans ce plan ; allongez nets.max_walk_m ou ajoutez leur village.",
            field="nets.max_walk_m"))
    proven = True
    opened = np.arange(len(places), dtype=np.int64)
    if settings.points == "fewest" and covered.any():
        plan = set_cover(csr_array(reach[np.flatnonzero(covered)]), effort=world.effort, seed=world.seed)
        weight = homes["households"].to_numpy(np.float64)[covered]
        opened = nearer(csr_array(reach[np.flatnonzero(covered)]), weight, plan.chosen.astype(np.int64), limit_m,
                        effort=world.effort, seed=world.seed)
        proven = plan.proven
    walk, nearest = _nearest(csr_array(reach[:, opened]))
    homes = homes.assign(point=nearest, walk_m=np.round(walk, 0))
    return homes, places.iloc[opened].reset_index(drop=True), proven


FAR = 20.0
"""A place beyond the walk counts as this many walks, so that the search keeps every household within it."""


def nearer(
    ways_m: csr_array, households: Floats, opened: np.ndarray, limit_m: float, *, effort: float, seed: int
) -> np.ndarray:
    """As many places as `opened`, all homes still within the walk, with the least total walk that was found.

    ways_m: csr (homes, places), metres within the limit; every home reaches one of `opened`.
    """
    far = np.full(ways_m.shape, FAR * limit_m)
    pairs = ways_m.tocoo()
    far[pairs.coords] = pairs.data
    plan = p_median(far, households, len(opened), effort=effort, seed=seed)
    sets = [np.sort(opened), np.sort(plan.chosen.astype(np.int64))]
    best = min(sets, key=lambda chosen: float(households @ far[:, chosen].min(axis=1)))
    within = bool((far[:, best].min(axis=1) <= limit_m * (1 + 1e-9)).all())
    return best if within else sets[0]


def _nearest(ways_m: csr_array) -> tuple[Floats, np.ndarray]:
    """(homes,) metres to the nearest place and its column, nan and -1 without one; ties by column."""
    walk, at = np.full(ways_m.shape[0], np.nan), np.full(ways_m.shape[0], -1, np.int64)
    for row in np.flatnonzero(np.diff(ways_m.indptr)):
        data = ways_m.data[ways_m.indptr[row]:ways_m.indptr[row + 1]]
        first = int(np.argmin(np.round(data, 3)))
        walk[row], at[row] = data[first], ways_m.indices[ways_m.indptr[row] + first]
    return walk, at
