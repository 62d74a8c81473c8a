"""pictures/*.png: one picture per crew-day and per village, 1080 pixels wide, for messengers."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from gis_planner.maps.atlas.chart import villages
from gis_planner.maps.atlas.document import common_values, compiled
from gis_planner.maps.atlas.ground import Ground
from gis_planner.maps.atlas.sheets import Values, crew_day_sheet, village_sheet
from gis_planner.maps.crew_day import crew_days, file_stems
from gis_planner.maps.style import style_in_use
from gis_planner.tables.plan import Plan

WIDTH_PX = 1080
_PPI = 144.0
_COLOURS = 96
_BATCH = 24
"""Pictures set at once: more take memory (about 5 MB each) and no less time."""
_MAP_MM = (170.0, 150.0)
_ZOOM = 1.5


def write_pictures(plan: Plan, folder: Path, *, lang: str = "en") -> None:
    """Write `route-<id>.png` for each crew-day and `village-<id>.png` for each village into `folder`."""
    sheets = picture_sheets(plan, lang)
    if not sheets:
        return
    folder.mkdir(parents=True, exist_ok=True)
    common, names = common_values(plan, lang), list(sheets)
    with ThreadPoolExecutor() as pool:
        for first in range(0, len(names), _BATCH):
            batch = names[first:first + _BATCH]
            pages = compiled("picture.typ", common | {"sheets": [sheets[name] for name in batch]}, "png", _PPI)
            for name, picture in zip(batch, pool.map(small, pages), strict=True):
                (folder / name).write_bytes(picture)


def picture_sheets(plan: Plan, lang: str = "en") -> dict[str, Values]:
    """What each picture says, by file name: crew-days first, then villages."""
    ground, days = Ground(plan, style_in_use()), crew_days(plan, lang)
    sheets: dict[str, Values] = {}
    for day in days:
        sheet = crew_day_sheet(ground, day, lang, width_mm=_MAP_MM[0], height_mm=_MAP_MM[1], zoom=_ZOOM)
        sheets[f"route-{day.file}.png"] = sheet | {"colour": day.colour}
    places = villages(ground)
    stems = file_stems(village.id for village in places)
    for village in places:
        sheets[f"village-{stems[village.id]}.png"] = village_sheet(
            ground, village, days, lang, width_mm=_MAP_MM[0], height_mm=_MAP_MM[1], zoom=_ZOOM)
    return sheets


def small(picture: bytes) -> bytes:
    """A PNG with at most 96 colours: a map loses nothing to the eye and most of its bytes, for a slow network."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG", compress_level=6)
    return out.getvalue()
