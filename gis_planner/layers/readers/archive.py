"""Zip archives read in place: members by name, with limits on number, size and ratio; nothing is unpacked by path."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import PurePosixPath

from gis_planner.layers.gate import Source
from gis_planner.layers.report import Report
from gis_planner.problems import shown

MAX_MEMBERS = 5000
MAX_MEMBER_BYTES = 256_000_000
MAX_RATIO = 300
_RATIO_FROM_BYTES = 4_000_000
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """An open archive whose directory was found safe."""

    def __init__(self, source: Source, report: Report) -> None:
        self._report, self._label = report, source.format.label
        try:
            self._zip = zipfile.ZipFile(source.path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise report.stop("archive-damaged", found=f"a damaged or truncated {self._label} (zip: {error})",
                              field="file", wanted=self._label) from None
        self.members = self._safe()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _safe(self) -> dict[str, zipfile.ZipInfo]:
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._unsafe(f"{len(members):,} members")
        names: dict[str, zipfile.ZipInfo] = {}
        for info in members:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in info.filename or "\0" in info.filename:
                raise self._unsafe(f"a member that leads out of the archive: {shown(info.filename)}")
            if info.flag_bits & _ENCRYPTED:
                raise self._unsafe(f"a member locked by a password: {shown(info.filename)}")
            if info.filename in names:
                raise self._unsafe(f"two members of one name: {shown(info.filename)}")
            names[info.filename] = info
        return names

    def _unsafe(self, found: str) -> Exception:
        return self._report.stop("archive-unsafe", found=found, field="file", wanted=self._label)

    def size(self, name: str) -> int:
        """Declared size of a member, in bytes."""
        return self.members[name].file_size

    def read(self, name: str, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """The content of a member; raises `Refused` past `limit`, when it swells too much, or when it is damaged."""
        info = self.members[name]
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > limit or (info.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO):
            raise self._unsafe(f"{shown(info.filename)} swells to {info.file_size / 1e6:,.0f} MB "
                               f"({ratio:,.0f} times its size)")
        try:
            with self._zip.open(info) as member:
                data = member.read(limit + 1)
        except _DAMAGE as error:
            raise self._report.stop("archive-damaged", field="file", wanted=self._label,
                                    found=f"a damaged member {shown(info.filename)} ({error})") from None
        if len(data) > limit:
            raise self._unsafe(f"{shown(info.filename)} holds more than it declares")
        return data
