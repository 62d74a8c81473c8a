"""plan.json, for programs: what was decided and on what it rests."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from collections.abc import Mapping, Set
from enum import Enum
from pathlib import Path

from gis_planner.maps.rows import rounded
from gis_planner.problems import Finding
from gis_planner.tables.plan import Plan

FORMAT = "gis_planner/plan/1"


def plan_facts(plan: Plan) -> dict[str, object]:
    """Everything of the plan but its rows, as plain values of JSON; nothing that differs between equal runs."""
    return {
        "format": FORMAT,
        "name": plan.name, "purpose": _plain(plan.purpose), "region": plan.region, "season": plan.season,
        "version": plan.version, "frame_west_south_east_north": list(plan.frame.as_tuple()),
        "simulated": plan.simulated,
        "figures": {
            figure.key: {key: value for key, value in _members(figure).items() if key != "key"}
            | {"value": rounded(figure.value, figure.unit)} for figure in plan.figures
        },
        "proofs": [_plain(proof) for proof in plan.proofs],
        "assumptions": [_plain(item) for item in sorted(plan.assumptions, key=lambda item: item.key)],
        "norms": [_plain(norm) for norm in sorted(plan.norms, key=lambda norm: norm.id)],
        "inputs": [_plain(layer) for layer in sorted(plan.layers, key=lambda layer: (layer.kind, layer.name))],
        "findings": [_finding(finding) for finding in plan.findings],
        "settings": _plain(plan.settings),
        "curves": {name: [_plain(step) for step in steps] for name, steps in sorted(plan.curves.items())},
        "rows": {name: len(plan.results[name]) for name in sorted(plan.results)},
    }


def write_json(content: object, path: Path) -> None:
    """Write plain values as JSON: keys sorted, UTF-8, LF, a newline at the end, no nan."""
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    path.write_text(_no_lone_surrogates(text) + "\n", encoding="utf-8", newline="\n")


def _finding(finding: Finding) -> dict[str, str]:
    return finding.as_dict()


def _members(item: object) -> dict[str, object]:
    return {field.name: _plain(getattr(item, field.name)) for field in dataclasses.fields(item)}  # type: ignore[arg-type]


def _plain(value: object) -> object:
    """Values of JSON: dataclasses as objects, enums and dates as text, infinities as null, sets sorted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _members(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if hasattr(value, "item") and not isinstance(value, (Mapping, list, tuple)):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime.date, Path)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)


def _no_lone_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
