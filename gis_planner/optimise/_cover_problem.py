"""The covering problem once its arrays are checked: both directions of the reach, and what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._cover_state import Net
from gis_planner.optimise.plan import Floats, Ints
from gis_planner.problems import refused

Indices = Sequence[int] | Ints


@dataclass(frozen=True)
class CoverProblem:
    """Sound arrays. reach: (demand, sites) of ones; sites: its transpose, by site. excluded: (sites,) bool."""

    reach: csr_array
    sites: csr_array
    weight: Floats
    limit: int | None
    cost: Floats | None
    budget: float | None
    required: Ints
    excluded: np.ndarray

    @cached_property
    def whole_weights(self) -> bool:
        """True when every weight is a whole number, so that the value is one too."""
        return bool((self.weight == np.rint(self.weight)).all()) and float(self.weight.sum()) < 2**52

    @cached_property
    def net(self) -> Net:
        """The reach as index arrays for the compiled loops."""
        return Net(self.sites.indptr.astype(np.int64), self.sites.indices.astype(np.int32, copy=False),
                   self.reach.indptr.astype(np.int64), self.reach.indices.astype(np.int32, copy=False), self.weight)

    @property
    def prices(self) -> Floats:
        """(sites,) money per site; 0 where money is no limit."""
        return self.cost if self.cost is not None and self.budget is not None else np.zeros(self.reach.shape[1])

    @property
    def room(self) -> int:
        """How many sites may open; their number where that is no limit."""
        return self.reach.shape[1] if self.limit is None else self.limit

    @property
    def purse(self) -> float:
        """How much money there is; 0 where every price is 0."""
        return 0.0 if self.budget is None else self.budget

    @property
    def terms(self) -> dict[str, Any]:
        """The limits the plan is made under."""
        return {
            "limit": self.limit, "cost": self.cost, "budget": self.budget, "required": self.required,
            "excluded": np.flatnonzero(self.excluded),
        }

    def value(self, chosen: Ints) -> float:
        """Weight within reach of `chosen`."""
        return float(self.weight[self.covered(chosen)].sum())

    def covered(self, chosen: Ints) -> np.ndarray:
        """(demand,) bool: reached by a chosen site."""
        out = np.zeros(self.reach.shape[0], bool)
        out[self.sites[chosen].indices] = True
        return out

    def spent(self, chosen: Ints) -> float:
        """Cost of `chosen`, or their number when there are no costs."""
        return float(self.cost[chosen].sum()) if self.cost is not None else float(chosen.size)

    def outward(self, bound: float, value: float) -> float:
        """`bound` made safe: rounded outward, whole when weights are, at most all weight."""
        safe = bound + 1e-9 * max(1.0, abs(bound))
        if self.whole_weights:
            safe = float(np.floor(safe + 1e-6))
        return max(value, min(safe, float(self.weight.sum())))


def cover_problem(
    reach: Any, weight: ArrayLike, *, limit: int | None, cost: ArrayLike | None, budget: float | None,
    required: Indices, excluded: Indices,
) -> CoverProblem:
    """Check every argument; raises `Refused` for bad arrays, `CannotBeMet` when required sites contradict the rest."""
    rows = check.sparse(reach)
    demand, sites = rows.shape
    if limit is None and budget is None:
        raise refused("no-limit", field="limit", found="neither limit nor budget",
                      expected="how many sites, or how much money",
                      remedy="Give limit (number of sites) or cost and budget; to reach everybody use set_cover.")
    weights = check.vector(weight, demand, "weight")
    money = None if cost is None else check.vector(cost, sites, "cost")
    out = np.zeros(sites, bool)
    out[check.indices(excluded, sites, "excluded")] = True
    must = check.indices(required, sites, "required")
    most = check.site_limit(limit, sites)
    purse = check.money(budget, money, ~out)
    check.required_fit(must, out, most, money, purse)
    ones = csr_array((np.ones(rows.nnz, np.int8), rows.indices, rows.indptr), shape=rows.shape)
    by_site = csr_array(ones.T.tocsr())
    by_site.sort_indices()
    return CoverProblem(ones, by_site, weights, most, money, purse, must, out)
