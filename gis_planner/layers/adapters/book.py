"""The adapters as they stand in their TOML files, and the heads and words that are understood everywhere."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_NOT_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """A head or a word without accents, case, spaces and punctuation: `Water source #clean` is `water_source_clean`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _NOT_WORD.sub("_", "".join(char for char in plain if not unicodedata.combining(char))).strip("_")


@dataclass(frozen=True, slots=True)
class Adapter:
    """One known export.

    kinds: the layers it can give. recognise: heads (folded) that must all be there. columns: canonical column -> their
    heads, best first. values: canonical column -> their word (folded)
    -> canonical word. derive: canonical column ->
    (name of a rule in `derive.py`, their heads). estimated: columns whose rule estimates.
    groups: heads carry group prefixes such as `survey/site_id`.
    """

    name: str
    label: str
    kinds: tuple[str, ...]
    recognise: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    derive: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    groups: bool = False
    note: str = ""
    estimated: frozenset[str] = frozenset()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("gis_planner.layers.adapters").joinpath(name).read_text(encoding="utf-8"))


def _adapter(name: str, entry: dict[str, Any]) -> Adapter:
    columns = entry.get("columns", {})
    values = entry.get("values", {})
    derive = entry.get("derive", {})
    kinds, recognise = entry["kinds"], entry.get("recognise", [])
    return Adapter(
        name, str(entry["label"]), tuple(kinds), tuple(fold(head) for head in recognise),
        {column: tuple(fold(head) for head in heads) for column, heads in columns.items()},
        {column: {fold(theirs): ours for theirs, ours in words.items()} for column, words in values.items()},
        {column: (rule["rule"], tuple(fold(head) for head in rule["heads"])) for column, rule in derive.items()},
        bool(entry.get("groups", False)), str(entry.get("note", "")),
        frozenset(column for column, rule in derive.items() if rule.get("estimated")),
    )


@cache
def adapters() -> dict[str, Adapter]:
    """Every adapter by name, in the order of the names."""
    folder = files("gis_planner.layers.adapters")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _adapter(name.removesuffix(".toml"), _read(name))
        for name in names if not name.startswith("_")
    }


@cache
def common_heads(kind: str) -> dict[str, tuple[str, ...]]:
    """Canonical column -> heads (folded) that mean it in a layer of this kind, English and French, best first."""
    book = _read("_heads.toml")
    merged: dict[str, tuple[str, ...]] = {}
    for section in ("every", kind):
        part = book.get(section, {})
        for column, heads in part.items():
            merged[column] = tuple(dict.fromkeys((*(fold(h) for h in heads), *merged.get(column, ()))))
    return merged


@cache
def words_of(kind: str, column: str) -> tuple[dict[str, str], dict[str, str]]:
    """(terms, spellings) of a category: terms are taken as they are, spellings are taken and reported."""
    book = _read("_words.toml")
    entry = book.get(f"{kind}.{column}", {})
    terms, spellings = (
        {fold(theirs): ours for ours, listed in entry.get(part, {}).items() for theirs in listed}
        for part in ("terms", "spellings")
    )
    return terms, spellings
