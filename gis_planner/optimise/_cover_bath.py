"""A heat bath over the choices of a covering problem, in which the number of sites may waver at a price.

One step closes an open site and draws its successor among all that reach part of what it alone held, each by
exp(change / heat) (the heat bath of Creutz 1980). Now and then a site more is opened, or one closed, against a price
per unit of cost (the grand canonical ensemble of physics): a district can then gain a site long before another one
gives it up, which swaps alone hardly ever achieve. The price follows the number, so that it stays near the limit.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_search import draw
from gis_planner.optimise._cover_state import Net, State, close_site, open_site
from gis_planner.optimise.plan import Floats, Ints

DEPTH = 8.0
"""A choice whose weight is below exp(-DEPTH) of the greatest is not drawn."""

SIZE, SPENT, VALUE, PRICE, BEST = range(5)
"""Places in a walk's numbers: sites open, their cost, what they cover, the price of a unit of cost, the best value."""


@compiled
def waver(
    net: Net, state: State, cost: Floats, chosen: Ints, numbers: Floats, purse: float, most: int, slack: float,
    heat: float, random: np.ndarray, drawn: Ints, upto: Floats,
) -> None:
    """Open one site more, or close one, as the price has it. The cost stays within `slack` of the purse."""
    size, price, many, total = int(numbers[SIZE]), numbers[PRICE], 0, 1.0
    if draw(random) < 0.5:
        if size < most + slack:
            for site in range(cost.size):
                worth = state.gain[site] - price * cost[site]
                if worth > -DEPTH * heat and state.is_open[site] == 0 and numbers[SPENT] + cost[site] <= purse + slack:
                    total += np.exp(min(worth / heat, 500.0))
                    drawn[many], upto[many] = site, total
                    many += 1
            spin = draw(random) * total
            if many > 0 and spin >= 1.0:
                site = drawn[min(int(np.searchsorted(upto[:many], spin)), many - 1)]
                numbers[VALUE] += open_site(net, state, site)
                numbers[SPENT] += cost[site]
                chosen[size] = site
                numbers[SIZE] += 1.0
    else:
        for place in range(size):
            worth = price * cost[chosen[place]] - state.loss[chosen[place]]
            if worth > -DEPTH * heat and numbers[SPENT] > purse - slack:
                total += np.exp(min(worth / heat, 500.0))
                drawn[many], upto[many] = place, total
                many += 1
        spin = draw(random) * total
        if many > 0 and spin >= 1.0:
            place = drawn[min(int(np.searchsorted(upto[:many], spin)), many - 1)]
            numbers[VALUE] -= close_site(net, state, chosen[place])
            numbers[SPENT] -= cost[chosen[place]]
            chosen[place] = chosen[size - 1]
            numbers[SIZE] -= 1.0
    numbers[PRICE] = max(0.0, price + 0.002 * heat * (numbers[SPENT] - purse))


@compiled
def walk(
    net: Net, state: State, cost: Floats, chosen: Ints, numbers: Floats, purse: float, most: int, slack: float,
    share: float, moves: int, heat: float, random: np.ndarray, kept: Ints,
) -> None:
    """`moves` steps at `heat`, a `share` of them with a site more or less; the best choice seen is left in `kept`.

    chosen: (sites,) the open ones first. numbers: (5,) see SIZE. The cost may exceed `purse`, and the number `most`,
    by `slack`; only choices within both are kept. Everything but `net` and `cost` changes.
    """
    sites = cost.size
    held, touched = np.zeros(sites), np.zeros(sites, np.int64)
    drawn, upto = np.zeros(sites, np.int64), np.zeros(sites)
    for _ in range(moves):
        if draw(random) < share:
            waver(net, state, cost, chosen, numbers, purse, most, slack, heat, random, drawn, upto)
        elif numbers[SIZE] > 0.0:
            place = int(draw(random) * numbers[SIZE])
            leaving = chosen[place]
            touching = 0
            for at in range(net.site_at[leaving], net.site_at[leaving + 1]):
                i = net.site_to[at]
                if state.sole[i] == leaving:
                    for near in range(net.demand_at[i], net.demand_at[i + 1]):
                        j = net.demand_to[near]
                        if held[j] == 0.0:
                            touched[touching] = j
                            touching += 1
                        held[j] += net.weight[i]
            base = numbers[PRICE] * cost[leaving]
            top = state.loss[leaving]
            for at in range(touching):
                j = touched[at]
                top = max(top, state.gain[j] + held[j] + base - numbers[PRICE] * cost[j])
            least, many, total = top - DEPTH * heat, 0, 0.0
            for at in range(touching):
                j = touched[at]
                worth = state.gain[j] + held[j] + base - numbers[PRICE] * cost[j]
                held[j] = 0.0
                if worth >= least and (j == leaving or (
                        state.is_open[j] == 0 and numbers[SPENT] + cost[j] - cost[leaving] <= purse + slack)):
                    total += np.exp((worth - top) / heat)
                    drawn[many], upto[many] = j, total
                    many += 1
            if many > 0:
                coming = drawn[min(int(np.searchsorted(upto[:many], draw(random) * total)), many - 1)]
                if coming != leaving:
                    numbers[VALUE] += open_site(net, state, coming) - close_site(net, state, leaving)
                    numbers[SPENT] += cost[coming] - cost[leaving]
                    chosen[place] = coming
        if numbers[VALUE] > numbers[BEST] + 1e-9 and numbers[SPENT] <= purse + 1e-9 and numbers[SIZE] <= most:
            numbers[BEST] = numbers[VALUE]
            kept[:] = state.is_open
