"""routes/*.kml: one KML 2.2 file per crew-day, and all of them together, for Google Earth and Organic Maps.

Points use the style names that Organic Maps knows (`placemark-blue`), defined here for every other reader.
Schema: OGC 07-147r2, KML 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence

from gis_planner.maps.crew_day import COLOURS, CrewDay, Place
from gis_planner.maps.gpx import day_text, depot_title, stop_text, stop_title
from gis_planner.maps.safe import xml

_PLACEMARKS = dict(zip(COLOURS, ("blue", "deeporange", "green", "pink", "purple", "teal", "deeppurple", "brown"),
                       strict=True))


def kml(days: Sequence[CrewDay], name: str, *, lang: str = "en") -> str:
    """The crew-days as the text of one KML file called `name`; with several, each in a folder of its own."""
    styles = "".join(_styles(colour) for colour in sorted({day.colour for day in days}))
    folders = "".join(
        f"<Folder><name>{xml(day.title)}</name><description>{xml(day_text(day, lang))}</description>\n"
        f"{_placemarks(day, lang)}</Folder>\n" for day in days
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
        f"<Document><name>{xml(name)}</name>\n{styles}{folders}</Document>\n</kml>\n"
    )


def _styles(colour: str) -> str:
    """A point style and a line style; KML writes colours as aabbggrr."""
    backwards = f"ff{colour[4:6]}{colour[2:4]}{colour[0:2]}".lower()
    return (
        f'<Style id="placemark-{_PLACEMARKS[colour]}"><IconStyle><color>{backwards}</color></IconStyle></Style>\n'
        f'<Style id="line-{_PLACEMARKS[colour]}"><LineStyle><color>{backwards}</color><width>4</width></LineStyle>'
        "</Style>\n"
    )


def _placemarks(day: CrewDay, lang: str) -> str:
    colour = _PLACEMARKS[day.colour]
    lines = "".join(
        f"<LineString><tessellate>1</tessellate><coordinates>{_coordinates(line)}</coordinates></LineString>"
        for line in day.lines
    )
    geometry = f"<MultiGeometry>{lines}</MultiGeometry>" if len(day.lines) > 1 else lines
    points = [(depot_title(day, lang), day_text(day, lang), day.depot)]
    points += [(stop_title(stop), stop_text(stop, lang), stop.at) for stop in day.stops]
    return "".join(
        f"<Placemark><name>{xml(name)}</name><description>{xml(text)}</description>"
        f"<styleUrl>#placemark-{colour}</styleUrl><Point><coordinates>{_coordinates([at])}</coordinates></Point>"
        "</Placemark>\n" for name, text, at in points
    ) + f"<Placemark><name>{xml(day.title)}</name><styleUrl>#line-{colour}</styleUrl>{geometry}</Placemark>\n"


def _coordinates(places: Sequence[Place]) -> str:
    return " ".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in places)
