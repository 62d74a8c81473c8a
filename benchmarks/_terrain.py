"""The fractal terrain, speeds and sources that the travel-time benchmarks share, and GRASS as an oracle."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

CELL_M = 100.0


def fractal(size: int, seed: int, roughness: float) -> np.ndarray:
    """A square of fractal noise with mean 0 and deviation 1; power falls with frequency ** -roughness."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size), dtype=np.float32))
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]).astype(np.float32)
    frequency[0, 0] = 1
    field = np.fft.irfft2(spectrum / frequency ** (roughness / 2), s=(size, size))
    return ((field - field.mean()) / field.std()).astype(np.float32)


def world(size: int, per_source: int = 10_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Speeds (0.5 to 20 km/h, about 2 % barriers), heights (m) and one source for about `per_source` cells."""
    speed = np.clip(np.exp(0.5 * fractal(size, seed, 2.0)) * 3, 0.5, 20).astype(np.float32)
    speed[np.abs(fractal(size, seed + 1, 2.0)) < 0.02] = np.nan
    height = 400 + 60 * fractal(size, seed + 2, 3.0)
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, size, (size * size // per_source, 2))
    return speed, height.astype(np.float32), cells[speed[cells[:, 0], cells[:, 1]] > 0]


def have_grass() -> bool:
    """Whether the system has GRASS."""
    return shutil.which("grass") is not None


def grass(
    commands: str,
    grids: dict[str, np.ndarray],
    cells: np.ndarray,
    out: list[str],
) -> tuple[dict[str, np.ndarray], float, float]:
    """Run GRASS `commands` over `grids` (float32) and the vector `sources`; (grids out, CPU seconds, wall seconds).

    The time is that of a script that reads the binary grids, runs the commands and writes `out`, less nothing.
    """
    rows, cols = next(iter(grids.values())).shape
    with tempfile.TemporaryDirectory() as folder:
        script = [f"g.region n={rows * CELL_M} s=0 w=0 e={cols * CELL_M} rows={rows} cols={cols} --q"]
        for name, grid in grids.items():
            (Path(folder) / name).write_bytes(np.nan_to_num(grid, nan=-9999.0).astype("<f4").tobytes())
            script.append(
                f"r.in.bin -f input={folder}/{name} output={name} bytes=4 order=little anull=-9999 "
                f"n={rows * CELL_M} s=0 w=0 e={cols * CELL_M} rows={rows} cols={cols} --q"
            )
        points = "\n".join(
            f"{(c + 0.5) * CELL_M}|{(rows - r - 0.5) * CELL_M}|{i + 1}" for i, (r, c) in enumerate(cells)
        )
        (Path(folder) / "points").write_text(points, encoding="ascii")
        script.append(f"v.in.ascii input={folder}/points output=sources cat=3 --q")
        script.append(commands)
        script += [
            f"r.out.bin -f input={name} output={folder}/{name}.out bytes=4 order=little null=-1 --q" for name in out
        ]
        (Path(folder) / "run.sh").write_text("set -e\n" + "\n".join(script), encoding="ascii")
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        done = subprocess.run(
            ["grass", "--tmp-location", "XY", "--exec", "sh", f"{folder}/run.sh"],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found = {name: np.fromfile(f"{folder}/{name}.out", "<f4").reshape(rows, cols) for name in out}
    return {name: np.where(grid < 0, np.nan, grid) for name, grid in found.items()}, cpu, wall
