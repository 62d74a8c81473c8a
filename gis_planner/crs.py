"""Where coordinates live: stored in longitude and latitude, computed in the region's UTM zone, converted here only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from gis_planner.problems import refused

STORE = CRS.from_epsg(4326)
"""The coordinate reference system in which every table is stored (longitude, latitude, WGS 84)."""

WEB_MERCATOR = CRS.from_epsg(3857)
"""What web maps use; only to recognise coordinates that were copied from one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A box in degrees where layers must lie: west < east, south < north."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -80 <= self.south < self.north <= 84):
            raise refused(
                "frame", field="frame", found=self.as_tuple(), expected="west < east, south < north, in degrees",
                remedy="Write the frame as [west, south, east, north], for instance [-8.3, 11.6, -7.3, 12.4].",
                remedy_fr="Écrivez le cadre [ouest, sud, est, nord], par exemple [-8.3, 11.6, -7.3, 12.4].",
            )

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        return self.west, self.south, self.east, self.north

    @property
    def centre(self) -> tuple[float, float]:
        """(longitude, latitude) of the middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def utm_zone(longitude: float, latitude: float) -> CRS:
    """The UTM zone (WGS 84, metres) that holds a point in degrees; the polar and Nordic exceptions are not applied."""
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)


def metric_crs(frame: Frame) -> CRS:
    """The UTM zone in which a region is computed: that of the frame's centre."""
    return utm_zone(*frame.centre)


def require_metric(crs: object, what: str = "table") -> CRS:
    """`crs` as a CRS in metres; refuses degrees, feet and a missing CRS, and says how to get metres."""
    if crs is None:
        raise refused(
            "crs-missing", field=what, found="no coordinate reference system", expected="a projected one in metres",
            remedy="State the CRS of the layer in catalog.toml (crs = ...), then it is converted to the region's zone.",
            remedy_fr="Indiquez le SCR de la couche dans catalog.toml (crs = ...).",
        )
    found = CRS.from_user_input(crs)
    if not found.is_projected or any(axis.unit_name != "metre" for axis in found.axis_info[:2]):
        unit = found.axis_info[0].unit_name if found.axis_info else "unknown"
        raise refused(
            "crs-not-metric", field=what, found=f"{found.name} in {unit}s", expected="a projected CRS in metres",
            remedy="Convert with gis_planner.crs.to_metric(table, frame): a distance in degrees means nothing.",
            remedy_fr="Convertissez avec gis_planner.crs.to_metric : une distance en degrés n'a pas de sens.",
        )
    return found


def to_metric(table: gpd.GeoDataFrame, frame: Frame) -> gpd.GeoDataFrame:
    """The table in the region's UTM zone (metres)."""
    if table.crs is None:
        require_metric(None)
    return table.to_crs(metric_crs(frame))


def to_store(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table in longitude and latitude."""
    if table.crs is None:
        require_metric(None)
    return table.to_crs(STORE)


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, crs: CRS
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Degrees to easting and northing in metres of `crs` (arrays of equal shape)."""
    require_metric(crs)
    x, y = _transformer(STORE.to_wkt(), crs.to_wkt()).transform(longitude, latitude)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def unproject(
    x_m: npt.ArrayLike, y_m: npt.ArrayLike, crs: CRS
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Metres of `crs` to longitude and latitude in degrees (arrays of equal shape)."""
    require_metric(crs)
    longitude, latitude = _transformer(crs.to_wkt(), STORE.to_wkt()).transform(x_m, y_m)
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
