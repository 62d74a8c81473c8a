"""A column and a table described: meaning, unit, key, geometry, what is needed, and who is hurt when it is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["id", "text", "integer", "number", "flag", "date", "category"]
Geometry = Literal["point", "line", "polygon", "raster", "none"]


class Origin(StrEnum):
    """How a layer came to be. Everything drawn from simulated data says so."""

    OBSERVED = "observed"
    ESTIMATED = "estimated"
    SIMULATED = "simulated"


_WEAKEST_LAST = (Origin.OBSERVED, Origin.ESTIMATED, Origin.SIMULATED)


def weakest(*origins: Origin) -> Origin:
    """The origin that a result has when it is made from these: simulated beats estimated beats observed."""
    return max(origins, key=_WEAKEST_LAST.index, default=Origin.OBSERVED)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    required: the column and each of its values must be there. Otherwise `if_missing` says the effect of a gap.
    low, high: inclusive limits of what is plausible. choices: the vocabulary of a category.
    label, label_fr: the head a person sees. meaning, meaning_fr: the sentence of the reference.
    """

    name: str
    kind: Kind
    label: str
    label_fr: str
    meaning: str
    unit: str = ""
    required: bool = True
    if_missing: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its key, its columns in order and its geometry (EPSG:4326 when stored).

    means_people: a doubtful row stops the run (villages), else doubtful rows are set aside, counted and listed.
    repeated_key: several rows may share the key (visits to one site).
    """

    name: str
    label: str
    label_fr: str
    row_is: str
    key: str
    columns: tuple[Column, ...]
    geometry: Geometry = "point"
    means_people: bool = False
    repeated_key: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> list[str]:
        """Column names in order (without geometry)."""
        return [column.name for column in self.columns]
