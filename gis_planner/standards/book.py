"""The book of norms: hands a norm out by id, remembers which were used, and cites them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from gis_planner.problems import nearest, refused

COLUMNS = ("id", "value", "unit", "low", "high", "applies_to", "source", "edition", "section", "checked", "note")


@dataclass(frozen=True, slots=True)
class Norm:
    """One field norm. low, high: the range seen in the field (None when not known).

    checked: `seen` (read in the source named), `second hand`, `measured`, or `unverified` (from memory only).
    """

    id: str
    value: float
    unit: str
    low: float | None
    high: float | None
    applies_to: str
    source: str
    edition: str
    section: str
    checked: str
    note: str = ""

    def citation(self) -> str:
        """Source, edition and section on one line; says so when the row is unverified."""
        text = ", ".join(part for part in (self.source, self.edition, self.section) if part)
        return f"{text} (unverified)" if self.checked == "unverified" else text


@dataclass
class NormBook:
    """Norms by id. `value()` records what was used, `cited()` gives it back in order of id."""

    norms: Mapping[str, Norm]
    _used: set[str] = field(default_factory=set)

    def norm(self, norm_id: str) -> Norm:
        """The norm of that id; an unknown id is refused with the nearest known one."""
        if norm_id not in self.norms:
            near = nearest(norm_id, self.norms)
            hint = f"Did you mean {near!r}? " if near else ""
            hint_fr = f"Vouliez-vous dire {near!r} ? " if near else ""
            raise refused(
                "unknown-norm", field=norm_id, found=f"norm {norm_id!r}", expected="the id of a norm, or a number",
                remedy=f"{hint}`gis-planner reference` lists the norms.",
                remedy_fr=f"{hint_fr}`gis-planner reference` donne la liste des normes.",
            )
        return self.norms[norm_id]

    def value(self, norm: float | str, unit: str) -> float:
        """The value of a norm id in `unit` (recorded as cited), or the number itself when a number is given."""
        if not isinstance(norm, str):
            return float(norm)
        found = self.norm(norm)
        if found.unit != unit:
            raise refused(
                "norm-unit", field=norm, found=f"a norm in {found.unit}", expected=f"a norm in {unit}",
                remedy="Name a norm of the right unit, or write the number.",
                remedy_fr="Nommez une norme de la bonne unité, ou écrivez le nombre.",
            )
        self._used.add(norm)
        return found.value

    def cited(self) -> tuple[Norm, ...]:
        """The norms handed out so far, by id."""
        return tuple(self.norms[norm_id] for norm_id in sorted(self._used))


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def read_norms(lines: Iterable[str], file: str) -> dict[str, Norm]:
    """Rows of a norms CSV (columns `COLUMNS`) by id; a faulty row is refused with its line."""
    reader = csv.DictReader(lines)
    if reader.fieldnames is None or tuple(reader.fieldnames) != COLUMNS:
        raise refused("norms-header", file=file, found=reader.fieldnames, expected=", ".join(COLUMNS),
                      remedy="Copy the header of gis_planner/standards/norms.csv.")
    norms: dict[str, Norm] = {}
    for line, row in enumerate(reader, start=2):
        try:
            value = float(row["value"])
            low, high = _number(row["low"]), _number(row["high"])
        except (TypeError, ValueError):
            raise refused("norms-number", file=file, row=f"line {line}", field="value", found=row.get("value"),
                          expected="a number in value, low and high", remedy="Write the number with a dot.") from None
        if not row["id"] or row["id"] in norms or not row["source"] or not row["checked"]:
            raise refused("norms-row", file=file, row=f"line {line}", found=row["id"],
                          expected="a new id, a source and how it was checked", remedy="Complete the row.")
        rest = {key: row[key] or "" for key in ("applies_to", "source", "edition", "section", "checked", "note")}
        norms[row["id"]] = Norm(id=row["id"], value=value, unit=row["unit"] or "", low=low, high=high, **rest)
    return norms


def load_book(own: Path | None = None) -> NormBook:
    """The norms that ship with the package; rows of the file `own` replace or add to them by id."""
    shipped = files("gis_planner.standards").joinpath("norms.csv")
    norms = read_norms(shipped.read_text(encoding="utf-8").splitlines(), "norms.csv")
    if own is not None:
        try:
            text = own.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise refused("norms-file", file=str(own), found=error, expected="a readable CSV in UTF-8",
                          remedy="Check the path of the norms file.") from None
        norms |= read_norms(text.splitlines(), str(own))
    return NormBook(norms)


