"""Polygons: no area, crossing themselves, covering everything, overlapping."""

from __future__ import annotations

import numpy as np
import shapely

from gis_planner.layers.work import Work

_LEAST_AREA = 1e-10
_WHOLE = 0.98
_CHANGED = 0.05
_OVERLAP = 0.02
_SMALL_FRAME_SHARE = 0.5


def _there(work: Work) -> np.ndarray:
    if work.table.geometry != "polygon" or work.shapes is None:
        return np.array([], dtype=np.int64)
    return np.flatnonzero(work.kept & shapely.is_geometry(work.shapes))


def area(work: Work) -> None:
    """A polygon without area covers nothing."""
    rows = _there(work)
    if rows.size:
        flat = rows[shapely.area(shapely.make_valid(work.shapes[rows])) < _LEAST_AREA]  # type: ignore[index]
        if flat.size:
            work.rows("polygon-without-area", [(int(index), "a polygon of zero area") for index in flat],
                      field="geometry")


def validity(work: Work) -> None:
    """A ring that crosses itself is mended when its area hardly changes, else the row is in doubt."""
    rows = _there(work)
    if not rows.size:
        return
    assert work.shapes is not None  # noqa: S101
    mended, doubtful = [], []
    for index in rows[~shapely.is_valid(work.shapes[rows])]:
        why = shapely.is_valid_reason(work.shapes[index])
        made = shapely.make_valid(work.shapes[index])
        parts = [part for part in getattr(made, "geoms", [made]) if part.geom_type in {"Polygon", "MultiPolygon"}]
        whole = shapely.union_all(parts) if parts else None
        before = abs(work.shapes[index].area)
        if whole is None or before == 0 or abs(whole.area - before) > _CHANGED * before:
            doubtful.append((int(index), f"a polygon that crosses itself ({why})"))
        else:
            work.shapes[index] = whole
            mended.append((int(index), f"a ring that crosses itself ({why})"))
    if mended:
        work.rows("polygon-mended", mended, field="geometry")
    if doubtful:
        work.rows("polygon-crosses", doubtful, field="geometry")


def covers_region(work: Work) -> None:
    """Zones that leave no place to build leave no candidate."""
    rows = _there(work)
    if not rows.size:
        return
    assert work.shapes is not None  # noqa: S101
    frame = shapely.box(*work.region.as_tuple())
    covered = shapely.union_all(shapely.make_valid(work.shapes[rows]))
    share = covered.intersection(frame).area / frame.area
    if share > _WHOLE:
        work.report.say("zones-cover-all", row=work.label(int(rows[0])), field="geometry",
                        found=f"exclusion zones over {share:.0%} of the region")
    elif share > _SMALL_FRAME_SHARE:
        work.report.say("zones-cover-most", row=work.label(int(rows[0])), field="geometry",
                        found=f"exclusion zones over {share:.0%} of the region")


def overlaps(work: Work) -> None:
    """Communes do not overlap: a village in both would belong to two."""
    rows = _there(work)
    if rows.size < 2:
        return
    assert work.shapes is not None  # noqa: S101
    shapes = shapely.make_valid(work.shapes[rows])
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    listed = []
    for one, two in zip(left, right, strict=True):
        if one < two:
            common = shapes[one].intersection(shapes[two]).area
            if common > _OVERLAP * min(shapes[one].area, shapes[two].area):
                listed.append((int(rows[one]), f"an overlap with {work.label(int(rows[two]))}"))
    if listed:
        work.rows("polygons-overlap", listed, field="geometry")
