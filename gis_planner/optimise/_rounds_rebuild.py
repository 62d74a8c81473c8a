"""Take neighbouring stretches out of routes, and put their sites back on the pattern that costs least.

Ruin by adjacent strings and recreate with blinks: Christiaens & Vanden Berghe (2020), Slack induction by string
removals, Transportation Science 54(2), 417-433. Here a site that leaves a route leaves all its days, and comes back by
the cheapest of its patterns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import inlined
from gis_planner.optimise._rounds_terms import (
    SLACK,
    Flags,
    Floats,
    Ints,
    State,
    Terms,
    fits_time,
    measure,
    put,
    strangers,
)

MEAN_REMOVED, LONGEST = 10, 10
SPLIT, SPLIT_LONGER, ONE_DAY = 0.5, 0.01, 0.5
LOG_SEEN = float(np.log(0.99))
"""One place in a hundred is overlooked; the steps between such places are drawn."""
GOLDEN, MIX_A, MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

Dice = NDArray[np.uint64]


class Seats(NamedTuple):
    """Cheapest places for one site. cost, after, node: (days, crews); least: (days,) cheapest crew; skip: (1,)."""

    cost: Floats
    after: Ints
    node: Ints
    least: Ints
    skip: Ints


@inlined
def drawn(dice: Dice) -> float:
    """The next number from 0 to 1 of the sequence in `dice` (1,) (splitmix64; Steele, Lea & Flood 2014)."""
    dice[0] += GOLDEN
    z = dice[0]
    z = (z ^ (z >> np.uint64(30))) * MIX_A
    z = (z ^ (z >> np.uint64(27))) * MIX_B
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined
def touch(state: State, before: State, touched: Flags, day: int, crew: int) -> None:
    """Remember a route as it is before the first change to it."""
    if not touched[day, crew]:
        touched[day, crew] = 1
        count = state.filled[day, crew]
        before.filled[day, crew] = count
        before.cost[day, crew] = state.cost[day, crew]
        for k in range(count + 2):
            before.order[day, crew, k] = state.order[day, crew, k]


@inlined
def _take_out(terms: Terms, state: State, before: State, touched: Flags, site: int) -> None:
    """Take a site off all its days; routes are closed up but measured later."""
    for day in range(terms.works.shape[0]):
        crew = state.who[day, site]
        if crew < 0:
            continue
        touch(state, before, touched, day, crew)
        order, count = state.order[day, crew], state.filled[day, crew]
        for k in range(state.place[day, site], count + 1):
            order[k] = order[k + 1]
            other = terms.site_of[order[k]]
            if other >= 0:
                state.place[day, other] = k
        state.filled[day, crew] = count - 1
        state.who[day, site] = -1
    state.chosen[site] = -1


@inlined
def ruin(
    terms: Terms, state: State, before: State, touched: Flags, out: Ints, old: Ints, ruined: Flags, dice: Dice,
) -> tuple[int, float]:
    """Remove strings around a random site; how many sites are out (left-out ones too), and what they paid apart.

    out, old: (sites,) the sites and the patterns they had.
    """
    sites = terms.load.size
    days, crews = terms.works.shape
    gone, paid = 0, 0.0
    visits = driven = 0
    for site in range(sites):
        if state.chosen[site] < 0:
            out[gone], old[gone] = site, -1
            gone += 1
            paid += terms.prize[site]
    for day in range(days):
        for crew in range(crews):
            ruined[day, crew] = 0
            visits += state.filled[day, crew]
            driven += state.filled[day, crew] > 0
    longest = min(float(LONGEST), visits / max(1, driven))
    seed = int(drawn(dice) * sites)
    strings = int(1.0 + drawn(dice) * max(1.0, 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0))
    seed = int(drawn(dice) * sites)
    one_day = int(drawn(dice) * days) if drawn(dice) < ONE_DAY else -1
    for near in range(sites):
        if strings == 0:
            break
        site = terms.near[seed, near]
        if state.chosen[site] < 0:
            continue
        day = one_day
        if day < 0:
            day = int(drawn(dice) * days)
            while state.who[day, site] < 0:
                day = (day + 1) % days
        crew = state.who[day, site]
        if crew < 0 or ruined[day, crew]:
            continue
        ruined[day, crew] = 1
        strings -= 1
        count, at = state.filled[day, crew], state.place[day, site]
        length = int(1.0 + drawn(dice) * min(longest, float(count)))
        length = min(length, count)
        kept = 0
        if length > 1 and length < count and drawn(dice) < SPLIT:
            kept = 1
            while length + kept < count and drawn(dice) < SPLIT_LONGER:
                kept += 1
        span = length + kept
        low = max(1, at - span + 1)
        high = min(at, count - span + 1)
        begin = low + int(drawn(dice) * (high - low + 1))
        skip = begin + 1 + int(drawn(dice) * (length - 1)) if kept else begin + span
        position = begin
        for k in range(span):
            member = terms.site_of[state.order[day, crew, position]]
            if skip <= begin + k < skip + kept:
                position += 1
                continue
            out[gone], old[gone] = member, state.chosen[member]
            gone += 1
            if terms.loyalty > 0.0:
                paid += terms.loyalty * strangers(terms, state, member)
            _take_out(terms, state, before, touched, member)
    for day in range(days):
        for crew in range(crews):
            if touched[day, crew]:
                measure(terms, state, day, crew)
    return gone, paid


@inlined
def recreate(
    terms: Terms, state: State, before: State, touched: Flags, out: Ints, gone: int, seats: Seats, dice: Dice,
) -> float:
    """Put the sites in `out` back, each where it costs least; what they now pay apart from the routes."""
    keys = np.empty(gone)
    rule = drawn(dice) * 11.0
    for k in range(gone):
        site = out[k]
        if rule < 4.0:
            keys[k] = drawn(dice)
        elif rule < 8.0:
            first = terms.first[site]
            keys[k] = -terms.patterns[first].sum() * (terms.load[site] + 1e-9 * terms.service[terms.first_node[site]])
        else:
            far = terms.way[terms.depot[0], terms.first_node[site]]
            keys[k] = -far if rule < 10.0 else far
    paid = 0.0
    sites = out[:gone]
    for site in sites[np.argsort(keys)]:
        paid += _place(terms, state, before, touched, site, seats, dice)
    return paid


@inlined
def _place(
    terms: Terms, state: State, before: State, touched: Flags, site: int, seats: Seats, dice: Dice,
) -> float:
    days, crews = terms.works.shape
    for day in range(days):
        if terms.may[site, day]:
            _seats_of_day(terms, state, day, site, seats, dice)
    best, chosen, usual = terms.prize[site], -1, -1
    for p in range(terms.first[site], terms.first[site + 1]):
        for own in range(crews if terms.loyalty > 0.0 else 1):
            cost = 0.0
            for day in range(days):
                if terms.patterns[p, day]:
                    other = seats.cost[day, seats.least[day]]
                    if terms.loyalty > 0.0:
                        other = min(other + terms.loyalty, seats.cost[day, own])
                    cost += other
                    if cost >= best:
                        break
            if cost < best:
                best, chosen, usual = cost, p, own
    if chosen < 0:
        return float(terms.prize[site])
    state.chosen[site] = chosen
    for day in range(days):
        if terms.patterns[chosen, day]:
            crew = seats.least[day]
            if terms.loyalty > 0.0 and seats.cost[day, usual] <= seats.cost[day, crew] + terms.loyalty:
                crew = usual
            touch(state, before, touched, day, crew)
            put(terms, state, day, crew, seats.after[day, crew], seats.node[day, crew])
    return terms.loyalty * strangers(terms, state, site) if terms.loyalty > 0.0 else 0.0


@inlined
def _seats_of_day(terms: Terms, state: State, day: int, site: int, seats: Seats, dice: Dice) -> None:
    """The cheapest place for a site in each crew's route of one day, some places overlooked at random."""
    way, load = terms.way, terms.load[site]
    cheapest, least, skip = np.inf, 0, seats.skip[0]
    idle = -1
    for crew in range(terms.works.shape[1]):
        seats.cost[day, crew] = np.inf
        count = state.filled[day, crew]
        if not terms.works[day, crew] or not terms.serves[site, crew]:
            continue
        if state.load[day, crew] + load > terms.room[crew] + SLACK or (count == 0 and terms.kind[crew] == idle):
            continue
        base, per_m = 0.0, terms.per_m[crew]
        if count == 0:
            idle, base = terms.kind[crew], terms.per_round[crew]
        order = state.order[day, crew]
        # without a price for strangers only a place cheaper than any found yet matters
        best = np.inf if terms.loyalty > 0.0 else cheapest
        for node in range(terms.first_node[site], terms.first_node[site + 1]):
            for k in range(count + 1):
                skip -= 1
                if skip <= 0:
                    skip = 1 + int(np.log(1.0 - drawn(dice)) / LOG_SEEN)
                    continue
                a, b = order[k], order[k + 1]
                cost = base + per_m * (way[a, node] + way[node, b] - way[a, b])
                if cost < best and (not terms.timed or fits_time(terms, state, day, crew, k, node)):
                    best = cost
                    seats.cost[day, crew], seats.after[day, crew], seats.node[day, crew] = cost, k, node
        if seats.cost[day, crew] < cheapest:
            cheapest, least = seats.cost[day, crew], crew
    seats.least[day] = least
    seats.skip[0] = skip
