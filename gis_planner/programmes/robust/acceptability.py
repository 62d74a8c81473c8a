"""How firm a ranking is: stochastic multicriteria acceptability analysis (SMAA-2).

Weights, and where they are uncertain the criteria themselves, are drawn; the share of draws in which an alternative
takes each rank says how firm its place is. Lahdelma and Salminen 2001, Operations Research 49:444. Weights without
preference are uniform on the simplex; ranges are met exactly, by rejection (Tervonen and Lahdelma 2007, EJOR 178:500).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numba
import numpy as np
import numpy.typing as npt

from gis_planner.problems import Refused, refused
from gis_planner.spatial._arrays import numbers

Floats = npt.NDArray[np.float64]
Weights = Literal["all"] | npt.ArrayLike

SHARE_SUM: Final = 1e-9
BATCH: Final = 65_536
MOST_BATCHES: Final = 400


@dataclass(frozen=True, slots=True)
class Robustness:
    """acceptability (alternatives, ranks): share of draws in which each alternative takes each rank.

    central_weights (alternatives, criteria): mean weights of the draws in which it is first (nan when it never is).
    """

    acceptability: Floats
    central_weights: Floats
    draws: int

    def top(self, count: int) -> Floats:
        """(alternatives,) share of draws among the best `count`."""
        return np.asarray(self.acceptability[:, :count].sum(axis=1), dtype=np.float64)

    def words(self, alternative: int, count: int) -> tuple[str, str]:
        """"In the top 5 in 91 % of draws", English and French."""
        share = float(self.top(count)[alternative])
        draws_fr = f"{self.draws:,}".replace(",", " ")
        return (f"in the top {count} in {share:.0%} of {self.draws:,} draws",
                f"parmi les {count} premiers dans {share * 100:.0f} % des {draws_fr} tirages")


def rank_acceptability(
    criteria: npt.ArrayLike, *, weights: Weights = "all", spread: npt.ArrayLike | None = None, draws: int = 10_000,
    seed: int = 0,
) -> Floats:
    """(alternatives, ranks) share of draws in which each alternative takes each rank, the best first.

    criteria (alternatives, criteria): values on 0..1 or any common scale, more is better. weights: `"all"` (uniform on
    the simplex), or ranges (criteria, 2) of low and high share that the weights, which sum to 1, stay within. spread:
    standard deviations (alternatives, criteria) of uncertain values, drawn as normal for each draw. Each row and each
    column sums to 1. Alternatives of equal value share their ranks' places evenly over draws by turns, never by their
    order in the table. Same seed, same array.
    """
    return acceptability(criteria, weights=weights, spread=spread, draws=draws, seed=seed).acceptability


def acceptability(
    criteria: npt.ArrayLike, *, weights: Weights = "all", spread: npt.ArrayLike | None = None, draws: int = 10_000,
    seed: int = 0,
) -> Robustness:
    """`rank_acceptability` with the central weights of each alternative (same arguments)."""
    values = _values(criteria, "criteria")
    noise = None if spread is None else _spread(spread, values.shape)
    _draws(draws)
    rng = np.random.default_rng(seed)
    shares = draw_weights(values.shape[1], weights, draws, rng)
    count = np.zeros((len(values), len(values)), np.int64)
    first = np.zeros(values.shape)
    by_criterion = np.ascontiguousarray(values.T)
    step = max(1, min(draws, 1_000_000 // len(values)))
    for start in range(0, draws, step):
        some = shares[start : start + step]
        score = _scores(some, by_criterion)
        if noise is not None:
            score += _uncertain(noise, some, rng)
        _tally(score, np.argsort(-score, axis=1), some, count, first, start)
    wins = count[:, :1].astype(np.float64)
    central = np.divide(first, wins, out=np.full(first.shape, np.nan), where=wins > 0)
    return Robustness(count / draws, central, draws)


def acceptability_over(
    futures: npt.ArrayLike, *, weights: Weights = "all", draws: int = 10_000, seed: int = 0
) -> Robustness:
    """Acceptability where the criteria themselves differ from future to future, whatever binds them together.

    futures (futures, alternatives, criteria): values of each future, more is better. Draw d takes fresh weights and
    future d modulo the number of futures, so that every future weighs the same (within one draw).
    """
    tables = numbers(futures, "futures")
    if tables.ndim != 3 or tables.size == 0:
        raise _faulty("futures", f"shape {tables.shape}", "futures x alternatives x criteria, at least one of each")
    if not np.isfinite(tables).all():
        raise _faulty("futures", "a value that is missing", "finite numbers")
    _draws(draws)
    rng = np.random.default_rng(seed)
    many, alternatives, criteria = tables.shape
    shares = draw_weights(criteria, weights, draws, rng)
    count = np.zeros((alternatives, alternatives), np.int64)
    first = np.zeros((alternatives, criteria))
    step = max(1, 1_000_000 // alternatives)
    for future in range(min(many, draws)):
        mine = np.ascontiguousarray(shares[future::many])
        by_criterion = np.ascontiguousarray(tables[future].T)
        for start in range(0, len(mine), step):
            some = mine[start : start + step]
            score = _scores(some, by_criterion)
            _tally(score, np.argsort(-score, axis=1), some, count, first, future + start)
    wins = count[:, :1].astype(np.float64)
    central = np.divide(first, wins, out=np.full(first.shape, np.nan), where=wins > 0)
    return Robustness(count / draws, central, draws)


def _draws(draws: int) -> None:
    if not (isinstance(draws, int) and 1 <= draws <= 10_000_000):
        raise _faulty("draws", draws, "a whole number of draws, 1 to 10,000,000")


def draw_weights(criteria: int, weights: Weights, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, criteria) weights that sum to 1: uniform on the simplex, or on its part within ranges (criteria, 2).

    Ranges are cut from the simplex by rejection, after the lower ends are taken out. Refused: ranges that no weights
    meet, or that meet so little of the simplex that draws would not end.
    """
    if isinstance(weights, str):
        if weights != "all":
            raise _faulty("weights", weights, '"all" or ranges (criteria, 2)')
        return rng.dirichlet(np.ones(criteria), draws)
    low, high = _ranges(weights, criteria)
    free = 1.0 - low.sum()
    if free <= SHARE_SUM:
        return np.tile(low / low.sum(), (draws, 1))
    kept: list[Floats] = []
    have = 0
    for _ in range(MOST_BATCHES):
        some = low + free * rng.dirichlet(np.ones(criteria), BATCH)
        some = some[(some <= high + SHARE_SUM).all(axis=1)]
        kept.append(some)
        have += len(some)
        if have >= draws:
            return np.concatenate(kept)[:draws]
    raise _faulty("weights", f"ranges that {have} of {MOST_BATCHES * BATCH:,} random weights meet", "wider ranges")


def _uncertain(noise: Floats, shares: Floats, rng: np.random.Generator) -> Floats:
    """Normal noise (draws, alternatives) of the variance that the criteria's spread gives under each draw's weights."""
    width = np.sqrt(_scores(shares**2, np.ascontiguousarray((noise**2).T)))
    return np.asarray(width * rng.standard_normal(width.shape), dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def _scores(shares: Any, by_criterion: Any) -> Any:
    """(draws, alternatives) weighted sums, added in the order of the criteria so that every machine gives the same."""
    draws, criteria = shares.shape
    score = np.zeros((draws, by_criterion.shape[1]))
    for draw in range(draws):
        for criterion in range(criteria):
            weight = shares[draw, criterion]
            for alternative in range(by_criterion.shape[1]):
                score[draw, alternative] += weight * by_criterion[criterion, alternative]
    return score


@numba.njit(cache=True, nogil=True)
def _tally(score: Any, orders: Any, shares: Any, count: Any, first: Any, start: int) -> None:
    """Add each draw's ranks to `count` and the weights of its winner to `first`; ties take turns from draw to draw."""
    draws, alternatives = score.shape
    for draw in range(draws):
        order = orders[draw]
        at = 0
        while at < alternatives:
            end = at + 1
            top = score[draw, order[at]]
            while end < alternatives and top - score[draw, order[end]] <= 1e-12 * max(abs(top), 1e-300):
                end += 1
            size = end - at
            if size > 1:
                order[at:end] = np.sort(order[at:end])
            turn = (start + draw) % size
            for k in range(size):
                count[order[at + k], at + (k + turn) % size] += 1
                if at == 0 and (k + turn) % size == 0:
                    first[order[k]] += shares[draw]
            at = end


def _values(criteria: npt.ArrayLike, what: str) -> Floats:
    values = numbers(criteria, what)
    if values.ndim != 2 or values.size == 0:
        raise _faulty(what, f"shape {values.shape}", "alternatives x criteria, at least one of each")
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise _faulty(what, f"alternative {int(np.argmax(bad))} without a value on every criterion", "finite numbers")
    return np.ascontiguousarray(values)


def _spread(spread: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    noise = numbers(spread, "spread")
    try:
        noise = np.broadcast_to(noise, shape)
    except ValueError:
        raise _faulty("spread", f"shape {noise.shape}", f"one deviation per value, {shape}") from None
    if not np.isfinite(noise).all() or (noise < 0).any():
        raise _faulty("spread", float(np.nanmin(noise)), "standard deviations, 0 or more")
    return np.ascontiguousarray(noise)


def _ranges(weights: npt.ArrayLike, criteria: int) -> tuple[Floats, Floats]:
    ranges = numbers(weights, "weights")
    if ranges.shape != (criteria, 2):
        raise _faulty("weights", f"shape {ranges.shape}", f'"all" or ({criteria}, 2): low and high share per criterion')
    low, high = ranges[:, 0], ranges[:, 1]
    if not np.isfinite(ranges).all() or (low < 0).any() or (high > 1 + SHARE_SUM).any() or (low > high).any():
        raise _faulty("weights", ranges.tolist(), "0 <= low <= high <= 1 for each criterion")
    if low.sum() > 1 + SHARE_SUM or high.sum() < 1 - SHARE_SUM:
        raise _faulty("weights", f"lows that sum to {low.sum():g} and highs to {high.sum():g}",
                      "lows that sum to at most 1 and highs to at least 1: weights sum to 1")
    return low, high


def _faulty(field: str, found: object, expected: str) -> Refused:
    return refused("robustness", field=field, found=found, expected=expected,
                   remedy="Mend the values; weights are shares between 0 and 1 that sum to 1.",
                   remedy_fr="Corrigez les valeurs ; les poids sont des parts entre 0 et 1 dont la somme est 1.")
