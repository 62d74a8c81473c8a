"""What a programme gives back, before the scenario adds it to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from gis_planner.problems import Finding
from gis_planner.tables.plan import Figure, Proof, Step


@dataclass(frozen=True)
class Outcome:
    """Result tables by name (EPSG:4326), figures, proofs, curves and what the planner must know.

    curve: people by each next franc. curves: other curves by name, beside it.
    """

    tables: Mapping[str, gpd.GeoDataFrame | pd.DataFrame]
    figures: tuple[Figure, ...] = ()
    proofs: tuple[Proof, ...] = ()
    curve: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    curves: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
