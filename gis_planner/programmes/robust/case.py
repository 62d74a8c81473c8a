"""The wells problem as arrays that futures change: people, points of today, actions, money."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from gis_planner.problems import Problems, Severity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Pairs of groups and places in minutes one way, place by place, nearest group first.

    ptr (places + 1,); group, place, minutes (pairs,); by_group_ptr, by_group: the pairs of each group; order: all
    pairs, nearest first.
    """

    ptr: Ints
    group: Ints
    place: Ints
    minutes: Floats
    by_group_ptr: Ints
    by_group: Ints
    order: Ints


def pairs_of(minutes: csr_array) -> Pairs:
    """Pairs of a csr (groups, places) of minutes one way; ties by group."""
    table = minutes.tocoo()
    group, place = table.row.astype(np.int64), table.col.astype(np.int64)
    sorting = np.lexsort((group, table.data, place))
    group, place, data = group[sorting], place[sorting], table.data[sorting].astype(np.float64)
    groups, places = minutes.shape
    ptr = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=places))]).astype(np.int64)
    by_group = np.lexsort((place, data, group)).astype(np.int64)
    by_group_ptr = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))]).astype(np.int64)
    return Pairs(ptr, group, place, data, by_group_ptr, by_group, np.lexsort((place, group, data)).astype(np.int64))


@dataclass(frozen=True)
class Case:
    """What is decided on, in arrays.

    people, village (groups,): people of each group and the row of its village. minutes: csr (groups, actions), one way
    at the stated speed, for the widest reach that a future may have; point_minutes: csr (groups, points) the same for
    points of today. point_capacity (points,) people; point_works (points,): 1 works, 0 does not, nan unknown;
    counts_as_working: how the plan counts the unknown. capacity, alpha, beta, drilled (actions,): people, Beta belief
    of success, whether it is a hole. cost_fixed, cost_wet, cost_dry (actions,): FCFA, expected cost = fixed + p wet +
    (1 - p) dry. mends (actions,): the point that it repairs, -1 none. today_min (groups,): minutes one way today.
    offset (groups,): unserved people that the plan counts as stated beyond what nearest-first counting gives.
    chosen: the plan's actions in order of rank. trip_min, queue_min: round trip that counts and its queue.
    """

    people: Floats
    village: Ints
    minutes: csr_array
    point_minutes: csr_array
    point_capacity: Floats
    point_works: Floats
    counts_as_working: bool
    capacity: Floats
    alpha: Floats
    beta: Floats
    drilled: Flags
    cost_fixed: Floats
    cost_wet: Floats
    cost_dry: Floats
    mends: Ints
    today_min: Floats
    budget: float
    trip_min: float
    queue_min: float
    chosen: Ints
    action_village: Ints
    offset: Floats = field(default_factory=lambda: np.zeros(0))
    weight: Floats = field(default_factory=lambda: np.zeros(0))
    rival: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    needs: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    required: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    excluded: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        problems = Problems()
        _check(self, problems)
        problems.stop()

    @property
    def actions(self) -> int:
        """Number of actions."""
        return len(self.capacity)

    @property
    def villages(self) -> int:
        """Number of villages that the groups belong to."""
        return int(max(self.village.max(initial=-1), self.action_village.max(initial=-1))) + 1

    @property
    def success(self) -> Floats:
        """(actions,) mean chance of success."""
        return np.asarray(self.alpha / (self.alpha + self.beta), dtype=np.float64)

    @property
    def unknown(self) -> Ints:
        """Points of unknown status."""
        return np.flatnonzero(np.isnan(self.point_works)).astype(np.int64)

    @cached_property
    def weights(self) -> Floats:
        """(groups,) what one person counts in the choice; 1 without an aim."""
        return self.weight if len(self.weight) else np.ones(len(self.people))

    @cached_property
    def action_pairs(self) -> Pairs:
        """Pairs of groups and actions."""
        return pairs_of(self.minutes)

    @cached_property
    def point_pairs(self) -> Pairs:
        """Pairs of groups and points of today."""
        return pairs_of(self.point_minutes)

    @cached_property
    def rivals(self) -> Ints:
        """(actions,) number of the set of actions that exclude each other, -1 none."""
        return self.rival if len(self.rival) else np.full(self.actions, -1, np.int64)

    def flags(self, rows: Ints) -> Flags:
        """(actions,) True at `rows`."""
        flags = np.zeros(self.actions, np.bool_)
        flags[rows] = True
        return flags


def _check(case: Case, problems: Problems) -> None:
    """Every array that cannot be meant, with its row."""
    rules = (
        ("cost_fixed", case.cost_fixed >= 0, "a cost of 0 FCFA or more", "negative-cost"),
        ("cost_wet", case.cost_wet >= 0, "a cost of 0 FCFA or more", "negative-cost"),
        ("cost_dry", case.cost_dry >= 0, "a cost of 0 FCFA or more", "negative-cost"),
        ("alpha", case.alpha > 0, "a chance of success between 0 and 1", "success-outside"),
        ("beta", case.beta > 0, "a chance of success between 0 and 1", "success-outside"),
        ("capacity", case.capacity > 0, "room for at least one person", "capacity-zero"),
        ("people", case.people >= 0, "0 people or more", "people-negative"),
    )
    for name, good, expected, code in rules:
        values = getattr(case, name)
        bad = ~(np.isfinite(values) & good)
        if bad.any():
            at = int(np.argmax(bad))
            problems.add(code, Severity.REFUSE, row=f"{'group' if name == 'people' else 'action'} {at}", field=name,
                         found=str(values[at]), expected=expected, remedy="Mend the row.",
                         remedy_fr="Corrigez la ligne.")
