"""What a plan does in one village, item by item: the rows of a village's sheet and the numbers on its map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gis_planner.maps import safe
from gis_planner.maps.atlas.ground import Ground, Row
from gis_planner.maps.atlas.words import decimal, say, whole
from gis_planner.maps.words import value_word
from gis_planner.tables.vocabulary import dose_word

Say = Callable[[Row, str], str]


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing to do at one place. what, detail: in the reader's language; cost_fcfa: None when it has none here."""

    table: str
    id: str
    what: str
    detail: str
    reason: str
    cost_fcfa: float | None
    longitude: float
    latitude: float


def planned_in(ground: Ground, village_id: str, lang: str) -> list[Planned]:
    """Everything chosen for a village: water, latrines, nets, larval habitats, in that order."""
    return [item for table in _KINDS for _, item in chosen(ground, table, lang, village_id=village_id)]


def chosen(ground: Ground, table: str, lang: str, **wanted: object) -> list[tuple[Row, Planned]]:
    """Everything chosen of one table whose columns hold the wanted values, with its row."""
    key, flagged, detail = _KINDS[table]
    rows = ground.rows(table, **wanted, **({"chosen": True} if flagged else {}))
    return [(row, _planned(table, key, row, detail(row, lang), lang)) for row in rows]


def elsewhere(ground: Ground, village_id: str, lang: str) -> list[str]:
    """What the plan does for a village at places of other villages, and the homes that no net point reaches."""
    lines, homes, villages = [], ground.rows("net_households", village_id=village_id), dict[str, list[Row]]()
    points = {str(row["point_id"]): row for row in ground.rows("net_points")}
    for row in homes:
        point = points.get(str(row["point_id"] or ""))
        if row["point_id"] is None:
            villages.setdefault("", []).append(row)
        elif point is not None and point["village_id"] != village_id:
            villages.setdefault(f"{safe.text(point['village'])} ({safe.text(row['point_id'])})", []).append(row)
    for place, rows in sorted(villages.items()):
        parts = {"nets": whole(sum(row["nets"] for row in rows), lang),
                 "households": whole(sum(row["households"] for row in rows), lang)}
        walk = decimal(max(row["walk_m"] or 0 for row in rows), 0, lang)
        lines.append(say("elsewhere_nets", lang, places=place, m=walk, **parts) if place
                     else say("no_point", lang, **parts))
    for row in ground.rows("villages", village_id=village_id):
        more = float(row["served_after"]) - float(row["served_today"])
        if more >= 1 and not ground.rows("wells", village_id=village_id, chosen=True):
            lines.append(say("elsewhere_water", lang, people=whole(more, lang)))
    return lines


def _planned(table: str, key: str, row: Row, detail: str, lang: str) -> Planned:
    action = value_word(str(row["action"]), lang) if "action" in row else ""
    what = f"{say(table, lang)}{_colon(lang)} {action}" if action else say(table, lang)
    return Planned(
        table, str(row[key]), what, detail, str(row.get(f"reason_{lang}") or ""), row.get("cost_fcfa"),
        float(row["longitude"]), float(row["latitude"]),
    )


def _colon(lang: str) -> str:
    return "\u00a0:" if lang == "fr" else ":"


def _well(row: Row, lang: str) -> str:
    return say("well_detail", lang, people=whole(row["people_expected"], lang),
               chance=decimal(100 * row["success_probability"], 0, lang))


def _latrine(row: Row, lang: str) -> str:
    far = row["nearest_water_point_m"]
    return say("latrine_detail" if far is not None else "latrine_detail_dry", lang,
               n=whole(row["toilets_planned"], lang), people=whole(row["people"], lang),
               group=value_word(row["group_kind"], lang), m=decimal(far, 0, lang))


def _net_point(row: Row, lang: str) -> str:
    return say("net_detail", lang, nets=whole(row["nets"], lang), bales=whole(row["bales"], lang),
               households=whole(row["households"], lang), m=whole(row["walk_max_m"], lang))


def _site(row: Row, lang: str) -> str:
    return say("site_detail", lang, habitat=value_word(row["habitat_type"], lang), product=row["product"],
               area=decimal(row["area_m2"], 0, lang), dose=dose_word(float(row["dose_kg"]), lang),
               minutes=decimal(row["work_min"], 0, lang))


_KINDS: dict[str, tuple[str, bool, Say]] = {
    "wells": ("action_id", True, _well),
    "latrines": ("latrine_site_id", True, _latrine),
    "net_points": ("point_id", False, _net_point),
    "larviciding_sites": ("site_id", True, _site),
}
