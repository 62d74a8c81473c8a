"""Who covers what while sites open and close: gains and losses kept up to date (Resende and Werneck 2004).

All arrays are by index: `sole[i]` is the only open site that reaches demand i (-1: none or several), `gain[j]` the
weight that site j alone would add, `loss[j]` the weight that open site j alone holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise.plan import Floats, Ints


class Net(NamedTuple):
    """Reach both ways as index arrays: site_at/site_to by site, demand_at/demand_to by demand; weight by demand."""

    site_at: Ints
    site_to: Ints
    demand_at: Ints
    demand_to: Ints
    weight: Floats


class State(NamedTuple):
    """count, owner sum and sole owner by demand; gain, loss and open by site."""

    times: Ints
    owners: Ints
    sole: Ints
    gain: Floats
    loss: Floats
    is_open: Ints


@compiled
def fresh(net: Net) -> State:
    """Nothing open."""
    sites, demand = net.site_at.size - 1, net.weight.size
    gain = np.zeros(sites)
    for site in range(sites):
        total = 0.0
        for at in range(net.site_at[site], net.site_at[site + 1]):
            total += net.weight[net.site_to[at]]
        gain[site] = total
    return State(np.zeros(demand, np.int32), np.zeros(demand, np.int64), np.full(demand, -1, np.int32), gain,
                 np.zeros(sites), np.zeros(sites, np.int8))


@compiled
def open_site(net: Net, state: State, site: int) -> float:
    """Open `site`; returns the weight it adds."""
    added = 0.0
    for at in range(net.site_at[site], net.site_at[site + 1]):
        i = net.site_to[at]
        before = state.times[i]
        state.times[i] = before + 1
        state.owners[i] += site
        if before == 0:
            worth = net.weight[i]
            added += worth
            state.sole[i] = site
            for near in range(net.demand_at[i], net.demand_at[i + 1]):
                state.gain[net.demand_to[near]] -= worth
        elif before == 1:
            state.loss[state.sole[i]] -= net.weight[i]
            state.sole[i] = -1
    state.loss[site] = added
    state.is_open[site] = 1
    return added


@compiled
def close_site(net: Net, state: State, site: int) -> float:
    """Close `site`; returns the weight it takes away."""
    taken = 0.0
    for at in range(net.site_at[site], net.site_at[site + 1]):
        i = net.site_to[at]
        left = state.times[i] - 1
        state.times[i] = left
        state.owners[i] -= site
        if left == 0:
            worth = net.weight[i]
            taken += worth
            state.sole[i] = -1
            for near in range(net.demand_at[i], net.demand_at[i + 1]):
                state.gain[net.demand_to[near]] += worth
        elif left == 1:
            state.sole[i] = state.owners[i]
            state.loss[state.sole[i]] += net.weight[i]
    state.loss[site] = 0.0
    state.is_open[site] = 0
    return taken


@compiled
def shared(net: Net, state: State, leaving: int, coming: int) -> float:
    """Weight that only `leaving` holds and that `coming` would hold too."""
    total = 0.0
    for at in range(net.site_at[coming], net.site_at[coming + 1]):
        i = net.site_to[at]
        if state.sole[i] == leaving:
            total += net.weight[i]
    return total
