"""The book of norms: hands out, converts nothing in silence, remembers what was used."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_planner.problems import Refused
from gis_planner.standards.book import COLUMNS, load_book

ROW = "x.y.z,3,people,1,5,all,Somebody,2020,p. 1,seen,"


def own(folder: Path, *rows: str, head: str = ",".join(COLUMNS)) -> Path:
    """Write a norms file."""
    path = folder / "norms.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def test_a_norm_that_was_used_is_cited() -> None:
    """Only what was handed out is cited, in order of id; a number of the planner's own is not."""
    book = load_book()
    assert book.value("water.round_trip_min.jmp", "min") == 30
    assert book.value(7, "min") == 7
    assert book.value("nets.bale_size.snt", "nets") == 50
    assert [norm.id for norm in book.cited()] == ["nets.bale_size.snt", "water.round_trip_min.jmp"]


def test_an_unknown_norm_is_answered_with_the_near_one() -> None:
    """A typo in a norm's id names the near id."""
    with pytest.raises(Refused, match=r"Did you mean 'water\.round_trip_min\.jmp'"):
        load_book().value("water.round_trip.jmp", "min")


def test_a_norm_of_another_unit_is_refused() -> None:
    """Minutes are not metres."""
    with pytest.raises(Refused, match="a norm in min.*a norm in m"):
        load_book().value("water.round_trip_min.jmp", "m")


def test_own_norms_replace_and_add(tmp_path: Path) -> None:
    """Rows of the planner's file replace shipped rows by id and add new ones."""
    mine = "nets.bale_size.snt,40,nets,,,all,Somebody,2020,p. 1,seen,"
    book = load_book(own(tmp_path, ROW, mine))
    assert book.value("x.y.z", "people") == 3
    assert book.value("nets.bale_size.snt", "nets") == 40


@pytest.mark.parametrize(("rows", "head", "words"), [
    ([ROW.replace("3", "three")], None, "line 2"), ([ROW, ROW], None, "line 3"),
    ([ROW.replace("Somebody", "")], None, "a source"), ([ROW], "id,value", "norms-header"),
])
def test_a_faulty_norms_file_is_refused_with_its_line(
    tmp_path: Path, rows: list[str], head: str | None, words: str
) -> None:
    """A wrong number, an id twice, a row without source and a wrong header are named."""
    path = own(tmp_path, *rows, head=head or ",".join(COLUMNS))
    with pytest.raises(Refused, match=words):
        load_book(path)


def test_an_absent_norms_file_is_refused(tmp_path: Path) -> None:
    """A path that does not exist says so."""
    with pytest.raises(Refused, match="norms-file"):
        load_book(tmp_path / "none.csv")
