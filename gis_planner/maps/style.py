"""Colours, shapes, map layers and whose report it is, from `styles/style.toml`: one file for web, paper and phone.

An organisation's own file of the same form replaces single keys; its `[words.*]` replace single words. What is in use
is set for the length of one `with using(style)`, so that no encoder has to pass it on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gis_planner.maps.logo import Logo, read_logo
from gis_planner.maps.words import OwnWords, own_words, read_toml, using_words
from gis_planner.problems import Refused, nearest, refused

_SECTIONS = ("organisation", "colour", "shape", "layer", "layout", "words")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE ,.\-]{1,2000}")
_DASH = re.compile(r"[0-9. ]{0,40}")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How one layer is drawn.

    of: `base.<kind>` or `results.<table>`. where: values that a row must hold. kind: `point`, `line`, `area` or `dots`.
    title, fields: columns of its popup. mark: column written inside the shape. label: column written beside it.
    size: pixels of the shape's box. width: pixels of the line. fill: opacity of the area.
    """

    key: str
    of: str
    colour: str
    kind: str = "point"
    shape: str = "circle"
    size: float = 12
    width: float = 2
    dash: str = ""
    fill: float = 0
    shown: bool = True
    mark: str = ""
    label: str = ""
    title: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """colours and shapes by name, layers from the ground up, and whose report it is.

    words: the organisation's own words. notes_lines: lines for notes on each printed sheet.
    """

    colours: Mapping[str, str]
    shapes: Mapping[str, str]
    layers: tuple[LayerStyle, ...]
    organisation: str = ""
    contact: str = ""
    logo: Logo | None = None
    notes_lines: int = 2
    words: OwnWords = field(default_factory=dict)

    def layer(self, key: str) -> LayerStyle:
        """The layer of that key; KeyError when the style has none."""
        for layer in self.layers:
            if layer.key == key:
                return layer
        raise KeyError(key)


def _unknown(file: str, where: str, name: str, known: list[str]) -> Refused:
    near = nearest(name, known)
    return refused("style-key", file=file, field=where, found=name, expected=", ".join(known),
                   remedy=f"Did you mean {near!r}?" if near else "Take the key out.",
                   remedy_fr=f"Vouliez-vous dire {near!r} ?" if near else "Retirez cette clé.")


def _bad(file: str, where: str, found: object, expected: str) -> Refused:
    return refused("style-value", file=file, field=where, found=repr(found), expected=expected,
                   remedy="Mend the value, or take the line out to keep the one that ships.",
                   remedy_fr="Corrigez la valeur, ou retirez la ligne pour garder celle qui est fournie.")


def _layer(key: str, values: Mapping[str, Any], file: str) -> LayerStyle:
    known = [item.name for item in fields(LayerStyle) if item.name != "key"]
    for name in values:
        if name not in known:
            raise _unknown(file, f"layer.{key}.{name}", name, known)
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if "of" not in plain or "colour" not in plain:
        raise refused("style-layer", file=file, field=f"layer.{key}", found=sorted(plain), expected="of and colour",
                      remedy="Say which table the layer draws (of) and its colour.",
                      remedy_fr="Indiquez la table (of) et la couleur (colour).")
    _matches(file, f"layer.{key}.colour", plain["colour"], _COLOUR, "a colour such as #0072b2")
    _matches(file, f"layer.{key}.dash", plain.get("dash", ""), _DASH, "numbers such as 6 4")
    for name in ("size", "width", "fill"):
        value = plain.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
            raise _bad(file, f"layer.{key}.{name}", value, "a number from 0 to 100")
    return LayerStyle(key=key, **plain)


def _matches(file: str, where: str, value: object, pattern: re.Pattern[str], expected: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _bad(file, where, value, expected)


def contrast(colour: str, other: str = "#ffffff") -> float:
    """Contrast of two colours by WCAG 2.1 (1 to 21): relative luminance of sRGB."""
    def light(text: str) -> float:
        parts = [int(text[at:at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(colour), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=8)
def load_style(own: Path | None = None) -> Style:
    """The style that ships with the package; keys of the file `own` (TOML of the same form) replace it one by one.

    Refused: a file that cannot be read, an unknown key, a colour, shape or logo that is none, an accent too pale to
    read white text on.
    """
    shipped = tomllib.loads(files("gis_planner.maps").joinpath("styles/style.toml").read_text(encoding="utf-8"))
    mine: dict[str, Any] = read_toml(own) if own is not None else {}
    file = str(own or "style.toml")
    _known_only(file, shipped, mine)
    layers = {key: {**shipped["layer"].get(key, {}), **mine.get("layer", {}).get(key, {})}
              for key in {**shipped["layer"], **mine.get("layer", {})}}
    colours, shapes = {**shipped["colour"], **mine.get("colour", {})}, {**shipped["shape"], **mine.get("shape", {})}
    for name, value in colours.items():
        _matches(file, f"colour.{name}", value, _COLOUR, "a colour such as #0072b2")
    for name, value in shapes.items():
        _matches(file, f"shape.{name}", value, _PATH, "an SVG path in a box of 24 by 24")
    if contrast(colours["accent"]) < 4.5:
        raise _bad(file, "colour.accent", colours["accent"], "a colour with a contrast of 4.5 or more to white")
    whose = {**shipped["organisation"], **mine.get("organisation", {})}
    for name, value in whose.items():
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise _bad(file, f"organisation.{name}", value, f"text of at most {_LONGEST} letters")
    lines = {**shipped["layout"], **mine.get("layout", {})}["notes_lines"]
    if isinstance(lines, bool) or not isinstance(lines, int) or not 0 <= lines <= 20:
        raise _bad(file, "layout.notes_lines", lines, "a whole number from 0 to 20")
    logo = None
    if whose["logo"]:
        logo = read_logo((own.parent if own else Path()) / whose["logo"], whose["logo_text"] or whose["name"])
    return Style(
        colours=colours, shapes=shapes, layers=tuple(_layer(key, values, file) for key, values in layers.items()),
        organisation=whose["name"], contact=whose["contact"], logo=logo, notes_lines=lines,
        words=own_words(mine.get("words", {}), file),
    )


def find_style(named: Path | None, scenario: Path) -> Style:
    """The style file that is named, else `maps/styles/style.toml` beside the scenario's folder, else what ships."""
    kept = scenario.resolve().parent.parent / "maps" / "styles" / "style.toml"
    return load_style(named or (kept if kept.is_file() else None))


def _known_only(file: str, shipped: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
    for section, values in mine.items():
        if section not in _SECTIONS:
            raise _unknown(file, section, section, list(_SECTIONS))
        if not isinstance(values, dict):
            raise _bad(file, section, values, f"a section [{section}]")
        for name in values if section in {"organisation", "layout", "colour"} else ():
            if name not in shipped[section]:
                raise _unknown(file, f"{section}.{name}", name, list(shipped[section]))


_IN_USE: ContextVar[Style | None] = ContextVar("style", default=None)


def style_in_use() -> Style:
    """The style of the outputs that are being written: the one of `using`, else the one that ships."""
    return _IN_USE.get() or load_style()


@contextmanager
def using(style: Style | None) -> Iterator[Style]:
    """Everything written inside is in this style and its words; None keeps what is in use."""
    if style is None:
        yield style_in_use()
        return
    token = _IN_USE.set(style)
    try:
        with using_words(style.words):
            yield style
    finally:
        _IN_USE.reset(token)
