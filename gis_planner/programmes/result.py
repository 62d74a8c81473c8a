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
    """Result tables by name (EPSG:4326), figures, proofs, the curve and what the planner must know."""

    tables: Mapping[str, gpd.GeoDataFrame | pd.DataFrame]
    figures: tuple[Figure, ...] = ()
    proofs: tuple[Proof, ...] = ()
    curve: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
