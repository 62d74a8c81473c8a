"""What every reader gives: text with the row numbers that people see, geometry as it was written, or a raster."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyproj import CRS
from shapely.geometry.base import BaseGeometry

_LONE = re.compile("[\ud800-\udfff]")
"""Half of a character, which no text may hold."""


class DateCell(str):
    """Text of a cell that the workbook or database stores as a date (ISO 8601)."""

    __slots__ = ()


class ErrorCell(str):
    """Text of a cell that holds an error such as `#REF!`, or a formula without a stored result."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a reader found wrong in one row: finding code, index of the row, column, what was found."""

    code: str
    index: int
    field: str
    found: str


@dataclass
class RawTable:
    """Rows as text.

    columns: head as written -> one text per row (empty where nothing is given). numbers: the row numbers that a person
    sees, each after `word` (`line 7` of a CSV, `row 7` of a sheet, `feature 7`). geometry: one shapely geometry per
    row (None where it is null or broken) in `crs`, or None when the format has no geometry. doubled: heads that
    occur more than once. decimal_comma: the format writes 1,5 for one and a half.
    """

    columns: dict[str, list[str]]
    numbers: Sequence[int]
    word: str
    geometry: list[BaseGeometry | None] | None = None
    crs: CRS | None = None
    faults: list[Fault] = field(default_factory=list)
    doubled: dict[str, int] = field(default_factory=dict)
    decimal_comma: bool = False
    positions_only: bool = False

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def heads(self) -> list[str]:
        """The heads as written."""
        return list(self.columns)


def as_text(value: object) -> str:
    """One value of JSON, a database or a sheet as the text that a person would have typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else _LONE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return DateCell(value.date().isoformat() if midnight else value.isoformat())
    if isinstance(value, datetime.date):
        return DateCell(value.isoformat())
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else "9e99"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return "" if not value else "(bytes)"
    return str(value)


def unique_heads(written: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """Heads made unique (`population`, `population (2)`; an empty one is `column 7`), and those written twice."""
    seen: dict[str, int] = {}
    heads = []
    for place, head in enumerate(written, start=1):
        name = head.strip() or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        heads.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return heads, {name: count for name, count in seen.items() if count > 1}
