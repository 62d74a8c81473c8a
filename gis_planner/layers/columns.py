"""Every canonical column of a layer, made from the partner's cells by the rule of its kind."""

from __future__ import annotations

import numpy as np

from gis_planner.layers.adapters.book import common_heads, fold, words_of
from gis_planner.layers.adapters.derive import RULES
from gis_planner.layers.report import codes
from gis_planner.layers.values.converted import Converted, gaps
from gis_planner.layers.values.date import dates
from gis_planner.layers.values.number import numbers, outside, whole_numbers
from gis_planner.layers.values.word import categories, flags, ids, texts
from gis_planner.layers.work import Work
from gis_planner.problems import nearest
from gis_planner.tables.column import Column

_REJECTS_ROW = frozenset({"accuracy_m"})
"""Optional columns whose implausible value makes the whole row useless (a position known to 4 km)."""

_ALMOST = 0.85
"""How alike (0 to 1) a head and a known one must be to be called a slip: one letter lost of six or more."""


def cells_of(work: Work, column: str) -> list[str]:
    """The partner's cells of a canonical column, derived where an adapter says so."""
    if column in work.mapping.derive:
        rule, heads = work.mapping.derive[column]
        columns = [work.raw.columns[head] for head in heads]
        known: dict[tuple[str, ...], str] = {}
        out = []
        for cells in zip(*columns, strict=True):
            if cells not in known:
                known[cells] = RULES[rule](cells)
            out.append(known[cells])
        return out
    if column in work.mapping.constants:
        return [work.mapping.constants[column]] * len(work)
    return work.raw.columns[work.mapping.columns[column]]


def _made_id(work: Work) -> list[str]:
    """Ids from several columns, as the catalogue asks: `ouelessebougou-bagayokobougou`."""
    parts = [work.raw.columns.get(head, [""] * len(work)) for head in work.wanted.id_from]
    return ["-".join(fold(cell).replace("_", "-") for cell in cells if cell) for cells in zip(*parts, strict=True)]


def _empty(column: Column, count: int) -> np.ndarray:
    if column.kind in {"integer", "number"}:
        return gaps(count)
    if column.kind == "date":
        return np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    return np.full(count, None, dtype=object)


def _convert(work: Work, column: Column, cells: list[str]) -> Converted:
    own = work.mapping.values.get(column.name, {})
    if column.kind == "id":
        return ids(cells)
    if column.kind == "text":
        return texts(cells)
    if column.kind == "category":
        terms, spellings = words_of(work.table.name, column.name)
        return categories(cells, column.choices, own=own, terms=terms, spellings=spellings)
    if column.kind == "flag":
        return flags(cells, own)
    if column.kind == "date":
        return dates(cells)
    out = whole_numbers(cells) if column.kind == "integer" else numbers(cells, decimal_comma=work.raw.decimal_comma)
    out.bad.extend(outside(out, cells, column.low, column.high))
    return out


def _absent(work: Work, column: Column) -> None:
    """A canonical column that the file does not have."""
    work.values[column.name] = _empty(column, len(work))
    if column.name in work.wanted.missing:
        work.report.say("column-stated-missing", found=f"no column {column.name}: "
                        f"{work.wanted.missing[column.name]}", field=column.name)
    elif column.required and work.raw.positions_only and work.alone and not work.table.means_people:
        work.summary.setdefault("positions_only", True)
    elif column.required:
        head = work.mapping.head(column.name)
        unused = {fold(name): name for name in work.mapping.unused}
        near = nearest(column.name, list(unused)) or nearest(fold(head), list(unused))
        hint = f"; nearest: {unused[near]}" if near else ""
        named = work.mapping.columns.get("name")
        made = f'id_from = ["{named}"]' if column.name == work.table.key and named else ""
        work.report.say("column-missing", field=head, found=f"no column {head}{hint}",
                        heads=", ".join(work.raw.heads[:30]),
                        made=f", or make it of others there ({made})" if made else "",
                        made_fr=f", ou formez-la d'autres colonnes ({made})" if made else "")
    else:
        work.summary.setdefault("absent", [])
        absent = work.summary["absent"]
        assert isinstance(absent, list)  # noqa: S101
        absent.append(f"{column.name} ({column.if_missing})")
        near = _misspelt(work, column)
        if near:
            work.report.say("head-misspelt", found=f"a column {near!r} that is not read; {column.if_missing}",
                            field=column.name, near=near)


def _misspelt(work: Work, column: Column) -> str | None:
    """The unused head that is written almost like one of an optional column; heads of a known export are no slips."""
    if work.mapping.adapter:
        return None
    known = (fold(column.name), *common_heads(work.table.name).get(column.name, ()))
    return next((head for head in work.mapping.unused if nearest(fold(head), known, _ALMOST)), None)


def _say(work: Work, column: Column, out: Converted) -> None:
    """Report what was wrong in one column, with the weight that the column has."""
    head = work.mapping.head(column.name)
    field = head if fold(head) == fold(column.name) else f"{head} ({column.name})"
    allowed = ", ".join(column.choices) if column.choices else ""
    limits = f"{column.low if column.low is not None else ''} to {column.high if column.high is not None else ''}"
    by_code: dict[str, list[tuple[int, str]]] = {}
    for code, index, found in out.bad:
        by_code.setdefault(code, []).append((index, found))
    for code, listed in by_code.items():
        weight = codes()[code].severity
        if weight == "row" and not column.required and column.name not in _REJECTS_ROW:
            weight = "repair"
            for index, _ in listed:
                out.values[index] = _empty(column, 1)[0]
        work.rows(code, [(index, f"{found!r}" if code != "number-negative" else f"{found} (negative)")
                         for index, found in listed],
                  field=field, severity=weight if weight != codes()[code].severity else None,
                  choices=allowed, limits=limits, unit=column.unit, effect=column.if_missing or "the row is in doubt")
    for code, found in out.whole:
        work.report.say(code, found=found, field=field)
    if column.required and out.missing:
        code = "id-missing" if column.name == work.table.key else "value-missing"
        work.rows(code, [(index, _nothing(work, column, index)) for index in out.missing], field=field)


def _nothing(work: Work, column: Column, index: int) -> str:
    source = work.mapping.columns.get(column.name)
    cell = work.raw.columns[source][index].strip() if source else ""
    return f"no {column.name}" + (f" ({cell!r})" if cell else "")


def fill(work: Work) -> None:
    """Convert every column of the table, the key first, so that findings can name the row by its id."""
    order = sorted(work.table.columns, key=lambda column: column.name != work.table.key)
    for column in order:
        mapping = work.mapping
        if column.name == work.table.key and work.wanted.id_from:
            cells = _made_id(work)
        elif column.name in mapping.columns or column.name in mapping.derive or column.name in mapping.constants:
            cells = cells_of(work, column.name)
        elif column.name == work.table.key and work.raw.positions_only and "name" in work.raw.columns:
            cells = work.raw.columns["name"]
        else:
            _absent(work, column)
            continue
        out = _convert(work, column, cells)
        work.values[column.name] = out.values
        _say(work, column, out)
    if work.summary.get("positions_only"):
        missing = [column.name for column in work.table.columns if column.required and column.name != work.table.key]
        work.report.say("positions-only", found=f"positions and names, without {', '.join(missing)}", field="columns")
