"""A file of realistic cases, any number of rows, from a seed: what a fleet's records of a year may look like.

Forty models on ten accelerators in thirty regions, token counts of every size, requests at a time as servers report
them; one row in a hundred leaves cells blank, one in a thousand is wrong.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core import catalog
from core.results.arithmetic import arithmetic_of

SEED = 20261128
ROWS = 100_000  # made at a time
MODELS, DEVICES, REGIONS = 40, 10, 30


def write_cases(path, rows, seed=SEED):
    """Write the cases as a CSV."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as file:
        file.write(b"case_id,model,hardware,accelerators,precision,batch,input_tokens,output_tokens,serving,region\n")
        for first in range(0, rows, ROWS):
            file.write(_lines(rng, first, min(ROWS, rows - first)))


def _settings():
    """Models on accelerators that hold them: id, id, accelerators, number format."""
    facts = catalog.load()
    models = [m for m in facts.models.values() if m.computable and m.disclosed and (m.params_active_b or 0) > 0][
        :MODELS
    ]
    devices = [facts.hardware[key] for key in sorted(facts.measured_hardware)][:DEVICES]
    found = []
    for model in models:
        for device in devices:
            for precision in ("bf16", "fp8", "int4"):
                if arithmetic_of(facts, precision, device) is None:
                    continue
                needed_gb = model.params_total_b * facts.precisions[precision].weight_byte * 1.25
                count = 2 ** int(np.ceil(np.log2(max(needed_gb / device.memory_gb, 1.0))))
                if count <= 64:
                    found.append((model.id, device.id, str(count), precision))
    return found


def _lines(rng, first, rows):
    settings = _settings()
    regions = [*list(catalog.load().regions)[: REGIONS // 2], *list(catalog.load().cloud_regions)[: REGIONS // 2]]
    which = rng.integers(0, len(settings), rows)
    columns = [pc.cast(pa.array(np.arange(first, first + rows)), pa.string())]
    columns[0] = pc.binary_join_element_wise("case ", columns[0], "")
    texts = [pa.array([s[place] for s in settings]).take(pa.array(which)) for place in range(4)]
    batch = np.maximum(np.round(np.exp(rng.normal(2.0, 1.0, rows)), 2), 1.0)
    tokens_in, tokens_out = (
        np.minimum(np.exp(rng.normal(mean, 1.0, rows)), 8_000).astype(int) + 1 for mean in (6.2, 5.5)
    )
    wrong = rng.random(rows) < 0.001
    tokens_out = np.where(wrong, 0, tokens_out)
    numbers = [pc.cast(pa.array(values), pa.string()) for values in (batch, tokens_in, tokens_out)]
    blank = pa.array(rng.random(rows) < 0.01)
    numbers[0], texts[2] = (pc.if_else(blank, "", column) for column in (numbers[0], texts[2]))
    serving = pa.array(["vllm", "vllm-2024"]).take(pa.array(rng.integers(0, 2, rows)))
    places = pa.array(regions).take(pa.array(rng.integers(0, len(regions), rows)))
    columns += [*texts, *numbers, serving, places]
    joined = pc.binary_join_element_wise(*columns[:-1], pc.binary_join_element_wise(columns[-1], "\n", ""), ",")
    return "".join(joined.to_pylist()).encode()
