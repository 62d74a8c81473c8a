"""Small regions drawn from a seed, and every planning function asked in one way, for the properties that all share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise import allocate, cover, cover_more, median

Arrays = dict[str, np.ndarray]
DEMAND, SITES = 14, 7
ROWS, COLUMNS = ("weight", "people", "rank"), ("cost", "works", "room", "group")
TABLES = ("reach", "table", "travel")


def region(seed: int) -> Arrays:
    """14 demands, 7 sites; every demand is in reach of some site. Weights are powers of two: no two sets of demands
    weigh the same, so plans of equal value serve the same demands."""
    random = np.random.default_rng(seed)
    reach = random.random((DEMAND, SITES)) < 0.3
    reach[np.arange(DEMAND), random.integers(0, SITES, DEMAND)] = True
    return {
        "reach": reach, "weight": 2.0 ** random.permutation(DEMAND), "rank": random.integers(0, 3, DEMAND),
        "cost": random.integers(1, 9, SITES), "works": np.round(random.uniform(0.2, 0.95, SITES), 2),
        "table": random.integers(1, 90, (DEMAND, SITES)).astype(float), "people": random.integers(0, 40, DEMAND),
        "room": random.integers(5, 60, SITES), "travel": random.integers(1, 9999, (DEMAND, SITES)).astype(float),
        "group": np.full(SITES, -1),
    }


def _reach(a: Arrays) -> csr_array:
    return csr_array(a["reach"])


def _share(a: Arrays) -> csr_array:
    return csr_array(np.where(a["reach"], np.round(1.0 - a["table"] / 100.0, 2), 0.0))


def _travel(a: Arrays) -> csr_array:
    return csr_array(np.where(a["reach"], a["travel"], 0.0))


def _room(a: Arrays, **limits: Any) -> Any:
    return cover.capacitated_cover(_reach(a), a["people"], a["room"], cost=a["cost"], travel=_travel(a),
                                   exclusive=a["group"], **limits)


METHODS: dict[str, tuple[Callable[[Arrays, Any], Any], tuple[int, int, int], int]] = {
    "max_cover by number": (lambda a, n: cover.max_cover(_reach(a), a["weight"], limit=n), (1, 2, 4), 1),
    "max_cover by money": (lambda a, n: cover.max_cover(_reach(a), a["weight"], cost=a["cost"], budget=n),
                           (9, 12, 20), 1),
    "max_cover by both": (lambda a, n: cover.max_cover(_reach(a), a["weight"], limit=3, cost=a["cost"], budget=n),
                          (9, 12, 20), 1),
    "partial_cover by number": (lambda a, n: cover_more.partial_cover(_share(a), a["weight"], limit=n), (1, 2, 4), 1),
    "partial_cover by money": (lambda a, n: cover_more.partial_cover(_share(a), a["weight"], cost=a["cost"], budget=n),
                               (9, 12, 20), 1),
    "expected_cover by number": (lambda a, n: cover_more.expected_cover(_reach(a), a["weight"], a["works"], limit=n),
                                 (1, 2, 4), 1),
    "expected_cover by money": (lambda a, n: cover_more.expected_cover(
        _reach(a), a["weight"], a["works"], cost=a["cost"], budget=n), (9, 12, 20), 1),
    "capacitated_cover by number": (lambda a, n: _room(a, limit=n), (1, 2, 4), 1),
    "capacitated_cover by money": (lambda a, n: _room(a, budget=n), (9, 12, 20), 1),
    "p_median": (lambda a, n: median.p_median(a["table"], a["weight"], n), (1, 2, 4), -1),
    "p_center": (lambda a, n: median.p_center(a["table"], n), (1, 2, 4), -1),
}
"""Name: how it is asked with a number or an amount, three of these, and 1 where more is better, -1 where less is."""

WHOLE: dict[str, tuple[Callable[[Arrays], Any], int]] = {
    "set_cover": (lambda a: cover.set_cover(_reach(a)), -1),
    "set_cover by money": (lambda a: cover.set_cover(_reach(a), cost=a["cost"]), -1),
    "least_served_first": (lambda a: cover_more.least_served_first(_reach(a), a["weight"], a["rank"], limit=2), 1),
    "assign": (lambda a: allocate.assign(_travel(a), a["people"], a["room"]), -1),
}
"""Methods without an amount to raise."""

ALL: dict[str, tuple[Callable[[Arrays], Any], int]] = {
    **{name: (lambda a, call=call, sizes=sizes: call(a, sizes[1]), sign)  # type: ignore[misc]
       for name, (call, sizes, sign) in METHODS.items()}, **WHOLE}


def permuted(arrays: Arrays, rows: np.ndarray, columns: np.ndarray) -> Arrays:
    """The same region with demands and sites in another order."""
    return {name: given[rows] if name in ROWS else given[columns] if name in COLUMNS else given[rows][:, columns]
            for name, given in arrays.items()}


def doubled(arrays: Arrays, site: int) -> Arrays:
    """The same region with one site a second time, at the end."""
    twice = np.append(np.arange(SITES), site)
    return permuted(arrays, np.arange(DEMAND), twice)


def ways(seed: int, places: int, side: int) -> np.ndarray:
    """(places, places) straight ways between points drawn in a square of that side."""
    xy = np.random.default_rng(seed).integers(0, side, (places, 2))
    return np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
