"""Re-checks any plan of this room against its arrays. Imports no solver: every sum is taken again from the arrays."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gis_planner.optimise.verify._covering import CHECKS
from gis_planner.problems import Finding, Severity, refused

ROUTING = {"routes": "check_routes", "rounds": "check_rounds"}


def check(problem_or_arrays: Any, plan: Any) -> list[Finding]:
    """Everything that is wrong with `plan`, in words; an empty list when it is sound.

    problem_or_arrays: for plans of the covering kind a mapping with the argument names of the function that made
    the plan (`{"reach": ..., "weight": ..., "limit": 5}`), a tuple in the order of its positional arguments, or the
    reach alone; limits that are not given are taken from `plan.terms`. For routes and rounds: the problem.
    Value, every constraint and, where the plan carries multipliers, the bound are recomputed.
    """
    kind = getattr(plan, "kind", "")
    if kind in ROUTING:
        routing = import_module("gis_planner.optimise.verify._routing")
        return list(getattr(routing, ROUTING[kind])(problem_or_arrays, plan))
    if kind not in CHECKS:
        raise refused("unknown-plan", field="plan", found=kind or type(plan).__name__,
                      expected=", ".join(sorted([*CHECKS, *ROUTING])), remedy="Give a plan made by this room.")
    names, function = CHECKS[kind]
    found: list[Finding] = []
    function(_arrays(problem_or_arrays, names, plan), plan, _teller(found))
    return found


def _arrays(given: Any, names: tuple[str, ...], plan: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        named = dict(given)
    elif isinstance(given, tuple):
        named = dict(zip(names, given, strict=False))
    else:
        named = {names[0]: given}
    lacking = [name for name in names if name not in named and name not in plan.terms]
    if lacking:
        raise refused("missing-array", field=lacking[0], found=", ".join(sorted(named)), expected=", ".join(names),
                      remedy=f"Give {lacking[0]} as the planning function got it.")
    return {**plan.terms, **named}


def _teller(found: list[Finding]) -> Any:
    def tell(code: str, what: str, expected: str, field: str, row: object = "") -> None:
        found.append(Finding(code, Severity.REFUSE, what, expected, "Do not use this plan; make it again.",
                             "N'utilisez pas ce plan ; refaites-le.", row=str(row), field=field))

    return tell
