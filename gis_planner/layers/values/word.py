"""Ids, names, categories and flags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from gis_planner.layers.adapters.book import fold
from gis_planner.layers.raw import DateCell, ErrorCell
from gis_planner.layers.values.converted import MISSING_WORDS, Converted, blank, examples

MAX_ID = 120
MAX_TEXT = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE = re.compile(r"[\t\r\n\u2028\u2029]+")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
_SCIENCE = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_YES = frozenset({"1", "yes", "y", "true", "t", "oui", "o", "vrai", "x", "1.0", "-1"})
_NO = frozenset({"0", "no", "n", "false", "f", "non", "faux", "0.0"})


def clean(cell: str) -> str:
    """Text without control characters; tabs and line breaks become one space; everything else verbatim."""
    return _CONTROL.sub("", _LINE.sub(" ", _ANSI.sub("", cell))).strip()


def texts(cells: Sequence[str]) -> Converted:
    """Names and words, verbatim except for control characters; only an empty cell is missing (`NA` is a name)."""
    out = Converted(np.array(cells, dtype=object))
    cleaned: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        text = cell
        if not (text.isascii() and text.isprintable()) or text[:1] == " " or text[-1:] == " ":
            text = clean(cell)
            if text != cell.strip():
                cleaned.append((index, cell))
            if "\ufffd" in text:
                out.bad.append(("text-damaged", index, text))
            elif _DIRECTION.search(text):
                out.bad.append(("text-direction", index, text))
        out.values[index] = str(text)
        if isinstance(cell, ErrorCell):
            out.bad.append(("cell-error", index, cell))
        elif not text:
            out.missing.append(index)
            out.values[index] = None
        elif len(text) > MAX_TEXT:
            out.bad.append(("text-too-long", index, f"{len(text)} characters"))
    out.bad.extend(("text-control", index, cell) for index, cell in cleaned)
    return out


def ids(cells: Sequence[str]) -> Converted:
    """Ids, kept as text with their leading zeros; a date or a rounded number in their place is refused."""
    out = Converted(np.array(cells, dtype=object))
    for index, cell in enumerate(cells):
        plain = cell.isascii() and cell.isprintable()
        text = cell.strip() if plain else clean(cell)
        out.values[index] = str(text) if plain else unicodedata.normalize("NFC", text)
        if isinstance(cell, ErrorCell):
            out.bad.append(("cell-error", index, cell))
        elif isinstance(cell, DateCell):
            out.bad.append(("id-is-date", index, cell))
        elif not text:
            out.missing.append(index)
            out.values[index] = None
        elif text != cell.strip():
            out.bad.append(("id-control", index, cell))
        elif len(text) > MAX_ID:
            out.bad.append(("id-too-long", index, f"{text[:30]}... ({len(text)} characters)"))
        elif _SCIENCE.fullmatch(text):
            out.bad.append(("id-rounded", index, text))
    return out


def categories(
    cells: Sequence[str], choices: Sequence[str], *, own: Mapping[str, str], terms: Mapping[str, str],
    spellings: Mapping[str, str],
) -> Converted:
    """Words of a vocabulary (None where nothing or an unknown word is given).

    own: words of the catalogue or adapter, folded. terms: usual words. spellings: understood, and reported.
    """
    out = Converted(np.full(len(cells), None, dtype=object))
    canonical = {fold(choice): choice for choice in choices}
    known: dict[str, str | None] = {}
    spelled: list[str] = []
    for index, cell in enumerate(cells):
        if cell not in known:
            word = fold(cell)
            found = own.get(word) or canonical.get(word) or terms.get(word) or spellings.get(word)
            if found is None and cell.strip() in own:
                found = own[cell.strip()]
            known[cell] = found
            if found and word in spellings and word not in own and word not in canonical and word not in terms:
                spelled.append(f"{cell.strip()} = {found}")
        value = known[cell]
        out.values[index] = value
        if value is None:
            if not isinstance(cell, ErrorCell) and cell.strip().casefold() in MISSING_WORDS:
                out.missing.append(index)
            else:
                out.bad.append(("cell-error" if isinstance(cell, ErrorCell) else "word-unknown", index, cell.strip()))
    if spelled:
        out.whole.append(("word-spelling", examples(spelled, 8)))
    return out


def flags(cells: Sequence[str], own: Mapping[str, str]) -> Converted:
    """True, False, or None where nothing or nothing readable is given."""
    out = Converted(np.full(len(cells), None, dtype=object))
    for index, cell in enumerate(cells):
        word = cell.strip().casefold()
        word = own.get(fold(cell), word) if own else word
        if word in _YES:
            out.values[index] = True
        elif word in _NO:
            out.values[index] = False
        elif blank(word) and not isinstance(cell, ErrorCell):
            out.missing.append(index)
        else:
            out.bad.append(("cell-error" if isinstance(cell, ErrorCell) else "flag-unreadable", index, cell.strip()))
    return out
