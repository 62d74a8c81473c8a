"""Crew-days as result tables: a solved routing plan becomes `routes` and `stops`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString

from gis_planner import units
from gis_planner.crs import STORE, unproject
from gis_planner.optimise.route import RoutePlan
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet
from gis_planner.programmes.crews import Crew, Ways
from gis_planner.programmes.world import World
from gis_planner.tables.plan import Proof, Words
from gis_planner.tables.results import ROUTES, STOPS

USEFUL_GAP = 0.5
"""A bound farther from the plan than this says nothing about it and is not shown."""


class Driven(Protocol):
    """One crew-day: stops in order, times in seconds of the day, metres from depot to depot."""

    @property
    def stops(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def start_s(self) -> float: ...  # noqa: D102
    @property
    def arrival_s(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def departure_s(self) -> Sequence[float]: ...  # noqa: D102
    @property
    def distance_m(self) -> float: ...  # noqa: D102
    @property
    def duration_s(self) -> float: ...  # noqa: D102


class Driving(Protocol):
    """A plan of crew-days, whichever search made it."""

    @property
    def routes(self) -> Sequence[Driven]: ...  # noqa: D102
    @property
    def unserved(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def stopped_by(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class CrewDays:
    """What the two tables are made from.

    crews, days: per route, who goes on which working day, from 1. stops: per stop place_id, name, village_id,
    task_en, task_fr, quantity,
    quantity_unit. dates: per route, or None. repeats: weeks of the same route.
    """

    programme: str
    crews: Sequence[Crew]
    ways: Ways
    plan: Driving
    stops: pd.DataFrame
    days: Sequence[int]
    dates: Sequence[datetime.date | None]
    repeats: int
    load_unit: str
    origin: str

    @property
    def ids(self) -> list[str]:
        """Id of each route: programme, crew, day."""
        code = {"nets": "NET", "larviciding": "LAR"}[self.programme]
        return [f"{code}-{crew.crew_id}-D{day:02d}" for crew, day in zip(self.crews, self.days, strict=True)]

    def route_cost_fcfa(self, index: int) -> float:
        """Cost of one route over all its rounds: kilometres, vehicle and crew."""
        route, crew = self.plan.routes[index], self.crews[index]
        km = units.m_to_km(float(route.distance_m))
        return (km * crew.cost_per_km_fcfa + crew.cost_per_day_fcfa) * self.repeats

    @property
    def cost_fcfa(self) -> float:
        """Cost of every route over all its rounds."""
        return sum(self.route_cost_fcfa(index) for index in range(len(self.plan.routes)))

    @property
    def route_of(self) -> dict[int, str]:
        """Route id by stop index."""
        return {stop: name for name, route in zip(self.ids, self.plan.routes, strict=True) for stop in route.stops}


def sound(problem: Any, plan: RoutePlan) -> None:
    """Re-check a routing plan by `optimise.verify`; a broken plan stops the run."""
    broken = check(problem, plan)
    if broken:
        raise CannotBeMet(broken)


def share_days(plan: RoutePlan, kinds: Sequence[Sequence[Crew]]) -> tuple[list[Crew], list[int]]:
    """Crew and working day (from 1) of each route: crews of a kind take its routes in turn.

    kinds: crews that are alike, by index of the problem's vehicles.
    """
    seen: dict[int, int] = {}
    crews, days = [], []
    for route in plan.routes:
        kind, turn = kinds[route.vehicle], seen.get(route.vehicle, 0)
        seen[route.vehicle] = turn + 1
        crews.append(kind[turn % len(kind)])
        days.append(1 + turn // len(kind))
    return crews, days


def route_table(world: World, days: CrewDays) -> gpd.GeoDataFrame:
    """One row per crew-day, with its line."""
    rows: list[dict[str, Any]] = []
    lines: list[LineString] = []
    for index, (name, route) in enumerate(zip(days.ids, days.plan.routes, strict=True)):
        crew = days.crews[index]
        date = days.dates[index]
        longitude, latitude = _degrees(world, days, crew, route.stops)
        lines.append(LineString(np.column_stack([longitude, latitude])))
        km = units.m_to_km(float(route.distance_m))
        rows.append({
            "route_id": name, "programme": days.programme, "crew_id": crew.crew_id, "vehicle_id": crew.vehicle_id,
            "day": days.days[index], "date": date.isoformat() if date else None, "repeats": days.repeats,
            "depot_id": crew.depot_id, "stops": len(route.stops), "distance_km": round(km, 2),
            "duration_min": round(units.seconds_to_minutes(float(route.duration_s)), 1),
            "load": round(float(days.stops["quantity"].iloc[list(route.stops)].sum()), 3),
            "load_unit": days.load_unit,
            "cost_fcfa": round(days.route_cost_fcfa(index)),
            "latitude": latitude[0], "longitude": longitude[0], "origin": days.origin,
        })
    table = gpd.GeoDataFrame(rows, columns=ROUTES.names, geometry=lines, crs=STORE)
    ordered: gpd.GeoDataFrame = table.sort_values("route_id", kind="stable").reset_index(drop=True)
    return ordered


def _degrees(world: World, days: CrewDays, crew: Crew, stops: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    first = days.ways.depots.index(crew.depot_id)
    at = [first, *(len(days.ways.depots) + stop for stop in stops), first]
    longitude, latitude = unproject(days.ways.xy_m[at, 0], days.ways.xy_m[at, 1], world.crs)
    return np.round(longitude, 6), np.round(latitude, 6)


def stop_table(world: World, days: CrewDays) -> gpd.GeoDataFrame:
    """One row per stop of each crew-day, in order."""
    rows: list[dict[str, Any]] = []
    for name, route, crew in zip(days.ids, days.plan.routes, days.crews, strict=True):
        longitude, latitude = _degrees(world, days, crew, route.stops)
        depots = len(days.ways.depots)
        here = days.ways.depots.index(crew.depot_id)
        for order, stop in enumerate(route.stops, start=1):
            there = depots + stop
            facts: Mapping[Any, Any] = days.stops.iloc[stop].to_dict()
            rows.append({
                **facts, "stop_id": f"{name}-{order:02d}", "route_id": name, "order": order,
                "arrive_min": round(units.seconds_to_minutes(route.arrival_s[order - 1] - route.start_s), 1),
                "leave_min": round(units.seconds_to_minutes(route.departure_s[order - 1] - route.start_s), 1),
                "leg_km": round(units.m_to_km(float(days.ways.path_m[here, there])), 2),
                "latitude": latitude[order], "longitude": longitude[order], "origin": days.origin,
            })
            here = there
    rows.sort(key=lambda row: (str(row["route_id"]), int(row["order"])))
    points = gpd.points_from_xy([row["longitude"] for row in rows], [row["latitude"] for row in rows])
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=STOPS.names), geometry=points, crs=STORE)


def proof(programme: str, plan: RoutePlan) -> Proof:
    """How good the routes are known to be."""
    what = Words("cost of the crew-days, the less the better", "coût des tournées, le moins possible")
    near = plan.gap is not None and plan.gap <= USEFUL_GAP
    return Proof(programme, what, round(plan.cost, 1), plan.bound if near else None, plan.gap if near else None,
                 plan.gap == 0.0, plan.stopped_by, "FCFA")
