"""Routes: what is served, by whom, when, and what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from gis_planner.optimise.route import Break, Depot, Problem, Stop, Vehicle, plan_routes
from gis_planner.optimise.verify._routing import check_routes
from gis_planner.problems import CannotBeMet, Refused


def line(places: Sequence[int]) -> NDArray[np.int64]:
    """Distances along one straight road with these kilometre stones, in metres."""
    at = np.array(places)
    return np.abs(at[:, None] - at[None, :]).astype(np.int64)


def along_a_road(**changes: object) -> Problem:
    """Depot at 0, stops at 100, 200 and 300 m of one road, one second per metre, one vehicle."""
    way = line([0, 100, 200, 300])
    given = {"distance_m": way, "duration_s": way, "depots": [Depot(0)], "stops": [Stop(1), Stop(2), Stop(3)],
             "vehicles": [Vehicle()]}
    return Problem(**{**given, **changes})  # type: ignore[arg-type]


def test_shortest_tour_of_a_road() -> None:
    """One vehicle goes to the end of the road and back."""
    problem = along_a_road()
    plan = plan_routes(problem)
    assert plan.feasible
    assert plan.cost == 600  # 300 m there and 300 m back
    assert sorted(plan.routes[0].stops) == [0, 1, 2]
    assert check_routes(problem, plan) == []


def test_capacity_splits_routes() -> None:
    """A vehicle that carries two loads needs help for three."""
    stops = [Stop(k, (1,)) for k in (1, 2, 3)]
    plan = plan_routes(along_a_road(stops=stops, vehicles=[Vehicle(2, (2,))]))
    # the far two together (600 m) and the near one alone (200 m): 800; any other split is 400 + 600 or more
    assert plan.cost == 800
    assert sorted(len(route.stops) for route in plan.routes) == [1, 2]


def test_second_dimension_of_capacity_counts() -> None:
    """Each load dimension has its own limit."""
    stops = [Stop(1, (1, 5)), Stop(2, (1, 5)), Stop(3, (1, 1))]
    plan = plan_routes(along_a_road(stops=stops, vehicles=[Vehicle(2, (3, 6))]))
    # 5 + 5 does not fit in 6: stop 2 may ride with 0 or 1; 600 + 200 when it rides with the second
    assert plan.cost == 800


def test_time_window_makes_the_crew_wait() -> None:
    """Service begins when the window opens, and the crew leaves late rather than wait on the road."""
    stops = [Stop(1, (), 10, (1000, 1100))]
    route = plan_routes(along_a_road(stops=stops)).routes[0]
    assert route.start_service_s == (1000,)
    assert route.start_s == 900  # 100 s of way before 1000
    assert route.duration_s == 210  # 100 there, 10 service, 100 back


def test_break_pauses_the_work() -> None:
    """Work that meets a break goes on after it, and the break is no working time."""
    stops = [Stop(1, (), 300, (1000, 1000))]
    problem = along_a_road(stops=stops, breaks=[Break(1200, 2000)])
    plan = plan_routes(problem)
    route = plan.routes[0]
    assert route.departure_s == (2100,)  # 200 s before the break, 800 s of rest, 100 s after it
    assert route.duration_s == 500
    assert check_routes(problem, plan) == []


def test_break_takes_time_from_the_day() -> None:
    """With the same day and a break in it fewer stops fit."""
    stops = [Stop(k, (), 1000) for k in (1, 2, 3)]
    day = [Vehicle(3, window_s=(0, 4000))]
    assert len(plan_routes(along_a_road(stops=stops, vehicles=day)).routes) == 1  # 600 + 3000 s
    assert len(plan_routes(along_a_road(stops=stops, vehicles=day, breaks=[Break(1000, 2000)])).routes) == 2


def test_line_is_walked_in_the_better_direction() -> None:
    """A line to walk is entered at the end that lies on the way."""
    way = line([0, 100, 200, 300])
    stops = [Stop(3, end_location=1, line_m=200, service_s=200)]
    problem = Problem(way, way, [Depot(0), Depot(3)], stops, [Vehicle(start_depot=0, end_depot=1)])
    plan = plan_routes(problem)
    assert plan.cost == 300 + 100 - 100  # 100 to the near end, 200 along, and the far end is the depot: 300 in all
    assert plan.routes[0].reversed_lines == {0}
    assert check_routes(problem, plan) == []
    fixed = Problem(way, way, [Depot(0), Depot(3)], [dataclasses.replace(stops[0], both_ways=False)],
                    [Vehicle(start_depot=0, end_depot=1)])
    assert plan_routes(fixed).cost == 300 + 200 + 200  # to the far end, along, and back to the depot there


def test_vehicle_that_may_not_serve() -> None:
    """A stop is served by an allowed vehicle, dearer though it be."""
    stops = [Stop(1, allowed=frozenset({1})), Stop(2)]
    plan = plan_routes(along_a_road(stops=stops, vehicles=[Vehicle(), Vehicle(fixed_cost=1000.0)]))
    assert [route.vehicle for route in plan.routes if 0 in route.stops] == [1]


def test_days_of_a_stop() -> None:
    """A stop of day 2 is on a route of day 2."""
    stops = [Stop(1, days=frozenset({2})), Stop(2, days=frozenset({1}))]
    plan = plan_routes(along_a_road(stops=stops, vehicles=[Vehicle(day=1), Vehicle(day=2)]))
    assert {route.day: route.stops for route in plan.routes} == {1: (1,), 2: (0,)}


def test_no_way_is_not_taken() -> None:
    """A way that is not there is never used, even when another vehicle must be sent."""
    way = line([0, 100, 200]).astype(float)
    way[1, 2] = way[2, 1] = np.inf
    plan = plan_routes(Problem(way, way, [Depot(0)], [Stop(1), Stop(2)], [Vehicle(2)]))
    assert plan.cost == 200 + 400


def test_reload_between_trips() -> None:
    """One vehicle with room for one load goes twice when it may reload."""
    stops = [Stop(1, (1,)), Stop(2, (1,))]
    plan = plan_routes(along_a_road(stops=stops, vehicles=[Vehicle(1, (1,), max_reloads=1, reload_depots=(0,))]))
    assert plan.feasible
    assert plan.cost == 600
    assert len(plan.routes[0].trips) == 2


def test_optional_stop_is_worth_its_prize() -> None:
    """An optional stop is served when its prize exceeds its detour, else left and paid."""
    dear = plan_routes(along_a_road(stops=[Stop(1), Stop(3, required=False, prize=300.0)]))
    assert dear.unserved == (1,)
    assert dear.cost == 200 + 300  # the detour would be 400
    worth = plan_routes(along_a_road(stops=[Stop(1), Stop(3, required=False, prize=500.0)]))
    assert worth.unserved == ()


def test_too_little_time_for_all_is_said() -> None:
    """When all stops do not fit together the plan is not feasible and names what is left out."""
    stops = [Stop(k, (), 1000) for k in (1, 2, 3)]
    problem = along_a_road(stops=stops, vehicles=[Vehicle(1, shift_s=2700)])
    plan = plan_routes(problem)
    assert not plan.feasible
    assert len(plan.unserved) == 1  # 2000 s of service and at most 600 s of way fit twice, not three times
    assert check_routes(problem, plan) == []
    lying = dataclasses.replace(plan, feasible=True)
    assert [finding.code for finding in check_routes(problem, lying)] == ["stop-left-out"]


def test_two_workers_and_one_agree() -> None:
    """The plan does not depend on how many processes search."""
    way = np.random.default_rng(5).integers(0, 1000, (460, 2))
    metres = np.hypot(*(way[:, None] - way[None]).transpose(2, 0, 1))
    problem = Problem(metres, metres, [Depot(0)], [Stop(k, (1,)) for k in range(1, 460)], [Vehicle(60, (10,))])
    one, two = (plan_routes(problem, effort=0.01, seed=3, workers=w) for w in (1, 2))
    assert one == two


@pytest.mark.parametrize(("change", "code"), [
    (np.array([[0.0, np.nan], [1.0, 0.0]]), "matrix-nan"),
    (np.array([[0.0, -1.0], [-1.0, 0.0]]), "matrix-negative"),
    (np.array([[0.0, 2.0], [1.0, 0.0]]), "matrix-asymmetric"),
    (np.array([[0.0, 1.0]]), "matrix-not-square"),
    (np.array([[1.0, 1.0], [1.0, 1.0]]), "matrix-diagonal"),
    (np.array([[0.0, 1e12], [1e12, 0.0]]), "matrix-too-large"),
])
def test_unsound_distances_are_refused(change: NDArray[np.float64], code: str) -> None:
    """Distances that cannot be true are refused before any work."""
    with pytest.raises(Refused, match=code):
        Problem(change, change, [Depot(0)], [Stop(1)], [Vehicle()])


def test_asymmetric_ways_on_purpose() -> None:
    """Ways that differ by direction are fine when that is said."""
    way = np.array([[0, 100], [300, 0]])
    problem = Problem(way, way, [Depot(0)], [Stop(1)], [Vehicle()], asymmetric=True)
    assert plan_routes(problem).cost == 400


@pytest.mark.parametrize(("changes", "words"), [
    ({"stops": [Stop(9)]}, "stops.location"),
    ({"stops": [Stop(1, (-1,))]}, "stops.demand"),
    ({"stops": [Stop(1, window_s=(5, 4))]}, "window-empty"),
    ({"stops": [Stop(1, (1, 2))], "vehicles": [Vehicle(1, (5,))]}, "demand-dimensions"),
    ({"vehicles": [Vehicle(1, (5,)), Vehicle(1, (5, 5))]}, "capacity-dimensions"),
    ({"vehicles": [Vehicle(start_depot=3)]}, "vehicles.start_depot"),
    ({"vehicles": [Vehicle(max_reloads=1)]}, "no-reload-depot"),
    ({"depots": []}, "no-depot"),
    ({"breaks": [Break(10, 20), Break(15, 30)]}, "breaks-overlap"),
])
def test_contradictions_are_refused(changes: dict[str, object], words: str) -> None:
    """Members that contradict each other are refused with their name."""
    with pytest.raises(Refused, match=words):
        along_a_road(**changes)


@pytest.mark.parametrize(("changes", "words"), [
    ({"vehicles": []}, "no-vehicle"),
    ({"vehicles": [Vehicle(0)]}, "no-vehicle"),
    ({"stops": [Stop(1, (7,))], "vehicles": [Vehicle(1, (5,))]}, "demand 7 above the capacity 5"),
    ({"vehicles": [Vehicle(shift_s=500)]}, "take 600 s, the shift has 500 s"),
    ({"vehicles": [Vehicle(max_distance_m=500)]}, "there and back is 600 m, the limit is 500 m"),
    ({"stops": [Stop(3, window_s=(0, 200))], "vehicles": [Vehicle(window_s=(0, 9000))]}, "100 s late"),
    ({"stops": [Stop(1, allowed=frozenset())]}, "not allowed for this vehicle"),
])
def test_what_cannot_be_met_says_which_stop_and_why(changes: dict[str, object], words: str) -> None:
    """A stop that no vehicle can serve is named, with the reason, before any search."""
    with pytest.raises(CannotBeMet, match=words):
        plan_routes(along_a_road(**changes))


def test_a_plan_can_be_taken_up_again() -> None:
    """A plan given as a start is never made worse."""
    stops = [Stop(k, (1,)) for k in (1, 2, 3)]
    problem = along_a_road(stops=stops, vehicles=[Vehicle(2, (2,))])
    first = plan_routes(problem, seed=1)
    again = plan_routes(problem, start=first, seed=2, effort=0.2)
    assert again.cost <= first.cost
