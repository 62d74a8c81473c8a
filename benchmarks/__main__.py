"""Run every benchmark, or those named: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import importlib
import runpy
import sys
import time
from pathlib import Path


def names() -> list[str]:
    """Benchmarks by name, in order."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(wanted: list[str]) -> int:
    """Run them one after another; the number that failed."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    failed = 0
    for name in wanted or names():
        print(f"== {name}", flush=True)
        begun = time.perf_counter()
        try:
            importlib.invalidate_caches()
            runpy.run_module(f"benchmarks.{name}", run_name="__main__")
        except SystemExit as end:
            failed += bool(end.code)
        except Exception as error:
            print(f"{name} failed: {type(error).__name__}: {error}", flush=True)
            failed += 1
        print(f"== {name}: {time.perf_counter() - begun:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
