"""Positions: many rows at one spot, rounded coordinates, columns that contradict the geometry."""

from __future__ import annotations

import numpy as np

from gis_planner.layers.values.number import numbers
from gis_planner.layers.work import Work

_MANY_AT_ONE_SPOT = 0.5
_LEAST_ROWS = 4
_ROUNDED_SHARE = 0.8
_DEGREES_APART = 0.01
_SHARED_BY_RIGHT = frozenset({"households", "latrines", "drillings"})
"""Kinds of which several may stand at one recorded position."""


def _spots(work: Work, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(group of each row, size of each group) by position to about 10 cm."""
    key = np.round(work.longitude[rows] * 1e6).astype(np.int64) * 400_000_000 + np.round(
        work.latitude[rows] * 1e6).astype(np.int64)
    _, group, size = np.unique(key, return_inverse=True, return_counts=True)
    return group, size


def _located(work: Work) -> np.ndarray:
    return np.flatnonzero(work.kept & np.isfinite(work.longitude))


def coinciding(work: Work) -> None:
    """Different things do not stand at one position: most of a layer refuses it, a few are listed."""
    if work.table.geometry != "point" or work.table.repeated_key or work.shapes is None:
        return
    rows = _located(work)
    if rows.size < 2:
        return
    group, size = _spots(work, rows)
    biggest = int(size.max())
    if biggest > _MANY_AT_ONE_SPOT * rows.size and rows.size >= _LEAST_ROWS:
        first = int(rows[group == size.argmax()][0])
        work.report.say("positions-coincide", row=work.label(first), field="latitude/longitude", found=(
            f"{biggest} of {rows.size} rows at the same position ({work.latitude[first]:.6f}, "
            f"{work.longitude[first]:.6f}; identical coordinates)"))
        return
    if work.table.name in _SHARED_BY_RIGHT:
        return
    shared = rows[size[group] > 1]
    order = np.argsort(group[size[group] > 1], kind="stable")
    listed = []
    members: dict[int, list[int]] = {}
    for index, spot in zip(shared[order], group[size[group] > 1][order], strict=True):
        members.setdefault(int(spot), []).append(int(index))
    for together in members.values():
        names = ", ".join(work.label(index) for index in together[:5])
        listed.append((together[0], f"{len(together)} rows at the same position: {names}"))
    if listed:
        listed.sort()
        work.rows("same-position", listed, field="latitude/longitude")


def _few_decimals(values: np.ndarray, decimals: int) -> np.ndarray:
    scaled = values * 10**decimals
    few: np.ndarray = np.abs(scaled - np.round(scaled)) < 1e-6
    return few


def rounded(work: Work) -> None:
    """Coordinates of two decimals or fewer place a thing to about a kilometre."""
    if work.table.geometry != "point" or work.crs is None or not work.crs.is_geographic:
        return
    rows = _located(work)
    if rows.size < _LEAST_ROWS:
        return
    coarse = _few_decimals(work.raw_x[rows], 2) & _few_decimals(work.raw_y[rows], 2)
    if coarse.mean() >= _ROUNDED_SHARE:
        work.report.say("positions-rounded", field="latitude/longitude",
                        found=f"{int(coarse.sum())} of {rows.size} rows with two decimals or fewer")


def one_axis(work: Work) -> None:
    """The same latitude (or longitude) in every row is a column filled down by mistake."""
    if work.table.geometry != "point" or work.table.name in _SHARED_BY_RIGHT or work.shapes is None:
        return
    rows = _located(work)
    if rows.size < _LEAST_ROWS + 1:
        return
    axes = (("latitude", work.latitude, work.longitude), ("longitude", work.longitude, work.latitude))
    for axis, values, other in axes:
        if np.ptp(values[rows]) < 1e-9 and np.ptp(other[rows]) > _DEGREES_APART:
            work.report.say("axis-constant", found=f"{axis} {values[rows[0]]:g} in all of {rows.size} rows",
                            field=work.mapping.head(axis))


def columns_against_geometry(work: Work) -> None:
    """Where a file has both geometry and coordinate columns, they must say the same."""
    pair = [work.mapping.columns.get(axis) for axis in ("latitude", "longitude")]
    if work.raw.geometry is None or work.table.geometry != "point" or not all(pair):
        return
    lat, lon = (numbers(work.raw.columns[str(head)], decimal_comma=True).values for head in pair)
    with np.errstate(invalid="ignore"):
        apart = (np.abs(lat - work.latitude) > _DEGREES_APART) | (np.abs(lon - work.longitude) > _DEGREES_APART)
    listed = [
        (int(index), f"columns say {lat[index]:g}, {lon[index]:g}; geometry says {work.latitude[index]:g}, "
         f"{work.longitude[index]:g}") for index in np.flatnonzero(apart & work.kept)
    ]
    if listed:
        work.rows("place-contradicts", listed, field=f"{pair[0]}/{pair[1]}")
