"""What the checks of every covering kind share: tolerances, site lists, claims about bound and proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gis_planner.optimise._check_inputs import counted

Tell = Callable[..., None]
RELATIVE = 1e-9


def near(first: float, second: float) -> bool:
    """Equal up to rounding (1e-9 relative, 1e-6 absolute)."""
    return bool(abs(first - second) <= max(1e-6, RELATIVE * max(abs(first), abs(second))))


def total(values: Any) -> float:
    """The sum, 0 for none."""
    return float(np.sum(values)) if np.size(values) else 0.0


def sound_sites(chosen: Any, sites: int, tell: Tell) -> bool:
    """True when `chosen` are sorted, different, existing site indices."""
    listed = np.asarray(chosen)
    if listed.ndim != 1 or (listed.size and not np.issubdtype(listed.dtype, np.integer)):
        tell("chosen-not-indices", f"{listed.dtype} of shape {listed.shape}", "a list of site indices", "chosen")
        return False
    if listed.size and (listed.min() < 0 or listed.max() >= sites):
        bad = listed[(listed < 0) | (listed >= sites)][0]
        tell("no-such-site", f"site {int(bad)}", f"0 to {sites - 1}", "chosen")
        return False
    if (np.diff(listed) <= 0).any():
        tell("chosen-not-sorted", "sites out of order or twice", "sorted sites, each once", "chosen")
        return False
    return True


def choice_rules(terms: dict[str, Any], chosen: Any, cost: Any, tell: Tell) -> None:
    """Limit, budget, must-have and must-not sites."""
    limit, budget = terms.get("limit"), terms.get("budget")
    if limit is not None and chosen.size > limit:
        tell("limit-exceeded", counted(chosen.size, "site"), f"at most {limit}", "chosen")
    if budget is not None and cost is not None:
        spent = total(np.asarray(cost, dtype=np.float64)[chosen])
        if spent > budget * (1 + RELATIVE):
            tell("budget-exceeded", f"sites that cost {spent:g}", f"at most {budget:g}", "chosen")
    required = np.setdiff1d(np.asarray(terms.get("required", ()), dtype=np.int64), chosen)
    for site in required[:3]:
        tell("required-missing", f"site {int(site)} is not chosen", "every required site", "chosen", site)
    excluded = np.intersect1d(np.asarray(terms.get("excluded", ()), dtype=np.int64), chosen)
    for site in excluded[:3]:
        tell("excluded-chosen", f"site {int(site)} is chosen", "no excluded site", "chosen", site)


def terms_as_asked(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """A plan made under another limit, budget, number or other costs proves nothing about the one asked."""
    for name in ("limit", "budget", "p", "cost"):
        asked, made = arrays.get(name), plan.terms.get(name)
        if name not in plan.terms or (asked is None and name == "cost"):
            continue
        same = (asked is None) == (made is None) and (asked is None or np.array_equal(
            np.asarray(asked, dtype=np.float64), np.asarray(made, dtype=np.float64)))
        if not same:
            tell("other-terms", f"made for {name} {_short(made)}", f"{name} {_short(asked)}, as asked", name)


def _short(value: Any) -> str:
    if value is None:
        return "none"
    return f"{float(value):g}" if np.size(value) == 1 else f"of {np.size(value)} sites"


def claims(plan: Any, value: float, tell: Tell, *, least: bool = False) -> None:
    """The stated value is the recomputed one; the bound is on the right side of it; proven means no gap."""
    if not np.isfinite(plan.value) or not near(plan.value, value):
        tell("value-differs", f"{plan.value:.12g}", f"{value:.12g}, recomputed from the arrays", "value")
    wrong = plan.bound > value if least else plan.bound < value
    if not np.isfinite(plan.bound) or (wrong and not near(plan.bound, value)):
        side = "at most" if least else "at least"
        tell("bound-broken", f"{plan.bound:.12g}", f"{side} the value, {value:.12g}", "bound")
    if plan.proven and not near(plan.bound, plan.value):
        tell("proof-with-gap", f"value {plan.value:.12g}, bound {plan.bound:.12g}", "no gap in a proven plan", "proven")
    if plan.proven != (plan.stopped_by == "proof"):
        tell("proof-contradicted", f"proven {plan.proven}, stopped by {plan.stopped_by}",
             "proven exactly when stopped by proof", "stopped_by")
