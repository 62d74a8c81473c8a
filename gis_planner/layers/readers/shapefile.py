"""A Shapefile in a zip: its parts are written under fixed names to a folder of our own, then opened."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gis_planner.layers.gate import Source
from gis_planner.layers.raw import RawTable
from gis_planner.layers.readers import Ask
from gis_planner.layers.readers.archive import Archive
from gis_planner.layers.readers.gdal_vector import read_gdal
from gis_planner.layers.report import Report
from gis_planner.problems import shown

_NEEDED = (".shp", ".shx", ".dbf")
_MAGIC = b"\x00\x00\x27\x0a"


def _stem(archive: Archive, ask: Ask, report: Report) -> str:
    """The name, without extension, of the one Shapefile in the archive (or of the one that is named)."""
    names = [name for name in archive.members if not Path(name).name.startswith(("._", "."))]
    stems = sorted(name[:-4] for name in names if name.lower().endswith(".shp"))
    if ask.part:
        stems = [stem for stem in stems if Path(stem).name == ask.part] or stems
    if not stems:
        nested = next((name for name in names if name.lower().endswith(".zip")), "")
        raise report.stop("archive-part-missing", field="file", wanted="a .shp with its .shx, .dbf and .prj",
                          found=f"an archive inside the archive ({shown(nested)})" if nested else
                          "a zip without a .shp")
    if len(stems) > 1:
        named = [stem for stem in stems if Path(stem).name.casefold() == ask.kind]
        if len(named) != 1:
            raise report.stop("archive-several", field="file",
                              found=f"{len(stems)} layers: {', '.join(shown(Path(stem).name) for stem in stems[:8])}")
        stems = named
    return stems[0]


def _parts(archive: Archive, stem: str) -> dict[str, str]:
    return {name[len(stem):].lower(): name for name in archive.members
            if name.startswith(stem) and name[len(stem):].lower() in {*_NEEDED, ".prj", ".cpg"}}


def _encoding(dbf: bytes, cpg: bytes, report: Report) -> str:
    named = cpg.decode("ascii", "ignore").strip().upper().replace("_", "-")
    if named in {"UTF-8", "UTF8", "65001"}:
        return "UTF-8"
    if named in {"1252", "CP1252", "WINDOWS-1252", "ANSI 1252", "ISO-8859-1", "ISO 8859-1", "88591", "LATIN1"}:
        return "CP1252"
    start = int.from_bytes(dbf[8:10], "little")
    rows = dbf[start:]
    if rows.isascii():
        return "UTF-8"
    try:
        rows.decode("utf-8")
        guess = "UTF-8"
    except UnicodeDecodeError:
        guess = "CP1252"
    report.say("encoding-found", found=f"{guess}, for the archive has no .cpg that says it", field="encoding")
    return guess


def _same_count(content: dict[str, bytes], report: Report) -> None:
    """The parts hold the same number of rows, and the .shp is as long as it says."""
    shapes = (len(content[".shx"]) - 100) // 8
    rows = int.from_bytes(content[".dbf"][4:8], "little")
    declared = 2 * int.from_bytes(content[".shp"][24:28], "big")
    if shapes != rows or len(content[".shp"]) < declared:
        found = f"{shapes} geometries and {rows} rows" if shapes != rows else "a .shp that is cut off"
        raise report.stop("driver-failed", found=f"parts that do not fit together (corrupt): {found}", field="file",
                          wanted="Shapefile")


def read(source: Source, ask: Ask, report: Report) -> RawTable:
    """The features of a zipped Shapefile; the parts .shp, .shx and .dbf must be there, and .prj or a stated crs."""
    with Archive(source, report) as archive, tempfile.TemporaryDirectory() as folder:
        stem = _stem(archive, ask, report)
        parts = _parts(archive, stem)
        missing = [part for part in _NEEDED if part not in parts]
        if missing:
            raise report.stop("archive-part-missing", found=f"no {' and no '.join(missing)}", field="file",
                              wanted=".shp, .shx, .dbf and .prj together")
        content = {part: archive.read(name) for part, name in parts.items()}
        if not content[".shp"].startswith(_MAGIC):
            raise report.stop("driver-failed", found="a .shp that is no Shapefile (corrupt)", field="file",
                              wanted="Shapefile")
        _same_count(content, report)
        for part in (*_NEEDED, ".prj"):
            if part in content:
                (Path(folder) / f"layer{part}").write_bytes(content[part])
        encoding = _encoding(content[".dbf"], content.get(".cpg", b""), report)
        return read_gdal(Path(folder) / "layer.shp", "Shapefile", report, encoding)
