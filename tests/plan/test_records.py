"""Records are frozen, and every bound is checked on every change, in a sentence."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core import catalog
from core.plan import Plan, Workload, choices, knobs, may_be_blank, sentences
from core.plan.cells import build, cells, checked
from core.plan.example import example_plan
from core.plan.follow import follow
from core.plan.knob import plain
from core.plan.limits import MOST_WORKLOADS
from core.plan.points import at
from tests.each import for_each
from tests.strategies import plans, workloads

W = Workload(id="W1")
P = Plan(currency="EUR", currency_date="2026-06-30")
NUMERIC = [(r, n) for r in (P, W) for n, k in knobs(type(r)).items() if k.kind in ("number", "whole")]
TEXT = [(r, n) for r in (P, W) for n, k in knobs(type(r)).items() if k.kind in ("text", "catalog")]
CHOICE = [(r, n) for r in (P, W) for n, k in knobs(type(r)).items() if k.kind == "choice"]
E_NOTATION = re.compile(r"\d[eE][-+]?\d")


def field(case):
    """A field by the name of its record and its own."""
    return f"{type(case[0]).__name__}.{case[1]}"


def refusal(record, **changes):
    """The one sentence with which a change is refused."""
    with pytest.raises(ValidationError) as caught:
        record.but(**changes)
    (sentence,) = sentences(caught.value)
    assert not E_NOTATION.search(sentence)
    return sentence


def limits(knob):
    """The bounds as a sentence prints them."""
    return f"[{digits(knob, knob.low)}, {digits(knob, knob.high)}] {knob.unit}".rstrip()


def digits(knob, value):
    """A value as a sentence prints it: nobody groups the digits of a year."""
    year = knob.kind == "whole" and knob.low >= 2000 and abs(value) < 10_000
    return str(value).removesuffix(".0") if year else plain(value)


@for_each(("record", "name"), NUMERIC, ids=field)
def test_a_number_beyond_a_bound_is_refused_with_name_value_limit_and_unit(record, name):
    knob = knobs(type(record))[name]
    for value in (knob.low - 1, knob.high + 1, -1e15, 1e15):
        assert refusal(record, **{name: value}) == f"{name} is {digits(knob, value)}; it must lie in {limits(knob)}"


@for_each(("record", "name"), NUMERIC, ids=field)
def test_a_number_on_a_bound_is_taken(record, name):
    knob = knobs(type(record))[name]
    for bound in (knob.low, knob.high):
        extra = {}
        if name.startswith("growth_") and name != "growth_decay_pct":
            extra = {"growth_low_pct": -100.0, "growth_central_pct": bound, "growth_high_pct": 1000.0}
        if record is P and name.endswith("_year"):
            extra = {"first_year": min(bound, 2050), "last_year": bound}
        assert getattr(record.but(**extra | {name: bound}), name) == bound


@for_each(("record", "name"), NUMERIC, ids=field)
@for_each("value", [math.nan, math.inf, -math.inf, "nan", "inf", "1e400"])
def test_a_number_that_is_not_finite_is_refused(record, name, value):
    knob = knobs(type(record))[name]
    assert refusal(record, **{name: value}) == f"{name} is {float(value)}; it must be a finite number in {limits(knob)}"


@for_each(("record", "name"), NUMERIC, ids=field)
@for_each("value", [True, "many", "1 000", "1_000", "0x10", [1.0], {}, b"1"])
def test_what_is_no_number_is_refused(record, name, value):
    assert refusal(record, **{name: value}).startswith(f"{name} is '{value}', not a number; it must lie in ")


@for_each(("record", "name"), NUMERIC, ids=field)
@for_each("blank", [None, "", "  "])
def test_a_blank_number_is_none_where_the_field_allows_it_and_refused_elsewhere(record, name, blank):
    if may_be_blank(type(record), name):
        assert getattr(record.but(**{name: blank}), name) is None
    else:
        assert (
            refusal(record, **{name: blank}) == f"{name} is blank; it must lie in {limits(knobs(type(record))[name])}"
        )


@for_each(("record", "name"), NUMERIC, ids=field)
@for_each("value", [10**400, 1e308, -1e308])
def test_a_huge_number_is_refused_in_a_short_sentence_without_e_notation(record, name, value):
    assert len(refusal(record, **{name: value})) < 200


@pytest.mark.parametrize("name", [n for n, k in knobs(Workload).items() if k.kind == "whole"])
def test_a_whole_number_with_a_fraction_is_refused(name):
    knob = knobs(Workload)[name]
    value = knob.low + 0.5
    whole = "year" if name.endswith("_year") else "number"
    said = f"{name} is {digits(knob, value)}; it must be a whole {whole} in {limits(knob)}"
    assert refusal(W, **{name: value}) == said


def test_a_year_is_never_grouped_nor_cut():
    assert refusal(P, first_year=2026.5) == "first_year is 2026.5; it must be a whole year in [2020, 2050]"
    assert refusal(P, first_year="1,5") == "first_year is 1.5; it must lie in [2020, 2050]"
    assert refusal(W, purchase_year=1999) == "purchase_year is 1999; it must lie in [2000, 2060]"


@for_each(("record", "name"), TEXT, ids=field)
def test_text_beyond_its_length_is_refused_with_both_lengths(record, name):
    longest = knobs(type(record))[name].longest
    said = f"{name} has {longest + 1} characters; the limit is {longest} characters"
    assert refusal(record, **{name: "x" * (longest + 1)}) == said
    assert getattr(record.but(**{name: "x" * longest}), name) == "x" * longest


@for_each(("record", "name"), TEXT, ids=field)
@for_each("value", [5, ["a"], b"a"])
def test_what_is_no_text_is_refused(record, name, value):
    longest = knobs(type(record))[name].longest
    assert refusal(record, **{name: value}) == f"{name} is '{value}'; it must be text of at most {longest} characters"


@for_each(("record", "name"), CHOICE, ids=field)
@for_each("value", ["", "none", 1, None, ["own"]])
def test_a_choice_outside_the_list_is_refused_with_the_list(record, name, value):
    listed = ", ".join(choices(type(record), name))
    assert refusal(record, **{name: value}) == f"{name} is '{value}'; it must be one of {listed}"


def test_text_keeps_its_letters_and_loses_what_cannot_be_printed():
    assert W.but(name=" a\tb\r\nc\u00a0d\u202fe\x00\x1bf\ud800 ").name == "a b c d ef"


@pytest.mark.parametrize(("record", "name"), [(P, "name"), (W, "name"), (W, "model"), (W, "region")])
def test_a_blank_word_is_the_fields_default(record, name):
    assert getattr(record.but(**{name: "  "}), name) == type(record).model_fields[name].default


def test_an_unknown_field_is_refused_by_name():
    assert refusal(W, gpus=3) == "gpus is not a field of this record"


@pytest.mark.parametrize("record", [W, P])
def test_a_record_cannot_be_written_into(record):
    with pytest.raises(ValidationError, match="frozen"):
        record.name = "other"


def test_a_change_leaves_the_old_record_alone():
    assert (W.but(pue=1.3).pue, W.pue) == (1.3, None)


@given(workloads())
def test_a_change_of_nothing_changes_nothing(workload):
    assert workload.but() == workload


@given(workloads())
def test_cells_build_the_same_workload_again(workload):
    fields, wrong = checked(Workload, cells(workload))
    assert (wrong, build(Workload, fields)) == ({}, (workload, []))


def test_growth_out_of_order_is_refused():
    said = "growth_central_pct is 50; it must lie in [60, 70] % a year, between growth_low_pct and growth_high_pct"
    assert refusal(W, growth_low_pct=60, growth_central_pct=50, growth_high_pct=70) == said


def test_growth_with_its_ends_crossed_names_the_ends():
    said = "growth_low_pct is 500; it must be at most growth_high_pct, 150 % a year"
    assert refusal(W, growth_low_pct=500, growth_central_pct=60, growth_high_pct=150) == said


def test_a_workload_cannot_end_before_it_starts():
    assert refusal(W, first_year=2030, last_year=2029) == "last_year is 2029; it must not be before first_year, 2030"


def test_a_workload_needs_an_id():
    assert refusal(W, id=" \x00") == "id is blank; every workload needs one"


@pytest.mark.parametrize("hosting", ["own", "colocation", "cloud"])
def test_only_a_bought_service_may_leave_its_accelerator_open(hosting):
    assert refusal(W, hosting=hosting, hardware="") == (
        f"hardware is blank; hosting '{hosting}' needs a catalog accelerator (only 'api' may leave it open)"
    )
    assert W.but(hosting="api", hardware="").hardware == ""


@pytest.mark.parametrize(("hosting", "hardware"), [("own", "H100-SXM"), ("cloud", "H100-SXM"), ("api", "")])
def test_an_accelerator_nobody_named_is_the_usual_one_or_the_providers_own(hosting, hardware):
    assert Workload(id="W1", hosting=hosting).hardware == hardware


def test_a_plan_cannot_end_before_it_starts():
    assert refusal(P, last_year=2025) == "last_year is 2025; it must not be before first_year, 2026"


def test_a_plan_spans_at_most_31_years():
    assert len(P.but(last_year=2056).years()) == 31
    assert refusal(P, last_year=2057) == "the plan spans 32 years; the limit is 31 years"


def test_two_workloads_cannot_share_an_id():
    assert refusal(P, workloads=(W, W)) == "id 'W1' is used by two workloads; each needs its own"


def test_a_plan_holds_at_most_500_workloads():
    many = tuple(Workload(id=f"x{k}") for k in range(MOST_WORKLOADS))
    assert len(P.but(workloads=many).workloads) == MOST_WORKLOADS == 500
    assert refusal(P, workloads=(*many, W)) == "the plan has 501 workloads; the limit is 500 workloads"


def test_a_workload_with_an_id_the_catalog_does_not_know_is_a_valid_record():
    assert W.but(model="m", hardware="h", region="r").model == "m"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("", ()),
        ("0.5", ((2000, 0.5),)),
        ("0,5", ((2000, 0.5),)),
        ("2030=1; 2026=0.2", ((2026, 0.2), (2030, 1.0))),
        (" 2026 = 0,25 ;; ", ((2026, 0.25),)),
        (((2026, 0.2),), ((2026, 0.2),)),
        (0.3, ((2000, 0.3),)),
    ],
)
def test_points_are_read_from_text_numbers_and_pairs(text, points):
    assert W.but(contract_share=text).contract_share == points


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026=1.2", "contract_share is 1.2; it must lie in [0, 1]"),
        ("2026=x", "contract_share is 'x', not a number; it must lie in [0, 1]"),
        ("2026=", "contract_share is blank; it must lie in [0, 1]"),
        ("2026=nan", "contract_share is nan; it must be a finite number in [0, 1]"),
        ("1999=0.5", "contract_share names the year 1999; it must lie in [2000, 2100]"),
        (
            ((10**6_000, 0.5),),
            "contract_share names the year over 1,000,000,000,000,000; it must lie in [2000, 2100]",
        ),
        ("2026=0.1; 2026=0.2", "contract_share names one year twice; give each year once"),
        ("next=0.1", "contract_share is 'next=0.1'; write it as 2026=0.2; 2030=1"),
        ("2026:0.1", "contract_share is '2026:0.1'; write it as 2026=0.2; 2030=1"),
        ({}, "contract_share is '{}'; write it as 2026=0.2; 2030=1"),
        (((2026,),), "contract_share is '((2026,),)'; write it as 2026=0.2; 2030=1"),
        ((("x", 0.1),), "contract_share is '(('x', 0.1),)'; write it as 2026=0.2; 2030=1"),
        (((None, 0.1),), "contract_share is '((None, 0.1),)'; write it as 2026=0.2; 2030=1"),
    ],
)
def test_points_that_cannot_be_read_are_refused_in_words(text, said):
    assert refusal(W, contract_share=text) == said


def test_between_points_the_value_lies_on_a_straight_line_and_beyond_them_it_stays():
    points = ((2026, 0.2), (2030, 1.0))
    assert [round(at(points, year, 9.0), 12) for year in (2020, 2026, 2027, 2029, 2030, 2040)] == [
        0.2, 0.2, 0.4, 0.8, 1.0, 1.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given_tags", "tags"),
    [("a; b;a;; ", ("a", "b")), (("a;b", "c"), ("a", "b", "c")), (None, ()), ("", ()), ([" x "], ("x",))],
)
def test_tags_are_parted_by_semicolons_and_stand_once(given_tags, tags):
    assert W.but(tags=given_tags).tags == tags


def test_too_many_tags_are_refused_with_the_limit():
    assert refusal(W, tags="; ".join(map(str, range(21)))) == "tags has 21 words; the limit is 20 words"
    assert refusal(W, tags=(1, 2)) == "tags is '(1, 2)'; it must be words, parted by semicolons"


@pytest.mark.parametrize("text", ["60,000", "1,234", "-5,000"])
def test_a_comma_that_can_be_read_in_two_ways_is_not_guessed(text):
    assert refusal(W, requests_per_day=text) == (
        f"requests_per_day is '{text}', which can be read in two ways: write it without the comma; "
        "it must lie in [0, 100,000,000,000] requests"
    )


@pytest.mark.parametrize(
    ("text", "value"), [("1,5", 1.5), ("0,125", 0.125), ("60\u202f000", 60000.0), (" 7 ", 7.0), ("1e3", 1000.0)]
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert W.but(requests_per_day=text).requests_per_day == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_sentence_has_no_e_notation_and_is_short(value):
    assert not E_NOTATION.search(plain(value))
    assert len(plain(value)) <= 40


@given(st.floats(1e-12, 1e12))
def test_a_number_in_a_sentence_is_the_number(value):
    assert float(plain(value).replace(",", "")) == value


# -- the plan's own operations


@given(plans(most=0))
def test_the_headline_year_lies_within_the_plan(plan):
    assert plan.first_year <= plan.shown_year() <= plan.last_year


def test_a_copy_stands_behind_its_original_under_a_free_id():
    found = example_plan().duplicating("W2")
    assert [w.id for w in found.workloads] == ["W1", "W2", "W7", "W3", "W4", "W5", "W6"]
    assert found.workload("W7") == example_plan().workload("W2").but(
        id="W7", name="Employee knowledge assistant (copy)"
    )


def test_a_copy_of_a_name_of_full_length_still_fits():
    plan = Plan(workloads=(W.but(name="x" * 80),)).duplicating("W1")
    assert plan.workload("W2").name == "x" * 70 + " (copy)"


def test_a_free_id_is_the_first_gap():
    assert example_plan().without("W3").free_id() == "W3"


@given(plans())
def test_a_workload_added_and_taken_away_leaves_the_plan_as_it_was(plan):
    key = plan.free_id()
    assert plan.adding(Workload(id=key)).without(key) == plan


def test_a_change_of_one_workload_leaves_the_others():
    plan = example_plan().with_workload("W2", pue=1.3)
    assert [w.pue for w in plan.workloads] == [None, 1.3, None, None, None, None]


@given(plans())
def test_without_filters_everything_is_shown(plan):
    assert plan.but(business_unit="", tag="").shown() == plan.workloads


def test_filters_show_one_unit_or_one_tag():
    plan = example_plan()
    assert [w.id for w in plan.but(business_unit="AI Platform").shown()] == ["W5", "W6"]
    assert [w.id for w in plan.but(tag="own servers").shown()] == ["W2", "W5"]
    assert plan.but(business_unit="AI Platform", tag="chat").shown() == ()


# -- what moves along


def test_growth_beyond_its_range_takes_the_range_along():
    moved, _ = follow(
        catalog.load(), W.but(growth_low_pct=5, growth_central_pct=10, growth_high_pct=20), {"growth_central_pct": 40}
    )
    assert moved == {"growth_low_pct": 5, "growth_central_pct": 40, "growth_high_pct": 40}


@pytest.mark.parametrize("value", [-40.0, 0.0, 15.0, 99.0])
def test_growth_followed_is_always_a_valid_workload(value):
    base = W.but(growth_low_pct=5, growth_central_pct=10, growth_high_pct=20)
    moved, _ = follow(catalog.load(), base, {"growth_central_pct": value})
    assert base.but(**moved).growth_central_pct == value


def test_a_bought_service_that_moves_home_gets_an_accelerator_and_a_word():
    api = W.but(name="Bot", hosting="api", hardware="")
    moved, said = follow(catalog.load(), api, {"hosting": "own"})
    assert moved["hardware"] == "H100-SXM"
    assert said == ["Bot: its accelerator was the provider's; it is now H100-SXM. Choose yours."]
    assert follow(catalog.load(), api, {"hosting": "own", "hardware": "L40S"})[0]["hardware"] == "L40S"


def test_a_measured_busy_share_does_not_outlive_what_it_was_measured_on():
    busy = W.but(busy_share=0.2)
    moved, said = follow(catalog.load(), busy, {"model": "llama3.3-70b"})
    assert moved["busy_share"] is None
    assert said == [
        "New workload: the busy share of 20% was measured before this change, so it is now worked out from the load."
    ]
    assert follow(catalog.load(), busy, {"requests_per_day": 5.0}) == ({"requests_per_day": 5.0}, [])
    assert follow(catalog.load(), busy, {"model": "llama3.1-8b"}) == ({"model": "llama3.1-8b"}, [])
