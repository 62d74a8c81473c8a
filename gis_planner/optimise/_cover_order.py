"""Numbers neighbours near each other, so that the loops of a large problem stay in the processor's cache."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_state import Net
from gis_planner.optimise.plan import Ints


@compiled
def breadth_first(net: Net) -> tuple[Ints, Ints]:
    """Demands and sites in the order a breadth-first walk over the reach meets them."""
    sites, demand = net.site_at.size - 1, net.weight.size
    site_order, demand_order = np.empty(sites, np.int64), np.empty(demand, np.int64)
    seen_site, seen_demand = np.zeros(sites, np.int8), np.zeros(demand, np.int8)
    many, met = 0, 0
    for first in range(sites):
        if seen_site[first] == 1:
            continue
        seen_site[first] = 1
        site_order[many] = first
        head = many
        many += 1
        while head < many:
            site = site_order[head]
            head += 1
            for at in range(net.site_at[site], net.site_at[site + 1]):
                i = net.site_to[at]
                if seen_demand[i] == 1:
                    continue
                seen_demand[i] = 1
                demand_order[met] = i
                met += 1
                for near in range(net.demand_at[i], net.demand_at[i + 1]):
                    other = net.demand_to[near]
                    if seen_site[other] == 0:
                        seen_site[other] = 1
                        site_order[many] = other
                        many += 1
    for i in range(demand):
        if seen_demand[i] == 0:
            demand_order[met] = i
            met += 1
    return demand_order, site_order


@compiled
def renumbered(indptr: Ints, indices: Ints, rows: Ints, rank: Ints) -> tuple[Ints, Ints]:
    """Row starts and column numbers once rows stand in the order `rows` and column j is called rank[j]."""
    starts, columns = np.zeros(indptr.size, np.int32), np.empty(indices.size, np.int32)
    size = 0
    for number in range(rows.size):
        row = rows[number]
        for at in range(indptr[row], indptr[row + 1]):
            columns[size] = rank[indices[at]]
            size += 1
        starts[number + 1] = size
    return starts, columns


def near_together(problem: CoverProblem) -> tuple[CoverProblem, Ints, Ints]:
    """The same problem renumbered, and the old numbers of its demands and of its sites."""
    demands, sites = breadth_first(problem.net)
    rank = np.empty(sites.size, np.int32)
    rank[sites] = np.arange(sites.size, dtype=np.int32)
    old = problem.reach
    starts, columns = renumbered(old.indptr, old.indices, demands, rank)
    reach = csr_array((np.ones(columns.size, np.int8), columns, starts), shape=old.shape)
    reach.sort_indices()
    by_site = csr_array(reach.T.tocsr())
    by_site.sort_indices()
    moved = replace(
        problem, reach=reach, sites=by_site, weight=problem.weight[demands], excluded=problem.excluded[sites],
        cost=None if problem.cost is None else problem.cost[sites])
    return moved, demands, sites
