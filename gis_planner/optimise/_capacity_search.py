"""Choosing actions with room, fast: people move along pairs as actions open and close, under a falling temperature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_search import draw
from gis_planner.optimise.plan import Floats, Ints


class Field(NamedTuple):
    """Pairs by action (heaviest weight first) and by demand; `slot` is a pair's place in the order by action."""

    action_at: Ints
    demand_of: Ints
    demand_at: Ints
    action_of: Ints
    slot: Ints
    weight: Floats
    success: Floats
    capacity: Ints
    cost: Floats
    group: Ints
    first: Ints
    second: Ints


class People(NamedTuple):
    """left: unserved by demand; room: free by action; flow: by pair (order by action); is_open: by action."""

    left: Ints
    room: Ints
    flow: Ints
    is_open: Ints


@compiled
def take_in(field: Field, people: People, action: int) -> float:
    """Open `action` and let unserved people in reach use it, heaviest first; returns the expected gain."""
    people.is_open[action] = 1
    gained = 0.0
    for at in range(field.action_at[action], field.action_at[action + 1]):
        if people.room[action] == 0:
            break
        i = field.demand_of[at]
        moved = min(people.left[i], people.room[action])
        if moved > 0:
            people.left[i] -= moved
            people.room[action] -= moved
            people.flow[at] += moved
            gained += moved * field.weight[i]
    return float(gained * field.success[action])


@compiled
def send_away(field: Field, people: People, action: int) -> float:
    """Close `action`; its people become unserved; returns the expected loss."""
    people.is_open[action] = 0
    lost = 0.0
    for at in range(field.action_at[action], field.action_at[action + 1]):
        moved = people.flow[at]
        if moved > 0:
            i = field.demand_of[at]
            people.left[i] += moved
            people.room[action] += moved
            people.flow[at] = 0
            lost += moved * field.weight[i]
    return float(lost * field.success[action])


@compiled
def spread(field: Field, people: People, action: int) -> float:
    """People that `action` left unserved go to open actions with room; returns the expected gain."""
    gained = 0.0
    for at in range(field.action_at[action], field.action_at[action + 1]):
        i = field.demand_of[at]
        if people.left[i] == 0:
            continue
        for near in range(field.demand_at[i], field.demand_at[i + 1]):
            j = field.action_of[near]
            if people.is_open[j] == 1 and people.room[j] > 0:
                moved = min(people.left[i], people.room[j])
                people.left[i] -= moved
                people.room[j] -= moved
                people.flow[field.slot[near]] += moved
                gained += moved * field.weight[i] * field.success[j]
                if people.left[i] == 0:
                    break
    return gained


@compiled
def possible(field: Field, people: People, action: int) -> float:
    """Expected gain if `action` opened now."""
    room, gained = people.room[action], 0.0
    for at in range(field.action_at[action], field.action_at[action + 1]):
        if room == 0:
            break
        moved = min(people.left[field.demand_of[at]], room)
        room -= moved
        gained += moved * field.weight[field.demand_of[at]]
    return float(gained * field.success[action])


@compiled
def allowed(field: Field, people: People, coming: int, leaving: int) -> bool:
    """True when the rules hold after `leaving` (or -1) closes and `coming` (or -1) opens."""
    if coming >= 0 and field.group[coming] >= 0:
        for j in range(field.group.size):
            if field.group[j] == field.group[coming] and people.is_open[j] == 1 and j != leaving:
                return False
    for at in range(field.first.size):
        a, b = field.first[at], field.second[at]
        has_a = (people.is_open[a] == 1 and a != leaving) or a == coming
        has_b = (people.is_open[b] == 1 and b != leaving) or b == coming
        if has_a and not has_b:
            return False
    return True


@compiled
def greedy(field: Field, people: People, barred: Ints, count: int, purse: float) -> tuple[float, int, float]:
    """Open by expected gain (per money) while anything fits: value, remaining count and purse."""
    actions = field.capacity.size
    rate = np.zeros(actions)
    for j in range(actions):
        gain = possible(field, people, j)
        rate[j] = gain / field.cost[j] if field.cost[j] > 0.0 else gain * 1e18
        if barred[j] == 1 or people.is_open[j] == 1:
            rate[j] = 0.0
    value = 0.0
    while count > 0:
        j = int(np.argmax(rate))
        if rate[j] <= 1e-12:
            break
        gain = possible(field, people, j)
        fresh = gain / field.cost[j] if field.cost[j] > 0.0 else gain * 1e18
        if field.cost[j] > purse or not allowed(field, people, j, -1):
            rate[j] = 0.0
            continue
        if fresh < rate[j] * (1.0 - 1e-12):
            rate[j] = fresh
            continue
        rate[j] = 0.0
        value += take_in(field, people, j)
        count -= 1
        purse -= field.cost[j]
    return value, count, purse


@compiled
def anneal(
    field: Field, people: People, barred: Ints, fixed: Ints, count: int, purse: float, value: float, moves: int,
    hot: float, cold: float, ruled: bool, random: np.ndarray,
) -> tuple[float, Ints]:
    """Swaps, openings and closings; returns the best value seen and its open flags."""
    chosen = np.zeros(field.capacity.size, np.int64)
    listed = np.flatnonzero(people.is_open)
    size = listed.size
    chosen[:size] = listed
    best, kept = value, people.is_open.copy()
    heat, cooling = hot, (cold / hot) ** (1.0 / max(moves, 1))
    for _ in range(moves):
        heat *= cooling
        if size == 0:
            break
        place = int(draw(random) * size)
        leaving = chosen[place]
        if fixed[leaving] == 1 or field.action_at[leaving] == field.action_at[leaving + 1]:
            continue
        span = field.action_at[leaving + 1] - field.action_at[leaving]
        i = field.demand_of[field.action_at[leaving] + int(draw(random) * span)]
        coming = field.action_of[field.demand_at[i] + int(draw(random) * (field.demand_at[i + 1] - field.demand_at[i]))]
        if draw(random) < 0.3:
            coming = int(draw(random) * chosen.size)
        if people.is_open[coming] == 1 or barred[coming] == 1:
            continue
        if count > 0 and field.cost[coming] <= purse and (not ruled or allowed(field, people, coming, -1)):
            gain = possible(field, people, coming)
            if gain > 1e-9:
                value += take_in(field, people, coming)
                chosen[size] = coming
                size += 1
                count -= 1
                purse -= field.cost[coming]
                continue
        swap = field.cost[coming] <= purse + field.cost[leaving]
        if not swap and draw(random) > 0.05:
            continue
        if ruled and not allowed(field, people, coming if swap else -1, leaving):
            continue
        before = value
        value -= send_away(field, people, leaving)
        if swap:
            value += take_in(field, people, coming)
        value += spread(field, people, leaving)
        if value >= before + heat * np.log(draw(random) + 1e-300):
            count += 0 if swap else 1
            purse += field.cost[leaving] - (field.cost[coming] if swap else 0.0)
            if swap:
                chosen[place] = coming
            else:
                size -= 1
                chosen[place] = chosen[size]
            if value > best + 1e-9:
                best = value
                kept[:] = people.is_open
        else:
            if swap:
                value -= send_away(field, people, coming)
            value += take_in(field, people, leaving)
            if swap:
                value += spread(field, people, coming)
    return best, kept


@compiled
def profits(field: Field, multiplier: Floats, number: Ints, unit: Floats, least: float) -> tuple[Floats, Ints]:
    """(actions,) best profit of filling each action at `multiplier` a person, and who fills it (by pair).

    An action that would not earn `least` per `unit` even with room for everybody is not filled any closer: its profit
    is told too high, which leaves the bound valid, and nobody is counted as its user.
    """
    actions = field.capacity.size
    value, used = np.zeros(actions), np.zeros(field.demand_of.size, np.int64)
    for j in range(actions):
        start, end = field.action_at[j], field.action_at[j + 1]
        want, most = 0, 0.0
        for at in range(start, end):
            i = field.demand_of[at]
            profit = field.weight[i] * field.success[j] - multiplier[i]
            if profit > 0.0:
                want += number[i]
                most += profit * number[i]
        if most < least * unit[j]:
            value[j] = most
            continue
        room = field.capacity[j]
        if want <= room:
            for at in range(start, end):
                i = field.demand_of[at]
                if field.weight[i] * field.success[j] > multiplier[i]:
                    used[at] = number[i]
            value[j] = most
            continue
        profit_of = np.empty(end - start)
        for at in range(start, end):
            i = field.demand_of[at]
            profit_of[at - start] = multiplier[i] - field.weight[i] * field.success[j]
        for place in np.argsort(profit_of):
            if room == 0 or profit_of[place] >= 0.0:
                break
            at = start + place
            moved = min(number[field.demand_of[at]], room)
            used[at] = moved
            room -= moved
            value[j] -= profit_of[place] * moved
    return value, used
