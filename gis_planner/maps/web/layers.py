"""A plan's tables as map layers: small ones with a sheet for each place, large ones as packed dots or strokes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planner.crs import STORE
from gis_planner.maps import safe
from gis_planner.maps.style import LayerStyle, Style
from gis_planner.maps.web.firm import with_firmness
from gis_planner.maps.web.numbers import is_missing, plain
from gis_planner.maps.web.pack import BITS, Packed, pack_lines, pack_points
from gis_planner.maps.words import layer_word, unit_word, word
from gis_planner.tables.column import Column, Table
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

MOST_SHEETS = 4_000
"""Up to this many places of a layer have a sheet of their own; above, the layer is dots."""
MOST_SHAPES = 1_500
PACKED_BUDGET = 3_600_000
"""Characters that all packed layers of a page may take together; the grid grows coarser until they fit."""


@dataclass(frozen=True)
class Drawn:
    """One layer to draw: its style, table description and rows (EPSG:4326)."""

    style: LayerStyle
    table: Table | None
    rows: gpd.GeoDataFrame


def _source(plan: Plan, of: str) -> tuple[Table | None, gpd.GeoDataFrame | None]:
    part, name = of.split(".", 1)
    tables: Mapping[str, Any] = plan.base if part == "base" else plan.results
    kinds = INPUTS if part == "base" else RESULTS
    found = tables.get(name)
    if found is not None and not isinstance(found, gpd.GeoDataFrame):
        if not {"latitude", "longitude"} <= set(found.columns):
            return kinds.get(name), None
        points = gpd.points_from_xy(found["longitude"], found["latitude"])
        found = gpd.GeoDataFrame(found, geometry=points, crs=STORE)
    return kinds.get(name), found


def _taken(rows: gpd.GeoDataFrame, where: Mapping[str, Any]) -> gpd.GeoDataFrame:
    for column, value in where.items():
        if column not in rows:
            return rows.iloc[:0]
        cells = rows[column]
        rows = rows[cells.fillna(False).astype(bool) == value] if isinstance(value, bool) else rows[cells == value]
    return rows


def drawn_layers(plan: Plan, style: Style) -> list[Drawn]:
    """The layers of the style that this plan holds rows for, from the ground up."""
    out = []
    for layer in style.layers:
        table, rows = _source(plan, layer.of)
        if rows is None:
            continue
        rows = _taken(rows, layer.where)
        if layer.key == "wells":
            rows = with_firmness(rows)
        rows = rows[~(rows.geometry.is_empty | rows.geometry.isna())]
        if len(rows):
            out.append(Drawn(layer, table, rows))
    return out


def _column(table: Table | None, name: str) -> Column | None:
    try:
        return table.column(name) if table is not None else None
    except KeyError:
        return None


def _localised(name: str, lang: str) -> str:
    return f"{name}_{lang}" if name in {"reason", "task", "firm"} else name


_COUNTS = frozenset({"people", "households", "nets", "bales", "cabins", "visits", "stops", "week", "weeks", "day",
                     "year", "degrees"})
"""Units that a column's own name says."""


def heading(table: Table | None, name: str, lang: str) -> str:
    """The head of a column in `lang`, with its unit."""
    if name.startswith("firm_"):
        return word("chosen_share", lang)
    if name.endswith(("_en", "_fr")) and table is not None:
        shared = _column(table, name[:-3] + ("_fr" if lang == "fr" else "_en"))
        return name if shared is None else shared.label_fr if lang == "fr" else shared.label
    column = _column(table, name)
    if column is None:
        return name
    label = column.label_fr if lang == "fr" else column.label
    named = column.unit in _COUNTS or column.kind in {"id", "date"}
    return f"{label} ({unit_word(column.unit, lang)})" if column.unit and not named else label


def _cells(drawn: Drawn, names: Sequence[str], lang: str) -> list[list[str]]:
    columns = []
    for name in names:
        described = _column(drawn.table, name)
        columns.append([plain(value, lang, described) for value in drawn.rows[name]])
    return [list(cells) for cells in zip(*columns, strict=True)] if columns else [[] for _ in range(len(drawn.rows))]


def _texts(drawn: Drawn, name: str, lang: str) -> list[str]:
    if not name or name not in drawn.rows:
        return [""] * len(drawn.rows)
    return [plain(value, lang, _column(drawn.table, name)) for value in drawn.rows[name]]


def _sheets(drawn: Drawn, lang: str) -> dict[str, object]:
    style, rows = drawn.style, drawn.rows
    names = [_localised(name, lang) for name in style.fields]
    names = [name for name in names if name in rows]
    titles = [[cell for cell in cells if cell] for cells in
              _cells(drawn, [name for name in style.title if name in rows], lang)]
    ids = rows[drawn.table.key] if drawn.table and drawn.table.key in rows else pd.Series(range(len(rows)))
    villages = rows["village_id"] if "village_id" in rows else pd.Series([None] * len(rows))
    name = layer_word(style.key, lang)
    features = [
        [where, safe.text(key), ": ".join(title) or name, "" if is_missing(village) else safe.text(village), mark,
         label, cells]
        for where, key, title, village, mark, label, cells in zip(
            _places(drawn), ids, titles, villages, _texts(drawn, style.mark, lang), _texts(drawn, style.label, lang),
            _cells(drawn, names, lang), strict=True)
    ]
    return {"fields": [heading(drawn.table, name, lang) for name in names], "features": features}


def _places(drawn: Drawn) -> list[Any]:
    geometry = drawn.rows.geometry.to_numpy()
    if drawn.style.kind == "point":
        points = shapely.point_on_surface(geometry)
        return [[round(float(y), 6), round(float(x), 6)] for x, y in shapely.get_coordinates(points)]
    out = []
    for shape in geometry:
        rings = []
        for part in shapely.get_parts(shape):
            rings += list(shapely.get_rings(part)) if part.geom_type == "Polygon" else [part]
        out.append([[[round(y, 5), round(x, 5)] for x, y in shapely.get_coordinates(ring)] for ring in rings])
    return out


def _large(drawn: Drawn, bits: int) -> Packed | None:
    count, kind = len(drawn.rows), drawn.style.kind
    if kind == "dots" or (kind == "point" and count > MOST_SHEETS):
        return pack_points(drawn.rows, bits)
    vertices = int(np.sum(shapely.get_num_coordinates(drawn.rows.geometry.to_numpy())))
    if kind in {"line", "area"} and (count > MOST_SHAPES or vertices > 30_000):
        return pack_lines(drawn.rows, bits=bits)
    return None


def _packed(layers: Sequence[Drawn], budget: int) -> list[Packed | None]:
    for bits in range(BITS, 8, -1):
        out = [_large(layer, bits) for layer in layers]
        if sum(len(item.data) for item in out if item) <= budget:
            break
    return out


def layer_data(layers: Sequence[Drawn], lang: str, budget: int = PACKED_BUDGET) -> list[dict[str, object]]:
    """The layers as the page's script reads them: name, look, and features or packed data. `budget`: characters."""
    out: list[dict[str, object]] = []
    for drawn, packed in zip(layers, _packed(layers, budget), strict=True):
        style = drawn.style
        base: dict[str, object] = {
            "key": style.key, "name": layer_word(style.key, lang), "kind": style.kind, "shown": style.shown,
            "colour": style.colour, "shape": style.shape, "size": style.size, "width": style.width, "dash": style.dash,
            "fill": style.fill, "plan": style.of.startswith("results."), "count": len(drawn.rows),
        }
        if packed is None:
            out.append({**base, **_sheets(drawn, lang)})
        else:
            note = word("points_many" if packed.kind == "dots" else "simplified", lang, n=plain(packed.count, lang))
            out.append({**base, "packed": packed.as_json(), "note": note})
    return out


def village_index(plan: Plan) -> list[list[object]]:
    """[id, name, latitude, longitude] of each village, by name: what the search looks through."""
    rows = plan.results.get("villages")
    if rows is None:
        return []
    table = rows.sort_values(["village", "village_id"], kind="stable")
    columns = (table[name] for name in ("village_id", "village", "latitude", "longitude"))
    return [[safe.text(key), safe.text(name), round(float(latitude), 6), round(float(longitude), 6)]
            for key, name, latitude, longitude in zip(*columns, strict=True)]
