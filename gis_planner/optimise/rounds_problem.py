"""What a question of periodic rounds is: sites visited on linked days, again and again, by crews that go out by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis_planner.optimise._members import Kind, refuse_unsound, tuples
from gis_planner.optimise._rounds_checks import refuse_contradictions, symmetric
from gis_planner.optimise.rounds_spacing import Pattern
from gis_planner.optimise.routing_problem import Break

Floats = NDArray[np.float64]
Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Site:
    """A place, or a line to walk, to visit on the days of one of its patterns.

    location: row of the matrices. patterns: the sets of days (0 is the first) of which one is to be kept whole.
    demand: load of one visit; service_s: time of one visit. window_s: a visit must begin within (seconds of the day).
    allowed: indexes of the crews that may serve it, None for all. required: False lets the plan leave it out at the
    cost of `prize`. end_location, line_m: a line, entered at `location` and left at `end_location` (or the other way
    round when `both_ways`), `line_m` metres of it travelled at each visit; the time on it belongs in `service_s`.
    """

    location: int
    patterns: tuple[Pattern, ...]
    demand: float = 0.0
    service_s: float = 0.0
    window_s: Window | None = None
    allowed: frozenset[int] | None = None
    required: bool = True
    prize: float = 0.0
    end_location: int | None = None
    line_m: float = 0.0
    both_ways: bool = True

    def ends(self, reverse: bool = False) -> tuple[int, int]:
        """Locations where a visit enters and leaves, in the given direction."""
        last = self.location if self.end_location is None else self.end_location
        return (last, self.location) if reverse else (self.location, last)


@dataclass(frozen=True, slots=True)
class Crew:
    """One crew, at most once out on each of its days.

    depot: location where its day begins and ends. capacity: load of a day, shift_s: longest day without breaks, None
    for no limit. window_s: leave and be back within (seconds of the day). days: days it works on, None for all.
    pace: its travel times are `duration_s` times this. cost_per_m, cost_per_round: what a metre and a day out cost.
    """

    depot: int = 0
    capacity: float | None = None
    shift_s: float | None = None
    window_s: Window | None = None
    days: frozenset[int] | None = None
    pace: float = 1.0
    cost_per_m: float = 1.0
    cost_per_round: float = 0.0


SITE = Kind(Site, ("location", "patterns", "allowed", "end_location"),
            ("demand", "service_s", "window_s", "prize", "line_m"), ("allowed",), ("patterns",))
CREW = Kind(Crew, ("depot", "days"), ("capacity", "shift_s", "window_s", "pace", "cost_per_m", "cost_per_round"),
            ("days",))
BREAK = Kind(Break, (), ("start_s", "end_s"))


@dataclass(frozen=True, eq=False)
class Problem:
    """A question of periodic rounds; checked when it is made.

    distance_m, duration_s: (n, n) symmetric arrays over all locations (duration_s defaults to the distances, one metre
    a second, and matters only with shifts or windows). days: length of the horizon. crews: how many go out each day.
    depot, capacity, shift_s: where all begin and end their day, load of a day and longest day, None for no limit; or
    else each: the crews one by one, when they differ. breaks: all work and travel rest then, every day.
    stranger_price: price of each visit that another than the site's usual crew makes, in units of cost.
    The cost is that of metres and rounds, of sites left out, and of strangers.
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
    breaks: Sequence[Break] = ()
    stranger_price: float = 0.0
    each: Sequence[Crew] = ()
    distances: Floats = field(init=False, repr=False)
    durations: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        distances = symmetric(self.distance_m, "distance_m")
        durations = distances if self.duration_s is None else symmetric(self.duration_s, "duration_s")
        lists = tuples({"sites": self.sites, "breaks": self.breaks, "each": self.each})
        for name, value in (("distances", distances), ("durations", durations), ("distance_m", distances),
                            ("duration_s", durations), *lists.items()):
            object.__setattr__(self, name, value)
        refuse_unsound({"rounds": ((self,), WHOLE), "sites": (self.sites, SITE), "each": (self.each, CREW),
                        "breaks": (self.breaks, BREAK)})
        refuse_contradictions(self)
        if not self.each:
            alike = Crew(self.depot, self.capacity, self.shift_s)
            object.__setattr__(self, "each", (alike,) * self.crews)

    @property
    def timed(self) -> bool:
        """Whether any limit of time is set."""
        return any(crew.shift_s is not None or crew.window_s is not None for crew in self.each) or any(
            site.window_s is not None for site in self.sites)


WHOLE = Kind(Problem, ("days", "crews", "depot"), ("capacity", "shift_s", "stranger_price"))
