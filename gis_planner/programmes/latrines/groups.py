"""Groups that need toilets: household groups, schools and camps, with what they have."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner.problems import Finding, Severity
from gis_planner.programmes.latrines.settings import LatrinesSettings
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.world import World, xy

COLUMNS = ["group_id", "group_kind", "x_m", "y_m", "village", "people", "toilets_needed", "toilets_existing"]
_NAMES = {"household": "households", "communal": "households", "school": "school", "camp": "camp"}


def groups_in_need(world: World, settings: LatrinesSettings, findings: list[Finding]) -> pd.DataFrame:
    """One row per group: people, cabins needed by the norm, usable cabins of its kind that are nearest to it."""
    groups = pd.concat([_homes(world, settings), _schools(world, settings, findings)], ignore_index=True)
    groups = groups.astype({"village": np.int64, "people": np.int64, "toilets_needed": np.int64})
    groups["toilets_existing"] = _existing(world, groups, findings)
    return groups[COLUMNS]


def _homes(world: World, settings: LatrinesSettings) -> pd.DataFrame:
    groups, villages = world.people.groups, world.people.villages
    village = groups["village"].to_numpy(np.int64)
    camp = villages["kind"].eq("camp").to_numpy()[village]
    share = np.where(camp, world.book.value(settings.people_per_toilet_camp, "people"),
                     world.book.value(settings.people_per_toilet, "people"))
    ids = villages["village_id"].to_numpy(str)[village]
    nth = pd.Series(ids).groupby(ids).cumcount().to_numpy() + 1
    return pd.DataFrame({
        "group_id": [f"{village_id}-g{number:02d}" for village_id, number in zip(ids, nth, strict=True)],
        "group_kind": np.where(camp, "camp", "households"), "x_m": groups["x_m"], "y_m": groups["y_m"],
        "village": village, "people": groups["people"],
        "toilets_needed": np.ceil(groups["people"].to_numpy() / share).astype(np.int64),
    })


def _schools(world: World, settings: LatrinesSettings, findings: list[Finding]) -> pd.DataFrame:
    schools = world.metric("schools")
    counts = [pd.to_numeric(schools[name], errors="coerce") if name in schools
              else pd.Series(np.nan, index=schools.index) for name in ("girls", "boys", "staff")]
    girls, boys, staff = counts[0], counts[1], counts[2].fillna(0)
    known = girls.notna() & boys.notna()
    if (~known).any():
        findings.append(Finding(
            "school-without-pupils", Severity.NOTE, f"{int((~known).sum())} schools without girls and boys",
            "girls and boys enrolled", "Their latrine need is not computed; complete the schools layer.",
            "Leur besoin en latrines n'est pas calculé ; complétez la couche des écoles.", field="schools"))
    girls_share = world.book.value(settings.girls_per_toilet, "people")
    boys_share = world.book.value(settings.boys_per_toilet, "people")
    at = xy(schools)[known.to_numpy()]
    needed = [math.ceil((g + s) / girls_share) + math.ceil(b / boys_share)
              for g, b, s in zip(girls[known], boys[known], staff[known], strict=True)]
    return pd.DataFrame({
        "group_id": schools.loc[known, "school_id"].astype(str).to_numpy(), "group_kind": "school", "x_m": at[:, 0],
        "y_m": at[:, 1], "village": world.home(at),
        "people": (girls + boys + staff)[known].to_numpy(np.int64), "toilets_needed": needed,
    })


def _existing(world: World, groups: pd.DataFrame, findings: list[Finding]) -> Ints:
    latrines = world.metric("latrines")
    if latrines.empty:
        findings.append(Finding(
            "no-latrines-layer", Severity.NOTE, "no latrine layer", "the latrines that exist",
            "Every group is counted as having none, so the need is the greatest possible.",
            "Chaque groupe est compté sans latrine : le besoin est le plus grand possible.", field="latrines"))
        return np.zeros(len(groups), np.int64)
    cabins = latrines["cabins"].to_numpy(np.int64) * latrines["state"].eq("usable").to_numpy()
    kinds = latrines["kind"].map(_NAMES).to_numpy(str)
    where: Floats = xy(latrines)
    total = np.zeros(len(groups), np.int64)
    for kind in ("households", "school", "camp"):
        rows = np.flatnonzero(groups["group_kind"].eq(kind).to_numpy())
        have = np.flatnonzero(kinds == kind)
        if not len(rows) or not len(have):
            continue
        at = groups[["x_m", "y_m"]].to_numpy(np.float64)[rows]
        away, near = cKDTree(at).query(where[have])
        own = away <= 500.0 if kind == "school" else np.ones(len(have), dtype=bool)
        np.add.at(total, rows[near[own]], cabins[have][own])
    return total
