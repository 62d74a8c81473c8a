"""catalog.toml: what a region's layers are, where they come from and how their columns are named; typos are refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_planner.crs import Frame
from gis_planner.layers.adapters.book import adapters
from gis_planner.layers.check import Given
from gis_planner.layers.mapping import Wanted
from gis_planner.problems import Problems, Severity, nearest, refused, shown
from gis_planner.tables.column import Origin, weakest
from gis_planner.tables.inputs import INPUTS

_REGION = {"name", "label", "label_fr", "frame", "licence", "notes", "place_villages_by"}
_LAYER = {
    "file", "kind", "origin", "licence", "source", "date", "note", "crs", "adapter", "columns", "values", "constants",
    "columns_origin", "sheet", "layer", "missing", "id_from", "control",
}
_MAX_BYTES = 2_000_000
_PROVENANCE = {
    "licence": "nobody knows whether it may be shared", "source": "nobody can ask where it comes from",
    "date": "its age is not known",
}


@dataclass(frozen=True)
class Entry:
    """One layer of the catalogue: key, kind, file and what is given of it."""

    key: str
    kind: str
    path: Path
    given: Given


@dataclass(frozen=True)
class Catalog:
    """A catalogue that could be read: the region and its layers in the order of the file.

    place_villages_by: keys of the point layers by which villages are moved to where they really are.
    """

    path: Path
    name: str
    label: str
    label_fr: str
    frame: Frame
    licence: str
    notes: str
    entries: tuple[Entry, ...]
    place_villages_by: tuple[str, ...] = ()


def _load(path: Path) -> dict[str, Any]:
    where = path.name
    try:
        if not path.is_file():
            raise refused("catalog-missing", file=where, found="no catalogue file", expected="a catalog.toml",
                          remedy="Give the path of a catalog.toml, or make one with gis-planner init DIR.",
                          remedy_fr="Donnez le chemin d'un catalog.toml, ou créez-le avec gis-planner init DIR.")
        if path.stat().st_size > _MAX_BYTES:
            raise refused("catalog-too-large", file=where, found=f"{path.stat().st_size:,} bytes",
                          expected="a short text file", remedy="This is no catalogue: give the right file.",
                          remedy_fr="Ce n'est pas un catalogue : donnez le bon fichier.")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused("catalog-broken", file=where, found=shown(error), expected="TOML in UTF-8",
                      remedy="Correct the line that is named.", remedy_fr="Corrigez la ligne indiquée.") from None
    except OSError as error:
        raise refused("catalog-unreadable", file=where, found=str(error.strerror), expected="a file that you may read",
                      remedy="Check the path and its permissions.",
                      remedy_fr="Vérifiez le chemin et ses droits.") from None


class _Reader:
    """Reads sections of the catalogue and keeps what is wrong."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems

    def bad(self, code: str, field: str, found: object, expected: str, remedy: str, remedy_fr: str,
            severity: Severity = Severity.REFUSE) -> None:
        self.problems.add(code, severity, found=found, expected=expected, remedy=remedy, remedy_fr=remedy_fr,
                          file=self.file, field=field)

    def unknown(self, section: str, given: Mapping[str, Any], known: set[str]) -> None:
        for key in given:
            if key not in known:
                near = nearest(key, known)
                self.bad("catalog-key-unknown", f"{section}.{key}", key, f"one of {', '.join(sorted(known))}",
                         f"Delete {key}" + (f" or write {near}." if near else "."),
                         f"Supprimez {key}" + (f" ou écrivez {near}." if near else "."))

    def text(self, section: str, given: Mapping[str, Any], key: str, default: str = "") -> str:
        value = given.get(key, default)
        if isinstance(value, str):
            return value.strip()
        if hasattr(value, "isoformat") or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value.isoformat() if hasattr(value, "isoformat") else str(value)
        self.bad("catalog-value", f"{section}.{key}", value, "text", f"Write {key} = \"...\".",
                 f"Écrivez {key} = \"...\".")
        return default

    def words(self, section: str, given: Mapping[str, Any], key: str) -> dict[str, str]:
        value = given.get(key, {})
        if isinstance(value, dict) and not any(isinstance(item, dict | list) for item in value.values()):
            return {name: _constant(item) for name, item in value.items()}
        self.bad("catalog-value", f"{section}.{key}", value, "pairs of words",
                 f"Write {key} = {{ ours = \"theirs\" }}.",
                 f"Écrivez {key} = {{ nôtre = \"leur\" }}.")
        return {}


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _frame(given: Mapping[str, Any], file: str) -> Frame:
    frame = given.get("frame")
    if not isinstance(frame, list) or len(frame) != 4 or not all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in frame
    ):
        raise refused("catalog-frame", file=file, field="region.frame", found=frame,
                      expected="frame = [west, south, east, north] in degrees",
                      remedy="Write the frame of the region, for instance [-8.3, 11.6, -7.3, 12.4].",
                      remedy_fr="Écrivez le cadre de la région, par exemple [-8.3, 11.6, -7.3, 12.4].")
    return Frame(*map(float, frame))


def _columns_known(read: _Reader, section: str, kind: str, given: Mapping[str, Any]) -> None:
    known = {*INPUTS[kind].names, "latitude", "longitude", "x_m", "y_m", "wkt"}
    for part in ("columns", "values", "constants", "missing", "columns_origin", "control"):
        inner = given.get(part, {})
        if isinstance(inner, dict):
            read.unknown(f"{section}.{part}", inner, known)


def _origin(read: _Reader, section: str, given: Mapping[str, Any]) -> tuple[Origin, str]:
    """The weakest origin of a layer and its columns, and a note on columns that differ."""
    words = {"origin": given.get("origin")}
    columns = given.get("columns_origin", {})
    if isinstance(columns, dict):
        words.update(columns)
    found = []
    for key, word in words.items():
        try:
            found.append(Origin(str(word)))
        except ValueError:
            read.bad("catalog-origin", f"{section}.{key}", word if word is not None else "no origin",
                     "observed, estimated or simulated",
                     "State how the layer came to be: origin = \"observed\", \"estimated\" or \"simulated\".",
                     "Dites d'où vient la couche : origin = \"observed\", \"estimated\" ou \"simulated\".")
    note = "; ".join(f"{column}: {word}" for column, word in columns.items()) if isinstance(columns, dict) else ""
    return weakest(*found), note


def _wanted(read: _Reader, section: str, given: Mapping[str, Any]) -> Wanted:
    values = given.get("values", {})
    nested = {
        column: read.words(f"{section}.values", values, column) for column in values
    } if isinstance(values, dict) else {}
    adapter = read.text(section, given, "adapter")
    if adapter and adapter not in adapters():
        near = nearest(adapter, adapters())
        read.bad("catalog-adapter", f"{section}.adapter", adapter, f"one of {', '.join(adapters())}",
                 f"Use a known adapter{f', nearest: {near}' if near else ''}, or map the columns.",
                 "Utilisez un adaptateur connu, ou faites correspondre les colonnes.")
    id_from = given.get("id_from", [])
    if not isinstance(id_from, list) or not all(isinstance(head, str) for head in id_from):
        read.bad("catalog-value", f"{section}.id_from", id_from, "a list of heads",
                 "Write id_from = [\"...\", \"...\"].",
                 "Écrivez id_from = [\"...\", \"...\"].")
        id_from = []
    return Wanted(adapter, read.words(section, given, "columns"), nested, read.words(section, given, "constants"),
                  read.words(section, given, "missing"), tuple(id_from), _control(read, section, given))


def _control(read: _Reader, section: str, given: Mapping[str, Any]) -> dict[str, float]:
    totals = given.get("control", {})
    if isinstance(totals, dict) and all(
        isinstance(total, int | float) and not isinstance(total, bool) and total > 0 for total in totals.values()
    ):
        return {column: float(total) for column, total in totals.items()}
    read.bad("catalog-value", f"{section}.control", totals, "positive totals",
             "Write control = { population = 22500 }.",
             "Écrivez control = { population = 22500 }.")
    return {}


def _entry(read: _Reader, folder: Path, key: str, given: Any) -> Entry | None:
    section = f"layers.{key}"
    if not isinstance(given, dict):
        read.bad("catalog-value", section, given, "a table", f"Write [layers.{key}] and its keys below.",
                 f"Écrivez [layers.{key}] et ses clés en dessous.")
        return None
    before = len(read.problems.of(Severity.REFUSE))
    read.unknown(section, given, _LAYER)
    kind = read.text(section, given, "kind", key)
    if kind not in INPUTS:
        near = nearest(kind, INPUTS)
        read.bad("catalog-kind", f"{section}.kind", kind, f"one of {', '.join(INPUTS)}",
                 f"Use a known kind{f', nearest: {near}' if near else ''}.",
                 f"Utilisez un type connu{f', le plus proche : {near}' if near else ''}.")
        return None
    _columns_known(read, section, kind, given)
    file = read.text(section, given, "file")
    if not file:
        read.bad("catalog-file", f"{section}.file", "no file", "the path of the layer", "Write file = \"...\".",
                 "Écrivez file = \"...\".")
    if "://" in file or "/vsi" in file.casefold():
        read.bad("path-remote", f"{section}.file", file, "a file on this computer",
                 "Copy the file to this computer; addresses are never opened.",
                 "Copiez le fichier sur cet ordinateur ; aucune adresse n'est ouverte.")
    origin, columns_note = _origin(read, section, given)
    for word, effect in _PROVENANCE.items():
        if not given.get(word):
            read.bad("provenance-missing", f"{section}.{word}", f"no {word}: {effect}", f"the {word} of the layer",
                     f"Write {word} = \"...\" in the catalogue.", f"Écrivez {word} = \"...\" dans le catalogue.",
                     Severity.NOTE)
    note = "; ".join(part for part in (read.text(section, given, "note"), columns_note) if part)
    made = Given(
        key, _wanted(read, section, given), read.text(section, given, "crs"),
        read.text(section, given, "sheet") or read.text(section, given, "layer"), origin,
        read.text(section, given, "licence"), read.text(section, given, "source"), read.text(section, given, "date"),
        note, file,
    )
    if len(read.problems.of(Severity.REFUSE)) > before:
        return None
    return Entry(key, kind, folder / file, made)


def read_catalog(path: Path, problems: Problems) -> Catalog:
    """The catalogue; a layer whose entry is wrong is left out and said in `problems`.

    Raises `Refused` when the file cannot be read or names no region and frame.
    """
    document = _load(path)
    read = _Reader(path.name, problems)
    region, layers = document.get("region"), document.get("layers", {})
    if not isinstance(region, dict) or not isinstance(layers, dict):
        raise refused("catalog-region", file=path.name, found="no [region]", expected="[region] and [layers.<key>]",
                      remedy="Write a [region] with name and frame, and one [layers.<key>] for each layer.",
                      remedy_fr="Écrivez [region] avec name et frame, et [layers.<clé>] pour chaque couche.")
    read.unknown("", document, {"region", "layers"})
    read.unknown("region", region, _REGION)
    frame = _frame(region, path.name)
    name = read.text("region", region, "name") or path.parent.name
    entries = []
    for key, given in layers.items():
        entry = _entry(read, path.parent, key, given)
        if entry is not None:
            entries.append(entry)
    return Catalog(
        path, name, read.text("region", region, "label", name), read.text("region", region, "label_fr", name), frame,
        read.text("region", region, "licence"), read.text("region", region, "notes"), tuple(entries),
        _placed_by(read, region, layers),
    )


def _placed_by(read: _Reader, region: Mapping[str, Any], layers: Mapping[str, Any]) -> tuple[str, ...]:
    keys = region.get("place_villages_by", [])
    if isinstance(keys, list) and all(isinstance(key, str) and key in layers for key in keys):
        return tuple(keys)
    read.bad("catalog-value", "region.place_villages_by", keys, f"keys of layers: {', '.join(layers)}",
             "Write place_villages_by = [\"schools\", \"water_points\"], layers of this catalogue.",
             "Écrivez place_villages_by = [\"schools\", \"water_points\"], des couches de ce catalogue.")
    return ()

