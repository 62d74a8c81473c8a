"""Resampling by kind: nobody lost, classes unmixed, planes kept."""

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import STORE, unproject, utm_zone
from gis_planner.problems import Refused
from gis_planner.spatial.grid import grid_over
from gis_planner.spatial.resample import resample, resample_sum

UTM = utm_zone(-8.0, 12.0)
GRID = grid_over((600_000, 1_300_000, 602_000, 1_301_500), 100, UTM)


def degrees_over(margin: float, rows: int, columns: int) -> Affine:
    """The transform of a raster in degrees that covers the grid and `margin` metres around it."""
    west, south, east, north = GRID.bounds_m
    lon, lat = unproject([west - margin, east + margin], [south - margin, north + margin], UTM)
    return Affine((lon[1] - lon[0]) / columns, 0, lon[0], 0, -(lat[1] - lat[0]) / rows, lat[1])


def test_people_are_shared_by_area() -> None:
    """A cell of 100 people that lies half on one grid cell and half on its neighbour gives each 50."""
    found = resample([[100.0]], Affine(100, 0, 600_050, 0, -100, 1_301_500), UTM, GRID, kind="sum")
    assert found[0, :3].tolist() == pytest.approx([50, 50, 0])


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(20, 900), st.floats(-150, 150), st.floats(-150, 150))
def test_people_are_conserved_in_one_crs(seed: int, cell_m: float, dx: float, dy: float) -> None:
    """People on the grid and off it are together the people of the source, to a millionth."""
    source = np.random.default_rng(seed).gamma(0.3, 100, (9, 13))
    transform = Affine(cell_m, 0, 600_000 + dx, 0, -cell_m, 1_301_500 + dy)
    found, off = resample_sum(source, transform, UTM, GRID)
    assert found.sum() + off == pytest.approx(source.sum(), abs=1e-6)
    if dx >= 0 and dy <= 0 and cell_m * 13 + dx <= 2_000 and cell_m * 9 - dy <= 1_500:
        assert abs(off) < 1e-6  # the source lies inside the grid


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
def test_people_are_conserved_from_degrees(seed: int, size: int) -> None:
    """A raster in degrees inside the grid keeps every person on it; one that overhangs tells how many fall off."""
    source = np.random.default_rng(seed).gamma(0.3, 100, (size, size))
    inside, off = resample_sum(source, degrees_over(-200, size, size), STORE, GRID)
    assert inside.sum() == pytest.approx(source.sum(), abs=1e-6)
    assert off == pytest.approx(0, abs=1e-6)
    over, off = resample_sum(source, degrees_over(900, size, size), STORE, GRID)
    assert over.sum() + off == pytest.approx(source.sum(), abs=1e-6)
    assert off > 0


def test_a_rotated_raster_keeps_its_people() -> None:
    """A raster turned by 30 degrees inside the grid keeps every person on it."""
    transform = Affine.translation(600_900, 1_300_900) @ Affine.rotation(30) @ Affine.scale(50, -50)
    found, off = resample_sum(np.full((8, 8), 3.0), transform, UTM, GRID)
    assert found.sum() == pytest.approx(192)  # 64 cells of 3
    assert off == pytest.approx(0)


def test_a_plane_stays_a_plane() -> None:
    """Bilinear heights of a tilted plane are the plane's, away from the outer half cell."""
    x, y = np.meshgrid(np.arange(600_000 - 125, 602_250, 250), np.arange(1_301_625, 1_299_800, -250))
    plane = 300 + 0.01 * (x - 600_000) - 0.02 * (y - 1_300_000)
    transform = Affine(250, 0, 600_000 - 250, 0, -250, 1_301_750)
    found = resample(plane, transform, UTM, GRID, kind="continuous")
    east, north = np.meshgrid(*GRID.centres())
    np.testing.assert_allclose(found, 300 + 0.01 * (east - 600_000) - 0.02 * (north - 1_300_000), atol=1e-9)


def test_coarser_grids_take_the_mean_and_the_commonest() -> None:
    """Under a coarse cell heights are averaged over known ground, classes go to the commonest, never between."""
    fine = Affine(25, 0, 600_000, 0, -25, 1_301_500)
    heights = np.full((60, 80), 10.0)
    heights[:4, 0:2], heights[:4, 2:4] = 20.0, np.nan
    assert resample(heights, fine, UTM, GRID, kind="continuous")[0, :2].tolist() == pytest.approx([20.0, 10.0])
    cover = np.full((60, 80), 1.0)
    cover[:4, :3] = 4.0  # 12 of 16 cells under the first
    cover[:4, 4:5] = 4.0  # 4 of 16 under the second
    assert resample(cover, fine, UTM, GRID, kind="class")[0, :2].tolist() == [4, 1]


def test_finer_grids_keep_classes() -> None:
    """A class raster on a finer grid has only the classes that it had."""
    coarse = np.arange(1.0, 13.0).reshape(3, 4)
    found = resample(coarse, Affine(500, 0, 600_000, 0, -500, 1_301_500), UTM, GRID, kind="class")
    assert set(np.unique(found)) == set(coarse.ravel())
    assert (found[:5, :5] == 1).all()


def test_untagged_missing_values_and_negative_people_are_named() -> None:
    """-9999 without a tag is refused with the remedy, tagged it is missing; negative people are refused."""
    transform = Affine(100, 0, 600_000, 0, -100, 1_301_500)
    source = np.array([[5.0, -9999.0]])
    with pytest.raises(Refused, match=r"nodata-untagged.*1 cells.*nodata = -9999"):
        resample(source, transform, UTM, GRID, kind="continuous")
    assert resample(source, transform, UTM, GRID, kind="sum", nodata=-9999).sum() == 5
    with pytest.raises(Refused, match="amount-negative"):
        resample([[5.0, -1.0]], transform, UTM, GRID, kind="sum")


def test_layers_that_do_not_overlap_are_refused() -> None:
    """A raster elsewhere is refused with both frames."""
    with pytest.raises(Refused, match=r"layers-apart.*do not overlap"):
        resample(np.ones((4, 4)), Affine(100, 0, 0, 0, -100, 400), UTM, GRID, kind="sum")
