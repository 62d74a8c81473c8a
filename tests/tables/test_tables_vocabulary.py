"""Words that programmes and outputs share."""

from __future__ import annotations

import pytest

from gis_planner.tables.vocabulary import dose_word


@pytest.mark.parametrize(("dose_kg", "english", "french"), [
    (1.2, "1.2 kg", "1,2 kg"), (0.9996, "1 kg", "1 kg"), (0.086, "86 g", "86 g"), (0.0099, "9.9 g", "9,9 g"),
    (0.1, "100 g", "100 g"), (0.0003, "0.3 g", "0,3 g"), (0.0001, "0.1 g", "0,1 g"),
    (0.00007, "under 0.1 g", "moins de 0,1 g"), (0.0, "under 0.1 g", "moins de 0,1 g"),
])
def test_no_dose_is_nothing(dose_kg: float, english: str, french: str) -> None:
    """A dose is said in the unit in which it is weighed, and one below 0.1 g is never told as 0."""
    assert (dose_word(dose_kg, "en"), dose_word(dose_kg, "fr")) == (english, french)
