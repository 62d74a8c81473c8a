"""The sheets of the atlas as plain values: what each says, and its map. The page template sets them on paper."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import segno

from gis_planner.maps import safe
from gis_planner.maps.atlas.chart import GROUND, TODAY, Chart, Item, Village, villages
from gis_planner.maps.atlas.ground import Ground
from gis_planner.maps.atlas.planned import Planned, chosen, elsewhere, planned_in
from gis_planner.maps.atlas.window import Window, window
from gis_planner.maps.atlas.words import decimal, say, whole
from gis_planner.maps.crew_day import CrewDay, Stop, amount, minutes, stop_amount
from gis_planner.maps.words import programme_word, unit_word, value_word

WIDTH_MM = 186.0
VILLAGE_SCALE = 10_000
"""Village maps are 1 to this, or smaller when what is planned lies farther out."""

_PAGE_MM = 266.0
PLAN_LAYERS = ("larviciding_sites", "latrines", "net_points", "wells")
_VILLAGE_MOST = 15_000
_INSET_MM = (86.0, 46.0)
_INSET_MORE_MM = 42.0
"""What the small map takes beyond the legend that stands beside it."""
_LEAST_MM = 58.0
_FIGURES = 10
_FAR = 30_000
_CLOSE = 3
_CLOSER_MM = (90.0, 66.0)
_CLOSER_MOST = 4
_MANY = 40
"""Places beyond this are drawn as marks on a map of the region: their numbers would cover each other."""
Values = dict[str, object]


def overview_sheet(ground: Ground, lang: str, width_mm: float = WIDTH_MM, height_mm: float = 152.0) -> Values:
    """The whole region: every village, what is planned, the decision in figures."""
    places = villages(ground)
    west, south, east, north = ground.plan.frame.as_tuple()
    within = [place for place in places if west <= place.longitude <= east and south <= place.latitude <= north]
    view = window([place.longitude for place in within] or [west, east],
                  [place.latitude for place in within] or [south, north], ground.plan.frame, width_mm, height_mm)
    chart = Chart(ground, view, lang)
    chart.layers(GROUND)
    chart.layers(("depots", *PLAN_LAYERS), keep_clear=True)
    chart.villages(size_pt=7.0)
    figures = [
        {"text": figure.label.in_lang(lang), "value": whole(figure.value, lang) if abs(figure.value) >= 100
         else decimal(figure.value, 1, lang), "unit": unit_word(figure.unit, lang)}
        for figure in ground.plan.figures if figure.headline
    ][:_FIGURES]
    return {"kind": "overview", "map": chart.finish(), "figures": figures,
            "purpose": safe.text(ground.plan.purpose.in_lang(lang))}


def village_sheet(
    ground: Ground, village: Village, days: Sequence[CrewDay], lang: str, *, width_mm: float = WIDTH_MM,
    height_mm: float | None = None, zoom: float = 1.0,
) -> Values:
    """One village: its situation, what is planned there with numbers on the map, and the crews that come."""
    items, visits = planned_in(ground, village.id, lang), _visits(village, days, lang)
    beside = elsewhere(ground, village.id, lang)
    height = height_mm or _map_height_mm(len(items), len(visits), len(beside), ground.style.notes_lines)
    view = _village_window(ground, village, items, width_mm, height, zoom)
    wide = zoom == 1.0 and any(not view.holds(*view.place(item.longitude, item.latitude)) for item in items)
    if wide:
        view = _village_window(ground, village, items, width_mm, max(height - _INSET_MORE_MM, _LEAST_MM), zoom)
    chart = Chart(ground, view, lang, zoom)
    chart.layers(GROUND)
    setback_m = _setback_m(ground) if any(item.table == "latrines" for item in items) else None
    if setback_m is not None:
        chart.rings("water_points", setback_m)
    chart.layers(TODAY)
    chart.villages(own=village.id)
    chart.named("schools")
    chart.named("health_posts")
    marks = [Item(str(number), item.longitude, item.latitude, colour(ground, item.table))
             for number, item in enumerate(items, start=1)]
    chart.items(marks)
    return {
        "kind": "village", "title": safe.text(village.name), "id": safe.text(village.id),
        "subtitle": _under_title(ground, village, lang), "qr": qr(village.latitude, village.longitude),
        "position": position(village.latitude, village.longitude), "situation": _situation(village, lang),
        "map": chart.finish(), "inset": _inset(ground, village, marks, lang) if wide else None,
        "items": [_item_values(ground, number, item, view, lang) for number, item in enumerate(items, start=1)],
        "visits": visits, "elsewhere": beside,
        "rule": say("setback", lang, m=decimal(setback_m, 0, lang)) if setback_m is not None else "",
    }


def _village_window(
    ground: Ground, village: Village, items: Sequence[Planned], width_mm: float, height_mm: float, zoom: float
) -> Window:
    """The village in the middle at 1:10,000, or somewhat smaller where that brings what is planned close by on it."""
    middle = village.longitude, village.latitude
    reach = window([], [], ground.plan.frame, width_mm, height_mm, least_scale=_VILLAGE_MOST / zoom, centre=middle)
    near = [item for item in items if item.table != "larviciding_sites"
            and reach.holds(*reach.place(item.longitude, item.latitude))]
    return window([item.longitude for item in near], [item.latitude for item in near], ground.plan.frame, width_mm,
                  height_mm, least_scale=VILLAGE_SCALE / zoom, centre=middle)


def _inset(ground: Ground, village: Village, marks: Sequence[Item], lang: str) -> Values:
    """A small map that holds everything planned for a village, with the numbers of its sheet."""
    view = window([village.longitude, *(mark.longitude for mark in marks)],
                  [village.latitude, *(mark.latitude for mark in marks)], ground.plan.frame, *_INSET_MM)
    chart = Chart(ground, view, lang, 0.75)
    chart.layers(GROUND)
    chart.villages(own=village.id, size_pt=7.0)
    chart.items(marks)
    return chart.finish()


def crew_day_sheet(
    ground: Ground, day: CrewDay, lang: str, *, width_mm: float = WIDTH_MM, height_mm: float = 112.0, zoom: float = 1.0
) -> Values:
    """One crew on one day: a map that holds every stop, and the stops in order with boxes to tick."""
    clusters = _clusters(day)
    if zoom == 1.0:
        height_mm -= 8.8 * max(ground.style.notes_lines - 2, 0)
    view = _day_window(ground, day, width_mm, height_mm * (0.75 if clusters else 1.0))
    closer = []
    if view.scale >= _FAR and zoom == 1.0:
        closer = [{"title": say("closer", lang, name=safe.text(name)), "map": _closer_map(ground, day, stops, lang)}
                  for name, stops in clusters]
    else:
        view = _day_window(ground, day, width_mm, height_mm)
    return {
        "kind": "crew_day", "title": safe.text(day.id), "subtitle": programme_word(day.programme, lang),
        "facts": [{"head": head, "text": safe.text(text)} for head, text in _day_facts(day, lang)],
        "map": _day_map(ground, day, view, lang, zoom), "closer": closer,
        "stops": [_stop_values(stop, lang) for stop in day.stops],
        "straight": say("straight", lang) if day.drawn_straight else "",
        "end": minutes(day.duration_min), "depot": safe.text(day.depot_name),
        "qr": qr(day.depot[1], day.depot[0]), "position": position(day.depot[1], day.depot[0]),
    }


def _day_window(ground: Ground, day: CrewDay, width_mm: float, height_mm: float) -> Window:
    """The map that holds the depot, every stop and the whole way."""
    places = [day.depot, *(stop.at for stop in day.stops), *(at for line in day.lines for at in line)]
    return window([at[0] for at in places], [at[1] for at in places], ground.plan.frame, width_mm, height_mm)


def _day_map(ground: Ground, day: CrewDay, view: Window, lang: str, zoom: float = 1.0) -> Values:
    chart = Chart(ground, view, lang, zoom)
    chart.layers(GROUND)
    chart.way(day)
    chart.layers(("depots",), keep_clear=True)
    chart.named("depots")
    names = [_named_once(day.stops, at) for at in range(len(day.stops))]
    chart.items([Item(str(stop.order), stop.at[0], stop.at[1], f"#{day.colour}", name)
                 for stop, name in zip(day.stops, names, strict=True)])
    chart.villages(size_pt=6.5, unnamed=names)
    return chart.finish()


def _clusters(day: CrewDay) -> list[tuple[str, list[Stop]]]:
    """Stops of one village that lie close together, three or more: what the map of the whole day cannot show."""
    by_village: dict[str, list[Stop]] = {}
    for stop in day.stops:
        by_village.setdefault(stop.village or stop.name, []).append(stop)
    return [(name, stops) for name, stops in by_village.items() if len(stops) >= _CLOSE][:_CLOSER_MOST]


def _closer_map(ground: Ground, day: CrewDay, stops: Sequence[Stop], lang: str) -> Values:
    view = window([stop.at[0] for stop in stops], [stop.at[1] for stop in stops], ground.plan.frame, *_CLOSER_MM)
    chart = Chart(ground, view, lang)
    chart.layers(GROUND)
    chart.way(day)
    chart.items([Item(str(stop.order), stop.at[0], stop.at[1], f"#{day.colour}") for stop in day.stops])
    chart.villages(size_pt=7.0)
    return chart.finish()


def latrine_sheet(ground: Ground, lang: str, width_mm: float = WIDTH_MM, height_mm: float = 120.0) -> Values | None:
    """Where latrines go: every place chosen, with the distance to keep from water; None when none is chosen."""
    rows = chosen(ground, "latrines", lang)
    if not rows:
        return None
    view = window([item.longitude for _, item in rows], [item.latitude for _, item in rows], ground.plan.frame,
                  width_mm, height_mm, least_scale=VILLAGE_SCALE)
    chart = Chart(ground, view, lang)
    chart.layers(GROUND)
    setback_m = _setback_m(ground)
    if setback_m is not None:
        chart.rings("water_points", setback_m)
    chart.layers(("water_working", "water_not_working", "water_unknown"))
    if len(rows) <= _MANY:
        look = colour(ground, "latrines")
        chart.items([Item(str(number), item.longitude, item.latitude, look)
                     for number, (_, item) in enumerate(rows, start=1)])
    else:
        chart.layers(("latrines",))
    chart.villages(size_pt=7.0)
    return {
        "kind": "latrines", "map": chart.finish(),
        "rule": say("setback", lang, m=decimal(setback_m, 0, lang)) if setback_m is not None else "",
        "rows": [{
            "number": number, "id": safe.text(item.id), "village": safe.text(row["village"]),
            "group": value_word(row["group_kind"], lang), "people": whole(row["people"], lang),
            "cabins": whole(row["toilets_planned"], lang), "water_m": whole(row["nearest_water_point_m"], lang),
            "cost": whole(item.cost_fcfa, lang), "position": position(item.latitude, item.longitude),
        } for number, (row, item) in enumerate(rows, start=1)],
    }


def position(latitude: float, longitude: float) -> str:
    """Latitude and longitude with five decimals (1 m), zeros kept."""
    return f"{latitude:.5f}, {longitude:.5f}"


def qr(latitude: float, longitude: float) -> str:
    """A QR code (model 2, level M) of a `geo:` address (RFC 5870), as SVG."""
    code = segno.make(f"geo:{latitude:.6f},{longitude:.6f}", error="m", micro=False)
    return code.svg_inline(scale=1, border=2, svgclass=None, lineclass=None)


def colour(ground: Ground, layer: str) -> str:
    """The colour of a layer of the style."""
    return ground.style.layer(layer).colour


def _map_height_mm(items: int, visits: int, texts: int, notes_lines: int) -> float:
    """Height of a village's map that lets its sheet end on one page with its notes; the usual one when none does."""
    usual, least = 102.0, 66.0
    room = _PAGE_MM - 98.0 - 8.8 * notes_lines - 7.9 * items - 8.0 * texts - (9.0 + 5.0 * visits if visits else 0.0)
    return min(usual, room) if room >= least else usual


def _under_title(ground: Ground, village: Village, lang: str) -> str:
    kinds = [row["kind"] for row in ground.base("villages", village_id=village.id)]
    parts = [say("camp" if "camp" in kinds else "village", lang)]
    parts += [say("commune", lang, name=village.commune)] if village.commune else []
    parts += [f"{whole(village.people, lang)} {say('people', lang)}", safe.text(village.id)]
    return " · ".join(parts)


def _situation(village: Village, lang: str) -> list[dict[str, str]]:
    """Who has water today and after: number, words; empty when the plan does not plan water."""
    if not village.service:
        return []
    return [{"value": whole(village.service[key], lang), "text": say(key, lang)}
            for key in ("served_today", "over_capacity", "out_of_reach", "served_after")]


def _item_values(ground: Ground, number: int, item: Planned, view: Window, lang: str) -> Values:
    return {
        "number": str(number), "colour": colour(ground, item.table), "what": item.what, "id": safe.text(item.id),
        "detail": safe.text(item.detail), "cost": whole(item.cost_fcfa, lang),
        "position": position(item.latitude, item.longitude),
        "off": not view.holds(*view.place(item.longitude, item.latitude)),
    }


def _visits(village: Village, days: Sequence[CrewDay], lang: str) -> list[dict[str, str]]:
    found = []
    for day in days:
        mine = [stop for stop in day.stops if stop.village_id == village.id]
        if mine:
            tasks = list(dict.fromkeys(stop.task for stop in mine if stop.task))
            task = safe.text(tasks[0]) if len(tasks) == 1 else f"{len(mine)} {unit_word('stops', lang)}"
            found.append({"route": safe.text(day.id), "when": _when(day, lang), "task": task})
    return found


def _when(day: CrewDay, lang: str) -> str:
    date = date_text(day.date, lang)
    if day.repeats > 1:
        return say("repeats", lang, n=day.repeats, date=date) if date else say("repeats_undated", lang, n=day.repeats)
    return date or say("day_n", lang, n=day.day)


def date_text(date: datetime.date | str | None, lang: str) -> str:
    """A date as people write it: 2026-07-31, 31/07/2026 in French."""
    if isinstance(date, datetime.date):
        return date.strftime("%d/%m/%Y") if lang == "fr" else date.isoformat()
    return date or ""


def _day_facts(day: CrewDay, lang: str) -> list[tuple[str, str]]:
    return [
        (say("date", lang), _when(day, lang)), (say("crew", lang), day.crew_id),
        (say("vehicle", lang), value_word(day.vehicle_id, lang)), (say("depot", lang), day.depot_name),
        (say("load", lang), amount(day.load, day.load_unit, lang)),
        (say("distance", lang), f"{decimal(day.distance_km, 1, lang)} km"),
        (say("duration", lang), minutes(day.duration_min)),
    ]


def _stop_values(stop: Stop, lang: str) -> Values:
    return {
        "number": str(stop.order), "name": safe.text(stop.name),
        "village": "" if stop.village.casefold() in stop.name.casefold() else safe.text(stop.village),
        "task": safe.text(stop.task), "quantity": stop_amount(stop, lang),
        "arrive": minutes(stop.arrive_min), "leave": minutes(stop.leave_min), "km": decimal(stop.leg_km, 1, lang),
        "position": position(stop.at[1], stop.at[0]),
    }


def _named_once(stops: Sequence[Stop], at: int) -> str:
    """A stop's name on the map; empty when an earlier stop has the same, so that a village is not written ten times."""
    name = stops[at].village or stops[at].name
    return "" if any((stop.village or stop.name) == name for stop in stops[:at]) else name


def _setback_m(ground: Ground) -> float | None:
    """The distance between latrine and water point that the plan kept, in metres."""
    for item in ground.plan.assumptions:
        if item.key == "latrines.setback_water_m":
            try:
                return float(item.value)
            except ValueError:
                return None
    return None
