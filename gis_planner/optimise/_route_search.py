"""How the effort of a routing search is spent: several starts, then large problems in parts, then the whole again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gis_planner.optimise._pyvrp import Effort, Found, cost_scale, search, translate
from gis_planner.optimise._route_parts import PART, parts, search_parts
from gis_planner.optimise._route_plan import Order, plan_of
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.routing_problem import Problem

STARTS = 2
SMALL_WORK = 200_000
ROUNDS = 4
FIRST_SHARE = 0.4


@dataclass(frozen=True)
class Ask:
    """What is asked of a search: effort of one start, seed, the cost of leaving a required stop out, processes."""

    effort: Effort
    seed: int
    left_out: float | None = None
    workers: int | None = None


def best_of(problem: Problem, ask: Ask, starts: Sequence[Sequence[Order] | None]) -> Found:
    """The best of one search per entry of `starts`, improved in parts when it is large; ties go to the earlier."""
    large = len(problem.stops) >= 2 * PART and ask.left_out is None
    first = _share(ask.effort, FIRST_SHARE) if large else ask.effort
    calls = [(one_start, (problem, first, ask.seed * STARTS + k, start, ask.left_out))
             for k, start in enumerate(starts)]
    found: list[Found] = run_all(calls, 1 if _small(problem, ask.effort) else ask.workers)
    best = min(found, key=lambda one: (not one.feasible, one.cost))
    return _in_parts(problem, ask, best) if large and best.feasible else best


def one_start(
    problem: Problem, effort: Effort, seed: int, start: Sequence[Order] | None, left_out: float | None,
) -> Found:
    """One search from one seed (a module-level function, so that it can run in a process of its own)."""
    return search(translate(problem, all_optional=left_out), effort, seed, start)


def _small(problem: Problem, effort: Effort) -> bool:
    return effort.limit_s is None and effort.iterations * len(problem.stops) < SMALL_WORK


def _share(effort: Effort, share: float) -> Effort:
    return Effort(max(100, round(effort.iterations * share)), max(100, round(effort.patience * share)),
                  None if effort.limit_s is None else effort.limit_s * share)


def _in_parts(problem: Problem, ask: Ask, best: Found) -> Found:
    """`best` after rounds in which every part is searched apart, all borders elsewhere each round."""
    orders, scale = list(best.orders), cost_scale(problem)
    cost = plan_of(problem, orders, stopped_by="").cost
    for turn in range(ROUNDS):
        groups = [[orders[k] for k in group] for group in parts(problem, orders, turn)]
        shares = [groups[k::STARTS] for k in range(STARTS)]
        effort = _share(ask.effort, (1.0 - FIRST_SHARE) / ROUNDS)
        calls = []
        for k, share in enumerate(shares):
            each = effort
            if effort.limit_s is not None:
                each = replace(effort, limit_s=effort.limit_s / max(1, len(share)))
            calls.append((search_parts, (problem, share, each, 1000 * ask.seed + 100 * turn + 10 * k)))
        after = [order for some in run_all(calls, ask.workers) for order in some]
        plan = plan_of(problem, after, stopped_by="")
        if plan.feasible and plan.cost < cost:
            orders, cost = after, plan.cost
    return replace(best, orders=tuple(orders), cost=round(cost * scale))
