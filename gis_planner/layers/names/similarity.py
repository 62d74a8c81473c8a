"""How alike two names sound, 0 to 1, for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from gis_planner.layers.names.spelling import Form, coarse, cut_ending

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OPPOSED, OTHER_NUMBER, ONE_MARKED, FIRST_NUMBER, ENDING = 0.5, 0.4, 0.8, 0.81, 0.75
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


T = TypeVar("T", bound=Hashable)


def _codes(first: Iterable[T], second: Iterable[T]) -> tuple[Ints, Ints, list[T]]:
    """Two lists as numbers, equal where equal, and what each number stands for."""
    known: dict[T, int] = {}
    a = np.array([known.setdefault(one, len(known)) for one in first], dtype=np.int64)
    b = np.array([known.setdefault(one, len(known)) for one in second], dtype=np.int64)
    return a, b, list(known)


def _of_forms(left: Sequence[Form], right: Sequence[Form], a: Ints, b: Ints) -> Floats:
    key_a, key_b, _ = _codes((form.key for form in left), (form.key for form in right))
    turn_a, turn_b, _ = _codes((form.ordered for form in left), (form.ordered for form in right))
    exact_a, exact_b = (np.array([form.exact for form in side], dtype=bool) for side in (left, right))
    top_a, top_b = (np.array([form.ceiling for form in side]) for side in (left, right))
    same = (key_a[a] == key_b[b]) | (turn_a[a] == turn_b[b])
    ask = ~same & ~exact_a[a] & ~exact_b[b]
    alike = np.where(same, 1.0, 0.0)
    alike[ask] = _fuzzy(left, right, a[ask], b[ask])
    numbers = _ceilings(_codes((form.numbers for form in left), (form.numbers for form in right)), a, b, _of_numbers)
    marks = _ceilings(_codes((form.marks for form in left), (form.marks for form in right)), a, b, _of_marks)
    low = np.minimum(np.minimum(top_a[a] * top_b[b], numbers), np.where(same, 1.0, marks))
    return np.asarray(np.minimum(alike, low), dtype=np.float64)


def _ceilings(codes: tuple[Ints, Ints, list[T]], a: Ints, b: Ints, rule: Callable[[T, T], float]) -> Floats:
    first, second, kinds = codes
    table, where = np.unique(first[a] * len(kinds) + second[b], return_inverse=True)
    values = np.array([rule(kinds[code // len(kinds)], kinds[code % len(kinds)]) for code in table.tolist()])
    return np.asarray(values[where], dtype=np.float64)


def _of_numbers(x: frozenset[int], y: frozenset[int]) -> float:
    if x == y:
        return 1.0
    if x and y:
        return ONE_MARKED if x & y else OTHER_NUMBER
    return FIRST_NUMBER if x | y == {1} else ONE_MARKED


def _of_marks(x: frozenset[tuple[str, int]], y: frozenset[tuple[str, int]]) -> float:
    if x == y:
        return 1.0
    shared = {group for group, _ in x} & {group for group, _ in y}
    return OPPOSED if any(part[0] in shared for part in x ^ y) else ONE_MARKED


def _fuzzy(left: Sequence[Form], right: Sequence[Form], a: Ints, b: Ints) -> Floats:
    """Edit likeness, vowels and near consonants half, the root weighing as much as the whole; other endings cap it."""
    text_a, text_b, texts = _codes(((f.key, f.ordered) for f in left), ((f.key, f.ordered) for f in right))
    pairs, where = np.unique(text_a[a] * len(texts) + text_b[b], return_inverse=True)
    first, second = pairs // max(len(texts), 1), pairs % max(len(texts), 1)
    keys, turned = [text[0] for text in texts], [text[1] for text in texts]
    alike = _soft(keys, first, second)
    moved = np.flatnonzero([keys[x] != turned[x] or keys[y] != turned[y] for x, y in zip(first, second, strict=True)])
    alike[moved] = np.maximum(alike[moved], 0.99 * _soft(turned, first[moved], second[moved]))
    cut = [cut_ending(key) for key in keys]
    ends, _, _ = _codes((ending for _, ending in cut), ())
    roots = np.flatnonzero((ends[first] == ends[second]) & np.array([bool(cut[x][1]) for x in first], dtype=bool))
    alike[roots] = (alike[roots] + _soft([root for root, _ in cut], first[roots], second[roots])) / 2
    for place in np.flatnonzero(alike > ENDING):
        x, y = int(first[place]), int(second[place])
        if _other_ending(keys[x], keys[y], cut[x][1], cut[y][1]):
            alike[place] = ENDING
    return np.asarray(alike[where], dtype=np.float64)


def _soft(texts: Sequence[str], first: Ints, second: Ints) -> Floats:
    """Mean of the edit likeness of two texts and of their coarse sounds."""
    if not len(first):
        return np.empty(0)
    rough = [coarse(text) for text in texts]
    both = [
        process.cpdist(
            [kind[k] for k in first],
            [kind[k] for k in second],
            scorer=Levenshtein.normalized_similarity,
            workers=1,
            dtype=np.float32,
        )
        for kind in (texts, rough)
    ]
    return np.asarray((both[0].astype(np.float64) + both[1]) / 2, dtype=np.float64)


def _other_ending(a: str, b: str, end_a: str, end_b: str) -> bool:
    if end_a and end_b and coarse(end_a) != coarse(end_b):
        return True
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) >= 2 and long.startswith(short)
