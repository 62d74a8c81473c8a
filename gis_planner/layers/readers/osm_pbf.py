"""OpenStreetMap extracts (.osm.pbf) by osmium: roads, streams, places, schools and health posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_planner.crs import STORE
from gis_planner.layers.gate import Source
from gis_planner.layers.raw import RawTable
from gis_planner.layers.readers import Ask
from gis_planner.layers.report import Report
from gis_planner.problems import Stop

_ROADS = frozenset({
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service", "track", "path",
    "footway", "living_street", "road", "motorway_link", "trunk_link", "primary_link", "secondary_link",
    "tertiary_link", "bridleway", "cycleway", "pedestrian",
})
_MAX_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Pick:
    """Which objects make a layer: the tag keys that they have, the test of their tags, lines or points, the columns."""

    keys: tuple[str, ...]
    fits: Callable[[Mapping[str, str]], bool]
    lines: bool
    columns: tuple[str, ...]


PICKS: dict[str, Pick] = {
    "roads": Pick(("highway",), lambda tags: tags.get("highway") in _ROADS, True,
                  ("highway", "surface", "bridge", "maxspeed", "name")),
    "streams": Pick(("waterway",), lambda tags: tags.get("waterway") in {"river", "stream", "canal", "drain", "wadi"},
                    True, ("waterway", "intermittent", "seasonal", "name")),
    "villages": Pick(("place",), lambda tags: tags.get("place") in {"village", "hamlet", "town", "isolated_dwelling"},
                     False, ("place", "name", "population", "ref")),
    "schools": Pick(("amenity",), lambda tags: tags.get("amenity") in {"school", "kindergarten", "college"}, False,
                    ("amenity", "name")),
    "health_posts": Pick(("amenity", "healthcare"), lambda tags: tags.get("amenity") in {
        "clinic", "hospital", "doctors", "health_post"} or "healthcare" in tags, False,
                         ("amenity", "healthcare", "name")),
}


def _middle(points: list[tuple[float, float]]) -> BaseGeometry:
    """A point of a mapped area: its middle."""
    if len(points) > 3 and points[0] == points[-1]:
        return shapely.Polygon(points).representative_point()
    return shapely.MultiPoint(points).centroid


def _object(item: Any, pick: Pick) -> tuple[str, BaseGeometry] | None:
    if item.is_node():
        return (f"n{item.id}", shapely.Point(item.location.lon, item.location.lat)) if not pick.lines else None
    points = [(node.lon, node.lat) for node in item.nodes if node.location.valid()]
    if len(points) < 2:
        return None
    return f"w{item.id}", shapely.LineString(points) if pick.lines else _middle(points)


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The objects of an extract that make the layer that is asked for."""
    import osmium

    pick = PICKS.get(ask.kind)
    if pick is None:
        raise report.stop("format-for-kind", found="an OpenStreetMap extract", field="file", kind=ask.kind,
                          wanted="another source (extracts give roads, streams, villages, schools and health posts)")
    rows: list[dict[str, str]] = []
    shapes: list[BaseGeometry | None] = []
    try:
        entities = osmium.osm.NODE | osmium.osm.WAY
        with osmium.io.Reader(str(source.path), entities):
            pass
        processor = osmium.FileProcessor(str(source.path), entities).with_locations("sparse_mem_array")
        for item in processor.with_filter(osmium.filter.KeyFilter(*pick.keys)):
            tags = {tag.k: tag.v for tag in item.tags}
            made = _object(item, pick) if pick.fits(tags) else None
            if made is None:
                continue
            rows.append({"osm_id": made[0], **{key: tags.get(key, "") for key in pick.columns}})
            shapes.append(made[1])
            if len(rows) > _MAX_ROWS:
                raise report.stop("file-too-large", found=f"more than {_MAX_ROWS:,} objects", field="rows",
                                  limit=f"{_MAX_ROWS:,}")
    except Stop:
        raise
    except Exception as error:  # osmium raises many classes for damaged blocks
        raise report.stop("driver-failed", found=f"an extract that cannot be read (truncated or corrupt): {error}",
                          field="file", wanted="OpenStreetMap extract") from None
    columns = {head: [row[head] for row in rows] for head in ("osm_id", *pick.columns)}
    return RawTable(columns, range(1, len(rows) + 1), "object", shapes, STORE)
