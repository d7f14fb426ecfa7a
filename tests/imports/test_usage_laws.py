"""Laws of reading: order, parts and packing never matter, and keys are dropped as a slow twin drops them."""

import gzip
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.usage import documents
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes

HEADER = "call_type,spend,prompt_tokens,completion_tokens,startTime,endTime,model,model_group,cache_hit,status\n"
ROWS = st.lists(
    st.builds(
        lambda call, read, written, day, model, hit, status: (
            f"{call},0.25,{read},{written},2026-0{day % 3 + 1}-0{day} 10:00:00,,{model},s,{hit},{status}\n"
        ),
        st.sampled_from(["acompletion", "aembedding", "image_generation"]),
        st.integers(0, 10**9),
        st.sampled_from(["0", "7", "x", "-1"]),
        st.integers(1, 9),
        st.sampled_from(["gpt-4o", "claude"]),
        st.booleans(),
        st.sampled_from(["success", "failure"]),
    ),
    min_size=2,
    max_size=12,
)


def outcome(*files):
    """All that counts of files: amounts, times, and how many rows were used, left out and refused."""
    reading = read_usage([of_bytes(f"{number}.csv", raw) for number, raw in enumerate(files)])
    left = {why: (tally.rows, tally.tokens) for why, tally in reading.left_out.items()}
    return reading.amounts, reading.covered, reading.rows_used, left, reading.refused_count


def raw(rows):
    return (HEADER + "".join(rows)).encode()


GOOD = "acompletion,0.25,5,5,2026-01-01 10:00:00,,gpt-4o,s,False,success\n"


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 12))
def test_order_parts_and_packing_never_matter(rows, draw, cut):
    rows = [GOOD, *rows]
    whole = outcome(raw(rows))
    mixed = rows.copy()
    draw.shuffle(mixed)
    assert outcome(raw(mixed)) == whole
    assert outcome(gzip.compress(raw(rows))) == whole
    front, back = [GOOD, *rows[1:cut]], rows[max(cut, 1) :]
    if back and len(raw(front)) != len(raw(back)) and any(map(_readable, back)):
        assert outcome(raw(front), raw(back)) == whole


def _readable(row):
    return ",x," not in row and ",-1," not in row


KEYS = st.sampled_from(["a", "b", "list", "prompt", "é"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**20) | st.text(st.sampled_from('"\\{}[],:é '), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def pruned(value, allowed):
    """The slow twin: a whole document of which every key that is not allowed is dropped."""
    if isinstance(value, dict):
        return {key: pruned(one, allowed) for key, one in value.items() if key in allowed}
    return [pruned(one, allowed) for one in value] if isinstance(value, list) else value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.dictionaries(KEYS, JSON, max_size=3), min_size=1, max_size=3), st.sampled_from([1, 2, 9, 1000]))
def test_keys_are_dropped_as_a_slow_twin_drops_them(values, size):
    allowed = {"a", "list", "é"}
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values).encode()
    expected = [pruned(value, allowed) for value in values]
    kept, documents.FIRST_READ = documents.FIRST_READ, size
    try:
        found = list(documents.documents(io.BytesIO(text), allowed, (), set()))
        listed = list(documents.documents(io.BytesIO(b"[" + text.replace(b"\n", b",") + b"]"), allowed, (), set()))
        by_line = list(documents.lines(io.BytesIO(text), allowed, (), set()))
    finally:
        documents.FIRST_READ = kept
    assert [entry.cells for entry in found] == expected
    assert [entry.cells for entry in listed] == expected
    assert [entry.cells for entry in by_line] == expected
