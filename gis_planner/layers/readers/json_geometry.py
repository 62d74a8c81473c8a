"""Geometry written in JSON to shapely, checked number by number: nothing is trusted, nothing is guessed."""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


class BrokenGeometry(ValueError):
    """A geometry that cannot be used; the text says why."""


def _point(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise BrokenGeometry("a position that is not [longitude, latitude]")
    x, y = value[0], value[1]
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float):
        raise BrokenGeometry(f"a position that is not two numbers: {str(value)[:40]}")
    try:
        x, y = float(x), float(y)
    except OverflowError:
        raise BrokenGeometry("a coordinate out of range") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise BrokenGeometry("a coordinate that is NaN or infinite (out of range)")
    return x, y


def _positions(value: Any, least: int, what: str) -> list[tuple[float, float]]:
    if not isinstance(value, list):
        raise BrokenGeometry(f"a {what} whose coordinates are not a list")
    points = [_point(item) for item in value]
    if len(points) < least:
        raise BrokenGeometry(f"a {what} of {len(points)} position(s)")
    return points


def _polygon(value: Any, opened: list[str]) -> shapely.Polygon:
    if not isinstance(value, list) or not value:
        raise BrokenGeometry("a polygon without rings")
    rings = []
    for ring in value:
        points = _positions(ring, 3, "ring")
        if points[0] != points[-1]:
            opened.append("a ring that is not closed")
            points.append(points[0])
        if len(points) < 4:
            raise BrokenGeometry("a ring of fewer than 4 positions")
        rings.append(points)
    return shapely.Polygon(rings[0], rings[1:])


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise BrokenGeometry(f"a {what} without parts")
    return value


def geometry(value: Any, opened: list[str]) -> BaseGeometry | None:
    """A GeoJSON geometry as shapely, 2-D; None for null; raises BrokenGeometry.

    opened: receives one sentence for each ring that had to be closed.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BrokenGeometry("a geometry that is not an object")
    kind, part = value.get("type"), value.get("coordinates")
    if kind == "Point":
        return shapely.Point(_point(part))
    if kind == "MultiPoint":
        return shapely.MultiPoint(_positions(part, 1, "MultiPoint"))
    if kind == "LineString":
        return shapely.LineString(_positions(part, 2, "line"))
    if kind == "MultiLineString":
        return shapely.MultiLineString([_positions(line, 2, "line") for line in _list(part, "MultiLineString")])
    if kind == "Polygon":
        return _polygon(part, opened)
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([_polygon(one, opened) for one in _list(part, "MultiPolygon")])
    if kind == "GeometryCollection":
        raise BrokenGeometry("a GeometryCollection")
    raise BrokenGeometry(f"an unknown geometry type {str(kind)[:40]}")
