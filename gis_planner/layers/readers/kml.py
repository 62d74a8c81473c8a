"""KML and KMZ: placemarks with their name, their data fields and one geometry; links are never followed."""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.archive import Archive
from gis_planner.layers.readers.json_geometry import BrokenGeometry
from gis_planner.layers.readers.safe_xml import Node, parse
from gis_planner.layers.report import Report

_GEOMETRIES = ("Point", "LineString", "Polygon", "MultiGeometry", "LinearRing", "Track", "Model")


def _positions(text: str) -> list[tuple[float, float]]:
    points = []
    for part in text.split():
        numbers = part.split(",")
        try:
            x, y = float(numbers[0]), float(numbers[1])
        except (ValueError, IndexError):
            raise BrokenGeometry(f"coordinates that are not longitude,latitude: {part[:40]}") from None
        if not (math.isfinite(x) and math.isfinite(y)):
            raise BrokenGeometry("a coordinate that is NaN or infinite")
        points.append((x, y))
    if not points:
        raise BrokenGeometry("no coordinates")
    return points


def _ring(node: Node | None) -> list[tuple[float, float]]:
    ring = node.find("LinearRing") if node else None
    points = _positions(ring.text_of("coordinates") if ring else "")
    if len(points) < 3:
        raise BrokenGeometry("a ring of fewer than 3 positions")
    return points


def _geometry(node: Node) -> BaseGeometry:
    if node.tag == "Point":
        return shapely.Point(_positions(node.text_of("coordinates"))[0])
    if node.tag in {"LineString", "LinearRing"}:
        points = _positions(node.text_of("coordinates"))
        if len(points) < 2:
            raise BrokenGeometry("a line of one position")
        return shapely.LineString(points)
    if node.tag == "Polygon":
        holes = [_ring(inner) for inner in node.children if inner.tag == "innerBoundaryIs"]
        return shapely.Polygon(_ring(node.find("outerBoundaryIs")), holes)
    if node.tag == "MultiGeometry":
        parts = [_geometry(child) for child in node.children if child.tag in _GEOMETRIES]
        kinds = {part.geom_type for part in parts}
        makers: dict[str, Any] = {
            "Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon,
        }
        if len(kinds) == 1 and (kind := kinds.pop()) in makers:
            made: BaseGeometry = makers[kind](parts)
            return made
        raise BrokenGeometry("a MultiGeometry of several types (GeometryCollection)")
    raise BrokenGeometry(f"a {node.tag}, which is no position")


def _fields(place: Node) -> dict[str, str]:
    """Name, description and the extended data of a placemark."""
    row = {"name": place.text_of("name"), "description": place.text_of("description")}
    extended = place.find("ExtendedData")
    if extended:
        for node in extended.all("Data"):
            row[node.attributes.get("name", "data")] = node.text_of("value")
        for node in extended.all("SimpleData"):
            row[node.attributes.get("name", "data")] = node.text.strip()
    return row


def _document(source: Source, report: Report) -> bytes:
    if source.format.name == "kml":
        return source.data()
    with Archive(source, report) as archive:
        names = sorted((name for name in archive.members if name.lower().endswith(".kml")),
                       key=lambda name: (name.lower() != "doc.kml", name.count("/"), name))
        if not names:
            raise report.stop("archive-part-missing", found="a KMZ without a KML document", field="file",
                              wanted="doc.kml")
        return archive.read(names[0], 200_000_000)


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The placemarks of a KML or KMZ file."""
    root = parse(_document(source, report), report)
    if any(True for _ in root.all("NetworkLink")):
        report.say("linked-ignored", found="a NetworkLink (content of another address)", field="NetworkLink")
    rows: list[dict[str, str]] = []
    shapes: list[BaseGeometry | None] = []
    faults: list[Fault] = []
    for index, place in enumerate(root.all("Placemark")):
        rows.append(_fields(place))
        node = next((child for child in place.children if child.tag in _GEOMETRIES), None)
        shape = None
        if node is None:
            faults.append(Fault("geometry-missing", index, "geometry", "a placemark without geometry"))
        else:
            try:
                shape = _geometry(node)
            except BrokenGeometry as error:
                faults.append(Fault("geometry-broken", index, "geometry", str(error)))
        shapes.append(shape)
    heads = list(dict.fromkeys(key for row in rows for key in row))
    columns = {head: [row.get(head, "") for row in rows] for head in heads}
    only = set(heads) <= {"name", "description"}
    return RawTable(columns, range(1, len(rows) + 1), "placemark", shapes, STORE, faults, positions_only=only)
