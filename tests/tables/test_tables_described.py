"""Tables are described completely and alike."""

from __future__ import annotations

import pytest

from gis_planner.tables.column import Origin, Table, weakest
from gis_planner.tables.inputs import HABITATS, INPUTS
from gis_planner.tables.results import RESULTS
from gis_planner.tables.vocabulary import HABITAT_WORDS

EVERY = [*INPUTS.values(), *RESULTS.values()]


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_every_column_is_described(table: Table) -> None:
    """A column has a label in both languages and a meaning; one that may be missing says the effect."""
    for column in table.columns:
        assert column.label, column.name
        assert column.label_fr, column.name
        assert column.meaning, column.name
        assert column.required or column.if_missing, column.name
        assert (column.kind == "category") == bool(column.choices), column.name


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_every_key_is_a_column_and_names_are_unique(table: Table) -> None:
    """The key is one of the columns and no name stands twice."""
    assert table.key in table.names
    assert len(set(table.names)) == len(table.names)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_units_stand_in_names(table: Table) -> None:
    """A column measured in m, m2, km, min, kg, FCFA carries the unit in its name, last or before today or after."""
    ends = {"m": "_m", "m2": "_m2", "km": "_km", "min": "_min", "kg": "_kg", "FCFA": "_fcfa", "mm": "_mm",
            "km/h": "_kmh", "L/min": "_l_min"}
    for column in table.columns:
        if column.unit in ends and column.name != "value":
            name = column.name.removesuffix("_today").removesuffix("_after")
            assert name.endswith(ends[column.unit]), column.name


@pytest.mark.parametrize("table", RESULTS.values(), ids=lambda table: table.name)
def test_every_result_has_a_place_and_an_origin(table: Table) -> None:
    """Result rows carry the origin of their data, and latitude and longitude where they have a place."""
    assert "origin" in table.names
    assert table.geometry == "none" or {"latitude", "longitude"} <= set(table.names)


def test_the_weakest_origin_wins() -> None:
    """Anything made with simulated data is simulated, then estimated, then observed."""
    assert weakest(Origin.OBSERVED, Origin.SIMULATED, Origin.ESTIMATED) is Origin.SIMULATED
    assert weakest(Origin.OBSERVED, Origin.ESTIMATED) is Origin.ESTIMATED
    assert weakest(Origin.OBSERVED) is Origin.OBSERVED


def test_every_habitat_has_its_words() -> None:
    """Each habitat class can be said in both languages."""
    assert set(HABITAT_WORDS) == set(HABITATS)
