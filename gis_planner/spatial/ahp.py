"""Weights from comparisons in pairs (analytic hierarchy process), refused when the comparisons contradict one another.

Saaty 1980, The Analytic Hierarchy Process: weights are the principal eigenvector of the matrix of ratios; the
consistency ratio is (lambda - n) / (n - 1) over its mean for random matrices. Several experts: geometric mean (Aczél
and Saaty 1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gis_planner.problems import Problems, Severity, refused
from gis_planner.spatial._arrays import Floats

RANDOM_INDEX: Final = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Saaty 1980, mean consistency index of random matrices of order 0 to 15."""

MOST_RATIO: Final = 0.10
LARGEST: Final = 9.0


@dataclass(frozen=True, slots=True)
class Ahp:
    """weights (n,) sum to 1; eigenvalue: the largest; ratio: consistency ratio; expert_ratios: that of each expert."""

    weights: Floats
    eigenvalue: float
    ratio: float
    expert_ratios: tuple[float, ...]


def ahp_weights(
    comparisons: npt.ArrayLike | Sequence[npt.ArrayLike], names: Sequence[str] | None = None
) -> Ahp:
    """Weights of n criteria from one (n, n) matrix of ratios, or several experts' (experts, n, n).

    Entry (i, j): how many times i matters more than j, 1/9 to 9, (j, i) its inverse, 1 on the diagonal. Refused: a
    matrix that is not so, and a consistency ratio above 0.10, of any expert or of all together, with the pair of
    criteria that contradicts the rest most.
    """
    matrices = np.asarray(comparisons, dtype=np.float64)
    matrices = matrices[np.newaxis] if matrices.ndim == 2 else matrices
    shape = matrices.shape
    if matrices.ndim != 3 or shape[1] != shape[2] or not shape[0] or not 1 <= shape[1] < len(RANDOM_INDEX):
        raise refused("ahp-shape", field="comparisons", found=f"shape {shape}",
                      expected=f"a square matrix of 1 to {len(RANDOM_INDEX) - 1} criteria for each expert",
                      remedy="Compare each criterion with each; group them when there are more than 15.",
                      remedy_fr="Comparez chaque critère à chaque autre ; groupez-les s'il y en a plus de 15.")
    labels = [str(name) for name in names] if names is not None else [f"criterion {i + 1}" for i in range(shape[1])]
    problems = Problems()
    for expert, matrix in enumerate(matrices):
        _reciprocal(matrix, labels, expert, problems)
    problems.stop()
    ratios = []
    for expert, matrix in enumerate(matrices):
        weights, eigenvalue = _eigenvector(matrix)
        ratios.append(_ratio(eigenvalue, shape[1]))
        if ratios[-1] > MOST_RATIO:
            _contradiction(matrix, weights, ratios[-1], labels, expert, problems)
    problems.stop()
    weights, eigenvalue = _eigenvector(np.exp(np.log(matrices).mean(axis=0)))
    return Ahp(weights, eigenvalue, _ratio(eigenvalue, shape[1]), tuple(ratios))


def _reciprocal(matrix: Floats, labels: list[str], expert: int, problems: Problems) -> None:
    for i in range(len(matrix)):
        for j in range(i, len(matrix)):
            here, back = matrix[i, j], matrix[j, i]
            sound = np.isfinite([here, back]).all() and here > 0 and back > 0
            if sound and abs(here * back - 1) < 0.02 and max(here, back) <= LARGEST + 0.01 and (i != j or here == 1):
                continue
            problems.add("ahp-reciprocal", Severity.REFUSE, row=f"expert {expert + 1}",
                         field=f"{labels[i]} / {labels[j]}", found=f"{here:g} and {back:g}",
                         expected="a ratio of 1/9 to 9 and its inverse, 1 on the diagonal",
                         remedy="Write the ratio once and its inverse on the other side.",
                         remedy_fr="Écrivez le rapport une fois et son inverse de l'autre côté.")


def _eigenvector(matrix: Floats) -> tuple[Floats, float]:
    weights = np.full(len(matrix), 1.0 / len(matrix))
    for _ in range(10_000):
        after = matrix @ weights
        after /= after.sum()
        if np.abs(after - weights).max() < 1e-15:
            break
        weights = after
    return weights, float(np.mean((matrix @ weights) / weights))


def _ratio(eigenvalue: float, size: int) -> float:
    if size < 3:
        return 0.0
    return max((eigenvalue - size) / (size - 1) / RANDOM_INDEX[size], 0.0)


def _contradiction(
    matrix: Floats, weights: Floats, ratio: float, labels: list[str], expert: int, problems: Problems
) -> None:
    implied = weights[:, np.newaxis] / weights
    strain = np.abs(np.log(matrix / implied))
    i, j = np.unravel_index(int(np.argmax(np.triu(strain))), strain.shape)
    problems.add(
        "ahp-inconsistent", Severity.REFUSE, row=f"expert {expert + 1}", field=f"{labels[i]} / {labels[j]}",
        found=f"consistency ratio {ratio:.3f}; {matrix[i, j]:.2g} where the other answers imply {implied[i, j]:.2g}",
        expected=f"at most {MOST_RATIO:.2f}", remedy="Ask the expert again about this pair first.",
        remedy_fr="Reposez d'abord la question de cette paire à l'expert.")
