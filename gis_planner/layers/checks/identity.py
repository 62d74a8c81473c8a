"""Ids and copies: one row, one thing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import numpy as np

from gis_planner.layers.work import Work


def _same(work: Work, first: int, second: int) -> bool:
    """Whether two rows hold the same values at the same place."""
    for column in work.table.names:
        one, two = work.values[column][first], work.values[column][second]
        if one != two and not (one is None and two is None) and not (one != one and two != two):
            return False
    if work.shapes is not None and work.shapes[first] is not None and work.shapes[second] is not None:
        return bool(work.shapes[first].equals_exact(work.shapes[second], 1e-9))
    return True


def _groups(work: Work, key: str) -> dict[str, list[int]]:
    """Key -> the kept rows that carry it, for keys that occur more than once."""
    values = work.values[key]
    seen: dict[str, list[int]] = defaultdict(list)
    for index in np.flatnonzero(work.kept):
        if values[index] is not None:
            seen[str(values[index])].append(int(index))
    return {key: rows for key, rows in seen.items() if len(rows) > 1}


def exact_copies(work: Work) -> None:
    """A row that stands twice in full is counted once."""
    if work.table.key not in work.values or work.values[work.table.key].dtype != object:
        return
    listed = []
    for rows in _groups(work, work.table.key).values():
        kept = [rows[0]]
        for index in rows[1:]:
            if len(kept) <= 200 and any(_same(work, other, index) for other in kept):
                listed.append((index, f"the same row as {work.label(kept[0])} (a duplicate)"))
            else:
                kept.append(index)
    if listed and "row-twice" not in work.report.off:
        work.rows("row-twice", listed, field=work.mapping.head(work.table.key))
        work.copies[[index for index, _ in listed]] = True


def repeated_ids(work: Work) -> None:
    """An id names one thing: differing rows that share one are in doubt; line layers get numbered ids."""
    table = work.table
    if table.repeated_key or table.key not in work.values:
        return
    listed: list[tuple[int, str]] = []
    for key, rows in _groups(work, table.key).items():
        others = ", ".join(work.label(index) for index in rows[:4])
        listed.extend((index, f"{key} used by {len(rows)} different rows: {others} (a duplicate id)") for index in rows)
    if not listed:
        return
    if table.geometry == "line":
        work.rows("id-numbered", listed, field=work.mapping.head(table.key))
        counts: dict[str, int] = {}
        for index, _ in listed:
            key = str(work.values[table.key][index])
            counts[key] = counts.get(key, 0) + 1
            if counts[key] > 1:
                work.values[table.key][index] = f"{key}-{counts[key]}"
    else:
        work.rows("id-twice", listed, field=work.mapping.head(table.key))


def _alike(key: str) -> str:
    text = unicodedata.normalize("NFKC", key).casefold()
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


def ids_alike(work: Work) -> None:
    """Ids that differ by case, spaces or width only are one id to a person."""
    if work.table.key not in work.values or work.values[work.table.key].dtype != object:
        return
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for index in np.flatnonzero(work.kept):
        key = work.values[work.table.key][index]
        if key is not None:
            seen[_alike(key)].setdefault(key, int(index))
    listed = [
        (index, f"{key!r}, alike: {', '.join(repr(other) for other in keys if other != key)}")
        for keys in seen.values() if len(keys) > 1 for key, index in keys.items()
    ]
    if listed:
        work.rows("ids-alike", listed, field=work.mapping.head(work.table.key))
