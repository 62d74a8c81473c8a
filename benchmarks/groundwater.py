"""Groundwater: static level on southern Mali, chance of water on Bagoue, each in blocks of ground left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks._common import SHARED, clock, write_results
from gis_planner.crs import project, utm_zone
from gis_planner.problems import Refused
from gis_planner.programmes.groundwater import static_level, success_probability
from gis_planner.programmes.groundwater.evidence import calibration_gap

SEEDS = (0, 1, 2)


def folds(xy_m: np.ndarray, block_m: float, seed: int, count: int = 10) -> np.ndarray:
    """Outer folds: whole blocks, dealt at random."""
    block = np.unique(np.floor(xy_m / block_m), axis=0, return_inverse=True)[1].ravel()
    return (np.random.default_rng(1000 + seed).permutation(block.max() + 1) % count)[block]


def rmse(guess: object, truth: np.ndarray) -> float:
    """Root mean square error."""
    return float(np.sqrt(np.mean((np.asarray(guess) - truth) ** 2)))


def levels() -> list[dict[str, object]]:
    table = pd.read_excel(SHARED / "data/mali/static_water_levels.xlsx")
    xy = np.column_stack(project(table["LON"], table["LAT"], utm_zone(-7.5, 12.0)))
    level = table["NS"].to_numpy(float)
    rows = []
    for seed in SEEDS:
        fold, parts = folds(xy, 5000, seed), []
        median = np.empty(len(level))
        with clock() as took:
            for one in range(10):
                out = fold == one
                parts.append(static_level(level[~out], xy[~out], xy[out], seed=seed).set_axis(np.flatnonzero(out)))
                median[out] = np.median(level[~out])
        got = pd.concat(parts).sort_index()
        inside = (level >= got["low_m"]) & (level <= got["high_m"])
        rows.append({
            "data": f"southern Mali, 5 km blocks, deal {seed}", "n": len(level),
            "measure": "static level",
            "ours": f"RMSE {rmse(got['level_m'], level):.3f} m; 90 % interval holds {inside.mean():.1%}",
            "beside it": f"median alone {rmse(median, level):.3f} m", "wall": f"{took.wall_s:.1f} s",
        })
    return rows


def bagoue() -> list[dict[str, object]]:
    table = pd.read_csv(SHARED / "data/bagoue_boreholes/bagoue.csv", skiprows=1)
    table = table.dropna(subset=["east", "north", "flow"])
    xy = table[["east", "north"]].to_numpy(float)
    remote, known = table[["geol"]], table[["power", "magnitude", "shape", "type", "geol"]]
    rows = []
    for asked in (1.0, 3.0):
        wet = table["flow"].to_numpy() >= asked
        for name, prior, features in (("prior 0.6", 0.6, None), ("prior 40 to 80 %", (0.4, 0.8), None),
                                      ("with geology", 0.6, remote),
                                      ("with geology and geophysics on the spot", 0.6, known)):
            fold = folds(xy, 10_000, 0, 5)
            chance, low, high, said = np.empty(len(wet)), np.empty(len(wet)), np.empty(len(wet)), []
            with clock() as took:
                for one in range(5):
                    out = fold == one
                    some = {} if features is None else {"features": features[~out], "at_features": features[out]}
                    got = success_probability(wet[~out], xy[~out], xy[out], prior=prior, **some)
                    chance[out], low[out], high[out] = got["probability"], got["low"], got["high"]
                    said.append(str(got.attrs["method"]))
            base = np.array([wet[fold != one].mean() for one in range(5)])[fold]
            rows.append({
                "data": f"Bagoue, flow >= {asked:g} m3/h, 10 km blocks", "n": len(wet), "measure": f"chance, {name}",
                "ours": f"Brier {np.mean((chance - wet) ** 2):.4f}; mean off by {abs(chance.mean() - wet.mean()):.3f}; "
                f"calibration gap {calibration_gap(chance, wet):.3f}; mean interval {np.mean(low):.2f} to "
                f"{np.mean(high):.2f}; used: {', '.join(sorted(set(said)))}",
                "beside it": f"base rate {np.mean((base - wet) ** 2):.4f}", "wall": f"{took.wall_s:.1f} s",
            })
    try:
        wet = table["flow"].to_numpy() >= 1
        success_probability(wet, xy, xy, prior=0.6, features=table[["sfi"]], at_features=table[["sfi"]])
        leak = "taken"
    except Refused as stop:
        leak = f"refused: {stop.findings[0].code}"
    rows.append({"data": "Bagoue", "n": len(wet), "measure": "column sfi, filled in after drilling", "ours": leak})
    return rows


def main() -> None:
    if not (SHARED / "data").is_dir():
        print("../shared/data is absent: nothing to measure on")
        return
    rows = levels() + bagoue()
    write_results(
        "groundwater", "Groundwater, judged in blocks of ground left out", rows,
        "Each figure is out of sample: whole blocks are left out, and every setting is chosen again without them. "
        "Bagoue: before anybody visits, what can be known is the region's rate and, faintly, its drift; geology "
        "from the map moves the odds a little. The resistivity anomaly measured on the spot (power, magnitude, shape, "
        "type) does: it is worth its visit, if it was truly read before drilling as its authors say. Calibration gap: "
        "expected calibration error in ten equal steps of chance.",
    )


if __name__ == "__main__":
    main()
