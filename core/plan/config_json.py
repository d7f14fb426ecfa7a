"""A Hugging Face config.json as the fields of a model of one's own, with every derivation and problem in a sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10

from core.plan.config_count import active_params, total_params
from core.plan.config_families import Family, family_of
from core.plan.config_precision import read_precision
from core.plan.config_shape import Shape, read_shape
from core.plan.config_values import Values, shown
from core.plan.config_window import read_window
from core.units import PARAMS_PER_B

LONGEST_TEXT = 200_000
LONGEST_NAME = 80
MOST_PARAMS_B = 100_000
DEEPEST_PART = 4
BYTE_PER_CACHED_VALUE = 2
PARTS = ("text_config", "llm_config", "language_config", "thinker_config")
VISION = ("vision_config", "audio_config", "visual")
DRAFTS = ("num_nextn_predict_layers", "num_mtp_modules")
MOST_DRAFTS = 100

# Files of other kinds, told by a key that only they have.
OTHER_FILES = {
    "peft_type": "This is an adapter; paste the base model's config.json.",
    "base_model_name_or_path": "This is an adapter; paste the base model's config.json.",
    "_class_name": "This is a part of an image generator; paste a language model's config.json.",
    "_diffusers_version": "This is a part of an image generator; paste a language model's config.json.",
    "weight_map": "This is the list of a model's weight files; paste its config.json.",
    "image_processor_type": "This is the configuration of an image processor; paste the model's config.json.",
    "feature_extractor_type": "This is the configuration of a sound processor; paste the model's config.json.",
    "processor_class": "This is the configuration of a processor; paste the model's config.json.",
    "added_tokens_decoder": "This is the configuration of a tokenizer; paste the model's config.json.",
    "tokenizer_class": "This is the configuration of a tokenizer; paste the model's config.json.",
    "model_max_length": "This is the configuration of a tokenizer; paste the model's config.json.",
    "do_sample": "These are settings for generating text; paste the model's config.json.",
    "eos_token_id": "These are settings for generating text; paste the model's config.json.",
    "n_layers": "This seems to be the maker's own params.json; paste the config.json in Hugging Face's form.",
}
ENCODERS = (
    "bert", "roberta", "distilbert", "electra", "albert", "deberta", "deberta_v2", "xlm_roberta", "modernbert",
    "nomic_bert", "mpnet", "camembert",
)  # fmt: skip
ENCODER_DECODERS = (
    "t5", "mt5", "umt5", "longt5", "bart", "mbart", "pegasus", "marian", "m2m_100", "whisper", "switch_transformers",
)  # fmt: skip
SEERS = ("clip", "clip_text_model", "siglip", "siglip_text_model", "vit", "dinov2", "sam", "detr", "wav2vec2")
RECURRENT = (
    "mamba", "mamba2", "falcon_mamba", "rwkv", "rwkv7", "jamba", "zamba", "zamba2", "bamba", "falcon_h1",
    "granitemoehybrid", "nemotron_h", "recurrent_gemma", "qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe",
    "qwen3_5_moe_text", "lfm2", "lfm2_moe", "minimax", "minimax_text_01", "kimi_linear", "plamo2", "xlstm",
)  # fmt: skip
KINDS = {
    **dict.fromkeys(ENCODERS, "it reads text and writes none, which is no model for generating text"),
    **dict.fromkeys(ENCODER_DECODERS, "it has an encoder besides its decoder, which cannot be counted here"),
    **dict.fromkeys(SEERS, "it works on pictures or sound, which is no model for generating text"),
    **dict.fromkeys(RECURRENT, "it keeps a state of fixed size in some layers, which cannot be counted here"),
}


@dataclass(frozen=True, slots=True)
class ConfigReading:
    """What a config says: the fields of a model, empty when refused; what is wrong; what was derived or assumed."""

    fields: dict[str, object]
    problems: tuple[str, ...]
    said: tuple[str, ...]


class _NotReadError(ValueError):
    """The text is no config; its only argument is the sentence that says why."""


def read_config(text: str) -> ConfigReading:
    """The fields of a model from the text of its config.json; refused with a sentence, never with an exception.

    >>> read_config("{}").problems
    ("model_type is missing; paste the whole config.json of a model in Hugging Face's form.",)
    """
    try:
        values, family = _language_part(_parsed(text))
    except _NotReadError as refusal:
        return ConfigReading({}, (str(refusal),), ())
    fields = _fields(values, family)
    if values.problems:
        return ConfigReading({}, tuple(dict.fromkeys(values.problems)), ())
    return ConfigReading(fields, (), tuple(dict.fromkeys(values.said)))


def _parsed(text: str) -> dict[str, object]:
    if len(text) > LONGEST_TEXT:
        raise _NotReadError(f"The text has {len(text):,} characters; the limit is {LONGEST_TEXT:,} characters.")
    if not text.strip("\ufeff \t\r\n"):
        raise _NotReadError("The text is empty; paste the config.json of a model.")
    try:
        found = json.loads(text.lstrip("\ufeff"), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _NotReadError(f"The text is not valid JSON at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise _NotReadError("The text nests its brackets too deeply for a config.json.") from None
    except _NotReadError:
        raise
    except ValueError:  # a whole number of thousands of digits
        raise _NotReadError("The text holds a number with too many digits for a config.json.") from None
    if not isinstance(found, dict):
        raise _NotReadError("The text is not a JSON object; a config.json starts with { and ends with }.")
    return found


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _NotReadError(f"The key {shown(repeated)} appears more than once in one object; keep one of them.")
    return found


def _no_constant(name: str) -> object:
    raise _NotReadError(f"The text holds {name}; every number of a config.json must be finite.")


def _language_part(whole: dict[str, object]) -> tuple[Values, Family]:
    """The part that describes the language model, and its family."""
    part, said = whole, []
    for _ in range(DEEPEST_PART):
        inner = next((part[key] for key in PARTS if isinstance(part.get(key), dict)), None)
        if not isinstance(inner, dict) or (not inner and _known(part)):
            break
        part = inner
    if part is not whole or any(key in whole for key in VISION):
        said.append("Only the language part of the file is counted; its vision or sound part is left out.")
    if part.get("is_encoder_decoder") is True:
        raise _NotReadError(f"This model {KINDS['t5'].removeprefix('it ')}.")
    return Values(part, whole, [], said), _family(part, whole)


def _known(part: Mapping[str, object]) -> bool:
    kind = part.get("model_type")
    return isinstance(kind, str) and family_of(kind) is not None


def _family(part: Mapping[str, object], whole: Mapping[str, object]) -> Family:
    kind = part.get("model_type")
    if kind is None:
        other = next((sentence for key, sentence in OTHER_FILES.items() if key in whole), None)
        raise _NotReadError(
            other or "model_type is missing; paste the whole config.json of a model in Hugging Face's form."
        )
    if not isinstance(kind, str) or not kind.strip():
        raise _NotReadError(f"model_type is {shown(kind)}; it must be the name of an architecture.")
    family = family_of(kind)
    if family is None:
        why = KINDS.get(kind.lower().replace("-", "_"), "this architecture is not known here; type its fields instead")
        raise _NotReadError(f"model_type is {shown(kind)}: {why}.")
    return family


def _fields(values: Values, family: Family) -> dict[str, object]:
    _refuse_fixed_state(values)
    shape = read_shape(values, family)
    precision = read_precision(values)
    if shape is None:
        return {}
    window_tokens, global_layers = read_window(values, family, shape.layers)
    fields = {
        "name": _name(values),
        "layers": shape.layers,
        "d_model": shape.d_model,
        "heads": shape.heads,
        "kv_window_tokens": window_tokens,
        "kv_global_share": global_layers / shape.layers,
        "native_precision": precision,
    }
    if window_tokens:
        values.said.append(
            f"{shape.layers - global_layers:,} of {shape.layers:,} layers see only the last {window_tokens:,} tokens."
        )
    return fields | _params(values, shape) | _cache(values, shape) | _experts(shape)


def _refuse_fixed_state(values: Values) -> None:
    """MiniMax marks layers with a state of fixed size by a 0, in a file that otherwise looks like any other."""
    kinds = values.get("attn_type_list")
    if isinstance(kinds, list) and any(kind != 1 for kind in kinds):
        values.problems.append(f"attn_type_list: {KINDS['mamba']}.")


def _params(values: Values, shape: Shape) -> dict[str, object]:
    total_b, active_b = total_params(shape) / PARAMS_PER_B, active_params(shape) / PARAMS_PER_B
    if total_b > MOST_PARAMS_B:
        values.problems.append(f"The dimensions make {total_b:,.0f} B parameters; the limit is {MOST_PARAMS_B:,} B.")
    values.said.append(f"Parameters counted from the dimensions: {billions(total_b)} B.")
    if shape.routing:
        values.said.append(
            f"Of these, {billions(active_b)} B work on each token: {shape.routing.experts_per_token:,} of "
            f"{shape.routing.experts:,} experts in each of {shape.routing.layers:,} layers, and all that stands "
            "outside the experts, embeddings included."
        )
    for key in DRAFTS:
        if values.quiet(key, 0, 0, MOST_DRAFTS, "layers"):
            values.said.append(f"Extra layers that only draft further tokens ({key}) are left out.")
    _say_if_no_writer(values)
    return {"params_total_b": total_b, "params_active_b": active_b}


def _say_if_no_writer(values: Values) -> None:
    names = values.anywhere("architectures")
    name = names[0] if isinstance(names, list) and names else ""
    if isinstance(name, str) and name and not name.endswith(("ForCausalLM", "LMHeadModel", "ConditionalGeneration")):
        values.said.append(f"The architecture is {shown(name)}; it is counted as a model that writes text.")


def _cache(values: Values, shape: Shape) -> dict[str, object]:
    """Bytes of 16-bit cache, all layers: a key and a value for each cached head, or one latent vector."""
    latent = shape.latent
    if latent is None:
        head_dim, kept, attention = shape.head_dim, 2 * shape.kv_heads * shape.head_dim, "GQA"
    else:
        head_dim, kept, attention = latent.plain_dim + latent.rotary_dim, latent.kv_rank + latent.rotary_dim, "MLA"
        values.said.append(f"The cache keeps one vector of {kept:,} values per token and layer, so 1 key-value head.")
        if latent.index_dim:
            values.said.append(
                f"The index that picks tokens keeps {latent.index_dim:,} more values per token and layer; its weights "
                "are counted, its cache is not."
            )
    return {
        "kv_heads": shape.kv_heads,
        "head_dim": head_dim,
        "attention": attention,
        "kv_bytes_per_token": shape.layers * kept * BYTE_PER_CACHED_VALUE,
    }


def _experts(shape: Shape) -> dict[str, object]:
    routing = shape.routing
    return {
        "experts": routing.experts if routing else 0,
        "experts_per_token": routing.experts_per_token if routing else 0,
    }


def _name(values: Values) -> str:
    """The last part of the path the file names, or the architecture."""
    path = values.anywhere("_name_or_path")
    parts = path.replace("\\", "/").split("/") if isinstance(path, str) else []
    known = [clean for part in parts if (clean := " ".join(_printable(part).split()))]
    name = known[-1] if known else _printable(str(values.part["model_type"])).strip()
    if not known:
        values.said.append("The file names no model; its architecture stands in as the name.")
    if len(name) > LONGEST_NAME:
        values.said.append(f"The name is cut after {LONGEST_NAME} characters.")
    return name[:LONGEST_NAME]


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def billions(value_b: float) -> str:
    """Billions to three digits, never with an exponent.

    >>> billions(14.768), billions(0.1244), billions(1026.4)
    ('14.8', '0.124', '1,026')
    """
    return f"{value_b:,.{max(0, 2 - floor(log10(value_b)))}f}"
