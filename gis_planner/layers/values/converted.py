"""What a conversion gives: the values, and what was wrong row by row or with the column as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

MISSING_WORDS = frozenset({
    "", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", ".", "nd", "n.d.", "n.d", "nsp", "inconnu",
    "unknown", "?",
})
"""Words that say "not given" in a column of numbers, dates or flags (never in a name)."""


@dataclass
class Converted:
    """values: one per row, with a gap (nan, NaT, None) where missing or bad. missing: rows where nothing is given.

    bad: (code, row index, what was found). whole: (code, what was found) about the column.
    """

    values: npt.NDArray[Any]
    missing: list[int] = field(default_factory=list)
    bad: list[tuple[str, int, str]] = field(default_factory=list)
    whole: list[tuple[str, str]] = field(default_factory=list)


def blank(cell: str) -> bool:
    """Whether a cell of a number, date or flag gives nothing."""
    return cell.strip().casefold() in MISSING_WORDS


def examples(cells: list[str], limit: int = 4) -> str:
    """A few different cells, quoted."""
    few = list(dict.fromkeys(cells))[: limit + 1]
    return ", ".join(repr(cell) for cell in few[:limit]) + (", ..." if len(few) > limit else "")


def gaps(count: int) -> npt.NDArray[np.float64]:
    """`count` missing numbers."""
    return np.full(count, np.nan)
