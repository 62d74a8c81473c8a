"""Draws the figures of docs/terrain.md and docs/criteria.md: `python docs/make_figures_ground.py`."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image

mpl.use("Agg")
import matplotlib.pyplot as plt

from gis_planner.crs import utm_zone
from gis_planner.programmes.robust import rank_acceptability
from gis_planner.spatial import memberships
from gis_planner.spatial.ahp import ahp_weights
from gis_planner.spatial.criteria import Constraint, Criterion, weighted_overlay
from gis_planner.spatial.distance import over_grid
from gis_planner.spatial.grid import grid_over
from gis_planner.spatial.terrain import flow, height_above_drainage, ponding, slope_tangent, stream_cells, wetness

HERE = Path(__file__).resolve().parent / "figures"
SIZE, CELL_M = 160, 30.0


def ground() -> np.ndarray:
    """Invented gentle ground: long waves, short waves and a tilt."""
    rng = np.random.default_rng(3)
    fy, fx = np.meshgrid(np.fft.fftfreq(SIZE), np.fft.rfftfreq(SIZE), indexing="ij")
    power = np.hypot(fy, fx)
    power[0, 0] = 1.0
    noise = rng.normal(size=power.shape) + 1j * rng.normal(size=power.shape)
    heights = np.fft.irfft2(noise * power**-2.2, s=(SIZE, SIZE))
    return 330 + 40 * (heights - heights.min()) / np.ptp(heights) + 0.1 * np.mgrid[:SIZE, :SIZE][1]


def save(figure: plt.Figure, name: str) -> None:
    """Write a figure as a small PNG of 64 colours."""
    canvas = io.BytesIO()
    figure.savefig(canvas, format="png")
    plt.close(figure)
    with Image.open(canvas) as image:
        image.convert("RGB").quantize(64).save(HERE / f"{name}.png", optimize=True)


def picture(name: str, values: np.ndarray, label: str, cmap: str, over: np.ndarray | None = None) -> None:
    """One map, small, with its scale."""
    figure, axis = plt.subplots(figsize=(4.2, 3.4), dpi=80)
    drawn = axis.imshow(values, cmap=cmap)
    if over is not None:
        axis.imshow(np.where(over, 1.0, np.nan), cmap="winter", vmin=0, vmax=2)
    figure.colorbar(drawn, label=label, shrink=0.85)
    axis.set_axis_off()
    figure.tight_layout()
    save(figure, name)


def terrain() -> None:
    """Flow, height above drainage, wetness, ponds."""
    heights = ground()
    water = flow(heights, CELL_M)
    streams = stream_cells(water, 100_000)
    picture("terrain_flow", heights, "height (m), streams of 10 ha", "terrain", streams)
    picture("terrain_hand", height_above_drainage(heights, CELL_M, water=water), "m above drainage", "YlGnBu_r")
    picture("terrain_wetness", wetness(heights, CELL_M, water=water), "wetness index", "Blues")
    ponds = ponding(heights, CELL_M, rain_mm=1000, runoff_share=0.1, water=water)
    full = np.concatenate([[np.nan], ponds.table["full"].to_numpy()])[ponds.number]
    picture("terrain_ponds", full, "share full after the season", "PuBu")


def criteria() -> None:
    """Memberships, overlay, acceptability."""
    x = np.linspace(0, 2000, 200)
    figure, axis = plt.subplots(figsize=(4.2, 2.8), dpi=80)
    axis.plot(x, memberships.linear(x, 2000, 500), label="linear, worst 2,000, best 500")
    axis.plot(x, memberships.fuzzy_small(x, 900), label="fuzzy small, 900")
    axis.plot(x, memberships.fuzzy_near(x, 1000, 250), label="fuzzy near, 1,000")
    axis.set(xlabel="distance (m)", ylabel="score")
    axis.legend(fontsize=7)
    figure.tight_layout()
    save(figure, "criteria_memberships")
    heights = ground()
    water = flow(heights, CELL_M)
    grid = grid_over((600_000, 1_300_020, 600_000 + SIZE * CELL_M, 1_300_020 + SIZE * CELL_M), CELL_M, utm_zone(-8, 12))
    streams = stream_cells(water, 100_000)
    weights = ahp_weights([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]).weights
    layers = [
        Criterion("wet ground", memberships.linear(wetness(heights, CELL_M, water=water), 6, 14), weights[0]),
        Criterion("gentle slope", memberships.linear(slope_tangent(heights, CELL_M), 0.1, 0.0), weights[1]),
        Criterion("near a stream", memberships.linear(over_grid(streams, CELL_M), 1500, 0), weights[2]),
    ]
    flood = height_above_drainage(heights, CELL_M, water=water) < 0.5
    result = weighted_overlay(layers, grid, [Constraint("flood", flood)])
    picture("criteria_overlay", result.score, "score, flood ground taken out", "viridis")
    best = result.explain(result.best(400)[::50]).iloc[:, :3].to_numpy() / weights
    picture("criteria_ranks", rank_acceptability(best), "share of draws (site by rank)", "magma_r")


if __name__ == "__main__":
    terrain()
    criteria()
