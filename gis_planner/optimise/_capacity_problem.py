"""Actions with room, cost and a chance of success: the checked arrays and the rules that bind the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._cover_problem import Indices
from gis_planner.optimise._transport import Pairs
from gis_planner.optimise.plan import Floats, Ints
from gis_planner.problems import refused


@dataclass(frozen=True)
class CapacityProblem:
    """Sound arrays. pairs: who can use what, gain = weight x success; group: -1 = none; needs: (n, 2) a only if b."""

    shape: tuple[int, int]
    pairs: Pairs
    people: Ints
    capacity: Ints
    cost: Floats
    weight: Floats
    success: Floats
    limit: int | None
    budget: float | None
    group: Ints
    needs: Ints
    required: Ints
    excluded: np.ndarray
    has_travel: bool

    @property
    def terms(self) -> dict[str, Any]:
        """The limits the plan is made under."""
        return {"limit": self.limit, "budget": self.budget, "required": self.required,
                "excluded": np.flatnonzero(self.excluded)}

    @property
    def whole_values(self) -> bool:
        """True when every gain per person is a whole number."""
        return bool((self.pairs.gain == np.rint(self.pairs.gain)).all())

    def gain_of(self, flow: Ints) -> float:
        """Expected weighted people of `flow` (pairs,)."""
        return float((self.pairs.gain * flow).sum())

    def spent(self, chosen: Ints) -> float:
        """Money for `chosen`."""
        return float(self.cost[chosen].sum())


def capacity_problem(
    reach: Any, people: ArrayLike, capacity: ArrayLike, *, cost: ArrayLike, budget: float | None, limit: int | None,
    success: ArrayLike | None, exclusive: ArrayLike | None, needs: Sequence[tuple[int, int]] | None,
    required: Indices, excluded: Indices, weight: ArrayLike | None, travel: Any,
) -> CapacityProblem:
    """Check every argument; `Refused` for bad arrays, `CannotBeMet` when required actions contradict the rest."""
    rows = check.sparse(reach)
    demand, actions = rows.shape
    persons, room = check.whole(people, demand, "people"), check.whole(capacity, actions, "capacity")
    money = check.vector(cost, actions, "cost")
    worth = np.ones(demand) if weight is None else check.vector(weight, demand, "weight")
    works = np.ones(actions) if success is None else check.vector(success, actions, "success")
    if (works > 1).any():
        raise refused("not-a-probability", field="success", found=float(works.max()), expected="0 to 1",
                      remedy="Give success as the probability that the action yields service.")
    out = np.zeros(actions, bool)
    out[check.indices(excluded, actions, "excluded")] = True
    group, links = _groups(exclusive, actions), _needs(needs, actions)
    must = _closure(check.indices(required, actions, "required"), links)
    most, purse = check.site_limit(limit, actions), check.money(budget, money, ~out)
    check.required_fit(must, out, most, money, purse)
    _one_per_group(must, group)
    out |= _impossible(links, out)
    place = rows.indices.astype(np.int64)
    who = np.repeat(np.arange(demand, dtype=np.int64), np.diff(rows.indptr))
    pairs = Pairs(who, place, worth[who] * works[place], _travel_of(travel, rows))
    return CapacityProblem((demand, actions), pairs, persons, room, money, worth, works, most,
                           purse, group, links, must, out, travel is not None)


def _travel_of(travel: Any, rows: csr_array) -> Floats:
    """(pairs,) travel of each stored pair of `rows`; a pair that travel does not store counts 0."""
    if travel is None:
        return np.zeros(rows.nnz)
    table = check.sparse(travel, "travel", empty_ok=True)
    if table.shape != rows.shape:
        raise refused("wrong-length", field="travel", found=f"shape {table.shape}", expected=f"{rows.shape}, as reach",
                      remedy="Give travel for the same demands and actions as reach.")
    table.sort_indices()
    if np.array_equal(table.indptr, rows.indptr) and np.array_equal(table.indices, rows.indices):
        return np.array(table.data, dtype=np.float64)
    who = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.asarray(table[who, rows.indices].toarray() if rows.nnz else [], dtype=np.float64).ravel()


def _groups(exclusive: ArrayLike | None, actions: int) -> Ints:
    if exclusive is None:
        return np.full(actions, -1, np.int64)
    group = np.asarray(exclusive)
    if group.shape != (actions,) or not np.issubdtype(group.dtype, np.integer):
        raise refused("bad-groups", field="exclusive", found=f"{group.dtype} of shape {group.shape}",
                      expected=f"({actions},) whole numbers, -1 = none", remedy="Give one group number per action.")
    return group.astype(np.int64)


def _needs(needs: Sequence[tuple[int, int]] | None, actions: int) -> Ints:
    if needs is None or len(needs) == 0:
        return np.zeros((0, 2), np.int64)
    links = np.asarray(needs)
    if links.ndim != 2 or links.shape[1] != 2 or not np.issubdtype(links.dtype, np.integer):
        raise refused("bad-needs", field="needs", found=f"shape {links.shape}", expected="pairs (a, b): a only if b",
                      remedy="Give needs as a list of pairs of action indices.")
    if (links < 0).any() or (links >= actions).any():
        raise refused("no-such-site", field="needs", found=int(links.max()), expected=f"0 to {actions - 1}",
                      remedy="Remove the pair from needs.")
    return np.unique(links.astype(np.int64), axis=0)


def _closure(must: Ints, links: Ints) -> Ints:
    """`must` and everything it needs, directly or not."""
    inside = set(must.tolist())
    while True:
        more = {int(b) for a, b in links if int(a) in inside} - inside
        if not more:
            return np.array(sorted(inside), dtype=np.int64)
        inside |= more


def _impossible(links: Ints, out: np.ndarray) -> np.ndarray:
    """Actions that need, directly or not, an excluded one."""
    dead = out.copy()
    while links.size:
        more = links[dead[links[:, 1]] & ~dead[links[:, 0]], 0]
        if not more.size:
            break
        dead[more] = True
    return dead


def _one_per_group(must: Ints, group: Ints) -> None:
    named = group[must]
    named = named[named >= 0]
    ids, times = np.unique(named, return_counts=True)
    if (times > 1).any():
        bad = int(ids[times > 1][0])
        pair = must[group[must] == bad]
        raise check.cannot("required-exclude-each-other", field="required",
                           found=f"actions {int(pair[0])} and {int(pair[1])} of group {bad}",
                           expected="at most one action per group",
                           remedy="Require only one of them (or of what needs them).")
