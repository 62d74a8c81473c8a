"""Layers held against each other: what one says, another must not contradict."""

from __future__ import annotations

from gis_planner.problems import Finding
from gis_planner.tables.layer import Region


def between(region: Region) -> list[Finding]:
    """Findings about pairs of layers of one region."""
    return []
