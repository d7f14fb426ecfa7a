"""The number format a model's weights are published in, as its config words it."""

from __future__ import annotations

from collections.abc import Mapping

from core.plan.config_values import Values, shown, whole

DTYPES = {
    "bfloat16": "bf16",
    "float16": "fp16",
    "half": "fp16",
    "float32": "fp32",
    "float": "fp32",
    "float8_e4m3fn": "fp8",
}
METHODS = {
    "fp8": "fp8",
    "fbgemm_fp8": "fp8",
    "mxfp4": "mxfp4",
    "bitnet": "ternary",
    "eetq": "int8",
}
BITS = {4: "int4", 8: "int8"}
FLOAT_BITS = {4: "mxfp4", 8: "fp8", 16: "bf16"}
NVFP4 = "NVFP4 weights are taken as mxfp4, the nearest format here."


def read_precision(values: Values) -> str:
    """The precision; from the quantization where the file has one that is known here, from its dtype otherwise."""
    quantized = values.anywhere("quantization_config", "compression_config", "quantization")
    if quantized is None:
        return _from_dtype(values)
    if not isinstance(quantized, dict):
        values.problems.append(f"quantization_config is {shown(quantized)}; it must be an object.")
        return ""
    found = _from_quantization(values, quantized)
    if found:
        values.said.append(f"The weights are published in {found}, as quantization_config says.")
        return found
    method = shown(quantized.get("quant_method"))
    dtype = _from_dtype(values)
    values.said.append(f"The quantization method {method} is not known here; {dtype} weights are assumed.")
    return dtype


def _from_dtype(values: Values) -> str:
    raw = values.anywhere("torch_dtype", "dtype")
    if raw is None:
        values.said.append("torch_dtype is not in the file; bf16 weights are assumed.")
        return "bf16"
    found = DTYPES.get(raw.removeprefix("torch.")) if isinstance(raw, str) else None
    if found is None:
        values.said.append(f"torch_dtype is {shown(raw)}, which is not known here; bf16 weights are assumed.")
    return found or "bf16"


def _from_quantization(values: Values, quantized: Mapping[str, object]) -> str:
    """The format; empty where the method is not known."""
    method = str(quantized.get("quant_method") or "").lower().replace("-", "_")
    if method in METHODS:
        return METHODS[method]
    if method == "bitsandbytes":
        return _from_bitsandbytes(values, quantized)
    if method == "modelopt":
        return _from_modelopt(values, quantized)
    if method == "compressed_tensors":
        return _from_groups(values, quantized)
    if method in ("gptq", "awq", ""):
        return _from_bits(values, whole(quantized.get("bits")))
    return ""


def _from_bits(values: Values, bits: int | None) -> str:
    """Whole-number weights of these bits: the next format up, said aloud where it is not the very one."""
    if bits is None or not 1 <= bits <= max(BITS):
        return ""
    nearest = min(known for known in BITS if known >= bits)
    if nearest != bits:
        values.said.append(f"Weights of {bits} bit are taken as {BITS[nearest]}, the next format up.")
    return BITS[nearest]


def _from_bitsandbytes(values: Values, quantized: Mapping[str, object]) -> str:
    if quantized.get("load_in_4bit") is True:
        if quantized.get("bnb_4bit_quant_type") != "nf4":
            values.said.append("4-bit weights of bitsandbytes are taken as nf4.")
        return "nf4"
    return "int8" if quantized.get("load_in_8bit") is True else ""


def _from_modelopt(values: Values, quantized: Mapping[str, object]) -> str:
    algorithm = str(quantized.get("quant_algo") or "").upper()
    if algorithm == "NVFP4":
        values.said.append(NVFP4)
        return "mxfp4"
    return "fp8" if algorithm == "FP8" else ""


def _from_groups(values: Values, quantized: Mapping[str, object]) -> str:
    """Compressed tensors: the first group that says how its weights are kept."""
    groups = quantized.get("config_groups")
    for group in groups.values() if isinstance(groups, dict) else ():
        weights = group.get("weights") if isinstance(group, dict) else None
        if not isinstance(weights, dict):
            continue
        bits = whole(weights.get("num_bits"))
        if weights.get("type") == "int":
            return _from_bits(values, bits)
        if weights.get("type") == "float" and bits == 4:
            values.said.append("4-bit floating-point weights are taken as mxfp4, the nearest format here.")
        return FLOAT_BITS.get(bits or 0, "")
    return ""
