"""Travel-time surfaces: analytic grounds, an independent graph, AccessMod's published figures, and what is refused."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.spatial import travel

sys.path.insert(0, str(Path(__file__).parent))
import travel_reference as reference


def rough(seed, shape=(70, 90), closed=0.15):
    """Speeds between 0.5 and 60 km/h with barriers, hills, and five sources on open cells."""
    rng = np.random.default_rng(seed)
    speed = np.exp(rng.uniform(np.log(0.5), np.log(60), shape)).astype(np.float32)
    speed[rng.random(shape) < closed] = np.nan
    hills = rng.normal(0, 3, shape).cumsum(0).cumsum(1).astype(np.float32) / 5
    open_cells = np.argwhere(speed > 0)
    return speed, hills, open_cells[rng.choice(len(open_cells), 5, replace=False)]


def assert_same_minutes(ours, theirs):
    """Assert equal minutes (a float32's rounding) and equal reach."""
    best = theirs.min(axis=0)
    np.testing.assert_array_equal(np.isnan(ours), np.isinf(best))
    np.testing.assert_allclose(ours[~np.isnan(ours)], best[np.isfinite(best)], rtol=2e-7, atol=1e-6)


@pytest.mark.parametrize("neighbours", [8, 16])
@pytest.mark.parametrize("towards", [False, True])
@pytest.mark.parametrize("gaps", ["open", "closed"])
def test_walking_over_hills_equals_a_graph_solved_by_dijkstra(neighbours, towards, gaps):
    """Walking times equal an independent shortest path over the same steps, out and back, at either gap rule."""
    speed, hills, sources = rough(1)
    ours = travel.travel_time(speed, sources, cell_m=30, elevation_m=hills, neighbours=neighbours, towards=towards,
                              diagonal_gaps=gaps, tile_cells=32)
    theirs = reference.minutes(speed, sources, cell_m=30, elevation_m=hills, law=reference.tobler,
                               neighbours=neighbours, towards=towards, closed_gaps=gaps == "closed")
    assert_same_minutes(ours, theirs)


@pytest.mark.parametrize("neighbours", [8, 16])
def test_motor_is_not_slowed_by_slope(neighbours):
    """Motor times with elevation equal an independent shortest path without it."""
    speed, hills, sources = rough(2)
    ours = travel.travel_time(speed, sources, cell_m=100, elevation_m=hills, mode="motor", neighbours=neighbours)
    assert_same_minutes(ours, reference.minutes(speed, sources, cell_m=100, neighbours=neighbours))


@settings(deadline=None, derandomize=True, max_examples=15)
@given(seed=st.integers(0, 10_000), closed=st.sampled_from([0.0, 0.3, 0.5]), tile=st.sampled_from([3, 7, 16, 40]))
def test_catchments_take_the_nearest_source_and_the_first_of_equals(seed, closed, tile):
    """Each cell is served by the source of least time, the lower number of equals, and tiles change no bit."""
    speed, hills, sources = rough(seed, (25, 31), closed)
    minutes, serving = travel.catchments(speed, sources, cell_m=50, elevation_m=hills, tile_cells=tile)
    whole, whole_serving = travel.catchments(speed, sources, cell_m=50, elevation_m=hills, tile_cells=1000)
    assert minutes.tobytes() == whole.tobytes()
    assert serving.tobytes() == whole_serving.tobytes()
    theirs = reference.minutes(speed, sources, cell_m=50, elevation_m=hills, law=reference.tobler)
    assert_same_minutes(minutes, theirs)
    reached = serving >= 0
    np.testing.assert_array_equal(reached, ~np.isnan(minutes))
    served = np.take_along_axis(theirs, np.maximum(serving, 0)[None], 0)[0]
    np.testing.assert_allclose(served[reached], theirs.min(axis=0)[reached], rtol=1e-6)


def test_equal_times_go_to_the_first_source():
    """On a flat plain the middle column between two sources belongs to the one listed first."""
    speed = np.full((5, 9), 4.0)
    for sources, first_column in (([[2, 0], [2, 8]], 0), ([[2, 8], [2, 0]], 8)):
        minutes, serving = travel.catchments(speed, sources, cell_m=100, neighbours=16)
        assert (serving[:, 4] == 0).all()
        assert serving[2, first_column] == 0
        # 4 cells of 100 m at 4 km/h: 0.4 km / 4 km/h = 0.1 h = 6 min
        assert minutes[2, 4] == 6.0


@pytest.mark.parametrize(("neighbours", "metric_error"), [(8, 0.0824), (16, 0.0275)])
def test_flat_plain_is_within_the_metric_error_of_straight_lines(neighbours, metric_error):
    """On a flat plain times are never under the straight line and at most the known share above it."""
    speed = np.full((101, 101), 5.0)
    minutes = travel.travel_time(speed, [[50, 50]], cell_m=100, neighbours=neighbours)
    rows, cols = np.indices(speed.shape)
    # 5 km/h is 1.2 minutes for each 100 m
    straight = 1.2 * np.hypot(rows - 50, cols - 50)
    away = straight > 0
    ratio = minutes[away] / straight[away]
    assert ratio.min() > 1 - 1e-6
    # the worst bearing of 8 neighbours: cos(22.5) + (sqrt(2) - 1) sin(22.5) = 1.0824; of 16: 1.0275
    assert ratio.max() < 1 + metric_error


def test_plane_slope_differs_out_and_back_by_toblers_function():
    """Up a plane of 10 % a column of cells takes Tobler's uphill time, back its downhill time."""
    height = np.repeat(np.arange(41)[::-1, None] * 10.0, 3, axis=1)
    speed = np.full(height.shape, 5.0)
    up = travel.travel_time(speed[:, :1], [[40, 0]], cell_m=100, elevation_m=height[:, :1])
    down = travel.travel_time(speed[:, :1], [[40, 0]], cell_m=100, elevation_m=height[:, :1], towards=True)
    # 4 km at 5 km/h is 48 min; uphill exp(3.5 * 0.15) / exp(0.175) = exp(0.35); down exp(3.5 * 0.05) / exp(0.175) = 1
    assert up[0, 0] == pytest.approx(48 * np.exp(0.35), rel=1e-6)
    assert down[0, 0] == pytest.approx(48, rel=1e-6)


def test_wall_with_one_gap_is_passed_at_the_gap():
    """Behind a wall the time is that of the way through its only gap."""
    speed = np.full((21, 21), 6.0)
    speed[:, 10] = np.nan
    speed[20, 10] = 6.0
    minutes = travel.travel_time(speed, [[20, 0]], cell_m=100)
    # 6 km/h is 1 min for 100 m: 10 cells to the gap, then 10 beyond it; the far top corner: 11 columns are covered by
    # 20 rows, of which 10 diagonally: 10 + 10 sqrt(2) + 10
    assert minutes[20, 20] == pytest.approx(20, rel=1e-6)
    assert minutes[0, 20] == pytest.approx(10 + 10 * np.sqrt(2) + 10, rel=1e-6)


@pytest.mark.parametrize("tile", [4, 16, 64])
def test_spiral_is_walked_to_its_end(tile):
    """A spiral corridor one cell wide is walked along its whole length."""
    size = 31
    speed = np.full((size, size), np.nan)
    r, c, dr, dc = 0, 0, 0, 1
    speed[r, c], corners, steps, turned = 6.0, 0, 0, 0
    while turned < 2:
        inside = 0 <= r + dr < size and 0 <= c + dc < size
        ahead = (r + 2 * dr, c + 2 * dc)
        free = inside and not (0 <= ahead[0] < size and 0 <= ahead[1] < size and speed[ahead] > 0)
        if not free:
            dr, dc, turned = dc, -dr, turned + 1
            corners += 1
            continue
        r, c, turned, steps = r + dr, c + dc, 0, steps + 1
        speed[r, c] = 6.0
    minutes = travel.travel_time(speed, [[0, 0]], cell_m=100, tile_cells=tile)
    assert steps > 400
    # 1 min a step; each of the turns may be cut diagonally: 2 steps become sqrt(2). The last two turns lead nowhere.
    assert minutes[r, c] == pytest.approx(steps - (corners - 2) * (2 - np.sqrt(2)), rel=1e-5)


def diagonal_stream(size=20):
    """A plain with a stream one cell wide on the diagonal."""
    speed = np.full((size, size), 5.0)
    speed[np.arange(size), np.arange(size)] = 0
    return speed


@pytest.mark.parametrize("neighbours", [8, 16])
def test_diagonal_gap_rule(neighbours):
    """A stream one cell wide on the diagonal is leapt when gaps are open and holds when they are closed."""
    speed = diagonal_stream()
    leapt = travel.travel_time(speed, [[0, 19]], cell_m=10, neighbours=neighbours)
    held = travel.travel_time(speed, [[0, 19]], cell_m=10, neighbours=neighbours, diagonal_gaps="closed")
    assert leapt[19, 0] > 0
    assert np.isnan(held[np.tril_indices(20)]).all()
    assert (held[np.triu_indices(20, 1)] >= 0).all()


def test_knights_do_not_jump_a_wall_of_one_cell():
    """Sixteen neighbours do not jump a straight wall one cell wide."""
    speed = np.full((9, 9), 5.0)
    speed[4] = np.nan
    assert np.isnan(travel.travel_time(speed, [[0, 0]], cell_m=10, neighbours=16)[4:]).all()


def test_wide_speed_ranges_stay_exact():
    """A road of 120 km/h beside a swamp of 0.002 km/h gives the exact time on both."""
    speed = np.full((3, 400), 0.002)
    speed[1] = 120.0
    minutes = travel.travel_time(speed, [[1, 0]], cell_m=100)
    # 399 cells of 100 m at 120 km/h: 39.9 km / 120 km/h * 60 = 19.95 min
    assert minutes[1, 399] == pytest.approx(19.95, rel=1e-6)
    # one step into the swamp: 100 m at the mean slowness of 120 and 0.002 km/h
    step = 0.1 * (1 / 120 + 1 / 0.002) / 2 * 60
    assert minutes[0, 0] == pytest.approx(step, rel=1e-6)
    # at the end the swamp is entered sideways, since the diagonal is longer
    assert minutes[0, 399] == pytest.approx(19.95 + step, rel=1e-6)


def test_a_journey_of_years_is_still_told():
    """Where every step takes weeks the ticks grow coarser and the far end is reached."""
    speed = np.full((1, 300), 2e-4)
    minutes = travel.travel_time(speed, [[0, 0]], cell_m=100)
    # 299 steps of 0.1 km at 0.0002 km/h: 500 h each
    assert minutes[0, 299] == pytest.approx(299 * 500 * 60, rel=1e-6)


@pytest.mark.parametrize("neighbours", [8, 16])
def test_limit_keeps_what_lies_within_and_only_that(neighbours):
    """With a limit the cells within it keep their time and all others are not reached."""
    speed, hills, sources = rough(4)
    full, serving = travel.catchments(speed, sources, cell_m=30, elevation_m=hills, neighbours=neighbours)
    near, near_serving = travel.catchments(speed, sources, cell_m=30, elevation_m=hills, neighbours=neighbours,
                                           limit_min=7.5)
    within = full <= np.float32(7.5)
    assert 0 < within.sum() < np.isfinite(full).sum()
    np.testing.assert_array_equal(near, np.where(within, full, np.nan))
    np.testing.assert_array_equal(near_serving, np.where(within, serving, -1))


def test_limit_includes_a_cell_at_exactly_the_limit():
    """A cell at exactly the limit is reached."""
    minutes = travel.travel_time(np.full((1, 9), 6.0), [[0, 0]], cell_m=100, limit_min=5)
    np.testing.assert_array_equal(minutes[0], [0, 1, 2, 3, 4, 5, np.nan, np.nan, np.nan])


def test_threads_change_no_bit():
    """One thread and three give the same bytes."""
    speed, hills, sources = rough(5, (200, 230))
    one = travel.catchments(speed, sources, cell_m=30, elevation_m=hills, tile_cells=16)
    three = travel.catchments(speed, sources, cell_m=30, elevation_m=hills, tile_cells=16, threads=3)
    assert [part.tobytes() for part in one] == [part.tobytes() for part in three]


def test_modes_may_differ_from_cell_to_cell():
    """A step between a walked and a driven cell takes half its length at each one's own law."""
    speed, height = np.array([[5.0, 50.0]]), np.array([[0.0, 20.0]])
    minutes = travel.travel_time(speed, [[0, 0]], cell_m=100, elevation_m=height, mode=[["walk", "motor"]])
    # 50 m walked at a slope of 20 %: 0.05 / 5 h * exp(3.5 * 0.25 - 0.175); 50 m driven: 0.05 / 50 h
    assert minutes[0, 1] == pytest.approx((0.01 * np.exp(0.7) + 0.001) * 60, rel=1e-6)


def test_one_mode_given_as_a_grid_equals_its_name():
    """A mode grid of one mode gives the bytes of that mode's name."""
    speed, hills, sources = rough(6, (40, 40))
    for name, code in (("walk", travel.Mode.WALK), ("bicycle", travel.Mode.BICYCLE), ("motor", travel.Mode.MOTOR)):
        a = travel.travel_time(speed, sources, cell_m=30, elevation_m=hills, mode=name)
        b = travel.travel_time(speed, sources, cell_m=30, elevation_m=hills, mode=np.full(speed.shape, int(code)))
        assert a.tobytes() == b.tobytes()


def test_cells_may_be_rectangular_and_differ_by_row():
    """Width and height of cells act on their own steps, row by row."""
    minutes = travel.travel_time(np.full((3, 3), 6.0), [[0, 0]], cell_m=(50, [100, 80, 60]))
    # 6 km/h: 1 min for 100 m. Row 0 east: 100 m; down: 50 m; diagonal: hypot(50, (100 + 80) / 2)
    assert minutes[0, 1] == pytest.approx(1.0)
    assert minutes[1, 0] == pytest.approx(0.5)
    assert minutes[1, 1] == pytest.approx(np.hypot(50, 90) / 100)


def test_rows_of_one_width_need_not_be_neighbours():
    """A narrow row between two wide ones keeps its own width, as at the equator of a grid in degrees."""
    minutes = travel.travel_time(np.full((9, 2), 6.0), [[0, 0]], cell_m=(50, [100] * 4 + [60] + [100] * 4))
    # 6 km/h: 1 min for 100 m; to row 4 it is 4 rows of 50 m, then across the narrow cell: 60 m, or a diagonal into it
    diagonal = np.hypot(50, 80) / 100
    assert minutes[4, 1] == pytest.approx(min(2 + 0.6, 1.5 + diagonal))
    assert minutes[0, 1] == pytest.approx(1.0)


@pytest.fixture
def malawi(shared_data):
    """AccessMod's demonstration: land cover, elevation and the cells of its ten facilities."""
    folder = shared_data / "malawi_travel_time"
    with rasterio.open(folder / "rLandCoverMerged__demo.tif") as source:
        cover, transform = source.read(1, masked=True), source.transform
    with rasterio.open(folder / "rDem__dem.tif") as source:
        elevation = source.read(1)
    with (folder / "vFacility__demo.csv").open(encoding="utf-8") as lines:
        places = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(lines)]
    cells = [[int((transform.f - y) / -transform.e), int((x - transform.c) / transform.a)] for x, y in places]
    return cover, elevation, np.array(cells)


@pytest.mark.parametrize(("neighbours", "mean", "empty"), [(8, 29.419, 32_283), (16, 29.522, 31_829)])
def test_accessmods_published_expectation_is_met(malawi, neighbours, mean, empty):
    """All classes at 50 km/h within an hour give AccessMod's own mean and number of empty cells."""
    cover, elevation, cells = malawi
    speed = np.where(np.ma.getmaskarray(cover), np.nan, 50.0)
    minutes = travel.travel_time(speed, cells, cell_m=1000, elevation_m=elevation, mode="motor", neighbours=neighbours,
                                 limit_min=60)
    # expected: unige-geohealth/accessmod, tests/accessibility; its minutes are rounded up
    assert round(float(np.nanmean(np.ceil(minutes), dtype=float)), 3) == mean
    assert int(np.isnan(minutes).sum()) == empty


PLAIN = np.full((4, 5), 5.0)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"speed_kmh": np.where(np.eye(4, 5) > 0, -9999, 5)}, "speed-negative", "4 cells with negative speed"),
        ({"speed_kmh": np.where(np.eye(4, 5) > 0, np.inf, 5)}, "speed-infinite", "4 cells with infinite speed"),
        ({"speed_kmh": np.full(4, 5.0)}, "speed-shape", "rows and columns"),
        ({"speed_kmh": np.where(np.arange(20).reshape(4, 5) == 6, 0, 5)}, "source-on-barrier", "0 (row 1, column 1)"),
        ({"sources": [[1, 1], [7, 0]]}, "source-outside", "1 (row 7, column 0)"),
        ({"sources": np.zeros((0, 2), int)}, "sources-shape", "n at least 1"),
        ({"sources": [[0.5, 1.0]]}, "sources-shape", "whole numbers"),
        ({"elevation_m": np.zeros((4, 4))}, "grids-differ", "one grid first"),
        ({"elevation_m": np.full((4, 5), np.nan)}, "elevation-missing", "20 cells that can be crossed"),
        ({"elevation_m": np.full((4, 5), -9999.0)}, "elevation-range", "Tag nodata"),
        ({"cell_m": 0}, "cell-size", "metres above 0"),
        ({"cell_m": (30, [1, 2])}, "cell-size", "one per row"),
        ({"mode": "walking"}, "mode-unknown", "Did you mean walk?"),
        ({"mode": np.full((4, 5), 9)}, "mode-grid", "1 walk"),
        ({"neighbours": 4}, "neighbours", "8 or 16"),
        ({"limit_min": -1}, "limit", "0 or more"),
        ({"diagonal_gaps": "shut"}, "diagonal-gaps", "open or closed"),
        ({"speed_kmh": np.array([[1e-13, 120.0]]), "sources": [[0, 0]]}, "speed-range", "Close the slowest cells"),
    ],
)
def test_bad_input_is_refused_with_what_and_where(change, code, words):
    """Each kind of bad input is refused by name, with what was found and the remedy."""
    given_ = {"speed_kmh": PLAIN, "sources": [[1, 1]], "cell_m": 30} | change
    with pytest.raises(Refused) as caught:
        travel.travel_time(given_.pop("speed_kmh"), given_.pop("sources"), **given_)
    assert caught.value.findings[0].code == code
    assert words in str(caught.value)
