"""Actions on offer, where boreholes may stand, gardens, equity, fixed choices, the front and the curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box
from test_programmes_wells import PUMPS, VILLAGES, figure, wells, zone
from tiny_world import MakeWorld, lines, points, pump, raster, village

from gis_planner.problems import CannotBeMet, Refused
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.wells.equity import Need, weights
from gis_planner.programmes.wells.plan import plan_wells
from gis_planner.programmes.wells.reasons import reasons

NEW_PUMP = {"rehabilitate_cost": 2e6, "rehabilitate_success": 0.95}
BY_HAND = {"manual_cost": 3e6, "manual_dry_cost": 1e6, "manual_success_share": 0.5}


def wells_table(outcome: Outcome) -> pd.DataFrame:
    """The wells table by action id."""
    return outcome.tables["wells"].set_index("action_id")


def removed(outcome: Outcome, words: str) -> int:
    """How many places the rule of these words removed."""
    found = [f for f in outcome.findings if f.code == "candidates-removed" and words in f.found]
    return int(found[0].found.split()[0]) if found else 0


def teaching(make_world: MakeWorld, *layers: Any, **more: Any) -> Outcome:
    """The three villages of the line, planned."""
    return plan_wells(make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]), *layers),
                      wells(**more))


def test_a_point_is_repaired_or_gets_a_new_pump_never_both(make_world: MakeWorld) -> None:
    """With money for both, one action is done to w2: the new pump, whose chance is better."""
    table = wells_table(teaching(make_world, budget_fcfa=3e6, **NEW_PUMP))
    assert table.loc[["R-w2", "P-w2"], "chosen"].tolist() == [False, True]
    # 300 people x 0.95
    assert table.loc["P-w2", "people_expected"] == pytest.approx(285)
    assert table.loc["P-w2", "life_years"] > table.loc["R-w2", "life_years"]


def test_an_action_with_a_price_and_no_chance_is_refused(make_world: MakeWorld) -> None:
    """The key that lacks is named, with the way out."""
    with pytest.raises(Refused, match=r"wells\.rehabilitate_success.*leave wells\.rehabilitate_cost out"):
        teaching(make_world, rehabilitate_cost=2e6)


def test_an_open_well_can_be_upgraded_where_it_holds_water(make_world: MakeWorld) -> None:
    """An upgrade is offered on the open well that holds water in the dry season, not on the one that dries up."""
    world = make_world(points("villages", [village("a", 300, 0)]), points("water_points", [
        pump("o1", 0, technology="open_well"), pump("o2", 50, technology="open_well", seasonal=True)]))
    table = wells_table(plan_wells(world, wells(upgrade_cost=2e6, upgrade_success=0.8)))
    assert "U-o1" in table.index
    assert "U-o2" not in table.index
    # 300 people have no safe point today: 0.8 x 300 for 2 million beats 0.6 x 300 for 6.3 million
    assert table.loc["U-o1", "people_expected"] == pytest.approx(240)


def test_manual_drilling_is_offered_on_soft_ground_only(make_world: MakeWorld) -> None:
    """Beside a drilling in alluvium holes can be drilled by hand, at half the rig's chance; in schist they cannot."""
    holes = points("drillings", [{"drilling_id": f"d{n}", "success": n % 2 == 0, "at": (x, 0),
                                  "hydrogeological_class": kind}
                                 for n, (x, kind) in enumerate([(3000, "alluvium"), (6000, "fractured schist")])])
    table = wells_table(teaching(make_world, holes, **BY_HAND))
    by_hand = table[table["action"].eq("manual_borehole")]
    assert set(by_hand["village_id"]) == {"B"}
    rig = table.loc["N-B-01"]
    assert table.loc["M-B-01", "success_probability"] == pytest.approx(rig["success_probability"] / 2, abs=1e-4)


def test_a_borehole_says_how_sure_it_is(make_world: MakeWorld) -> None:
    """Interval of the chance, holes for one success and the range of the cost stand in the row."""
    row = wells_table(teaching(make_world, success_probability="drilling.success_share.mali_basement")).loc["N-C-01"]
    assert (row["success_low"], row["success_high"]) == (0.4, 0.8)
    assert row["expected_holes"] == pytest.approx(1 / 0.6, abs=0.01)
    # 0.5 + 4 million when dry, 0.5 + 7 when wet: each has more than a chance of 10 %
    assert (row["cost_low_fcfa"], row["cost_high_fcfa"]) == (4.5e6, 7.5e6)
    assert row["volume_m3_day"] == pytest.approx(8.2)  # 17 L/min x 480 min


@pytest.mark.parametrize(("kind", "shape", "words"), [
    ("zones", {"zone_id": "g", "kind": "grave", "geometry": box(5990, -10, 6010, 10)}, "of graves"),
    ("zones", {"zone_id": "p", "kind": "private", "geometry": box(5990, -10, 6010, 10)}, "on private land"),
    ("streams", {"stream_id": "s", "seasonal": True, "geometry": LineString([(5000, 0), (7000, 1)])}, "of a stream"),
    ("roads", {"road_id": "r", "highway": "track", "speed_kmh": 25.0, "bridge": False, "passable_rainy": False,
               "geometry": LineString([(0, 0), (3900, 0)])}, "from a road that a rig can use"),
])
def test_places_are_removed_by_what_stands_in_the_way(
    make_world: MakeWorld, kind: str, shape: dict[str, Any], words: str
) -> None:
    """Graves, private land, streams and the lack of a road each remove places, and say how many."""
    outcome = teaching(make_world, lines(kind, [shape]), rig_off_road_m=2000)
    assert removed(outcome, words) > 0


def test_graves_keep_boreholes_away_and_other_zones_only_out(make_world: MakeWorld) -> None:
    """The village point of c lies 20 m from a zone: too near for graves (30 m), allowed beside private land."""
    shape = box(6020, -10, 6040, 10)
    near = {name: teaching(make_world, lines("zones", [{"zone_id": "z", "kind": name, "geometry": shape}]))
            for name in ("grave", "private")}
    at_home = {name: np.isclose(wells_table(outcome).query("village_id == 'C' and action == 'new_borehole'")["walk_min"]
                                .min(), 0.05, atol=0.06) for name, outcome in near.items()}
    assert at_home == {"grave": False, "private": True}


def test_the_season_decides_how_far_a_rig_comes(make_world: MakeWorld) -> None:
    """Beside a track that is shut in the rains no place is left for the rig in the rains."""
    track = lines("roads", [{"road_id": "r", "highway": "track", "speed_kmh": 25.0, "bridge": False,
                             "passable_rainy": False, "geometry": LineString([(0, 0), (6500, 0)])}])
    layers = (points("villages", [*VILLAGES]), points("water_points", [*PUMPS]), track)
    dry, wet = (wells_table(plan_wells(make_world(*layers, season=season), wells())) for season in ("dry", "rainy"))
    assert dry["action"].eq("new_borehole").any()
    assert not wet["action"].eq("new_borehole").any()


def test_steep_and_hollow_ground_is_no_place_for_a_rig(make_world: MakeWorld) -> None:
    """A slope of 50 % and a hollow of 5 m around c remove places there, each with its own words."""
    rows, columns = np.mgrid[0:60, 0:80]
    ramp = raster("elevation", 800.0 - 15.0 * rows, at=(4800, 900))
    assert removed(teaching(make_world, ramp), "slopes steeper than 10%") > 0
    bowl = raster("elevation", 400.0 - 5.0 * (np.hypot(rows - 30, columns - 40) < 15), at=(4800, 900))
    assert removed(teaching(make_world, bowl), "hollows at least 0.3 m deep") > 0


def test_when_every_place_is_in_a_setback_the_run_says_so(make_world: MakeWorld) -> None:
    """No repair and a zone over everything: no feasible candidate, and the rules to look at."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [pump("w1", 0)]),
                       zone(-9000, -9000, 15000, 9000))
    with pytest.raises(CannotBeMet, match="no-candidate.*Look at the setbacks and zones"):
        plan_wells(world, wells())


def test_a_handpump_does_not_carry_a_garden_and_the_village(make_world: MakeWorld) -> None:
    """0.25 ha x 5 mm take 12.5 m3 a day, the pump gives 17 L/min x 8 h = 8.16 m3: none is left, two are needed."""
    garden = {"village_id": "B", "hectares": 0.25, "own_well": False}
    outcome = teaching(make_world, gardens=[garden])
    said = next(f for f in outcome.findings if f.code == "garden-conflict")
    assert "12.5 m3 a day; a handpump gives 8.2 m3" in said.found
    assert "carries the garden and 0 people, not 500" in said.remedy
    assert "needs 2 of them" in said.remedy


def test_a_garden_with_its_own_well_gets_it(make_world: MakeWorld) -> None:
    """The garden well is part of the plan, with the places that the garden leaves: (8.16 - 2.5) m3 / 15 L = 377."""
    garden = {"village_id": "C", "hectares": 0.05, "own_well": True}
    row = wells_table(teaching(make_world, gardens=[garden])).loc["G-C-01"]
    assert row["chosen"]
    assert row["capacity_people"] == 377


@pytest.mark.parametrize(("garden", "words"), [
    ({"village_id": "BB", "hectares": 0.1, "own_well": True}, "wells.gardens.*BB.*id of a village"),
    ({"village_id": "B", "hectares": 0.0, "own_well": True}, "wells.gardens.*0 ha.*above 0"),
])
def test_a_faulty_garden_is_refused(make_world: MakeWorld, garden: dict[str, Any], words: str) -> None:
    """An unknown village or no area is named with the garden."""
    with pytest.raises(Refused, match=words):
        teaching(make_world, gardens=[garden])


def test_more_must_haves_than_money_name_their_costs(make_world: MakeWorld) -> None:
    """A borehole of 6.3 million that must be held does not fit 5 million: the sum and the remedy are said."""
    with pytest.raises(CannotBeMet, match=r"must-have-above-budget.*N-C-01 6,300,000.*Raise wells\.budget_fcfa to 6,3"):
        teaching(make_world, budget_fcfa=5e6, must_have=("N-C-01",))


def test_what_must_and_must_not_be_held_is_refused(make_world: MakeWorld) -> None:
    """The same action in both lists is refused; two actions on one point cannot be met."""
    with pytest.raises(Refused, match="must-and-must-not.*R-w2"):
        teaching(make_world, must_have=("R-w2",), must_not=("R-w2",))
    with pytest.raises(CannotBeMet, match="must-exclude-each-other.*P-w2, R-w2|R-w2, P-w2"):
        teaching(make_world, must_have=("R-w2", "P-w2"), **NEW_PUMP)


def test_when_every_useful_action_is_excluded_the_plan_cannot_be_met(make_world: MakeWorld) -> None:
    """With all of its actions in must_not the message says so and names the setting."""
    everything = tuple(teaching(make_world).tables["wells"]["action_id"])
    with pytest.raises(CannotBeMet, match=r"all-excluded.*wells\.must_not"):
        teaching(make_world, must_not=everything)


def test_a_point_of_unknown_status_is_said_in_the_reason() -> None:
    """A repair of a point whose status nobody knows says, in both languages, that it must be visited first."""
    row = {"chosen": True, "action": "repair", "water_point_id": "W1", "village": "Kola", "people_served": 100,
           "people_in_reach": 100, "walk_min_today": float("nan"), "without_source": 100.0, "open_share": 0.0,
           "walk_min": 5.0, "walk_m": 300.0, "success_probability": 0.9, "success_low": 0.8, "success_high": 0.95,
           "expected_holes": float("nan"), "cost_fcfa": 450_000.0, "nearest_latrine_m": float("nan")}
    known, known_fr = reasons(row, 30.0)
    doubtful, doubtful_fr = reasons({**row, "status_unknown": True}, 30.0)
    assert doubtful == f"{known} Nobody knows whether W1 works: visit it before paying."
    assert doubtful_fr == f"{known_fr} Nul ne sait si W1 marche : allez le voir avant de payer."


def test_the_weight_of_a_badly_served_village_by_hand() -> None:
    """Nobody served counts 3, half served 2, all served 1."""
    need = Need(np.array([10, 10, 0]), np.array([0, 1, 2]), np.array([10.0, 20.0, 5.0]), np.array([0.0, 10.0, 5.0]),
                np.array([60.0, 30.0, 30.0]))
    assert weights("worst_off", 3.0, need).tolist() == [3.0, 2.0, 1.0]
    # mean of 60 and 30 minutes over the 20 people without a place is 45
    assert weights("minutes", 3.0, need).tolist() == pytest.approx([60 / 45, 30 / 45, 30 / 45], abs=1e-4)


def test_the_least_served_village_comes_first_when_asked(make_world: MakeWorld) -> None:
    """Money for one borehole goes to 450 people beside a full pump, or, least served first, to 60 who have nothing."""
    world = make_world(points("villages", [village("a", 950, 0), village("camp", 60, 9000)]),
                       points("water_points", [pump("w1", 0)]))
    most, first = (plan_wells(world, wells(budget_fcfa=6.5e6, equity=aim)).tables["wells"].query("chosen")
                   for aim in ("most_people", "least_served_first"))
    assert most["village_id"].tolist() == ["A"]
    assert first["village_id"].tolist() == ["CAMP"]
    assert first["people_expected"].tolist() == [pytest.approx(36)]  # 60 x 0.6


def test_the_front_holds_the_plan_and_nothing_that_another_betters(make_world: MakeWorld) -> None:
    """The chosen set is a point; no point is at least as good as another in every value and better in one."""
    outcome = teaching(make_world, front=True, budget_fcfa=8e6)
    table = outcome.tables["wells_front"]
    chosen = set(outcome.tables["wells"].query("chosen")["action_id"])
    assert any(set(sites.split()) == chosen for sites in table["sites"])
    values = table.assign(cost=-table["cost_fcfa"])[["people_expected", "person_min_saved_day", "worst_village_share",
                                                     "cost"]].to_numpy()
    for at, row in enumerate(values):
        others = np.delete(values, at, axis=0)
        assert not ((others >= row).all(axis=1) & (others > row).any(axis=1)).any()


def test_the_curve_adds_up_and_the_ranking_overclaims(make_world: MakeWorld) -> None:
    """Each next franc serves more; a ranking by people around claims b's 300 at each place, and serves them once."""
    outcome = teaching(make_world, budget_fcfa=30e6)
    people = [step.people for step in outcome.curve]
    assert people == sorted(people)
    assert people[-1] == pytest.approx(outcome.tables["wells"].query("chosen")["people_expected"].sum(), abs=0.3)
    claimed, true = outcome.curves["wells_top_n_claimed"], outcome.curves["wells_top_n"]
    assert [step.label for step in claimed] == [step.label for step in true]
    # w2 is cheapest of those with 300 in reach and comes first; then places of b claim the same 300 once more
    assert [step.people for step in claimed[:2]] == [300, 600]
    assert true[0].people == pytest.approx(270)
    assert true[-1].people <= outcome.curve[-1].people + 1e-6
    assert figure(outcome, "top_n_claimed") > figure(outcome, "top_n_served")


@settings(deadline=None, derandomize=True, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(2_000_000, 30_000_000), min_size=2, max_size=2).map(sorted))
def test_more_money_never_serves_fewer_whatever_the_actions(make_world: MakeWorld, budgets: list[int]) -> None:
    """With new pumps and hand drilling too, people expected never fall when the budget grows."""
    holes = points("drillings", [{"drilling_id": "d", "success": True, "at": (3000, 0),
                                  "hydrogeological_class": "alluvium"}])
    less, more = (figure(teaching(make_world, holes, budget_fcfa=money, **NEW_PUMP, **BY_HAND), "served_after")
                  for money in budgets)
    assert less <= more + 1e-6


def test_the_reason_tells_walk_pump_chance_and_holes(make_world: MakeWorld) -> None:
    """A chosen borehole says who walks how long, the broken pump near by, the chance, its interval and the holes."""
    world = make_world(points("villages", [village("b", 300, 3000)]), points("water_points", [
        pump("w2", 3300, status="not_working", install_year=2009), pump("o", 2000, technology="open_well")]))
    outcome = plan_wells(world, wells(must_not=("R-w2",), success_probability="drilling.success_share.mali_basement"))
    row = outcome.tables["wells"].query("chosen").iloc[0]
    # the open well is 1 km away: 15 minutes at 4 km/h
    assert "300 people of and around b have no place at a safe point within the round trip" in row["reason_en"]
    assert "today they walk 15 minutes to an open well or spring" in row["reason_en"]
    assert "the nearest broken point, w2 of 2009, is 300 m away" in row["reason_en"]
    assert "60 % [40 to 80] chance of water, 1.7 holes expected" in row["reason_en"]
    assert "60 % [40 à 80] de chance d'eau, 1,7 forages attendus" in row["reason_fr"]
    assert row["walk_min_today"] == pytest.approx(15, abs=0.1)


def test_moving_the_ground_moves_the_answer_with_it(make_world: MakeWorld) -> None:
    """Hills, fields, villages and pumps 3 km further east give the same plan and the same minutes."""
    rows, columns = np.mgrid[0:70, 0:80]
    height = 380 + 15 * np.sin(rows / 9) + 10 * np.cos(columns / 7)
    cover = np.where((rows + columns) % 11 < 4, 40, 30)

    def plan(east: float) -> pd.DataFrame:
        ground = [raster(kind, values, at=(east - 300, 1050)) for kind, values in (("elevation", height),
                                                                                   ("land_cover", cover))]
        homes = [village("a", 600, 100 + east, 10), village("b", 300, 1510 + east, -400)]  # none on the edge of a cell
        pumps = [pump("w1", 100 + east, 40), pump("w2", 1600 + east, -310, status="not_working")]
        outcome = plan_wells(make_world(points("villages", homes), points("water_points", pumps), *ground), wells())
        return outcome.tables["wells"]

    here, there = plan(0), plan(3000)  # a whole number of cells of 30 m and of steps of 250 m
    for name in ("action_id", "chosen", "people_expected", "walk_min", "walk_min_today"):
        assert here[name].equals(there[name]), name
    assert not here["walk_min"].isna().all()
