"""What went wrong, for the person who can mend it: one kind of finding, many collected, said once.

A finding says where (file, row, field), what was found, what was expected and the remedy, in English
and in French. This module imports nothing from the package.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

EXIT_DONE = 0
EXIT_REFUSED = 2
EXIT_CANNOT_BE_MET = 3
EXIT_MACHINE = 4
EXIT_INTERRUPTED = 130


class Severity(StrEnum):
    """How much a finding weighs: `refuse` stops the run, `repair` changed or set aside data, `note` informs."""

    REFUSE = "refuse"
    REPAIR = "repair"
    NOTE = "note"


def shown(value: object, limit: int = 80) -> str:
    """`value` as one safe line: control and direction characters as escapes, cut at `limit` characters."""
    out = []
    for char in str(value)[: limit + 1]:
        hidden = unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        out.append(char.encode("unicode_escape").decode("ascii") if hidden else char)
    text = "".join(out)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_BLANK = re.compile(r"\{[+#]?\}")
_NUMBER = r"([-+]?\d[\d.,]*)"


@lru_cache(maxsize=1)
def french_words() -> Mapping[str, str]:
    """Texts of findings and effects in English and French, from `problems_fr.toml`, which says how it is read."""
    return tomllib.loads((Path(__file__).parent / "problems_fr.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str, tuple[bool, ...]]]:
    """Each text with parts as a pattern, the one with the most letters of its own first."""
    found = []
    for english, french in french_words().items():
        parts, kinds = _BLANK.split(english), _BLANK.findall(english)
        if kinds:
            blanks = [_NUMBER if kind == "{#}" else "(.*?)" if at == len(kinds) - 1 else "(.+?)"
                      for at, kind in enumerate(kinds)]
            text = "".join(re.escape(part) + blank for part, blank in zip(parts, [*blanks, ""], strict=True))
            words = tuple(kind == "{+}" for kind in kinds)
            found.append((len("".join(parts)), english, (re.compile(text, re.DOTALL), french, words)))
    return [item for _, _, item in sorted(found, key=lambda entry: (-entry[0], entry[1]))]


def _filled(french: str, parts: list[str]) -> str:
    at = iter(parts)
    return re.sub(r"\{(\d*)\+?\}", lambda blank: parts[int(blank[1]) - 1] if blank[1] else next(at), french)


def _grouped(text: str) -> str:
    """Numbers of thousands as French writes them; what stands in quotes is data and stays."""
    return re.sub(r"(?<![\w.,'\"])\d{1,3}(?:,\d{3})+(?![\w,'\"])", lambda found: found[0].replace(",", "\u202f"), text)


@lru_cache(maxsize=4096)
def in_french(text: str) -> str:
    """`text` in French when `problems_fr.toml` holds it, with its data carried over; else as it is."""
    known = french_words().get(text)
    if known is not None:
        return known
    for pattern, french, words in _patterns():
        match = pattern.fullmatch(text)
        if match:
            parts = [in_french(part) if inner else part for part, inner in zip(match.groups(), words, strict=True)]
            return _filled(french, parts)
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found wrong.

    code: stable short name (`coordinate-swapped`), the same in every language.
    file, row, field: where. `row` is what a person sees (line of a CSV, row of a sheet, `feature 4`, an id).
    found, expected: in plain words. remedy, remedy_fr: what to do, English and French.
    """

    code: str
    severity: Severity
    found: str
    expected: str
    remedy: str
    remedy_fr: str = ""
    file: str = ""
    row: str = ""
    field: str = ""

    def as_dict(self) -> dict[str, str]:
        """The eight members of `--json`, and the French remedy."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": shown(self.file, 300),
            "row": shown(self.row),
            "field": shown(self.field),
            "found": shown(self.found, 300),
            "expected": shown(self.expected, 300),
            "remedy": shown(self.remedy, 500),
            "remedy_fr": shown(self.remedy_fr or self.remedy, 500),
        }

    def where(self, lang: str = "en") -> str:
        """File, row and field in one line; empty when none is known."""
        item = self.as_dict()
        row = in_french(item["row"]) if lang == "fr" else item["row"]
        return ", ".join(part for part in (item["file"], row, item["field"]) if part)

    def words(self, lang: str = "en") -> tuple[str, str, str]:
        """Found, expected and remedy in `lang`, as `as_dict` shows them."""
        item = self.as_dict()
        if lang != "fr":
            return item["found"], item["expected"], item["remedy"]
        return in_french(item["found"]), _grouped(in_french(item["expected"])), item["remedy_fr"]

    def sentence(self, lang: str = "en") -> str:
        """The finding as one printable line in `lang` (`en` or `fr`)."""
        words = {"en": ("found", "expected"), "fr": ("trouvé", "attendu")}[lang]
        where = self.where(lang)
        found, expected, remedy = self.words(lang)
        head = f"[{self.code}] {where}: " if where else f"[{self.code}] "
        colon = " ; " if lang == "fr" else "; "
        middle = f"{words[0]} {found}" + (f"{colon}{words[1]} {expected}" if expected else "")
        return f"{head}{middle}. {remedy}"


class Stop(ValueError):
    """The work cannot go on. Carries its findings and the exit status of the command."""

    exit_status = EXIT_REFUSED

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(finding.sentence() for finding in self.findings))


class Refused(Stop):
    """An input (file, table, array, setting) is refused: exit status 2."""


class CannotBeMet(Stop):
    """The inputs are sound but what the scenario asks has no answer: exit status 3."""

    exit_status = EXIT_CANNOT_BE_MET


class Machine(Stop):
    """Disk, memory, permission or a missing program: exit status 4."""

    exit_status = EXIT_MACHINE


def refused(
    code: str, *, found: object, expected: str, remedy: str, field: str = "", row: str = "", file: str = "",
    remedy_fr: str = "",
) -> Refused:
    """A `Refused` with one finding, ready to raise: `raise refused("negative-weight", found=-3, ...)`."""
    return Refused([Finding(code, Severity.REFUSE, str(found), expected, remedy, remedy_fr, file, row, field)])


@dataclass
class Problems:
    """Collects findings, so that a partner mends a file once; `stop()` speaks when something was refused."""

    findings: list[Finding] = field(default_factory=list)

    def add(
        self, code: str, severity: Severity, *, found: object, expected: str = "", remedy: str, remedy_fr: str = "",
        file: str = "", row: object = "", field: str = "",
    ) -> None:
        """Keep one finding (see `Finding` for the members)."""
        self.findings.append(
            Finding(code, severity, str(found), expected, remedy, remedy_fr, file, str(row), field)
        )

    def extend(self, findings: Iterable[Finding]) -> None:
        """Keep findings made elsewhere."""
        self.findings.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity, in the order they were found."""
        return [finding for finding in self.findings if finding.severity is severity]

    @property
    def status(self) -> str:
        """`refuse`, `repair` or `accept`: the worst that was found."""
        for severity, word in ((Severity.REFUSE, "refuse"), (Severity.REPAIR, "repair")):
            if self.of(severity):
                return word
        return "accept"

    def stop(self) -> None:
        """Raise `Refused` with every refusal (and nothing else) when there is one."""
        refusals = self.of(Severity.REFUSE)
        if refusals:
            raise Refused(refusals)


def nearest(name: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """The known name most like `name`, or None when nothing is near (`least`: 0 takes any, 1 the same letters only)."""
    by_form: dict[str, str] = {}
    for item in sorted(known):
        by_form.setdefault(item.casefold(), item)
    found = get_close_matches(name.casefold(), list(by_form), n=1, cutoff=least)
    return by_form[found[0]] if found else None
