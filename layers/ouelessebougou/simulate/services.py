"""Schools, health posts and latrines."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.ouelessebougou.simulate.place import Floats, facts, random, to_degrees, to_metres, town_xy
from layers.ouelessebougou.simulate.settlements import Settlement, Waters

PUPILS_SHARE = 0.17
MORE_SCHOOLS, HEALTH_POSTS, COMMUNAL = 5, 6, 8


def _near(centre: Floats, low_m: float, high_m: float, waters: Waters, draw: np.random.Generator) -> Floats:
    while True:
        bearing = draw.uniform(0, 2 * np.pi)
        xy = centre + draw.uniform(low_m, high_m) * np.array([np.cos(bearing), np.sin(bearing)])
        if waters.distance_m(xy)[0] > 60:
            return np.asarray(xy)


def schools(places: list[Settlement], waters: Waters) -> list[dict[str, Any]]:
    """The partner schools, and a few more; enrolment is simulated."""
    draw = random("schools")
    partner = {village["id"] for village in facts()["village"] if village["partner_school"]}
    others = [place.id for place in places if place.row["kind"] == "village" and place.id not in partner]
    chosen = partner | set(draw.choice(others, MORE_SCHOOLS, replace=False).tolist())
    rows: list[dict[str, Any]] = []
    for place in places:
        if place.id not in chosen:
            continue
        pupils = int(place.row["population"] * PUPILS_SHARE * draw.uniform(0.8, 1.25))
        girls = round(pupils * (facts()["school"]["girls_share"] + draw.normal(0, 0.03)))
        longitude, latitude = to_degrees(_near(place.centre, 180, 380, waters, draw))[0]
        rows.append({"school_id": f"SC{len(rows) + 1:02d}", "name": f"École de {place.row['name']}", "girls": girls,
                     "boys": pupils - girls, "staff": 3 + pupils // 45, "village_id": place.id,
                     "longitude": longitude, "latitude": latitude})
    return rows


def health_posts(places: list[Settlement], waters: Waters) -> list[dict[str, Any]]:
    """The hospital of the town and posts in villages (which villages is simulated)."""
    draw = random("health posts")
    villages = [place for place in places if place.row["kind"] == "village"]
    centre = _near(np.asarray(town_xy()), 300, 600, waters, draw)
    spots = [("Hôpital de Ouélessébougou", centre)]
    chosen = sorted(draw.choice(len(villages), HEALTH_POSTS, replace=False).tolist())
    spots += [(f"Poste de santé de {villages[i].row['name']}", _near(villages[i].centre, 100, 300, waters, draw))
              for i in chosen]
    rows: list[dict[str, Any]] = []
    for number, (name, xy) in enumerate(spots, start=1):
        longitude, latitude = to_degrees(xy)[0]
        rows.append({"health_post_id": f"HP{number:02d}", "name": name, "longitude": longitude, "latitude": latitude})
    return rows


def latrines(places: list[Settlement], school_rows: list[dict[str, Any]], waters: Waters) -> list[dict[str, Any]]:
    """Pits behind some houses, blocks at schools, a few communal blocks, one full block in the first camp."""
    draw = random("latrines")
    found: list[tuple[str, int, str, str, Floats]] = []
    for place in places:
        if place.row["kind"] == "camp":
            continue
        share = draw.uniform(0.2, 0.7)
        for house in place.houses:
            if draw.random() < share:
                state = str(draw.choice(["usable", "full", "collapsed"], p=[0.74, 0.16, 0.10]))
                cabins = 2 if draw.random() < 0.08 else 1
                found.append(("household", cabins, state, place.id, _near(house, 8, 25, waters, draw)))
    by_id = {place.id: place for place in places}
    for row in school_rows:
        xy = _school_xy(row)
        for _ in range(int(draw.integers(1, 3))):
            cabins = int(draw.integers(1, 4))
            state = "usable" if draw.random() < 0.8 else "full"
            found.append(("school", cabins, state, row["village_id"], _near(xy, 20, 50, waters, draw)))
    villages = [place for place in places if place.row["kind"] == "village"]
    for number in sorted(draw.choice(len(villages), COMMUNAL, replace=False).tolist()):
        place = villages[number]
        found.append(("communal", 4, "usable" if draw.random() < 0.6 else "full", place.id,
                      _near(place.centre, 40, 160, waters, draw)))
    found.append(("camp", 2, "full", "CP01", _near(by_id["CP01"].centre, 40, 70, waters, draw)))
    rows: list[dict[str, Any]] = []
    for number, (kind, cabins, state, village_id, xy) in enumerate(found, start=1):
        longitude, latitude = to_degrees(xy)[0]
        rows.append({"latrine_id": f"LA{number:04d}", "kind": kind, "cabins": cabins, "state": state,
                     "village_id": village_id, "longitude": longitude, "latitude": latitude})
    return rows


def _school_xy(row: dict[str, Any]) -> Floats:
    return np.asarray(to_metres(row["longitude"], row["latitude"])[0])
