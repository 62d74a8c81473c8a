"""Refuses members of routing and rounds whose fields are no numbers, no whole numbers where these belong, or too large.

Ranges and contradictions are looked at afterwards (`_route_checks`, `_rounds_checks`), on fields that are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gis_planner.optimise._check_inputs import LARGEST, is_number
from gis_planner.problems import Problems, Severity


@dataclass(frozen=True)
class Kind:
    """What the fields of one kind of member must be: whole numbers, or any numbers."""

    of: type
    whole: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def refuse_unsound(members: Mapping[str, tuple[Sequence[object], Kind]]) -> None:
    """Raise Refused with every field that is not what its kind says; None counts as not given."""
    problems = Problems()
    for field, (items, kind) in members.items():
        for row, item in enumerate(items):
            if not isinstance(item, kind.of):
                problems.add("not-a-member", Severity.REFUSE, found=type(item).__name__, expected=kind.of.__name__,
                             field=field, row=str(row), remedy=f"Give {field} as a list of {kind.of.__name__}.")
                continue
            for code, name, value, expected in _unsound(item, kind):
                problems.add(code, Severity.REFUSE, found=value, expected=expected, field=f"{field}.{name}",
                             row=str(row), remedy="Correct this entry.", remedy_fr="Corrigez cette valeur.")
    problems.stop()


def _unsound(item: object, kind: Kind) -> Iterator[tuple[str, str, object, str]]:
    for name in (*kind.whole, *kind.numbers):
        for value in _flat(getattr(item, name)):
            if not is_number(value):
                yield "not-a-number", name, value, "a finite number"
            elif abs(value) > LARGEST:  # type: ignore[arg-type]
                yield "too-large", name, value, f"at most {LARGEST:g}"
            elif name in kind.whole and value != int(value):  # type: ignore[call-overload]
                yield "not-whole", name, value, "a whole number"


def _flat(value: object) -> Iterator[object]:
    if value is None:
        return
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        for one in value:
            yield from _flat(one)
    else:
        yield value
