"""Where the header stands: in the first row, or below titles that partners put above it."""

from __future__ import annotations

from collections.abc import Sequence

from gis_planner.layers.readers import Ask
from gis_planner.layers.report import Report

_LOOK = 15
_ENOUGH = 2


def header_index(rows: Sequence[Sequence[str]], labels: Sequence[str], ask: Ask, report: Report) -> int:
    """The index of the header among the first rows; says so when rows above it are skipped."""
    scores = [ask.score(list(row)) for row in rows[:_LOOK]]
    best = max(scores)
    if scores[0] >= best or best < _ENOUGH or scores[0] * 2 > best:
        return 0
    at = scores.index(best)
    report.say("title-rows", found=f"{at} row(s) above the header, the first: {' '.join(rows[0])[:60]}",
               row=labels[0], field="header", header=labels[at])
    return at
