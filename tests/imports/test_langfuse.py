"""Langfuse and Helicone: which rows are calls, and whether cached and reasoning tokens are inside or beside."""

import json

import pytest

from core.imports.reading import RefusedError
from core.imports.usage import helicone, langfuse
from core.imports.usage.format import Head
from core.imports.usage.read import read_usage
from core.imports.usage.record import Amounts, Subject
from core.imports.usage.source import of_path
from tests.each import for_each
from tests.imports.entries import SAMPLES, documents, run, table

OBSERVATIONS = table(langfuse.FORMAT, "langfuse_observations_v2.csv")
REQUESTS = table(helicone.FORMAT, "helicone_export.csv")


def seen(usage, **cells):
    return {
        "type": "GENERATION", "start_time": "2026-03-02 09:00:00.000000", "end_time": "2026-03-02 09:00:02.500000",
        "provided_model_name": "m", "usage_details": usage if isinstance(usage, str) else json.dumps(usage),
        "project_id": "p", "environment": "production", "total_cost": "0.5", "level": "DEFAULT",
    } | cells  # fmt: skip


def asked(**cells):
    return {
        "response_status": "200", "request_created_at": "2026-03-02T09:00:00.000Z", "model": "m", "prompt_tokens": "10",
        "completion_tokens": "5", "response_created_at": "2026-03-02T09:00:02.000Z", "request_properties": "{}",
        "cost": "0.5",
    } | cells  # fmt: skip


def test_the_sample_of_langfuse_gives_the_totals_it_must():
    found = run(langfuse.FORMAT, OBSERVATIONS)
    assert found.known() == {
        "requests": 1.0, "input_tokens": 1200.0, "cached_tokens": 360.0, "output_tokens": 210.0,
        "reasoning_tokens": 60.0, "USD": 0.004,
    }  # fmt: skip
    assert found.left == {"spans, events and the like: no model call of their own": (2, 0.0)}
    assert found.said[-1] == langfuse.BESIDE


@for_each(
    ("usage", "amounts", "rule"),
    [
        ({"input": 840, "input_cached_tokens": 360, "output": 150, "reasoning_tokens": 60, "total": 1410},
         (1200.0, 360.0, 210.0, 60.0), langfuse.BESIDE),
        ({"input": 1200, "input_cached_tokens": 360, "output": 210, "output_reasoning_tokens": 60, "total": 1410},
         (1200.0, 360.0, 210.0, 60.0), langfuse.INSIDE),
        ({"input": 2140, "input_cached_tokens": 1024, "output": 96, "output_reasoning_tokens": 310, "total": 3570},
         (3164.0, 1024.0, 406.0, 310.0), langfuse.BESIDE),
        ({"input": 10, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 20, "output": 5},
         (100.0, 70.0, 5.0, None), langfuse.BESIDE),
        ({"input": 10, "output": 5, "total": 15}, (10.0, None, 5.0, None), ""),
        ({"input": 10, "output": 5, "audio_seconds": 3, "total": 15}, (10.0, None, 5.0, None), langfuse.INSIDE),
        ({"input": 0, "output": 0, "total": 0}, (0.0, None, 0.0, None), ""),
    ],
)  # fmt: skip
def test_the_total_decides_whether_parts_are_beside_or_inside(usage, amounts, rule):
    found = run(langfuse.FORMAT, [seen(usage)])
    total = found.total()
    assert (total.input_tokens, total.cached_tokens, total.output_tokens, total.reasoning_tokens) == amounts
    assert ([one for one in found.said if one in (langfuse.BESIDE, langfuse.INSIDE)] or [""]) == [rule]


@for_each(
    ("usage", "sentence"),
    [
        ({"input": 10, "input_cached_tokens": 4, "output": 5, "total": 99},
         "row 2: usage_details: its parts add up to 19 and input and output to 15; one of them must be the total, 99"),
        ({"input": 10, "output": 5, "pixels": 7},
         "row 2: usage_details: its parts add up to 22 and input and output to 15; one of them must be the total, 22"),
        ({"input": 10, "input_cached_tokens": 40, "output": 5, "total": 15},
         "row 2: usage_details: more tokens are cached or reasoning than there are in and out"),
        ({"input": "ten"}, "row 2: input is 'ten', not a number"),
        ("[1]", "row 2: usage_details is no group of names and numbers"),
        ("{", "row 2: usage_details is '{'; it must be JSON"),
    ],
)  # fmt: skip
def test_parts_that_fit_neither_way_refuse_their_row(usage, sentence):
    assert run(langfuse.FORMAT, [seen(usage)]).refused == [sentence]


@for_each(
    ("row", "why", "tokens"),
    [
        (seen({"input": 3, "total": 3}, type="SPAN"), "spans, events and the like: no model call of their own", 3.0),
        (seen({"input": 3}, type="AGENT"), "spans, events and the like: no model call of their own", 3.0),
        (seen({}, level="ERROR"), "failed calls", 0.0),
        (seen(""), "calls without a count of tokens: missing, not nought", 0.0),
    ],
)
def test_rows_that_are_no_model_call_are_left_out(row, why, tokens):
    assert run(langfuse.FORMAT, [row]).left == {why: (1, tokens)}


def test_an_embedding_stands_apart_and_another_environment_is_named():
    rows = [seen({"input": 7}, type="EMBEDDING"), seen({"input": 1, "output": 2}, environment="staging")]
    found = run(langfuse.FORMAT, rows)
    assert set(found.amounts) == {
        Subject("Langfuse", "m", "", "p", "embedding", month="2026-03"),
        Subject("Langfuse", "m", "", "p (staging)", month="2026-03"),
    }


def test_the_sample_of_helicone_gives_the_totals_it_must():
    found = run(helicone.FORMAT, REQUESTS)
    assert found.known() == {"requests": 1.0, "input_tokens": 1200.0, "output_tokens": 210.0, "USD": 0.0051}
    assert found.left == {"failed or refused: no model answered": (1, 0.0)}
    assert [subject.group for subject in found.amounts] == ["support_chatbot"]


@for_each(
    ("row", "why", "tokens"),
    [
        (asked(response_status="500"), "failed or refused: no model answered", 15.0),
        (asked(response_status=""), "failed or refused: no model answered", 15.0),
        (asked(completion_tokens=""), "requests without a count of tokens: missing, not nought", 10.0),
        (asked(prompt_tokens="", completion_tokens=""), "requests without a count of tokens: missing, not nought", 0.0),
    ],
)
def test_requests_without_an_answer_are_left_out(row, why, tokens):
    assert run(helicone.FORMAT, [row]).left == {why: (1, tokens)}


def test_a_request_to_embed_has_no_output_and_properties_name_no_person():
    row = asked(model="text-embedding-3-small", completion_tokens="", request_properties='{"user": "a", "app": "desk"}')
    assert run(helicone.FORMAT, [row]).amounts == {
        Subject("Helicone", "text-embedding-3-small", "", "desk", "embedding", month="2026-03"): Amounts(
            1.0, 10.0, costs={"USD": 0.5}
        )
    }


def test_prompts_and_people_are_not_among_what_is_taken():
    private = {"input", "output", "metadata", "user_id", "request_user_id", "request_body", "session_id"}
    assert not private & ({*langfuse.FORMAT.columns} | {*helicone.FORMAT.columns})


def test_each_is_known_by_its_own_columns_alone():
    heads = [Head("a.csv", "", tuple(rows[0])) for rows in (OBSERVATIONS, REQUESTS)]
    assert [langfuse.FORMAT.recognises(head) for head in heads] == [True, False]
    assert [helicone.FORMAT.recognises(head) for head in heads] == [False, True]


def test_prompts_under_the_names_of_counts_never_enter_a_reading():
    reading = read_usage([of_path(SAMPLES / "langfuse_observations_v2.jsonl")])
    assert "question" not in repr(reading)
    assert "person" not in repr(reading)
    assert {"input", "output", "user_id"} <= set(reading.columns_unread)
    assert reading.total().input_tokens == 1200.0


@for_each(
    ("answer", "whole", "cached"),
    [("", 1200.0, 360.0), ("beside the input", 1200.0, 360.0), ("inside the input", 840.0, 360.0)],
)
def test_where_cached_tokens_of_helicone_stand_is_asked(answer, whole, cached):
    found = run(helicone.JSON_FORMAT, documents(helicone.JSON_FORMAT, "helicone_requests.jsonl"), {"cached": answer})
    assert (found.total().input_tokens, found.total().cached_tokens) == (whole, cached)
    assert found.asks == [helicone.ASK_CACHED]
    assert [subject.group for subject in found.amounts] == ["support_chatbot"]


def test_more_cached_tokens_than_input_are_refused_where_they_stand_inside():
    row = asked(prompt_cache_read_tokens=40, prompt_tokens=10)
    found = run(helicone.JSON_FORMAT, [row], {"cached": "inside the input"})
    assert found.refused == ["row 2: prompt_cache_read_tokens is 40; it must be at most prompt_tokens, 10"]
    with pytest.raises(RefusedError) as caught:
        helicone.JSON_FORMAT.reader({"cached": "anywhere"})
    assert str(caught.value) == "cached is 'anywhere'; it must be 'beside the input' or 'inside the input'"
