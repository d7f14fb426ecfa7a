"""AWS bills: four kinds of tokens, their units, what is no usage, and machines by the hour."""

from core.imports.usage.cur import ASK_UNIT, FORMAT, NAMES_2
from core.imports.usage.format import Head
from core.imports.usage.record import Amounts, Subject
from core.imports.usage.sku import GLOBAL_SAID
from tests.each import for_each
from tests.imports.entries import run, table

SAMPLE = table(FORMAT, "aws_cur2_bedrock.csv")
OLD = {new: old for old, new in NAMES_2.items()}


def line(usage_type="USE1-Claude4.6Sonnet-input-tokens", amount="10", unit="1K tokens", **cells):
    return {
        "line_item_line_item_type": "Usage", "line_item_usage_type": usage_type, "line_item_usage_amount": amount,
        "pricing_unit": unit, "line_item_product_code": "AmazonBedrock", "product_region_code": "us-east-1",
        "line_item_unblended_cost": "1.5", "line_item_currency_code": "USD",
        "line_item_usage_start_date": "2026-03-02T00:00:00Z", "line_item_usage_end_date": "2026-03-03T00:00:00Z",
    } | cells  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {
        "input_tokens": 513_500_000.0, "cached_tokens": 436_000_000.0, "output_tokens": 10_300_000.0, "USD": 518.18,
    }  # fmt: skip
    assert found.left == {
        "Credit lines of the bill: no usage": (1, 0.0), "Tax lines of the bill: no usage": (1, 0.0)
    }  # fmt: skip
    assert list(found.amounts) == [
        Subject("Amazon Bedrock", "SYNTHETICmodel", "eu-central-1", "code_assistant", month="2026-03")
    ]
    assert (found.refused, found.asks) == ([], [])


def test_the_legacy_report_says_the_same_under_its_own_names():
    old = [{OLD.get(name, name): cell for name, cell in row.items()} for row in SAMPLE]
    assert "lineItem/UsageType" in old[0]
    assert run(FORMAT, old).amounts == run(FORMAT, SAMPLE).amounts


def test_both_reports_are_known_by_their_columns_and_a_bill_of_another_is_not():
    assert FORMAT.recognises(Head("a.csv", "", tuple(SAMPLE[0])))
    assert FORMAT.recognises(Head("a.csv", "", tuple(OLD.get(name, name) for name in SAMPLE[0])))
    assert not FORMAT.recognises(Head("a.csv", "", ("line_item_usage_type", "cost")))


@for_each(
    ("unit", "tokens"),
    [("1K tokens", 10_000.0), ("1M tokens", 10_000_000.0), ("tokens", 10.0), ("1K Tokens", 10_000.0)],
)
def test_the_size_of_a_unit_is_read_from_the_row(unit, tokens):
    assert run(FORMAT, [line(unit=unit)]).total().input_tokens == tokens


def test_units_of_the_marketplace_are_asked_and_then_counted():
    rows = [
        line("USE1-MP:USE1_InputTokenCount-Units", "3", "Units", line_item_product_code="hash",
             product_product_name="Claude Haiku 4.5 (Amazon Bedrock Edition)"),
        line("USE1-MP:USE1_OutputTokenCount-Units", "2", "", line_item_product_code="hash", product_product_name="",
             product='{"product_name": "Claude Haiku 4.5 (Amazon Bedrock Edition)"}'),
    ]  # fmt: skip
    found = run(FORMAT, rows)
    assert found.asks == [ASK_UNIT]
    assert found.refused == [
        "row 2: pricing_unit is 'Units'; it must say how many tokens it holds, such as 1K tokens",
        "row 3: pricing_unit is ''; it must say how many tokens it holds, such as 1K tokens",
    ]
    told = run(FORMAT, rows, {"bedrock_unit": "1M tokens"})
    assert told.known() == {"input_tokens": 3e6, "cached_tokens": 0.0, "output_tokens": 2e6, "USD": 3.0}
    assert {subject.model for subject in told.amounts} == {"Claude Haiku 4.5 (Amazon Bedrock Edition)"}


def test_a_description_in_millions_says_the_size_of_a_unit():
    words = "AWS Marketplace software usage|us-east-1|Million Input Tokens"
    found = run(
        FORMAT, [line("USE1-MP:USE1_InputTokenCount-Units", "3", "Units", line_item_line_item_description=words)]
    )
    assert (found.total().input_tokens, found.asks) == (3e6, [])


def test_what_may_run_anywhere_has_no_region():
    found = run(FORMAT, [line("USE1-Claude4.6Opus-input-tokens-cross-region-global"), line()])
    assert [subject.region for subject in found.amounts] == ["global", "us-east-1"]
    assert GLOBAL_SAID in found.said


def test_batch_counts_in_full_and_is_said():
    found = run(FORMAT, [line("USE1-Llama3-70B-output-tokens-batch")])
    assert found.total().output_tokens == 10_000.0
    assert found.said[-1] == "batch usage counts like any other: its lower price is no lower use of energy"


@for_each(
    ("row", "why"),
    [
        (line(line_item_line_item_type="Refund"), "Refund lines of the bill: no usage"),
        (line(line_item_line_item_type="EdpDiscount"), "EdpDiscount lines of the bill: no usage"),
        (line(line_item_line_item_type=""), "untyped lines of the bill: no usage"),
        (line("USE1-ProvisionedThroughput-ModelUnits", "24", "Hrs"),
         "Bedrock, provisioned throughput by the hour: it tells no tokens"),
        (line("USE1-Guardrail-TextUnits", "24", "Units"), "Bedrock, counted in no tokens"),
        (line("USE1-BoxUsage:m5.large", "24", "Hrs", line_item_product_code="AmazonEC2"), "other services of AWS"),
        (line("USE1-Reservation:p5.48xlarge", "24", "Hrs", line_item_product_code="AmazonEC2"),
         "other services of AWS"),
        (line("USE1-M2MTokenRequests", "24", "Requests", line_item_product_code="AmazonCognito"),
         "other services of AWS"),
        (line("EBSOptimized:p5.48xlarge", "24", "Hrs", line_item_product_code="AmazonEC2"), "other services of AWS"),
        (line("USE1-NovaCanvas-input-tokens"),
         "Bedrock, no answers of a language model (images, video, speech, ranking, safety)"),
    ],
)  # fmt: skip
def test_what_is_no_usage_of_a_language_model_is_left_out_by_name(row, why):
    found = run(FORMAT, [row])
    assert (list(found.left), found.amounts) == ([why], {})


def test_embeddings_are_kept_apart():
    found = run(FORMAT, [line("USE1-TitanEmbeddingsG1-Text-input-tokens"), line()])
    assert (found.total("embedding").input_tokens, found.total().input_tokens) == (10_000.0, 10_000.0)


def test_hours_of_machines_with_accelerators_are_a_hire():
    row = line("USE1-BoxUsage:p5.48xlarge", "24", "Hrs", line_item_product_code="AmazonEC2",
               line_item_line_item_type="SavingsPlanCoveredUsage", savings_plan_savings_plan_effective_cost="700",
               resource_tags_user_team="search")  # fmt: skip
    assert run(FORMAT, [row]).amounts == {
        Subject("AmazonEC2", "", "us-east-1", "search", "hire", "p5.48xlarge", "2026-03"): Amounts(
            machine_h=24.0, costs={"USD": 700.0}
        )
    }


def test_currencies_are_never_added_to_one_another():
    found = run(FORMAT, [line(), line(line_item_currency_code="EUR")])
    assert found.total().costs == {"USD": 1.5, "EUR": 1.5}


def test_an_amount_that_is_no_number_refuses_its_row_alone():
    found = run(FORMAT, [line(amount="many"), line()])
    assert found.refused == ["row 2: line_item_usage_amount is 'many', not a number"]
    assert found.total().input_tokens == 10_000.0
