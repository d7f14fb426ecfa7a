"""A table of one's own: roles by name and by answer, units, days and months, and what is wrong with an answer."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.imports.reading import RefusedError
from core.imports.usage import table
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.record import Subject
from core.imports.usage.source import of_bytes
from tests.each import for_each

HEADER = "Day;Model name;Team;Calls;Prompt tokens;Cached tokens;Completion tokens;Spend;Text"
ROW = "2026-03-02;gpt-4o;support;3;1200;200;90;0,75;hello"


def source(*rows, header=HEADER):
    return of_bytes("own.csv", "\n".join((header, *rows, "")).encode())


def read(*rows, header=HEADER, **answers):
    return read_usage([source(*rows, header=header)], {key.replace("__", "."): value for key, value in answers.items()})


def test_names_of_columns_say_their_roles():
    reading = read(ROW)
    ((subject, amounts),) = reading.amounts.items()
    assert subject == Subject("own table", "gpt-4o", group="support", month="2026-03")
    assert (amounts.requests, amounts.input_tokens, amounts.cached_tokens, amounts.output_tokens) == (3, 1200, 200, 90)
    assert amounts.costs == {"USD": 0.75}
    assert reading.columns_unread == ("Text",)
    assert reading.whole.start, reading.whole.end == (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 3, tzinfo=UTC),
    )
    assert {ask.key: ask.usual for ask in reading.asks}["column.group"] == "Team"


def test_an_answer_goes_before_the_name_and_none_takes_a_role_away():
    reading = read(ROW, column__model="Team", column__group="none", unit="1K", cached=table.BESIDE)
    ((subject, amounts),) = reading.amounts.items()
    assert (subject.model, subject.group) == ("support", "")
    assert (amounts.input_tokens, amounts.cached_tokens) == (1_400_000, 200_000)


def test_costs_are_in_the_currency_of_their_row():
    header, rows = f"{HEADER};Currency", (f"{ROW};eur", f"{ROW};JPY", f"{ROW};US$")
    reading = read(*rows, header=header)
    assert reading.total().costs == {"EUR": 0.75, "JPY": 0.75}
    assert reading.refused == ("own.csv, row 4: currency is 'US$'; it must have three letters, as USD",)


def test_a_cost_without_a_currency_is_said_to_be_taken_in_dollars():
    assert "the cost is in USD, until you say" in read(ROW).said
    assert [ask.usual for ask in read(ROW).asks if ask.key == "currency"] == ["USD"]
    answered = read(ROW, currency="gbp")
    assert (answered.total().costs, answered.said[-1]) == ({"GBP": 0.75}, "the cost is in GBP")


def test_every_row_may_be_a_request_and_the_model_may_be_named_once():
    reading = read("5,2", "7,1", header="tokens_in,tokens_out", column__requests="rows", model="gpt-4o")
    ((subject, amounts),) = reading.amounts.items()
    assert (subject.model, subject.month, amounts.requests, amounts.input_tokens) == ("gpt-4o", "", 2, 12)
    assert reading.whole is None


@for_each(
    ("word", "start", "end"),
    [
        ("2026-02", datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("28.02.2026", datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("28.02.2026 10:00:00", *[datetime(2026, 2, 28, 10, tzinfo=UTC)] * 2),
        ("2026-02-28T10:00:00+02:00", *[datetime(2026, 2, 28, 8, tzinfo=UTC)] * 2),
        ("1772409600", *[datetime(2026, 3, 2, tzinfo=UTC)] * 2),
        ("1772409600000", *[datetime(2026, 3, 2, tzinfo=UTC)] * 2),
    ],
)
def test_a_bare_day_or_month_covers_all_of_it(word, start, end):
    whole = read(ROW.replace("2026-03-02", word)).whole
    assert (whole.start, whole.end) == (start, end)


def test_a_day_of_a_clock_elsewhere_begins_when_it_began_there():
    assert read(ROW, zone="Europe/Berlin").whole.start == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_a_table_without_a_needed_role_is_read_to_its_end_and_asks():
    reading = read(ROW, column__model="none")
    assert (reading.rows_used, list(reading.left_out)) == (0, ["no column for model yet: say which"])
    assert [ask.choices[:2] for ask in reading.asks if ask.key == "column.model"] == [("none", "Day")]


REFUSED = {
    "no such column": (
        {"column__model": "Modell"},
        "own.csv has no column 'Modell'; it has Day, Model name, Team, Calls",
    ),
    "one column twice": ({"column__region": "Team"}, "own.csv: the column 'Team' has two roles; give each its own"),
    "a currency": ({"currency": "euros"}, "currency is 'euros'; it must have three letters, as USD"),
    "a unit": ({"unit": "kilo"}, "tokens are counted in 'kilo'; it must be one of 1, 1K, 1M"),
}


@for_each("name", list(REFUSED))
def test_an_answer_that_cannot_be_is_refused_in_a_sentence(name):
    answers, sentence = REFUSED[name]
    with pytest.raises(RefusedError) as caught:
        read(ROW, **answers)
    assert str(caught.value).startswith(sentence)


@for_each(
    "text",
    [
        "Dear all, please find\nthe figures below.\n",
        "1,2,3\n4,5,6\n",
        "a,a\n1,2\n",
        "a\n1\n",
        "a,b\n1,2,3\n",
        "\n\n",
        f"{'long ' * 20},b\n1,2\n",
    ],
)
def test_what_is_no_table_is_known_by_nobody(text):
    assert kind_of(of_bytes("x.txt", text.encode())).family == "unknown"


def test_tables_with_other_columns_are_told_apart():
    with pytest.raises(
        RefusedError, match=r"^two\.csv has other columns than own\.csv; give tables of their own one at a"
    ):
        read_usage([source(ROW), of_bytes("two.csv", b"model,tokens_in,tokens_out\na,1,2\n")])


def test_a_count_that_is_no_whole_number_is_refused():
    reading = read(ROW, ROW.replace(";1200;", ";1,234;"), ROW.replace(";3;", ";1,5;"))
    whole = "it must be a whole number, without a sign for thousands"
    assert reading.refused == (
        f"own.csv, row 3: Prompt tokens is 1.234; {whole}",
        f"own.csv, row 4: Calls is 1.5; {whole}",
    )
    assert read(ROW.replace(";1200;200;", ";1,234;1;"), unit="1K").total().input_tokens == 1234


def test_thousands_parted_by_dots_and_days_parted_by_slashes_are_refused():
    reading = read(ROW, ROW.replace(";1200;", ";12.000;"), ROW.replace("2026-03-02", "03/02/2026"))
    assert reading.refused == (
        "own.csv, row 3: Prompt tokens is 12.000; it must be a whole number, without a sign for thousands",
        "own.csv, row 4: Day is '03/02/2026'; day and month cannot be told apart: write it as 2026-03-31",
    )
    assert read(ROW.replace(";1200;", ";1200.0;").replace(";200;", ";0.000;")).total().input_tokens == 1200


@for_each(
    ("text", "why"),
    [
        ("model,tokens_in,tokens_in\na,1,2\n", "it has two columns 'tokens_in'"),
        ("model,tokens_in,tokens_out\n", "no row stands below its header"),
        ("model,tokens_in,tokens_out\na,1\n", "its first row has 2 cells, its header 3"),
        ("model,tokens_in,tokens_out\na\n", "its first row has 1 cell, its header 3"),
        (f"model,tokens_in,tokens_out\n{'0' * 70_000},1,2\n", "its first row does not end within 65,536 bytes"),
    ],
)
def test_a_header_without_its_rows_is_told_why_it_is_no_table(text, why):
    assert kind_of(of_bytes("x.csv", text.encode())).why.endswith(f"; as a table it cannot be read: {why}")


@for_each("name", ["nvidia_smi_power.csv", "neso_carbon_intensity.csv"])
def test_a_packed_file_of_a_meter_or_a_grid_is_told_to_be_unpacked(name):
    raw = (Path(__file__).parent / "samples" / name).read_bytes()
    assert kind_of(of_bytes(name, raw)).family in ("meter", "hours")
    packed = kind_of(of_bytes(f"{name}.gz", gzip.compress(raw)))
    sentence = f"{name}.gz is packed with gzip; unpack it, only usage files are read packed"
    assert (packed.family, packed.why) == ("unknown", sentence)
