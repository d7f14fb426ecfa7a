"""A plan CSV brings back the plan, and no spreadsheet runs what stands in it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plan import Plan, Workload, knobs
from core.plan.example import FILE, example_plan
from core.table import (
    RECORDS,
    Reading,
    arm,
    columns,
    disarm,
    number_columns,
    read_plan,
    with_decimal_comma,
    write_plan,
)
from tests.strategies import plans, words

RISKY = "=+-@\t\r"


@given(plans())
def test_a_csv_brings_back_the_same_plan_and_is_written_again_byte_for_byte(plan):
    text = write_plan(plan)
    found = read_plan(text)
    assert found == Reading(plan)
    assert write_plan(found.plan) == text


@given(plans())
def test_a_file_saved_with_windows_line_ends_and_a_byte_order_mark_is_the_same_plan(plan):
    assert read_plan("\ufeff" + write_plan(plan).replace("\n", "\r\n")).plan == plan


@given(plans())
def test_no_cell_starts_a_formula(plan):
    found = csv.DictReader(io.StringIO(write_plan(plan)))
    for row in found:
        for name, cell in row.items():
            assert cell[:1] not in tuple(RISKY) or name in number_columns()


@given(plans(most=2))
def test_a_number_cell_is_the_number_itself(plan):
    found = list(csv.DictReader(io.StringIO(write_plan(plan))))[1:]
    for row, workload in zip(found, plan.workloads, strict=False):
        for name, knob in knobs(Workload).items():
            value = getattr(workload, name)
            if knob.kind in ("number", "whole"):
                assert (float(row[name]) if row[name] else None) == value


@given(plans())
def test_order_of_columns_and_blank_lines_do_not_matter(plan):
    found = list(csv.reader(io.StringIO(write_plan(plan))))
    out = io.StringIO()
    writer = csv.writer(out)
    for row in found:
        writer.writerow(row[::-1])
        writer.writerow([])
    assert read_plan(out.getvalue()) == Reading(plan)


@given(words(80))
def test_disarmed_text_comes_back_and_starts_no_formula(text):
    assert arm(disarm(text)) == text
    assert disarm(text)[:1] not in tuple(RISKY)


@given(st.text("=+-@'\t\r a", max_size=6))
def test_signs_and_apostrophes_in_any_order_come_back(text):
    assert arm(disarm(text)) == text


@pytest.mark.parametrize(
    "name", ["=1+1", "'=1", "''", "'", "-5", '"', 'a "b", c', "a;b", "a\\tb", "@SUM(A1)", "+", "ä漢🌍"]
)
def test_a_risky_name_comes_back_letter_for_letter(name):
    plan = Plan(
        workloads=(Workload(id="W1", name=name, owner=name, business_unit=name, tags=(name.replace(";", ""),)),)
    )
    assert read_plan(write_plan(plan)).plan == plan
    assert plan.workloads[0].name == name


def test_the_header_is_record_then_every_field_once():
    assert columns()[0] == "record"
    assert set(columns()[1:]) == {name for cls in RECORDS.values() for name in knobs(cls)}
    assert len(set(columns())) == len(columns())


def test_the_plan_stands_first_and_the_workloads_in_their_order():
    found = list(csv.DictReader(io.StringIO(write_plan(example_plan()))))
    assert [row["record"] for row in found] == ["plan"] + ["workload"] * 6
    assert [row["id"] for row in found] == ["", "W1", "W2", "W3", "W4", "W5", "W6"]


def test_the_examples_file_is_the_plan_the_app_opens_with():
    assert read_plan(FILE.read_text(encoding="utf-8")) == Reading(example_plan())


def test_a_blank_cell_is_the_fields_default():
    assert read_plan("record,id,name,pue,growth_high_pct\nworkload,W1,,,\n").plan == Plan(
        workloads=(Workload(id="W1"),)
    )


def test_a_file_without_a_plan_row_keeps_the_plans_defaults():
    assert read_plan("record,id\nworkload,W1\n").plan == Plan(workloads=(Workload(id="W1"),))


@given(st.text(max_size=300))
def test_any_text_is_read_without_raising(text):
    reading = read_plan(text)
    assert reading.plan is not None or reading.problems


@given(
    st.lists(st.lists(st.text(max_size=8) | st.sampled_from([*columns(), "plan", "workload", '"', "1"])), max_size=6)
)
def test_any_table_is_read_without_raising(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["record", "id", "pue"], *rows])
    reading = read_plan(out.getvalue())
    assert reading.plan is not None or reading.problems


@given(plans(most=3))
def test_a_file_with_decimal_commas_brings_back_the_same_plan(plan):
    text = with_decimal_comma(write_plan(plan), number_columns())
    assert read_plan(text) == Reading(plan)
    assert text.split("\n")[0].count(";") == len(columns()) - 1
