"""Azure's cost and usage details, of Enterprise and Microsoft Customer agreements: tokens by meter, machines by hour.

Verified: the header of a Customer Agreement's file, read off the live API in a public collector, and Microsoft's list
of fields for both (page seen in translation); both write days as 03/02/2026, the month first. An Enterprise file names
the currency BillingCurrencyCode and writes tags without braces [secondary]. Meter names are Azure's own: see `sku`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.imports.usage.cells import at, month, quoted, quoted_word, signed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.sku import BATCH_SAID, GLOBAL, GLOBAL_SAID, Item, hours_in, item_of, machine_of
from core.imports.usage.tags import counted_by, group_of, parsed, words

COLUMNS = {
    "chargeType": "whether a row is usage, or a purchase, refund and the like",
    "date": "day",
    "meterName": "kind of tokens, model",
    "meterCategory": "service",
    "meterSubCategory": "family of the model",
    "unitOfMeasure": "unit",
    "quantity": "tokens or hours",
    "costInBillingCurrency": "cost",
    "billingCurrency": "currency",
    "billingCurrencyCode": "currency",
    "resourceLocation": "region",
    "additionalInfo": "machine",
    "tags": "use, from its tags",
}
NEEDED = ("metername", "unitofmeasure", "quantity", "costinbillingcurrency", "date")
AI = ("cognitive services", "azure openai", "foundry models", "azure machine learning", "azure ai", "foundry")
DAY = timedelta(days=1)
DAY_FORM = "%m/%d/%Y"


def recognises(head: Head) -> bool:
    """Whether the columns that both agreements have are there, in whatever letters."""
    columns = {name.lower() for name in head.columns}
    return columns >= set(NEEDED)


class AzureCostReader(RowByRow):
    """Reads charges one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "input = meters of input, of cached input and of cache writes, as Azure bills them side by side",
            "days are read with the month first, as Azure writes them; a bill holds no requests",
        ]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens or hours of a charge, or why it has none."""
        charge, meter = text(entry, "chargeType"), words(entry, "meterName")
        category = text(entry, "meterCategory")
        is_ai = any(name in category.lower() for name in AI)
        item = item_of(meter)
        machine = machine_of(_machine_type(entry), meter)
        if charge.lower() not in ("usage", ""):
            yield LeftOut(f"{charge} rows of the bill: no usage")
        elif is_ai and item.hourly:
            yield LeftOut("provisioned throughput by the hour: it tells no tokens")
        elif is_ai and item.side:
            yield self._tokens(entry, item)
        elif machine and hours_in(text(entry, "unitOfMeasure")):
            amounts = Amounts(machine_h=_quantity(entry, hours_in), costs=_cost(entry))
            yield _of_day(entry, Subject(category, "", _region(entry), _group(entry), "hire", machine), amounts)
        else:
            yield LeftOut("AI services counted in no tokens" if is_ai else "services other than AI")

    def _tokens(self, entry: Entry, item: Item) -> Taken | LeftOut:
        tokens = _quantity(entry, counted_by)
        if tokens is None:
            unit = text(entry, "unitOfMeasure")
            raise RowError(f"unitOfMeasure is {quoted_word(unit)}; it must say how many tokens it holds, such as 1K")
        if item.no_language:
            return LeftOut("no answers of a language model (images, video, speech, ranking, training)", tokens)
        for so, rule in ((item.anywhere, GLOBAL_SAID), (item.batch, BATCH_SAID)):
            if so:
                self._say(rule)
        stage: Stage = "embedding" if item.embedding else "inference"
        region = GLOBAL if item.anywhere else _region(entry)
        subject = Subject("Azure OpenAI", _model(entry, item), region, _group(entry), stage)
        return _of_day(entry, subject, item.amounts(tokens, _cost(entry)))


def _quantity(entry: Entry, size_of: Callable[[str], float | None]) -> float | None:
    size, count = size_of(text(entry, "unitOfMeasure")), signed(entry, "quantity")
    return None if size is None or count is None else size * count


def _of_day(entry: Entry, subject: Subject, amounts: Amounts) -> Taken:
    said = text(entry, "date")
    try:
        start = datetime.strptime(said, DAY_FORM).replace(tzinfo=UTC) if "/" in said else at(entry, "date")
    except ValueError:
        start = None
    if start is None:
        raise RowError(f"date is {quoted(said)}; it must be a day such as 03/31/2026")
    return Taken(replace(subject, month=month(start)), amounts, start, start + DAY)


def _machine_type(entry: Entry) -> str:
    """The size of a virtual machine, which stands in its additional information."""
    try:
        more = parsed(entry, "additionalInfo")
    except RowError:
        return ""
    return str(more.get("ServiceType") or "") if isinstance(more, dict) else ""


def _group(entry: Entry) -> str:
    """The use that the tags name; an Enterprise file leaves the braces around them out."""
    tags = entry.cells.get("tags")
    if isinstance(tags, str) and tags.strip().startswith('"'):
        return group_of(replace(entry, cells={"tags": f"{{{tags}}}"}), "tags")
    return group_of(entry, "tags")


def _model(entry: Entry, item: Item) -> str:
    family = text(entry, "meterSubCategory")
    if item.model[:1].isdigit() and "gpt" in family.lower():
        return f"GPT {item.model}"
    return item.model or family


def _region(entry: Entry) -> str:
    return text(entry, "resourceLocation").lower().replace(" ", "")


def _cost(entry: Entry) -> dict[str, float]:
    cost = signed(entry, "costInBillingCurrency")
    currency = text(entry, "billingCurrency") or text(entry, "billingCurrencyCode") or "USD"
    return {} if cost is None else {currency: cost}


FORMAT = Format(
    kind="Azure cost and usage details", service="Azure OpenAI", layout="delimited", columns=COLUMNS,
    recognises=recognises, reader=AzureCostReader,
)  # fmt: skip
