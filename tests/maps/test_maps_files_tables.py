"""Tables as CSV, workbook and JSON: the documented columns, plain values, no live formula, the same bytes."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
import math
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps_plan import shuffled, small_plan

from gis_planner.maps import safe
from gis_planner.maps.plan_json import plan_facts, write_json
from gis_planner.maps.returns import RETURNS
from gis_planner.maps.rows import natural, result_rows, rounded, tidy
from gis_planner.maps.tables_csv import guarded, unguarded, write_tables
from gis_planner.maps.workbook import write_workbook
from gis_planner.problems import Refused
from gis_planner.tables.results import RESULTS

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_the_documented_columns_in_order(tmp_path: Path) -> None:
    """Each result table is one CSV whose head is the names of tables.results, in order."""
    write_tables(small_plan(), tmp_path)
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(RESULTS)
    for name, table in RESULTS.items():
        first = (tmp_path / f"{name}.csv").read_bytes().split(b"\n")[0].decode()
        assert first.split(",") == table.names


def test_csv_is_utf8_without_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    """CSV files are UTF-8 without byte order mark, lines end with LF alone."""
    write_tables(small_plan(), tmp_path)
    content = (tmp_path / "villages.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert "Ŋɔnɔ-Ɲɛnɛ" in content.decode("utf-8")


def test_numbers_are_rounded_by_unit_and_missing_is_empty(tmp_path: Path) -> None:
    """Degrees have six decimals, metres one, francs none; what is missing is an empty cell; flags are true or false."""
    write_tables(small_plan(), tmp_path)
    row = _csv(tmp_path, "wells")[0]
    assert (row["latitude"], row["longitude"]) == ("12.000000", "-7.840000")
    assert (row["walk_m"], row["cost_fcfa"], row["nearest_latrine_m"]) == ("412.3", "6500000", "")
    assert (row["chosen"], _csv(tmp_path, "wells")[2]["chosen"]) == ("true", "false")


def test_rows_are_in_the_order_people_expect(tmp_path: Path) -> None:
    """Ranked tables begin with rank 1, stops follow their route, and week 10 comes after week 2."""
    write_tables(shuffled(small_plan(), 5), tmp_path)
    assert [row["rank"] for row in _csv(tmp_path, "wells")] == ["1", "2", "3"]
    stops = [(row["route_id"], row["order"]) for row in _csv(tmp_path, "stops")]
    assert stops == sorted(stops, key=lambda stop: (natural(stop[0]), int(stop[1])))
    assert [row["week"] for row in _csv(tmp_path, "larviciding_visits")] == ["1", "1", "2", "2", "10", "10"]
    assert sorted(["S10", "S9", "s1"], key=natural) == ["s1", "S9", "S10"]


def test_no_cell_of_any_csv_is_a_formula(tmp_path: Path, hostile_names: tuple[str, ...]) -> None:
    """With hostile names everywhere no text cell begins like a formula, and each reads back by the documented rule."""
    for at in range(0, len(hostile_names), 6):
        names = tuple((hostile_names * 2)[at:at + 6])
        write_tables(small_plan(names), tmp_path)
        for name, table in RESULTS.items():
            for row in _csv(tmp_path, name):
                for column in table.columns:
                    text = row[column.name]
                    assert column.kind in {"number", "integer"} or not text.startswith(FORMULA)
        found = {unguarded(row["village"]) for row in _csv(tmp_path, "villages")}
        assert found == {safe.text(name) for name in names}


@given(st.text(max_size=20) | st.text(alphabet="'=+-@ \ta1", max_size=8))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_guard_is_undone_by_its_rule(text: str) -> None:
    """Whatever the text, the guarded cell reads back as that text."""
    assert unguarded(guarded(text)) == safe.text(text)


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    """A longitude of -7.9 is not guarded: a program reads it as a number."""
    write_tables(small_plan(), tmp_path)
    assert pd.read_csv(tmp_path / "villages.csv")["longitude"].dtype == float


def test_readme_gives_each_column_and_the_warning(tmp_path: Path) -> None:
    """tables/README.txt states the guard rule, each column, and that the data is simulated when it is."""
    write_tables(small_plan(), tmp_path)
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert "SIMULATED" in text
    assert "walk_m (m): Mean way, one way: metres of a level path that takes as long." in text
    write_tables(small_plan(simulated=False), tmp_path, lang="fr")
    assert "SIMUL" not in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_rounding_is_by_unit() -> None:
    """A number keeps the decimals of its unit, or six significant digits; what is not finite is missing."""
    assert rounded(12.3456789, "degrees") == 12.345679
    assert rounded(-0.0001, "m") == 0.0
    assert math.copysign(1, rounded(-0.0001, "m") or 0.0) == 1
    assert rounded(23437.3512, "") == 23437.4
    assert rounded(math.inf, "m") is None


def test_a_result_without_a_required_column_is_refused() -> None:
    """A result table that lacks a required column is refused by name."""
    frame = small_plan().results["wells"].drop(columns=["cost_fcfa"])
    with pytest.raises(Refused, match="column-missing.*cost_fcfa"):
        tidy(RESULTS["wells"], frame)


def test_an_empty_table_is_a_head_alone(tmp_path: Path) -> None:
    """A result without rows is written with its head, in CSV and in the workbook."""
    plan = small_plan()
    empty = {**plan.results, "wells": plan.results["wells"].iloc[:0]}
    plan = dataclasses.replace(plan, results=empty)
    write_tables(plan, tmp_path)
    assert _csv(tmp_path, "wells") == []
    write_workbook(plan, tmp_path / "plan.xlsx")
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx")["Wells"].max_row == 1


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, openpyxl.Workbook]:
    """The workbook of the small plan in both languages."""
    folder = tmp_path_factory.mktemp("books")
    for lang in ("en", "fr"):
        write_workbook(small_plan(), folder / f"{lang}.xlsx", lang=lang)
    return {lang: openpyxl.load_workbook(folder / f"{lang}.xlsx") for lang in ("en", "fr")}


def test_workbook_has_a_sheet_per_table(books: dict[str, openpyxl.Workbook]) -> None:
    """README first, then figures, one sheet per table and the dictionary of columns."""
    assert books["en"].sheetnames == [
        "Read me", "Figures", "Villages", "Wells", "Wells trade-offs", "Wells ranks", "Wells weights", "Wells doubts",
        "Surveys", "Latrines", "Net points", "Nets by household", "Larval habitats", "Larviciding visits", "Crew-days",
        "Stops", "Columns",
    ]
    assert books["fr"].sheetnames[0] == "Lisez-moi"


def test_workbook_sheets_are_frozen_and_filtered(books: dict[str, openpyxl.Workbook]) -> None:
    """Each table's head stays in view and carries a filter over all its rows."""
    sheet = books["en"]["Wells"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.auto_filter.ref.endswith("4")  # a head and three rows


def test_workbook_holds_real_numbers_and_dates(books: dict[str, openpyxl.Workbook]) -> None:
    """Numbers are numbers with their unit in the head, dates are dates."""
    sheet = books["en"]["Larviciding visits"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert first["Dose (kg)"] == 0.35
    assert first["Date"] == datetime.datetime(2026, 7, 7)
    assert first["Week"] == 1


def test_workbook_shows_the_quantity_of_a_pinch(books: dict[str, openpyxl.Workbook]) -> None:
    """A stop's quantity is shown to the milligram, as kilograms are in the other tables: six decimals."""
    sheet = books["en"]["Stops"]
    at = [cell.value for cell in sheet[1]].index("Quantity") + 1
    assert sheet.cell(2, at).number_format.split(".")[1].count("#") == 6


def test_workbook_in_french_has_french_heads_and_values(books: dict[str, openpyxl.Workbook]) -> None:
    """With French, heads, units, flags and categories are French, and the reason is the French one only."""
    sheet = books["fr"]["Puits et forages"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert first["Retenu"] == "oui"
    assert first["Action"] == "réparer"
    assert first["Données"] == "simulé"
    assert first["Pourquoi"] == "350 personnes près de Sounsounkoro"
    assert not any("350 people" in str(cell.value) for row in sheet for cell in row)


def test_return_columns_check_what_is_typed(books: dict[str, openpyxl.Workbook]) -> None:
    """The columns that come back are empty, at the right, and the spreadsheet checks list, date and quantity."""
    sheet = books["en"]["Wells"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-4:] == [column.label.en for column in RETURNS["wells"]]
    kinds = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert kinds["list"].formula1 in {'"yes,partly,no"', '"gives water,little water,dry,broken"'}
    assert str(kinds["date"].sqref).endswith("4")
    assert all(sheet.cell(2, len(heads) - back).value is None for back in range(4))


def test_workbook_of_hostile_names_has_no_formula(tmp_path: Path, hostile_names: tuple[str, ...]) -> None:
    """No cell of the workbook is a formula or a link, and each name stands there verbatim."""
    for at in range(0, len(hostile_names), 6):
        names = tuple((hostile_names * 2)[at:at + 6])
        path = tmp_path / f"{at}.xlsx"
        write_workbook(small_plan(names), path)
        book = openpyxl.load_workbook(path)
        assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
        assert not [cell for sheet in book for row in sheet for cell in row if cell.hyperlink]
        shown = {cell.value for cell in book["Villages"]["B"]}
        assert {safe.text(name) for name in names} <= shown
        with zipfile.ZipFile(path) as parts:
            assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_tables_do_not_depend_on_row_order(tmp_path: Path) -> None:
    """Plans whose rows and tables come in another order give the same bytes in every table format."""
    for name, plan in (("a", small_plan()), ("b", shuffled(small_plan(), 11))):
        write_tables(plan, tmp_path / name)
        write_workbook(plan, tmp_path / name / "plan.xlsx")
        write_json(plan_facts(plan), tmp_path / name / "plan.json")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_plan_json_holds_figures_proofs_inputs_and_findings(tmp_path: Path) -> None:
    """plan.json has each figure by key, proofs with bounds, digests of inputs, norms and every repair."""
    write_json(plan_facts(small_plan()), tmp_path / "plan.json")
    text = (tmp_path / "plan.json").read_text(encoding="utf-8")
    facts = json.loads(text)
    assert facts["figures"]["wells.people_served_after"]["value"] == 2403.0
    assert facts["proofs"][0]["bound"] == 540.5
    assert facts["inputs"][0]["sha256"] == "ab" * 32
    assert facts["findings"][0]["code"] == "coordinate-swapped"
    assert facts["norms"][0]["source"] == "Sphere"
    assert facts["simulated"] is True
    assert list(facts) == sorted(facts)
    assert "Ouélessébougou" in text


def test_plan_json_survives_values_that_json_lacks(tmp_path: Path) -> None:
    """Infinities, lone surrogates, enums and numpy numbers become plain JSON."""
    write_json({"a": math.inf, "b": np.float64(2.5), "c": "\ud800", "d": {"y", "x"}}, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8")) == {"a": None, "b": 2.5, "c": "?",
                                                                             "d": ["x", "y"]}


def test_every_result_is_described() -> None:
    """A result table that tables.results does not know is refused, with the nearest known name."""
    plan = small_plan()
    with pytest.raises(Refused, match=r"unknown-result.*Did you mean 'wells'"):
        result_rows(dataclasses.replace(plan, results={"well": plan.results["wells"]}))
