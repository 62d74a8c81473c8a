"""Bad input to every public function: refused before any work, with a code and the name of what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from gis_planner.optimise import allocate, cover, cover_more, front, median
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, Refused

NAN, INF, EYE, ONES = float("nan"), float("inf"), csr_array(np.eye(3)), [1, 1, 1]
FAR = np.ones((3, 3))


def entries(first: float) -> csr_array:
    """Everybody reached by the own site, the first pair holding `first`."""
    table = csr_array(np.eye(3))
    table.data[0] = first
    return table


def broken(**parts: Any) -> csr_array:
    """A sparse matrix whose stored indices contradict its shape."""
    table = csr_array(np.eye(3))
    for name, values in parts.items():
        setattr(table, name, np.array(values, np.int32))
    return table


COVERS = {
    "max_cover": lambda reach=EYE, weight=ONES, **k: cover.max_cover(reach, weight, **{"limit": 1, **k}),
    "partial_cover": lambda reach=EYE, weight=ONES, **k: cover_more.partial_cover(reach, weight, **{"limit": 1, **k}),
    "expected_cover": lambda reach=EYE, weight=ONES, works=(0.5, 0.5, 0.5), **k: cover_more.expected_cover(
        reach, weight, works, **{"limit": 1, **k}),
    "least_served_first": lambda reach=EYE, weight=ONES, rank=(0, 1, 2), **k: cover_more.least_served_first(
        reach, weight, rank, **{"limit": 1, **k}),
    "capacitated_cover": lambda reach=EYE, weight=ONES, people=ONES, capacity=ONES, **k: cover.capacitated_cover(
        reach, people, capacity, weight=weight, **{"cost": ONES, "limit": 1, **k}),
}
MATRICES = {
    **COVERS, "set_cover": lambda reach=EYE, **k: cover.set_cover(reach, **k),
    "assign": lambda reach=EYE, demand=ONES, capacity=ONES, **k: allocate.assign(reach, demand, capacity, **k),
}
MEDIANS = {
    "p_median": lambda table=FAR, weight=ONES, p=1, **k: median.p_median(table, weight, p, **k),
    "p_center": lambda table=FAR, p=1, **k: median.p_center(table, p, **k),
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize(("code", "reach"), [
    ("not-a-number", entries(NAN)), ("not-a-number", entries(INF)), ("negative-entry", entries(-1)),
    ("not-a-number", csr_array(np.eye(3) * 1j)), ("broken-matrix", broken(indices=[0, 1, 7])),
    ("broken-matrix", broken(indices=[0, 1, -1])), ("broken-matrix", broken(indptr=[0, 2, 1, 3])),
    ("not-sparse", np.eye(3)), ("not-sparse", [[1, 0], [0, 1]]), ("not-sparse", None), ("too-large", entries(1e300)),
    ("empty-reach", csr_array((0, 3))), ("empty-reach", csr_array((3, 0))), ("empty-reach", csr_array((3, 3))),
])
def test_a_reach_that_is_none_is_refused(name, code, reach):
    """A reach that is dense, empty, broken, negative, nan, infinite, complex or too large is refused."""
    with pytest.raises(Refused, match=code):
        MATRICES[name](reach)


NUMBERS = [("not-a-number", [1, NAN, 1]), ("not-a-number", [1, INF, 1]), ("negative-weight", [1, -1, 1]),
           ("wrong-length", [1, 1]), ("wrong-length", []), ("wrong-length", np.ones((3, 1))),
           ("not-a-number", ["a", "b", "c"]), ("not-a-number", [True, False, True]), ("not-a-number", [1j, 1, 1]),
           ("too-large", [1e308, 1e308, 1e308]), ("too-large", [2**63, 1, 1])]
ARRAYS = [
    *((call, "weight") for call in (*COVERS.values(), MEDIANS["p_median"])),
    (lambda **k: MATRICES["max_cover"](budget=9, **k), "cost"),
    (MATRICES["set_cover"], "cost"), (MATRICES["capacitated_cover"], "cost"), (MATRICES["capacitated_cover"], "people"),
    (MATRICES["capacitated_cover"], "capacity"), (MATRICES["capacitated_cover"], "success"),
    (MATRICES["assign"], "demand"), (MATRICES["assign"], "capacity"), (COVERS["expected_cover"], "works"),
    (COVERS["least_served_first"], "rank"),
]


@pytest.mark.parametrize(("call", "name"), ARRAYS)
@pytest.mark.parametrize(("code", "values"), NUMBERS)
def test_numbers_that_are_none_are_refused_by_name(call, name, code, values):
    """Weights, costs, people, rooms, ranks and chances that are nan, infinite, negative, masks, of another length or
    too large are refused with their name."""
    with pytest.raises(Refused, match=f"{code}.*{name}"):
        call(**{name: values})


@pytest.mark.parametrize("call", [lambda n: COVERS["max_cover"](limit=n), lambda n: COVERS["expected_cover"](limit=n),
                                  lambda n: COVERS["partial_cover"](limit=n), lambda n: MEDIANS["p_median"](p=n),
                                  lambda n: COVERS["least_served_first"](limit=n), lambda n: MEDIANS["p_center"](p=n),
                                  lambda n: COVERS["capacitated_cover"](limit=n)])
@pytest.mark.parametrize(("code", "number"), [
    ("bad-limit", 0), ("bad-limit", -1), ("bad-limit", 1.5), ("bad-limit", NAN), ("bad-limit", INF),
    ("bad-limit", True), ("bad-limit", "2"), ("bad-limit", [1]), ("limit-above-sites", 4)])
def test_a_number_of_sites_that_is_none_is_refused(call, code, number):
    """Zero, negative, broken, unknown or more sites than there are is refused as a limit and as p."""
    with pytest.raises(Refused, match=code):
        call(number)


@pytest.mark.parametrize("name", COVERS)
@pytest.mark.parametrize(("code", "budget"), [
    ("budget-below-every-cost", 0.5), ("budget-below-every-cost", 0), ("bad-budget", NAN), ("bad-budget", INF),
    ("bad-budget", -1), ("bad-budget", "9"), ("bad-budget", True)])
def test_a_budget_that_buys_nothing_is_refused(name, code, budget):
    """A budget below every cost, nan, infinite, negative or no number is refused."""
    with pytest.raises(Refused, match=code):
        COVERS[name](limit=None, cost=ONES, budget=budget)


@pytest.mark.parametrize("call", [*COVERS.values(), MATRICES["set_cover"], *MEDIANS.values()])
@pytest.mark.parametrize(("code", "settings"), [
    ("bad-effort", {"effort": NAN}), ("bad-effort", {"effort": INF}), ("bad-effort", {"effort": 0}),
    ("bad-effort", {"effort": "x"}), ("bad-effort", {"effort": None}), ("bad-effort", {"effort": True}),
    ("bad-seed", {"seed": -1}), ("bad-seed", {"seed": 1.5}), ("bad-seed", {"seed": 2**31}),
    ("bad-seed", {"seed": True})])
def test_unsound_settings_of_a_search_are_refused(call, code, settings):
    """Effort is a finite number above 0, the seed a whole number that is not negative."""
    with pytest.raises(Refused, match=code):
        call(**settings)


@pytest.mark.parametrize("name", [*COVERS, "set_cover"])
@pytest.mark.parametrize("which", ["required", "excluded"])
@pytest.mark.parametrize(("code", "sites"), [
    ("not-an-index", np.array([True, False, False])), ("not-an-index", [0.0]), ("not-an-index", [[0]]),
    ("not-an-index", ["a"]), ("no-such-site", [3]), ("no-such-site", [-1])])
def test_sites_that_are_none_are_refused(name, which, code, sites):
    """Required and excluded sites are indices, no mask, and exist."""
    with pytest.raises(Refused, match=f"{code}.*{which}"):
        MATRICES[name](**{which: sites})


@pytest.mark.parametrize("name", MEDIANS)
@pytest.mark.parametrize(("code", "table"), [
    ("not-a-number", [[1, NAN]]), ("not-a-number", [[1, INF]]), ("negative-distance", [[1, -1]]),
    ("wrong-length", [1, 2]), ("wrong-length", np.zeros((0, 3))), ("not-a-number", [[1, 2], [1]]),
    ("not-a-number", [["a"]]), ("not-dense", EYE), ("not-a-number", np.ones((3, 3), bool)),
    ("too-large", np.full((3, 3), 1e308))])
def test_distances_that_are_none_are_refused(name, code, table):
    """Distances that are nan, infinite, negative, ragged, sparse, a mask or beyond truth are refused."""
    with pytest.raises(Refused, match=code):
        MEDIANS[name](table)


@pytest.mark.parametrize(("code", "given"), [
    ("not-a-probability", {"success": [2, 1, 1]}), ("bad-groups", {"exclusive": [0.0, 1.0, 2.0]}),
    ("bad-groups", {"exclusive": [0]}), ("bad-needs", {"needs": [0, 1]}), ("no-such-site", {"needs": [(0, 9)]}),
    ("bad-needs", {"needs": [(0.0, 1.0)]}), ("not-a-number", {"travel": entries(NAN)}),
    ("wrong-length", {"travel": csr_array(np.eye(2))}), ("not-sparse", {"travel": np.eye(3)}),
    ("negative-entry", {"travel": entries(-1)}), ("not-whole", {"people": [1.5, 1, 1]}),
    ("not-whole", {"capacity": [0.5, 1, 1]})])
def test_rules_between_actions_that_are_none_are_refused(code, given):
    """Chances above one, groups and needs that are none, travel of another shape and half people are refused."""
    with pytest.raises(Refused, match=code):
        COVERS["capacitated_cover"](**given)


@pytest.mark.parametrize(("error", "code", "call"), [
    (Refused, "share-above-one", lambda: COVERS["partial_cover"](EYE * 2)),
    (Refused, "not-a-probability", lambda: COVERS["expected_cover"](works=[2, 1, 1])),
    (Refused, "not-whole", lambda: COVERS["least_served_first"](rank=[0.5, 1, 1])),
    (CannotBeMet, "capacity-below-demand", lambda: MATRICES["assign"](capacity=[0, 1, 1], maximise_served=False)),
    (CannotBeMet, "unreachable-demand", lambda: cover.set_cover(csr_array(np.eye(3)[:, :2]))),
    (Refused, "no-limit", lambda: COVERS["max_cover"](limit=None)),
    (Refused, "no-limit", lambda: MEDIANS["p_median"](p=None)),
    (Refused, "not-a-number", lambda: front.minimum_regret([[1, 2], [1]])),
    (Refused, "not-a-number", lambda: front.minimum_regret([["a"]])),
    (Refused, "wrong-length", lambda: front.minimum_regret([[NAN]])),
    (Refused, "not-a-number", lambda: front.not_dominated(["a"], ["b"])),
    (Refused, "wrong-length", lambda: front.not_dominated([1, 2], [1])),
    (Refused, "not-sparse", lambda: front.weight_front(None, ONES, ONES, 1)),
    (Refused, "bad-steps", lambda: front.weight_front(EYE, ONES, ONES, 1, steps=1.5)),
    (Refused, "no-budget", lambda: front.money_front(EYE, ONES, ONES, [])),
    (Refused, "budget-below-every-cost", lambda: front.money_front(EYE, ONES, ONES, [0.5, 2])),
])
def test_what_else_cannot_be_is_said(error, code, call):
    """Shares and chances above one, half ranks, too little room for all, no limit, empty and ragged fronts."""
    with pytest.raises(error, match=code):
        call()


def stored(data: list[float], columns: list[int], starts: list[int]) -> csr_array:
    """A csr_array of exactly these stored entries."""
    return csr_array((np.array(data), np.array(columns), np.array(starts)), shape=(3, 3))


TIDY = csr_array(np.array([[1.0, 0, 1], [0, 1, 0], [0, 0, 1]]))


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("untidy", [
    stored([1, 1, 1, 1], [2, 0, 1, 2], [0, 2, 3, 4]), stored([0.5, 0.5, 1, 1, 1], [0, 0, 2, 1, 2], [0, 3, 4, 5]),
    TIDY.tocsc(), TIDY.tocoo()], ids=["unsorted", "twice", "by column", "in pairs"])
def test_the_same_reach_stored_otherwise_gives_the_same_plan(name, untidy):
    """Unsorted entries, entries in two parts and other sparse formats are read, and left as they were."""
    before = untidy.toarray().copy()
    one, other = MATRICES[name](TIDY), MATRICES[name](untidy)
    assert one.chosen.tolist() == other.chosen.tolist()
    assert one.value == other.value
    assert (untidy.toarray() == before).all()


@pytest.mark.parametrize("name", [*COVERS, "set_cover"])
def test_a_stored_zero_is_no_reach(name):
    """A pair stored with 0 counts as out of reach."""
    zero = stored([1, 0, 1, 1], [0, 1, 1, 2], [0, 2, 3, 4])
    one, other = MATRICES[name](EYE), MATRICES[name](zero)
    assert one.chosen.tolist() == other.chosen.tolist()
    assert one.value == other.value


@pytest.mark.parametrize(("call", "words"), [
    (lambda: MEDIANS["p_median"](EYE), [r"\[not-dense\] distance", "a sparse csr_array", "a dense array",
                                        r"distance\.toarray\(\)"]),
    (lambda: MEDIANS["p_median"](np.zeros((0, 3))), [r"shape \(0, 3\)", "at least one of each"]),
    (lambda: COVERS["max_cover"](limit="2"), ["found '2'; expected a whole number"]),
    (lambda: COVERS["max_cover"](effort="1"), ["found '1'; expected a number"]),
    (lambda: COVERS["max_cover"](seed="1"), ["found '1'; expected a whole number"]),
    (lambda: COVERS["max_cover"](limit=None, cost=ONES, budget="9"), ["found '9'; expected a finite amount"]),
    (lambda: COVERS["max_cover"](weight=["7", "8", "9"]), ["found text, first '7'; expected 3 numbers"]),
    (lambda: COVERS["max_cover"](weight=[1, NAN, 1]), ["found 1 nan or infinite entry, first nan at 1"]),
    (lambda: MEDIANS["p_median"](np.ones((1, 3)), weight=[1, 2]), [r"shape \(2,\)", "a list of 1 number\\."]),
    (lambda: cover.set_cover(csr_array(np.eye(3)[:, :2])), ["found 1 demand that no allowed site reaches: 2"]),
    (lambda: MATRICES["assign"](capacity=[1, 0, 0], maximise_served=False), ["room for 1 person;"]),
    (lambda: MATRICES["assign"](demand=[1, 1, 0], capacity=[2, 0, 0], maximise_served=False),
     ["found 1 person without room in reach, first at demand 1"]),
])
def test_a_refusal_shows_what_was_given(call, words):
    """A sparse array is told from a dense one, text from a number, no row from some, and one is written as one."""
    with pytest.raises((Refused, CannotBeMet)) as stop:
        call()
    for word in words:
        assert re.search(word, str(stop.value)), str(stop.value)


def test_a_plan_of_another_kind_is_not_checked():
    """What is no plan of this room is refused by the check."""
    plan = cover.max_cover(EYE, ONES, limit=1)
    with pytest.raises(Refused, match="unknown-plan"):
        check(EYE, replace(plan, kind="told"))


W = [3, 2, 1]
PLANS = {
    "max_cover": lambda: COVERS["max_cover"](weight=W), "set_cover": MATRICES["set_cover"],
    "assign": MATRICES["assign"], "capacitated_cover": COVERS["capacitated_cover"], **MEDIANS,
}


@pytest.mark.parametrize(("kind", "given", "words"), [
    ("max_cover", {"reach": EYE}, r"missing-array\] weight: found reach; expected reach, weight"),
    ("max_cover", EYE, r"missing-array\] weight: found reach; expected reach, weight"),
    ("max_cover", {"reach": EYE, "weight": W, "limt": 1}, r"unknown-array\] limt: .*limit, .*Did you mean limit\?"),
    ("max_cover", {"reach": EYE, "weight": W, "qqqq": 1}, r"unknown-array\] qqqq: .*reach, weight, limit.*Take it out"),
    ("max_cover", {"reach": EYE, "weight": W, 1: 1}, r"unknown-array\] 1: "),
    ("max_cover", (EYE, W, 1), r"too-many-arrays\] max_cover: found 3 items; expected at most 2: reach, weight.*limit"),
    ("set_cover", {"reach": EYE, "limit": 1}, r"unknown-array\] limit: .*for set_cover"),
    ("p_median", (FAR, ONES, 1, 0), r"too-many-arrays\] p_median: found 4 items.*distance, weight, p"),
    ("assign", {"cost": EYE, "demand": ONES, "capacity": ONES, "seed": 1}, r"unknown-array\] seed"),
    ("max_cover", (EYE, [3, NAN, 1]), r"not-a-number\] 1, weight: found 1 nan or infinite entry, first nan at 1"),
    ("max_cover", (EYE, [3, 2]), r"wrong-length\] weight"),
    ("max_cover", (entries(NAN), W), r"not-a-number\] reach: found nan"),
    ("max_cover", {"reach": EYE, "weight": W, "limit": "1"}, r"bad-limit\] limit: found '1'"),
    ("max_cover", {"reach": EYE, "weight": W, "budget": NAN}, r"bad-budget\] budget: found nan"),
    ("max_cover", {"reach": EYE, "weight": W, "excluded": [3]}, r"no-such-site\] excluded"),
    ("p_median", ([[1, NAN, 1]] * 3, ONES, 1), r"not-a-number\] distance"),
    ("p_median", (FAR, ONES, 1.5), r"bad-limit\] p: found 1\.5"),
    ("assign", (EYE, [1, 1, INF], ONES), r"not-a-number\] 2, demand"),
    ("capacitated_cover", {"reach": EYE, "people": ONES, "capacity": ONES, "cost": [1, NAN, 1]},
     r"not-a-number\] 1, cost"),
    ("capacitated_cover", {"reach": EYE, "people": ONES, "capacity": ONES, "cost": ONES,
                           "travel": csr_array(np.eye(2))}, r"wrong-length\] travel"),
])
def test_a_question_at_fault_is_refused_by_the_check(kind, given, words):
    """An unknown or missing name, too many items and unsound arrays are refused by name: the plan is not blamed."""
    with pytest.raises(Refused, match=words):
        check(given, PLANS[kind]())


@pytest.mark.parametrize(("kind", "given"), [
    ("max_cover", (EYE, W)), ("max_cover", {"reach": EYE, "weight": W, "limit": 1, "effort": 1.0, "seed": 0}),
    ("max_cover", {"reach": np.eye(3), "weight": W, "cost": None, "budget": None}), ("set_cover", EYE),
    ("set_cover", (EYE,)), ("p_median", (FAR, ONES)), ("p_center", FAR), ("p_center", (FAR, 1)),
    ("assign", (EYE, ONES, ONES)), ("capacitated_cover", (EYE, ONES, ONES, ONES)),
])
def test_every_form_of_a_question_is_read(kind, given):
    """Mapping, tuple and, where the plan knows the rest, the first array alone: a sound plan has no finding."""
    assert check(given, PLANS[kind]()) == []
