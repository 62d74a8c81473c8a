"""Wells: service, repairs and boreholes, budget, setbacks, order."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box
from tiny_world import FRAME as TINY
from tiny_world import STORE, X0, Y0, MakeWorld, metric_crs, points, pump, used, village

from gis_planner.problems import CannotBeMet, Refused
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.wells.plan import plan_wells
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.tables.layer import Layer


def wells(**more: Any) -> WellsSettings:
    """Settings: 30 minutes round trip of which 10 queuing, so a reach of 10 min x 4 km/h = 667 m."""
    plain = {
        "budget_fcfa": 20e6, "round_trip_min": 30, "queue_min": 10, "unknown_status": "not_working",
        "people_per_handpump": 500, "repair_success": 0.9, "repair_cost": 1e6, "borehole_cost": 7e6,
        "dry_hole_cost": 4e6, "geophysics_cost": 5e5, "success_probability": 0.6, "front": False,
    }
    return WellsSettings.model_validate({**plain, **more})


VILLAGES = (village("a", 600, 0), village("b", 300, 3000), village("c", 100, 6000))
PUMPS = (pump("w1", 0), pump("w2", 3100, status="not_working"))


def figure(outcome: Outcome, key: str) -> float:
    """Value of a figure."""
    return next(figure.value for figure in outcome.figures if figure.key == f"wells.{key}")


def zone(*bounds: float) -> Layer:
    """A zone in metres from the tiny world's corner where nothing may be built."""
    west, south, east, north = bounds
    shape = box(X0 + west, Y0 + south, X0 + east, Y0 + north)
    frame = gpd.GeoDataFrame({"zone_id": ["z"], "kind": ["flood"]}, geometry=[shape], crs=metric_crs(TINY))
    return Layer("zones", used("zones", 1), frame.to_crs(STORE))


def test_service_today_counts_places_not_circles(make_world: MakeWorld) -> None:
    """A pump for 500 leaves 100 of 600 people without a place, and people beyond the reach have none."""
    outcome = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])), wells())
    # w1 stands in a: 500 of 600 served, 100 over capacity; b (300) and c (100) have no working pump within 667 m.
    assert figure(outcome, "served_today") == 500
    assert figure(outcome, "over_capacity") == 100
    assert figure(outcome, "out_of_reach") == 400


def test_the_table_of_villages_adds_up(make_world: MakeWorld) -> None:
    """In each village served, over capacity and out of reach sum to its people."""
    outcome = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])), wells())
    table = outcome.tables["villages"]
    assert (table["served_today"] + table["over_capacity"] + table["out_of_reach"]).tolist() == [600, 300, 100]


def test_a_repair_that_fits_the_budget_comes_before_a_borehole(make_world: MakeWorld) -> None:
    """With 1 million FCFA the repair of w2 is the whole plan: 300 people at 90 % are 270 expected."""
    outcome = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])),
                         wells(budget_fcfa=1e6))
    chosen = outcome.tables["wells"].query("chosen")
    assert chosen["action_id"].tolist() == ["R-w2"]
    assert chosen["people_expected"].tolist() == [pytest.approx(270)]
    assert chosen["walk_m"].tolist() == [pytest.approx(100, abs=2)]
    assert outcome.proofs[0].proven


def test_expected_cost_of_a_borehole_counts_dry_holes(make_world: MakeWorld) -> None:
    """A borehole costs geophysics, then the wet or the dry hole by their chances."""
    outcome = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])), wells())
    new = outcome.tables["wells"].query("action == 'new_borehole'")
    # 0.5 + 0.6 x 7 + 0.4 x 4 = 6.3 million FCFA
    assert set(new["cost_fcfa"]) == {6_300_000.0}


def test_points_of_unknown_status_are_a_range(make_world: MakeWorld) -> None:
    """Served today is given for both answers about the unknown pump, and the plan uses the one that was stated."""
    pumps = points("water_points", [pump("w1", 0), pump("w2", 3000, status="unknown")])
    outcome = plan_wells(make_world(points("villages", [*VILLAGES]), pumps), wells())
    assert figure(outcome, "served_today") == 500
    # if w2 works, all 300 of b have a place too
    assert figure(outcome, "served_today_other") == 800
    assert outcome.tables["villages"]["served_if_unknown_work"].tolist() == [500, 300, 0]


def test_a_seasonal_point_gives_no_place_in_the_dry_season(make_world: MakeWorld) -> None:
    """A seasonal pump counts in the rains only."""
    layers = (points("villages", [village("a", 100, 0)]), points("water_points", [pump("w1", 0, seasonal=True)]))
    assert figure(plan_wells(make_world(*layers), wells()), "served_today") == 0
    assert figure(plan_wells(make_world(*layers, season="rainy"), wells()), "served_today") == 100


def test_boreholes_keep_their_distance_from_latrines(make_world: MakeWorld) -> None:
    """No candidate lies within 30 m of a latrine, and the number removed is said."""
    latrines = points("latrines", [{"latrine_id": "l", "kind": "household", "cabins": 1, "state": "usable",
                                    "at": (6000, 0)}])
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]), latrines)
    outcome = plan_wells(world, wells())
    new = outcome.tables["wells"].query("action == 'new_borehole'")
    assert new["nearest_latrine_m"].min() >= 30
    assert any(finding.code == "candidates-removed" and "latrine" in finding.found for finding in outcome.findings)


def test_no_feasible_candidate_says_why(make_world: MakeWorld) -> None:
    """When a zone covers every place and nothing can be repaired, the scenario cannot be met."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [pump("w1", 0)]),
                       zone(-9000, -9000, 15000, 9000))
    with pytest.raises(CannotBeMet, match=r"no-candidate.*at least one feasible candidate"):
        plan_wells(world, wells())


def test_a_budget_of_nothing_is_refused(make_world: MakeWorld) -> None:
    """A budget of 0 names the key and the way out."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    with pytest.raises(Refused, match=r"wells\.budget_fcfa.*leave wells out"):
        plan_wells(world, wells(budget_fcfa=0))


def test_a_budget_below_every_action_cannot_be_met(make_world: MakeWorld) -> None:
    """A budget below the cheapest action names that action's cost."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    with pytest.raises(CannotBeMet, match="1,000,000 FCFA, the cheapest action"):
        plan_wells(world, wells(budget_fcfa=999_999))


def test_fixed_choices_are_honoured(make_world: MakeWorld) -> None:
    """What the planner must have is chosen, what must not be is left out."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    table = plan_wells(world, wells(must_have=("N-C-01",), must_not=("R-w2",))).tables["wells"].set_index("action_id")
    assert table.loc["N-C-01", "chosen"]
    assert not table.loc["R-w2", "chosen"]


def test_an_unknown_action_is_answered_with_the_near_one(make_world: MakeWorld) -> None:
    """A typo in must_have is refused with the nearest action id."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    with pytest.raises(Refused, match=r"wells\.must_have.*R-w2"):
        plan_wells(world, wells(must_have=("R-w22",)))


def test_everybody_served_needs_no_action(make_world: MakeWorld) -> None:
    """When everyone has a place the plan is empty and costs nothing."""
    world = make_world(points("villages", [village("a", 400, 0)]), points("water_points", [pump("w1", 0)]))
    outcome = plan_wells(world, wells())
    assert figure(outcome, "served_after") == 400
    assert figure(outcome, "cost") == 0


def test_row_order_does_not_matter(make_world: MakeWorld) -> None:
    """Shuffled villages and pumps give the same table."""
    one = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])), wells())
    two = plan_wells(make_world(points("villages", [*VILLAGES][::-1]), points("water_points", [*PUMPS][::-1])), wells())
    assert one.tables["wells"].equals(two.tables["wells"])


def test_moving_the_map_moves_the_answer_with_it(make_world: MakeWorld) -> None:
    """Everything 2 km further east (whole steps of the candidate grid) gives the same choice, 2 km further east."""
    here = plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS])), wells())
    there = plan_wells(
        make_world(points("villages", [{**row, "at": (row["at"][0] + 2000, 0)} for row in VILLAGES]),
                   points("water_points", [{**row, "at": (row["at"][0] + 2000, 0)} for row in PUMPS])), wells())
    left, right = (table.tables["wells"].query("chosen").to_crs(metric_crs(TINY)) for table in (here, there))
    assert left["action_id"].tolist() == right["action_id"].tolist()
    assert np.allclose(left.geometry.x + 2000, right.geometry.x, atol=0.3)


@settings(deadline=None, derandomize=True, max_examples=8,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1_000_000, 40_000_000), min_size=2, max_size=2).map(sorted))
def test_more_money_never_serves_fewer_people(make_world: MakeWorld, budgets: list[int]) -> None:
    """People expected after the plan never fall when the budget grows, and nobody is served twice."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    less, more = (figure(plan_wells(world, wells(budget_fcfa=budget)), "served_after") for budget in budgets)
    assert less <= more <= 1000


def test_a_repair_beside_a_latrine_says_so(make_world: MakeWorld) -> None:
    """A chosen repair 20 m from a latrine tells to test the water and move the latrine."""
    latrines = points("latrines", [{"latrine_id": "l", "kind": "household", "cabins": 1, "state": "usable",
                                    "at": (3120, 0)}])
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]), latrines)
    row = plan_wells(world, wells(budget_fcfa=1e6)).tables["wells"].set_index("action_id").loc["R-w2"]
    assert "A latrine stands 20 m away, less than 30 m" in row["reason_en"]
    assert "déplacez la latrine" in row["reason_fr"]


def test_what_is_not_chosen_says_what_it_could_do(make_world: MakeWorld) -> None:
    """With money for the repair only, a borehole at c says that alone it could serve its 100 people."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    row = plan_wells(world, wells(budget_fcfa=1e6)).tables["wells"].set_index("action_id").loc["N-C-01"]
    assert "Alone it could serve 100 of them for 6,300,000 FCFA" in row["reason_en"]
