"""Water on the ground: planes, valleys, cones and bowls whose answers are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import utm_zone
from gis_planner.problems import Refused
from gis_planner.spatial.grid import grid_over
from gis_planner.spatial.terrain import (
    checked_elevation,
    flow,
    gradient_between,
    height_above_drainage,
    ponding,
    slope_tangent,
    stream_cells,
    stream_lines,
    wetness,
)

CELL_M = 30.0


@pytest.fixture(scope="module")
def valley() -> np.ndarray:
    """A V-valley, 20 rows x 21 columns: sides fall 2 m a cell to column 10, which falls 0.2 m a cell to the south."""
    row, column = np.mgrid[:20, :21]
    return 300.0 + 2.0 * np.abs(column - 10) + 0.2 * (19 - row)


@pytest.fixture(scope="module")
def bowl() -> np.ndarray:
    """Flat ground at 300 m, 9 x 9, tilted a little to the east, with one hollow of 2 x 2 cells, 1 m below its rim."""
    heights = 300.0 - 0.25 * np.mgrid[:9, :9][1]
    heights[4:6, 3:5] -= 2.0
    return heights


def rough(seed: int, rows: int = 24, columns: int = 31) -> np.ndarray:
    """Random heights of 0 to 40 m, with some ground missing."""
    rng = np.random.default_rng(seed)
    heights = rng.uniform(0, 40, (rows, columns)).round(1)
    heights[rng.random((rows, columns)) < 0.03] = np.nan
    return heights


def test_plane_drains_straight_down() -> None:
    """On a plane that falls to the east every cell drains east, and column k carries k + 1 cells."""
    water = flow(100.0 - np.mgrid[:6, :8][1], CELL_M)
    assert (water.direction[:, :-1] == 1).all()
    assert (water.accumulation == np.arange(1, 9)).all()
    assert (water.area_m2[:, 0] == 900.0).all()  # 30 m x 30 m


def test_valley_accumulation(valley: np.ndarray) -> None:
    """Each row of the valley adds its 21 cells to the channel; side cells carry those above them only."""
    water = flow(valley, CELL_M)
    # fall sideways 2.0 a cell; diagonally (2.0 + 0.2) / sqrt 2 = 1.56: sides run straight to the channel
    assert water.accumulation[:, 10].tolist() == [21 * (row + 1) for row in range(20)]
    assert water.accumulation[7, :10].tolist() == list(range(1, 11))
    assert (water.direction[:, :10] == 1).all()
    assert (water.direction[:, 11:] == 16).all()
    assert (water.direction[:-1, 10] == 4).all()
    assert water.direction[19, 10] == 0


def test_valley_height_above_drainage(valley: np.ndarray) -> None:
    """In the valley a cell k columns from the channel stands 2 k metres above it."""
    # 21 cells of 900 m2 = 18,900 m2 in the first row of the channel; no side cell carries more than 10
    height = height_above_drainage(valley, CELL_M, stream_area_m2=18_900)
    expected = np.broadcast_to(2.0 * np.abs(np.arange(21) - 10), valley.shape)
    np.testing.assert_allclose(height, expected, atol=1e-4)  # heights are kept to 3e-5 m


def test_cone_sheds_and_funnel_gathers() -> None:
    """A cone's top drains nothing but itself; a funnel sends every cell through its middle; nobody's water is lost."""
    row, column = np.mgrid[:21, :21]
    far = np.hypot(row - 10, column - 10)
    cone = flow(500 - far, CELL_M)
    assert cone.accumulation[10, 10] == 1
    assert cone.accumulation[cone.direction == 0].sum() == 21 * 21
    funnel = 500 + far
    funnel[10, 10] = np.nan  # a hole through which water leaves
    gathered = flow(funnel, CELL_M)
    beside = gathered.accumulation[9:12, 9:12]
    assert beside[gathered.direction[9:12, 9:12] == 0].sum() == 21 * 21 - 1


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_all_water_leaves_and_never_climbs(seed: int) -> None:
    """On any ground the outlets carry every cell once, filled ground never rises downstream, and filling never digs."""
    heights = rough(seed)
    water = flow(heights, CELL_M)
    known = np.isfinite(heights)
    assert water.accumulation[water.direction == 0].sum() == known.sum()
    assert (water.accumulation[~known] == 0).all()
    filled = water.filled_m.ravel()
    here = np.flatnonzero(known)
    assert (filled[here] >= filled[water.downstream[here]]).all()
    assert (filled[here] >= heights.ravel()[here].astype(np.float32)).all()
    height = height_above_drainage(heights, CELL_M, streams=water.accumulation > 20, water=water)
    assert (height[np.isfinite(height)] >= 0).all()


def test_wetness_of_a_plane() -> None:
    """On a plane of slope 0.1, cell k from the top has wetness ln(30 k / 0.1)."""
    heights = 500.0 - 3.0 * np.mgrid[:5, :9][1]  # 3 m per 30 m
    assert slope_tangent(heights, CELL_M) == pytest.approx(np.full((5, 9), 0.1))
    expected = np.log(30.0 * np.arange(1, 10) / 0.1)
    assert wetness(heights, CELL_M)[2] == pytest.approx(expected, rel=1e-4)


def test_slope_is_one_sided_beside_missing_ground() -> None:
    """Beside a missing cell a plane keeps its slope, and the missing cell has none."""
    heights = 500.0 + 4.0 * np.mgrid[:5, :5][0] + 3.0 * np.mgrid[:5, :5][1]
    heights[2, 2] = np.nan
    tangent = slope_tangent(heights, 10.0)
    assert np.isnan(tangent[2, 2])
    assert tangent[~np.isnan(tangent)] == pytest.approx(0.5)  # hypot(4, 3) / 10


def test_wetness_is_highest_in_the_channel(valley: np.ndarray) -> None:
    """In the valley the wettest cell of each row is the channel."""
    assert (wetness(valley, CELL_M).argmax(axis=1) == 10).all()


def test_streams_as_lines(valley: np.ndarray) -> None:
    """The channel of the valley comes out as one line of order 1, running from north to south."""
    west, south = 20_000 * CELL_M, 43_000 * CELL_M
    grid = grid_over((west, south, west + 630, south + 600), CELL_M, utm_zone(-8, 12))
    water = flow(valley, CELL_M)
    cells = stream_cells(water, 18_900)
    assert (cells.sum(axis=0) > 0).tolist() == [column == 10 for column in range(21)]
    lines = stream_lines(water, cells, grid)
    assert lines["order"].tolist() == [1]
    assert lines.length.sum() == pytest.approx(19 * 30)  # 20 cells, centre to centre
    assert stream_lines(water, np.zeros(grid.shape, bool), grid).empty


def test_pond_volume_and_season(bowl: np.ndarray) -> None:
    """The hollow holds what lies under its rim; little rain fills it in part, much rain fills it and spills."""
    # hollow cells: columns 3 and 4 at 300 - 0.75 - 2 and 300 - 1.0 - 2; the rim is the lowest neighbour outside,
    # column 5 at 300 - 1.25 = 298.75; depths 298.75 - 297.25 = 1.5 and 298.75 - 297.0 = 1.75, two cells of each
    dry = ponding(bowl, 10.0, rain_mm=1.0, runoff_share=1.0)
    assert dry.table["volume_m3"].tolist() == pytest.approx([2 * (1.5 + 1.75) * 100])
    assert dry.table["depth_m"].tolist() == pytest.approx([1.75])
    assert dry.table["area_m2"].tolist() == [400.0]
    assert 0 < dry.table["full"].iloc[0] < 0.01
    wet = ponding(bowl, 10.0, rain_mm=1_000_000.0, runoff_share=0.5)
    assert wet.table["full"].iloc[0] == pytest.approx(1.0)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(0, 3000), st.floats(0, 1))
def test_water_is_conserved(seed: int, rain_mm: float, share: float) -> None:
    """Runoff is what ponds keep plus what leaves; no pond holds more than its volume; more rain never keeps less."""
    heights = rough(seed)
    ponds = ponding(heights, 10.0, rain_mm=rain_mm, runoff_share=share)
    runoff = rain_mm / 1000 * share * 100 * np.isfinite(heights).sum()
    assert ponds.table["stored_m3"].sum() + ponds.left_m3 == pytest.approx(runoff, abs=1e-6)
    assert (ponds.table["stored_m3"] <= ponds.table["volume_m3"] + 1e-6).all()
    more = ponding(heights, 10.0, rain_mm=2 * rain_mm, runoff_share=share)
    assert (more.table["stored_m3"] >= ponds.table["stored_m3"] - 1e-6).all()


def test_gradient_up_and_down() -> None:
    """On a slope of 2 % a place 100 m uphill is 2 m above, up-gradient one way and down-gradient the other."""
    grid = grid_over((600_000, 1_300_000, 600_300, 1_300_300), 10, utm_zone(-8, 12))
    x, _ = grid.centres()
    heights = np.broadcast_to(400 + 0.02 * (x - 600_000), grid.shape)
    well, latrine = [600_100.0, 1_300_150.0], [600_200.0, 1_300_150.0]
    table = gradient_between(heights, grid, [well, latrine, well], [latrine, well, well])
    assert table["rise_m"].tolist() == pytest.approx([2.0, -2.0, 0.0], abs=1e-9)
    assert table["gradient"].tolist() == pytest.approx([0.02, -0.02, 0.0])
    assert table["climb_m"].tolist() == pytest.approx([2.0, 0.0, 0.0], abs=1e-9)
    assert gradient_between(heights, grid, [well], [[700_000.0, 1_300_150.0]])["rise_m"].isna().all()


def test_gradient_counts_the_hill_between() -> None:
    """Two places level with one another across a ridge climb it and come down."""
    grid = grid_over((600_000, 1_300_000, 600_300, 1_300_100), 10, utm_zone(-8, 12))
    x, _ = grid.centres()
    heights = np.broadcast_to(np.maximum(0, 12 - 0.2 * np.abs(x - 600_155)), grid.shape)
    table = gradient_between(heights, grid, [[600_055.0, 1_300_050.0]], [[600_255.0, 1_300_050.0]])
    assert table["rise_m"][0] == pytest.approx(0, abs=1e-9)
    assert table["climb_m"][0] == pytest.approx(12)  # 60 m of ridge at 0.2
    assert table["descent_m"][0] == pytest.approx(12)


def test_untagged_missing_values_are_named() -> None:
    """A DEM with -9999 and no tag is refused with the count, the effect and the command that mends it."""
    heights = np.full((4, 4), 350.0)
    heights[0, :3] = -9999
    with pytest.raises(Refused, match=r"elevation-nodata.*3 cells.*-9999.*gdal_edit"):
        flow(heights, CELL_M)


def test_feet_are_refused() -> None:
    """A DEM that says feet is refused; so is one whose median fits the region's ground only in feet."""
    with pytest.raises(Refused, match=r"elevation-feet.*0\.3048"):
        checked_elevation(np.full((3, 3), 350.0), unit="US survey foot")
    with pytest.raises(Refused, match="elevation-feet"):
        checked_elevation(np.full((3, 3), 1_180.0), expected_m=(300, 400))  # 1,180 ft = 360 m
    assert (checked_elevation(np.full((3, 3), 360.0), expected_m=(300, 400)) == 360).all()


def test_empty_and_degree_grids_are_refused() -> None:
    """No height at all, a cell in degrees and a flat list are refused."""
    with pytest.raises(Refused, match="elevation-empty"):
        flow(np.full((3, 3), np.nan), CELL_M)
    with pytest.raises(Refused, match="cell-size"):
        flow(np.zeros((3, 3)), 0.000278)
    with pytest.raises(Refused, match="raster-shape"):
        flow(np.zeros(9), CELL_M)
    with pytest.raises(Refused, match="one cell"):
        flow([[300.0]], CELL_M)
    with pytest.raises(Refused, match="numbers"):
        flow([[300.0, 301.0], [302.0]], CELL_M)


def test_same_as_the_library_on_fractal_ground() -> None:
    """On fractal ground, with the library's own directions, height above drainage equals pyflwdir's."""
    import pyflwdir

    rng = np.random.default_rng(5)
    heights = np.cumsum(np.cumsum(rng.normal(size=(60, 70)), axis=0), axis=1) / 50 + 300
    water = flow(heights, CELL_M)
    raster = pyflwdir.from_array(water.direction, ftype="d8", check_ftype=False, latlon=False)
    streams = water.accumulation > 30
    theirs = raster.hand(drain=streams, elevtn=water.filled_m.astype(np.float32))
    ours = height_above_drainage(heights, CELL_M, streams=streams, water=water)
    reached = np.isfinite(ours)
    np.testing.assert_allclose(ours[reached], theirs[reached], atol=1e-3)
    assert reached.any()
