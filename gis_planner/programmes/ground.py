"""The ground that people walk on: land cover, paths, slope, streams with their bridges and fords, in one season."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from pyproj import CRS
from scipy.sparse import csr_array

from gis_planner import units
from gis_planner.problems import Finding, Severity
from gis_planner.spatial.grid import Grid, grid_over
from gis_planner.spatial.resample import resample
from gis_planner.spatial.speeds import of_land_cover, surface
from gis_planner.spatial.travel import times_within
from gis_planner.tables.layer import Raster, Region

Floats = npt.NDArray[np.float64]

COVER_CLASS: Mapping[str, int] = {
    "trees": 10, "shrub": 20, "grass": 30, "crops": 40, "built": 50, "bare": 60, "wetland": 90,
}
"""Classes of ESA WorldCover that people cross; snow (70), open water (80), mangrove (95) and moss (100) are closed."""
CLOSED = (0, 70, 80, 95, 100)
LAYERS = ("elevation", "land_cover")
NEIGHBOURS = 16


@dataclass(frozen=True)
class Ground:
    """Speeds in km/h on one grid (nan where nobody passes) without and with a load, and heights in metres."""

    grid: Grid
    empty_kmh: npt.NDArray[np.float32]
    loaded_kmh: npt.NDArray[np.float32]
    height_m: Floats

    def minutes(self, from_m: Floats, to_m: Floats, limit_min: float, *, loaded: bool) -> csr_array:
        """csr (from, to): minutes of the walk there (empty), or of the way back with the load, within the limit.

        Places on closed cells stand on the nearest open cell, at most 10 cells away; places farther, or off the grid,
        reach nobody. Two places in one cell are a straight line apart.
        """
        speed = self.loaded_kmh if loaded else self.empty_kmh
        (start, first), (end, second) = (_open_cells(self.grid, speed, xy) for xy in (from_m, to_m))
        shape = (len(from_m), len(to_m))
        if not len(first) or not len(second):
            return csr_array(shape, dtype=np.float64)
        found = times_within(speed, end[second], start[first], limit_min, cell_m=self.grid.cell_m,
                             elevation_m=self.height_m, neighbours=NEIGHBOURS, towards=not loaded).tocoo()
        rows, columns = first[found.coords[1]], second[found.coords[0]]
        data = found.data.copy()
        same = (start[rows] == end[columns]).all(axis=1)
        apart = np.hypot(*(from_m[rows[same]] - to_m[columns[same]]).T)
        pace = speed[start[rows[same], 0], start[rows[same], 1]].astype(np.float64)
        data[same] = apart / units.kmh_to_m_per_min(1.0) / pace
        order = np.lexsort((columns, rows))
        pointer = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
        return csr_array((data[order], columns[order], pointer), shape=shape)


def _open_cells(
    grid: Grid, speed: npt.NDArray[np.float32], xy_m: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and column of each place on an open cell, and which places have one within 10 cells."""
    cells = grid.rowcol(xy_m)
    good = cells[:, 0] >= 0
    good[good] = speed[cells[good, 0], cells[good, 1]] > 0
    for at in np.flatnonzero(~good & (cells[:, 0] >= 0)):
        row, column = cells[at]
        top, left = max(row - 10, 0), max(column - 10, 0)
        near = np.argwhere(speed[top:row + 11, left:column + 11] > 0) + np.array([top, left])
        if len(near):
            cells[at] = near[int(np.argmin(((near - cells[at]) ** 2).sum(axis=1)))]
            good[at] = True
    return cells, np.flatnonzero(good)


@dataclass(frozen=True)
class Shares:
    """Walking speeds as shares of that on a path: by land cover class, through fords, off paths in this season."""

    cover: Mapping[str, float]
    ford: float
    season: float


def build_ground(
    region: Region, crs: CRS, season: str, empty_kmh: float, loaded_kmh: float, shares: Shares,
) -> Ground:
    """The ground of a region that has elevation and land cover, on the cells of its elevation.

    Roads and paths are walked at the speed of a path. Streams that hold water (all in the rains, the permanent ones in
    the dry season) are walls; bridges pass them, and so do the fords of the season: any road or path in the dry season,
    those that vehicles pass in the rains.
    """
    heights = region.raster("elevation")
    grid = _grid_of(heights, crs)
    height = resample(heights.values, heights.transform, heights.crs, grid, kind="continuous")
    cover = region.raster("land_cover")
    classes = resample(cover.values, cover.transform, cover.crs, grid, kind="class")
    known = {COVER_CLASS[name]: share * shares.season for name, share in shares.cover.items()}
    known |= dict.fromkeys(CLOSED, 0.0)
    land = of_land_cover(np.ma.masked_invalid(classes), known)
    land = np.where(np.isfinite(height), land, np.float32(np.nan)).astype(np.float32)
    roads = _roads(region, crs)
    barriers = _barriers(region, crs, season)
    drawn = surface(land, transform=grid.transform, crs=crs, roads=roads, barriers=barriers,
                    crossings=_fords(roads, barriers, season), crossing_kmh=shares.ford)
    return Ground(grid, (drawn * empty_kmh).astype(np.float32), (drawn * loaded_kmh).astype(np.float32), height)


def _grid_of(raster: Raster, crs: CRS) -> Grid:
    t = raster.transform
    rows, columns = raster.values.shape
    if raster.crs == crs and t.b == 0 and t.d == 0 and abs(t.a + t.e) <= 1e-6 * t.a:
        return Grid((rows, columns), t, crs)
    across, down = np.array([0, columns, 0, columns]), np.array([0, 0, rows, rows])
    corners = gpd.GeoSeries(gpd.points_from_xy(
        t.a * across + t.b * down + t.c, t.d * across + t.e * down + t.f), crs=raster.crs).to_crs(crs)
    west, south, east, north = (float(value) for value in corners.total_bounds)
    side = float(np.sqrt((east - west) * (north - south) / (rows * columns)))
    return grid_over((west, south, east, north), max(round(side), 1), crs)


def _roads(region: Region, crs: CRS) -> gpd.GeoDataFrame | None:
    """Roads and paths with speed 1: the share of the speed on a path."""
    if not region.has("roads") or region.points("roads").empty:
        return None
    roads = region.points("roads").to_crs(crs)
    bridge = roads["bridge"].fillna(value=False).astype(bool) if "bridge" in roads else False
    return roads.assign(speed_kmh=1.0, highway="", bridge=bridge)


def _barriers(region: Region, crs: CRS, season: str) -> gpd.GeoDataFrame | None:
    """Streams that hold water in the season."""
    if not region.has("streams") or region.points("streams").empty:
        return None
    streams = region.points("streams").to_crs(crs)
    if season == "dry" and "seasonal" in streams:
        streams = streams[~streams["seasonal"].fillna(value=False).astype(bool)]
    return streams if len(streams) else None


def _fords(
    roads: gpd.GeoDataFrame | None, barriers: gpd.GeoDataFrame | None, season: str
) -> gpd.GeoDataFrame | None:
    """Where roads without a bridge cross water on foot in the season, as points."""
    if roads is None or barriers is None:
        return None
    usable = ~roads["bridge"]
    if season == "rainy":
        usable &= roads["passable_rainy"].astype(bool)
    lines = roads.loc[usable, ["geometry"]]
    pairs = gpd.sjoin(lines, barriers[["geometry"]], predicate="intersects")
    if pairs.empty:
        return None
    water = barriers.geometry.loc[pairs["index_right"]].reset_index(drop=True)
    meets = pairs.geometry.reset_index(drop=True).intersection(water, align=False).explode(index_parts=False)
    return gpd.GeoDataFrame(geometry=meets.representative_point().reset_index(drop=True), crs=roads.crs)


def straight_lines_said(detour: float, lacking: str, lacking_fr: str) -> Finding:
    """The note that walks are straight lines times the detour factor, and what that hides."""
    return Finding(
        "walks-straight", Severity.NOTE, lacking, "elevation and land_cover, for walks over the ground",
        f"Walks are straight lines times {detour:g}: slopes, streams and paths are not seen, so some people counted as "
        "within reach may stand behind water.",
        f"Les marches sont des lignes droites fois {detour:g} ({lacking_fr}) : pentes, cours d'eau et sentiers ne sont "
        "pas vus ; des habitants comptés à portée peuvent être derrière l'eau.", field="travel.ways")
