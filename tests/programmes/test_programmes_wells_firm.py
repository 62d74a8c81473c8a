"""The firmness of a wells plan: its stated future is the plan, its tables are described, its words say the doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_programmes_wells import PUMPS, VILLAGES, wells
from tiny_world import MakeWorld, points, pump, village

from gis_planner.problems import Refused
from gis_planner.programmes.people import PeopleSettings
from gis_planner.programmes.result import Outcome
from gis_planner.programmes.robust.case import Case
from gis_planner.programmes.robust.draws import stated
from gis_planner.programmes.robust.ranks import CRITERIA
from gis_planner.programmes.robust.sets import as_stated
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.robust.value import scene
from gis_planner.programmes.wells import firm as firm_module
from gis_planner.programmes.wells.firm import COLUMNS
from gis_planner.programmes.wells.firm_case import span
from gis_planner.programmes.wells.firm_surveys import visit_cost
from gis_planner.programmes.wells.plan import plan_wells
from gis_planner.tables.results import RESULTS

FEW = FirmSettings(draws=400, futures=20, resolved=10, proven=1)


def drawn(make_world: MakeWorld, firm: FirmSettings = FEW, extra: Any = (), **more: Any) -> Outcome:
    """The three villages of the line, planned and drawn."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS, *extra]))
    return plan_wells(world, wells(**more), firm)


def figure(outcome: Outcome, key: str) -> float:
    """A figure of the wells programme."""
    return next(one.value for one in outcome.figures if one.key == f"wells.{key}")


def test_the_plan_is_the_same_with_and_without_draws(make_world: MakeWorld) -> None:
    """Firmness adds columns and tables; what is chosen and expected does not move."""
    with_draws, without = drawn(make_world), drawn(make_world, FirmSettings(draws=0))
    kept = [name for name in RESULTS["wells"].names if name not in COLUMNS]
    pd.testing.assert_frame_equal(pd.DataFrame(with_draws.tables["wells"][kept]), pd.DataFrame(
        without.tables["wells"][kept]))
    assert without.tables["wells"][list(COLUMNS)].isna().all().all()
    assert "surveys" not in without.tables


def test_the_stated_future_is_the_plan(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """People expected and money as stated are those of the plan, so every doubt is measured from it."""
    seen: list[Case] = []
    real = firm_module.case_of

    def keep(*given: Any) -> Case:
        seen.append(real(*given))
        return seen[-1]

    monkeypatch.setattr(firm_module, "case_of", keep)
    outcome = drawn(make_world)
    table = outcome.tables["wells"]
    chosen = table[table["chosen"]]
    assert as_stated(seen[0]) == pytest.approx(chosen["people_expected"].sum(), abs=0.1)
    assert scene(seen[0], stated(seen[0])).cost[seen[0].chosen].sum() == pytest.approx(chosen["cost_fcfa"].sum())


def test_tables_hold_their_columns(make_world: MakeWorld) -> None:
    """Each table of firmness has the described columns; shares lie in 0..1; ranks are whole; surveys are in order."""
    outcome = drawn(make_world)
    for name in ("wells_ranks", "wells_weights", "wells_tornado", "surveys"):
        table = outcome.tables[name]
        assert set(RESULTS[name].names) <= set(table.columns), name
    shares = outcome.tables["wells_ranks"]["share"]
    assert ((shares > 0) & (shares <= 1)).all()
    assert set(outcome.tables["wells_weights"]["criterion"]) <= set(CRITERIA)
    rates = outcome.tables["surveys"]["gain_per_million_fcfa"].to_numpy()
    assert (np.diff(rates) <= 1e-9).all()
    assert outcome.tables["surveys"]["survey_id"].is_unique


def test_the_words_say_draws_and_futures_in_both_languages(make_world: MakeWorld) -> None:
    """The sure repair of w2 leads: in the top, and in the plan, in nearly all draws, and the row says so."""
    table = drawn(make_world).tables["wells"].set_index("action_id")
    row = table.loc["R-w2"]
    count = int(table["chosen"].sum())
    assert row["firm_en"].startswith(f"In the top {count} in {row['top_share'] * 100:.0f} % of draws; in the plan in ")
    assert row["firm_fr"].startswith(f"Parmi les {count} premiers dans {row['top_share'] * 100:.0f} % des tirages ; ")
    assert row["firm_en"].endswith("of 10 futures.")


def test_the_same_run_gives_the_same_tables(make_world: MakeWorld) -> None:
    """Two runs of one seed agree to the last digit in every table."""
    one, two = drawn(make_world), drawn(make_world)
    for name in ("wells", "wells_ranks", "wells_weights", "wells_tornado", "surveys"):
        pd.testing.assert_frame_equal(pd.DataFrame(one.tables[name].drop(columns="geometry", errors="ignore")),
                                      pd.DataFrame(two.tables[name].drop(columns="geometry", errors="ignore")))


def test_an_unknown_point_is_a_doubt_and_a_visit(make_world: MakeWorld) -> None:
    """A pump of unknown status beside village c moves the answer (tornado) and can be visited (surveys), in words."""
    outcome = drawn(make_world, extra=[pump("u1", 6000, status="unknown")])
    assert "unknown_status" in set(outcome.tables["wells_tornado"]["factor_id"])
    visits = outcome.tables["surveys"].query("kind == 'status_visit'")
    assert visits["village_id"].tolist() == ["C"]
    assert "Nobody knows whether 1 water point of c works" in visits["reason_en"].iloc[0]
    assert "On ignore si 1 point d’eau de c marche" in visits["reason_fr"].iloc[0]


def test_an_assumed_population_is_in_wider_doubt(make_world: MakeWorld) -> None:
    """A village counted with an assumption may hold 500 to 1,400 people; a counted one 0.8 to 1.25 of its count."""
    world = make_world(points("villages", [village("a", None, 0), village("b", 800, 6000)]),
                       points("water_points", [pump("w", 30_000)]), people=PeopleSettings(assumed_population=1000))
    outcome = plan_wells(world, wells(), FEW)
    counts = outcome.tables["surveys"].query("kind == 'population_count'").set_index("village_id")
    assert "a may hold 500 to 1,400 people; the plan counts 1,000." in counts.loc["A", "reason_en"]
    assert "b may hold 640 to 1,000 people; the plan counts 800." in counts.loc["B", "reason_en"]


def test_village_by_village_only_ranks_are_drawn(make_world: MakeWorld) -> None:
    """With the least served village first no set is chosen again, and a note says so."""
    outcome = drawn(make_world, equity="least_served_first")
    assert "wells_ranks" in outcome.tables
    assert "surveys" not in outcome.tables
    assert outcome.tables["wells"]["chosen_share"].isna().all()
    assert "firmness-partial" in {finding.code for finding in outcome.findings}


def test_a_plain_number_is_sure_and_a_norm_has_its_range(make_world: MakeWorld) -> None:
    """Prices stated at 1.1 times are no bar of the tornado; the norm's 0.8 to 1.4 is one."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    assert (span(world, 1.1, "ratio").low, span(world, 1.1, "ratio").high) == (1.1, 1.1)
    assert (span(world, "costs.price_ratio.assumed", "ratio").low, span(world, "costs.price_ratio.assumed",
                                                                        "ratio").high) == (0.8, 1.4)
    sure = drawn(make_world, FEW.model_copy(update={"price_ratio": 1.0}))
    assert not {"drill_price", "repair_price"} & set(sure.tables["wells_tornado"]["factor_id"])


def test_the_price_of_a_visit(make_world: MakeWorld) -> None:
    """As stated; without a statement and without costs layer, the norm of 30,000 FCFA."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    assert visit_cost(world, FEW) == 30_000
    assert visit_cost(world, FEW.model_copy(update={"visit_cost": 12_000.0})) == 12_000


def test_weights_that_cannot_sum_to_one_are_refused(make_world: MakeWorld) -> None:
    """Lows of 0.7 and 0.6 leave no weighing: refused before anything is drawn."""
    greedy = FirmSettings.model_validate({"weights": [{"criterion": "people", "low": 0.7},
                                                      {"criterion": "chance", "low": 0.6}]})
    with pytest.raises(Refused, match=r"robustness.*weights.*sum to 1"):
        drawn(make_world, greedy)


def test_more_holes_at_one_place(make_world: MakeWorld) -> None:
    """Prior of 60 % worth ten holes: two holes give water with 1 - 0.4 * 5/11; the cost counts both."""
    world = make_world(points("villages", [*VILLAGES]), points("water_points", [*PUMPS]))
    row = plan_wells(world, wells(most_holes=2)).tables["wells"].set_index("action_id").loc["N-B-01"]
    # Beta(6, 4): both dry with 4/10 * 5/11
    both = 0.4 * 5 / 11
    assert row["success_probability"] == pytest.approx(1 - both, abs=1e-4)
    assert row["expected_holes"] == pytest.approx(1.4 / (1 - both), abs=0.01)
    # millions: 7.5 with 0.6, 0.5 + 4 + 0.5 + 7 = 12 with 0.4 - both, 9 with both
    assert row["cost_fcfa"] == pytest.approx(1e6 * (0.6 * 7.5 + (0.4 - both) * 12 + both * 9), abs=500)
    assert (row["cost_low_fcfa"], row["cost_high_fcfa"]) == (7.5e6, 12e6)
