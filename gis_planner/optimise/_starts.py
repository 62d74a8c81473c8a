"""Several independent pieces of work in processes of their own, with the same answers on any number of cores.

Each process is a fresh interpreter that runs `python -m gis_planner.optimise._starts`, reads pickled calls from its
standard input and writes pickled answers to its standard output: nothing of the caller's program is imported or
forked, so it works from a script, a notebook or a test alike, on every system.
"""

from __future__ import annotations

import contextlib
import os
import pickle  # the pickles pass only between this program and its own children
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Call = tuple[Callable[..., Any], tuple[Any, ...]]
ROOT = Path(__file__).resolve().parents[2]


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(calls: Sequence[Call], workers: int | None = None) -> list[Any]:
    """Answers of `function(*arguments)` in the order of `calls`; raises what the first failing call raised.

    workers: processes at once, by default one per core. With one worker, or no interpreter to start, all is done here.
    """
    wanted = min(len(calls), cores() if workers is None else workers)
    if wanted <= 1 or not sys.executable:
        return [function(*arguments) for function, arguments in calls]
    shares = [list(range(k, len(calls), wanted)) for k in range(wanted)]
    children = []
    try:
        for share in shares[1:]:
            child = _start()
            children.append(child)
            pickle.dump([calls[k] for k in share], _open(child.stdin))
            _open(child.stdin).close()
        answers: dict[int, Any] = {k: calls[k][0](*calls[k][1]) for k in shares[0]}
        for share, child in zip(shares[1:], children, strict=True):
            answers.update(zip(share, _collect(child), strict=True))
    finally:
        for child in children:
            _end(child)
    return [answers[k] for k in range(len(calls))]


def _start() -> subprocess.Popen[bytes]:
    paths = [str(ROOT), *(path for path in [os.environ.get("PYTHONPATH")] if path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.Popen([sys.executable, "-m", "gis_planner.optimise._starts"], env=environment,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _open(stream: Any) -> Any:
    return stream


def _collect(child: subprocess.Popen[bytes]) -> list[Any]:
    answers, problem = pickle.load(_open(child.stdout))  # noqa: S301
    if problem is not None:
        raise problem
    return list(answers)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill() if sys.exc_info()[0] else None
    for stream in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            _open(stream).close()
    child.wait()


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def main() -> None:
    """Answer the calls on standard input; anything printed meanwhile goes to standard error."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    answers_to = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    calls: list[Call] = pickle.load(sys.stdin.buffer)  # noqa: S301
    answers, problem = [], None
    try:
        answers = [function(*arguments) for function, arguments in calls]
    except Exception as error:  # handed to the caller, who raises it
        problem = error
    pickle.dump((answers, problem), answers_to)
    answers_to.close()


if __name__ == "__main__":
    main()
