"""Coordinates: stored in degrees, computed in metres, degrees refused wherever metres belong."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.crs import STORE, Frame, metric_crs, project, require_metric, to_metric, to_store, unproject, utm_zone
from gis_planner.problems import Refused

FRAME = Frame(-8.2, 11.6, -7.3, 12.3)


def test_the_region_is_computed_in_its_utm_zone() -> None:
    """Ouelessebougou, 8.2 to 7.3 degrees west, lies in zone 29 north (12 to 6 degrees west)."""
    assert metric_crs(FRAME).to_epsg() == 32629


@pytest.mark.parametrize(("longitude", "latitude", "code"), [(-7.9, 12.0, 32629), (0.1, 12.0, 32631), (-180, -1, 32701),
                                                             (180, 5, 32660)])
def test_utm_zones(longitude: float, latitude: float, code: int) -> None:
    """Zones are 6 degrees wide from 180 west; south of the equator they are numbered 327xx."""
    assert utm_zone(longitude, latitude).to_epsg() == code


def test_degrees_are_refused_where_metres_belong() -> None:
    """A table in degrees is refused with how to get metres."""
    with pytest.raises(Refused, match="crs-not-metric.*to_metric"):
        require_metric(STORE, "wells")


def test_feet_are_refused_where_metres_belong() -> None:
    """A projected CRS in US feet is refused too."""
    with pytest.raises(Refused, match="crs-not-metric"):
        require_metric("EPSG:2263")


def test_a_missing_crs_is_refused() -> None:
    """A table without CRS is refused, never assumed."""
    with pytest.raises(Refused, match=r"crs-missing.*catalog\.toml"):
        to_metric(gpd.GeoDataFrame(geometry=gpd.points_from_xy([-8.0], [12.0])), FRAME)


@pytest.mark.parametrize("box", [(1, 0, 0, 1), (0, 1, 1, 0), (-200, 0, 0, 1), (0, 0, 1, 89)])
def test_an_impossible_frame_is_refused(box: tuple[float, float, float, float]) -> None:
    """West lies west of east and south lies south of north, inside the zones."""
    with pytest.raises(Refused, match="west < east"):
        Frame(*box)


def test_a_distance_in_the_zone_is_the_ground_distance() -> None:
    """One degree of latitude at 12 north is 110.6 km within the zone's scale error of 0.1 %."""
    x, y = project([-9.0, -9.0], [11.5, 12.5], metric_crs(FRAME))
    # meridian arc at 12 degrees on WGS 84: 110,624 m; scale at the central meridian 0.9996
    assert np.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(110_624 * 0.9996, rel=2e-4)


@settings(deadline=None)
@given(st.floats(-8.2, -7.3), st.floats(11.6, 12.3))
def test_there_and_back_is_the_same_place(longitude: float, latitude: float) -> None:
    """Projecting and unprojecting moves a place by less than a millimetre."""
    x, y = project([longitude], [latitude], metric_crs(FRAME))
    back = unproject(x, y, metric_crs(FRAME))
    assert abs(back[0][0] - longitude) < 1e-8
    assert abs(back[1][0] - latitude) < 1e-8


def test_tables_go_there_and_back() -> None:
    """A table in degrees comes back in degrees with the same places."""
    table = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-8.0, -7.5], [12.0, 11.9]), crs=STORE)
    back = to_store(to_metric(table, FRAME))
    assert back.geometry.geom_equals_exact(table.geometry, 1e-9).all()
