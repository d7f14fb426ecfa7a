"""What stands in columns that are not taken reaches nothing: not the reading, not the plan, not a line that is told."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from core.__main__ import main
from core.imports.usage.formats import FORMATS
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes, of_path
from core.imports.usage.tags import GROUP_TAGS
from core.table import read_plan

SAMPLES = Path(__file__).parent / "samples"
CANARY = "zebra-jane.doe@example.com"
KINDS = {}
for _path in sorted(SAMPLES.iterdir()):
    _kind = kind_of(of_path(_path))
    if _kind.family == "usage" and _kind.kind in {form.kind for form in FORMATS}:
        KINDS.setdefault(_kind.kind, []).append(_path)
WRAPS = {"key", "value", "stringValue", "intValue", "doubleValue", "boolValue"}


def form_of(kind):
    return next(form for form in FORMATS if form.kind == kind)


def marked_table(text, allowed):
    """A table with the canary in every cell that is not taken, and among the tags of those that are."""
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    header, *body = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)
    taken = {name.lower() for name in allowed}
    for row in body:
        for place, name in enumerate(header):
            if name.strip().lower() not in taken:
                row[place] = f"{CANARY}, \n{CANARY}"
            elif row[place].startswith(("{", "[")):
                row[place] = json.dumps(marked_tags(json.loads(row[place])))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([[*header, "prompt"], *([*row, CANARY] for row in body)])
    return out.getvalue()


def marked_tags(value):
    if isinstance(value, list):
        return [*value, {"key": "owner_email", "value": CANARY}] if value and isinstance(value[0], dict) else value
    return {**value, "owner_email": CANARY} if any(isinstance(one, str) for one in value.values()) else value


def marked_json(value, allowed):
    """A document with the canary in every key that is not taken, and in some that nobody knows."""
    if isinstance(value, list):
        return [marked_json(one, allowed) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"key", "value"}:
        return value if value["key"] in allowed else {**value, "value": {"stringValue": CANARY}}
    if len(value) == 1 and set(value) <= WRAPS:
        return value
    found = {key: marked_json(one, allowed) if key in allowed else f"{CANARY} {one}" for key, one in value.items()}
    return {**found, "prompt": {"text": CANARY, "messages": [CANARY]}, "user_ip": CANARY}


def marked_scrape(text, allowed):
    def labels(found):
        pairs = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[1])
        kept = [f'{name}="{value if name in allowed else CANARY}"' for name, value in pairs]
        return "{" + ",".join([*kept, f'user="{CANARY}"']) + "}"

    return re.sub(r"\{(.*)\}", labels, text) + f'user_requests_total{{user="{CANARY}"}} 5\n'


def marked(path, form):
    """The bytes of a sample with the canary wherever nothing is taken."""
    text, allowed = path.read_text(encoding="utf-8"), {*form.columns, *form.each}
    if form.layout == "delimited":
        return marked_table(text, allowed).encode()
    if form.layout == "exposition":
        return marked_scrape(text, allowed).encode()
    decoder, documents, at = json.JSONDecoder(), [], 0
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at)
        documents.append(json.dumps(marked_json(document, allowed)))
        at += len(text[at:]) - len(text[at:].lstrip())
    return "\n".join(documents).encode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_in_what_is_not_taken_reaches_nothing(kind, tmp_path, capsys):
    form = form_of(kind)
    files = [(path.name, marked(path, form)) for path in KINDS[kind]]
    assert all(CANARY.encode() in raw for _, raw in files)
    reading = read_usage([of_bytes(name, raw) for name, raw in files])
    assert reading.total() == read_usage([of_path(path) for path in KINDS[kind]]).total()
    assert "zebra" not in repr(reading)
    for name, raw in files:
        (tmp_path / name).write_bytes(raw)
    main(["import", *(str(tmp_path / name) for name, _ in files), "-o", str(tmp_path / "plan.out")])
    plan = (tmp_path / "plan.out").read_text(encoding="utf-8")
    told = capsys.readouterr()
    assert "zebra" not in plan + told.out + told.err
    assert "zebra" not in repr(read_plan(plan).plan)  # all that a link can carry


def test_no_format_takes_a_column_that_holds_prompts_or_people():
    private = re.compile(
        r"messages|^prompt$|^completion$|response$|body|content|user|email|ip_address|^ip$|api_key|identity|arn|session|"
        r"account|trace_?id|metadata$|^input$|^output$",
        re.IGNORECASE,
    )
    tags = re.compile(r"^resource_?tags(_user_|/user:)", re.IGNORECASE)  # of AWS, by names that everybody may use
    leaves = {name for form in FORMATS for name, words in form.columns.items() if words and name not in form.numbers}
    leaves -= {"model_user_id"}  # Google's word for the model that a user names
    assert [name for name in leaves if private.search(tags.sub("", name))] == []
    assert not [tag for tag in GROUP_TAGS if private.search(tag)]


def test_a_refused_row_is_told_without_what_stands_beside_the_fault():
    header = "call_type,spend,prompt_tokens,completion_tokens,startTime,model,cache_hit,messages,user\n"
    rows = f"x,0,ten,5,2026-03-02,gpt,False,{CANARY},{CANARY}\nx,0,10,5,2026-03-02,gpt,False,{CANARY}\n"
    good = "acompletion,0,10,5,2026-03-02,gpt,False,,\n"
    reading = read_usage([of_bytes("log.csv", (header + rows + good).encode())])
    assert reading.refused_count == 2
    assert "zebra" not in repr(reading)


SLIPPED = [
    "zebra-jane.doe@example.com",
    "Jane Doe of zebra",
    "zebrajane",
    "10.20.30.40",
    "10.20.30.40:443",
    "+49 170 1234567",
]


@pytest.mark.parametrize("slipped", SLIPPED)
@pytest.mark.parametrize("place", range(5))
def test_what_slipped_into_a_column_of_figures_is_not_quoted(slipped, place):
    header = "date,model,requests,input_tokens,output_tokens"
    cells = ["2026-03-02", "gpt-4o", "1", "2", "3"]
    cells[place] = slipped
    reading = read_usage(
        [of_bytes("log.csv", "\n".join((header, "2026-03-01,gpt-4o,1,2,3", ",".join(cells))).encode())]
    )
    assert slipped not in " ".join((*reading.refused, *reading.said))
    assert reading.refused_count == (place != 1)  # a word is a model's name, and nobody can know better
    if reading.refused_count:
        assert f"is a text of {len(slipped)} signs" in reading.refused[0]
