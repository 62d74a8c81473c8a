"""Rounds whose visits may come some days early or late, each habitat always by the same crew when that can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis_planner import units
from gis_planner.optimise.rounds import Crew as RoundsCrew
from gis_planner.optimise.rounds import Problem, Round, RoundsPlan, Site, plan_rounds, spaced_patterns
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, refused
from gis_planner.programmes.crews import Crew, Ways, ways
from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.world import World

EFFORT_SHARE = 0.1
"""Of the run's effort: rounds of a season gain little beyond it, and a planner waits for seconds, not minutes."""
HORIZONS = (4, 3, 5, 2)
"""Intervals that are planned together and then repeated: the first that fills the season evenly."""


@dataclass(frozen=True)
class Leg:
    """One crew-day as the tables need it: stops in order, seconds after leaving, metres."""

    stops: tuple[int, ...]
    start_s: float
    arrival_s: tuple[float, ...]
    departure_s: tuple[float, ...]
    distance_m: float
    duration_s: float


@dataclass(frozen=True)
class Spaced:
    """Rounds of one horizon: a crew and a working-day slot (from 1) per route. intervals: in the horizon."""

    plan: RoundsPlan
    road: Ways
    routes: tuple[Leg, ...]
    crews: tuple[Crew, ...]
    slots: tuple[int, ...]
    intervals: int

    @property
    def unserved(self) -> tuple[int, ...]:
        """Stops left out."""
        return self.plan.unserved

    @property
    def stopped_by(self) -> str:
        """Why the search ended."""
        return self.plan.stopped_by

    def steps_days(self, settings: LarvicidingSettings) -> tuple[int, int]:
        """Fewest and most days between two visits of a habitat, into the next horizon included."""
        horizon = self.intervals * settings.interval_weeks * 7
        steps = [b - a for days in self.plan.patterns if days
                 for a, b in zip(days, (*days[1:], days[0] + horizon), strict=True)]
        return (min(steps), max(steps)) if steps else (0, 0)


def horizon_intervals(settings: LarvicidingSettings) -> int:
    """Intervals planned together; Refused when no number of them fills the season evenly."""
    for intervals in HORIZONS:
        if settings.weeks % (intervals * settings.interval_weeks) == 0:
            return intervals
    step = HORIZONS[-1] * settings.interval_weeks
    below, above = settings.weeks // step * step, -(-settings.weeks // step) * step
    near = f"{below} or {above}" if below else str(above)
    raise refused(
        "season-not-even", found=f"{settings.weeks} weeks", field="larviciding.weeks", expected=f"{near} weeks",
        remedy=f"Rounds with early or late visits repeat every 2 to 5 intervals: use {near} weeks, or "
               "tolerance_days 0.",
        remedy_fr=f"Les passages avec avance ou retard se répètent tous les 2 à 5 intervalles : mettez "
                  f"{near.replace(' or ', ' ou ')} semaines, ou tolerance_days 0.")


def spaced_rounds(world: World, settings: LarvicidingSettings, stops: pd.DataFrame, crews: list[Crew]) -> Spaced:
    """Rounds of one horizon, visits `7 * interval_weeks` days apart give or take `tolerance_days`, on working days.

    A visit by another than the habitat's usual crew costs as much as the longest detour and a crew-day, and leaving a
    habitat out costs more, the more the higher its score: habitats that do not fit are left out, least score first.
    """
    intervals, road = horizon_intervals(settings), ways(world, crews, stops[["x_m", "y_m"]].to_numpy(np.float64))
    days = intervals * settings.interval_weeks * 7
    patterns = spaced_patterns(days, 7 * settings.interval_weeks, settings.tolerance_days,
                               working=[day for day in range(days) if day % 7 < settings.days_per_week])
    shift_s = units.hours_to_seconds(world.book.value(settings.working_hours, "h/day"))
    per_m = {crew.crew_id: max(crew.cost_per_km_fcfa / units.METRES_PER_KM, 0.001) for crew in crews}
    detour = 2 * float(road.path_m.max()) * max(per_m.values()) + max(crew.cost_per_day_fcfa for crew in crews)
    first, score = len(road.depots), stops["score"].to_numpy(np.float64)
    prize = np.ceil(detour * (2 + 98 * score / score.max())) * intervals
    problem = Problem(
        np.round(road.path_m), [
            Site(first + at, patterns, service_s=round(units.minutes_to_seconds(work)), required=False,
                 prize=float(worth)) for at, (work, worth) in enumerate(zip(stops["work_min"], prize, strict=True))],
        days, len(crews), stranger_price=detour,
        each=[RoundsCrew(road.depots.index(crew.depot_id), shift_s=shift_s,
                         pace=1.0 / units.kmh_to_m_per_s(crew.speed_kmh), cost_per_m=per_m[crew.crew_id],
                         cost_per_round=crew.cost_per_day_fcfa) for crew in crews])
    plan = plan_rounds(problem, effort=EFFORT_SHARE * world.effort, seed=world.seed)
    broken = check(problem, plan)
    if broken:
        raise CannotBeMet(broken)
    slot = [one.day // 7 * settings.days_per_week + one.day % 7 + 1 for one in plan.rounds]
    return Spaced(plan, road, tuple(_leg(problem, one) for one in plan.rounds),
                  tuple(crews[one.crew] for one in plan.rounds), tuple(slot), intervals)


def _leg(problem: Problem, one: Round) -> Leg:
    done = tuple(start + problem.sites[site].service_s
                 for site, start in zip(one.sites, one.start_service_s, strict=True))
    return Leg(one.sites, one.leave_s, one.start_service_s, done, one.distance_m, one.duration_s)
