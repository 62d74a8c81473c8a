"""The wells programme from need to result tables."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gis_planner.problems import Finding
from gis_planner.programmes.people import Floats
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.walking import Trips
from gis_planner.programmes.wells.alternatives import Saving, front, front_table, top_n
from gis_planner.programmes.wells.candidates import actions_of
from gis_planner.programmes.wells.choice import Choice, choose, ranked, sound
from gis_planner.programmes.wells.equity import Need
from gis_planner.programmes.wells.figures import figures, proof
from gis_planner.programmes.wells.firm import firmness, without
from gis_planner.programmes.wells.firm_case import Solved, widest_min
from gis_planner.programmes.wells.gardens import garden_wells
from gis_planner.programmes.wells.ladder import After, Today, by_village, village_table
from gis_planner.programmes.wells.queue import fetching
from gis_planner.programmes.wells.reasons import broken_near, reasons
from gis_planner.programmes.wells.service import Service, service, walk_limit_min, water_points
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.wells.siting import new_places
from gis_planner.programmes.world import World, shaped
from gis_planner.tables.plan import Step
from gis_planner.tables.results import WELLS

NEEDS = ("villages", "water_points")
HELPED_BY = {
    "population": "people are counted at the village point", "drillings": "the norm is every hole's chance of water",
    "latrines": "no place is removed for being near a latrine", "streams": "no place is removed for flooding",
    "zones": "no place is removed", "costs": "prices must stand in the scenario",
    "elevation": "walks are straight lines, and no place is removed for slope or hollows",
    "land_cover": "walks are straight lines", "roads": "no place is removed for being far from a road",
}


def plan_wells(world: World, settings: WellsSettings, firm: FirmSettings | None = None) -> Outcome:
    """Service today, actions, choice under the budget, service after. Raises Refused or CannotBeMet.

    firm: how firm the choice is, drawn when it is given and asks for draws.
    """
    findings: list[Finding] = []
    points = water_points(world, settings)
    low, high = (service(world, settings, points, works) for works in (False, True))
    today = Today(low, high, high if settings.unknown_status == "working" else low)
    need = need_of(world, settings, today.stated)
    walk_min = walk_limit_min(world, settings)
    if need.unserved.sum() == 0:
        after = After(np.zeros(len(need.unserved)), np.zeros(len(need.unserved)))
        return Outcome({"villages": village_table(world, today, after)},
                       figures(world, settings, today, None, after), findings=tuple(findings))
    places, village = new_places(world, settings, need.unserved, walk_min, findings)
    actions = actions_of(world, settings, points, places, village,
                         garden_wells(world, settings, places, village, findings))
    drawn = firm if firm is not None and firm.draws > 0 else None
    farthest = walk_min if drawn is None else widest_min(world, settings, drawn)
    wide = world.walking.trips(world.people.group_xy_m, actions[["x_m", "y_m"]].to_numpy(np.float64), farthest)
    trips = wide.within(walk_min)
    choice = choose(world, settings, actions, trips.round_min, need)
    sound(choice)
    return _outcome(world, settings, today, need, actions, trips, choice, findings,
                    Solved(points, need, actions, wide, choice), drawn)


def need_of(world: World, settings: WellsSettings, today: Service) -> Need:
    """Who lacks a place, where, and how long they go for water today."""
    villages = world.people.villages
    farthest = world.book.value(settings.farthest_round_trip_min, "min")
    return Need(
        today.unserved, world.people.groups["village"].to_numpy(np.int64),
        villages["population"].to_numpy(np.float64), by_village(world, today.served),
        np.where(np.isfinite(today.rest_trip_min), today.rest_trip_min, farthest))


def _outcome(
    world: World, settings: WellsSettings, today: Today, need: Need, actions: pd.DataFrame, trips: Trips,
    choice: Choice, findings: list[Finding], solved: Solved, firm: FirmSettings | None,
) -> Outcome:
    origin = world.origin("villages", "water_points", "population", "latrines", "drillings", "costs", "elevation",
                          "land_cover", "roads", "streams")
    queue = settings.queue_min
    walked = np.asarray(choice.reach.multiply(choice.plan.flow) @ choice.arrays["success"], dtype=np.float64)
    after = After(choice.gained, walked + queue * choice.gained)
    saving = Saving(queue, fetching(world.book, settings).trips_per_person)
    ids = actions["action_id"].to_numpy(str)
    points = front(choice, ids, need, settings.equity_weight, saving, chosen_aim=settings.equity,
                   others=settings.front, effort=world.effort, seed=world.seed)
    rows = with_walks(world, ranked(actions, choice), trips, choice, today.stated)
    order = rows.loc[rows["chosen"], "row"].to_numpy(np.int64)
    firmly = (without(ids) if firm is None or not len(order)
              else firmness(world, settings, firm, solved, order, origin))
    table = _table(world, settings, rows.join(firmly.columns, on="action_id"), origin)
    claimed, true = top_n(choice, ids)
    return Outcome(
        tables={"wells": table, "wells_front": front_table(points, origin),
                "villages": village_table(world, today, after), **firmly.tables},
        figures=(*figures(world, settings, today, choice, after, claimed, true, saving, need), *firmly.figures),
        proofs=(proof(choice, settings),),
        curve=_curve(table), curves={"wells_top_n": true, "wells_top_n_claimed": claimed},
        findings=(*findings, *firmly.findings))


def _curve(table: gpd.GeoDataFrame) -> tuple[Step, ...]:
    """The chosen actions, best for the money first: who stops at any step has the sums so far."""
    return tuple(Step(float(row["cumulative_cost_fcfa"]), float(row["cumulative_people"]), str(row["action_id"]))
                 for row in table[table["chosen"]].to_dict("records"))


def with_walks(world: World, rows: pd.DataFrame, trips: Trips, choice: Choice, today: Service) -> pd.DataFrame:
    """The ranked rows with walk_min, walk_m (a level path of that time) and walk_min_today of those it serves.

    Actions that are not chosen are described by the unserved people in their reach.
    """
    flow = choice.plan.flow.tocsc()
    near = csr_array(choice.reach.astype(bool).astype(np.int64).multiply(choice.arrays["people"][:, None])).tocsc()
    there = trips.there_min.tocsc()
    known = np.isfinite(today.rest_walk_min)
    before = np.nan_to_num(today.rest_walk_min)
    open_share = np.divide(today.rungs[:, 2], today.rungs[:, 1] + today.rungs[:, 2], out=np.zeros(len(before)),
                           where=today.rungs[:, 1] + today.rungs[:, 2] > 0)
    found: dict[str, list[float]] = {"walk_min": [], "walk_min_today": [], "without_source": [], "open_share": []}
    for row, chosen in zip(rows["row"], rows["chosen"], strict=True):
        who = csr_array((flow if chosen else near)[:, [row]]).tocoo()
        people, groups = who.data.astype(np.float64), who.coords[0]
        minutes = there[:, [row]].toarray().ravel()[groups]
        found["walk_min"].append(_mean(people, minutes))
        found["walk_min_today"].append(_mean(people * known[groups], before[groups]))
        found["without_source"].append(float(people[~known[groups]].sum()))
        found["open_share"].append(_mean(people * known[groups], open_share[groups]))
    out = rows.assign(**found)
    out["walk_m"] = world.walking.level_m(out["walk_min"].to_numpy(np.float64)).round(0)
    out["walk_m"] = out["walk_m"].where(out["chosen"])
    return out


def _mean(people: Floats, minutes: Floats) -> float:
    return round(float(people @ minutes) / float(people.sum()), 1) if people.sum() > 0 else float("nan")


def _table(world: World, settings: WellsSettings, rows: pd.DataFrame, origin: str) -> gpd.GeoDataFrame:
    at = rows[["x_m", "y_m"]].to_numpy(np.float64)
    table = world.located(rows, at, rows["village"].to_numpy(np.int64))
    setback_m = world.book.value(settings.setback_latrine_m, "m")
    near = broken_near(world, at)
    points = world.metric("water_points")
    unknown = set(points.loc[points["status"].eq("unknown"), "water_point_id"].astype(str))
    table["status_unknown"] = table["water_point_id"].astype(str).isin(unknown)
    both = [reasons(row, setback_m, pump) for row, pump in
            zip(table.drop(columns="geometry").to_dict("records"), near, strict=True)]
    table["reason_en"], table["reason_fr"] = [pair[0] for pair in both], [pair[1] for pair in both]
    table["nearest_latrine_m"] = table["nearest_latrine_m"].round(0)
    table["origin"] = origin
    return shaped(table, WELLS)
