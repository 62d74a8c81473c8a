"""The one door: what a file is, found out from its bytes before any driver sees it."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from gis_planner.layers.formats import FORMATS, Format, sniff
from gis_planner.layers.report import Report
from gis_planner.problems import shown

_KINDS = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe (FIFO)"), (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)
_HEAD_BYTES = 8192
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file that passed the gate: regular, of a readable format whose name fits its content, not too large."""

    path: Path
    name: str
    format: Format
    size: int
    sha256: str

    def data(self) -> bytes:
        """The whole content."""
        return self.path.read_bytes()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


def refuse_remote(path: str, report: Report) -> None:
    """Refuses a path that a driver would fetch from a network or open as a virtual file."""
    bare = path.casefold()
    if "://" in bare or bare.startswith("/vsi") or "\0" in bare or "/vsi" in bare.replace("\\", "/"):
        raise report.stop("path-remote", found=path, field="file")


def _look(path: Path, report: Report) -> os.stat_result:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise report.stop("file-missing", found=f"no file {shown(path.name)}", field="file") from None
    except PermissionError:
        raise report.stop("file-unreadable", found="no permission to look at it", field="file") from None
    except (OSError, ValueError) as error:
        loop = isinstance(error, OSError) and error.errno == errno.ELOOP
        raise report.stop("file-not-regular", field="file",
                          found="a link that leads to itself" if loop else str(error)) from None


def _check_regular(info: os.stat_result, report: Report) -> None:
    if not stat.S_ISREG(info.st_mode):
        what = next((word for test, word in _KINDS if test(info.st_mode)), "something that is not a file")
        raise report.stop("file-not-regular", found=what, field="file")
    if not info.st_mode & 0o444:
        raise report.stop("file-unreadable", found="permissions that let nobody read it", field="file")
    if info.st_size == 0:
        raise report.stop("file-empty", found="an empty file (0 bytes)", field="file")


def _head(path: Path, report: Report) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise report.stop("file-unreadable", found="no permission to read it", field="file") from None
    except OSError as error:
        raise report.stop("file-not-regular", found=str(error.strerror), field="file") from None
    with os.fdopen(handle, "rb") as file:
        _check_regular(os.fstat(handle), report)
        return file.read(_HEAD_BYTES)


def admit(path: Path, report: Report) -> Source:
    """The file as a `Source`; raises `Refused` when it is no regular file, too large, or not what its name says."""
    refuse_remote(os.fspath(path), report)
    info = _look(path, report)
    _check_regular(info, report)
    name, found = sniff(_head(path, report), path)
    suffix = "".join(path.suffixes[-2:]).lower() if path.name.lower().endswith(".osm.pbf") else path.suffix.lower()
    wanted = [form for form in FORMATS.values() if suffix in form.suffixes]
    if name not in FORMATS:
        raise report.stop("format-not-read", found=found, field="file", suffix=suffix or "(none)",
                          wanted=wanted[0].label if wanted else "a format that is read")
    form = FORMATS[name]
    if suffix not in form.suffixes:
        raise report.stop(
            "format-mismatch", found=f"{found} in a file named {suffix or 'without extension'}", field="file",
            wanted=wanted[0].label if wanted else form.label, suffixes=" or ".join(form.suffixes), is_=form.label,
        )
    if info.st_size > form.max_bytes:
        raise report.stop("file-too-large", found=f"{info.st_size / 1e6:,.0f} MB", field="file",
                          limit=f"{form.max_bytes / 1e6:,.0f} MB")
    return Source(path, report.file, form, info.st_size, digest(path))


def unchanged(source: Source, report: Report) -> None:
    """Refuses a file that was rewritten while it was read."""
    if digest(source.path) != source.sha256:
        raise report.stop("file-changed", found="another content than when reading began", field="file")
