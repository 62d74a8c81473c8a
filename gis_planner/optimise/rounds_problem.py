"""What a question of periodic rounds is: sites visited on linked days, again and again, by crews from one base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.problems import CannotBeMet, Finding, Problems, Severity, refused

Floats = NDArray[np.float64]
Pattern = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place to visit on the days of one of its patterns.

    location: row of the matrices. patterns: the sets of days (0 is the first) of which one is to be kept whole.
    demand: load of one visit; service_s: time of one visit.
    """

    location: int
    patterns: tuple[Pattern, ...]
    demand: float = 0.0
    service_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Problem:
    """A question of periodic rounds; checked when it is made.

    distance_m, duration_s: (n, n) symmetric arrays over all locations (duration_s defaults to the distances, one metre
    a second, and matters only with a shift). depot: location where every crew begins and ends its day. days: length of
    the horizon. crews: how many go out each day. capacity: load of a crew's day, None for no limit. shift_s: longest
    day of a crew, None for no limit. The cost is the distance.
    Raises Refused for unsound matrices, sites without a pattern, days outside the horizon and negative numbers.
    """

    distance_m: ArrayLike
    sites: Sequence[Site]
    days: int
    crews: int
    depot: int = 0
    duration_s: ArrayLike | None = None
    capacity: float | None = None
    shift_s: float | None = None
    name: str = ""
    distances: Floats = field(init=False, repr=False)
    durations: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", tuple(self.sites))
        distances = _symmetric(self.distance_m, "distance_m")
        durations = distances if self.duration_s is None else _symmetric(self.duration_s, "duration_s")
        for name, value in (("distances", distances), ("durations", durations), ("distance_m", distances),
                            ("duration_s", durations)):
            object.__setattr__(self, name, value)
        problems = Problems()
        for code, where, row, found, expected in _contradictions(self):
            problems.add(code, Severity.REFUSE, field=where, row=row, found=found, expected=expected,
                         remedy="Correct this entry of the rounds.", remedy_fr="Corrigez cette valeur des tournées.")
        problems.stop()


def _symmetric(given: ArrayLike, name: str) -> Floats:
    array: Any = np.asarray(given)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.dtype.kind not in "iuf":
        raise refused("matrix-not-square", found=f"{array.dtype} array of shape {array.shape}", field=name,
                      expected="a square array of numbers", remedy="Give the way from every place to every place.")
    array = array.astype(np.float64)
    for code, wrong, expected in (
        ("matrix-nan", ~np.isfinite(array), "finite numbers"),
        ("matrix-negative", array < 0, "no negative number"),
        ("matrix-diagonal", np.diag(np.diag(array)) != 0, "zero from a place to itself"),
        ("matrix-asymmetric", np.abs(array - array.T) > 1e-6, "the same there and back"),
    ):
        if wrong.any():
            row, column = (int(k) for k in np.argwhere(wrong)[0])
            raise refused(code, found=f"{array[row, column]} from {row} to {column}", field=name, row=str(row),
                          expected=expected, remedy="Mend the travel times or distances that were handed over.")
    array.setflags(write=False)
    return np.asarray(array)


def _contradictions(problem: Problem) -> Iterator[tuple[str, str, object, object, str]]:
    size = problem.distances.shape[0]
    if problem.durations.shape != problem.distances.shape:
        yield "matrix-shapes", "duration_s", "", problem.durations.shape, f"shape {problem.distances.shape}"
    if not 0 <= problem.depot < size:
        yield "index-outside", "depot", "", problem.depot, f"0 to {size - 1}"
    for name in ("days", "crews"):
        if not getattr(problem, name) >= 1:
            yield "too-few", name, "", getattr(problem, name), "at least 1"
    for name in ("capacity", "shift_s"):
        value = getattr(problem, name)
        if value is not None and not 0 <= value < float("inf"):
            yield "negative-number", name, "", value, "a finite number, not negative"
    for k, site in enumerate(problem.sites):
        if not 0 <= site.location < size:
            yield "index-outside", "sites.location", k, site.location, f"0 to {size - 1}"
        for name in ("demand", "service_s"):
            value = getattr(site, name)
            if not 0 <= value < float("inf"):
                yield "negative-number", f"sites.{name}", k, value, "a finite number, not negative"
        if not site.patterns:
            yield "no-pattern", "sites.patterns", k, "none", "at least one set of days"
        for pattern in site.patterns:
            if not pattern or len(set(pattern)) != len(pattern) or not all(0 <= d < problem.days for d in pattern):
                yield "pattern-days", "sites.patterns", k, pattern, f"different days from 0 to {problem.days - 1}"


def check_possible(problem: Problem) -> None:
    """Raise CannotBeMet when a site alone breaks a limit, or all visits together exceed what the crews can carry."""
    findings = []
    for k, site in enumerate(problem.sites):
        took_s = site.service_s + 2 * float(problem.durations[problem.depot, site.location])
        if problem.capacity is not None and site.demand > problem.capacity:
            findings.append(("demand-above-capacity", str(k), f"demand {site.demand}", f"at most {problem.capacity}"))
        if problem.shift_s is not None and took_s > problem.shift_s:
            findings.append(("site-out-of-reach", str(k), f"there, service and back take {took_s:.0f} s",
                             f"at most {problem.shift_s:.0f} s"))
    crew_days = problem.days * problem.crews
    for room, need, what in (
        (problem.capacity, sum(min(map(len, s.patterns)) * s.demand for s in problem.sites), "load"),
        (problem.shift_s, sum(min(map(len, s.patterns)) * s.service_s for s in problem.sites), "service time"),
    ):
        if room is not None and need > room * crew_days * (1 + 1e-9):
            crews = int(np.ceil(need / max(room * problem.days, 1e-9)))
            findings.append(("too-few-crews", "", f"{what} {need:.0f} for {crew_days} crew days of {room:.0f}",
                             f"at least {crews} crews a day"))
    if findings:
        raise CannotBeMet([
            Finding(code, Severity.REFUSE, found, expected, "Give more crews or days, a longer day or fewer visits.",
                    "Donnez plus d'équipes ou de jours, une journée plus longue ou moins de visites.",
                    row=row, field="sites" if row else "crews") for code, row, found, expected in findings])


def spaced_patterns(
    days: int, every: int, tolerance: int = 0, *, working: Sequence[int] | None = None, cyclic: bool = True,
) -> tuple[Pattern, ...]:
    """All sets of days whose visits lie `every` days apart, give or take `tolerance` (7 +/- 1: every=7, tolerance=1).

    working: days on which anyone works (default all). cyclic: the horizon repeats, so the step from the last visit to
    the first of the next horizon counts too; otherwise no stretch at either end is longer than the longest step.
    Raises Refused when no set of days keeps the spacing.
    """
    shortest, longest = every - tolerance, every + tolerance
    if not (0 < shortest <= longest and days > 0):
        raise refused("spacing", found=f"every {every} +/- {tolerance} days in {days}", field="every",
                      expected="steps of at least one day", remedy="Use a tolerance below the step.")
    allowed = sorted(set(range(days) if working is None else working) & set(range(days)))
    out: list[Pattern] = []

    def extend(pattern: Pattern) -> None:
        rest = days - pattern[-1]
        closes = shortest <= rest + pattern[0] <= longest if cyclic else rest <= longest
        if closes:
            out.append(pattern)
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
