"""Every setting and every norm, from the same definitions that check a scenario."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin

from pydantic_core import PydanticUndefined

from gis_planner.scenarios.settings import Known, ScenarioSettings, known_settings, span
from gis_planner.standards.book import NormBook


def json_schema() -> str:
    """The JSON Schema of the settings, as text with sorted keys."""
    return json.dumps(ScenarioSettings.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True)


def _default(known: Known) -> str:
    if known.field.default is PydanticUndefined:
        return "must be stated" if known.field.default_factory is None else ""
    return "none" if known.field.default in (None, ()) else str(known.field.default)


def _range(known: Known) -> str:
    low, high = known.extra.get("low"), known.extra.get("high")
    if low is not None or high is not None:
        return span(low, high)
    return " | ".join(_options(known.field.annotation))


def _options(annotation: Any) -> list[str]:
    """The words that a setting may take, also inside a list of them; empty when it takes anything."""
    if get_origin(annotation) is Literal:
        return [str(option) for option in get_args(annotation)]
    return [option for part in get_args(annotation) for option in _options(part)]


def rows(book: NormBook, lang: str = "en") -> list[dict[str, str]]:
    """One dict per setting: key, meaning, unit, range, default, source, effect."""
    found = []
    for known in known_settings():
        default = _default(known)
        source = ""
        if known.is_norm and default in book.norms:
            norm = book.norm(default)
            source = f"{norm.value:g} {norm.unit}: {norm.citation()}"
        meaning: Any = known.extra.get("meaning_fr") if lang == "fr" else known.field.description
        found.append({
            "key": known.key, "meaning": str(meaning), "unit": str(known.extra.get("unit", "")),
            "range": _range(known), "default": default, "source": source, "effect": str(known.extra.get("effect", "")),
        })
    return found


def as_markdown(book: NormBook, lang: str = "en") -> str:
    """The reference as a page."""
    words = {"en": ("Settings", "unit", "range", "default", "source", "effect", "Norms"),
             "fr": ("Réglages", "unité", "plage", "défaut", "source", "effet", "Normes")}[lang]
    lines = [f"# {words[0]}", ""]
    for row in rows(book, lang):
        lines.append(f"**{row['key']}**: {row['meaning']}")
        lines += [f"  - {word}: {row[key]}" for word, key in zip(
            words[1:6], ("unit", "range", "default", "source", "effect"), strict=True) if row[key]]
    lines += ["", f"# {words[6]}", "", "| id | value | unit | range | applies to | source | checked |",
              "|---|---|---|---|---|---|---|"]
    for norm in sorted(book.norms.values(), key=lambda norm: norm.id):
        span = "" if norm.low is None else f"{norm.low:g} to {norm.high:g}"
        lines.append(f"| {norm.id} | {norm.value:g} | {norm.unit} | {span} | {norm.applies_to} | {norm.citation()} | "
                     f"{norm.checked} |")
    return "\n".join(lines) + "\n"
