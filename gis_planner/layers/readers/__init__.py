"""One reader per format, each imported only when a file of that format comes; all give a `RawTable` or a raster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from gis_planner.layers.gate import Source
from gis_planner.layers.raw import RawTable
from gis_planner.layers.report import Report

HeadScore = Callable[[list[str]], int]

_TABLES = {
    "csv": "csv_text", "xlsx": "xlsx", "geojson": "geojson", "geopackage": "geopackage", "shapefile": "shapefile",
    "flatgeobuf": "flatgeobuf", "geoparquet": "geoparquet", "kml": "kml", "kmz": "kml", "gpx": "gpx",
    "osm_pbf": "osm_pbf",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader may need to know: the kind of layer, the sheet or layer wanted, how many heads it would know."""

    kind: str
    score: HeadScore
    part: str = ""


def read_table(source: Source, ask: Ask, report: Report) -> RawTable:
    """The rows of a file; raises `Refused` when they cannot be read."""
    module = import_module(f"gis_planner.layers.readers.{_TABLES[source.format.name]}")
    table: RawTable = module.read(source, ask, report)
    return table
