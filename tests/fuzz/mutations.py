"""Sound texts and bytes made unsound: a cell, a row, a bracket, a number, an encoding, a packing."""

import gzip
import json
import re
import zlib
from random import Random

NUMBERS = [
    "nan", "NaN", "inf", "-inf", "Infinity", "1e308", "1e309", "-1e308", "-0", "0", "1e-320", "-1", "0x1F", "1_000",
    "１２", "٣", "²", "1,5", "1.000,5", "1 000", "9" * 30, "9" * 400, "1e400", "-1e-400",
    "1e5", "2.5", "2026", "1e999999999",
    "+5", ".5", "5.", "1e", "--1", "1/2", "50%", "0.30000000000000004", str(2**63), str(2**64), "-2147483649",
]  # fmt: skip
DATES = [
    "0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "2026-02-30", "2026-13-01", "1969-12-31T23:59:59+14:00",
    "0000-00-00", "2026-03-29T02:30:00", "2026-10-25 02:30", "2026-06-30T23:59:60Z", "20260101", "1e10", "253402300800",
    "-62135596801", "2026-01-01T00:00:00.123456789Z", "2026-1-1", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
]  # fmt: skip
WORDS = [
    "", " ", "\t", '"', "'", "''", '""', "=1+1", "@x", "+1", "-", "\x00", "\x1f", "\ufeff", "\u202e", "\u2028", "\x85",
    "\u00a0", "🌍", "العربية", "e\u0301", "ﬁ", "İ", "ß", "own:", "own:x", "W1", "null", "None", "true", "[]", "{}",
    "\\", "\\n",
    "\\t", "\\ud800", "%s", "{0}", "${x}", "<script>",
    "../../etc/passwd", "a" * 300, "é" * 3000, ";", ",", "|", "=", "&",
    "\r", "\x0b", "\x0c", "NaT", "N/A", "\U0010ffff", "__class__", "plan", "workload", "custom_model", "lever", "1;2;3",
    "2026=1; 2030=2", "2026=nan", "=", "a=b=c", "\ufffd", "FR", "H100-SXM", "gpt-5",
]  # fmt: skip
ODD_VALUES = [
    None, True, False, [], {}, "", "x", -1, 0, 1e308, -1e308, 10**30, 10**400, 0.1, float("inf"), float("nan"), [[]],
    {"": ""}, [None], "\ud800", "\x00", ["a", 1, {}], {"a": {"b": {"c": []}}}, "2026-01-01", "9" * 50, 2**63, "NaN",
]  # fmt: skip
TOKEN = re.compile(r"[^,;\t\n=|\"{}\[\]: ]+")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
ENCODINGS = ("utf-16", "utf-16-le", "cp1252", "utf-8-sig", "utf-32", "cp037")
LONGEST = 60_000  # characters: what grows by repeating stops here
DEEPEST = 3_000
BOMB_BYTES = 4_000_000


def odd(rng: Random) -> str:
    """A cell that readers trip over."""
    return rng.choice(rng.choice((NUMBERS, DATES, WORDS, WORDS)))


def text_of(rng: Random, text: str, others: list[str]) -> str:
    """A text with one to four things done to it; `others` are texts whose parts may come in."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        text = rng.choice(TEXT_WAYS)(rng, text, others)
    return text


def _token(rng: Random, text: str, _: list[str]) -> str:
    spots = list(TOKEN.finditer(text[:LONGEST]))
    if not spots:
        return odd(rng)
    spot = rng.choice(spots)
    return text[: spot.start()] + odd(rng) + text[spot.end() :]


def _number(rng: Random, text: str, _: list[str]) -> str:
    spots = list(NUMBER.finditer(text[:LONGEST]))
    if not spots:
        return text + odd(rng)
    spot = rng.choice(spots)
    value = rng.choice((rng.choice(NUMBERS), f"-{spot[0]}", f"{spot[0]}e{rng.randrange(1, 400)}", spot[0] * 20))
    return text[: spot.start()] + value + text[spot.end() :]


def _cell(rng: Random, text: str, _: list[str]) -> str:
    """A cell of a row under its own column."""
    lines = text.split("\n")
    row = rng.randrange(len(lines))
    mark = next((sign for sign in (",", ";", "\t", "|") if sign in lines[row]), ",")
    cells = lines[row].split(mark)
    cells[rng.randrange(len(cells))] = odd(rng)
    lines[row] = mark.join(cells)
    return "\n".join(lines)


def _columns_swapped(rng: Random, text: str, _: list[str]) -> str:
    lines = text.split("\n")
    cells = [line.split(",") for line in lines]
    first, second = (rng.randrange(max(len(cells[0]), 1)) for _ in range(2))
    for row in cells[: rng.choice((1, len(cells)))]:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]
    return "\n".join(",".join(row) for row in cells)


def _rows(rng: Random, text: str, _: list[str]) -> str:
    """A line that is gone, there twice, elsewhere, or there a thousand times."""
    lines = text.split("\n")
    row, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(5)
    if how == 0:
        del lines[row]
    elif how == 1:
        lines.insert(other, lines[row])
    elif how == 2:
        lines[row], lines[other] = lines[other], lines[row]
    elif how == 3:
        lines[row:row] = [lines[row]] * min(1_000, LONGEST // (len(lines[row]) + 1))
    else:
        lines.insert(row, rng.choice(("", ",,,,", '"', "#", "\r", ",".join(["x"] * 300))))
    return "\n".join(lines)


def _cut(rng: Random, text: str, _: list[str]) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _spliced(rng: Random, text: str, others: list[str]) -> str:
    other = rng.choice(others)
    start = rng.randrange(len(other) + 1)
    place = rng.randrange(len(text) + 1)
    return text[:place] + other[start : start + rng.randrange(400)] + text[place + rng.choice((0, 0, 50)) :]


def _letters(rng: Random, text: str, _: list[str]) -> str:
    place = rng.randrange(len(text) + 1)
    said = "".join(
        chr(rng.choice((rng.randrange(1, 128), rng.randrange(1, 0xD800)))) for _ in range(rng.randrange(1, 9))
    )
    return text[:place] + said + text[place + rng.randrange(9) :]


def _marks(rng: Random, text: str, _: list[str]) -> str:
    """Another sign between the cells, or another line end."""
    old, new = rng.choice(
        ((",", ";"), (";", ","), (",", "\t"), ("\t", ","), ("\n", "\r\n"), ("\n", "\r"), (".", ","), ('"', ""))
    )
    return text.replace(old, new)


def _deep(rng: Random, text: str, _: list[str]) -> str:
    depth = rng.choice((5, 50, 900, DEEPEST))
    opens, closes = rng.choice((("[", "]"), ('{"a":', "}"), ("{", "}"), ('"', '"'), ("(", ")")))
    place = rng.randrange(len(text) + 1)
    return text[:place] + opens * depth + rng.choice(("", "1")) + closes * rng.choice((0, depth)) + text[place:]


def _longer(rng: Random, text: str, _: list[str]) -> str:
    spot = rng.randrange(len(text) + 1)
    part = text[spot : spot + rng.randrange(1, 60)] or odd(rng) or "x"
    return text[:spot] + part * min(rng.choice((3, 30, 3_000)), LONGEST // len(part)) + text[spot:]


TEXT_WAYS = (
    _token, _token, _token, _number, _number, _cell, _cell, _columns_swapped, _rows, _rows, _cut, _spliced, _spliced,
    _letters, _marks, _deep, _longer,
)  # fmt: skip


def bytes_of(rng: Random, raw: bytes) -> bytes:
    """Bytes flipped, cut, set to zero, doubled or put in."""
    found = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 8, 40))):
        place = rng.randrange(len(found) + 1)
        how = rng.randrange(5)
        if how == 0 and place < len(found):
            found[place] ^= 1 << rng.randrange(8)
        elif how == 1 and place < len(found):
            found[place] = rng.choice((0, 255, 127, 128, rng.randrange(256)))
        elif how == 2:
            found[place:place] = rng.randbytes(rng.randrange(1, 9))
        elif how == 3:
            del found[place : place + rng.randrange(1, 9)]
        else:
            found[place:place] = found[place : place + rng.randrange(1, 64)]
    return bytes(found[: rng.randrange(len(found) + 1)]) if rng.random() < 0.1 else bytes(found)


def encoded(rng: Random, text: str) -> bytes:
    """A text as the bytes of a file: mostly UTF-8, at times something else, or packed."""
    how = rng.random()
    if how < 0.04:
        return text.encode(rng.choice(ENCODINGS), "replace")
    raw = text.encode("utf-8", "surrogatepass")
    if how < 0.10:
        return bytes_of(rng, raw)
    if how < 0.13:
        packed = gzip.compress(raw, 1, mtime=0)
        return rng.choice((packed, packed[: rng.randrange(len(packed))], bytes_of(rng, packed), gzip.compress(packed)))
    if how < 0.1302:
        return gzip.compress(raw + rng.choice((b"\n", b",", b"[", b"0", b" ")) * BOMB_BYTES, 1, mtime=0)
    return raw


def document(rng: Random, value: object) -> object:
    """A document of JSON with one of its values turned into another, wrapped, doubled or gone."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        how = rng.random()
        if how < 0.08:
            return {name: one for name, one in value.items() if name != key}
        if how < 0.12:
            return value | {odd(rng): rng.choice(ODD_VALUES)}
        return value | {key: document(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        how = rng.random()
        if how < 0.05:
            return value * rng.choice((0, 2, 50))
        return [*value[:place], document(rng, value[place]), *value[place + 1 :]]
    how = rng.random()
    if how < 0.15:
        return odd(rng)
    if how < 0.25:
        return [value] if how < 0.2 else {"value": value}
    return rng.choice(ODD_VALUES)


def as_json(value: object) -> str:
    """A document as text; a number that JSON knows not stands there as Python writes it."""
    return json.dumps(value)


def zipped(rng: Random, text: str, dictionary: bytes) -> bytes:
    """A text deflated as links are, in one of the ways that zlib knows; at times what unpacks to far more."""
    if rng.random() < 0.002:
        text += rng.choice("\t\nx=") * BOMB_BYTES
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 9, rng.choice((0, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED)), dictionary)
    return packer.compress(text.encode("utf-8", "surrogatepass")) + packer.flush()
