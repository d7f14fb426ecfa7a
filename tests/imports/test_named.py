"""Names in the wild: known ones find their id, decorated ones too, and nothing unknown passes for a known one."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog as facts
from core.catalog.aliases import aliases, read_aliases
from core.catalog.rows import CatalogError
from core.imports.import_key import import_key
from core.imports.named import SIZES, known_models, model_in_group, model_of
from core.imports.places import board_tokens, hardware_of, known_hardware, region_of
from core.imports.plain_names import tokens
from core.imports.usage.record import Subject

CATALOG = facts.load()
MODELS = sorted(CATALOG.models)
WILD = Path(__file__).parent / "names_in_the_wild.csv"
BEFORE = ("", "azure/", "openrouter/acme/", "bedrock/eu-west-1/", "us.anthropic.", "projects/p/locations/l/models/")
BEHIND = ("", "-latest", "-instruct", "-fp8", "-2026-01-31", "@20260131", "-v1:0", ":free", "-eu-prod", "-AWQ", "-32k")


def test_every_model_of_the_catalog_is_its_own_name():
    assert [key for key in MODELS if model_of(key).id != key or model_of(key.upper()).id != key] == []


def test_every_alias_stands_for_what_it_says():
    told = [a for a in read_aliases().values() if a.kind in ("model", "service")]
    assert [a.name for a in told if (model_of(a.name).service or model_of(a.name).id) != a.id] == []
    boards = [a for a in read_aliases().values() if a.kind in ("hardware", "machine")]
    wrong = [a.name for a in boards if (g := hardware_of(a.name)).id != a.id or g.accelerators != (a.accelerators or 1)]
    assert wrong == []
    assert [a.name for a in read_aliases().values() if a.kind == "region" and region_of(a.name).id != a.id] == []


def test_no_two_names_are_one_and_stand_for_different_things():
    named = [a for a in read_aliases().values() if a.kind in ("model", "service")]
    assert [a.name for a in named if (k := known_models()[tokens(a.name)]).id != a.id and k.service != a.id] == []
    boards = [a for a in read_aliases().values() if a.kind in ("hardware", "machine")]
    assert [a.name for a in boards if known_hardware()[board_tokens(a.name)].id != a.id] == []


def test_names_of_forty_providers_find_their_model():
    """Read in LiteLLM 1.110.2's list and gone through by hand."""
    with WILD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 900
    assert [(row["name"], model_of(row["name"]).id) for row in rows if model_of(row["name"]).id != row["id"]] == []


def test_all_that_decorates_a_name_leaves_the_model():
    plain = [key for key in MODELS if key not in SIZES and len("".join(tokens(key))) > 3]
    wrong = []
    for place, key in enumerate(plain):
        for n in range(4):
            name = BEFORE[(place + n) % len(BEFORE)] + key + BEHIND[(place * 3 + n) % len(BEHIND)]
            if model_of(name).id != key:
                wrong.append((name, model_of(name).id))
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="0123456789"), max_size=30))
def test_a_word_without_a_version_is_sure_of_nothing(word):
    found = model_of(word)
    assert found.sure != "sure" or tokens(word) in known_models() or tokens(found.id)[0] in tokens(word)


@pytest.mark.parametrize(
    ("name", "not_these"),
    [
        ("gpt-7", "gpt-5"), ("gpt-5.7", "gpt-5"), ("gpt-5-ultra", "gpt-5"), ("gpt-5-micro", "gpt-5"),
        ("gpt-55", "gpt-5.5"), ("claude-opus-9", "claude-opus-5"),
        ("gemini-2.5-flash-ultra", "gemini-2.5-flash"), ("glm-4.5v", "glm-4.5"), ("phi-4-multimodal", "phi-4"),
        ("gpt-5.3-codex-spark", "gpt-5.3-codex"), ("qwen3-embedding-8b", "qwen3-8b"), ("o5", "o1"),
        ("kimi-k2.7-code", "kimi-k2"), ("deepseek-v4.1-flash", "deepseek-v4-flash"), ("my-o1-bot", "o1"),
    ],
)  # fmt: skip
def test_another_version_size_or_kind_is_not_the_nearest_one(name, not_these):
    assert model_of(name).id != not_these
    assert model_of(name).sure != "sure"


def test_a_snapshot_that_nobody_listed_is_told_and_not_sure():
    found = model_of("gpt-5-nano-2026-01-01")
    assert (found.id, found.sure) == ("gpt-5-nano", "likely")
    assert found.how == "gpt-5-nano, read as its snapshot 2026-01-01"


def test_a_name_that_says_its_size_is_an_open_model_of_that_size_and_says_so():
    found = model_of("acme/granite-4.1-8b")
    model = CATALOG.models[found.id]
    assert found.sure == "unknown"
    assert abs(model.params_total_b - 8) < 2
    assert model.openness == "open"
    assert "its name says 8B parameters" in found.how


@pytest.mark.parametrize(
    ("usd", "size"),
    [(None, "undisclosed"), (0.2, "undisclosed-small"), (2, "undisclosed-medium"), (15, "undisclosed-large")],
)  # fmt: skip
def test_an_unknown_model_is_of_an_undisclosed_size_by_its_price(usd, size):
    found = model_of("somebody/else-9", usd)
    assert (found.id, found.sure) == (size, "unknown")
    assert set(found.alternatives) >= set(SIZES) - {size}
    assert "'somebody/else-9' is not known" in found.how


def test_the_sizes_that_stand_for_unknown_models_have_wide_ranges():
    small, medium, large = (CATALOG.models[key] for key in SIZES[1:])
    assert small.params_active_b < medium.params_active_b < large.params_active_b
    for model in (CATALOG.models[key] for key in SIZES):
        assert model.params_active_high_b / model.params_active_low_b > 9
        assert not model.disclosed


@pytest.mark.parametrize(
    ("name", "service"),
    [("text-embedding-3-small", "embedding"), ("gpt-4o-mini-tts", "speech"), ("dall-e-3", "image"), ("sora-2", "video"),
     ("openai/omni-moderation-latest", "moderation"), ("cohere.rerank-v3-5:0", "ranking"), ("bge-m3", "embedding")],
)  # fmt: skip
def test_what_answers_no_chat_is_no_model(name, service):
    found = model_of(name)
    assert (found.id, found.service) == ("", service)


@pytest.mark.parametrize(
    ("name", "key", "count", "sure"),
    [
        ("NVIDIA H100 80GB HBM3", "H100-SXM", 1, "sure"), ("8 x NVIDIA H100 80GB HBM3", "H100-SXM", 8, "sure"),
        ("Standard_ND96isr_H100_v5", "H100-SXM", 8, "sure"), ("ml.p4d.24xlarge", "A100-40-SXM", 8, "likely"),
        ("USE1-BoxUsage:g6.2xlarge", "L4", 1, "likely"), ("a3-highgpu-8g", "H100-SXM", 8, "sure"),
        ("Tesla T4", "T4", 1, "sure"),
        ("NVIDIA A100-SXM4-80GB MIG 3g.40gb", "A100-80-SXM", 3 / 7, "sure"),
        ("NVIDIA H100", "H100-SXM", 1, "likely"), ("m5.large", "", 1, "unknown"),
        ("NVIDIA GeForce GTX 1080", "", 1, "unknown"),
        ("Acme 8xH100", "H100-SXM", 8, "likely"), ("Acme 100", "", 1, "unknown"), ("V100", "V100-SXM2", 1, "sure"),
        ("", "", 1, "unknown"),
    ],
)  # fmt: skip
def test_boards_and_machines_by_their_names(name, key, count, sure):
    found = hardware_of(name)
    assert (found.id, found.accelerators, found.sure) == (key, count, sure)


@pytest.mark.parametrize(
    ("name", "service", "key"),
    [
        ("us-east-1", "Amazon Bedrock", "aws:us-east-1"), ("East US 2", "", "azure:eastus2"),
        ("us-east1", "", "gcp:us-east1"),
        ("europe-west4-b", "", "gcp:europe-west4"), ("EU (Ireland)", "", "aws:eu-west-1"), ("global", "", "WORLD"),
        ("", "", "WORLD"), ("nowhere", "", "WORLD"), ("us", "", "US"), ("SE", "", "SE"), ("eu", "", "WORLD"),
    ],
)  # fmt: skip
def test_places_by_their_names(name, service, key):
    assert region_of(name, service).id == key
    assert (region_of(name, service).sure == "unknown") == (key == "WORLD")


def test_every_cloud_region_is_its_own_name():
    for key, region in CATALOG.cloud_regions.items():
        found = region_of(region.region, region.provider)
        assert found.id == key
        assert region_of(key).id == key


def test_a_key_keeps_out_what_changes_from_month_to_month():
    names = ("gpt-5-mini", "gpt-5-mini-2025-08-07", "gpt-5-mini-2026-02-03", "GPT-5-mini")
    assert len({import_key(Subject("S", name, month=f"2026-0{n + 1}")) for n, name in enumerate(names)}) == 1
    assert len({import_key(Subject("S", name)) for name in ("gpt-5", "gpt-5-mini", "azure/gpt-5-mini")}) == 3
    long = Subject("S" * 90, "m" * 90, "r" * 90, "g" * 90)
    assert len(import_key(long)) <= 200
    assert import_key(long) != import_key(Subject("S" * 90, "m" * 90, "r" * 90, "h" * 90))


BROKEN = {
    "kind": ("animal,cat,gpt-5,,verified,own-assumption,", "'animal' is not a known kind of name"),
    "id": ("model,cat,gpt-nine,,verified,own-assumption,", "'gpt-nine' is not a known model"),
    "twice": ("model,GPT-4o-X,gpt-4o,,verified,own-assumption,\nmodel,gpt-4o-x,gpt-4o,,verified,own-assumption,",
              "repeats the key of aliases/aliases.csv, line 2"),
    "accelerators": ("machine,cat,L4,,verified,own-assumption,", "a machine names how many it holds"),
    "none": ("machine,cat,L4,0,verified,own-assumption,", "not above 0"),
    "status": ("model,cat,gpt-5,,sure,own-assumption,", "'sure' is not a known status"),
    "source": ("model,cat,gpt-5,,verified,nobody,", "'nobody' is not a known source"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_alias_stops_with_its_line(what, tmp_path):
    row, why = BROKEN[what]
    for name in ("aliases", "models"):
        (tmp_path / name).mkdir()
    header = "kind,name,id,accelerators,status,source,note\n"
    (tmp_path / "aliases" / "aliases.csv").write_text(header + row + "\n", encoding="utf-8")
    (tmp_path / "models" / "ecologits_names.csv").write_text(
        "provider,name,model,main,left_out,source\n", encoding="utf-8"
    )
    with pytest.raises(CatalogError, match=r"aliases/aliases\.csv, line ") as error:
        aliases(tmp_path, CATALOG.sources, CATALOG.models, CATALOG.hardware, CATALOG.regions)
    assert why in str(error.value)


@pytest.mark.parametrize(
    ("group", "key"),
    [("gpt-4o-mini-prod", "gpt-4o-mini"), ("gpt4o", "gpt-4o"), ("support-chat", ""), ("", ""), ("embed-search", "")],
)
def test_a_deployment_may_be_called_after_its_model_and_is_never_sure(group, key):
    found = model_in_group(group)
    assert (found.id if found else "") == key
    assert found is None or (found.sure, found.how[:26]) == ("likely", "the file names no model; i")
