"""Refuses bad arrays before any work, in words that name the argument, what was found and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, issparse

from gis_planner.optimise.plan import Floats, Ints
from gis_planner.problems import CannotBeMet, Finding, Severity, refused


def cannot(
    code: str, *, found: object, expected: str, remedy: str, field: str = "", remedy_fr: str = "",
) -> CannotBeMet:
    """A `CannotBeMet` with one finding, ready to raise."""
    return CannotBeMet([Finding(code, Severity.REFUSE, str(found), expected, remedy, remedy_fr, field=field)])


def counted(number: float, one: str, many: str = "") -> str:
    """`1 site`, `2 sites`; `many` where an s does not do."""
    return f"{number:.12g} {one if number == 1 else many or one + 's'}"


def people(number: float) -> str:
    """`1 person`, `2 people`."""
    return counted(number, "person", "people")


def told(value: object) -> object:
    """`value` as a finding shows it: text in quotes, so that '2' is not taken for the number."""
    return repr(str(value)) if isinstance(value, str) else value


LARGEST = 1e12
"""Beyond this no weight, cost or distance is true, and sums lose whole units."""


def sparse(matrix: Any, name: str = "reach", *, empty_ok: bool = False) -> csr_array:
    """`matrix` as a canonical csr_array without explicit zeros; refuses dense, nan, negative, and empty input."""
    if not issparse(matrix) or matrix.ndim != 2:
        raise refused("not-sparse", field=name, found=type(matrix).__name__,
                      expected="a SciPy csr_array (demand, sites)",
                      remedy=f"Give {name} as scipy.sparse.csr_array; a dense table does not fit a laptop.")
    rows = csr_array(matrix)
    try:
        rows.check_format(full_check=True)
    except ValueError as error:
        raise refused("broken-matrix", field=name, found=f"stored indices that contradict its shape: {error}",
                      expected=f"rows and columns within {rows.shape}",
                      remedy=f"Make {name} anew, for instance from (row, column) pairs.") from error
    if rows.dtype.kind not in "biuf":
        raise refused("not-a-number", field=name, found=f"entries of type {rows.dtype}", expected="real numbers",
                      remedy=f"Give the entries of {name} as numbers.")
    if rows.dtype == bool:
        rows = rows.astype(np.int8)
    elif not rows.has_canonical_format or rows.count_nonzero() < rows.nnz:
        rows = csr_array(matrix, copy=True)
    if not np.isfinite(rows.data).all():
        raise refused("not-a-number", field=name, found="nan or infinite entries", expected="finite numbers",
                      remedy=f"Leave pairs that cannot be reached out of {name}.")
    if rows.nnz and rows.data.min() < 0:
        raise refused("negative-entry", field=name, found=rows.data.min(), expected="0 or more",
                      remedy=f"Mend the negative entries of {name}.")
    if rows.nnz and rows.data.max() > LARGEST:
        raise refused("too-large", field=name, found=rows.data.max(), expected=f"at most {LARGEST:g}",
                      remedy=f"Leave pairs that cannot be reached out of {name}.")
    rows.sum_duplicates()
    return rows if empty_ok else _not_empty(rows, name)


def _not_empty(rows: csr_array, name: str) -> csr_array:
    if rows.shape[0] == 0 or rows.shape[1] == 0 or rows.count_nonzero() == 0:
        raise refused("empty-reach", field=name, found=f"shape {rows.shape} with no pair in reach",
                      expected="at least one demand that a site reaches",
                      remedy="Widen the reach, or check that demand and sites share one coordinate system.")
    rows.eliminate_zeros()
    return rows


def vector(values: ArrayLike, size: int, name: str, *, unit: str = "number") -> Floats:
    """`values` as (size,) finite, non-negative floats."""
    out = numbers(values, name, counted(size, "number"))
    if out.shape != (size,):
        raise refused("wrong-length", field=name, found=f"shape {out.shape}", expected=f"({size},)",
                      remedy=f"Give {name} as a list of {counted(size, unit)}.")
    for code, bad, what in (
        ("not-a-number", ~np.isfinite(out), "nan or infinite"), ("negative-weight", out < 0, "negative"),
        ("too-large", out > LARGEST, "too large"),
    ):
        if bad.any():
            at = int(np.flatnonzero(bad)[0])
            raise refused(code, field=name, row=str(at),
                          found=f"{counted(bad.sum(), what + ' entry', what + ' entries')}, first {out[at]} at {at}",
                          expected=f"finite numbers from 0 to {LARGEST:g}",
                          remedy=f"Mend or leave out these entries of {name}.")
    return out


def numbers(values: ArrayLike, name: str, expected: str) -> Floats:
    """`values` as floats; a mask of True and False is no number."""
    if issparse(values):
        raise refused("not-dense", field=name, found=f"a sparse {type(values).__name__}",
                      expected=expected if "dense" in expected else f"a dense array, {expected}",
                      remedy=f"Give {name}.toarray(); entries that are not stored become 0 there, so store them first.")
    try:
        given = np.asarray(values)
        text = given.dtype.kind in "US"
        out = np.zeros(0) if text else np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise refused("not-a-number", field=name, found="values that are not numbers", expected=expected,
                      remedy=f"Give {name} as numbers.") from None
    if given.dtype.kind not in "iuf" and given.size:
        found = f"text, first {str(given.flat[0])[:40]!r}" if text else f"values of type {given.dtype}"
        raise refused("not-a-number", field=name, found=found, expected=expected, remedy=f"Give {name} as numbers.")
    return out


def distances(distance: ArrayLike) -> Floats:
    """`distance` as a dense (demand, sites) array of finite, non-negative floats."""
    table = numbers(distance, "distance", "a dense array of numbers (demand, sites)")
    if table.ndim != 2 or 0 in table.shape:
        raise refused("wrong-length", field="distance", found=f"shape {table.shape}",
                      expected="(demand, sites), at least one of each",
                      remedy="Give one row per demand and one column per site.")
    if not np.isfinite(table).all():
        raise refused("not-a-number", field="distance", found="nan or infinite distances", expected="finite distances",
                      remedy="Give a large finite distance to pairs that cannot be reached, or leave the site out.")
    if (table > LARGEST).any():
        raise refused("too-large", field="distance", found=float(table.max()), expected=f"at most {LARGEST:g}",
                      remedy="Give a smaller distance to pairs that cannot be reached, or leave the site out.")
    if (table < 0).any():
        raise refused("negative-distance", field="distance", found=float(table.min()), expected="0 or more",
                      remedy="Mend the negative distances.")
    return table


def whole(values: ArrayLike, size: int, name: str) -> Ints:
    """`values` as (size,) whole non-negative numbers (people)."""
    out = vector(values, size, name, unit="whole number")
    rounded = np.rint(out)
    if not np.array_equal(rounded, out):
        at = int(np.flatnonzero(rounded != out)[0])
        raise refused("not-whole", field=name, row=str(at), found=out[at], expected="whole people",
                      remedy=f"Round {name} to whole people.")
    return rounded.astype(np.int64)


def indices(values: Sequence[int] | ArrayLike, size: int, name: str) -> Ints:
    """`values` as sorted unique site indices below `size`."""
    raw = np.asarray(values)
    if raw.size == 0:
        return np.zeros(0, np.int64)
    if raw.ndim != 1 or not np.issubdtype(raw.dtype, np.integer):
        raise refused("not-an-index", field=name, found=f"{raw.dtype} of shape {raw.shape}", expected="site numbers",
                      remedy=f"Give {name} as a list of site indices (0 to {size - 1}), not a mask.")
    bad = (raw < 0) | (raw >= size)
    if bad.any():
        raise refused("no-such-site", field=name, found=int(raw[bad][0]), expected=f"0 to {size - 1}",
                      remedy=f"Remove it from {name}.")
    return np.unique(raw.astype(np.int64))


def is_number(value: object) -> bool:
    """A finite number: no text, no True or False, nothing missing."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return number and isfinite(value)  # type: ignore[arg-type]


def effort_of(effort: float) -> float:
    """Positive, finite effort."""
    if not is_number(effort) or effort <= 0:
        raise refused("bad-effort", field="effort", found=told(effort), expected="a number above 0",
                      remedy="1.0 is what a planner waits for; 0.1 is a quick look.")
    return float(effort)


def search_settings(effort: float, seed: int, time_limit_s: float | None, workers: int | None = None) -> None:
    """Effort, seed, seconds and processes of a search are what they must be."""
    effort_of(effort)
    seed_of(seed)
    if time_limit_s is not None and not (is_number(time_limit_s) and time_limit_s > 0):
        raise refused("bad-time-limit", field="time_limit_s", found=told(time_limit_s),
                      expected="seconds, a number above 0",
                      remedy="Give the seconds of each core, or None for no clock.")
    if workers is not None and not (is_number(workers) and workers == int(workers) and workers >= 1):
        raise refused("bad-workers", field="workers", found=told(workers), expected="a whole number, 1 or more",
                      remedy="Give the number of processes, or None for one per core.")


def seed_of(seed: int) -> int:
    """A whole, non-negative seed below 2**31."""
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise refused("bad-seed", field="seed", found=told(seed), expected="a whole number from 0 to 2147483647",
                      remedy="Give a seed such as 0.")
    return int(seed)


def site_limit(limit: int | None, sites: int, name: str = "limit") -> int | None:
    """A whole number of sites from 1 to `sites`."""
    if limit is None:
        return None
    if not is_number(limit) or not float(limit).is_integer() or limit < 1:
        raise refused("bad-limit", field=name, found=told(limit), expected="a whole number, 1 or more",
                      remedy=f"Give {name} as the number of sites that may open.")
    if limit > sites:
        raise refused("limit-above-sites", field=name, found=limit, expected=f"at most {sites}, the number of sites",
                      remedy=f"Lower {name} or add candidate sites.")
    return int(limit)


def money(budget: float | None, cost: Floats | None, allowed: np.ndarray) -> float | None:
    """A budget that pays for at least one allowed site."""
    if budget is None:
        return None
    if cost is None:
        raise refused("budget-without-cost", field="cost", found="a budget and no costs", expected="one cost per site",
                      remedy="Give cost (money per site), or limit instead of budget.")
    if not is_number(budget) or budget < 0:
        raise refused("bad-budget", field="budget", found=told(budget), expected="a finite amount above 0",
                      remedy="Give the budget in the same money as cost.")
    cheapest = float(cost[allowed].min()) if allowed.any() else float("inf")
    if budget < cheapest:
        raise refused("budget-below-every-cost", field="budget", found=budget,
                      expected=f"at least {cheapest:g}, the cheapest site",
                      remedy=f"Raise the budget to {cheapest:g} or more; are cost and budget in the same money?")
    return float(budget)


def required_fit(
    required: Ints, excluded: np.ndarray, limit: int | None, cost: Floats | None, budget: float | None,
) -> None:
    """The must-have sites may be chosen at all: not also excluded, within limit and budget."""
    both = required[excluded[required]]
    if both.size:
        raise cannot("required-and-excluded", field="required", found=f"site {int(both[0])} in both lists",
                     expected="each site required or excluded, not both", remedy="Take it off one of the lists.")
    if limit is not None and required.size > limit:
        raise cannot("required-above-limit", field="required", found=counted(required.size, "required site"),
                     expected=f"at most {limit}", remedy=f"Raise the limit to {required.size} or require fewer sites.")
    if budget is not None and cost is not None:
        need = float(cost[required].sum())
        if need > budget * (1 + 1e-12):
            raise cannot("required-above-budget", field="required", found=f"required sites cost {need:g}",
                         expected=f"at most the budget, {budget:g}",
                         remedy=f"Raise the budget to {need:g} or require fewer sites.")
