"""One layer file checked: through the gate, read, mapped, converted, located, judged. Bad data never raises."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pyproj import CRS

from gis_planner.crs import Frame
from gis_planner.layers.build import build
from gis_planner.layers.checks.rules import run_rules
from gis_planner.layers.columns import fill
from gis_planner.layers.gate import Source, admit, unchanged
from gis_planner.layers.guard import guard
from gis_planner.layers.mapping import Wanted, map_columns, score
from gis_planner.layers.place import locate
from gis_planner.layers.policy import strict, weigh
from gis_planner.layers.readers import Ask, read_table
from gis_planner.layers.readers.crs_name import crs_of
from gis_planner.layers.report import MAX_FINDINGS, Report, codes
from gis_planner.layers.summary import of_raster, of_table
from gis_planner.layers.work import Work
from gis_planner.problems import Problems, Stop, nearest
from gis_planner.tables.column import Origin, Table
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.layer import Layer
from gis_planner.tables.plan import LayerUsed


@dataclass(frozen=True)
class Given:
    """What the catalogue says of a layer beyond its file; a file that is checked alone has none of it."""

    key: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    crs: str = ""
    part: str = ""
    origin: Origin = Origin.OBSERVED
    licence: str = ""
    source: str = ""
    date: str = ""
    note: str = ""
    file: str = ""


@dataclass
class CheckResult:
    """problems: what was found. layer: the checked layer, None when refused. summary: what was read, in figures."""

    problems: Problems
    layer: Layer | None
    summary: dict[str, object]

    def as_json(self) -> dict[str, object]:
        """`{"status": "accept" | "repair" | "refuse", "findings": [...], "summary": {...}}`."""
        return {
            "status": self.problems.status, "findings": [finding.as_dict() for finding in self.problems],
            "summary": self.summary,
        }


def check_file(
    path: Path, kind: str, *, frame: Frame, given: Given | None = None, max_findings: int = MAX_FINDINGS,
    off: Collection[str] = (),
) -> CheckResult:
    """Everything wrong in one file of a layer, at once.

    kind: a key of `tables.inputs.INPUTS`. frame: degrees, where the layer must lie. given: what the catalogue says.
    max_findings: of one code; the rest is counted. off: rules and codes switched off (tests use it). Nothing raises
    for bad data; the status is in `problems`.
    """
    table = INPUTS.get(kind)
    report = Report(given.file if given and given.file else path.name, strict=table is not None and strict(table),
                    max_findings=max_findings, off=off)
    summary: dict[str, object] = {"kind": kind, "file": path.name}
    layer = None
    try:
        if table is None:
            raise report.stop("kind-unknown", found=kind, field="--as", near=nearest(kind, INPUTS) or "",
                              kinds=", ".join(INPUTS))
        with _no_collector():
            layer = _check(path, table, frame, given or Given(), given is None, report, summary)
    except Stop as stop:
        report.problems.extend(stop.findings)
    except RecursionError:
        report.say("too-deep", found="structures nested too deeply to read")
    except MemoryError:
        report.say("too-large-to-read", found="a file that needs more memory than there is")
    problems = report.close()
    if problems.status == "refuse":
        layer = None
    return CheckResult(problems, layer, {**summary, "status": problems.status})


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the cycle collector, which would walk millions of cells again and again: time grows linearly."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _check(
    path: Path, table: Table, frame: Frame, given: Given, alone: bool, report: Report, summary: dict[str, object]
) -> Layer:
    source = admit(path, report)
    summary.update(format=source.format.label, sha256=source.sha256, bytes=source.size)
    crs = crs_of(given.crs, report) if given.crs else None
    if source.format.raster != (table.geometry == "raster"):
        raise report.stop("format-for-kind", found=source.format.label, field="file", kind=table.name,
                          wanted="GeoTIFF" if table.geometry == "raster" else "a table such as CSV or GeoJSON")
    if source.format.raster:
        return _raster(source, table, frame, given, crs, report, summary)
    ask = Ask(table.name, lambda heads: score(heads, table), given.part)
    raw = read_table(source, ask, report)
    unchanged(source, report)
    mapping = map_columns(raw, table, given.wanted, report)
    work = Work(table, raw, mapping, given.wanted, frame, report, alone, summary=summary)
    _judge(work, crs)
    of_table(work)
    rows = build(work) if report.problems.status != "refuse" else None
    return Layer(table.name, _used(given, source, table, int(work.kept.sum()), int(work.doubtful.sum())), frame=rows)


def _judge(work: Work, crs: CRS | None) -> None:
    _reader_faults(work)
    work.settle()
    fill(work)
    locate(work, crs)
    work.settle()
    guard(work)
    work.settle()
    run_rules(work, work.report.off)
    weigh(work)


def _reader_faults(work: Work) -> None:
    key = work.mapping.columns.get(work.table.key)
    if key:
        cells = work.raw.columns[key]
        work.values[work.table.key] = np.array([cell.strip() or None for cell in cells], dtype=object)
    by: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for fault in work.raw.faults:
        by.setdefault((fault.code, fault.field), []).append((fault.index, fault.found))
    for (code, column), listed in by.items():
        if codes()[code].severity == "row" and work.table.geometry == "none" and column == "geometry":
            continue
        work.rows(code, listed, field=column)


def _raster(
    source: Source, table: Table, frame: Frame, given: Given, crs: CRS | None, report: Report,
    summary: dict[str, object],
) -> Layer:
    from gis_planner.layers.checks.raster_rules import RasterWork, run_raster_rules
    from gis_planner.layers.rasters import read

    raw = read(source, table.name, frame, crs, report)
    work = RasterWork(table, raw, frame, report)
    run_raster_rules(work, report.off)
    of_raster(work, summary)
    known = int(np.isfinite(raw.raster.values).sum())
    return Layer(table.name, _used(given, source, table, known, raw.raster.values.size - known), raster=raw.raster)


def _used(given: Given, source: Source, table: Table, rows: int, aside: int) -> LayerUsed:
    return LayerUsed(
        name=given.key or table.name, kind=table.name, file=given.file or source.path.name, licence=given.licence,
        source=given.source, date=given.date, origin=given.origin, sha256=source.sha256, rows=rows,
        set_aside=0 if table.geometry == "raster" else aside, note=given.note,
    )

