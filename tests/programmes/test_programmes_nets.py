"""Nets: households, points, whole bales, crew-days."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import MakeWorld, plain, points, village

from gis_planner.problems import CannotBeMet
from gis_planner.programmes.nets.plan import plan_nets
from gis_planner.programmes.nets.routes import working_days
from gis_planner.programmes.nets.settings import NetsSettings
from gis_planner.programmes.people import share_whole
from gis_planner.programmes.result import Outcome
from gis_planner.tables.layer import Layer

PICKUP = {"vehicle_id": "V", "name": "pickup", "kind": "car", "count": 1, "capacity_bales": 10, "speed_kmh": 30.0,
          "rainy_speed_kmh": 15.0, "cost_per_km_fcfa": 200.0, "cost_per_day_fcfa": 20_000.0}
CREW = {"crew_id": "N1", "name": "crew", "programme": "nets", "vehicle_id": "V", "depot_id": "D", "people": 3,
        "cost_per_day_fcfa": 10_000.0}


def fleet(vehicles: int = 1, capacity: int = 10, nets: int = 100_000) -> list[Layer]:
    """Depot at the corner, one kind of vehicle, one crew."""
    return [points("depots", [{"depot_id": "D", "name": "Depot", "nets": nets, "at": (0.0, 0.0)}]),
            plain("vehicles", [{**PICKUP, "count": vehicles, "capacity_bales": capacity}]), plain("crews", [CREW])]


def nets(**more: Any) -> NetsSettings:
    """Settings: 2 people a net, bales of 50, 200 households a day of 8 hours, 20 minutes a stop."""
    plain_ones = {"points": "every_village", "start_date": datetime.date(2026, 6, 1), "people_per_net": 2,
                  "bale_size": 50, "net_price": 2000, "max_walk_m": 5000, "households_per_team_day": 200,
                  "stop_min": 20, "working_hours": 8, "people_per_household": 8}
    return NetsSettings.model_validate({**plain_ones, **more})


def homes(*sizes: int, village_id: str = "A", x: float = 10.0) -> list[dict[str, Any]]:
    """Registered households of these sizes."""
    return [{"household_id": f"{village_id}{at}", "village_id": village_id, "people": size, "at": (x, 0.0)}
            for at, size in enumerate(sizes)]


def figure(outcome: Outcome, key: str) -> float:
    """Value of a figure."""
    return next(figure.value for figure in outcome.figures if figure.key == f"nets.{key}")


def test_each_household_is_rounded_up(make_world: MakeWorld) -> None:
    """Households of 1, 2, 3 and 7 are due 1, 1, 2 and 4 nets at two people a net."""
    world = make_world(points("villages", [village("a", 13, 0)]), points("households", homes(1, 2, 3, 7)), *fleet())
    table = plan_nets(world, nets()).tables["net_households"]
    assert table.set_index("household_id")["nets"].to_dict() == {"A0": 1, "A1": 1, "A2": 2, "A3": 4}


def test_only_whole_bales_travel(make_world: MakeWorld) -> None:
    """51 nets due are 2 bales of 50, 49 spare."""
    world = make_world(points("villages", [village("a", 102, 0)]), points("households", homes(*[2] * 51)), *fleet())
    row = plan_nets(world, nets()).tables["net_points"].iloc[0]
    assert (row["nets"], row["bales"], row["nets_spare"]) == (51, 2, 49)


def test_without_a_register_households_are_estimated(make_world: MakeWorld) -> None:
    """80 people are 10 households of 8 and 80 / 2 + 10 / 4 = 42.5, so 43 nets, and the estimate is said."""
    outcome = plan_nets(make_world(points("villages", [village("a", 80, 0)]), *fleet()), nets())
    row = outcome.tables["net_households"].iloc[0]
    assert (row["households"], row["people"], row["nets"]) == (10, 80, 43)
    assert any(finding.code == "households-estimated" for finding in outcome.findings)


def test_fewest_points_put_everyone_within_the_walk(make_world: MakeWorld) -> None:
    """Three villages 3 km apart in a row need one point at 3 km of walk, in the middle, and three at 1 km."""
    villages = points("villages", [village("a", 80, 0), village("b", 80, 3000), village("c", 80, 6000)])
    one = plan_nets(make_world(villages, *fleet()), nets(points="fewest", max_walk_m=3100))
    assert one.tables["net_points"]["point_id"].tolist() == ["P-B"]
    three = plan_nets(make_world(villages, *fleet()), nets(points="fewest", max_walk_m=1000))
    assert len(three.tables["net_points"]) == 3


def test_of_the_fewest_points_the_nearest_are_taken(make_world: MakeWorld) -> None:
    """Where one point is enough and a school stands 2 km off the only village, the point is in the village."""
    layers = [points("villages", [village("z", 80, 0)]),
              points("schools", [{"school_id": "A1", "name": "school", "pupils": 10, "at": (2000.0, 0.0)}])]
    table = plan_nets(make_world(*layers, *fleet()), nets(points="fewest", max_walk_m=3100)).tables["net_points"]
    # both reach everybody, and the school's id comes first: only the walk tells them apart
    assert table["point_id"].tolist() == ["P-Z"]


def test_a_large_point_is_served_in_parts_within_the_day(make_world: MakeWorld) -> None:
    """1,600 people in 200 households are more than one crew serves in a day beside its drive, so two crew-days go."""
    outcome = plan_nets(make_world(points("villages", [village("a", 1600, 9000)]), *fleet(capacity=100)), nets())
    # 200 households take 480 min; the drive is 2 x 9 km at 30 km/h = 36 min and the stop 20 min: 536 > 480.
    routes, stops = outcome.tables["routes"], outcome.tables["stops"]
    assert len(routes) == 2
    assert routes["duration_min"].max() <= 480
    # 1600 / 2 + 200 / 4 = 850 nets = 17 bales
    assert stops["quantity"].sum() == 17


def test_no_vehicle_loads_more_than_it_holds(make_world: MakeWorld) -> None:
    """The bales of each crew-day stay within the vehicle."""
    villages = points("villages", [village(name, 300, 2000.0 * at) for at, name in enumerate("abcd", start=1)])
    routes = plan_nets(make_world(villages, *fleet(capacity=5)), nets()).tables["routes"]
    assert routes["load"].max() <= 5


def test_no_vehicle_cannot_be_met(make_world: MakeWorld) -> None:
    """A fleet with no vehicle says so and names the layers to complete."""
    world = make_world(points("villages", [village("a", 80, 0)]), *fleet(vehicles=0))
    with pytest.raises(CannotBeMet, match=r"no-vehicle.*Complete crews, vehicles and depots"):
        plan_nets(world, nets())


def test_too_few_days_cannot_be_met(make_world: MakeWorld) -> None:
    """When the days are not enough for every visit, the number of visits left is said with the key to raise."""
    villages = points("villages", [village(name, 1200, 2000.0 * at) for at, name in enumerate("abcd", start=1)])
    with pytest.raises(CannotBeMet, match=r"days-too-few.*Raise nets\.days"):
        plan_nets(make_world(villages, *fleet()), nets(days=1))


def test_a_short_stock_is_said(make_world: MakeWorld) -> None:
    """Nets that lack in the depots are counted."""
    outcome = plan_nets(make_world(points("villages", [village("a", 80, 0)]), *fleet(nets=30)), nets())
    # 43 nets are one bale of 50: 20 lack
    assert any(finding.code == "stock-short" and "20 nets must be ordered" in finding.remedy
               for finding in outcome.findings)


def test_work_rests_on_the_weekend() -> None:
    """Six working days from a Friday skip Sunday."""
    days = working_days(datetime.date(2026, 6, 5), 3, (7,))
    assert [day.isoformat() for day in days] == ["2026-06-05", "2026-06-06", "2026-06-08"]


def test_stops_are_in_the_order_of_their_times(make_world: MakeWorld) -> None:
    """On each crew-day arrival times rise with the order."""
    villages = points("villages", [village(name, 100, 2000.0 * at) for at, name in enumerate("abcd", start=1)])
    stops: pd.DataFrame = plan_nets(make_world(villages, *fleet(capacity=50)), nets()).tables["stops"]
    for _, part in stops.groupby("route_id"):
        assert part["order"].tolist() == list(range(1, len(part) + 1))
        assert part["arrive_min"].is_monotonic_increasing


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_sharing_conserves_people(parts: list[int]) -> None:
    """Whole shares sum to the total and differ from the exact ones by less than one."""
    import numpy as np

    total = sum(parts) + 3
    exact = (np.array(parts) + 3 / len(parts))
    whole = share_whole(exact, total)
    assert whole.sum() == total
    assert (abs(whole - exact) < 1 + 1e-6).all()


def test_only_the_depots_of_its_crews_count_as_stock(make_world: MakeWorld) -> None:
    """A second depot without stock that no nets crew starts from does not hide that the first is short."""
    layers = fleet(nets=30)
    depots = points("depots", [{"depot_id": "D", "name": "Depot", "nets": 30, "at": (0.0, 0.0)},
                               {"depot_id": "E", "name": "Office", "nets": None, "at": (50.0, 0.0)}])
    outcome = plan_nets(make_world(points("villages", [village("a", 80, 0)]), depots, *layers[1:]), nets())
    assert {"stock-short"} <= {finding.code for finding in outcome.findings}
