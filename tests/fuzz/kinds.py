"""The ways in from outside, each with a maker of hostile inputs and the readers that the app itself uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from core import link, table
from core.headless import hours_file
from core.imports import actuals, inventory, meters
from core.imports.hourly_rows import Said
from core.imports.proposed import applied, proposals
from core.imports.reading import Answers, MeterReading, RefusedError, implausible, too_short
from core.imports.usage.format import Ask
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes
from core.plan.config_json import read_config
from core.plan.example import example_plan
from tests.fuzz import mutations, seeds
from tests.fuzz.judge import FaultError, all_sentences, plan_is_sound, sentence
from tests.fuzz.made import Made
from tests.fuzz.route import make_route, read_route
from tests.link.forge import wrap

THOROUGHLY = 3  # one plan of a link in so many is sent round again
CLOSELY = 21  # one plan in so many has its CSV and its figures looked at too
SEVERAL = 0.02  # uploads of two files at once
MOST_PROPOSED = 60
ZONES = ("", "", "UTC", "Europe/Berlin", "Mars/Base", "../../etc/passwd", "\x00", "A" * 300)
WAYS = ("page", "page", "page", "page", "page", "page", "inventory", "actuals", "config", "hours", "meter")


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in: `make` draws an input, `read` gives the kind of outcome or raises."""

    name: str
    make: Callable[[Random], Made]
    read: Callable[[Made], str]


def make_link(rng: Random) -> Made:
    """A link whose letters were harmed, or a sound wrapper around harmed lines."""
    how, seed = rng.random(), rng.randrange(CLOSELY)
    if how < 0.3:
        text = rng.choice(seeds.links())
        kept = rng.choice((0, 2, 2, 2))  # mostly the version stays
        text = text[:kept] + mutations.text_of(rng, text[kept:], seeds.links())
        return Made("letters", "", text.encode("utf-8", "surrogatepass"), seed)
    inner = mutations.text_of(rng, rng.choice(seeds.link_texts()), seeds.link_texts())
    body = mutations.zipped(rng, inner, link.DICTIONARY)
    if how < 0.4:
        body = mutations.bytes_of(rng, body)
    return Made("wrapped", "", wrap(body).encode(), seed)


def read_link(made: Made) -> str:
    """Open a link as the frame does."""
    opened = link.decode(made.raw.decode("utf-8", "surrogatepass"))
    told = all_sentences((*opened.problems, *filter(None, [opened.nothing_read()])))
    if made.seed % THOROUGHLY == 0:
        plan_is_sound(opened.plan, made.seed == 0)
    return told or "opened whole"


def make_plan(rng: Random) -> Made:
    """A plan's CSV with cells, rows, marks and encodings harmed."""
    text = mutations.text_of(rng, rng.choice(seeds.plans()), seeds.plans())
    return Made("plan", "plan.csv", mutations.encoded(rng, text), rng.randrange(CLOSELY))


def read_plan(made: Made) -> str:
    """Read a plan's CSV as the field under Share does."""
    try:
        text = made.raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = made.raw.decode("cp1252", errors="replace")
    reading = table.read_plan(text)
    told = all_sentences(reading.problems)
    if reading.plan is None and not told:
        raise FaultError("no plan, and no word why")
    if reading.plan is not None:
        plan_is_sound(reading.plan, made.seed == 0)
    return told or "read whole"


def make_upload(rng: Random) -> Made:
    """A sample of any file with its bytes, its cells or its document harmed."""
    how, seed = rng.random(), rng.randrange(1_000_000)
    way = rng.choice(WAYS)
    if way == "config" or how < 0.25:
        name, value = seeds.documents()[0] if way == "config" else rng.choice(seeds.documents())
        for _ in range(rng.choice((1, 1, 2, 4))):
            value = mutations.document(rng, value)
        text = mutations.as_json(value)
        if rng.random() < 0.2:
            text = mutations.text_of(rng, text, seeds.texts())
        return Made(way, name, mutations.encoded(rng, text), seed)
    name, raw = rng.choice(seeds.files())
    if name.endswith(".parquet") or how < 0.3:
        return Made(way, name, mutations.bytes_of(rng, raw), seed)
    text = mutations.text_of(rng, raw.decode(errors="replace"), seeds.texts())
    return Made(way, name, mutations.encoded(rng, text), seed)


def read_upload(made: Made) -> str:
    """Read a file as the page does on which it is dropped."""
    rng = Random(made.seed)
    try:
        return f"{made.way}: {UPLOADS[made.way](made, rng)}"
    except RefusedError as error:
        return f"{made.way}: {sentence(str(error))}"


def _page(made: Made, rng: Random) -> str:
    kind = kind_of(of_bytes(made.name, made.raw))
    if kind.why:
        return sentence(kind.why)
    if kind.family == "meter":
        return _meter(made, rng)
    return _hours(made, rng) if kind.family == "hours" else _usage(made, rng)


def _usage(made: Made, rng: Random) -> str:
    files = [of_bytes(made.name, made.raw)]
    if rng.random() < SEVERAL:
        files.append(of_bytes(*rng.choice(seeds.files())))
    reading = read_usage(files)
    answers = {ask.key: _answer(ask, rng) for ask in reading.asks}
    if answers and rng.random() < 0.5:
        reading = read_usage(files, answers)
    told = all_sentences((*reading.refused, *reading.said, *reading.left_out))
    repr(reading).encode()
    if len(reading.amounts) <= MOST_PROPOSED:
        found = proposals(reading, example_plan(), {})
        all_sentences(line for one in found for line in one.said)
        plan_is_sound(applied(example_plan(), found), False)
    return told or "read whole"


def _answer(ask: Ask, rng: Random) -> str:
    return rng.choice((*ask.choices, *ask.choices, ask.usual, mutations.odd(rng)))


def _meter(made: Made, rng: Random) -> str:
    unit, at = rng.choice(("", "", "kWh", "W", "mW", "J", "x")), rng.choice(("", "board", "server", "facility"))
    answers = Answers(unit, rng.choice(ZONES), rng.random() < 0.5, at)
    reading: MeterReading = meters.read_meter([(made.name, made.raw)], answers)
    told = (too_short(reading, 1.0), implausible(reading, 60.0, 700.0, 5.0, 10_000.0))
    if reading.first_day > reading.last_day or (reading.span_h or 0) < 0 or (reading.covered_share or 0) < 0:
        raise FaultError("a period that ends before it begins")
    return all_sentences((*reading.left_out, *reading.said, *filter(None, told))) or "read whole"


def _hours(made: Made, rng: Random) -> str:
    said = Said(
        rng.choice(ZONES), rng.choice(("", "", "g/kWh", "kg/MWh", "x")),
        rng.choice(("", "longest whole part", "straight line")),
        rng.choice(("", "mean", "first")), rng.choice(("", "life_cycle", "direct")),
    )  # fmt: skip
    found = hours_file.read(made.name, made.raw, said)
    hours_file.record_of("WORLD", found, said, date(2026, 11, 28))
    return all_sentences(found.said) or "read whole"


def _inventory(made: Made, _: Random) -> str:
    found = inventory.read(made.name, made.raw)
    plan_is_sound(example_plan().but(inventory=found.rows), False)
    return all_sentences(found.problems) or "read whole"


def _actuals(made: Made, _: Random) -> str:
    names = {w.id: w.name for w in example_plan().workloads}
    found = actuals.read(made.name, made.raw, names)
    plan_is_sound(example_plan().but(actuals=found.rows), False)
    return all_sentences(found.problems) or "read whole"


def _config(made: Made, _: Random) -> str:
    found = read_config(made.raw.decode("utf-8", errors="replace"))
    told = all_sentences((*found.problems, *found.said))
    if not found.fields and not found.problems:
        raise FaultError("no field, and no word why")
    return told


UPLOADS: dict[str, Callable[[Made, Random], str]] = {
    "page": _page, "inventory": _inventory, "actuals": _actuals, "config": _config, "hours": _hours, "meter": _meter,
}  # fmt: skip


KINDS = {
    kind.name: kind
    for kind in (
        Kind("links", make_link, read_link),
        Kind("plans", make_plan, read_plan),
        Kind("uploads", make_upload, read_upload),
        Kind("route", make_route, read_route),
    )
}


def made(kind: str, seed: int, number: int) -> Made:
    """An input, the same for a seed and a number wherever and whenever it is made."""
    return KINDS[kind].make(Random(f"{seed}:{kind}:{number}"))
