"""Every file of the hostile collection through `gis-planner check`: what it says, how long it takes, how much memory.

Run: python -m benchmarks.hostile [ID ...]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._common import SHARED, write_results

FRAME = "-8.8,11.2,-7.0,12.8"
SECONDS, MEGABYTES = 10.0, 512.0
_WORDS = {"accept": "accept", "repair": "repair-and-warn", "refuse": "refuse"}
_GOOD_KINDS = {"points": "breeding_sites"}


def entries(root: Path) -> list[dict[str, Any]]:
    """The cases of the manifest and the legitimate files they differ from."""
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    good = [
        {"id": f"good {Path(name).name}", "layer": _GOOD_KINDS.get(Path(name).stem, Path(name).stem), "file": name,
         "expected": "accept", "wrong": "nothing"} for name in manifest["good"]
    ]
    return good + list(manifest["entries"])


def run_one(file: Path, kind: str) -> dict[str, Any]:
    """One `check` in a process of its own: answer, exit status, seconds, peak memory in MB, error output."""
    command = [sys.executable, "-m", "gis_planner.cli", "check", os.fspath(file), "--as", kind, f"--frame={FRAME}",
               "--json"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(["timeout", "-s", "KILL", "60", *command], stdout=out, stderr=err, preexec_fn=_limit)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, error = out.read(), err.read().decode("utf-8", "replace")
    try:
        answer = json.loads(text)
    except ValueError:
        answer = {"status": "none", "findings": []}
    cpu = usage.ru_utime + usage.ru_stime
    return {"answer": answer, "exit": process.returncode, "seconds": took, "cpu": cpu, "error": error,
            "peak_mb": usage.ru_maxrss / 1024}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def judge(entry: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """What is wrong with an answer; empty when it is as the manifest wants."""
    answer, faults = result["answer"], []
    status = _WORDS.get(answer["status"], answer["status"])
    if "Traceback" in result["error"] or answer["status"] == "none":
        faults.append("traceback or no answer")
    if status != entry["expected"] and status not in entry.get("also_ok", []):
        faults.append(f"{status} instead of {entry['expected']}")
    if (result["exit"] == 2) != (status == "refuse"):
        faults.append(f"exit status {result['exit']}")
    text = json.dumps(answer, ensure_ascii=False).casefold()
    if status != "accept":
        faults += [f"no word of {words}" for words in entry.get("mention", [])
                   if not any(word.casefold() in text for word in words)]
    if status == "refuse":
        faults += ["a refusal without place or remedy" for finding in answer["findings"]
                   if finding["severity"] == "refuse" and not (
                       finding["remedy"] and finding["file"] and (finding["row"] or finding["field"]))][:1]
    if result["seconds"] > SECONDS:
        faults.append(f"{result['seconds']:.1f} s")
    if result["peak_mb"] > MEGABYTES:
        faults.append(f"{result['peak_mb']:.0f} MB")
    return faults


def main(only: list[str]) -> int:
    root = SHARED / "hostile"
    if not root.is_dir():
        print("../shared/hostile is absent: nothing to measure")
        return 0
    counts = {"cases": 0, "tracebacks": 0, "silent acceptances": 0, "hangs > 10 s": 0, "over 512 MiB": 0,
              "legitimate refused": 0, "wrong class or words": 0}
    slowest, largest, busiest = 0.0, 0.0, 0.0
    for entry in entries(root):
        if only and entry["id"] not in only:
            continue
        file = root / entry["file"]
        before = file.stat().st_mtime_ns
        result = run_one(file, entry["layer"])
        faults = judge(entry, result)
        status = _WORDS.get(result["answer"]["status"], "none")
        counts["cases"] += 1
        counts["tracebacks"] += "Traceback" in result["error"] or status == "none"
        allowed = {entry["expected"], *entry.get("also_ok", [])}
        counts["silent acceptances"] += status == "accept" and "accept" not in allowed
        counts["hangs > 10 s"] += result["seconds"] > SECONDS
        counts["over 512 MiB"] += result["peak_mb"] > MEGABYTES
        counts["legitimate refused"] += entry["expected"] == "accept" and status == "refuse"
        counts["wrong class or words"] += bool(faults)
        slowest, largest = max(slowest, result["seconds"]), max(largest, result["peak_mb"])
        busiest = max(busiest, result["cpu"])
        if file.stat().st_mtime_ns != before:
            faults.append("the input was changed")
        print(f"{'ok ' if not faults else 'BAD'} {entry['id']:28} {status:16} {result['seconds']:5.1f} s "
              f"{result['peak_mb']:6.0f} MB {'; '.join(faults)}", flush=True)
    rows = [{"what": what, "count": count} for what, count in counts.items()]
    rows += [{"what": "slowest, s", "count": f"{slowest:.1f}"},
             {"what": "slowest, s of CPU", "count": f"{busiest:.1f}"},
             {"what": "largest, MB", "count": f"{largest:.0f}"}]
    if not only:
        write_results("hostile", "Hostile files through gis-planner check", rows,
                      "A usual geopandas script accepts 64 of 142 such files in silence (measured when the collection "
                      "was made).")
    return int(counts["wrong class or words"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
