"""The formats that are read, and how each is known by its first bytes (never by its name alone)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """One readable format: name, words for people, the extensions it may carry, the largest file, table or raster."""

    name: str
    label: str
    suffixes: tuple[str, ...]
    max_bytes: int = 1000 * _MB
    raster: bool = False


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("csv", "CSV text", (".csv", ".txt", ".tsv")),
        Format("xlsx", "Excel workbook (xlsx)", (".xlsx",), 100 * _MB),
        Format("geojson", "GeoJSON", (".geojson", ".json", ".geojsonl", ".ndjson"), 300 * _MB),
        Format("geopackage", "GeoPackage", (".gpkg",), 2000 * _MB),
        Format("shapefile", "Shapefile in a zip", (".zip", ".shz"), 500 * _MB),
        Format("flatgeobuf", "FlatGeobuf", (".fgb",)),
        Format("geoparquet", "GeoParquet", (".parquet", ".geoparquet")),
        Format("kml", "KML", (".kml",), 200 * _MB),
        Format("kmz", "KMZ", (".kmz",), 100 * _MB),
        Format("gpx", "GPX", (".gpx",), 200 * _MB),
        Format("geotiff", "GeoTIFF", (".tif", ".tiff"), 4000 * _MB, raster=True),
        Format("osm_pbf", "OpenStreetMap extract", (".pbf", ".osm.pbf"), 2000 * _MB),
    )
}

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"SQLite format 3\0", "geopackage", "an SQLite database"),
    (b"fgb\x03", "flatgeobuf", "FlatGeobuf"),
    (b"PAR1", "geoparquet", "Parquet"),
    (b"II*\0", "geotiff", "TIFF"), (b"MM\0*", "geotiff", "TIFF"),
    (b"II+\0", "geotiff", "BigTIFF"), (b"MM\0+", "geotiff", "BigTIFF"),
    (b"\xd0\xcf\x11\xe0", "ole", "an old Excel file (.xls) or a workbook locked by a password"),
    (b"\0\0\x27\x0a", "shp", "one part of a Shapefile, without its other parts"),
    (b"\x89PNG", "png", "a PNG picture"), (b"\xff\xd8\xff", "jpeg", "a JPEG picture"),
    (b"GIF8", "gif", "a GIF picture"),
    (b"BM", "bmp", "a BMP picture"), (b"%PDF", "pdf", "a PDF"), (b"\x1f\x8b", "gzip", "a gzip archive"),
    (b"Rar!", "rar", "a RAR archive"), (b"7z\xbc\xaf", "7z", "a 7z archive"), (b"BZh", "bzip2", "a bzip2 archive"),
    (b"\xfd7zXZ", "xz", "an xz archive"), (b"CDF", "netcdf", "NetCDF"), (b"\x89HDF", "hdf", "HDF5"),
    (b"\x7fELF", "program", "a program"), (b"MZ", "program", "a program"), (b"\x80\x04", "pickle", "a Python pickle"),
    (b"\x80\x05", "pickle", "a Python pickle"), (b"\0asm", "program", "a program"),
    (b"version https://git-lfs", "lfs", "a Git LFS pointer (a note about a file) in place of the data"),
)
_LETTERS = frozenset({b"BM", b"MZ", b"CDF", b"BZh"})
"""Magic bytes that a line of plain text may begin with."""
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_NOT_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?[^>]*>", re.DOTALL | re.IGNORECASE)
_XML = {
    "kml": ("kml", "KML"), "gpx": ("gpx", "GPX"), "vrtdataset": ("vrt", "a GDAL virtual raster (VRT), not a GeoTIFF"),
    "ogrvrtdatasource": ("vrt", "an OGR virtual layer (VRT)"), "html": ("html", "an HTML web page"),
    "osm": ("osm", "OpenStreetMap XML"), "gdal_wms": ("vrt", "a GDAL web service description"),
    "workbook": ("xml", "an XML spreadsheet"),
}


def _of_zip(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()[:5000]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        suffix = path.suffix.lower()
        if suffix == ".xlsx":
            return "xlsx", "a damaged Excel workbook (xlsx)"
        return ("kmz", "a damaged KMZ") if suffix == ".kmz" else ("shapefile", "a damaged zip archive")
    if "xl/workbook.xml" in names:
        return "xlsx", "an Excel workbook (xlsx)"
    if "xl/workbook.bin" in names:
        return "xlsb", "a binary Excel workbook (xlsb)"
    if "content.xml" in names and "mimetype" in names:
        return "ods", "an OpenDocument spreadsheet (ods)"
    if "word/document.xml" in names:
        return "docx", "a Word document"
    if any(name.endswith(".shp") for name in names):
        return "shapefile", "a zip archive with a Shapefile"
    if any(name.endswith(".kml") for name in names):
        return "kmz", "KMZ"
    if path.suffix.lower() in {".xlsx", ".kmz"}:
        return "zip", f"a zip archive that is no {'Excel workbook' if path.suffix.lower() == '.xlsx' else 'KMZ'}"
    return ("shapefile", "a zip archive without a Shapefile") if path.suffix.lower() in {".zip", ".shz"} else (
        "zip", "a zip archive")


def _of_text(text: str) -> tuple[str, str]:
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        lower = text[:500].lower()
        if lower.startswith("<!doctype html"):
            return "html", "an HTML web page"
        root = _ROOT.search(_NOT_ROOT.sub("", text))
        if root is None and "<!doctype" in lower:
            word = re.search(r"<!doctype\s+([\w.-]+)", lower)
            return _XML.get(word.group(1) if word else "", ("xml", "XML with a DOCTYPE"))
        tag = root.group(2).lower() if root else ""
        if tag in _XML:
            return _XML[tag]
        if tag in {"table", "body", "head", "div", "meta", "script", "style"}:
            return "html", "an HTML web page"
        if "<?xml" in lower or root:
            return "xml", f"XML ({tag or 'no root'})"
    if text.startswith(("{", "[", "\x1e")):
        return "geojson", "JSON"
    return "csv", "plain text"


def sniff(head: bytes, path: Path) -> tuple[str, str]:
    """(name of the format, what it is in words) from the first bytes; a name outside FORMATS is not read."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(path)
    if head[4:15] == b"\x0a\x09OSMHeader":
        return "osm_pbf", "an OpenStreetMap extract"
    plain = head.isascii() and b"\0" not in head
    for magic, name, words in _MAGIC:
        if head.startswith(magic) and not (plain and magic in _LETTERS):
            return name, words
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(bom):
            return _of_text(head[2:].decode(encoding, "replace"))
    if head[1:2] == b"\0" or head[0:1] == b"\0":
        return _of_text(head.replace(b"\0", b"").decode("latin-1"))
    return _of_text(head.decode("utf-8", "replace"))
