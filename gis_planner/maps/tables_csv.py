"""tables/*.csv: each result table for programs and for spreadsheets, with the dictionary of its columns beside it.

UTF-8 without byte order mark, comma, LF, heads are the column names of `tables.results`. Text that a spreadsheet
would run as a formula gets an apostrophe in front; `unguarded` takes it off again.
"""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

from gis_planner.maps import safe
from gis_planner.maps.rows import Value, decimals, result_rows
from gis_planner.tables.column import Column, Table
from gis_planner.tables.plan import Plan, Words

_README = Words(
    en="""Result tables of the plan {name}.

UTF-8, comma, one head line; a missing value is an empty cell; flags are true or false; dates are YYYY-MM-DD.
A text that begins like a formula (= + - @ or a control character) has an apostrophe (') in front, so that no
spreadsheet runs it. To read it back take off one apostrophe where the text after all its apostrophes would be guarded.
Numbers are never changed. latitude and longitude are WGS 84 (EPSG:4326); lines are in plan.gpkg.
""",
    fr="""Tables de résultats du plan {name}.

UTF-8, virgule, une ligne d'en-tête ; une valeur absente est une cellule vide ; oui/non s'écrit true ou false ; les
dates sont AAAA-MM-JJ. Un texte qui commence comme une formule (= + - @ ou un caractère de contrôle) est précédé d'une
apostrophe ('), pour qu'aucun tableur ne l'exécute. Pour le relire, ôtez une apostrophe là où le texte qui suit toutes
ses apostrophes serait protégé. Les nombres ne sont jamais changés. latitude et longitude sont en WGS 84 (EPSG:4326) ;
les lignes sont dans plan.gpkg.
""",
)
_SIMULATED = Words(
    "Some of the data behind these tables is SIMULATED: not for decisions about real villages.",
    "Une partie des données de ces tables est SIMULÉE : ne pas décider pour de vrais villages.",
)


def write_tables(plan: Plan, folder: Path, *, lang: str = "en") -> None:
    """Write one CSV per result table of the plan into `folder`, and README.txt with what each column means."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [_README.in_lang(lang).format(name=safe.text(plan.name))]
    lines += [_SIMULATED.in_lang(lang) + "\n"] if plan.simulated else []
    for name, (table, rows) in result_rows(plan).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.names)
            for row in rows[table.names].itertuples(index=False, name=None):
                writer.writerow([written(value, column) for value, column in zip(row, table.columns, strict=True)])
        lines.append(_meanings(table, f"{name}.csv", lang))
    (folder / "README.txt").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def written(value: Value, column: Column) -> str:
    """One value as a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        places = decimals(column)
        return f"{value:.{places}f}" if places is not None else f"{value:.6g}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet runs; `unguarded` gives it back (control characters as pictures)."""
    clean = safe.text(text)
    return f"'{clean}" if _dangerous(clean.lstrip("'")) else clean


def unguarded(text: str) -> str:
    """The text that `guarded` made safe."""
    return text[1:] if text.startswith("'") and _dangerous(text.lstrip("'")) else text


def _dangerous(text: str) -> bool:
    return safe.cell(text) != text


def _meanings(table: Table, file: str, lang: str) -> str:
    """One line per column: name, unit, meaning."""
    head = f"{file}: {table.label_fr if lang == 'fr' else table.label}"
    lines = [
        f"  {column.name}{f' ({column.unit})' if column.unit else ''}: "
        f"{column.label_fr if lang == 'fr' else column.meaning}" for column in table.columns
    ]
    return "\n".join([head, *lines, ""])
