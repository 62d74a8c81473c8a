"""Which pairs of rows are worth a look: the same sound, shared trigrams, the same parent area, or near each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree
from sklearn.feature_extraction.text import TfidfVectorizer

from gis_planner.layers.names.rows import Side, parent_key
from gis_planner.layers.names.similarity import Ints, Spelled
from gis_planner.layers.names.spelling import coarse

NEIGHBOURS, ALIKE, GROUP = 6, 12, 60
"""Nearest rows and most alike names looked at for each row; largest parent area whose rows are all compared."""
_CHUNK = 1024
_LEAST_COSINE = 0.3
_SAME_SOUND = 400


def pairs(left: Side, right: Side) -> tuple[Ints, Ints]:
    """(left positions, right positions) of the candidate pairs, each once, in order."""
    found = [
        _same_sound(left.spelled, right.spelled),
        _trigrams(left, right),
        _siblings(left, right),
        _near(left, right),
    ]
    every = np.concatenate(found)
    both = np.unique(every[:, 0] * max(len(right), 1) + every[:, 1])
    return both // max(len(right), 1), both % max(len(right), 1)


def _owners(spelled: Spelled) -> Ints:
    return np.repeat(np.arange(len(spelled.start) - 1, dtype=np.int64), np.diff(spelled.start))


def _join(left: list[str], right: list[str], own_left: Ints, own_right: Ints, most: int) -> Ints:
    """Pairs of owners whose text is equal; texts with more than `most` pairs give none."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(right):
        groups.setdefault(text, []).append(place)
    out: list[tuple[int, int]] = []
    for place, text in enumerate(left):
        mates = groups.get(text, [])
        if text and len(mates) <= most:
            out.extend((int(own_left[place]), int(own_right[mate])) for mate in mates)
    return np.array(out, dtype=np.int64).reshape(-1, 2)


def _same_sound(left: Spelled, right: Spelled) -> Ints:
    a, b = _owners(left), _owners(right)
    parts = [
        _join([f.ordered for f in left.forms], [f.ordered for f in right.forms], a, b, _SAME_SOUND),
        _join([coarse(f.key) for f in left.forms], [coarse(f.key) for f in right.forms], a, b, _SAME_SOUND),
    ]
    return np.concatenate(parts)


def _siblings(left: Side, right: Side) -> Ints:
    return _join(
        [parent_key(one) for one in left.parents],
        [parent_key(one) for one in right.parents],
        np.arange(len(left)),
        np.arange(len(right)),
        GROUP,
    )


def _near(left: Side, right: Side) -> Ints:
    here, there = np.flatnonzero(left.placed), np.flatnonzero(right.placed)
    if not here.size or not there.size:
        return np.empty((0, 2), dtype=np.int64)
    count = min(NEIGHBOURS, there.size)
    _, nearest = cKDTree(right.globe[there]).query(left.globe[here], k=np.arange(1, count + 1))
    return np.column_stack([np.repeat(here, count), there[nearest.ravel()]]).astype(np.int64)


def _keys(side: Side) -> tuple[list[str], Ints]:
    owners = _owners(side.spelled)
    keep = [place for place, form in enumerate(side.spelled.forms) if not form.exact]
    return [side.spelled.forms[place].key for place in keep], owners[keep]


def _trigrams(left: Side, right: Side) -> Ints:
    """For each form the most alike ones by cosine of rare trigrams, both ways."""
    texts_left, own_left = _keys(left)
    texts_right, own_right = _keys(right)
    if not texts_left or not texts_right:
        return np.empty((0, 2), dtype=np.int64)
    least = min(1.0, max(0.02, 20 / len(texts_right)))
    book = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_df=least, dtype=np.float32, lowercase=False)
    try:
        book.fit(texts_right)
    except ValueError:  # no n-gram is left: every name is empty
        return np.empty((0, 2), dtype=np.int64)
    a, b = book.transform(texts_left), book.transform(texts_right)
    one, two = _most_alike(a, b)
    return np.column_stack([own_left[one], own_right[two]]).astype(np.int64)


def _most_alike(a: csr_matrix, b: csr_matrix) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    first, second = [], []
    turned = b.T.tocsr()
    for start in range(0, a.shape[0], _CHUNK):
        part = (a[start : start + _CHUNK] @ turned).tocoo()
        strong = part.data >= _LEAST_COSINE
        row, col, cosine = part.row[strong], part.col[strong], part.data[strong]
        order = np.lexsort((col, -cosine, row))
        row, col = row[order], col[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        keep = rank < ALIKE
        first.append(row[keep].astype(np.int64) + start)
        second.append(col[keep].astype(np.int64))
    return np.concatenate(first), np.concatenate(second)
