"""A million water points and a million survey rows checked: seconds, memory, and whether time grows linearly.

Run: python -m benchmarks.layer_size [ROWS]
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._common import clock, peak_mb, write_results

_TECHNOLOGIES = ("borehole_handpump", "protected_well", "open_well")
_STATUSES = ("working", "not_working", "unknown")


def write_points(path: Path, count: int) -> None:
    """`count` water points, about one in a thousand of them faulty."""
    rng = random.Random(1)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        file.write("water_point_id,technology,status,install_year,seasonal,latitude,longitude\n")
        for index in range(count):
            latitude = "" if index % 1000 == 999 else f"{rng.uniform(11.3, 12.7):.6f}"
            file.write(f"W{index},{rng.choice(_TECHNOLOGIES)},{rng.choice(_STATUSES)},{rng.randint(1980, 2024)},"
                       f"{rng.choice(('yes', 'no'))},{latitude},{rng.uniform(-8.7, -7.1):.6f}\n")


def write_visits(path: Path, count: int) -> None:
    """`count` visits, ten to a site, about one in a thousand of them faulty."""
    rng = random.Random(2)  # noqa: S311
    places = [(rng.uniform(11.3, 12.7), rng.uniform(-8.7, -7.1)) for _ in range(count // 10)]
    with path.open("w", encoding="utf-8") as file:
        file.write("site_id,survey_date,habitat_type,dips,larvae,area_m2,accuracy_m,latitude,longitude\n")
        for index in range(count):
            site = index % len(places)
            larvae = "-4" if index % 1000 == 999 else str(rng.randint(0, 40))
            file.write(f"B{site},2024-{rng.randint(6, 10):02d}-{rng.randint(1, 28):02d},puddle,{rng.randint(5, 20)},"
                       f"{larvae},{rng.uniform(1, 30):.1f},{rng.uniform(3, 9):.1f},{places[site][0]:.6f},"
                       f"{places[site][1]:.6f}\n")


def measure(path: Path, kind: str) -> str:
    """`wall cpu megabytes kept set_aside` of one check in this process."""
    from gis_planner.layers.check import check_file
    from gis_planner.layers.frames import DEFAULT_FRAME

    with clock() as took:
        result = check_file(path, kind, frame=DEFAULT_FRAME)
    kept, aside = result.summary.get("kept"), result.summary.get("set_aside")
    return f"{took.wall_s:.1f} {took.cpu_s:.1f} {peak_mb():.0f} {kept} {aside}"


def main(count: int) -> int:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("water_points", write_points), ("breeding_sites", write_visits)):
            small = 0.0
            for number in (count // 10, count):
                path = Path(folder) / f"{kind}.csv"
                write(path, number)
                answer = subprocess.run([sys.executable, "-m", "benchmarks.layer_size", str(path), kind],
                                        capture_output=True, text=True, check=True).stdout.split()
                wall, cpu, megabytes, kept, aside = answer
                rows.append({"layer": kind, "rows": f"{number:,}", "wall s": wall, "cpu s": cpu, "peak MB": megabytes,
                             "kept": kept, "set aside": aside,
                             "cpu against a tenth": f"{float(cpu) / small:.1f}" if small else ""})
                small = float(cpu)
                print(rows[-1], flush=True)
    write_results("layer_size", "Large layers through the check", rows, "One in a thousand rows is faulty.")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(measure(Path(sys.argv[1]), sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
