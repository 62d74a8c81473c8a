"""Whole people to places with room: most gain first, least travel among those, by linear programming on a network.

A transport polytope with whole supplies and capacities has whole corners, and the simplex method ends on a corner
(Hoffman and Kruskal 1956). The second aim is minimised on the face of the first one's optima, which is a transport
polytope again, so flows stay whole without rounding and without weighing metres against people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from gis_planner.optimise._highs import Program, solve
from gis_planner.optimise.plan import Floats, Ints
from gis_planner.problems import Finding, Machine, Severity


@dataclass(frozen=True)
class Pairs:
    """Pairs (demand, place) in row order. demand, place: (pairs,) indices; gain, travel: (pairs,) per person."""

    demand: Ints
    place: Ints
    gain: Floats
    travel: Floats


def pairs_of(reach: csr_array, gain: Floats, travel: Floats) -> Pairs:
    """The stored entries of `reach` as pairs."""
    rows = np.repeat(np.arange(reach.shape[0], dtype=np.int64), np.diff(reach.indptr))
    return Pairs(rows, reach.indices.astype(np.int64), gain, travel)


def flow_table(flow: Ints, pairs: Pairs, shape: tuple[int, int]) -> csr_array:
    """The pairs that carry people as a csr_array (demand, places) of whole people."""
    used = np.flatnonzero(flow)
    return csr_array((flow[used], (pairs.demand[used], pairs.place[used])), shape=shape, dtype=np.int64)


def _incidence(pairs: Pairs, demand: int, places: int) -> csr_array:
    ones, at = np.ones(pairs.demand.size), np.arange(pairs.demand.size)
    shape = (demand, pairs.demand.size), (places, pairs.demand.size)
    return csr_array(vstack([csr_array((ones, (pairs.demand, at)), shape=shape[0]),
                             csr_array((ones, (pairs.place, at)), shape=shape[1])], format="csr"))


def best_flow(pairs: Pairs, people: Ints, capacity: Ints) -> Ints:
    """(pairs,) whole people: the greatest total gain and, among flows with that gain, the least total travel."""
    size = pairs.demand.size
    if size == 0:
        return np.zeros(0, np.int64)
    rows = _incidence(pairs, people.size, capacity.size)
    most = np.concatenate([people, capacity]).astype(np.float64)
    lower, upper, nothing = np.zeros(size), np.full(size, np.inf), np.zeros(size, bool)
    scale = float(pairs.gain.max(initial=0.0)) or 1.0
    first = solve(Program(pairs.gain / scale, rows, np.full(most.size, -np.inf), most, lower, upper, nothing))
    if first.values is None or first.row_dual is None or first.reduced_cost is None:
        raise Machine([Finding("no-flow", Severity.REFUSE, f"the flow stopped by {first.status}", "a flow",
                               "Report this with the arrays: a flow of nobody is always possible.")])
    values = first.values
    if (pairs.travel != pairs.travel[0]).any() or pairs.travel[0] > 0:
        least = np.where(np.abs(first.row_dual) > 1e-7, most, -np.inf)
        upper = np.where(first.reduced_cost < -1e-7, 0.0, np.inf)
        cost = pairs.travel / (float(pairs.travel.max(initial=0.0)) or 1.0)
        second = solve(Program(cost, rows, least, most, lower, upper, nothing, maximise=False))
        values = second.values if second.values is not None else values
    return np.maximum(np.rint(values), 0).astype(np.int64)
