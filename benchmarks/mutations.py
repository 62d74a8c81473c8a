"""Seeded mutations (bytes, lines, cells) of the legitimate files: does any end in a traceback, a hang or a crash?

Run: python -m benchmarks.mutations [NUMBER] [SEED]
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks._common import SHARED, write_results
from gis_planner.layers.check import check_file
from gis_planner.layers.frames import DEFAULT_FRAME

SECONDS = 10.0
_NASTY = (
    "", " ", "0", "-1", "1e400", "NaN", "inf", "-999", "1,5", "1.250", "1 250", "'", '"', "=1+1", "\x00", "é", "\ufeff",
    "2024-02-30", "31/12/99", "9" * 400, "TOTAL", "null", "{}", "[", "<a>", "\u202e", "\ud7ff", "12°00'15\"N", "12,-7",
)
_KINDS = {"points": "breeding_sites"}


def _flip(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _cut(data: bytearray, rng: random.Random) -> bytes:
    return bytes(data[: rng.randrange(len(data))])


def _remove(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    del data[start: start + rng.choice((1, 2, 7, 100))]
    return bytes(data)


def _insert(data: bytearray, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    data[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 4, 40))))
    return bytes(data)


def _repeat(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start: start + rng.choice((3, 30, 300))]
    data[start:start] = piece
    return bytes(data)


def _lines(data: bytearray, rng: random.Random) -> bytes:
    lines = bytes(data).split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    act = rng.randrange(4)
    if act == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif act == 1:
        del lines[one]
    elif act == 2:
        lines.insert(one, lines[two])
    else:
        lines[one] = lines[one][: len(lines[one]) // 2]
    return b"\n".join(lines)


def _cells(data: bytearray, rng: random.Random) -> bytes:
    text = bytes(data).decode("utf-8", "replace")
    marks = [i for i, char in enumerate(text) if char in ",:;\n<>\""]
    if len(marks) < 2:
        return _flip(data, rng)
    at = rng.randrange(len(marks) - 1)
    return (text[: marks[at] + 1] + rng.choice(_NASTY) + text[marks[at + 1]:]).encode("utf-8", "replace")


_MUTATIONS: tuple[Callable[[bytearray, random.Random], bytes], ...] = (
    _flip, _cut, _remove, _insert, _repeat, _lines, _cells, _cells,
)


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One mutation of a file."""
    return rng.choice(_MUTATIONS)(bytearray(data), rng)


def _child(path: Path, kind: str, write: int) -> None:
    """Check in a child process; one line of answer through the pipe."""
    try:
        result = check_file(path, kind, frame=DEFAULT_FRAME)
        status = result.problems.status
        loud = bool(len(result.problems))
        os.write(write, f"{status} {'loud' if loud else 'silent'}".encode())
    except BaseException as error:
        os.write(write, f"traceback {type(error).__name__}: {error}"[:400].encode("utf-8", "replace"))
    os._exit(0)


def run_child(path: Path, kind: str) -> str:
    """The answer of one check in a forked child: its status, `traceback ...`, `hang` or `crash`."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(path, kind, write)
    os.close(write)
    ready, _, _ = select.select([read], [], [], SECONDS)
    answer = os.read(read, 1000).decode("utf-8", "replace") if ready else "hang"
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.close(read)
    os.waitpid(child, 0)
    return answer or "crash"


def main(number: int, seed: int) -> int:
    root = SHARED / "hostile" / "good"
    if not root.is_dir():
        print("../shared/hostile is absent: nothing to measure")
        return 0
    files = sorted(path for path in root.iterdir() if path.is_file())
    for path in files:
        check_file(path, _KINDS.get(path.stem, path.stem), frame=DEFAULT_FRAME)
    rng = random.Random(seed)  # noqa: S311
    counts: Counter[str] = Counter()
    bad: list[str] = []
    slowest = 0.0
    folder = Path(tempfile.mkdtemp())
    started = time.perf_counter()
    for turn in range(number):
        good = files[turn % len(files)]
        path = folder / good.name
        path.write_bytes(mutate(good.read_bytes(), rng))
        before = time.perf_counter()
        answer = run_child(path, _KINDS.get(good.stem, good.stem))
        slowest = max(slowest, time.perf_counter() - before)
        word = answer.split()[0]
        counts["accept without a word" if answer == "accept silent" else word] += 1
        if word in {"traceback", "hang", "crash"}:
            bad.append(f"{turn} {good.name}: {answer}")
            shutil.copy(path, Path(tempfile.gettempdir()) / f"mutation-{seed}-{turn}-{good.name}")
            print(bad[-1], flush=True)
        if (turn + 1) % 1000 == 0:
            print(f"{turn + 1} {dict(counts)} {time.perf_counter() - started:.0f} s", flush=True)
    shutil.rmtree(folder)
    rows: list[dict[str, object]] = [{"what": "mutations", "count": number}]
    rows += [{"what": what, "count": counts[what]} for what in (
        "refuse", "repair", "accept", "accept without a word", "traceback", "hang", "crash")]
    rows.append({"what": "slowest, s", "count": f"{slowest:.2f}"})
    if number >= 10_000:
        write_results("mutations", f"Seeded mutations of {len(files)} legitimate files", rows,
                      "One forked process each. `accept without a word` are mutations that leave a plausible file "
                      "(a changed digit inside the limits, a letter of a name, bytes that nothing reads).")
    else:
        print(rows)
    return len(bad)


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    sys.exit(min(1, main(arguments[0] if arguments else 10_000, arguments[1] if len(arguments) > 1 else 1)))
