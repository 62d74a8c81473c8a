"""What must hold of a raster: plausible values, the region covered, not the wrong file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gis_planner.crs import Frame
from gis_planner.layers.rasters import RawRaster
from gis_planner.layers.report import Report
from gis_planner.layers.values.number import MISSING_CODES
from gis_planner.tables.column import Table
from gis_planner.units import feet_to_m

_CODES = MISSING_CODES | {-32768.0, -32767.0, 32767.0, 65535.0, -3.4028234663852886e38, 1e38, 3.4028234663852886e38,
                          -1.7976931348623157e308, 1e30, -1e30, 1e20, -1e20, 2147483647.0, -2147483648.0}
_SINGLE = frozenset(float(np.float32(code)) for code in _CODES if abs(code) < 3.5e38)
_FEET = frozenset({"ft", "feet", "foot", "us survey foot", "us-ft", "international foot"})
_CITY_PER_KM2, _CROWDED_PER_KM2, _CITY_KM2 = 3000.0, 400.0, 1000.0
_NARROW = 3.0
_ONE_VALUE_SHARE = 0.9
_MIDDLE = 0.25
_STEEP_M = 1500.0
_SAMPLE = 1_000_000
_ROWS = 256


@dataclass
class RasterWork:
    """A raster on the bench. values: the cells, changed in place by repairs."""

    table: Table
    raw: RawRaster
    region: Frame
    report: Report
    band: str = "band 1"

    @property
    def values(self) -> np.ndarray:
        """The cells (nan where unknown)."""
        return self.raw.raster.values


def _all_missing(work: RasterWork) -> None:
    if not np.isfinite(work.values).any():
        work.report.say("raster-no-values", found="no cell with a value in the frame", field=work.band)


def _infinite(work: RasterWork) -> None:
    if work.raw.infinite:
        weight = "refuse" if work.table.means_people else "repair"
        work.report.say("raster-infinite", found=f"{work.raw.infinite} cells with an infinite value (inf)",
                        field=work.band, severity=weight)
    work.values[np.isinf(work.values)] = np.nan


def _feet(work: RasterWork) -> None:
    if work.table.name == "elevation" and work.raw.unit.casefold() in _FEET:
        work.report.say("raster-feet", found=f"elevation in {work.raw.unit}", field=work.band)
        work.values[:] = feet_to_m(1.0) * work.values


def _beyond(work: RasterWork) -> None:
    """Values outside the limits of the table: an undeclared nodata value, or damage."""
    column = work.table.columns[0]
    low, high = column.low, column.high
    if low is None or high is None:
        return
    with np.errstate(invalid="ignore"):
        odd = (work.values < low) | (work.values > high)
    if not odd.any():
        return
    found, counts = np.unique(work.values[odd], return_counts=True)
    worst = float(found[0] if found[0] < low else found[-1])
    if found.size == 1 and (worst in _CODES or worst in _SINGLE):
        weight = "refuse" if work.table.means_people else "repair"
        negative = " (negative people)" if work.table.means_people and worst < 0 else ""
        work.report.say("raster-nodata", found=f"{worst:g} in {counts[0]} cells, not declared as nodata{negative}",
                        field=work.band, severity=weight)
    else:
        share = f"{int(odd.sum())} of {odd.size} cells"
        negative = "negative, " if worst < 0 and low == 0 else ""
        work.report.say("raster-out-of-range", field=work.band, limits=f"{low:g} to {high:g}",
                        unit=column.unit, found=f"{worst:g} {column.unit} in a cell, {negative}implausible ({share})")
    work.values[odd] = np.nan


def _cell_km2(work: RasterWork) -> float:
    transform = work.raw.raster.transform
    size = abs(transform.a * transform.e)
    if work.raw.raster.crs.is_geographic:
        return float(size * 111.32**2 * np.cos(np.radians(work.region.centre[1])))
    return size / 1e6


def _density(work: RasterWork) -> None:
    """More people in the region than a city of that size could hold."""
    if work.table.name != "population":
        return
    total, known = float(np.nansum(work.values)), int(np.isfinite(work.values).sum())
    if not known:
        return
    land_km2 = known * _cell_km2(work)
    per_km2 = total / land_km2
    if per_km2 > _CITY_PER_KM2 and land_km2 > _CITY_KM2:
        work.report.say("raster-too-many-people", field=work.band,
                        found=f"a total of {total:,.0f} people, {per_km2:,.0f} a km2: implausible")
    elif per_km2 > _CROWDED_PER_KM2 and land_km2 > _CITY_KM2:
        work.report.say("raster-many-people", field=work.band,
                        found=f"a total of {total:,.0f} people, {per_km2:,.0f} a km2: more than rural land holds")
    elif total == 0:
        work.report.say("raster-nobody", found="a total of 0 people", field=work.band)


def _everywhere(work: RasterWork) -> None:
    """People live in places: nearly the same number in every cell is another raster."""
    known = work.values[np.isfinite(work.values)]
    if work.table.name == "population" and known.size > 100 and known.min() > 0 and known.max() < _NARROW * known.min():
        work.report.say("population-everywhere", field=work.band, found=(
            f"{known.min():g} to {known.max():g} in every cell: implausible as people"))


def _below_sea(work: RasterWork) -> None:
    """Land below the sea nearly everywhere is a sign that was lost."""
    if work.table.name != "elevation":
        return
    with np.errstate(invalid="ignore"):
        below, known = int((work.values < 0).sum()), int(np.isfinite(work.values).sum())
    if known and below > 0.5 * known:
        work.report.say("elevation-below-sea", field=work.band,
                        found=f"{below / known:.0%} of the cells below sea level: implausible")


def _one_value(work: RasterWork) -> None:
    """Land is never one value: a flat elevation is another raster, or an empty one."""
    if work.table.name != "elevation":
        return
    sample = work.values.ravel()[:: max(1, work.values.size // _SAMPLE)]
    known = sample[np.isfinite(sample)]
    if known.size < 16:
        return
    found, counts = np.unique(known, return_counts=True)
    share = counts.max() / known.size
    if share > _ONE_VALUE_SHARE or (found[counts.argmax()] == 0 and share > 0.2):
        work.report.say("elevation-flat", field=work.band, found=(
            f"{found[counts.argmax()]:g} in {share:.0%} of the cells: implausible as elevation (flat)"))


def _spikes(work: RasterWork) -> None:
    """Steps of more than a kilometre and a half between neighbours are errors of the model."""
    if work.table.name != "elevation" or min(work.values.shape) < 2:
        return
    count = 0
    with np.errstate(invalid="ignore"):
        for top in range(0, work.values.shape[0], _ROWS):
            part = work.values[top: top + _ROWS + 1]
            count += int((np.abs(np.diff(part, axis=0)) > _STEEP_M).sum())
            count += int((np.abs(np.diff(part[:_ROWS], axis=1)) > _STEEP_M).sum())
    if count:
        work.report.say("elevation-spikes", found=f"{count} steps of more than {_STEEP_M:g} m between neighbours",
                        field=work.band)


def _cover(work: RasterWork) -> None:
    """The middle of the region must be covered; how much of the rest is, is said."""
    west, south, east, north = work.raw.bounds
    frame = work.region
    wide, high = frame.east - frame.west, frame.north - frame.south
    lon, lat = frame.centre
    slack = 1e-6
    middle = (lon - wide * _MIDDLE / 2, lat - high * _MIDDLE / 2, lon + wide * _MIDDLE / 2, lat + high * _MIDDLE / 2)
    holds = west <= middle[0] + slack and south <= middle[1] + slack and east >= middle[2] - slack and (
        north >= middle[3] - slack)
    covered = max(0.0, min(east, frame.east) - max(west, frame.west)) * max(
        0.0, min(north, frame.north) - max(south, frame.south)) / (wide * high)
    words = f"a cover of {covered:.0%} of the frame ({west:.3f} to {east:.3f} E, {south:.3f} to {north:.3f} N)"
    if not holds:
        work.report.say("raster-cover", found=f"{words}; the middle of the region lies partly outside", field="extent")
    elif covered < 1 - 1e-3:
        work.report.say("raster-part", found=words, field="extent")


def _gaps(work: RasterWork) -> None:
    missing = int(np.isnan(work.values).sum())
    if missing and missing < work.values.size:
        work.report.say("raster-gaps", found=f"{missing} of {work.values.size} cells without a value", field=work.band)


def _fractions(work: RasterWork) -> None:
    """Classes are whole numbers."""
    if work.table.columns[0].kind == "integer":
        known = work.values[np.isfinite(work.values)]
        if (known != np.round(known)).any():
            work.report.say("raster-not-classes", found="fractions where classes are expected", field=work.band)


@dataclass(frozen=True, slots=True)
class RasterRule:
    """One rule: its name and its function."""

    name: str
    run: Callable[[RasterWork], None]


RASTER_RULES: tuple[RasterRule, ...] = (
    RasterRule("infinite", _infinite), RasterRule("feet", _feet), RasterRule("beyond", _beyond),
    RasterRule("all-missing", _all_missing), RasterRule("density", _density), RasterRule("one-value", _one_value),
    RasterRule("everywhere", _everywhere), RasterRule("below-sea", _below_sea),
    RasterRule("spikes", _spikes), RasterRule("fractions", _fractions), RasterRule("cover", _cover),
    RasterRule("gaps", _gaps),
)


def run_raster_rules(work: RasterWork, off: frozenset[str] = frozenset()) -> None:
    """Run every rule that is not switched off."""
    for rule in RASTER_RULES:
        if rule.name not in off:
            rule.run(work)
