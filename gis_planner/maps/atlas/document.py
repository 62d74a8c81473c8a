"""atlas.pdf: the sheets set on A4 by Typst, vector maps, fonts embedded; the same plan, the same bytes."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typst

from gis_planner.maps import safe
from gis_planner.maps.atlas.chart import villages
from gis_planner.maps.atlas.ground import Ground
from gis_planner.maps.atlas.labels import FAMILIES, FONTS, PICTURES, shortened
from gis_planner.maps.atlas.sheets import Values, crew_day_sheet, latrine_sheet, overview_sheet, village_sheet
from gis_planner.maps.atlas.words import bambara, say
from gis_planner.maps.crew_day import crew_days
from gis_planner.maps.rows import natural
from gis_planner.maps.style import style_in_use
from gis_planner.maps.words import print_words
from gis_planner.tables.plan import Plan

_STAMP = 946_684_800
"""2000-01-01: the time that the file says it was made, so that the same plan gives the same bytes."""


def write_atlas(plan: Plan, path: Path, *, lang: str = "en") -> None:
    """Write atlas.pdf: overview and contents, one sheet per village, one per crew-day, where latrines go."""
    path.write_bytes(compiled("atlas.typ", atlas_values(plan, lang), "pdf")[0])


def atlas_values(plan: Plan, lang: str = "en") -> Values:
    """Everything that the atlas says, as plain values for the page template."""
    style = style_in_use()
    ground = Ground(plan, style)
    days = crew_days(plan, lang)
    by_name = sorted(villages(ground), key=lambda village: (natural(village.name), village.id))
    groups: list[tuple[str, list[Values]]] = [
        ("village_sheets", [village_sheet(ground, village, days, lang) for village in by_name]),
        ("crew_day_sheets", [crew_day_sheet(ground, day, lang) for day in days]),
    ]
    sheets = [overview_sheet(ground, lang) | {"label": "sheet-0"}]
    contents: list[Values] = []
    for head, members in groups:
        labelled = [sheet | {"label": f"sheet-{len(sheets) + at}"} for at, sheet in enumerate(members)]
        if labelled:
            items = [{"text": shortened(str(sheet["title"]), 72.0, 8.5), "label": sheet["label"]} for sheet in labelled]
            contents.append({"head": say(head, lang), "items": items})
        sheets += labelled
    latrines = latrine_sheet(ground, lang)
    if latrines is not None:
        sheets.append(latrines | {"label": f"sheet-{len(sheets)}"})
        contents.append({"head": say("latrine_zones", lang), "items": [
            {"text": say("latrine_zones", lang), "label": sheets[-1]["label"]}]})
    return common_values(plan, lang) | {"sheets": sheets, "contents": contents, "bambara": bambara(lang)}


def common_values(plan: Plan, lang: str) -> Values:
    """What every page says: whose it is, title, region, version, the warning of simulated data, the words."""
    style = style_in_use()
    return {
        "organisation": safe.text(style.organisation), "contact": safe.text(style.contact),
        "accent": style.colours["accent"], "notes_lines": style.notes_lines, "fonts": FAMILIES,
        "logo": list(style.logo.png) if style.logo else None,
        "logo_text": safe.text(style.logo.text) if style.logo else "",
        "title": safe.text(plan.name), "region": safe.text(plan.region), "version": safe.text(plan.version),
        "lang": lang, "simulated": say("simulated", lang) if plan.simulated else "",
        "words": {key: say(key, lang) for key in print_words()},
    }


def compiled(template: str, values: Values, kind: Literal["pdf", "png"], ppi: float = 144.0) -> list[bytes]:
    """A template of this folder set with the values: one `pdf`, or one `png` per page at `ppi` dots per inch."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (template, "map.typ"):
            text = files("gis_planner.maps.atlas").joinpath(file).read_text(encoding="utf-8")
            (folder / file).write_text(text, encoding="utf-8")
        (folder / "data.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        made = typst.compile(
            str(folder / template), root=str(folder), font_paths=[str(FONTS), str(PICTURES)],
            ignore_system_fonts=True, format=kind, ppi=ppi, timestamp=_STAMP,
        )
    return made if isinstance(made, list) else [made]
