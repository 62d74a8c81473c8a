"""How each layer is drawn: one file of data (`symbols.toml`) for GIS, print and pictures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gis_planner.tables.plan import Words


@dataclass(frozen=True, slots=True)
class Look:
    """The look of one value of a layer's `by` column."""

    value: str
    words: Words
    colour: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """The look of one layer. colour: RRGGBB. label: column written beside the mark. hollow: an area without fill."""

    layer: str
    colour: str
    shape: str = "circle"
    size_mm: float = 2.0
    width_mm: float = 0.4
    label: str = ""
    by: str = ""
    looks: tuple[Look, ...] = ()
    hollow: bool = False


@lru_cache(maxsize=1)
def symbols() -> dict[str, Symbol]:
    """Every symbol by layer name (`wells`, `input_roads`)."""
    text = files("gis_planner.maps").joinpath("symbols.toml").read_text(encoding="utf-8")
    return {name: _symbol(name, facts) for name, facts in tomllib.loads(text).items()}


def symbol(layer: str) -> Symbol:
    """The symbol of a layer; a grey circle or line for one that has none."""
    return symbols().get(layer, Symbol(layer, "777777"))


def _symbol(name: str, facts: dict[str, object]) -> Symbol:
    values = facts.pop("values", [])
    looks = tuple(
        Look(item["is"], Words(item["en"], item["fr"]), item["colour"])
        for item in (values if isinstance(values, list) else [])
    )
    return Symbol(layer=name, looks=looks, **facts)  # type: ignore[arg-type]
