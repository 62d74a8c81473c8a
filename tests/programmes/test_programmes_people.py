"""Where people are: the village's number, the raster's shape, the register's houses where the raster is off."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_world import X0, Y0, MakeWorld, points, raster, village

# One row of ten cells of 100 m; 50 people each 150 m to 550 m east, 58 in the last cell, 950 m east.
CELLS = [[0, 10, 10, 10, 10, 10, 0, 0, 0, 58]]


def world_of(make_world: MakeWorld, camp_people: int, homes: list[tuple[int, float]]) -> Any:
    """A village of 50 at 300 m east and a camp at 1,000 m, and homes (people, metres east) of the camp's register."""
    rows = [{"household_id": f"h{number}", "village_id": "CAMP", "people": people, "at": (x, -50.0)}
            for number, (people, x) in enumerate(homes)]
    layers = [points("villages", [village("a", 50, 300, -50), village("camp", camp_people, 1000, -50)]),
              raster("population", CELLS, cell_m=100.0), *([points("households", rows)] if rows else [])]
    return make_world(*layers)


def camp_of(world: Any) -> list[tuple[float, int]]:
    """Metres east and people of the camp's groups."""
    groups = world.people.groups[world.people.groups["village"] == 1]
    return [(round(x - X0), int(people)) for x, people in zip(groups["x_m"], groups["people"], strict=True)]


def test_where_the_raster_is_over_a_tenth_off_the_register_says_where_people_live(make_world: MakeWorld) -> None:
    """A camp of 20 with 58 people in the raster stands at the houses of its register, which holds its 20."""
    world = world_of(make_world, 20, [(12, 1010.0), (8, 1410.0)])
    # squares of 200 m: the two houses lie in different ones
    assert camp_of(world) == [(1010, 12), (1410, 8)]
    assert [finding.code for finding in world.people.findings] == ["raster-disagrees"]
    assert "register" in world.people.findings[0].remedy


@pytest.mark.parametrize("homes", [[], [(9, 1010.0)]])
def test_without_a_whole_register_the_raster_says_where_people_live(make_world: MakeWorld, homes: Any) -> None:
    """No register, or one with 9 of 20 people, leaves the camp's 20 at the raster's cell."""
    world = world_of(make_world, 20, homes)
    assert camp_of(world) == [(950, 20)]
    assert "the raster gives only where" in world.people.findings[0].remedy


def test_a_raster_that_agrees_is_kept(make_world: MakeWorld) -> None:
    """A camp of 58 with 58 people in the raster stays at its cell whatever the register says; nothing is found."""
    world = world_of(make_world, 58, [(58, 1410.0)])
    assert camp_of(world) == [(950, 58)]
    assert world.people.findings == ()


def test_people_are_whole_and_sum_to_every_village(make_world: MakeWorld) -> None:
    """Groups sum to the village's number with the register (19 + 1 in 20) as with the raster (50 in five cells)."""
    world = world_of(make_world, 20, [(18, 1010.0), (1, 1410.0)])
    assert world.people.groups.groupby("village")["people"].sum().tolist() == [50, 20]
    assert float(world.people.groups["y_m"].min()) == pytest.approx(Y0 - 50, abs=0.1)
