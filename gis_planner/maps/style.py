"""Colours, shapes and map layers from `styles/style.toml`, one file for the web, the paper and the phone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gis_planner.maps.words import read_toml
from gis_planner.problems import nearest, refused


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
    """colours and shapes by name, layers from the ground up, and whose report it is."""

    colours: Mapping[str, str]
    shapes: Mapping[str, str]
    layers: tuple[LayerStyle, ...]
    organisation: str = ""
    contact: str = ""

    def layer(self, key: str) -> LayerStyle:
        """The layer of that key; KeyError when the style has none."""
        for layer in self.layers:
            if layer.key == key:
                return layer
        raise KeyError(key)


def _layer(key: str, values: Mapping[str, Any], file: str) -> LayerStyle:
    known = [item.name for item in fields(LayerStyle) if item.name != "key"]
    for name in values:
        if name not in known:
            near = nearest(name, known)
            raise refused("style-key", file=file, field=f"layer.{key}.{name}", found=name, expected=", ".join(known),
                          remedy=f"Did you mean {near!r}?" if near else "Take the key out.",
                          remedy_fr=f"Vouliez-vous dire {near!r} ?" if near else "Retirez cette clé.")
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if "of" not in plain or "colour" not in plain:
        raise refused("style-layer", file=file, field=f"layer.{key}", found=sorted(plain), expected="of and colour",
                      remedy="Say which table the layer draws (of) and its colour.",
                      remedy_fr="Indiquez la table (of) et la couleur (colour).")
    return LayerStyle(key=key, **plain)


@lru_cache(maxsize=8)
def load_style(own: Path | None = None) -> Style:
    """The style that ships with the package; keys of the file `own` (TOML of the same form) replace it one by one."""
    shipped = tomllib.loads(files("gis_planner.maps").joinpath("styles/style.toml").read_text(encoding="utf-8"))
    mine: dict[str, Any] = read_toml(own) if own is not None else {}
    layers = {key: {**shipped["layer"].get(key, {}), **mine.get("layer", {}).get(key, {})}
              for key in {**shipped["layer"], **mine.get("layer", {})}}
    whose = {**shipped["organisation"], **mine.get("organisation", {})}
    return Style(
        colours={**shipped["colour"], **mine.get("colour", {})}, shapes={**shipped["shape"], **mine.get("shape", {})},
        layers=tuple(_layer(key, values, str(own or "style.toml")) for key, values in layers.items()),
        organisation=str(whose["name"]), contact=str(whose["contact"]),
    )
