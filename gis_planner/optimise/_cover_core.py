"""The part of a covering problem that is still open: fewer sites, demands alike merged, what is certain taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise.plan import Floats, Ints


@dataclass(frozen=True)
class Core:
    """problem: what is left to choose, over `sites` of the whole; certain: sites already open; held: their weight.

    row_of: (demand of the whole,) its row in the core; -1 when already reached, -2 when nothing left reaches it.
    """

    problem: CoverProblem
    sites: Ints
    certain: Ints
    held: float
    row_of: Ints

    def lift_multipliers(self, weight: Floats, multiplier: Floats) -> Floats:
        """Multipliers of the core as multipliers of the whole that prove the same bound."""
        inside = self.row_of >= 0
        out = np.where(self.row_of == -2, weight, 0.0)
        rows = self.row_of[inside]
        out[inside] = weight[inside] * (multiplier[rows] / self.problem.weight[rows])
        return out

    def lift(self, chosen: Ints) -> Ints:
        """A choice in the core as a choice in the whole."""
        return np.sort(np.concatenate([self.certain, self.sites[chosen]]))


def merge_alike(reach: csr_array, weight: Floats) -> tuple[csr_array, Floats, Ints]:
    """Demands reached by the same sites become one with their weights' sum; unreached ones are dropped (-2)."""
    rows = csr_array(reach)
    keys = np.random.default_rng(0).integers(1, 2**63, (rows.shape[1], 2), dtype=np.uint64)
    ends = rows.indptr[1:]
    print_of = np.zeros((rows.shape[0], 2), np.uint64)
    if rows.nnz:
        summed = np.cumsum(keys[rows.indices], axis=0, dtype=np.uint64)
        summed = np.vstack([np.zeros((1, 2), np.uint64), summed])
        print_of = summed[ends] - summed[rows.indptr[:-1]]
    some = np.flatnonzero((np.diff(rows.indptr) > 0) & (weight > 0))
    _, first, inverse = np.unique(print_of[some], axis=0, return_index=True, return_inverse=True)
    order = np.sort(first)
    place = np.searchsorted(order, first)
    together = np.bincount(place[inverse.ravel()], weights=weight[some], minlength=first.size)
    row_of = np.full(rows.shape[0], -2, np.int64)
    row_of[some] = place[inverse.ravel()]
    return csr_array(rows[some[order]]), together.astype(np.float64), row_of


def core_of(problem: CoverProblem, certain: Ints, candidates: Ints) -> Core:
    """The problem over `candidates` once `certain` sites are open."""
    done = problem.covered(certain)
    left = np.flatnonzero(~done)
    reach = csr_array(problem.sites[candidates].T.tocsr())[left]
    reach, weight, rows = merge_alike(reach, problem.weight[left])
    row_of = np.full(problem.weight.size, -1, np.int64)
    row_of[left] = rows
    ones = csr_array((np.ones(reach.nnz, np.int8), reach.indices, reach.indptr), shape=reach.shape)
    ones.sort_indices()
    by_site = csr_array(ones.T.tocsr())
    by_site.sort_indices()
    money, purse = problem.cost, problem.budget
    if money is not None and purse is not None:
        purse = max(0.0, purse - float(money[certain].sum()))
        money = money[candidates]
    limit = None if problem.limit is None else problem.limit - certain.size
    small = replace(problem, reach=ones, sites=by_site, weight=weight, limit=limit,
                    cost=None if money is None else money, budget=purse, required=np.zeros(0, np.int64),
                    excluded=np.zeros(candidates.size, bool))
    return Core(small, candidates, certain, float(problem.weight[done].sum()), row_of)
