"""The comparison's tables as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from gis_planner.maps import safe
from gis_planner.maps.tables_csv import guarded
from gis_planner.maps.workbook import EPOCH, OPTIONS
from gis_planner.tables.plan import Words

_SHEETS = {
    "figures": Words("Figures", "Chiffres"), "villages": Words("Villages", "Villages"),
    "sites": Words("Sites", "Sites"),
}
_HEADS = {
    "key": Words("Key", "Clé"), "programme": Words("Programme", "Programme"), "label": Words("Figure", "Chiffre"),
    "unit": Words("Unit", "Unité"), "village_id": Words("Village id", "Id du village"),
    "village": Words("Village", "Village"), "people": Words("People", "Habitants"),
    "served_today": Words("Served today", "Servis aujourd'hui"), "latitude": Words("Latitude", "Latitude"),
    "longitude": Words("Longitude", "Longitude"), "table": Words("Table", "Table"), "id": Words("Id", "Id"),
    "chosen_by": Words("Chosen by", "Retenu par"), "chosen_by_all": Words("Chosen by all", "Retenu par tous"),
}


def write_comparison_csv(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """compare.csv (villages) beside compare_figures.csv and compare_sites.csv, guarded like every table."""
    for name, table in tables.items():
        stem = "compare" if name == "villages" else f"compare_{name}"
        lines = [",".join(_quoted(guarded(str(head))) for head in table.columns)]
        lines += [",".join(_quoted(_cell(value)) for value in row) for row in table.itertuples(index=False, name=None)]
        (folder / f"{stem}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_comparison_workbook(tables: Mapping[str, pd.DataFrame], path: Path, *, lang: str = "en") -> None:
    """compare.xlsx: one sheet per table, heads frozen and filtered, losses in red and gains in blue."""
    book = xlsxwriter.Workbook(str(path), OPTIONS)
    book.set_properties({"created": EPOCH, "title": "gis_planner"})
    head = book.add_format({"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF", "text_wrap": True,
                            "valign": "top"})
    number = book.add_format({"num_format": "#,##0.##"})
    change = book.add_format({"num_format": "[Color5]+#,##0.##;[Red]-#,##0.##;0"})
    for name, table in tables.items():
        sheet = book.add_worksheet(_SHEETS[name].in_lang(lang))
        for at, column in enumerate(table.columns):
            words = _HEADS.get(str(column))
            sheet.write_string(0, at, words.in_lang(lang) if words else safe.text(column), head)
            style = change if " - " in str(column) else number
            for row, value in enumerate(table[column], start=1):
                if pd.isna(value):
                    continue
                if isinstance(value, (bool, np.bool_, str)):
                    sheet.write_string(row, at, _shown(value, lang))
                else:
                    sheet.write_number(row, at, float(value), style)
        sheet.set_column(0, len(table.columns) - 1, 18)
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    book.close()


def _shown(value: object, lang: str) -> str:
    if isinstance(value, str):
        return safe.text(value)
    return (Words("yes", "oui") if value else Words("no", "non")).in_lang(lang)


def _cell(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).lower() if isinstance(value, (bool, np.bool_)) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text
