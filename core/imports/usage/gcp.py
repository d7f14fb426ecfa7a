"""Google Cloud billing export: tokens of Vertex AI and the Gemini API, and hours of accelerators.

Verified: the flattened columns in a public importer; SKU names such as `Gemini 2.5 Flash GA Text Input - Predictions`,
`Gemini 3 Flash Text Input Caching` and `... Caching Storage` (by the hour, no model runs) in public cost tools, one of
which shows tokens under the unit "requests": the unit's name is not trusted, its size is. Cached tokens are billed
under a SKU of their own in place of the input SKU: they are added. Gemini 1.0 and 1.5 and PaLM bill characters, by
Google's price list [secondary].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.imports.reading import RefusedError
from core.imports.sheet import shown
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
from core.imports.usage.tags import GROUP_TAGS, counted_by, group_of, parsed, words

SERVICE = "Vertex AI"
COLUMNS = {
    "service.description": "service",
    "sku.description": "kind of tokens, model, accelerator",
    "usage_start_time": "start",
    "usage_end_time": "end",
    "labels": "use, from its labels",
    "project.id": "project, where no label names the use",
    "location.region": "region",
    "location.location": "region where it has no name of its own",
    "cost": "cost before credits",
    "currency": "currency",
    "usage.amount": "tokens or seconds",
    "usage.unit": "unit",
    "usage.amount_in_pricing_units": "amount where the unit says no size",
    "usage.pricing_unit": "unit",
    "credits": "sum of credits, told and not taken off",
    "cost_type": "whether a row is regular, or tax, rounding and the like",
}
NEEDED = frozenset({"sku.description", "usage.amount", "cost_type", "usage_start_time"})
AI_SERVICE = re.compile(r"vertex|gemini|generative|ai platform|agent platform|machine learning", re.IGNORECASE)
BY_CHARACTER = re.compile(r"character|gemini 1\.[05]|palm|bison|gecko|unicorn", re.IGNORECASE)
ASK_CHARACTERS = Ask(
    "characters_per_token", "Characters per token",
    "Older models are billed by characters. Google's documentation takes a token as about 4 characters of English.",
    usual="4",
)  # fmt: skip
LEAST_CHARACTERS, MOST_CHARACTERS = 1.0, 10.0


def recognises(head: Head) -> bool:
    """Whether the flattened columns of the BigQuery export are there."""
    return {_dotted(column) for column in head.columns} >= NEEDED


def _dotted(column: str) -> str:
    """A column by its name in the table: tools write `sku.description`, `sku_description` or `sku__description`."""
    return NAMES.get(column.lower(), column)


GROUPS = frozenset(name.partition(".")[0] for name in COLUMNS if "." in name)
NAMES = {other: name for name in COLUMNS for other in (name.replace(".", "_", 1), name.replace(".", "__", 1))}


def recognises_json(head: Head) -> bool:
    """Whether a row of the export stands there as BigQuery writes it in JSON."""
    return not head.columns and all(
        f'"{key}"' in head.text for key in ("sku", "usage_start_time", "cost_type", "invoice")
    )


def _flat(entry: Entry) -> Entry:
    """A row with dotted columns: of a table under any of their names, of JSON one level down."""
    cells: dict[str, Any] = {}
    for name, cell in entry.cells.items():
        if isinstance(cell, dict) and name in GROUPS:
            cells |= {f"{name}.{inside}": value for inside, value in cell.items()}
        else:
            cells[_dotted(name)] = cell
    return replace(entry, cells=cells)


class GcpReader(RowByRow):
    """Reads rows of the export one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "input = input and input caching SKUs, as Google bills them side by side; a bill holds no requests",
            "only rows of the type 'regular' count; cost is before credits",
        ]
        self.asks: list[Ask] = []
        self._credits: dict[str, float] = {}
        self._per_token = _characters(answers.get(ASK_CHARACTERS.key, "") or ASK_CHARACTERS.usual)

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens or hours of a row, or why it has none."""
        row = _flat(entry)
        kind, sku = text(row, "cost_type"), words(row, "sku.description")
        item = item_of(sku)
        is_ai = bool(AI_SERVICE.search(text(row, "service.description")))
        if kind != "regular":
            yield LeftOut(f"rows of the type '{kind or 'none'}': no usage")
        elif machine_of(sku) and hours_in(text(row, "usage.unit")) is not None:
            yield self._hours(row, sku)
        elif is_ai and (item.storage or item.hourly):
            yield LeftOut(
                "cache storage: no model runs" if item.storage else "provisioned throughput: it tells no tokens"
            )
        elif is_ai and item.side:
            yield self._tokens(row, item, sku)
        else:
            yield LeftOut("AI services counted in no tokens" if is_ai else "services other than AI")

    def end(self) -> Iterator[Taken | LeftOut]:
        """Nothing more; what the credits add up to is said."""
        for currency, amount in self._credits.items():
            self.said.append(f"credits of {amount:,.2f} {currency} on these rows are not taken off the cost")
        return iter(())

    def _tokens(self, row: Entry, item: Item, sku: str) -> Taken | LeftOut:
        tokens = self._counted(row, sku)
        if item.no_language:
            return LeftOut("no answers of a language model (images, video, speech, ranking, tuning)", tokens)
        if item.batch:
            self._say(BATCH_SAID)
        region = GLOBAL if item.anywhere else _region(row)
        if region == GLOBAL:
            self._say(GLOBAL_SAID)
        stage: Stage = "embedding" if item.embedding else "inference"
        amounts = item.amounts(tokens, self._cost(row))
        return _taken(row, Subject(_service(row), item.model, region, _group(row), stage), amounts)

    def _hours(self, row: Entry, sku: str) -> Taken:
        hours = (signed(row, "usage.amount") or 0.0) * (hours_in(text(row, "usage.unit")) or 0.0)
        amounts = Amounts(costs=self._cost(row))
        if is_one_accelerator(sku):
            amounts.gpu_h = hours
        else:
            amounts.machine_h = hours
        return _taken(row, Subject(_service(row), "", _region(row), _group(row), "hire", sku), amounts)

    def _counted(self, row: Entry, sku: str) -> float:
        """Tokens of a row; characters by the stated number of them to a token."""
        size, count = counted_by(text(row, "usage.unit")), signed(row, "usage.amount")
        if size is None or count is None:
            size, count = counted_by(text(row, "usage.pricing_unit")), signed(row, "usage.amount_in_pricing_units")
        if size is None or count is None:
            unit = text(row, "usage.unit")
            raise RowError(f"usage.unit is {quoted_word(unit)}; it must be a count of tokens or characters")
        if not BY_CHARACTER.search(f"{sku} {text(row, 'usage.unit')} {text(row, 'usage.pricing_unit')}"):
            return count * size
        if ASK_CHARACTERS not in self.asks:
            self.asks.append(ASK_CHARACTERS)
        self._say(f"rows billed by characters are taken as {self._per_token:g} characters a token")
        return count * size / self._per_token

    def _cost(self, row: Entry) -> dict[str, float]:
        currency = text(row, "currency") or "USD"
        given = parsed(row, "credits")
        for one in given if isinstance(given, list) else []:
            amount = signed(Entry(row.place, one), "amount") if isinstance(one, dict) else None
            if amount is not None:
                self._credits[currency] = self._credits.get(currency, 0.0) + amount
        cost = signed(row, "cost")
        return {} if cost is None else {currency: cost}


def _characters(answer: str) -> float:
    try:
        found = float(answer)
    except ValueError:
        found = 0.0
    if not LEAST_CHARACTERS <= found <= MOST_CHARACTERS:
        least, most = LEAST_CHARACTERS, MOST_CHARACTERS
        raise RefusedError(f"characters_per_token is '{shown(answer)}'; it must lie in [{least:g}, {most:g}]")
    return found


def _region(row: Entry) -> str:
    return text(row, "location.region") or text(row, "location.location")


def _service(row: Entry) -> str:
    return text(row, "service.description") or SERVICE


def _group(row: Entry) -> str:
    return group_of(row, "labels") or text(row, "project.id")


def _taken(row: Entry, subject: Subject, amounts: Amounts) -> Taken:
    start = at(row, "usage_start_time")
    return Taken(replace(subject, month=month(start)), amounts, start, at(row, "usage_end_time"))


FORMAT = Format(
    kind="Google Cloud billing export", service=SERVICE, layout="delimited",
    columns={**COLUMNS, **{other: COLUMNS[name] for other, name in NAMES.items()}}, recognises=recognises,
    reader=GcpReader,
)  # fmt: skip
INSIDE = {inside: said for name, said in COLUMNS.items() for inside in name.split(".")[1:]}
JSON_FORMAT = Format(
    kind="Google Cloud billing export (JSON)", service=SERVICE, layout="json_lines",
    columns={
        **{name: said for name, said in COLUMNS.items() if "." not in name}, **INSIDE, **dict.fromkeys(GROUPS, ""),
        **dict.fromkeys(GROUP_TAGS, "use, from its labels"),
    },
    recognises=recognises_json, reader=GcpReader,
)  # fmt: skip
