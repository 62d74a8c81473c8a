"""One printed map put together: layers, numbered places, names that do not collide, scale bar, edges, legend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import shapely

from gis_planner.crs import STORE
from gis_planner.maps import safe
from gis_planner.maps.atlas.ground import Ground, Row
from gis_planner.maps.atlas.labels import Name, place_names, shortened
from gis_planner.maps.atlas.marks import MM_PER_PX, arrows, layer_svg, mark, numbered, path, svg, visible
from gis_planner.maps.atlas.window import Window, scale_bar, ticks
from gis_planner.maps.atlas.words import say, whole
from gis_planner.maps.crew_day import CrewDay
from gis_planner.maps.rows import natural
from gis_planner.maps.style import LayerStyle, Style
from gis_planner.maps.words import layer_word

Box = tuple[float, float, float, float]

GROUND = ("communes", "zones", "streams", "roads", "roads_cut")
TODAY = ("water_working", "water_not_working", "water_unknown", "schools", "health_posts", "depots")
DISC_MM = 4.6
_NAME_MM = 42.0


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered place of a map. name: written beside it when there is room; empty for none."""

    number: str
    longitude: float
    latitude: float
    colour: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the plan. service: its row of the result table `villages`; empty when there is none."""

    id: str
    name: str
    longitude: float
    latitude: float
    people: float
    commune: str
    service: Row


@dataclass
class Chart:
    """A map being put together for one window. zoom: marks and names are drawn this much larger than on A4."""

    ground: Ground
    view: Window
    lang: str
    zoom: float = 1.0
    parts: list[str] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    numbers: list[dict[str, object]] = field(default_factory=list)
    seen: list[LayerStyle] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def layers(self, keys: Iterable[str], *, keep_clear: bool = False) -> None:
        """Draw layers of the style, from the ground up; only those with something in the window enter the legend.

        keep_clear: no name is written over their marks.
        """
        for key in keys:
            look = self.ground.style.layer(key)
            drawn = layer_svg(self.view, self.ground.shapes(key), look, self.ground.style)
            if drawn:
                self.parts.append(drawn)
                self.seen.append(look)
            if drawn and keep_clear:
                half = look.size * MM_PER_PX / 2
                at = self.view.to_mm(shapely.get_coordinates(visible(self.view, self.ground.shapes(key))))
                self.taken += [(x - half, y - half, x + half, y + half) for x, y in at]

    def villages(self, *, own: str = "", size_pt: float = 8.0, unnamed: Iterable[str] = ()) -> None:
        """A dot and a name for every village in the window, larger villages first; `own` is bold and before all.

        unnamed: names that the map shows already.
        """
        shown = set(unnamed)
        look = self.ground.style.layer("villages")
        box = self.view.degrees()
        for village in villages(self.ground):
            if not box.holds(village.longitude, village.latitude):
                continue
            x, y = self.view.place(village.longitude, village.latitude)
            if not self.view.holds(x, y):
                continue
            mine = village.id == own
            self.parts.append(mark(x, y, look, self.ground.style, size_mm=1.8 * self.zoom))
            if village.name in shown:
                continue
            self._name(village.name, (x, y), 0.9, size_pt + (2 if mine else 0), 1e9 if mine else village.people, mine)
        self.seen.append(look)

    def named(self, kind: str) -> None:
        """The names of an input layer's places (schools, health posts, depots), when they have one."""
        box = self.view.degrees()
        for row in self.ground.base(kind):
            if not box.holds(row["geometry"].x, row["geometry"].y):
                continue
            x, y = self.view.place(row["geometry"].x, row["geometry"].y)
            if row["name"] and self.view.holds(x, y):
                self._name(row["name"], (x, y), 1.4, 7.0, -1.0)

    def way(self, day: CrewDay, width_mm: float = 0.8) -> None:
        """The line of a crew-day, with arrow heads in the direction of travel."""
        lines = gpd.GeoSeries([shapely.LineString(line) for line in day.lines if len(line) > 1], crs=STORE)
        shapes = visible(self.view, self.ground.metric(lines))
        colour, dash = f"#{day.colour}", "14 8" if day.drawn_straight else ""
        self.parts.append(path(self.view, shapes, colour, width_mm * self.zoom, dash))
        for line in shapely.get_parts(shapes):
            self.parts.append(arrows(self.view.to_mm(shapely.get_coordinates(line)), colour))

    def rings(self, kind: str, radius_m: float) -> None:
        """A red ring of `radius_m` around each place of an input layer."""
        radius = radius_m * self.view.mm_per_m
        if radius < 0.4:
            return
        for x, y in self.view.to_mm(shapely.get_coordinates(visible(self.view, self.ground.places(kind)))):
            self.parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="#c0392b"'
                              ' fill-opacity="0.12" stroke="#c0392b" stroke-width="0.25"/>')

    def items(self, items: Sequence[Item], size_pt: float = 7.0) -> None:
        """Numbered discs, moved aside with a thin leader where they would cover each other, and their names."""
        size = DISC_MM * self.zoom
        places = [self.view.place(item.longitude, item.latitude) for item in items]
        spots = spread(places, size, self.view.width_mm, self.view.height_mm)
        for item, place, spot in zip(items, places, spots, strict=True):
            if not self.view.holds(*place):
                continue
            if math.dist(place, spot) > 0.1:
                self.parts.append(f'<path d="M{place[0]:.2f} {place[1]:.2f}L{spot[0]:.2f} {spot[1]:.2f}"'
                                  f' stroke="{item.colour}" stroke-width="0.3" fill="none"/>')
                self.parts.append(numbered(place[0], place[1], item.colour, 1.2))
            self.parts.append(numbered(spot[0], spot[1], item.colour, size))
            self.numbers.append({"x": spot[0], "y": spot[1], "text": item.number,
                                 "size": (7.5 if len(item.number) < 3 else 6.0) * self.zoom})
            self.taken.append((spot[0] - size / 2, spot[1] - size / 2, spot[0] + size / 2, spot[1] + size / 2))
            if item.name:
                self._name(item.name, spot, DISC_MM / 2, size_pt, 1e6 - len(self.names))

    def _name(
        self, text: str, at: tuple[float, float], radius_mm: float, size_pt: float, weight: float, bold: bool = False
    ) -> None:
        size = size_pt * self.zoom
        short = shortened(safe.text(text), _NAME_MM * self.zoom, size, bold=bold)
        self.names.append(Name(short, at[0], at[1], radius_mm * self.zoom, size, weight, bold))

    def finish(self, *, extra: Sequence[tuple[str, str]] = ()) -> dict[str, object]:
        """The map as plain values for the page: picture, names, numbers, furniture and legend."""
        length, bar_mm = scale_bar(self.view)
        furniture = [(0.0, self.view.height_mm - 9 * self.zoom, bar_mm + 8, self.view.height_mm),
                     (self.view.width_mm - 10 * self.zoom, 0.0, self.view.width_mm, 13 * self.zoom)]
        placed = place_names(self.names, self.view.width_mm, self.view.height_mm, [*self.taken, *furniture])
        lower, left = ticks(self.view)
        bar = f"{length} m" if length < 1000 else f"{length / 1000:g} km"
        return {
            "svg": svg(self.view, self.parts), "width": self.view.width_mm, "height": self.view.height_mm,
            "names": [{"x": spot.x_mm, "y": spot.y_mm, "text": spot.name.text, "size": spot.name.size_pt,
                       "bold": spot.name.bold} for spot in placed],
            "numbers": self.numbers, "left_out": len(self.names) - len(placed),
            "bar": {"mm": bar_mm, "text": bar.replace(".", ",") if self.lang == "fr" else bar},
            "scale": say("scale", self.lang, scale=whole(self.view.scale, self.lang)), "north": say("north", self.lang),
            "lower": lower, "left": left, "zoom": self.zoom,
            "legend": [{"svg": _sample(look, self.ground.style), "text": layer_word(look.key, self.lang)}
                       for look in self.seen] + [{"svg": picture, "text": text} for picture, text in extra],
        }


def villages(ground: Ground) -> list[Village]:
    """Every village of the plan by id: from the result table, and from the input layer those that it lacks."""
    found = {
        row["village_id"]: Village(row["village_id"], row["village"], row["longitude"], row["latitude"],
                                   float(row["people"]), row["commune"] or "", row)
        for row in ground.rows("villages")
    }
    for row in ground.base("villages"):
        found.setdefault(row["village_id"], Village(
            row["village_id"], row["name"], row["geometry"].x, row["geometry"].y, float(row["population"]),
            row["commune"] or "", {}))
    return [found[key] for key in sorted(found, key=natural)]


def spread(
    places: Sequence[tuple[float, float]], size_mm: float, width_mm: float, height_mm: float
) -> list[tuple[float, float]]:
    """Where discs of `size_mm` go so that none covers another: at their place, or on the nearest free ring."""
    done: list[tuple[float, float]] = []
    half = size_mm / 2
    for x, y in places:
        found = (x, y)
        for ring in range(9):
            angles = [0.0] if ring == 0 else [step * math.tau / (8 + 4 * ring) - math.pi / 4
                                              for step in range(8 + 4 * ring)]
            spots = ((x + math.cos(angle) * ring * size_mm * 0.75, y + math.sin(angle) * ring * size_mm * 0.75)
                     for angle in angles)
            free = next((spot for spot in spots if half <= spot[0] <= width_mm - half
                         and half <= spot[1] <= height_mm - half
                         and all(math.dist(spot, other) >= size_mm * 0.98 for other in done)), None)
            if free is not None:
                found = free
                break
        done.append(found)
    return done


def _sample(look: LayerStyle, style: Style) -> str:
    """The look of a layer as a small picture for the legend, 6 by 4 mm."""
    dash = f' stroke-dasharray="{" ".join(f"{float(step) * 0.2:g}" for step in look.dash.split())}"'
    if look.kind in {"point", "dots"}:
        drawn = mark(3, 2, look, style, size_mm=2.0 if look.kind == "dots" else min(max(look.size * 0.2, 2.4), 3.6))
    elif look.kind == "line":
        drawn = (f'<path d="M0.3 2H5.7" stroke="{look.colour}" stroke-width="{max(look.width * 0.2, 0.3):g}"'
                 f'{dash if look.dash else ""}/>')
    else:
        drawn = (f'<rect x="0.5" y="0.6" width="5" height="2.8" fill="{look.colour}" fill-opacity="{look.fill:g}"'
                 f' stroke="{look.colour}" stroke-width="0.3"{dash if look.dash else ""}/>')
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="6mm" height="4mm" viewBox="0 0 6 4">'
            f"{drawn}</svg>")
