"""A sharper bound: the problem split into regions that are each solved exactly, at a price per site.

Demands belong to one region each. A site that reaches several regions has a copy in each, and its price is shared
among the copies as its score is (cost splitting, Guignard and Kim 1987). Whatever the shares, the regions' best
values plus price x limit bound every plan; with the shares taken from Lagrangian multipliers the sum starts at that
bound and only falls, because a region counts whole sites.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_state import Net
from gis_planner.optimise._cover_tree import branch
from gis_planner.optimise.plan import Floats, Ints


@compiled
def find(parent: Ints, at: int) -> int:
    """The root of `at`, its path shortened."""
    root = at
    while parent[root] != root:
        root = parent[root]
    while parent[at] != root:
        parent[at], at = root, parent[at]
    return root


@compiled
def couplings(net: Net, use: Floats, multiplier: Floats) -> tuple[Ints, Ints, Floats]:
    """Pairs of used sites that share demands, one entry per demand and pair: sites (lower first) and multiplier.

    Each demand couples the three most used sites that reach it.
    """
    demand = net.weight.size
    first, second, worth = np.zeros(3 * demand, np.int32), np.zeros(3 * demand, np.int32), np.zeros(3 * demand)
    size = 0
    top, high = np.zeros(3, np.int64), np.zeros(3)
    for i in range(demand):
        top[:], high[:] = -1, 0.0
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            j = net.demand_to[at]
            if use[j] > high[2]:
                place = 2
                while place > 0 and use[j] > high[place - 1]:
                    top[place], high[place] = top[place - 1], high[place - 1]
                    place -= 1
                top[place], high[place] = j, use[j]
        for a in range(3):
            for b in range(a + 1, 3):
                if top[b] >= 0:
                    first[size], second[size] = min(top[a], top[b]), max(top[a], top[b])
                    worth[size] = multiplier[i]
                    size += 1
    return first[:size], second[:size], worth[:size]


@compiled
def grown(first: Ints, second: Ints, order: Ints, mass: Floats, most: float) -> Ints:
    """Label of each site after joining pairs in `order` while a region's mass stays within `most`."""
    parent = np.arange(mass.size)
    held = mass.copy()
    for at in order:
        a, b = find(parent, first[at]), find(parent, second[at])
        if a != b and held[a] + held[b] <= most:
            low, high = min(a, b), max(a, b)
            parent[high] = low
            held[low] += held[high]
    for site in range(parent.size):
        parent[site] = find(parent, site)
    return parent


@compiled
def demand_labels(net: Net, label: Ints, use: Floats) -> Ints:
    """Each demand's region: where most of the use that reaches it lies (the lowest label on a tie)."""
    out = np.zeros(net.weight.size, np.int64)
    held = np.zeros(label.size)
    for i in range(out.size):
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            held[label[net.demand_to[at]]] += use[net.demand_to[at]]
        best = -1
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            region = label[net.demand_to[at]]
            if best < 0 or held[region] > held[best] or (held[region] == held[best] and region < best):
                best = region
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            held[label[net.demand_to[at]]] = 0.0
        out[i] = best
    return out


@compiled
def region_net(net: Net, members: Ints, local: Ints) -> tuple[Net, Ints]:
    """The net of the demands `members` with all sites that reach them, and those sites. local: scratch of -1."""
    many = 0
    for i in members:
        many += net.demand_at[i + 1] - net.demand_at[i]
    sites = np.zeros(many, np.int64)
    size = 0
    for i in members:
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            j = net.demand_to[at]
            if local[j] < 0:
                local[j] = size
                sites[size] = j
                size += 1
    sites = sites[:size]
    demand_at, demand_to = np.zeros(members.size + 1, np.int64), np.zeros(many, np.int32)
    site_at, weight = np.zeros(size + 1, np.int64), np.zeros(members.size)
    place = 0
    for number in range(members.size):
        i = members[number]
        weight[number] = net.weight[i]
        for at in range(net.demand_at[i], net.demand_at[i + 1]):
            j = local[net.demand_to[at]]
            demand_to[place] = j
            site_at[j + 1] += 1
            place += 1
        demand_at[number + 1] = place
    for j in range(size):
        site_at[j + 1] += site_at[j]
    fill, site_to = site_at.copy(), np.zeros(many, np.int32)
    for number in range(members.size):
        for at in range(demand_at[number], demand_at[number + 1]):
            j = demand_to[at]
            site_to[fill[j]] = number
            fill[j] += 1
    for j in sites:
        local[j] = -1
    return Net(site_at, site_to, demand_at, demand_to, weight), sites


@compiled
def split_bound(
    net: Net, multiplier: Floats, score: Floats, charge: Floats, order: Ints, starts: Ints, flags: Ints,
    tolerance: float, hopeless: float, nodes: int,
) -> tuple[float, float, Floats, Ints]:
    """Sum of the regions' bounds, sum of their values, use of each site (share of its score), nodes by region.

    order: demands sorted by region, `starts` where each region begins. charge: (sites,) price of a site. A region
    whose root leaves more than `hopeless` gets few nodes.
    """
    local = np.full(score.size, -1, np.int64)
    regions = starts.size - 1
    bound, value = 0.0, 0.0
    vote, work = np.zeros(score.size), np.zeros(regions, np.int64)
    for region in range(regions):
        members = order[starts[region]:starts[region + 1]]
        if members.size == 0:
            continue
        small, sites = region_net(net, members, local)
        price, first = np.zeros(sites.size), np.zeros(sites.size, np.int8)
        mine, own = np.zeros(members.size), np.zeros(sites.size)
        for number in range(members.size):
            mine[number] = multiplier[members[number]]
        for at in range(sites.size):
            j = sites[at]
            for place in range(small.site_at[at], small.site_at[at + 1]):
                own[at] += mine[small.site_to[place]]
            share = own[at] / score[j] if score[j] > 0.0 else (
                (small.site_at[at + 1] - small.site_at[at]) / (net.site_at[j + 1] - net.site_at[j]))
            price[at] = charge[j] * share * (1.0 - 1e-12)
            first[at] = flags[j] if share >= 0.5 else 0
            own[at] = share
        top, got, picked, work[region] = branch(small, price, mine, first, tolerance, hopeless, nodes)
        bound += top
        value += got
        for at in range(sites.size):
            if picked[at] == 1:
                vote[sites[at]] += own[at]
    return bound, value, vote, work
