"""A scenario's tree of values becomes settings, or findings that name key, file, expectation and the near name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gis_planner.problems import Problems, Refused, Severity, nearest
from gis_planner.scenarios.merge import Merged, finding_place, merge
from gis_planner.scenarios.settings import PROGRAMMES, ScenarioSettings, known_settings, model_of, span, value_at
from gis_planner.standards.book import NormBook, load_book


@dataclass(frozen=True)
class Checked:
    """A scenario whose settings are sound. region: path of the catalogue."""

    merged: Merged
    settings: ScenarioSettings
    book: NormBook
    catalog: Path


def check_settings(path: Path, problems: Problems) -> Checked | None:
    """Read and check a scenario's settings; None when something was refused (said in `problems`)."""
    merged = merge(path, problems)
    if not merged.values:
        return None
    values = dict(merged.values)
    chosen = values.get("run")
    for name in PROGRAMMES:
        if isinstance(chosen, list) and name in chosen:
            values.setdefault(name, {})
    values.setdefault("travel", {})
    try:
        settings = ScenarioSettings.model_validate(values)
    except ValidationError as error:
        _explain(error, merged, problems)
        return None
    before = len(problems.of(Severity.REFUSE))
    book = _book(settings, merged, problems)
    if book is not None:
        _ranges(settings, merged, book, problems)
        if not settings.run:
            problems.add("nothing-to-run", Severity.REFUSE, found="run = []", expected=", ".join(PROGRAMMES),
                         remedy="Name at least one programme in `run`.", field="run", file=str(merged.paths[0]),
                         remedy_fr="Nommez au moins un programme dans `run`.")
    if book is None or len(problems.of(Severity.REFUSE)) > before:
        return None
    catalog = finding_place("region", merged).parent / settings.region
    return Checked(merged, settings, book, catalog)


def _book(settings: ScenarioSettings, merged: Merged, problems: Problems) -> NormBook | None:
    own = None
    if settings.norms_file is not None:
        own = finding_place("norms_file", merged).parent / settings.norms_file
    try:
        return load_book(own)
    except Refused as error:
        problems.extend(error.findings)
        return None


def _explain(error: ValidationError, merged: Merged, problems: Problems) -> None:
    seen: set[str] = set()
    for item in error.errors(include_url=False):
        parts = [str(part) for part in item["loc"] if part not in ("float", "str", "int")]
        key = ".".join(parts)
        if key in seen:
            continue
        seen.add(key)
        file = str(finding_place(key, merged))
        if item["type"] == "extra_forbidden":
            known = _names_at(parts[:-1])
            near = nearest(parts[-1], known)
            problems.add("unknown-key", Severity.REFUSE, found=f"unknown key {key!r}", file=file, field=key,
                         expected=f"one of: {', '.join(sorted(known))}",
                         remedy=f"Did you mean {near!r}?" if near else "`gis-planner reference` lists every key.",
                         remedy_fr=f"Vouliez-vous dire {near!r} ?" if near else "Voir `gis-planner reference`.")
        elif item["type"] == "missing":
            problems.add("missing-key", Severity.REFUSE, found="no value", file=file, field=key,
                         expected=_meaning(key), remedy=f"State {key} in the base or an override.",
                         remedy_fr=f"Indiquez {key} dans la base ou un override.")
        else:
            problems.add("bad-value", Severity.REFUSE, found=item["input"], file=file, field=key,
                         expected=_expected(item, key), remedy=f"Mend the value in that file.{_said(key, 'en')}",
                         remedy_fr=f"Corrigez la valeur dans ce fichier.{_said(key, 'fr')}")


def _expected(item: ErrorDetails, key: str) -> str:
    """What a value should have been, in words: the choices of a category, else the meaning of the setting."""
    choices = item.get("ctx", {}).get("expected")
    if choices:
        return str(choices)
    if item["type"].startswith(("float", "int", "finite")):
        return _number(key, "a whole number" if item["type"].startswith("int") else "a number")
    kinds = {"bool": "true or false", "date": "a date (2026-06-01)",
             "tuple": "a list", "string": "text"}
    kind = next((word for start, word in kinds.items() if item["type"].startswith(start)), "")
    return kind or _meaning(key)


def _number(key: str, kind: str) -> str:
    """A number of a setting in words: its range and unit; without a range, what it means."""
    for known in known_settings():
        low, high = known.extra.get("low"), known.extra.get("high")
        if known.key == key and (low is not None or high is not None):
            unit = f" {known.extra['unit']}" if known.extra.get("unit") else ""
            between = f"from {span(low, high)}" if low is not None and high is not None else span(low, high)
            return f"{kind} {between}{unit}"
    return f"{kind}: {_meaning(key)}"


def _said(key: str, lang: str) -> str:
    for known in known_settings():
        if known.key == key:
            return f" {known.extra.get('meaning_fr', '') if lang == 'fr' else known.field.description}"
    return ""


def _names_at(parts: list[str]) -> list[str]:
    model: type[BaseModel] | None = ScenarioSettings
    for part in parts:
        if model is None or part not in model.model_fields:
            break
        model = model_of(model.model_fields[part].annotation)
    return list(model.model_fields) if model is not None else []


def _meaning(key: str) -> str:
    """What a setting means, as part of a sentence: without a period at its end."""
    for known in known_settings():
        if known.key == key:
            said = f" ({known.extra['unit']})" if known.extra.get("unit") else ""
            return f"{str(known.field.description).rstrip('.')}{said}"
    return "see `gis-planner reference`"


def _ranges(settings: ScenarioSettings, merged: Merged, book: NormBook, problems: Problems) -> None:
    """Every number, and every norm that a setting names, lies in the range that the setting declares."""
    for known in known_settings():
        value = value_at(settings, known.key)
        if known.is_norm and isinstance(value, str):
            try:
                book.norm(value)
                value = _in_unit(book, value, str(known.extra.get("unit", "")))
            except Refused as error:
                _relocate(error, known.key, merged, problems)
                continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        low, high = known.extra.get("low"), known.extra.get("high")
        if (low is not None and value < low) or (high is not None and value > high):
            unit = f" {known.extra['unit']}" if known.extra.get("unit") else ""
            hint = ("", "")
            if known.extra.get("unit") == "share" and 1 < value <= 100:
                hint = (f": write {value / 100:g} for {value:g} %", f" : écrivez {value / 100:g} pour {value:g} %")
            problems.add("out-of-range", Severity.REFUSE, found=f"{value:g}{unit}", field=known.key,
                         file=str(finding_place(known.key, merged)), expected=f"{span(low, high)}{unit}",
                         remedy=f"Mend the value{hint[0]}. {known.field.description}",
                         remedy_fr=f"Corrigez la valeur{hint[1]}. {known.extra.get('meaning_fr', '')}")


def _in_unit(book: NormBook, norm_id: str, unit: str) -> float:
    fresh = NormBook({norm_id: book.norm(norm_id)})
    return fresh.value(norm_id, unit)


def _relocate(error: Refused, key: str, merged: Merged, problems: Problems) -> None:
    for finding in error.findings:
        problems.add(finding.code, Severity.REFUSE, found=finding.found, expected=finding.expected, field=key,
                     remedy=finding.remedy, remedy_fr=finding.remedy_fr, file=str(finding_place(key, merged)))


def plain(settings: BaseModel) -> Mapping[str, Any]:
    """The settings as plain values (for plan.json)."""
    return settings.model_dump(mode="json")
