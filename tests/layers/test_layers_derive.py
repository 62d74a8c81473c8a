"""Values made from several of a partner's columns."""

from __future__ import annotations

import pytest

from gis_planner.layers.adapters.derive import osm_speed_kmh
from gis_planner.standards.book import load_book


@pytest.mark.parametrize(("tag", "norm"), [
    ("tertiary", "travel.road_kmh.tertiary"), (" primary_link", "travel.road_kmh.primary"),
    ("raceway", "travel.road_kmh.other"),
])
def test_road_speeds_are_norms(tag: str, norm: str) -> None:
    """The speed of an OpenStreetMap road class is a norm; a class without one takes `other`."""
    assert float(osm_speed_kmh([tag])) == load_book().norm(norm).value
