"""A tiny world that is easy to follow: three villages on a line, one metre grid, everything stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from shapely.affinity import translate

from gis_planner.crs import STORE, Frame, metric_crs
from gis_planner.programmes.world import World
from gis_planner.tables.column import Origin
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.layer import Layer, Raster, Region
from gis_planner.tables.plan import LayerUsed

FRAME = Frame(-8.3, 11.6, -7.3, 12.4)
X0, Y0 = 600_000.0, 1_330_000.0
"""Easting and northing (zone of FRAME) of the tiny world's corner; places are given in metres from it."""


def used(kind: str, rows: int) -> LayerUsed:
    """Provenance of an observed layer."""
    return LayerUsed(kind, kind, f"{kind}.csv", "CC0-1.0", "test", "2026", Origin.OBSERVED, "0" * 64, rows)


def points(kind: str, rows: list[dict[str, Any]]) -> Layer:
    """A layer of points from rows with `at` = (metres east, metres north) of the corner."""
    frame = pd.DataFrame([{key: value for key, value in row.items() if key != "at"} for row in rows])
    at = [row["at"] for row in rows]
    geometry = gpd.points_from_xy([X0 + x for x, _ in at], [Y0 + y for _, y in at], crs=metric_crs(FRAME))
    return Layer(kind, used(kind, len(rows)), gpd.GeoDataFrame(frame, geometry=geometry).to_crs(STORE))


def plain(kind: str, rows: list[dict[str, Any]]) -> Layer:
    """A layer without geometry."""
    return Layer(kind, used(kind, len(rows)), pd.DataFrame(rows, columns=None if rows else INPUTS[kind].names))


def raster(kind: str, values: Any, cell_m: float = 30.0, at: tuple[float, float] = (0.0, 0.0)) -> Layer:
    """A raster layer in the tiny world's metres; `at`: metres east and north of the corner of its upper left cell."""
    transform = Affine(cell_m, 0.0, X0 + at[0], 0.0, -cell_m, Y0 + at[1])
    return Layer(kind, used(kind, 0), raster=Raster(np.asarray(values, np.float64), transform, metric_crs(FRAME)))


def lines(kind: str, rows: list[dict[str, Any]]) -> Layer:
    """A layer of lines (or shapes) from rows with `geometry` in metres from the corner."""
    frame = pd.DataFrame([{key: value for key, value in row.items() if key != "geometry"} for row in rows])
    shapes = [translate(row["geometry"], X0, Y0) for row in rows]
    return Layer(kind, used(kind, len(rows)), gpd.GeoDataFrame(frame, geometry=shapes, crs=metric_crs(FRAME))
                 .to_crs(STORE))


def village(name: str, people: int | None, x: float, y: float = 0.0, **more: Any) -> dict[str, Any]:
    """One row of the villages layer; its id is its name in capitals."""
    return {"village_id": name.upper(), "name": name, "commune": "C", "population": people, "at": (x, y), **more}


def pump(name: str, x: float, y: float = 0.0, status: str = "working", **more: Any) -> dict[str, Any]:
    """One row of the water points layer: a handpump unless stated."""
    return {"water_point_id": name, "technology": "borehole_handpump", "status": status, "at": (x, y), **more}


def region(*layers: Layer) -> Region:
    """A region of these layers."""
    return Region("tiny", FRAME, {layer.kind: layer for layer in layers})


MakeWorld = Callable[..., World]
