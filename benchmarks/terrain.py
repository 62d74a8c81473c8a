"""Flow, height above drainage and wetness on fractal ground, beside pyflwdir alone and GRASS r.watershed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyflwdir
import rasterio
from affine import Affine

from benchmarks._common import Clock, clock, write_results
from gis_planner.crs import utm_zone
from gis_planner.spatial.terrain import Flow, flow, height_above_drainage, wetness

SIZE = 2_000
CELL_M = 30.0


def fractal(size: int, seed: int = 0, roughness: float = 3.0) -> np.ndarray:
    """Heights of a power-law spectrum, 60 m of relief over a long tilt."""
    rng = np.random.default_rng(seed)
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij")
    power = np.hypot(fy, fx)
    power[0, 0] = 1.0
    noise = rng.normal(size=power.shape) + 1j * rng.normal(size=power.shape)
    heights = np.fft.irfft2(noise * power ** (-roughness / 2 - 0.5), s=(size, size))
    heights = (heights - heights.min()) / (heights.max() - heights.min()) * 60
    return heights + 300 + 0.002 * np.mgrid[:size, :size][1]


def per_cell(took: Clock) -> str:
    return f"{took.cpu_s / SIZE**2 * 1e9:.0f}"


def grass(heights: np.ndarray) -> tuple[str, np.ndarray | None]:
    """GRASS r.watershed -s (D8), single flow accumulation: its time and the accumulation."""
    if shutil.which("grass") is None:
        return "not installed", None
    with tempfile.TemporaryDirectory() as folder:
        dem, out, script = (Path(folder) / name for name in ("dem.tif", "acc.tif", "run.sh"))
        transform = Affine(CELL_M, 0, 600_000, 0, -CELL_M, 1_300_000 + SIZE * CELL_M)
        with rasterio.open(dem, "w", driver="GTiff", width=SIZE, height=SIZE, count=1, dtype="float32",
                           crs=utm_zone(-8, 12), transform=transform) as file:
            file.write(heights.astype(np.float32), 1)
        script.write_text(
            f"r.in.gdal input={dem} output=dem --q -o\ng.region raster=dem\n"
            "r.watershed -s -a elevation=dem accumulation=acc memory=2000 --q\n"
            f"r.out.gdal input=acc output={out} type=Float64 --q\n", encoding="utf-8")
        with clock() as took:
            done = subprocess.run(["grass", "--tmp-location", "XY", "--exec", "sh", str(script)], capture_output=True,
                                  check=False, text=True)
        if done.returncode or not out.exists():
            return f"did not run ({done.stderr.strip()[-80:]})", None
        with rasterio.open(out) as file:
            return f"{took.wall_s:.1f} s wall, reading and writing included", file.read(1)


def main() -> None:
    heights = fractal(SIZE)
    small = fractal(64)
    height_above_drainage(small, CELL_M)
    wetness(small, CELL_M)
    pyflwdir.from_dem(small.astype(np.float32), nodata=np.nan).hand(np.ones((64, 64), bool), small.astype(np.float32))
    with clock() as flowing:
        water = flow(heights, CELL_M)
    streams = water.accumulation > 1_000
    with clock() as above:
        ours = height_above_drainage(heights, CELL_M, streams=streams, water=water)
    with clock() as wet:
        wetness(heights, CELL_M, water=water)
    print("ours done", flush=True)
    with clock() as theirs_flow:
        raster = pyflwdir.from_dem(heights.astype(np.float32), nodata=np.nan)
        count = raster.upstream_area("cell")
    same = pyflwdir.from_array(water.direction, ftype="d8", check_ftype=False, latlon=False)
    with clock() as theirs_above:
        theirs = same.hand(drain=streams, elevtn=water.filled_m.astype(np.float32))
    reached = np.isfinite(ours)
    off = np.abs(ours[reached] - theirs[reached]).max()
    time, accumulation = grass(heights)
    share = "" if accumulation is None else agreement(water, heights, accumulation)
    rows = [
        {"step": "fill, direction, accumulation", "ours ns/cell": per_cell(flowing),
         "pyflwdir alone": per_cell(theirs_flow),
         "agreement": f"outlets carry {water.accumulation[water.direction == 0].sum():,} of {SIZE**2:,} cells, "
         f"pyflwdir's {count[raster.idxs_pit // SIZE, raster.idxs_pit % SIZE].sum():,.0f}"},
        {"step": "height above drainage", "ours ns/cell": per_cell(above), "pyflwdir alone": per_cell(theirs_above),
         "agreement": f"same directions: largest difference {off:.1e} m"},
        {"step": "wetness", "ours ns/cell": per_cell(wet), "pyflwdir alone": "has none", "agreement": ""},
        {"step": "GRASS r.watershed -s", "ours ns/cell": "", "pyflwdir alone": "", "agreement": f"{time}. {share}"},
    ]
    write_results("terrain", f"Water on fractal ground, {SIZE} x {SIZE} cells of 30 m", rows,
                  "CPU time per cell, compiled beforehand. Ours fills with pyflwdir and turns each cell to its "
                  "steepest neighbour, where pyflwdir alone turns to the lowest, corners favoured. GRASS does not fill "
                  "but finds its way through hollows by least cost: ways differ there, and downstream of there.")


def agreement(water: Flow, heights: np.ndarray, theirs: np.ndarray) -> str:
    """Share of our stream cells (1,000 cells upstream) within one cell of theirs, in all and outside hollows."""
    from scipy.ndimage import binary_dilation

    dry = water.filled_m <= heights.astype(np.float32)
    one, two = water.accumulation > 1_000, np.abs(theirs) > 1_000
    near = binary_dilation(two, np.ones((3, 3)))
    return (f"{(one & near).sum() / one.sum():.1%} of our stream cells lie within a cell of GRASS's, "
            f"{(one & near & dry).sum() / (one & dry).sum():.1%} outside filled hollows "
            f"({1 - dry.mean():.1%} of the ground)")


if __name__ == "__main__":
    main()
