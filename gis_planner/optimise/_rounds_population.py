"""Who survives: two sub-populations (within the limits and not), ranked by cost and by difference from their nearest.

Biased fitness of Vidal, Crainic, Gendreau, Lahrichi & Rei (2012), Operations Research 60(3), section 4.5.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._rounds_state import Floats, Ints, Work

KEEP, BROOD = 25, 40
SLOTS = 2 * (KEEP + BROOD + 2)
ELITE, CLOSE = 4, 5


class Population(NamedTuple):
    """Solutions by slot.

    used: (slots,) 0 free, 1 within limits, 2 not. tours: (slots, days, n); sizes: (slots, days).
    after, ahead: (slots, days, n + 1) next and previous site, -1 when not visited. chosen: (slots, n + 1).
    parts: (slots, 3) length, load beyond, time beyond. apart: (slots, slots) difference, 0 to 1.
    """

    used: Ints
    tours: Ints
    sizes: Ints
    after: Ints
    ahead: Ints
    chosen: Ints
    parts: Floats
    apart: Floats


def new_population(days: int, sites: int) -> Population:
    """An empty population."""
    wide = (SLOTS, days, sites + 1)
    return Population(
        np.zeros(SLOTS, np.int64), np.zeros(wide, np.int64), np.zeros((SLOTS, days), np.int64),
        np.full(wide, -1, np.int64), np.full(wide, -1, np.int64), np.zeros((SLOTS, sites + 1), np.int64),
        np.zeros((SLOTS, 3)), np.zeros((SLOTS, SLOTS)),
    )


@compiled
def keep_links(work: Work, after: Ints, ahead: Ints) -> None:
    """Write each site's neighbours on each day."""
    days, crews = work.filled.shape
    after[:] = -1
    ahead[:] = -1
    for day in range(days):
        for crew in range(crews):
            for k in range(1, work.filled[day, crew] + 1):
                site = work.order[day, crew, k]
                after[day, site] = work.order[day, crew, k + 1]
                ahead[day, site] = work.order[day, crew, k - 1]


@compiled
def difference(after: Ints, ahead: Ints, chosen: Ints, a: int, b: int) -> float:
    """Half the share of sites with another pattern, and half the share of visits with another neighbour."""
    days, width = after.shape[1:]
    patterns = visits = broken = 0
    for site in range(1, width):
        patterns += chosen[a, site] != chosen[b, site]
    for day in range(days):
        for site in range(1, width):
            x = after[a, day, site]
            if x >= 0:
                visits += 1
                if x != after[b, day, site] and x != ahead[b, day, site]:
                    broken += 1
    return float(0.5 * patterns / max(1, width - 1) + 0.5 * broken / max(1, visits))


def fitness(people: Population, kind: int, price_load: float, price_time: float) -> tuple[NDArray[np.intp], Floats]:
    """Slots of one kind and their biased fitness (small is good), in order of cost."""
    slots = np.flatnonzero(people.used == kind)
    cost = people.parts[slots] @ np.array([1.0, price_load, price_time])
    slots = slots[np.argsort(cost, kind="stable")]
    size = slots.size
    if size < 2:
        return slots, np.zeros(size)
    near = np.sort(people.apart[np.ix_(slots, slots)], axis=1)[:, 1 : CLOSE + 1]
    rank = np.empty(size)
    rank[np.argsort(-near.mean(axis=1), kind="stable")] = np.arange(size)
    return slots, (np.arange(size) + (1.0 - min(1.0, ELITE / size)) * rank) / (size - 1)


def thin_out(people: Population, kind: int, down_to: int, price_load: float, price_time: float) -> None:
    """Drop the worst of one kind, copies first, never the cheapest."""
    while True:
        slots, value = fitness(people, kind, price_load, price_time)
        if slots.size <= down_to:
            return
        apart = people.apart[np.ix_(slots, slots)] + np.eye(slots.size)
        copy = apart.min(axis=1) < 1e-9
        rating = value + 10.0 * copy
        people.used[slots[1 + int(np.argmax(rating[1:]))]] = 0


def add(people: Population, work: Work, tours: Ints, sizes: Ints, parts: Floats, price_load: float,
        price_time: float) -> bool:
    """Take a solution in; True when it keeps every limit."""
    kind = 1 if parts[1] < 1e-6 and parts[2] < 1e-6 else 2
    slot = int(np.argmin(people.used))
    people.used[slot] = kind
    people.tours[slot] = tours
    people.sizes[slot] = sizes
    people.chosen[slot] = work.chosen
    people.parts[slot] = parts
    keep_links(work, people.after[slot], people.ahead[slot])
    for other in np.flatnonzero(people.used == kind):
        if other != slot:
            apart = difference(people.after, people.ahead, people.chosen, slot, int(other))
            people.apart[slot, other] = people.apart[other, slot] = apart
    people.apart[slot, slot] = 0.0
    if (people.used == kind).sum() > KEEP + BROOD:
        thin_out(people, kind, KEEP, price_load, price_time)
    return kind == 1


def pick(people: Population, random: np.random.Generator, price_load: float, price_time: float) -> int:
    """The fitter of two drawn from all."""
    feasible, good = fitness(people, 1, price_load, price_time)
    others, fair = fitness(people, 2, price_load, price_time)
    slots, values = np.concatenate([feasible, others]), np.concatenate([good, fair])
    drawn = random.integers(0, slots.size, 2)
    return int(slots[drawn[int(np.argmin(values[drawn]))]])
