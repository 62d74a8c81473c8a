"""plan.xlsx: a README sheet and one sheet per table, as people keep workbooks; no cell is a formula.

Text is written as text whatever it begins with. The columns at the right of some sheets are empty: a field team fills
them in and sends the workbook back (`returns.py` names them and says what each may hold).
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from gis_planner.maps import safe
from gis_planner.maps.returns import RETURNS, ReturnColumn
from gis_planner.maps.rows import Value, decimals, result_rows
from gis_planner.maps.style import style_in_use
from gis_planner.maps.words import programme_word, unit_word, value_word
from gis_planner.maps.workbook_words import ABOUT, COLUMN_HEADS, FIGURE_HEADS, FLAGS, HOW, READ_ME, SHEETS, SIMULATED
from gis_planner.tables.column import Column, Table
from gis_planner.tables.plan import Plan

EPOCH = datetime.datetime(2000, 1, 1)
_MAX_TEXT = 32_767
_CODED = ("load_unit", "quantity_unit", "habitat_type")
OPTIONS = {
    "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "nan_inf_to_errors": False,
    "in_memory": False,
}


class _Book:
    """The workbook with its formats and its language."""

    def __init__(self, path: Path, lang: str) -> None:
        self.book = xlsxwriter.Workbook(str(path), OPTIONS)
        self.lang = lang
        self.book.set_properties({"created": EPOCH, "title": "gis_planner"})
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top",
             "border": 1, "border_color": "#FFFFFF"})
        self.return_head = self.book.add_format(
            {"bold": True, "bg_color": "#8A4B08", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top",
             "border": 1, "border_color": "#FFFFFF"})
        self.title = self.book.add_format({"bold": True, "font_size": 16})
        self.warning = self.book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#B00020"})
        self.bold = self.book.add_format({"bold": True})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.text = self.book.add_format({"num_format": "@"})
        day = "dd/mm/yyyy" if lang == "fr" else "yyyy-mm-dd"
        self.date = self.book.add_format({"num_format": day, "align": "left"})
        self.return_date = self.book.add_format({"num_format": day, "align": "left", "bg_color": "#FFF4E0"})
        self.return_cell = self.book.add_format({"bg_color": "#FFF4E0"})
        self._numbers: dict[str, Any] = {}

    def number(self, pattern: str) -> Any:
        """The format of a number pattern, made once."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self.book.add_format({"num_format": pattern})
        return self._numbers[pattern]


def write_workbook(plan: Plan, path: Path, *, lang: str = "en") -> None:
    """Write plan.xlsx: README, figures, one sheet per result table, and what each column means."""
    book = _Book(path, lang)
    tables = result_rows(plan)
    _readme(book, plan, [table for table, _ in tables.values()])
    _figures(book, plan)
    for name, (table, rows) in tables.items():
        _table_sheet(book, name, table, rows)
    _columns(book, [table for table, _ in tables.values()])
    book.book.close()


def sheet_name(name: str, lang: str) -> str:
    """The name of a table's sheet: at most 31 characters, none that Excel forbids."""
    return SHEETS[name].in_lang(lang)[:31] if name in SHEETS else name[:31]


def head(column: Column, lang: str) -> str:
    """The head of a column: label and unit, unless they are the same word."""
    label = column.label_fr if lang == "fr" else column.label
    unit = unit_word(column.unit, lang)
    return f"{label} ({unit})" if unit and unit.casefold() != label.casefold() else label


def _readme(book: _Book, plan: Plan, tables: Sequence[Table]) -> None:
    sheet = book.book.add_worksheet(READ_ME.in_lang(book.lang))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _text(plan.name), book.title)
    row = 1
    if plan.simulated:
        sheet.merge_range(row, 0, row, 1, SIMULATED.in_lang(book.lang), book.warning)
        row += 1
    look = style_in_use()
    for whose in (look.organisation, look.contact):
        if whose:
            sheet.write_string(row, 0, _text(whose), book.bold if whose == look.organisation else None)
            row += 1
    if look.logo is not None:
        size = {"x_scale": 0.4, "y_scale": 0.4, "image_data": io.BytesIO(look.logo.png), "x_offset": 380}
        sheet.insert_image(0, 1, "logo.png", size | {"description": _text(look.logo.text), "object_position": 3})
    facts = (plan.purpose.in_lang(book.lang), plan.region, value_word(plan.season, book.lang), plan.version)
    for words, fact in zip(ABOUT, facts, strict=True):
        sheet.write_string(row, 0, words.in_lang(book.lang), book.bold)
        sheet.write_string(row, 1, _text(fact), book.wrap)
        row += 1
    for line in HOW:
        sheet.write_string(row, 1, line.in_lang(book.lang), book.wrap)
        row += 1
    for table in tables:
        sheet.write_string(row, 0, sheet_name(table.name, book.lang), book.bold)
        sheet.write_string(row, 1, table.label_fr if book.lang == "fr" else table.label)
        row += 1


def _figures(book: _Book, plan: Plan) -> None:
    sheet = book.book.add_worksheet(SHEETS["figures"].in_lang(book.lang))
    _heads(book, sheet, [words.in_lang(book.lang) for words in FIGURE_HEADS], [24, 60, 16, 16, 60], len(plan.figures))
    for at, figure in enumerate(plan.figures, start=1):
        sheet.write_string(at, 0, programme_word(figure.programme, book.lang))
        sheet.write_string(at, 1, _text(figure.label.in_lang(book.lang)))
        sheet.write_number(at, 2, round(figure.value, 4), book.number("#,##0.##"))
        sheet.write_string(at, 3, unit_word(figure.unit, book.lang))
        sheet.write_string(at, 4, _text(figure.note.in_lang(book.lang)) if figure.note else "")


def _table_sheet(book: _Book, name: str, table: Table, rows: pd.DataFrame) -> None:
    sheet = book.book.add_worksheet(sheet_name(name, book.lang))
    columns = [column for column in table.columns if _in_language(column, book.lang)]
    heads = [head(column, book.lang) for column in columns]
    widths = [_width(column) for column in columns]
    extra = RETURNS.get(name, ())
    _heads(book, sheet, heads, widths, len(rows), [column.label.in_lang(book.lang) for column in extra])
    for at, column in enumerate(columns):
        pattern = _pattern(column)
        for row, value in enumerate(rows[column.name], start=1):
            _write(book, sheet, row, at, value, column, pattern)
    for offset, returned in enumerate(extra):
        _return_column(book, sheet, len(columns) + offset, len(rows), returned)


def _heads(
    book: _Book, sheet: Any, heads: Sequence[str], widths: Sequence[float], rows: int, returned: Sequence[str] = ()
) -> None:
    """The head line, frozen, with a filter; the columns that come back have their own colour."""
    for at, text in enumerate([*heads, *returned]):
        sheet.write_string(0, at, text, book.head if at < len(heads) else book.return_head)
        sheet.set_column(at, at, widths[at] if at < len(widths) else 16)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), len(heads) + len(returned) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _return_column(book: _Book, sheet: Any, at: int, rows: int, column: ReturnColumn) -> None:
    """An empty column that a field team fills in, with what it may hold checked by the spreadsheet."""
    if rows == 0:
        return
    cell = book.return_date if column.kind == "date" else book.return_cell
    for row in range(1, rows + 1):
        sheet.write_blank(row, at, None, cell)
    rule = column.rule(book.lang)
    if rule is not None:
        sheet.data_validation(1, at, rows, at, rule)


def _columns(book: _Book, tables: Sequence[Table]) -> None:
    """The dictionary: sheet, head, name in the CSV, unit, meaning."""
    sheet = book.book.add_worksheet(SHEETS["columns"].in_lang(book.lang))
    lines = [(table, column) for table in tables for column in table.columns if _in_language(column, book.lang)]
    _heads(book, sheet, [words.in_lang(book.lang) for words in COLUMN_HEADS[:5 if book.lang == "en" else 4]],
           [24, 34, 26, 12, 80], len(lines))
    for at, (table, column) in enumerate(lines, start=1):
        cells = [sheet_name(table.name, book.lang), head(column, book.lang), column.name,
                 unit_word(column.unit, book.lang)]
        for place, text in enumerate([*cells, column.meaning] if book.lang == "en" else cells):
            sheet.write_string(at, place, text)


def _write(book: _Book, sheet: Any, row: int, at: int, value: Value, column: Column, pattern: str) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, at, FLAGS[value].in_lang(book.lang))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, at, value, book.number(pattern))
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, at, datetime.datetime(value.year, value.month, value.day), book.date)
    else:
        plain = _word(value, book.lang) if column.kind == "category" or column.name in _CODED else value
        sheet.write_string(row, at, _text(plain), book.text)


def _word(value: str, lang: str) -> str:
    unit = unit_word(value, lang)
    return unit if unit != value else value_word(value, lang)


def _pattern(column: Column) -> str:
    """The number format of a column: thousands apart, decimals by unit; years and coordinates without separator."""
    places = decimals(column)
    if column.kind == "integer":
        return "0" if column.unit in {"year", "month", "week", "day"} else "#,##0"
    if column.unit == "degrees":
        return "0.000000"
    if places is None:
        return "0.00" if column.high == 1 else "#,##0.######"
    return "#,##0" + (f".{'0' * places}" if places else "")


def _in_language(column: Column, lang: str) -> bool:
    """Texts that come in two languages appear in the reader's only."""
    other = "_en" if lang == "fr" else "_fr"
    return not (column.name.endswith(other) and column.kind == "text")


def _width(column: Column) -> float:
    if column.kind == "text":
        return 50 if column.name.startswith(("reason", "task")) else 24
    return {"id": 18, "category": 18, "date": 12, "flag": 10}.get(column.kind, 13)


def _text(value: object) -> str:
    return safe.text(value)[:_MAX_TEXT]


