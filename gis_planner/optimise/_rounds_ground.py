"""A question of rounds as the arrays of its search, and the state of a search as bare routes."""

from __future__ import annotations

from math import inf

import numpy as np

from gis_planner.optimise._rounds_crews import kinds_of
from gis_planner.optimise._rounds_plan import Visit, window_of
from gis_planner.optimise._rounds_terms import State, Terms
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise.rounds_problem import Problem

LEFT_OUT = 10.0
"""Leaving a required site out costs this many times the dearest way to all that could be driven for it."""


def terms_of(problem: Problem) -> Terms:
    """The problem as arrays: nodes are the crews' depots, then each site's directions."""
    clock, crews = Clock(problem.breaks), problem.each
    depots = sorted({crew.depot for crew in crews})
    visits = visits_of(problem)
    ends = [(depot, depot) for depot in depots] + [problem.sites[k].ends(reverse) for k, reverse in visits]
    enter, leave = (np.array(side, np.intp) for side in zip(*ends, strict=True))
    site_of = np.array([-1] * len(depots) + [k for k, _ in visits], np.int64)
    own = [None] * len(depots) + [problem.sites[k] for k, _ in visits]
    line_m = np.array([0.0 if site is None else site.line_m for site in own])
    windows = [(0.0, inf) if site is None else window_of(clock, site) for site in own]
    hours = [(0.0, inf) if c.window_s is None else clock.span(c.window_s) for c in crews]  # type: ignore[arg-type]
    patterns = [[day in pattern for day in range(problem.days)] for site in problem.sites for pattern in site.patterns]
    first = np.concatenate([[0], np.cumsum([len(site.patterns) for site in problem.sites])]).astype(np.int64)
    flags = np.array(patterns, np.int8)
    at = np.array([site.location for site in problem.sites], np.intp)
    loyal = problem.stranger_price > 0.0
    return Terms(
        way=np.ascontiguousarray(problem.distances[np.ix_(leave, enter)] + line_m[None, :]),
        hours=np.ascontiguousarray(problem.durations[np.ix_(leave, enter)]),
        service=np.array([0.0 if site is None else float(site.service_s) for site in own]),
        early=np.array([float(w[0]) for w in windows]), late=np.array([float(w[1]) for w in windows]),
        first_node=np.searchsorted(site_of, np.arange(len(problem.sites) + 1)).astype(np.int64), site_of=site_of,
        load=np.array([float(site.demand) for site in problem.sites]), prize=_prizes(problem),
        near=np.argsort(problem.distances[np.ix_(at, at)], axis=1, kind="stable").astype(np.int64),
        patterns=flags, first=first, may=np.maximum.reduceat(flags, first[:-1], axis=0),
        serves=np.array([[site.allowed is None or c in site.allowed for c in range(problem.crews)]
                         for site in problem.sites], np.int8),
        works=np.array([[crew.days is None or day in crew.days for crew in crews] for day in range(problem.days)],
                       np.int8),
        depot=np.array([depots.index(crew.depot) for crew in crews], np.int64),
        kind=np.arange(len(crews)) if loyal else np.array(kinds_of(problem), np.int64),
        pace=np.array([float(crew.pace) for crew in crews]), per_m=np.array([float(c.cost_per_m) for c in crews]),
        per_round=np.array([float(crew.cost_per_round) for crew in crews]),
        room=np.array([inf if crew.capacity is None else float(crew.capacity) for crew in crews]),
        shift=np.array([inf if crew.shift_s is None else float(crew.shift_s) for crew in crews]),
        opens=np.array([float(h[0]) for h in hours]), closes=np.array([float(h[1]) for h in hours]),
        timed=problem.timed, loyalty=float(problem.stranger_price))


def visits_of(problem: Problem) -> list[Visit]:
    """Every way to visit a site: both directions of a line that may be walked both ways."""
    return [(k, reverse) for k, site in enumerate(problem.sites)
            for reverse in ((False, True) if site.end_location is not None and site.both_ways else (False,))]


def _prizes(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What leaving each site out costs: its prize, or more than any visits of it and any optional site could."""
    far = 2.0 * float(problem.distances.max()) + max((site.line_m for site in problem.sites), default=0.0)
    dearest = max(crew.cost_per_m * far + crew.cost_per_round for crew in problem.each) + problem.stranger_price
    optional = max((site.prize for site in problem.sites if not site.required), default=0.0)
    return np.array([LEFT_OUT * (dearest * max(map(len, site.patterns)) + optional) + 1.0 if site.required
                     else float(site.prize) for site in problem.sites])


def routes_of(problem: Problem, state: State) -> list[list[list[Visit]]]:
    """The routes (days, crews) of a state as visits."""
    visits = visits_of(problem)
    depots = len({crew.depot for crew in problem.each})
    return [[[visits[node - depots] for node in state.order[day, crew, 1 : state.filled[day, crew] + 1]]
             for crew in range(problem.crews)] for day in range(problem.days)]
