"""The region guard: rows must lie in the frame; where they do not, the usual mistakes are tried and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from gis_planner.crs import STORE, WEB_MERCATOR, Frame, metric_crs
from gis_planner.layers.frames import MALI, as_typed, latitude_first
from gis_planner.layers.work import Work

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEAR_DEGREES = 3.0
"""Rows within this distance of the frame are a wider extract, not a mistake."""
_MOST, _EXPLAINS = 0.5, 0.9
_MARGIN_DEGREES = 0.05


@dataclass(frozen=True)
class Mistake:
    """One usual mistake: its finding code, the words for it, and the undoing (x, y as written -> degrees)."""

    code: str
    words: str
    undo: Callable[[Floats, Floats], tuple[Floats, Floats]]


def inside(longitude: Floats, latitude: Floats, frame: Frame, margin: float = 0.0) -> Bools:
    """Which points lie in the frame, widened by `margin` degrees."""
    with np.errstate(invalid="ignore"):
        fits: Bools = (
            (longitude >= frame.west - margin) & (longitude <= frame.east + margin)
            & (latitude >= frame.south - margin) & (latitude <= frame.north + margin)
        )
    return fits


def _from(crs: CRS, swap: bool = False) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    turn = Transformer.from_crs(crs, STORE, always_xy=True)

    def undo(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        lon, lat = turn.transform(y, x) if swap else turn.transform(x, y)
        return np.asarray(lon, float), np.asarray(lat, float)

    return undo


def _shift(power: int) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    def undo(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return np.where(np.abs(x) > 180, x / 10.0**power, x), np.where(np.abs(y) > 90, y / 10.0**power, y)

    return undo


def _sign_mistakes() -> Iterator[Mistake]:
    yield Mistake("coordinates-swapped", "latitude and longitude swapped (order)", lambda x, y: (y, x))
    yield Mistake("longitude-sign", "a longitude without its minus sign", lambda x, y: (-x, y))
    yield Mistake("latitude-sign", "a latitude with the wrong sign", lambda x, y: (x, -y))
    yield Mistake("longitude-sign", "longitude and latitude both with the wrong sign", lambda x, y: (-x, -y))
    yield Mistake("coordinates-swapped", "latitude and longitude swapped, and a minus sign lost",
                  lambda x, y: (-np.abs(y), np.abs(x)))


def mistakes(crs: CRS, frame: Frame, size: float) -> Iterator[Mistake]:
    """The mistakes to try for coordinates declared in `crs` whose largest value is `size`."""
    zone = int(metric_crs(frame).to_epsg() or 0)
    zones = [CRS.from_epsg(code) for code in (zone, zone - 1, zone + 1, zone - 2, zone + 2)
             if 32601 <= code <= 32660 or 32701 <= code <= 32760]
    if crs.is_geographic:
        if size <= 180:
            yield from _sign_mistakes()
            return
        for one in zones[:3]:
            yield Mistake("crs-metres-called-degrees", f"metres of {one.name} called degrees", _from(one))
            yield Mistake("crs-metres-called-degrees", f"metres of {one.name} called degrees, axes swapped",
                          _from(one, swap=True))
        yield Mistake("crs-metres-called-degrees", "metres of Web Mercator called degrees", _from(WEB_MERCATOR))
        for power in range(1, 9):
            yield Mistake("decimal-point-lost", f"a lost decimal point ({10**power:,} times too large)", _shift(power))
        return
    if size <= 180:
        name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
        yield Mistake("crs-degrees-called-metres", f"degrees called metres of {name}", lambda x, y: (x, y))
        yield Mistake("crs-degrees-called-metres", f"degrees (latitude first) called metres of {name}",
                      lambda x, y: (y, x))
        return
    for one in zones:
        if one != crs:
            yield Mistake("utm-zone-wrong", f"coordinates of {one.name} (EPSG:{one.to_epsg()}) called "
                          f"{crs.name} (EPSG:{crs.to_epsg()})", _from(one))
    yield Mistake("coordinates-swapped", "easting and northing swapped (order)", _from(crs, swap=True))


def _size(x: Floats, y: Floats) -> float:
    both = np.abs(np.concatenate([x, y]))
    both = both[np.isfinite(both)]
    return float(np.median(both)) * 2 if both.size else 0.0


def diagnose(x: Floats, y: Floats, crs: CRS, frame: Frame, least: float = _EXPLAINS) -> Mistake | None:
    """The mistake that brings most of these outside points into the frame, or None."""
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return None
    size = float(np.nanpercentile(np.maximum(np.abs(x[known]), np.abs(y[known])), 50))
    for mistake in mistakes(crs, frame, size):
        lon, lat = mistake.undo(x[known], y[known])
        if inside(lon, lat, frame, _MARGIN_DEGREES).mean() >= least:
            return mistake
    return None


def _shown(work: Work, index: int) -> str:
    if work.crs is not None and not work.crs.is_geographic:
        return f"x {work.raw_x[index]:.10g}, y {work.raw_y[index]:.10g} outside the frame"
    return f"latitude {work.raw_y[index]:.10g}, longitude {work.raw_x[index]:.10g}"


def _field(work: Work) -> str:
    names = [work.mapping.head(axis) for axis in ("latitude", "longitude") if axis in work.mapping.columns]
    return "/".join(names) or "geometry"


def _one_by_one(work: Work, strays: npt.NDArray[np.int64]) -> None:
    """Rows outside, each tried against the mistakes; the rest is far away, or a wider extract."""
    assert work.crs is not None  # noqa: S101
    left = np.ones(len(strays), bool)
    x, y = work.raw_x[strays], work.raw_y[strays]
    near = inside(work.longitude[strays], work.latitude[strays], work.region, NEAR_DEGREES)
    found: dict[str, list[tuple[int, str]]] = {}
    sizes = np.maximum(np.abs(x), np.abs(y))
    for small in (True, False):
        part = left & ((sizes <= 180) if small else (sizes > 180)) & np.isfinite(sizes) & ~near
        if not part.any():
            continue
        for mistake in mistakes(work.crs, work.region, 100.0 if small else 1e6):
            lon, lat = mistake.undo(x, y)
            hits = left & part & inside(lon, lat, work.region)
            for place in np.flatnonzero(hits):
                index = int(strays[place])
                found.setdefault(mistake.code, []).append((index, f"{_shown(work, index)}: {mistake.words}?"))
            left &= ~hits
    for place in np.flatnonzero(left):
        index = int(strays[place])
        if work.crs.is_geographic and (abs(work.raw_y[index]) > 90 or abs(work.raw_x[index]) > 180):
            found.setdefault("coordinate-out-of-range", []).append((index, _shown(work, index)))
        else:
            code = "outside-frame" if near[place] else "far-away"
            found.setdefault(code, []).append((index, _shown(work, index)))
    for code, listed in found.items():
        if code == "outside-frame" and not work.table.means_people:
            work.outside[[index for index, _ in listed]] = True
            work.report.say("wider-extract", found=f"{len(listed)} of {len(work)} rows outside the frame",
                            field=_field(work), severity="note")
        else:
            work.rows(code, listed, field="latitude/longitude" if code == "coordinate-out-of-range" else _field(work),
                      frame=work.region.as_tuple())


def guard(work: Work) -> None:
    """Every located row inside the frame, or said why not; a mistake of the whole layer is one refusal.

    Raises `Refused` when the frame is at fault, not the rows: nothing else that would be said of them holds then.
    """
    if work.crs is None or work.shapes is None:
        return
    known = np.isfinite(work.raw_x) & np.isfinite(work.raw_y) & ~work.doubtful
    null = known & (work.raw_x == 0) & (work.raw_y == 0)
    if null.any():
        where = np.flatnonzero(null)
        work.rows("null-island", [(int(i), "latitude 0, longitude 0") for i in where], field=_field(work))
    known &= ~null
    if work.table.geometry != "point":
        _stray_vertices(work, known)
    fits = inside(work.longitude, work.latitude, work.region)
    if work.table.geometry != "point":
        fits |= _touches(work)
    strays = np.flatnonzero(known & ~fits)
    if not strays.size:
        return
    near = inside(work.longitude[strays], work.latitude[strays], work.region, NEAR_DEGREES)
    mostly = strays.size > _MOST * known.sum()
    turned = latitude_first(work.region) if mostly else None
    if turned is not None and inside(work.longitude[strays], work.latitude[strays], MALI).mean() >= _EXPLAINS:
        raise work.report.stop(
            "frame-latitude-first", field="frame", turned=as_typed(turned),
            found=f"{strays.size} of {int(known.sum())} rows in Mali, outside the frame {as_typed(work.region)}")
    mistake = diagnose(work.raw_x[strays], work.raw_y[strays], work.crs, work.region) if mostly else None
    if mistake and mistake.code not in work.report.off and near.mean() < _MOST:
        first = int(strays[0])
        work.report.say(mistake.code, field="crs" if mistake.code.startswith(("crs", "utm")) else "latitude/longitude",
                        found=f"{mistake.words} in {strays.size} of {int(known.sum())} rows ({work.label(first)}: "
                        f"{_shown(work, first)})", severity="refuse", row=f"{strays.size} rows",
                        frame=work.region.as_tuple())
        work.doubtful[strays] = True
        return
    _one_by_one(work, strays)
    work.settle()
    if not (work.kept & known).any() and not work.doubtful.all():
        work.report.say("nothing-in-frame", found=f"none of {len(work)} rows in the frame", field=_field(work),
                        frame=work.region.as_tuple())


def _stray_vertices(work: Work, known: Bools) -> None:
    """Lines and polygons that meet the frame but have a vertex far away (a slip, or the wrong side of the world)."""
    frame = work.region
    west, south, east, north = shapely.bounds(work.shapes).T
    with np.errstate(invalid="ignore"):
        far = (west < frame.west - NEAR_DEGREES) | (east > frame.east + NEAR_DEGREES) | (
            south < frame.south - NEAR_DEGREES) | (north > frame.north + NEAR_DEGREES)
        listed = np.flatnonzero(known & _touches(work) & far)
    if listed.size:
        work.rows("vertex-far", [
            (int(i), f"a vertex far away (bounds {west[i]:.3f} to {east[i]:.3f} E, {south[i]:.3f} to {north[i]:.3f} N)")
            for i in listed], field="geometry", frame=frame.as_tuple())
        work.settle()


def _touches(work: Work) -> Bools:
    """Lines and polygons whose bounds meet the frame."""
    west, south, east, north = shapely.bounds(work.shapes).T
    frame = work.region
    with np.errstate(invalid="ignore"):
        meets: Bools = (west <= frame.east) & (east >= frame.west) & (south <= frame.north) & (north >= frame.south)
    return meets
