"""Canonical values made from several of their columns: one small function each, named in the adapters' TOML files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from gis_planner.layers.adapters.book import fold
from gis_planner.standards.book import load_book

Rule = Callable[[Sequence[str]], str]
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def wpdx_technology(cells: Sequence[str]) -> str:
    """Technology from WPdx's water_source_clean and water_tech_clean ("" when the source is not given)."""
    source, tech = fold(cells[0]), fold(cells[1]) if len(cells) > 1 else ""
    if "rainwater" in source:
        return "rainwater"
    if "spring" in source:
        return "open_spring" if "unprotected" in source or "undefined" in source else "protected_spring"
    if "surface" in source or source in {"river", "lake", "dam", "sand_or_sub_surface_dam"}:
        return "surface_water"
    if "piped" in source or "tapstand" in tech or "kiosk" in tech:
        return "borehole_tap"
    if "borehole" in source or "tubewell" in source:
        return "borehole_tap" if tech.startswith(("tap", "public_tap", "mechanized", "electric", "solar")) else (
            "borehole_handpump")
    if "well" in source:
        return "open_well" if "unprotected" in source or "undefined" in source else "protected_well"
    if not source:
        return "borehole_handpump" if tech.startswith("hand_pump") else ""
    return "other"


def _pair(cells: Sequence[str], place: int) -> str:
    for cell in cells:
        numbers = _NUMBER.findall(cell.strip().strip("[]"))
        if len(numbers) >= 2:
            return str(numbers[place])
    return ""


def latitude_of_pair(cells: Sequence[str]) -> str:
    """Latitude from `12.01 -7.92 352 4.8` or `[12.01, -7.92]`."""
    return _pair(cells, 0)


def longitude_of_pair(cells: Sequence[str]) -> str:
    """Longitude from `12.01 -7.92 352 4.8` or `[12.01, -7.92]`."""
    return _pair(cells, 1)


def always_yes(cells: Sequence[str]) -> str:
    """`yes` for every row of a register that lists successes only."""
    return "yes"


def latitude_of_lonlat(cells: Sequence[str]) -> str:
    """Latitude from `[-7.92, 12.01]`, as DHIS2 writes it."""
    return _pair(cells, 1)


def longitude_of_lonlat(cells: Sequence[str]) -> str:
    """Longitude from `[-7.92, 12.01]`, as DHIS2 writes it."""
    return _pair(cells, 0)


_ROAD = "travel.road_kmh."
_PAVED = frozenset({"paved", "asphalt", "concrete", "concrete_plates", "paving_stones", "sett", "chipseal"})
_ALL_YEAR = frozenset({"motorway", "trunk", "primary", "secondary"})


def osm_surface(cells: Sequence[str]) -> str:
    """`paved`, `unpaved` or nothing from OpenStreetMap's surface tag."""
    tag = cells[0].strip().casefold()
    return "" if not tag else "paved" if tag in _PAVED else "unpaved"


def osm_speed_kmh(cells: Sequence[str]) -> str:
    """Speed of a vehicle by OpenStreetMap class: the norm `travel.road_kmh.<class>`, an estimate."""
    norms = _road_norms()
    return f"{norms.get(cells[0].strip().removesuffix('_link'), norms['other']):g}"


@cache
def _road_norms() -> dict[str, float]:
    """km/h by OpenStreetMap class, from the book of norms that ships."""
    norms = load_book().norms
    return {name.removeprefix(_ROAD): norm.value for name, norm in norms.items() if name.startswith(_ROAD)}


def osm_passable_rainy(cells: Sequence[str]) -> str:
    """Whether vehicles pass in the rains: main classes and paved roads do; estimated."""
    highway, surface = cells[0].strip().removesuffix("_link"), cells[1].strip().casefold() if len(cells) > 1 else ""
    return "yes" if surface in _PAVED or highway in _ALL_YEAR else "no"


def osm_seasonal(cells: Sequence[str]) -> str:
    """Whether a stream is dry outside the rains, from the tags intermittent and seasonal."""
    said = [cell.strip().casefold() for cell in cells if cell.strip()]
    return "" if not said else "no" if all(word in {"no", "perennial"} for word in said) else "yes"


RULES: dict[str, Rule] = {
    rule.__name__: rule for rule in (
        wpdx_technology, latitude_of_pair, longitude_of_pair, latitude_of_lonlat, longitude_of_lonlat, always_yes,
        osm_surface, osm_speed_kmh, osm_passable_rainy, osm_seasonal,
    )
}
