"""JSON streamed: where blocks and elements end, keys that are dropped, and the sentence of every broken document."""

import io
import json

import pytest

from core.imports.reading import RefusedError
from core.imports.usage import documents
from core.imports.usage.delimited import Refused
from core.imports.usage.read import read_usage
from core.imports.usage.record import Entry
from core.imports.usage.source import NO_TEXT, of_bytes
from tests.each import for_each

BUCKET = (
    '{"object":"bucket","start_time":1772409600,"end_time":1772496000,"results":[{"object":'
    '"organization.usage.completions.result","input_tokens":5,"output_tokens":2,"num_model_requests":1}]}'
)
PAGE = f'{{"object":"page","data":[{BUCKET}],"has_more":false}}'


def read_text(text, name="page.json"):
    return read_usage([of_bytes(name, text if isinstance(text, bytes) else text.encode())])


def entries(text, columns, each=(), read=documents.documents):
    return list(read(io.BytesIO(text.encode()), columns, each, set()))


@for_each(
    "text",
    [PAGE, f"[{PAGE}]", f"\ufeff{PAGE}", PAGE.replace(",", " ,\n\t"), f'{{"a":{{"data":[1]}},"data":[{BUCKET}]}}'],
)
def test_a_page_counts_however_it_is_laid_out(text):
    assert read_text(text).total().input_tokens == 5


def test_pages_one_after_another_and_one_a_line_all_count():
    assert read_text(PAGE * 3).total().input_tokens == 15
    assert read_text(f"{PAGE}\n" * 3).total().input_tokens == 15


@for_each("size", [1, 5, 64, 1000])
def test_it_does_not_matter_where_a_block_of_a_document_ends(size):
    text = json.dumps({"skip": {"x": ["é}]", 1.5e3]}, "list": [{"a": 12}, {"a": 'ü"]', "b": 1}, {"a": [{"a": None}]}]})
    kept, documents.FIRST_READ = documents.FIRST_READ, size
    try:
        found = entries(text, {"a"}, ("list",))
    finally:
        documents.FIRST_READ = kept
    assert [entry.cells for entry in found] == [{"a": 12}, {"a": 'ü"]'}, {"a": [{"a": None}]}]


def test_keys_are_dropped_at_any_depth_and_lists_of_pairs_become_groups():
    text = json.dumps(
        {"span": {"id": "x", "attributes": [
            {"key": "gen.model", "value": {"stringValue": "m"}},
            {"key": "gen.prompt", "value": {"stringValue": "secret"}},
        ]}, "messages": [{"span": "secret"}]}
    )  # fmt: skip
    unread = set()
    (found,) = documents.documents(io.BytesIO(text.encode()), {"span", "attributes", "gen.model"}, (), unread)
    assert found.cells == {"span": {"attributes": {"gen.model": "m"}}}
    assert unread == {"id", "gen.prompt", "messages"}


def test_a_broken_line_is_refused_and_the_next_is_read():
    text = '{"a":1}\n{"a":\n[1]\n{"a":2}\n\xff\n'
    found = list(documents.lines(io.BytesIO(text.encode("latin-1")), {"a"}, (), set()))
    assert [entry.cells["a"] if isinstance(entry, Entry) else entry.place for entry in found] == [
        1, "line 2", "line 3", 2, "line 5",
    ]  # fmt: skip


DEEP = 100_000
BROKEN = {
    "cut in the middle": (PAGE[:-60], "item 1: it is no whole JSON (unterminated string)"),
    "nested 100,000 deep": (
        f'{{"object":"organization.usage.x","data":{"[" * DEEP}',
        "item 1: it is nested too deeply",
    ),
    "100,000 deep and whole": (
        PAGE.replace('"results":[', '"x":' + "[" * DEEP + "]" * DEEP + ',"results":['),
        "item 1: it is nested too deeply",
    ),
    "a number of 5,000 digits": (PAGE.replace(":5", ":" + "9" * 5000), "item 1: a number has too many digits"),
    "another encoding": (PAGE.encode().replace(b"bucket", b"caf\xe9"), "item 1: it is no UTF-8 text"),
    "something else": ("organization.usage. " + PAGE, ""),
}


@for_each("name", list(BROKEN))
def test_a_broken_document_is_refused_in_a_sentence(name):
    text, sentence = BROKEN[name]
    with pytest.raises(RefusedError) as caught:
        read_text(text)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 1_500


def test_what_came_before_a_break_counts_and_the_rest_is_told():
    reading = read_text(PAGE + PAGE[:-40])
    assert reading.total().input_tokens == 5
    assert reading.refused[0].startswith("page.json, item 2: it is no whole JSON")
    assert reading.refused[0].endswith("; the rest of the file was not read")


def test_an_element_larger_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "MOST_VALUE", 1_000)
    monkeypatch.setattr(documents, "FIRST_READ", 100)
    (found,) = entries('{"data":[{"a":"' + "x" * 5_000 + '"}]}', {"a"}, ("data",))
    assert isinstance(found, Refused)
    assert "an element has over" in found.why


@for_each("kind", NO_TEXT)
def test_a_file_that_is_no_text_is_told_in_a_sentence(kind):
    magic, sentence = kind
    with pytest.raises(RefusedError) as caught:
        read_text(magic + b"\x00\x01\x02" * 50, "file.bin")
    assert str(caught.value) == f"file.bin {sentence}"


@for_each(
    ("raw", "sentence"),
    [
        (b"", "file.bin is empty (0 bytes)"),
        (b"\x00\x01", "file.bin is no text: byte 0 is 0; give the file the tool wrote"),
        (b"\x1f\x8bx" + b"0" * 20, "file.bin: it cannot be unpacked: Unknown compression method"),
        (b"\x1f\x8b\x08\x00" + b"0" * 20, "file.bin: it cannot be unpacked: its bytes are not what gzip writes"),
    ],
)
def test_an_empty_or_broken_file_is_told_too(raw, sentence):
    with pytest.raises(RefusedError) as caught:
        read_text(raw, "file.bin")
    assert str(caught.value) == sentence
