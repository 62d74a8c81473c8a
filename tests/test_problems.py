"""Findings: where, what, expected, remedy; collected, said once, safe to print."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner import problems
from gis_planner.problems import (
    CannotBeMet,
    Finding,
    Machine,
    Problems,
    Refused,
    Severity,
    french_words,
    in_french,
    nearest,
    refused,
    shown,
)

FINDING = Finding("no-budget", Severity.REFUSE, "0", "a budget above 0 FCFA", "State one.", "Indiquez-en un.", "s.toml",
                  "line 3", "wells.budget_fcfa")


def test_a_sentence_says_where_what_expected_and_the_remedy() -> None:
    """English and French sentences hold file, row, field, found, expected and remedy."""
    assert FINDING.sentence() == (
        "[no-budget] s.toml, line 3, wells.budget_fcfa: found 0; expected a budget above 0 FCFA. State one.")
    assert FINDING.sentence("fr") == (
        "[no-budget] s.toml, ligne 3, wells.budget_fcfa: trouvé 0 ; attendu un budget supérieur à 0 FCFA. "
        "Indiquez-en un.")


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


@settings(deadline=None)
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


def test_found_and_expected_are_said_in_french_with_their_data() -> None:
    """Words of a finding come from the table of French; names, numbers and unknown texts are carried over verbatim."""
    assert in_french("9 of 12 rows set aside") == "9 lignes sur 12 écartées"
    assert in_french("no column age; nearest: the ages") == "pas de colonne age ; la plus proche : the ages"
    assert in_french("110 of 1613 places within 30 m of a stream (9 by this rule alone)") == (
        "110 lieux sur 1613 à moins de 30 m d'un cours d'eau (9 par cette seule règle)")
    # a text between numbers only is data: no pattern of numbers takes it
    assert in_french("Kola to Mana") == "Kola to Mana"
    assert in_french("0 to 140") == "0 à 140"


def test_thousands_are_grouped_as_in_each_language() -> None:
    """What was expected is grouped with commas in English and narrow spaces in French."""
    finding = Finding("out-of-range", Severity.REFUSE, "90 m", "1 to 10,000 m", "Mend it.")
    assert finding.words("en")[1] == "1 to 10,000 m"
    assert finding.words("fr")[1] == "1 à 10\u202f000 m"


def test_french_keeps_every_part() -> None:
    """Each line of the table fills in as many parts in French as the English has."""
    for english, french in french_words().items():
        parts = len(re.findall(r"\{[+#]?\}", english))
        assert len(re.findall(r"\{[\d+]*\}", french)) == parts, english


def _said(node: ast.expr) -> list[str]:
    """The texts that an expression of literals can be, `{}` for each part that is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return _said(node.body) + _said(node.orelse)
    return []


def test_every_finding_of_the_readers_programmes_and_maps_has_french() -> None:
    """Whatever the rooms a user meets write as found, expected or effect stands in the table of French."""
    root, texts = Path(problems.__file__).parent, set[str]()
    for room in ("layers", "programmes", "scenarios", "standards", "maps"):
        for file in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                for word in node.keywords:
                    texts.update(_said(word.value) if word.arg in {"found", "expected", "effect"} else ())
                # Finding(code, severity, found, expected, ...)
                for said in node.args[2:4] if getattr(node.func, "id", "") == "Finding" else ():
                    texts.update(_said(said))
    for entry in tomllib.loads((root / "layers" / "findings.toml").read_text(encoding="utf-8")).values():
        texts.add(re.sub(r"\{\w+\}", "{}", entry.get("expected", "")))
    plain = {text.replace("{}", "7") for text in texts if re.search(r"[a-z]{3}", text.replace("{}", ""))}
    same_in_french = {"run = []", "crs 7", "7", "UTF-8"}
    assert len(plain) > 250
    assert sorted(text for text in plain - same_in_french if in_french(text) == text) == []
