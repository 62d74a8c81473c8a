"""How cells become values: what is read, what is said, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.layers.raw import DateCell, ErrorCell, as_text, unique_heads
from gis_planner.layers.values.coordinate import coordinates, sexagesimal
from gis_planner.layers.values.date import dates
from gis_planner.layers.values.number import numbers, outside, whole_numbers
from gis_planner.layers.values.word import categories, flags, ids, texts


def _codes(out: object) -> list[str]:
    return [code for code, _, _ in out.bad]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("cell", "value"), [
    ("1250", 1250), ("1250.0", 1250), (" 1250 ", 1250), ("1,250", 1250), ("1 250", 1250), ("1\u00a0250", 1250),
    ("1\u202f250", 1250), ("1'250", 1250), ("1,250,000", 1250000), ("+5", 5), ("0", 0), ("001", 1),
])
def test_whole_number_is_read(cell: str, value: int) -> None:
    """A whole number is read with any usual separator of thousands."""
    out = whole_numbers([cell])
    assert out.values[0] == value
    assert not out.bad


@pytest.mark.parametrize(("cell", "code"), [
    ("1.250", "number-ambiguous"), ("2.000", "number-ambiguous"), ("1.250.000", "number-ambiguous"),
    ("12.5", "number-not-whole"), ("12,5", "number-not-whole"), ("1.25E+03", "number-rounded"),
    ("1.2k", "number-unreadable"), ("~500", "number-unreadable"), ("500 people", "number-unreadable"),
    ("1_000", "number-unreadable"), ("0x10", "number-unreadable"), ("\u0661\u0662", "number-unreadable"),
    ("0,250", "number-not-whole"), ("12,50", "number-not-whole"), ("=1+1", "number-unreadable"),
])
def test_whole_number_is_not_guessed(cell: str, code: str) -> None:
    """A text that could mean two numbers, or none, is no value."""
    out = whole_numbers([cell])
    assert math.isnan(out.values[0])
    assert _codes(out) == [code]


def test_three_zeros_are_decimals_when_the_column_shows_it() -> None:
    """2.000 is two when another row says 1250.000: four digits before the point cannot be groups of three."""
    out = whole_numbers(["2.000", "1250.000"])
    assert out.values.tolist() == [2.0, 1250.0]


def test_separators_are_said_once_for_a_column() -> None:
    """What was understood otherwise than written is said, with examples."""
    out = whole_numbers(["1,250", "332", "1 328"])
    assert out.whole == [("thousands-separator", "'1,250', '1 328'")]


@given(st.integers(min_value=0, max_value=10**9))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_grouping_never_changes_a_number(value: int) -> None:
    """A number grouped by commas or spaces is the number without them."""
    for cell in (f"{value:,}", f"{value:,}".replace(",", "\u202f"), str(value)):
        assert whole_numbers([cell]).values[0] == value


@given(st.text(max_size=12))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_any_text_is_a_value_a_gap_or_a_finding(cell: str) -> None:
    """No text raises, and none becomes a number without digits of its own."""
    for out in (whole_numbers([cell]), numbers([cell]), coordinates([cell], "latitude")):
        assert len(out.values) == 1
        known = not math.isnan(out.values[0])
        assert known or out.missing or out.bad
        assert not known or any(char in "0123456789" for char in cell)
    assert len(dates([cell]).values) == 1
    assert len(texts([cell]).values) == 1
    assert len(ids([cell]).values) == 1


def test_decimal_comma_needs_evidence() -> None:
    """5,25 is five and a quarter; 1,250 in a column of measures may be a thousand and is left out."""
    out = numbers(["5,25", "1,250", "7.5"])
    assert out.values[[0, 2]].tolist() == [5.25, 7.5]
    assert _codes(out) == ["number-ambiguous"]
    assert numbers(["5,25", "1,250"], decimal_comma=True).values.tolist() == [5.25, 1.25]


def test_limits_and_missing_codes() -> None:
    """A negative count, a code for missing and a value beyond the limits have findings of their own."""
    cells = ["-450", "-999", "200000", "12"]
    out = whole_numbers(cells)
    found = outside(out, cells, 0, 100_000)
    assert [(code, index) for code, index, _ in found] == [
        ("number-negative", 0), ("missing-code", 1), ("number-too-high", 2)]
    assert np.isnan(out.values[:3]).all()
    assert out.values[3] == 12


@pytest.mark.parametrize(("cell", "axis", "value"), [
    ("11°59'03.9\"N", "latitude", 11 + 59 / 60 + 3.9 / 3600),
    ("8°06'34.2\"W", "longitude", -(8 + 6 / 60 + 34.2 / 3600)),
    ("8°06'34.2\"O", "longitude", -(8 + 6 / 60 + 34.2 / 3600)), ("N 11°30.5'", "latitude", 11 + 30.5 / 60),
    ("7.92 W", "longitude", -7.92),
])
def test_degrees_minutes_seconds(cell: str, axis: str, value: float) -> None:
    """Degrees, minutes and seconds with their hemisphere are decimal degrees."""
    found = sexagesimal(cell, axis)
    assert found is not None
    assert found == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("cell", "axis"), [
    ("11°59'03.9\"", "latitude"), ("11°59'03.9\"W", "latitude"), ("11°75'00\"N", "latitude"), ("N11°N", "latitude"),
])
def test_degrees_without_their_hemisphere_are_not_read(cell: str, axis: str) -> None:
    """Without a hemisphere that fits the axis nothing is assumed."""
    assert sexagesimal(cell, axis) is None


def test_dates_of_one_meaning() -> None:
    """ISO dates, dates in words and whole time stamps are days."""
    out = dates(["2024-07-08", "2024-07-08T10:00:00Z", "8 juillet 2024", "20240708", DateCell("2024-07-08")])
    assert [str(day) for day in out.values] == ["2024-07-08"] * 5


def test_day_first_follows_from_days_above_twelve() -> None:
    """23/07/2024 shows that the day comes first in the whole column, and that is said."""
    out = dates(["23/07/2024", "05/07/2024"])
    assert [str(day) for day in out.values] == ["2024-07-23", "2024-07-05"]
    assert [code for code, _ in out.whole] == ["date-order"]


@pytest.mark.parametrize(("cells", "code"), [
    (["03/04/2024"], "date-ambiguous"), (["23/07/2024", "07/23/2024"], "date-ambiguous"),
    (["2024-02-30"], "date-impossible"), (["08/07/24"], "date-short-year"), (["45481"], "date-serial"),
    (["soon"], "date-unreadable"),
])
def test_dates_are_not_guessed(cells: list[str], code: str) -> None:
    """A date that can be read in two ways, or in none, is no date."""
    out = dates(cells)
    assert set(_codes(out)) == {code}
    assert np.isnat(out.values).all()


def test_names_are_verbatim() -> None:
    """NA, scripts, templates and formulas are names; only an empty cell is missing."""
    names = ["NA", "null", "<script>alert(1)</script>", "{{7*7}}", "=1+1", "Ségou ߒߞߏ 🙂", "%s{0}"]
    out = texts([*names, "", "  "])
    assert out.values[:7].tolist() == names
    assert out.missing == [7, 8]
    assert not out.bad


def test_control_characters_leave_a_name() -> None:
    """Terminal escapes and line breaks are taken out of a name, and that is said."""
    out = texts(["Ma\x1b[31mna", "two\nlines"])
    assert out.values.tolist() == ["Mana", "two lines"]
    assert _codes(out) == ["text-control"] * 2


def test_ids_keep_their_zeros() -> None:
    """An id is text: 001 stays 001; a date or a rounded number in its place is found."""
    out = ids(["001", DateCell("2024-02-01"), "1.2E+12", ErrorCell("#REF!"), ""])
    assert out.values[0] == "001"
    assert _codes(out) == ["id-is-date", "id-rounded", "cell-error"]
    assert out.missing == [4]


def test_categories_and_flags() -> None:
    """Words are understood in the partner's spelling, ours, and usual ones; others are not."""
    out = categories(["Rice Field", "rizière", "hoofprint", "mare", "lake", ""], ("rice_field", "hoof_print", "pond"),
                     own={"mare": "pond"}, terms={"riziere": "rice_field"}, spellings={"hoofprint": "hoof_print"})
    assert out.values.tolist() == ["rice_field", "rice_field", "hoof_print", "pond", None, None]
    assert out.missing == [5]
    assert _codes(out) == ["word-unknown"]
    assert out.whole == [("word-spelling", "'hoofprint = hoof_print'")]
    flagged = flags(["oui", "0", "TRUE", "", "perhaps"], {})
    assert flagged.values.tolist() == [True, False, True, None, None]
    assert _codes(flagged) == ["flag-unreadable"]


def test_heads_become_unique_and_doubles_are_known() -> None:
    """Two columns of one head are told apart and counted."""
    heads, doubled = unique_heads(["a", "", "a", "b"])
    assert heads == ["a", "column 2", "a (2)", "b"]
    assert doubled == {"a": 2}


def test_values_of_databases_become_text() -> None:
    """Numbers, flags, nothing and half characters become the text that a person would have typed."""
    assert [as_text(value) for value in (None, True, 3.0, 2.5, 7, "é\ud83d", b"x")] == [
        "", "true", "3", "2.5", "7", "é\ufffd", "(bytes)"]
