"""What `check` is given: every item by a name that is known, and arrays that are sound before any plan is blamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scipy.sparse import csr_array, issparse

from gis_planner.optimise import _check_inputs as inputs
from gis_planner.problems import nearest, refused

SEARCH = ("effort", "seed")
CHOICE = ("limit", "cost", "budget", "required", "excluded", *SEARCH)
ARGUMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "max_cover": (("reach", "weight"), CHOICE),
    "partial_cover": (("share", "weight"), CHOICE),
    "expected_cover": (("reach", "weight", "works"), CHOICE),
    "least_served_first": (("reach", "weight", "rank"), CHOICE),
    "set_cover": (("reach",), ("cost", "required", "excluded", *SEARCH)),
    "capacitated_cover": (("reach", "people", "capacity", "cost"), (
        "budget", "limit", "success", "exclusive", "needs", "required", "excluded", "weight", "travel", *SEARCH)),
    "p_median": (("distance", "weight", "p"), SEARCH),
    "p_center": (("distance", "p"), SEARCH),
    "assign": (("cost", "demand", "capacity"), ("maximise_served",)),
}
"""For each kind of plan: what the check needs, in order, and what may be given besides by name."""

DEMANDS: dict[str, Callable[[Any, int, str], Any]] = {
    "weight": inputs.vector, "people": inputs.whole, "demand": inputs.whole, "rank": inputs.whole,
}
SITES: dict[str, Callable[[Any, int, str], Any]] = {
    "capacity": inputs.whole, "cost": inputs.vector, "works": inputs.vector, "success": inputs.vector,
}


def arrays_of(given: Any, plan: Any) -> dict[str, Any]:
    """The arrays by name, limits that are not given from `plan.terms`.

    Raises Refused for a name that the kind does not know, one that lacks, more items than it takes, and arrays that
    are at fault themselves (nan, negative, of another length).
    """
    needed, more = ARGUMENTS[plan.kind]
    named = _named(given, needed, more, plan.kind)
    lacking = [name for name in needed if name not in named and name not in plan.terms]
    if lacking:
        raise refused("missing-array", field=lacking[0], found=", ".join(sorted(named)), expected=", ".join(needed),
                      remedy=f"Give {lacking[0]} as the planning function got it.")
    arrays = {**plan.terms, **named}
    table = _table(arrays[needed[0]], needed[0])
    for name, value in named.items():
        if name != needed[0]:
            _refuse_unsound(name, value, table.shape, must=name in needed)
    return arrays


def _named(given: Any, needed: tuple[str, ...], more: tuple[str, ...], kind: str) -> dict[str, Any]:
    if isinstance(given, tuple):
        if len(given) > len(needed):
            raise refused("too-many-arrays", field=kind, found=inputs.counted(len(given), "item"),
                          expected=f"at most {len(needed)}: {', '.join(needed)}",
                          remedy=f"Give what comes after them by name, in a mapping: {', '.join((*needed, *more))}.")
        return dict(zip(needed, given, strict=False))
    if not isinstance(given, Mapping):
        return {needed[0]: given}
    unknown = [name for name in given if name not in (*needed, *more)]
    if unknown:
        near = nearest(str(unknown[0]), (*needed, *more))
        raise refused("unknown-array", field=str(unknown[0]), found=inputs.told(unknown[0]),
                      expected=f"one of {', '.join((*needed, *more))}, for {kind}",
                      remedy=f"Did you mean {near}?" if near else "Take it out, or name it as the function does.")
    return dict(given)


def _table(values: Any, name: str) -> Any:
    """The array (demand, sites), refused when it is unsound; a dense reach is read too."""
    if name == "distance":
        return inputs.distances(values)
    if not issparse(values):
        values = csr_array(inputs.numbers(values, name, "an array (demand, sites)"))
    return inputs.sparse(values, name, empty_ok=True)


def _refuse_unsound(name: str, value: Any, shape: tuple[int, int], *, must: bool) -> None:
    if value is None and not must:
        return
    if name in DEMANDS:
        DEMANDS[name](value, shape[0], name)
    elif name in SITES:
        SITES[name](value, shape[1], name)
    elif name in {"required", "excluded"}:
        inputs.indices(value, shape[1], name)
    elif name == "travel" and _table(value, name).shape != shape:
        raise refused("wrong-length", field=name, found=f"shape {value.shape}", expected=f"{shape}",
                      remedy="Give travel for the same demands and actions as reach.")
    elif name in {"limit", "p", "budget"} and not (
            inputs.is_number(value) and value >= 0 and (name == "budget" or float(value).is_integer())):
        raise refused("bad-budget" if name == "budget" else "bad-limit", field=name, found=inputs.told(value),
                      expected="a finite amount, 0 or more" if name == "budget" else "a whole number, 0 or more",
                      remedy=f"Give {name} as the planning function got it.")
