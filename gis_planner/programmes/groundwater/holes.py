"""How many holes one water point takes, and what it costs, when the chance of water is itself uncertain.

With chance p in each hole and p ~ Beta(a, b), the first k holes are all dry with chance B(a, b + k) / B(a, b): the
beta-geometric law. Holes stop at water, or at the most that a programme drills at one place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import Refused, refused

Floats = npt.NDArray[np.float64]

MOST_HOLES = 50


def all_dry(alpha: Floats, beta: Floats, holes: int) -> Floats:
    """(places, holes + 1) chance that the first 0, 1, ... `holes` holes are all dry."""
    steps = np.arange(holes)
    factor = (beta[:, np.newaxis] + steps) / (alpha[:, np.newaxis] + beta[:, np.newaxis] + steps)
    return np.column_stack([np.ones(len(alpha)), np.cumprod(factor, axis=1)])


def holes_needed(
    alpha: npt.ArrayLike, beta: npt.ArrayLike, *, most_holes: int = 1, coverage: float = 0.8
) -> pd.DataFrame:
    """One row per place: chance of water within `most_holes`, expected_holes drilled, holes_low and holes_high.

    alpha, beta (places,): the belief of the chance at each place. expected_holes counts those that are drilled until
    water or until `most_holes`; holes_per_success is expected_holes over the chance of water, which with one hole
    is 1 / mean chance. holes_low, holes_high leave (1 - coverage) / 2 on each side.
    """
    a, b = _belief(alpha, beta)
    _most(most_holes)
    dry = all_dry(a, b, most_holes)
    expected = dry[:, :-1].sum(axis=1)
    water = 1.0 - dry[:, -1]
    reached = np.column_stack([1.0 - dry[:, 1:-1], np.ones(len(a))])
    low, high = (_quantile(reached, np.arange(1, most_holes + 1), share)
                 for share in ((1 - coverage) / 2, (1 + coverage) / 2))
    return pd.DataFrame({"success_probability": water, "expected_holes": expected,
                         "holes_per_success": expected / water, "holes_low": low, "holes_high": high})


def drilling_cost(
    alpha: npt.ArrayLike, beta: npt.ArrayLike, *, wet_fcfa: float, dry_fcfa: float, probe_fcfa: float = 0.0,
    most_holes: int = 1, coverage: float = 0.8,
) -> pd.DataFrame:
    """One row per place: cost_fcfa expected, cost_low_fcfa and cost_high_fcfa (`coverage` of outcomes lie between).

    Each hole costs its probe; the dry ones cost dry_fcfa each and the wet one wet_fcfa; after `most_holes` dry ones the
    place is given up. The range holds the doubt about the chance and the luck of the holes, not that of the prices.
    """
    a, b = _belief(alpha, beta)
    _most(most_holes)
    for name, value in (("wet_fcfa", wet_fcfa), ("dry_fcfa", dry_fcfa), ("probe_fcfa", probe_fcfa)):
        if not (np.isfinite(value) and value >= 0):
            raise refused("negative-cost", field=name, found=value, expected="a cost of 0 FCFA or more",
                          remedy="Write what one costs, in FCFA.", remedy_fr="Écrivez ce que cela coûte, en FCFA.")
    dry = all_dry(a, b, most_holes)
    chance = np.column_stack([dry[:, :-1] - dry[:, 1:], dry[:, -1]])
    tries = np.arange(1, most_holes + 1)
    cost: Floats = np.append(tries * probe_fcfa + (tries - 1) * dry_fcfa + wet_fcfa,
                             most_holes * (probe_fcfa + dry_fcfa))
    order = np.argsort(cost, kind="stable")
    reached = np.cumsum(chance[:, order], axis=1)
    sorted_cost = cost[order]
    low, high = (_quantile(reached, sorted_cost, share)
                 for share in ((1 - coverage) / 2, (1 + coverage) / 2))
    return pd.DataFrame({"cost_fcfa": chance @ cost, "cost_low_fcfa": low, "cost_high_fcfa": high})


def whole_cost_range(
    chances: Sequence[Floats], costs: Sequence[Floats], coverage: float = 0.8
) -> tuple[float, float, float]:
    """Expected cost of several independent actions together, and its low and high, by exact convolution.

    chances, costs: for each action the chance and the cost of each outcome. Costs are added on a grid of 1/4000 of
    the greatest total, so a quantile is right to that step.
    """
    greatest = float(sum(np.max(cost) for cost in costs))
    if greatest <= 0:
        return 0.0, 0.0, 0.0
    step = greatest / 4000
    total = np.ones(1)
    for chance, cost in zip(chances, costs, strict=True):
        slot = np.rint(np.asarray(cost) / step).astype(np.int64)
        total = np.convolve(total, np.bincount(slot, weights=chance))
    grid = np.arange(len(total)) * step
    reached = np.cumsum(total)[np.newaxis, :]
    mean = float(sum(np.dot(chance, cost) for chance, cost in zip(chances, costs, strict=True)))
    tail = (1 - coverage) / 2
    return (mean, float(_quantile(reached, grid, tail)[0]),
            float(_quantile(reached, grid, 1 - tail)[0]))


def _quantile(reached: Floats, value: npt.ArrayLike, share: float) -> Floats:
    """(places,) the least of the rising values whose cumulative chance (places, values) reaches `share`."""
    at = np.minimum((reached < share - 1e-12).sum(axis=1), reached.shape[1] - 1)
    return np.asarray(np.asarray(value)[at], dtype=np.float64)


def _belief(alpha: npt.ArrayLike, beta: npt.ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.atleast_1d(np.asarray(alpha, np.float64)), np.atleast_1d(np.asarray(beta, np.float64))
    if a.shape != b.shape or not (np.isfinite(a) & np.isfinite(b) & (a > 0) & (b > 0)).all():
        raise refused("groundwater-prior", field="alpha, beta", found=f"shapes {a.shape} and {b.shape}",
                      expected="two parameters above 0 for each place",
                      remedy="Give the belief of success_probability (attrs alpha and beta).",
                      remedy_fr="Donnez la croyance de success_probability (attrs alpha et beta).")
    return a, b


def _most(most_holes: int) -> None:
    if not (isinstance(most_holes, int | np.integer) and 1 <= most_holes <= MOST_HOLES):
        raise _faulty(most_holes)


def _faulty(found: object) -> Refused:
    return refused("most-holes", field="most_holes", found=found,
                   expected=f"a whole number of holes, 1 to {MOST_HOLES}",
                   remedy="Say how many dry holes the programme accepts at one place before it gives up.",
                   remedy_fr="Dites combien de forages secs le programme accepte en un lieu avant d'abandonner.")
