"""The larviciding programme: habitats ranked, as many of the best treated each round as the crews' days hold."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from gis_planner.crs import STORE
from gis_planner.problems import CannotBeMet, Finding, Severity
from gis_planner.programmes.crew_days import CrewDays, Driving, route_table, share_days, stop_table
from gis_planner.programmes.crews import Crew, alike, crews_of
from gis_planner.programmes.larviciding.rounds import calendar_days, route_rounds
from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.larviciding.sites import habitats, ranked
from gis_planner.programmes.larviciding.spaced import Spaced, spaced_rounds
from gis_planner.programmes.larviciding.words import reasons, tasks
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.world import World, shaped
from gis_planner.tables.plan import Figure, Proof, Words
from gis_planner.tables.results import LARVICIDING_SITES, LARVICIDING_VISITS

NEEDS = ("villages", "breeding_sites", "depots", "vehicles", "crews")
HELPED_BY = {"population": "all people of a village stand at its point",
             "costs": "prices must stand in the scenario"}


def plan_larviciding(world: World, settings: LarvicidingSettings) -> Outcome:
    """Habitats ranked by expected larvae times people, weekly rounds, crew-days. Raises Refused or CannotBeMet."""
    findings: list[Finding] = []
    crews = crews_of(world, "larviciding", findings)
    sites = ranked(world, settings, habitats(world, findings))
    stops = sites[sites["treatable"]].reset_index(drop=True)
    stops = world.located(stops, stops[["x_m", "y_m"]].to_numpy(np.float64))
    if settings.only_where_control and not world.people.villages["mosquito_control"].any():
        raise CannotBeMet([Finding(
            "no-control", Severity.REFUSE, "no village where mosquito control works",
            "at least one village with mosquito_control = yes",
            "Fill in the column mosquito_control of the villages, or set larviciding.only_where_control = false.",
            "Remplissez la colonne mosquito_control des villages, ou mettez larviciding.only_where_control = false.",
            field="larviciding.only_where_control")])
    if stops.empty:
        raise CannotBeMet([Finding(
            "no-habitat", Severity.REFUSE, f"{len(sites)} habitats, none with larvae near a village",
            "at least one habitat to treat",
            "Widen larviciding.radius_m, or set larviciding.only_where_control = false.",
            "Élargissez larviciding.radius_m, ou mettez larviciding.only_where_control = false.",
            field="larviciding")])
    origin = world.origin("villages", "population", "breeding_sites", "depots", "vehicles", "crews")
    monday = settings.start_date - datetime.timedelta(days=settings.start_date.isoweekday() - 1)
    spaced = spaced_rounds(world, settings, stops, crews) if settings.tolerance_days else None
    goes: Sequence[Crew]
    days: Sequence[int]
    plan: Driving
    if spaced is None:
        plan, road = route_rounds(world, settings, stops, crews)
        goes, days = share_days(plan, alike(crews))
    else:
        plan, road, goes, days = spaced, spaced.road, spaced.crews, spaced.slots
    cycle_weeks = settings.interval_weeks * (1 if spaced is None else spaced.intervals)
    crew_days = CrewDays(
        "larviciding", goes, road, plan, tasks(settings, stops), days,
        [monday + datetime.timedelta(days=calendar_days(day - 1, settings)) for day in days],
        -(-settings.weeks // cycle_weeks), "kg", origin)
    table = _site_table(world, settings, sites, stops, crew_days)
    visits = _visits(settings, stops, crew_days, monday, cycle_weeks)
    return Outcome(
        tables={"larviciding_sites": table, "larviciding_visits": visits, "routes": route_table(world, crew_days),
                "stops": stop_table(world, crew_days)},
        figures=_figures(table, visits, crew_days,
                         world.prices.value(settings.price_per_kg, "larviciding.price_per_kg"),
                         cycle_weeks // settings.interval_weeks) + _spacing(spaced, settings),
        proofs=(_proof(table, plan),),
        findings=tuple(findings),
    )


def _site_table(
    world: World, settings: LarvicidingSettings, sites: pd.DataFrame, stops: pd.DataFrame, days: CrewDays
) -> gpd.GeoDataFrame:
    visited = set(stops["site_id"].iloc[sorted(days.route_of)])
    rows = sites.assign(chosen=sites["site_id"].isin(visited), product=settings.product, origin=days.origin)
    table = world.located(rows, rows[["x_m", "y_m"]].to_numpy(np.float64))
    both = [reasons(row) for row in table.drop(columns="geometry").to_dict("records")]
    table["reason_en"], table["reason_fr"] = [pair[0] for pair in both], [pair[1] for pair in both]
    return shaped(table, LARVICIDING_SITES)


def _visits(
    settings: LarvicidingSettings, stops: pd.DataFrame, days: CrewDays, monday: datetime.date, cycle_weeks: int
) -> gpd.GeoDataFrame:
    """Every visit of the season: each route again after `cycle_weeks`, on the same day of the week."""
    rows: list[dict[str, Any]] = []
    for name, route, crew, day in zip(days.ids, days.plan.routes, days.crews, days.days, strict=True):
        offset = calendar_days(day - 1, settings)
        for week in range(1 + offset // 7, settings.weeks + 1, cycle_weeks):
            date = monday + datetime.timedelta(days=(week - 1) * 7 + offset % 7)
            rows += [{
                "visit_id": f"{stops['site_id'].iloc[stop]}-W{week:02d}", "site_id": stops["site_id"].iloc[stop],
                "week": week, "weekday": date.isoweekday(), "date": date.isoformat(),
                "crew_id": crew.crew_id, "route_id": name,
                "dose_kg": stops["dose_kg"].iloc[stop], "latitude": stops["latitude"].iloc[stop],
                "longitude": stops["longitude"].iloc[stop],
                "origin": days.origin,
            } for stop in route.stops]
    rows.sort(key=lambda row: (int(row["week"]), str(row["date"]), str(row["visit_id"])))
    geometry = [Point(row["longitude"], row["latitude"]) for row in rows]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=LARVICIDING_VISITS.names), geometry=geometry, crs=STORE)


def _proof(table: gpd.GeoDataFrame, plan: Driving) -> Proof:
    score, best = float(table.loc[table["chosen"], "score"].sum()), float(table["score"].sum())
    near = table[table["chosen"] | (table["score"] > 0)]["score"].sum()
    every = not plan.unserved
    return Proof("larviciding", Words("expected larvae times people treated each round; the bound is every habitat",
                                      "larves attendues fois habitants, traitées à chaque passage ; la borne est tous "
                                      "les gîtes"), score, score if every else min(best, float(near)),
                 0.0 if every else round(1 - score / best, 6), every, plan.stopped_by)


def _spacing(spaced: Spaced | None, settings: LarvicidingSettings) -> tuple[Figure, ...]:
    """How far apart the visits are and how often a habitat sees its own crew; nothing for fixed days of the week."""
    if spaced is None:
        return ()
    fewest, most = spaced.steps_days(settings)
    rows = [("fewest_days", Words("Fewest days between two visits of a habitat",
                                  "Moins de jours entre deux visites d'un gîte"), fewest, "days"),
            ("most_days", Words("Most days between two visits of a habitat",
                                "Plus de jours entre deux visites d'un gîte"), most, "days"),
            ("same_crew", Words("Visits made by the usual crew of the habitat",
                                "Visites faites par l'équipe habituelle du gîte"), 100 * spaced.plan.same_crew, "%")]
    return tuple(Figure(f"larviciding.{key}", "larviciding", label, round(float(value), 1), unit, False)
                 for key, label, value, unit in rows)


def _figures(
    table: gpd.GeoDataFrame, visits: gpd.GeoDataFrame, days: CrewDays, price: float, rounds: int
) -> tuple[Figure, ...]:
    treated = table[table["chosen"]]
    whole_score = float(table["score"].sum())
    product = price * float(visits["dose_kg"].sum())
    rows = [
        ("habitats", Words("Larval habitats known", "Gîtes larvaires connus"), len(table), "habitats", False),
        ("treated", Words("Habitats treated each round", "Gîtes traités à chaque passage"), len(treated), "habitats",
         True),
        ("share", Words("Share of the expected larvae times people that they hold",
                        "Part des larves attendues fois habitants qu'ils portent"),
         100 * float(treated["score"].sum()) / whole_score if whole_score else 0.0, "%", True),
        ("visits", Words("Visits in the season", "Visites dans la saison"), len(visits), "visits", False),
        ("crew_days", Words("Crew-days in a round", "Journées d'équipe par passage"),
         len(days.plan.routes) / rounds,
         "crew-days", True),
        ("larvicide", Words("Larvicide for the season", "Larvicide pour la saison"), visits["dose_kg"].sum(), "kg",
         False),
        ("cost_crews", Words("Cost of the crew-days of the season", "Coût des journées d'équipe de la saison"),
         days.cost_fcfa, "FCFA", False),
        ("cost", Words("Cost of the season with its larvicide", "Coût de la saison avec son larvicide"),
         product + days.cost_fcfa, "FCFA", True),
    ]
    return tuple(Figure(f"larviciding.{key}", "larviciding", label, round(float(value), 1), unit, headline)
                 for key, label, value, unit, headline in rows)
