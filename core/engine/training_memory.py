"""Memory of training: what a run keeps, and how many accelerators hold it [arxiv-1910.02054; arxiv-2205.05198].

Every parameter is trained. Weights, gradients and the optimiser's state are shared out over all accelerators; each
keeps what enters every layer for its own tokens and works the rest of a layer out again on the way back.
"""

import numpy as np

from core.engine.columns import TrainingMemoryColumns, TrainingMemoryResult, empty, ready
from core.engine.jit import kernel
from core.engine.room import SMALLEST_WHOLE_SERVER, usable_byte

CHECKPOINT_BYTE_PER_VALUE = 2.0  # what enters a layer, in 16 bit
LAYER_BYTE_PER_VALUE = 34.0  # all that one layer keeps for the way back, attention scores aside
GATHERED_BYTE_PER_PARAM = 4.0  # weight and gradient of the layer at work, in 16 bit


@kernel
def training_state_byte(params_total: float, state_byte_per_param: float) -> float:
    """Weights, gradients and optimiser of the whole model [byte]."""
    return params_total * state_byte_per_param


@kernel
def checkpoint_byte(layers: float, in_flight_tokens: float, d_model: float) -> float:
    """What enters every layer, kept until the way back [byte], on each accelerator."""
    return CHECKPOINT_BYTE_PER_VALUE * layers * in_flight_tokens * d_model


@kernel
def layer_at_work_byte(in_flight_tokens: float, d_model: float, params_active: float, layers: float) -> float:
    """One layer at work [byte]: what it computes, its gathered weights and gradients. Experts stay where they are."""
    return LAYER_BYTE_PER_VALUE * in_flight_tokens * d_model + GATHERED_BYTE_PER_PARAM * params_active / layers


@kernel
def whole_servers(count: float, accelerators_per_server: float) -> float:
    """The next of 1, 2, 4, 8, then whole servers."""
    if count <= SMALLEST_WHOLE_SERVER:
        return float(2.0 ** np.ceil(np.log2(max(count, 1.0))))
    server = max(accelerators_per_server, SMALLEST_WHOLE_SERVER)
    return server * float(np.ceil(count / server))


@kernel
def training_accelerators(
    state_byte: float, activation_byte: float, usable: float, accelerators_per_server: float
) -> float:
    """Fewest accelerators that hold a run; NaN where one sequence fills an accelerator, however many there are."""
    free_byte = usable - activation_byte
    if free_byte <= 0.0:
        return np.nan
    return whole_servers(state_byte / free_byte, accelerators_per_server)


@kernel
def run_training_memory(x: TrainingMemoryColumns, out: TrainingMemoryResult) -> None:
    """Fill the result, a row at a time. Each accelerator's share is that of the installed ones, else of the fewest."""
    for i in range(np.uint64(x.layers.size)):
        tokens = x.sequence_tokens[i] * x.micro_batch[i]
        state = training_state_byte(x.params_total[i], x.state_byte_per_param[i])
        layer = layer_at_work_byte(tokens, x.d_model[i], x.params_active[i], x.layers[i])
        activation = checkpoint_byte(x.layers[i], tokens, x.d_model[i]) + layer
        usable = usable_byte(x.memory_byte[i], x.memory_reserve_share[i])
        fewest = training_accelerators(state, activation, usable, x.accelerators_per_server[i])
        out.memory_state_byte[i] = state
        out.memory_activation_byte[i] = activation
        out.training_accelerators[i] = fewest
        out.memory_accelerator_byte[i] = state / (fewest if x.installed[i] == 0.0 else x.installed[i]) + activation


def training_memory(x: TrainingMemoryColumns) -> TrainingMemoryResult:
    """The result of every row, in the order of the rows."""
    out = empty(TrainingMemoryResult, len(x.layers))
    run_training_memory(ready(x), out)
    return out
