"""Geometry as SVG on paper: layers clipped to a window, shapes of the style, no text (the page sets that)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from gis_planner.maps.atlas.window import Window
from gis_planner.maps.safe import xml
from gis_planner.maps.style import LayerStyle, Style

MM_PER_PX = 0.2
"""The style gives sizes in pixels of the web map; on paper a pixel of it is this many mm."""

_TOLERANCE_MM = 0.1


def svg(view: Window, parts: Iterable[str]) -> str:
    """The parts as one SVG picture of the window's size, 1 unit = 1 mm."""
    size = f"{view.width_mm:g}", f"{view.height_mm:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}mm" height="{size[1]}mm"'
        f' viewBox="0 0 {size[0]} {size[1]}">'
        f'<clipPath id="page"><rect width="{size[0]}" height="{size[1]}"/></clipPath>'
        f'<rect width="{size[0]}" height="{size[1]}" fill="#fbfaf6"/><g clip-path="url(#page)">'
        f"{''.join(parts)}</g>"
        f'<rect width="{size[0]}" height="{size[1]}" fill="none" stroke="#1b1b1b" stroke-width="0.3"/></svg>'
    )


def layer_svg(view: Window, shapes: np.ndarray, look: LayerStyle, style: Style) -> str:
    """One layer (shapes in metres) within the window; empty when nothing of it lies there."""
    near = visible(view, shapes)
    if not len(near):
        return ""
    if look.kind in {"point", "dots"}:
        at = view.to_mm(shapely.get_coordinates(shapely.centroid(near)))
        return "".join(mark(x, y, look, style) for x, y in at)
    return path(view, near, look.colour, max(look.width * MM_PER_PX, 0.15), look.dash,
                look.fill or None if look.kind == "area" else None)


def visible(view: Window, shapes: np.ndarray) -> np.ndarray:
    """The shapes in metres, clipped to a little more than the window; those outside are left out."""
    if not len(shapes):
        return shapes
    west, south, east, north = view.bounds_m
    edge = (east - west) * 0.02
    box = shapely.box(west - edge, south - edge, east + edge, north + edge)
    near = np.array(shapes[shapely.intersects(shapes, box)])
    flat = shapely.get_dimensions(near) > 0
    near[flat] = shapely.intersection(near[flat], box)
    return np.asarray(near[~shapely.is_empty(near)])


def path(
    view: Window, shapes: np.ndarray, colour: str, width_mm: float, dash: str = "", fill: float | None = None
) -> str:
    """Lines, or areas when `fill` (opacity) is given, as one SVG path. dash: pixels of the web style."""
    simple = shapely.simplify(shapes, _TOLERANCE_MM / view.mm_per_m)
    drawn = []
    for part in shapely.get_parts(simple):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part] if "Line" in part.geom_type else []
        for ring in rings:
            at = view.to_mm(shapely.get_coordinates(ring))
            drawn.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in at) + ("Z" if fill is not None else ""))
    if not drawn:
        return ""
    dashes = " ".join(f"{float(step) * MM_PER_PX:g}" for step in dash.split())
    inside = f'fill="{xml(colour)}" fill-opacity="{fill:g}"' if fill else 'fill="none"'
    return (
        f'<path d="{"".join(drawn)}" {inside} stroke="{xml(colour)}" stroke-width="{width_mm:g}"'
        f' stroke-linejoin="round" stroke-linecap="{"butt" if dashes else "round"}"'
        + (f' stroke-dasharray="{dashes}"' if dashes else "") + "/>"
    )


def mark(x_mm: float, y_mm: float, look: LayerStyle, style: Style, *, size_mm: float | None = None) -> str:
    """The shape of a layer's style at a place, white around its edge so that neighbours stay apart."""
    size = size_mm or (1.0 if look.kind == "dots" else max(look.size * MM_PER_PX, 1.6))
    scale = size / 24
    outline = style.shapes.get(look.shape, style.shapes["circle"])
    rule = ' fill-rule="evenodd"' if look.shape == "ring" else ""
    return (
        f'<path d="{xml(outline)}" transform="translate({x_mm - size / 2:.2f} {y_mm - size / 2:.2f})'
        f' scale({scale:.4f})" fill="{xml(look.colour)}"{rule} stroke="#ffffff" stroke-width="{0.25 / scale:.2f}"'
        f' paint-order="stroke"/>'
    )


def numbered(x_mm: float, y_mm: float, colour: str, size_mm: float) -> str:
    """A filled disc for a number (the page sets the number)."""
    return (
        f'<circle cx="{x_mm:.2f}" cy="{y_mm:.2f}" r="{size_mm / 2:g}" fill="{xml(colour)}" stroke="#ffffff"'
        ' stroke-width="0.35"/>'
    )


def arrows(line_mm: np.ndarray, colour: str, every_mm: float = 22.0) -> str:
    """Small arrow heads along a line on paper, in the direction of travel."""
    steps = np.diff(line_mm, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    out, due = [], every_mm / 2
    for start, step, length in zip(line_mm[:-1], steps, lengths, strict=True):
        along = due
        while along <= length and length > 0:
            x, y = start + step * (along / length)
            angle = np.degrees(np.arctan2(step[1], step[0]))
            out.append(f'<path d="M-1.1 -1L1.3 0L-1.1 1Z" transform="translate({x:.2f} {y:.2f}) rotate({angle:.1f})"'
                       f' fill="{xml(colour)}" stroke="#ffffff" stroke-width="0.15"/>')
            along += every_mm
        due = along - length
    return "".join(out)
