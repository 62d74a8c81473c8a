"""Tables on the page: readable as they are, sorted and filtered by the page's script, rows tied to the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gis_planner.maps import safe
from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el
from gis_planner.maps.web.layers import heading
from gis_planner.maps.web.numbers import is_missing, plain
from gis_planner.maps.words import word
from gis_planner.tables.column import Column, Table


@dataclass(frozen=True, slots=True)
class Head:
    """One column head: its text and whether it holds numbers (set right)."""

    text: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: cells as text or HTML, attributes of the row, and a button or nothing beside the first cell."""

    cells: Sequence[object]
    attributes: Mapping[str, object]
    beside: Html | None = None


def _cell(head: Head, text: object, first: bool, beside: Html | None) -> Html:
    kind = "n" if head.numeric else "wide" if head.wide else None
    if first:
        return el("th", text, beside, scope="row", class_=kind)
    return el("td", text, class_=kind)


def table_box(caption: str, heads: Sequence[Head], lines: Sequence[Line], lang: str, *, tools: bool = True,
              chosen: bool = False, chosen_words: str = "", kind: str = "") -> Html:
    """A captioned table; with `tools` it sorts and filters, with `chosen` a box hides rows marked `data-off`."""
    top = [el("th", el("button", head.text, type="button") if tools else head.text, scope="col",
              class_="n" if head.numeric else None) for head in heads]
    body = [el("tr", [_cell(head, cell, at == 0, line.beside) for at, (head, cell) in
                      enumerate(zip(heads, line.cells, strict=True))], **line.attributes) for line in lines]
    table = el("div", el("table", el("caption", caption), el("thead", el("tr", top)), el("tbody", body), class_=kind or
                         None), class_="scroll", tabindex=0, role="region", aria_label=caption)
    if not tools:
        return table
    return el("div", el(
        "div", el("label", word("filter", lang), " ", el("input", type="search", autocomplete="off")),
        el("label", el("input", type="checkbox"), " ", chosen_words or word("only_chosen", lang)) if chosen else None,
        el("span", class_="count quiet", aria_live="polite", data_text=word("rows_shown", lang)), class_="table-tools"),
        table, class_="table-box")


def pin() -> Html:
    """The target drawn on buttons that move the map; `pin_shape` puts its form on the page once."""
    return el("svg", el("use", href="#pin"), class_="pin", viewBox="0 0 24 24", aria_hidden="true")


def pin_shape() -> Html:
    """The form of `pin`, once per page."""
    form = el("path", d="M12 5a7 7 0 1 1 0 14a7 7 0 1 1 0-14M12 1v7M12 16v7M1 12h7M16 12h7")
    return el("svg", el("symbol", form, id="pin", viewBox="0 0 24 24"), class_="sr", aria_hidden="true")


def _wanted(table: Table, rows: pd.DataFrame, lang: str) -> list[Column]:
    """The columns that hold something and are in the reader's language."""
    other = "_en" if lang == "fr" else "_fr"
    return [column for column in table.columns if not column.name.endswith(other) and column.name in rows
            and rows[column.name].notna().any()]


def most_rows(table: Table, rows: pd.DataFrame, most: int, cells: int, lang: str) -> int:
    """How many rows a page shows: at most `most`, fewer when they would make more than `cells` cells."""
    return min(most, max(cells // max(len(_wanted(table, rows, lang)), 1), 1))


def _order(rows: pd.DataFrame) -> pd.DataFrame:
    if "chosen" not in rows:
        return rows
    keys = rows.assign(_off=~rows["chosen"].fillna(False).astype(bool))
    by = ["_off", *(["rank"] if "rank" in rows else [])]
    return keys.sort_values(by, kind="stable").drop(columns="_off")


def result_table(table: Table, rows: pd.DataFrame, lang: str, most: int, layers: Sequence[str] = ()) -> Html:
    """A result table, chosen rows first, at most `most` of them. layers: keys of the map layers that hold its rows."""
    columns = _wanted(table, rows, lang)
    heads = [Head(heading(table, column.name, lang), column.kind in {"integer", "number"},
                  column.name.startswith(("reason", "task"))) for column in columns]
    part = _order(rows).head(most)
    texts = [[plain(value, lang, column) for value in part[column.name]] for column in columns]
    chosen = part["chosen"].fillna(False).astype(bool).tolist() if "chosen" in part else [True] * len(part)
    lines = []
    for at, cells in enumerate(zip(*texts, strict=True)):
        row = part.iloc[at]
        off = None if chosen[at] else "off"
        beside = _go(row, table.key, layers, chosen[at], lang)
        lines.append(Line(cells, {"class_": off, "data_off": None if chosen[at] else 1}, beside))
    caption = f"{table.label_fr if lang == 'fr' else table.label} ({plain(len(rows), lang)})"
    return table_box(caption, heads, lines, lang, chosen=not all(chosen))


def _go(row: pd.Series, key: str, layers: Sequence[str], chosen: bool, lang: str) -> Html | None:
    if "latitude" not in row or is_missing(row["latitude"]) or is_missing(row["longitude"]):
        return None
    layer = layers[0] if layers and (chosen or len(layers) == 1) else layers[-1] if layers else ""
    village = safe.text(row["village_id"]) if "village_id" in row and not is_missing(row["village_id"]) else None
    return el("button", pin(), type="button", class_="go", title=word("see_on_map", lang),
              aria_label=word("see_on_map", lang), data_go=f"{layer}/{safe.text(row[key])}", data_village=village,
              data_at=f"{float(row['latitude']):.6f} {float(row['longitude']):.6f}")
