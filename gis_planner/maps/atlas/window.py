"""The piece of country that one printed map shows: centre, scale and size on paper, in the region's UTM zone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from gis_planner.crs import Frame, metric_crs, project, unproject

SCALES = (5_000, 7_500, 10_000, 15_000, 20_000, 25_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000, 250_000,
          300_000, 400_000, 500_000, 750_000, 1_000_000, 2_000_000, 5_000_000)
"""Scales that a person measures with easily: 1 to this number."""

_MARGIN = 0.92
_BARS_M = (50, 100, 200, 250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000)
_STEPS_MINUTES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Window:
    """A map on paper. x_m, y_m: centre in metres of `crs`. scale: 1 to this. width_mm, height_mm: size on paper."""

    x_m: float
    y_m: float
    scale: float
    width_mm: float
    height_mm: float
    crs: CRS

    @property
    def mm_per_m(self) -> float:
        """Millimetres on paper for one metre on the ground."""
        return 1000.0 / self.scale

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in metres."""
        half_x, half_y = self.width_mm / self.mm_per_m / 2, self.height_mm / self.mm_per_m / 2
        return self.x_m - half_x, self.y_m - half_y, self.x_m + half_x, self.y_m + half_y

    def to_mm(self, xy_m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Points (n, 2) in metres to millimetres on paper, from the top left corner, downwards."""
        west, _, _, north = self.bounds_m
        return np.column_stack([(xy_m[:, 0] - west) * self.mm_per_m, (north - xy_m[:, 1]) * self.mm_per_m])

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """One place in degrees to millimetres on paper."""
        x_m, y_m = project([longitude], [latitude], self.crs)
        x_mm, y_mm = self.to_mm(np.column_stack([x_m, y_m]))[0]
        return float(x_mm), float(y_mm)

    def degrees(self) -> Frame:
        """The box in degrees that holds the whole map (a little more, as its edges are straight in metres)."""
        west, south, east, north = self.bounds_m
        longitude, latitude = unproject([west, west, east, east], [south, north, south, north], self.crs)
        more = float(np.ptp(longitude)) * 0.02, float(np.ptp(latitude)) * 0.02
        return Frame(float(longitude.min()) - more[0], float(latitude.min()) - more[1],
                     float(longitude.max()) + more[0], float(latitude.max()) + more[1])

    def holds(self, x_mm: float, y_mm: float) -> bool:
        """Whether a point on paper lies on the map."""
        return 0 <= x_mm <= self.width_mm and 0 <= y_mm <= self.height_mm


def window(
    longitudes: Sequence[float], latitudes: Sequence[float], frame: Frame, width_mm: float, height_mm: float, *,
    least_scale: float = SCALES[0], centre: tuple[float, float] | None = None,
) -> Window:
    """The map of the largest scale of `SCALES`, from `least_scale` on, that holds every place with a margin.

    centre: (longitude, latitude) to keep in the middle; else the middle of the places (of the frame when none).
    """
    crs = metric_crs(frame)
    middle = frame.centre if centre is None else centre
    x_m, y_m = project([*longitudes] or [middle[0]], [*latitudes] or [middle[1]], crs)
    if centre is None:
        at = (float(x_m.min() + x_m.max()) / 2, float(y_m.min() + y_m.max()) / 2)
    else:
        east, north = project([centre[0]], [centre[1]], crs)
        at = float(east[0]), float(north[0])
    half_x, half_y = float(np.abs(x_m - at[0]).max()), float(np.abs(y_m - at[1]).max())
    needed = max(half_x * 2000 / (width_mm * _MARGIN), half_y * 2000 / (height_mm * _MARGIN), least_scale)
    scale = next((scale for scale in SCALES if scale >= needed), math.ceil(needed / 1e6) * 1e6)
    return Window(at[0], at[1], float(scale), width_mm, height_mm, crs)


def scale_bar(view: Window) -> tuple[int, float]:
    """(metres, millimetres) of the longest round bar that is at most a third of the map's width."""
    fitting = [length for length in _BARS_M if length * view.mm_per_m <= view.width_mm / 3]
    length = fitting[-1] if fitting else _BARS_M[0]
    return length, length * view.mm_per_m


def ticks(view: Window) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Where round meridians cross the lower edge and round parallels the left edge: (mm, degrees and minutes)."""
    west, south, east, north = view.bounds_m
    x_m = np.array([west, east, west])
    y_m = np.array([south, south, north])
    longitude, latitude = unproject(x_m, y_m, view.crs)
    lower = [
        (float((at - longitude[0]) / (longitude[1] - longitude[0]) * view.width_mm), degrees(at, "EW"))
        for at in _round_values(float(longitude[0]), float(longitude[1]))
    ]
    left = [
        (float((latitude[2] - at) / (latitude[2] - latitude[0]) * view.height_mm), degrees(at, "NS"))
        for at in _round_values(float(latitude[0]), float(latitude[2]))
    ]
    return lower, left


def degrees(value: float, letters: str) -> str:
    """Degrees and minutes with the letter of the hemisphere: 7°54.5′W."""
    tenths = round(abs(value) * 600)
    whole, part = divmod(tenths, 600)
    minutes = f"{part / 10:04.1f}".removesuffix(".0")
    return f"{whole}°{minutes}′{letters[0] if value >= 0 else letters[1]}"


def _round_values(low: float, high: float) -> list[float]:
    """Three to six round values between, in degrees."""
    span = (high - low) * 60
    step = next((step for step in _STEPS_MINUTES if span / step <= 5), _STEPS_MINUTES[-1])
    first = math.ceil(low * 60 / step)
    values = [at * step / 60 for at in range(first, math.floor(high * 60 / step) + 1)]
    return [value for value in values if low + (high - low) * 0.04 <= value <= high - (high - low) * 0.04]
