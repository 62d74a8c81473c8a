"""Plots as inline SVG and tables: readable without colour, by a screen reader, on a phone and on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import word
from gis_planner.tables.plan import Step


def hatches(style: Style) -> Html:
    """The patterns that bars use beside their colours; once per page."""
    lines = el("path", d="M-2 8L8 -2M2 12L12 2", stroke="#ffffff", stroke_width=2.2)
    return el("svg", el("defs", el(
        "pattern", el("rect", width=10, height=10, fill=style.colours["gain"]), lines, id="hatch-gain", width=10,
        height=10, patternUnits="userSpaceOnUse")), width=0, height=0, aria_hidden="true", class_="sr")


_STROKES = ("", "M0 0L10 10M10 0L0 10", "M0 5H10", "M-2 8L8 -2M2 12L12 2", "M5 0V10")


def hatched(name: str, colour: str, at: int) -> Html:
    """A pattern `name` of a colour with the strokes number `at`, so that parts are told apart without colour."""
    stroke = _STROKES[at % len(_STROKES)]
    return el("pattern", el("rect", width=10, height=10, fill=colour),
              el("path", d=stroke, stroke="#1b1b1b", stroke_width=0.9, fill="none") if stroke else None, id=name,
              width=10, height=10, patternUnits="userSpaceOnUse")


def _segment(x: float, width: float, fill: str, stroke: str) -> Html:
    return el("rect", x=round(x, 2), y=1, width=round(max(width, 0), 2), height=14, fill=fill, stroke=stroke,
              stroke_width=0.6)


def bar(parts: Sequence[tuple[float, str]], whole: float, style: Style) -> Html:
    """One stacked bar of `whole`: (amount, fill) from the left; Its numbers stand beside it."""
    scale, x, out = 300 / max(whole, 1), 0.0, []
    for amount, fill in parts:
        out.append(_segment(x, amount * scale, fill, style.colours["ink"]))
        x += amount * scale
    return el("svg", out, viewBox="0 0 300 16", preserveAspectRatio="none", aria_hidden="true")


def bar_key(style: Style, lang: str) -> Html:
    """What the three parts of a service bar mean."""
    parts = ((style.colours["today"], "served_today"), ("url(#hatch-gain)", "gained"),
             (style.colours["lack"], "not_served"))
    return el("ul", [el("li", el("svg", el("rect", x=1, y=1, width=26, height=14, fill=fill,
                                           stroke=style.colours["ink"], stroke_width=0.8), width=28, height=16,
                                 aria_hidden="true"), word(key, lang)) for fill, key in parts], class_="key")


def ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from 0 to at least `top`: steps of 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    return [round(step * at, 10) for at in range(math.ceil(top / step - 1e-9) + 1)]


def axes(across: list[float], up: list[float], lang: str, place: tuple[float, float, float, float]) -> Html:
    """Grid lines and numbers of a plot at `place` (left, top, width, height)."""
    left, top, width, height = place
    out = []
    for value in up:
        y = round(top + height - height * value / up[-1], 1)
        out += [el("line", x1=left, x2=left + width, y1=y, y2=y, stroke="#d5d0c6"),
                el("text", number(value, lang), x=left - 6, y=y + 4, text_anchor="end")]
    for value in across:
        x = round(left + width * value / across[-1], 1)
        out += [el("line", x1=x, x2=x, y1=top + height, y2=top + height + 4, stroke="#1b1b1b"),
                el("text", number(value, lang), x=x, y=top + height + 17, text_anchor="middle")]
    return join(*out)


_DASHES = ("", "7 4", "2 4")


def _line_colour(at: int, style: Style) -> str:
    return style.colours["gain"] if at == 0 else style.colours["loss"] if at == 1 else style.colours["quiet"]


def _line_key(names: Sequence[str], style: Style) -> Html:
    return el("ul", [el("li", el("svg", el("line", x1=1, x2=35, y1=8, y2=8, stroke=_line_colour(at, style),
                                           stroke_width=2.5, stroke_dasharray=_DASHES[min(at, 2)] or None),
                                 width=36, height=16, aria_hidden="true"), name) for at, name in enumerate(names)],
              class_="key")


def curve(lines: Sequence[tuple[str, Sequence[Step]]], lang: str, style: Style, title: str, plot_id: str) -> Html:
    """People gained over money spent, step by step, for one plan or several: (name, steps), the first in full colour.

    Each dot of the first is one action of the plan; the others are dashed; a key above names them.
    """
    most = max((step.cost_fcfa for _, steps in lines for step in steps), default=0.0) / 1e6
    across, up = ticks(most), ticks(max((step.people for _, steps in lines for step in steps), default=0.0))
    left, top, width, height = 56.0, 22.0, 290.0, 170.0

    def place(step: Step) -> tuple[float, float]:
        return (round(left + width * step.cost_fcfa / 1e6 / across[-1], 1),
                round(top + height - height * step.people / up[-1], 1))

    drawn = []
    for at, (_, steps) in enumerate(lines):
        colour = _line_colour(at, style)
        path = f"M{left} {top + height}" + "".join(f"H{x}V{y}" for x, y in map(place, steps))
        drawn.append(el("path", d=path, fill="none", stroke=colour, stroke_width=2,
                        stroke_dasharray=_DASHES[min(at, 2)] or None))
        if at == 0:
            drawn += [el("circle", el("title", f"{step.label}: {number(step.people, lang)}"), cx=place(step)[0],
                         cy=place(step)[1], r=2.6, fill=colour) for step in steps[:400]]
    return join(_line_key([name for name, _ in lines], style) if len(lines) > 1 else None, el(
        "svg", el("title", title, id=f"{plot_id}-t"), axes(across, up, lang, (left, top, width, height)), drawn,
        el("text", word("gained_axis", lang), x=4, y=12),
        el("text", word("cost_axis", lang), x=left + width, y=top + height + 32, text_anchor="end"),
        viewBox="0 0 360 230", class_="plot", role="img", aria_labelledby=f"{plot_id}-t"))
