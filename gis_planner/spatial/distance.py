"""Straight distances in metres: nearest of two sets of places, to geometries, and over a grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from gis_planner.problems import refused
from gis_planner.spatial._arrays import Bools, Floats, Ints, cell_size, metric_pair, places


def nearest(xy_m: npt.ArrayLike, others_xy_m: npt.ArrayLike) -> tuple[Floats, Ints]:
    """Metres to the nearest of `others` and its index, for each place; (inf, -1) when there is none.

    Of equally near others the first by index is named.
    """
    xy, others = metric_pair(xy_m, "xy_m", others_xy_m, "others_xy_m")
    if not len(xy) or not len(others):
        return np.full(len(xy), np.inf), np.full(len(xy), -1, np.int64)
    unique, first = np.unique(others, axis=0, return_index=True)
    tree = cKDTree(unique)
    count = min(len(unique), 8)
    metres, found = tree.query(xy, k=count)
    metres, found = metres.reshape(len(xy), count), found.reshape(len(xy), count)
    index = np.where(metres <= metres[:, :1], first[found], len(others)).min(axis=1)
    return np.ascontiguousarray(metres[:, 0]), index.astype(np.int64)


def to_geometries(xy_m: npt.ArrayLike, geometries: npt.ArrayLike) -> Floats:
    """(n,) metres from each place to the nearest geometry (0 inside a polygon); inf when there is none."""
    xy = places(xy_m, "xy_m")
    shapes = np.asarray(geometries, dtype=object)
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if not len(xy) or not len(shapes):
        return np.full(len(xy), np.inf)
    (_, _), metres = shapely.STRtree(shapes).query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
    return np.asarray(metres, dtype=np.float64)


def over_grid(marked: npt.ArrayLike, cell_m: float) -> Floats:
    """Metres from each cell's centre to the nearest marked cell's centre (exact Euclidean transform); inf if none.

    marked: 2-D booleans. Method: Maurer, Qi, Raghavan 2003, as in scipy.ndimage.
    """
    mask: Bools = np.asarray(marked, dtype=bool)
    if mask.ndim != 2:
        raise refused("raster-shape", field="marked", found=f"shape {mask.shape}", expected="rows x columns",
                      remedy="Give one band of True and False.", remedy_fr="Donnez une bande de vrai et faux.")
    if not mask.any():
        return np.full(mask.shape, np.inf)
    return np.asarray(distance_transform_edt(~mask, sampling=cell_size(cell_m)), dtype=np.float64)
