"""GeoJSON, one document or one feature per line, parsed in plain Python: no driver, no link is followed."""

from __future__ import annotations

import json
from typing import Any

from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable, as_text
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.crs_name import crs_of
from gis_planner.layers.readers.decode import decode
from gis_planner.layers.readers.json_geometry import BrokenGeometry, geometry
from gis_planner.layers.report import Report

_MAX_COLUMNS = 2000


class _Doubled(dict[str, Any]):
    """An object in which a key stands twice."""

    doubled: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    again = _Doubled(made)
    keys = [key for key, _ in pairs]
    again.doubled = sorted({key for key in keys if keys.count(key) > 1})
    return again


def _whole(text: str) -> int | float:
    return int(text) if len(text) < 300 else float("inf")


def _load(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_int=_whole)


def _parse(text: str, report: Report) -> tuple[Any, bool]:
    """(document, whether it was one feature per line)."""
    text = text.lstrip("\ufeff")
    try:
        return _load(text.strip().lstrip("\x1e")), False
    except RecursionError:
        raise report.stop("json-broken", found="JSON nested too deeply", field="json") from None
    except json.JSONDecodeError as error:
        broken = error
    except ValueError as error:
        raise report.stop("json-broken", found=str(error), field="json") from None
    lines = [(n, line.strip("\x1e \t\r")) for n, line in enumerate(text.split("\n"), 1) if line.strip("\x1e \t\r")]
    features = []
    if len(lines) > 1 and "Extra data" in broken.msg:
        for number, line in lines:
            try:
                features.append(_load(line))
            except (ValueError, RecursionError) as error:
                raise report.stop("json-broken", found=str(error), row=f"line {number}", field="json") from None
        return {"type": "FeatureCollection", "features": features}, True
    early = broken.pos >= len(text.rstrip()) - 1 or "Unterminated" in broken.msg
    cut = " (the file ends too early: truncated)" if early else ""
    raise report.stop("json-broken", found=f"JSON that cannot be parsed: {broken.msg}{cut}",
                      row=f"line {broken.lineno}", field="json")


def _features(document: Any, report: Report) -> list[Any]:
    if isinstance(document, dict):
        kind = document.get("type")
        if kind == "Feature":
            return [document]
        features = document.get("features")
        if kind == "FeatureCollection" and isinstance(features, list):
            return features
        if kind == "Topology":
            found = "TopoJSON (type Topology)"
        elif "geometryType" in document or "spatialReference" in document:
            found = "Esri JSON"
        else:
            found = f"JSON of type {str(kind)[:40]!r}" if kind else "JSON without a type"
    else:
        found = f"a JSON {type(document).__name__}"
    raise report.stop("json-not-features", found=found, field="type")


def _crs(document: Any, report: Report) -> CRS:
    if not isinstance(document, dict) or "crs" not in document:
        return STORE
    member = document["crs"]
    if member is None:
        raise report.stop("crs-missing", found="a crs member that is null", field="crs")
    if isinstance(member, dict) and member.get("type") == "link":
        raise report.stop("crs-link", found="a crs member that points to a link", field="crs")
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else member
    return crs_of(name, report)


def _properties(feature: dict[str, Any], index: int, faults: list[Fault]) -> dict[str, str]:
    given = feature.get("properties")
    given = given if isinstance(given, dict) else {}
    for part in (feature, given, feature.get("geometry")):
        if isinstance(part, _Doubled):
            faults.extend(Fault("key-twice", index, key, f"{key} written twice in one object (a duplicate key)")
                          for key in part.doubled)
    texts = {as_text(str(key)).strip() or "column": as_text(value) for key, value in given.items()}
    if "id" in feature and "id" not in texts:
        texts["id"] = as_text(feature["id"])
    return texts


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The features of a GeoJSON file; longitude and latitude unless a crs member names another CRS."""
    document, by_line = _parse(decode(source.data(), report), report)
    features = _features(document, report)
    crs = _crs(document, report)
    faults: list[Fault] = []
    rows: list[dict[str, str]] = []
    shapes: list[BaseGeometry | None] = []
    for index, feature in enumerate(features):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            faults.append(Fault("feature-broken", index, "type", f"not a Feature: {str(feature)[:40]}"))
            rows.append({})
            shapes.append(None)
            continue
        rows.append(_properties(feature, index, faults))
        opened: list[str] = []
        try:
            shape = geometry(feature.get("geometry"), opened)
            if shape is None:
                faults.append(Fault("geometry-missing", index, "geometry", "a null geometry"))
        except BrokenGeometry as error:
            shape = None
            faults.append(Fault("geometry-broken", index, "geometry", str(error)))
        faults.extend(Fault("ring-open", index, "geometry", words) for words in opened[:1])
        shapes.append(shape)
    heads = list(dict.fromkeys(key for row in rows for key in row))
    if len(heads) > _MAX_COLUMNS:
        raise report.stop("too-many-columns", found=f"{len(heads):,} different properties", field="properties")
    columns = {head: [row.get(head, "") for row in rows] for head in heads}
    return RawTable(columns, range(1, len(rows) + 1), "line" if by_line else "feature", shapes, crs, faults)
