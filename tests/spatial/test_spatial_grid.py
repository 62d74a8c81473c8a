"""The grid: metric, square, north up, aligned."""

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from gis_planner.crs import STORE, utm_zone
from gis_planner.problems import Refused
from gis_planner.spatial.grid import Grid, grid_over, on_grid

UTM = utm_zone(-8.0, 12.0)


@pytest.fixture
def small() -> Grid:
    """3 rows x 4 columns of 100 m, upper left corner at (600000, 1300300)."""
    return grid_over((600_000, 1_300_000, 600_400, 1_300_300), 100, UTM)


def test_corners_lie_on_multiples_of_the_cell() -> None:
    """A grid over any box covers it and starts on whole multiples of its cell."""
    grid = grid_over((600_030, 1_300_001, 600_350, 1_300_299), 100, UTM)
    assert grid.bounds_m == (600_000, 1_300_000, 600_400, 1_300_300)
    assert grid.shape == (3, 4)


def test_rows_run_from_north_to_south(small: Grid) -> None:
    """The first cell is the north-west one, and its centre is half a cell from the corner."""
    assert small.rowcol([[600_050, 1_300_250]]).tolist() == [[0, 0]]
    assert small.xy([0]).tolist() == [[600_050, 1_300_250]]
    assert small.cells([[600_350, 1_300_010]]).tolist() == [11]  # last of 12 cells


def test_each_edge_belongs_to_one_cell(small: Grid) -> None:
    """A place on the west or north edge is inside, on the east or south edge outside, so that tiles share none."""
    assert small.cells([[600_000, 1_300_300], [600_400, 1_300_250], [600_050, 1_300_000]]).tolist() == [0, -1, -1]


def test_there_and_back(small: Grid) -> None:
    """Cell to centre to cell is the identity."""
    cells = np.arange(small.size)
    assert (small.cells(small.xy(cells)) == cells).all()


def test_aligned_and_same(small: Grid) -> None:
    """Grids are aligned when cells coincide, and the same only when every cell does."""
    shifted = grid_over((600_100, 1_300_000, 600_400, 1_300_300), 100, UTM)
    offset = Grid((3, 4), Affine(100, 0, 600_050, 0, -100, 1_300_300), UTM)
    assert small.aligned(shifted)
    assert not small.same(shifted)
    assert not small.aligned(offset)
    assert small.same(grid_over((600_000, 1_300_000, 600_400, 1_300_300), 100, UTM))


@pytest.mark.parametrize("transform", [
    Affine(100, 5, 0, 5, -100, 0), Affine(100, 0, 0, 0, -50, 0), Affine(100, 0, 0, 0, 100, 0),
])
def test_rotated_rectangular_and_upside_down_grids_are_refused(transform: Affine) -> None:
    """A grid that is rotated, not square or upside down is refused with the remedy."""
    with pytest.raises(Refused, match="resample"):
        Grid((2, 2), transform, UTM)


def test_degrees_and_feet_are_refused() -> None:
    """A grid in degrees or feet is refused."""
    with pytest.raises(Refused, match="crs-not-metric"):
        Grid((2, 2), Affine(1, 0, 0, 0, -1, 0), STORE)
    feet = CRS.from_proj4("+proj=utm +zone=29 +datum=WGS84 +units=us-ft")
    with pytest.raises(Refused, match="crs-not-metric"):
        grid_over((0, 0, 100, 100), 10, feet)


def test_a_cell_in_degrees_is_refused() -> None:
    """A cell of 0.00027 (30 m in degrees) is refused."""
    with pytest.raises(Refused, match="cell-size"):
        grid_over((0, 0, 1, 1), 0.00027, UTM)


def test_a_layer_of_another_shape_is_refused(small: Grid) -> None:
    """Layers that do not share the grid are named."""
    with pytest.raises(Refused, match=r"population.*\(2, 2\)"):
        on_grid(np.zeros((2, 2)), small, "population")
