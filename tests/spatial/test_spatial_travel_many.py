"""Candidates in batches, capacity, the surface's matrix and ways, and cells from rasters."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.spatial import travel

sys.path.insert(0, str(Path(__file__).parent))
import travel_reference as reference


def country(seed, shape=(150, 170)):
    """Walking speeds with barriers, hills, people and open cells to stand on."""
    rng = np.random.default_rng(seed)
    speed = rng.uniform(1, 5, shape).astype(np.float32)
    speed[rng.random(shape) < 0.1] = 0
    hills = (rng.normal(0, 1, shape).cumsum(0).cumsum(1) / 20).astype(np.float32)
    people = rng.poisson(0.4, shape).astype(np.float32)
    return speed, hills, people, np.argwhere(speed > 0)


@settings(deadline=None, derandomize=True, max_examples=8)
@given(seed=st.integers(0, 10_000), neighbours=st.sampled_from([8, 16]), towards=st.booleans(),
       limit=st.sampled_from([0.0, 3.0, 12.0, 500.0]), road=st.booleans())
def test_people_within_are_those_of_the_full_surface(seed, neighbours, towards, limit, road):
    """Each candidate of a batch has the people of its own full surface within the limit."""
    speed, hills, people, open_cells = country(seed)
    if road:
        speed[70] = 80.0
    rng = np.random.default_rng(seed)
    candidates = open_cells[rng.choice(len(open_cells), 12, replace=False)]
    how = {"cell_m": 30, "elevation_m": hills, "neighbours": neighbours, "towards": towards}
    found = travel.people_within(speed, candidates, people, limit, threads=2, **how)
    for candidate, sum_ in zip(candidates, found, strict=True):
        minutes = travel.travel_time(speed, candidate[None], **how)
        assert sum_ == pytest.approx(people[minutes <= np.float32(limit)].sum(dtype=float), abs=1e-6)


def test_people_at_exactly_the_limit_are_within():
    """A cell at exactly the limit counts, the next does not."""
    # 6 km/h: 1 min for 100 m; within 5 min: 5 cells each way and the candidate's own
    assert travel.people_within(np.full((1, 50), 6.0), [[0, 20]], np.ones((1, 50)), 5, cell_m=100)[0] == 11


def test_people_missing_count_as_none():
    """A cell without a value has no people."""
    people = np.array([[1.0, np.nan, 2.0]])
    assert travel.people_within(np.full((1, 3), 6.0), [[0, 0]], people, 5, cell_m=100)[0] == 3


@settings(deadline=None, derandomize=True, max_examples=8)
@given(seed=st.integers(0, 10_000), towards=st.booleans())
def test_capacity_serves_the_nearest_first_and_keeps_everybody(seed, towards):
    """Nobody is lost, no source exceeds its capacity, and the last one with room leaves nobody within its limit."""
    speed, hills, people, open_cells = country(seed, (40, 50))
    rng = np.random.default_rng(seed)
    sources = open_cells[rng.choice(len(open_cells), 4, replace=False)]
    capacity = rng.uniform(0, 250, 4)
    how = {"cell_m": 30, "elevation_m": hills, "towards": towards}
    served, left = travel.catchments_by_capacity(speed, sources, people, capacity, limit_min=8, **how)
    assert served.sum() + left.sum() == pytest.approx(people.sum(dtype=float), abs=1e-6)
    assert (served <= capacity + 1e-9).all()
    assert (left >= 0).all()
    assert (left <= people).all()
    minutes = travel.travel_time(speed, sources[-1:], **how)
    if served[-1] < capacity[-1] - 1e-9:
        # the last source still has room: within its limit nobody is left
        assert left[minutes <= 8].sum() == 0


def test_capacity_splits_the_last_cell():
    """The cell in which a source fills up is served in part."""
    served, left = travel.catchments_by_capacity(
        np.full((1, 5), 6.0), [[0, 0], [0, 4]], np.full((1, 5), 10.0), [25, 100], cell_m=100, limit_min=9)
    np.testing.assert_array_equal(served, [25, 25])
    np.testing.assert_array_equal(left, np.zeros((1, 5)))
    served, left = travel.catchments_by_capacity(
        np.full((1, 5), 6.0), [[0, 0]], np.full((1, 5), 10.0), [25], cell_m=100, limit_min=9)
    np.testing.assert_array_equal(left, [[0, 0, 5, 10, 10]])


@pytest.mark.parametrize("neighbours", [8, 16])
def test_surface_matrix_equals_the_surfaces_and_its_ways_cost_what_it_says(neighbours):
    """Each entry is the surface's time, and the steps of its way add up to that time and length."""
    speed, hills, _, open_cells = country(3, (60, 70))
    places = open_cells[np.random.default_rng(3).choice(len(open_cells), 6, replace=False)]
    found = travel.matrix_over_surface(speed, places, cell_m=30, elevation_m=hills, neighbours=neighbours,
                                       transform=Affine(30, 0, 1000, 0, -30, 5000), crs="EPSG:32629")
    theirs = reference.minutes(speed, places, cell_m=30, elevation_m=hills, law=reference.tobler,
                               neighbours=neighbours)[:, places[:, 0], places[:, 1]]
    np.testing.assert_allclose(found.duration_s, theirs * 60, rtol=1e-6, atol=1e-5)
    network = reference.graph(speed, 30, hills, reference.tobler, neighbours)
    for i in range(6):
        for j in range(6):
            way = found.cells(i, j)
            assert way[0].tolist() == places[i].tolist()
            assert way[-1].tolist() == places[j].tolist()
            number = way[:, 0] * 70 + way[:, 1]
            seconds = sum(network[a, b] for a, b in pairwise(number))
            assert seconds == pytest.approx(found.duration_s[i, j], rel=1e-6, abs=1e-5)
            if i != j:
                line = found.path(i, j)
                assert line.length == pytest.approx(found.distance_m[i, j])
                # the centre of the place's cell: x = 1000 + 30 (column + 1/2), y = 5000 - 30 (row + 1/2)
                assert line.coords[0] == (1015 + 30 * places[i, 1], 4985 - 30 * places[i, 0])
    table = found.paths()
    assert len(table) == 30
    assert table.crs == "EPSG:32629"


def test_surface_matrix_without_a_way_is_infinite():
    """Places cut off by a wall, or beyond the limit, have no time, no distance and no way."""
    speed = np.full((3, 9), 6.0)
    speed[:, 4] = 0
    found = travel.matrix_over_surface(speed, [[1, 0], [1, 3], [1, 8]], cell_m=100, limit_min=2)
    # 3 min to the second place, limit 2; the third is behind the wall
    assert np.isinf(found.duration_s[0, 1:]).all()
    assert np.isinf(found.distance_m[0, 1:]).all()
    assert found.path(0, 2) is None
    assert found.paths().empty


def test_cell_size_of_metric_rotated_and_geographic_rasters():
    """Sides come from the transform: plain, turned as a whole, rectangular, and degrees row by row."""
    assert travel.cell_size(Affine(30, 0, 5, 0, -30, 7), "EPSG:32629", (9, 9)) == 30
    assert travel.cell_size(Affine.rotation(20) @ Affine.scale(30, -30), "EPSG:32629", (9, 9)) == pytest.approx(30)
    assert travel.cell_size(Affine(20, 0, 5, 0, -30, 7), "EPSG:32629", (9, 9)) == (30, 20)
    # US survey feet: 0.3048006 m
    assert travel.cell_size(Affine(100, 0, 5, 0, -100, 7), "EPSG:2264", (9, 9)) == pytest.approx(30.48006)
    tall, widths = travel.cell_size(Affine(0.01, 0, -8, 0, -0.01, 12.0), "EPSG:4326", (100, 5))
    # WGS 84 near 11.5 N: one degree is 110.62 km of latitude and 111.32 cos(11.5) = 109.1 km of longitude
    assert tall == pytest.approx(1106.2, abs=0.5)
    assert widths[50] == pytest.approx(1091, abs=1)
    assert (np.diff(widths) > 0).all()


@pytest.mark.parametrize(("transform", "crs"), [
    (Affine(30, 9, 0, 0, -30, 0), "EPSG:32629"),
    (Affine.rotation(20) @ Affine.scale(0.01, -0.01), "EPSG:4326"),
    (Affine(30, 0, 0, 0, -30, 0), None),
])
def test_cell_size_refuses_what_has_no_right_angles_or_crs(transform, crs):
    """Sheared grids, turned degrees and rasters without a CRS are refused."""
    with pytest.raises(Refused, match="grid-geometry"):
        travel.cell_size(transform, crs, (9, 9))


def test_cells_of_points():
    """Points fall into the cell that holds them, also in a turned grid."""
    assert travel.cells_of([[31, -1], [-1, 5]], Affine(30, 0, 0, 0, -30, 0)).tolist() == [[0, 1], [-1, -1]]
    turned = Affine.rotation(30) @ Affine.scale(30, -30)
    middle = turned * (4.5, 7.5)
    assert travel.cells_of([middle], turned).tolist() == [[7, 4]]


def test_sources_on_barriers_are_moved_only_so_far():
    """A closed cell moves to the nearest open one within the distance allowed; farther ones are named."""
    speed = np.zeros((5, 5))
    speed[2, 3] = speed[0, 0] = 5
    cells, moved = travel.snap_to_open([[2, 2], [0, 0]], speed, most_cells=1)
    assert cells.tolist() == [[2, 3], [0, 0]]
    assert moved.tolist() == [1, 0]
    with pytest.raises(Refused, match=r"\[1\] far from any"):
        travel.snap_to_open([[2, 2], [4, 0]], speed, most_cells=1)


@pytest.mark.parametrize(("call", "code"), [
    (lambda s: travel.people_within(s, [[0, 0]], -s, 5, cell_m=9), "people"),
    (lambda s: travel.people_within(s, [[0, 0]], s[:2], 5, cell_m=9), "people"),
    (lambda s: travel.people_within(s, [[0, 0]], s, np.inf, cell_m=9), "limit"),
    (lambda s: travel.people_within(s, [[9, 0]], s, 5, cell_m=9), "source-outside"),
    (lambda s: travel.catchments_by_capacity(s, [[0, 0]], s, [1, 2], cell_m=9, limit_min=5), "capacity"),
    (lambda s: travel.catchments_by_capacity(s, [[0, 0]], -s, [1], cell_m=9, limit_min=5), "people"),
])
def test_bad_batches_are_refused(call, code):
    """Negative or unaligned people, endless limits, outside candidates and wrong capacities are refused."""
    with pytest.raises(Refused, match=rf"\[{code}\]"):
        call(np.full((4, 4), 5.0))


@settings(deadline=None, derandomize=True, max_examples=8)
@given(seed=st.integers(0, 10_000), towards=st.booleans(), limit=st.sampled_from([0.0, 6.0, 25.0]))
def test_sparse_times_are_those_of_the_surfaces(seed, towards, limit):
    """The sparse matrix holds the surface's minutes of every pair within the limit and no other pair."""
    speed, hills, _, open_cells = country(seed)
    rng = np.random.default_rng(seed)
    origins = open_cells[rng.choice(len(open_cells), 7, replace=False)]
    destinations = np.concatenate([open_cells[rng.choice(len(open_cells), 40)], origins[:2]])
    how = {"cell_m": 30, "elevation_m": hills, "towards": towards}
    found = travel.times_within(speed, origins, destinations, limit, **how)
    assert found.shape == (7, 42)
    assert found.has_canonical_format
    for i in range(7):
        minutes = travel.travel_time(speed, origins[i : i + 1], **how)[destinations[:, 0], destinations[:, 1]]
        near = np.flatnonzero(minutes <= np.float32(limit))
        here = slice(found.indptr[i], found.indptr[i + 1])
        np.testing.assert_array_equal(found.indices[here], near)
        np.testing.assert_array_equal(found.data[here].astype(np.float32), minutes[near])
