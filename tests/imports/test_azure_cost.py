"""Azure's cost details of both agreements: meters, days with the month first, machines, and what is no usage."""

from datetime import UTC, datetime

from core.imports.usage.azure_cost import COLUMNS, FORMAT
from core.imports.usage.format import Head
from core.imports.usage.read import read_usage
from core.imports.usage.record import Amounts, Subject
from core.imports.usage.source import of_bytes
from tests.each import for_each
from tests.imports.entries import run, table

SAMPLE = table(FORMAT, "azure_cost_details.csv")


def charge(meter="gpt 4o 1120 Inp Data Zone Tokens", amount="10", unit="1K", **cells):
    return {
        "chargeType": "Usage", "date": "03/02/2026", "meterName": meter, "meterCategory": "Cognitive Services",
        "unitOfMeasure": unit, "quantity": amount, "costInBillingCurrency": "2", "billingCurrencyCode": "CHF",
        "resourceLocation": "Sweden Central",
    } | cells  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {
        "input_tokens": 92e6, "cached_tokens": 20e6, "output_tokens": 12.6e6, "EUR": 331.0
    }  # fmt: skip
    assert found.known("hire") == {"machine_h": 24.0, "EUR": 2352.0}
    assert found.left == {"Refund rows of the bill: no usage": (1, 0.0)}
    assert set(found.amounts) == {
        Subject("Azure OpenAI", "SYNTHETIC 1120", "global", "support_chatbot", month="2026-03"),
        Subject(
            "Virtual Machines", "", "swedencentral", "rag_assistant", "hire", "Standard_ND96isr_H100_v5", "2026-03"
        ),
    }
    assert found.times[0] == (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))


def test_an_enterprise_file_in_capitals_and_with_bare_tags_reads_alike():
    row = charge(tags='"team": "desk","owner": "a.person"')
    head = [name[:1].upper() + name[1:] for name in row]
    cells = ",".join('"' + cell.replace('"', '""') + '"' for cell in row.values())
    reading = read_usage([of_bytes("ea.csv", f"{','.join(head)}\n{cells}\n".encode())])
    assert reading.kind == FORMAT.kind
    assert reading.amounts == {
        Subject("Azure OpenAI", "gpt 4o 1120", "swedencentral", "desk", month="2026-03"): Amounts(
            input_tokens=10_000.0, cached_tokens=0.0, costs={"CHF": 2.0}
        )
    }
    assert not FORMAT.recognises(Head("a.csv", "", ("meterName", "quantity")))


@for_each(
    ("row", "why"),
    [
        (charge(chargeType="Purchase"), "Purchase rows of the bill: no usage"),
        (charge("Provisioned Managed Global Unit", "24", "1 Hour"),
         "provisioned throughput by the hour: it tells no tokens"),
        (charge("Claude Consumption Units", "24", "1"), "AI services counted in no tokens"),
        (charge("P10 LRS Disk", "1", "1/Month", meterCategory="Storage"), "services other than AI"),
        (charge("D4s v5", "24", "1 Hour", meterCategory="Virtual Machines"), "services other than AI"),
        (charge("gpt-4o ft training Inp Tokens"),
         "no answers of a language model (images, video, speech, ranking, training)"),
    ],
)  # fmt: skip
def test_what_is_no_usage_of_a_language_model_is_left_out_by_name(row, why):
    found = run(FORMAT, [row])
    assert (list(found.left), found.amounts, found.refused) == ([why], {}, [])


@for_each(
    ("row", "sentence"),
    [
        (
            charge(unit="100 Calls"),
            "row 2: unitOfMeasure is '100 Calls'; it must say how many tokens it holds, such as 1K",
        ),
        (charge(date="31/03/2026"), "row 2: date is '31/03/2026'; it must be a day such as 03/31/2026"),
        (charge(date=""), "row 2: date is ''; it must be a day such as 03/31/2026"),
        (charge(amount="x"), "row 2: quantity is 'x', not a number"),
    ],
)
def test_a_charge_that_cannot_be_read_is_refused(row, sentence):
    assert run(FORMAT, [row]).refused == [sentence]


def test_an_iso_day_and_a_family_beside_a_bare_number_are_read():
    row = charge("5.4 opt Dz 1M Tokens", "2", "1M", date="2026-03-02", meterSubCategory="Azure OpenAI GPT5")
    assert {(s.model, s.month) for s in run(FORMAT, [row]).amounts} == {("GPT 5.4", "2026-03")}


def test_accounts_owners_and_resources_are_not_among_what_is_taken():
    assert not {"resourceid", "accountownerid", "subscriptionid", "billingaccountname"} & {c.lower() for c in COLUMNS}
