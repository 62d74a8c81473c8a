"""The nets programme from households to crew-days."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planner.problems import Finding, Severity
from gis_planner.programmes.crew_days import CrewDays, proof, route_table, share_days, stop_table
from gis_planner.programmes.crews import Crew, alike, crews_of
from gis_planner.programmes.nets.points import candidates, choose_points, households
from gis_planner.programmes.nets.routes import route_nets, visits, working_days
from gis_planner.programmes.nets.settings import NetsSettings
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.words import whole
from gis_planner.programmes.world import World, shaped
from gis_planner.tables.plan import Figure, Proof, Words
from gis_planner.tables.results import NET_HOUSEHOLDS, NET_POINTS

NEEDS = ("villages", "depots", "vehicles", "crews")
HELPED_BY = {"households": "households are estimated from the population",
             "population": "all people of a village stand at its point",
             "elevation": "walks are straight lines", "land_cover": "walks are straight lines",
             "schools": "distribution points are villages only", "costs": "prices must stand in the scenario"}


def plan_nets(world: World, settings: NetsSettings) -> Outcome:
    """Nets by household, points, whole bales, crew-days. Raises Refused or CannotBeMet."""
    findings: list[Finding] = []
    crews = crews_of(world, "nets", findings)
    homes = households(world, settings, findings)
    homes, places, proven = choose_points(world, settings, homes, candidates(world, settings), findings)
    points = _points(world, settings, homes, places)
    _stock(world, crews, points, findings)
    stops = visits(world, settings, points, crews)
    plan, road = route_nets(world, settings, stops, crews)
    goes, numbers = share_days(plan, alike(crews))
    dates = working_days(settings.start_date, max(numbers, default=0), settings.weekend)
    origin = world.origin("villages", "population", "households", "depots", "vehicles", "crews")
    days = CrewDays("nets", goes, road, plan, _tasks(world, stops), numbers, [dates[number - 1] for number in numbers],
                    1, "bales", origin)
    return Outcome(
        tables={"net_points": _point_table(world, points, stops, days),
                "net_households": _home_table(world, homes, points),
                "routes": route_table(world, days), "stops": stop_table(world, days)},
        figures=_figures(homes, points, days, world.prices.value(settings.net_price, "nets.net_price")),
        proofs=(Proof("nets", Words("number of distribution points, the fewer the better",
                                    "nombre de points de distribution, le moins possible"), float(len(points)),
                      float(len(points)) if proven else None, 0.0 if proven else None, proven,
                      "proof" if proven else "iterations", "points"),
                proof("nets", plan)),
        findings=tuple(findings),
    )


def _points(world: World, settings: NetsSettings, homes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Open points that serve somebody, in order of id, with what they hand out in whole bales."""
    served = homes[homes["point"] >= 0]
    bale = int(world.book.value(settings.bale_size, "nets"))
    sums = served.groupby("point").agg(households=("households", "sum"), people=("people", "sum"),
                                       nets=("nets", "sum"), walk_max_m=("walk_m", "max"))
    walked = (served["walk_m"] * served["households"]).groupby(served["point"]).sum()
    sums["walk_mean_m"] = (walked / sums["households"]).round(0)
    sums["bales"] = -(-sums["nets"] // bale)
    sums["nets_spare"] = sums["bales"] * bale - sums["nets"]
    points: pd.DataFrame = places.join(sums, how="inner")
    points["place"] = points.index
    points["village"] = world.home(points[["x_m", "y_m"]].to_numpy(np.float64))
    return points.sort_values("point_id", kind="stable").reset_index(drop=True)


def _stock(world: World, crews: list[Crew], points: pd.DataFrame, findings: list[Finding]) -> None:
    """Compare what the crews' depots hold with whole bales; say what is short, or that it is not known."""
    depots = world.metric("depots")
    depots = depots[depots["depot_id"].isin({crew.depot_id for crew in crews})]
    stock = pd.to_numeric(depots["nets"], errors="coerce") if "nets" in depots else pd.Series(dtype=float)
    if stock.isna().any() or stock.empty:
        findings.append(Finding("stock-unknown", Severity.NOTE, "a depot without its number of nets", "nets in stock",
                                "The stock is not checked against the need.",
                                "Le stock n'est pas comparé au besoin.", field="depots.nets"))
        return
    due = int((points["nets"] + points["nets_spare"]).sum())
    if stock.sum() < due:
        findings.append(Finding(
            "stock-short", Severity.NOTE, f"{whole(stock.sum())} nets in stock", f"{whole(due)} nets in whole bales",
            f"{whole(due - stock.sum())} nets must be ordered before the first day.",
            f"{whole(due - stock.sum())} moustiquaires doivent être commandées avant le premier jour.",
            field="depots.nets"))


def _tasks(world: World, stops: pd.DataFrame) -> pd.DataFrame:
    villages = world.people.villages
    at = stops["village"].to_numpy(np.int64)
    part = [f" ({row['part']}/{row['parts']})" if row["parts"] > 1 else "" for row in stops.to_dict("records")]
    return pd.DataFrame({
        "place_id": stops["point_id"], "name": stops["place_name"],
        "village_id": villages["village_id"].to_numpy()[at],
        "task_en": [f"Give nets to {homes} households{text}" for homes, text in zip(stops["households"], part,
                                                                                   strict=True)],
        "task_fr": [f"Donner des moustiquaires à {homes} ménages{text}"
                    for homes, text in zip(stops["households"], part, strict=True)],
        "quantity": stops["bales"].astype(float), "quantity_unit": "bales",
    })


def _point_table(world: World, points: pd.DataFrame, stops: pd.DataFrame, days: CrewDays) -> gpd.GeoDataFrame:
    routes: dict[Any, list[str]] = {}
    for stop, name in sorted(days.route_of.items()):
        routes.setdefault(stops["point_id"].iloc[stop], []).append(name)
    served = [" ".join(sorted(set(routes.get(name, [])))) or None for name in points["point_id"]]
    rows = points.assign(route_id=pd.Series(served, dtype=object).to_numpy(), origin=days.origin)
    table = world.located(rows, rows[["x_m", "y_m"]].to_numpy(np.float64), rows["village"].to_numpy(np.int64))
    return shaped(table, NET_POINTS)


def _home_table(world: World, homes: pd.DataFrame, points: pd.DataFrame) -> gpd.GeoDataFrame:
    names = dict(zip(points["place"], points["point_id"], strict=True))
    out = homes["point"].lt(0)
    rows = homes.assign(
        point_id=homes["point"].map(names).astype(object), walk_m=homes["walk_m"].mask(out),
        origin=world.origin("villages", "population", "households"))
    table = world.located(rows, rows[["x_m", "y_m"]].to_numpy(np.float64), rows["village"].to_numpy(np.int64))
    return shaped(table.sort_values("household_id", kind="stable").reset_index(drop=True), NET_HOUSEHOLDS)


def _figures(homes: pd.DataFrame, points: pd.DataFrame, days: CrewDays, price: float) -> tuple[Figure, ...]:
    served = homes[homes["point"] >= 0]
    net_cost = price * float((points["nets"] + points["nets_spare"]).sum())
    rows = [
        ("households", Words("Households that get nets", "Ménages qui reçoivent des moustiquaires"),
         served["households"].sum(), "households", True),
        ("people", Words("People under those nets", "Personnes protégées"), served["people"].sum(), "people", False),
        ("nets", Words("Nets due", "Moustiquaires dues"), served["nets"].sum(), "nets", True),
        ("bales", Words("Bales brought", "Balles apportées"), points["bales"].sum(), "bales", False),
        ("nets_spare", Words("Nets left over in whole bales", "Moustiquaires restantes dans les balles"),
         points["nets_spare"].sum(), "nets", False),
        ("points", Words("Distribution points", "Points de distribution"), len(points), "points", True),
        ("crew_days", Words("Crew-days", "Journées d'équipe"), len(days.plan.routes), "crew-days", True),
        ("distance", Words("Distance driven", "Distance parcourue"),
         sum(route.distance_m for route in days.plan.routes) / 1000, "km", False),
        ("cost_nets", Words("Price of the nets in those bales", "Prix des moustiquaires de ces balles"), net_cost,
         "FCFA", False),
        ("cost_crews", Words("Cost of the crew-days", "Coût des journées d'équipe"), days.cost_fcfa, "FCFA", False),
        ("cost", Words("Cost of the distribution with its nets", "Coût de la distribution avec ses moustiquaires"),
         net_cost + days.cost_fcfa, "FCFA", True),
        ("out_of_reach", Words("People out of reach of every point", "Personnes hors de portée de tout point"),
         homes.loc[homes["point"] < 0, "people"].sum(), "people", False),
    ]
    return tuple(Figure(f"nets.{key}", "nets", label, round(float(value), 1), unit, headline)
                 for key, label, value, unit, headline in rows)
