"""Google's billing export: SKUs, units, characters, credits, accelerators, and rows that are no usage."""

import json

import pytest

from core.imports.reading import RefusedError
from core.imports.usage.format import Head
from core.imports.usage.gcp import ASK_CHARACTERS, FORMAT, JSON_FORMAT
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import allowed, run, table

SAMPLE = table(FORMAT, "gcp_billing_export_flat.csv")
FLASH = "Gemini 2.5 Flash GA Text Input - Predictions"


def row(sku=FLASH, amount="1000", unit="count", **cells):
    return {
        "service.description": "Vertex AI", "sku.description": sku, "usage.amount": amount, "usage.unit": unit,
        "usage_start_time": "2026-03-02 08:00:00 UTC", "usage_end_time": "2026-03-02 09:00:00 UTC", "cost": "0.5",
        "currency": "EUR", "cost_type": "regular", "location.region": "europe-north1", "project.id": "shop",
        "labels": "[]",
    } | cells  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {"input_tokens": 5e6, "cached_tokens": 0.0, "output_tokens": 420_000.0, "EUR": 1.66}
    assert found.known("hire") == {"gpu_h": 1.0, "EUR": 2.9}
    assert found.total().costs["EUR"] + found.total("hire").costs["EUR"] == pytest.approx(4.56, rel=1e-12)
    assert found.left == {"rows of the type 'rounding_error': no usage": (1, 0.0)}
    assert set(found.amounts) == {
        Subject("Vertex AI", "SYNTHETIC model", "europe-north1", "doc_batch", month="2026-03"),
        Subject("Vertex AI", "", "europe-north1", "doc_batch", "hire", "SYNTHETIC Nvidia GPU attached", "2026-03"),
    }


def test_columns_with_underlines_and_nested_json_say_the_same():
    below = [{name.replace(".", "_"): cell for name, cell in one.items()} for one in SAMPLE]
    assert run(FORMAT, below).amounts == run(FORMAT, SAMPLE).amounts
    nested = {
        "service": {"id": "X", "description": "Vertex AI"}, "sku": {"id": "Y", "description": FLASH},
        "usage": {"amount": "1000", "unit": "count"}, "usage_start_time": "2026-03-02 08:00:00 UTC", "cost": 0.5,
        "currency": "EUR", "cost_type": "regular", "location": {"region": "europe-north1"}, "project": {"id": "shop"},
        "labels": [{"key": "owner", "value": "a.person"}, {"key": "team", "value": "desk"}],
        "credits": [{"amount": -0.25}],
    }  # fmt: skip
    kept = allowed(JSON_FORMAT, nested)
    assert kept["labels"] == {"team": "desk"}
    found = run(JSON_FORMAT, [kept])
    assert found.amounts == {
        Subject("Vertex AI", "Gemini 2.5 Flash", "europe-north1", "desk", month="2026-03"): Amounts(
            input_tokens=1000.0, cached_tokens=0.0, costs={"EUR": 0.5}
        )
    }
    assert found.said[-1] == "credits of -0.25 EUR on these rows are not taken off the cost"


def test_the_export_is_known_as_a_table_and_as_json():
    assert FORMAT.recognises(Head("g.csv", "", tuple(SAMPLE[0])))
    assert FORMAT.recognises(Head("g.csv", "", tuple(name.replace(".", "_") for name in SAMPLE[0])))
    assert not FORMAT.recognises(Head("g.csv", "", ("cost", "currency")))
    words = '{"sku": {}, "usage_start_time": "", "cost_type": "regular", "invoice": {"month": "202603"}}'
    assert (JSON_FORMAT.recognises(Head("g.json", words)), JSON_FORMAT.recognises(Head("g.json", "{}"))) == (
        True,
        False,
    )


@for_each(
    ("unit", "amount", "tokens"),
    [
        ("count", "1000", 1000.0),
        ("requests", "1065040.0", 1065040.0),
        ("1000000 count", "5", 5e6),
        ("1k tokens", "2", 2e3),
    ],
)
def test_tokens_are_read_by_the_size_of_their_unit_whatever_its_name(unit, amount, tokens):
    assert run(FORMAT, [row(amount=amount, unit=unit)]).total().input_tokens == tokens


def test_the_pricing_unit_is_taken_where_the_other_says_no_size():
    found = run(FORMAT, [row(unit="", **{"usage.amount_in_pricing_units": "5", "usage.pricing_unit": "1000000 count"})])
    assert found.total().input_tokens == 5e6


def test_cached_tokens_stand_beside_the_input_and_their_storage_is_no_usage():
    rows = [row(), row("Gemini 2.5 Flash GA Text Input Caching", "300"),
            row("Gemini 2.5 Flash Text Input Caching Storage", "3600", "seconds"),
            row("Gemini 2.5 Flash GA Thinking Text Output - Predictions", "70")]  # fmt: skip
    found = run(FORMAT, rows)
    assert found.known() == {"input_tokens": 1300.0, "cached_tokens": 300.0, "output_tokens": 70.0, "EUR": 1.5}
    assert found.left == {"cache storage: no model runs": (1, 0.0)}


def test_characters_become_tokens_by_a_stated_number_of_them():
    rows = [row("Gemini 1.5 Flash Text Input - Predictions"), row("PaLM Text Bison Input Character Count", "400")]
    found = run(FORMAT, rows)
    assert (found.total().input_tokens, found.asks) == (350.0, [ASK_CHARACTERS])
    assert found.said[-1] == "rows billed by characters are taken as 4 characters a token"
    assert run(FORMAT, rows, {"characters_per_token": "5"}).total().input_tokens == 280.0


@for_each("answer", ["0", "many", "1e9", "nan"])
def test_characters_per_token_must_lie_in_its_bounds(answer):
    with pytest.raises(RefusedError) as caught:
        FORMAT.reader({"characters_per_token": answer})
    assert str(caught.value) == f"characters_per_token is '{answer}'; it must lie in [1, 10]"


def test_credits_as_json_text_are_told_and_not_taken_off():
    found = run(FORMAT, [row(credits='[{"name": "CUD", "amount": -0.2}, {"amount": -0.1}]'), row(credits="[]")])
    assert found.total().costs == {"EUR": 1.0}
    assert found.said[-1] == "credits of -0.30 EUR on these rows are not taken off the cost"
    assert run(FORMAT, [row(credits="[{")]).refused == ["row 2: credits is '[{'; it must be JSON"]
    too_much = run(FORMAT, [row(credits=json.dumps([{"amount": 10**400}]))]).refused
    assert too_much == ["row 2: amount is a text of 401 signs, not a number"]


@for_each(
    ("one", "why"),
    [
        (row(cost_type="tax"), "rows of the type 'tax': no usage"),
        (row(cost_type="adjustment"), "rows of the type 'adjustment': no usage"),
        (row("Vertex AI: Provisioned Throughput 1 month", "1", "month"), "provisioned throughput: it tells no tokens"),
        (row("Imagen 4 Output Image", "5"), "no answers of a language model (images, video, speech, ranking, tuning)"),
        (row("Online prediction node hour"), "AI services counted in no tokens"),
        (row("N2 Instance Core", "3600", "seconds", **{"service.description": "Compute Engine"}),
         "services other than AI"),
    ],
)  # fmt: skip
def test_what_is_no_usage_of_a_language_model_is_left_out_by_name(one, why):
    found = run(FORMAT, [one])
    assert (list(found.left), found.amounts, found.refused) == ([why], {}, [])


def test_what_may_run_anywhere_has_no_region_and_batch_counts_in_full():
    rows = [row("Gemini 3.7 Flash Global Text Input - Predictions"),
            row(**{"location.region": "", "location.location": "global"}),
            row("Gemini 2.5 Flash Text Output (Thinking On) - Batch Predictions")]  # fmt: skip
    found = run(FORMAT, rows)
    assert [subject.region for subject in found.amounts] == ["global", "global", "europe-north1"]
    assert found.known() == {"input_tokens": 2000.0, "cached_tokens": 0.0, "output_tokens": 1000.0, "EUR": 1.5}


def test_a_unit_that_counts_nothing_refuses_its_row():
    assert run(FORMAT, [row(unit="bytes")]).refused == [
        "row 2: usage.unit is 'bytes'; it must be a count of tokens or characters"
    ]
