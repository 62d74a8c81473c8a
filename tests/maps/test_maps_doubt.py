"""Doubt on the page: the ladder, ranks by draws, what moves the result, the front, surveys, the board's page."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from doubt_tables import with_doubt
from hypothesis import given, settings
from hypothesis import strategies as st
from maps_plan import NAMES, small_plan

from gis_planner.maps import compare, report, safe
from gis_planner.maps.atlas.board import board_sheet, write_board
from gis_planner.maps.atlas.words import bambara
from gis_planner.maps.compare.answers import line_words, unchanged
from gis_planner.maps.report.doubt import bins
from gis_planner.maps.report.ladder import ladder
from gis_planner.maps.web.doing import doing
from gis_planner.maps.web.firm import band, firm_counts, firm_marks
from gis_planner.maps.web.numbers import number
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS


class _Rows(HTMLParser):
    """The rows of every table of a page by caption: lists of cell texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self._caption, self._inside, self._row = "", "", list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self._caption, self._inside = "", tag
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._inside = tag
            self._row.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.tables.setdefault(self._caption, []).append(self._row)
        elif tag in {"td", "th", "caption"}:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "caption":
            self._caption += data
        elif self._inside:
            self._row[-1] += data


@pytest.fixture(scope="module")
def doubtful(plan: Plan) -> Plan:
    """The plan of teaching size with every table of doubt."""
    return with_doubt(plan)


@pytest.fixture(scope="module")
def page(doubtful: Plan) -> str:
    """Its report in English."""
    return report.render(doubtful)


def test_the_ladder_adds_up_to_the_people(doubtful: Plan, page: str) -> None:
    """Each row of the ladder is the sum over villages, its five rungs are everybody; the change is after less today."""
    rows = doubtful.results["villages"]
    found = ladder(rows)
    assert sum(found["today"].values()) == pytest.approx(rows["people"].sum())
    assert sum(found["after"].values()) == pytest.approx(rows["people"].sum())
    today, after, change = _Rows(page).tables["Service ladder"][1:]
    assert today[2] == number(float(rows["served_today"].sum()), "en", 0)
    assert after[2] == number(float(rows["served_after"].sum()), "en", 0)
    assert change[2] == f"+{number(float((rows['served_after'] - rows['served_today']).sum()), 'en', 0)}"


def test_a_plan_without_rungs_or_draws_has_no_such_section(plan: Plan) -> None:
    """A plan that knows nothing of rungs, draws or a front shows neither, and no frame on the map."""
    text = report.render(plan)
    for name in ("ladder", "doubt", "front"):
        assert f'id="{name}"' not in text
    assert firm_counts(plan) == {}
    assert firm_marks(plan) == {}


@given(st.integers(1, 400), st.integers(1, 60))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_groups_of_ranks_hold_every_rank_once(most: int, taken: int) -> None:
    """From 1 to the last rank each rank is in one group, and one group ends at the number of places taken."""
    found = bins(most, taken)
    assert [rank for first, last in found for rank in range(first, last + 1)] == list(range(1, most + 1))
    assert taken > most or any(last == taken for _, last in found)


def test_each_place_shows_its_shares_of_ranks(page: str) -> None:
    """The first place comes at ranks 1 to 4 in a quarter of draws each: 25 % at 1, 50 % at 2-3, 25 % at 4-5."""
    rows = _Rows(page).tables["At which rank each place comes, by draws"]
    assert rows[0][1:4] == ["1", "2-3", "4-5"]
    assert rows[1][1:4] == ["25\u00a0%", "50\u00a0%", "25\u00a0%"]


@pytest.mark.parametrize(("share", "name"), [(0.8, "firm"), (0.799, "likely"), (0.5, "likely"), (0.499, "open")])
def test_bands_of_firmness(share: float, name: str) -> None:
    """Firm from 80 % of draws on, likely from 50 %, open below."""
    assert band(share) == name


def test_firmness_stands_in_the_decision_the_map_and_the_popup(doubtful: Plan, page: str) -> None:
    """30 chosen places, a third each at 95, 70 and 30 %: ten firm, ten open, in words, as frames and in the popups."""
    assert firm_counts(doubtful) == {"firm": 10, "likely": 10, "open": 10}
    assert "10 of 30 chosen water points stay chosen in 80 % of draws or more; 10 in fewer than 50 %." in page
    assert sorted(set(firm_marks(doubtful).values())) == ["firm", "likely", "open"]
    assert "in the top 30 in 95 % of draws (firm)" in page


def test_what_moves_the_result_most_comes_first(page: str) -> None:
    """Of two factors the one with the wider result leads, with people at its low and high value."""
    rows = _Rows(page).tables["What moves the result most"]
    assert [row[0] for row in rows[1:]] == ["People counted", "Cost of a borehole"]
    assert rows[1][2:] == ["0.8", "300", "1.2", "900", "2"]


def test_the_front_is_a_plot_and_a_table(page: str) -> None:
    """Each point of the front stands in the plots with its number and in the table with its aim."""
    rows = _Rows(page).tables["Other plans, and what each gives up"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[1][2:4] == ["600", "20\u00a0%"]
    plot = page[page.index('aria-labelledby="front-people_expected"'):]
    assert plot[:plot.index("</svg>")].count("<circle") == 3


def test_the_curve_stands_beside_what_ranking_claims(doubtful: Plan, page: str) -> None:
    """Three lines in one plot, and one sentence with what the peer claims and truly serves."""
    last = doubtful.curves["wells"][-1].people
    claimed, truly = number(last * 1.5, "en", 0), number(last * 0.75, "en", 0)
    assert f"claims {claimed} people for the same money, but serves {truly}" in page
    plot = page[page.index('aria-labelledby="curve-0-t"'):]
    assert plot[:plot.index("</svg>")].count("<path") == 3


def test_surveys_are_drawn_and_never_needed(doubtful: Plan, page: str) -> None:
    """A place to survey is a layer of the map with its reason in the popup."""
    assert "Its state decides two places." in page
    assert '"key":"surveys"' in page
    assert len(doubtful.results["surveys"]) == 1


def test_comparison_answers_its_three_questions_first(doubtful: Plan) -> None:
    """What less money buys, who loses and what is never regretted come before every table, with their numbers."""
    wells = doubtful.results["wells"]
    half = wells.assign(chosen=wells["chosen"] & (wells["rank"] <= 15))
    villages = doubtful.results["villages"]
    later = villages.assign(served_after=villages["served_today"]
                            + 0.75 * (villages["served_after"] - villages["served_today"]))
    figures = tuple(figure for figure in doubtful.figures if not figure.key.endswith(".cost"))
    base = dataclasses.replace(doubtful, figures=figures)
    less = dataclasses.replace(base, name="half", results={**base.results, "wells": half, "villages": later})
    (line,) = line_words(less, base, "en")
    money = half.loc[half["chosen"], "cost_fcfa"].sum() / wells.loc[wells["chosen"], "cost_fcfa"].sum()
    assert line.startswith(f"Water points: {100 * money:.0f} % of the money, 75 % of the result")
    assert unchanged(less, base) == ["latrines", "nets", "larviciding"]
    text = compare.render([base, less])
    first = text[text.index('id="answers"'):text.index('id="in-words"')]
    assert "What do we get for less money?" in first
    assert "chosen by every scenario: 15 of 30 that any of them builds. Of these, firm under doubt in each: 5." in first
    assert "As in the reference: Latrines, Mosquito nets, Larviciding" in first


def _known(plan: Plan) -> Plan:
    return dataclasses.replace(plan, results={name: rows for name, rows in plan.results.items() if name in RESULTS})


def test_a_board_page_says_what_at_what_cost_how_sure_and_who_is_left_out() -> None:
    """Three numbers, each programme's line, cost by line with its total, proofs with firmness, villages left out."""
    sheet = board_sheet(_known(with_doubt(small_plan())), "en")
    # six villages of 500 to 505 people, 100 served today and 400.5 after: 6 x 300.5 gain, 3015 - 6 x 400.5 are without
    assert [item["value"] for item in sheet["numbers"]][1:] == ["+ 1,803", "612"]
    assert [line["text"] for line in sheet["costs"]][-1] == "Total"
    # the village of 505 people has the most left out
    assert [line["text"] for line in sheet["left"]["rows"]] == list(reversed(NAMES))
    assert sheet["sure"][-1]["text"].endswith("in fewer than 50 %.")
    assert sheet["does"]


def test_surveys_pay_when_they_gain_somebody(doubtful: Plan, page: str) -> None:
    """A survey that gains less than one person is in the table and not counted as one that pays."""
    rows = doubtful.results["surveys"].assign(gain_people=1.0)
    both = pd.concat([rows, rows.assign(survey_id="other", rank=2, gain_people=0.9)], ignore_index=True)
    plan = dataclasses.replace(doubtful, results={**doubtful.results, "surveys": both})
    assert str(doing(plan, "surveys", "en")).startswith("Surveys that would pay before building: 1; first:")
    assert doing(dataclasses.replace(plan, results={**plan.results, "surveys": both.iloc[1:]}), "surveys", "en") is None
    assert "Surveys by worth" in page
    assert page.count("What neighbouring surveys gain does not add up") == 1


def test_the_board_names_first_the_villages_where_nobody_is_served() -> None:
    """A hamlet of 82 of whom nobody is served comes before villages with more people left out."""
    plan = _known(small_plan())
    rows = plan.results["villages"].copy()
    rows.loc[rows.index[0], ["people", "served_today", "served_after"]] = [82, 0, 0]
    left = board_sheet(dataclasses.replace(plan, results={**plan.results, "villages": rows}), "en")["left"]["rows"]
    assert left[0] == {"text": NAMES[0], "left": "82", "people": "82", "share": "100 %"}
    assert [line["text"] for line in left[1:]] == list(reversed(NAMES[1:]))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_board_is_one_page_a_plan_with_its_names_as_text(tmp_path: Path, hostile_names: tuple[str, ...]) -> None:
    """Two plans are two pages, hostile names are set as text, and a plan without anything is a page too."""
    hostile = small_plan(hostile_names[:6])
    bare = dataclasses.replace(small_plan(), results={}, base={}, figures=(), proofs=(), curves={})
    write_board([hostile, bare], tmp_path / "board.pdf")
    done = subprocess.run(["pdftotext", str(tmp_path / "board.pdf"), "-"], capture_output=True, check=True)
    pages = done.stdout.decode("utf-8").split("\f")
    assert len([text for text in pages if text.strip()]) == 2
    said = re.sub(r"\s+", " ", pages[0])
    assert all(safe.text(name) in said for name in hostile_names[:3])


def test_the_board_is_the_same_bytes_again(tmp_path: Path) -> None:
    """The same plan gives the same page."""
    for name in "ab":
        write_board([small_plan()], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_words_in_bambara_have_a_meaning_in_both_languages() -> None:
    """Each word in Bambara comes with its meaning, and every letter of it is in the font of the paper."""
    assert {item["bambara"] for item in bambara("en")} == {item["bambara"] for item in bambara("fr")}
    assert all(item["meaning"] and item["bambara"] for item in bambara("fr"))
