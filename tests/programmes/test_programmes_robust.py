"""SMAA against hand-worked and closed-form cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.problems import Refused
from gis_planner.programmes.robust import acceptability, draw_weights, rank_acceptability

NEAR = 0.015
"""Three standard errors of a share of one half over 10,000 draws: 3 * sqrt(0.25 / 10000) = 0.015."""


def test_the_best_on_everything_is_always_first() -> None:
    """An alternative that is best on all criteria is first in every draw, the worst on all is last."""
    shares = rank_acceptability([[1.0, 1.0], [0.5, 0.4], [0.0, 0.1]])
    assert shares.tolist() == np.eye(3).tolist()


def test_two_criteria_closed_form() -> None:
    """A = (1, 0) beats B = (0, 0.5) when w1 > 0.5 (1 - w1), so for uniform w1 in two draws of three."""
    shares = rank_acceptability([[1.0, 0.0], [0.0, 0.5]])
    assert shares[0, 0] == pytest.approx(2 / 3, abs=NEAR)  # w1 > 1/3
    assert shares[1, 0] == pytest.approx(1 / 3, abs=NEAR)


def test_a_compromise_between_two_extremes() -> None:
    """(1, 0), (0.6, 0.6), (0, 1): the middle is first for w1 in 0.375..0.6 +, worked out by hand, else each extreme."""
    result = acceptability([[1.0, 0.0], [0.6, 0.6], [0.0, 1.0]])
    # the middle scores 0.6; (1, 0) scores w1 and wins above 0.6; (0, 1) scores 1 - w1 and wins below 0.4
    assert result.acceptability[:, 0] == pytest.approx([0.4, 0.2, 0.4], abs=NEAR)
    # never last: whichever extreme loses scores below 0.5
    assert result.acceptability[1, 2] == 0
    # it is first for w1 uniform on 0.4..0.6: central weights one half each
    assert result.central_weights[1] == pytest.approx([0.5, 0.5], abs=NEAR)
    assert result.central_weights[0, 0] == pytest.approx(0.8, abs=NEAR)  # middle of 0.6..1


def test_three_criteria_closed_form() -> None:
    """With one specialist per criterion, each is first in a third of draws and each order is equally likely."""
    assert rank_acceptability(np.eye(3)) == pytest.approx(np.full((3, 3), 1 / 3), abs=NEAR)


def test_ranges_of_weights() -> None:
    """With w1 between 0.2 and 0.4, A = (1, 0) against B = (0, 0.5) wins on w1 > 1/3: (0.4 - 1/3) / 0.2 of draws."""
    shares = rank_acceptability([[1.0, 0.0], [0.0, 0.5]], weights=[[0.2, 0.4], [0.0, 1.0]])
    assert shares[0, 0] == pytest.approx(1 / 3, abs=NEAR)  # (0.4 - 0.3333) / 0.2
    sure = rank_acceptability([[1.0, 0.0], [0.0, 0.5]], weights=[[0.3, 0.3], [0.7, 0.7]])
    assert sure[0].tolist() == [0.0, 1.0]  # 0.3 against 0.35


def test_weights_stay_in_their_ranges_and_sum_to_one() -> None:
    """Drawn weights keep their ranges and sum to 1; without ranges their mean is the centre of the simplex."""
    rng = np.random.default_rng(0)
    drawn = draw_weights(3, [[0.1, 0.3], [0.2, 0.5], [0.3, 0.9]], 5_000, rng)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(5_000))
    assert (drawn >= np.array([0.1, 0.2, 0.3]) - 1e-9).all()
    assert (drawn <= np.array([0.3, 0.5, 0.9]) + 1e-8).all()
    assert draw_weights(4, "all", 20_000, rng).mean(axis=0) == pytest.approx([0.25] * 4, abs=0.01)


def test_uncertain_values_closed_form() -> None:
    """One criterion, means 0 and 1, deviation 1 each: the better is first with chance Phi(1 / sqrt 2) = 0.7602."""
    shares = rank_acceptability([[1.0], [0.0]], spread=1.0)
    assert shares[0, 0] == pytest.approx(0.7602, abs=NEAR)


def test_equal_alternatives_share_the_rank() -> None:
    """Two equal alternatives take each rank in half of the draws, not in the order of the table."""
    shares = rank_acceptability([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]], draws=1_000)
    assert shares.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 5))
def test_shares_add_up_and_rows_may_be_shuffled(seed: int, alternatives: int, criteria: int) -> None:
    """Every row and column sums to 1, the order of rows does not matter, and the same seed gives the same array."""
    rng = np.random.default_rng(seed)
    values = rng.random((alternatives, criteria))
    shares = rank_acceptability(values, draws=500, seed=3)
    assert shares.sum(axis=0) == pytest.approx(np.ones(alternatives))
    assert shares.sum(axis=1) == pytest.approx(np.ones(alternatives))
    order = rng.permutation(alternatives)
    assert (rank_acceptability(values[order], draws=500, seed=3) == shares[order]).all()


def test_words() -> None:
    """The share in the top is said in both languages."""
    result = acceptability([[1.0, 1.0], [0.0, 0.0]])
    assert result.words(0, 2) == ("in the top 2 in 100% of 10,000 draws",
                                  "parmi les 2 premiers dans 100 % des 10 000 tirages")


@pytest.mark.parametrize(("arguments", "match"), [
    ({"criteria": [[np.nan, 1.0]]}, "alternative 0"), ({"criteria": [1.0, 2.0]}, "shape"),
    ({"criteria": [[1.0, 2.0]], "weights": [[0.6, 0.9], [0.5, 0.9]]}, "sum to 1"),
    ({"criteria": [[1.0, 2.0]], "weights": [[0.0, 0.2], [0.0, 0.3]]}, "sum to 1"),
    ({"criteria": [[1.0, 2.0]], "weights": [[0.5, 0.2], [0.0, 1.0]]}, "low <= high"),
    ({"criteria": [[1.0, 2.0]], "weights": "some"}, "all"), ({"criteria": [[1.0, 2.0]], "draws": 0}, "draws"),
    ({"criteria": [[1.0, 2.0]], "spread": -1.0}, "spread"),
])
def test_bad_input_is_refused(arguments: dict[str, object], match: str) -> None:
    """Missing values, ranges that no weights meet and nonsense are refused."""
    with pytest.raises(Refused, match=match):
        rank_acceptability(**arguments)
