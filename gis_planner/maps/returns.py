"""The columns that a field team fills in and sends back with plan.xlsx, by result table, and what each may hold."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gis_planner.tables.plan import Words


@dataclass(frozen=True, slots=True)
class ReturnColumn:
    """One column that comes back. name: as a program reads it; label: the head in the sheet.

    choices: the vocabulary, each with the word that stands in the sheet.
    """

    name: str
    kind: Literal["choice", "date", "quantity", "text"]
    label: Words
    choices: Mapping[str, Words] | None = None

    def rule(self, lang: str) -> dict[str, Any] | None:
        """The validation that a spreadsheet applies; None for free text."""
        bad = {"error_title": _WRONG.in_lang(lang), "error_message": _MESSAGES[self.kind].in_lang(lang)}
        if self.kind == "choice" and self.choices:
            return bad | {"validate": "list", "source": [words.in_lang(lang) for words in self.choices.values()]}
        if self.kind == "date":
            return bad | {"validate": "date", "criteria": "between", "minimum": datetime.date(2000, 1, 1),
                          "maximum": datetime.date(2100, 12, 31)}
        if self.kind == "quantity":
            return bad | {"validate": "decimal", "criteria": ">=", "value": 0}
        return None


_WRONG = Words("Not accepted", "Non accepté")
_MESSAGES = {
    "choice": Words("Choose one of the list.", "Choisissez dans la liste."),
    "date": Words("A date, such as 2026-07-31.", "Une date, par exemple 31/07/2026."),
    "quantity": Words("A number, 0 or more.", "Un nombre, 0 ou plus."),
    "text": Words("", ""),
}
DONE = {"yes": Words("yes", "oui"), "partly": Words("partly", "en partie"), "no": Words("no", "non")}
_COMMON = (
    ReturnColumn("done", "choice", Words("Done?", "Fait ?"), DONE),
    ReturnColumn("done_on", "date", Words("Done on", "Fait le")),
)
_REMARK = ReturnColumn("remark", "text", Words("Remark", "Remarque"))
WATER = {
    "good": Words("gives water", "donne de l'eau"), "little": Words("little water", "peu d'eau"),
    "dry": Words("dry", "sec"), "broken": Words("broken", "en panne"),
}

RETURNS: dict[str, tuple[ReturnColumn, ...]] = {
    "wells": (*_COMMON, ReturnColumn("outcome", "choice", Words("Outcome", "Résultat"), WATER), _REMARK),
    "latrines": (*_COMMON, ReturnColumn("quantity_done", "quantity", Words("Cabins built", "Cabines construites")),
                 _REMARK),
    "net_points": (*_COMMON, ReturnColumn("quantity_done", "quantity", Words("Nets given", "Moustiquaires remises")),
                   _REMARK),
    "larviciding_visits": (
        *_COMMON,
        ReturnColumn("quantity_done", "quantity", Words("Larvicide used (kg)", "Larvicide utilisé (kg)")),
        ReturnColumn("larvae", "quantity", Words("Larvae in 10 dips", "Larves en 10 coups de louche")), _REMARK,
    ),
    "stops": (*_COMMON, ReturnColumn("quantity_done", "quantity", Words("Quantity given", "Quantité remise")), _REMARK),
}
"""The return columns by result table."""
