"""Spatial blocks: neighbours resemble each other, so a method is judged on ground that it has not seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEWEST_BLOCKS = 5


def blocks(xy_m: Floats, block_m: float) -> Ints:
    """(n,) number of the square block of `block_m` metres that holds each place, counted in order of the map."""
    corner = np.floor(xy_m / block_m)
    return np.unique(corner, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def block_folds(xy_m: Floats, block_m: float, folds: int, seed: int) -> Ints:
    """(n,) fold 0..folds-1 of each place; places of one block share a fold, blocks are dealt out by `seed`.

    Where fewer than five blocks hold all places, the block is halved until five do (or places lie on one another).
    Roberts et al. 2017, Ecography 40:913, on blocking in cross-validation.
    """
    most = len(np.unique(xy_m, axis=0))
    number = blocks(xy_m, block_m)
    while number.max() + 1 < min(FEWEST_BLOCKS, most):
        block_m /= 2
        number = blocks(xy_m, block_m)
    count = int(number.max()) + 1
    dealt = np.random.default_rng(seed).permutation(count) % min(folds, count)
    return np.asarray(dealt[number], dtype=np.int64)
