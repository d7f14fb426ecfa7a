"""AWS Cost and Usage Report, 2.0 and legacy: tokens of Amazon Bedrock, and hours of machines with accelerators.

Verified: usage types and their four kinds of tokens in AWS "Understanding your Amazon Bedrock Cost and Usage Report
data" (mirror), which also says that no bill holds requests; `MP:USE1_InputTokenCount-Units` of models sold through the
Marketplace in public price tools, where one unit was 1K tokens of older models and is 1M of newer ones: it is asked.
Cache reads and writes are line items beside the input: the four are added. Legacy names: secondary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.imports.usage.cells import at, month, quoted_word, signed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.sku import BATCH_SAID, GLOBAL, GLOBAL_SAID, Item, hours_in, item_of, machine_of
from core.imports.usage.tags import GROUP_TAGS, counted_by, group_of, parsed, words

SERVICE = "Amazon Bedrock"
# Columns of the legacy report, and how CUR 2.0 (and Athena) call them.
NAMES_2 = {
    "lineItem/LineItemType": "line_item_line_item_type",
    "lineItem/UsageStartDate": "line_item_usage_start_date",
    "lineItem/UsageEndDate": "line_item_usage_end_date",
    "lineItem/ProductCode": "line_item_product_code",
    "lineItem/UsageType": "line_item_usage_type",
    "lineItem/LineItemDescription": "line_item_line_item_description",
    "lineItem/UsageAmount": "line_item_usage_amount",
    "lineItem/CurrencyCode": "line_item_currency_code",
    "lineItem/UnblendedCost": "line_item_unblended_cost",
    "reservation/EffectiveCost": "reservation_effective_cost",
    "savingsPlan/SavingsPlanEffectiveCost": "savings_plan_savings_plan_effective_cost",
    "pricing/unit": "pricing_unit",
    "product/regionCode": "product_region_code",
    "product/instanceType": "product_instance_type",
    "product/ProductName": "product_product_name",
}
COLUMNS = {
    "line_item_line_item_type": "whether a row is usage, or tax, credit and the like",
    "line_item_usage_start_date": "start",
    "line_item_usage_end_date": "end",
    "line_item_product_code": "service",
    "line_item_usage_type": "kind of tokens, model",
    "line_item_line_item_description": "size of a unit where its column does not say",
    "line_item_usage_amount": "tokens or hours",
    "line_item_currency_code": "currency",
    "line_item_unblended_cost": "cost",
    "reservation_effective_cost": "cost under a reservation",
    "savings_plan_savings_plan_effective_cost": "cost under a savings plan",
    "pricing_unit": "unit",
    "product_region_code": "region",
    "product_instance_type": "machine",
    "product_product_name": "model where the usage type names none",
    "product": "model and machine where they have no column",
    "resource_tags": "use, from its tags",
    "tags": "use, from its tags",
}
TAG_COLUMNS = tuple(f"{start}{tag}" for tag in GROUP_TAGS for start in ("resource_tags_user_", "resourceTags/user:"))
TAGS = frozenset(TAG_COLUMNS)
# Types of line that are usage, and where each says its cost.
COST_OF = {
    "Usage": "line_item_unblended_cost",
    "DiscountedUsage": "reservation_effective_cost",
    "SavingsPlanCoveredUsage": "savings_plan_savings_plan_effective_cost",
}
UNITS = {"1K tokens": 1e3, "1M tokens": 1e6, "tokens": 1.0}
ASK_UNIT = Ask(
    "bedrock_unit", "What one 'Unit' of Bedrock's Marketplace models is",
    "Models sold through the AWS Marketplace are billed by 'Units'. Compare the price of one with the price list: "
    "older models count 1K tokens, newer ones 1M tokens.", ("", *UNITS),
)  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether the columns of line items are there, under either name."""
    columns = {NAMES_2.get(name, name) for name in head.columns}
    return columns >= {"line_item_usage_type", "line_item_usage_amount", "line_item_line_item_type"}


class CurReader(RowByRow):
    """Reads line items one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "input = input + cache read + cache write line items, as AWS bills them side by side; cached = cache read",
            "only lines of usage count; AWS puts no requests into a bill",
        ]
        self.asks: list[Ask] = []
        self._unit = UNITS.get(answers.get(ASK_UNIT.key, ""))

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens or hours of a line, or why it has none."""
        row = replace(entry, cells={NAMES_2.get(name, name): cell for name, cell in entry.cells.items()})
        kind, usage_type = text(row, "line_item_line_item_type"), text(row, "line_item_usage_type")
        product = f"{text(row, 'line_item_product_code')} {_of_product(row, 'product_name')}".lower()
        machine = machine_of(_of_product(row, "instance_type"), usage_type)
        machine = _of_product(row, "instance_type") or machine.rpartition(":")[2] if machine else ""
        item = item_of(usage_type)
        bedrock = "bedrock" in product or "MP:" in usage_type or bool(item.side and not product.strip())
        if kind not in COST_OF:
            yield LeftOut(f"{kind or 'untyped'} lines of the bill: no usage")
        elif bedrock and item.side:
            yield self._tokens(row, item)
        elif machine and hours_in(text(row, "pricing_unit")):
            yield self._hours(row, machine)
        elif bedrock:
            why = "provisioned throughput by the hour: it tells no tokens" if item.hourly else "counted in no tokens"
            yield LeftOut(f"Bedrock, {why}")
        else:
            yield LeftOut("other services of AWS")

    def _tokens(self, row: Entry, item: Item) -> Taken | LeftOut:
        tokens = (signed(row, "line_item_usage_amount") or 0.0) * self._size(row)
        if item.no_language:
            return LeftOut("Bedrock, no answers of a language model (images, video, speech, ranking, safety)", tokens)
        if item.anywhere:
            self._say(GLOBAL_SAID)
        if item.batch:
            self._say(BATCH_SAID)
        model = item.model or _of_product(row, "product_name")
        stage: Stage = "embedding" if "embed" in f"{model} {item.model}".lower() else "inference"
        start = at(row, "line_item_usage_start_date")
        region = GLOBAL if item.anywhere else _of_product(row, "region_code")
        amounts = item.amounts(tokens, _cost(row))
        return Taken(
            Subject(SERVICE, model, region, _group(row), stage, month=month(start)), amounts, start,
            at(row, "line_item_usage_end_date"),
        )  # fmt: skip

    def _hours(self, row: Entry, machine: str) -> Taken:
        hours = (signed(row, "line_item_usage_amount") or 0.0) * (hours_in(text(row, "pricing_unit")) or 0.0)
        start = at(row, "line_item_usage_start_date")
        service = text(row, "line_item_product_code") or "AWS"
        subject = Subject(service, "", _of_product(row, "region_code"), _group(row), "hire", machine, month(start))
        amounts = Amounts(machine_h=hours, costs=_cost(row))
        return Taken(subject, amounts, start, at(row, "line_item_usage_end_date"))

    def _size(self, row: Entry) -> float:
        """How many tokens one unit of a line holds, by its unit, its description or the answer; asks if none tells."""
        if not signed(row, "line_item_usage_amount"):
            return 1.0
        unit, said = text(row, "pricing_unit"), words(row, "line_item_line_item_description")
        size = counted_by(unit) or (counted_by(said.rpartition("|")[2]) if "million" in said.lower() else self._unit)
        if size is not None:
            return size
        if ASK_UNIT not in self.asks:
            self.asks.append(ASK_UNIT)
        raise RowError(f"pricing_unit is {quoted_word(unit)}; it must say how many tokens it holds, such as 1K tokens")


def _of_product(row: Entry, name: str) -> str:
    """What a bill says of the product, in a column of its own or in the map of CUR 2.0."""
    found = text(row, f"product_{name}")
    if found or "product" not in row.cells:
        return found
    product = parsed(row, "product")
    return str(product.get(name) or "") if isinstance(product, dict) else ""


def _group(row: Entry) -> str:
    """What the tags of a line say it was for."""
    if not TAGS.isdisjoint(row.cells):
        alone = next((tag for column in TAG_COLUMNS if (tag := words(row, column))), "")
        if alone:
            return alone
    return group_of(row, "resource_tags", "tags")


def _cost(row: Entry) -> dict[str, float]:
    """The cost of a line of usage; of what a commitment covers, its share of the commitment."""
    cost = signed(row, COST_OF[text(row, "line_item_line_item_type")])
    return {} if cost is None else {text(row, "line_item_currency_code") or "USD": cost}


FORMAT = Format(
    kind="AWS Cost and Usage Report",
    service=SERVICE,
    layout="delimited",
    columns={
        **COLUMNS,
        **{old: COLUMNS[new] for old, new in NAMES_2.items()},
        **dict.fromkeys(TAG_COLUMNS, "use, from its tags"),
    },
    recognises=recognises,
    reader=CurReader,
)
