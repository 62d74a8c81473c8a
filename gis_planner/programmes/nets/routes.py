"""Which crew brings the bales to which point on which day."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd

from gis_planner import units
from gis_planner.optimise.route import Depot, Problem, RoutePlan, Stop, Vehicle, plan_routes
from gis_planner.problems import CannotBeMet, Finding, Severity
from gis_planner.programmes.crew_days import sound
from gis_planner.programmes.crews import Crew, Ways, alike, ways
from gis_planner.programmes.nets.settings import NetsSettings
from gis_planner.programmes.people import share_whole
from gis_planner.programmes.world import World


def visits(world: World, settings: NetsSettings, points: pd.DataFrame, crews: list[Crew]) -> pd.DataFrame:
    """Points in parts that one crew can serve in one day: by bales carried and by hours. One row per part."""
    day_s = units.hours_to_seconds(world.book.value(settings.working_hours, "h/day"))
    stop_s = units.minutes_to_seconds(world.book.value(settings.stop_min, "min"))
    household_s = day_s / world.book.value(settings.households_per_team_day, "households/team/day")
    room = max(crew.capacity_bales for crew in crews)
    rows = []
    for row in points.to_dict("records"):
        trip_s = min(2 * world.walking.path_m(np.array([math.hypot(row["x_m"] - crew.xy_m[0],
                                                                   row["y_m"] - crew.xy_m[1])]))[0]
                     / units.kmh_to_m_per_s(crew.speed_kmh) for crew in crews)
        left_s = day_s - stop_s - trip_s
        if left_s < household_s:
            raise CannotBeMet([Finding(
                "point-too-far", Severity.REFUSE, f"{row['point_id']} is {units.seconds_to_minutes(trip_s):.0f} min "
                "there and back for the fastest crew", "time left to give nets within the working day",
                "Lengthen nets.working_hours, give a crew a faster vehicle, or add a depot.",
                "Allongez nets.working_hours, donnez un véhicule plus rapide ou ajoutez un dépôt.",
                row=str(row["point_id"]), field="nets.working_hours")])
        parts = max(math.ceil(row["bales"] / max(room, 1)), math.ceil(row["households"] * household_s / left_s), 1)
        bales = share_whole(np.full(parts, row["bales"] / parts), int(row["bales"]))
        homes = share_whole(np.full(parts, row["households"] / parts), int(row["households"]))
        rows += [{**row, "part": part + 1, "parts": parts, "bales": int(bales[part]), "households": int(homes[part]),
                  "service_s": round(stop_s + homes[part] * household_s)} for part in range(parts)]
    return pd.DataFrame(rows)


def route_nets(world: World, settings: NetsSettings, stops: pd.DataFrame, crews: list[Crew]) -> tuple[RoutePlan, Ways]:
    """Solve the crew-days; CannotBeMet when the days or vehicles are not enough for every point."""
    road = ways(world, crews, stops[["x_m", "y_m"]].to_numpy(np.float64))
    speeds = sorted({crew.speed_kmh for crew in crews})
    day_s = round(units.hours_to_seconds(world.book.value(settings.working_hours, "h/day")))
    first = len(road.depots)
    problem = Problem(
        distance_m=[np.round(road.path_m)] * len(speeds), duration_s=[np.round(road.seconds(v)) for v in speeds],
        depots=[Depot(at) for at in range(first)],
        stops=[Stop(first + at, (int(bales),), int(service)) for at, (bales, service) in
               enumerate(zip(stops["bales"], stops["service_s"], strict=True))],
        vehicles=[Vehicle(
            count=settings.days * len(kind), capacity=(crew.capacity_bales,),
            start_depot=road.depots.index(crew.depot_id), end_depot=road.depots.index(crew.depot_id),
            profile=speeds.index(crew.speed_kmh), shift_s=day_s,
            fixed_cost=crew.cost_per_day_fcfa, cost_per_m=crew.cost_per_km_fcfa / units.METRES_PER_KM,
            name=crew.crew_id) for kind in alike(crews) for crew in kind[:1]],
    )
    plan = plan_routes(problem, effort=world.effort, seed=world.seed)
    if not plan.feasible:
        raise CannotBeMet([Finding(
            "days-too-few", Severity.REFUSE,
            f"{len(plan.unserved)} of {len(stops)} visits do not fit into {settings.days} days of {len(crews)} crews",
            "every point visited", "Raise nets.days, add a crew with a vehicle, or lengthen nets.working_hours.",
            "Augmentez nets.days, ajoutez une équipe avec un véhicule, ou allongez nets.working_hours.",
            field="nets.days")])
    sound(problem, plan)
    return plan, road


def working_days(start: datetime.date, count: int, weekend: tuple[int, ...]) -> list[datetime.date]:
    """The first `count` days from `start` on that are not in the weekend (1 is Monday)."""
    days: list[datetime.date] = []
    day = start
    while len(days) < count:
        if day.isoweekday() not in weekend:
            days.append(day)
        day += datetime.timedelta(days=1)
    return days
