"""Which crew treats which habitats on which working day of the interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis_planner import units
from gis_planner.optimise.route import Depot, Problem, RoutePlan, Stop, Vehicle, plan_routes
from gis_planner.programmes.crew_days import sound
from gis_planner.programmes.crews import Crew, Ways, alike, ways
from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.world import World


def calendar_days(slot: int, settings: LarvicidingSettings) -> int:
    """Days after the first Monday of a working-day slot (0 is the first Monday)."""
    return slot // settings.days_per_week * 7 + slot % settings.days_per_week


def route_rounds(
    world: World, settings: LarvicidingSettings, stops: pd.DataFrame, crews: list[Crew]
) -> tuple[RoutePlan, Ways]:
    """Each crew goes out at most once per working day; habitats that do not fit are left out, least score first.

    A habitat's prize is its score, scaled so that the least one still outweighs the longest detour and a crew-day.
    """
    road = ways(world, crews, stops[["x_m", "y_m"]].to_numpy(np.float64))
    speeds = sorted({crew.speed_kmh for crew in crews})
    slots = settings.days_per_week * settings.interval_weeks
    day_s = round(units.hours_to_seconds(world.book.value(settings.working_hours, "h/day")))
    first, score = len(road.depots), stops["score"].to_numpy(np.float64)
    dearest = max(crew.cost_per_km_fcfa for crew in crews) / units.METRES_PER_KM
    detour = 2 * float(road.path_m.max()) * max(dearest, 0.001) + max(crew.cost_per_day_fcfa for crew in crews)
    prize = np.ceil(detour * (1 + 99 * score / score.max()))
    problem = Problem(
        distance_m=[np.round(road.path_m)] * len(speeds), duration_s=[np.round(road.seconds(v)) for v in speeds],
        depots=[Depot(at) for at in range(first)],
        stops=[Stop(first + at, service_s=round(units.minutes_to_seconds(work)), required=False, prize=float(worth))
               for at, (work, worth) in enumerate(zip(stops["work_min"], prize, strict=True))],
        vehicles=[Vehicle(
            count=slots * len(kind), start_depot=road.depots.index(crew.depot_id),
            end_depot=road.depots.index(crew.depot_id), profile=speeds.index(crew.speed_kmh), shift_s=day_s,
            fixed_cost=crew.cost_per_day_fcfa, cost_per_m=max(crew.cost_per_km_fcfa / units.METRES_PER_KM, 0.001),
            name=crew.crew_id) for kind in alike(crews) for crew in kind[:1]],
    )
    plan = plan_routes(problem, effort=world.effort, seed=world.seed)
    sound(problem, plan)
    return plan, road
