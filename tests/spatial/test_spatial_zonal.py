"""Zonal sums lose nobody; resampling keeps what it should."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import utm_zone
from gis_planner.problems import Refused
from gis_planner.spatial.grid import grid_over
from gis_planner.spatial.zonal import zonal_mean, zonal_sum, zonal_table, zone_weights

UTM = utm_zone(-8.0, 12.0)
GRID = grid_over((600_000, 1_300_000, 601_000, 1_300_800), 100, UTM)


def zones(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    """Polygons with labels z0, z1, ..."""
    return gpd.GeoDataFrame(geometry=list(shapes), index=[f"z{i}" for i in range(len(shapes))], crs=UTM)


def split(seed: int, parts: int) -> gpd.GeoDataFrame:
    """Polygons that cut the ground of the grid, and some around it, into `parts` without gap or overlap."""
    rng = np.random.default_rng(seed)
    west, south, east, north = GRID.bounds_m
    seeds = shapely.MultiPoint(np.column_stack([rng.uniform(west, east, parts), rng.uniform(south, north, parts)]))
    frame = shapely.box(west - 150, south - 150, east + 150, north + 150)
    cells = shapely.voronoi_polygons(seeds, extend_to=frame)
    return zones(*[shapely.intersection(cell, frame) for cell in cells.geoms])


def test_half_a_cell_holds_half_its_people() -> None:
    """A zone over a quarter of one cell gets a quarter of its people."""
    people = np.zeros(GRID.shape)
    people[7, 0] = 80.0  # south-west cell
    weights = zone_weights(zones(shapely.box(600_000, 1_300_000, 600_050, 1_300_050)), GRID)
    assert zonal_sum(people, weights)["z0"] == pytest.approx(20.0, abs=1e-6)  # 50 x 50 of 100 x 100 m


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30))
def test_people_are_conserved(seed: int, parts: int) -> None:
    """Zones that cut the ground without gap hold everybody, to a millionth of a person in ten thousand."""
    people = np.random.default_rng(seed).gamma(0.5, 200, GRID.shape)
    table = zonal_table(people, zone_weights(split(seed, parts), GRID))
    assert abs(table["sum"].sum() - people.sum()) < 1e-6
    assert table.attrs["outside"] < 1e-6
    assert table.attrs["twice"] < 1e-6


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_nobody_is_lost_between_the_lines(seed: int) -> None:
    """Sum over zones = total - outside + twice, for zones that leave gaps and overlap."""
    rng = np.random.default_rng(seed)
    people = rng.gamma(0.5, 20, GRID.shape)
    corners = rng.uniform([600_000, 1_300_000], [600_700, 1_300_500], (4, 2))
    some = zones(*[shapely.box(x, y, x + 300, y + 250) for x, y in corners])
    table = zonal_table(people, zone_weights(some, GRID))
    balance = table.attrs["total"] - table.attrs["outside"] + table.attrs["twice"]
    assert table["sum"].sum() == pytest.approx(balance, abs=1e-6)


def test_one_set_of_weights_serves_every_scenario() -> None:
    """Doubled people double the sums, with the same weights; missing cells hold nobody."""
    weights = zone_weights(split(3, 5), GRID)
    people = np.random.default_rng(0).uniform(0, 9, GRID.shape)
    people[0, 0] = np.nan
    np.testing.assert_allclose(zonal_sum(2 * people, weights), 2 * zonal_sum(people, weights), rtol=1e-12)


def test_mean_is_over_known_ground() -> None:
    """The mean leaves missing cells out and is missing where nothing is known."""
    heights = np.full(GRID.shape, np.nan)
    heights[7, :2] = [300.0, 310.0]
    weights = zone_weights(zones(shapely.box(600_000, 1_300_000, 600_300, 1_300_100),
                                 shapely.box(600_500, 1_300_500, 600_600, 1_300_600)), GRID)
    mean = zonal_mean(heights, weights)
    assert mean["z0"] == pytest.approx(305.0)  # two known cells of equal area
    assert np.isnan(mean["z1"])


def test_zones_elsewhere_are_refused() -> None:
    """Zones that do not touch the grid are refused: the layers do not overlap."""
    with pytest.raises(Refused, match=r"layers-apart.*do not overlap"):
        zone_weights(zones(shapely.box(0, 0, 100, 100)), GRID)


def test_zones_of_another_crs_and_faulty_zones_are_refused() -> None:
    """Zones in degrees, in another zone, or crossing themselves are refused with the remedy."""
    good = zones(shapely.box(600_000, 1_300_000, 600_300, 1_300_100))
    with pytest.raises(Refused, match="crs-not-metric"):
        zone_weights(good.to_crs(4326), GRID)
    with pytest.raises(Refused, match="to_crs"):
        zone_weights(good.to_crs(utm_zone(-3.0, 12.0)), GRID)
    bow = shapely.Polygon([(600_000, 1_300_000), (600_100, 1_300_100), (600_100, 1_300_000), (600_000, 1_300_100)])
    with pytest.raises(Refused, match="make_valid"):
        zone_weights(zones(bow), GRID)
