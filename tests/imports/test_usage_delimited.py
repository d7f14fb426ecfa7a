"""Tables cut as bytes: the same cells as Python's own reader, and the sentence of every row that cannot be cut."""

import csv
import gzip
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.imports.reading import RefusedError
from core.imports.usage import delimited
from core.imports.usage.delimited import Header, rows
from core.imports.usage.read import read_usage
from core.imports.usage.record import Entry
from core.imports.usage.source import of_bytes
from tests.each import for_each

HEAD = "call_type,spend,prompt_tokens,completion_tokens,startTime,endTime,model,model_group,cache_hit,status,messages\n"
OPEN = "a quotation mark is not closed within 33,554,432 bytes or at all; the rest was not read"


def request(messages="x", tokens="10", model="gpt"):
    return f"acompletion,0.1,{tokens},5,2026-03-02 09:00:00,2026-03-02 09:00:00,{model},s,False,success,{messages}\n"


def reading(*parts):
    """The tokens counted, and the rows refused, of a log."""
    raw = b"".join(part if isinstance(part, bytes) else part.encode() for part in (HEAD, *parts))
    found = read_usage([of_bytes("log", raw)])
    return found.total().input_tokens, found.refused


CELLS = st.text(st.sampled_from('ab",;\n\t |éx'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(lambda row: any(map(str.strip, row))), max_size=4)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.sampled_from(delimited.DELIMITERS), st.sampled_from(["\n", "\r\n"]))
@example([['"', '""', 'a"\n"b']], ",", "\n")
def test_cells_are_those_of_pythons_own_reader(table, delimiter, end):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows([["x", "y", "z"], *table])
    stream = io.BytesIO(text.getvalue().encode())
    found = list(rows(stream, Header(("x", "y", "z"), delimiter), ["x", "y", "z"], set()))
    assert [list(entry.cells.values()) for entry in found] == [[cell.strip() for cell in row] for row in table]


@for_each("size", [1, 2, 3, 7, 64])
def test_it_does_not_matter_where_a_block_ends(size):
    kept, delimited.BLOCK_BYTES = delimited.BLOCK_BYTES, size
    try:
        text = 'x,y,z\n1,"a ""q""\nb,",3\n4,"",6\n'
        found = list(rows(io.BytesIO(text.encode()), Header(("x", "y", "z"), ","), ["x", "y"], set()))
    finally:
        delimited.BLOCK_BYTES = kept
    assert found == [Entry("row 2", {"x": "1", "y": 'a "q"\nb,'}), Entry("row 4", {"x": "4", "y": ""})]


BROKEN = {
    "a row that is too short": ("a,b\n", "row 3: it has 2 cells; it must have 11, one for each column"),
    "a prompt that never ends": (request('"abc'), f"row 3: {OPEN}"),
    "marks that stand wrong": (request(model='"a"b'), "row 3: model: a quotation mark stands where none may"),
    "another encoding": (request().encode().replace(b"gpt", b"caf\xe9"), "row 3: model is no UTF-8 text"),
    "a byte that is 0": (request(model="g\0"), "row 3: model holds a byte that is 0"),
    "a negative amount": (request(tokens="-5"), "row 3: prompt_tokens is -5; it must be 0 or more"),
    "an amount too large": (request(tokens="9" * 400), "row 3: prompt_tokens is inf; it must be at most 1e+18"),
    "a number that is none": (request(tokens="1_0"), "row 3: prompt_tokens is '1_0', not a number"),
    "a name too long": (request(model="g" * 201), "row 3: model has 201 characters; the limit is 200"),
    "a sign that cannot be printed": (request(model="g\x1bpt"), "row 3: model holds a sign that cannot be printed"),
}  # fmt: skip


@for_each("name", list(BROKEN))
def test_a_broken_row_is_refused_and_the_one_before_it_counts(name):
    row, sentence = BROKEN[name]
    assert reading(request(), row) == (10, (f"log, {sentence}",))


def test_what_is_wrong_in_a_column_that_is_not_read_does_not_matter():
    odd = request().encode().replace(b",x\n", b',caf\xe9 \0 5" disk\n')
    assert reading(request(), odd, request('"a ""b"", c\n1,2\n"')) == (30, ())


@for_each("size", [100_001, 3_000_000])
def test_a_line_longer_than_the_limit_costs_that_line_alone(size, monkeypatch):
    monkeypatch.setattr(delimited, "MOST_RECORD_BYTES", 100_000)
    tokens, refused = reading(request(), b"x" * size + b"\n", request())
    assert tokens == 20
    assert refused == ("log, row 3: it has over 33,554,432 bytes; the limit is 33,554,432 bytes",)


def test_semicolons_come_with_decimal_commas_and_a_mark_of_the_encoding():
    text = (HEAD + request(tokens="10").replace("0.1", "0.5")).replace(",", ";").replace("0.5", "0,5")
    found = read_usage([of_bytes("log", b"\xef\xbb\xbf" + text.encode())])
    assert (found.total().costs, found.total().input_tokens) == ({"USD": 0.5}, 10)


def test_a_packed_log_is_unpacked_as_it_streams():
    found = read_usage([of_bytes("log.gz", gzip.compress((HEAD + request() * 3).encode()))])
    assert found.total().input_tokens == 30


def test_of_a_packed_log_that_is_cut_the_rows_before_the_cut_count():
    lines = [request(messages=f"{number * 7_919:x}" * 9) for number in range(3_000)]
    raw = gzip.compress((HEAD + "".join(lines)).encode())[:-2_000]
    found = read_usage([of_bytes("log.gz", raw)])
    assert found.rows_used == found.total().requests > 1_000
    assert found.refused[-1].startswith(
        f"log.gz: it cannot be unpacked beyond {found.rows_used:,} rows: Compressed file"
    )


def test_an_encoding_of_spreadsheets_is_asked_where_it_shows_and_taken_once_it_is_said():
    source = of_bytes("log", (HEAD + request() + request(model="café")).encode("cp1252"))
    before = read_usage([source])
    assert before.refused == ("log, row 3: model is no UTF-8 text",)
    assert [ask.choices for ask in before.asks if ask.key == "encoding"] == [("UTF-8", "Windows-1252")]
    after = read_usage([source], {"encoding": "Windows-1252"})
    assert {subject.model for subject in after.amounts} == {"gpt", "café"}
    assert after.refused_count == 0
    with pytest.raises(RefusedError, match=r"^the encoding is 'EBCDIC'; it must be one of UTF-8, Windows-1252$"):
        read_usage([source], {"encoding": "EBCDIC"})


def test_a_table_of_which_no_row_can_be_decoded_still_asks_its_encoding():
    found = read_usage([of_bytes("log", (HEAD + request(model="café")).encode("cp1252"))])
    assert (found.rows_used, [ask.key for ask in found.asks][-1]) == (0, "encoding")
