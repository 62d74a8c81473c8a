"""Every label of the outputs in English and French, read from `styles/words.toml`.

Keys: `word("decision", "fr")` from [ui]; `layer_word`, `programme_word`, `value_word`, `unit_word` from their sections.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gis_planner.problems import refused

LANGUAGES = ("en", "fr")


def require_language(lang: str) -> str:
    """`lang` when it is `en` or `fr`; anything else is refused."""
    if lang not in LANGUAGES:
        raise refused("language", field="lang", found=repr(lang), expected="en or fr", remedy="Use --lang en or fr.",
                      remedy_fr="Utilisez --lang en ou fr.")
    return lang


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of an organisation's own words or style; one that cannot be read is refused with its line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refused("style-file", file=str(path), found=error, expected="a TOML file in UTF-8",
                      remedy="Mend the line, or delete the file to use the words and style that ship.",
                      remedy_fr="Corrigez la ligne, ou supprimez le fichier.") from None


@lru_cache(maxsize=1)
def shipped_words() -> Mapping[str, Mapping[str, list[str]]]:
    """The words that ship with the package, by section and key."""
    return tomllib.loads(files("gis_planner.maps").joinpath("styles/words.toml").read_text(encoding="utf-8"))


def _from(section: str, key: str, lang: str) -> str | None:
    pair = shipped_words()[section].get(key)
    return None if pair is None else pair[LANGUAGES.index(lang)]


def word(key: str, lang: str, **parts: object) -> str:
    """The label `key` of [ui] in `lang`, with `{name}` filled from `parts`; an unknown key is a KeyError."""
    found = _from("ui", key, lang)
    if found is None:
        raise KeyError(key)
    for name, part in parts.items():
        found = found.replace("{" + name + "}", str(part))
    return found


def layer_word(key: str, lang: str) -> str:
    """The name of a map layer; a layer without words keeps its key."""
    return _from("layer", key, lang) or key


def programme_word(key: str, lang: str) -> str:
    """The name of a programme; one without words keeps its key."""
    return _from("programme", key, lang) or key


def value_word(value: str, lang: str) -> str:
    """A word of a vocabulary (status, technology, habitat, action ...); what is no such word stays as it is."""
    return _from("value", value, lang) or value


def unit_word(unit: str, lang: str) -> str:
    """A unit as a person reads it; a unit without words stays as it is."""
    return _from("unit", unit, lang) or unit
