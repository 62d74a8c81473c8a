"""Numbers as people write them: 1 250, 1,250, 12,5 and 12.5; what could mean two things is not read as either."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gis_planner.layers.raw import DateCell, ErrorCell
from gis_planner.layers.values.converted import Converted, blank, examples, gaps

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_PLAIN_LINES = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:\n[+-]?[0-9]+(?:\.[0-9]+)?)*+")
_CHUNK = 512
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
_SPACES = "[ \u00a0\u202f\u2009\u2007'’]"
_SPACED = re.compile(rf"[+-]?[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]+)?")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOT_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DOT_MANY = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?")
_ROUNDED = re.compile(r"[+-]?[0-9.]+[eE][+]?[0-9]+")
_THREE_ZEROS = re.compile(r"[0-9]{4,}\.000")
MISSING_CODES = frozenset({-9.0, -99.0, -999.0, -9999.0, -99999.0, -999999.0, 9999.0, 99999.0, 999999.0, 9999999.0})
"""Numbers that surveys use for "not known" when they lie outside what is plausible."""


def _strange(cell: str) -> str:
    return "cell-error" if isinstance(cell, ErrorCell) else "number-is-date" if isinstance(cell, DateCell) else (
        "number-unreadable")


def _comma(cell: str, decimal_comma: bool) -> tuple[float | None, str]:
    """(value, what it was taken for) of a number with a comma; value None when it could mean two things."""
    if _COMMA_GROUPS.fullmatch(cell):
        if decimal_comma and cell.count(",") == 1 and "." not in cell:
            return float(cell.replace(",", ".")), ""
        if cell.count(",") > 1 or "." in cell:
            return float(cell.replace(",", "")), "thousands"
        return None, "ambiguous"
    if _COMMA.fullmatch(cell):
        return float(cell.replace(",", ".")), "" if decimal_comma else "decimal"
    return None, ""


def _plain_chunk(cells: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """The values of cells that are all plain numbers, at once; None when one is not."""
    if not _PLAIN_LINES.fullmatch("\n".join(cells)):
        return None
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return None


def numbers(cells: Sequence[str], *, decimal_comma: bool = False) -> Converted:
    """Decimal numbers (float64, nan where nothing or nothing readable is given).

    decimal_comma: the file writes 1,5. A comma before exactly three digits is refused elsewhere, for it may be both.
    """
    out = Converted(gaps(len(cells)))
    slow: list[int] = []
    for start in range(0, len(cells), _CHUNK):
        made = _plain_chunk(cells[start: start + _CHUNK])
        if made is None:
            slow.extend(range(start, min(start + _CHUNK, len(cells))))
        else:
            out.values[start: start + _CHUNK] = made
    taken: dict[str, list[str]] = {"thousands": [], "decimal": []}
    for index in slow:
        raw = cells[index]
        cell = raw.strip()
        if _PLAIN.fullmatch(cell) and not isinstance(raw, DateCell):
            out.values[index] = float(cell)
        elif blank(cell) and not isinstance(raw, ErrorCell):
            out.missing.append(index)
        elif "," in cell and not _SPACED.fullmatch(cell):
            value, how = _comma(cell, decimal_comma)
            if value is None:
                out.bad.append(("number-ambiguous" if how else _strange(raw), index, raw))
                continue
            out.values[index] = value
            if how:
                taken[how].append(raw)
        elif _SPACED.fullmatch(cell):
            out.values[index] = float(re.sub(_SPACES, "", cell).replace(",", "."))
            taken["thousands"].append(raw)
        else:
            out.bad.append((_strange(raw), index, raw))
    if taken["thousands"]:
        out.whole.append(("thousands-separator", examples(taken["thousands"])))
    if taken["decimal"]:
        out.whole.append(("decimal-comma", examples(taken["decimal"])))
    _infinite(out)
    return out


def _infinite(out: Converted) -> None:
    for index in np.flatnonzero(np.isinf(out.values)):
        out.bad.append(("number-infinite", int(index), "a number out of range (inf)"))
        out.values[index] = np.nan


def _whole_text(cell: str, all_decimals: bool) -> tuple[float | None, str]:
    """(value, code or "thousands") of one text in a column of whole numbers."""
    if _SPACED.fullmatch(cell) or _COMMA_GROUPS.fullmatch(cell):
        value = float(re.sub(_SPACES, "", cell).replace(",", "")) if "." not in cell and (
            not _SPACED.fullmatch(cell) or "," not in cell) else None
        return (value, "thousands") if value is not None else (None, "number-not-whole")
    if _DOT_MANY.fullmatch(cell) or (_DOT_GROUPS.fullmatch(cell) and not all_decimals):
        return None, "number-ambiguous"
    if _PLAIN.fullmatch(cell):
        if _ROUNDED.fullmatch(cell):
            return None, "number-rounded"
        value = float(cell)
        return (value, "") if value.is_integer() else (None, "number-not-whole")
    if _COMMA.fullmatch(cell):
        return None, "number-not-whole"
    return None, "number-unreadable"


def whole_numbers(cells: Sequence[str]) -> Converted:
    """Whole numbers as float64 (nan where nothing or nothing readable is given).

    1,250 and 1 250 are one thousand two hundred and fifty (there is no part of a person), and said; 1.250 may be
    either and is refused; 1250.0 is whole; 1.25E+03 has lost digits and is refused.
    """
    out = Converted(gaps(len(cells)))
    all_decimals = any(_THREE_ZEROS.fullmatch(cell.strip()) for cell in cells)
    grouped: list[str] = []
    known: dict[str, tuple[float | None, str]] = {}
    for index, raw in enumerate(cells):
        cell = raw.strip()
        if cell.isdigit() and cell.isascii() and len(cell) < 16:
            out.values[index] = int(cell)
            continue
        if blank(cell) and not isinstance(raw, ErrorCell):
            out.missing.append(index)
            continue
        if isinstance(raw, ErrorCell | DateCell):
            out.bad.append((_strange(raw), index, raw))
            continue
        if cell not in known:
            known[cell] = _whole_text(cell, all_decimals)
        value, how = known[cell]
        if value is None:
            out.bad.append((how, index, raw))
        else:
            out.values[index] = value
            if how:
                grouped.append(raw)
    if grouped:
        out.whole.append(("thousands-separator", examples(grouped)))
    _infinite(out)
    return out


def outside(
    out: Converted, cells: Sequence[str], low: float | None, high: float | None
) -> list[tuple[str, int, str]]:
    """Values beyond `low` or `high` as (code, index, found); the values become gaps."""
    with np.errstate(invalid="ignore"):
        below = out.values < low if low is not None else np.zeros(len(cells), bool)
        above = out.values > high if high is not None else np.zeros(len(cells), bool)
    found = []
    for index in np.flatnonzero(below | above):
        value = float(out.values[index])
        code = "missing-code" if value in MISSING_CODES else "number-negative" if value < 0 and low == 0 else (
            "number-too-low" if below[index] else "number-too-high")
        found.append((code, int(index), cells[int(index)].strip()))
        out.values[index] = np.nan
    return found
