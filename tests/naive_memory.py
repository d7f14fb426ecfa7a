"""The slow, obvious twin of the memory of training: one row, plain Python, no code of `core`."""

import itertools
import math


def training_memory(row):
    """Bytes a run keeps: Adam's state shared out over all, activations on each; the fewest by trying one by one."""
    r = dict(row)
    state = r["params_total"] * r["state_byte_per_param"]
    tokens = r["sequence_tokens"] * r["micro_batch"]
    # Korthikanti et al.: 2 s b h a layer is kept, 34 s b h stands for the layer worked out anew
    activation = (2 * r["layers"] + 34) * tokens * r["d_model"]
    activation += (2 + 2) * r["params_active"] / r["layers"]
    usable = r["memory_byte"] * (1 - r["memory_reserve_share"])
    server = max(8, r["accelerators_per_server"])
    counts = itertools.chain([1, 2, 4, 8], (server * k for k in itertools.count(1) if server * k > 8))
    fewest = (
        next((n for n in counts if state / n + activation <= usable), math.nan) if activation < usable else math.nan
    )
    return {
        "memory_state_byte": state,
        "memory_activation_byte": activation,
        "training_accelerators": fewest,
        "memory_accelerator_byte": state / (r["installed"] or fewest) + activation,
    }
