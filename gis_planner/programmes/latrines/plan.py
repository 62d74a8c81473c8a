"""The latrines programme: need per group, a place away from water, ranked and paid for in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gis_planner.problems import CannotBeMet, Finding, Severity, refused
from gis_planner.programmes.latrines.groups import groups_in_need
from gis_planner.programmes.latrines.settings import LatrinesSettings
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.words import count, metres, metres_fr, whole
from gis_planner.programmes.world import World, shaped, xy
from gis_planner.tables.plan import Figure, Proof, Step, Words
from gis_planner.tables.results import LATRINES

NEEDS = ("villages",)
HELPED_BY = {
    "population": "all people of a village stand at its point", "latrines": "every group is counted as having none",
    "water_points": "no place is moved away from existing water", "schools": "schools are not planned for",
    "zones": "no place is removed", "costs": "prices must stand in the scenario",
}
_KINDS = {"households": Words("household group", "groupe de ménages"), "school": Words("school", "école"),
          "camp": Words("camp", "camp")}


def plan_latrines(world: World, settings: LatrinesSettings, planned_wells_m: Floats) -> Outcome:
    """Cabins by group within the budget. planned_wells_m: (n, 2) places of wells that this plan builds or repairs.

    Raises Refused for a budget of 0, CannotBeMet when not one cabin can be paid or no group has a place.
    """
    findings: list[Finding] = []
    cabin = world.prices.value(settings.cabin_cost, "latrines.cabin_cost")
    school_cabin = world.prices.value(settings.school_cabin_cost, "latrines.school_cabin_cost")
    _money(settings, min(cabin, school_cabin))
    groups = groups_in_need(world, settings, findings)
    lacking = groups[groups["toilets_needed"] > groups["toilets_existing"]].reset_index(drop=True)
    water = np.vstack([xy(world.metric("water_points")), planned_wells_m.reshape(-1, 2)])
    place, clear_m = _places(world, settings, lacking[["x_m", "y_m"]].to_numpy(np.float64), water)
    free = ~np.isnan(place[:, 0])
    if not free.all():
        findings.append(_nowhere(lacking[~free]))
    if len(lacking) and not free.any():
        raise CannotBeMet([findings[-1]])
    rows = lacking[free].reset_index(drop=True)
    rows["x_m"], rows["y_m"], rows["nearest_water_point_m"] = place[free, 0], place[free, 1], clear_m[free]
    rows = _ranked(rows, settings)
    missing = (rows["toilets_needed"] - rows["toilets_existing"]).to_numpy(np.int64)
    price = np.where(rows["group_kind"].eq("school"), school_cabin, cabin)
    rows["toilets_planned"] = _paid(missing, price, settings.budget_fcfa)
    rows["chosen"] = rows["toilets_planned"] > 0
    rows["cost_fcfa"] = rows["toilets_planned"] * price
    table = _table(world, rows)
    return Outcome({"latrines": table}, _figures(groups, rows, settings), (_proof(rows),), _curve(table),
                   tuple(findings))


def _money(settings: LatrinesSettings, cabin: float) -> None:
    if settings.budget_fcfa <= 0:
        raise refused("budget-zero", field="latrines.budget_fcfa", found=settings.budget_fcfa,
                      expected="a budget above 0 FCFA",
                      remedy="State the money there is, or leave latrines out of `run`.",
                      remedy_fr="Indiquez l'argent disponible, ou retirez latrines de `run`.")
    if settings.budget_fcfa < cabin:
        raise CannotBeMet([Finding(
            "budget-too-small", Severity.REFUSE, f"{whole(settings.budget_fcfa)} FCFA",
            f"at least {whole(cabin)} FCFA, one cabin", "Raise latrines.budget_fcfa.",
            "Augmentez latrines.budget_fcfa.", field="latrines.budget_fcfa")])


def _nowhere(rows: pd.DataFrame) -> Finding:
    some = ", ".join(rows["group_id"].head(5)) + (", …" if len(rows) > 5 else "")
    return Finding(
        "no-place-for-latrine", Severity.NOTE, f"{len(rows)} groups ({some})",
        "a place near the group, far enough from water and outside zones",
        f"Their {int(rows['people'].sum())} people get no cabin in this plan; look on the ground, or change "
        "latrines.setback_water_m or latrines.dwelling_m.",
        f"Leurs {int(rows['people'].sum())} personnes n'ont pas de cabine dans ce plan ; voyez sur place, ou changez "
        "latrines.setback_water_m ou latrines.dwelling_m.", field="latrines")


def _places(world: World, settings: LatrinesSettings, home: Floats, water: Floats) -> tuple[Floats, Floats]:
    """Nearest free place to each home on rings (nan when there is none), and its distance to water."""
    setback = world.book.value(settings.setback_water_m, "m")
    farthest = world.book.value(settings.dwelling_m, "m")
    radii = np.arange(5.0, farthest + 0.01, 5.0)
    angles = np.arange(16) * (2 * np.pi / 16)
    ring = np.column_stack([np.outer(radii, np.cos(angles)).ravel(), np.outer(radii, np.sin(angles)).ravel()])
    tree = cKDTree(water) if len(water) else None
    zones = world.metric("zones")
    closed = shapely.union_all(zones.geometry.to_numpy()) if len(zones) else None
    place, clear = np.full((len(home), 2), np.nan), np.full(len(home), np.nan)
    for at, here in enumerate(home):
        spots = here + ring
        away = tree.query(spots)[0] if tree is not None else np.full(len(spots), np.inf)
        free = away >= setback
        if closed is not None:
            free &= ~np.asarray(shapely.intersects(closed, shapely.points(spots)))
        if free.any():
            first = int(np.argmax(free))
            place[at], clear[at] = spots[first], away[first]
    return place, np.where(np.isinf(clear), np.nan, np.round(clear))


def _ranked(rows: pd.DataFrame, settings: LatrinesSettings) -> pd.DataFrame:
    camp = rows["group_kind"].eq("camp").to_numpy() & settings.camps_first
    have = np.round(rows["toilets_existing"].to_numpy() / rows["toilets_needed"].to_numpy(), 9)
    people = -rows["people"].to_numpy()
    first = (have, people) if settings.order == "least_served_first" else (people, have)
    order = np.lexsort((rows["group_id"].to_numpy(str), first[1], first[0], ~camp))
    rows = rows.iloc[order].reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    return rows


def _paid(missing: Ints, price: Floats, budget_fcfa: float) -> Ints:
    """Cabins per group in order of rank; a group takes what the rest of the money pays, then the next is asked."""
    planned, left = np.zeros(len(missing), np.int64), budget_fcfa
    for at, (lacks, each) in enumerate(zip(missing, price, strict=True)):
        planned[at] = min(int(lacks), int(left // each))
        left -= planned[at] * each
    return planned


def _gain(rows: pd.DataFrame, cabins: str) -> Floats:
    """People with a cabin by the norm when each group has `cabins` cabins."""
    share = rows["people"] / rows["toilets_needed"]
    return np.asarray(np.minimum(rows["people"], share * rows[cabins]), dtype=np.float64)


def _proof(rows: pd.DataFrame) -> Proof:
    gained = float(_gain(rows, "toilets_planned").sum())
    objective = Words("people who gain a cabin by the norm; in the stated order, not a maximum",
                      "personnes qui gagnent une cabine selon la norme ; dans l'ordre indiqué, sans maximum")
    return Proof("latrines", objective, round(gained, 1), None, None, False, "budget", "people")


def _reasons(row: Mapping[str, Any]) -> tuple[str, str]:
    kind = _KINDS[str(row["group_kind"])]
    missing = row["toilets_needed"] - row["toilets_existing"]
    en = (f"{whole(row['people'])} people ({kind.en}, {row['village']}) need "
          f"{count(row['toilets_needed'], 'cabin', 'cabins')} and have {row['toilets_existing']}.")
    fr = (f"{whole(row['people'], 'fr')} personnes ({kind.fr}, {row['village']}) ont besoin de "
          f"{count(row['toilets_needed'], 'cabine', 'cabines', 'fr')} et en ont {row['toilets_existing']}.")
    if not row["chosen"]:
        return f"{en} Not in this plan: the money ends before rank {row['rank']}.", (
            f"{fr} Pas dans ce plan : l'argent s'arrête avant le rang {row['rank']}.")
    water = row["nearest_water_point_m"]
    far, far_fr = ("", "") if pd.isna(water) else (
        f", {metres(water)} from the nearest water point", f", à {metres_fr(water)} du point d'eau le plus proche")
    return (f"{en} The plan builds {row['toilets_planned']} of the {missing} that lack{far}.",
            f"{fr} Le plan en construit {row['toilets_planned']} sur {missing} qui manquent{far_fr}.")


def _table(world: World, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    rows["latrine_site_id"] = "L-" + rows["group_id"].astype(str)
    table = world.located(rows, rows[["x_m", "y_m"]].to_numpy(np.float64), rows["village"].to_numpy(np.int64))
    both = [_reasons(row) for row in table.drop(columns="geometry").to_dict("records")]
    table["reason_en"], table["reason_fr"] = [pair[0] for pair in both], [pair[1] for pair in both]
    table["origin"] = world.origin("villages", "population", "latrines", "schools", "water_points", "costs")
    return shaped(table, LATRINES)


def _curve(table: gpd.GeoDataFrame) -> tuple[Step, ...]:
    chosen = table[table["chosen"]]
    money, people = chosen["cost_fcfa"].cumsum(), np.cumsum(_gain(chosen, "toilets_planned"))
    return tuple(Step(float(spent), round(float(so_far), 1), str(name))
                 for spent, so_far, name in zip(money, people, chosen["latrine_site_id"], strict=True))


def _figures(groups: pd.DataFrame, rows: pd.DataFrame, settings: LatrinesSettings) -> tuple[Figure, ...]:
    needed = groups[groups["toilets_needed"] > 0].assign(
        have=lambda table: table[["toilets_needed", "toilets_existing"]].min(axis=1))
    figures = [
        ("cabins", Words("Latrine cabins built", "Cabines de latrines construites"),
         float(rows["toilets_planned"].sum()), "cabins", True),
        ("people_gained", Words("People and pupils who gain a cabin by the norm",
                                "Personnes et élèves qui gagnent une cabine selon la norme"),
         float(_gain(rows, "toilets_planned").sum()), "people", True),
        ("people_with_today", Words("People and pupils with a cabin by the norm today",
                                    "Personnes et élèves qui ont aujourd'hui une cabine selon la norme"),
         float(_gain(needed, "have").sum()), "people", False),
        ("cabins_lacking", Words("Cabins that lack today", "Cabines qui manquent aujourd'hui"),
         float((groups["toilets_needed"] - groups["toilets_existing"]).clip(lower=0).sum()), "cabins", False),
        ("cost", Words("Cost of the latrines", "Coût des latrines"), float(rows["cost_fcfa"].sum()), "FCFA", True),
        ("budget", Words("Budget for latrines", "Budget des latrines"), settings.budget_fcfa, "FCFA", False),
    ]
    return tuple(Figure(f"latrines.{key}", "latrines", label, round(value, 1), unit, headline)
                 for key, label, value, unit, headline in figures)
