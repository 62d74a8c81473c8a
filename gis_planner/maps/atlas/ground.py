"""The plan as the atlas draws it: rows in a fixed order, every layer's shapes in metres, made once for all maps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis_planner.crs import metric_crs
from gis_planner.maps.rows import base_rows, result_rows
from gis_planner.maps.style import LayerStyle, Style
from gis_planner.tables.plan import Plan

Row = Mapping[Any, Any]


class Ground:
    """plan: with its tables tidied (`rows.tidy`), so that nothing depends on the order of input rows.

    crs: the region's UTM zone. style: colours, shapes and layers.
    """

    def __init__(self, plan: Plan, style: Style) -> None:
        self.plan = dataclasses.replace(
            plan, results={name: rows for name, (_, rows) in result_rows(plan).items()},
            base={name: rows for name, (_, rows) in base_rows(plan).items()},
        )
        self.style = style
        self.crs: CRS = metric_crs(plan.frame)
        self._shapes: dict[str, np.ndarray] = {}
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def shapes(self, key: str) -> np.ndarray:
        """The shapes of one layer of the style in metres (outlines of areas without fill); empty when there is none."""
        if key not in self._shapes:
            frame = self._drawn(self.style.layer(key))
            shapes = np.empty(0, dtype=object) if frame is None or not len(frame) else self.metric(frame)
            hollow = self.style.layer(key).kind == "area" and not self.style.layer(key).fill
            self._shapes[key] = np.asarray(shapely.boundary(shapes)) if hollow else shapes
        return self._shapes[key]

    def places(self, kind: str) -> np.ndarray:
        """The shapes of one input layer in metres; empty when the plan has none."""
        frame = self.plan.base.get(kind)
        if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
            return np.empty(0, dtype=object)
        return self.metric(frame)

    def metric(self, frame: gpd.GeoDataFrame | gpd.GeoSeries) -> np.ndarray:
        """Geometries in metres without missing, empty or broken ones."""
        shapes = np.asarray(frame.geometry.to_crs(self.crs).values)
        shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        return np.asarray(shapely.make_valid(shapely.force_2d(shapes)))

    def rows(self, table: str, **wanted: object) -> list[Row]:
        """The rows of a result table whose columns hold the wanted values, in their order."""
        return self._matching("results", table, wanted)

    def base(self, kind: str, **wanted: object) -> list[Row]:
        """The rows of an input layer whose columns hold the wanted values, in their order."""
        return self._matching("base", kind, wanted)

    def _drawn(self, look: LayerStyle) -> gpd.GeoDataFrame | None:
        """The rows that a layer of the style draws; None when the plan has no such table with geometry."""
        source, _, name = look.of.partition(".")
        frame = (self.plan.base if source == "base" else self.plan.results).get(name)
        if not isinstance(frame, gpd.GeoDataFrame):
            return None
        kept = np.ones(len(frame), dtype=bool)
        for column, value in look.where.items():
            kept &= np.array([item == value for item in frame[column]]) if column in frame.columns else False
        drawn: gpd.GeoDataFrame = frame[kept]
        return drawn

    def _matching(self, source: str, name: str, wanted: Mapping[str, object]) -> list[Row]:
        if (source, name) not in self._rows:
            frame = (self.plan.base if source == "base" else self.plan.results).get(name)
            self._rows[source, name] = [] if frame is None else [dict(row) for row in
                                                                 pd.DataFrame(frame).to_dict("records")]
        rows = self._rows[source, name]
        return [row for row in rows if all(row.get(column) == value for column, value in wanted.items())]
