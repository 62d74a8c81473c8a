"""Where the region lies: facts, grids in metres, random streams, degrees."""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from affine import Affine

from gis_planner.crs import Frame, metric_crs, project, unproject

Floats = npt.NDArray[np.float64]
HERE = Path(__file__).resolve().parent
DECIMALS = 6
"""Decimals of a degree in the files: 0.1 m."""


@cache
def facts() -> dict[str, Any]:
    """The facts of `facts.toml`."""
    return tomllib.loads((HERE / "facts.toml").read_text(encoding="utf-8"))


@cache
def frame() -> Frame:
    """The region's frame in degrees."""
    box = facts()["frame"]
    return Frame(box["west"], box["south"], box["east"], box["north"])


def random(layer: str) -> np.random.Generator:
    """The stream of random numbers of one layer."""
    return np.random.default_rng([facts()["seed"], zlib.crc32(layer.encode())])


def to_metres(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Floats:
    """Degrees to (n, 2) metres of the region's zone."""
    x_m, y_m = project(np.atleast_1d(longitude), np.atleast_1d(latitude), metric_crs(frame()))
    return np.column_stack([x_m, y_m])


def to_degrees(xy_m: npt.ArrayLike) -> Floats:
    """(n, 2) metres to (n, 2) longitude, latitude, rounded as the files hold them."""
    xy = np.asarray(xy_m, dtype=float).reshape(-1, 2)
    longitude, latitude = unproject(xy[:, 0], xy[:, 1], metric_crs(frame()))
    return np.column_stack([longitude.round(DECIMALS), latitude.round(DECIMALS)])


@cache
def town_xy() -> tuple[float, float]:
    """The town in metres."""
    x_m, y_m = to_metres(facts()["town"]["longitude"], facts()["town"]["latitude"])[0]
    return float(x_m), float(y_m)


@dataclass(frozen=True)
class Grid:
    """A north-up grid in metres: left, top edge, size of a cell, rows, columns."""

    left_m: float
    top_m: float
    cell_m: float
    rows: int
    columns: int

    @property
    def transform(self) -> Affine:
        """Cell (column, row) to x, y."""
        return Affine(self.cell_m, 0, self.left_m, 0, -self.cell_m, self.top_m)

    def cell(self, xy_m: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Row and column of each of (n, 2) points, held inside the grid."""
        column = np.floor((xy_m[:, 0] - self.left_m) / self.cell_m).astype(np.int64)
        row = np.floor((self.top_m - xy_m[:, 1]) / self.cell_m).astype(np.int64)
        return np.clip(row, 0, self.rows - 1), np.clip(column, 0, self.columns - 1)

    def centres(self) -> tuple[Floats, Floats]:
        """x of each column and y of each row, at the middle of the cells."""
        x_m: Floats = self.left_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_m
        y_m: Floats = self.top_m - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m
        return x_m, y_m


def grid(cell_m: float) -> Grid:
    """The grid that covers the frame, its edges on whole multiples of 1,200 m so that all grids nest."""
    box = frame()
    edge = np.linspace(0, 1, 41)
    longitude = np.concatenate([box.west + edge * (box.east - box.west)] * 2)
    latitude = np.repeat([box.south, box.north], 41)
    xy = to_metres(longitude, latitude)
    left, bottom = np.floor(xy.min(axis=0) / 1200) * 1200
    right, top = np.ceil(xy.max(axis=0) / 1200) * 1200
    return Grid(float(left), float(top), cell_m, round((top - bottom) / cell_m), round((right - left) / cell_m))
