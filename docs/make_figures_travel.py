"""The figures of docs/travel.md, by the functions that the page describes: `python -m docs.make_figures_travel`."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import shapely
from affine import Affine
from PIL import Image

from gis_planner.spatial import speeds, travel
from gis_planner.spatial.network import Graph, OverGround
from gis_planner.spatial.travel._laws import bicycle_speed, walk_slowness

FIGURES = Path(__file__).parent / "figures"
CELL_M = 30
SIZE = 160
TRANSFORM = Affine(CELL_M, 0, 0, 0, -CELL_M, SIZE * CELL_M)
EXTENT = (0, SIZE * CELL_M / 1000, 0, SIZE * CELL_M / 1000)


def hills() -> np.ndarray:
    """Two rounded hills on a plain, in metres."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] * CELL_M / 1000.0
    high = 180 * np.exp(-((x - 1.6) ** 2 + (y - 2.9) ** 2) / 0.5) + 120 * np.exp(
        -((x - 3.4) ** 2 + (y - 1.6) ** 2) / 0.3
    )
    return (350 + high).astype(np.float32)


def save(name: str, figure: plt.Figure) -> None:
    """Write a figure small enough for a page, in 64 colours."""
    figure.tight_layout()
    with io.BytesIO() as drawn:
        figure.savefig(drawn, dpi=64, metadata={"Software": None})
        Image.open(drawn).convert("RGB").quantize(64).save(FIGURES / f"travel_{name}.png", optimize=True)
    plt.close(figure)


def show(axis: plt.Axes, grid: np.ndarray, title: str, lines: list[float] | None = None, **look: object) -> None:
    """A grid in kilometres with contour lines of minutes."""
    axis.imshow(grid, extent=EXTENT, interpolation="nearest", **({"cmap": "viridis_r"} | look))
    if lines:
        drawn = axis.contour(grid[::-1], lines, extent=EXTENT, colors="white", linewidths=0.8)
        axis.clabel(drawn, fmt="%g", fontsize=7)
    axis.set_title(title, fontsize=9)
    axis.tick_params(labelsize=7)


def laws() -> None:
    """Speed over slope."""
    figure, axis = plt.subplots(figsize=(5, 3))
    slope = np.linspace(-0.5, 0.5, 201)
    axis.plot(slope * 100, [5 / walk_slowness(s) for s in slope], label="walking, 5 km/h on the flat (Tobler)")
    axis.plot(slope * 100, [bicycle_speed(12, s) for s in slope], label="bicycle, 12 km/h on the flat (power)")
    axis.set_xlabel("slope in the direction of travel, %")
    axis.set_ylabel("km/h")
    axis.legend(fontsize=7)
    save("laws", figure)


def neighbours() -> None:
    """Error of 8 and 16 neighbours on a plain."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.4))
    rows, cols = np.indices((SIZE, SIZE))
    straight = np.hypot(rows - SIZE // 2, cols - SIZE // 2) * CELL_M / 5000 * 60
    for axis, count in zip(axes, (8, 16), strict=True):
        minutes = travel.travel_time(np.full((SIZE, SIZE), 5.0), [[SIZE // 2] * 2], cell_m=CELL_M, neighbours=count)
        over = np.where(straight > 3, minutes / np.maximum(straight, 1e-9) - 1, np.nan) * 100
        show(
            axis,
            over,
            f"{count} neighbours: at most {np.nanmax(over):.1f} % too long",
            cmap="magma_r",
            vmin=0,
            vmax=8.3,
        )
    save("neighbours", figure)


def slopes() -> None:
    """Out and back over hills."""
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
    ground, source = np.full((SIZE, SIZE), 5.0), [[80, 80]]
    out = travel.travel_time(ground, source, cell_m=CELL_M, elevation_m=hills(), neighbours=16)
    back = travel.travel_time(ground, source, cell_m=CELL_M, elevation_m=hills(), neighbours=16, towards=True)
    show(axes[0], out, "from the well, minutes", [10, 20, 30, 40])
    show(axes[1], back, "to the well, minutes", [10, 20, 30, 40])
    show(axes[2], back - out, "the way back is longer by, minutes", cmap="coolwarm", vmin=-8, vmax=8)
    save("slopes", figure)


def stream() -> gpd.GeoDataFrame:
    """A stream from the north edge to the south edge."""
    line = shapely.LineString([(2900, 4900), (2600, 3600), (3100, 2500), (2300, 1300), (2700, -50)])
    return gpd.GeoDataFrame(geometry=[line], crs="EPSG:32629")


def catchment() -> None:
    """Catchments with a stream in flood, without and with a bridge."""
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2))
    land, sources = np.full((SIZE, SIZE), 4.0), np.array([[40, 40], [110, 60], [60, 125]])
    bridge = gpd.GeoDataFrame(geometry=[shapely.Point(2700, 1950)], crs="EPSG:32629")
    flood = speeds.surface(land, transform=TRANSFORM, crs="EPSG:32629", barriers=stream())
    crossed = speeds.surface(
        land, transform=TRANSFORM, crs="EPSG:32629", barriers=stream(), crossings=bridge, crossing_kmh=4
    )
    for axis, ground, title in zip(
        axes, (land, flood, crossed), ("dry season", "flood", "flood, one bridge"), strict=True
    ):
        minutes, serving = travel.catchments(ground, sources, cell_m=CELL_M, neighbours=16, towards=True, limit_min=40)
        show(axis, np.where(serving < 0, np.nan, serving), f"{title}: 40 minutes", cmap="Set2", vmin=0, vmax=7)
        axis.contour(minutes[::-1], [15, 30], extent=EXTENT, colors="black", linewidths=0.5)
        axis.plot((sources[:, 1] + 0.5) * 0.03, EXTENT[3] - (sources[:, 0] + 0.5) * 0.03, "k^", markersize=4)
    save("catchments", figure)


def gaps() -> None:
    """The rule for diagonal gaps."""
    figure, axes = plt.subplots(1, 2, figsize=(6, 3))
    ground = np.full((20, 20), 4.0)
    ground[np.arange(20), np.arange(20)] = np.nan
    for axis, rule in zip(axes, ("open", "closed"), strict=True):
        minutes = travel.travel_time(ground, [[4, 14]], cell_m=CELL_M, diagonal_gaps=rule)
        axis.imshow(minutes, cmap="viridis_r")
        axis.set_title(f'diagonal_gaps="{rule}"', fontsize=9)
    save("gaps", figure)


def people() -> None:
    """People within 30 minutes of candidates, and sources that fill up."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.2))
    rng = np.random.default_rng(1)
    spots = rng.integers(10, SIZE - 10, (40, 2))
    crowd = np.zeros((SIZE, SIZE))
    np.add.at(crowd, tuple(spots.T), rng.integers(20, 120, 40))
    ground = speeds.surface(np.full((SIZE, SIZE), 4.0), transform=TRANSFORM, crs="EPSG:32629", barriers=stream())
    lattice = np.array([(r, c) for r in range(4, SIZE, 5) for c in range(4, SIZE, 5) if ground[r, c] > 0])
    sums = travel.people_within(ground, lattice, crowd, 15, cell_m=CELL_M, towards=True)
    drawn = axes[0].scatter(
        lattice[:, 1] * 0.03, EXTENT[3] - lattice[:, 0] * 0.03, c=sums, s=14, marker="s", cmap="YlOrRd"
    )
    figure.colorbar(drawn, ax=axes[0])
    axes[0].set_title(f"people within 15 minutes of {len(lattice)} candidates", fontsize=9)
    best = lattice[np.argsort(-sums, kind="stable")[[0, 60]]]
    served, left = travel.catchments_by_capacity(
        ground, best, crowd, [400, 400], cell_m=CELL_M, limit_min=30, towards=True
    )
    for points, colour in (((crowd > 0) & (left == 0), "tab:green"), (left > 0, "tab:red")):
        rows, cols = np.nonzero(points)
        axes[1].scatter(cols * 0.03, EXTENT[3] - rows * 0.03, s=crowd[rows, cols] / 3, color=colour)
    axes[1].plot(best[:, 1] * 0.03, EXTENT[3] - best[:, 0] * 0.03, "k^")
    axes[1].set_title(f"two wells of 400: {served.sum():.0f} served, {left.sum():.0f} not", fontsize=9)
    save("people", figure)


def network() -> None:
    """A road network with an island, legs over the ground and ways."""
    figure, axis = plt.subplots(figsize=(4.2, 4))
    lines = [[(300, 600), (1500, 900), (2300, 2100)], [(2300, 2100), (2250, 4200)], [(3400, 900), (4300, 2600)]]
    table = gpd.GeoDataFrame(
        {"road_id": ["R1", "R2", "R3"], "speed_kmh": [30, 20, 20]},
        geometry=[shapely.LineString(x) for x in lines],
        crs="EPSG:32629",
    )
    ground = speeds.surface(
        np.full((SIZE, SIZE), 4.0),
        transform=TRANSFORM,
        crs="EPSG:32629",
        barriers=stream(),
        crossings=gpd.GeoDataFrame(geometry=[shapely.Point(2700, 1950)], crs="EPSG:32629"),
        crossing_kmh=4,
    )
    over = OverGround(ground, TRANSFORM, CELL_M, 90)
    graph = Graph.from_roads(table)
    places = [(500, 1000), (2000, 4300), (3800, 2300), (3900, 4200)]
    found = graph.matrix(places, ground=over)
    for line, road in zip(graph.lines, graph.road_id, strict=True):
        axis.plot(*(line.T / 1000), color="tab:red" if [road] in graph.islands() else "0.5", linewidth=3)
    for _, way in found.paths([(0, 1), (0, 2), (1, 3)]).iterrows():
        axis.plot(
            *(np.array(way.geometry.coords).T / 1000),
            linewidth=1.2,
            label=f"{way.origin + 1} to {way.destination + 1}: {way.duration_min:.0f} min",
        )
    axis.plot(*(np.array(stream().geometry.iloc[0].coords).T / 1000), color="tab:blue", linewidth=2, alpha=0.5)
    for i, (x, y) in enumerate(places):
        axis.plot(x / 1000, y / 1000, "ko", markersize=4)
        axis.annotate(str(i + 1), (x / 1000 + 0.06, y / 1000))
    axis.legend(fontsize=7)
    axis.set_title("roads, an island in red, ways with legs over the ground", fontsize=8)
    axis.set_aspect("equal")
    save("network", figure)


def main() -> None:
    """Draw them all."""
    FIGURES.mkdir(exist_ok=True)
    for draw in (laws, neighbours, slopes, catchment, gaps, people, network):
        draw()


if __name__ == "__main__":
    main()
