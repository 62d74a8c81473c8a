"""Rows that mean people: nobody is counted twice."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from gis_planner.layers.adapters.book import fold
from gis_planner.layers.work import Work

_TOTALS = frozenset({
    "total", "totaux", "somme", "sum", "ensemble", "grand_total", "total_general", "total_generale", "sous_total",
    "subtotal", "sub_total", "total_commune", "totals", "sommes",
})
_ENOUGH_TO_JUDGE = 8
_TOTAL_TOLERANCE = 0.1


def _says_total(cell: str) -> bool:
    word = fold(cell)
    return word in _TOTALS or word.startswith(("total_", "sous_total_", "subtotal_", "grand_total_"))


def total_rows(work: Work) -> None:
    """A row of totals is no village: recognised by its word, in any of the first text cells."""
    heads = [head for head in (
        work.mapping.columns.get(column) for column in (work.table.key, "name", "commune")) if head]
    if not heads and work.raw.columns:
        heads = [work.raw.heads[0]]
    numbers = work.mapping.columns.get("population")
    located = np.isfinite(work.longitude)
    listed = []
    for head in heads:
        cells = work.raw.columns[head]
        for index, cell in enumerate(cells):
            if len(cell) < 40 and cell and cell[0] in "tTsSeEgG \"'" and _says_total(cell) and not (
                located[index] and head != heads[0]
            ):
                people = f", {numbers} {work.raw.columns[numbers][index]}" if numbers else ""
                listed.append((index, f"{cell.strip()}{people}"))
    listed = sorted(dict(listed).items())
    if listed and "total-row" not in work.report.off:
        was = work.doubtful.copy()
        work.doubtful[:] = False
        work.rows("total-row", listed, field=heads[0] if heads else "")
        work.doubtful |= was


def same_name_and_commune(work: Work) -> None:
    """Two villages of one name in one commune may be one village: a person must say."""
    names, communes = work.values.get("name"), work.values.get("commune")
    if names is None:
        return
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in np.flatnonzero(work.kept):
        if names[index]:
            commune = communes[index] if communes is not None and communes[index] else ""
            seen[fold(str(names[index])) or str(names[index]), fold(str(commune))].append(int(index))
    listed = [
        (rows[0], f"{names[rows[0]]} {len(rows)} times in one commune: {', '.join(work.label(i) for i in rows[:5])}")
        for rows in seen.values() if len(rows) > 1
    ]
    if listed:
        work.rows("name-twice", listed, field=work.mapping.head("name"))


def control_totals(work: Work) -> None:
    """The sum of a column is the total that is known from elsewhere."""
    for column, total in work.wanted.control.items():
        values = work.values.get(column)
        if values is None or values.dtype.kind != "f":
            continue
        found = float(np.nansum(values[work.kept]))
        if abs(found - total) > _TOTAL_TOLERANCE * total:
            work.report.say("control-total", found=f"a sum of {found:,.0f}, where {total:,.0f} is stated",
                            field=work.mapping.head(column), tolerance=f"{_TOTAL_TOLERANCE:.0%}")


def one_population(work: Work) -> None:
    """The same population in every village is no count."""
    people = work.values.get("population")
    if people is None:
        return
    known = people[work.kept & np.isfinite(people.astype(float))]
    if known.size >= _ENOUGH_TO_JUDGE and np.unique(known).size == 1:
        work.report.say("population-constant", field=work.mapping.head("population"),
                        found=f"{known[0]:g} in each of {known.size} rows")
