"""Days and crews of like length, at a stated price in distance.

The routes are searched anew by ruin and recreate with a price on every second outside a band of route times, the band
as wide as the asked ratio. One search follows another from where the last one ended: the seconds become dearer while
the ratio is not kept, and cheaper when it is kept for too much distance, until both are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._members import refuse_other
from gis_planner.optimise._pyvrp import cost_scale
from gis_planner.optimise._route_anneal import Budget, search_routes, turns_for
from gis_planner.optimise._route_ground import orders_of_routes
from gis_planner.optimise._route_many import METHOD
from gis_planner.optimise._route_plan import RoutePlan, plan_of
from gis_planner.optimise.routing_problem import NO_WAY, Problem
from gis_planner.problems import refused

SHARES = (0.4, 0.2, 0.2, 0.2)
"""Parts of the budget of one search after the other."""
FIRST_PRICE, GENTLE_PRICE = 1.0, 0.03
"""Cost of a second outside the band, in parts of what a second of the given plan costs, in the first search: gentle
where no plan can keep both, since the less a second costs, the less distance is paid for it."""
DEARER, CHEAPER = 3.0, 0.5
WITHIN = 0.995
"""The band is as wide as this part of the asked ratio, so that a second beyond it does not break the ratio."""
HOT, WARM, COLD = 0.6, 0.2, 0.02
"""First temperature of the first search and of those after it, and the last one, in parts of the mean step."""
QUICKEST = 20_000


def route_ratio(plan: RoutePlan) -> float:
    """Longest over shortest working time of the routes (1 when there are fewer than two)."""
    times = [route.duration_s for route in plan.routes]
    return max(times) / max(1, min(times)) if len(times) > 1 else 1.0


def balance_routes(
    problem: Problem, plan: RoutePlan, *, ratio: float = 1.15, price: float = 0.02, effort: float = 1.0, seed: int = 0,
    time_limit_s: float | None = None,
) -> RoutePlan:
    """The routes of `plan` made alike in time: longest over shortest at most `ratio`, at most `price` more distance.

    When the ratio cannot be had at the price, the least unequal plan found within the price comes back (`plan` itself
    at worst); `notes` says the ratio and the price of what came back, what was asked, and the price below which no plan
    at all keeps the asked ratio (`least_price`).
    Works for vehicles that are alike apart from their day, with one depot, no time windows,
    reloads, prizes or lines, and ways alike in both directions; raises Refused for anything else.
    """
    refuse_other(problem, Problem, "gis_planner.optimise.route")
    check.search_settings(effort, seed, time_limit_s)
    if not (check.is_number(ratio) and ratio >= 1.0 and check.is_number(price) and price >= 0.0):
        raise refused("bad-balance", found=f"ratio {ratio}, price {price}", field="ratio",
                      expected="a ratio of 1 or more and a price of 0 or more",
                      remedy="Give a ratio such as 1.15 and a price such as 0.02.",
                      remedy_fr="Donnez un rapport comme 1,15 et un prix comme 0,02.")
    _refuse_others(problem, plan)
    least = least_price(problem, plan, ratio)
    whole = Budget(max(QUICKEST * len(SHARES), turns_for(len(problem.stops), effort)), time_limit_s)
    best = now = plan
    dearness = GENTLE_PRICE if least > price else FIRST_PRICE
    for number, share in enumerate(SHARES):
        if route_ratio(best) <= ratio:
            break
        asked = (max(1.0, WITHIN * ratio), dearness, HOT if number == 0 else WARM)
        found = _within_band(problem, plan, now, asked, whole.share(share), seed + number)
        now = now if found is None else found
        cheap = now.distance_m <= plan.distance_m * (1.0 + price)
        if cheap and route_ratio(now) < route_ratio(best):
            best = now
        dearness *= DEARER if cheap else CHEAPER
    more = best.distance_m / max(1, plan.distance_m) - 1.0
    notes = (("ratio", route_ratio(best)), ("price", more), ("asked_ratio", ratio), ("asked_price", price),
             ("least_price", least))
    again = plan_of(problem, [route.order for route in best.routes],
                    stopped_by="iterations" if time_limit_s is None else "clock", notes=notes)
    return replace(again, method=plan.method if best is plan else METHOD)


def shortest_of_band(times_s: Sequence[float], ratio: float) -> float:
    """Where a band begins that is `ratio` wide and leaves the fewest seconds of these times outside."""
    times = np.array(times_s, float)
    begins = np.unique(np.concatenate([times, times / ratio]))
    outside = [np.maximum(low - times, 0.0).sum() + np.maximum(times - low * ratio, 0.0).sum() for low in begins]
    return float(begins[int(np.argmin(outside))])


def least_price(problem: Problem, plan: RoutePlan, ratio: float) -> float:
    """No plan whose longest route time is at most `ratio` times its shortest costs less, in parts of the plan's metres.

    Some route is at least as long as the way to the farthest stop and back with its service, so every route is at least
    that divided by `ratio`; loads need a certain number of routes; and a second of driving is at least so many metres.
    """
    kind = problem.vehicles[0]
    at = [problem.depots[kind.start_depot].location, *(stop.location for stop in problem.stops)]
    metres = problem.distances[kind.profile][np.ix_(at, at)].astype(float)
    seconds = problem.durations[kind.profile][np.ix_(at, at)].astype(float)
    service = np.array([stop.service_s for stop in problem.stops], float)
    longest_s = float((seconds[0, 1:] + seconds[1:, 0] + service).max())
    loads = [sum(stop.demand[k] for stop in problem.stops if stop.demand) for k in range(len(kind.capacity))]
    routes = max([1, *(-(-load // room) for load, room in zip(loads, kind.capacity, strict=True) if room)])
    driven = seconds > 0
    pace = float((metres[driven] / seconds[driven]).min()) if driven.any() else 0.0
    least_m = max(0.0, routes * longest_s / ratio - float(service.sum())) * pace
    return max(0.0, least_m / max(1, plan.distance_m) - 1.0)


def _refuse_others(problem: Problem, plan: RoutePlan) -> None:
    kinds = {replace(vehicle, day=0, count=0, name="") for vehicle in problem.vehicles}
    plain = all(s.window_s is None and not s.release_s and s.required and s.end_location is None
                and s.allowed is None and s.days is None for s in problem.stops)
    kind = problem.vehicles[0] if problem.vehicles else None
    fits = (
        plan.feasible and len(kinds) == 1 and plain and kind is not None and kind.start_depot == kind.end_depot
        and not kind.max_reloads and kind.max_distance_m is None and not problem.asymmetric
        and kind.window_s is None and problem.depots[kind.start_depot].loading_s == 0
        and all(int(matrix.max()) < NO_WAY for matrix in problem.distances))
    if not fits:
        raise refused("balance-scope", found="another kind of routing problem, or a plan that is not feasible",
                      expected="like vehicles, one depot, no windows, reloads, prizes, lines or one-way ways",
                      field="problem", remedy="Balance crews by shift_s, or plan each depot and vehicle by itself.",
                      remedy_fr="Équilibrez par shift_s, ou planifiez chaque dépôt et véhicule à part.")


def _within_band(
    problem: Problem, plan: RoutePlan, now: RoutePlan, asked: tuple[float, float, float], budget: Budget, seed: int,
) -> RoutePlan | None:
    """The best plan found from `now` on, a second outside the band of its times at a price; None when unsound.

    asked: longest over shortest, the cost of a second in parts of what one of `plan` costs, the first temperature.
    """
    kind = problem.vehicles[0]
    ratio, dearness, hot = asked
    least = shortest_of_band([route.duration_s for route in now.routes], ratio)
    longest = least * ratio if kind.shift_s is None else min(least * ratio, float(kind.shift_s))
    second = plan.distance_m * kind.cost_per_m / max(1, sum(route.duration_s for route in plan.routes))
    weight = dearness * max(second, kind.cost_per_s, 1e-6) * cost_scale(problem)
    found = search_routes(problem, budget, seed, start=[route.stops for route in now.routes],
                          band=(least, longest, weight), heat=(hot, COLD))
    if found is None:
        return None
    fair = plan_of(problem, orders_of_routes(problem, found[0]), stopped_by="iterations")
    return fair if fair.feasible else None


__all__ = ["balance_routes", "least_price", "route_ratio", "shortest_of_band"]
