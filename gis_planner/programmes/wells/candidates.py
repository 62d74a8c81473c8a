"""Actions that could serve people: repairs, rehabilitation, upgraded wells, boreholes by rig and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from gis_planner import units
from gis_planner.problems import refused
from gis_planner.programmes.groundwater.holes import drilling_cost, holes_needed
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.service import Points, capacity_people, flow_of, gives_water
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.wells.water import soft_ground, success_at
from gis_planner.programmes.world import World, xy
from gis_planner.tables.inputs import IMPROVED

COLUMNS = ["action_id", "action", "water_point_id", "x_m", "y_m", "village", "capacity_people", "success_probability",
           "success_low", "success_high", "expected_holes", "cost_fcfa", "cost_low_fcfa", "cost_high_fcfa",
           "life_years", "volume_m3_day", "nearest_latrine_m", "group"]
"""Columns of the actions; group: actions that exclude each other share a number, -1 = none."""
DRILLED = ("new_borehole", "manual_borehole", "garden_well")
_LIFE = {"repair": "repair", "rehabilitate": "rehabilitation", "upgrade": "upgraded_well", "new_borehole": "borehole",
         "manual_borehole": "manual_borehole", "garden_well": "borehole"}


def actions_of(
    world: World, settings: WellsSettings, points: Points, places: Floats, village: Ints, gardens: pd.DataFrame,
) -> pd.DataFrame:
    """Every action on offer, one row each: on existing points, new boreholes at the candidate places, garden wells."""
    parts = [*_on_points(world, settings, points), *_boreholes(world, settings, places, village), gardens]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows["expected_holes"] = rows.get("expected_holes", np.nan)
    rows["life_years"] = [world.book.value(f"water.life_years.{_LIFE[name]}", "years") for name in rows["action"]]
    spot = rows["x_m"].round(1).astype(str) + " " + rows["y_m"].round(1).astype(str)
    names = rows["water_point_id"].where(rows["water_point_id"] != "", spot)
    shared = names.map(names.value_counts()) > 1
    rows["group"] = np.where(shared, pd.factorize(names)[0], -1)
    rows["nearest_latrine_m"] = latrine_distance(world, rows[["x_m", "y_m"]].to_numpy(np.float64))
    return rows[COLUMNS]


def _on_points(world: World, settings: WellsSettings, points: Points) -> list[pd.DataFrame]:
    table, status = points.table, points.table["status"]
    broken = status.eq("not_working")
    if settings.unknown_status == "not_working":
        broken |= status.eq("unknown")
    improved = table["technology"].isin(IMPROVED)
    dry = table["seasonal"].fillna(value=False).astype(bool) if "seasonal" in table and world.season == "dry" else False
    in_water = gives_water(table, world.season, settings.unknown_status == "working")
    wet_well = table["technology"].eq("open_well") & in_water
    parts = [_repaired(world, settings, points, (broken & improved).to_numpy(), "R", "repair", settings.repair_cost,
                       settings.repair_success)]
    if settings.rehabilitate_cost is not None:
        pumps = broken & table["technology"].isin(["borehole_handpump", "protected_well"]) & ~np.asarray(dry, bool)
        parts.append(_repaired(world, settings, points, pumps.to_numpy(), "P", "rehabilitate",
                               settings.rehabilitate_cost, _stated(settings, "rehabilitate")))
    if settings.upgrade_cost is not None:
        parts.append(_repaired(world, settings, points, wet_well.to_numpy(), "U", "upgrade", settings.upgrade_cost,
                               _stated(settings, "upgrade"), to="protected_well"))
    return parts


def _stated(settings: WellsSettings, action: str) -> float:
    value = getattr(settings, f"{action}_success")
    if value is None:
        raise refused("missing-key", field=f"wells.{action}_success", found="no value",
                      expected="the chance of success, 0.01 to 1",
                      remedy=f"State it, or leave wells.{action}_cost out.",
                      remedy_fr=f"Indiquez-la, ou retirez wells.{action}_cost.")
    return float(value)


def _repaired(
    world: World, settings: WellsSettings, points: Points, which: np.ndarray, letter: str, action: str,
    price: float | str, success: float, to: str = "",
) -> pd.DataFrame:
    """One row per point that an action is done to. to: its technology afterwards, when it changes."""
    some = points.table[which]
    at = xy(some)
    cost = world.prices.value(price, f"wells.{action}_cost")
    capacity = ([capacity_people(to, world, settings) for _ in range(len(some))] if to
                else points.capacity[which].tolist())
    flow = np.full(len(some), flow_of(to, world, settings)) if to else points.flow_l_min[which]
    return pd.DataFrame({
        "action_id": (f"{letter}-" + some["water_point_id"].astype(str)).to_numpy(), "action": action,
        "water_point_id": some["water_point_id"].astype(str).to_numpy(), "x_m": at[:, 0], "y_m": at[:, 1],
        "village": world.home(at), "capacity_people": capacity, "success_probability": success,
        "success_low": np.nan, "success_high": np.nan, "cost_fcfa": cost, "cost_low_fcfa": cost, "cost_high_fcfa": cost,
        "volume_m3_day": volume_m3(points.fetching.hours, flow),
    })


def volume_m3(hours: float, flow_l_min: Floats) -> Floats:
    """Cubic metres in a day of a flow, to a tenth."""
    return np.round(units.litres_to_m3(1.0) * np.asarray(flow_l_min, np.float64) * units.hours_to_minutes(hours), 1)


def latrine_distance(world: World, xy_m: Floats) -> Floats:
    """Metres to the nearest latrine of the layer; nan when none is known."""
    latrines = world.metric("latrines")
    if latrines.empty or not len(xy_m):
        return np.full(len(xy_m), np.nan)
    return np.asarray(cKDTree(xy(latrines)).query(xy_m)[0], dtype=np.float64)


def _boreholes(world: World, settings: WellsSettings, places: Floats, village: Ints) -> list[pd.DataFrame]:
    chance = success_at(world, settings, places)
    wet, dry, probe = (world.prices.value(getattr(settings, f"{name}_cost"), f"wells.{name}_cost")
                       for name in ("borehole", "dry_hole", "geophysics"))
    parts = [drilled(world, settings, places, village, chance, ("N", "new_borehole"), (probe, wet, dry))]
    if settings.manual_cost is not None and len(places):
        if settings.manual_dry_cost is None:
            raise refused("missing-key", field="wells.manual_dry_cost", found="no value",
                          expected="what a dry manual hole costs",
                          remedy="State it, or leave wells.manual_cost out.",
                          remedy_fr="Indiquez-le, ou retirez wells.manual_cost.")
        soft = soft_ground(world, settings, places)
        share = world.book.value(settings.manual_success_share, "share")
        money = (0.0, world.prices.value(settings.manual_cost, "wells.manual_cost"),
                 world.prices.value(settings.manual_dry_cost, "wells.manual_dry_cost"))
        by_hand = chance.assign(**{name: chance[name] * share for name in ("probability", "low", "high")})
        rows = drilled(world, settings, places, village, by_hand, ("M", "manual_borehole"), money)
        parts.append(rows[soft])
    return parts


def drilled(
    world: World, settings: WellsSettings, places: Floats, village: Ints, chance: pd.DataFrame, name: tuple[str, str],
    money: tuple[float, float, float],
) -> pd.DataFrame:
    """One row per candidate place of a hole; the cost is expected, to 1,000 FCFA.

    name: letter of the ids and the action. money: study before each hole, wet hole, dry hole. Holes are drilled until
    water, `wells.most_holes` at most (`groundwater.holes`): success is water within them, expected_holes what one
    success takes; 10 % of outcomes cost less than cost_low and 10 % more than cost_high.
    """
    letter, action = name
    probe, wet, dry = money
    ids = world.people.villages["village_id"].to_numpy()[village] if len(places) else np.zeros(0, object)
    nth = pd.Series(ids).groupby(ids).cumcount().to_numpy() + 1
    mean, worth = chance["probability"].to_numpy(np.float64), chance["holes"].to_numpy(np.float64)
    belief = mean * worth, np.maximum((1 - mean) * worth, 1e-9)
    holes = holes_needed(*belief, most_holes=settings.most_holes)
    cost = drilling_cost(*belief, wet_fcfa=wet, dry_fcfa=dry, probe_fcfa=probe, most_holes=settings.most_holes)
    low, high = (1 - (1 - chance[end].to_numpy(np.float64)) ** settings.most_holes for end in ("low", "high"))
    flow = flow_of("borehole_handpump", world, settings)
    hours = world.book.value(settings.pumping_hours, "h/day")
    return pd.DataFrame({
        "action_id": [f"{letter}-{village_id}-{number:02d}" for village_id, number in zip(ids, nth, strict=True)],
        "action": action, "water_point_id": "", "x_m": places[:, 0], "y_m": places[:, 1], "village": village,
        "capacity_people": capacity_people("borehole_handpump", world, settings),
        "success_probability": holes["success_probability"].round(4), "success_low": np.round(low, 4),
        "success_high": np.round(high, 4), "expected_holes": holes["holes_per_success"].round(2),
        "cost_fcfa": cost["cost_fcfa"].round(-3), "cost_low_fcfa": cost["cost_low_fcfa"],
        "cost_high_fcfa": cost["cost_high_fcfa"],
        "volume_m3_day": volume_m3(hours, np.full(len(places), flow)),
    })
