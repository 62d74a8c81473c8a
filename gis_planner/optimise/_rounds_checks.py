"""What is refused in a question of rounds: unsound numbers when it is made, the impossible before any search."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.optimise._check_inputs import counted
from gis_planner.problems import CannotBeMet, Finding, Problems, Severity, refused

if TYPE_CHECKING:
    from gis_planner.optimise.rounds_problem import Crew, Problem, Site

Floats = NDArray[np.float64]
Wrong = tuple[str, str, object, object, str]
LARGEST = 1e9
NOT_NEGATIVE = "a finite number, not negative"


def symmetric(given: ArrayLike, name: str) -> Floats:
    """The array as floats that cannot be changed; Refused when it is not a symmetric matrix of sound numbers."""
    try:
        array: Any = np.asarray(given)
    except ValueError:
        array = np.zeros(0)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.dtype.kind not in "iuf":
        raise refused("matrix-not-square", found=f"{array.dtype} array of shape {array.shape}", field=name,
                      expected="a square array of numbers", remedy="Give the way from every place to every place.")
    array = array.astype(np.float64)
    sound = np.where(np.isfinite(array), array, 0.0)
    for code, wrong, expected in (
        ("matrix-nan", ~np.isfinite(array), "finite numbers"),
        ("matrix-negative", array < 0, "no negative number"),
        ("matrix-too-large", array > LARGEST, f"metres or seconds up to {LARGEST:.0e}"),
        ("matrix-diagonal", np.diag(np.diag(array)) != 0, "zero from a place to itself"),
        ("matrix-asymmetric", np.abs(sound - sound.T) > 1e-6, "the same there and back"),
    ):
        if wrong.any():
            row, column = (int(k) for k in np.argwhere(wrong)[0])
            raise refused(code, found=f"{array[row, column]} from {row} to {column}", field=name, row=str(row),
                          expected=expected, remedy="Mend the travel times or distances that were handed over.")
    array.setflags(write=False)
    return np.asarray(array)


def refuse_contradictions(problem: Problem) -> None:
    """Raise Refused with every unsound member of the problem."""
    problems = Problems()
    for code, where, row, found, expected in _contradictions(problem):
        problems.add(code, Severity.REFUSE, field=where, row=row, found=found, expected=expected,
                     remedy="Correct this entry of the rounds.", remedy_fr="Corrigez cette valeur des tournées.")
    problems.stop()


def _contradictions(problem: Problem) -> Iterator[Wrong]:
    size = problem.distances.shape[0]
    if problem.durations.shape != problem.distances.shape:
        yield "matrix-shapes", "duration_s", "", problem.durations.shape, f"shape {problem.distances.shape}"
    if not 0 <= problem.depot < size:
        yield "index-outside", "depot", "", problem.depot, f"0 to {size - 1}"
    for name in ("days", "crews"):
        if not getattr(problem, name) >= 1:
            yield "too-few", name, "", getattr(problem, name), "at least 1"
    for name in ("capacity", "shift_s", "stranger_price"):
        yield from _number(getattr(problem, name), name, "")
    if problem.each and len(problem.each) != problem.crews:
        yield "lengths", "each", "", counted(len(problem.each), "crew"), f"{problem.crews}, the number of crews"
    if problem.each and (problem.capacity, problem.shift_s) != (None, None):
        yield "limits-twice", "each", "", "limits of the problem beside those of each crew", "one or the other"
    for k, rest in enumerate(problem.breaks):
        if not 0 <= rest.start_s <= rest.end_s:
            yield "window", "breaks", k, (rest.start_s, rest.end_s), "a begin before its end"
        if k and rest.start_s < problem.breaks[k - 1].end_s:
            yield "breaks-overlap", "breaks", k, rest.start_s, "breaks in order, each after the one before"
    for k, crew in enumerate(problem.each):
        yield from _crew(problem, k, crew, size)
    for k, site in enumerate(problem.sites):
        yield from _site(problem, k, site, size)


def _number(value: float | None, where: str, row: object) -> Iterator[Wrong]:
    if value is not None and not 0 <= value < inf:
        yield "negative-number", where, row, value, NOT_NEGATIVE


def _window(window_s: tuple[float, float] | None, where: str, row: object) -> Iterator[Wrong]:
    if window_s is not None and not 0 <= window_s[0] <= window_s[1] < inf:
        yield "window", where, row, window_s, "an earliest and a latest second, in that order"


def _crew(problem: Problem, k: int, crew: Crew, size: int) -> Iterator[Wrong]:
    if not 0 <= crew.depot < size:
        yield "index-outside", "each.depot", k, crew.depot, f"0 to {size - 1}"
    for name in ("capacity", "shift_s", "pace", "cost_per_m", "cost_per_round"):
        yield from _number(getattr(crew, name), f"each.{name}", k)
    yield from _window(crew.window_s, "each.window_s", k)
    if crew.days is not None and problem.days >= 1 and not all(0 <= day < problem.days for day in crew.days):
        yield "index-outside", "each.days", k, sorted(crew.days), f"days from 0 to {problem.days - 1}"


def _site(problem: Problem, k: int, site: Site, size: int) -> Iterator[Wrong]:
    for name in ("location", "end_location"):
        value = getattr(site, name)
        if value is not None and not 0 <= value < size:
            yield "index-outside", f"sites.{name}", k, value, f"0 to {size - 1}"
    for name in ("demand", "service_s", "prize", "line_m"):
        yield from _number(getattr(site, name), f"sites.{name}", k)
    yield from _window(site.window_s, "sites.window_s", k)
    if site.allowed is not None and problem.crews >= 1 and not all(0 <= crew < problem.crews for crew in site.allowed):
        yield "index-outside", "sites.allowed", k, sorted(site.allowed), f"crews from 0 to {problem.crews - 1}"
    if not site.patterns:
        yield "no-pattern", "sites.patterns", k, "none", "at least one set of days"
    for pattern in site.patterns if problem.days >= 1 else ():
        if not pattern or len(set(pattern)) != len(pattern) or not all(0 <= d < problem.days for d in pattern):
            yield "pattern-days", "sites.patterns", k, pattern, f"different days from 0 to {problem.days - 1}"


def check_possible(problem: Problem) -> None:
    """Raise CannotBeMet when a required site alone breaks a limit, or all visits exceed what the crews can do."""
    findings = [finding for k, site in enumerate(problem.sites) if site.required
                for finding in _alone(problem, k, site)]
    findings += _together(problem)
    if findings:
        raise CannotBeMet([
            Finding(code, Severity.REFUSE, found, expected, "Give more crews or days, a longer day or fewer visits.",
                    "Donnez plus d'équipes ou de jours, une journée plus longue ou moins de visites.",
                    row=row, field="sites" if row else "crews") for code, row, found, expected in findings])


Said = tuple[str, str, str, str]


def _alone(problem: Problem, k: int, site: Site) -> Iterator[Said]:
    """Why no crew can serve this site, though it did nothing else; nothing when one can on each day of a pattern."""
    may = [c for c in range(problem.crews) if site.allowed is None or c in site.allowed]
    rooms = [problem.each[c].capacity for c in may]
    if not may:
        yield "no-crew-allowed", str(k), "no crew may serve it", "at least one crew"
    elif not any(room is None or site.demand <= room for room in rooms):
        yield "demand-above-capacity", str(k), f"demand {site.demand}", f"at most {max(r or 0.0 for r in rooms)}"
    else:
        able = [c for c in may if _in_time(problem, site, problem.each[c])]
        if not able:
            took = min(_took_s(problem, site, problem.each[c]) for c in may)
            most = max(inf if (limit := problem.each[c].shift_s) is None else limit for c in may)
            yield ("site-out-of-reach", str(k), f"there, service and back take {took:.0f} s",
                   f"at most {most:.0f} s, within the hours of a crew and of the site")
        elif not any(all(any(_works(problem.each[c], day) for c in able) for day in p) for p in site.patterns):
            yield "no-crew-on-days", str(k), "no crew works on all days of any of its sets", "a crew on each day"


def _works(crew: Crew, day: int) -> bool:
    return crew.days is None or day in crew.days


def _took_s(problem: Problem, site: Site, crew: Crew) -> float:
    enter, leave = site.ends()
    there, back = problem.durations[crew.depot, enter], problem.durations[leave, crew.depot]
    return float(site.service_s + crew.pace * (there + back))


def _in_time(problem: Problem, site: Site, crew: Crew) -> bool:
    return crew.shift_s is None or _took_s(problem, site, crew) <= crew.shift_s


def _together(problem: Problem) -> Iterator[Said]:
    needed = [site for site in problem.sites if site.required]
    each = [(crew, problem.days if crew.days is None else len(crew.days)) for crew in problem.each]
    crew_days = sum(days for _, days in each)
    for rooms, need, what in (
        ([crew.capacity for crew, _ in each], sum(min(map(len, s.patterns)) * s.demand for s in needed), "load"),
        ([crew.shift_s for crew, _ in each], sum(min(map(len, s.patterns)) * s.service_s for s in needed),
         "service time"),
    ):
        limits = [room for room in rooms if room is not None]
        if len(limits) < len(rooms):
            continue
        most = sum(room * days for room, (_, days) in zip(limits, each, strict=True))
        if need > most * (1 + 1e-9):
            crews = ceil(need / max(max(limits) * problem.days, 1e-9))
            yield ("too-few-crews", "", f"{what} {need:.0f} for {crew_days} crew days of {max(limits):.0f}",
                   f"at least {counted(crews, 'crew')} a day")
