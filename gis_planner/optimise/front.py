"""What two aims cost each other, and the plan that is least regretted over several possible futures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise.cover import max_cover
from gis_planner.optimise.plan import CoverPlan, Floats, Ints
from gis_planner.problems import refused


@dataclass(frozen=True, eq=False)
class FrontPoint:
    """A plan and its two values."""

    first: float
    second: float
    plan: CoverPlan


@dataclass(frozen=True, eq=False)
class RegretPlan:
    """chosen: index of the plan of least greatest regret; regret: (plans, futures); worst: its greatest regret."""

    chosen: int
    worst: float
    regret: Floats


def not_dominated(first: ArrayLike, second: ArrayLike) -> Ints:
    """Indices of the points that no other equals or betters in both values (more is better), by first value falling.

    Of equal points the lowest index stays. Raises `Refused` when the two have different lengths or hold nan.
    """
    one, two = check.numbers(first, "first", "finite numbers"), check.numbers(second, "second", "finite numbers")
    if one.shape != two.shape or one.ndim != 1 or not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise refused("wrong-length", field="second", found=f"{two.shape}", expected=f"{one.shape} finite numbers",
                      remedy="Give both values of every plan.")
    kept, best = [], -np.inf
    for at in np.lexsort((np.arange(one.size), -two, -one)):
        if two[at] > best:
            kept.append(int(at))
            best = float(two[at])
    return np.array(kept, dtype=np.int64)


def money_front(
    reach: csr_array, weight: ArrayLike, cost: ArrayLike, budgets: Sequence[float], *, effort: float = 1.0,
    seed: int = 0,
) -> list[FrontPoint]:
    """People covered against money spent: one plan per budget, dominated ones left out, dearest first.

    The epsilon-constraint method (Haimes, Lasdon and Wismer 1971): first = weight covered, second = -money.
    """
    if len(budgets) == 0:
        raise refused("no-budget", field="budgets", found="none", expected="one or more", remedy="Give some budgets.")
    plans = [max_cover(reach, weight, cost=cost, budget=budget, effort=effort, seed=seed) for budget in sorted(budgets)]
    points = [FrontPoint(plan.value, -plan.cost, plan) for plan in plans]
    return [points[at] for at in not_dominated([p.first for p in points], [p.second for p in points])]


def weight_front(
    reach: csr_array, first: ArrayLike, second: ArrayLike, limit: int, *, steps: int = 11, effort: float = 1.0,
    seed: int = 0,
) -> list[FrontPoint]:
    """Two weights of the same demands against each other (people now, people in 2035) by sums in `steps` proportions.

    Finds the supported points of the front (Cohon 1978); first value falling.
    """
    demand = check.sparse(reach).shape[0]
    one, two = check.vector(first, demand, "first"), check.vector(second, demand, "second")
    if not check.is_number(steps) or steps != int(steps) or steps < 2:
        raise refused("bad-steps", field="steps", found=check.told(steps), expected="a whole number, 2 or more",
                      remedy="Give 2 or more steps.")
    scales = [float(values.sum()) or 1.0 for values in (one, two)]
    points = []
    for part in np.linspace(1.0, 0.0, steps):
        mix = part * one / scales[0] + (1 - part) * two / scales[1]
        plan = max_cover(reach, mix, limit=limit, effort=effort, seed=seed)
        points.append(FrontPoint(float(one @ plan.covered), float(two @ plan.covered), plan))
    return [points[at] for at in not_dominated([p.first for p in points], [p.second for p in points])]


def minimum_regret(value: ArrayLike, best: ArrayLike | None = None) -> RegretPlan:
    """The plan whose greatest regret over the futures is least (Savage 1951); of equals the lowest index.

    value: (plans, futures), more is better. best: (futures,) the best possible in each future, for instance the
    bound of a plan made for it; without it the best of the given plans.
    """
    table = check.numbers(value, "value", "(plans, futures), finite")
    if table.ndim != 2 or 0 in table.shape or not np.isfinite(table).all():
        raise refused("wrong-length", field="value", found=f"shape {table.shape}",
                      expected="(plans, futures), finite",
                      remedy="Give the value of every plan in every future.")
    top = table.max(axis=0) if best is None else check.vector(best, table.shape[1], "best")
    if (top < table.max(axis=0) - 1e-9 * np.abs(top)).any():
        raise refused("best-too-low", field="best", found="a plan better than the best",
                      expected="at least every value",
                      remedy="Give the bound of each future.")
    regret = top[None, :] - table
    chosen = int(np.argmin(regret.max(axis=1)))
    return RegretPlan(chosen, float(regret[chosen].max()), regret)
