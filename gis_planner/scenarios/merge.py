"""Base and overrides as TOML become one tree of values that remembers which file set which key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_planner.problems import Problems, Severity, nearest
from gis_planner.tables.inputs import INPUTS

_HEAD = ("purpose", "purpose_fr", "base", "overrides", "settings")
_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Merged:
    """values: the tree. set_by: file of each leaf key. purpose: English, French. paths: each file read."""

    name: str
    purpose: tuple[str, str]
    values: dict[str, Any]
    set_by: dict[str, Path]
    paths: tuple[Path, ...]


def _refuse(problems: Problems, code: str, file: Path, found: object, expected: str, remedy: str, remedy_fr: str,
            field: str = "") -> None:
    problems.add(code, Severity.REFUSE, found=found, expected=expected, remedy=remedy, remedy_fr=remedy_fr,
                 file=str(file), field=field)


def read_toml(path: Path, problems: Problems, what: str) -> dict[str, Any]:
    """One TOML file; what cannot be read becomes a finding and an empty tree."""
    layer = path.suffix.lower() != ".toml"
    try:
        if not path.is_file():
            near = nearest(path.name, [other.name for other in path.parent.glob("*.toml")])
            hint, hint_fr = (f"Did you mean {near}? ", f"Vouliez-vous dire {near} ? ") if near else ("", "")
            _refuse(problems, "no-file", path, "no such file", f"a {what}", f"{hint}Check the path.",
                    f"{hint_fr}Vérifiez le chemin.")
            return {}
        if path.stat().st_size > _MAX_BYTES:
            if layer:
                return _no_scenario(path, problems, what)
            _refuse(problems, "too-large", path, f"{path.stat().st_size} bytes", "a short TOML file",
                    "Give a scenario, not data.", "Donnez un scénario, pas des données.")
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if layer:
            return _no_scenario(path, problems, what)
        _refuse(problems, "not-toml", path, error, "TOML in UTF-8", "Mend the line that the message names.",
                "Corrigez la ligne que le message indique.")
    except OSError as error:
        _refuse(problems, "not-readable", path, error.strerror, "a readable file", "Check its permissions.",
                "Vérifiez ses permissions.")
    return {}


def _no_scenario(path: Path, problems: Problems, what: str) -> dict[str, Any]:
    """The finding for data given where a scenario belongs, with the command that checks a layer."""
    kind = nearest(path.stem, INPUTS) or "KIND"
    _refuse(problems, "not-a-scenario", path, "a file that looks like a layer", f"a {what} (.toml)",
            f"To check a layer, add --as {kind}; the kinds are {', '.join(INPUTS)}.",
            f"Pour vérifier une couche, ajoutez --as {kind} ; les sortes sont {', '.join(INPUTS)}.")
    return {}


def leaves(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted key of each leaf; lists are leaves."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            found |= leaves(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def _put(tree: dict[str, Any], key: str, value: Any, problems: Problems, file: Path) -> None:
    *parents, last = key.split(".")
    here = tree
    for name in parents:
        inner = here.setdefault(name, {})
        if not isinstance(inner, dict):
            _refuse(problems, "not-a-section", file, f"{name} is a value", f"{name} to be a section [{name}]",
                    "Write it as a section.", "Écrivez-le comme une section.", key)
            return
        here = inner
    here[last] = value


def merge(path: Path, problems: Problems) -> Merged:
    """The scenario at `path` with its base and overrides; two overrides that set the same key are a finding."""
    head = read_toml(path, problems, "scenario file")
    if not head:
        return Merged(path.stem, ("", ""), {}, {}, (path,))
    for name in sorted(set(head) - set(_HEAD)):
        near = nearest(name, _HEAD)
        _refuse(problems, "unknown-key", path, name, ", ".join(_HEAD),
                f"Did you mean {near!r}?" if near else "Put settings under [settings].",
                f"Vouliez-vous dire {near!r} ?" if near else "Mettez les réglages sous [settings].", name)
    purpose = (_text(head, "purpose", path, problems), _text(head, "purpose_fr", path, problems))
    values: dict[str, Any] = {}
    set_by: dict[str, Path] = {}
    paths = [path]
    base = head.get("base")
    if isinstance(base, str):
        file = path.parent / base
        paths.append(file)
        for key, value in leaves(read_toml(file, problems, "base file")).items():
            _put(values, key, value, problems, file)
            set_by[key] = file
    else:
        _refuse(problems, "no-base", path, base, "base = \"base.toml\"", "Name the base file that the scenario starts "
                "from.", "Nommez le fichier de base du scénario.", "base")
    taken: dict[str, Path] = {}
    for file, tree in _overrides(head, path, problems):
        if file != path:
            paths.append(file)
        for key, value in leaves(tree).items():
            if key in taken:
                _refuse(problems, "set-twice", file, f"{key} is set here and in {taken[key].name}",
                        "each key in one override only", "Take the key out of one of them.",
                        "Retirez la clé de l'un des deux.", key)
                continue
            taken[key] = file
            _put(values, key, value, problems, file)
            set_by[key] = file
    return Merged(path.stem, purpose, values, set_by, tuple(paths))


def _text(head: Mapping[str, Any], name: str, path: Path, problems: Problems) -> str:
    value = head.get(name)
    if not isinstance(value, str) or not value.strip():
        _refuse(problems, "no-purpose", path, "nothing" if value is None else value, f"{name} = \"one sentence\"",
                "Say in one sentence what the scenario asks.", "Dites en une phrase ce que le scénario demande.", name)
        return ""
    return value.strip()


def _overrides(head: Mapping[str, Any], path: Path, problems: Problems) -> list[tuple[Path, dict[str, Any]]]:
    names = head.get("overrides", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        _refuse(problems, "overrides", path, names, "overrides = [\"name\", ...]", "Write a list of names.",
                "Écrivez une liste de noms.", "overrides")
        names = []
    found = []
    for name in names:
        file = path.parent / "overrides" / f"{name}.toml"
        found.append((file, read_toml(file, problems, "override file")))
    own = head.get("settings", {})
    if isinstance(own, dict):
        found.append((path, own))
    return found


def finding_place(key: str, merged: Merged) -> Path:
    """The file that set a key or a part of it, else the scenario itself."""
    parts = key.split(".")
    for count in range(len(parts), 0, -1):
        start = ".".join(parts[:count])
        for known, file in merged.set_by.items():
            if known == start or known.startswith(f"{start}."):
                return file
    return merged.paths[0]


