"""How much of the context a model's layers see: the last tokens only, or all of it."""

from __future__ import annotations

from core.plan.config_families import Family, Window
from core.plan.config_values import SIZES, Switch, Values

GLOBAL = "full_attention"
LOCAL = ("sliding_attention", "chunked_attention")


def read_window(values: Values, family: Family, layers: int) -> tuple[int, int]:
    """Tokens of the window, 0 where there is none, and how many layers see the whole context."""
    kinds = values.per_layer("layer_types", (GLOBAL, *LOCAL), layers, f"'{GLOBAL}' or '{LOCAL[0]}'")
    window = family.window or (Window(pattern="all") if len(kinds) > kinds.count(GLOBAL) else None)
    if window is None:
        return 0, layers
    tokens = _tokens(values, window)
    if not tokens and len(kinds) > kinds.count(GLOBAL):
        values.problems.append(
            f"layer_types names layers with a window, but {window.key} gives it no length in tokens."
        )
    tokens = _within_context(values, window, tokens)
    full = kinds.count(GLOBAL) if kinds else _global_layers(values, window, layers)
    return (tokens, full) if tokens and full < layers else (0, layers)


def _tokens(values: Values, window: Window) -> int:
    """The window's length; a null in the file turns it off, and a missing key means the family's own."""
    if window.pattern == "upper" and not values.yes(Switch("use_sliding_window", False)):
        return 0
    size = SIZES["window"]._replace(keys=(window.key,))
    if window.key in values.part and values.get(window.key) is None:
        return 0
    if window.key not in values.part and not window.tokens:
        return 0
    return values.number(size, window.tokens)


def _within_context(values: Values, window: Window, tokens: int) -> int:
    """No window where it is as long as the longest context: it never cuts anything off."""
    context = values.quiet("max_position_embeddings", 0, 1, SIZES["positions"].high, "tokens")
    if not 0 < context <= tokens:
        return tokens
    values.said.append(f"{window.key} is {tokens:,} tokens, the whole context of {context:,}; it counts as no window.")
    return 0


def _global_layers(values: Values, window: Window, layers: int) -> int:
    if window.pattern == "all":
        return 0
    most = SIZES["layers"].high
    if window.pattern == "upper":
        return min(values.quiet("max_window_layers", layers, 0, most, "layers"), layers)
    # Llama 4 may list its layers: those without rotary positions are the global ones.
    by_rope = window.every_key == "no_rope_layer_interval"
    rotary = values.per_layer("no_rope_layers", (0, 1), layers, "0 or 1") if by_rope else []
    if rotary:
        return rotary.count(0)
    return layers // values.quiet(window.every_key, window.every, 1, most, "layers")
