"""The whole plan on one command: seconds, memory, and the same bytes twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._common import ROOT, SHARED, write_results

SCENARIOS = ("baseline", "rainy-season", "half-budget", "new-camp", "real-records")


def run(scenario: str, out: Path) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one run in a process of its own (its largest process)."""
    begun = time.perf_counter()
    words = [sys.executable, "-m", "gis_planner.cli", "run", f"scenarios/{scenario}.toml", "--out", str(out)]
    child = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise RuntimeError(f"{scenario} ended with {status}")
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def main() -> None:
    """Run each shipped scenario, the baseline twice."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for scenario in SCENARIOS:
            if scenario == "real-records" and not (SHARED / "data").is_dir():
                rows.append({"scenario": scenario, "wall": "skipped: ../shared/data is absent"})
                continue
            out = Path(folder) / scenario
            wall_s, peak = run(scenario, out)
            files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
            report = (out / "report.html").stat().st_size / 1e6
            rows.append({"scenario": scenario, "wall": f"{wall_s:.0f} s", "peak memory": f"{peak:.0f} MB",
                         "files": len(files), "all files": f"{size:.1f} MB", "report.html": f"{report:.2f} MB"})
            print(rows[-1], flush=True)
        run("baseline", Path(folder) / "again")
        one, two = ((Path(folder) / name / "manifest.json").read_bytes() for name in ("baseline", "again"))
    note = f"The baseline twice: manifests {'equal, byte for byte' if one == two else 'DIFFER'}."
    write_results("plan", "The whole plan, one command, every output", rows, note)


if __name__ == "__main__":
    main()
