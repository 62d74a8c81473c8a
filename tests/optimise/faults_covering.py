"""Sound plans of every covering kind, and what is spoilt in them: one thing each, with the name the check gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise import allocate, cover, cover_more, median
from gis_planner.optimise.plan import CoverPlan, MedianPlan

Sound = tuple[dict[str, Any], Any]
Spoil = Callable[[dict[str, Any], Any], Sound]
MOST = {"max_cover", "partial_cover", "expected_cover", "least_served_first", "capacitated_cover"}
GROUPS = np.array([0, 0, 1, 1, 2, 2, -1, -1])


@cache
def _region() -> dict[str, Any]:
    """12 demands, 8 sites; every demand is within reach of its own sites."""
    random = np.random.default_rng(0)
    table = random.integers(1, 60, (12, 8))
    near = np.where(table < 25, table, 0)
    near[np.arange(12), random.integers(0, 8, 12)] = 7
    return {"reach": csr_array(near), "weight": random.integers(1, 40, 12), "cost": random.integers(1, 9, 8),
            "people": random.integers(5, 40, 12), "capacity": random.integers(10, 80, 8), "table": table.astype(float),
            "share": csr_array(np.round(near / 25.0, 2)), "works": np.linspace(0.3, 0.9, 8)}


@cache
def sound(world: str) -> Sound:
    """The arrays and the sound plan of one world."""
    return WORLDS[world]()


def _number() -> Sound:
    w = _region()
    return ({"reach": w["reach"], "weight": w["weight"], "limit": 3},
            cover.max_cover(w["reach"], w["weight"], limit=3))


def _money() -> Sound:
    w = _region()
    given = {"cost": w["cost"], "budget": 12, "required": [0], "excluded": [7]}
    return ({"reach": w["reach"], "weight": w["weight"], **given}, cover.max_cover(w["reach"], w["weight"], **given))


def _unproven() -> Sound:
    # Two demands with a site each, one may open: multipliers equal to the weights score 10 and 4 and prove 10.
    reach, weight = csr_array(np.eye(2)), np.array([10.0, 4.0])
    return {"reach": reach, "weight": weight, "limit": 1}, CoverPlan(
        "max_cover", 4.0, 10.0, False, "iterations", "lagrangian", {"limit": 1, "cost": None, "budget": None}, weight,
        chosen=np.array([1]), covered=np.array([0.0, 1.0]), cost=1.0)


def _unproven_money() -> Sound:
    # 5 of money buys site 0 (4) and a third of site 1 (3): 10 + 4 / 3, and whole people make that 11.
    reach, weight, cost = csr_array(np.eye(2)), np.array([10.0, 4.0]), np.array([4.0, 3.0])
    return {"reach": reach, "weight": weight, "cost": cost, "budget": 5.0}, CoverPlan(
        "max_cover", 10.0, 11.0, False, "iterations", "lagrangian", {"limit": None, "cost": cost, "budget": 5.0},
        weight, chosen=np.array([0]), covered=np.array([1.0, 0.0]), cost=4.0)


def _regions() -> Sound:
    arrays, plan = _unproven()
    return arrays, replace(plan, bound=9.0, bound_from="regions")


def _fading() -> Sound:
    w = _region()
    return ({"share": w["share"], "weight": w["weight"], "limit": 3},
            cover_more.partial_cover(w["share"], w["weight"], limit=3))


def _fading_unproven() -> Sound:
    # Demand 0 gets half from site 0 and all from site 1, demand 1 all from site 2; one site may open. Steps: 0 to a
    # half and a half to one of demand 0 (3 each), demand 1 (4); with multipliers equal to them site 1 scores 6.
    share, weight = csr_array(np.array([[0.5, 1.0, 0.0], [0.0, 0.0, 1.0]])), np.array([6.0, 4.0])
    return {"share": share, "weight": weight, "limit": 1}, CoverPlan(
        "partial_cover", 4.0, 6.0, False, "iterations", "lagrangian", {"limit": 1, "cost": None, "budget": None},
        np.array([3.0, 3.0, 4.0]), chosen=np.array([2]), covered=np.array([0.0, 1.0]), cost=1.0)


def _chance() -> Sound:
    w = _region()
    given = {"cost": w["cost"], "budget": 12, "excluded": [7]}
    return ({"reach": w["reach"], "weight": w["weight"], "works": w["works"], **given},
            cover_more.expected_cover(w["reach"], w["weight"], w["works"], **given))


def _ranks() -> Sound:
    w = _region()
    rank = np.arange(12) % 3
    return ({"reach": w["reach"], "weight": w["weight"], "rank": rank, "limit": 1},
            cover_more.least_served_first(w["reach"], w["weight"], rank, limit=1))


def _everybody() -> Sound:
    w = _region()
    given = {"cost": w["cost"], "excluded": [7]}
    return {"reach": w["reach"], **given}, cover.set_cover(w["reach"], **given)


def _room() -> Sound:
    w = _region()
    given = {"cost": w["cost"], "budget": 14, "exclusive": GROUPS, "needs": [(1, 2)], "travel": w["reach"],
             "excluded": [7], "success": w["works"]}
    return ({"reach": w["reach"], "people": w["people"], "capacity": w["capacity"], **given},
            cover.capacitated_cover(w["reach"], w["people"], w["capacity"], **given))


def _assigned() -> Sound:
    w = _region()
    return ({"cost": w["reach"], "demand": w["people"], "capacity": w["capacity"]},
            allocate.assign(w["reach"], w["people"], w["capacity"]))


def _median() -> Sound:
    w = _region()
    return ({"distance": w["table"], "weight": w["weight"], "p": 3}, median.p_median(w["table"], w["weight"], 3))


def _median_unproven() -> Sound:
    # Two demands 3 apart, one site: multipliers of 1.5 each leave -1.5 per site, so they prove 1.5, whole metres 2.
    table = np.array([[0.0, 3.0], [3.0, 0.0]])
    return {"distance": table, "weight": np.ones(2), "p": 1}, MedianPlan(
        "p_median", 3.0, 2.0, False, "nodes", "lagrangian", {"p": 1}, np.array([1.5, 1.5]), chosen=np.array([0]),
        nearest=np.array([0, 0]))


def _center() -> Sound:
    w = _region()
    return {"distance": w["table"], "p": 3}, median.p_center(w["table"], 3)


WORLDS: dict[str, Callable[[], Sound]] = {
    "number": _number, "money": _money, "unproven": _unproven, "unproven money": _unproven_money, "regions": _regions,
    "fading": _fading, "fading unproven": _fading_unproven, "chance": _chance, "ranks": _ranks,
    "everybody": _everybody, "room": _room, "assigned": _assigned, "median": _median,
    "median unproven": _median_unproven, "center": _center,
}


def _plan(arrays: dict[str, Any], plan: Any, *, changes: Callable[[Any], dict[str, Any]]) -> Sound:
    return arrays, replace(plan, **changes(plan))


def _field(**fixed: Any) -> Spoil:
    return partial(_plan, changes=lambda _: fixed)


def _by(changes: Callable[[Any], dict[str, Any]]) -> Spoil:
    return partial(_plan, changes=changes)


def _asked(**changes: Any) -> Spoil:
    return lambda arrays, plan: ({**arrays, **changes}, plan)


def _side(plan: Any) -> float:
    """The direction in which a bound lies."""
    return 1.0 if plan.kind in MOST else -1.0


COMMON: list[tuple[str, str, Spoil]] = [
    ("value one higher", "value-differs", _by(lambda p: {"value": p.value + 1})),
    ("value one lower", "value-differs", _by(lambda p: {"value": p.value - 1})),
    ("value nan", "value-differs", _field(value=float("nan"))),
    ("bound beyond the value", "bound-broken",
     _by(lambda p: {"bound": p.value - 2 * _side(p), "proven": False, "stopped_by": "nodes"})),
    ("bound nan", "bound-broken", _field(bound=float("nan"))),
    ("bound infinite", "bound-broken", _field(bound=float("inf"))),
    ("proven with a gap", "proof-with-gap",
     _by(lambda p: {"bound": p.value + 3 * _side(p), "proven": True, "stopped_by": "proof"})),
    ("proof and reason to stop disagree", "proof-contradicted",
     _by(lambda p: {"stopped_by": "clock" if p.proven else "proof"})),
    ("a site beyond the last", "no-such-site", _by(lambda p: {"chosen": np.append(p.chosen[:-1], 99)})),
    ("a site below the first", "no-such-site", _by(lambda p: {"chosen": np.append(-1, p.chosen[1:])})),
    ("a site twice", "chosen-not-sorted", _by(lambda p: {"chosen": np.append(p.chosen, p.chosen[-1])})),
    ("sites out of order", "chosen-not-sorted",
     _by(lambda p: {"chosen": np.append(p.chosen, 0) if p.chosen.size == 1 else p.chosen[::-1]})),
    ("sites as broken numbers", "chosen-not-indices", _by(lambda p: {"chosen": p.chosen + 0.5})),
    ("sites as a table", "chosen-not-indices", _by(lambda p: {"chosen": p.chosen[None, :]})),
]


def _restated(arrays: dict[str, Any], plan: Any, *, chosen: Callable[[Any], Any]) -> Sound:
    """Other sites, with every sum told truly and called proven."""
    sites = np.sort(np.asarray(chosen(plan), dtype=np.int64))
    changes: dict[str, Any] = {"chosen": sites, "proven": True, "stopped_by": "proof", "multipliers": None,
                               "bound_from": "branch and bound"}
    if plan.kind.startswith("p_"):
        table = arrays["distance"]
        least = table[:, sites].min(axis=1)
        changes["nearest"] = sites[table[:, sites].argmin(axis=1)]
        value = float(arrays["weight"] @ least) if plan.kind == "p_median" else float(least.max())
    else:
        cost = arrays.get("cost")
        changes["cost"] = float(sites.size if cost is None else np.asarray(cost)[sites].sum())
        covered = _served(arrays, plan.kind, sites)
        changes["covered"] = covered
        value = changes["cost"] if plan.kind == "set_cover" else float(np.asarray(arrays["weight"]) @ covered)
    return arrays, replace(plan, value=value, bound=value, **changes)


def _served(arrays: dict[str, Any], kind: str, sites: np.ndarray) -> np.ndarray:
    table = (arrays["share"] if kind == "partial_cover" else arrays["reach"]).toarray()[:, sites]
    if kind == "partial_cover":
        return table.max(axis=1)
    if kind == "expected_cover":
        return 1.0 - np.prod(np.where(table > 0, 1.0 - np.asarray(arrays["works"])[sites], 1.0), axis=1)
    return (table > 0).any(axis=1).astype(float)


def _with_sites(chosen: Callable[[Any], Any]) -> Spoil:
    return partial(_restated, chosen=chosen)


def _moved(change: int, at: int = 0) -> Spoil:
    """That many people more on a used pair."""
    def spoil(arrays: dict[str, Any], plan: Any) -> Sound:
        flow = plan.flow.copy()
        flow.data[at] += change
        return arrays, replace(plan, flow=flow)

    return spoil


def _flow_at(demand: int, place: int) -> Spoil:
    """A person more from `demand` to `place`."""
    def spoil(arrays: dict[str, Any], plan: Any) -> Sound:
        flow = plan.flow.toarray()
        flow[demand, place] += 1
        return arrays, replace(plan, flow=csr_array(flow))

    return spoil


def _sent_home(arrays: dict[str, Any], plan: Any) -> Sound:
    """One person less served, with every sum told truly and called proven."""
    flow = plan.flow.copy()
    flow.data[0] -= 1
    one = csr_array(plan.flow - flow)
    cost = arrays["cost"] if plan.kind == "assign" else arrays["travel"]
    travel = plan.travel - float((one * csr_array(cost)).sum())
    value = travel if plan.kind == "assign" else plan.value - float((one @ np.asarray(arrays["success"])).sum())
    served = np.asarray(flow.sum(axis=1)).ravel()
    people = np.asarray(arrays["demand" if plan.kind == "assign" else "people"])
    return arrays, replace(plan, flow=flow, served=served, unserved=people - served, travel=travel, value=value,
                           bound=value)


SHARED_COVER: list[tuple[str, str, Spoil]] = [
    ("covered told the other way", "covered-differs", _by(lambda p: {"covered": 1.0 - p.covered})),
    ("covered of one demand too few", "covered-differs", _by(lambda p: {"covered": p.covered[:-1]})),
    ("covered nan", "covered-differs", _by(lambda p: {"covered": p.covered * np.nan})),
    ("cost one more", "cost-differs", _by(lambda p: {"cost": p.cost + 1})),
    ("cost nan", "cost-differs", _field(cost=float("nan"))),
    ("a site lost", "value-differs", _by(lambda p: {"chosen": p.chosen[1:]})),
]
FALSE_PROOF = ("a worse plan called proven", "not-optimal", _with_sites(lambda p: p.chosen[:-1]))
MULTIPLIERS: list[tuple[str, str, Spoil]] = [
    ("a multiplier negative", "multipliers-broken", _by(lambda p: {"multipliers": p.multipliers * -1})),
    ("multipliers nan", "multipliers-broken", _by(lambda p: {"multipliers": p.multipliers * np.nan})),
    ("multipliers of another length", "multipliers-broken", _by(lambda p: {"multipliers": p.multipliers[:-1]})),
    ("multipliers missing", "multipliers-broken", _field(multipliers=None)),
]
BELOW: list[tuple[str, str, Spoil]] = [
    ("bound below what multipliers prove", "bound-not-proven", _by(lambda p: {"bound": p.bound - 0.5})),
    ("multipliers far above the weights", "bound-not-proven", _by(lambda p: {"multipliers": 3 * p.multipliers})),
    ("no multipliers at all on any demand", "bound-not-proven", _by(lambda p: {"multipliers": 0 * p.multipliers})),
]
FLOWS: list[tuple[str, str, Spoil]] = [
    ("one person more on a pair", "served-differs", _moved(1)),
    ("one person less on a pair", "served-differs", _moved(-1)),
    ("more people than there are", "people-invented", _moved(500)),
    ("more people than there is room", "capacity-exceeded", _moved(500)),
    ("people below none", "flow-not-people", _moved(-900)),
    ("half a person", "flow-not-people", _by(lambda p: {"flow": csr_array(p.flow * 0.5)})),
    ("people nan", "flow-not-people", _by(lambda p: {"flow": csr_array(p.flow * np.nan)})),
    ("flow of another shape", "flow-shape", _by(lambda p: {"flow": csr_array(p.flow[:-1])})),
    ("somebody sent out of reach", "out-of-reach",
     lambda a, p: _flow_at(*np.argwhere((a["reach" if "reach" in a else "cost"].toarray() == 0)
                                        & np.isin(np.arange(8), p.chosen)[None, :])[0])(a, p)),
    ("served one more each", "served-differs", _by(lambda p: {"served": p.served + 1})),
    ("unserved one fewer each", "unserved-differs", _by(lambda p: {"unserved": p.unserved - 1})),
    ("travel told shorter", "travel-differs", _by(lambda p: {"travel": p.travel - 5})),
    ("an open place not among the chosen", "flow-to-closed", _by(lambda p: {"chosen": p.chosen[1:]})),
    ("cost two more", "cost-differs", _by(lambda p: {"cost": p.cost + 2})),
    ("one person sent home and called proven", "not-optimal", _sent_home),
]
NEAREST: list[tuple[str, str, Spoil]] = [
    ("everybody to another chosen site", "nearest-wrong",
     _by(lambda p: {"nearest": np.roll(p.chosen, 1)[np.searchsorted(p.chosen, p.nearest)]})),
    ("everybody to a site that is closed", "nearest-not-open", _by(lambda p: {"nearest": np.full_like(p.nearest, 99)})),
    ("one demand forgotten", "nearest-not-open", _by(lambda p: {"nearest": p.nearest[:-1]})),
    ("more sites than asked", "limit-exceeded", _asked(p=2)),
    ("made for another number", "other-terms", _asked(p=4)),
    ("one site fewer and called proven", "not-optimal", _with_sites(lambda p: p.chosen[:-1])),
    ("another site in place of one, called proven", "not-optimal",
     _with_sites(lambda p: np.append(p.chosen[:-1], np.setdiff1d(np.arange(8), p.chosen)[-1]))),
]
OWN: dict[str, list[tuple[str, str, Spoil]]] = {
    "number": [*SHARED_COVER, FALSE_PROOF, ("more sites than asked", "limit-exceeded", _asked(limit=1)),
               ("made for fewer sites", "other-terms", _asked(limit=4)),
               ("a site that adds nobody", "idle-site", lambda a, p: (
                   {**a, "weight": np.where(a["reach"].toarray()[:, p.chosen[0]] > 0, a["weight"], 0)}, p))],
    "money": [*SHARED_COVER, FALSE_PROOF,
              ("dearer than the budget", "budget-exceeded", _asked(budget=8)),
              ("made for less money", "other-terms", _asked(budget=20)),
              ("made for other costs", "other-terms", lambda a, p: ({**a, "cost": np.asarray(a["cost"]) / 2}, p)),
              ("a required site missing", "required-missing", _with_sites(lambda p: p.chosen[1:])),
              ("an excluded site open", "excluded-chosen", _with_sites(lambda p: np.append(p.chosen[:-1], 7)))],
    "unproven": [*MULTIPLIERS, *BELOW, ("called optimal", "not-optimal", _with_sites(lambda p: p.chosen))],
    "unproven money": [*MULTIPLIERS, *BELOW],
    "regions": [*MULTIPLIERS, ("bound above what multipliers prove", "bound-above-multipliers", _field(bound=10.5))],
    "fading": [*SHARED_COVER, FALSE_PROOF, ("more sites than asked", "limit-exceeded", _asked(limit=2))],
    "fading unproven": [*MULTIPLIERS, *BELOW, ("called optimal", "not-optimal", _with_sites(lambda p: p.chosen))],
    "chance": [*SHARED_COVER, FALSE_PROOF, ("dearer than the budget", "budget-exceeded", _asked(budget=8)),
               ("an excluded site open", "excluded-chosen", _with_sites(lambda p: np.append(p.chosen[:-1], 7)))],
    "ranks": [*SHARED_COVER, FALSE_PROOF, ("more sites than asked", "limit-exceeded", _asked(limit=0)),
              ("those left out are the least served", "not-optimal",
               lambda a, p: ({**a, "rank": p.covered.astype(int)}, p))],
    "everybody": [*SHARED_COVER[:-1],
                  ("somebody left uncovered", "demand-uncovered", _with_sites(lambda p: p.chosen[1:])),
                  ("a needless site, called proven", "not-optimal", _with_sites(
                      lambda p: np.append(p.chosen, np.setdiff1d(np.arange(7), p.chosen)[0]))),
                  ("an excluded site open", "excluded-chosen", _with_sites(lambda p: np.append(p.chosen, 7)))],
    "room": [*FLOWS, ("dearer than the budget", "budget-exceeded", _asked(budget=8)),
             ("two of a group", "group-broken", lambda a, p: ({**a, "exclusive": np.zeros(8, int)}, p)),
             ("without what it needs", "need-broken", lambda a, p: (
                 {**a, "needs": [(int(p.chosen[0]), int(np.setdiff1d(np.arange(8), p.chosen)[0]))]}, p)),
             ("an excluded action open", "excluded-chosen", lambda a, p: ({**a, "excluded": p.chosen[:1]}, p)),
             ("a required action missing", "required-missing", lambda a, p: (
                 {**a, "required": np.setdiff1d(np.arange(8), p.chosen)[:1]}, p)),
             ("more actions than asked", "limit-exceeded", _asked(limit=1)),
             ("less money than there was, called proven", "not-optimal", _asked(budget=99, exclusive=None)),
             ("an action that serves nobody", "idle-action",
              lambda a, p: (a, replace(p, chosen=np.union1d(p.chosen, np.setdiff1d(np.arange(8), p.chosen)[:1]))))],
    "assigned": [*FLOWS, ("a facility that serves nobody", "idle-action", lambda a, p: (
        {**a, "capacity": np.append(a["capacity"], 5), "cost": csr_array(np.hstack([a["cost"].toarray(),
                                                                                  np.zeros((12, 1))]))},
        replace(p, chosen=np.append(p.chosen, 8), flow=csr_array(np.hstack([p.flow.toarray(), np.zeros((12, 1))]))))),
        ("somebody left out where all must be served", "demand-without-room",
         lambda a, p: _sent_home({**a, "maximise_served": False}, p))],
    "median": NEAREST,
    "median unproven": [*MULTIPLIERS[1:], ("bound above what multipliers prove", "bound-not-proven", _field(bound=2.5)),
                        ("multipliers that prove less", "bound-not-proven", _field(multipliers=np.zeros(2)))],
    "center": NEAREST,
}
CASES = [(world, name, code, spoil) for world in WORLDS for name, code, spoil in [*COMMON, *OWN[world]]]
