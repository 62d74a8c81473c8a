"""The one door: special files, sizes, archives and disguises are refused before any driver sees them."""

from __future__ import annotations

import dataclasses
import os
import zipfile
from pathlib import Path

import pytest
from layer_specimens import FRAME, HEAD, ROWS, archive, geopackage, people, raster, sheet_rows, text, villages, workbook

from gis_planner.layers import formats, gate
from gis_planner.layers.check import check_file
from gis_planner.layers.readers import geopackage as geopackage_reader
from gis_planner.layers.report import Report
from gis_planner.problems import Refused


def _codes(path: Path, kind: str = "villages") -> list[str]:
    return [finding.code for finding in check_file(path, kind, frame=FRAME).problems]


@pytest.mark.parametrize("path", ["/vsicurl/http://127.0.0.1/a.csv", "http://127.0.0.1/a.csv", "/vsizip/a.zip/b.csv"])
def test_nothing_is_fetched(path: str) -> None:
    """An address or a virtual path is never opened."""
    with pytest.raises(Refused, match="path-remote"):
        gate.refuse_remote(path, Report("a"))
    assert _codes(Path(path))[0] in {"path-remote", "file-missing"}


def test_folder_loop_and_broken_link(tmp_path: Path) -> None:
    """A folder, a link to itself and a link to nothing are no files."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "broken.csv").symlink_to(tmp_path / "nothing.csv")
    assert _codes(tmp_path / "folder.csv") == ["file-not-regular"]
    assert _codes(tmp_path / "loop.csv") == ["file-not-regular"]
    assert _codes(tmp_path / "broken.csv") == ["file-missing"]
    assert _codes(Path("/dev/zero")) == ["file-not-regular"]


@pytest.mark.parametrize("name", ["a\nb.csv", "--help.csv", "é 'quoted'.csv", "a;b.CSV"])
def test_odd_names_are_names(name: str, tmp_path: Path) -> None:
    """A file of an odd name is read like any other."""
    path = villages()(tmp_path)
    path.rename(tmp_path / name)
    assert check_file(tmp_path / name, "villages", frame=FRAME).problems.status == "accept"


def test_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    """A link to an ordinary file is followed."""
    villages()(tmp_path)
    (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")
    assert _codes(tmp_path / "link.csv") == []


def test_size_is_judged_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the size of its format is refused with both sizes."""
    small = dataclasses.replace(formats.FORMATS["csv"], max_bytes=100)
    monkeypatch.setitem(formats.FORMATS, "csv", small)
    assert _codes(villages()(tmp_path)) == ["file-too-large"]


def test_file_rewritten_while_it_is_read(tmp_path: Path) -> None:
    """A file whose content changes between the first look and the last is refused."""
    path = villages()(tmp_path)
    source = gate.admit(path, Report("file.csv"))
    path.write_text(HEAD)
    with pytest.raises(Refused, match="file-changed"):
        gate.unchanged(source, Report("file.csv"))


@pytest.mark.parametrize(("name", "data", "word"), [
    ("a.tif", b"<VRTDataset rasterXSize='1'/>", "VRT"), ("a.geojson", b"<OGRVRTDataSource/>", "VRT"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"), ("a.tif", b"\x89PNG\r\n\x1a\n", "PNG"),
    ("a.csv", b"version https://git-lfs.github.com/spec/v1\n", "LFS"), ("a.csv", b"<!DOCTYPE html><html>", "HTML"),
    ("a.csv", b"\x1f\x8b\x08", "gzip"),
    ("a.shp", b"\0\0\x27\x0a" + b"\0" * 96, "Shapefile"), ("a.csv", b"%PDF-1.7", "PDF"),
])
def test_disguise_is_named(name: str, data: bytes, word: str, tmp_path: Path) -> None:
    """A file that is not what its name says is refused, and what it is is said."""
    kind = "population" if name.endswith("tif") else "villages"
    (finding,) = check_file(text(name, data)(tmp_path), kind, frame=FRAME).problems
    assert word in finding.found
    assert finding.remedy


def test_content_of_another_format_is_refused(tmp_path: Path) -> None:
    """A workbook called .csv is not read as something else in silence."""
    path = workbook(sheet_rows())(tmp_path)
    path.rename(tmp_path / "a.csv")
    assert _codes(tmp_path / "a.csv") == ["format-mismatch"]


@pytest.mark.parametrize("members", [
    {"../doc.kml": b"<kml/>"}, {"/doc.kml": b"<kml/>"}, {"c:doc.kml": b"<kml/>"}, {"a/../../doc.kml": b"<kml/>"},
    {"doc.kml": b" " * 6_000_000},
])
def test_unsafe_archives(members: dict[str, bytes], tmp_path: Path) -> None:
    """A member that leads out of the archive, or swells beyond measure, refuses it; nothing is unpacked."""
    assert _codes(archive(members, "a.kmz")(tmp_path), "breeding_sites") == ["archive-unsafe"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.kmz"]


def test_entities_in_a_workbook(tmp_path: Path) -> None:
    """A DTD anywhere in a workbook refuses it before it is parsed."""
    path = workbook(sheet_rows())(tmp_path)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + data
            new.writestr(name, data)
    assert _codes(bomb) == ["xml-unsafe"]


def test_endless_read_of_a_database_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes too long is refused at the time limit."""
    monkeypatch.setattr(geopackage_reader, "_SECONDS", -1.0)
    path = geopackage("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 40000) "
                      "INSERT INTO villages (village_id) SELECT x FROM c")(tmp_path)
    assert _codes(path) == ["database-slow"]


def test_the_input_is_never_written(tmp_path: Path) -> None:
    """Checking changes no byte of a file and leaves nothing beside it."""
    for make, kind in ((villages(), "villages"), (geopackage(), "villages"), (raster(people()), "population")):
        path = make(tmp_path)
        before = path.read_bytes()
        check_file(path, kind, frame=FRAME)
        assert path.read_bytes() == before
        assert [item.name for item in tmp_path.iterdir()] == [path.name]
        path.unlink()


def test_pipe_does_not_block(tmp_path: Path) -> None:
    """A pipe that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "a.csv")
    assert _codes(tmp_path / "a.csv") == ["file-not-regular"]


def test_unreadable_rows_are_not_lost() -> None:
    """The five villages of these tests hold 5,620 people."""
    assert sum(int(row.split(",")[3]) for row in ROWS) == 332 + 623 + 923 + 1328 + 2414 == 5620
