"""FOCUS cost and usage, 1.0 to 1.3, whoever wrote it: tokens of language models, hours of machines with accelerators.

Verified: column names in the FOCUS specification (v1.2; 1.3 drops ProviderName and PublisherName for
ServiceProviderName and HostProviderName); `GpuCount` and `InstanceType` among its SkuPriceDetails; ChargeClass is
"Correction" or null. Azure writes this format as 1.2-preview with `x_SkuMeterSubcategory` beside. Meter names are the
provider's own: see `sku`. A correction belongs to the period it corrects, so it is counted in that month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from core.imports.usage.cells import at, month, quoted_word, signed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.sku import (
    BATCH_SAID,
    GLOBAL,
    GLOBAL_SAID,
    Item,
    hours_in,
    is_one_accelerator,
    item_of,
    machine_of,
)
from core.imports.usage.tags import counted_by, group_of, parsed, words

COLUMNS = {
    "ChargeCategory": "whether a row is usage, or tax, credit and the like",
    "CommitmentDiscountStatus": "whether a commitment went unused",
    "ChargeClass": "whether a row corrects an earlier one",
    "ChargePeriodStart": "start",
    "ChargePeriodEnd": "end",
    "ChargeDescription": "kind of tokens, model, where the meter does not say",
    "SkuMeter": "kind of tokens, model",
    "SkuPriceDetails": "machine, accelerators",
    "x_SkuMeterSubcategory": "family of the model",
    "ConsumedQuantity": "tokens or hours",
    "ConsumedUnit": "unit",
    "PricingQuantity": "tokens or hours where none are consumed",
    "PricingUnit": "unit",
    "EffectiveCost": "cost, commitments spread over what they cover",
    "BilledCost": "cost where there is no effective one",
    "BillingCurrency": "currency",
    "RegionId": "region",
    "ServiceCategory": "whether a service is AI",
    "ServiceName": "service",
    "ResourceName": "deployment, where no tag names the use",
    "Tags": "use, from its tags",
}
NEEDED = frozenset({"ChargeCategory", "ChargePeriodStart", "ServiceCategory", "BilledCost"})
AI = "AI and Machine Learning"


def recognises(head: Head) -> bool:
    """Whether the columns that every version of FOCUS has are there."""
    return set(head.columns) >= NEEDED


class FocusReader(RowByRow):
    """Reads charges one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "input = meters of input, of cached input and of cache writes, as providers bill them side by side",
            "cost is EffectiveCost, which spreads commitments over what they cover; a FOCUS bill holds no requests",
        ]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens or hours of a charge, or why it has none."""
        category = text(entry, "ChargeCategory")
        if category != "Usage":
            yield LeftOut(f"{category or 'untyped'} rows of the bill: no usage")
            return
        meter, described = words(entry, "SkuMeter"), words(entry, "ChargeDescription")
        item = item_of(meter)
        if not (item.side or item.hourly):
            item = item_of(described)
        details = parsed(entry, "SkuPriceDetails")
        instance = str(details.get("InstanceType") or "") if isinstance(details, dict) else ""
        machine = machine_of(instance, meter, described)
        is_ai = text(entry, "ServiceCategory") == AI
        if text(entry, "CommitmentDiscountStatus") == "Unused":
            yield LeftOut("commitments that went unused: no model ran")
        elif is_ai and item.hourly:
            yield LeftOut("provisioned throughput by the hour: it tells no tokens")
        elif is_ai and item.storage:
            yield LeftOut("cache storage: no model runs")
        elif is_ai and item.side:
            yield self._tokens(entry, item)
        elif machine and _quantity(entry, hours_in) is not None:
            gpus = details.get("GpuCount") if isinstance(details, dict) else None
            yield self._hours(entry, machine, gpus if isinstance(gpus, int | float) and gpus > 0 else None)
        else:
            yield LeftOut("AI services counted in no tokens" if is_ai else "services other than AI")

    def _tokens(self, entry: Entry, item: Item) -> Taken | LeftOut:
        tokens = _quantity(entry, counted_by)
        if tokens is None:
            unit = text(entry, "ConsumedUnit") or text(entry, "PricingUnit")
            raise RowError(
                f"ConsumedUnit is {quoted_word(unit)}; it must say how many tokens it holds, such as 1K Tokens"
            )
        if item.no_language:
            return LeftOut("no answers of a language model (images, video, speech, ranking, training)", tokens)
        if item.anywhere:
            self._say(GLOBAL_SAID)
        if item.batch:
            self._say(BATCH_SAID)
        stage: Stage = "embedding" if item.embedding else "inference"
        region = GLOBAL if item.anywhere else text(entry, "RegionId")
        group = group_of(entry, "Tags") or text(entry, "ResourceName")
        amounts = item.amounts(tokens, _cost(entry))
        return self._taken(
            entry, Subject(text(entry, "ServiceName"), _model(entry, item), region, group, stage), amounts
        )

    def _hours(self, entry: Entry, machine: str, gpus: float | None) -> Taken:
        hours = _quantity(entry, hours_in) or 0.0
        alone = is_one_accelerator(machine)
        amounts = Amounts(costs=_cost(entry))
        if gpus is not None or alone:
            amounts.gpu_h = hours * (gpus or 1.0)
        else:
            amounts.machine_h = hours
        subject = Subject(
            text(entry, "ServiceName"), "", text(entry, "RegionId"), group_of(entry, "Tags"), "hire", machine
        )
        return self._taken(entry, subject, amounts)

    def _taken(self, entry: Entry, subject: Subject, amounts: Amounts) -> Taken:
        """The amounts in their month; a correction widens no period, it only sets right what was billed in one."""
        start, end = at(entry, "ChargePeriodStart"), at(entry, "ChargePeriodEnd")
        corrects = text(entry, "ChargeClass") == "Correction"
        if corrects:
            self._say(f"correction rows count in the month they correct ({month(start)})")
        subject = replace(subject, month=month(start))
        return Taken(subject, amounts) if corrects else Taken(subject, amounts, start, end)


def _quantity(entry: Entry, size_of: Callable[[str], float | None]) -> float | None:
    """What was consumed, in single tokens or hours; priced where the consumed unit is none of them."""
    for quantity, unit in (("ConsumedQuantity", "ConsumedUnit"), ("PricingQuantity", "PricingUnit")):
        size, count = size_of(text(entry, unit)), signed(entry, quantity)
        if size is not None and count is not None:
            return count * size
    return None


def _model(entry: Entry, item: Item) -> str:
    """The model by its meter; a bare number such as 5.4 with the family that Azure writes beside it."""
    family = text(entry, "x_SkuMeterSubcategory")
    if item.model[:1].isdigit() and "gpt" in family.lower():
        return f"GPT {item.model}"
    return item.model or family


def _cost(entry: Entry) -> dict[str, float]:
    cost = signed(entry, "EffectiveCost")
    cost = signed(entry, "BilledCost") if cost is None else cost
    return {} if cost is None else {text(entry, "BillingCurrency") or "USD": cost}


FORMAT = Format(
    kind="FOCUS cost and usage", service="", layout="delimited", columns=COLUMNS, recognises=recognises,
    reader=FocusReader,
)  # fmt: skip
