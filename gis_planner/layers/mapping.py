"""Which of their columns is which of ours: by the catalogue, by a known export, or by heads that are understood."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from gis_planner.layers.adapters.book import Adapter, adapters, common_heads, fold
from gis_planner.layers.raw import RawTable
from gis_planner.layers.report import Report
from gis_planner.problems import nearest
from gis_planner.tables.column import Table

PLACE = ("latitude", "longitude", "x_m", "y_m", "wkt")


@dataclass(frozen=True)
class Wanted:
    """What the catalogue says of a layer's columns; empty for a file that is checked alone.

    columns: canonical -> their head. values: canonical -> their word -> ours. constants: canonical -> one value.
    missing: canonical -> why a required column is absent. id_from: heads whose values make the id.
    control: canonical -> the sum that is known from elsewhere.
    """

    adapter: str = ""
    columns: Map[str, str] = field(default_factory=dict)
    values: Map[str, Map[str, str]] = field(default_factory=dict)
    constants: Map[str, str] = field(default_factory=dict)
    missing: Map[str, str] = field(default_factory=dict)
    id_from: tuple[str, ...] = ()
    control: Map[str, float] = field(default_factory=dict)


@dataclass
class Mapping:
    """columns: canonical -> their head. derive: canonical -> (rule, their heads). values: canonical -> their words."""

    adapter: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    derive: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    expected_heads: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)

    def head(self, column: str) -> str:
        """The head as the partner wrote it (or would write it); the canonical name when there is none."""
        if column in self.columns:
            return self.columns[column]
        if column in self.derive:
            return "/".join(self.derive[column][1])
        return self.expected_heads.get(column, column)


def _names(head: str, groups: bool) -> tuple[str, ...]:
    """Folded names under which a head is known: whole, and without the group prefixes of a form."""
    if not groups:
        return (fold(head),)
    return tuple(dict.fromkeys((fold(head), fold(head.rsplit("/", 1)[-1]), fold(head.rsplit("-", 1)[-1]))))


def _index(heads: list[str], groups: bool) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for head in heads:
        for name in _names(head, groups):
            if head not in known.setdefault(name, []):
                known[name].append(head)
    return known


def score(heads: list[str], table: Table) -> int:
    """How many canonical columns of a table a row of heads would give."""
    there = {name for head in heads for name in _names(head, groups=True)}
    vocabulary = common_heads(table.name)
    plain = sum(
        1 for column in (*table.names, *PLACE) if there & {fold(column), *vocabulary.get(column, ())}
    )
    known = max((sum(name in there for name in a.recognise) for a in adapters().values() if table.name in a.kinds),
                default=0)
    return max(plain, known)


def recognise(heads: list[str], kind: str) -> Adapter | None:
    """The adapter whose marks all stand among the heads; the one with the most marks when several do."""
    there = {name for head in heads for name in _names(head, groups=True)}
    fits = [a for a in adapters().values() if kind in a.kinds and a.recognise and set(a.recognise) <= there]
    return max(fits, key=lambda a: (len(a.recognise), a.name), default=None)


def _pick(column: str, candidates: tuple[str, ...], known: dict[str, list[str]], report: Report) -> str | None:
    for name in candidates:
        heads = known.get(name, [])
        if len(heads) > 1:
            report.say("heads-alike", found=f"several columns that mean {column}: {', '.join(heads)}", field=column)
        if heads:
            return heads[0]
    return None


def _from_catalogue(wanted: Wanted, raw: RawTable, mapping: Mapping, report: Report) -> None:
    for column, head in wanted.columns.items():
        if head in raw.columns:
            mapping.columns[column] = head
        else:
            near = nearest(head, raw.heads) or next((h for h in raw.heads if fold(h) == fold(head)), None)
            report.say("head-missing", found=f"no column {head!r} in the file", field=column,
                       near=f"nearest: {near}" if near else f"columns there: {', '.join(raw.heads[:20])}")
    for column, words in wanted.values.items():
        both = {**{theirs.strip(): ours for theirs, ours in words.items()},
                **{fold(theirs): ours for theirs, ours in words.items() if fold(theirs)}}
        mapping.values.setdefault(column, {}).update(both)
    mapping.constants.update(wanted.constants)


def _from_adapter(adapter: Adapter, raw: RawTable, mapping: Mapping, report: Report) -> None:
    known = _index(raw.heads, adapter.groups)
    for column, names in adapter.columns.items():
        mapping.expected_heads.setdefault(column, names[0])
        head = _pick(column, names, known, report)
        if head and column not in mapping.columns and column not in mapping.constants:
            mapping.columns[column] = head
    for column, (rule, names) in adapter.derive.items():
        heads = tuple(known[name][0] for name in names if name in known)
        if heads and column not in mapping.columns and column not in mapping.constants:
            mapping.derive[column] = (rule, heads)
            if column in adapter.estimated:
                report.say("column-estimated", found=f"{column} made from {', '.join(heads)} by the rule {rule}",
                           field=column, note=adapter.note)
    for column, words in adapter.values.items():
        mapping.values[column] = {**words, **mapping.values.get(column, {})}


def map_columns(raw: RawTable, table: Table, wanted: Wanted, report: Report) -> Mapping:
    """The mapping of a file's columns to those of `table`; doubled and contradicting heads are refused."""
    mapping = Mapping()
    _from_catalogue(wanted, raw, mapping, report)
    adapter = adapters().get(wanted.adapter) if wanted.adapter else recognise(raw.heads, table.name)
    if adapter is not None:
        mapping.adapter = adapter.name
        _from_adapter(adapter, raw, mapping, report)
    known = _index(raw.heads, groups=adapter is not None and adapter.groups)
    vocabulary = common_heads(table.name)
    taken = set(mapping.columns.values())
    for column in (*table.names, *PLACE):
        if column in mapping.columns or column in mapping.derive or column in mapping.constants or (
            column in wanted.missing
        ):
            continue
        head = _pick(column, tuple(dict.fromkeys((fold(column), *vocabulary.get(column, ())))), known, report)
        if head and head not in taken:
            mapping.columns[column] = head
            taken.add(head)
    used = taken | set(mapping.columns.values()) | {head for _, heads in mapping.derive.values() for head in heads}
    for head, count in raw.doubled.items():
        if head in used:
            report.say("column-twice", found=f"{count} columns called {head} (a duplicate)", field=head)
    mapping.unused = [head for head in raw.heads if head not in used]
    return mapping
