"""A config's values, read one by one: what is wrong and what had to be assumed is gathered in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LONGEST_SHOWN = 40


class Size(NamedTuple):
    """A whole number of a config: the keys it goes by in one file or another, its bounds and its unit."""

    keys: tuple[str, ...]
    low: int
    high: int
    unit: str


class Switch(NamedTuple):
    """A yes or no of a config, and what the family means when the file is silent."""

    key: str
    default: bool


SIZES = {
    "vocabulary": Size(("vocab_size", "padded_vocab_size"), 1, 10_000_000, "tokens"),
    "d_model": Size(("hidden_size", "n_embd", "n_embed", "d_model"), 1, 1_000_000, "values"),
    "layers": Size(("num_hidden_layers", "n_layer", "n_layers", "num_layers"), 1, 1_000, "layers"),
    "heads": Size(("num_attention_heads", "n_head", "n_heads"), 1, 10_000, "heads"),
    "kv_heads": Size(("num_key_value_heads", "num_kv_heads", "n_head_kv"), 1, 10_000, "heads"),
    "head_dim": Size(("head_dim",), 1, 10_000, "values"),
    "mlp_width": Size(("intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size"), 1, 10_000_000, "values"),
    "experts": Size(("num_experts", "num_local_experts", "n_routed_experts"), 1, 100_000, "experts"),
    "experts_per_token": Size(("num_experts_per_tok", "experts_per_token"), 1, 100_000, "experts"),
    "expert_width": Size(("moe_intermediate_size",), 1, 10_000_000, "values"),
    "positions": Size(("n_positions", "max_position_embeddings"), 1, 100_000_000, "tokens"),
    "window": Size(("sliding_window",), 0, 100_000_000, "tokens"),
}


def shown(raw: object) -> str:
    """A value of the file as text that fits in a sentence.

    >>> shown(True), shown("seven"), shown([1, 2]), shown(12)
    ('true', "'seven'", 'a list', '12')
    """
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, dict):
        return "an object"
    # A file may hold control characters, and a sentence is one line.
    text = "".join(c if c.isprintable() else " " for c in str(raw))
    text = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return f"'{text}'" if isinstance(raw, str) else text


def whole(raw: object) -> int | None:
    """The whole number that a value is, if it is one; yes and no are none, and 4096.0 is 4096."""
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


@dataclass(frozen=True, slots=True)
class Values:
    """The language part of a config, the file around it, and the sentences gathered so far."""

    part: Mapping[str, object]
    around: Mapping[str, object]
    problems: list[str]
    said: list[str]

    def get(self, key: str) -> object:
        """The value under a key, dots leading into nested objects; None where it is absent or null."""
        found: object = self.part
        for step in key.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def given(self, size: Size) -> bool:
        """Whether the file says this number under any of its names."""
        return any(self.get(key) is not None for key in size.keys)

    def number(self, size: Size, default: int | None = None) -> int:
        """The number, checked; the family's default, said aloud, where absent; 1 where there is a problem."""
        found = [(key, self.get(key)) for key in size.keys if self.get(key) is not None]
        if not found:
            return self._absent(size, default)
        if any(raw != found[0][1] for _, raw in found):
            pairs = " but ".join(f"{key} is {shown(raw)}" for key, raw in found)
            self.problems.append(f"{pairs}; they mean the same number of {size.unit} and must agree.")
            return 1
        key, raw = found[0]
        value = whole(raw)
        if value is None or not size.low <= value <= size.high:
            self.problems.append(f"{key} is {shown(raw)}; it must be a whole number {_range(size)}.")
            return 1
        return value

    def _absent(self, size: Size, default: int | None) -> int:
        key = size.keys[0]
        if default is None:
            self.problems.append(f"{key} is missing; it must be a whole number {_range(size)}.")
            return 1
        self.said.append(f"{key} is not in the file; {default:,} {size.unit} are assumed, as usual in this family.")
        return default

    def quiet(self, key: str, default: int, low: int, high: int, unit: str) -> int:
        """A number whose absence means just what the default says, so nothing needs saying."""
        return default if self.get(key) is None else self.number(Size((key,), low, high, unit))

    def yes(self, switch: Switch | bool) -> bool:
        """A yes or no, the default where absent."""
        if isinstance(switch, bool):
            return switch
        raw = self.get(switch.key)
        if raw is None:
            return switch.default
        if not isinstance(raw, bool):
            self.problems.append(f"{switch.key} is {shown(raw)}; it must be true or false.")
            return switch.default
        return raw

    def listed(self, key: str, allowed: Sequence[object], longest: int, what: str) -> list[object]:
        """A list whose every entry is allowed; empty where absent or wrong."""
        raw = self.get(key)
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problems.append(f"{key} is {shown(raw)}; it must be a list of {what}.")
            return []
        wrong = [entry for entry in raw if isinstance(entry, list | dict | bool | float) or entry not in allowed]
        if wrong:
            self.problems.append(f"{key} holds {shown(wrong[0])}; it may hold only {what}.")
            return []
        if len(raw) > longest:
            self.problems.append(f"{key} has {len(raw):,} entries; the limit is {longest:,} layers.")
            return []
        return raw

    def per_layer(self, key: str, allowed: Sequence[object], layers: int, what: str) -> list[object]:
        """A list with an entry for each layer; empty where absent or wrong."""
        found = self.listed(key, allowed, SIZES["layers"].high, what)
        if not found or len(found) == layers:
            return found
        self.problems.append(f"{key} has a length of {len(found):,}; it must be that of its {layers:,} layers.")
        return []

    def anywhere(self, *keys: str) -> object:
        """The first of these values that the language part or the file around it holds."""
        for values in (self.part, self.around):
            for key in keys:
                if values.get(key) is not None:
                    return values[key]
        return None


def _range(size: Size) -> str:
    return f"in [{size.low:,}, {size.high:,}] {size.unit}"
