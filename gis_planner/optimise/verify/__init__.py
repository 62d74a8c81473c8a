"""Re-checks any plan of this room against its arrays. Imports no solver: every sum is taken again from the arrays."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gis_planner.optimise.verify._covering import CHECKS
from gis_planner.optimise.verify._given import arrays_of
from gis_planner.problems import Finding, Severity, refused

ROUTING = {"routes": "check_routes", "rounds": "check_rounds"}


def check(problem_or_arrays: Any, plan: Any) -> list[Finding]:
    """Everything that is wrong with `plan`, in words; an empty list when it is sound.

    problem_or_arrays: for plans of the covering kind a mapping with the argument names of the function that made
    the plan (`{"reach": ..., "weight": ..., "limit": 5}`), or a tuple of the arrays it needs, in the order of the
    arguments (`(reach, weight)`, `(distance, weight, p)`); `_given.ARGUMENTS` lists both. Where the plan knows the rest
    (set_cover, p_center) the first array alone does. Limits that are not given are taken from `plan.terms`.
    For routes and rounds: the problem.
    Value, every constraint and, where the plan carries multipliers, the bound are recomputed.
    Raises Refused when the question is at fault, not the plan: an unknown or missing name, too many items, arrays with
    nan, negative numbers or another length, a plan of no known kind.
    """
    kind = getattr(plan, "kind", "")
    if kind in ROUTING:
        routing = import_module("gis_planner.optimise.verify._routing")
        return list(getattr(routing, ROUTING[kind])(problem_or_arrays, plan))
    if kind not in CHECKS:
        raise refused("unknown-plan", field="plan", found=kind or type(plan).__name__,
                      expected=", ".join(sorted([*CHECKS, *ROUTING])), remedy="Give a plan made by this room.")
    found: list[Finding] = []
    CHECKS[kind](arrays_of(problem_or_arrays, plan), plan, _teller(found))
    return found


def _teller(found: list[Finding]) -> Any:
    def tell(code: str, what: str, expected: str, field: str, row: object = "") -> None:
        found.append(Finding(code, Severity.REFUSE, what, expected, "Do not use this plan; make it again.",
                             "N'utilisez pas ce plan ; refaites-le.", row=str(row), field=field))

    return tell
