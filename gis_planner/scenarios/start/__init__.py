"""The first scenario of a new region: a base with every programme, and a scenario that asks for what villages allow."""

from __future__ import annotations

from importlib.resources import files


def first_scenario(slug: str) -> dict[str, str]:
    """Texts by file name, to stand beside the region's catalog.toml: `base.toml` and `<slug>-plan.toml`."""
    folder = files("gis_planner.scenarios.start")
    return {target: folder.joinpath(name).read_text(encoding="utf-8")
            for target, name in (("base.toml", "base.toml"), (f"{slug}-plan.toml", "plan.toml"))}
