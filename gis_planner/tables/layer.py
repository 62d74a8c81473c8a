"""A region's layers in memory: what the readers hand to the programmes, each with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from affine import Affine
from pyproj import CRS

from gis_planner.crs import Frame
from gis_planner.problems import Finding
from gis_planner.tables.plan import LayerUsed


@dataclass(frozen=True)
class Raster:
    """values: 2-D float64, nan where nothing is known; transform: cell (column, row) to x, y of `crs`; north up."""

    values: npt.NDArray[np.float64]
    transform: Affine
    crs: CRS

    def centres(
        self, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """x and y in `crs` of the centres of cells (degrees when `crs` is geographic)."""
        t = self.transform
        across, down = columns + 0.5, rows + 0.5
        return t.a * across + t.b * down + t.c, t.d * across + t.e * down + t.f


@dataclass(frozen=True)
class Layer:
    """One checked layer. frame: the rows with the columns of `tables.inputs` (geometry in EPSG:4326), or raster."""

    kind: str
    used: LayerUsed
    frame: gpd.GeoDataFrame | pd.DataFrame | None = None
    raster: Raster | None = None


@dataclass(frozen=True)
class Region:
    """A region ready to plan on. findings: what was repaired, set aside or doubted while reading."""

    name: str
    frame: Frame
    layers: Mapping[str, Layer]
    findings: tuple[Finding, ...] = ()

    def has(self, kind: str) -> bool:
        """Whether the region holds a layer of that kind."""
        return kind in self.layers

    def points(self, kind: str) -> gpd.GeoDataFrame:
        """The rows of a layer with geometry; KeyError when the region has none."""
        frame = self.layers[kind].frame
        if not isinstance(frame, gpd.GeoDataFrame):
            raise TypeError(f"{kind} has no geometry")
        return frame

    def rows(self, kind: str) -> pd.DataFrame:
        """The rows of a layer, with or without geometry; KeyError when the region has none."""
        frame = self.layers[kind].frame
        if frame is None:
            raise TypeError(f"{kind} is a raster")
        return frame

    def raster(self, kind: str) -> Raster:
        """A raster layer; KeyError when the region has none."""
        raster = self.layers[kind].raster
        if raster is None:
            raise TypeError(f"{kind} is not a raster")
        return raster
