"""What is installed, what is missing, how to mend it."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import shutil
import sys
from pathlib import Path

_WORDS = {
    "en": ("missing", "run `make plan` again, or `python -m pip install -e .`", "free disk", "Python"),
    "fr": ("absent", "relancez `make plan`, ou `python -m pip install -e .`", "disque libre", "Python"),
}


def examine(lang: str = "en") -> tuple[list[str], bool]:
    """One line per thing looked at, and whether everything needed is there."""
    missing, mend, disk, python = _WORDS[lang]
    version = ".".join(str(part) for part in sys.version_info[:3])
    lines, sound = [f"{python} {version}"], sys.version_info >= (3, 11)
    for requirement in metadata.requires("gis-planner") or []:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name}: {missing}; {mend}")
            sound = False
    lines.append(f"{disk}: {shutil.disk_usage(Path.cwd()).free / 2**30:.1f} GiB")
    return lines, sound
