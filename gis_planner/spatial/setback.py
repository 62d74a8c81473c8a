"""Setbacks: what must keep away from what, both ways, with the reason for each candidate that is refused.

A setback is symmetric: a new well keeps from every latrine, and a new latrine from every well, by the same rule. The
distance itself comes from the standards, never from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gis_planner.problems import Finding, Severity
from gis_planner.spatial._arrays import Bools, Floats, distance_limit, places
from gis_planner.spatial.distance import nearest, to_geometries
from gis_planner.spatial.reach import reach_matrix

NEAR_ENOUGH_M = 1e-9


@dataclass(frozen=True, slots=True)
class Setback:
    """One rule: candidates stay at least `distance_m` from `what` (places (n, 2) in metres, or shapely geometries).

    distance_m = 0 with polygons means "not inside". name, name_fr: the words of the reason ("a latrine").
    """

    name: str
    what: npt.ArrayLike
    distance_m: float
    name_fr: str = ""


def clearance(xy_m: npt.ArrayLike, what: npt.ArrayLike) -> Floats:
    """(n,) metres from each place to the nearest of `what` (places (m, 2) or geometries); inf when there is none."""
    things = np.asarray(what)
    if things.size == 0:
        return np.full(len(places(xy_m, "xy_m")), np.inf)
    if things.dtype == object and things.ndim == 1:
        return to_geometries(xy_m, things)
    return nearest(xy_m, things)[0]


def keeps(xy_m: npt.ArrayLike, setback: Setback) -> Bools:
    """(n,) True where a place keeps the setback: at exactly the distance it does; inside a polygon never."""
    limit = distance_limit(setback.distance_m, setback.name)
    metres = clearance(xy_m, setback.what)
    return np.asarray((metres >= limit - NEAR_ENOUGH_M) & ((limit > 0) | (metres > 0)), dtype=bool)


def check(xy_m: npt.ArrayLike, setbacks: Sequence[Setback]) -> pd.DataFrame:
    """One row per candidate: allowed, reason, reason_fr (of the rule missed by most metres), nearest_m of that rule.

    Candidates that keep every rule have an empty reason and nan metres.
    """
    xy = places(xy_m, "xy_m")
    worst = np.zeros(len(xy))
    reason, reason_fr = np.full(len(xy), "", object), np.full(len(xy), "", object)
    near = np.full(len(xy), np.nan)
    allowed = np.ones(len(xy), bool)
    for rule in setbacks:
        kept = keeps(xy, rule)
        metres = clearance(xy, rule.what)
        missing = np.where(kept, -1.0, rule.distance_m - metres)
        here = ~kept & (allowed | (missing > worst))
        allowed &= kept
        worst[here], near[here] = missing[here], metres[here]
        for index in np.flatnonzero(here):
            reason[index], reason_fr[index] = _words(rule, metres[index])
    return pd.DataFrame({"allowed": allowed, "reason": reason, "reason_fr": reason_fr, "nearest_m": near})


def _words(rule: Setback, metres: float) -> tuple[str, str]:
    name_fr = rule.name_fr or rule.name
    if rule.distance_m == 0 or metres == 0:
        return f"inside {rule.name}", f"dans {name_fr}"
    return (f"{metres:.0f} m from {rule.name}, at least {rule.distance_m:g} m asked",
            f"à {metres:.0f} m {_of(name_fr)}, au moins {rule.distance_m:g} m demandés")


def _of(name_fr: str) -> str:
    """French "de" before a name: d'une tombe, de la rivière."""
    return f"d'{name_fr}" if name_fr[:1].casefold() in "aeiouyéèêh" else f"de {name_fr}"


def _within(rule: Setback) -> tuple[str, str]:
    """Where a rule forbids a place: on or inside what may not be entered, else nearer than its distance."""
    name_fr = rule.name_fr or rule.name
    if rule.distance_m > 0:
        return f"within {rule.distance_m:g} m of {rule.name}", f"à moins de {rule.distance_m:g} m {_of(name_fr)}"
    inside = "inside" if rule.name.startswith(("a ", "an ")) else "on"
    return f"{inside} {rule.name}", f"{'sur' if name_fr.startswith('un ') else 'dans'} {name_fr}"


def removed(xy_m: npt.ArrayLike, setbacks: Sequence[Setback], field: str = "candidates") -> list[Finding]:
    """One note per rule that removes candidates: how many it removes, and how many it alone removes."""
    xy = places(xy_m, "xy_m")
    failing = np.array([~keeps(xy, rule) for rule in setbacks]).reshape(len(setbacks), len(xy))
    alone = failing.sum(axis=0) == 1
    return [
        Finding("candidates-removed", Severity.NOTE,
                f"{int(bad.sum())} of {len(xy)} places {_within(rule)[0]} "
                f"({int((bad & alone).sum())} by this rule alone)", "", "They are not candidates.",
                f"Les lieux {_within(rule)[1]} ne sont pas candidats.",
                field=field)
        for rule, bad in zip(setbacks, failing, strict=True) if bad.any()
    ]


def conflicts(one_xy_m: npt.ArrayLike, two_xy_m: npt.ArrayLike, distance_m: float) -> pd.DataFrame:
    """Pairs nearer than the setback: one, two (row numbers) and metres, ordered. The same pairs whichever way asked."""
    matrix = reach_matrix(one_xy_m, two_xy_m, distance_m)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    near = matrix.data < distance_m - NEAR_ENOUGH_M
    return pd.DataFrame({"one": row[near], "two": matrix.indices[near].astype(np.int64), "metres": matrix.data[near]})


def thinned(xy_m: npt.ArrayLike, distance_m: float, *, order: npt.ArrayLike | None = None) -> Bools:
    """(n,) True for places kept so that no two are nearer than `distance_m`; taken in `order` (default: as given)."""
    xy = places(xy_m, "xy_m")
    matrix = reach_matrix(xy, xy, distance_m)
    sequence = np.arange(len(xy)) if order is None else np.asarray(order, dtype=np.int64)
    kept, blocked = np.zeros(len(xy), bool), np.zeros(len(xy), bool)
    for index in sequence:
        if not blocked[index]:
            kept[index] = True
            run = slice(matrix.indptr[index], matrix.indptr[index + 1])
            blocked[matrix.indices[run][matrix.data[run] < distance_m - NEAR_ENOUGH_M]] = True
    return kept


def buffer_union(geometries: npt.ArrayLike, distance_m: float, *, tolerance_m: float = 0.5) -> shapely.Geometry:
    """The ground within `distance_m` of any geometry, one polygon; arcs are drawn within `tolerance_m` of the circle.

    For maps. Decide with `keeps`, which measures instead of drawing.
    """
    limit = distance_limit(distance_m, "distance_m")
    ratio = min(max(tolerance_m / max(limit, tolerance_m), 1e-6), 0.29)
    segments = max(int(np.ceil(np.pi / 4 / np.arccos(1 - ratio))), 4)
    return shapely.union_all(shapely.buffer(np.asarray(geometries, dtype=object), limit, quad_segs=segments))
