"""CSV as partners write it: any delimiter, decimal comma, title lines, ragged lines; every line keeps its number."""

from __future__ import annotations

import csv
import io
from collections import Counter

from gis_planner.layers.gate import Source
from gis_planner.layers.raw import Fault, RawTable, unique_heads
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.decode import decode
from gis_planner.layers.readers.header import header_index
from gis_planner.layers.report import Report

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 30
_MAX_COLUMNS = 2000


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most fields, equally."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    best, best_score = ",", 0.0
    for mark in _DELIMITERS:
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        except csv.Error:
            continue
        if not counts:
            continue
        width, times = max(counts.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (width - 1) * times / max(1, sum(counts.values()))
        if score > best_score + 1e-9:
            best, best_score = mark, score
    return best


def _rows(text: str, mark: str, report: Report, skipped: int) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    start = 1
    try:
        for row in reader:
            if row and (row[0] or any(row)) and (len(row) > 1 or row[0].strip()):
                rows.append(row)
                numbers.append(start + skipped)
            start = reader.line_num + 1
    except csv.Error as error:
        words = str(error)
        code = "cell-too-long" if "field larger" in words else "quote-open"
        raise report.stop(code, found=f"a quote that does not close properly ({words})" if code == "quote-open"
                          else words, row=f"line {start + skipped}", field="quotes") from None
    return rows, numbers


def _swallowed(row: list[str], width: int, mark: str) -> bool:
    """Whether one cell swallowed whole lines (a quote that closed too late)."""
    return any("\n" in cell and cell.count(mark) >= max(1, width - 2) for cell in row)


def _fit(rows: list[list[str]], width: int, mark: str, quoted: bool) -> list[Fault]:
    """Make every row `width` long, in place; the ones that were not are faults, unless a delimiter ends most lines.

    quoted: the text has quotes, so that one may have swallowed lines.
    """
    faults = []
    trailing = 2 * sum(len(row) > width for row in rows) > len(rows)
    for index, row in enumerate(rows):
        if len(row) != width:
            if trailing and len(row) > width and not any(cell.strip() for cell in row[width:]):
                del row[width:]
                continue
            faults.append(Fault("row-ragged", index, "", f"{len(row)} fields where the header has {width}"))
            del row[width:]
            row.extend([""] * (width - len(row)))
        if quoted and len(row) > 1 and _swallowed(row, width, mark):
            faults.append(Fault("quote-swallowed", index, "quotes", "a quoted cell that holds whole lines"))
    return faults


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The lines of a CSV file as text; the header may stand below title lines."""
    text = decode(source.data(), report)
    skipped = 0
    mark = ""
    if text[:4].lower() == "sep=" and len(text) > 5:
        mark, skipped = text[4], 1
        text = text.split("\n", 1)[1] if "\n" in text else ""
    mark = mark or _delimiter(text)
    rows, numbers = _rows(text, mark, report, skipped)
    if not rows:
        raise report.stop("file-empty", found="an empty file: no line with text", field="file")
    at = header_index(rows, [f"line {number}" for number in numbers[:20]], ask, report)
    written = rows[at]
    while len(written) > 1 and not written[-1].strip() and all(
        len(row) < len(written) or not row[len(written) - 1].strip() for row in rows[at + 1:]
    ):
        written = written[:-1]
    if len(written) > _MAX_COLUMNS:
        raise report.stop("too-many-columns", found=f"{len(written):,} columns", field="header")
    heads, doubled = unique_heads(written)
    body, numbers = rows[at + 1:], numbers[at + 1:]
    faults = _fit(body, len(heads), mark, quoted='"' in text)
    columns = dict(zip(heads, map(list, zip(*body, strict=True)), strict=True)) if body else {h: [] for h in heads}
    return RawTable(columns, numbers, "line", faults=faults, doubled=doubled, decimal_comma=mark in ";\t|" and
                    _writes_comma(columns))


def _writes_comma(columns: dict[str, list[str]]) -> bool:
    """Whether numbers are written 1,5: some are, and none is written 1.5."""
    comma = dot = 0
    for cells in columns.values():
        for cell in cells[:2000]:
            if "," in cell or "." in cell:
                whole, _, part = cell.strip().lstrip("+-").partition("," if "," in cell else ".")
                if whole.isdigit() and part.isdigit():
                    comma += "," in cell
                    dot += "." in cell
    return comma > 0 and dot == 0
