"""When a given order of stops is served: the clock without breaks, and the shortest schedule of a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gis_planner.optimise.routing_problem import NO_WAY, Break, Problem

ALWAYS = (0, NO_WAY)


class Clock:
    """Working time: the time of day with every break cut out. Activities that meet a break go on after it."""

    def __init__(self, breaks: Sequence[Break]) -> None:
        self._breaks = [(b.start_s, b.end_s) for b in breaks if b.end_s > b.start_s]

    def work(self, time_s: int) -> int:
        """Working seconds before the time of day `time_s`."""
        return time_s - sum(min(time_s, end) - start for start, end in self._breaks if time_s > start)

    def day(self, work_s: int, *, begins: bool) -> int:
        """Time of day of a moment of working time; at the edge of a break what begins waits for its end."""
        time_s = work_s
        for start, end in self._breaks:
            if time_s > start or (begins and time_s == start):
                time_s += end - start
        return time_s

    def window(self, window_s: tuple[int, int] | None) -> tuple[int, int]:
        """The window of a beginning in working time; empty (latest < earliest) when it lies within a break."""
        if window_s is None:
            return ALWAYS
        resting = any(start <= window_s[1] < end for start, end in self._breaks)
        return self.work(window_s[0]), self.work(window_s[1]) - (1 if resting else 0)

    def span(self, window_s: tuple[int, int] | None) -> tuple[int, int]:
        """A span of presence (opening hours, a vehicle's day) in working time."""
        return ALWAYS if window_s is None else (self.work(window_s[0]), self.work(window_s[1]))


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a route: where it is entered and left, the window of its beginning, its length in time."""

    enter: int
    leave: int
    early: int
    late: int
    service_s: int
    line_m: int = 0
    stop: int = -1


@dataclass(frozen=True, slots=True)
class Times:
    """Working times per node of a route and what it measures; `late_s` is 0 when there is a way everywhere and every
    window is kept."""

    arrival: tuple[int, ...]
    start: tuple[int, ...]
    departure: tuple[int, ...]
    distance_m: int
    late_s: int


Visits = Sequence[tuple[int, bool]]


def nodes(
    problem: Problem, clock: Clock, vehicle: int, trips: Sequence[Visits], reloads: Sequence[int],
) -> list[Node]:
    """The places of a route in order: start depot, stops (index, reverse), reload depots between trips, end depot."""
    kind = problem.vehicles[vehicle]
    shift = clock.span(kind.window_s)
    out: list[Node] = []
    for visits, depot_index in zip(trips, [kind.start_depot, *reloads], strict=True):
        depot = problem.depots[depot_index]
        early, late = clock.span(depot.window_s)
        released = max((clock.work(problem.stops[stop].release_s) for stop, _ in visits), default=0)
        out.append(Node(depot.location, depot.location, max(early, shift[0], released), min(late, shift[1]),
                        depot.loading_s))
        for index, reverse in visits:
            stop = problem.stops[index]
            enter, leave = stop.ends(reverse)
            out.append(Node(enter, leave, *clock.window(stop.window_s), stop.service_s, stop.line_m, index))
    depot = problem.depots[kind.end_depot]
    early, late = clock.span(depot.window_s)
    out.append(Node(depot.location, depot.location, max(early, shift[0]), min(late, shift[1]), 0))
    return out


def times(problem: Problem, vehicle: int, places: Sequence[Node]) -> Times:
    """Earliest end, then the latest departure that keeps it: the shortest route (Savelsbergh 1992, forward slack)."""
    profile = problem.vehicles[vehicle].profile
    distance, duration = problem.distances[profile], problem.durations[profile]
    ways = [int(duration[a.leave, b.enter]) for a, b in pairwise(places)]
    metres = sum(int(distance[a.leave, b.enter]) for a, b in pairwise(places)) + sum(p.line_m for p in places)
    begin = places[0].early
    wait, slack, _, _ = _forward(places, ways, begin)
    begin += max(0, min(sum(wait), slack))
    wait, _, arrival, late = _forward(places, ways, begin)
    start = [a + w for a, w in zip(arrival, wait, strict=True)]
    departure = [s + p.service_s for s, p in zip(start, places, strict=True)]
    late += sum(way >= NO_WAY for way in ways)
    return Times(tuple(arrival), tuple(start), tuple(departure), metres, late)


def _forward(places: Sequence[Node], ways: Sequence[int], begin: int) -> tuple[list[int], int, list[int], int]:
    """Waiting, how much later the route may begin, arrivals, and seconds beyond the windows, from `begin` on."""
    arrival, wait, now, late = [], [], begin, 0
    slack, waited = places[0].late - begin, 0
    for place, way in zip(places, [*ways, 0], strict=True):
        arrival.append(now)
        pause = max(0, place.early - now)
        wait.append(pause)
        waited += pause
        start = now + pause
        late += max(0, start - place.late)
        slack = min(slack, waited + place.late - start)
        now = start + place.service_s + way
    return wait, slack, arrival, late
