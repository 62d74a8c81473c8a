"""Visits a stated number of days apart, as sets of days."""

from __future__ import annotations

from collections.abc import Sequence

from gis_planner.optimise._check_inputs import is_number
from gis_planner.problems import refused

Pattern = tuple[int, ...]
MOST_PATTERNS = 20_000


def spaced_patterns(
    days: int, every: int, tolerance: int = 0, *, working: Sequence[int] | None = None, cyclic: bool = True,
) -> tuple[Pattern, ...]:
    """All sets of days whose visits lie `every` days apart, give or take `tolerance` (7 +/- 1: every=7, tolerance=1).

    working: days on which anyone works (default all). cyclic: the horizon repeats, so the step from the last visit to
    the first of the next horizon counts too; otherwise no stretch at either end is longer than the longest step.
    Raises Refused when no set of days keeps the spacing, or more than MOST_PATTERNS do.
    """
    whole = all(is_number(value) and value == int(value) for value in (days, every, tolerance))
    shortest, longest = (every - tolerance, every + tolerance) if whole else (0, 0)
    if not (0 < shortest <= longest and days > 0):
        raise refused("spacing", found=f"every {every} +/- {tolerance} days in {days}", field="every",
                      expected="whole days, steps of at least one", remedy="Use a tolerance below the step.")
    allowed = sorted(set(range(days) if working is None else working) & set(range(days)))
    out: list[Pattern] = []

    def extend(pattern: Pattern) -> None:
        rest = days - pattern[-1]
        closes = shortest <= rest + pattern[0] <= longest if cyclic else rest <= longest
        if closes:
            out.append(pattern)
            if len(out) > MOST_PATTERNS:
                raise refused("too-many-patterns", found=f"every {every} +/- {tolerance} days in {days} days",
                              field="days", expected=f"at most {MOST_PATTERNS} sets of days",
                              remedy="Plan a shorter horizon, such as four intervals, and repeat it.",
                              remedy_fr="Planifiez un horizon plus court, par exemple quatre intervalles, et "
                              "répétez-le.")
        for day in allowed:
            if shortest <= day - pattern[-1] <= longest:
                extend((*pattern, day))

    for first in allowed:
        if first < longest:
            extend((first,))
    if not out:
        raise refused("spacing", found=f"every {every} +/- {tolerance} days in {days} days", field="every",
                      expected="at least one set of days", remedy="Widen the tolerance or change the horizon.",
                      remedy_fr="Élargissez la tolérance ou changez l'horizon.")
    return tuple(sorted(set(out)))
