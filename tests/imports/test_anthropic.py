"""Anthropic and OpenRouter: parts beside or inside the input, cents, batch, geography, and what names no person."""

from core.imports.usage import anthropic, openrouter
from core.imports.usage.format import Head
from core.imports.usage.read import read_usage
from core.imports.usage.record import Amounts, Subject
from core.imports.usage.source import of_path
from tests.each import for_each
from tests.imports.entries import SAMPLES, documents, run, table

USAGE = documents(anthropic.JSON, "anthropic_usage_messages.json")
MODEL = "claude-SYNTHETIC-4-20260101"


def bucket(*results):
    return {"starting_at": "2026-03-02T00:00:00Z", "ending_at": "2026-03-03T00:00:00Z", "results": list(results)}


def result(**cells):
    return {
        "uncached_input_tokens": 10, "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 2},
        "cache_read_input_tokens": 70, "output_tokens": 5, "model": "m",
    } | cells  # fmt: skip


def test_the_parts_of_the_input_are_added():
    found = run(anthropic.JSON, USAGE)
    assert found.known() == {"input_tokens": 10_200_000.0, "cached_tokens": 8_000_000.0, "output_tokens": 590_000.0}
    assert set(found.amounts) == {
        Subject("Anthropic", MODEL, "us", "wrkspc_SYNTHETIC", month="2026-03"),
        Subject("Anthropic", MODEL, "global", "", month="2026-03"),
    }
    assert found.said == [anthropic.BESIDE, anthropic.NO_REQUESTS, anthropic.BATCH]


def test_costs_are_in_cents_and_those_of_tools_are_no_tokens():
    found = run(anthropic.JSON, documents(anthropic.JSON, "anthropic_cost_report.json"))
    assert found.total().costs == {"USD": 12.345}
    assert found.left == {anthropic.OTHER_COST: (1, 0.0)}


def test_costs_join_the_tokens_of_their_model_and_workspace():
    both = [of_path(SAMPLES / f"anthropic_{name}.json") for name in ("usage_messages", "cost_report")]
    found = {subject.group: amounts for subject, amounts in read_usage(both).amounts.items() if not subject.region}
    assert found["wrkspc_SYNTHETIC"].costs == {"USD": 12.345}


def test_a_key_of_a_person_is_not_among_what_is_taken():
    taken = {name for form in (*ANTHROPIC, *OPENROUTER) for name in form.columns}
    assert not taken & {"api_key_id", "api_key", "api_key_name", "user", "account_id", "generation_id"}


@for_each(
    ("row", "sentence"),
    [
        (result(output_tokens=-1), "row 2: result 1: output_tokens is -1; it must be 0 or more"),
        (result(inference_geo="a b"), "row 2: inference_geo is 'a b'; it must be a region such as us or global"),
        ({"amount": None}, "row 2: result 1: amount is blank; it must be a number of cents"),
        ({"amount": "much"}, "row 2: result 1: amount is 'much', not a number"),
    ],
)
def test_one_broken_result_is_refused(row, sentence):
    assert run(anthropic.JSON, [bucket(row)]).refused == [sentence]


def test_a_broken_result_leaves_the_others_of_its_bucket():
    found = run(anthropic.JSON, [bucket(result(output_tokens="x"), result())])
    assert (found.total().input_tokens, len(found.refused)) == (85.0, 1)


def test_results_of_nought_and_without_a_model_are_said():
    nought = result(uncached_input_tokens=0, cache_creation={}, cache_read_input_tokens=0, output_tokens=0)
    found = run(anthropic.JSON, [bucket(nought, result(model=None))])
    assert found.left == {anthropic.NOTHING: (1, 0.0)}
    assert anthropic.NO_MODEL in found.said


def test_the_tables_of_the_console_say_the_same_in_columns():
    found = run(anthropic.TABLE, table(anthropic.TABLE, "anthropic_console_usage.csv"))
    assert found.amounts == {
        Subject("Anthropic", MODEL, "global", "Default", month="2026-03"): Amounts(
            None, 182_950.0, 120_000.0, 16_932.0
        ),
        Subject("Anthropic", MODEL, "", "Default", month="2026-03"): Amounts(None, 3_050.0, 0.0, 68.0),
    }
    assert (found.left, found.said[-1]) == ({anthropic.NOTHING: (1, 0.0)}, anthropic.BATCH)
    costs = run(anthropic.COST_TABLE, table(anthropic.COST_TABLE, "anthropic_console_costs.csv"))
    assert (costs.total().costs, costs.left) == ({"USD": 1.75}, {anthropic.OTHER_COST: (1, 0.0)})


def test_an_older_table_has_one_column_of_cache_writes():
    row = {"usage_date_utc": "2026-03-02", "usage_input_tokens_no_cache": "1", "usage_input_tokens_cache_write": "2",
           "usage_input_tokens_cache_read": "4", "usage_output_tokens": "8"}  # fmt: skip
    assert run(anthropic.TABLE, [row]).known() == {"input_tokens": 7.0, "cached_tokens": 4.0, "output_tokens": 8.0}


@for_each(
    ("form", "row", "sentence"),
    [
        (anthropic.TABLE, {"usage_output_tokens": "1"}, "row 2: usage_date_utc is blank; it must be a day"),
        (anthropic.COST_TABLE, {"cost_usd": ""}, "row 2: cost_usd is blank; it must be a number"),
        (openrouter.DAILY, {"Requests": "1"}, "row 2: date is blank; it must be a day"),
        (openrouter.DAILY, {"Date": "2026-03-02"}, "row 2: requests is blank; it must be a number"),
        (openrouter.LOGS, {"tokens_prompt": "1"}, "row 2: created_at is blank; it must be a time"),
        (openrouter.LOGS,
         {"created_at": "2026-03-02", "tokens_prompt": "1", "tokens_cached": "2", "tokens_completion": "3"},
         "row 2: tokens_cached is 2; it must be at most tokens_prompt, 1"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused(form, row, sentence):
    assert run(form, [row]).refused == [sentence]


def test_a_day_of_openrouter_reads_alike_from_its_table_and_its_api():
    found = run(openrouter.DAILY, table(openrouter.DAILY, "openrouter_activity.csv"))
    assert found.known() == {
        "requests": 25.0, "input_tokens": 85_000.0, "output_tokens": 5_250.0, "reasoning_tokens": 250.0, "USD": 0.527
    }  # fmt: skip
    item = {"date": "2026-03-02", "model": "openai/gpt-4.1", "model_permaslug": "openai/gpt-4.1-2025-04-14",
            "usage": 0.015, "byok_usage_inference": 0.012, "requests": 5, "prompt_tokens": 50, "completion_tokens": 125,
            "reasoning_tokens": 25}  # fmt: skip
    assert run(openrouter.API, [item]).amounts == {
        Subject("OpenRouter", "openai/gpt-4.1-2025-04-14", month="2026-03"): Amounts(
            5.0, 50.0, None, 125.0, 25.0, costs={"USD": 0.027}
        )
    }


def test_a_generation_of_openrouter_holds_cached_and_reasoning_tokens_inside():
    found = run(openrouter.LOGS, table(openrouter.LOGS, "openrouter_generations.csv"))
    assert found.known() == {
        "requests": 2.0, "input_tokens": 250.0, "cached_tokens": 40.0, "output_tokens": 450.0, "reasoning_tokens": 50.0,
        "USD": 0.03,
    }  # fmt: skip
    assert {subject.group for subject in found.amounts} == {"SYNTHETIC-app"}


ANTHROPIC = (anthropic.JSON, anthropic.TABLE, anthropic.COST_TABLE)
OPENROUTER = (openrouter.LOGS, openrouter.DAILY, openrouter.API)


def test_the_api_of_openrouter_is_known_by_its_fields():
    assert openrouter.API.recognises(Head("a.json", '{"data":[{"model_permaslug":"m","byok_usage_inference":0}]}'))
    assert not openrouter.API.recognises(Head("a.json", '{"data":[{"model":"m"}]}'))
