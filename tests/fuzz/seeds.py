"""The sound inputs that hostile ones are made from: golden links, plans, and a sample of every file that is known."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from core import link, table
from tests.link.forge import unpack

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
IMPORTS = TESTS / "imports"
FOLDERS = ("samples", "hours", "hours_broken", "inventory_broken", "actuals_broken")
LARGEST = 12_000  # bytes of a sample: the rest tells nothing new
PLANS = ("data/example/plan.csv", "tests/golden/optimise_plan.csv", "tests/golden/track_plan.csv")
CONFIG = {
    "model_type": "qwen3_moe", "architectures": ["Qwen3MoeForCausalLM"], "hidden_size": 2048, "num_hidden_layers": 48,
    "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 6144,
    "moe_intermediate_size": 768, "num_experts": 128, "num_experts_per_tok": 8, "vocab_size": 151936,
    "tie_word_embeddings": False, "torch_dtype": "bfloat16", "sliding_window": 4096, "max_position_embeddings": 40960,
    "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}, "layer_types": ["full_attention"],
    "rope_scaling": {"factor": 4.0}, "_name_or_path": "Qwen/Qwen3-30B-A3B",
}  # fmt: skip


@cache
def links() -> list[str]:
    """Every golden link."""
    lines = (TESTS / "golden" / "links.txt").read_text(encoding="utf-8").splitlines()
    return [line.rpartition("\t")[2] for line in lines if "\t" in line and not line.startswith("#")]


@cache
def link_texts() -> list[str]:
    """What stands inside each golden link."""
    return [unpack(text) for text in links()]


@cache
def plans() -> list[str]:
    """Plans as CSV: those of the tests, the broken ones, and what each golden link holds."""
    files = [ROOT / name for name in PLANS] + sorted((TESTS / "broken").glob("*.csv"))
    found = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    found = [text for text in found if len(text) < LARGEST] + [table.write_plan(link.decode(t).plan) for t in links()]
    return found + [without_blanks(text) for text in found]


def without_blanks(text: str) -> str:
    """A plan without the columns in which no row has anything: what is harmed then matters more often."""
    rows = list(csv.reader(io.StringIO(text)))
    kept = [n for n, name in enumerate(rows[0] if rows else []) if any(len(r) > n and r[n] for r in rows[1:])]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[n] for n in kept if n < len(row)] for row in rows)
    return out.getvalue()


@cache
def files() -> list[tuple[str, bytes]]:
    """Name and bytes of each sample of an upload."""
    paths = [path for folder in FOLDERS for path in sorted((IMPORTS / folder).iterdir()) if path.suffix != ".md"]
    found = [(path.name, path.read_bytes()[:LARGEST]) for path in paths]
    golden = [(name, (TESTS / "golden" / name).read_bytes()[:LARGEST]) for name in ("actuals.csv", "hours.csv")]
    return [*found, *golden, *packed()]


@cache
def texts() -> list[str]:
    """The samples that are texts."""
    return [raw.decode(errors="replace") for name, raw in files() if not name.endswith(".parquet")]


@cache
def documents() -> list[tuple[str, object]]:
    """The samples that are one document of JSON, and the first line of those with one a line."""
    found: list[tuple[str, object]] = [("config.json", CONFIG)]
    for name, raw in files():
        if name.endswith((".json", ".jsonl")):
            lines = raw.decode() if name.endswith(".json") else raw.decode().split("\n", 1)[0]
            try:
                found.append((name, json.loads(lines)))
            except ValueError:
                continue
    return found


@cache
def packed() -> list[tuple[str, bytes]]:
    """Bills in Parquet, made from those in CSV."""
    found = []
    for name in (
        "aws_cur2_bedrock.csv",
        "focus_1_2_cost_and_usage.csv",
        "litellm_spend_logs.csv",
        "azure_cost_details.csv",
    ):
        made = pa_csv.read_csv(IMPORTS / "samples" / name)
        made = made.append_column("odd", pa.array([[("k", "v")]] * len(made), pa.map_(pa.string(), pa.string())))
        for compression in ("none", "snappy"):
            out = io.BytesIO()
            pq.write_table(made, out, compression=compression)
            found.append((name.replace(".csv", ".parquet"), out.getvalue()))
    return found
