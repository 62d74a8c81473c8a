"""Larviciding: what a habitat is worth, which are treated, weekly rounds."""

from __future__ import annotations

import datetime
import itertools
import math
from typing import Any

import pytest
from tiny_world import MakeWorld, plain, points, village

from gis_planner.problems import CannotBeMet, Refused
from gis_planner.programmes.larviciding.plan import plan_larviciding
from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.tables.layer import Layer

BIKE = {"vehicle_id": "M", "name": "motorbike", "kind": "motorbike", "count": 1, "capacity_bales": 0,
        "speed_kmh": 20.0, "rainy_speed_kmh": 10.0, "cost_per_km_fcfa": 50.0, "cost_per_day_fcfa": 2000.0}
CREW = {"crew_id": "L1", "name": "crew", "programme": "larviciding", "vehicle_id": "M", "depot_id": "D", "people": 2,
        "cost_per_day_fcfa": 5000.0}


def fleet() -> list[Layer]:
    """Depot at the corner, one motorbike, one crew."""
    return [points("depots", [{"depot_id": "D", "name": "Depot", "nets": 0, "at": (0.0, 0.0)}]),
            plain("vehicles", [BIKE]), plain("crews", [CREW])]


def visit(site: str, day: str, dips: int, larvae: int, area_m2: float, x: float) -> dict[str, Any]:
    """One row of the breeding_sites layer."""
    return {"site_id": site, "survey_date": day, "habitat_type": "pond", "dips": dips, "larvae": larvae,
            "area_m2": area_m2, "at": (x, 0.0)}


def larviciding(**more: Any) -> LarvicidingSettings:
    """Settings: flight scale 738 m, 8 minutes a habitat and 10 more per 1,000 m2, three weeks from 1 June 2026."""
    plain_ones = {"product": "Bti", "dose_kg_ha": 0.4, "price_per_kg": 20_000, "interval_weeks": 1, "weeks": 3,
                  "flight_scale_m": 738, "radius_m": 2000, "start_date": datetime.date(2026, 6, 1), "site_min": 8,
                  "min_per_1000_m2": 10}
    return LarvicidingSettings.model_validate({**plain_ones, **more})


WET = visit("s1", "2025-07-01", 10, 20, 50.0, 738.0)
DRY = visit("s1", "2025-07-15", 0, 0, 0.0, 738.0)
TREATED = village("a", 100, 0, mosquito_control=True)


def test_a_habitat_is_worth_expected_larvae_times_people_in_flight_range(make_world: MakeWorld) -> None:
    """2 larvae per dip on 50 m2, wet on half of the visits, 100 people at one flight scale: 50 x 100 / e."""
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [WET, DRY]), *fleet())
    row = plan_larviciding(world, larviciding()).tables["larviciding_sites"].iloc[0]
    assert row["expected_larvae_index"] == pytest.approx(2 * 50 * 0.5)
    assert row["people_in_flight_range"] == pytest.approx(100 / math.e, abs=0.1)
    assert row["score"] == pytest.approx(50 * 100 / math.e, rel=0.005)


def test_dose_and_work_follow_the_area(make_world: MakeWorld) -> None:
    """50 m2 at 0.4 kg/ha take 2 g, and 8 + 0.5 minutes."""
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [WET]), *fleet())
    row = plan_larviciding(world, larviciding()).tables["larviciding_sites"].iloc[0]
    assert row["dose_kg"] == pytest.approx(0.002)
    assert row["work_min"] == pytest.approx(8.5)


def test_a_pinch_is_told_as_a_pinch_and_kept_as_a_number(make_world: MakeWorld) -> None:
    """A hoof print of 0.5 m2 at 0.4 kg/ha takes 0.02 g: the table keeps it, the crew reads "under 0.1 g"."""
    small = visit("s1", "2025-07-01", 10, 20, 0.5, 738.0)
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [small]), *fleet())
    tables = plan_larviciding(world, larviciding()).tables
    # 0.5 m2 / 10,000 m2 per ha x 0.4 kg/ha
    assert tables["larviciding_sites"]["dose_kg"].tolist() == pytest.approx([0.00002])
    assert tables["larviciding_visits"]["dose_kg"].tolist() == pytest.approx([0.00002] * 3)
    stop = tables["stops"].iloc[0]
    assert stop["quantity"] == pytest.approx(0.00002)
    assert "with under 0.1 g of Bti" in stop["task_en"]
    assert "avec moins de 0,1 g de Bti" in stop["task_fr"]


def test_rounds_come_back_on_the_same_day_of_the_week(make_world: MakeWorld) -> None:
    """Three weekly rounds visit the habitat on three days, seven days apart, by the same crew."""
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [WET]), *fleet())
    visits = plan_larviciding(world, larviciding()).tables["larviciding_visits"]
    assert visits["date"].tolist() == ["2026-06-01", "2026-06-08", "2026-06-15"]
    assert visits["weekday"].tolist() == [1, 1, 1]
    assert visits["crew_id"].nunique() == 1


def test_every_second_week_halves_the_visits(make_world: MakeWorld) -> None:
    """With an interval of two weeks a season of four has two visits to each habitat."""
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [WET]), *fleet())
    visits = plan_larviciding(world, larviciding(interval_weeks=2, weeks=4)).tables["larviciding_visits"]
    assert visits["date"].tolist() == ["2026-06-01", "2026-06-15"]


def test_full_days_leave_out_the_habitats_that_matter_least(make_world: MakeWorld) -> None:
    """A crew with one hour a day and one day a week treats the two best of three habitats that take 25 minutes."""
    sites = [visit(name, "2025-07-01", 10, larvae, 100.0, 10.0 * at) for at, (name, larvae) in
             enumerate((("low", 1), ("high", 30), ("mid", 20)))]
    world = make_world(points("villages", [TREATED]), points("breeding_sites", sites), *fleet())
    table = plan_larviciding(world, larviciding(working_hours=1, days_per_week=1, site_min=24)
                             ).tables["larviciding_sites"]
    # 24 + 1 minutes each: two fit into 60 minutes with the ride, three do not
    assert table[table["chosen"]]["site_id"].tolist() == ["high", "mid"]
    assert "crews' days are full" in table.set_index("site_id").loc["low", "reason_en"]


def test_only_villages_with_control_are_treated_unless_stated(make_world: MakeWorld) -> None:
    """A habitat of another village is ranked but not treated, and is treated when the scenario says so."""
    sites = points("breeding_sites", [WET, visit("s2", "2025-07-01", 10, 90, 90.0, 9000.0)])
    villages = points("villages", [TREATED, village("b", 100, 9000)])
    table = plan_larviciding(make_world(villages, sites, *fleet()), larviciding()).tables["larviciding_sites"]
    assert table.set_index("site_id")["chosen"].to_dict() == {"s2": False, "s1": True}
    every = plan_larviciding(make_world(villages, sites, *fleet()), larviciding(only_where_control=False))
    assert every.tables["larviciding_sites"]["chosen"].all()


def test_no_habitat_near_a_village_cannot_be_met(make_world: MakeWorld) -> None:
    """When no habitat lies near a treated village, the keys that could change it are named."""
    far = village("a", 100, 0, mosquito_control=True)
    # 9 km from the village, where 2 km are asked for
    away = visit("s1", "2025-07-01", 10, 20, 50.0, 9000.0)
    with pytest.raises(CannotBeMet, match=r"no-habitat.*radius_m.*only_where_control = false"):
        plan_larviciding(make_world(points("villages", [far]), points("breeding_sites", [away]), *fleet()),
                         larviciding())


def test_no_village_with_control_names_the_column_that_says_so(make_world: MakeWorld) -> None:
    """When treatment is kept to villages with control and none has it, the column and the key are named."""
    world = make_world(points("villages", [village("a", 100, 0)]), points("breeding_sites", [WET]), *fleet())
    with pytest.raises(CannotBeMet, match=r"no-control.*column mosquito_control.*only_where_control = false"):
        plan_larviciding(world, larviciding())


def test_visits_may_come_a_day_early_or_late(make_world: MakeWorld) -> None:
    """With a tolerance of a day the steps between visits are 6 to 8 days, on working days, by the same crew."""
    sites = [visit(f"s{k}", "2025-07-01", 10, 20, 50.0, 300.0 * k) for k in range(1, 5)]
    second = {**CREW, "crew_id": "L2"}
    ways = [fleet()[0], plain("vehicles", [{**BIKE, "count": 2}]), plain("crews", [CREW, second])]
    # 55 + 0.5 minutes at each habitat: two fit into two hours with the ride, so that four habitats need two crew-days
    done = plan_larviciding(make_world(points("villages", [TREATED]), points("breeding_sites", sites), *ways),
                            larviciding(weeks=8, tolerance_days=1, working_hours=2, site_min=55))
    visits = done.tables["larviciding_visits"]
    assert len(visits) == 4 * 8
    for _, own in visits.groupby("site_id"):
        dates = [datetime.date.fromisoformat(day) for day in own["date"]]
        assert {(b - a).days for a, b in itertools.pairwise(dates)} <= {6, 7, 8}
        assert own["crew_id"].nunique() == 1
    assert visits["weekday"].max() <= 5
    figures = {figure.key: figure.value for figure in done.figures}
    assert 6 <= figures["larviciding.fewest_days"] <= figures["larviciding.most_days"] <= 8
    assert figures["larviciding.same_crew"] == 100
    assert figures["larviciding.crew_days"] == 2


def test_tolerance_never_moves_a_visit_by_a_week(make_world: MakeWorld) -> None:
    """Two habitats that fill a day each, every two weeks on Mondays: each keeps to its odd or even weeks."""
    sites = [visit(f"s{k}", "2025-07-01", 10, 20, 50.0, 300.0 * k) for k in (1, 2)]
    world = make_world(points("villages", [TREATED]), points("breeding_sites", sites), *fleet())
    visits = plan_larviciding(world, larviciding(
        weeks=8, interval_weeks=2, tolerance_days=3, days_per_week=1, working_hours=1, site_min=50,
    )).tables["larviciding_visits"]
    # Mondays only: steps of 14 days alone lie within 11 to 17, so the two habitats take odd and even weeks
    assert sorted(set(zip(visits["site_id"], visits["week"] % 2, strict=True))) in (
        [("s1", 0), ("s2", 1)], [("s1", 1), ("s2", 0)])


def test_a_season_that_rounds_do_not_fill_is_refused(make_world: MakeWorld) -> None:
    """Seventeen weeks hold no whole number of repeated rounds; the next seasons that do are named."""
    world = make_world(points("villages", [TREATED]), points("breeding_sites", [WET]), *fleet())
    with pytest.raises(Refused, match=r"use 16 or 18 weeks"):
        plan_larviciding(world, larviciding(weeks=17, tolerance_days=1))
