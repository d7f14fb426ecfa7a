"""A config.json gives the catalogue's own figures for the models it knows, and a sentence for everything else."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import catalog
from core.plan.config_families import ALSO, FAMILIES
from core.plan.config_json import LONGEST_TEXT, ConfigReading, read_config
from tests.each import for_each

FOLDER = Path(__file__).parent / "configs"
KNOWN = sorted(file.stem for file in FOLDER.glob("*.json") if file.stem != "others")
OTHERS = json.loads((FOLDER / "others.json").read_text(encoding="utf-8"))
WHOLE = ("layers", "d_model", "heads", "kv_heads", "head_dim", "experts", "experts_per_token", "kv_bytes_per_token")
FIELDS = {*WHOLE, "name", "params_total_b", "params_active_b", "attention", "kv_window_tokens", "kv_global_share"}
FIELDS |= {"native_precision"}

# Why the catalogue's own figure is another one, by model and field.
VISION = "the catalogue's total counts the vision encoder of 0.4 B too"
HEAD = "the catalogue counts the output layer apart from the embedding, which the published model shares"
ROUNDED = "the catalogue has the maker's rounded figure"
INPUT = "the catalogue leaves the input embedding out, as the maker does"
WINDOW = "the catalogue counts the whole context, an upper bound that its note declares"
OTHERWISE = {
    **{("gemma3-" + size, "params_total_b"): VISION for size in ("4b", "12b", "27b")},
    **{(model, "params_total_b"): HEAD for model in ("falcon-7b", "falcon-40b")},
    ("falcon-7b", "params_active_b"): HEAD,
    **{(model, "params_total_b"): ROUNDED for model in ("gpt2-xl", "ministral-3-8b")},
    **{(m, "params_active_b"): ROUNDED for m in ("gpt2-xl", "glm-4.5", "glm-4.5-air", "glm-5", "minimax-m2")},
    **{("gpt-oss-" + size, "params_active_b"): INPUT for size in ("20b", "120b")},
    **{("starcoder2-" + s, field): WINDOW for s in ("3b", "15b") for field in ("kv_window_tokens", "kv_global_share")},
    ("llama2-7b", "native_precision"): "the file says float16, the training was in bf16",
}


def config(model):
    return json.loads((FOLDER / f"{model}.json").read_text(encoding="utf-8"))


def read(**values):
    return read_config(json.dumps(values))


def llama(**changes):
    return config("llama3.1-8b") | changes


def weights(values):
    reading = read(**values)
    assert reading.problems == ()
    return round(reading.fields["params_total_b"] * 1e9)


def differs(model, field, tolerance):
    """Whether the counted figure leaves the catalogue's by more than a share of it."""
    there = getattr(catalog.load().models[model], field)
    here = read(**config(model)).fields[field]
    return here != there if tolerance is None else abs(here / there - 1) > tolerance


@for_each("model", KNOWN)
@for_each(
    ("field", "tolerance"),
    [("params_total_b", 0.01), ("params_active_b", 0.03), ("kv_global_share", 0.001)]
    + [(field, None) for field in (*WHOLE, "kv_window_tokens", "native_precision")],
)
def test_a_config_gives_the_figures_of_the_catalogue_where_nothing_explains_another(model, field, tolerance):
    if field == "kv_global_share" and (model, field) in OTHERWISE:
        assert read(**config(model)).fields[field] == 0
        return
    assert differs(model, field, tolerance) == ((model, field) in OTHERWISE)


@for_each("model", KNOWN)
def test_latent_attention_is_told_from_any_other(model):
    reading = read(**config(model))
    assert (reading.fields["attention"] == "MLA") == catalog.load().models[model].latent_cache


@for_each("model", KNOWN)
def test_a_reading_has_every_field_and_no_other(model):
    reading = read(**config(model))
    assert (reading.problems, reading.fields.keys()) == ((), FIELDS)


def published():
    with (FOLDER / "weights.csv").open(encoding="utf-8", newline="") as file:
        return [(row["model"], int(row["weights"])) for row in csv.DictReader(file)]


@for_each(("model", "count"), published())
def test_the_count_is_the_published_number_of_weights(model, count):
    assert weights(config(model)) == count


@for_each("model", OTHERS)
def test_families_outside_the_catalogue_count_to_the_published_weights(model):
    assert weights(OTHERS[model]["config"]) == OTHERS[model]["weights"]


def test_every_fixture_says_where_it_comes_from():
    with (FOLDER / "origins.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["model"] for row in csv.DictReader(file) if row["origin"]) == KNOWN


def test_every_family_is_verified_by_a_model():
    files = [config(model) for model in KNOWN] + [entry["config"] for entry in OTHERS.values()]
    types = {(file.get("text_config") or file)["model_type"] for file in files}
    assert FAMILIES.keys() - {ALSO.get(kind, kind) for kind in types} == {
        "ministral",
        "granitemoeshared",
        "cohere2",
        "glm4_moe_lite",
    }


# Laws of the count.


@pytest.mark.parametrize("model", ["llama3.1-8b", "gpt2-xl", "mixtral-8x7b", "gpt-oss-20b", "qwen2.5-1.5b"])
@given(layers=st.integers(1, 498))
def test_the_count_is_linear_in_layers(model, layers):
    values = {key: value for key, value in config(model).items() if key != "layer_types"}
    key = "n_layer" if "n_layer" in values else "num_hidden_layers"
    one, two, three = (weights(values | {key: n}) for n in (layers, layers + 1, layers + 2))
    assert three - two == two - one


@given(st.sampled_from(["llama3.1-8b", "qwen2.5-7b", "deepseek-v3", "phi-2", "starcoder2-15b"]), st.integers(1, 10**6))
def test_tying_embeddings_removes_one_table(model, vocabulary):
    values = config(model) | {"vocab_size": vocabulary}
    apart, tied = (weights(values | {"tie_word_embeddings": tie}) for tie in (False, True))
    assert apart - tied == vocabulary * values["hidden_size"]


def test_a_mixture_with_all_experts_at_work_is_all_active():
    fields = read(**config("mixtral-8x7b") | {"num_experts_per_tok": 8}).fields
    assert fields["params_active_b"] == fields["params_total_b"]


# What is said.


def test_what_was_derived_is_said():
    said = read(**{key: value for key, value in llama().items() if key != "tie_word_embeddings"}).said
    assert "Parameters counted from the dimensions: 8.03 B." in said
    assert "head_dim is not in the file; it is hidden_size / heads, 128 values." in said
    assert any(line.startswith("tie_word_embeddings is not in the file") for line in said)


def test_the_vision_part_is_said_to_be_left_out():
    said = read(**config("gemma3-4b")).said
    assert "Only the language part of the file is counted; its vision or sound part is left out." in said
    assert "num_attention_heads is not in the file; 8 heads are assumed, as usual in this family." in said


@pytest.mark.parametrize(
    ("path", "name"),
    [("meta-llama/Llama-3.1-8B", "Llama-3.1-8B"), ("C:\\models\\mine\\", "mine"), ("/ckpt/a\u0000b/", "a b"),
     (" / ", "llama"), (7, "llama")],
)  # fmt: skip
def test_the_name_is_the_last_part_of_the_path(path, name):
    assert read(**llama(_name_or_path=path)).fields["name"] == name


@pytest.mark.parametrize(
    ("quantized", "precision"),
    [
        ({"quant_method": "awq", "bits": 4}, "int4"),
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "gptq", "bits": 3}, "int4"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, "nf4"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "int8"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "mxfp4"),
        ({"quant_method": "fbgemm_fp8"}, "fp8"),
        ({"quant_method": "nobody-knows"}, "bf16"),
        ({"bits": 4, "group_size": 64}, "int4"),
    ],
)
def test_the_precision_follows_the_quantization(quantized, precision):
    assert read(**llama(quantization_config=quantized)).fields["native_precision"] == precision


def test_a_window_over_all_layers_leaves_none_global():
    fields = read(**config("mistral-7b") | {"sliding_window": 4096}).fields
    assert (fields["kv_window_tokens"], fields["kv_global_share"]) == (4096, 0)


def test_a_window_as_long_as_the_context_is_none():
    reading = read(**config("phi-4-mini"))
    assert reading.fields["kv_window_tokens"] == 0
    assert any("counts as no window" in line for line in reading.said)


# What is refused, each with one sentence.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{'a': 1}", "not valid JSON at line 1, column 2"),
        ("[1, 2]", "not a JSON object"),
        ('"llama"', "not a JSON object"),
        ("[" * 100_000, "too deeply"),
        ('{"a": NaN}', "holds NaN"),
        ('{"a": -Infinity}', "holds -Infinity"),
        ('{"a": 1, "a": 2}', "'a' appears more than once"),
        ('{"a": ' + "9" * 5_000 + "}", "too many digits"),
        (" " * (LONGEST_TEXT + 1), "200,001 characters; the limit is 200,000 characters"),
        ('{"peft_type": "LORA", "r": 8}', "This is an adapter; paste the base model's config.json."),
        ('{"tokenizer_class": "LlamaTokenizer", "model_max_length": 1}', "of a tokenizer"),
        ('{"_class_name": "UNet2DConditionModel"}', "image generator"),
        ('{"do_sample": true, "eos_token_id": 2}', "generating text"),
        ('{"dim": 4096, "n_layers": 32}', "params.json"),
        ('{"model_type": ["llama"]}', "model_type is a list"),
        ('{"model_type": "bert"}', "writes none"),
        ('{"model_type": "t5"}', "encoder besides its decoder"),
        ('{"model_type": "llama", "is_encoder_decoder": true}', "encoder besides its decoder"),
        ('{"model_type": "clip", "text_config": {"model_type": "clip_text_model"}}', "pictures or sound"),
        ('{"model_type": "whisper"}', "encoder besides its decoder"),
        ('{"model_type": "mamba"}', "state of fixed size"),
        ('{"model_type": "qwen3_next"}', "state of fixed size"),
        ('{"model_type": "nobody-knows"}', "not known here"),
    ],
)  # fmt: skip
def test_what_is_no_config_of_a_known_decoder_is_refused_in_one_sentence(text, words):
    reading = read_config(text)
    assert (reading.fields, reading.said, len(reading.problems)) == ({}, (), 1)
    assert words in reading.problems[0]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"num_hidden_layers": 10**9},
            "num_hidden_layers is 1000000000; it must be a whole number in [1, 1,000] layers.",
        ),
        ({"hidden_size": -1}, "hidden_size is -1; it must be a whole number in [1, 1,000,000] values."),
        ({"hidden_size": 4096.5}, "hidden_size is 4096.5; it must be a whole number in [1, 1,000,000] values."),
        ({"hidden_size": "big"}, "hidden_size is 'big'; it must be a whole number in [1, 1,000,000] values."),
        ({"hidden_size": True}, "hidden_size is true; it must be a whole number in [1, 1,000,000] values."),
        ({"hidden_size": None}, "hidden_size is missing; it must be a whole number in [1, 1,000,000] values."),
        ({"n_embd": 12}, "hidden_size is 4096 but n_embd is 12; they mean the same number of values and must agree."),
        ({"num_attention_heads": 33}, "hidden_size is 4,096; it must be a multiple of its 33 attention heads."),
        ({"num_key_value_heads": 7}, "The 32 attention heads do not divide evenly among 7 key-value heads."),
        ({"attention_bias": "no"}, "attention_bias is 'no'; it must be true or false."),
        ({"num_local_experts": 8}, "num_local_experts is given, but this family is known here without experts."),
        ({"kv_lora_rank": 512}, "kv_lora_rank is given, but this family is known here without latent attention."),
        (
            {"layer_types": ["sliding_attention"] * 32},
            "layer_types names layers with a window, but sliding_window gives it no length in tokens.",
        ),
        ({"layer_types": ["full_attention"]}, "layer_types has a length of 1; it must be that of its 32 layers."),
        (
            {"layer_types": ["linear_attention"] * 32},
            "layer_types holds 'linear_attention'; it may hold only 'full_attention' or 'sliding_attention'.",
        ),
        ({"quantization_config": 4}, "quantization_config is 4; it must be an object."),
        (
            {"attn_type_list": [0]},
            "attn_type_list: it keeps a state of fixed size in some layers, which cannot be counted here.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_limit(changes, problem):
    assert read(**llama(**changes)) == ConfigReading({}, (problem,), ())


def test_more_experts_per_token_than_there_are_is_refused():
    problems = read(**config("mixtral-8x7b") | {"num_experts_per_tok": 9}).problems
    assert problems == ("Each token takes 9 experts; it must be at most the 8 experts there are.",)


# Nothing raises.

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(SCALARS, lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=6), x, max_size=4))
KEYS = st.sampled_from(sorted({key for model in KNOWN for key in config(model)}))


def is_sound(reading):
    """Refused with a reason and nothing else, or read in full."""
    if reading.problems:
        return not reading.fields and all(line.endswith(".") and "\n" not in line for line in reading.problems)
    return reading.fields.keys() == FIELDS and 0 < reading.fields["params_active_b"] <= reading.fields["params_total_b"]


@given(JSON)
def test_any_json_gives_a_reading(value):
    assert is_sound(read_config(json.dumps(value)))


@given(st.text(max_size=60))
def test_any_text_gives_a_reading(text):
    assert is_sound(read_config(text))


@given(st.sampled_from(KNOWN), st.dictionaries(KEYS, JSON | st.integers(-2, 200), min_size=1, max_size=3))
def test_a_config_with_odd_values_gives_a_reading(model, changes):
    assert is_sound(read(**config(model) | changes))


@given(st.sampled_from(sorted(FAMILIES)), st.dictionaries(KEYS, st.integers(1, 64), max_size=30))
def test_any_sizes_in_any_family_give_a_reading(family, values):
    assert is_sound(read(**values | {"model_type": family}))
