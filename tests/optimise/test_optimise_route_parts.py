"""Published instances, parts of large problems, balance, and work in processes of its own."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.optimise._pyvrp import Effort
from gis_planner.optimise._route_bound import lower_bound
from gis_planner.optimise._route_parts import PART, parts, search_part
from gis_planner.optimise._schedule import Clock
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.balance import balance_routes, route_ratio
from gis_planner.optimise.route import Break, Depot, Problem, Stop, Vehicle, plan_all, plan_routes, read_vrplib
from gis_planner.optimise.verify import check
from gis_planner.problems import Refused

TINY = """NAME : tiny
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 10
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
"""


def scattered(seed: int, stops: int, room: int) -> Problem:
    """Stops of load 1 around a depot in the middle."""
    xy = np.random.default_rng(seed).integers(-1000, 1000, (stops + 1, 2))
    xy[0] = 0
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    vehicles = [Vehicle(2 * stops // room + 1, (room,))]
    return Problem(metres, metres, [Depot(0)], [Stop(k, (1,)) for k in range(1, stops + 1)], vehicles)


def test_vrplib_text_is_read(tmp_path: Path) -> None:
    """Coordinates, demands and capacity of an instance become a problem with the asked rounding."""
    path = tmp_path / "tiny.vrp"
    path.write_text(TINY, encoding="utf-8")
    problem = read_vrplib(path, rounding="round")
    assert problem.distances[0][0].tolist() == [0, 5, 10, 10]  # 3-4-5 and 6-8-10
    assert read_vrplib(path, rounding="dimacs").distances[0][1, 3] == 67  # 10 x sqrt(9 + 36) = 67.08
    # the two far ones, 6 apart: 10 + 6 + 10, and the near one alone: 5 + 5; other pairs: 20 + 20 and 22 + 20
    assert plan_routes(problem).cost == 36


def test_rows_belong_to_the_node_they_name(tmp_path: Path) -> None:
    """Rows in another order give the same problem: place, demand and window stay with the id."""
    rows = {"NODE_COORD_SECTION": ["1 0 0", "2 3 4", "3 6 8", "4 0 10"], "DEMAND_SECTION": ["1 0", "2 5", "3 6", "4 7"],
            "TIME_WINDOW_SECTION": ["1 0 90", "2 1 2", "3 3 4", "4 5 6"],
            "SERVICE_TIME_SECTION": ["1 0", "2 11", "3 12", "4 13"]}
    path = tmp_path / "shuffled.vrp"
    for order in itertools.permutations(range(4)):
        text = "DIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 9\n"
        text += "".join(f"{name}\n" + "".join(some[k] + "\n" for k in order) for name, some in rows.items())
        path.write_text(text + "DEPOT_SECTION\n1\n-1\nEOF\nwhat follows is not read\n", encoding="utf-8")
        problem = read_vrplib(path, rounding="round")
        assert problem.distances[0][0].tolist() == [0, 5, 10, 10]
        assert problem.stops == (
            Stop(1, (5,), 11, (1, 2)), Stop(2, (6,), 12, (3, 4)), Stop(3, (7,), 13, (5, 6)))
        assert problem.vehicles[0].window_s == (0, 90)


def test_a_distance_limit_is_the_longest_route(tmp_path: Path) -> None:
    """DISTANCE limits each route, in the units of the rounding."""
    path = tmp_path / "limit.vrp"
    path.write_text("TYPE : CVRP\nDISTANCE : 20\nSERVICE_TIME : 0\n" + TINY, encoding="utf-8")
    problem = read_vrplib(path, rounding="round")
    assert problem.vehicles[0].max_distance_m == 20
    assert read_vrplib(path, rounding="dimacs").vehicles[0].max_distance_m == 200
    # the near stop lies on the way to the one at (6, 8): 20 for both, and 20 for the one at (0, 10)
    assert plan_routes(problem, effort=0.01, workers=1).cost == 40


def windows(*rows: str) -> str:
    """The tiny instance with these rows of time windows."""
    return TINY.replace("DEPOT_SECTION", "TIME_WINDOW_SECTION\n" + "\n".join(rows) + "\nDEPOT_SECTION")


@pytest.mark.parametrize(("text", "rounding", "words"), [
    (TINY, "up", "unknown-rounding.*dimacs.* Choose"), (TINY, "rond", "Did you mean round"),
    (TINY, None, "unknown-rounding.*found None"), (TINY, ["round"], "unknown-rounding"),
    (TINY.replace("DEMAND_SECTION", "WISHES_SECTION"), "round", "vrplib-section"),
    (TINY.replace("CAPACITY : 2\n", ""), "round", "vrplib-incomplete.*found no CAPACITY"),
    (TINY.replace("DEPOT_SECTION\n1\n-1\n", ""), "round", "found no DEPOT_SECTION"),
    (TINY.replace("EUC_2D\n", "GEO\n"), "round", "line 3, EDGE_WEIGHT_TYPE: found GEO; expected EUC_2D"),
    (TINY.replace("EDGE_WEIGHT_TYPE : EUC_2D\n", ""), "round", "EDGE_WEIGHT_TYPE: found none; expected EUC_2D"),
    ("TYPE : TSP\n" + TINY, "round", "line 1, TYPE: found TSP; expected CVRP, VRPTW"),
    ("TYPE : VRPTW\n" + TINY, "round", "found no TIME_WINDOW_SECTION"),
    ("SALESMEN : 3\n" + TINY, "round", "line 1, head: found SALESMEN; expected TYPE"),
    ("CAPACITY : 3\n" + TINY, "round", "line 5, CAPACITY: found CAPACITY again"),
    (TINY.replace("CAPACITY : 2", "CAPACITY : 0"), "round", "line 4, CAPACITY: found 0; expected a whole number"),
    (TINY.replace("CAPACITY : 2", "CAPACITY : nan"), "round", "line 4, CAPACITY: found nan"),
    (TINY.replace("DIMENSION : 4", "DIMENSION : 5"), "round", "line 5, NODE_COORD.*found 4 rows, none for node 5"),
    (TINY.replace("DIMENSION : 4", "DIMENSION : 3"), "round", "line 9, NODE.*found node 4; expected a node from 1"),
    (TINY.replace("\n2 3 4\n", "\n2 nan 4\n"), "round", "line 7, NODE_COORD_SECTION: found nan"),
    (TINY.replace("\n2 3 4\n", "\n2 1e300 4\n"), "round", "line 7, NODE_COORD_SECTION: found 1e300"),
    (TINY.replace("\n2 3 4\n", "\n2 3\n"), "round", "line 7, NODE_COORD_SECTION: found 2 3; expected 3 numbers"),
    (TINY.replace("\n1 0 0\n", "\n0 0 0\n"), "round", "line 6, NODE_COORD_SECTION: found node 0"),
    (TINY.replace("\n3 1\n", "\n"), "round", "line 10, DEMAND_SECTION: found 3 rows, none for node 3"),
    (TINY.replace("\n3 1\n", "\n2 1\n"), "round", "line 13, DEMAND_SECTION: found node 2 again, after line 12"),
    (TINY.replace("\n3 1\n", "\n3 1\n5 1\n"), "round", "line 14, DEMAND_SECTION: found node 5"),
    (TINY.replace("\n3 1\n", "\n3 0.5\n"), "round", "line 13, DEMAND_SECTION: found 0.5; expected a whole number"),
    (TINY.replace("\n3 1\n", "\n3 -1\n"), "round", "line 13, DEMAND_SECTION: found -1"),
    (TINY.replace("\n1 0\n2 1", "\n1 7\n2 1"), "round", "line 11, DEMAND_SECTION: found 7 at the depot"),
    (TINY.replace("\n1\n-1", "\n9\n-1"), "round", "line 16, DEPOT_SECTION: found node 9"),
    (TINY.replace("\n1\n-1", "\n1\n2\n-1"), "round", "line 17, DEPOT_SECTION: found 1 2; expected one depot"),
    (TINY.replace("\n1\n-1", "\n-1"), "round", "line 15, DEPOT_SECTION: found no depot"),
    (windows("1 0 9", "2 5 4", "3 0 9", "4 0 9"), "round", "line 17, TIME_WINDOW_SECTION: found 5 4"),
    (windows("1 0 9", "2 0 9", "3 0 9"), "round", "line 15, TIME_WINDOW_SECTION: found 3 rows, none for node 4"),
    ("DISTANCE : 30\nSERVICE_TIME : 5\n" + TINY, "round", "line 1, DISTANCE: found DISTANCE and service times"),
    ("VEHICLES : 2\n" + TINY.replace("DEPOT", "VEHICLES_RELOAD_DEPOT_SECTION\n1 1\n2 2\nDEPOT"), "round",
     "line 18, VEHICLES_RELOAD_DEPOT_SECTION: found a reload at node 2"),
    ("nothing", "round", "vrplib-empty"),
])
def test_broken_vrplib_is_refused(tmp_path: Path, text: str, rounding: str, words: str) -> None:
    """A file that is not an instance, or one of a kind that is not read, is refused with the line and what is wrong."""
    path = tmp_path / "broken.vrp"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=words):
        read_vrplib(path, rounding=rounding)


@pytest.mark.parametrize(("folder", "name", "stops"), [
    ("cvrp", "X-n101-k25", 100), ("multi_trip", "R203R0.25", 100), ("prize_collecting", "C1_10_6", 1000),
])
def test_published_instances_are_read(shared_data: Path, folder: str, name: str, stops: int) -> None:
    """Each kind of published instance is read with what makes its kind."""
    rounding = "round" if folder == "cvrp" else "dimacs"
    problem = read_vrplib(shared_data / "bench" / folder / f"{name}.vrp", rounding=rounding)
    assert len(problem.stops) == stops
    assert (problem.vehicles[0].max_reloads > 0) == (folder == "multi_trip")
    assert any(stop.release_s for stop in problem.stops) == (folder == "multi_trip")
    assert any(not stop.required for stop in problem.stops) == (folder == "prize_collecting")


def test_published_solution_costs_what_is_published(shared_data: Path) -> None:
    """A short search on X-n101-k25 is sound and lies between the optimum 27591 and 3 % above it."""
    problem = read_vrplib(shared_data / "bench" / "cvrp" / "X-n101-k25.vrp", rounding="round")
    plan = plan_routes(problem, effort=0.1)
    assert check(problem, plan) == []
    assert 27_591 <= plan.cost <= 27_591 * 1.03


def test_parts_hold_every_route_once() -> None:
    """Whatever the turn, each route is in exactly one part, and parts are near the asked size."""
    problem = scattered(1, 500, 9)
    plan = plan_routes(problem, effort=0.001, workers=1)
    for turn in range(4):
        groups = parts(problem, [route.order for route in plan.routes], turn)
        assert sorted(k for group in groups for k in group) == list(range(len(plan.routes)))
        sizes = [sum(len(plan.routes[k].stops) for k in group) for group in groups]
        assert max(sizes) <= 2 * PART


def test_a_part_is_never_made_worse() -> None:
    """Searching some routes anew keeps their stops and never adds to their distance."""
    problem = scattered(2, 40, 8)
    plan = plan_routes(problem, effort=0.01, workers=1)
    some = [route.order for route in plan.routes[:3]]
    after = search_part(problem, some, Effort(200, 200), 1)
    stops = [sorted(s for order in orders for trip in order.trips for s, _ in trip) for orders in (some, after)]
    assert stops[0] == stops[1]


def test_balanced_routes_cost_what_is_said() -> None:
    """Unequal routes become alike for no more than the price, and the notes tell both."""
    xy = np.array([(0, 0), *((100 + 10 * k, 7 * (k % 3)) for k in range(9))])
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * 10
    stops = [Stop(k, (1,), 2000) for k in range(1, 10)]
    problem = Problem(metres, metres, [Depot(0)], stops, [Vehicle(3, (6,), fixed_cost=0.0)])
    two = plan_routes(problem, effort=0.1, workers=1)
    fair = balance_routes(problem, two, ratio=1.3, price=0.2, effort=0.1)
    notes = dict(fair.notes)
    assert check(problem, fair) == []
    assert route_ratio(fair) <= max(1.3, route_ratio(two))
    assert fair.distance_m <= two.distance_m * 1.2
    assert notes["ratio"] == route_ratio(fair)
    assert notes["price"] == pytest.approx(fair.distance_m / two.distance_m - 1)


def test_balance_knows_its_limits() -> None:
    """A problem with windows is refused by the balance, not balanced wrongly."""
    problem = scattered(3, 6, 3)
    windows = Problem(problem.distances[0], problem.durations[0], [Depot(0)],
                      [dataclasses.replace(s, window_s=(0, 99_999)) for s in problem.stops], problem.vehicles)
    with pytest.raises(Refused, match="balance-scope"):
        balance_routes(windows, plan_routes(windows, effort=0.01))


def test_independent_problems_are_planned_as_if_alone() -> None:
    """Several problems at once give the plans that each gives by itself."""
    problems = [scattered(seed, 12, 4) for seed in range(3)]
    together = plan_all(problems, effort=0.05, workers=2)
    assert list(together) == [plan_routes(problem, effort=0.05) for problem in problems]


def test_processes_answer_in_order_and_pass_on_trouble() -> None:
    """Answers come in the order of the calls; what goes wrong in a process is raised here."""
    assert run_all([(divmod, (k, 3)) for k in range(5)], workers=2) == [divmod(k, 3) for k in range(5)]
    with pytest.raises(ZeroDivisionError):
        run_all([(divmod, (1, 1)), (divmod, (1, 0))], workers=2)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=6, unique=True), st.integers(0, 6000))
def test_clock_without_breaks_is_the_clock(edges: list[int], time_s: int) -> None:
    """Working time never runs back, stands still in breaks, and the way there and back again ends where it began."""
    edges = sorted(edges)[: len(edges) // 2 * 2]
    clock = Clock([Break(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)])
    work_s = clock.work(time_s)
    assert 0 <= clock.work(time_s + 1) - work_s <= 1
    resting = any(a <= time_s < b for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert resting or clock.day(work_s, begins=True) == time_s


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6))
def test_bound_is_never_above_the_least_cost(seed: int, stops: int, room: int) -> None:
    """The bound is at most the cost of the best plan, here by trying every order and every cut of it."""
    problem = scattered(seed, stops, room)
    metres = problem.distances[0]
    least = min(
        cut_cost(metres, order, room) for order in itertools.permutations(range(1, stops + 1)))
    bound, name = lower_bound(problem, float(least) * 1.1)
    assert bound is not None
    assert name != "no bound"
    assert 0 < bound <= least


def cut_cost(metres: np.ndarray, order: tuple[int, ...], room: int) -> int:
    """Least cost of serving stops in this order, going home before any of them (at most `room` between)."""
    costs = [0]
    for end in range(1, len(order) + 1):
        options = []
        for begin in range(max(0, end - room), end):
            trip = (0, *order[begin:end], 0)
            options.append(costs[begin] + sum(int(metres[a, b]) for a, b in itertools.pairwise(trip)))
        costs.append(min(options))
    return costs[-1]


def test_bound_of_one_road_is_the_cost() -> None:
    """Where the radial bound is the truth the gap is nothing: a road of one full load."""
    way = np.abs(np.subtract.outer([0, 500, 500], [0, 500, 500]))
    plan = plan_routes(Problem(way, way, [Depot(0)], [Stop(1, (1,)), Stop(2, (1,))], [Vehicle(2, (1,))]))
    assert (plan.cost, plan.bound, plan.gap) == (2000, 2000, 0.0)  # two trips of 500 there and back


def test_optional_stops_have_no_bound() -> None:
    """With optional stops the plan says that it has no bound."""
    way = np.array([[0, 5], [5, 0]])
    plan = plan_routes(Problem(way, way, [Depot(0)], [Stop(1, required=False, prize=99.0)], [Vehicle()]))
    assert (plan.bound, plan.bound_by, plan.gap) == (None, "no bound", None)


@settings(deadline=None, derandomize=True, max_examples=8)
@given(st.integers(0, 10_000))
def test_order_of_stops_does_not_change_what_is_possible(seed: int) -> None:
    """A sound plan serves every stop within capacity whatever the seed, and no cheaper than the farthest stop asks."""
    problem = scattered(seed, 10, 4)
    plan = plan_routes(problem, effort=0.01, seed=seed, workers=1)
    assert plan.feasible
    assert check(problem, plan) == []
    assert plan.cost >= 2 * int(problem.distances[0][0].max()) - 2  # triangle, up to rounding to whole metres
