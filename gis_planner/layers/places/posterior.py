"""Where a village lies, given a gazetteer's point and things that stand in villages: mixtures on a plane in metres.

The village's place is drawn around its gazetteer point (two-dimensional Student t, so that a few points may be
kilometres off) and is marked by the things that stand there. Each thing is a normal bump on the plane; its mass is what
it says times how likely the gazetteer is off by that much. A thing belongs to one village, so villages that want the
same one share it, by rounds of expectation. What no thing explains stays with the gazetteer's own doubt. A village is
moved only where that lessens the expected error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Complexes = npt.NDArray[np.complex128]

SCALE_M, TAIL = 1300.0, 2.0
"""Spread of gazetteer points around their villages, and the tail of their Student t (2 TAIL - 2 degrees of freedom)."""
NOTHING = 0.15
"""Mass of "no thing marks it", in things of weight 1 that stand at the gazetteer's own point."""
TOGETHER_M, AROUND_M = 250.0, 400.0
"""Bumps are summed over TOGETHER_M to find the spot; things within AROUND_M of it fix the point."""
ROUNDS = 2
FARTHEST_M = 4000.0


@dataclass(frozen=True)
class Spot:
    """x_m, y_m: the likeliest place, or the gazetteer's own where moving would not help.

    doubt_m: the village lies within this distance with the asked share. share: mass of the things at the likeliest
    place, of all. things: their positions. better: whether going there lessens the expected error.
    """

    x_m: float
    y_m: float
    doubt_m: float
    share: float
    things: Ints
    better: bool


def off_by(distance_m: Floats) -> Floats:
    """How likely the gazetteer is off by a distance, against not at all."""
    return np.asarray((1.0 + (distance_m / SCALE_M) ** 2) ** -TAIL, dtype=np.float64)


def shares(village: Ints, thing: Ints, mass: Floats, villages: int, things: int) -> Floats:
    """The mass of each (village, thing) pair when each thing belongs to one village: by `ROUNDS` of expectation."""
    kept = mass.copy()
    for _ in range(ROUNDS):
        wish = kept / (np.bincount(village, weights=kept, minlength=villages)[village] + NOTHING)
        total = np.bincount(thing, weights=wish, minlength=things)[thing]
        kept = mass * np.divide(wish, total, out=np.zeros_like(wish), where=total > 0)
    return kept


def spot(home: Floats, points: Floats, mass: Floats, spread_m: Floats, within: float) -> Spot:
    """The place of one village. home: (2,) gazetteer. points: (n, 2) things, with their mass and spread; metres."""
    if not len(points):
        return Spot(float(home[0]), float(home[1]), _own_doubt(within), 0.0, np.empty(0, dtype=np.int64), better=False)
    tree = cKDTree(points)
    close = tree.sparse_distance_matrix(tree, 3 * TOGETHER_M, output_type="ndarray")
    bump = mass[close["j"]] * np.exp(-0.5 * (close["v"] / TOGETHER_M) ** 2)
    height = np.bincount(close["i"], weights=bump, minlength=len(points))
    best = int(np.argmax(height))
    around = np.flatnonzero(np.hypot(*(points - points[best]).T) <= AROUND_M)
    weight = mass[around] / spread_m[around] ** 2
    x, y = np.average(points[around], axis=0, weights=weight)
    where, chance = _cloud(home, points, mass, spread_m)
    stay, go = complex(home[0], home[1]), complex(x, y)
    better = _loss(go, where, chance) < _loss(stay, where, chance)
    at = go if better else stay
    share = float(mass[around].sum() / (mass.sum() + NOTHING))
    return Spot(at.real, at.imag, _radius(at, where, chance, within), share, around.astype(np.int64), better)


_RINGS = (np.arange(32) + 0.5) / 32
_TURNS = np.exp(2j * np.pi * _RINGS)


def _own_doubt(within: float) -> float:
    """Radius that holds `within` of the gazetteer's own error: the quantile of the planar Student t."""
    return float(SCALE_M * np.sqrt((1 - within) ** (-1 / (TAIL - 1)) - 1))


def _cloud(home: Floats, points: Floats, mass: Floats, spread_m: Floats) -> tuple[Complexes, Floats]:
    """The mixture as points of the plane (x + iy) with their chances: fixed quantiles of each part, no draw."""
    rings = np.sqrt(-2 * np.log(1 - _RINGS)) * _TURNS[(np.arange(32) * 13) % 32]
    parts = (points[:, 0] + 1j * points[:, 1])[:, None] + spread_m[:, None] * rings[None, :]
    own = np.array([_own_doubt(one) for one in _RINGS])
    nothing = complex(home[0], home[1]) + own[:, None] * _TURNS[None, ::4]
    weight = np.concatenate([np.repeat(mass / 32, 32), np.full(nothing.size, NOTHING / nothing.size)])
    return np.concatenate([parts.ravel(), nothing.ravel()]), np.asarray(weight / weight.sum(), dtype=np.float64)


def _loss(at: complex, where: Complexes, chance: Floats) -> float:
    """Expected error, errors beyond FARTHEST_M counted as that."""
    return float(np.sum(chance * np.minimum(np.abs(where - at), FARTHEST_M)))


def _radius(at: complex, where: Complexes, chance: Floats, within: float) -> float:
    """Radius around `at` that holds the share `within` of the mixture."""
    distance = np.abs(where - at)
    order = np.argsort(distance, kind="stable")
    reach = np.cumsum(chance[order])
    return float(distance[order][min(int(np.searchsorted(reach, within)), len(order) - 1)])
