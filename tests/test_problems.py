"""Findings: where, what, expected, remedy; collected, said once, safe to print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_planner.problems import (
    CannotBeMet,
    Finding,
    Machine,
    Problems,
    Refused,
    Severity,
    nearest,
    refused,
    shown,
)

FINDING = Finding("no-budget", Severity.REFUSE, "0", "a budget above 0", "State one.", "Indiquez-en un.", "s.toml",
                  "line 3", "wells.budget_fcfa")


def test_a_sentence_says_where_what_expected_and_the_remedy() -> None:
    """English and French sentences hold file, row, field, found, expected and remedy."""
    assert FINDING.sentence() == (
        "[no-budget] s.toml, line 3, wells.budget_fcfa: found 0; expected a budget above 0. State one.")
    assert FINDING.sentence("fr") == (
        "[no-budget] s.toml, line 3, wells.budget_fcfa: trouvé 0; attendu a budget above 0. Indiquez-en un.")


def test_json_has_the_eight_members() -> None:
    """`--json` gives code, severity, file, row, field, found, expected and remedy."""
    names = {"code", "severity", "file", "row", "field", "found", "expected", "remedy"}
    assert names <= set(FINDING.as_dict())


@pytest.mark.parametrize(("kind", "status"), [(Refused, 2), (CannotBeMet, 3), (Machine, 4)])
def test_each_stop_has_its_exit_status(kind: type[Refused], status: int) -> None:
    """Input refused is 2, a scenario that cannot be met is 3, the machine is 4."""
    assert kind([FINDING]).exit_status == status


def test_problems_speak_once_with_every_refusal() -> None:
    """`stop` raises all refusals together and stays silent when there is none."""
    problems = Problems()
    problems.add("note", Severity.NOTE, found="x", remedy="r")
    problems.stop()
    assert problems.status == "accept"
    problems.add("a", Severity.REFUSE, found="x", remedy="r")
    problems.add("b", Severity.REFUSE, found="y", remedy="r")
    assert problems.status == "refuse"
    with pytest.raises(Refused) as stop:
        problems.stop()
    assert [finding.code for finding in stop.value.findings] == ["a", "b"]


def test_a_repair_is_not_a_refusal() -> None:
    """Repairs make the status `repair` and stop nothing."""
    problems = Problems()
    problems.add("a", Severity.REPAIR, found="x", remedy="r")
    problems.stop()
    assert problems.status == "repair"


@given(st.text())
def test_what_is_shown_never_moves_the_terminal(text: str) -> None:
    """Whatever a file holds, what is printed has no control or direction character and at most 80 characters."""
    safe = shown(text)
    assert len(safe) <= 80
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u200f\u2028" for char in safe)


def test_the_near_name_is_offered() -> None:
    """A typo is answered with the nearest known name, nonsense with none."""
    assert nearest("lattitude", ["latitude", "longitude"]) == "latitude"
    assert nearest("qqqq", ["latitude", "longitude"]) is None
    assert nearest("oa01", ["OA01", "OB77"]) == "OA01"


def test_a_single_refusal_reads_like_any_other() -> None:
    """`refused` makes the error of one finding."""
    error = refused("negative", field="cost", found=-3, expected="0 or more", remedy="Mend it.")
    assert str(error) == "[negative] cost: found -3; expected 0 or more. Mend it."
