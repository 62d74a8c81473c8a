"""The fixture that builds the tiny world of `tiny_world.py`."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_world import MakeWorld, region

from gis_planner.programmes.people import PeopleSettings
from gis_planner.programmes.walking import TravelSettings
from gis_planner.programmes.world import World, build_world
from gis_planner.standards.book import load_book
from gis_planner.tables.layer import Layer


@pytest.fixture
def make_world() -> MakeWorld:
    """Build a world from layers; walking 4 km/h without detour unless stated."""

    def make(*layers: Layer, season: Any = "dry", people: PeopleSettings | None = None, effort: float = 0.1) -> World:
        travel = TravelSettings(walk_speed_kmh=4, walk_empty_kmh=4, detour_factor=1, rainy_detour_factor=2)
        return build_world(region(*layers), season=season, people=people or PeopleSettings(), travel=travel,
                           book=load_book(), seed=1, effort=effort)

    return make
