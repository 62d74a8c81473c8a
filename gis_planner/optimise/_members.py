"""Refuses members of routing and rounds whose fields are no numbers, no whole numbers where these belong, too large, or
one number where several belong (and the other way round); and what is no problem at all.

Ranges and contradictions are looked at afterwards (`_route_checks`, `_rounds_checks`), on fields that are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

from gis_planner.optimise._check_inputs import LARGEST, is_number
from gis_planner.problems import Problems, Severity, refused

FORMS = ("one number", "several numbers, such as (3,)", "sets of numbers, such as ((0, 3), (1, 4))")


@dataclass(frozen=True)
class Kind:
    """What the fields of one kind of member must be: whole numbers, or any numbers.

    lists, sets: those of them that hold several numbers, or sets of numbers; `window_s` holds two; all others hold one.
    """

    of: type
    whole: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


def refuse_unsound(members: Mapping[str, tuple[Sequence[object], Kind]]) -> None:
    """Raise Refused with every field that is not what its kind says; None where it is the default is not given."""
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
    optional = {field.name for field in fields(kind.of) if field.default is None}
    for name in (*kind.whole, *kind.numbers):
        given = getattr(item, name)
        if given is None and name in optional:
            continue
        wrong = [fault for value in _flat(given) for fault in _fault(name, value, name in kind.whole)]
        if wrong:
            yield from wrong
        elif name == "window_s":
            if _misshapen(given, 1) or len(given) != 2:
                yield "not-a-pair", name, given, "(earliest, latest), two numbers"
        else:
            depth = 2 if name in kind.sets else 1 if name in kind.lists else 0
            if _misshapen(given, depth):
                yield "wrong-form", name, given, FORMS[depth]


def _fault(name: str, value: object, whole: bool) -> Iterator[tuple[str, str, object, str]]:
    if not is_number(value):
        yield "not-a-number", name, value, "a finite number"
    elif abs(value) > LARGEST:  # type: ignore[arg-type]
        yield "too-large", name, value, f"at most {LARGEST:g}"
    elif whole and value != int(value):  # type: ignore[call-overload]
        yield "not-whole", name, value, "a whole number"


def _misshapen(value: object, depth: int) -> bool:
    """Whether it is not numbers in `depth` brackets; an array is not, as members are compared and hashed."""
    if getattr(value, "shape", ()) != ():
        return True
    if not depth or not isinstance(value, Iterable):
        return bool(depth) or isinstance(value, Iterable)
    return any(_misshapen(one, depth - 1) for one in value)


def tuples(given: Mapping[str, object]) -> dict[str, tuple[Any, ...]]:
    """Each list of members as a tuple; raises Refused for what is no list."""
    for field, items in given.items():
        if not _several(items):
            raise refused("not-a-list", found=type(items).__name__, expected=f"a list of {field}", field=field,
                          remedy="Give a list, empty for none.", remedy_fr="Donnez une liste, vide s'il n'y en a pas.")
    return {field: tuple(cast(Iterable[Any], items)) for field, items in given.items()}


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes)) and getattr(value, "shape", None) != ()


def _flat(value: object) -> Iterator[object]:
    if _several(value):
        for one in cast(Iterable[object], value):
            yield from _flat(one)
    else:
        yield value


def refuse_other(given: object, of: type, room: str) -> None:
    """Raise Refused when `given` is not a problem of that kind; `room` is the module that a caller knows it from."""
    if not isinstance(given, of):
        raise refused("not-a-problem", found=type(given).__name__, expected=f"a Problem of {room}", field="problem",
                      remedy="Make a Problem, or read an instance file into one first.",
                      remedy_fr="Créez un Problem, ou lisez-y d'abord un fichier d'exemple.")
