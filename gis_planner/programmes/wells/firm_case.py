"""The wells problem of a run as the arrays that `robust` draws on, and what is in doubt about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import Doubts, Range, stated, works_belief
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.robust.value import scene
from gis_planner.programmes.walking import Trips
from gis_planner.programmes.wells.candidates import DRILLED
from gis_planner.programmes.wells.choice import Choice
from gis_planner.programmes.wells.equity import Need
from gis_planner.programmes.wells.service import Points, gives_water, walk_limit_min
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.wells.water import belief_at
from gis_planner.programmes.world import World
from gis_planner.tables.inputs import IMPROVED

SURE = 1e9
"""Holes that a chance stated without doubt is worth."""


@dataclass(frozen=True)
class Solved:
    """What the wells programme has before it writes: points, need, actions, trips (as wide as a future may need)."""

    points: Points
    need: Need
    actions: pd.DataFrame
    wide: Trips
    choice: Choice


def span(world: World, given: float | str, unit: str) -> Range:
    """Low, value and high of a norm (a number is sure)."""
    value = world.book.value(given, unit)
    norm = world.book.norm(given) if isinstance(given, str) else None
    low = norm.low if norm is not None and norm.low is not None else value
    high = norm.high if norm is not None and norm.high is not None else value
    return Range(low, value, high)


def widest_min(world: World, settings: WellsSettings, firm: FirmSettings) -> float:
    """Minutes there and back of the widest reach of any future: the shortest queue and the fastest walk."""
    queue, speed = span(world, firm.queue_ratio, "ratio"), span(world, firm.speed_ratio, "ratio")
    trip = world.book.value(settings.round_trip_min, "min")
    return max(max(trip - settings.queue_min * queue.low, 0.0) * speed.high, walk_limit_min(world, settings))


def case_of(world: World, settings: WellsSettings, solved: Solved, ranked: Ints) -> Case:
    """The arrays. ranked: the plan's actions (rows of `actions`) in order of rank."""
    actions, points, choice = solved.actions, solved.points, solved.choice
    drilled = actions["action"].isin(DRILLED).to_numpy()
    alpha, beta = _belief(world, settings, actions, drilled)
    fixed, wet, dry = _costs(world, settings, actions, drilled)
    status, technology = points.table["status"], points.table["technology"]
    improved = technology.isin(IMPROVED).to_numpy()
    works = gives_water(points.table, world.season, unknown_work=True) & improved
    state = np.where(works & status.eq("unknown").to_numpy(), np.nan, works.astype(np.float64))
    at = {str(name): row for row, name in enumerate(points.table["water_point_id"].astype(str))}
    mending = actions["action"].isin(["repair", "rehabilitate"]).to_numpy()
    case = Case(
        people=world.people.groups["people"].to_numpy(np.float64), village=solved.need.village,
        minutes=solved.wide.round_min / 2, point_minutes=points.trips.round_min / 2,
        point_capacity=points.capacity.astype(np.float64), point_works=state,
        counts_as_working=settings.unknown_status == "working",
        capacity=np.maximum(actions["capacity_people"].to_numpy(np.float64), 1e-3), alpha=alpha, beta=beta,
        drilled=drilled, cost_fixed=fixed, cost_wet=wet, cost_dry=dry,
        mends=np.array([at.get(str(name), -1) if mends else -1
                        for name, mends in zip(actions["water_point_id"], mending, strict=True)], np.int64),
        today_min=np.maximum(solved.need.trip_min - settings.queue_min, 0.0) / 2, budget=settings.budget_fcfa,
        trip_min=world.book.value(settings.round_trip_min, "min"), queue_min=settings.queue_min, chosen=ranked,
        action_village=actions["village"].to_numpy(np.int64), weight=np.asarray(choice.arrays["weight"], np.float64),
        rival=np.asarray(choice.arrays["exclusive"], np.int64), required=np.array(choice.asked, np.int64),
        excluded=np.asarray(choice.arrays["excluded"], np.int64))
    return replace(case, offset=solved.need.unserved - scene(case, stated(case)).unserved)


def _belief(
    world: World, settings: WellsSettings, actions: pd.DataFrame, drilled: np.ndarray
) -> tuple[Floats, Floats]:
    """Beta belief of success of each action with the mean that the plan counts with."""
    mean = actions["success_probability"].to_numpy(np.float64)
    holes = np.full(len(actions), SURE)
    if drilled.any():
        belief = belief_at(world, settings, actions.loc[drilled, ["x_m", "y_m"]].to_numpy(np.float64))
        holes[drilled] = belief.alpha + belief.beta
    return mean * holes, np.maximum((1 - mean) * holes, 1e-6)


def _costs(
    world: World, settings: WellsSettings, actions: pd.DataFrame, drilled: np.ndarray
) -> tuple[Floats, Floats, Floats]:
    """Fixed, wet and dry cost of each action; together they give the cost that the plan counts with.

    The plan rounds it; where that takes more than the fixed part, wet and dry shrink by the rest.
    """
    cost, chance = (actions[name].to_numpy(np.float64) for name in ("cost_fcfa", "success_probability"))
    wet, dry = np.zeros(len(actions)), np.zeros(len(actions))
    by_hand = actions["action"].eq("manual_borehole").to_numpy()
    for which, names in ((drilled & ~by_hand, ("borehole_cost", "dry_hole_cost")),
                         (by_hand, ("manual_cost", "manual_dry_cost"))):
        if which.any():
            wet[which], dry[which] = (world.prices.value(getattr(settings, name), f"wells.{name}") for name in names)
    dry = dry * settings.most_holes
    holes = chance * wet + (1 - chance) * dry
    less = np.divide(np.minimum(cost, holes), holes, out=np.ones(len(actions)), where=holes > 0)
    return np.maximum(cost - holes, 0.0), wet * less, dry * less


def doubts_of(world: World, firm: FirmSettings, case: Case, points: Points) -> Doubts:
    """What may be otherwise, from the norms that the settings name and from what the layers do not say."""
    price = span(world, firm.price_ratio, "ratio")
    improved = points.table[points.table["technology"].isin(IMPROVED)]["status"]
    alpha, beta = works_belief(span(world, firm.works_share, "share"), int(improved.eq("working").sum()),
                               int(improved.eq("not_working").sum()))
    return Doubts(
        population=span(world, firm.population_ratio, "ratio"), drill_price=price, repair_price=price,
        repair_success=span(world, firm.repair_ratio, "ratio"), speed=span(world, firm.speed_ratio, "ratio"),
        queue=span(world, firm.queue_ratio, "ratio"), works_alpha=alpha, works_beta=beta,
        village_population=_assumed(world, case))


def _assumed(world: World, case: Case) -> tuple[Range | None, ...]:
    """The wider range of villages whose population is an assumption: that of the partner villages."""
    if not any(finding.code == "population-assumed" for finding in world.people.findings):
        return ()
    layer = world.region.points("villages")
    stated = pd.to_numeric(layer["population"], errors="coerce").notna()
    known = set(layer.loc[stated, "village_id"].astype(str))
    norm = world.book.norm("population.people_per_village.partner_villages")
    world.book.value(norm.id, "people")
    ranges: list[Range | None] = []
    villages = world.people.villages
    for name, people in zip(villages["village_id"].astype(str), villages["population"], strict=True):
        assumed = name in set(layer["village_id"].astype(str)) and name not in known and people > 0
        low, high = (float(end or people) / people for end in (norm.low, norm.high)) if assumed else (1.0, 1.0)
        ranges.append(Range(min(low, 1.0), 1.0, max(high, 1.0)) if assumed else None)
    return tuple(ranges)
