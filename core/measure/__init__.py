"""Joules per token of a local NVIDIA accelerator: a random-weight transformer of a catalog model, metered by NVML.

`shape` says what is built and `sweep` what is run; `energy` and `rows` turn readings into a row of a file. The machine
stands behind two small interfaces, `Meter` and `Runner`: `machine` finds it, `nvml`, `network` and `runner` use it, and
PyTorch and NVML are imported only then. `compare` sets own rows beside the published fit and mixes them into nothing.
"""
