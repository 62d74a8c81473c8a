"""A new region: a catalogue to fill in, and a page that says what is missing and where such layers are published."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import tempfile
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from gis_planner.crs import Frame, metric_crs
from gis_planner.layers.check import check_file
from gis_planner.layers.frames import MALI, as_typed, latitude_first
from gis_planner.problems import Finding, Machine, Refused, Severity, refused, shown
from gis_planner.tables.inputs import INPUTS

_MARGIN_DEGREES = 0.05
_NEEDS = {"all": "every plan needs it", "some": "its programmes need it", "help": "makes plans better"}
_MENDED_LATER = frozenset({"column-missing"})


@dataclass(frozen=True)
class _Villages:
    """The villages' file: where it is, its name in the region, their heads for our columns, what it lacks, its box."""

    path: Path
    file: str
    columns: Mapping[str, str]
    lacks: tuple[str, ...]
    frame: Frame
    rows: int


def start_region(
    folder: Path, *, frame: Frame | None = None, villages: Path | None = None, also: Mapping[str, str] | None = None
) -> list[str]:
    """Write `folder` with catalog.toml, README.md and a copy of the villages' file; answer what was done, line by line.

    frame: the region in degrees; without it the box of the villages, widened by 0.05 degrees. villages: any file that
    `check --as villages` reads; it must lie in the frame (without one, in Mali), but columns may still be missing: the
    catalogue says which. also: texts by file name that stand beside, such as a first scenario. The folder is written
    whole or not at all; it must not exist, or be empty.

    Raises `Refused` (no frame and no villages, a folder that holds something, villages that mislead) or `Machine`.
    """
    _free(folder)
    if frame is None and villages is None:
        raise refused(
            "init-nothing", field="frame", found="neither a frame nor a list of villages", expected="one of the two",
            remedy="Add --frame=W,S,E,N in degrees, or --villages FILE.",
            remedy_fr="Ajoutez --frame=O,S,E,N en degrés, ou --villages FICHIER.",
        )
    turned = latitude_first(frame) if frame is not None and villages is None else None
    if frame is not None and turned is not None:
        raise refused(
            "frame-latitude-first", field="--frame", found=f"a frame outside Mali: {as_typed(frame)}",
            expected="west, south, east, north: longitude first",
            remedy=f"Write --frame={as_typed(turned)}, which lies in Mali; for a region elsewhere add --villages.",
            remedy_fr=f"Écrivez --frame={as_typed(turned)}, qui est au Mali ; pour une région ailleurs, ajoutez "
                      "--villages.",
        )
    known = _read(villages, frame or MALI) if villages is not None else None
    region = frame or (known.frame if known is not None else MALI)
    name = slug(folder.name)
    texts = {
        **(also or {}),
        "catalog.toml": _catalog(name, folder.name, region, known),
        "README.md": _readme(folder.name, region, known),
    }
    _write(folder, texts, known)
    return _said(folder, region, known)


def _free(folder: Path) -> None:
    try:
        taken = folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    except OSError as error:
        raise _machine(folder, error) from None
    if taken:
        raise refused(
            "init-folder", file=str(folder), found="a folder that holds something, or a file", expected="a new folder",
            remedy="Give the name of a folder that does not exist yet; nothing was changed.",
            remedy_fr="Donnez le nom d'un dossier qui n'existe pas encore ; rien n'a été changé.",
        )


def _read(path: Path, frame: Frame) -> _Villages:
    result = check_file(path, "villages", frame=frame)
    wrong = [f for f in result.problems.of(Severity.REFUSE) if f.code not in _MENDED_LATER]
    bounds = result.summary.get("bounds")
    if wrong or not isinstance(bounds, (list, tuple)):
        raise Refused(wrong or result.problems.of(Severity.REFUSE))
    mapping = result.summary.get("mapping")
    columns = {str(k): str(v) for k, v in mapping.items() if k != v} if isinstance(mapping, dict) else {}
    lacks = tuple(f.field for f in result.problems.of(Severity.REFUSE))
    west, south, east, north = (float(edge) for edge in bounds)
    box = Frame(
        *(math.floor((edge - _MARGIN_DEGREES) * 100) / 100 for edge in (west, south)),
        *(math.ceil((edge + _MARGIN_DEGREES) * 100) / 100 for edge in (east, north)),
    )
    rows = result.summary.get("rows")
    return _Villages(path, f"villages{path.suffix.lower()}", columns, lacks, box, rows if isinstance(rows, int) else 0)


def slug(name: str) -> str:
    """A name as a key: lower case letters, digits and underscores; `region` when nothing is left."""
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", flat).strip("_") or "region"


def _sources() -> dict[str, Any]:
    text = files("gis_planner.layers").joinpath("init_sources.toml").read_text(encoding="utf-8")
    return {kind: entry for kind, entry in tomllib.loads(text).items() if kind in INPUTS}


def _quoted(text: str) -> str:
    return json.dumps(shown(text), ensure_ascii=False)


def _catalog(name: str, label: str, frame: Frame, villages: _Villages | None) -> str:
    zone = metric_crs(frame)
    lines = [
        "# What each layer of the region is, how it came to be, and its licence. Put each file in this folder,",
        "# take the # off its lines and fill them in; `gis-planner check FILE --as KIND` says what is wrong with it.",
        "",
        "[region]", f"name = {_quoted(name)}", f"label = {_quoted(label)}",
        f"frame = [{', '.join(f'{edge:g}' for edge in frame.as_tuple())}]",
        f"# Distances are computed in {zone.name} (EPSG:{zone.to_epsg()}).", "",
    ]
    for kind, entry in _sources().items():
        lines.append(f"# {INPUTS[kind].label}: {entry['for']}")
        if kind == "villages" and villages is not None:
            lines += ["[layers.villages]", f"file = {_quoted(villages.file)}", 'origin = "observed"']
            lines += ["# licence, source, date: of the file, as they go to every map", 'licence = ""', 'source = ""']
            lines += ['date = ""']
            if villages.columns:
                pairs = ", ".join(f"{ours} = {_quoted(theirs)}" for ours, theirs in villages.columns.items())
                lines.append(f"columns = {{ {pairs} }}")
            for column in villages.lacks:
                lines += [f"# missing: {column} (a column of the file, or of another layer joined to it)"]
                lines += _instead(column, villages)
        else:
            end = {"raster": ".tif", "none": ".csv"}.get(INPUTS[kind].geometry, ".gpkg")
            lines += [f"# [layers.{kind}]", f'# file = "{kind}{end}"', '# origin = "observed"', '# licence = ""',
                      '# source = ""', '# date = ""']
        lines.append("")
    return "\n".join(lines)


def _instead(column: str, villages: _Villages) -> list[str]:
    """The line of the catalogue that does without a column, for who takes its # off."""
    if column == "village_id":
        return [f"# id_from = [{_quoted(villages.columns.get('name', 'name'))}]  # or: the name is the id"]
    if column == "population":
        return ['# missing = { population = "stated by the scenario" }  # or: people.assumed_population in base.toml']
    return []


def _readme(label: str, frame: Frame, villages: _Villages | None) -> str:
    zone = metric_crs(frame)
    west, south, east, north = frame.as_tuple()
    lines = [
        f"# {shown(label)}", "",
        f"Frame: {west:g} to {east:g} degrees east, {south:g} to {north:g} degrees north. "
        f"Computed in {zone.name} (EPSG:{zone.to_epsg()}).", "",
    ]
    if villages is not None:
        lines += [f"There: {villages.file}, {villages.rows} villages."]
        lines += [f"It lacks the column `{column}`." for column in villages.lacks] + [""]
    lines += ["## What is missing, what it is for, where it is published", "",
              "| layer | what for | needed | where such layers are published (licence) |", "|---|---|---|---|"]
    for kind, entry in _sources().items():
        if kind == "villages" and villages is not None:
            continue
        where = "; ".join(f"{source['name']} ({source['licence']})" for source in entry["sources"])
        lines.append(f"| {kind} | {entry['for']} | {_NEEDS[entry['need']]} | {where} |")
    lines += [
        "",
        "Footprints of houses (Google Open Buildings, CC BY 4.0 or ODbL 1.0) help to see where villages really are.",
        "", "Next: put a file here, describe it in catalog.toml, and check it: `gis-planner check FILE --as KIND "
        f"--frame={as_typed(frame)}`.", "",
        "Then plan: put your prices into base.toml, name in its `run` what you plan, and from this folder run "
        f"`gis-planner check {slug(label)}-plan.toml`, then `gis-planner run {slug(label)}-plan.toml`.", "",
    ]
    return "\n".join(lines)


def _write(folder: Path, texts: Mapping[str, str], villages: _Villages | None) -> None:
    """All files in a folder beside, then one rename: a reader never sees half a region."""
    made: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".new-region-", dir=folder.parent))
        made.chmod(0o755)
        for name, text in texts.items():
            with (made / name).open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        if villages is not None:
            shutil.copyfile(villages.path, made / villages.file)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except OSError as error:
        raise _machine(folder, error) from None
    finally:
        if made is not None and made.exists():
            shutil.rmtree(made, ignore_errors=True)


def _machine(folder: Path, error: OSError) -> Machine:
    return Machine([Finding(
        "init-write", Severity.REFUSE, error.strerror or type(error).__name__, "a place where you may write",
        "Choose another folder, or free space; nothing was written.",
        "Choisissez un autre dossier, ou libérez de la place ; rien n'a été écrit.", str(folder),
    )])


def _said(folder: Path, frame: Frame, villages: _Villages | None) -> list[str]:
    zone = metric_crs(frame)
    lines = [f"{folder / 'catalog.toml'}: the layers, to fill in",
             f"{folder / 'README.md'}: what is missing and where it is published",
             f"frame {', '.join(f'{edge:g}' for edge in frame.as_tuple())}; computed in {zone.name}"]
    if villages is not None:
        lines.append(f"{folder / villages.file}: {villages.rows} villages")
        lines += [f"the villages' file lacks {column}" for column in villages.lacks]
    needed = [kind for kind, entry in _sources().items()
              if entry["need"] != "help" and not (kind == "villages" and villages is not None)]
    return [*lines, "still needed, by programme: " + ", ".join(needed)]
