"""The words of the atlas, from `styles/print.toml`."""

from __future__ import annotations

import re

from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import print_words, shipped_file

_PART = re.compile(r"\{(\w+)\}")


def bambara(lang: str) -> list[dict[str, str]]:
    """The few words in Bambara with their meaning in `lang`, from `styles/bambara.toml`."""
    words = shipped_file("bambara.toml")["words"]
    return [{"bambara": own, "meaning": french if lang == "fr" else english} for own, english, french in words.values()]


def say(key: str, lang: str, **parts: object) -> str:
    """The word `key` in `lang`, with `{name}` filled from `parts`; an unknown key is a KeyError."""
    found = print_words()[key][1 if lang == "fr" else 0]
    return _PART.sub(lambda match: str(parts.get(match[1], match[0])), found)


def whole(value: float | None, lang: str) -> str:
    """A number without decimals, thousands apart as everywhere else; empty when missing."""
    return "" if value is None else number(round(value), lang, 0)


def decimal(value: float | None, places: int, lang: str) -> str:
    """A number with at most so many decimals, with the comma of French; empty when missing."""
    if value is None:
        return ""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if places else text
    return text.replace(".", ",") if lang == "fr" else text
