"""A plan as it leaves the scenario room and enters the map room: result tables, base layers, figures and their proof.

Every text that a person reads comes in English and French. Nothing here reads, decides or draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from gis_planner.crs import Frame
from gis_planner.problems import Finding
from gis_planner.tables.column import Origin


@dataclass(frozen=True, slots=True)
class Words:
    """One text in English and French."""

    en: str
    fr: str

    def in_lang(self, lang: str) -> str:
        """The text in `lang` (`en` or `fr`)."""
        return self.fr if lang == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the decision: `wells.people_served_after`, 12,345 people.

    programme: `wells`, ... or `all`. headline: belongs to the first lines of the report.
    """

    key: str
    programme: str
    label: Words
    value: float
    unit: str
    headline: bool = False
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """How good a choice is known to be: its value, its bound, and whether it is proven optimal.

    bound is None when no bound is known; gap is (bound - value) / bound for a value that is maximised.
    """

    programme: str
    objective: Words
    value: float
    bound: float | None
    gap: float | None
    proven: bool
    stopped_by: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One setting as it was used. set_by: `scenario`, `default` or `layer`; source: the norm or the file behind it."""

    key: str
    meaning: Words
    value: str
    unit: str
    set_by: str
    source: str = ""
    effect: Words | None = None


@dataclass(frozen=True, slots=True)
class NormCited:
    """A norm that the plan used."""

    id: str
    value: float
    unit: str
    source: str
    edition: str
    section: str
    checked: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LayerUsed:
    """One input layer: where it comes from, what may be done with it, how good it is.

    sha256: digest of its content, whatever the order of its rows.
    """

    name: str
    kind: str
    file: str
    licence: str
    source: str
    date: str
    origin: Origin
    sha256: str
    rows: int
    set_aside: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the curve "people served by each next franc"."""

    cost_fcfa: float
    people: float
    label: str


@dataclass(frozen=True)
class Plan:
    """Everything a run found, ready to be written.

    results: by name of `tables.results.RESULTS`; geometry in EPSG:4326. base: input layers to draw, EPSG:4326, by kind.
    settings: the checked settings as plain values. curves: by programme.
    """

    name: str
    purpose: Words
    region: str
    frame: Frame
    season: str
    version: str
    results: Mapping[str, gpd.GeoDataFrame | pd.DataFrame]
    base: Mapping[str, gpd.GeoDataFrame]
    figures: tuple[Figure, ...]
    proofs: tuple[Proof, ...]
    assumptions: tuple[Assumption, ...]
    norms: tuple[NormCited, ...]
    layers: tuple[LayerUsed, ...]
    findings: tuple[Finding, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    curves: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether any layer behind the plan is simulated."""
        return any(layer.origin is Origin.SIMULATED for layer in self.layers)

    def figure(self, key: str) -> Figure:
        """The figure of that key; KeyError when the plan has none."""
        for figure in self.figures:
            if figure.key == key:
                return figure
        raise KeyError(key)
