"""Who goes where: as many people as possible, at the least total time, by flow in a network."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, issparse

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._transport import best_flow, flow_table, pairs_of
from gis_planner.optimise.plan import FlowPlan
from gis_planner.problems import refused


def assign(
    cost: csr_array, demand: ArrayLike, capacity: ArrayLike, *, maximise_served: bool = True,
) -> FlowPlan:
    """Whole people from demands to facilities, each within its capacity; no order of facilities matters.

    cost: csr (demand, facilities), time or distance per person of every reachable pair; a stored 0 is a pair at no
    distance. demand: (demand,) and capacity: (facilities,) whole people. Serves as many as possible and, among those
    flows, one of least total cost; plan.value is that cost, plan.served and plan.unserved are per demand.
    With maximise_served=False everybody must be served: `CannotBeMet` when capacity or reach does not allow it.
    Raises `Refused` for bad arrays. Source: Hitchcock 1941 (transportation problem).
    """
    table = _pairs(cost)
    people = check.whole(demand, table.shape[0], "demand")
    room = check.whole(capacity, table.shape[1], "capacity")
    if not maximise_served and room.sum() < people.sum():
        raise check.cannot("capacity-below-demand", field="capacity", found=f"room for {check.people(room.sum())}",
                           expected=f"at least {people.sum()}, all demand",
                           remedy="Add facilities or room, or allow people to stay unserved (maximise_served=True).")
    pairs = pairs_of(table, np.ones(table.nnz), table.data.astype(np.float64))
    flow = best_flow(pairs, people, room)
    sent = flow_table(flow, pairs, table.shape)
    served = np.asarray(sent.sum(axis=1), dtype=np.int64).ravel()
    if not maximise_served and served.sum() < people.sum():
        at, number = int(np.flatnonzero(served < people)[0]), int((people - served).sum())
        raise check.cannot("demand-without-room", field="cost",
                           found=f"{check.people(number)} without room in reach, first at demand {at}",
                           expected="room in reach of every demand",
                           remedy="Widen the reach or add room there, or allow people to stay unserved.")
    value = float((pairs.travel * flow).sum())
    used = np.unique(pairs.place[flow > 0])
    return FlowPlan("assign", value, value, True, "proof", "flow", {"maximise_served": maximise_served}, chosen=used,
                    flow=sent, served=served, unserved=people - served, cost=0.0, travel=value)


def _pairs(cost: csr_array) -> csr_array:
    """The stored pairs, zeros kept: a facility in the same place costs nothing and is still in reach."""
    if not issparse(cost) or cost.ndim != 2:
        raise refused("not-sparse", field="cost", found=type(cost).__name__,
                      expected="a SciPy csr_array (demand, facilities)",
                      remedy="Store the cost of reachable pairs only, as scipy.sparse.csr_array.")
    table = check.sparse(cost, "cost", empty_ok=True)
    if table.nnz == 0:
        raise refused("empty-reach", field="cost", found=f"shape {table.shape} with no pair",
                      expected="at least one pair in reach",
                      remedy="Widen the reach, or check that demand and facilities share one coordinate system.")
    return table
