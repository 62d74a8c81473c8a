"""Findings by code: words, severities and remedies stand in findings.toml; here they are filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gis_planner.problems import Finding, Problems, Refused, Severity, shown

MAX_FINDINGS = 2000
SOME = 5
_MANY_ROWS = 20


@dataclass(frozen=True, slots=True)
class Words:
    """One code: how much it weighs, what is expected and what to do.

    severity: refuse, repair, note, or `row`: a doubtful row, refused where rows mean people, set aside elsewhere.
    """

    severity: str
    expected: str
    remedy: str
    remedy_fr: str


@cache
def codes() -> dict[str, Words]:
    """Every code that reading and checking layers can report."""
    text = files("gis_planner.layers").joinpath("findings.toml").read_text(encoding="utf-8")
    return {
        code: Words(entry["severity"], entry.get("expected", ""), entry["remedy"], entry["remedy_fr"])
        for code, entry in tomllib.loads(text).items()
    }


def _fill(template: str, fill: dict[str, object]) -> str:
    for key, value in fill.items():
        template = template.replace("{" + key + "}", shown(value, 200))
    return template


class Report:
    """Collects the findings of one file, with the policy of its table for doubtful rows.

    strict: a doubtful row refuses the file (rows that mean people or protection), else it is set aside.
    off: codes that are not reported, so that a test can show that each rule matters.
    """

    def __init__(
        self, file: str, *, strict: bool = False, max_findings: int = MAX_FINDINGS, off: Collection[str] = (),
    ) -> None:
        self.file = file
        self.strict = strict
        self.max_findings = max_findings
        self.off = frozenset(off)
        self.problems = Problems()
        self._said: dict[str, int] = {}

    def _severity(self, words: Words, weight: str | None) -> Severity:
        severity = weight or words.severity
        if severity == "row":
            severity = "refuse" if self.strict else "repair"
        return Severity(severity)

    def finding(
        self, code: str, *, found: object, row: str = "", field: str = "", severity: str | None = None, **fill: object
    ) -> Finding:
        """The finding of a code, its words filled in (KeyError for a code that findings.toml does not know)."""
        words = codes()[code]
        fill = {"field": field, "row": row, "found": found, "file": self.file, **fill}
        return Finding(
            code, self._severity(words, severity), str(found), _fill(words.expected, fill), _fill(words.remedy, fill),
            _fill(words.remedy_fr, fill), self.file, row, field,
        )

    def say(
        self, code: str, *, found: object, row: str = "", field: str = "", severity: str | None = None, **fill: object
    ) -> None:
        """Keep one finding; past `max_findings` of one code they are counted only (see `close`)."""
        if code in self.off:
            return
        self._said[code] = self._said.get(code, 0) + 1
        if self._said[code] <= self.max_findings:
            self.problems.extend(
                [self.finding(code, found=found, row=row, field=field, severity=severity, **fill)]
            )

    def stop(
        self, code: str, *, found: object, row: str = "", field: str = "", **fill: object
    ) -> Refused:
        """A refusal of the whole file, ready to raise."""
        return Refused([self.finding(code, found=found, row=row, field=field, severity="refuse", **fill)])

    def rows(
        self, code: str, faults: Iterable[tuple[int, str]], *, label: Callable[[int], str], total: int,
        field: str = "", severity: str | None = None, **fill: object,
    ) -> list[int]:
        """Report (index, found) faults of one code and field, one by one, or in one finding when most rows have it.

        Returns the indices.
        """
        listed = list(faults)
        if len(listed) > _MANY_ROWS and len(listed) > total / 2:
            examples = ", ".join(f"{label(index)}: {shown(found, 40)}" for index, found in listed[:SOME])
            self.say(code, found=f"{len(listed)} of {total} rows ({examples}, ...)", field=field,
                     row=f"{len(listed)} rows", severity=severity, **fill)
        else:
            for index, found in listed:
                self.say(code, found=found, row=label(index), field=field, severity=severity, **fill)
        return [index for index, _ in listed]

    def close(self) -> Problems:
        """The findings, with one line for each code of which not all were listed."""
        for code, count in self._said.items():
            if count > self.max_findings:
                self.problems.extend([
                    self.finding("more-of-the-same", found=f"{count - self.max_findings} more of [{code}]")
                ])
        self._said = {}
        return self.problems
