"""The water ladder of villages: rungs that sum to the people, unknown points as a range, queues from the load."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_programmes_wells import figure, wells
from tiny_world import MakeWorld, points, pump, village

from gis_planner.programmes.wells.plan import plan_wells
from gis_planner.programmes.wells.queue import Fetching
from gis_planner.programmes.wells.service import Service, service, water_points
from gis_planner.programmes.world import World

RUNGS = ("basic", "limited", "unimproved", "surface", "unknown")
SMALL = settings(deadline=None, derandomize=True, max_examples=15,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])
HOMES = st.lists(st.tuples(st.integers(20, 900), st.integers(0, 4000)), min_size=1, max_size=4)
POINTS = st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(["working", "not_working", "unknown"]),
                            st.sampled_from(["borehole_handpump", "open_well", "protected_well"])),
                  min_size=1, max_size=5)


def rungs(table: pd.DataFrame, when: str) -> pd.DataFrame:
    """The five rungs of each village."""
    return table[[f"{name}_{when}" for name in RUNGS]].set_axis(RUNGS, axis=1)


def planned(make_world: MakeWorld, villages: list[Any], pumps: list[Any], **more: Any) -> pd.DataFrame:
    """The table of villages after planning."""
    return plan_wells(make_world(points("villages", villages), points("water_points", pumps)), wells(**more)
                      ).tables["villages"]


def small(make_world: MakeWorld, homes: list[tuple[int, int]], at: list[tuple[int, str, str]], **more: Any) -> World:
    """Villages and points on one line from (people, metres) and (metres, status, technology)."""
    return make_world(
        points("villages", [village(f"v{n}", people, x, 7.0 * n) for n, (people, x) in enumerate(homes)]),
        points("water_points", [pump(f"w{n}", x, 3.0 * n, status=status, technology=kind)
                                for n, (x, status, kind) in enumerate(at)]), **more)


def test_each_rung_by_hand(make_world: MakeWorld) -> None:
    """Of 900 people 500 have the pump at home, 400 a pump 2 km off, and 50 elsewhere nothing."""
    table = planned(make_world, [village("a", 900, 0), village("z", 50, 30_000)],
                    [pump("w1", 0), pump("w2", 2000), pump("o", 500, technology="open_well")],
                    people_per_handpump=500)
    # w2 (500 places) is 2 km = 30 min each way at 4 km/h: 70 min with the queue, so beyond basic, within 120:
    # 400 are left by w1 and all of them find room at w2.
    assert rungs(table, "today").loc[0].tolist() == [500, 400, 0, 0, 0]
    assert rungs(table, "today").loc[1].tolist() == [0, 0, 0, 50, 0]


def test_the_open_well_takes_those_for_whom_no_safe_point_has_room(make_world: MakeWorld) -> None:
    """A pump for 500 at home and no other leaves 400 of 900 people with the open well."""
    table = planned(make_world, [village("a", 900, 0)], [pump("w1", 0), pump("o", 500, technology="open_well")])
    assert rungs(table, "today").loc[0].tolist() == [500, 0, 400, 0, 0]


def test_the_mean_round_trip_counts_walk_and_queue(make_world: MakeWorld) -> None:
    """400 people at 400 m: 6 min there, 6 min back, 10 min queue are 22 min."""
    table = planned(make_world, [village("a", 400, 0)], [pump("w1", 400)])
    assert table["round_trip_min_today"].tolist() == [pytest.approx(22, abs=0.1)]


def test_unknown_points_are_a_range_of_people(make_world: MakeWorld) -> None:
    """300 people beside an unknown pump are neither basic nor surface: basic is 0 to 300 and 300 are unknown."""
    table = planned(make_world, [village("a", 300, 0)], [pump("w1", 0, status="unknown")])
    assert rungs(table, "today").loc[0].tolist() == [0, 0, 0, 0, 300]
    assert (table["basic_low"].tolist(), table["basic_high"].tolist()) == ([0], [300])


def test_the_plan_moves_people_up_the_ladder(make_world: MakeWorld) -> None:
    """A repair at 90 % for 300 people on surface water leaves 270 basic and 30 where they were."""
    table = planned(make_world, [village("a", 300, 0)], [pump("w1", 0, status="not_working")], budget_fcfa=1e6)
    assert rungs(table, "today").loc[0].tolist() == [0, 0, 0, 300, 0]
    assert rungs(table, "after").loc[0].tolist() == [270, 0, 0, 30, 0]


@SMALL
@given(HOMES, POINTS)
def test_nobody_is_counted_twice(make_world: MakeWorld, homes: list[Any], at: list[Any]) -> None:
    """In every village the five rungs sum to its people, today and after, and basic lies in its range."""
    world = small(make_world, homes, at)
    table = plan_wells(world, wells()).tables["villages"]
    for when in ("today", "after"):
        assert np.allclose(rungs(table, when).sum(axis=1), table["people"], atol=0.3)
        assert (rungs(table, when) >= -1e-9).all(axis=None)
    assert (table["served_today"] + table["over_capacity"] + table["out_of_reach"]).tolist() == table["people"].tolist()
    assert (table["basic_low"] <= table["basic_high"]).all()
    assert (table["served_after"] <= table["people"] + 0.1).all()


def test_a_queue_by_hand() -> None:
    """400 people x 15 L on 17 L/min over 8 h: load 6000 / 8160, wait load / 2 (1 - load) fillings of 20 / 17 min."""
    fetch = Fetching(litres=15, container_l=20, hours=8)
    load, filling = 6000 / 8160, 20 / 17
    assert float(fetch.queue_min(400, 17)) == pytest.approx(filling * (1 + load / (2 * (1 - load))))
    assert np.isinf(fetch.queue_min(544, 17))  # 544 x 15 L = 8160 L, all that it gives


@settings(deadline=None)
@given(st.floats(0.5, 60), st.floats(2, 60), st.floats(5, 60), st.floats(2, 24))
def test_people_within_a_queue_is_the_inverse_of_the_queue(queue: float, flow: float, litres: float,
                                                           hours: float) -> None:
    """So many people wait at most so long, and two more would wait longer."""
    fetch = Fetching(litres=litres, container_l=20, hours=hours)
    people = int(fetch.people_within(queue, flow))
    assume(people > 0)
    assert float(fetch.queue_min(people, flow)) <= queue + 1e-6
    assert float(fetch.queue_min(people + 2, flow)) > queue


def test_with_queues_from_the_load_a_slow_point_serves_fewer(make_world: MakeWorld) -> None:
    """A pump of 6 L/min keeps the queue within 10 min for 153 of 400 people, whatever the norm of 500 says."""
    # filling 20 / 6 = 3.33 min; 10 min = 3.33 (1 + x) so x = 2 = load / 2 (1 - load): load 0.8;
    # 0.8 x 6 L/min x 480 min / 15 L = 153.6 people
    world = make_world(points("villages", [village("a", 400, 0)]),
                       points("water_points", [pump("w1", 0, yield_l_min=6.0)]))
    assert figure(plan_wells(world, wells(queue_from="load")), "served_today") == 153
    assert figure(plan_wells(world, wells()), "served_today") == 400


def today(world: World, **more: Any) -> tuple[Service, list[str]]:
    """Service with queues from the load, and the ids of the points."""
    asked = wells(queue_from="load", queue_min=15, **more)
    found = water_points(world, asked)
    return service(world, asked, found, unknown_work=False), found.table["water_point_id"].tolist()


@SMALL
@given(HOMES, POINTS)
def test_a_repaired_well_never_raises_the_queue_elsewhere(
    make_world: MakeWorld, homes: list[Any], at: list[Any]
) -> None:
    """When a broken point works again, no other point has more people, and nobody loses a place in total."""
    broken = [(x, "working" if n else "not_working", "borehole_handpump") for n, (x, _, _) in enumerate(at)]
    mended = [(x, "working", "borehole_handpump") for x, _, _ in at]
    (before, ids), (after, _) = today(small(make_world, homes, broken)), today(small(make_world, homes, mended))
    others = [row for row, name in enumerate(ids) if name != "w0"]
    assert (after.queue_min[others] <= before.queue_min[others] + 1e-6).all()
    assert after.served.sum() >= before.served.sum()
