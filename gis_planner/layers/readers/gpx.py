"""GPX: waypoints as points; tracks and routes as lines where a layer of lines is asked for."""

from __future__ import annotations

import math

import shapely
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.safe_xml import Node, parse
from gis_planner.layers.report import Report
from gis_planner.tables.inputs import INPUTS


def _position(node: Node) -> tuple[float, float] | None:
    try:
        x, y = float(node.attributes.get("lon", "nan")), float(node.attributes.get("lat", "nan"))
    except ValueError:
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _line(node: Node, mark: str) -> BaseGeometry | None:
    points = [position for point in node.all(mark) if (position := _position(point))]
    return shapely.LineString(points) if len(points) > 1 else None


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The waypoints of a GPX file, or its tracks and routes when the layer is made of lines."""
    root = parse(source.data(), report)
    lines = INPUTS[ask.kind].geometry == "line"
    nodes = [*root.all("trkseg"), *root.all("rte")] if lines else [c for c in root.children if c.tag == "wpt"]
    shapes: list[BaseGeometry | None] = []
    faults: list[Fault] = []
    for index, node in enumerate(nodes):
        if lines:
            shape = _line(node, "trkpt" if node.tag == "trkseg" else "rtept")
        else:
            position = _position(node)
            shape = shapely.Point(position) if position else None
        if shape is None:
            faults.append(Fault("geometry-broken", index, "lat/lon", "no usable latitude and longitude"))
        shapes.append(shape)
    columns = {key: [node.text_of(key) for node in nodes] for key in ("name", "desc", "time", "sym")}
    columns = {key: cells for key, cells in columns.items() if key == "name" or any(cells)}
    return RawTable(columns, range(1, len(nodes) + 1), "waypoint" if not lines else "track", shapes, STORE, faults,
                    positions_only=True)
