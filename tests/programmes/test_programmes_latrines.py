"""Latrines: need by the norm, setbacks both ways, order of the money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_world import X0, Y0, MakeWorld, points, pump, village

from gis_planner.problems import CannotBeMet, Refused
from gis_planner.programmes.latrines.plan import plan_latrines
from gis_planner.programmes.latrines.settings import LatrinesSettings

NO_WELLS = np.zeros((0, 2))
CABIN = 200_000


def latrines(cabins: int = 100, **more: Any) -> LatrinesSettings:
    """Settings with money for so many cabins, 20 people each."""
    return LatrinesSettings.model_validate({"budget_fcfa": cabins * CABIN, "cabin_cost": CABIN,
                                            "school_cabin_cost": CABIN,
                                            "people_per_toilet": 20, **more})


def block(name: str, cabins: int, x: float, kind: str = "household", state: str = "usable") -> dict[str, Any]:
    """One row of the latrines layer."""
    return {"latrine_id": name, "kind": kind, "cabins": cabins, "state": state, "at": (x, 0.0)}


def test_need_is_people_over_the_norm_less_what_is_usable(make_world: MakeWorld) -> None:
    """105 people need 6 cabins; 2 usable and 3 collapsed ones leave 4 to build."""
    world = make_world(points("villages", [village("a", 105, 0)]),
                       points("latrines", [block("l1", 2, 10), block("l2", 3, 20, state="collapsed")]))
    row = plan_latrines(world, latrines(), NO_WELLS).tables["latrines"].iloc[0]
    # 105 / 20 = 5.25, rounded up to 6
    assert (row["toilets_needed"], row["toilets_existing"], row["toilets_planned"]) == (6, 2, 4)
    assert row["cost_fcfa"] == 4 * CABIN


def test_schools_count_girls_staff_and_boys_apart(make_world: MakeWorld) -> None:
    """60 girls and 5 staff at 25 each need 3 cabins, 110 boys at 50 each need 3."""
    school = {"school_id": "s", "name": "s", "girls": 60, "boys": 110, "staff": 5, "at": (300.0, 0.0)}
    world = make_world(points("villages", [village("a", 100, 0)]), points("schools", [school]))
    table = plan_latrines(world, latrines(girls_per_toilet=25, boys_per_toilet=50), NO_WELLS).tables["latrines"]
    assert table.set_index("group_id").loc["s", "toilets_needed"] == 6


def test_latrines_keep_their_distance_from_water_existing_and_planned(make_world: MakeWorld) -> None:
    """A place is at least 30 m from the pump beside the houses and from a well that the same plan drills."""
    world = make_world(points("villages", [village("a", 100, 0)]), points("water_points", [pump("w", 5)]))
    planned = np.array([[X0 - 20, Y0]])
    row = plan_latrines(world, latrines(), planned).tables["latrines"].to_crs(world.crs).iloc[0]
    to_pump = np.hypot(row.geometry.x - (X0 + 5), row.geometry.y - Y0)
    to_planned = np.hypot(row.geometry.x - (X0 - 20), row.geometry.y - Y0)
    assert min(to_pump, to_planned) >= 29.9
    assert row["nearest_water_point_m"] == pytest.approx(min(to_pump, to_planned), abs=1)


def test_a_group_without_a_free_place_is_named(make_world: MakeWorld) -> None:
    """When pumps stand all around a village, it is said by name that it gets no cabin, and others still do."""
    ring = [pump(f"w{at}", 40 * np.cos(at), 40 * np.sin(at)) for at in range(7)]
    world = make_world(points("villages", [village("a", 100, 0), village("b", 40, 5000)]),
                       points("water_points", [*ring, pump("w9", 0)]))
    outcome = plan_latrines(world, latrines(), NO_WELLS)
    assert outcome.tables["latrines"]["village"].tolist() == ["b"]
    assert any(finding.code == "no-place-for-latrine" and "A-g01" in finding.found for finding in outcome.findings)


def test_camps_come_first_then_the_least_served(make_world: MakeWorld) -> None:
    """The order is the camp, then the village with no cabin, then the one that has half of its need."""
    world = make_world(
        points("villages", [village("half", 200, 0), village("none", 60, 5000),
                            village("tent", 40, 9000, kind="camp")]),
        points("latrines", [block("l1", 5, 0)]))
    table = plan_latrines(world, latrines(), NO_WELLS).tables["latrines"]
    assert table["village"].tolist() == ["tent", "none", "half"]


def test_money_is_spent_in_order_and_never_exceeded(make_world: MakeWorld) -> None:
    """With money for 4 cabins the camp gets its 2, the next group 2 of its 3, the last none."""
    world = make_world(
        points("villages", [village("big", 200, 0), village("none", 60, 5000), village("tent", 40, 9000, kind="camp")]))
    table = plan_latrines(world, latrines(4, order="least_served_first"), NO_WELLS).tables["latrines"]
    # needs: tent 2, big 10, none 3; both villages have nothing, so the one with more people comes first
    assert table[["village", "toilets_planned"]].to_numpy().tolist() == [["tent", 2], ["big", 2], ["none", 0]]
    assert table["cost_fcfa"].sum() == 4 * CABIN


def test_bad_budgets_are_answered(make_world: MakeWorld) -> None:
    """A budget of 0 is refused, one below a single cabin cannot be met."""
    world = make_world(points("villages", [village("a", 100, 0)]))
    with pytest.raises(Refused, match=r"latrines\.budget_fcfa"):
        plan_latrines(world, latrines(0), NO_WELLS)
    with pytest.raises(CannotBeMet, match="one cabin"):
        plan_latrines(world, latrines(1, cabin_cost=CABIN + 1, school_cabin_cost=CABIN + 2), NO_WELLS)
