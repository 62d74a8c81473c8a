"""Where each row lies: geometry or coordinate columns, of the type that the layer needs, in degrees."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from gis_planner.crs import STORE
from gis_planner.layers.values.coordinate import coordinates
from gis_planner.layers.values.number import numbers
from gis_planner.layers.columns import cells_of
from gis_planner.layers.work import Work

_POINT, _LINES, _POLYGONS, _MULTIPOINT = 0, (1, 5), (3, 6), 4
_DEGREES_FIT = 180.0


def _column(work: Work, axis: str, degrees: bool) -> np.ndarray:  # type: ignore[type-arg]
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
    if out.missing:
        work.rows("coordinate-missing", [(index, "no coordinate" if not cells[index].strip() else
                                          f"the text {cells[index].strip()}") for index in out.missing], field=name)
    return out.values


def _has(work: Work, *columns: str) -> bool:
    return all(column in work.mapping.columns or column in work.mapping.derive for column in columns)


def _from_columns(work: Work, crs: CRS | None) -> bool:
    """Points from coordinate columns; False when the file has none."""
    if _has(work, "latitude", "longitude"):
        given = crs or STORE
        y, x = (_column(work, axis, degrees=given.is_geographic) for axis in ("latitude", "longitude"))
    elif _has(work, "x_m", "y_m"):
        x, y = (_column(work, axis, degrees=False) for axis in ("x_m", "y_m"))
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


def _points(work: Work, shapes: np.ndarray, kinds: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    single = (kinds == _MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    areas = np.isin(kinds, _POLYGONS)
    if areas.any():
        work.report.say("polygon-as-point", found=f"{int(areas.sum())} polygons where points are expected",
                        field="geometry", row=work.label(int(np.flatnonzero(areas)[0])))
        shapes[areas] = shapely.point_on_surface(shapes[areas])
    return single | areas | (kinds == _POINT)


def _right_type(work: Work) -> None:
    """Geometry of the type of the table; others are faults."""
    assert work.shapes is not None  # noqa: S101
    shapes = shapely.force_2d(work.shapes)
    empty = shapely.is_empty(shapes) & (shapes != None)  # noqa: E711
    if empty.any():
        work.rows("geometry-missing", [(int(i), "an empty geometry") for i in np.flatnonzero(empty)], field="geometry")
        shapes[empty] = None
    kinds = shapely.get_type_id(shapes)
    fits = {
        "point": lambda: _points(work, shapes, kinds), "line": lambda: np.isin(kinds, (*_LINES, 2)),
        "polygon": lambda: np.isin(kinds, _POLYGONS),
    }[work.table.geometry]()
    wrong = np.flatnonzero((kinds >= 0) & ~fits)
    if wrong.size:
        work.rows("geometry-type", [(int(i), f"a {shapes[i].geom_type}") for i in wrong], field="geometry",
                  wanted=work.table.geometry)
        shapes[wrong] = None
    work.shapes = shapes


def _anchor(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """x, y of one point of each geometry: the middle of its bounds."""
    west, south, east, north = shapely.bounds(shapes).T
    return (west + east) / 2, (south + north) / 2


def transform(shapes: np.ndarray, crs: CRS) -> np.ndarray:  # type: ignore[type-arg]
    """Geometry of `crs` in degrees; not-a-number where it cannot be converted."""
    if crs == STORE:
        return shapes
    turn = Transformer.from_crs(crs, STORE, always_xy=True)

    def move(points: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
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
                                heads=", ".join(work.raw.heads[:30]))
    else:
        work.report.say("geometry-none", found="rows without geometry", field="geometry", wanted=work.table.geometry)


def _near_head(work: Work, axis: str) -> str | None:
    from gis_planner.problems import nearest

    near = nearest(axis, [head.casefold() for head in work.mapping.unused])
    return next((head for head in work.mapping.unused if head.casefold() == near), None)
