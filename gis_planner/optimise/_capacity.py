"""Choose actions with room for so many people, within money and rules, and say who goes to which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._capacity_large import solve_large
from gis_planner.optimise._capacity_parts import solve_parts
from gis_planner.optimise._capacity_problem import CapacityProblem, capacity_problem
from gis_planner.optimise._cover_problem import Indices
from gis_planner.optimise._exact_capacity import solve_exact
from gis_planner.optimise._transport import Pairs, best_flow, flow_table
from gis_planner.optimise.plan import FlowPlan, Ints

EXACT_PAIRS = 20_000
"""Pairs up to which the whole program goes to HiGHS."""


def capacitated_cover(
    reach: csr_array, people: ArrayLike, capacity: ArrayLike, *, cost: ArrayLike, budget: float | None = None,
    limit: int | None = None, success: ArrayLike | None = None, exclusive: ArrayLike | None = None,
    needs: Sequence[tuple[int, int]] | None = None, required: Indices = (), excluded: Indices = (),
    weight: ArrayLike | None = None, travel: csr_array | None = None, effort: float = 1.0, seed: int = 0,
) -> FlowPlan:
    """Actions and flows with the greatest expected weighted people served, within budget, limit and rules.

    reach: csr (demand, actions). people: (demand,) whole. capacity: (actions,) people. cost: (actions,) money.
    success: (actions,) probability that the action yields service; a person through action j counts
    weight x success_j. exclusive: (actions,) group numbers, at most one action per group, -1 = none.
    needs: pairs (a, b), a only if b. weight: (demand,) equity weight per person. travel: csr like reach (seconds or
    metres); equal values are told apart by least total travel, then by index; where villages
    share nothing but the money, sets of the same village that cost no more are. Without budget and limit every
    action may open. Actions that serve nobody and that nothing needs are left out. Raises `Refused` for bad arrays
    or a budget below every cost, `CannotBeMet` when required actions contradict each other, budget or limit.
    Source: Current and Storbeck 1988, Environment and Planning B 15.
    """
    problem = capacity_problem(
        reach, people, capacity, cost=cost, budget=budget, limit=limit, success=success, exclusive=exclusive,
        needs=needs, required=required, excluded=excluded, weight=weight, travel=travel)
    check.effort_of(effort)
    apart = solve_parts(problem, seed=check.seed_of(seed))
    if apart is not None:
        return finish(problem, apart.chosen, apart.bound, apart.stopped_by, "columns of parts")
    if problem.pairs.demand.size > EXACT_PAIRS:
        found, bound, stopped_by = solve_large(problem, effort, seed)
        return finish(problem, found, bound, stopped_by, "lagrangian of service")
    chosen, outcome = solve_exact(problem, nodes=_nodes(problem, effort), seed=check.seed_of(seed))
    if chosen is None:
        raise check.cannot("no-plan", field="required", found="no set of actions that holds every rule",
                           expected="required actions that fit needs, groups, limit and budget",
                           remedy="Require fewer actions, or raise the limit or the budget.")
    return finish(problem, chosen, outcome.bound, outcome.status, "branch and bound")


def _nodes(problem: CapacityProblem, effort: float) -> int:
    """Nodes of the tree by size alone: about a minute at effort 1, whatever the machine is doing."""
    return max(1, int(effort * min(20_000.0, 2e7 / max(problem.pairs.demand.size, 1))))


def flow_of(problem: CapacityProblem, chosen: Ints) -> Ints:
    """(pairs,) people over the open actions: greatest gain, then least travel."""
    opened = np.zeros(problem.shape[1], bool)
    opened[chosen] = True
    use = np.flatnonzero(opened[problem.pairs.place] & (problem.pairs.gain > 0))
    pairs = problem.pairs
    part = Pairs(pairs.demand[use], pairs.place[use], pairs.gain[use], pairs.travel[use])
    flow = np.zeros(pairs.demand.size, np.int64)
    flow[use] = best_flow(part, problem.people, problem.capacity)
    return flow


def without_idle(problem: CapacityProblem, chosen: Ints, flow: Ints) -> Ints:
    """`chosen` without the actions that serve nobody, are not required and that no kept action needs."""
    used = np.zeros(problem.shape[1], bool)
    used[problem.pairs.place[flow > 0]] = True
    used[problem.required] = True
    while problem.needs.size:
        more = problem.needs[used[problem.needs[:, 0]] & ~used[problem.needs[:, 1]], 1]
        if not more.size:
            break
        used[more] = True
    return chosen[used[chosen]]


def finish(problem: CapacityProblem, chosen: Ints, bound: float, stopped_by: str, bound_from: str) -> FlowPlan:
    """The plan of `chosen`: flows, value, and a bound that is never below it."""
    flow = flow_of(problem, chosen)
    chosen = without_idle(problem, chosen, flow)
    value = problem.gain_of(flow)
    safe = bound + 1e-9 * max(1.0, abs(bound))
    if problem.whole_values:
        safe = float(np.floor(safe + 1e-6))
    bound = value if stopped_by == "proof" else max(value, safe)
    proven = stopped_by == "proof" or bound <= value
    table = flow_table(flow, problem.pairs, problem.shape)
    served = np.asarray(table.sum(axis=1), dtype=np.int64).ravel()
    return FlowPlan(
        "capacitated_cover", value, bound, proven, "proof" if proven else stopped_by, bound_from, problem.terms,
        chosen=chosen, flow=table, served=served, unserved=problem.people - served, cost=problem.spent(chosen),
        travel=float((problem.pairs.travel * flow).sum()))
