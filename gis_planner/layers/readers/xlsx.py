"""Excel workbooks: one sheet of rows, stored results of formulas; no macro, link or DTD is read."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any

from gis_planner.layers.gate import Source
from gis_planner.layers.raw import DateCell, ErrorCell, Fault, RawTable, as_text, unique_heads
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.archive import Archive
from gis_planner.layers.readers.header import header_index
from gis_planner.layers.report import Report
from gis_planner.problems import Stop, shown

_MAX_XML_BYTES = 150_000_000
_MAX_STRINGS_BYTES = 60_000_000
_MAX_COLUMNS = 1000
_MAX_ROWS = 1_048_576
_UNSAFE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_HIDDEN = re.compile(rb'<row\s[^>]*hidden="(?:1|true)"')
_NO_RESULT = re.compile(
    rb'<c\s[^>]*?r="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_LINKS = "xl/externallinks/"


def _safe_parts(archive: Archive, report: Report) -> None:
    """Every XML part small enough and without DTD."""
    total = 0
    for name in archive.members:
        lower = name.lower()
        if not lower.endswith((".xml", ".rels", ".vml")):
            continue
        limit = _MAX_STRINGS_BYTES if lower.endswith("sharedstrings.xml") else _MAX_XML_BYTES
        data = archive.read(name, limit)
        total += len(data)
        if total > 2 * _MAX_XML_BYTES:
            raise report.stop("archive-unsafe", found="a workbook that swells beyond measure", field="file")
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or _UNSAFE.search(data):
            raise report.stop("xml-unsafe", found=f"a DTD or entity in {shown(name)} (unsafe XML)", field="xml")
    if any(name.lower().startswith(_LINKS) for name in archive.members):
        report.say("linked-ignored", found="links to other workbooks", field="workbook")


def _open(source: Source, report: Report) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(source.data()), read_only=True, data_only=True, keep_links=False)
    except Stop:
        raise
    except Exception as error:
        raise report.stop("workbook-broken", found=f"a workbook (xlsx) that cannot be read: {type(error).__name__}: "
                          f"{error}", field="file") from None


def _cell(value: Any, kind: str) -> str:
    if kind == "e":
        return ErrorCell(as_text(value) or "#ERROR")
    if isinstance(value, str) and value.startswith("#") and value in {
        "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"
    }:
        return ErrorCell(value)
    return as_text(value) if not hasattr(value, "total_seconds") else DateCell(str(value))


def _rows(sheet: Any, report: Report) -> tuple[list[list[str]], list[int]]:
    """Non-empty rows as text, with their numbers in the sheet."""
    sheet.reset_dimensions()
    rows, numbers = [], []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                if number > _MAX_ROWS:
                    raise report.stop("file-too-large", found="more rows than a sheet can hold", field="rows",
                                      limit=f"{_MAX_ROWS:,} rows")
                if len(cells) > _MAX_COLUMNS:
                    raise report.stop("too-many-columns", found=f"{len(cells):,} columns", field="header")
                texts = [_cell(cell.value, cell.data_type) for cell in cells]
                if any(text.strip() for text in texts):
                    rows.append(texts)
                    numbers.append(getattr(cells[0], "row", None) or number)
    except Stop:
        raise
    except Exception as error:
        raise report.stop("workbook-broken", found=f"a sheet that cannot be read: {type(error).__name__}: {error}",
                          field=shown(sheet.title)) from None
    return rows, numbers


def _choose(book: Any, ask: Ask, report: Report) -> tuple[str, list[list[str]], list[int]]:
    """The sheet with the rows: the one that is named, else the only one whose heads are known."""
    titles = [sheet.title for sheet in book.worksheets]
    if ask.part and ask.part not in titles:
        raise report.stop("sheet-missing", found=f"no sheet {ask.part!r}", field="sheet",
                          sheets=", ".join(titles))
    found = []
    for sheet in book.worksheets:
        if ask.part and sheet.title != ask.part:
            continue
        rows, numbers = _rows(sheet, report)
        if rows:
            best = max(ask.score(row) for row in rows[:15])
            found.append((best, sheet.sheet_state == "visible", sheet.title, rows, numbers))
    if not found:
        raise report.stop("no-rows", found="a workbook without rows (empty)", field="sheet")
    top = max(item[0] for item in found)
    best_ones = [item for item in found if item[0] == top and item[1]] or [item for item in found if item[0] == top]
    if len(best_ones) > 1:
        raise report.stop("sheet-several", found=f"{len(best_ones)} sheets that could be meant", field="sheet",
                          sheets=", ".join(item[2] for item in best_ones))
    others = [item[2] for item in found if item is not best_ones[0]]
    if others:
        report.say("sheet-ignored", field="sheet",
                   found=f"sheet {best_ones[0][2]!r} read; not read: {', '.join(others)}")
    if not best_ones[0][1]:
        report.say("sheet-ignored", found=f"sheet {best_ones[0][2]!r} is hidden", field="sheet")
    return best_ones[0][2], best_ones[0][3], best_ones[0][4]


def _sheet_xml(source: Source, archive: Archive, title: str) -> bytes:
    """The XML of one sheet, found through the workbook's list."""
    from openpyxl.reader.excel import ExcelReader

    reader = ExcelReader(io.BytesIO(source.data()), read_only=True)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    for sheet, relation in reader.parser.find_sheets():
        if sheet.name == title:
            return archive.read(relation.target, _MAX_XML_BYTES)
    return b""


def _marks(xml: bytes, first: int, numbers: list[int], heads: list[str], report: Report) -> list[Fault]:
    """Merged cells, hidden rows and formulas without a result, below the header row."""
    from openpyxl.utils import column_index_from_string, coordinate_to_tuple

    where = {number: index for index, number in enumerate(numbers)}
    faults = []
    for left, top, right, bottom in _MERGED.findall(xml):
        if int(bottom) > first:
            span = f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
            row = where.get(max(int(top), first + 1))
            if row is not None:
                place = column_index_from_string(left.decode()) - 1
                faults.append(Fault("cells-merged", row, heads[place] if place < len(heads) else "", span))
    hidden = len(_HIDDEN.findall(xml))
    if hidden:
        report.say("rows-hidden", found=f"{hidden} hidden rows", field="rows")
    for reference in _NO_RESULT.findall(xml):
        row_number, column = coordinate_to_tuple(reference.decode())
        index = where.get(row_number)
        if index is not None and column <= len(heads):
            faults.append(Fault("cell-error", index, heads[column - 1],
                                f"{reference.decode()}: a formula without a stored result"))
    return faults


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The rows of one sheet as text; the stored results of formulas; dates and errors marked as such."""
    with Archive(source, report) as archive:
        _safe_parts(archive, report)
        book = _open(source, report)
        title, rows, numbers = _choose(book, ask, report)
        at = header_index(rows, [f"row {number}" for number in numbers[:20]], ask, report)
        written = rows[at]
        width = max((place + 1 for place, cell in enumerate(written) if cell.strip()), default=0)
        body, numbers_below = rows[at + 1:], numbers[at + 1:]
        width = max([width, *(place + 1 for row in body for place, cell in enumerate(row) if cell.strip())])
        heads, doubled = unique_heads([*written, *[""] * (width - len(written))][:width])
        columns = {
            head: [row[place] if place < len(row) else "" for row in body] for place, head in enumerate(heads)
        }
        try:
            xml = _sheet_xml(source, archive, title)
        except (KeyError, ValueError, zipfile.BadZipFile, AttributeError, TypeError):
            xml = b""
    faults = _marks(xml, numbers[at], numbers_below, heads, report)
    return RawTable(columns, numbers_below, "row", faults=faults, doubled=doubled)
