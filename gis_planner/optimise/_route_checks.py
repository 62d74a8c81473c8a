"""Refusals of unsound routing input, before any work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gis_planner.problems import Problems, Severity, refused

if TYPE_CHECKING:
    from gis_planner.optimise.routing_problem import Problem

LARGEST = 1e9
Matrices = tuple[NDArray[np.int64], ...]


def matrices(given: Any, name: str, asymmetric: bool, no_way: int) -> Matrices:
    """`given` as whole-number (n, n) matrices, one per profile; raises Refused when it is not sound."""
    layers = given if isinstance(given, (list, tuple)) and np.ndim(given[0] if len(given) else 0) == 2 else [given]
    return tuple(_matrix(layer, f"{name}[{k}]" if len(layers) > 1 else name, asymmetric, no_way)
                 for k, layer in enumerate(layers))


def _matrix(given: Any, name: str, asymmetric: bool, no_way: int) -> NDArray[np.int64]:
    array = np.asarray(given)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.dtype.kind not in "iuf":
        raise refused("matrix-not-square", found=f"{array.dtype} array of shape {array.shape}", field=name,
                      expected="a square array of numbers, one row and one column per location",
                      remedy="Give the way from every location to every location.",
                      remedy_fr="Donnez le trajet de chaque lieu vers chaque lieu.")
    if array.dtype.kind == "f":
        _refuse_cells(np.isnan(array), array, name, "matrix-nan", "numbers (inf where there is no way)")
    _refuse_cells(array < 0, array, name, "matrix-negative", "no negative number")
    finite = np.isfinite(array) if array.dtype.kind == "f" else array < no_way
    _refuse_cells(finite & (array > LARGEST), array, name, "matrix-too-large", f"metres or seconds up to {LARGEST:.0e}")
    whole = np.full(array.shape, no_way, dtype=np.int64)
    whole[finite] = np.floor(array[finite].astype(np.float64) + 0.5).astype(np.int64)
    _refuse_cells(np.diag(np.diag(whole)) != 0, array, name, "matrix-diagonal", "zero from a place to itself")
    if not asymmetric:
        _refuse_cells(whole != whole.T, array, name, "matrix-asymmetric",
                      "the same there and back (or asymmetric=True when ways really differ by direction)")
    whole.setflags(write=False)
    return whole


def closed_alike(distances: Matrices, durations: Matrices, no_way: int) -> tuple[Matrices, Matrices]:
    """Both with `no_way` wherever either has it, profile by profile; as they are when their shapes differ."""
    if [matrix.shape for matrix in distances] != [matrix.shape for matrix in durations]:
        return distances, durations
    closed = [(metres >= no_way) | (seconds >= no_way) for metres, seconds in zip(distances, durations, strict=True)]
    return _closed(distances, closed, no_way), _closed(durations, closed, no_way)


def _closed(given: Matrices, closed: list[NDArray[np.bool_]], no_way: int) -> Matrices:
    out = tuple(np.where(cells, no_way, matrix) for matrix, cells in zip(given, closed, strict=True))
    for matrix in out:
        matrix.setflags(write=False)
    return out


def _refuse_cells(wrong: NDArray[np.bool_], array: NDArray[Any], name: str, code: str, expected: str) -> None:
    if wrong.any():
        row, column = (int(k) for k in np.argwhere(wrong)[0])
        raise refused(code, found=f"{array[row, column]} from {row} to {column} ({int(wrong.sum())} such cells)",
                      field=name, row=str(row), expected=expected,
                      remedy="Mend the travel times or distances that were handed over.",
                      remedy_fr="Corrigez les temps ou distances de trajet fournis.")


def check_problem(problem: Problem) -> None:
    """Raise Refused with every contradiction among depots, stops, vehicles and matrices."""
    problems = Problems()
    for code, field, row, found, expected in _contradictions(problem):
        problems.add(code, Severity.REFUSE, found=found, expected=expected, field=field, row=row,
                     remedy="Correct this entry of the routing problem.",
                     remedy_fr="Corrigez cette valeur du problème de tournées.")
    problems.stop()


Contradiction = tuple[str, str, object, object, str]


def _contradictions(problem: Problem) -> Iterator[Contradiction]:
    shapes = {matrix.shape for matrix in (*problem.distances, *problem.durations)}
    if len(shapes) != 1 or len(problem.distances) != len(problem.durations):
        found = f"{[m.shape for m in problem.distances]} and {[m.shape for m in problem.durations]}"
        yield "matrix-shapes", "duration_s", "", found, "as many distance as duration matrices, all of one shape"
    size = problem.distances[0].shape[0]
    if not problem.depots:
        yield "no-depot", "depots", "", "none", "at least one depot"
    for k, depot in enumerate(problem.depots):
        yield from _within("depots.location", k, depot.location, size, "locations")
        yield from _window("depots.window_s", k, depot.window_s)
        yield from _not_negative("depots.loading_s", k, depot.loading_s)
    yield from _of_vehicles(problem)
    yield from _of_stops(problem, size)
    for k, rest in enumerate(problem.breaks):
        yield from _window("breaks", k, (rest.start_s, rest.end_s))
        if k and rest.start_s < problem.breaks[k - 1].end_s:
            yield "breaks-overlap", "breaks", k, f"start {rest.start_s}", "breaks in order of time, not overlapping"


def _of_vehicles(problem: Problem) -> Iterator[Contradiction]:
    depots = len(problem.depots)
    dimensions = {len(v.capacity) for v in problem.vehicles}
    if len(dimensions) > 1:
        yield ("capacity-dimensions", "vehicles.capacity", "", sorted(dimensions),
               "the same number of load dimensions for every vehicle")
    for k, v in enumerate(problem.vehicles):
        for name in ("start_depot", "end_depot"):
            yield from _within(f"vehicles.{name}", k, getattr(v, name), depots, "depots")
        for reload in v.reload_depots:
            yield from _within("vehicles.reload_depots", k, reload, depots, "depots")
        yield from _within("vehicles.profile", k, v.profile, len(problem.distances), "profiles")
        yield from _window("vehicles.window_s", k, v.window_s)
        for name in ("count", "shift_s", "max_distance_m", "fixed_cost", "cost_per_m", "cost_per_s", "max_reloads"):
            yield from _not_negative(f"vehicles.{name}", k, getattr(v, name))
        for amount in v.capacity:
            yield from _not_negative("vehicles.capacity", k, amount)
        if v.max_reloads and not v.reload_depots:
            yield "no-reload-depot", "vehicles.reload_depots", k, "none", "a depot to reload at, or max_reloads=0"


def _of_stops(problem: Problem, size: int) -> Iterator[Contradiction]:
    dimensions = {len(v.capacity) for v in problem.vehicles}
    for k, stop in enumerate(problem.stops):
        yield from _within("stops.location", k, stop.location, size, "locations")
        if stop.end_location is not None:
            yield from _within("stops.end_location", k, stop.end_location, size, "locations")
        yield from _window("stops.window_s", k, stop.window_s)
        for name in ("service_s", "prize", "release_s", "line_m"):
            yield from _not_negative(f"stops.{name}", k, getattr(stop, name))
        for amount in stop.demand:
            yield from _not_negative("stops.demand", k, amount)
        if stop.demand and dimensions - {0, len(stop.demand)}:
            yield ("demand-dimensions", "stops.demand", k, stop.demand,
                   f"{max(dimensions)} amounts, as the vehicles' capacity has")
        for vehicle in sorted(stop.allowed or ()):
            yield from _within("stops.allowed", k, vehicle, len(problem.vehicles), "vehicles")


def _within(field: str, row: int, value: int, size: int, of: str) -> Iterator[Contradiction]:
    if not 0 <= value < size:
        yield "index-outside", field, row, value, f"0 to {size - 1} (there are {size} {of})"


def _window(field: str, row: int, window: tuple[int, int] | None) -> Iterator[Contradiction]:
    if window is not None and not 0 <= window[0] <= window[1]:
        yield "window-empty", field, row, window, "(earliest, latest) in seconds, the earliest first, none negative"


def _not_negative(field: str, row: int, value: float | None) -> Iterator[Contradiction]:
    if value is not None and not 0 <= value < float("inf"):
        yield "negative-number", field, row, value, "a finite number, not negative"
