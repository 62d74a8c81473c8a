"""Plans of the covering kind: what was chosen, its value, the proven bound and what ended the search.

Every plan says its `kind` (the function that made it), so that `verify.check` knows which rules to hold it to.
`terms` keeps the limits the plan was made under; `bound_from` says what the bound rests on, and `multipliers`
holds the numbers with which anyone can recompute a Lagrangian bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]


def relative_gap(value: float, bound: float) -> float:
    """|bound - value| / |value|; 0 when they agree, infinite when only the value is 0."""
    difference = abs(bound - value)
    if difference == 0.0:
        return 0.0
    return difference / abs(value) if value else float("inf")


@dataclass(frozen=True, eq=False)
class Plan:
    """What every plan of this room says about itself.

    kind: the function that made it. value: the objective. bound: no plan can be better than this.
    proven: True only when value and bound agree, so the plan is optimal.
    stopped_by: `proof`, or what ended the search before one (`iterations`, `nodes`, `gap`).
    bound_from: `lagrangian`, `regions`, `branch and bound`, `linear relaxation`, `flow`, `enumeration` or `all demand`.
    """

    kind: str
    value: float
    bound: float
    proven: bool
    stopped_by: str
    bound_from: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict, repr=False)
    multipliers: Floats | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """Relative distance of the bound from the value (0.001 = 0.1 %)."""
        return relative_gap(self.value, self.bound)


@dataclass(frozen=True, eq=False)
class CoverPlan(Plan):
    """Sites to open.

    chosen: sorted site indices. covered: (demand,) share of each demand's weight that counts as served, 0 to 1.
    cost: what the chosen sites cost together (their number when no costs were given).
    """

    chosen: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    covered: Floats = field(default_factory=lambda: np.zeros(0), repr=False)
    cost: float = 0.0


@dataclass(frozen=True, eq=False)
class FlowPlan(Plan):
    """Who goes where.

    chosen: sorted indices of the actions or facilities that are open. flow: csr (demand, actions), whole people.
    served, unserved: (demand,) whole people. travel: sum of flow times travel. cost: what the chosen cost together.
    """

    chosen: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    flow: csr_array = field(default_factory=lambda: csr_array((0, 0), dtype=np.int64), repr=False)
    served: Ints = field(default_factory=lambda: np.zeros(0, np.int64), repr=False)
    unserved: Ints = field(default_factory=lambda: np.zeros(0, np.int64), repr=False)
    cost: float = 0.0
    travel: float = 0.0


@dataclass(frozen=True, eq=False)
class MedianPlan(Plan):
    """p places to open. chosen: sorted site indices; nearest: (demand,) the chosen site that serves each demand."""

    chosen: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    nearest: Ints = field(default_factory=lambda: np.zeros(0, np.int64), repr=False)
