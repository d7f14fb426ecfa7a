"""A short run over every reader; that the judge sees what is wrong; and what a long run once found, each for itself."""

import gzip
import os
import signal

import pytest

from core.imports.reading import RefusedError
from core.imports.usage import documents, source
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes
from core.link import decode
from core.plan.example import example_plan
from core.plan.told import MOST_TOLD
from core.store.errors import NotFoundError
from core.table import read_plan
from tests.fuzz import kinds, seeds
from tests.fuzz.judge import FaultError, plan_is_sound, sentence, tried
from tests.fuzz.made import Made
from tests.fuzz.route import read_route
from tests.fuzz.workers import Share, read_all, watched
from tests.link.forge import pack

INPUTS = 40


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_hostile_inputs_are_read_or_refused_in_a_sentence(kind):
    done = read_all(kind, 20261128, range(INPUTS))
    assert done.faults == []
    assert len(done.outcomes) > 5


def test_an_input_follows_from_its_seed_and_number():
    assert kinds.made("uploads", 3, 77) == kinds.made("uploads", 3, 77)
    assert len({kinds.made("uploads", seed, number) for seed in (3, 4) for number in range(9)}) == 18


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("  ", "a refusal without a word"),
        ("one\u2028two", "a sentence of several lines"),
        ("a" * 2_001, "a sentence of 2,001 characters"),
        ("KeyError: 'x'", "a sentence that shows the code"),
        ("a half of a sign: \ud800", "a sentence that no browser can be sent"),
    ],
)
def test_the_judge_sees_a_sentence_that_is_none(said, told):
    with pytest.raises(FaultError, match=f"^{told}"):
        sentence(said)


def test_the_judge_sees_an_error_what_takes_too_long_and_a_plan_that_cannot_travel():
    assert tried(lambda: str({}["x"]))[1] == "KeyError: 'x'"
    assert tried(lambda: "x" * sum(1 for _ in iter(int, 1)), 0.05)[1] == "slow: over 0.05 s"
    with pytest.raises(FaultError, match=r"link brings back another: .*name"):
        plan_is_sound(example_plan().model_copy(update={"name": " not trimmed "}), closely=False)


def falling(out, current, kind, seed, numbers):
    """A process that dies at every third input."""
    for number in numbers:
        current.value = number
        if number % 3 == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        out.send(Share(inputs=1))


def test_a_process_that_dies_is_told_by_its_input_and_the_others_are_read():
    done = watched("links", 1, range(7), job=falling, start="fork")
    assert done.faults == [(2, "the process died with exit code -9"), (5, "the process died with exit code -9")]
    assert done.inputs == 5


def test_ten_thousand_wrong_fields_of_a_link_are_told_in_some_sentences():
    opened = decode(pack("\n".join(f"zz{number}" for number in range(10_000))))
    assert len(opened.problems) == MOST_TOLD + 1
    assert opened.problems[-1] == "and 9,800 more like these"
    assert len(opened.nothing_read()) < 600
    assert opened.nothing_read().endswith("; and 196 more like these")


def test_what_a_sentence_quotes_breaks_no_line():
    assert decode("1\n2.x").problems == (
        "the link says version '1?2'; this app reads version 1; the example was opened",
    )
    read = read_plan('record,pue\nworkload,"1\r\n\x85\u20282"\n')
    assert read.problems[0] == "line 2, column pue: pue is '1????2', not a number; it must lie in [1, 3] kWh/kWh"
    assert str(NotFoundError("'a\nb' is no id")) == "'a?b' is no id"
    assert str(RefusedError("'a\u202eb' is no file")) == "'a?b' is no file"


def test_a_broken_bill_in_parquet_is_refused_without_the_librarys_own_words():
    name, raw = next((name, raw) for name, raw in seeds.packed())
    with pytest.raises(RefusedError) as refused:
        read_usage([of_bytes(name, raw[:-40] + b"\xff" * 20 + raw[-20:])])
    assert str(refused.value) == f"{name}: it is no whole Parquet file: its description of itself cannot be read"


def test_a_column_whose_own_description_is_broken_ends_no_process():
    raw = (seeds.TESTS / "broken" / "ends_the_process.parquet").read_bytes()
    with pytest.raises(RefusedError) as refused:  # pyarrow aborts where such a column is asked for its size
        read_usage([of_bytes("bill.parquet", raw)])
    assert str(refused.value).startswith("bill.parquet: it is no whole Parquet file: Definition level histogram size")


def test_blank_lines_of_a_packed_file_go_by_fast():
    raw = gzip.compress(b"\n" * 1_000_000, 1, mtime=0)
    stream, _ = source.opened(of_bytes("a.jsonl", raw))
    outcome, fault, _ = tried(lambda: str(sum(1 for _ in iter(stream.readline, b""))), 0.5)  # it took a second
    assert (outcome, fault) == ("1000000", "")
    stream, _ = source.opened(of_bytes("a.jsonl", gzip.compress(b"\n" * 1_000_000 + b"[]", 1, mtime=0)))
    outcome, fault, _ = tried(lambda: str(list(documents.lines(stream, (), (), set()))), 0.35)  # it took 0.45
    assert (outcome, fault) == ("[Refused(place='line 1,000,001', why='it is no object of names and values')]", "")


@pytest.mark.parametrize("said", ["9999-12-31T23:00-05:00", "0001-01-01T00:00+14:00"])
def test_a_time_beyond_the_calendar_is_refused(said):
    path = seeds.IMPORTS / "samples" / "vllm_scrape_0.prom"
    files = [of_bytes(path.name, path.read_bytes())]
    for key in ("first_scrape", "last_scrape"):
        with pytest.raises(RefusedError, match=r"write a time as 2026-03-02 09:00$"):
            read_usage(files, {key: said})


def test_bytes_that_are_no_text_in_an_address_are_answered_in_a_sentence():
    answered = read_route(Made("data", "", b"plan=\xa6\xff"))
    assert answered.startswith("status 40")
