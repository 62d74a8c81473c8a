"""compare.html as text: what the money buys, who loses, what is never regretted, against the first plan."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from gis_planner.maps import safe
from gis_planner.maps.compare import render
from gis_planner.maps.compare.measures import differences, gained, sites, total_cost, villages
from gis_planner.maps.web.facts import worst_village
from gis_planner.maps.words import shipped_words, word
from gis_planner.problems import Refused
from gis_planner.tables.plan import Plan


@pytest.fixture(scope="module")
def plans(plan_maker: Callable[..., Plan]) -> list[Plan]:
    """Four scenarios: the reference builds 30 wells, the others 15, 28 and 31 of the same ranking."""
    return [plan_maker(), plan_maker("half-budget", chosen=15, gain=0.5),
            plan_maker("rainy-season", chosen=28, gain=0.9), plan_maker("new-camp", chosen=31, gain=1.05)]


@pytest.fixture(scope="module")
def page(plans: list[Plan]) -> str:
    """The comparison of the four, in English."""
    return render(plans)


def _plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)))


def test_one_file_that_loads_nothing(page: str) -> None:
    """The comparison of four plans is one file under 2 MB that names no outside resource."""
    assert len(page.encode()) < 2_000_000
    assert safe.external_links(page) == []


def test_what_half_the_money_buys_is_said_in_words(plans: list[Plan], page: str) -> None:
    """The first screen says how much less is spent and how many people fewer are served."""
    less = total_cost(plans[0]) - total_cost(plans[1])
    fewer = gained(plans[0]) - gained(plans[1])
    said = _plain(page[page.index('id="in-words"'):page.index('id="no-regret"')])
    assert f"Spends {less:,.0f} FCFA less" in said
    assert f"serves {fewer:,.0f} fewer people with water" in said


def test_the_villages_that_lose_most_come_first(plans: list[Plan], page: str) -> None:
    """The table of villages is in order of the greatest loss in any scenario."""
    rows = villages(plans)
    least = pd.concat([differences(rows, at) for at in range(4)], axis=1).min(axis=1)
    first = rows.loc[least.idxmin(), "village"]
    part = page[page.index('id="who-gains"'):page.index('id="cost-by-line"')]
    names = re.findall(r'<th scope="row">([^<]+)<', part)
    assert names[0] == safe.html(first)
    assert len(names) == len(rows)


def test_differences_are_after_minus_after_of_the_first(plan: Plan) -> None:
    """A village served 10 fewer people has a difference of -10; one that a plan lacks counts as 0 there."""
    table = plan.results["villages"]
    fewer = table.iloc[1:].assign(served_after=lambda rows: rows["served_after"] - 10)
    rows = villages([plan, dataclasses.replace(plan, results={**plan.results, "villages": fewer})])
    change = differences(rows, 1)
    assert change[table["village_id"].iloc[1]] == -10
    assert change[table["village_id"].iloc[0]] == -float(table["served_after"].iloc[0])


def test_never_regretted_are_the_places_of_every_plan(plans: list[Plan]) -> None:
    """With 30, 15, 28 and 31 wells of one ranking, the 15 first are chosen by all four."""
    wells = [site for site in sites(plans) if site.table == "wells"]
    assert len(wells) == 31
    assert sorted(site.id for site in wells if site.times == 4) == [f"W{number:04d}" for number in range(1, 16)]
    # 16..28 by three (not half-budget), 29 and 30 by two, 31 by one
    assert [sum(site.times == times for site in wells) for times in (3, 2, 1)] == [13, 2, 1]


def test_worst_village_is_the_lowest_share_served(plan: Plan) -> None:
    """The worst village is that with the lowest share of its people served after the plan."""
    rows = plan.results["villages"]
    share = rows["served_after"] / rows["people"]
    found = worst_village(plan)
    assert found is not None
    assert found[0] == rows.loc[share.idxmin(), "village"]
    assert found[1] == pytest.approx(share.min(), abs=1e-6)


def test_cost_lines_add_up(plans: list[Plan]) -> None:
    """The cost of a plan: 10 repairs and 20 boreholes, latrines 9 million, routes whose cost holds all their rounds."""
    # wells: 10 x 350,000 + 20 x 8,500,000 = 173.5 million; latrines 9 million by figure;
    # nets 3 x 65,000; larviciding 65,000 for its 12 rounds together
    assert total_cost(plans[0]) == 173_500_000 + 9_000_000 + 195_000 + 65_000


def test_slider_values_run_from_worst_to_best(plan: Plan, page: str) -> None:
    """Each criterion of the candidates is 0 for the worst and 1000 for the best; the cheapest scores best on cost."""
    found = re.search(r'<script type="application/json" id="candidates">(.*?)</script>', page, flags=re.DOTALL)
    assert found
    wells = json.loads(found.group(1))["tables"]["wells"]
    assert len(wells["id"]) == 300
    assert sum(wells["chosen"]) == 30
    # capacity_people is 300 for every candidate, so it tells none apart and is all 0
    assert [min(values) for values in wells["values"]] == [0] * 8
    assert [max(values) for values in wells["values"]] == [1000] * 7 + [0]
    cost = plan.results["wells"].set_index("action_id")["cost_fcfa"]
    cheapest = {name for name, value in zip(wells["id"], wells["values"][2], strict=True) if value == 1000}
    assert cheapest == set(cost.index[cost == cost.min()])


def test_the_solved_set_is_kept_apart_in_words(page: str) -> None:
    """The sliders' section says that it ranks one by one and does not solve again."""
    assert "It does not solve again" in _plain(page)


def test_no_english_label_is_left_in_french(plans: list[Plan]) -> None:
    """With lang fr no English sentence of the word table and no English function word stands on the page."""
    text = _plain(render(plans, "fr"))
    pairs = shipped_words()["ui"].values()
    assert [en for en, fr in pairs if en != fr and len(en) > 12 and safe.html(en) in text] == []
    assert re.findall(r"\b(?:the|of|and|with|are|people|by|have|from)\b", text) == []


def test_one_plan_alone_and_none(plan: Plan) -> None:
    """One plan gives a page with itself as reference; no plan is refused."""
    assert word("compare", "en") in render([plan])
    with pytest.raises(Refused, match="compare-nothing"):
        render([])


def test_plans_without_water_can_be_compared(plans: list[Plan]) -> None:
    """Plans that decided only nets are compared on what they hold."""
    only = [dataclasses.replace(plan, results={"net_points": plan.results["net_points"]}, curves={})
            for plan in plans[:2]]
    assert "Mosquito nets" in render(only)


def test_same_bytes_from_shuffled_rows(plans: list[Plan], page: str) -> None:
    """Rows in another order give the same story, tables and places."""
    mixed = [dataclasses.replace(plan, results={
        name: rows.iloc[np.random.default_rng(5).permutation(len(rows))] if name in {"villages", "wells"} else rows
        for name, rows in plan.results.items()}) for plan in plans]
    assert _plain(render(mixed)) == _plain(page)
