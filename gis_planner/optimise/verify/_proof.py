"""Plans called proven that one step betters: a site opened, left out or swapped, an action opened, people moved.

No search: each function looks at the steps of one kind and names the first that betters the plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

Rows = np.ndarray


def better_by_one(reach: csr_array, weights: Rows, arrays: dict[str, Any], chosen: np.ndarray) -> str:
    """One site opened or swapped that covers more and keeps every limit, in words; empty when there is none.

    weights: (demand,), or (ranks, demand) where more of a rank outweighs whatever of the ranks after it.
    """
    ones = csr_array((reach != 0).astype(np.float64))
    ranks = np.atleast_2d(weights).T
    times = np.asarray(ones[:, chosen].sum(axis=1)).ravel()
    gain = np.asarray(ones.T @ np.where(times[:, None] == 0, ranks, 0.0))
    columns, tolerance = csr_array(ones.T.tocsr()), 1e-7 * max(1.0, float(ranks.sum()))

    def swap(leaving: int) -> Rows:
        near = columns.indices[columns.indptr[leaving]:columns.indptr[leaving + 1]]
        mine = np.zeros_like(ranks)
        mine[near[times[near] == 1]] = ranks[near[times[near] == 1]]
        return np.asarray(gain + np.asarray(columns @ mine) - mine.sum(axis=0))

    return _first_step(arrays, chosen, ones.shape[1], lambda leaving: _sign(swap(leaving), tolerance),
                       _sign(gain, tolerance))


def better_chance(reach: csr_array, weight: Rows, works: Rows, arrays: dict[str, Any], chosen: np.ndarray) -> str:
    """The same where a site works by chance and more sites in reach help."""
    ones = csr_array((reach != 0).astype(np.float64))
    strength = -np.log1p(-np.minimum(works, 1.0 - 1e-9))
    left = np.asarray(ones[:, chosen] @ strength[chosen])
    columns, tolerance = csr_array(ones.T.tocsr()), 1e-6 * max(1.0, float(weight.sum()))

    def gains(pull: Rows) -> Rows:
        return np.asarray(np.asarray(columns @ (weight * np.exp(-pull))) * -np.expm1(-strength))

    def swap(leaving: int) -> Rows:
        near = columns.indices[columns.indptr[leaving]:columns.indptr[leaving + 1]]
        pull = left.copy()
        pull[near] -= strength[leaving]
        return np.asarray(gains(pull) - float(weight[near] @ (np.exp(-pull[near]) - np.exp(-left[near]))))

    return _first_step(arrays, chosen, ones.shape[1], lambda leaving: swap(leaving) > tolerance,
                       gains(left) > tolerance)


def _sign(change: Rows, tolerance: float) -> Rows:
    """(sites,) True where the first rank that changes at all is bettered."""
    moved = np.abs(change) > tolerance
    first = moved.argmax(axis=1)
    return np.asarray(change[np.arange(len(change)), first] > tolerance)


def _first_step(arrays: dict[str, Any], chosen: np.ndarray, sites: int, swap: Any, opening: Rows) -> str:
    """The first opening or swap that betters the plan and keeps every limit."""
    cost = arrays.get("cost")
    price = np.zeros(sites) if cost is None else np.asarray(cost, dtype=np.float64)
    purse = np.inf if arrays.get("budget") is None else float(arrays["budget"]) - float(price[chosen].sum())
    limit = np.inf if arrays.get("limit") is None else arrays["limit"]
    barred = np.zeros(sites, bool)
    barred[chosen] = True
    barred[np.asarray(arrays.get("excluded", ()), dtype=np.int64)] = True
    fits = ~barred & (price <= purse) & opening
    if chosen.size < limit and fits.any():
        return f"opening site {int(np.flatnonzero(fits)[0])} too is better"
    kept = set(np.asarray(arrays.get("required", ()), dtype=np.int64).tolist())
    for leaving in chosen:
        if int(leaving) in kept:
            continue
        better = ~barred & (price <= purse + price[leaving]) & swap(int(leaving))
        if better.any():
            return f"site {int(np.flatnonzero(better)[0])} in place of site {int(leaving)} is better"
    return ""


def cheaper_cover(reach: csr_array, price: Rows, arrays: dict[str, Any], chosen: np.ndarray) -> str:
    """A site that a covering of all can do without, or a cheaper one in its place."""
    ones = csr_array((reach != 0).astype(np.int64))
    columns = csr_array(ones.T.tocsr())
    times = np.asarray(ones[:, chosen].sum(axis=1)).ravel()
    barred = np.zeros(price.size, bool)
    barred[np.asarray(arrays.get("excluded", ()), dtype=np.int64)] = True
    tolerance = 1e-7 * max(1.0, float(price[chosen].sum()))
    for site in np.setdiff1d(chosen, np.asarray(arrays.get("required", ()), dtype=np.int64)):
        near = columns.indices[columns.indptr[site]:columns.indptr[site + 1]]
        alone = near[times[near] == 1]
        if not alone.size and price[site] > tolerance:
            return f"all are covered without site {int(site)}"
        able = np.bincount(ones[alone].indices, minlength=price.size) == alone.size
        able &= ~barred & (price < price[site] - tolerance)
        if able.any():
            return f"site {int(np.flatnonzero(able)[0])} in place of site {int(site)} is cheaper"
    return ""


def nearer_sites(table: Rows, weight: Rows, p: int, chosen: np.ndarray) -> str:
    """A site opened or swapped that shortens the total of a p-median plan."""
    first, second, mine = _two_nearest(table, chosen)
    tolerance = 1e-7 * max(1.0, float(weight @ first))
    for site in np.setdiff1d(np.arange(table.shape[1]), chosen):
        least = np.minimum(table[:, site], first)
        change = float(weight @ (least - first))
        leaving = np.bincount(mine, weights=weight * (np.minimum(table[:, site], second) - least),
                              minlength=chosen.size)
        step = _step_words(change, leaving + change, -tolerance, chosen.size < p, int(site), chosen)
        if step:
            return step
    return ""


def nearer_farthest(table: Rows, p: int, chosen: np.ndarray) -> str:
    """A site opened or swapped that brings the farthest demand of a p-centre plan nearer."""
    first, second, mine = _two_nearest(table, chosen)
    longest = float(first.max())
    for site in np.setdiff1d(np.arange(table.shape[1]), chosen):
        least = np.minimum(table[:, site], first)
        kept, left = np.full(chosen.size, -np.inf), np.full(chosen.size, -np.inf)
        np.maximum.at(kept, mine, least)
        np.maximum.at(left, mine, np.minimum(table[:, site], second))
        top = int(kept.argmax())
        others = np.full(chosen.size, kept[top])
        others[top] = np.delete(kept, top).max(initial=-np.inf)
        step = _step_words(float(least.max()), np.maximum(left, others), longest * (1 - 1e-9) - 1e-9,
                           chosen.size < p, int(site), chosen)
        if step:
            return step
    return ""


def _two_nearest(table: Rows, chosen: np.ndarray) -> tuple[Rows, Rows, np.ndarray]:
    """(demand,) distances to the nearest and second nearest chosen site, and which of the chosen is nearest."""
    near = table[:, chosen]
    second = np.partition(near, 1, axis=1)[:, 1] if chosen.size > 1 else np.full(len(table), np.inf)
    return near.min(axis=1), second, near.argmin(axis=1)


def _step_words(alone: float, swapped: Rows, below: float, room: bool, site: int, chosen: np.ndarray) -> str:
    if room and alone < below:
        return f"opening site {site} too is better"
    if (swapped < below).any():
        return f"site {site} in place of site {int(chosen[int(swapped.argmin())])} is better"
    return ""


def better_action(reach: csr_array, arrays: dict[str, Any], gain: csr_array, left: Rows, chosen: np.ndarray) -> str:
    """One action more that serves people left over and keeps every limit and rule; gain: per person of each pair."""
    price, actions = np.asarray(arrays["cost"], dtype=np.float64), reach.shape[1]
    purse = np.inf if arrays.get("budget") is None else float(arrays["budget"]) - float(price[chosen].sum())
    if arrays.get("limit") is not None and chosen.size >= arrays["limit"]:
        return ""
    is_open = np.zeros(actions, bool)
    is_open[chosen] = True
    fits = ~is_open & (price <= purse) & (np.asarray(arrays["capacity"]) > 0)
    fits[np.asarray(arrays.get("excluded", ()), dtype=np.int64)] = False
    group = arrays.get("exclusive")
    if group is not None:
        named = np.asarray(group)
        fits &= (named < 0) | ~np.isin(named, named[chosen])
    links = arrays.get("needs")
    for first, second in () if links is None else links:
        fits[first] &= is_open[second]
    who = np.repeat(np.arange(gain.shape[0]), np.diff(gain.indptr))
    serves = (left[who] > 0) & (gain.data > 1e-6 * max(1.0, float(gain.data.max(initial=0.0))))
    some = np.intersect1d(np.flatnonzero(fits), gain.indices[serves])
    return f"opening action {int(some[0])} too serves more" if some.size else ""
