"""Good plans fast: greedy, then annealed swaps, then every remaining improving swap (Kirkpatrick et al. 1983).

Money and number are limits of the same search: with a limit only, every cost is 0.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_state import Net, State, close_site, fresh, open_site, shared
from gis_planner.optimise.plan import Floats, Ints


@compiled
def draw(random: np.ndarray) -> float:
    """A number in [0, 1) from the xorshift generator in `random` (1,) uint64 (Marsaglia 2003)."""
    word = random[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    random[0] = word
    return float(word >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def fill(net: Net, state: State, cost: Floats, room: int, purse: float, barred: Ints) -> tuple[int, float]:
    """Open the site with most gain (per money) that still fits, until none adds weight; what room and purse remain."""
    while room > 0:
        best, score = -1, 0.0
        for site in range(cost.size):
            if state.is_open[site] == 0 and barred[site] == 0 and cost[site] <= purse and state.gain[site] > 1e-9:
                rate = state.gain[site] / cost[site] if cost[site] > 0.0 else state.gain[site] * 1e18
                if rate > score:
                    best, score = site, rate
        if best < 0:
            break
        open_site(net, state, best)
        room -= 1
        purse -= cost[best]
    return room, purse


@compiled
def close_dearest(net: Net, state: State, cost: Floats, room: int, purse: float) -> tuple[int, float]:
    """Close the site that holds least (per money) until neither room nor purse is overdrawn; what remains of both."""
    while room < 0 or purse < 0.0:
        best, score = -1, 1e300
        for site in range(cost.size):
            if state.is_open[site] == 1 and (room < 0 or cost[site] > 0.0):
                rate = state.loss[site] if purse >= 0.0 else state.loss[site] / max(cost[site], 1e-12)
                if rate < score:
                    best, score = site, rate
        if best < 0:
            break
        close_site(net, state, best)
        room += 1
        purse += cost[best]
    return room, purse


@compiled
def anneal(
    net: Net, state: State, cost: Floats, room: int, purse: float, barred: Ints, fixed: Ints, moves: int,
    hot: float, cold: float, random: np.ndarray,
) -> tuple[float, Ints]:
    """Swaps under a falling temperature; returns the best value seen and its sites as flags. Changes `state`."""
    sites = cost.size
    listed = np.flatnonzero(state.is_open)
    size = listed.size
    chosen = np.zeros(sites, np.int64)
    chosen[:size] = listed
    value = 0.0
    for i in range(net.weight.size):
        if state.times[i] > 0:
            value += net.weight[i]
    best, kept = value, state.is_open.copy()
    cooling = (cold / hot) ** (1000.0 / max(moves, 1000))
    heat = hot
    for move in range(moves):
        if move % 1000 == 999:
            heat *= cooling
            if value > best + 1e-9:
                best = value
                kept[:] = state.is_open
        if size == 0:
            break
        place = int(draw(random) * size)
        leaving = chosen[place]
        if fixed[leaving] == 1:
            continue
        start, end = net.site_at[leaving], net.site_at[leaving + 1]
        near = draw(random) < 0.7 and end > start
        if near:
            i = net.site_to[start + int(draw(random) * (end - start))]
            first = net.demand_at[i]
            coming = net.demand_to[first + int(draw(random) * (net.demand_at[i + 1] - first))]
        else:
            coming = int(draw(random) * sites)
        if state.is_open[coming] == 1 or barred[coming] == 1:
            continue
        held = state.loss[leaving]
        affordable = cost[coming] <= purse
        if room > 0 and affordable and state.gain[coming] > 1e-9:
            value += open_site(net, state, coming)
            chosen[size] = coming
            size += 1
            room -= 1
            purse -= cost[coming]
            continue
        if cost[coming] > purse + cost[leaving]:
            if draw(random) < 0.02 and np.exp(-held / heat) > draw(random):
                value -= close_site(net, state, leaving)
                purse += cost[leaving]
                room += 1
                size -= 1
                chosen[place] = chosen[size]
            continue
        change = state.gain[coming] - held
        threshold = heat * np.log(draw(random) + 1e-300)
        if near and change < threshold:
            change += shared(net, state, leaving, coming)
        if change >= threshold:
            value -= close_site(net, state, leaving)
            value += open_site(net, state, coming)
            chosen[place] = coming
            purse += cost[leaving] - cost[coming]
    if value > best:
        best = value
        kept[:] = state.is_open
    return best, kept


@compiled
def polish(net: Net, state: State, cost: Floats, purse: float, barred: Ints, fixed: Ints, passes: int) -> float:
    """Best swap for each open site in turn, until a whole pass improves nothing; returns what remains of the purse."""
    sites = cost.size
    held = np.zeros(sites)
    touched = np.zeros(sites, np.int64)
    for _ in range(passes):
        improved = False
        top = top_gains(state, barred, 64)
        for leaving in range(sites):
            if state.is_open[leaving] == 0 or fixed[leaving] == 1:
                continue
            many = 0
            for at in range(net.site_at[leaving], net.site_at[leaving + 1]):
                i = net.site_to[at]
                if state.sole[i] == leaving:
                    for near in range(net.demand_at[i], net.demand_at[i + 1]):
                        j = net.demand_to[near]
                        if held[j] == 0.0:
                            touched[many] = j
                            many += 1
                        held[j] += net.weight[i]
            best, score = -1, state.loss[leaving] + 1e-7
            for place in range(many + top.size):
                j = touched[place] if place < many else top[place - many]
                if state.is_open[j] == 0 and barred[j] == 0 and cost[j] <= purse + cost[leaving]:
                    total = state.gain[j] + held[j]
                    if total > score or (total == score and best >= 0 and j < best):
                        best, score = j, total
            for place in range(many):
                held[touched[place]] = 0.0
            if best >= 0:
                close_site(net, state, leaving)
                open_site(net, state, best)
                purse += cost[leaving] - cost[best]
                improved = True
        if not improved:
            break
    return purse


@compiled
def top_gains(state: State, barred: Ints, number: int) -> Ints:
    """The closed sites with the largest gains, largest first."""
    worth = state.gain.copy()
    for site in range(worth.size):
        if state.is_open[site] == 1 or barred[site] == 1:
            worth[site] = -1.0
    order = np.argsort(-worth)[: min(number, worth.size)]
    return order.astype(np.int64)


@compiled
def state_of(net: Net, flags: Ints) -> State:
    """The state in which exactly the flagged sites are open."""
    state = fresh(net)
    for site in range(flags.size):
        if flags[site] == 1:
            open_site(net, state, site)
    return state
