"""Dates: year-month-day, or day/month/year when the column shows that it can only be that."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

import numpy as np

from gis_planner.layers.raw import ErrorCell
from gis_planner.layers.values.converted import Converted, blank, examples

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.+\-Z ]*)?")
_COMPACT = re.compile(r"(19|20)([0-9]{2})([0-9]{2})([0-9]{2})")
_SLASH = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[T ][0-9:.+\-Z ]*)?")
_SHORT = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}")
_SERIAL = re.compile(r"[34][0-9]{4}(?:\.[0-9]+)?")
_WORDY = re.compile(r"([0-9]{1,2})(?:er)?[-/. ]([a-zéûôA-ZÉÛ]{3,9})\.?[-/. ,]+([0-9]{4})")
_MONTHS = {
    name: month for month, names in enumerate((
        ("jan", "janvier", "january", "janv"), ("feb", "fev", "fév", "février", "fevrier", "february", "févr", "fevr"),
        ("mar", "mars", "march"), ("apr", "avr", "avril", "april"), ("may", "mai"), ("jun", "juin", "june"),
        ("jul", "juil", "juillet", "july"), ("aug", "août", "aout", "august", "aoû"),
        ("sep", "sept", "septembre", "september"), ("oct", "octobre", "october"), ("nov", "novembre", "november"),
        ("dec", "déc", "décembre", "decembre", "december")), start=1) for name in names
}


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _plain(cell: str) -> tuple[datetime.date | None, str]:
    """(date, code) of a cell that does not depend on the order of day and month."""
    match = _ISO.fullmatch(cell) or _COMPACT.fullmatch(cell)
    if match:
        parts = match.groups()
        year, month, day = (parts[0], parts[1], parts[2]) if len(parts) == 3 else (parts[0] + parts[1], *parts[2:])
        made = _date(int(year), int(month), int(day))
        return made, "" if made else "date-impossible"
    match = _WORDY.fullmatch(cell)
    if match and match.group(2).casefold() in _MONTHS:
        made = _date(int(match.group(3)), _MONTHS[match.group(2).casefold()], int(match.group(1)))
        return made, "" if made else "date-impossible"
    if _SERIAL.fullmatch(cell):
        return None, "date-serial"
    return None, "date-short-year" if _SHORT.fullmatch(cell) else "date-unreadable"


def _order(pairs: Sequence[tuple[int, int]]) -> str:
    """`day`, `month`, `mixed` or `open`: which of the two numbers comes first, as the whole column shows."""
    first_day = any(first > 12 for first, _ in pairs)
    second_day = any(second > 12 for _, second in pairs)
    if first_day and second_day:
        return "mixed"
    if first_day or second_day:
        return "day" if first_day else "month"
    return "same" if all(first == second for first, second in pairs) else "open"


def _slashes(out: Converted, slashed: list[tuple[int, str]]) -> None:
    parts = {cell: tuple(map(int, _SLASH.fullmatch(cell).groups()[:3])) for _, cell in slashed}  # type: ignore[union-attr]
    order = _order([(first, second) for first, second, _ in parts.values()])
    if order in {"open", "mixed"}:
        out.bad.extend(("date-ambiguous", index, cell) for index, cell in slashed)
        return
    made = {
        cell: _date(year, second, first) if order != "month" else _date(year, first, second)
        for cell, (first, second, year) in parts.items()
    }
    for index, cell in slashed:
        day = made[cell]
        if day is None:
            out.bad.append(("date-impossible", index, cell))
        else:
            out.values[index] = np.datetime64(day)
    words = "month/day/year" if order == "month" else "day/month/year"
    out.whole.append(("date-order", f"{examples([cell for _, cell in slashed], 2)}, read as {words}"))


def dates(cells: Sequence[str]) -> Converted:
    """Days (datetime64[D], NaT where nothing or nothing readable is given)."""
    out = Converted(np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]"))
    known: dict[str, tuple[np.datetime64 | None, str]] = {}
    slashed: list[tuple[int, str]] = []
    for index, raw in enumerate(cells):
        cell = raw.strip()
        if isinstance(raw, ErrorCell):
            out.bad.append(("cell-error", index, raw))
        elif blank(cell):
            out.missing.append(index)
        elif _SLASH.fullmatch(cell):
            slashed.append((index, cell))
        else:
            if cell not in known:
                day, code = _plain(cell)
                known[cell] = (np.datetime64(day) if day else None, code)
            value, code = known[cell]
            if value is None:
                out.bad.append((code, index, cell))
            else:
                out.values[index] = value
    if slashed:
        _slashes(out, slashed)
    return out


