"""Travel time over 6000 x 6000 cells with catchments, on one core, beside MCP, xarray-spatial and GRASS in one run.

Each contender runs in a process of its own, compiled code warmed on a small grid first, so that time and peak memory
are its own; GRASS and our last row read their rasters too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio

from benchmarks._common import clock, peak_mb, write_results
from benchmarks._terrain import CELL_M, grass, have_grass, world

SIZE = int(os.environ.get("TRAVEL_SIZE", "6000"))
LONGEST_S = 3000


def ours(folder: Path, neighbours: int, walk: bool, from_files: bool, tile: int = 0) -> dict[str, float]:
    from gis_planner.spatial.travel import catchments

    speed, height, cells = world(200, 2000)
    catchments(speed, cells, cell_m=CELL_M, elevation_m=height if walk else None, neighbours=neighbours)
    cells = np.load(folder / "cells.npy")
    speed = None if from_files else read(folder / "speed.tif")
    height = None if from_files or not walk else read(folder / "height.tif")
    with clock() as took:
        if from_files:
            speed, height = read(folder / "speed.tif"), read(folder / "height.tif") if walk else None
        options = {"tile_cells": tile} if tile else {}
        minutes, serving = catchments(speed, cells, cell_m=CELL_M, elevation_m=height, neighbours=neighbours, **options)
    digest = int(minutes.view(np.uint32).astype(np.uint64).sum()) * 31 + int(serving.astype(np.int64).sum())
    return {
        "cpu_s": took.cpu_s,
        "wall_s": took.wall_s,
        "rss_mb": peak_mb(),
        "mean_min": float(np.nanmean(minutes)),
        "digest": digest,
    }


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as source:
        return source.read(1)


def mcp(folder: Path) -> dict[str, float]:
    from skimage.graph import MCP_Geometric

    speed = read(folder / "speed.tif")
    cost = np.where(speed > 0, 3.6 / speed * CELL_M, -1).astype(np.float64)
    cells = np.load(folder / "cells.npy")
    with clock() as took:
        seconds = MCP_Geometric(cost).find_costs(cells)[0]
    return {
        "cpu_s": took.cpu_s,
        "wall_s": took.wall_s,
        "rss_mb": peak_mb(),
        "mean_min": float(seconds[np.isfinite(seconds)].mean() / 60),
    }


def xarray_spatial(folder: Path) -> dict[str, float]:
    import xarray
    from xrspatial import cost_distance

    def run(speed: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, float, float]:
        axes = {"y": np.arange(speed.shape[0])[::-1] * CELL_M, "x": np.arange(speed.shape[1]) * CELL_M}
        pace = xarray.DataArray(np.where(speed > 0, 3.6 / speed, np.nan), coords=axes, dims=("y", "x"))
        targets = xarray.DataArray(np.zeros(speed.shape), coords=axes, dims=("y", "x"))
        targets.values[cells[:, 0], cells[:, 1]] = 1
        with clock() as took:
            seconds = cost_distance(targets, pace).values
        return seconds, took.cpu_s, took.wall_s

    small = world(200, 2000)
    run(small[0], small[2])
    seconds, cpu, wall = run(read(folder / "speed.tif"), np.load(folder / "cells.npy"))
    return {"cpu_s": cpu, "wall_s": wall, "rss_mb": peak_mb(), "mean_min": float(np.nanmean(seconds) / 60)}


CONTENDERS = {
    "ours, 8 neighbours": lambda f: ours(f, 8, False, False),
    "ours, 16 neighbours": lambda f: ours(f, 16, False, False),
    "ours, 8, walking on slopes": lambda f: ours(f, 8, True, False),
    "ours, 16, walking on slopes": lambda f: ours(f, 16, True, False),
    "ours, 8, walking, GeoTIFFs read": lambda f: ours(f, 8, True, True),
    "ours, 8, in one block": lambda f: ours(f, 8, False, False, SIZE),
    "scikit-image MCP_Geometric (no catchments)": mcp,
    "xarray-spatial cost_distance (no catchments)": xarray_spatial,
}


def in_grass(folder: Path, command: str) -> dict[str, float]:
    speed, height, cells = read(folder / "speed.tif"), read(folder / "height.tif"), np.load(folder / "cells.npy")
    pace = np.where(speed > 0, 3.6 / speed, np.nan).astype(np.float32)
    if "r.cost" in command:
        found, cpu, wall = grass(command, {"metres": pace * np.float32(CELL_M)}, cells, ["cost"])
    else:
        found, cpu, wall = grass(command, {"pace": pace * 0, "height": height}, cells, ["cost"])
    return {"cpu_s": cpu, "wall_s": wall, "rss_mb": float("nan"), "mean_min": float(np.nanmean(found["cost"]) / 60)}


def main() -> None:
    if len(sys.argv) == 3:
        print(json.dumps(CONTENDERS[sys.argv[1]](Path(sys.argv[2]))))
        return
    results: dict[str, dict[str, float] | str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speed, height, cells = world(SIZE)
        for what, grid in (("speed", speed), ("height", height)):
            with rasterio.open(
                folder / f"{what}.tif",
                "w",
                driver="GTiff",
                height=SIZE,
                width=SIZE,
                count=1,
                dtype="float32",
                crs="EPSG:32629",
                nodata=np.nan,
                transform=rasterio.Affine(CELL_M, 0, 0, 0, -CELL_M, 0),
            ) as out:
                out.write(grid, 1)
        np.save(folder / "cells.npy", cells)
        for contender in CONTENDERS:
            absent = next(
                (
                    m
                    for m, word in (("skimage", "MCP"), ("xrspatial", "xarray"))
                    if word in contender and importlib.util.find_spec(m) is None
                ),
                None,
            )
            if absent:
                results[contender] = "not installed"
                continue
            started = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.travel", contender, name],
                capture_output=True,
                text=True,
                check=False,
                timeout=LONGEST_S,
            )
            results[contender] = (
                json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else done.stderr[-200:]
            )
            print(contender, results[contender], f"{time.perf_counter() - started:.0f} s", flush=True)
        walk = "r.walk elevation=height friction=pace output=cost start_points=sources nearest=near memory=4000 --q"
        cost = "r.cost input=metres output=cost start_points=sources nearest=near memory=4000 --q"
        for contender, command in (
            ("GRASS r.walk, files read and written", walk),
            ("GRASS r.cost, files read and written", cost),
        ):
            results[contender] = in_grass(folder, command) if have_grass() else "not installed"
            print(contender, results[contender], flush=True)
    report(results, len(cells))


def report(results: dict[str, dict[str, float] | str], sources: int) -> None:
    base = results["ours, 8 neighbours"]
    walk = results["ours, 8, walking, GeoTIFFs read"]
    rows = []
    for name, found in results.items():
        if isinstance(found, str):
            rows.append({"contender": name, "CPU s": found})
            continue
        beside = walk if "r.walk" in name else base
        rows.append(
            {
                "contender": name,
                "CPU s": f"{found['cpu_s']:.2f}",
                "ns per cell": f"{found['cpu_s'] / SIZE**2 * 1e9:.0f}",
                "wall s": f"{found['wall_s']:.1f}",
                "peak MB": "" if np.isnan(found["rss_mb"]) else f"{found['rss_mb']:.0f}",
                "times ours": "" if "ours" in name else f"{found['cpu_s'] / beside['cpu_s']:.1f}",
                "mean min": f"{found['mean_min']:.4f}",
            }
        )
    one = results["ours, 8, in one block"]
    same = "the same bits" if one["digest"] == base["digest"] else "DIFFERENT BITS"
    sixteen = results["ours, 16 neighbours"]["cpu_s"] / base["cpu_s"]
    slopes = results["ours, 16, walking on slopes"]["cpu_s"] / results["ours, 8, walking on slopes"]["cpu_s"]
    write_results(
        "travel",
        f"Travel time with catchments, {SIZE} x {SIZE} cells, {sources} sources, one core",
        rows,
        f"CPU seconds: a busy machine weighs little. In tiles of 128 and in one block: {same}. 16 neighbours take "
        f"{sixteen:.2f} times 8 ({slopes:.2f} on slopes). r.walk is beside our walking row that reads its rasters; the "
        "others beside the first row. r.walk uses Langmuir's rule, ours Tobler's function.",
    )


if __name__ == "__main__":
    main()
