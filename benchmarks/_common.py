"""Where data lies, how time is taken and how RESULTS.md is written."""

from __future__ import annotations

import datetime
import os
import platform
import re
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
HEAD = "# Results\n\nWritten by `make bench`; each table is dated and says on what machine it was measured.\n"


@dataclass
class Clock:
    """Wall and CPU seconds of one timed block."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def clock() -> Iterator[Clock]:
    """Time a block: `with clock() as took: ...; took.wall_s`."""
    took = Clock()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield took
    finally:
        took.wall_s, took.cpu_s = time.perf_counter() - wall, time.process_time() - cpu


def peak_mb() -> float:
    """Peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """The machine's size in a few words."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{os.cpu_count()} cores, {pages * size / 2**30:.0f} GiB, Python {platform.python_version()}"


def write_results(name: str, title: str, rows: Sequence[Mapping[str, object]], note: str = "") -> None:
    """Replace the section of benchmark `name` in RESULTS.md by a dated table (one dict per row, same keys)."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    table += ["| " + " | ".join(str(row.get(column, "")) for column in columns) + " |" for row in rows]
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    body = f"## {title}\n\n`make bench NAME={name}`, {today}, {machine()}.\n\n" + "\n".join(table) + "\n"
    body += f"\n{note.strip()}\n" if note.strip() else ""
    section = f"<!-- {name} -->\n{body}<!-- /{name} -->\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    old = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- /{re.escape(name)} -->\n", re.DOTALL)
    text = old.sub(lambda _: section, text) if old.search(text) else f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")
    print(section)
