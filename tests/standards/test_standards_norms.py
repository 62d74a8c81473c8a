"""The norms that ship: each row sourced, in range, in a known unit, and honest about how it was checked."""

from __future__ import annotations

import math
import re

import pytest

from gis_planner.problems import Refused
from gis_planner.standards.book import COLUMNS, Norm, NormBook, load_book, read_norms

NORMS = list(load_book().norms.values())
EACH = pytest.mark.parametrize("norm", NORMS, ids=lambda norm: norm.id)

UNITS = {
    "people", "m", "min", "days", "years", "L", "h/day", "share", "share/year", "ratio", "L/person/day", "L/min", "L/h",
    "mm/day", "km/h", "kg", "m3", "kg/ha", "nets", "people/net", "people/household", "households/team/day",
    "habitats/person/day", "visits/team/day", "people/team/day", "EUR", "FCFA", "FCFA/EUR", "USD/person/year",
}
"""Units that a norm may be stated in. A new one is a decision: code asks for a norm by its unit."""

FROM_MEMORY = {
    "water.round_trip_min.jmp", "water.litres_per_person_day.mali", "water.max_distance_m.mali",
    "sanitation.people_per_toilet.first_phase", "sanitation.women_per_men_toilets.sphere2018",
    "sanitation.travel_days_risk.argoss", "sanitation.travel_days_low_risk.argoss",
    "sanitation.girls_per_toilet.who2009", "sanitation.boys_per_toilet.who2009",
    "sanitation.girls_per_toilet.sphere2018", "sanitation.boys_per_toilet.sphere2018",
    "nets.buffer_share.old_census", "nets.bale_weight_kg.assumed", "nets.households_per_team_day.assumed",
    "larvicide.dose_kg_ha.bti_wg_who", "larvicide.interval_days.temephos_who", "vector.flight_mean_m.costantini1996",
    "travel.walk_kmh.level", "travel.detour_factor.straight_line",
}


@EACH
def test_every_norm_names_its_source_and_what_it_applies_to(norm: Norm) -> None:
    """A norm without a source or a place to apply it is not shipped."""
    assert norm.source.strip()
    assert norm.applies_to.strip()


@EACH
def test_the_value_of_a_norm_lies_in_its_range(norm: Norm) -> None:
    """low <= value <= high, all finite and none negative; a range has both ends."""
    assert math.isfinite(norm.value)
    assert norm.value >= 0
    assert (norm.low is None) == (norm.high is None)
    if norm.low is not None and norm.high is not None:
        assert 0 <= norm.low <= norm.value <= norm.high


@EACH
def test_the_unit_of_a_norm_is_known(norm: Norm) -> None:
    """Every unit is one of the list above; a share lies between 0 and 1."""
    assert norm.unit in UNITS
    if norm.unit == "share":
        assert norm.value <= 1
        assert norm.high is None or norm.high <= 1


@EACH
def test_the_id_of_a_norm_says_field_what_and_which(norm: Norm) -> None:
    """Ids are lower case words `field.what` or `field.what.which`."""
    assert re.fullmatch(r"[a-z]+(\.[a-z0-9_]+){1,2}", norm.id)


@EACH
def test_a_norm_says_how_it_was_checked(norm: Norm) -> None:
    """Checked is one of four words, and own knowledge is always unverified."""
    assert norm.checked in {"seen", "second hand", "measured", "unverified"}
    if norm.source == "own knowledge" or norm.id.endswith(".assumed"):
        assert norm.checked == "unverified"


@EACH
def test_a_computed_norm_shows_its_computation(norm: Norm) -> None:
    """Who reads "measured" or a middle of a range can follow the arithmetic in the note."""
    if norm.checked == "measured":
        assert norm.note.startswith("Computed")


@pytest.mark.parametrize("norm_id", sorted(FROM_MEMORY))
def test_numbers_known_from_memory_are_not_printed_as_settled(norm_id: str) -> None:
    """A number that nobody checked against its source is cited with the word unverified."""
    assert load_book().norm(norm_id).citation().endswith("(unverified)")


@pytest.mark.parametrize(
    ("norm_id", "value", "unit"),
    [
        ("water.people_per_handpump.sphere2018", 500, "people"),
        ("water.people_per_tap.sphere2018", 250, "people"),
        ("water.people_per_open_well.sphere2018", 400, "people"),
        ("water.people_per_point.mali", 400, "people"),
        ("water.max_distance_m.sphere2018", 500, "m"),
        ("water.round_trip_min.jmp", 30, "min"),
        ("sanitation.people_per_toilet.sphere2018", 20, "people"),
        ("sanitation.setback_m.sphere2018", 30, "m"),
        ("sanitation.pit_above_water_table_m.sphere2018", 1.5, "m"),
        ("sanitation.girls_per_toilet.who2009", 25, "people"),
        ("nets.people_per_net.who2017", 2, "people/net"),
        ("nets.people_per_net_procurement.who2017", 1.8, "people/net"),
        ("nets.bale_size.snt", 50, "nets"),
        ("larvicide.dose_kg_ha.bti_wdg_3000", 0.4, "kg/ha"),
        ("larvicide.interval_days.bti_wdg_3000", 7, "days"),
    ],
)
def test_the_book_hands_out_the_published_value(norm_id: str, value: float, unit: str) -> None:
    """The values that plans rest on are those of the sources named in their rows."""
    assert load_book().value(norm_id, unit) == value


def test_the_flight_scale_follows_from_ninety_percent_within_1700_m() -> None:
    """exp(-1700 / scale) = 0.1, so scale = 1700 / ln 10 = 738 m to the metre."""
    book = load_book()
    scale = book.value("vector.flight_90_m.thomas2013", "m") / math.log(10)
    assert round(scale) == book.value("vector.flight_scale_m.thomas2013", "m")


def test_growth_of_the_commune_follows_from_its_two_censuses() -> None:
    """36,198 people in 1998 and 50,056 in 2009 are 3.0 % a year."""
    growth = (50_056 / 36_198) ** (1 / 11) - 1
    assert load_book().value("population.growth_share_year.ouelessebougou", "share/year") == round(growth, 3)


def test_only_norms_that_were_used_are_cited_in_order_of_id() -> None:
    """The report cites what the plan used and nothing else."""
    book = load_book()
    book.value("water.round_trip_min.jmp", "min")
    book.value("nets.bale_size.snt", "nets")
    book.value(7.5, "km/h")
    assert [norm.id for norm in book.cited()] == ["nets.bale_size.snt", "water.round_trip_min.jmp"]


def test_an_unknown_norm_is_refused_with_the_nearest_known_one() -> None:
    """A typing error in a norm's id is answered with the id that was meant."""
    with pytest.raises(Refused, match=r"Did you mean 'nets\.bale_size\.snt'"):
        load_book().value("nets.bale_sise.snt", "nets")


def test_a_norm_in_another_unit_is_refused() -> None:
    """Minutes cannot be taken where metres belong."""
    with pytest.raises(Refused, match="a norm in min; expected a norm in m"):
        load_book().value("water.round_trip_min.jmp", "m")


def _row(**change: str) -> list[str]:
    row = dict(zip(COLUMNS, ("a.b", "1", "m", "", "", "all", "a book", "", "", "seen", ""), strict=True)) | change
    return [",".join(COLUMNS), ",".join(row.values())]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "1,5"}, "norms-"),
        ({"value": "many"}, "norms-number"),
        ({"source": ""}, "norms-row"),
        ({"id": ""}, "norms-row"),
        ({"checked": ""}, "norms-row"),
    ],
)
def test_a_faulty_row_of_an_own_file_is_refused_with_its_line(change: dict[str, str], words: str) -> None:
    """A user's norms file is refused at the line that is wrong."""
    with pytest.raises(Refused, match=words) as caught:
        read_norms(_row(**change), "own.csv")
    assert caught.value.findings[0].row == "line 2"


def test_an_own_norm_replaces_the_shipped_one_of_the_same_id(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A planner who knows better writes a row of her own, and the book hands hers out."""
    own = tmp_path / "own.csv"
    own.write_text("\n".join(_row(id="nets.bale_size.snt", value="40", unit="nets")), encoding="utf-8")
    book = load_book(own)
    assert book.value("nets.bale_size.snt", "nets") == 40
    assert isinstance(book, NormBook)
