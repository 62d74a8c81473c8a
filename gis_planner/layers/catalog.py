"""A region read from its catalogue: every layer checked, then held against the others; all findings at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from gis_planner.layers.catalog_file import Catalog, read_catalog
from gis_planner.layers.check import check_file
from gis_planner.layers.checks.between import between
from gis_planner.layers.content import digest_raster, digest_rows
from gis_planner.layers.places import reconcile_layers
from gis_planner.layers.report import MAX_FINDINGS
from gis_planner.problems import Problems
from gis_planner.tables.column import Origin, weakest
from gis_planner.tables.layer import Layer, Region


def load_region(
    catalog: Path, *, only: Collection[str] | None = None, max_findings: int = MAX_FINDINGS
) -> tuple[Region, Problems]:
    """The region of a catalog.toml and everything found in it; a refused layer is not in the region.

    only: keys of the layers to read where the catalogue has them (others are not opened). max_findings: of one code in
    one layer. The caller calls `problems.stop()`. Raises `Refused` only when the catalogue itself cannot be read.
    """
    problems = Problems()
    book = read_catalog(catalog, problems)
    layers: dict[str, Layer] = {}
    wanted = None if only is None else {*only, *book.place_villages_by}
    for entry in book.entries:
        if wanted is not None and entry.key not in wanted:
            continue
        result = check_file(entry.path, entry.kind, frame=book.frame, given=entry.given, max_findings=max_findings)
        problems.extend(result.problems)
        if result.layer is not None:
            layers[entry.key] = _by_content(result.layer)
    _place_villages(layers, book, problems)
    region = Region(book.name, book.frame, layers)
    problems.extend(between(region))
    return Region(book.name, book.frame, layers, tuple(problems)), problems


def _place_villages(layers: dict[str, Layer], book: Catalog, problems: Problems) -> None:
    """Move villages to where the layers of `place_villages_by` say, each move and each doubt as a finding."""
    villages = layers.get("villages")
    evidence = {key: layers[key].frame for key in book.place_villages_by if key in layers}
    points = {key: frame for key, frame in evidence.items() if isinstance(frame, gpd.GeoDataFrame)}
    if villages is None or not isinstance(villages.frame, gpd.GeoDataFrame) or not points:
        return
    moved, found = reconcile_layers(villages.frame, points, book.frame, file=villages.used.file)
    problems.extend(found)
    origin = weakest(villages.used.origin, Origin.ESTIMATED)
    layers["villages"] = replace(villages, frame=moved, used=replace(villages.used, origin=origin))


def _by_content(layer: Layer) -> Layer:
    """The layer with the digest of what it holds in place of its file's, so that the order of rows does not count."""
    if layer.raster is not None:
        digest = digest_raster(layer.raster)
    elif layer.frame is not None:
        digest = digest_rows(layer.frame)
    else:
        return layer
    return replace(layer, used=replace(layer.used, sha256=digest))
