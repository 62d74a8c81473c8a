"""The wells programme from need to result tables."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.problems import Finding
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.wells.candidates import boreholes, new_places, repairs
from gis_planner.programmes.wells.choice import Choice, after, choose, ranked, sound
from gis_planner.programmes.wells.reasons import reasons
from gis_planner.programmes.wells.service import Service, reach_limit_m, reach_of, service
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.wells.water import success_at
from gis_planner.programmes.world import World, shaped
from gis_planner.tables.plan import Figure, Proof, Step, Words
from gis_planner.tables.results import VILLAGE_SERVICE, WELLS

NEEDS = ("villages", "water_points")
HELPED_BY = {
    "population": "people are counted at the village point", "drillings": "the norm is every hole's chance of water",
    "latrines": "no place is removed for being near a latrine", "streams": "no place is removed for flooding",
    "zones": "no place is removed", "costs": "prices must stand in the scenario",
}


def plan_wells(world: World, settings: WellsSettings) -> Outcome:
    """Service today, actions, choice under the budget, service after. Raises Refused or CannotBeMet."""
    findings: list[Finding] = []
    today = service(world, settings, settings.unknown_status == "working")
    other = service(world, settings, settings.unknown_status != "working")
    unserved = today.over_capacity + today.out_of_reach
    limit_m = reach_limit_m(world, settings)
    places, village = new_places(world, settings, unserved, limit_m, findings)
    actions = pd.concat([
        repairs(world, settings),
        boreholes(world, settings, places, village, success_at(world, settings, places)),
    ], ignore_index=True)
    if unserved.sum() == 0:
        return Outcome({"villages": _villages(world, settings, today, other, np.zeros(len(unserved)))},
                       _figures(world, settings, today, other, None, 0.0), findings=tuple(findings))
    reach = reach_of(world, actions[["x_m", "y_m"]].to_numpy(np.float64), limit_m)
    choice = choose(world, settings, actions, reach, unserved)
    sound(choice)
    table = _table(world, settings, ranked(actions, choice, unserved))
    gained = after(choice, actions)
    chosen = table[table["chosen"]]
    return Outcome(
        tables={"wells": table, "villages": _villages(world, settings, today, other, gained)},
        figures=_figures(world, settings, today, other, choice, float(gained.sum())),
        proofs=(_proof(choice),),
        curve=tuple(
            Step(float(row["cumulative_cost_fcfa"]), float(row["cumulative_people"]), str(row["action_id"]))
            for row in chosen.to_dict("records")
        ),
        findings=tuple(findings),
    )


def _proof(choice: Choice) -> Proof:
    plan = choice.plan
    return Proof(
        "wells", Words("people expected to gain a place", "habitants qui devraient gagner une place"), plan.value,
        plan.bound, plan.gap, plan.proven, plan.stopped_by, "people")


def _table(world: World, settings: WellsSettings, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    at = rows[["x_m", "y_m"]].to_numpy(np.float64)
    table = world.located(rows, at, rows["village"].to_numpy(np.int64))
    setback_m = world.book.value(settings.setback_latrine_m, "m")
    both = [reasons(row, setback_m) for row in table.drop(columns="geometry").to_dict("records")]
    table["reason_en"], table["reason_fr"] = [pair[0] for pair in both], [pair[1] for pair in both]
    table["nearest_latrine_m"] = table["nearest_latrine_m"].round(0)
    table["origin"] = world.origin("villages", "water_points", "population", "latrines", "drillings", "costs")
    return shaped(table, WELLS)


def _by_village(world: World, values: Floats | Ints) -> Floats:
    village = world.people.groups["village"].to_numpy(np.int64)
    sums = np.bincount(village, weights=values.astype(np.float64), minlength=len(world.people.villages))
    return sums.astype(np.float64)


def _villages(
    world: World, settings: WellsSettings, today: Service, other: Service, gained: Floats
) -> gpd.GeoDataFrame:
    villages = world.people.villages
    best = today if settings.unknown_status == "working" else other
    rows = pd.DataFrame({
        "commune": villages["commune"].to_numpy(), "people": villages["population"].to_numpy(),
        "served_today": _by_village(world, today.served), "served_if_unknown_work": _by_village(world, best.served),
        "served_after": _by_village(world, today.served + gained).round(1),
        "over_capacity": _by_village(world, today.over_capacity),
        "out_of_reach": _by_village(world, today.out_of_reach),
        "origin": world.origin("villages", "water_points", "population"),
    })
    table = world.located(rows, world.people.village_xy_m, np.arange(len(villages)))
    return shaped(table, VILLAGE_SERVICE)


def _figures(
    world: World, settings: WellsSettings, today: Service, other: Service, choice: Choice | None, gained: float,
) -> tuple[Figure, ...]:
    people = float(world.people.villages["population"].sum())
    served = float(today.served.sum())
    rows = [
        ("people", Words("People", "Habitants"), people, "people", False),
        ("served_today", Words("Have a place at a working water point today",
                               "Ont aujourd'hui une place à un point d'eau en marche"), served, "people", True),
        ("served_today_other", Words("The same if points of unknown status count the other way",
                                     "Les mêmes si les points d'état inconnu comptent à l'inverse"),
         float(other.served.sum()), "people", False),
        ("served_after", Words("Expected to have one after the plan", "Devraient en avoir une après le plan"),
         served + gained, "people", True),
        ("over_capacity", Words("Within reach today, but the points are full",
                                "À portée aujourd'hui, mais les points sont pleins"),
         float(today.over_capacity.sum()), "people", False),
        ("out_of_reach", Words("Out of reach of any working point today", "Hors de portée de tout point en marche"),
         float(today.out_of_reach.sum()), "people", False),
        ("cost", Words("Expected cost of the water points", "Coût attendu des points d'eau"),
         choice.plan.cost if choice else 0.0, "FCFA", True),
        ("actions", Words("Repairs and boreholes", "Réparations et forages"),
         float(len(choice.plan.chosen)) if choice else 0.0, "actions", False),
        ("budget", Words("Budget for water points", "Budget des points d'eau"), settings.budget_fcfa, "FCFA", False),
    ]
    return tuple(Figure(f"wells.{key}", "wells", label, round(value, 1), unit, headline)
                 for key, label, value, unit, headline in rows)
