"""Re-checks maximal covering, covering of all, capacitated covering and allocation from the arrays alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as inputs
from gis_planner.optimise.verify._common import Tell, choice_rules, claims, near, sound_sites, terms_as_asked, total
from gis_planner.optimise.verify._flow import better_flow, richer_flow
from gis_planner.optimise.verify._median import check_center, check_median, cover_bound
from gis_planner.optimise.verify._proof import better_action, better_by_one, better_chance, cheaper_cover


def _reach(matrix: Any) -> csr_array:
    rows = csr_array(matrix, copy=True)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def check_max_cover(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, limit, budget, who is covered, value, bound, and that one step does not better a proven plan."""
    reach, weight = _reach(arrays["reach"]), np.asarray(arrays["weight"], dtype=np.float64)
    if not sound_sites(plan.chosen, reach.shape[1], tell):
        return
    cost = arrays.get("cost")
    choice_rules(arrays, plan.chosen, cost, tell)
    terms_as_asked(arrays, plan, tell)
    covered = (reach[:, plan.chosen] != 0).sum(axis=1) > 0
    _covered_as_said(plan, covered, tell)
    _cost_as_said(plan, cost, tell)
    claims(plan, total(weight[covered]), tell)
    _idle_sites(reach, weight, arrays, plan, tell)
    if _needs_multipliers(plan):
        _bound_as_proven(arrays, reach, weight, plan, tell)
    if plan.proven:
        ranked = weight if plan.kind == "max_cover" else _by_rank(arrays["rank"], weight)
        _not_bettered(better_by_one(reach, ranked, arrays, plan.chosen), tell)


def _by_rank(rank: Any, weight: np.ndarray) -> np.ndarray:
    """(ranks, demand) weight of each rank alone, the least served first."""
    ranks = np.asarray(rank)
    return np.where(ranks[None, :] == np.unique(ranks)[:, None], weight[None, :], 0.0)


def _idle_sites(reach: csr_array, weight: np.ndarray, arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Maximal covering opens no site that alone reaches no weight, unless it is required."""
    if plan.kind != "max_cover":
        return
    open_reach = csr_array(reach[:, plan.chosen])
    alone = np.where(np.diff(open_reach.indptr) == 1, weight, 0.0)
    adds = np.asarray((open_reach != 0).astype(np.float64).T @ alone).ravel()
    idle = np.setdiff1d(plan.chosen[adds <= 0], np.asarray(arrays.get("required", ()), dtype=np.int64))
    for site in idle[:3]:
        tell("idle-site", f"site {int(site)} adds nobody", "only sites that add somebody, or are required", "chosen",
             site)


def _needs_multipliers(plan: Any) -> bool:
    """Whether the plan carries multipliers, or claims a bound that rests on them."""
    claimed = plan.bound_from == "lagrangian" or (plan.bound_from == "regions" and not plan.proven)
    return claimed or plan.multipliers is not None


def _not_bettered(better: str, tell: Tell) -> None:
    if better:
        tell("not-optimal", better, "no better plan than a proven one", "proven")


def _bound_as_proven(arrays: dict[str, Any], reach: csr_array, weight: np.ndarray, plan: Any, tell: Tell) -> None:
    """A Lagrangian bound is summed again; one by regions must be no weaker than its multipliers, whose sum is checked.

    How far the regions' trees went below their multipliers is not repeated here: it would need a solver.
    """
    multiplier = np.asarray(() if plan.multipliers is None else plan.multipliers, dtype=np.float64)
    if multiplier.shape != weight.shape or not np.isfinite(multiplier).all() or (multiplier < 0).any():
        tell("multipliers-broken", f"shape {multiplier.shape}", f"{weight.shape}, finite, 0 or more", "multipliers")
        return
    proven = cover_bound(reach, weight, arrays, multiplier)
    if bool((weight == np.rint(weight)).all()):
        proven = float(np.floor(proven + 1e-6))
    proven, slack = min(proven, total(weight)), 1e-6 * max(1.0, abs(proven))
    if plan.bound_from == "regions":
        if plan.bound > max(proven, plan.value) + slack:
            tell("bound-above-multipliers", f"{plan.bound:.12g}", f"at most {proven:.12g}, what the multipliers prove",
                 "bound")
    elif plan.bound < proven - slack:
        tell("bound-not-proven", f"{plan.bound:.12g}", f"at least {proven:.12g}, what the multipliers prove", "bound")


def check_partial(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, limits, the best open share of each demand, value, bound."""
    table, weight = _reach(arrays["share"]), np.asarray(arrays["weight"], dtype=np.float64)
    if not _shares_as_said(arrays, table, weight,
                           lambda: np.asarray(table[:, plan.chosen].max(axis=1).toarray()).ravel(), plan, tell):
        return
    reach, worth = _steps(table, weight)
    if _needs_multipliers(plan):
        _bound_as_proven(arrays, reach, worth, plan, tell)
    if plan.proven:
        _not_bettered(better_by_one(reach, worth, arrays, plan.chosen), tell)


def _steps(table: csr_array, weight: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Fading service as plain covering: a demand for each different share of each row, worth the step up to it."""
    table.sort_indices()
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    share = table.data.astype(np.float64)
    order = np.lexsort((share, row))
    fresh = np.ones(order.size, bool)
    fresh[1:] = (row[order[1:]] != row[order[:-1]]) | (share[order[1:]] != share[order[:-1]])
    step = np.empty(order.size, np.int64)
    step[order] = np.cumsum(fresh) - 1
    step_row, high = row[order[fresh]], share[order[fresh]]
    first = np.ones(high.size, bool)
    first[1:] = step_row[1:] != step_row[:-1]
    low = np.where(first, 0.0, np.concatenate([[0.0], high[:-1]]))
    begins = np.flatnonzero(first)[np.cumsum(first) - 1]
    counts = step - begins[step] + 1
    ends = np.cumsum(counts)
    rows = np.arange(ends[-1]) - np.repeat(ends - counts, counts) + np.repeat(begins[step], counts)
    reach = csr_array((np.ones(rows.size), (rows, np.repeat(table.indices, counts))),
                      shape=(high.size, table.shape[1]))
    return reach, weight[step_row] * (high - low)


def check_expected(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, limits, the chance that one open site works, value, bound."""
    table, weight = _reach(arrays["reach"]), np.asarray(arrays["weight"], dtype=np.float64)
    works = np.asarray(arrays["works"], dtype=np.float64)
    fails = np.log1p(-np.minimum(works, 1.0 - 1e-9))
    sound = _shares_as_said(arrays, table, weight, lambda: -np.expm1((table[:, plan.chosen] != 0).astype(np.float64)
                                                                      @ fails[plan.chosen]), plan, tell)
    if sound and plan.proven:
        _not_bettered(better_chance(table, weight, works, arrays, plan.chosen), tell)


def _shares_as_said(
    arrays: dict[str, Any], table: csr_array, weight: np.ndarray, shares: Callable[[], np.ndarray], plan: Any,
    tell: Tell,
) -> bool:
    """Sites, limits, what each demand gets and what it is worth; False when the sites are none."""
    if not sound_sites(plan.chosen, table.shape[1], tell):
        return False
    choice_rules(arrays, plan.chosen, arrays.get("cost"), tell)
    terms_as_asked(arrays, plan, tell)
    mine = shares() if plan.chosen.size else np.zeros(table.shape[0])
    said = np.asarray(plan.covered, dtype=np.float64)
    if said.shape != mine.shape:
        tell("covered-differs", f"shape {said.shape}", f"{mine.shape}", "covered")
    else:
        for at in np.flatnonzero(~(np.abs(said - mine) <= 1e-9))[:3]:
            tell("covered-differs", f"{said[at]:g} at demand {int(at)}", f"{mine[at]:g}", "covered", at)
    _cost_as_said(plan, arrays.get("cost"), tell)
    claims(plan, float(weight @ mine), tell)
    return True


def check_set_cover(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Sites, everybody covered, value, bound, and that one step does not better a proven plan."""
    reach = _reach(arrays["reach"])
    if not sound_sites(plan.chosen, reach.shape[1], tell):
        return
    cost = arrays.get("cost")
    choice_rules(arrays, plan.chosen, cost, tell)
    terms_as_asked(arrays, plan, tell)
    covered = (reach[:, plan.chosen] != 0).sum(axis=1) > 0
    for at in np.flatnonzero(~covered)[:3]:
        tell("demand-uncovered", f"demand {int(at)} reached by no chosen site", "every demand covered", "chosen", at)
    _covered_as_said(plan, covered, tell)
    _cost_as_said(plan, cost, tell)
    claims(plan, _cost(cost, plan.chosen), tell, least=True)
    if plan.proven and covered.all():
        price = np.ones(reach.shape[1]) if cost is None else np.asarray(cost, dtype=np.float64)
        _not_bettered(cheaper_cover(reach, price, arrays, plan.chosen), tell)


def _cost(cost: Any, chosen: Any) -> float:
    return float(chosen.size) if cost is None else total(np.asarray(cost, dtype=np.float64)[chosen])


def _cost_as_said(plan: Any, cost: Any, tell: Tell) -> None:
    spent = _cost(cost, plan.chosen)
    if not near(plan.cost, spent):
        tell("cost-differs", f"{plan.cost:g}", f"{spent:g}, summed again", "cost")


def _covered_as_said(plan: Any, covered: np.ndarray, tell: Tell) -> None:
    said = np.asarray(plan.covered, dtype=np.float64)
    if said.shape != covered.shape:
        tell("covered-differs", f"shape {said.shape}", f"{covered.shape}", "covered")
        return
    for at in np.flatnonzero(said != covered)[:3]:
        tell("covered-differs", f"{said[at]:g} at demand {int(at)}", f"{float(covered[at]):g}", "covered", at)


def check_capacitated(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Actions, groups, needs, limit, budget, flows, capacities, value, bound."""
    reach = _reach(arrays["reach"])
    demand, actions = reach.shape
    if not sound_sites(plan.chosen, actions, tell):
        return
    cost = np.asarray(arrays["cost"], dtype=np.float64)
    choice_rules(arrays, plan.chosen, cost, tell)
    terms_as_asked(arrays, plan, tell)
    _rules_between(arrays, plan.chosen, actions, tell)
    flow = _flow(reach, arrays["people"], arrays["capacity"], plan, tell)
    if flow is None:
        return
    weight, success = arrays.get("weight"), arrays.get("success")
    worth = np.ones(demand) if weight is None else np.asarray(weight, dtype=np.float64)
    works = np.ones(actions) if success is None else np.asarray(success, dtype=np.float64)
    _cost_as_said(plan, cost, tell)
    _travel_as_said(plan, flow, arrays.get("travel"), tell)
    claims(plan, float(worth @ (flow @ works)), tell)
    _idle_actions(arrays, plan, flow, tell)
    if plan.proven:
        gain = csr_array(((reach != 0).astype(np.float64) * works[None, :]) * worth[:, None])
        gain.sort_indices()
        people, room = np.asarray(arrays["people"]), np.asarray(arrays["capacity"])
        left = people - np.asarray(flow.sum(axis=1)).ravel()
        better = better_action(reach, arrays, gain, left, plan.chosen)
        _not_bettered(better or richer_flow(_of_open(gain, plan.chosen), flow, people, room), tell)


def _of_open(gain: csr_array, chosen: Any) -> csr_array:
    """The pairs of what is chosen, with as many columns as before."""
    used = np.isin(gain.indices, chosen) & (gain.data > 0)
    starts = np.concatenate([[0], np.cumsum(used)])[gain.indptr]
    return csr_array((gain.data[used], gain.indices[used], starts), shape=gain.shape)


def _idle_actions(arrays: dict[str, Any], plan: Any, flow: csr_array, tell: Tell) -> None:
    """No action opens that serves nobody, unless it is required or an open one needs it."""
    useful = np.zeros(flow.shape[1], bool)
    useful[np.asarray(flow.sum(axis=0)).ravel() > 0] = True
    useful[np.asarray(arrays.get("required", ()), dtype=np.int64)] = True
    for first, second in _links(arrays):
        useful[second] |= first in plan.chosen
    for action in plan.chosen[~useful[plan.chosen]][:3]:
        tell("idle-action", f"action {int(action)} serves nobody", "only actions that serve somebody or are needed",
             "chosen", action)


def _links(arrays: dict[str, Any]) -> list[tuple[int, int]]:
    needs = arrays.get("needs")
    return [] if needs is None else [(int(a), int(b)) for a, b in needs]


def _rules_between(arrays: dict[str, Any], chosen: Any, actions: int, tell: Tell) -> None:
    group = arrays.get("exclusive")
    if group is not None:
        named = np.asarray(group)[chosen]
        ids, times = np.unique(named[named >= 0], return_counts=True)
        for one in ids[times > 1][:3]:
            tell("group-broken", f"{int(times[ids == one][0])} actions of group {int(one)}", "at most one", "chosen",
                 one)
    is_open = np.zeros(actions, bool)
    is_open[chosen] = True
    for first, second in _links(arrays):
        if is_open[first] and not is_open[second]:
            tell("need-broken", f"action {first} without action {second}", f"{first} only if {second}", "chosen", first)


def _flow(reach: csr_array, people: Any, capacity: Any, plan: Any, tell: Tell) -> csr_array | None:
    """The plan's flow when its shape is right; tells of people invented, rooms overfilled and pairs out of reach."""
    flow = csr_array(plan.flow)
    if flow.shape != reach.shape:
        tell("flow-shape", f"{flow.shape}", f"{reach.shape}", "flow")
        return None
    if not np.isfinite(flow.data).all() or (flow.data < 0).any() or (flow.data != np.rint(flow.data)).any():
        tell("flow-not-people", "negative or broken numbers", "whole people, 0 or more", "flow")
        return None
    persons, room = np.asarray(people), np.asarray(capacity)
    sent, received = np.asarray(flow.sum(axis=1)).ravel(), np.asarray(flow.sum(axis=0)).ravel()
    for at in np.flatnonzero(sent > persons)[:3]:
        tell("people-invented", f"{int(sent[at])} served at demand {int(at)}", f"at most {int(persons[at])}", "flow",
             at)
    for at in np.flatnonzero(received > room)[:3]:
        tell("capacity-exceeded", f"{inputs.people(received[at])} at {int(at)}", f"at most {int(room[at])}", "flow", at)
    is_open = np.zeros(reach.shape[1], bool)
    is_open[plan.chosen] = True
    for at in np.flatnonzero((received > 0) & ~is_open)[:3]:
        tell("flow-to-closed", f"{inputs.people(received[at])} sent to {int(at)}",
             "people only to what is chosen", "flow", at)
    rows = np.repeat(np.arange(flow.shape[0]), np.diff(flow.indptr))
    width = reach.shape[1]
    known = np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr)) * width + reach.indices
    beyond = (flow.data > 0) & ~np.isin(rows * width + flow.indices, known)
    for at in np.flatnonzero(beyond)[:3]:
        tell("out-of-reach", f"demand {int(rows[at])} sent to {int(flow.indices[at])}", "a pair in reach", "flow",
             rows[at])
    for name, mine in (("served", sent), ("unserved", persons - sent)):
        said = np.asarray(getattr(plan, name))
        if said.shape != mine.shape or (said != mine).any():
            tell(f"{name}-differs", inputs.people(total(said)), f"{total(mine):g}, summed again per demand", name)
    return flow


def _travel_as_said(plan: Any, flow: csr_array, travel: Any, tell: Tell) -> float:
    spent = 0.0 if travel is None else float((flow * csr_array(travel)).sum())
    if not near(plan.travel, spent):
        tell("travel-differs", f"{plan.travel:.12g}", f"{spent:.12g}, summed again", "travel")
    return spent


def check_assign(arrays: dict[str, Any], plan: Any, tell: Tell) -> None:
    """Flows, capacities, value; and that nobody more could be served, nor the same people for less."""
    table = csr_array(arrays["cost"], copy=True)
    table.sum_duplicates()
    if not sound_sites(plan.chosen, table.shape[1], tell):
        return
    reach = csr_array((np.ones(table.nnz), table.indices, table.indptr), shape=table.shape)
    flow = _flow(reach, arrays["demand"], arrays["capacity"], plan, tell)
    if flow is None:
        return
    claims(plan, _travel_as_said(plan, flow, table, tell), tell, least=True)
    for facility in np.setdiff1d(plan.chosen, flow.indices[flow.data > 0])[:3]:
        tell("idle-action", f"facility {int(facility)} serves nobody", "only facilities that serve somebody", "chosen",
             facility)
    if plan.cost != 0:
        tell("cost-differs", f"{plan.cost:g}", "0: opening costs nothing here", "cost")
    demand = np.asarray(arrays["demand"])
    left = int((demand - np.asarray(flow.sum(axis=1)).ravel()).sum())
    if not arrays.get("maximise_served", True) and left > 0:
        tell("demand-without-room", f"{inputs.people(left)} unserved", "everybody served, as asked", "unserved")
    if plan.proven:
        better = better_flow(table, flow, demand, np.asarray(arrays["capacity"]))
        if better:
            tell("not-optimal", better, "most people, at least cost", "flow")


CHECKS: dict[str, Callable[[dict[str, Any], Any, Tell], None]] = {
    "max_cover": check_max_cover, "partial_cover": check_partial, "expected_cover": check_expected,
    "least_served_first": check_max_cover, "set_cover": check_set_cover, "capacitated_cover": check_capacitated,
    "p_median": check_median, "p_center": check_center, "assign": check_assign,
}
