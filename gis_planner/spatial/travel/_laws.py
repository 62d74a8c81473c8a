"""How slope changes speed: the laws of each mode, as compiled scalar functions.

A slope is a rise over a horizontal length (0.10 is 10 % uphill in the direction of travel). Each law turns the
speed that the caller gives for flat ground into the speed on a slope.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Final

import numba

WALK_DECAY: Final = 3.5
WALK_BEST_SLOPE: Final = 0.05
WALK_PEAK: Final = math.exp(WALK_DECAY * WALK_BEST_SLOPE)
BICYCLE_MOST: Final = 2.0

_EXP_HALVINGS: Final = 8
_EXP_SCALE: Final = 1.0 / 2**_EXP_HALVINGS
_EXP_CLAMP: Final = 32.0

_RIDER_AND_BICYCLE_N: Final = 9.8 * (80.0 + 15.0)
_ROLLING: Final = 0.012
_DRAG: Final = 0.5 * 0.445 * (1.293 - 0.00426 * 20.0) * math.exp(-500.0 / 7000.0)
_NEWTON_STEPS: Final = 9
_NEWTON_CLOSE_MS: Final = 0.05
_BISECTIONS: Final = 60


class Mode(IntEnum):
    """Ways of moving, as the codes that a mode raster holds."""

    WALK = 1
    BICYCLE = 2
    MOTOR = 3


FASTEST_FACTOR: Final = {Mode.WALK: WALK_PEAK, Mode.BICYCLE: BICYCLE_MOST, Mode.MOTOR: 1.0}
"""The most by which a slope multiplies the flat speed, by mode."""


@numba.njit(inline="always")
def exp_portable(x: float) -> float:  # pragma: no cover - compiled
    """e**x by Taylor and squaring: only IEEE additions and products, so the same bits on every machine (|x| <= 32)."""
    y = x if x < _EXP_CLAMP else _EXP_CLAMP
    y = (y if y > -_EXP_CLAMP else -_EXP_CLAMP) * _EXP_SCALE
    p = 1.0 + y * (1.0 + y * (0.5 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120)))))
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    return p


@numba.njit(inline="always")
def walk_slowness(slope: float) -> float:  # pragma: no cover - compiled
    """Time on a slope over time on the flat, Tobler's hiking function: exp(3.5 |s + 0.05|) / exp(3.5 * 0.05)."""
    return exp_portable(WALK_DECAY * abs(slope + WALK_BEST_SLOPE)) / WALK_PEAK


@numba.njit(cache=True)
def bicycle_speed(flat_kmh: float, slope: float) -> float:  # pragma: no cover - compiled
    """Speed (km/h) of a cyclist who gives on the slope the power that `flat_kmh` needs on the flat.

    Rolling, climbing and air resistance of 95 kg (rider 80, bicycle 15), as AccessMod 5 sets them, at most twice the
    flat speed; AccessMod's nine Newton steps from 20 m/s are kept, so that its times are met. Where those do not settle
    (steep descents, which AccessMod then closes) the root is found by bisection instead.
    """
    flat_ms = flat_kmh / 3.6
    power = flat_ms * (_RIDER_AND_BICYCLE_N * _ROLLING + flat_ms * flat_ms * _DRAG)
    pull = _RIDER_AND_BICYCLE_N * (slope + _ROLLING)
    v = 20.0
    settled = False
    for _ in range(_NEWTON_STEPS):
        nxt = v - (v * (_DRAG * v * v + pull) - power) / (3.0 * _DRAG * v * v + pull)
        settled = abs(nxt - v) < _NEWTON_CLOSE_MS
        v = nxt
        if settled:
            break
    if not settled or not v > 0.0:
        low, high = 0.0, 100.0
        for _ in range(_BISECTIONS):
            v = 0.5 * (low + high)
            if v * (_DRAG * v * v + pull) < power:
                low = v
            else:
                high = v
    return min(v * 3.6, BICYCLE_MOST * flat_kmh)


@numba.njit(cache=True)
def slowness(mode: int, pace: float, slope: float) -> float:  # pragma: no cover - compiled
    """Seconds per metre on `slope` of a cell whose flat pace is `pace` seconds per metre, for one mode."""
    if mode == 1:
        return pace * walk_slowness(slope)
    if mode == 2:
        return 3.6 / bicycle_speed(3.6 / pace, slope)
    return pace
