"""Where each row lies: geometry or coordinate columns, of the type that the layer needs, in degrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from gis_planner.crs import STORE
from gis_planner.layers.columns import cells_of
from gis_planner.layers.values.coordinate import coordinates
from gis_planner.layers.values.number import numbers
from gis_planner.layers.work import Work

Array = npt.NDArray[Any]

_POINT, _LINES, _POLYGONS, _MULTIPOINT = 0, (1, 2, 5), (3, 6), 4
_DEGREES_FIT = 180.0


def _column(work: Work, axis: str, degrees: bool) -> tuple[Array, dict[int, str], str]:
    """(values, rows where nothing is given with their cells, words for the column)."""
    cells = cells_of(work, axis)
    out = coordinates(cells, axis) if degrees else numbers(cells, decimal_comma=work.raw.decimal_comma)
    head = work.mapping.head(axis)
    name = head if axis in head.casefold() else f"{head} ({axis})"
    for code, found in out.whole:
        work.report.say(code, found=found, field=name)
    faults: dict[str, list[tuple[int, str]]] = {}
    for code, index, found in out.bad:
        faults.setdefault(code, []).append((index, found))
    for code, listed in faults.items():
        work.rows(code, listed, field=name)
    return out.values, {index: cells[index].strip() for index in out.missing}, name


def _pair(work: Work, vertical: str, across: str, degrees: bool) -> tuple[Array, Array]:
    """(x, y) of two columns; a row without either is one finding."""
    y, no_y, y_name = _column(work, vertical, degrees)
    x, no_x, x_name = _column(work, across, degrees)
    for missing, other, name in ((no_y, no_x, y_name), (no_x, no_y, x_name)):
        work.rows("coordinate-missing", [
            (index, f"the text {cell}" if cell else "no coordinate") for index, cell in missing.items()
            if index not in other
        ], field=name)
    work.rows("coordinate-missing", [(index, "no coordinates") for index in no_y if index in no_x],
              field=f"{y_name}/{x_name}")
    return x, y


def _has(work: Work, *columns: str) -> bool:
    return all(column in work.mapping.columns or column in work.mapping.derive for column in columns)


def _from_columns(work: Work, crs: CRS | None) -> bool:
    """Points from coordinate columns; False when the file has none."""
    if _has(work, "latitude", "longitude"):
        given = crs or STORE
        x, y = _pair(work, "latitude", "longitude", degrees=given.is_geographic)
    elif _has(work, "x_m", "y_m"):
        x, y = _pair(work, "y_m", "x_m", degrees=False)
        with np.errstate(invalid="ignore"):
            in_degrees = bool(np.nanmax(np.abs(np.concatenate([x, y, [0.0]]))) <= _DEGREES_FIT)
        if crs is None and not in_degrees:
            raise work.report.stop("crs-missing", found="coordinates in metres without a CRS",
                                   field=f"{work.mapping.head('x_m')}, {work.mapping.head('y_m')}")
        given = crs or STORE
    else:
        return False
    work.crs, work.raw_x, work.raw_y = given, x, y
    known = np.isfinite(x) & np.isfinite(y)
    shapes = np.full(len(work), None, dtype=object)
    shapes[known] = shapely.points(x[known], y[known])
    work.shapes = shapes
    return True


def _from_text(work: Work) -> None:
    """Geometry from a column of WKT."""
    head = work.mapping.columns["wkt"]
    shapes = shapely.from_wkt(np.array(work.raw.columns[head], dtype=object), on_invalid="ignore")
    broken = [index for index, shape in enumerate(shapes) if shape is None]
    work.rows("geometry-broken", [(index, work.raw.columns[head][index][:60] or "nothing") for index in broken],
              field=head)
    work.shapes = np.asarray(shapes, dtype=object)


def _points(work: Work, shapes: Array, kinds: Array) -> Array:
    single = (kinds == _MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    areas = np.isin(kinds, _POLYGONS)
    if areas.any():
        work.report.say("polygon-as-point", found=f"{int(areas.sum())} polygons where points are expected",
                        field="geometry", row=work.label(int(np.flatnonzero(areas)[0])))
        shapes[areas] = shapely.point_on_surface(shapes[areas])
    fits: Array = single | areas | (kinds == _POINT)
    return fits


def _right_type(work: Work) -> None:
    """Geometry of the type of the table; others are faults."""
    assert work.shapes is not None  # noqa: S101
    shapes = shapely.force_2d(work.shapes)
    empty = shapely.is_empty(shapes) & (shapes != None)  # noqa: E711
    if empty.any():
        work.rows("geometry-missing", [(int(i), "an empty geometry") for i in np.flatnonzero(empty)], field="geometry")
        shapes[empty] = None
    kinds = shapely.get_type_id(shapes)
    wanted = work.table.geometry
    fits = _points(work, shapes, kinds) if wanted == "point" else np.isin(
        kinds, _LINES if wanted == "line" else _POLYGONS)
    wrong = np.flatnonzero((kinds >= 0) & ~fits)
    if wrong.size:
        work.rows("geometry-type", [(int(i), f"a {shapes[i].geom_type}") for i in wrong], field="geometry",
                  wanted=work.table.geometry)
        shapes[wrong] = None
    work.shapes = shapes


def _anchor(shapes: Array) -> tuple[Array, Array]:
    """x, y of one point of each geometry: the middle of its bounds."""
    west, south, east, north = shapely.bounds(shapes).T
    return (west + east) / 2, (south + north) / 2


def transform(shapes: Array, crs: CRS) -> Array:
    """Geometry of `crs` in degrees; not-a-number where it cannot be converted."""
    if crs == STORE:
        return shapes
    turn = Transformer.from_crs(crs, STORE, always_xy=True)

    def move(points: Array) -> Array:
        if len(points) == 0:
            return points
        x, y = turn.transform(points[:, 0], points[:, 1])
        made = np.column_stack([x, y])
        made[~np.isfinite(made).all(axis=1)] = np.nan
        return made

    out = shapes.copy()
    there = out != None  # noqa: E711
    out[there] = shapely.transform(out[there], move)
    return np.asarray(out, dtype=object)


def locate(work: Work, crs: CRS | None) -> None:
    """Fill shapes, raw and stored coordinates of the work; raises `Refused` when nothing says where rows lie."""
    if work.table.geometry == "none":
        return
    if work.raw.geometry is not None:
        work.shapes = np.array([*work.raw.geometry, None], dtype=object)[:-1]
        work.crs = crs or work.raw.crs
        if work.crs is None:
            raise work.report.stop("crs-missing", found="no coordinate reference system (projection)", field="crs")
    elif "wkt" in work.mapping.columns:
        work.crs = crs or work.raw.crs or STORE
        _from_text(work)
    elif work.table.geometry != "point" or not _from_columns(work, crs):
        _no_place(work)
        return
    assert work.crs is not None  # noqa: S101
    _right_type(work)
    assert work.shapes is not None  # noqa: S101
    work.raw_x, work.raw_y = _anchor(work.shapes)
    try:
        stored = transform(work.shapes, work.crs)
    except ProjError as error:
        raise work.report.stop("crs-unusable", found=str(error), field="crs") from None
    work.longitude, work.latitude = _anchor(stored)
    lost = np.flatnonzero(np.isfinite(work.raw_x) & ~np.isfinite(work.longitude + work.latitude))
    if lost.size:
        work.rows("coordinate-out-of-range", [(int(i), f"{work.raw_x[i]:g}, {work.raw_y[i]:g}") for i in lost],
                  field="latitude/longitude")
    work.shapes = stored


def _no_place(work: Work) -> None:
    if work.table.geometry == "point":
        for axis in ("latitude", "longitude"):
            if not _has(work, axis):
                near = _near_head(work, axis)
                work.report.say("column-missing", found=f"no column {work.mapping.expected_heads.get(axis, axis)}"
                                + (f"; nearest: {near}" if near else ""), field=axis,
                                heads=", ".join(work.raw.heads[:30]), made="", made_fr="")
    else:
        work.report.say("geometry-none", found="rows without geometry", field="geometry", wanted=work.table.geometry)


def _near_head(work: Work, axis: str) -> str | None:
    from gis_planner.problems import nearest

    near = nearest(axis, [head.casefold() for head in work.mapping.unused])
    return next((head for head in work.mapping.unused if head.casefold() == near), None)
