"""Where names go on a map so that none covers another, a mark or the edge: greedy over ranked positions.

Positions and their order follow Imhof (1975), "Positioning names on maps": right above first, then right below, left
above, left below, straight right, left, above, below; then the same farther out. A name that fits nowhere is left out
of the map and counted (it stands in the table beside it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
"""DejaVu Sans ships with matplotlib (Bitstream Vera licence): French, Bambara and N'Ko letters."""
PICTURES = Path(__file__).parent / "fonts"
"""Noto Emoji (SIL Open Font Licence 1.1), one weight, single signs only: what DejaVu Sans does not hold."""
FAMILIES = ("DejaVu Sans", "Noto Emoji")
"""Fonts of everything printed, in order: the first that holds a letter gives it."""

_MM_PER_POINT = 25.4 / 72
_LINE = 1.15
_ANCHORS = ((0, -1), (0, 1), (1, -1), (1, 1), (0, 0), (1, 0), (0.5, -1), (0.5, 1))


@dataclass(frozen=True, slots=True)
class Name:
    """A name to place beside a mark. x_mm, y_mm, radius_mm: the mark. weight: the larger the earlier it is placed."""

    text: str
    x_mm: float
    y_mm: float
    radius_mm: float
    size_pt: float
    weight: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A name in its place: top left corner of its box, in mm."""

    name: Name
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def place_names(
    names: Sequence[Name], width_mm: float, height_mm: float, taken: Sequence[tuple[float, float, float, float]] = ()
) -> list[Placed]:
    """The names that found a place, in order of weight, then as given.

    taken: boxes (left, top, right, bottom) in mm that no name may cover (marks, the scale bar).
    """
    boxes = np.array([*taken, *(_mark(name) for name in names)], dtype=float).reshape(-1, 4)
    first = len(taken)
    placed: list[Placed] = []
    for at in sorted(range(len(names)), key=lambda at: (-names[at].weight, at)):
        name = names[at]
        if not (0 <= name.x_mm <= width_mm and 0 <= name.y_mm <= height_mm):
            continue
        wide, high = text_mm(name.text, name.size_pt, bold=name.bold), name.size_pt * _MM_PER_POINT * _LINE
        others = np.delete(boxes, first + at, axis=0)
        spot = _first_free(name, wide, high, others, width_mm, height_mm)
        if spot is not None:
            placed.append(Placed(name, spot[0], spot[1], wide, high))
            boxes = np.vstack([boxes, (spot[0], spot[1], spot[0] + wide, spot[1] + high)])
    return placed


def text_mm(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Width of `text` on paper in mm, from the font's own widths."""
    widths, default = _widths(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))
    signs, _ = _widths(PICTURES / "NotoEmoji-Regular.ttf")
    return sum(widths.get(ord(char), signs.get(ord(char), default)) for char in text) * size_pt * _MM_PER_POINT


def shortened(text: str, limit_mm: float, size_pt: float, *, bold: bool = False) -> str:
    """`text` cut with an ellipsis so that it is at most `limit_mm` wide."""
    if text_mm(text, size_pt, bold=bold) <= limit_mm:
        return text
    kept = text
    while kept and text_mm(f"{kept}…", size_pt, bold=bold) > limit_mm:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _first_free(
    name: Name, wide: float, high: float, others: np.ndarray, width_mm: float, height_mm: float
) -> tuple[float, float] | None:
    for away in (0.4, 1.6, 3.2, 5.0):
        gap = name.radius_mm + away
        for side, level in _ANCHORS:
            flat = level == 0 or side == 0.5
            reach = gap if flat else gap * 0.75
            left = name.x_mm + (reach if side == 0 else -reach - wide if side == 1 else -wide / 2)
            top = name.y_mm - high / 2 + level * (high / 2 + (gap if side == 0.5 else gap * 0.4))
            inside = left >= 0.5 and top >= 0.5 and left + wide <= width_mm - 0.5 and top + high <= height_mm - 0.5
            if inside and not _hits(left, top, left + wide, top + high, others):
                return left, top
    return None


def _hits(left: float, top: float, right: float, bottom: float, boxes: np.ndarray) -> bool:
    if not len(boxes):
        return False
    return bool(((boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)).any())


def _mark(name: Name) -> tuple[float, float, float, float]:
    return (name.x_mm - name.radius_mm, name.y_mm - name.radius_mm, name.x_mm + name.radius_mm,
            name.y_mm + name.radius_mm)


@lru_cache(maxsize=4)
def _widths(file: Path) -> tuple[dict[int, float], float]:
    """Width of each character in em, and of one that the font lacks."""
    with TTFont(file, lazy=True) as font:
        em = font["head"].unitsPerEm
        advance = font["hmtx"].metrics
        return {code: advance[glyph][0] / em for code, glyph in font.getBestCmap().items()}, 0.6
