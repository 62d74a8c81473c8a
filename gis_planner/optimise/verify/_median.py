"""Re-checks p-median and p-centre plans, and recomputes the Lagrangian bounds that plans carry."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise._check_inputs import counted
from gis_planner.optimise.verify._common import Tell, claims, sound_sites, terms_as_asked
from gis_planner.optimise.verify._proof import nearer_farthest, nearer_sites


def check_median(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, their number, who goes where, value, and the bound from the plan's multipliers."""
    table = np.asarray(arrays["distance"], dtype=np.float64)
    weight = np.asarray(arrays["weight"], dtype=np.float64)
    if not _sites_and_nearest(table, arrays["p"], plan, tell):
        return
    least = table[:, plan.chosen].min(axis=1)
    claims(plan, float((weight * least).sum()), tell, least=True)
    if plan.proven:
        better = nearer_sites(table, weight, arrays["p"], plan.chosen)
        if better:
            tell("not-optimal", better, "no better plan than a proven one", "proven")
    if plan.bound_from == "lagrangian" or plan.multipliers is not None:
        _bound_as_proven(table * weight[:, None], arrays["p"], plan, tell)


def _bound_as_proven(price: np.ndarray, p: int, plan: Any, tell: Tell) -> None:
    """The Lagrangian bound on "assigned once" is summed again from the plan's multipliers."""
    multiplier = np.asarray(() if plan.multipliers is None else plan.multipliers, dtype=np.float64)
    if multiplier.shape != (price.shape[0],) or not np.isfinite(multiplier).all():
        tell("multipliers-broken", f"shape {multiplier.shape}", f"{(price.shape[0],)}, finite", "multipliers")
        return
    rho = np.minimum(price.T - multiplier[None, :], 0.0).sum(axis=1)
    proven = float(multiplier.sum() + np.sort(rho)[:p].sum())
    if bool((price == np.rint(price)).all()):
        proven = float(np.ceil(proven - 1e-6))
    if plan.bound > proven + 1e-6 * max(1.0, abs(proven)):
        tell("bound-not-proven", f"{plan.bound:.12g}", f"at most {proven:.12g}, as multipliers prove", "bound")


def check_center(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, their number, who goes where, the longest distance, bound."""
    table = np.asarray(arrays["distance"], dtype=np.float64)
    if not _sites_and_nearest(table, arrays["p"], plan, tell):
        return
    claims(plan, float(table[:, plan.chosen].min(axis=1).max()), tell, least=True)
    better = nearer_farthest(table, arrays["p"], plan.chosen) if plan.proven else ""
    if better:
        tell("not-optimal", better, "no better plan than a proven one", "proven")


def _sites_and_nearest(table: np.ndarray, p: int, plan: Any, tell: Tell) -> bool:
    if not sound_sites(plan.chosen, table.shape[1], tell):
        return False
    terms_as_asked({"p": p}, plan, tell)
    if plan.chosen.size == 0 or plan.chosen.size > p:
        tell("limit-exceeded", counted(plan.chosen.size, "site"), f"1 to {p}", "chosen")
        if plan.chosen.size == 0:
            return False
    nearest = np.asarray(plan.nearest)
    if nearest.shape != (table.shape[0],) or not np.isin(nearest, plan.chosen).all():
        tell("nearest-not-open", f"shape {nearest.shape}", "one chosen site per demand", "nearest")
        return True
    rows = np.arange(table.shape[0])
    for at in np.flatnonzero(table[rows, nearest] > table[:, plan.chosen].min(axis=1) + 1e-9)[:3]:
        tell("nearest-wrong", f"demand {int(at)} sent to {int(nearest[at])}", "the nearest chosen site", "nearest", at)
    return True


def cover_bound(reach: csr_array, weight: np.ndarray, arrays: dict[str, Any], multiplier: np.ndarray) -> float:
    """The bound that multipliers prove for maximal covering: by number, by money, whichever is less."""
    score = np.asarray((reach != 0).astype(np.float64).T @ multiplier).ravel()
    free = float(np.maximum(weight - multiplier, 0.0).sum())
    required = np.asarray(arrays.get("required", ()), dtype=np.int64)
    excluded = np.asarray(arrays.get("excluded", ()), dtype=np.int64)
    held, score = float(score[required].sum()), score.copy()
    score[required], score[excluded] = 0.0, 0.0
    bounds = []
    if arrays.get("limit") is not None:
        bounds.append(float(np.sort(score)[::-1][: int(arrays["limit"]) - required.size].sum()))
    if arrays.get("budget") is not None and arrays.get("cost") is not None:
        cost = np.asarray(arrays["cost"], dtype=np.float64)
        purse = float(arrays["budget"]) - float(cost[required].sum())
        rate = np.where(cost > 0, score / np.where(cost > 0, cost, 1.0), np.inf)
        order = np.argsort(-rate, kind="stable")
        before = np.cumsum(cost[order]) - cost[order]
        dear = np.where(cost[order] > 0, cost[order], 1.0)
        part = np.where(cost[order] > 0, np.clip((purse - before) / dear, 0.0, 1.0), 1.0)
        bounds.append(float((part * score[order]).sum()))
    return free + held + min(bounds)
