"""What a routing question is: places, stops, depots and vehicles, as plain numbers.

Nothing here knows a village or a map. Distances in whole metres, times in whole seconds (of the day, or
of any clock the caller keeps to), locations as row numbers of the matrices. A crew's day is one vehicle
with its window and its `day`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.optimise._members import Kind, refuse_unsound, tuples
from gis_planner.optimise._route_checks import check_problem, closed_alike, matrices
from gis_planner.problems import refused

IntMatrix = NDArray[np.int64]
NO_WAY = 2**31 - 1
"""Entry of a stored matrix that means: there is no way from the one place to the other."""


@dataclass(frozen=True, slots=True)
class Depot:
    """A place where vehicles start, end or reload.

    location: row of the matrices. window_s: (opens, closes) in seconds, None for always.
    loading_s: time spent there before each trip.
    """

    location: int
    window_s: tuple[int, int] | None = None
    loading_s: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to serve once, or a line to walk once.

    location: row of the matrices. demand: one amount per load dimension (empty: nothing is carried).
    service_s: time of the work. window_s: the work must begin within (earliest, latest), in seconds of the day.
    required: False lets the plan leave the stop out at the cost of `prize` (in the units of the vehicles' costs).
    release_s: the trip that serves it may not leave the depot earlier.
    allowed: indexes of the vehicles (entries of `Problem.vehicles`) that may serve it, None for all.
    days: days on which it may be served, None for all.
    end_location, line_m: a line to walk: enter at `location`, leave at `end_location` (or the other way round when
    `both_ways`), `line_m` metres of it travelled; the time on the line belongs in `service_s`.
    """

    location: int
    demand: tuple[int, ...] = ()
    service_s: int = 0
    window_s: tuple[int, int] | None = None
    required: bool = True
    prize: float = 0.0
    release_s: int = 0
    allowed: frozenset[int] | None = None
    days: frozenset[int] | None = None
    end_location: int | None = None
    line_m: int = 0
    both_ways: bool = True

    def ends(self, reverse: bool = False) -> tuple[int, int]:
        """Locations where a visit enters and leaves, in the given direction."""
        last = self.location if self.end_location is None else self.end_location
        return (last, self.location) if reverse else (self.location, last)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A kind of vehicle or crew on one day; `count` of them are alike.

    capacity: one amount per load dimension (empty: unlimited). start_depot, end_depot: indexes of `Problem.depots`.
    profile: which pair of matrices it travels by (foot, motorcycle, truck).
    shift_s: longest time from leaving to being back, breaks not counted. window_s: leave and be back within.
    max_distance_m: longest route. fixed_cost, cost_per_m, cost_per_s: any one unit of cost, alike for all.
    max_reloads, reload_depots: trips to a depot between stops. day: label carried to the routes.
    """

    count: int = 1
    capacity: tuple[int, ...] = ()
    start_depot: int = 0
    end_depot: int = 0
    profile: int = 0
    shift_s: int | None = None
    window_s: tuple[int, int] | None = None
    max_distance_m: int | None = None
    fixed_cost: float = 0.0
    cost_per_m: float = 1.0
    cost_per_s: float = 0.0
    max_reloads: int = 0
    reload_depots: tuple[int, ...] = ()
    day: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """All work and driving rest from `start_s` to `end_s` of every day (heat, meal, prayer), and go on after it."""

    start_s: int
    end_s: int


def _matrices(given: ArrayLike | Sequence[ArrayLike], name: str, asymmetric: bool) -> tuple[IntMatrix, ...]:
    try:
        return matrices(given, name, asymmetric, NO_WAY)
    except ValueError as error:
        if hasattr(error, "findings"):
            raise
        raise refused("matrix-not-square", found="rows of unequal length", field=name,
                      expected="a square array of numbers, one row and one column per location",
                      remedy="Give the way from every location to every location.",
                      remedy_fr="Donnez le trajet de chaque lieu vers chaque lieu.") from error


DEPOT = Kind(Depot, ("location", "window_s", "loading_s"))
STOP = Kind(Stop, ("location", "demand", "service_s", "window_s", "release_s", "allowed", "days", "end_location",
                   "line_m"), ("prize",), ("demand", "allowed", "days"))
VEHICLE = Kind(Vehicle, ("count", "capacity", "start_depot", "end_depot", "profile", "shift_s", "window_s",
                         "max_distance_m", "max_reloads", "reload_depots", "day"),
               ("fixed_cost", "cost_per_m", "cost_per_s"), ("capacity", "reload_depots"))
BREAK = Kind(Break, ("start_s", "end_s"))


@dataclass(frozen=True, eq=False)
class Problem:
    """A routing question; checked when it is made.

    distance_m, duration_s: (n, n) arrays over all locations, or a sequence of such arrays, one per profile.
    Numbers are rounded to whole metres and seconds; `inf` in either says that there is no way between two places, and
    `distances` and `durations` then both hold `NO_WAY` there.
    asymmetric: state it when ways differ by direction, else unequal directions are refused as a slip.
    Raises Refused for nan, negative, unequal or misshapen matrices and for members that contradict each other.
    """

    distance_m: ArrayLike | Sequence[ArrayLike]
    duration_s: ArrayLike | Sequence[ArrayLike]
    depots: Sequence[Depot]
    stops: Sequence[Stop]
    vehicles: Sequence[Vehicle]
    breaks: Sequence[Break] = ()
    asymmetric: bool = False
    distances: tuple[IntMatrix, ...] = field(init=False, repr=False)
    durations: tuple[IntMatrix, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, items in tuples({"depots": self.depots, "stops": self.stops, "vehicles": self.vehicles,
                                   "breaks": self.breaks}).items():
            object.__setattr__(self, name, items)
        refuse_unsound({"depots": (self.depots, DEPOT), "stops": (self.stops, STOP),
                        "vehicles": (self.vehicles, VEHICLE), "breaks": (self.breaks, BREAK)})
        distances, durations = closed_alike(_matrices(self.distance_m, "distance_m", self.asymmetric),
                                            _matrices(self.duration_s, "duration_s", self.asymmetric), NO_WAY)
        object.__setattr__(self, "distances", distances)
        object.__setattr__(self, "durations", durations)
        object.__setattr__(self, "distance_m", distances)
        object.__setattr__(self, "duration_s", durations)
        check_problem(self)

    def may_serve(self, vehicle: int, stop: int) -> bool:
        """Whether that vehicle may serve that stop, by compatibility and by day (not by time or load)."""
        item = self.stops[stop]
        if item.allowed is not None and vehicle not in item.allowed:
            return False
        return item.days is None or self.vehicles[vehicle].day in item.days
