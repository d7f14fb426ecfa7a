"""From a catalog model to the dimensions of a transformer that can be built: widths follow from the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.catalog import Model
from core.plan.config_count import active_params, total_params
from core.plan.config_shape import Routing, Shape
from core.units import PARAMS_PER_B, PERCENT

PLAIN_ATTENTION = ("MHA", "GQA", "MQA")
WEIGHT_BYTE: Mapping[str, int] = {"bf16": 2, "fp16": 2, "fp32": 4}
STEPS = (128, 64, 32, 16, 8)  # makers choose widths that are multiples of these
CLOSE_SHARE = 0.02  # what is built has the catalog's parameters to this share
ROUNDING_SHARE = 0.005  # of which rounding a width may take
TIED_SHARE = 0.09  # a vocabulary's table larger than this is shared with the output layer, as makers of small models do
KEYS_AND_VALUES = 2
CATALOG_CACHE_BYTE = 2  # the catalog states the cache in 16 bit


class NotBuiltError(Exception):
    """A model that cannot be built here, with the reason in a sentence."""


def shape_of(model: Model) -> Shape:
    """The dimensions of a decoder with the model's parameters; NotBuiltError says why there are none.

    The catalog does not say whether the output layer shares the input's table; a large table is taken to be shared,
    and else the choice that comes closer to the parameters.
    """
    _refuse(model)
    large = _base(model, False).vocabulary * model.d_model > TIED_SHARE * model.params_total_b * PARAMS_PER_B
    shapes = [shape for tied in (large, not large) if (shape := _filled(_base(model, tied), model)) is not None]
    close = [shape for shape in shapes if gap_share(shape, model) <= CLOSE_SHARE]
    if not close:
        raise NotBuiltError(
            f"{model.id} cannot be built: attention, embeddings and gated layers of its dimensions do not add up to "
            f"its {model.params_total_b:,g} billion parameters, {model.params_active_b:,g} billion active, "
            f"within {CLOSE_SHARE * PERCENT:.0f} %"
        )
    return close[0]


def gap_share(shape: Shape, model: Model) -> float:
    """How far total or active parameters of the shape are from the catalog's, whichever is further."""
    total = total_params(shape) / (model.params_total_b * PARAMS_PER_B)
    active = active_params(shape) / ((model.params_active_b or model.params_total_b) * PARAMS_PER_B)
    return max(abs(total - 1.0), abs(active - 1.0))


def cut(shape: Shape, layers: int) -> Shape:
    """The first layers of a shape; its widths stay."""
    if not 1 <= layers <= shape.layers:
        raise NotBuiltError(f"layers is {layers:,}; it must lie in [1, {shape.layers:,}] layers")
    routing = shape.routing and replace(shape.routing, layers=layers)
    return replace(shape, layers=layers, routing=routing)


def as_model(model: Model, shape: Shape) -> Model:
    """The catalog's model with the layers of the shape, so that the engine predicts what was built."""
    if shape.layers == model.layers:
        return model
    return replace(
        model,
        layers=shape.layers,
        params_total_b=total_params(shape) / PARAMS_PER_B,
        params_active_b=active_params(shape) / PARAMS_PER_B,
        params_active_low_b=None,
        params_active_high_b=None,
        kv_bytes_per_token=float(cache_byte_per_token(shape, CATALOG_CACHE_BYTE)),
    )


def cache_byte_per_token(shape: Shape, value_byte: int) -> int:
    """Keys and values of one token in every layer [byte]."""
    return KEYS_AND_VALUES * shape.layers * shape.kv_heads * shape.head_dim * value_byte


def _refuse(model: Model) -> None:
    for wrong, reason in (
        (not model.disclosed or model.architecture_from, "its dimensions are not published"),
        (model.attention not in PLAIN_ATTENTION, f"its attention is {model.attention}; known are plain and grouped"),
        ("encoder-decoder" in model.note, "it has an encoder beside its decoder"),
        (not model.vocabulary, "its vocabulary is not known"),
        (model.heads % max(model.kv_heads, 1), "its heads do not divide evenly among its key-value heads"),
        (model.head_dim % 2, "rotary positions need an even head size"),
        (
            _cache_byte(model) != model.kv_bytes_per_token,
            f"its cache is {model.kv_bytes_per_token:,.0f} bytes a token, where the same heads in every layer would "
            f"take {_cache_byte(model):,}",
        ),
    ):
        if wrong:
            raise NotBuiltError(f"{model.id} cannot be built: {reason}")


def _cache_byte(model: Model) -> int:
    return KEYS_AND_VALUES * model.layers * model.kv_heads * model.head_dim * CATALOG_CACHE_BYTE


def _base(model: Model, tied: bool) -> Shape:
    """The shape without its feed-forward layers."""
    return Shape(
        vocabulary=model.vocabulary or 0,
        d_model=model.d_model,
        layers=model.layers,
        heads=model.heads,
        kv_heads=model.kv_heads,
        head_dim=model.head_dim,
        mlp_width=0,
        tied=tied,
        gated=True,
        qkv_bias=False,
        out_bias=False,
        mlp_bias=False,
        head_bias=False,
        norms=2,
        norm_vectors=1,
        final_norm=True,
        qk_norm="none",
        sinks=False,
        inner_norms=False,
        embedding_norm=False,
        positions=0,
        embedding_width=model.d_model,
        latent=None,
        routing=None,
    )


def _filled(base: Shape, model: Model) -> Shape | None:
    """The shape with the feed-forward width its parameters leave; None where they leave none."""
    total = model.params_total_b * PARAMS_PER_B
    per_width = 3.0 * base.d_model * base.layers  # gate, up and down
    if not model.is_moe:
        width = _rounded((total - total_params(base)) / per_width, total / per_width)
        return replace(base, mlp_width=width) if width > 0 else None
    idle = model.experts - model.experts_per_token
    active = (model.params_active_b or 0.0) * PARAMS_PER_B
    if idle <= 0:
        return None
    expert = _rounded((total - active) / per_width / idle, total / per_width / model.experts)
    routed = _routed(base, model, expert, 0)
    shared = _rounded(max(0.0, active - active_params(routed)) / per_width, active / per_width)
    return _routed(base, model, expert, shared) if expert > 0 else None


def _routed(base: Shape, model: Model, expert_width: int, shared_width: int) -> Shape:
    """The shape with experts in every layer; what active parameters remain is one expert that every token takes."""
    routing = Routing(
        experts=model.experts,
        experts_per_token=model.experts_per_token,
        expert_width=expert_width,
        shared_width=shared_width,
        layers=base.layers,
        shared_gate=False,
        router_values=False,
        biased=False,
    )
    return replace(base, routing=routing)


def _rounded(width: float, all_width: float) -> int:
    """The width to the coarsest usual step whose error is small beside the width that all parameters would make."""
    for step in STEPS:
        found = round(width / step) * step
        if abs(found - width) <= ROUNDING_SHARE * all_width:
            return found
    return round(width)
