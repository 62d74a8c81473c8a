"""The laws of slope: AccessMod's published values, and what no law may do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.spatial import travel
from gis_planner.spatial.travel._laws import bicycle_speed, exp_portable, walk_slowness


@pytest.mark.parametrize(("slope", "kmh"), [(0.0, 12.000213), (0.10, 1.604894), (-0.09, 24.0)])
def test_bicycle_meets_accessmods_characterisation(slope, kmh):
    """A bicycle at 12 km/h has AccessMod 5's speeds on the flat, up 10 % and down 9 %."""
    # expected: unige-geohealth/accessmod, r.walk.accessmod/tests/test_mobility.c, computed there in float32
    assert bicycle_speed(12.0, slope) == pytest.approx(kmh, abs=2e-5)


def test_bicycle_down_a_cliff_is_capped_not_stopped():
    """Where AccessMod's Newton steps do not settle the speed is the cap, not 0."""
    assert bicycle_speed(12.0, -0.5) == 24.0


@settings(deadline=None, derandomize=True, max_examples=200)
@given(flat=st.floats(1, 40), slope=st.floats(-1, 1), more=st.floats(0.001, 0.5))
def test_bicycle_is_never_faster_on_a_steeper_climb(flat, slope, more):
    """The bicycle's speed is above 0, at most twice the flat speed, and falls with the slope."""
    here, steeper = bicycle_speed(flat, slope), bicycle_speed(flat, slope + more)
    assert 0 < here <= 2 * flat
    assert steeper <= here * (1 + 1e-3)


def test_exponential_is_right_to_nine_digits():
    """The portable exponential agrees with the library's over every slope of the earth."""
    x = np.linspace(-8, 8, 4001)
    ours = np.array([exp_portable(v) for v in x])
    np.testing.assert_allclose(ours, np.exp(x), rtol=1e-9)
    assert walk_slowness(0.0) == pytest.approx(1, rel=1e-12)
    assert walk_slowness(-0.05) == pytest.approx(np.exp(-0.175), rel=1e-12)


def test_a_bicycle_over_hills_takes_the_law_of_each_step():
    """Up and down a column of cells the minutes are the sum of the steps at the law's speeds."""
    height = np.array([0.0, 3.0, 3.0, -1.0])[:, None]
    minutes = travel.travel_time(np.full((4, 1), 12.0), [[0, 0]], cell_m=100, elevation_m=height, mode="bicycle")
    kmh = [bicycle_speed(12.0, s) for s in (0.03, 0.0, -0.04)]
    np.testing.assert_allclose(minutes[1:, 0], np.cumsum([6.0 / v for v in kmh]), rtol=1e-6)


def test_accessmods_scenario_of_modes_on_malawi(shared_data):
    """AccessMod's scenario (bicycle, walking and motor by class) gives one journey by matrix and by surface."""
    import rasterio

    folder = shared_data / "malawi_travel_time"
    with rasterio.open(folder / "rLandCoverMerged__demo.tif") as source:
        cover = source.read(1, masked=True)
    with rasterio.open(folder / "rDem__dem.tif") as source:
        elevation = source.read(1)
    table = {1: (6.0, "bicycle"), 2: (4.0, "walk"), 3: (2.0, "walk"),
             1001: (100.0, "motor"), 1002: (80.0, "motor"), 1003: (50.0, "motor")}
    data = np.ma.getdata(cover)
    speed, mode = np.full(data.shape, np.nan), np.full(data.shape, "walk", dtype="U7")
    for value, (kmh, name) in table.items():
        speed[data == value], mode[data == value] = kmh, name
    # facilities 1 and 7 of the demonstration, there and back
    cells = np.array([[119, 111], [70, 140]])
    there = travel.matrix_over_surface(speed, cells, cell_m=1000, elevation_m=elevation, mode=mode)
    back = travel.travel_time(speed, cells[:1], cell_m=1000, elevation_m=elevation, mode=mode, towards=True)
    # 57 km apart: not faster than all on main roads (100 km/h), not slower than all walked at 2 km/h on the level
    assert 56.9 / 100 * 3600 < there.duration_s[0, 1] < 62 / 2 * 3600
    # the matrix's row of facility 7 and the surface towards facility 1 are the same journey
    assert back[70, 140] == pytest.approx(there.duration_s[1, 0] / 60, rel=1e-6)
