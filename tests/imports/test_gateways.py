"""OpenAI's, LiteLLM's, Portkey's and DeepSeek's exports as they are really written: blanks, tags, parts, own caches."""

import json

from core.imports.usage import deepseek, litellm, openai, portkey
from core.imports.usage.format import Head
from core.imports.usage.read import read_usage
from core.imports.usage.record import Amounts, Subject
from core.imports.usage.source import of_bytes, of_path
from tests.each import for_each
from tests.imports.entries import SAMPLES, documents, run, table

LOG = {
    "call_type": "acompletion", "spend": "0.1", "prompt_tokens": "10", "completion_tokens": "5", "cache_hit": "False",
    "startTime": "2026-03-02 09:00:00", "endTime": "2026-03-02 09:00:02", "model": "m", "status": "success",
}  # fmt: skip
DAY = {
    "date": "2026-03-02", "model": "m", "prompt_tokens": "10", "completion_tokens": "5", "successful_requests": "2",
    "cache_read_input_tokens": "4", "spend": "0.1", "model_group": "g",
}  # fmt: skip


def used(**cells):
    return {"object": openai.COMPLETIONS, "num_model_requests": 2, "input_tokens": 10, "output_tokens": 5} | cells


def test_blank_buckets_of_openais_dashboard_are_no_errors():
    found = run(openai.TABLE, table(openai.TABLE, "openai_dashboard_usage.csv"))
    assert (found.left, found.refused) == ({openai.NOTHING: (1, 0.0)}, [])
    assert found.known() == {"requests": 4.0, "input_tokens": 8000.0, "cached_tokens": 1280.0, "output_tokens": 2000.0}


def test_costs_of_openais_dashboard_stand_under_the_model_of_their_line():
    found = run(openai.COST_TABLE, table(openai.COST_TABLE, "openai_dashboard_costs.csv"))
    assert found.amounts == {
        Subject("OpenAI", "gpt-SYNTHETIC", "", "proj_SYNTHETIC", month="2026-03"): Amounts(costs={"USD": 0.00383598})
    }


def test_a_broken_result_of_openai_leaves_the_others_of_its_bucket():
    bucket = {"start_time": 1772409600, "end_time": 1772496000, "results": [used(input_tokens="x"), used()]}
    found = run(openai.PAGES, [bucket])
    assert found.refused == ["row 2: result 1: input_tokens is 'x', not a number"]
    assert found.total().input_tokens == 10.0


def test_a_page_whose_first_buckets_are_empty_is_known():
    empty = '{"object": "page", "data": [{"object": "bucket", "start_time": 1, "end_time": 2, "results": []}]}'
    assert openai.PAGES.recognises(Head("u.json", empty))


def test_embeddings_in_a_table_of_openai_are_kept_apart():
    row = {
        "start_time": "1772409600",
        "num_model_requests": "1",
        "input_tokens": "7",
        "model": "text-embedding-3-small",
    }
    assert run(openai.TABLE, [row]).known("embedding") == {"requests": 1.0, "input_tokens": 7.0}


@for_each(
    ("cells", "group"),
    [
        ({"request_tags": '["workload:desk"]', "team_id": "t", "model_group": "g"}, "desk"),
        ({"request_tags": '["user:a"]', "team_id": "t", "model_group": "g"}, "t"),
        ({"request_tags": "[]", "team_id": "", "model_group": "g"}, "g"),
    ],
)
def test_the_use_of_a_logged_request_is_its_tag_its_team_or_its_group(cells, group):
    assert [subject.group for subject in run(litellm.SPEND_LOGS, [LOG | cells]).amounts] == [group]


@for_each(
    ("cells", "group", "said"),
    [({"tag": "desk"}, "desk", True), ({"team_id": "t"}, "t", False), ({}, "g", False)],
)
def test_the_tables_by_tag_and_by_team_are_read_like_that_by_user(cells, group, said):
    found = run(litellm.DAILY, [DAY | cells])
    assert [subject.group for subject in found.amounts] == [group]
    assert (litellm.BY_TAG in found.said) == said


def test_a_log_of_no_tokens_and_no_cost_ran_no_model():
    found = run(litellm.SPEND_LOGS, [LOG | {"prompt_tokens": "0", "completion_tokens": "0", "spend": "0"}])
    assert (found.left, found.amounts) == ({litellm.NOTHING: (1, 0.0)}, {})


def test_logs_of_litellm_in_json_say_the_same_and_keep_no_prompt():
    line = LOG | {"prompt_tokens": 10, "spend": 0.1, "messages": [{"content": "a secret"}], "end_user": "a.person"}
    reading = read_usage([of_bytes("logs.jsonl", f"{json.dumps(line)}\n".encode())])
    assert reading.amounts == run(litellm.SPEND_LOGS, [LOG]).amounts
    assert set(reading.columns_unread) == {"end_user", "messages"}
    assert "secret" not in repr(reading)
    assert "person" not in repr(reading)


def test_what_portkey_answered_itself_ran_no_model_and_costs_are_cents():
    found = run(portkey.FORMAT, documents(portkey.FORMAT, "portkey_logs.jsonl"))
    assert found.amounts == {
        Subject("OpenAI", "gpt-SYNTHETIC", "", "support_chatbot", month="2026-03"): Amounts(
            1.0, 1200.0, None, 210.0, costs={"USD": 0.0051}
        )
    }
    assert found.left == {
        "answered from Portkey's own cache: no model ran": (1, 1410.0), "failed: no model answered": (1, 0.0),
    }  # fmt: skip


def test_prompts_and_people_of_portkey_never_enter_a_reading():
    reading = read_usage([of_path(SAMPLES / "portkey_logs.jsonl")])
    assert "person" not in repr(reading)
    assert {"request", "response", "trace_id"} <= set(reading.columns_unread)


def test_the_two_tables_of_deepseek_stand_under_one_subject():
    amounts = run(deepseek.AMOUNT_TABLE, table(deepseek.AMOUNT_TABLE, "deepseek_amount.csv"))
    costs = run(deepseek.COST_TABLE, table(deepseek.COST_TABLE, "deepseek_cost.csv"))
    subject = Subject("DeepSeek", "deepseek-SYNTHETIC", month="2026-03")
    assert amounts.amounts == {subject: Amounts(100.0, 1_000_000.0, 600_000.0, 50_000.0)}
    assert costs.amounts == {subject: Amounts(costs={"CNY": 2.565})}
    assert (amounts.left, amounts.refused) == ({}, [])


@for_each(
    ("row", "sentence"),
    [
        ({"utc_date": "2026-03-02", "type": "tokens", "amount": "1"},
         "row 2: type is 'tokens'; it must be request_count, input_cache_hit_tokens, input_cache_miss_tokens or "
         "output_tokens"),
        ({"type": "output_tokens", "amount": "1"},
         "row 2: utc_date, or start_time_iso and end_time_iso, are blank; they must be times"),
        ({"utc_date": "2026-03-02", "type": "output_tokens"}, "row 2: amount is blank; it must be a number"),
    ],
)  # fmt: skip
def test_a_row_of_deepseek_that_cannot_be_read_is_refused(row, sentence):
    assert run(deepseek.AMOUNT_TABLE, [row]).refused == [sentence]
