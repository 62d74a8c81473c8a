"""Speeds of the ground: classes, roads, walls without leaks, bridges and fords, seasons, loads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.spatial import speeds, travel

UTM = "EPSG:32629"
GRID = Affine(10, 0, 0, 0, -10, 400)


def lines(*shapes, **columns):
    """A table of lines in the grid's CRS."""
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString(shape) for shape in shapes], crs=UTM)


def surface(**layers):
    """A plain of 40 x 40 cells of 10 m at 4 km/h with the layers drawn on it."""
    return speeds.surface(np.full((40, 40), 4.0), transform=GRID, crs=UTM, **layers)


def test_land_cover_takes_the_speed_of_its_class():
    """Each cell has its class's speed; masked cells and classes of speed 0 are closed or 0."""
    cover = np.ma.masked_equal([[1, 2], [3, -1]], -1)
    found = speeds.of_land_cover(cover, {1: 5.0, 2: 2.5, 3: 0})
    np.testing.assert_array_equal(found, np.array([[5, 2.5], [0, np.nan]], np.float32))


def test_roads_are_the_greatest_of_their_speeds_and_the_lands():
    """A road cell has the faster of its roads and of the land beside it."""
    table = lines([(0, 205), (400, 205)], [(205, 0), (205, 400)], [(0, 5), (400, 5)],
                  highway=["tertiary", "track", "path"])
    found = surface(roads=table, road_kmh={"tertiary": 40, "track": 15, "path": 1})
    assert found[19, 0] == 40
    assert found[19, 20] == 40
    assert found[0, 20] == 15
    assert found[39, 5] == 4
    own = surface(roads=table.assign(speed_kmh=[30, 20, None]), road_kmh={"path": 3})
    assert own[19, 0] == 30


@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_a_stream_is_a_wall(data):
    """A stream drawn from edge to edge parts the grid for 8 and 16 neighbours, through corners of cells too."""
    xs = np.linspace(-5, 405, 6)
    on_corners = st.sampled_from([10.0 * k for k in range(2, 38)])
    ys = data.draw(st.lists(st.one_of(on_corners, st.floats(15, 385)), min_size=6, max_size=6))
    found = surface(barriers=lines(list(zip(xs, ys, strict=True))))
    minutes = travel.travel_time(found, [[0, 0]], cell_m=10, neighbours=data.draw(st.sampled_from([8, 16])))
    assert np.isnan(minutes[39]).all()
    assert minutes[0, 39] > 0


@pytest.mark.parametrize("crossing", [shapely.Point(203, 203), shapely.LineString([(180, 230), (230, 180)])])
def test_a_bridge_opens_the_stream_and_a_ford_slows(crossing):
    """A crossing drawn as a point or a line opens the stream at its own speed."""
    stream = lines([(-5, -5), (405, 405)])
    over = gpd.GeoDataFrame(geometry=[crossing], crs=UTM)
    times = []
    for kmh in (4.0, 0.5):
        found = surface(barriers=stream, crossings=over, crossing_kmh=kmh)
        minutes = travel.travel_time(found, [[0, 0]], cell_m=10)
        assert minutes[39, 39] > 0
        times.append(minutes[39, 39])
    assert times[1] > times[0]
    assert np.isnan(travel.travel_time(surface(barriers=stream), [[0, 0]], cell_m=10)[39, 39])


def test_a_road_is_cut_by_a_stream_unless_it_has_a_bridge():
    """A stream cuts a road whose bridge is 0 and lets one through whose bridge is 1."""
    stream, road = lines([(-5, 203), (405, 203)]), [(203, 0), (203, 400)]
    for bridge in (0, 1):
        found = surface(barriers=stream, roads=lines(road, speed_kmh=[30.0], bridge=[bridge]))
        minutes = travel.travel_time(found, [[0, 20]], cell_m=10, mode="motor")
        assert np.isfinite(minutes[39, 20]) == bool(bridge)


def test_gaps_are_sealed_both_ways():
    """Corners that touch on either diagonal are joined, and a whole wall stays as it is."""
    np.testing.assert_array_equal(speeds.sealed(np.eye(3, dtype=bool)), [[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    np.testing.assert_array_equal(speeds.sealed(np.eye(3, dtype=bool)[::-1]), [[0, 1, 1], [1, 1, 0], [1, 0, 0]])
    np.testing.assert_array_equal(speeds.sealed(np.ones((2, 2), bool)), np.ones((2, 2)))


def test_season_slows_and_closes_classes():
    """The rainy season multiplies the speeds of a class; a factor of 0 closes it."""
    found = speeds.in_season([[4.0, 4.0, 4.0]], [[1, 2, 3]], {2: 0.5, 3: 0})
    np.testing.assert_array_equal(found, np.array([[4, 2, np.nan]], np.float32))


def test_load_slows_by_pandolfs_equation():
    """20 kg on 60 kg at 4.5 km/h is walked at the speed whose effort is the same; no load changes nothing."""
    # 1.5 * 60 * 1.25**2 = 140.625 W; minus 2 * 80 * (1/3)**2 = 17.778; over 1.5 * 80: 1.02373; root 1.01179 m/s
    assert speeds.with_load(4.5, load_kg=20, body_kg=60) == pytest.approx(3.6 * 1.01179, rel=1e-4)
    assert speeds.with_load(4.5, load_kg=0, body_kg=60) == pytest.approx(4.5)
    assert speeds.with_load(1.0, load_kg=60, body_kg=60) == 0
    assert np.isnan(speeds.with_load(np.nan, load_kg=5, body_kg=60))


STREAM = lines([(0, 0), (400, 400)])


@pytest.mark.parametrize(("call", "words"), [
    (lambda: speeds.of_land_cover([[1, 7], [7, 1]], {1: 4}), "class 7: 2 cells"),
    (lambda: speeds.of_land_cover([[1]], {1: -4}), "0 closes"),
    (lambda: surface(barriers=STREAM.to_crs("EPSG:4326")), "crs-differs"),
    (lambda: surface(barriers=STREAM, crossings=STREAM), "crossing-speed"),
    (lambda: surface(roads=STREAM.assign(highway="trak"), road_kmh={"track": 20}), "Did you mean track?"),
    (lambda: surface(roads=STREAM), "class (none)"),
    (lambda: speeds.surface([[-1.0]], transform=GRID, crs=UTM), "land-speed"),
    (lambda: speeds.in_season([[1.0]], [[1, 2]], {}), "grids-differ"),
    (lambda: speeds.in_season([[1.0]], [[1]], {1: -1}), "speed-wrong"),
    (lambda: speeds.with_load(4, load_kg=-1, body_kg=60), "load"),
])
def test_bad_ground_is_refused(call, words):
    """Classes without a speed, wrong speeds, other CRS and crossings without a speed are refused by name."""
    with pytest.raises(Refused) as caught:
        call()
    assert words in str(caught.value)
