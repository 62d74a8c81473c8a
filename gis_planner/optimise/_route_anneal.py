"""Ruin and recreate on two cores: the routes in two halves that are searched apart, cut elsewhere in every round.

All rounds are one annealing: the temperature falls through them, and the halves of a round share it. Halves are cut by
the angle or by the place of the routes' middles, so that neighbours stay together. Small problems are searched whole,
twice, and again from the better of both. HiGHS seeks the best plan of all routes that were met. What is found depends
on seed and turns alone, not on how many threads there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._embedding import plane
from gis_planner.optimise._route_ground import Apart, ground_of, part_of, routes_of
from gis_planner.optimise._route_pool import Pool, add, partition, route_cost
from gis_planner.optimise._route_ruin import anneal, load_routes
from gis_planner.optimise._route_state import CLOSED, Ground, new_work
from gis_planner.optimise._starts import cores
from gis_planner.optimise.routing_problem import Problem

WHOLE = 400
"""Stops from which on halves are searched apart: a problem of few routes is cut too coarsely by its middle."""
ROUNDS = 30
HOT_AND_COLD, WARM_AND_COLD = (0.8, 0.02), (0.1, 0.02)
"""First and last temperature in parts of the mean step between stops; warm when a plan is only to be bettered."""
TURNS_PER_STOP = 12_000
MOST_TURNS = 12_000_000
LOADS_ALONE = 1.8
"""So many more turns where no clock is kept: each takes that much less time."""
SHARES = (0.5, 0.24, 0.24)
"""Parts of the budget of a search of the whole: from the start, and twice again from the best so far."""
AGAIN, GATHER = 0.15, 0.2
"""Temperature of the searches again, and below which routes are gathered, in parts of the first one."""
ANNEALED, JOINED = 0.98, 0.01
"""Parts of the budget for the rounds and, when it is seconds, for one partitioning of the routes met."""
QUENCH = 20
CHUNK = 20_000
NO_BAND = (0.0, 0.0, 0.0)
Routes = list[list[int]]


@dataclass(frozen=True)
class Budget:
    """Turns of one search in all, or seconds of each core."""

    turns: int
    limit_s: float | None = None

    def share(self, part: float) -> Budget:
        """This part of it."""
        return Budget(max(1, round(self.turns * part)), None if self.limit_s is None else self.limit_s * part)


@dataclass(frozen=True)
class Half:
    """What one search of a round gave: routes at its end and the best ones, with their costs, and routes met."""

    now: Routes
    cost: float
    best: Routes
    best_cost: float
    met: list[list[int]] = field(default_factory=list)


def turns_for(stops: int, effort: float, *, loads_alone: bool = False) -> int:
    """Turns of ruin and recreate for an effort."""
    more = LOADS_ALONE if loads_alone else 1.0
    return max(2_000, round(effort * more * min(TURNS_PER_STOP * stops, MOST_TURNS)))


def search_routes(
    problem: Problem, budget: Budget, seed: int, *, start: Sequence[Sequence[int]] | None = None,
    workers: int | None = None, band: tuple[float, float, float] = NO_BAND,
    heat: tuple[float, float] | None = None,
) -> tuple[Routes, float] | None:
    """Routes of stops for a `plain` problem and their cost in whole units; None when no sound routes were found.

    start: routes to begin with, else stops are inserted one by one. band: see `ground_of`. heat: first and last
    temperature in parts of the mean step.
    """
    ground, apart = ground_of(problem, band)
    fleet = sum(vehicle.count for vehicle in problem.vehicles)
    routes = [[stop + 1 for stop in route] for route in start or []]
    first = _quench(ground, routes, fleet, seed)
    if first is None:
        return None
    step = mean_step(ground, first.best)
    hot, cold = heat or (WARM_AND_COLD if start else HOT_AND_COLD)
    degrees = hot * step, cold * step
    if len(problem.stops) >= WHOLE and len(first.best) > 1:
        found = _rounds(ground, apart, first, budget, fleet, seed, workers, degrees)
    else:
        found = _twice(ground, first, budget, fleet, seed, workers, degrees)
    return [[node - 1 for node in route] for route in found.best], found.best_cost


def mean_step(ground: Ground, routes: Routes) -> float:
    """Mean cost from one place to the next, closed ways and the costs of routes not counted."""
    end = len(ground.cost) - 1
    steps = [int(ground.cost[a, b]) for route in routes for a, b in zip([0, *route], [*route, end], strict=True)]
    return max(1.0, float(np.mean([s for s in steps if s < CLOSED] or [1])))


def _quench(ground: Ground, routes: Routes, fleet: int, seed: int) -> Half | None:
    """The start put in order by a few cold turns; None when it breaks a limit or not all needed stops find a place."""
    stops = len(ground.cost) - 2
    return _search(ground, routes, fleet, Budget(QUENCH * stops), seed, (1.0, 1.0))


def _search(
    ground: Ground, routes: Routes, slots: int, budget: Budget, seed: int, heat: tuple[float, float],
    gather: float = 0.0,
) -> Half | None:
    """One annealing of some routes; None when the start does not keep its limits. Routes met below the temperature
    `gather` are handed back."""
    stops = len(ground.cost) - 2
    work = new_work(ground, min(slots, stops), seed)
    flat = np.array([node for route in routes for node in route], np.int64)
    first = np.concatenate([[0], np.cumsum([len(route) for route in routes])]).astype(np.int64)
    cost, kept = load_routes(ground, work, flat, first)
    if not kept:
        return None
    best, since, begun, done = cost, 0, time.thread_time(), 0.0
    met: Pool = {}
    while done < 1.0:
        if budget.limit_s is None:
            chunk = min(CHUNK, budget.turns - since)
            after = (since + chunk) / budget.turns
        else:
            pace = (time.thread_time() - begun) / since if since else 2e-5
            chunk = int(max(200, min(CHUNK, budget.limit_s * 0.1 / pace)))
            after = min(1.0, done + chunk * pace / budget.limit_s)
        cost, best = anneal(ground, work, chunk, heat[0] * (heat[1] / heat[0]) ** done,
                            heat[0] * (heat[1] / heat[0]) ** after, cost, best, since)
        since += chunk
        done = after if budget.limit_s is None else (time.thread_time() - begun) / budget.limit_s
        if ground.weight == 0.0 and heat[0] * (heat[1] / heat[0]) ** done < gather:
            add(met, ground, routes_of(work.after, stops))
            add(met, ground, routes_of(work.best, stops))
    return Half(routes_of(work.after, stops), cost, routes_of(work.best, stops), best,
                [list(route) for _, route in met.values()])


def _twice(
    ground: Ground, first: Half, budget: Budget, fleet: int, seed: int, workers: int | None, heat: tuple[float, float],
) -> Half:
    """Two searches of the whole, then again from the better of both and from the best of all routes that they met."""
    best, pool = first, Pool()
    for cycle, share in enumerate(SHARES):
        warm = (heat[0] if cycle == 0 else max(heat[1], AGAIN * heat[0]), heat[1])
        part = budget.share(share * (1.0 if budget.limit_s else 0.5))
        calls = [partial(_search, ground, best.best, _slots(len(best.best), fleet), part, 1000 * seed + 2 * cycle + k,
                         warm, GATHER * heat[0]) for k in range(2)]
        found = [half for half in _run(calls, workers) if half is not None]
        best = min([best, *found], key=lambda half: half.best_cost)
        for half in found:
            add(pool, ground, half.met)
        best = _joined(ground, pool, best, fleet, budget.limit_s)
    return best


def _joined(ground: Ground, pool: Pool, best: Half, fleet: int, limit_s: float | None) -> Half:
    """The best plan of all routes met, or `best`."""
    if ground.weight != 0.0 or not pool:
        return best
    routes = partition(pool, ground, best.best, fleet, None if limit_s is None else JOINED * limit_s)
    saved = sum(route_cost(ground, route) for route in best.best) - sum(route_cost(ground, route) for route in routes)
    cost = best.best_cost - saved
    return Half(routes, cost, routes, cost) if saved > 0.0 else best


def _slots(used: int, fleet: int) -> int:
    return min(fleet, used + 2 + used // 6)


def _rounds(
    ground: Ground, apart: Apart, first: Half, budget: Budget, fleet: int, seed: int, workers: int | None,
    heat: tuple[float, float],
) -> Half:
    random = np.random.default_rng([seed, 7])
    xy = plane(np.minimum(ground.cost, max(1, int(ground.cost[ground.cost < CLOSED].max()))).astype(np.float64),
               np.arange(len(ground.cost)))
    now, best, pool = first.best, first, Pool()
    for turn in range(ROUNDS):
        begin, end = (heat[0] * (heat[1] / heat[0]) ** (t / ROUNDS) for t in (turn, turn + 1))
        halves = halved(now, xy, random)
        spare = fleet - len(now)
        share = budget.share(ANNEALED * (1.0 if budget.limit_s else 0.5) / ROUNDS)
        absent = _absent(apart, now, halves)
        calls: list[Callable[[], Half | None]] = []
        members = []
        for k, half in enumerate(halves):
            nodes = np.array([node for r in half for node in now[r]] + absent[k], np.int64)
            own = {int(node): j + 1 for j, node in enumerate(nodes)}
            slots = _slots(len(half), len(half) + (spare + 1 - k) // 2)
            members.append(nodes)
            calls.append(partial(_part, ground, apart, nodes, [[own[node] for node in now[r]] for r in half], slots,
                                 share, 1000 * seed + 2 * turn + k, (begin, end), GATHER * heat[0]))
        found = _run(calls, workers)
        if any(half is None for half in found):
            break
        sound = [half for half in found if half is not None]
        now = [[int(nodes[j - 1]) for j in route] for nodes, half in zip(members, sound, strict=True)
               for route in half.now]
        joined = [[int(nodes[j - 1]) for j in route] for nodes, half in zip(members, sound, strict=True)
                  for route in half.best]
        for nodes, one in zip(members, sound, strict=True):
            add(pool, ground, [[int(nodes[j - 1]) for j in route] for route in one.met])
        cost = sum(half.best_cost for half in sound)
        if cost < best.best_cost:
            best = Half(joined, cost, joined, cost)
    return _joined(ground, pool, best, fleet, budget.limit_s)


def _absent(apart: Apart, routes: Routes, halves: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
    """Stops on no route, each with the half that holds the stop nearest to it."""
    out = sorted(set(range(1, len(apart) - 1)) - {node for route in routes for node in route})
    sides = [np.array([node for r in half for node in routes[r]], np.int64) for half in halves]
    nearer = [bool(apart[node, sides[0]].min() <= apart[node, sides[1]].min()) for node in out]
    return ([node for node, first in zip(out, nearer, strict=True) if first],
            [node for node, first in zip(out, nearer, strict=True) if not first])


def _part(
    ground: Ground, apart: Apart, nodes: NDArray[np.int64], routes: Routes, slots: int, budget: Budget, seed: int,
    heat: tuple[float, float], gather: float,
) -> Half | None:
    return _search(part_of(ground, apart, nodes), routes, slots, budget, seed, heat, gather)


def halved(routes: Routes, xy: NDArray[np.float64], random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Indexes of routes in two halves of about as many stops, cut by angle around the depot or along a line."""
    middles = np.array([xy[route].mean(axis=0) for route in routes])
    turn = random.uniform(0.0, 2.0 * np.pi)
    if random.random() < 0.5:
        apart = middles - xy[0]
        key = (np.arctan2(apart[:, 1], apart[:, 0]) - turn) % (2.0 * np.pi)
    else:
        key = middles @ np.array([np.cos(turn), np.sin(turn)])
    order = np.argsort(key, kind="stable")
    sizes = np.cumsum([len(routes[k]) for k in order])
    cut = int(np.searchsorted(sizes, sizes[-1] / 2.0)) + 1
    cut = min(max(cut, 1), len(routes) - 1)
    return [int(k) for k in order[:cut]], [int(k) for k in order[cut:]]


def _run(calls: Sequence[Callable[[], Half | None]], workers: int | None) -> list[Half | None]:
    wanted = min(len(calls), cores() if workers is None else workers)
    if wanted <= 1:
        return [call() for call in calls]
    with ThreadPoolExecutor(wanted) as pool:
        return list(pool.map(lambda call: call(), calls))
