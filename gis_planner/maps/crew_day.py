"""One crew on one day as every route format draws it: where it starts, its stops in order, its line."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from gis_planner.maps import safe
from gis_planner.maps.rows import base_table, result_table
from gis_planner.maps.words import programme_word, unit_word
from gis_planner.tables.plan import Plan, Words
from gis_planner.tables.vocabulary import dose_word

Place = tuple[float, float]
"""(longitude, latitude) in degrees."""

COLOURS = ("0072B2", "D55E00", "009E73", "CC79A7", "882255", "117733", "332288", "8C510A")
"""Colours of crew-days (Okabe and Ito 2008, Tol 2021), none of them that of a stream or a road."""

_PLAIN_ID = re.compile(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*")
_STRAIGHT = Words("straight lines between stops, not the road", "lignes droites entre les arrêts, pas la route")
_SIMULATED = Words("SIMULATED DATA", "DONNÉES SIMULÉES")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop. arrive_min, leave_min: minutes after leaving the depot."""

    id: str
    order: int
    place_id: str
    name: str
    village_id: str
    village: str
    task: str
    quantity: float
    unit: str
    arrive_min: float
    leave_min: float
    leg_km: float
    at: Place


@dataclass(frozen=True, slots=True)
class CrewDay:
    """One row of `routes` with its stops in order. file: stem of its file names, unique whatever the letter case.

    lines: (longitude, latitude) along the day; straight from stop to stop when `drawn_straight`.
    """

    id: str
    file: str
    programme: str
    title: str
    crew_id: str
    vehicle_id: str
    day: int
    date: datetime.date | str | None
    repeats: int
    depot: Place
    depot_name: str
    stops: tuple[Stop, ...]
    lines: tuple[tuple[Place, ...], ...]
    drawn_straight: bool
    distance_km: float
    duration_min: float
    load: float
    load_unit: str
    cost_fcfa: float
    colour: str
    notes: tuple[str, ...]


def crew_days(plan: Plan, lang: str = "en") -> list[CrewDay]:
    """Every crew-day of the plan, sorted by id; empty when the plan has no `routes`."""
    routes, stops = result_table(plan, "routes"), result_table(plan, "stops")
    if routes is None:
        return []
    villages = _names(plan, "villages", "village_id")
    by_route: dict[str, list[Stop]] = {}
    for row in stops.to_dict("records") if stops is not None else ():
        by_route.setdefault(row["route_id"], []).append(_stop(row, villages, lang))
    depots = _names(plan, "depots", "depot_id")
    days = []
    stems = file_stems(routes["route_id"])
    for index, row in enumerate(routes.to_dict("records")):
        mine = tuple(sorted(by_route.get(row["route_id"], ()), key=lambda stop: (stop.order, stop.id)))
        colour = COLOURS[index % len(COLOURS)]
        days.append(_day(row, mine, depots, stems[row["route_id"]], colour, lang, simulated=plan.simulated))
    return days


def file_stems(ids: Iterable[str]) -> dict[str, str]:
    """A file name stem by id, all different whatever the letter case.

    An id of letters, digits, dashes and underscores is its own stem; any other, one that a system reserves, `all`
    (the file of every crew-day), or one that differs from another by case alone gets a slug with a hash.
    """
    known = list(ids)
    folded = Counter(item.casefold() for item in known)
    return {item: item if folded[item.casefold()] == 1 and _is_plain(item) else safe.slug(f"{item} ") for item in known}


def _is_plain(route_id: str) -> bool:
    dashed = route_id.casefold().replace("_", "-")
    return _PLAIN_ID.fullmatch(route_id) is not None and dashed != "all" and safe.slug(dashed) == dashed


def minutes(value: float) -> str:
    """Minutes as people say them: 45 min, 3 h 05."""
    whole = round(value)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d}"


def amount(quantity: float, unit: str, lang: str = "en") -> str:
    """A quantity with its unit: 120 nets; 1.35 kg (1,35 kg in French); 86 g for 0.086 kg."""
    if unit == "kg" and 0 < quantity < 1:
        quantity, unit = quantity * 1000, "g"
    text = f"{quantity:.0f}" if quantity >= 100 or float(quantity).is_integer() else f"{quantity:.3g}"
    return f"{text.replace('.', ',') if lang == 'fr' else text} {unit_word(unit, lang)}".strip()


def stop_amount(stop: Stop, lang: str) -> str:
    """What is given or used at a stop: a dose when it is weighed, else the number with its unit."""
    return dose_word(stop.quantity, lang) if stop.unit == "kg" else amount(stop.quantity, stop.unit, lang)


def _names(plan: Plan, kind: str, key: str) -> dict[str, str]:
    found = base_table(plan, kind)
    if found is None:
        return {}
    return {row[key]: row["name"] or row[key] for row in found.to_dict("records")}


def _stop(row: Mapping[Any, Any], villages: dict[str, str], lang: str) -> Stop:
    village = str(row["village_id"] or "")
    return Stop(
        id=str(row["stop_id"]), order=int(_number(row["order"])), place_id=str(row["place_id"]),
        name=str(row["name"] or row["place_id"]), village_id=village,
        village=villages.get(village, village),
        task=str(row["task_fr" if lang == "fr" else "task_en"] or ""),
        quantity=_number(row["quantity"]), unit=str(row["quantity_unit"] or ""),
        arrive_min=_number(row["arrive_min"]), leave_min=_number(row["leave_min"]), leg_km=_number(row["leg_km"]),
        at=(_number(row["longitude"]), _number(row["latitude"])),
    )


def _day(
    row: Mapping[Any, Any], stops: tuple[Stop, ...], depots: dict[str, str], stem: str, colour: str, lang: str, *,
    simulated: bool,
) -> CrewDay:
    route_id, programme = str(row["route_id"]), str(row["programme"])
    depot = _number(row["longitude"]), _number(row["latitude"])
    lines = _lines(row.get("geometry"))
    corners = sum(len(line) for line in lines)
    straight = corners <= len(stops) + 2
    notes = ((_SIMULATED.in_lang(lang),) if simulated else ()) + ((_STRAIGHT.in_lang(lang),) if straight else ())
    return CrewDay(
        id=route_id, file=stem, programme=programme,
        title=f"{programme_word(programme, lang)} · {route_id}",
        crew_id=str(row["crew_id"]), vehicle_id=str(row["vehicle_id"]), day=int(_number(row["day"])),
        date=row["date"] if isinstance(row["date"], (datetime.date, str)) else None,
        repeats=int(_number(row["repeats"])), depot=depot,
        depot_name=depots.get(str(row["depot_id"]), str(row["depot_id"])), stops=stops,
        lines=lines or ((depot, *(stop.at for stop in stops), depot),), drawn_straight=straight,
        distance_km=_number(row["distance_km"]), duration_min=_number(row["duration_min"]),
        load=_number(row["load"]), load_unit=str(row["load_unit"] or ""), cost_fcfa=_number(row["cost_fcfa"]),
        colour=colour, notes=notes,
    )


def _lines(geometry: object) -> tuple[tuple[Place, ...], ...]:
    """The parts of a line, coordinates to 0.1 m; empty when there is none."""
    if not isinstance(geometry, BaseGeometry) or geometry.is_empty:
        return ()
    parts = geometry.geoms if isinstance(geometry, MultiLineString) else (geometry,)
    return tuple(
        tuple((round(float(xy[0]), 6), round(float(xy[1]), 6)) for xy in part.coords)
        for part in parts if isinstance(part, LineString)
    )


def _number(value: object) -> float:
    return 0.0 if value is None else float(str(value))
