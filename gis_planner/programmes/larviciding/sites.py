"""What each larval habitat is worth: expected larvae times the people in flight range."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis_planner import units
from gis_planner.problems import Finding, Severity
from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.people import Floats
from gis_planner.programmes.world import World


def habitats(world: World, findings: list[Finding]) -> pd.DataFrame:
    """One row per habitat from its visits, in order of id: habitat_type, x_m, y_m, visits, wet_share, ...

    A visit is wet when dips were taken or water was seen. larvae_per_dip: larvae over dips of all wet visits. area_m2:
    mean over wet visits. expected_larvae_index = larvae per dip x area x wet share.
    """
    visits = world.metric("breeding_sites").sort_values(["site_id", "survey_date"], kind="stable")
    wet = (visits["dips"] > 0) | (visits["area_m2"] > 0)
    rows = pd.DataFrame({
        "site_id": visits["site_id"].astype(str), "habitat_type": visits["habitat_type"].astype(str),
        "x_m": visits.geometry.x, "y_m": visits.geometry.y, "wet": wet.astype(float),
        "dips": visits["dips"].where(wet, 0), "larvae": visits["larvae"].where(wet, 0),
        "area": visits["area_m2"].where(wet, 0.0),
    })
    sums = rows.groupby("site_id", sort=True).agg(
        habitat_type=("habitat_type", "last"), x_m=("x_m", "mean"), y_m=("y_m", "mean"), visits=("wet", "size"),
        wet_visits=("wet", "sum"), dips=("dips", "sum"), larvae=("larvae", "sum"), area=("area", "sum"),
    ).reset_index()
    undipped = (sums["dips"] == 0) & (sums["wet_visits"] > 0)
    if undipped.any():
        findings.append(Finding(
            "habitat-never-dipped", Severity.NOTE, f"{int(undipped.sum())} habitats with water and no dip",
            "dips on a wet visit", "They count as having no larvae; dip them on the next round.",
            "Ils comptent comme sans larves ; faites-y des coups de louche au prochain passage.", field="dips"))
    sums["wet_share"] = (sums["wet_visits"] / sums["visits"]).round(4)
    sums["larvae_per_dip"] = (sums["larvae"] / sums["dips"].where(sums["dips"] > 0)).fillna(0.0).round(4)
    sums["area_m2"] = (sums["area"] / sums["wet_visits"].where(sums["wet_visits"] > 0)).fillna(0.0).round(2)
    sums["expected_larvae_index"] = (sums["larvae_per_dip"] * sums["area_m2"] * sums["wet_share"]).round(4)
    return sums.drop(columns=["wet_visits", "dips", "larvae", "area"])


def people_in_flight(world: World, xy_m: Floats, scale_m: float) -> Floats:
    """(places,) people weighted by exp(-distance / scale_m) (negative exponential, Thomas et al. 2013)."""
    at, people = world.people.group_xy_m, world.people.groups["people"].to_numpy(np.float64)
    away = np.hypot(xy_m[:, :1] - at[:, 0], xy_m[:, 1:] - at[:, 1])
    return np.asarray(np.exp(-away / scale_m) @ people, dtype=np.float64)


def ranked(world: World, settings: LarvicidingSettings, sites: pd.DataFrame) -> pd.DataFrame:
    """Habitats in order of score (ties by id) with people, work, dose, and `treatable`."""
    at = sites[["x_m", "y_m"]].to_numpy(np.float64)
    people = people_in_flight(world, at, world.book.value(settings.flight_scale_m, "m"))
    rows = sites.assign(people_in_flight_range=np.round(people, 1))
    rows["score"] = (rows["expected_larvae_index"] * rows["people_in_flight_range"]).round(1)
    area = rows["area_m2"].to_numpy(np.float64)
    dose = world.book.value(settings.dose_kg_ha, "kg/ha")
    rows["dose_kg"] = np.round(units.m2_to_hectares(1.0) * area * dose, 7)
    minutes = world.book.value(settings.site_min, "min")
    rows["work_min"] = np.round(minutes + area / 1000 * world.book.value(settings.min_per_1000_m2, "min"), 1)
    rows["treatable"] = _near_village(world, settings, at) & (rows["score"].to_numpy() > 0)
    rows = rows.sort_values(["score", "site_id"], ascending=[False, True], kind="stable").reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    return rows


def _near_village(world: World, settings: LarvicidingSettings, xy_m: Floats) -> np.ndarray:
    villages = world.people.villages
    here = villages["mosquito_control"].to_numpy(dtype=bool) if settings.only_where_control else np.ones(
        len(villages), dtype=bool)
    at = world.people.village_xy_m[here]
    if not len(at) or not len(xy_m):
        return np.zeros(len(xy_m), dtype=bool)
    away = np.hypot(xy_m[:, :1] - at[:, 0], xy_m[:, 1:] - at[:, 1]).min(axis=1)
    return np.asarray(away <= world.book.value(settings.radius_m, "m"))
