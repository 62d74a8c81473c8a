"""Many criteria, one score: weighted overlay on one grid, what each constraint removes, why each cell has its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_planner.problems import Problems, Severity, refused
from gis_planner.spatial._arrays import Bools, Floats, Ints
from gis_planner.spatial.grid import Grid, on_grid

WEIGHT_SUM = 1e-6


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: score (rows, columns) of 0 to 1, nan where unknown (see `memberships`); weight, a share of 1."""

    name: str
    score: npt.ArrayLike
    weight: float


@dataclass(frozen=True, slots=True)
class Constraint:
    """Ground that may not be used: forbidden (rows, columns) booleans."""

    name: str
    forbidden: npt.ArrayLike


@dataclass(frozen=True, slots=True)
class Suitability:
    """score (rows, columns): 0 to 1, nan where forbidden or unknown. allowed: not forbidden, and known.

    removed: one row per constraint, and `unknown`: cells it removes, cells that it alone removes, share of the grid.
    """

    score: Floats
    allowed: Bools
    removed: pd.DataFrame
    criteria: tuple[Criterion, ...]
    constraints: tuple[Constraint, ...]
    grid: Grid

    def explain(self, cells: npt.ArrayLike) -> pd.DataFrame:
        """Per cell (flat index): each criterion's contribution (weight x score), which add up to `score`, and why not.

        forbidden: names of the constraints on the cell, joined by a comma; the score stands as if there were none.
        """
        flat: Ints = np.asarray(cells, dtype=np.int64)
        if flat.size and (flat.min() < 0 or flat.max() >= self.grid.size):
            raise refused("cell", field="cells", found=f"{flat.min()} to {flat.max()}",
                          expected=f"0 to {self.grid.size - 1}", remedy="Ask for cells of this grid (Grid.cells).",
                          remedy_fr="Demandez des cellules de cette grille (Grid.cells).")
        table = pd.DataFrame({one.name: one.weight * np.asarray(one.score, dtype=np.float64).ravel()[flat]
                              for one in self.criteria}, index=pd.Index(flat, name="cell"))
        total = np.zeros(len(flat))
        for one in self.criteria:
            total += table[one.name].to_numpy()
        table["score"] = total
        on = {one.name: np.asarray(one.forbidden, dtype=bool).ravel()[flat] for one in self.constraints}
        table["forbidden"] = [", ".join(name for name in on if on[name][i]) for i in range(len(flat))]
        return table

    def best(self, count: int) -> Ints:
        """Flat indices of the `count` best allowed cells, best first; equals in order of the map."""
        score = np.where(self.allowed, self.score, -np.inf).ravel()
        order = np.argsort(-score, kind="stable")[:count]
        return order[np.isfinite(score[order])].astype(np.int64)


def weighted_overlay(
    criteria: Sequence[Criterion], grid: Grid, constraints: Sequence[Constraint] = ()
) -> Suitability:
    """The sum of weight x score of every cell (weighted linear combination; Malczewski 1999), constraints taken out.

    Refused, all at once: layers of another shape, weights that are negative or do not sum to 1, scores outside 0..1,
    two criteria of one name. Cells where any weighted criterion is unknown have no score.
    """
    _check(criteria, grid)
    score = np.zeros(grid.shape)
    for one in criteria:
        if one.weight > 0:
            score += one.weight * np.asarray(one.score, dtype=np.float64)
    masks = {one.name: on_grid(one.forbidden, grid, one.name).astype(bool) for one in constraints}
    masks["unknown"] = np.isnan(score)
    hits = np.zeros(grid.shape, np.int32)
    for mask in masks.values():
        hits += mask
    removed = pd.DataFrame({
        "constraint": list(masks), "cells": [int(mask.sum()) for mask in masks.values()],
        "alone": [int((mask & (hits == 1)).sum()) for mask in masks.values()],
    })
    removed["share"] = removed["cells"] / grid.size
    allowed = hits == 0
    return Suitability(np.where(allowed, score, np.nan), allowed, removed, tuple(criteria), tuple(constraints), grid)


def _check(criteria: Sequence[Criterion], grid: Grid) -> None:
    problems = Problems()
    names = [one.name for one in criteria]
    for one in criteria:
        score = on_grid(one.score, grid, one.name).astype(np.float64)
        if np.isnan(score).all():
            problems.add("layers-apart", Severity.REFUSE, field=one.name, found="no cell with a score",
                         expected="a layer that covers the grid",
                         remedy="The layer does not overlap the grid: check its CRS and frame.",
                         remedy_fr="La couche ne recouvre pas la grille : vérifiez son SCR et son cadre.")
        elif np.nanmin(score) < 0 or np.nanmax(score) > 1:
            problems.add("score-range", Severity.REFUSE, field=one.name, expected="scores between 0 and 1",
                         found=f"{np.nanmin(score):g} to {np.nanmax(score):g}",
                         remedy="Turn the measure into a score with a membership (spatial.memberships).",
                         remedy_fr="Transformez la mesure en note par une appartenance (spatial.memberships).")
        if not one.weight >= 0 or names.count(one.name) > 1:
            problems.add("criterion", Severity.REFUSE, field=one.name, found=f"weight {one.weight}, named "
                         f"{names.count(one.name)} times", expected="a weight of 0 or more, each name once",
                         remedy="Mend the criterion in the scenario.", remedy_fr="Corrigez le critère du scénario.")
    total = sum(one.weight for one in criteria)
    if not abs(total - 1) <= WEIGHT_SUM:
        problems.add("weights-sum", Severity.REFUSE, field="weights", found=f"{total:g} together", expected="1",
                     remedy="Divide each weight by their sum, or take them from comparisons (spatial.ahp).",
                     remedy_fr="Divisez chaque poids par leur somme, ou tirez-les de comparaisons (spatial.ahp).")
    problems.stop()
