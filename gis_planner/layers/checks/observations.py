"""Larval surveys: dates that belong together, sites that stay where they are, counts that need dips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis_planner.layers.work import Work

_YEARS_FROM_MEDIAN = 6
_EARLIEST = np.datetime64("1980-01-01")
_MOVED_DEGREES = 0.005
_ENOUGH_YEARS = 5
_YEARS_AFTER = 20


def survey_dates(work: Work) -> None:
    """A visit many years from all others, or before such surveys were made, has a wrong date."""
    days = work.values.get("survey_date")
    if days is None:
        return
    known = work.kept & ~np.isnat(days)
    if not known.any():
        return
    middle = np.sort(days[known])[int(known.sum()) // 2]
    with np.errstate(invalid="ignore"):
        apart = np.abs((days - middle).astype("timedelta64[D]").astype(float)) > _YEARS_FROM_MEDIAN * 365.25
    odd = known & (apart | (days < _EARLIEST))
    if odd.any():
        work.rows("date-implausible", [(int(index), str(days[index])) for index in np.flatnonzero(odd)],
                  field=work.mapping.head("survey_date"), middle=str(middle))


def years(work: Work) -> None:
    """A year of construction decades after all others is a slip of the pen: it is left out, the point stays."""
    built = work.values.get("install_year")
    if built is None:
        return
    known = np.flatnonzero(work.kept & np.isfinite(built))
    if known.size < _ENOUGH_YEARS:
        return
    late = known[built[known] > np.percentile(built[known], 90) + _YEARS_AFTER]
    if late.size:
        work.rows("year-implausible", [(int(index), f"{built[index]:g}") for index in late],
                  field=work.mapping.head("install_year"))
        built[late] = np.nan


def site_moved(work: Work) -> None:
    """One site is one place: visits more than about 500 m apart share an id by mistake."""
    if work.shapes is None or "site_id" not in work.values:
        return
    rows = np.flatnonzero(work.kept & np.isfinite(work.longitude))
    if rows.size < 2:
        return
    table = pd.DataFrame({"site": work.values["site_id"][rows], "x": work.longitude[rows], "y": work.latitude[rows],
                          "row": rows})
    spread = table.groupby("site", sort=True).agg(west=("x", "min"), east=("x", "max"), south=("y", "min"),
                                                  north=("y", "max"), row=("row", "first"))
    far = spread[((spread["east"] - spread["west"]) > _MOVED_DEGREES)
                 | ((spread["north"] - spread["south"]) > _MOVED_DEGREES)]
    if len(far):
        work.rows("site-moved", [(int(row), f"visits of {site} more than 500 m apart")
                                 for site, row in far["row"].items()], field=work.mapping.head("site_id"))


def larvae_without_dips(work: Work) -> None:
    """Larvae are counted in dips: larvae without a dip contradict."""
    dips, larvae = work.values.get("dips"), work.values.get("larvae")
    if dips is None or larvae is None:
        return
    with np.errstate(invalid="ignore"):
        odd = work.kept & (dips.astype(float) == 0) & (larvae.astype(float) > 0)
    if odd.any():
        work.rows("larvae-without-dips", [(int(index), f"{larvae[index]:g} larvae in 0 dips")
                                          for index in np.flatnonzero(odd)], field=work.mapping.head("larvae"))
