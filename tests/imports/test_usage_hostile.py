"""Whatever is done to a usage file, it is read or refused in a sentence; what is not taken never enters a reading."""

import csv
import io
import json
import random
import re

from core.imports.reading import RefusedError
from core.imports.usage import otel_metrics, vllm
from core.imports.usage.formats import FORMATS
from core.imports.usage.read import head_of, read_as
from core.imports.usage.record import AMOUNTS
from core.imports.usage.source import of_bytes, of_path
from tests.each import for_each
from tests.imports.entries import SAMPLES

SECRET = "SECRET-a.person@example.com"
CELLS = [
    "",
    "-1",
    "x",
    "1e999",
    "NaN",
    '"a,b"',
    '{"a":[1]}',
    '"[{""key"":1}]"',
    "9999-99-99",
    "9" * 50,
    "=1+1",
    "true",
    "\udcff",
]
VALUES = [
    '"x"',
    "null",
    "-5",
    "1e400",
    "[]",
    "{}",
    "true",
    '"\\ud800"',
    "9" * 30,
    '[{"a":1}]',
    '"2026-13-45"',
    '"\\u0000"',
    "[[1]]",
]
LONGEST = 500  # letters of a sentence: the names of files and columns are cut
SCALAR = re.compile(r'(?<=: )("[^"]*"|[-\d.]+|null|true|false)|(?<=:)("[^"]*"|[-\d.]+)')


def format_of(path):
    head = head_of(of_path(path))
    return next((form for form in FORMATS if form.recognises(head)), None)


KNOWN = [
    (path, form)
    for path in sorted(SAMPLES.iterdir())
    if path.suffix in (".csv", ".json", ".jsonl") and (form := format_of(path)) is not None
]


def harmed(words, table, rng):
    """A file with a cell or a value turned into something odd, or cut, or with bytes of its middle turned."""
    how = rng.random()
    if how < 0.2:
        return words[: rng.randrange(len(words))]
    if how < 0.4:
        place = rng.randrange(len(words))
        return words[:place] + "".join(chr(rng.randrange(1, 256)) for _ in range(3)) + words[place + 2 :]
    if table:
        lines = words.split("\n")
        row = rng.randrange(1, len(lines))
        cells = lines[row].split(",")
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        return "\n".join([*lines[:row], ",".join(cells), *lines[row + 1 :]])
    spot = rng.choice(list(SCALAR.finditer(words)))
    return words[: spot.start()] + rng.choice(VALUES) + words[spot.end() :]


def test_a_harmed_file_is_read_or_refused_in_one_sentence():
    rng, read = random.Random(20261127), 0
    for turn in range(400):
        path, form = KNOWN[turn % len(KNOWN)]
        words = harmed(path.read_text(encoding="utf-8"), path.suffix == ".csv", rng)
        try:
            sentences = read_as(form, [of_bytes(path.name, words.encode("utf-8", "surrogateescape"))]).refused
            read += 1
        except RefusedError as error:
            sentences = (str(error),)
        assert all("\n" not in sentence and len(sentence) < LONGEST for sentence in sentences), sentences
    assert 200 < read < 400  # most harm costs a row or a part of it, some the file


def secret_in(value, taken):
    """A document with a secret in place of everything that is not taken."""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) and set(one) == {"key", "value"} for one in value):
            return [one if one["key"] in taken else one | {"value": {"stringValue": SECRET}} for one in value]
        return [secret_in(one, taken) for one in value]
    if isinstance(value, dict):
        return {key: secret_in(one, taken) if key in taken else {"x": [SECRET]} for key, one in value.items()} | {
            SECRET.lower(): SECRET
        }
    return value


def with_secrets(path, form):
    words = path.read_text(encoding="utf-8")
    taken = {*form.columns, *form.each}
    if path.suffix == ".csv":
        out = io.StringIO()
        rows = list(csv.reader(io.StringIO(words)))
        writer = csv.writer(out)
        writer.writerow([*rows[0], "prompt"])
        for row in rows[1:]:
            writer.writerow([*(c if n in taken else SECRET for n, c in zip(rows[0], row, strict=True)), SECRET])
        return out.getvalue()
    lines = words.splitlines() if path.suffix == ".jsonl" else [words]
    return "\n".join(json.dumps(secret_in(json.loads(line), taken)) for line in lines if line.strip())


@for_each(("path", "form"), KNOWN, ids=lambda case: case[0].name)
def test_nothing_that_is_not_taken_enters_a_reading(path, form):
    clean = read_as(form, [of_path(path)])
    marked = read_as(form, [of_bytes(path.name, with_secrets(path, form).encode())])
    assert SECRET not in repr(marked)
    assert (marked.amounts, marked.refused) == (clean.amounts, clean.refused)


@for_each(("path", "form"), KNOWN, ids=lambda case: case[0].name)
def test_the_order_of_rows_never_matters_and_a_file_twice_is_twice_as_much(path, form):
    words = path.read_text(encoding="utf-8")
    lines = [line for line in words.split("\n") if line.strip()]
    clean = read_as(form, [of_path(path)])
    if path.suffix != ".json":
        start = 1 if path.suffix == ".csv" else 0
        turned = read_as(form, [of_bytes(path.name, "\n".join([*lines[:start], *reversed(lines[start:])]).encode())])
        assert {s: near(a) for s, a in turned.amounts.items()} == {s: near(a) for s, a in clean.amounts.items()}
        assert turned.left_out == clean.left_out
    if form is not otel_metrics.FORMAT:  # a total since its start is the same total, however often it is sent
        twice = read_as(form, [of_path(path), of_bytes("again", f"{words}\n\n".encode())])
        assert {s: near(a, 0.5) for s, a in twice.amounts.items()} == {s: near(a) for s, a in clean.amounts.items()}


def near(amounts, factor=1.0):
    """Amounts with rounding left out of them."""
    known = {name: getattr(amounts, name) for name in AMOUNTS} | amounts.costs
    return {name: None if value is None else round(value * factor, 9) for name, value in known.items()}


def test_every_format_but_that_of_scrapes_has_a_sample():
    assert {form.kind for form in FORMATS} - {form.kind for _, form in KNOWN} == {vllm.METRICS.kind}
