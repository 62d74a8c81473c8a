"""The road graph: noding, speeds by class and season, closures, one-way, islands; the matrix and its ways."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.spatial import travel
from gis_planner.spatial.network import Graph, OverGround

UTM = "EPSG:32629"


def roads(*rows, crs=UTM):
    """A table of roads from (coordinates, columns) pairs."""
    columns = [{"road_id": f"R{i + 1}", "speed_kmh": 36.0} | more for i, (_, more) in enumerate(rows)]
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString(line) for line, _ in rows], crs=crs)


def minutes(table, places, **options):
    """Minutes between places over the roads; legs off the road at 3.6 km/h (1 m/s) and no direct ways."""
    of_roads = ("season", "speeds_kmh", "season_factor", "closed")
    kind = {key: options.pop(key) for key in list(options) if key in of_roads}
    graph = Graph.from_roads(table, **kind)
    return graph.matrix(places, off_road_kmh=3.6, **({"direct_m": 0} | options))


def test_way_over_two_roads_and_two_legs():
    """The time is the legs' walk plus the road at its speed, and the way is drawn through both corners."""
    table = roads(([(0, 0), (1000, 0)], {}), ([(1000, 0), (1000, 500)], {"speed_kmh": 18.0}))
    found = minutes(table, [(0, 60), (1060, 500)])
    # 60 m at 1 m/s, 1000 m at 10 m/s, 500 m at 5 m/s, 60 m at 1 m/s
    assert found.duration_s[0, 1] == pytest.approx(60 + 100 + 100 + 60)
    assert found.distance_m[0, 1] == pytest.approx(60 + 1000 + 500 + 60)
    assert list(found.path(0, 1).coords) == [(0, 60), (0, 0), (1000, 0), (1000, 500), (1060, 500)]
    assert found.path(0, 0) is None
    assert (np.diag(found.duration_s) == 0).all()


def test_place_joins_the_road_between_its_ends():
    """A leg meets the road at its nearest point, not at its nearest end."""
    found = minutes(roads(([(0, 0), (1000, 0)], {})), [(300, 10), (700, 0)])
    # 10 m walked, 400 m at 10 m/s
    assert found.duration_s[0, 1] == pytest.approx(10 + 40)
    assert found.distance_m[0, 1] == pytest.approx(410)
    assert list(found.path(1, 0).coords) == [(700, 0), (300, 0), (300, 10)]


def test_straight_walk_is_taken_when_quicker():
    """Two places near one another walk straight when the road is the longer way."""
    table = roads(([(0, 0), (5000, 0), (5000, 10_000), (0, 10_000)], {}))
    found = minutes(table, [(0, 0), (0, 10_000), (2000, 5000), (2300, 5000)], direct_m=np.inf)
    # 300 m straight at 1 m/s; the road is 2700 m away. By road 20 km at 10 m/s = 2000 s against 10,000 s straight
    assert found.duration_s[2, 3] == pytest.approx(300)
    assert found.duration_s[0, 1] == pytest.approx(2000)
    assert found.direct[2, 3]
    assert not found.direct[0, 1]
    assert list(found.path(2, 3).coords) == [(2000, 5000), (2300, 5000)]


def test_roads_join_at_shared_vertices_and_bridges_do_not():
    """Lines join where they share a vertex; a crossing without one joins nothing."""
    across = [(500, -500), (500, 0), (500, 500)]
    joined = Graph.from_roads(roads(([(0, 0), (500, 0), (1000, 0)], {}), (across, {})))
    apart = Graph.from_roads(roads(([(0, 0), (1000, 0)], {}), ([(500, -500), (500, 500)], {})))
    assert len(joined.tail) == 4
    assert joined.islands() == []
    assert apart.islands() == [["R1"]] or apart.islands() == [["R2"]]


def test_ends_within_the_tolerance_are_one_node():
    """Ends nearer than the tolerance join, at a vertex or on the side of a road; farther ones do not."""
    near = roads(([(0, 0), (500, 0), (1000, 0)], {}), ([(500.6, 0.2), (500, 400)], {}),
                 ([(250.2, 0.7), (250, 300)], {}))
    assert Graph.from_roads(near).islands() == []
    assert len(Graph.from_roads(near, snap_m=0.1).islands()) == 2


def test_islands_are_listed_by_road():
    """A network in pieces names the roads of each island, in a note for the planner."""
    table = roads(([(0, 0), (900, 0)], {}), ([(0, 500), (300, 500)], {"road_id": "piste de Sido"}),
                  ([(300, 500), (500, 500)], {"road_id": "R9"}))
    graph = Graph.from_roads(table)
    assert graph.islands() == [["R9", "piste de Sido"]]
    (finding,) = graph.findings()
    assert finding.code == "road-island"
    assert "piste de Sido" in finding.sentence()
    apart = minutes(table, [(0, 0), (500, 500), (0, 500)])
    # the nearest road lies at the places themselves, so legs go at most 2 * 0 + 200 m; the main road is 500 m away
    assert np.isinf(apart.duration_s[0, 1])
    assert apart.duration_s[1, 2] == pytest.approx(50)


def test_one_way_closed_and_rainy_roads():
    """One-way roads are driven one way, closed ids and impassable roads in the rainy season not at all."""
    table = roads(([(0, 0), (1000, 0)], {"oneway": "yes", "passable_rainy": 1}),
                  ([(0, 0), (0, 1000), (1000, 1000), (1000, 0)], {"oneway": None, "passable_rainy": 0}))
    ends = [(0, 0), (1000, 0)]
    dry = minutes(table, ends).duration_s
    # 1000 m and 3000 m at 10 m/s
    assert dry[0, 1] == pytest.approx(100)
    assert dry[1, 0] == pytest.approx(300)
    rainy = minutes(table, ends, season="rainy").duration_s
    assert rainy[0, 1] == pytest.approx(100)
    assert np.isinf(rainy[1, 0])
    assert minutes(table, ends, closed=["R1"]).duration_s[0, 1] == pytest.approx(300)
    backward = table.assign(oneway=["-1", None])
    assert minutes(backward, ends).duration_s[0, 1] == pytest.approx(300)


def test_speed_comes_from_the_road_then_its_class_times_the_season():
    """A road without a speed has that of its class; the season's factor multiplies, and 0 shuts."""
    table = roads(([(0, 0), (1000, 0)], {"speed_kmh": None, "highway": "track"}))
    ends = [(0, 0), (1000, 0)]
    assert minutes(table, ends, speeds_kmh={"track": 18.0}).duration_s[0, 1] == pytest.approx(200)
    slow = minutes(table, ends, speeds_kmh={"track": 18.0}, season_factor={"track": 0.5})
    assert slow.duration_s[0, 1] == pytest.approx(400)
    shut = minutes(table, ends, speeds_kmh={"track": 18.0}, season_factor={"track": 0.0})
    assert np.isinf(shut.duration_s[0, 1])


@settings(deadline=None, derandomize=True, max_examples=10)
@given(seed=st.integers(0, 1000))
def test_matrix_is_symmetric_and_rows_may_come_in_any_order(seed):
    """On two-way roads times are symmetric, never above the straight walk, and follow the order of the places."""
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 5000, (12, 2))
    lines = [([corners[a], corners[b]], {"speed_kmh": float(rng.uniform(5, 60))})
             for a, b in rng.integers(0, 12, (25, 2)) if a != b]
    places = rng.uniform(0, 5000, (8, 2))
    found = minutes(roads(*lines), places, direct_m=np.inf)
    time = found.duration_s
    np.testing.assert_allclose(time, time.T)
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert (time <= apart + 1e-9).all()
    for i, j in ((0, 1), (3, 5)):
        if found.path(i, j) is not None:
            assert found.path(i, j).length == pytest.approx(found.distance_m[i, j])
    order = rng.permutation(8)
    np.testing.assert_allclose(minutes(roads(*lines), places[order], direct_m=np.inf).duration_s, time[order][:, order])


def test_limit_leaves_longer_ways_out():
    """Ways longer than the limit are not there."""
    table = roads(([(0, 0), (600, 0), (6000, 0)], {}))
    found = minutes(table, [(0, 0), (600, 0), (6000, 0)], limit_min=2)
    # 600 m at 10 m/s is 1 min, 6000 m is 10 min
    np.testing.assert_array_equal(np.isfinite(found.duration_s[0]), [True, True, False])


def test_ways_as_a_table():
    """The ways of asked pairs are a table in the graph's CRS, ready to draw."""
    table = minutes(roads(([(0, 0), (1000, 0)], {})), [(0, 0), (1000, 0)]).paths([(0, 1), (1, 1)])
    assert list(table.columns) == ["origin", "destination", "duration_min", "distance_m", "geometry"]
    assert len(table) == 1
    assert table.crs == UTM
    assert table.geometry.iloc[0].length == pytest.approx(1000)


LINE = ([(0, 0), (1000, 0)], {})


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        (roads(LINE, crs="EPSG:4326"), {}, "crs-not-metric"),
        (roads(LINE).set_crs(None, allow_override=True), {}, "crs-missing"),
        (roads(LINE).iloc[:0], {}, "roads-empty"),
        (roads(LINE).assign(speed_kmh=-5), {}, "[road-speed] R1"),
        (roads(LINE).assign(speed_kmh=None, highway="trak"), {"speeds_kmh": {"track": 20}}, "Did you mean track?"),
        (roads((LINE[0], {"road_id": "Piste 1"})), {"closed": ["piste 2"]}, "Did you mean Piste 1?"),
        (roads(LINE), {"season": "wet"}, "dry or rainy"),
        (roads(LINE), {"snap_m": -1}, "metres, 0 or more"),
    ],
)
def test_bad_roads_are_refused_by_name(table, options, words):
    """Roads in degrees, without lines, speeds or with unknown ids are refused, each by name."""
    with pytest.raises(Refused) as caught:
        Graph.from_roads(table, **options)
    assert words in str(caught.value)


def test_bad_places_are_refused():
    """Places in another CRS or without numbers, and a walking speed of 0, are refused."""
    graph = Graph.from_roads(roads(LINE))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326")
    bad = ((points, 4, "crs-differs"), ([(np.nan, 0)], 4, "places"), ([(0, 0)], 0, "off-road-speed"))
    for places, speed, code in bad:
        with pytest.raises(Refused, match=code):
            graph.matrix(places, off_road_kmh=speed)


def test_good_roads_of_the_shared_files(shared):
    """The well-formed road layer makes a graph in which the rainy season shuts roads."""
    table = gpd.read_file(shared / "hostile" / "good" / "roads.geojson").to_crs(UTM)
    dry, rainy = Graph.from_roads(table), Graph.from_roads(table, season="rainy")
    shut = table["passable_rainy"].eq(0).sum()
    assert np.isfinite(dry.forth_s).all()
    assert np.isinf(rainy.forth_s).sum() >= shut > 0


def test_legs_over_the_ground_go_around_the_stream_and_feel_the_slope():
    """Off the road the legs follow the surface: around a barrier, slower uphill than down, and drawn that way."""
    speed = np.full((60, 60), 3.6)
    speed[30, :50] = np.nan
    height = np.repeat(np.arange(60)[::-1, None] * 2.0, 60, axis=1)
    how = {"transform": Affine(10, 0, 0, 0, -10, 600), "cell_m": 10, "limit_min": 60}
    graph = Graph.from_roads(roads(([(0, 555), (600, 555)], {})))
    # the place lies in row 50, below the stream of row 30; the road in row 4; both in column 10
    places = [(105, 95), (105, 555)]
    flat = graph.matrix(places, ground=OverGround(speed, **how), direct_m=0)
    surface = travel.travel_time(speed, [[50, 10]], cell_m=10)
    best = min(surface[4, c] * 60 + abs(c - 10) * 10 / 10 for c in range(60))
    # the leg meets the road where the road comes nearest (column 10), so it cannot be quicker than the best way
    assert best - 1e-3 <= flat.duration_s[0, 1] == pytest.approx(surface[4, 10] * 60, rel=1e-5)
    way = flat.path(0, 1)
    assert way.bounds[2] > 500
    hills = graph.matrix(places, ground=OverGround(speed, elevation_m=height, **how), direct_m=0)
    assert hills.duration_s[0, 1] > flat.duration_s[0, 1] > 0
    assert hills.duration_s[0, 1] > hills.duration_s[1, 0]
    direct = graph.matrix(places, ground=OverGround(speed, **how))
    assert direct.duration_s[0, 1] <= flat.duration_s[0, 1] + 1e-9


def test_off_road_needs_one_of_speed_and_ground():
    """Neither or both of a walking speed and a ground is refused; so is a place on a barrier of the ground."""
    graph = Graph.from_roads(roads(LINE))
    ground = OverGround(np.array([[np.nan, 5.0]]), Affine(10, 0, 0, 0, -10, 5), 10, 30)
    for options in ({}, {"off_road_kmh": 4, "ground": ground}):
        with pytest.raises(Refused, match="off-road"):
            graph.matrix([(0, 0)], **options)
    with pytest.raises(Refused, match="source-on-barrier"):
        graph.matrix([(5, 0)], ground=ground)
    with pytest.raises(Refused, match="limit"):
        OverGround(np.ones((2, 2)), Affine(10, 0, 0, 0, -10, 5), 10, np.inf)
