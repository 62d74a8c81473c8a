"""Groundwater: static level on southern Mali, chance of water on Bagoue, each in blocks of ground left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks._common import SHARED, clock, write_results
from gis_planner.crs import project, utm_zone
from gis_planner.problems import Refused
from gis_planner.programmes.groundwater import static_level, success_probability, visit_worth
from gis_planner.programmes.groundwater.evidence import calibration_gap, gap_by_chance
from gis_planner.programmes.groundwater.geophysics import judged_on

SEEDS = (0, 1, 2)
DEALS = tuple(range(15))
"""Deals of the blocks where nothing slow is fitted; the calibration gap hangs on the deal."""


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


def left_out(
    wet: np.ndarray, xy: np.ndarray, prior: object, features: pd.DataFrame | None, deal: int
) -> tuple[pd.DataFrame, list[str]]:
    """Chance at each hole by everything fitted without its blocks, and what was used."""
    fold, parts, said = folds(xy, 10_000, deal, 5), [], []
    for one in range(5):
        out = fold == one
        some = {} if features is None else {"features": features[~out], "at_features": features[out]}
        got = success_probability(wet[~out], xy[~out], xy[out], prior=prior, **some)
        parts.append(got.set_axis(np.flatnonzero(out)))
        said.append(str(got.attrs["method"]))
    for part in parts:
        part.attrs = {}
    return pd.concat(parts).sort_index(), said


def base_rate(wet: np.ndarray, xy: np.ndarray, deal: int) -> np.ndarray:
    """Share of wet holes outside each hole's blocks."""
    fold = folds(xy, 10_000, deal, 5)
    return np.array([wet[fold != one].mean() for one in range(5)])[fold]


def between_blocks(wet: np.ndarray, block: np.ndarray) -> float:
    """Intra-block correlation of the outcomes by the method of moments (one-way analysis of variance), 0 or more."""
    size = np.bincount(block)
    rate = np.bincount(block, wet) / size
    groups, total = len(size), len(wet)
    among = (size * (rate - wet.mean()) ** 2).sum() / (groups - 1)
    within = ((wet - rate[block]) ** 2).sum() / (total - groups)
    typical = (total - (size**2).sum() / total) / (groups - 1)
    return float(max((among - within) / (among + (typical - 1) * within), 0.0))


def unavoidable(wet: np.ndarray, xy: np.ndarray, runs: int = 400) -> tuple[float, float, float]:
    """Median and 90 % range of the calibration gap of the base rate where the chance of every block is known in law.

    Blocks' chances are drawn about the true rate with the intra-block correlation of the data, outcomes from them; the
    forecast is each deal's rate without the block. Nothing is wrong with it but the number of holes.
    """
    block = np.unique(np.floor(xy / 10_000), axis=0, return_inverse=True)[1].ravel()
    rho, mean = max(between_blocks(wet.astype(float), block), 1e-6), wet.mean()
    worth = 1 / rho - 1
    rng = np.random.default_rng(0)
    gaps = []
    for run in range(runs):
        truth = rng.beta(mean * worth, (1 - mean) * worth, block.max() + 1)[block]
        drawn = rng.random(len(wet)) < truth
        chance = base_rate(drawn, xy, run % 5)
        gaps.append(calibration_gap(chance, drawn.astype(float)))
    return tuple(float(value) for value in np.quantile(gaps, [0.5, 0.05, 0.95]))  # type: ignore[return-value]


def gaps_said(gaps: list[float]) -> str:
    """Mean gap over deals, how many stay within 0.05, and the greatest."""
    return (f"{np.mean(gaps):.3f} (mean of {len(gaps)} deals, {sum(gap <= 0.05 for gap in gaps)} within 0.05, greatest "
            f"{max(gaps):.3f})")


def bagoue() -> list[dict[str, object]]:
    table = pd.read_csv(SHARED / "data/bagoue_boreholes/bagoue.csv", skiprows=1)
    table = table.dropna(subset=["east", "north", "flow"])
    xy = table[["east", "north"]].to_numpy(float)
    remote, known = table[["geol"]], table[["power", "magnitude", "shape", "type", "geol"]]
    rows = []
    for asked in (1.0, 3.0):
        wet = table["flow"].to_numpy() >= asked
        bases = [base_rate(wet, xy, deal) for deal in DEALS]
        middle, low_gap, high_gap = unavoidable(wet, xy)
        beside = (f"base rate: Brier {np.mean([np.mean((base - wet) ** 2) for base in bases]):.4f}, gap "
                  f"{gaps_said([calibration_gap(base, wet) for base in bases])}; where every block's chance is known "
                  f"in law: median {middle:.3f}, 90 % of {low_gap:.3f} to {high_gap:.3f}")
        for name, prior, features in (("prior 0.6", 0.6, None), ("prior 40 to 80 %", (0.4, 0.8), None),
                                      ("with geology", 0.6, remote),
                                      ("with geology and geophysics on the spot", 0.6, known)):
            with clock() as took:
                deals = SEEDS if features is not None else DEALS
                parts = [left_out(wet, xy, prior, features, deal) for deal in deals]
            chance = [part["probability"].to_numpy() for part, _ in parts]
            gaps = [calibration_gap(one, wet) for one in chance]
            used = sorted({method for _, said in parts for method in said})
            rows.append({
                "data": f"Bagoue, flow >= {asked:g} m3/h, 10 km blocks", "n": len(wet), "measure": f"chance, {name}",
                "ours": f"Brier {np.mean([np.mean((one - wet) ** 2) for one in chance]):.4f}; gap "
                f"{gaps_said(gaps)}, of perfect forecasts of these chances "
                f"{np.mean([gap_by_chance(one, 0) for one in chance]):.3f}; "
                f"mean off by {np.mean([abs(one.mean() - wet.mean()) for one in chance]):.3f}; mean interval "
                f"{parts[0][0]['low'].mean():.2f} to {parts[0][0]['high'].mean():.2f}; used: {', '.join(used)}",
                "beside it": beside, "wall": f"{took.wall_s:.1f} s",
            })
            sharp = [one for one, (_, said) in zip(chance, parts, strict=True) if set(said) == {"model"}]
            if features is known and sharp:
                rows.append(visit(sharp[0], wet, xy, asked))
    return [*rows, leak(table, xy)]


def visit(chance: np.ndarray, wet: np.ndarray, xy: np.ndarray, asked: float) -> dict[str, object]:
    """What the reading on the spot is worth: sensitivity and specificity out of sample, with a bootstrap of blocks."""
    block = np.unique(np.floor(xy / 10_000), axis=0, return_inverse=True)[1].ravel()
    held = [np.flatnonzero(block == one) for one in range(block.max() + 1)]
    rng = np.random.default_rng(0)
    drawn = [np.concatenate([held[one] for one in rng.integers(0, len(held), len(held))]) for _ in range(500)]
    some = [judged_on(chance[rows], wet[rows]) for rows in drawn]
    ours = judged_on(chance, wet)
    span = {name: np.quantile([getattr(one, name) for one in some], [0.05, 0.95])
            for name in ("sensitivity", "specificity")}
    worth = visit_worth(wet.mean(), dry_fcfa=1.0, visit_fcfa=0.0, judgement=ours, odds_ratio=1.0).iloc[0]
    return {
        "data": f"Bagoue, flow >= {asked:g} m3/h, 10 km blocks", "n": len(wet), "measure": "a geophysics visit",
        "ours": "; ".join(f"{name} {getattr(ours, name):.2f} ({low:.2f} to {high:.2f})"
                          for name, (low, high) in span.items())
        + f"; worth at most {worth['judged_worth_fcfa']:.2f} of a dry hole; chance {wet.mean():.2f}, after a good "
          f"reading {worth['judged_probability']:.2f}",
        "beside it": f"holes per success {1 / wet.mean():.2f}, after a good reading "
                     f"{1 / worth['judged_probability']:.2f}",
    }


def leak(table: pd.DataFrame, xy: np.ndarray) -> dict[str, object]:
    """Whether each column that knows the outcome is refused by name."""
    wet = table["flow"].to_numpy() >= 1
    told = []
    for name in ("sfi", "ohmS", "lwi"):
        have = table[name].notna().to_numpy()
        some = table.loc[have, [name]]
        try:
            success_probability(wet[have], xy[have], xy[have], prior=0.6, features=some, at_features=some)
            told.append(f"{name} taken")
        except Refused as stop:
            told.append(f"{name} refused: {stop.findings[0].code}")
    return {"data": "Bagoue", "n": len(wet), "measure": "columns filled in after drilling", "ours": "; ".join(told)}


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
