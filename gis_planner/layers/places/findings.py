"""The villages layer reconciled with the other layers of a region, and findings for the villages concerned."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np

from gis_planner.crs import Frame
from gis_planner.layers.places.moving import DOUBTFUL, KEPT, reconcile
from gis_planner.problems import Finding, Severity

_REMEDY = "Check it on the map; take place_villages_by out of catalog.toml to keep the gazetteer's points."
_REMEDY_FR = "Vérifiez sur la carte ; gardez les points du répertoire en ôtant place_villages_by de catalog.toml."
_VISIT = "Take a GPS point in this village, or add layers in which it appears, before anything is decided for it."
_VISIT_FR = "Prenez un point GPS dans ce village, ou ajoutez des couches où il figure, avant de décider pour lui."


def reconcile_layers(
    villages: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    frame: Frame,
    *,
    file: str = "",
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """The villages table moved to where `layers` say, and what was done, village by village.

    villages: the layer's table (`village_id`, `name`, perhaps `commune`). layers: kind -> table, those that
    `place_villages_by` of the catalogue names. file: the villages' file, for the findings. The table comes back with
    the columns of `reconcile`. Findings: a repair `village-moved` for each village that moved, a note
    `village-place-doubtful` for each whose place nothing settles, in the order of the rows.
    """
    parent = "commune" if "commune" in villages.columns else None
    out = reconcile(villages, layers, frame=frame, parent=parent)
    found = []
    for label, row in zip(out.index, out.to_dict("records"), strict=True):
        where = str(row.get("village_id", label))
        if row["shift_m"] > 0:
            found.append(_moved(file, where, row))
        if row["verdict"] == DOUBTFUL or (row["verdict"] == KEPT and row["evidence_count"] == 0):
            found.append(_doubtful(file, where, row))
    return out, found


def _moved(file: str, where: str, row: Mapping[str, object]) -> Finding:
    return Finding(
        "village-moved",
        Severity.REPAIR,
        f"{row['name']}: moved {row['shift_m']:.0f} m to {row['evidence']}; doubt {row['doubt_m']:.0f} m",
        "a village where its school, wells and houses stand",
        _REMEDY,
        _REMEDY_FR,
        file,
        where,
        "geometry",
    )


def _doubtful(file: str, where: str, row: Mapping[str, object]) -> Finding:
    doubt = row["doubt_m"]
    known = isinstance(doubt, float) and np.isfinite(doubt)
    return Finding(
        "village-place-doubtful",
        Severity.NOTE,
        f"{row['name']}: {row['evidence']}" + (f"; it lies within {doubt:.0f} m 8 times of 10" if known else ""),
        "evidence that settles where the village is",
        _VISIT,
        _VISIT_FR,
        file,
        where,
        "geometry",
    )
