"""A small plan with every result table, whose names and ids can be chosen, for the tests of the file formats."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, box

from gis_planner.crs import Frame
from gis_planner.problems import Finding, Severity
from gis_planner.tables import results
from gis_planner.tables.column import Origin
from gis_planner.tables.plan import Assumption, Figure, LayerUsed, NormCited, Plan, Proof, Step, Words

NAMES = ("Sounsounkoro", "Faragouaran", "Ŋɔnɔ-Ɲɛnɛ", "Dafara", "Solo", "Ména")
ROUTE_IDS = ("NET-A-D01", "a/b", "LAR-B-D01")
PLACES = [(-7.90 + 0.02 * at, 12.00 + 0.015 * (at % 3)) for at in range(6)]


def table(name: str, rows: list[dict[str, object]], lines: Sequence[LineString] | None = None) -> gpd.GeoDataFrame:
    """Rows of one result table as a programme gives them."""
    shapes = list(lines) if lines is not None else [Point(row["longitude"], row["latitude"]) for row in rows]
    frame = pd.DataFrame(rows, columns=results.RESULTS[name].names)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def _at(place: int, **facts: object) -> dict[str, object]:
    return {**facts, "longitude": PLACES[place][0], "latitude": PLACES[place][1], "origin": "simulated"}


def _results(names: Sequence[str], route_ids: Sequence[str]) -> dict[str, gpd.GeoDataFrame]:
    village = [{"village_id": f"V{at}", "village": name} for at, name in enumerate(names)]
    why = {"reason_en": f"350 people near {names[0]}", "reason_fr": f"350 personnes près de {names[0]}"}
    found = {
        "villages": table("villages", [_at(
            at, **village[at], commune="Ouelessebougou" if at else None, people=500 + at, served_today=100.0,
            served_if_unknown_work=150.0, served_after=400.5, over_capacity=50.0, out_of_reach=350.0 + at,
        ) for at in range(6)]),
        "wells": table("wells", [_at(
            at, **village[at], **why, action_id=f"WEL-{rank:02d}", rank=rank, chosen=rank < 3,
            action="repair" if rank == 1 else "new_borehole", water_point_id="W1" if rank == 1 else None,
            people_in_reach=350, people_served=300.0, people_expected=270.25, walk_m=412.34, success_probability=0.9,
            capacity_people=300, cost_fcfa=6_500_000.4, cost_per_person_fcfa=24_074.07,
            cumulative_cost_fcfa=6_500_000.0 * rank if rank < 3 else np.nan, cumulative_people=270.0 * rank,
            nearest_latrine_m=None,
        ) for rank, at in enumerate((3, 1, 5), start=1)]),
        "latrines": table("latrines", [_at(
            at, **village[at], **why, latrine_site_id=f"LAT-{at}", rank=at + 1, chosen=at == 0,
            group_kind="school" if at else "households", group_id=f"G{at}", people=120, toilets_needed=6,
            toilets_existing=1, toilets_planned=5, cost_fcfa=1_000_000, nearest_water_point_m=57.77,
        ) for at in range(2)]),
        "net_points": table("net_points", [_at(
            at, **village[at], point_id=f"P{at}", households=40, people=240, nets=133, bales=3, nets_spare=17,
            walk_max_m=950.0, walk_mean_m=410.0, route_id=route_ids[0] if at < 3 else route_ids[1],
        ) for at in range(5)]),
        "net_households": table("net_households", [_at(
            at % 6, village_id=f"V{at % 6}", household_id=f"H{at:03d}", households=1, people=6, nets=3,
            point_id=f"P{at % 5}", walk_m=100.0 + at,
        ) for at in range(12)]),
        "larviciding_sites": table("larviciding_sites", [_at(
            at, **village[at], **why, site_id=f"S{at}", rank=at + 1, chosen=at < 2, habitat_type="pond", area_m2=33.3,
            visits=8, wet_share=0.875, larvae_per_dip=2.5, expected_larvae_index=72.9, people_in_flight_range=321.5,
            score=23_437.35, product="Bti", dose_kg=0.35, work_min=12.0,
        ) for at in range(3)]),
        "larviciding_visits": table("larviciding_visits", [_at(
            at % 2, visit_id=f"S{at % 2}-W{week}", site_id=f"S{at % 2}", week=week, weekday=2,
            date=datetime.date(2026, 7, 7) + datetime.timedelta(weeks=week - 1), crew_id="B", route_id=route_ids[2],
            dose_kg=0.35,
        ) for week in (1, 2, 10) for at in (0, 1)]),
    }
    found["wells_front"] = pd.DataFrame([
        {"point": at + 1, "aim": "most_people", "people_expected": 540.0 - at, "person_min_saved_day": 900.0,
         "worst_village_share": 0.25, "cost_fcfa": 13_000_000.0, "sites": "WEL-01 WEL-02", "origin": "simulated"}
        for at in range(2)])
    origin = {"origin": "simulated"}
    found["wells_ranks"] = pd.DataFrame([{"action_id": "WEL-01", "rank": at, "share": 0.5} | origin for at in (1, 2)])
    found["wells_weights"] = pd.DataFrame([
        {"action_id": "WEL-01", "criterion": "people", "label_en": "people gained", "label_fr": "habitants gagnés",
         "central_weight": 0.4} | origin])
    found["wells_tornado"] = pd.DataFrame([
        {"factor_id": "speed", "label_en": "walking speed", "label_fr": "vitesse de marche", "low_value": 0.8,
         "high_value": 1.1, "people_low": 500.0, "people_high": 560.0, "best_low": 510.0, "best_high": 565.0,
         "sites_changed": 2} | origin])
    found["surveys"] = table("surveys", [_at(
        at, **village[at], **why, survey_id=f"S-{at}", rank=at + 1, kind="status_visit", place_id=f"V{at}",
        cost_fcfa=30_000.0, gain_people=12.5 - at, gain_per_million_fcfa=416.7,
    ) for at in range(2)])
    stops = {route_ids[0]: (0, 1, 2), route_ids[1]: (3, 4), route_ids[2]: (0, 1)}
    found["stops"] = table("stops", [_at(
        at, stop_id=f"{route}-{order:02d}", route_id=route, order=order, place_id=f"P{at}", name=names[at],
        village_id=f"V{at}", task_en=f"Give nets at {names[at]}", task_fr=f"Donner les moustiquaires à {names[at]}",
        quantity=133.0, quantity_unit="nets", arrive_min=20.0 * order, leave_min=20.0 * order + 15, leg_km=2.5,
    ) for route, places in stops.items() for order, at in enumerate(places, start=1)])
    depot = (-7.92, 11.99)
    found["routes"] = table("routes", [
        {"route_id": route, "programme": "larviciding" if route == route_ids[2] else "nets", "crew_id": "AAB"[at],
         "vehicle_id": "M", "day": 1 + at % 2, "date": None if at == 1 else "2026-07-07", "repeats": 10 if at == 2
         else 1, "depot_id": "D", "stops": len(places), "distance_km": 21.5, "duration_min": 245.0, "load": 9.0,
         "load_unit": "bales", "cost_fcfa": 15_000, "latitude": depot[1], "longitude": depot[0], "origin": "simulated"}
        for at, (route, places) in enumerate(stops.items())
    ], [LineString([depot, *(PLACES[at] for at in places), depot]) for places in stops.values()])
    return found


def _base(names: Sequence[str]) -> dict[str, gpd.GeoDataFrame]:
    def layer(rows: list[dict[str, object]], shapes: Sequence[object]) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(rows, geometry=list(shapes), crs="EPSG:4326")

    points = [Point(place) for place in PLACES]
    return {
        "villages": layer([{"village_id": f"V{at}", "name": name, "commune": None, "population": 500 + at,
                            "kind": "village", "mosquito_control": at % 2 == 0} for at, name in enumerate(names)],
                          points),
        "water_points": layer([{"water_point_id": f"W{at}", "technology": "open_well" if at else "borehole_handpump",
                                "status": ("working", "not_working", "unknown")[at % 3]} for at in range(6)],
                              [Point(x + 0.003, y + 0.002) for x, y in PLACES]),
        "schools": layer([{"school_id": "E1", "name": "École A"}], [Point(-7.88, 12.01)]),
        "health_posts": layer([{"health_post_id": "C1", "name": "CSCom"}], [Point(-7.86, 12.0)]),
        "depots": layer([{"depot_id": "D", "name": "Ouélessébougou", "nets": 5000}], [Point(-7.92, 11.99)]),
        "roads": layer([{"road_id": "R1", "highway": "track", "surface": None, "speed_kmh": 25.0, "bridge": False,
                         "passable_rainy": False}], [LineString([(-7.93, 11.98), *PLACES])]),
        "streams": layer([{"stream_id": "K1", "seasonal": True}], [LineString([(-7.93, 12.02), (-7.75, 12.02)])]),
        "communes": layer([{"commune_id": "ML2", "name": "Ouelessebougou"}], [box(-7.95, 11.97, -7.75, 12.06)]),
    }


def small_plan(
    names: Sequence[str] = NAMES, route_ids: Sequence[str] = ROUTE_IDS, *, simulated: bool = True
) -> Plan:
    """Six villages, three crew-days, every result table."""
    origin = Origin.SIMULATED if simulated else Origin.OBSERVED
    return Plan(
        name=f"baseline {names[0]}", purpose=Words("Water for the six villages.", "De l'eau pour les six villages."),
        region="Ouélessébougou", frame=Frame(-8.0, 11.9, -7.7, 12.1), season="dry", version="0.1.0",
        results=_results(names, route_ids), base=_base(names),
        figures=(Figure("wells.people_served_after", "wells", Words("People served", "Personnes servies"), 2403.0,
                        "people", headline=True, note=Words("expected", "attendu")),),
        proofs=(Proof("wells", Words("people", "personnes"), 540.5, 540.5, 0.0, True, "optimal", "people"),),
        assumptions=(Assumption("detour", Words("detour", "détour"), "1.3", "", "default", "norm"),),
        norms=(NormCited("water.litres", 20.0, "L/day", "Sphere", "2018", "p. 93", "seen"),),
        layers=(LayerUsed("villages", "villages", "villages.csv", "CC0", "here", "2026-01-01", origin, "ab" * 32, 6),),
        findings=(Finding("coordinate-swapped", Severity.REPAIR, "11.9, -7.9", "longitude first", "Swapped back.",
                          "Remis dans l'ordre.", "villages.csv", "row 3", "geometry"),),
        settings={"wells": {"budget_fcfa": 50_000_000}},
        curves={"wells": (Step(6_500_000.0, 270.0, "WEL-01"), Step(13_000_000.0, 540.0, "WEL-02"))},
    )


def shuffled(plan: Plan, seed: int) -> Plan:
    """The same plan with the rows of every table and layer in another order."""
    def mix(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame.sample(frac=1, random_state=seed)

    return dataclasses.replace(
        plan, results={name: mix(frame) for name, frame in reversed(plan.results.items())},
        base={name: mix(frame) for name, frame in reversed(plan.base.items())},
    )
