"""Bills in Parquet say what they say as CSV; broken, foreign and oversized ones are refused in a sentence."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.imports.reading import RefusedError
from core.imports.usage import parquet
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes, of_path
from tests.each import for_each
from tests.imports.entries import SAMPLES

BILLS = (
    "aws_cur2_bedrock.csv",
    "focus_1_2_cost_and_usage.csv",
    "azure_cost_details.csv",
    "gcp_billing_export_flat.csv",
)
NUMBERS = (
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "ConsumedQuantity",
    "EffectiveCost",
    "BilledCost",
    "quantity",
)
TIMES = ("line_item_usage_start_date", "line_item_usage_end_date", "ChargePeriodStart", "ChargePeriodEnd")
TAGS = ("resource_tags", "Tags")


def typed(name, cell):
    """A cell as the writers of Parquet type it."""
    if not cell:
        return None
    if name in NUMBERS:
        return float(cell)
    if name in TIMES:
        return datetime.fromisoformat(cell).astimezone(UTC)
    return list(json.loads(cell).items()) if name in TAGS else cell


def packed(name, extra=None, rows_a_group=2):
    """A sample table in Parquet, with maps, times and numbers where the bills have them."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {column: [typed(column, row[column]) for row in rows] for column in rows[0]}
    arrays = {
        column: pa.array(cells, pa.map_(pa.string(), pa.string())) if column in TAGS else pa.array(cells)
        for column, cells in (columns | (extra or {})).items()
    }
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out, row_group_size=rows_a_group)
    return out.getvalue()


@for_each("name", BILLS)
def test_a_bill_in_parquet_says_what_it_says_as_a_table_of_text(name):
    text, binary = of_path(SAMPLES / name), of_bytes(name.replace(".csv", ".parquet"), packed(name))
    assert kind_of(binary).kind == kind_of(text).kind
    told = []
    from_text, from_binary = read_usage([text]), read_usage([binary], progress=lambda done, size: told.append(done))
    assert from_binary.amounts == from_text.amounts
    assert (from_binary.covered, from_binary.left_out) == (from_text.covered, from_text.left_out)
    assert from_binary.columns_unread == from_text.columns_unread
    assert told[-1] == binary.size_bytes


def test_columns_that_are_not_taken_are_not_read():
    name = BILLS[0]
    raw = packed(name, {"line_item_iam_principal": ["a.person"] * 6})
    assert "person" not in repr(read_usage([of_bytes("c.parquet", raw)]))
    assert all(
        "line_item_iam_principal" not in row.cells for row in parquet.rows(of_bytes("c", raw), ["pricing_unit"], set())
    )


def test_a_table_that_is_no_bill_is_refused_by_name():
    out = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), out)
    with pytest.raises(RefusedError) as caught:
        read_usage([of_bytes("a.parquet", out.getvalue())])
    assert str(caught.value) == "a.parquet is a Parquet file of no format that is known here; export it as CSV"
    assert kind_of(of_bytes("a.parquet", out.getvalue())).family == "unknown"


def zeroed(raw):
    """A file whose first half holds nothing but its mark."""
    return raw[:4] + bytes(len(raw) // 2) + raw[4 + len(raw) // 2 :]


@for_each("harm", [lambda raw: raw[:-300], lambda raw: raw[:600], zeroed])
def test_a_broken_file_is_refused_in_a_sentence(harm):
    with pytest.raises(RefusedError) as caught:
        read_usage([of_bytes("b.parquet", harm(packed(BILLS[0])))])
    assert str(caught.value).startswith("b.parquet: it is no whole Parquet file: ")
    assert "\n" not in str(caught.value)


def test_groups_of_rows_that_memory_could_not_hold_are_refused(monkeypatch):
    monkeypatch.setattr(parquet, "MOST_GROUP_BYTES", 100)
    with pytest.raises(RefusedError) as caught:
        read_usage([of_bytes("b.parquet", packed(BILLS[0]))])
    assert str(caught.value).endswith(" bytes; the limit is 100: write it in smaller groups")
    assert str(caught.value).startswith("b.parquet, group 1 of its rows: ")


def test_a_file_of_more_rows_than_can_be_read_is_refused(monkeypatch):
    monkeypatch.setattr(parquet, "MOST_ROWS", 5)
    with pytest.raises(RefusedError) as caught:
        read_usage([of_bytes("b.parquet", packed(BILLS[0]))])
    assert str(caught.value) == "b.parquet has 6 rows; the limit is 5: split it by time"


def test_a_table_of_ones_own_may_come_in_parquet():
    day = datetime(2026, 3, 2, 10, tzinfo=UTC)
    columns = {"day": [day, day], "model": ["gpt-4o"] * 2, "tokens_in": [Decimal("5.00"), Decimal("7.00")]}
    out = io.BytesIO()
    pq.write_table(pa.table(columns | {"tokens_out": [2.0, None], "prompt": ["private"] * 2}), out)
    reading = read_usage([of_bytes("own.parquet", out.getvalue())])
    assert (reading.total().input_tokens, reading.whole.start) == (12, day)
    assert reading.columns_unread == ("prompt",)


def test_two_parquet_files_of_the_same_time_are_told():
    files = [of_bytes(f"{size}.parquet", packed(BILLS[0], rows_a_group=size)) for size in (1, 6)]
    assert any("counts twice" in line for line in read_usage(files).said)
