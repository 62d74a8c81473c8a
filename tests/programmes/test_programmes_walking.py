"""Walks: straight lines with a detour, and over the ground with slope, land cover, streams, bridges and fords."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from shapely.geometry import LineString
from tiny_world import X0, Y0, MakeWorld, lines, points, raster, village

from gis_planner.programmes.walking import Walking
from gis_planner.programmes.world import World
from gis_planner.tables.layer import Layer

HOME = np.array([[X0 + 15.0, Y0 - 1515.0]])
WELL = np.array([[X0 + 3015.0, Y0 - 1515.0]])
"""Two places in the middles of cells, 3,000 m (100 cells) apart on one row."""


def flat(cover: float = 50.0, height: Any = 350.0, cells: tuple[int, int] = (101, 110)) -> tuple[Layer, Layer]:
    """Ground of one land-cover class (50: between houses, the speed of a path) and height."""
    return raster("elevation", np.broadcast_to(height, cells)), raster("land_cover", np.full(cells, cover))


def walk(world: World, limit_min: float = 1000.0) -> tuple[float, float]:
    """Minutes there and back between HOME and WELL; nan when there is no way within the limit."""
    trips = world.walking.trips(HOME, WELL, limit_min)
    there, back = trips.there_min.toarray(), trips.back_min.toarray()
    return (float(there[0, 0]), float(back[0, 0])) if there[0, 0] else (math.nan, math.nan)


def across(*, seasonal: bool) -> Layer:
    """A stream from north to south, half way between HOME and WELL."""
    return lines("streams", [{"stream_id": "s", "seasonal": seasonal,
                              "geometry": LineString([(1515, 100), (1515, -4000)])}])


def road(*, bridge: bool, passable: bool) -> Layer:
    """A track from HOME to WELL."""
    return lines("roads", [{"road_id": "r", "highway": "track", "speed_kmh": 25.0, "bridge": bridge,
                            "passable_rainy": passable, "geometry": LineString([(0, -1515), (3100, -1515)])}])


def test_straight_walks_go_empty_and_come_back_loaded() -> None:
    """1 km with a detour of 1.2 takes 14.4 min at 5 km/h there and 18 min at 4 km/h back: 32.4 within, 32.3 not."""
    walking = Walking(speed_kmh=4, empty_kmh=5, detour=1.2)
    one, other = np.array([[X0, Y0]]), np.array([[X0 + 1000, Y0]])
    trips = walking.trips(one, other, 32.4)
    assert trips.there_min.toarray().tolist() == [[14.4]]
    assert trips.back_min.toarray().tolist() == [[18.0]]
    assert walking.trips(one, other, 32.3).there_min.nnz == 0


def test_level_ground_of_houses_is_walked_at_the_speed_of_a_path(make_world: MakeWorld) -> None:
    """3,000 m at 4 km/h are 45 min each way."""
    world = make_world(points("villages", [village("a", 10, 15, -1515)]), *flat())
    assert walk(world) == (pytest.approx(45, abs=0.01), pytest.approx(45, abs=0.01))
    assert not world.notes


def test_fields_slow_the_walk_and_a_path_through_them_does_not(make_world: MakeWorld) -> None:
    """Across fields (0.8 of the speed of a path) the same way takes 56.25 min, on a track 45."""
    home = points("villages", [village("a", 10, 15, -1515)])
    assert walk(make_world(home, *flat(40.0)))[0] == pytest.approx(56.25, abs=0.01)
    assert walk(make_world(home, *flat(40.0), road(bridge=False, passable=True)))[0] == pytest.approx(45, abs=0.01)


def test_the_way_back_uphill_takes_longer(make_world: MakeWorld) -> None:
    """Down a slope of 10 % to the water is as fast as level ground by Tobler, back up 1 / exp(-0.35) times as long."""
    height = 900.0 - 3.0 * np.arange(110)[None, :]  # 3 m lower in each cell of 30 m towards the east
    there, back = walk(make_world(points("villages", [village("a", 10, 15, -1515)]), *flat(height=height)))
    # Tobler: exp(-3.5 |s + 0.05|) over its value at 0: s = -0.1 gives exp(-0.175 + 0.175) = 1, s = 0.1 exp(-0.35)
    assert there == pytest.approx(45, abs=0.01)
    assert back == pytest.approx(45 / math.exp(-0.35), abs=0.02)


@pytest.mark.parametrize(("season", "seasonal", "open_way"), [
    ("dry", True, True), ("dry", False, False), ("rainy", True, False), ("rainy", False, False)])
def test_a_stream_with_water_is_a_wall(make_world: MakeWorld, season: str, seasonal: bool, open_way: bool) -> None:
    """Seasonal streams are walls in the rains only, permanent ones all year."""
    world = make_world(points("villages", [village("a", 10, 15, -1515)]), *flat(), across(seasonal=seasonal),
                       season=season)
    assert math.isnan(walk(world)[0]) is not open_way


@pytest.mark.parametrize(("bridge", "passable", "open_way"), [(True, False, True), (False, True, True),
                                                              (False, False, False)])
def test_bridges_and_fords_lead_through_the_rains(
    make_world: MakeWorld, bridge: bool, passable: bool, open_way: bool
) -> None:
    """In the rains a bridge, or a track that vehicles pass, crosses a stream; a track that is shut does not."""
    world = make_world(points("villages", [village("a", 10, 15, -1515)]), *flat(), across(seasonal=True),
                       road(bridge=bridge, passable=passable), season="rainy")
    assert math.isnan(walk(world)[0]) is not open_way


def test_a_ford_is_slower_than_a_bridge(make_world: MakeWorld) -> None:
    """Wading costs time: the way over a ford is longer than that over a bridge."""
    home = points("villages", [village("a", 10, 15, -1515)])
    over, through = (walk(make_world(home, *flat(), across(seasonal=True), road(bridge=bridge, passable=True),
                                     season="rainy"))[0] for bridge in (True, False))
    assert through > over == pytest.approx(45, abs=0.01)


def test_without_elevation_or_land_cover_straight_lines_are_used_and_said(make_world: MakeWorld) -> None:
    """The note names the layer that lacks and what straight lines hide."""
    elevation, _ = flat()
    world = make_world(points("villages", [village("a", 10, 15, -1515)]), elevation)
    assert walk(world)[0] == pytest.approx(45, abs=0.01)
    assert [note.code for note in world.notes] == ["walks-straight"]
    assert "no layer land_cover" in world.notes[0].found
    assert "streams" in world.notes[0].remedy


def test_nets_measure_the_same_walk_in_metres_of_a_level_path(make_world: MakeWorld) -> None:
    """A walk of 56.25 min through fields counts as 3,750 m of a path at 4 km/h."""
    world = make_world(points("villages", [village("a", 10, 15, -1515)]), *flat(40.0))
    assert world.walking.ways_m(HOME, WELL, 5000).toarray()[0, 0] == pytest.approx(3750, abs=1)
    assert world.walking.ways_m(HOME, WELL, 3700).nnz == 0
