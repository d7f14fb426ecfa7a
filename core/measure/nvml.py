"""The meter of a real board: NVIDIA's management library, through the package nvidia-ml-py.

Power readings are means over a second on most boards since Ampere; the energy counter (Volta and newer) is preferred.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.measure.meter import Board, MeterError, Reading
from core.units import MILLIJ_PER_J, MILLIW_PER_W

# Bits of the driver's word on why a clock is slow; "idle" and a clock that somebody set are no throttling.
REASONS = {
    0x4: "power limit",
    0x8: "hardware slowdown",
    0x10: "synchronised boost",
    0x20: "heat, by the driver",
    0x40: "heat, by the board",
    0x80: "external power brake",
}


class NvmlMeter:
    """One board, by its place in the list of nvidia-smi. `library` is the module pynvml, or a stand-in of a test."""

    def __init__(self, library: Any, device: int) -> None:
        self._nvml = library
        try:
            library.nvmlInit()
            count = library.nvmlDeviceGetCount()
        except library.NVMLError as error:
            raise MeterError(
                f"no NVIDIA accelerator answers here ({error}); measure needs one, and its driver"
            ) from error
        if not 0 <= device < count:
            last = f"it must lie in [0, {count - 1}]" if count else "there is no NVIDIA accelerator here"
            raise MeterError(f"device is {device}; {last}")
        try:
            self._board = library.nvmlDeviceGetHandleByIndex(device)
        except library.NVMLError as error:
            raise MeterError(f"device {device} cannot be opened ({error})") from error
        self._refuse_slices()

    def board(self) -> Board:
        """What stands in the machine."""
        nvml = self._nvml
        try:
            memory = nvml.nvmlDeviceGetMemoryInfo(self._board)
            name, uuid = nvml.nvmlDeviceGetName(self._board), nvml.nvmlDeviceGetUUID(self._board)
            driver = nvml.nvmlSystemGetDriverVersion()
        except nvml.NVMLError as error:
            raise MeterError(f"the board does not say what it is ({error})") from error
        limit_milliw = self._maybe(lambda: nvml.nvmlDeviceGetEnforcedPowerLimit(self._board))
        others = self._maybe(lambda: len(nvml.nvmlDeviceGetComputeRunningProcesses(self._board)))
        return Board(
            name=_text(name),
            uuid=_text(uuid),
            driver=_text(driver),
            memory_byte=int(memory.total),
            free_byte=int(memory.free),
            power_limit_w=None if limit_milliw is None else limit_milliw / MILLIW_PER_W,
            others=int(others or 0),
        )

    def reading(self, time_s: float) -> Reading:
        """The board now; what it does not offer is None."""
        nvml, board = self._nvml, self._board
        power_milliw = self._maybe(lambda: nvml.nvmlDeviceGetPowerUsage(board))
        energy_millij = self._maybe(lambda: nvml.nvmlDeviceGetTotalEnergyConsumption(board))
        reasons = self._maybe(lambda: nvml.nvmlDeviceGetCurrentClocksThrottleReasons(board))
        return Reading(
            time_s=time_s,
            energy_j=None if energy_millij is None else energy_millij / MILLIJ_PER_J,
            power_w=None if power_milliw is None else power_milliw / MILLIW_PER_W,
            clock_mhz=self._maybe(lambda: nvml.nvmlDeviceGetClockInfo(board, nvml.NVML_CLOCK_SM)),
            temperature_c=self._maybe(lambda: nvml.nvmlDeviceGetTemperature(board, nvml.NVML_TEMPERATURE_GPU)),
            throttled=frozenset(name for bit, name in REASONS.items() if int(reasons or 0) & bit),
        )

    def close(self) -> None:
        """Let go of the library."""
        self._maybe(self._nvml.nvmlShutdown)

    def _refuse_slices(self) -> None:
        mode = self._maybe(lambda: self._nvml.nvmlDeviceGetMigMode(self._board))
        if mode is not None and mode[0]:
            raise MeterError(
                "the board is cut into slices (MIG); its energy is counted for the whole board only, so turn MIG off"
            )

    def _maybe(self, ask: Callable[[], Any]) -> Any:
        """The answer; None where this board or driver has none. Any other failure is a MeterError."""
        nvml = self._nvml
        try:
            return ask()
        except (nvml.NVMLError_NotSupported, nvml.NVMLError_FunctionNotFound, nvml.NVMLError_NoPermission):
            return None
        except nvml.NVMLError as error:
            raise MeterError(f"the board does not answer ({error})") from error


def _text(value: str | bytes) -> str:
    """Old versions of the library answer in bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
