"""A plane map of places of which only the distances are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LANDMARKS = 60


def plane(distances: NDArray[np.float64] | NDArray[np.int64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """(len(at), 2) coordinates of the locations `at`, near enough to their distances to tell directions.

    Landmark scaling (de Silva & Tenenbaum 2004, Sparse multidimensional scaling using landmark points).
    """
    marks = at[np.unique(np.linspace(0, len(at) - 1, min(len(at), LANDMARKS)).astype(int))]
    square = distances[np.ix_(marks, marks)].astype(np.float64) ** 2
    means = square.mean(axis=1)
    values, vectors = np.linalg.eigh(-0.5 * (square - means[None, :] - means[:, None] + means.mean()))
    top = [-1, -2] if len(values) > 1 else [-1, -1]
    axes = vectors[:, top] / np.sqrt(np.maximum(values[top], 1e-9))
    axes *= np.where(axes[np.abs(axes).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    return np.asarray(-0.5 * (distances[np.ix_(at, marks)].astype(np.float64) ** 2 - means[None, :]) @ axes)
