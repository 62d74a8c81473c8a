"""How much name, parent and place together speak for a pair: log-odds, their chance, and the best one-to-one choice.

The frame is that of Fellegi and Sunter (1969, JASA 64:1183), with likeness in steps instead of equal or not, and the
chance of a pair weighed against every other candidate of both rows, and against no partner at all. The weights were
set on the gazetteer of Mali; `benchmarks/names.py` measures how the chance that they give holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from scipy.spatial import cKDTree

from gis_planner.layers.names.rows import Side, apart_m, globe, parent_key
from gis_planner.layers.names.similarity import Floats, Ints, Spelled, likeness
from gis_planner.layers.names.spelling import forms

_LIKENESS = (0.0, 0.5, 0.7, 0.8, 0.86, 0.92, 0.96, 1.0)
_NAME_LOG_ODDS = (-9.0, -8.0, -4.0, -0.5, 1.5, 4.0, 5.5, 7.0)
_AGREE, _DIFFER = 2.0, -3.5
_HERE, _FALL, _FAR = 2.5, 1.5, -9.0
_POOL, _POOL_ROWS = 0.35, 100
_ROUNDS = 40
SCALE_M, SCALE_ROWS = 1000.0, 5
"""Usual distance between two sources' points of one village, and how many pairs it takes to weigh as much."""
EDGE = -1.2
"""Pairs below these log-odds are never joined."""
PARENT_ALIKE = 0.86


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs, ordered by left then right row.

    alike: likeness of the names, 0 to 1. parent: 1 agrees, -1 differs, 0 unknown. apart_m: NaN where unknown.
    log_odds: for the pair alone. chance: against all other candidates of both rows. scale_m: usual distance found.
    """

    i: Ints
    j: Ints
    alike: Floats
    parent: Ints
    apart_m: Floats
    log_odds: Floats
    chance: Floats
    scale_m: float


def weigh(left: Side, right: Side, i: Ints, j: Ints) -> Pairs:
    """The candidate pairs with all that speaks for and against them."""
    alike = likeness(left.spelled, right.spelled, i, j)
    parent = _parents(left, right, i, j)
    apart = distance_m(left, right, i, j)
    scale = _scale(i, j, alike, parent, apart)
    odds = np.interp(alike, _LIKENESS, _NAME_LOG_ODDS)
    odds = odds + np.where(parent > 0, _AGREE, np.where(parent < 0, _DIFFER, 0.0))
    there = np.isfinite(apart)
    fall = _HERE - _FALL * np.log1p((np.where(there, apart, 0.0) / scale) ** 2)
    odds = odds + np.where(there, np.maximum(fall, _FAR), 0.0)
    alone = np.where((parent == 0) & ~there, _POOL * max(0.0, float(np.log(max(len(right), 1) / _POOL_ROWS))), 0.0)
    odds = odds - alone
    chance = _chances(i, j, odds, len(left), len(right))
    return Pairs(i, j, alike, parent, apart, odds, chance, scale)


def _chances(i: Ints, j: Ints, odds: Floats, lefts: int, rights: int) -> Floats:
    """Chance of each pair over all one-to-one joins, each weighing the exponent of its log-odds (belief propagation).

    Exact where the graph of candidates has no loop, close elsewhere; a fixed number of damped rounds.
    """
    weight = np.exp(odds)
    to_left, to_right = np.ones(len(i)), np.ones(len(i))
    for _ in range(_ROUNDS):
        heard = weight * to_left
        others = np.maximum(np.bincount(i, weights=heard, minlength=lefts)[i] - heard, 0.0)
        new_right = 1.0 / (1.0 + others)
        heard = weight * to_right
        others = np.maximum(np.bincount(j, weights=heard, minlength=rights)[j] - heard, 0.0)
        to_left, to_right = (to_left + 1.0 / (1.0 + others)) / 2, (to_right + new_right) / 2
    both = weight * to_left * to_right
    return np.asarray(both / (1.0 + both), dtype=np.float64)


def _parents(left: Side, right: Side, i: Ints, j: Ints) -> Ints:
    here, code_here = np.unique(np.array(left.parents, dtype=object).astype(str), return_inverse=True)
    there, code_there = np.unique(np.array(right.parents, dtype=object).astype(str), return_inverse=True)
    both, where = np.unique(np.ravel(code_here)[i] * len(there) + np.ravel(code_there)[j], return_inverse=True)
    a, b = both // max(len(there), 1), both % max(len(there), 1)
    alike = likeness(
        Spelled.of([forms(str(one)) for one in here]), Spelled.of([forms(str(one)) for one in there]), a, b
    )
    named_a, named_b = (np.array([bool(parent_key(str(one))) for one in side], dtype=bool) for side in (here, there))
    says = np.where(named_a[a] & named_b[b], np.where(alike >= PARENT_ALIKE, 1, -1), 0)
    return np.asarray(says[where], dtype=np.int64)


def distance_m(left: Side, right: Side, i: Ints, j: Ints) -> Floats:
    """Distance of each pair in metres: point to point, or point to area (0 inside); NaN where a place is unknown."""
    apart = apart_m(left.globe[i], right.globe[j])
    for areas, at, other, on in ((right.areas, j, left, i), (left.areas, i, right, j)):
        if areas is None:
            continue
        point_there = (
            np.ones(len(i), bool)
            if other.areas is None
            else np.array([shape is None for shape in other.areas[on]], dtype=bool)
        )
        ask = np.flatnonzero(
            np.array([shape is not None for shape in areas[at]], dtype=bool) & point_there & other.placed[on]
        )
        if ask.size:
            lon, lat = degrees(other.globe[on[ask]])
            lines = shapely.shortest_line(areas[at[ask]], shapely.points(lon, lat))
            ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
            apart[ask] = apart_m(globe(*ends[:, 0].T), globe(*ends[:, 1].T))
    return apart


def degrees(points: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude of points on the globe."""
    return (
        np.degrees(np.arctan2(points[:, 1], points[:, 0])),
        np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1]))),
    )


def _scale(i: Ints, j: Ints, alike: Floats, parent: Ints, apart: Floats) -> float:
    """Usual distance between points of one place: the median over names alone on both sides, kept near 1 km."""
    sure = np.flatnonzero((alike >= 0.999) & (parent >= 0) & np.isfinite(apart))
    once = (np.bincount(i[sure], minlength=1)[i[sure]] == 1) & (np.bincount(j[sure], minlength=1)[j[sure]] == 1)
    near = apart[sure[once]]
    near = near[near < 10 * SCALE_M]
    if not near.size:
        return SCALE_M
    middle = np.log(max(float(np.median(near)), 1.0))
    mixed = (near.size * middle + SCALE_ROWS * np.log(SCALE_M)) / (near.size + SCALE_ROWS)
    return float(np.clip(np.exp(mixed), 100.0, 2 * SCALE_M))


def assign(pairs: Pairs, lefts: int, rights: int) -> Ints:
    """For each left row the position of its pair in `pairs`, -1 for none: one to one, the sum of log-odds greatest.

    Exact: Jonker and Volgenant's assignment on the sparse graph, each left row with its own place for "no partner".
    """
    chosen = np.full(lefts, -1, dtype=np.int64)
    edge = np.flatnonzero(pairs.log_odds > EDGE)
    if not edge.size:
        return chosen
    rows, row = np.unique(pairs.i[edge], return_inverse=True)
    top = float(pairs.log_odds[edge].max()) + 1.0
    cost = np.concatenate([top - (pairs.log_odds[edge] - EDGE), np.full(len(rows), top)]) - EDGE
    where = np.concatenate([np.ravel(row), np.arange(len(rows))])
    to = np.concatenate([pairs.j[edge], rights + np.arange(len(rows))])
    graph = csr_matrix((cost, (where, to)), shape=(len(rows), rights + len(rows)))
    got_row, got_column = min_weight_full_bipartite_matching(graph)
    position = {(int(pairs.i[k]), int(pairs.j[k])): int(k) for k in edge}
    for one, other in zip(got_row.tolist(), got_column.tolist(), strict=True):
        if other < rights:
            chosen[rows[one]] = position[int(rows[one]), other]
    return chosen


def spacing_m(side: Side) -> float:
    """Median distance from a row to its nearest neighbour; NaN with fewer than two placed rows."""
    points = side.globe[side.placed]
    if len(points) < 2:
        return float("nan")
    return float(np.median(cKDTree(points).query(points, k=[2])[0]))
