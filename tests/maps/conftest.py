"""Names that partners' files can hold, and a plan with every result table and base layer, for the map room's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from gis_planner.crs import STORE, Frame
from gis_planner.problems import Finding, Severity
from gis_planner.tables.column import Origin
from gis_planner.tables.plan import Assumption, Figure, LayerUsed, NormCited, Plan, Proof, Step, Words
from gis_planner.tables.results import RESULTS

HOSTILE = (
    "{{7*7}}",
    "{{ cycler.__init__.__globals__.os.getcwd() }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# hidden #}",
    "${1+1}",
    "`${document.title=7}`",
    "<img src=x onerror=document.title='owned'>",
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "--><svg onload=document.title='owned'>",
    "\"><b onmouseover=document.title='owned'>x</b>",
    "' onfocus='document.title=1' autofocus x='",
    "javascript:document.title='owned'",
    "&lt;b&gt; &amp; &#123;",
    "]]><!--",
    "\\u003cscript\\u003e \\x3c \\",
    "=1+1",
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "+HYPERLINK(\"http://example.org\")",
    "\u202egnp.exe\u202c",
    "\u200b\u200fKola\u2066",
    "very long " + "Ouélessébougou " * 30,
    "💧🦟👩🏾‍⚕️ Kola",
    "ߒߞߏ ߞߊ߲",
    "Ŋɔnɔ ɛ ɲ — l'eau d’été; DROP TABLE villages;--",
)


FRAME = Frame(-8.20, 11.68, -7.35, 12.28)
PLACES = (
    "Kola", "Sounsounkoro", "Dialakoro", "N'Tintou", "Fadiobougou", "Tamala", "Ferekoroba", "Nonsombougou", "Banko",
    "Tinkélé", "Sélinkégny", "Marako", "Djéguéna", "Kokélé", "Solo", "Bougoula", "Digan", "Zambougou", "Ngana",
    "Manabougou", "Freintoumou", "Niamanidiè", "Simidji", "Tougouni", "Ɲɛnɛbugu", "Kafara", "Sanankoro",
)


def _points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["longitude"], rows["latitude"]), crs=STORE)


def _shape(name: str, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    for column in RESULTS[name].names:
        if column not in rows:
            rows[column] = None
    return _points(rows[RESULTS[name].names].copy())


def _near(random: np.random.Generator, villages: pd.DataFrame, count: int) -> pd.DataFrame:
    at = np.sort(random.integers(0, len(villages), count))
    away = random.normal(0, 0.006, (count, 2)).round(6)
    return pd.DataFrame({
        "village_id": villages["village_id"].to_numpy()[at], "village": villages["village"].to_numpy()[at],
        "latitude": villages["latitude"].to_numpy()[at] + away[:, 0],
        "longitude": villages["longitude"].to_numpy()[at] + away[:, 1], "origin": "simulated",
        "rank": range(1, count + 1),
    })


def _villages(random: np.random.Generator, names: Sequence[str], gain: float) -> pd.DataFrame:
    count = len(names)
    people = random.integers(500, 1400, count)
    today = (people * random.uniform(0.2, 0.9, count)).round()
    reach = ((people - today) * 0.6).round()
    return pd.DataFrame({
        "village_id": [f"V{number:02d}" for number in range(1, count + 1)], "village": list(names),
        "commune": [names[number % 5] for number in range(count)], "people": people, "served_today": today,
        "served_if_unknown_work": np.minimum(people, today + 60),
        "served_after": np.minimum(people, today + random.uniform(0, 400, count).round() * gain),
        "over_capacity": people - today - reach, "out_of_reach": reach,
        "latitude": random.uniform(11.72, 12.24, count).round(6),
        "longitude": random.uniform(-8.15, -7.40, count).round(6), "origin": "simulated",
    })


def _wells(random: np.random.Generator, villages: pd.DataFrame, count: int, chosen: int) -> pd.DataFrame:
    rows = _near(random, villages, count)
    action = np.where(np.arange(count) % 3 == 0, "repair", "new_borehole")
    reach, chance = random.integers(40, 600, count), np.where(action == "repair", 0.9, 0.6)
    rows = rows.assign(
        action_id=[f"W{number:04d}" for number in range(1, count + 1)], chosen=np.arange(count) < chosen, action=action,
        water_point_id=np.where(action == "repair", [f"WP{number:04d}" for number in range(count)], None),
        people_in_reach=reach, people_served=reach * 0.8, people_expected=(reach * 0.8 * chance).round(1),
        walk_m=random.uniform(80, 600, count).round(), success_probability=chance, capacity_people=300,
        cost_fcfa=np.where(action == "repair", 350_000, 8_500_000),
        nearest_latrine_m=random.uniform(20, 300, count).round(),
    )
    rows["cost_per_person_fcfa"] = (rows["cost_fcfa"] / rows["people_expected"]).round()
    rows["cumulative_cost_fcfa"] = rows["cost_fcfa"].cumsum().where(rows["chosen"])
    rows["cumulative_people"] = rows["people_expected"].cumsum().where(rows["chosen"])
    rows["reason_en"] = [f"{reach} people of {place} have no place at a working water point."
                         for reach, place in zip(rows["people_in_reach"], rows["village"], strict=True)]
    rows["reason_fr"] = [f"{reach} habitants de {place} n'ont pas de place à un point d'eau en marche."
                         for reach, place in zip(rows["people_in_reach"], rows["village"], strict=True)]
    return rows


def _latrines(random: np.random.Generator, villages: pd.DataFrame, count: int) -> pd.DataFrame:
    rows = _near(random, villages, count)
    return rows.assign(
        latrine_site_id=[f"L{number:03d}" for number in range(1, count + 1)], chosen=np.arange(count) < count // 2,
        group_kind=[("households", "school", "camp")[number % 3] for number in range(count)],
        group_id=rows["village_id"], people=120, toilets_needed=6, toilets_existing=2, toilets_planned=4,
        cost_fcfa=600_000, nearest_water_point_m=75.0, reason_en="120 people need 6 cabins and have 2.",
        reason_fr="Il faut 6 cabines à 120 personnes, elles en ont 2.")


def _nets(random: np.random.Generator, villages: pd.DataFrame, homes: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    points = _near(random, villages, len(villages)).assign(
        point_id=[f"N{number:03d}" for number in range(len(villages))], households=60, people=500, nets=260, bales=6,
        nets_spare=40, walk_max_m=900.0, walk_mean_m=310.5,
        route_id=[f"R-nets-{n % 3 + 1}" for n in range(len(villages))])
    houses = _near(random, villages, homes)
    return points, houses.assign(
        household_id=[f"H{number:06d}" for number in range(homes)], households=1, people=random.integers(1, 15, homes),
        nets=3, point_id="N001", walk_m=random.uniform(10, 900, homes).round())


def _larviciding(random: np.random.Generator, villages: pd.DataFrame, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    sites = _near(random, villages, count)
    habitats = ("puddle", "hoof_print", "rice_field", "borrow_pit", "stream_edge")
    sites = sites.assign(
        site_id=[f"G{number:03d}" for number in range(1, count + 1)], chosen=np.arange(count) < count * 2 // 3,
        habitat_type=[habitats[number % 5] for number in range(count)],
        area_m2=random.uniform(5, 400, count).round(1), visits=12, wet_share=0.75,
        larvae_per_dip=random.uniform(0, 8, count).round(2), expected_larvae_index=100.0,
        people_in_flight_range=random.uniform(50, 900, count).round(), product="Bti", dose_kg=0.4, work_min=20.0,
        score=random.uniform(10, 9000, count).round(1), reason_en="Many larvae near many people.",
        reason_fr="Beaucoup de larves près de beaucoup d'habitants.")
    chosen = sites[sites["chosen"]]
    visits = pd.concat([
        chosen[["site_id", "dose_kg", "latitude", "longitude", "origin"]].assign(
            visit_id=[f"{site}-{week}" for site in chosen["site_id"]], week=week, weekday=1, crew_id="C1",
            date=pd.Timestamp("2026-07-06") + pd.Timedelta(weeks=week - 1), route_id="R-larv-1")
        for week in range(1, 13)], ignore_index=True)
    return sites, visits


def _routes(villages: pd.DataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    routes, stops, lines = [], [], []
    home = (-7.92, 11.99)
    for number, programme in enumerate(("nets", "nets", "nets", "larviciding")):
        name = f"R-{'larv' if programme == 'larviciding' else 'nets'}-{number % 3 + 1}"
        part = villages.iloc[number::4]
        lines.append(LineString([home, *zip(part["longitude"], part["latitude"], strict=True), home]))
        routes.append({
            "route_id": name, "programme": programme, "crew_id": f"C{number}", "vehicle_id": "camion-1",
            "day": number + 1, "date": pd.Timestamp("2026-07-06"), "depot_id": "D1",
            "repeats": 12 if programme == "larviciding" else 1,
            "stops": len(part), "distance_km": 84.2, "duration_min": 410.0, "load": 42.0, "load_unit": "bales",
            "cost_fcfa": 65_000, "latitude": home[1], "longitude": home[0], "origin": "simulated"})
        stops += [{
            "stop_id": f"{name}-{order}", "route_id": name, "order": order, "place_id": row.village_id,
            "name": row.village, "village_id": row.village_id, "task_en": "Give nets", "quantity": 6.0,
            "task_fr": "Distribuer les moustiquaires", "quantity_unit": "bales", "arrive_min": 30.0 * order,
            "leave_min": 30.0 * order + 15, "leg_km": 7.5, "latitude": row.latitude, "longitude": row.longitude,
            "origin": "simulated"} for order, row in enumerate(part.itertuples(), start=1)]
    table = pd.DataFrame(routes)[RESULTS["routes"].names]
    return gpd.GeoDataFrame(table, geometry=lines, crs=STORE), _shape("stops", pd.DataFrame(stops))


def _base(random: np.random.Generator, villages: pd.DataFrame, points: int) -> dict[str, gpd.GeoDataFrame]:
    near = _near(random, villages, points)
    water = near.assign(
        water_point_id=[f"WP{number:04d}" for number in range(points)], name=near["village"],
        technology=[("borehole_handpump", "open_well", "protected_well")[number % 3] for number in range(points)],
        status=[("working", "not_working", "unknown")[number % 3] for number in range(points)])
    south = [11.7 + 0.05 * number for number in range(10)]
    ways = [LineString([(-8.15, y), (-7.8, y + 0.05), (-7.4, y)]) for y in south]
    return {
        "villages": _points(villages[["village_id", "latitude", "longitude", "commune"]].assign(
            name=villages["village"], population=villages["people"], kind="village", mosquito_control=False)),
        "water_points": _points(water),
        "communes": gpd.GeoDataFrame({"commune_id": ["ML1", "ML2"], "name": [villages["village"][0], "Kola"]},
                                     crs=STORE, geometry=[box(-8.2, 11.68, -7.8, 12.28), box(-7.8, 11.68, -7.4, 12.2)]),
        "roads": gpd.GeoDataFrame({"road_id": [f"r{k}" for k in range(5)], "highway": "track", "speed_kmh": 25.0,
                                   "surface": "unpaved", "passable_rainy": [k % 2 == 0 for k in range(5)]},
                                  geometry=ways[:5], crs=STORE),
        "streams": gpd.GeoDataFrame({"stream_id": [f"s{k}" for k in range(5)], "seasonal": [True] * 5},
                                    geometry=ways[5:], crs=STORE),
        "zones": gpd.GeoDataFrame({"zone_id": ["z1"], "kind": ["grave"]}, geometry=[box(-7.9, 11.9, -7.88, 11.92)],
                                  crs=STORE),
        "schools": _points(near.iloc[:20].assign(school_id=[f"S{k}" for k in range(20)], name=near["village"])),
        "health_posts": _points(near.iloc[:4].assign(health_post_id=[f"P{k}" for k in range(4)], name="CSCom")),
        "depots": gpd.GeoDataFrame({"depot_id": ["D1"], "name": ["Ouélessébougou"]}, geometry=[Point(-7.92, 11.99)],
                                   crs=STORE),
    }


def _texts(word: str, results: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    villages, wells = results["villages"], results["wells"]
    after, chosen = float(villages["served_after"].sum()), wells[wells["chosen"]]
    cost = float(chosen["cost_fcfa"].sum())
    return {
        "figures": (
            Figure("wells.served_today", "wells", Words("Have a place today", "Ont une place aujourd'hui"),
                   float(villages["served_today"].sum()), "people", True),
            Figure("wells.served_after", "wells", Words("Expected to have one after the plan",
                                                        "Devraient en avoir une après le plan"), after, "people", True),
            Figure("wells.cost", "wells", Words("Expected cost of the water points", "Coût attendu des points d'eau"),
                   cost, "FCFA", True, Words("Prices of the scenario.", "Prix du scénario.")),
            Figure("latrines.cost", "latrines", Words("Cost of the latrines", "Coût des latrines"), 9e6, "FCFA"),
            Figure("nets.nets", "nets", Words("Nets due", "Moustiquaires dues"), 6500.0, "nets", True),
            Figure("larviciding.share", "larviciding", Words("Share of the larvae", "Part des larves"), 81.5, "%",
                   True),
        ),
        "proofs": (
            Proof("wells", Words("people expected to gain a place", "habitants qui devraient gagner une place"),
                  2841.0, 2841.0, 0.0, True, "proof", "people"),
            Proof("nets", Words("cost of the crew-days", "coût des journées"), 210_000.0, 190_000.0, 0.095, False,
                  "iterations", "FCFA"),
            Proof("latrines", Words("people who gain a cabin", "personnes qui gagnent une cabine"), 900.0, None, None,
                  False, "budget", "people"),
        ),
        "assumptions": (
            Assumption("wells.round_trip_min", Words("Longest round trip", "Plus long aller-retour"), "30", "min",
                       "scenario", "norm water.round_trip.basic", Words("Fewer served when shorter", "Moins servis")),
            Assumption("population", Words("People of each village", "Habitants par village"), word, "people",
                       "default", word),
        ),
        "norms": (
            NormCited("water.people_per_handpump", 300.0, "people", "Sphere Handbook", "2018", "p. 107", "seen"),
            NormCited("larvicide.dose", 0.44, "kg/ha", word, "", "", "unverified", word),
        ),
        "layers": (
            LayerUsed("villages", "villages", "villages.csv", "CC0-1.0", word, "2026-01-01", Origin.SIMULATED,
                      "ab" * 32, 25, 0, word),
            LayerUsed("water_points", "water_points", "water.csv", "ODbL-1.0", "OSM", "2026-01-01", Origin.OBSERVED,
                      "cd" * 32, 300, 4),
        ),
        "findings": (
            Finding("coordinate-swapped", Severity.REPAIR, word, "latitude 11 to 13", "Check the two columns.",
                    "Vérifiez les deux colonnes.", "water.csv", "line 7", "latitude"),
            Finding("status-unknown", Severity.NOTE, "41 points", "", "Visit them.", "Visitez-les.", "water.csv"),
        ),
    }


def make_plan(
    name: str = "baseline", names: Sequence[str] = PLACES, seed: int = 7, *, chosen: int = 30, wells: int = 300,
    homes: int = 2500, sites: int = 150, gain: float = 1.0, points: int = 300,
) -> Plan:
    """A plan the size of the teaching region; `names` are the village names, `chosen` the wells built."""
    random = np.random.default_rng(seed)
    villages = _villages(random, names, gain)
    rows: dict[str, pd.DataFrame] = {"villages": villages, "wells": _wells(random, villages, wells, chosen),
                                     "latrines": _latrines(random, villages, 60)}
    rows["net_points"], rows["net_households"] = _nets(random, villages, homes)
    rows["larviciding_sites"], rows["larviciding_visits"] = _larviciding(random, villages, sites)
    results = {key: _shape(key, table) for key, table in rows.items()}
    results["routes"], results["stops"] = _routes(villages)
    built = results["wells"].loc[lambda table: table["chosen"]]
    curve = tuple(Step(float(row.cumulative_cost_fcfa), float(row.cumulative_people), str(row.village))
                  for row in built.itertuples())
    return Plan(
        name=name, purpose=Words(f"The plan {names[0]} in one sentence.", f"Le plan {names[0]} en une phrase."),
        region="Ouélessébougou", frame=FRAME, season="dry", version="0.1.0", results=results,
        base=_base(random, villages, points), settings={"budget_fcfa": 90_000_000}, curves={"wells": curve},
        **_texts(names[0], results))


@pytest.fixture(params=range(len(HOSTILE)), ids=lambda index: f"hostile{index:02d}")
def hostile(request: pytest.FixtureRequest) -> str:
    """One hostile name: script, template, formula, direction marks, very long, emoji, N'Ko."""
    return HOSTILE[request.param]


@pytest.fixture(scope="session")
def hostile_names() -> tuple[str, ...]:
    """All 27 hostile names."""
    return HOSTILE


@pytest.fixture(scope="session")
def plan_maker() -> Callable[..., Plan]:
    """`make_plan`, for plans of another size, name or choice."""
    return make_plan


@pytest.fixture(scope="session")
def plan() -> Plan:
    """A plan the size of the teaching region, with ordinary names."""
    return make_plan()


@pytest.fixture(scope="session")
def hostile_plan() -> Plan:
    """The same with the 27 hostile texts as names and free text."""
    return make_plan(HOSTILE[6], HOSTILE)
