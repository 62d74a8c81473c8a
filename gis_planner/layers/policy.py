"""Which kinds are strict, and when too much was set aside: villages mean people, zones protect."""

from __future__ import annotations

import numpy as np

from gis_planner.layers.work import Work
from gis_planner.tables.column import Table

TOO_MANY = 0.2
_LEAST_TOO_MANY = 3
_PROTECTS = frozenset({"zones"})


def strict(table: Table) -> bool:
    """Whether a doubtful row refuses the file: rows that mean people, and zones where nothing may be built."""
    return table.means_people or table.name in _PROTECTS


def weigh(work: Work) -> None:
    """Refuse an empty layer and one of which too many rows were set aside; count what was set aside."""
    aside = int(work.doubtful.sum())
    usable = int((~work.outside).sum())
    if not len(work):
        work.report.say("no-rows", found="0 rows (an empty layer)", field="rows")
    elif strict(work.table):
        return
    elif aside and (aside == usable or (aside > TOO_MANY * usable and aside >= _LEAST_TOO_MANY)):
        work.report.say("too-many-set-aside", found=f"{aside} of {usable} rows in doubt", field="rows",
                        row=work.label(int(np.flatnonzero(work.doubtful)[0])), share=f"{TOO_MANY:.0%}")
    elif aside:
        work.report.say("set-aside", found=f"{aside} of {usable} rows set aside", field="rows")
