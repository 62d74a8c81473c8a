"""Bad input to routes, rounds and their balance: refused when the problem is made, or before any search."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from gis_planner.optimise import rounds
from gis_planner.optimise._route_plan import Order, plan_of
from gis_planner.optimise.balance import balance_routes
from gis_planner.optimise.route import Break, Depot, Problem, RoutePlan, Stop, Vehicle, plan_all, plan_routes
from gis_planner.optimise.routing_problem import NO_WAY
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, Refused

NAN, INF = float("nan"), float("inf")
ROAD = np.abs(np.arange(4)[:, None] - np.arange(4)[None]) * 100.0


def routing(**changes: Any) -> Problem:
    """Three stops along a road, two vehicles."""
    return Problem(**{"distance_m": ROAD, "duration_s": ROAD, "depots": [Depot(0)],
                      "stops": [Stop(k, (1,)) for k in (1, 2, 3)], "vehicles": [Vehicle(2, (3,))], **changes})


def periodic(**changes: Any) -> rounds.Problem:
    """Three sites along a road, once in two days."""
    return rounds.Problem(**{"distance_m": ROAD, "sites": [rounds.Site(k, ((0,), (1,)), 1.0) for k in (1, 2, 3)],
                             "days": 2, "crews": 1, "capacity": 3.0, **changes})


def one_way(metres: float) -> np.ndarray:
    """The road with one way changed in one direction."""
    changed = ROAD.copy()
    changed[0, 1] = metres
    return changed


@pytest.mark.parametrize(("code", "metres"), [
    ("matrix-nan", np.where(ROAD == 100, NAN, ROAD)), ("matrix-negative", -ROAD), ("matrix-asymmetric", one_way(5)),
    ("matrix-too-large", ROAD * 1e300), ("matrix-not-square", ROAD > 0), ("matrix-not-square", [["a"]]),
    ("matrix-not-square", ROAD[0]), ("matrix-not-square", None), ("matrix-not-square", [[1, 2], [1]]),
    ("matrix-not-square", ROAD * 1j), ("matrix-diagonal", ROAD + 1)])
def test_ways_that_are_none_are_refused(code, metres):
    """Ways that are nan, negative, asymmetric, beyond truth, a mask, text, ragged or from a place to itself."""
    with pytest.raises(Refused, match=code):
        routing(distance_m=metres, duration_s=metres)
    with pytest.raises(Refused, match=code):
        periodic(distance_m=metres)


def test_an_infinite_way_is_no_way_for_vehicles_and_refused_for_rounds():
    """Routes know places with no way between them; rounds ask for finite ways."""
    with pytest.raises(CannotBeMet):
        plan_routes(routing(distance_m=np.where(ROAD > 0, INF, 0), duration_s=np.where(ROAD > 0, INF, 0)))
    with pytest.raises(Refused, match="matrix-nan"):
        periodic(distance_m=np.where(ROAD > 0, INF, 0))


@pytest.mark.parametrize(("words", "stop"), [
    ("not-a-number.*demand", Stop(1, (NAN,))), ("negative-number.*demand", Stop(1, (-1,))),
    ("not-whole.*demand", Stop(1, (0.5,))), ("not-a-number.*demand", Stop(1, ("x",))),
    ("too-large.*demand", Stop(1, (2**62,))), ("not-a-number.*service_s", Stop(1, (1,), NAN)),
    ("not-whole.*service_s", Stop(1, (1,), 0.5)), ("not-a-number.*window_s", Stop(1, (1,), 0, (NAN, 5))),
    ("not-a-number.*prize", Stop(1, (1,), required=False, prize=INF)), ("not-whole.*location", Stop(1.5, (1,))),
    ("index-outside.*location", Stop(-1, (1,))), ("not-a-number.*location", Stop("a", (1,))),
    ("not-a-number.*release_s", Stop(1, (1,), release_s=NAN)), ("not-a-number.*line_m", Stop(1, (1,), line_m=NAN)),
    ("not-a-number.*allowed", Stop(1, (1,), allowed=frozenset({"a"}))), ("not-a-member.*stops", None),
    ("wrong-form.*demand", Stop(1, 3)), ("not-a-number.*demand", Stop(1, None)),
    ("wrong-form.*allowed", Stop(1, allowed=0)), ("wrong-form.*demand", Stop(1, np.array([1, 2]))),
    ("wrong-form.*service_s", Stop(1, (1,), (5,))), ("wrong-form.*location", Stop((1, 2), (1,))),
    ("not-a-pair.*window_s", Stop(1, (1,), 0, (5,))), ("not-a-pair.*window_s", Stop(1, (1,), 0, 5))])
def test_stops_that_are_none_are_refused(words, stop):
    """Every field of a stop is a number within its range, whole where amounts, seconds and places are whole, and
    several numbers where several belong."""
    with pytest.raises(Refused, match=words):
        routing(stops=[stop, Stop(2, (1,))])


@pytest.mark.parametrize(("words", "vehicle"), [
    ("not-a-number.*capacity", Vehicle(1, (NAN,))), ("not-a-number.*capacity", Vehicle(1, (INF,))),
    ("not-whole.*capacity", Vehicle(1, (2.5,))), ("too-large.*capacity", Vehicle(1, (2**70,))),
    ("not-whole.*count", Vehicle(1.5, (3,))), ("negative-number.*count", Vehicle(-1, (3,))),
    ("not-a-number.*shift_s", Vehicle(1, (3,), shift_s=NAN)), ("too-large.*fixed_cost", Vehicle(fixed_cost=1e300)),
    ("not-a-number.*cost_per_m", Vehicle(1, (3,), cost_per_m=NAN)),
    ("not-whole.*start_depot", Vehicle(start_depot=0.5)), ("wrong-form.*capacity", Vehicle(1, 3)),
    ("not-a-number.*count", Vehicle(None, (3,))), ("wrong-form.*reload_depots", Vehicle(1, (3,), reload_depots=0)),
    ("index-outside.*profile", Vehicle(1, (3,), profile=1)), ("negative-number.*max_reloads", Vehicle(max_reloads=-1))])
def test_vehicles_that_are_none_are_refused(words, vehicle):
    """Every field of a vehicle is a number within its range."""
    with pytest.raises(Refused, match=words):
        routing(vehicles=[vehicle])


@pytest.mark.parametrize(("words", "changes"), [
    ("too-few.*days", {"days": 0}), ("not-whole.*days", {"days": 1.5}), ("too-few.*crews", {"crews": 0}),
    ("not-a-number.*crews", {"crews": NAN}), ("not-a-number.*capacity", {"capacity": NAN}),
    ("negative-number.*shift_s", {"shift_s": -1}), ("index-outside.*depot", {"depot": 9}),
    ("not-whole.*depot", {"depot": 0.5}), ("not-a-member.*sites", {"sites": [None]}),
    ("not-whole.*patterns", {"sites": [rounds.Site(1, ((0.5,),), 1.0)]}),
    ("not-a-number.*patterns", {"sites": [rounds.Site(1, "ab", 1.0)]}),
    ("not-a-number.*demand", {"sites": [rounds.Site(1, ((0,),), NAN)]}),
    ("too-large.*demand", {"sites": [rounds.Site(1, ((0,),), 1e300)]}),
    ("not-whole.*location", {"sites": [rounds.Site(1.5, ((0,),), 1.0)]}),
    ("wrong-form.*patterns", {"sites": [rounds.Site(1, (0, 1))]}),
    ("wrong-form.*patterns", {"sites": [rounds.Site(1, 0)]}),
    ("wrong-form.*demand", {"sites": [rounds.Site(1, ((0,),), (1.0,))]}),
    ("not-a-number.*start_s", {"breaks": [Break(NAN, 5)]})])
def test_rounds_that_are_none_are_refused(words, changes):
    """Days, crews, loads, places and patterns are numbers within their range, whole where they count."""
    with pytest.raises(Refused, match=words):
        periodic(**changes)


@pytest.mark.parametrize("given", [None, 5, "stops", np.array(1)])
def test_members_that_are_no_list_are_refused(given):
    """Stops, vehicles, depots, breaks, sites and crews come as lists."""
    for name in ("stops", "vehicles", "depots", "breaks"):
        with pytest.raises(Refused, match=f"not-a-list.*{name}"):
            routing(**{name: given})
    for name in ("sites", "each", "breaks"):
        with pytest.raises(Refused, match=f"not-a-list.*{name}"):
            periodic(**{name: given})


def test_a_horizon_of_no_days_is_said_once():
    """Without a day or a crew, days and crews of sites are not held against it as well."""
    with pytest.raises(Refused) as stop:
        periodic(days=0, crews=0, sites=[rounds.Site(1, ((0,), (1,)), 1.0, allowed=frozenset({0}))])
    assert [(finding.code, finding.field) for finding in stop.value.findings] == [
        ("too-few", "days"), ("too-few", "crews")]


@pytest.mark.parametrize("given", ["a.vrp", None, 5, ROAD])
def test_what_is_no_problem_is_refused(given):
    """A path or a table in place of a problem is refused by name, and so are rounds given to routes."""
    with pytest.raises(Refused, match="not-a-problem.*found " + type(given).__name__):
        plan_routes(given)
    with pytest.raises(Refused, match="not-a-problem.*found " + type(given).__name__):
        rounds.plan_rounds(given)
    with pytest.raises(Refused, match="not-a-problem.*found " + type(given).__name__):
        plan_all([routing(), given])
    with pytest.raises(Refused, match="not-a-problem.*found " + type(given).__name__):
        balance_routes(given, plan_routes(routing(), effort=0.01, workers=1))
    with pytest.raises(Refused, match="not-a-problem.*optimise.route"):
        plan_routes(periodic())


def test_a_vehicle_without_capacity_carries_any_demand():
    """An empty capacity is unlimited: one vehicle brings whatever the stops ask for."""
    problem = routing(vehicles=[Vehicle(1)], stops=[Stop(k, (10**6,)) for k in (1, 2, 3)])
    plan = plan_routes(problem, effort=0.01, workers=1)
    assert plan.feasible
    assert plan.cost == 600  # to the end of the road, 300 m off, and back
    assert check(problem, plan) == []


@pytest.mark.parametrize("closed", ["distance_m", "duration_s"])
@pytest.mark.parametrize("settings", [{}, {"max_reloads": 2, "reload_depots": (0,)}, {"max_distance_m": 10**6}])
def test_a_way_is_closed_when_either_matrix_says_so(closed, settings):
    """With no way between two stops in metres or in seconds, one trip cannot hold both: two go, or one is left out."""
    ways = ROAD[:3, :3].copy()
    ways[1, 2] = ways[2, 1] = INF
    given = {"distance_m": ROAD[:3, :3], "duration_s": ROAD[:3, :3], closed: ways}
    problem = routing(**given, stops=[Stop(1), Stop(2)], vehicles=[Vehicle(1, **settings)])
    assert problem.distances[0][1, 2] == problem.durations[0][2, 1] == NO_WAY
    plan = plan_routes(problem, effort=0.01, workers=1)
    assert plan.feasible == ("max_reloads" in settings)
    assert len(plan.unserved) == (not plan.feasible)
    assert check(problem, plan) == []
    plan = plan_routes(dataclasses.replace(problem, vehicles=[Vehicle(2)]), effort=0.01, workers=1)
    assert (plan.feasible, plan.cost) == (True, 600)  # 100 and back, 200 and back


def test_a_route_over_no_way_is_never_feasible():
    """A place beyond no way is late even when no time passes elsewhere."""
    ways = [[0, INF], [INF, 0]]
    problem = Problem(ways, [[0, 0], [0, 0]], [Depot(0)], [Stop(1, required=False)], [Vehicle(1)])
    with pytest.raises(CannotBeMet, match="no way"):
        plan_routes(dataclasses.replace(problem, stops=[Stop(1)]))
    assert not plan_of(problem, [Order(0, (((0, False),),))], stopped_by="").feasible


def test_crews_that_cannot_carry_the_demand_are_refused_before_the_search():
    """One visit beyond a crew's load, or all visits beyond all crew days, cannot be met."""
    with pytest.raises(CannotBeMet, match="demand-above-capacity"):
        rounds.plan_rounds(periodic(capacity=0.5))
    with pytest.raises(CannotBeMet, match="too-few-crews"):
        rounds.plan_rounds(periodic(capacity=1.0))  # three visits of load 1 in two days of 1 each


def test_a_fleet_below_the_demand_leaves_stops_out_aloud():
    """Vehicles that cannot carry everything give a plan that is not feasible and names who is left out."""
    plan = plan_routes(routing(vehicles=[Vehicle(1, (2,))]), effort=0.01, workers=1)
    assert not plan.feasible
    assert len(plan.unserved) == 1


SETTINGS = [
    ("bad-effort", {"effort": NAN}), ("bad-effort", {"effort": INF}), ("bad-effort", {"effort": -1}),
    ("bad-effort", {"effort": "x"}), ("bad-effort", {"effort": None}), ("bad-effort", {"effort": True}),
    ("bad-seed", {"seed": -1}), ("bad-seed", {"seed": 1.5}), ("bad-seed", {"seed": "a"}), ("bad-seed", {"seed": 2**70}),
    ("bad-time-limit", {"time_limit_s": NAN}), ("bad-time-limit", {"time_limit_s": 0}),
    ("bad-time-limit", {"time_limit_s": -1}), ("bad-time-limit", {"time_limit_s": INF}),
]


@pytest.mark.parametrize(("code", "settings"), [
    *SETTINGS, ("bad-workers", {"workers": 0}), ("bad-workers", {"workers": 1.5}), ("bad-workers", {"workers": NAN})])
def test_unsound_settings_of_a_search_are_refused(code, settings):
    """Effort, seed, seconds and processes are numbers of their range, for routes and for rounds."""
    with pytest.raises(Refused, match=code):
        plan_routes(routing(), **settings)
    with pytest.raises(Refused, match=code):
        rounds.plan_rounds(periodic(), **settings)


def test_a_start_that_is_no_plan_is_refused():
    """A search starts from a plan or from nothing."""
    with pytest.raises(Refused, match="not-a-plan"):
        plan_routes(routing(), start="yesterday's")


@pytest.fixture(scope="module")
def short() -> RoutePlan:
    """A plan of the three stops."""
    return plan_routes(routing(), effort=0.01, workers=1)


@pytest.mark.parametrize(("code", "settings"), [
    *SETTINGS, *(("bad-balance", {name: value}) for name in ("ratio", "price") for value in (NAN, INF, -1, "x", True)),
    ("bad-balance", {"ratio": 0.5})])
def test_an_unsound_balance_is_refused(code, settings, short):
    """The ratio is a number of 1 or more, the price one of 0 or more."""
    with pytest.raises(Refused, match=code):
        balance_routes(routing(), short, **settings)


@pytest.mark.parametrize("given", [(NAN, 7, 1), (14, 3.5, 1), (14, 0, 0), (14, 3, 3), ("a", 3, 0), (14, True, 0)])
def test_a_spacing_that_is_none_is_refused(given):
    """Days, step and tolerance are whole, the tolerance below the step."""
    with pytest.raises(Refused, match="spacing"):
        rounds.spaced_patterns(*given)
