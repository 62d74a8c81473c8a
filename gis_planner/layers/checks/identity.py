"""Ids and copies: one row, one thing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import numpy as np
import pandas as pd
import shapely

from gis_planner.layers.work import Work


def _repeated(work: Work) -> tuple[np.ndarray, np.ndarray]:
    """(rows, keys) of the kept rows whose key stands in several of them, in the order of the file."""
    rows = np.flatnonzero(work.kept)
    keys = work.values.get(work.table.key)
    if keys is None or keys.dtype != object:
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    rows = rows[~pd.isna(keys[rows])]
    more = pd.Series(keys[rows]).duplicated(keep=False).to_numpy()
    return rows[more], keys[rows[more]]


def _groups(work: Work) -> dict[str, list[int]]:
    """Key -> the kept rows that carry it, for keys that occur more than once."""
    seen: dict[str, list[int]] = defaultdict(list)
    for index, key in zip(*_repeated(work), strict=True):
        seen[str(key)].append(int(index))
    return dict(seen)


def exact_copies(work: Work) -> None:
    """A row that stands twice in full is counted once."""
    rows, keys = _repeated(work)
    if not rows.size:
        return
    table = pd.DataFrame({column: work.values[column][rows] for column in work.table.names})
    if work.shapes is not None:
        table["longitude"], table["latitude"] = np.round(work.longitude[rows], 9), np.round(work.latitude[rows], 9)
        if work.table.geometry != "point":
            table["geometry"] = shapely.to_wkb(work.shapes[rows], output_dimension=2)
    copies = np.flatnonzero(table.duplicated(keep="first").to_numpy())
    if not copies.size or "row-twice" in work.report.off:
        return
    first: dict[str, int] = {}
    for index, key in zip(rows, keys, strict=True):
        first.setdefault(str(key), int(index))
    work.rows("row-twice", [
        (int(rows[place]), f"the same row as {work.label(first[str(keys[place])])} (a duplicate)") for place in copies
    ], field=work.mapping.head(work.table.key))
    work.copies[rows[copies]] = True


def repeated_ids(work: Work) -> None:
    """An id names one thing: differing rows that share one are in doubt; line layers get numbered ids."""
    table = work.table
    if table.repeated_key:
        return
    listed: list[tuple[int, str]] = []
    for key, rows in _groups(work).items():
        others = ", ".join(work.label(index) for index in rows[:4])
        listed.extend((index, f"{key} used by {len(rows)} different rows: {others} (a duplicate id)") for index in rows)
    if not listed:
        return
    if table.geometry != "line":
        work.rows("id-twice", listed, field=work.mapping.head(table.key))
        return
    work.rows("id-numbered", listed, field=work.mapping.head(table.key))
    counts: dict[str, int] = {}
    for index, _ in listed:
        key = str(work.values[table.key][index])
        counts[key] = counts.get(key, 0) + 1
        if counts[key] > 1:
            work.values[table.key][index] = f"{key}-{counts[key]}"


def _alike(key: str) -> str:
    if key.isascii():
        return "".join(key.casefold().split())
    text = unicodedata.normalize("NFKC", key).casefold()
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


def ids_alike(work: Work) -> None:
    """Ids that differ by case, spaces or width only are one id to a person."""
    values = work.values.get(work.table.key)
    if values is None or values.dtype != object:
        return
    rows = np.flatnonzero(work.kept)
    keys = pd.Series(values[rows], index=rows).dropna().drop_duplicates()
    folded = keys.map(_alike)
    several = folded[folded.duplicated(keep=False)]
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for index, alike, key in zip(several.index, several, keys[several.index], strict=True):
        seen[str(alike)][str(key)] = int(index)
    listed = sorted(
        (index, f"{key!r}, alike: {', '.join(repr(other) for other in same if other != key)}")
        for same in seen.values() for key, index in same.items()
    )
    if listed:
        work.rows("ids-alike", listed, field=work.mapping.head(work.table.key))
