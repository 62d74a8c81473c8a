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


def _axes(across: list[float], up: list[float], lang: str, place: tuple[float, float, float, float]) -> Html:
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


def curve(steps: Sequence[Step], lang: str, style: Style, title: str, plot_id: str) -> Html:
    """People gained over money spent, step by step: each dot is one action of the plan."""
    million = [step.cost_fcfa / 1e6 for step in steps]
    people = [step.people for step in steps]
    across, up = ticks(max(million, default=0)), ticks(max(people, default=0))
    left, top, width, height = 56.0, 22.0, 290.0, 170.0
    xs = [round(left + width * value / across[-1], 1) for value in million]
    ys = [round(top + height - height * value / up[-1], 1) for value in people]
    line = f"M{left} {top + height}" + "".join(f"H{x}V{y}" for x, y in zip(xs, ys, strict=True))
    dots = [el("circle", el("title", f"{step.label}: {number(step.people, lang)}"), cx=x, cy=y, r=2.6,
               fill=style.colours["gain"]) for step, x, y in zip(steps[:400], xs, ys, strict=False)]
    return el(
        "svg", el("title", title, id=f"{plot_id}-t"), _axes(across, up, lang, (left, top, width, height)),
        el("path", d=line, fill="none", stroke=style.colours["gain"], stroke_width=2), dots,
        el("text", word("gained_axis", lang), x=4, y=12),
        el("text", word("cost_axis", lang), x=left + width, y=top + height + 32, text_anchor="end"),
        viewBox="0 0 360 230", class_="plot", role="img", aria_labelledby=f"{plot_id}-t")
