"""How alike two names sound, 0 to 1, for many pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from gis_planner.layers.names.spelling import Form, coarse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OPPOSED, OTHER_NUMBER, ONE_MARKED, FIRST_NUMBER, ENDING = 0.5, 0.4, 0.8, 0.85, 0.75
"""Ceilings of likeness: opposed words (Peulh, Bambara), other numerals, a word or a numeral on one side only, only the
numeral 1 on one side (`Faraba`, `Faraba 1`), and an ending more or an other one (`Fara`, `Faraba`)."""


@dataclass(frozen=True)
class Spelled:
    """The forms of a column of names, flat: forms of row i are `start[i]:start[i + 1]`."""

    forms: tuple[Form, ...]
    start: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[Form, ...]]) -> Spelled:
        """From the forms of each row."""
        start = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)]).astype(np.int64)
        return cls(tuple(form for row in rows for form in row), start)


def likeness(left: Spelled, right: Spelled, i: Ints, j: Ints) -> Floats:
    """Likeness of the names of rows `i` (left) and `j` (right): the best over their forms; 0 for an empty name."""
    best = np.zeros(len(i))
    many_left, many_right = np.diff(left.start)[i], np.diff(right.start)[j]
    count = many_left * many_right
    pair = np.repeat(np.arange(len(i)), count)
    if not len(pair):
        return best
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    a = left.start[i][pair] + nth // many_right[pair]
    b = right.start[j][pair] + nth % many_right[pair]
    np.maximum.at(best, pair, _of_forms(left.forms, right.forms, a, b))
    return best


def _of_forms(left: Sequence[Form], right: Sequence[Form], a: Ints, b: Ints) -> Floats:
    both, where = np.unique(np.column_stack([a, b]), axis=0, return_inverse=True)
    first, second = [left[k] for k in both[:, 0]], [right[k] for k in both[:, 1]]
    same = np.fromiter((x.ordered == y.ordered for x, y in zip(first, second, strict=True)), bool, len(both))
    same |= np.fromiter((x.key == y.key for x, y in zip(first, second, strict=True)), bool, len(both))
    fuzzy = np.fromiter((not (x.exact or y.exact) for x, y in zip(first, second, strict=True)), bool, len(both))
    alike = np.where(same, 1.0, 0.0)
    ask = np.flatnonzero(fuzzy & ~same)
    alike[ask] = _fuzzy([first[k] for k in ask], [second[k] for k in ask])
    low = np.fromiter((x.ceiling * y.ceiling for x, y in zip(first, second, strict=True)), float, len(both))
    low = np.minimum(low, _number_ceiling(first, second))
    low = np.minimum(low, np.where(same, 1.0, _mark_ceiling(first, second)))
    return np.asarray(np.minimum(alike, low)[np.ravel(where)], dtype=np.float64)


def _ratio(first: Sequence[str], second: Sequence[str]) -> Floats:
    if not len(first):
        return np.empty(0)
    got = process.cpdist(first, second, scorer=Levenshtein.normalized_similarity, workers=1, dtype=np.float32)
    return np.asarray(got, dtype=np.float64)


def _fuzzy(first: Sequence[Form], second: Sequence[Form]) -> Floats:
    """Edit likeness, vowels and near consonants half, the root weighing as much as the whole; endings that differ cap it."""
    if not first:
        return np.empty(0)
    keys_a, keys_b = [form.key for form in first], [form.key for form in second]
    alike = _soft(keys_a, keys_b)
    turned = 0.99 * _soft([form.ordered for form in first], [form.ordered for form in second])
    alike = np.maximum(alike, turned)
    stems_a, stems_b = [form.stem for form in first], [form.stem for form in second]
    roots = np.flatnonzero([bool(x[1]) and x[1] == y[1] for x, y in zip(stems_a, stems_b, strict=True)])
    alike[roots] = (alike[roots] + _soft([stems_a[k][0] for k in roots], [stems_b[k][0] for k in roots])) / 2
    for place in np.flatnonzero(alike > ENDING):
        if _other_ending(keys_a[place], keys_b[place], stems_a[place][1], stems_b[place][1]):
            alike[place] = ENDING
    return alike


def _soft(first: Sequence[str], second: Sequence[str]) -> Floats:
    return (_ratio(first, second) + _ratio([coarse(key) for key in first], [coarse(key) for key in second])) / 2


def _other_ending(a: str, b: str, end_a: str, end_b: str) -> bool:
    if end_a and end_b and coarse(end_a) != coarse(end_b):
        return True
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) >= 2 and long.startswith(short)


def _number_ceiling(first: Sequence[Form], second: Sequence[Form]) -> Floats:
    def ceiling(x: frozenset[int], y: frozenset[int]) -> float:
        if x == y:
            return 1.0
        if x and y:
            return ONE_MARKED if x & y else OTHER_NUMBER
        return FIRST_NUMBER if x | y == {1} else ONE_MARKED

    return np.array([ceiling(x.numbers, y.numbers) for x, y in zip(first, second, strict=True)])


def _mark_ceiling(first: Sequence[Form], second: Sequence[Form]) -> Floats:
    def ceiling(x: frozenset[tuple[str, int]], y: frozenset[tuple[str, int]]) -> float:
        if x == y:
            return 1.0
        shared = {group for group, _ in x} & {group for group, _ in y}
        return OPPOSED if any(part[0] in shared for part in x ^ y) else ONE_MARKED

    return np.array([ceiling(x.marks, y.marks) for x, y in zip(first, second, strict=True)])
