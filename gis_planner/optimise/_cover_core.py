"""The part of a covering problem that is still open: fewer sites, demands alike merged, what is certain taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gis_planner.optimise._compiled import compiled
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


@compiled
def row_prints(indptr: Ints, indices: Ints, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """(rows, 2) sum of the keys of each row's columns: equal rows have equal sums, others almost surely not."""
    out = np.zeros((indptr.size - 1, 2), np.uint64)
    for row in range(out.shape[0]):
        for at in range(indptr[row], indptr[row + 1]):
            out[row, 0] += keys[indices[at], 0]
            out[row, 1] += keys[indices[at], 1]
    return out


def merge_alike(reach: csr_array, weight: Floats) -> tuple[csr_array, Floats, Ints]:
    """Demands reached by the same sites become one with their weights' sum; unreached ones are dropped (-2)."""
    rows = csr_array(reach)
    keys = np.random.default_rng(0).integers(1, 2**63, (rows.shape[1], 2), dtype=np.uint64)
    print_of = row_prints(rows.indptr, rows.indices, keys)
    some = np.flatnonzero((np.diff(rows.indptr) > 0) & (weight > 0))
    order = some[np.lexsort((print_of[some, 1], print_of[some, 0]))]
    fresh = np.ones(order.size, bool)
    fresh[1:] = (print_of[order[1:]] != print_of[order[:-1]]).any(axis=1)
    leader = order[np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
    kept = np.sort(order[fresh])
    row_of = np.full(rows.shape[0], -2, np.int64)
    row_of[order] = np.searchsorted(kept, leader)
    together = np.bincount(row_of[some], weights=weight[some], minlength=kept.size).astype(np.float64)
    return (rows if kept.size == rows.shape[0] else csr_array(rows[kept])), together, row_of


def core_of(problem: CoverProblem, certain: Ints, candidates: Ints) -> Core:
    """The problem over `candidates` once `certain` sites are open."""
    done = problem.covered(certain)
    left = np.flatnonzero(~done)
    whole = candidates.size == problem.reach.shape[1] and left.size == done.size
    reach = problem.reach if whole else csr_array(problem.sites[candidates].T.tocsr())[left]
    reach, weight, rows = merge_alike(reach, problem.weight[left])
    row_of = np.full(problem.weight.size, -1, np.int64)
    row_of[left] = rows
    if reach is problem.reach:
        ones, by_site = problem.reach, problem.sites
    else:
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


def dominated(problem: CoverProblem) -> NDArray[np.bool_]:
    """(sites,) bool: another site reaches all that this one does and costs no more (of equals the first stays)."""
    reach = csr_array((np.ones(problem.reach.nnz, np.int32), problem.reach.indices, problem.reach.indptr),
                      shape=problem.reach.shape)
    both = csr_array(reach.T @ reach).tocoo()
    reached, price = np.diff(problem.sites.indptr), problem.prices
    inside = (both.data == reached[both.row]) & (both.row != both.col) & (price[both.col] <= price[both.row])
    less, more = both.row[inside], both.col[inside]
    alike = (reached[less] == reached[more]) & (price[less] == price[more])
    out = reached == 0
    out[less[~alike | (more < less)]] = True
    return np.asarray(out)
