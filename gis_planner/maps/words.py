"""Every label of the outputs in English and French, read from `styles/words.toml`.

Keys: `word("decision", "fr")` from [ui]; `layer_word`, `programme_word`, `value_word`, `unit_word` from their sections.
An organisation's own words replace single keys while `using_words` is open.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gis_planner.problems import nearest, refused

LANGUAGES = ("en", "fr")
OwnWords = Mapping[str, Mapping[str, list[str]]]
_PARTS = re.compile(r"\{\w+\}")
_OWN: ContextVar[OwnWords] = ContextVar("own_words", default={})  # noqa: B039 - never changed in place


def require_language(lang: str) -> str:
    """`lang` when it is `en` or `fr`; anything else is refused."""
    if lang not in LANGUAGES:
        raise refused("language", field="lang", found=repr(lang), expected="en or fr", remedy="Use --lang en or fr.",
                      remedy_fr="Utilisez --lang en ou fr.")
    return lang


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of an organisation's own words or style; one that is missing or cannot be read is refused."""
    if not path.exists():
        near = nearest(path.name, [other.name for other in path.parent.glob("*.toml")])
        raise refused("style-file", file=str(path), found="no such file", expected="a TOML file in UTF-8",
                      remedy=(f"Did you mean {near}? " if near else "") + "Check the path.",
                      remedy_fr=(f"Vouliez-vous dire {near} ? " if near else "") + "Vérifiez le chemin.")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refused("style-file", file=str(path), found=error, expected="a TOML file in UTF-8",
                      remedy="Mend the line, or delete the file to use the words and style that ship.",
                      remedy_fr="Corrigez la ligne, ou supprimez le fichier.") from None


@lru_cache(maxsize=4)
def shipped_file(name: str) -> Mapping[str, Any]:
    """A file of `styles/` that ships with the package, read once."""
    return tomllib.loads(files("gis_planner.maps").joinpath(f"styles/{name}").read_text(encoding="utf-8"))


def shipped_words() -> Mapping[str, Mapping[str, list[str]]]:
    """The words that ship with the package, by section and key."""
    return shipped_file("words.toml")


def print_words() -> Mapping[str, list[str]]:
    """Every word of the atlas by key: [English, French]."""
    return {**shipped_file("print.toml"), **_OWN.get().get("print", {})}


def own_words(given: Mapping[str, Any], file: str) -> OwnWords:
    """An organisation's words by section, checked: each a pair [English, French] that fills in the same parts.

    Refused: a section or key that the shipped words do not have (with the nearest), a pair that is none.
    """
    known = {**shipped_words(), "print": shipped_file("print.toml")}
    for section, words in given.items():
        if section not in known or not isinstance(words, dict):
            raise refused("style-words", file=file, field=f"words.{section}", found=section, expected=", ".join(known),
                          remedy="Name one of these sections.", remedy_fr="Nommez une de ces sections.")
        for key, pair in words.items():
            where = f"words.{section}.{key}"
            if key not in known[section]:
                near = nearest(key, known[section])
                raise refused("style-words", file=file, field=where, found=key, expected="a key of the shipped words",
                              remedy=f"Did you mean {near!r}?" if near else "Take the key out.",
                              remedy_fr=f"Vouliez-vous dire {near!r} ?" if near else "Retirez cette clé.")
            parts = sorted(_PARTS.findall(known[section][key][0]))
            good = isinstance(pair, list) and len(pair) == len(LANGUAGES) and all(
                isinstance(text, str) and text and sorted(_PARTS.findall(text)) == parts for text in pair)
            if not good:
                raise refused("style-words", file=file, field=where, found=repr(pair),
                              expected=f'["English", "French"] with {", ".join(parts) or "no part"} to fill in',
                              remedy="Give both languages, with the same parts in braces.",
                              remedy_fr="Donnez les deux langues, avec les mêmes parties entre accolades.")
    return {section: dict(words) for section, words in given.items()}


@contextmanager
def using_words(own: OwnWords) -> Iterator[None]:
    """Labels made inside take the organisation's own words first."""
    token = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(token)


def _from(section: str, key: str, lang: str) -> str | None:
    pair = _OWN.get().get(section, {}).get(key) or shipped_words()[section].get(key)
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
