"""French everywhere: no label of any output is left in English."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from doubt_tables import with_doubt
from lxml import etree
from maps_plan import small_plan

from gis_planner.maps import compare, report
from gis_planner.maps.atlas.board import board_sheet
from gis_planner.maps.atlas.document import atlas_values
from gis_planner.maps.crew_day import crew_days
from gis_planner.maps.gpx import gpx
from gis_planner.maps.kml import kml
from gis_planner.maps.png import picture_sheets
from gis_planner.maps.words import print_words, shipped_words
from gis_planner.maps.workbook import write_workbook
from gis_planner.maps.workbook_words import SHEETS
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

ENGLISH = re.compile(
    r"\b(the|of|and|with|are|not|is|people|by|have|from|to|for|where|none|rows?|water|village sheet|found|expected|"
    r"today|nets|households|cost|chosen|reference|which|their)\b", re.IGNORECASE)
"""Words that no French label holds."""


class _Seen(HTMLParser):
    """What a reader of a page sees or hears: text nodes, labels, titles and place holders; not its data."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._skip = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag if tag in {"script", "style"} else self._skip
        self.texts += [value for name, value in attrs if name in {"aria-label", "title", "alt", "placeholder",
                                                                  "data-text"} and value]

    def handle_endtag(self, tag: str) -> None:
        self._skip = "" if tag == self._skip else self._skip

    def handle_data(self, data: str) -> None:
        if not self._skip and data.strip():
            self.texts.append(data.strip())


def _values(item: object) -> Iterator[str]:
    if isinstance(item, dict):
        for value in item.values():
            yield from _values(value)
    elif isinstance(item, list):
        for value in item:
            yield from _values(value)
    elif isinstance(item, str) and not item.startswith("<svg"):
        yield item


def _plain(item: object) -> list[str]:
    """Texts without those that are filled in on the page."""
    return [text for text in _values(item) if "{" not in text]


def _cells(path: Path) -> Iterator[str]:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        yield sheet.title
        # the third column of the sheet of columns holds their names in CSV, which no language changes
        names = {3} if sheet.title == SHEETS["columns"].fr else set()
        yield from (cell.value for row in sheet.iter_rows() for cell in row
                    if isinstance(cell.value, str) and cell.column not in names)
        for rule in sheet.data_validations.dataValidation:
            yield from (text for text in (rule.errorTitle, rule.error, rule.formula1) if text)


@pytest.fixture(scope="module")
def doubtful() -> Plan:
    """A small plan with every table of doubt, its names in French or of villages."""
    return with_doubt(small_plan())


@pytest.fixture(scope="module")
def spoken(doubtful: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every text of each output in French, by output."""
    other = dataclasses.replace(doubtful, name="autre")
    days, path = crew_days(doubtful, "fr"), tmp_path_factory.mktemp("book") / "plan.xlsx"
    filed = dataclasses.replace(doubtful, results={key: rows for key, rows in doubtful.results.items()
                                                   if key in RESULTS})
    write_workbook(filed, path, lang="fr")
    xml = [etree.fromstring(text.encode()) for text in (gpx(days, "plan", lang="fr"), kml(days, "plan", lang="fr"))]
    said = ("name", "desc", "description", "cmt")
    return {
        "report": _Seen(report.render(doubtful, "fr")).texts,
        "comparison": _Seen(compare.render([doubtful, other], "fr")).texts,
        "atlas": _plain(atlas_values(filed, "fr")), "board": _plain(board_sheet(filed, "fr")),
        "pictures": _plain(picture_sheets(filed, "fr")), "workbook": list(_cells(path)),
        "routes": [str(node.text) for tree in xml for node in tree.iter()
                   if etree.QName(node).localname in said and node.text],
        "words": [re.sub(r"\{\w+\}", "", pair[1]) for section in (*shipped_words().values(), print_words())
                  for pair in section.values()],
    }


OUTPUTS = ("report", "comparison", "atlas", "board", "pictures", "workbook", "routes", "words")


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_english_word_is_left(output: str, spoken: dict[str, list[str]]) -> None:
    """In French no text of the output holds an English word that French does not have."""
    assert len(spoken[output]) > 8
    ids = {"water.litres", "people", "cost"}
    assert sorted({text for text in spoken[output] if ENGLISH.search(text)} - ids) == []


def test_the_search_for_english_finds_it(doubtful: Plan) -> None:
    """The same search over the English report finds hundreds of texts, so that it can fail."""
    assert sum(ENGLISH.search(text) is not None for text in _Seen(report.render(doubtful, "en")).texts) > 100
