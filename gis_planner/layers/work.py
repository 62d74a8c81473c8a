"""One layer on the bench: its raw rows, its mapping, the values made so far, and which rows are in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from gis_planner.crs import Frame
from gis_planner.layers.mapping import Mapping, Wanted
from gis_planner.layers.raw import RawTable
from gis_planner.layers.report import Report, codes
from gis_planner.tables.column import Table


@dataclass
class Work:
    """What the conversion rules and checks read and write.

    values: canonical column -> one value per row. doubtful: rows that are refused or set aside. outside: rows of a
    wider extract, left out. longitude, latitude: a point of each row (degrees, nan where unknown); raw_x, raw_y: the
    same as written, in `crs`. shapes: geometry per row in degrees. alone: the file is checked without a catalogue.
    """

    table: Table
    raw: RawTable
    mapping: Mapping
    wanted: Wanted
    region: Frame
    report: Report
    alone: bool = True
    values: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    crs: CRS | None = None
    shapes: npt.NDArray[Any] | None = None
    summary: dict[str, object] = field(default_factory=dict)
    _marked: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.raw)
        self.doubtful: npt.NDArray[np.bool_] = np.zeros(count, bool)
        self.outside: npt.NDArray[np.bool_] = np.zeros(count, bool)
        self.copies: npt.NDArray[np.bool_] = np.zeros(count, bool)
        nowhere = np.full(count, np.nan)
        self.longitude, self.latitude, self.raw_x, self.raw_y = (nowhere.copy() for _ in range(4))

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """The rows that are neither in doubt nor outside nor copies."""
        return ~(self.doubtful | self.outside | self.copies)

    def label(self, index: int) -> str:
        """`line 7 (OA006)`: the row as a person finds it, with its id when it has one."""
        where = f"{self.raw.word} {self.raw.numbers[index]}"
        known = self.values.get(self.table.key)
        return f"{where} ({known[index]})" if known is not None and known[index] else where

    def rows(
        self, code: str, faults: Iterable[tuple[int, str]], field: str = "", severity: str | None = None, **fill: object
    ) -> None:
        """Report rows; those of a code that puts a row in doubt are marked."""
        if code in self.report.off:
            return
        weight = severity or codes()[code].severity
        listed = [(index, found) for index, found in faults if weight != "row" or not self.doubtful[index]]
        hit = self.report.rows(code, listed, label=self.label, total=len(self), field=field, severity=severity, **fill)
        if weight == "row" and hit:
            self._marked.append(np.array(hit, dtype=np.int64))

    def settle(self) -> None:
        """Mark the rows reported since the last call as doubtful (later checks look at the others only)."""
        for hit in self._marked:
            self.doubtful[hit] = True
        self._marked.clear()
