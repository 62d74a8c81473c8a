"""routes/*.gpx: one GPX 1.1 file per crew-day, and all of them together, as OsmAnd, Organic Maps and Garmin open it.

A track for the way, a waypoint for the depot and for each stop in order; no route element beside the track, which
phones would draw twice. Colours are OsmAnd's extension, prefix `osmand:`, on each track and waypoint and never on the
whole file, where Organic Maps would give every track that colour.
Schema: Topografix GPX 1.1. Extension: OsmAnd's "osmand-gpx" technical page.
"""

from __future__ import annotations

from collections.abc import Sequence

from gis_planner.maps.crew_day import CrewDay, Place, Stop, amount, minutes, stop_amount
from gis_planner.maps.safe import xml
from gis_planner.tables.plan import Words

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="gis_planner" xmlns="http://www.topografix.com/GPX/1/1"'
    ' xmlns:osmand="https://osmand.net/docs/technical/osmand-file-formats/osmand-gpx">\n'
)
_DEPOT = Words("Depot", "Dépôt")
_STOP = Words("Stop", "Arrêt")


def gpx(days: Sequence[CrewDay], name: str, *, lang: str = "en") -> str:
    """The crew-days as the text of one GPX file called `name`; with several, waypoints carry their route's id."""
    several = len(days) > 1
    notes = "; ".join(dict.fromkeys(note for day in days for note in day.notes))
    parts = [_HEAD, f"<metadata><name>{xml(name)}</name>" + (f"<desc>{xml(notes)}</desc>" if notes else "")
             + "</metadata>\n"]
    for day in days:
        parts += _waypoints(day, lang, prefix=f"{day.id} · " if several else "")
    parts += [_track(day) for day in days]
    return "".join([*parts, "</gpx>\n"])


def stop_title(stop: Stop) -> str:
    """`3. Name (Village)`, the village left out when the name holds it."""
    where = f" ({stop.village})" if stop.village and stop.village.casefold() not in stop.name.casefold() else ""
    return f"{stop.order}. {stop.name}{where}"


def stop_text(stop: Stop, lang: str) -> str:
    """Task, quantity and time of a stop in one line."""
    parts = (stop.task, stop_amount(stop, lang), f"+{minutes(stop.arrive_min)}")
    return " · ".join(part for part in parts if part)


def depot_title(day: CrewDay, lang: str) -> str:
    """`Depot: name`."""
    return f"{_DEPOT.in_lang(lang)}{' ' if lang == 'fr' else ''}: {day.depot_name}"


def day_text(day: CrewDay, lang: str) -> str:
    """Length, duration and load of a crew-day in one line."""
    km = f"{day.distance_km:.1f} km"
    parts = (km.replace(".", ",") if lang == "fr" else km, minutes(day.duration_min),
             amount(day.load, day.load_unit, lang), *day.notes)
    return " · ".join(parts)


def _waypoints(day: CrewDay, lang: str, prefix: str) -> list[str]:
    return [
        _waypoint(day.depot, prefix + depot_title(day, lang), day_text(day, lang), _DEPOT.in_lang(lang), day.colour,
                  "special_building", "square"),
        *(
            _waypoint(stop.at, prefix + stop_title(stop), stop_text(stop, lang), _STOP.in_lang(lang), day.colour,
                      "special_marker", "circle") for stop in day.stops
        ),
    ]


def _waypoint(at: Place, name: str, text: str, group: str, colour: str, icon: str, background: str) -> str:
    return (
        f'<wpt lat="{at[1]:.6f}" lon="{at[0]:.6f}"><name>{xml(name)}</name><desc>{xml(text)}</desc>'
        f"<type>{xml(group)}</type><extensions><osmand:icon>{icon}</osmand:icon>"
        f"<osmand:background>{background}</osmand:background><osmand:color>#{colour}</osmand:color>"
        "</extensions></wpt>\n"
    )


def _track(day: CrewDay) -> str:
    segments = "".join(
        "<trkseg>" + "".join(f'<trkpt lat="{at[1]:.6f}" lon="{at[0]:.6f}"/>' for at in line) + "</trkseg>"
        for line in day.lines
    )
    return (
        f"<trk><name>{xml(day.title)}</name><type>{xml(day.programme)}</type><extensions>"
        f"<osmand:color>#{day.colour}</osmand:color><osmand:width>medium</osmand:width>"
        f"<osmand:show_arrows>true</osmand:show_arrows></extensions>{segments}</trk>\n"
    )
