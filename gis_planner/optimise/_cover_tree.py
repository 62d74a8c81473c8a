"""One region of a covering problem at a price per site, solved by branch and bound (Land and Doig 1960).

max weight within reach minus the prices of what is open, without a limit. Each node bounds by multipliers (see
`_cover_bound`), fixes sites by reduced cost, and branches on the site whose average use is nearest one half.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_state import Net
from gis_planner.optimise.plan import Floats, Ints


class Node(NamedTuple):
    """Scratch of one region: status of sites (0 free, 1 open, -1 closed), covered demands, multipliers, scores, use."""

    status: Ints
    covered: Ints
    multiplier: Floats
    score: Floats
    used: Floats


@compiled
def _base(net: Net, price: Floats, node: Node) -> float:
    """Value of what is open; marks what it covers."""
    node.covered[:] = 0
    value = 0.0
    for site in range(price.size):
        if node.status[site] == 1:
            value -= price[site]
            for at in range(net.site_at[site], net.site_at[site + 1]):
                i = net.site_to[at]
                if node.covered[i] == 0:
                    node.covered[i] = 1
                    value += net.weight[i]
    return value


@compiled
def _lower(
    net: Net, price: Floats, node: Node, least: float, iterations: int, step: float,
) -> tuple[float, float, Floats]:
    """Least bound met at this node from `node.multiplier`, the value of what is open, and average use by site.

    Leaves the best multipliers in `node.multiplier` and their scores in `node.score`.
    """
    demand, sites = net.weight.size, price.size
    base = _base(net, price, node)
    free = np.flatnonzero(node.status == 0)
    live = np.flatnonzero(node.covered == 0)
    current, direction = node.multiplier.copy(), np.zeros(demand)
    score, slope = np.zeros(sites), np.zeros(demand)
    node.used[:] = 0.0
    best, failures = 1e300, 0
    current[node.covered == 1] = 0.0
    for turn in range(iterations):
        value = base
        for i in live:
            value += net.weight[i] - current[i]
            slope[i] = -1.0
        keep = 0.9 if turn > 0 else 0.0
        for site in free:
            total = 0.0
            for at in range(net.site_at[site], net.site_at[site + 1]):
                total += current[net.site_to[at]]
            score[site] = total
            node.used[site] *= keep
            if total > price[site]:
                value += total - price[site]
                node.used[site] += 1.0 - keep
                for at in range(net.site_at[site], net.site_at[site + 1]):
                    slope[net.site_to[at]] += 1.0
        if value < best:
            failures = 0 if value < best - 1e-6 * abs(best) else failures + 1
            best = value
            node.multiplier[:] = current
            node.score[:] = score
        else:
            failures += 1
        if best <= least:
            break
        if failures >= 6:
            step *= 0.6
            failures = 0
            current[:] = node.multiplier
            if step < 1e-3:
                break
        norm = 0.0
        for i in live:
            push = slope[i]
            if (current[i] <= 0.0 and push > 0.0) or (current[i] >= net.weight[i] and push < 0.0):
                push = 0.0
            direction[i] = 0.8 * direction[i] + 0.2 * push
            norm += direction[i] * direction[i]
        if norm < 1e-18:
            break
        length = step * (value - least) / norm
        for i in live:
            current[i] = min(max(current[i] - length * direction[i], 0.0), net.weight[i])
    return best, base, node.used


@compiled
def _rounded(net: Net, price: Floats, node: Node, picked: Ints) -> float:
    """Value of the open sites and of the free ones worth their price, those that add too little left out."""
    value = _base(net, price, node)
    picked[:] = 0
    order = np.argsort(node.score - price)[::-1]
    picked[node.status == 1] = 1
    for site in order:
        if node.status[site] != 0:
            continue
        gain = -price[site]
        for at in range(net.site_at[site], net.site_at[site + 1]):
            if node.covered[net.site_to[at]] == 0:
                gain += net.weight[net.site_to[at]]
        if gain > 0.0:
            value += gain
            picked[site] = 1
            for at in range(net.site_at[site], net.site_at[site + 1]):
                node.covered[net.site_to[at]] = 1
    return value


@compiled
def _judged(
    net: Net, price: Floats, node: Node, picked: Ints, best: Ints, value: float, tolerance: float, iterations: int,
) -> tuple[float, float, int]:
    """Bound of this node, the best value known, and the site to branch on (-1: nothing left to decide here)."""
    bound, _base_value, used = _lower(net, price, node, value + tolerance, iterations, 0.4)
    if bound <= value + tolerance:
        return bound, value, -1
    for turn in range(2):
        found = _rounded(net, price, node, picked)
        if found > value:
            value = found
            best[:] = picked
        site, nearest = -1, 2.0
        for j in range(price.size):
            if node.status[j] == 0:
                edge = node.score[j] - price[j]
                if bound - abs(edge) <= value + tolerance:
                    node.status[j] = 1 if edge > 0.0 else -1
                elif abs(used[j] - 0.5) < nearest:
                    site, nearest = j, abs(used[j] - 0.5)
        if site >= 0 or turn == 1:
            break
    return bound, value, site if bound > value + tolerance else -1


@compiled
def branch(
    net: Net, price: Floats, multiplier: Floats, start: Ints, tolerance: float, hopeless: float, nodes: int,
) -> tuple[float, float, Ints, int]:
    """Bound, value and flags of the region's best choice, and nodes used; bound - value <= tolerance unless cut off.

    start: flags of a first choice. multiplier: (demand,) where the root begins. The open node with the greatest bound
    comes next, so that a search cut off after `nodes` still lowers the bound. A root that leaves more than `hopeless`
    gets a tenth of the nodes.
    """
    sites, demand = price.size, net.weight.size
    node = Node(np.zeros(sites, np.int8), np.zeros(demand, np.int8), multiplier.copy(), np.zeros(sites),
                np.zeros(sites))
    picked, best = np.zeros(sites, np.int8), start.copy()
    node.status[:] = start
    value = _base(net, price, node)
    if value < 0.0:
        value = 0.0
        best[:] = 0
    node.status[:] = 0
    bound, value, site = _judged(net, price, node, picked, best, value, tolerance, 120)
    if site < 0:
        return max(value, min(bound, value + tolerance)), value, best, 1
    if bound - value > hopeless:
        nodes = nodes // 10
    kept_multiplier = np.zeros((nodes + 2, demand), np.float32)
    kept_status, kept_bound = np.zeros((nodes + 2, sites), np.int8), np.full(nodes + 2, -1e300)
    kept_site = np.zeros(nodes + 2, np.int64)
    kept_multiplier[0, :], kept_status[0, :], kept_bound[0], kept_site[0] = node.multiplier, node.status, bound, site
    size, count = 1, 1
    while True:
        at = int(np.argmax(kept_bound[:size]))
        bound = kept_bound[at]
        if bound <= value + tolerance:
            return value + tolerance, value, best, count
        if count >= nodes:
            return bound, value, best, count
        status, site = kept_status[at].copy(), kept_site[at]
        first = kept_multiplier[at].astype(np.float64)
        kept_bound[at] = -1e300
        slot = at
        for way in (1, -1):
            node.status[:] = status
            node.status[site] = way
            for i in range(demand):
                node.multiplier[i] = min(first[i], net.weight[i])
            count += 1
            below, value, left = _judged(net, price, node, picked, best, value, tolerance, 40)
            if left >= 0:
                kept_multiplier[slot, :], kept_status[slot, :] = node.multiplier, node.status
                kept_bound[slot], kept_site[slot] = min(below, bound), left
                slot = size
                if way == 1:
                    size += 1
                    kept_bound[slot] = -1e300
