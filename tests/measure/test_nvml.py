"""The NVML meter on a pretended library: units, what is not available, what fails, and the board's name."""

import csv
from types import SimpleNamespace

import pytest

from core import catalog
from core.measure.boards import BOARDS, UnknownBoardError, hardware_of
from core.measure.machine import place_of
from core.measure.meter import MeterError
from core.measure.nvml import NvmlMeter
from core.measure.runner import RunnerError

CATALOG = catalog.load()


class FailedError(Exception):
    """Any error of the library."""


class NotSupportedError(FailedError):
    """The board or the driver has no such figure."""


def fails(error):
    def call(*_):
        raise error

    return call


def library(**changes):
    """NVML as it answers on an H100, some calls changed."""
    calls = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda device: f"board {device}",
        "nvmlDeviceGetMigMode": lambda board: (0, 0),
        "nvmlDeviceGetMemoryInfo": lambda board: SimpleNamespace(total=85_520_809_984, free=84_000_000_000),
        "nvmlDeviceGetName": lambda board: "NVIDIA H100 80GB HBM3",
        "nvmlDeviceGetUUID": lambda board: "GPU-abc",
        "nvmlSystemGetDriverVersion": lambda: "570.1",
        "nvmlDeviceGetEnforcedPowerLimit": lambda board: 700_000,
        "nvmlDeviceGetComputeRunningProcesses": lambda board: [],
        "nvmlDeviceGetPowerUsage": lambda board: 412_500,
        "nvmlDeviceGetTotalEnergyConsumption": lambda board: 9_876_543_210,
        "nvmlDeviceGetCurrentClocksThrottleReasons": lambda board: 0x4 | 0x20 | 0x1 | 0x2,
        "nvmlDeviceGetClockInfo": lambda board, kind: {1: 1980}[kind],
        "nvmlDeviceGetTemperature": lambda board, kind: {0: 45}[kind],
        "NVML_CLOCK_SM": 1,
        "NVML_TEMPERATURE_GPU": 0,
        "NVMLError": FailedError,
        "NVMLError_NotSupported": NotSupportedError,
        "NVMLError_FunctionNotFound": type("FunctionNotFound", (FailedError,), {}),
        "NVMLError_NoPermission": type("NoPermission", (FailedError,), {}),
    }
    return SimpleNamespace(**(calls | changes))


def test_millijoules_and_milliwatts_become_joules_and_watts():
    found = NvmlMeter(library(), 0).reading(12.5)
    assert (found.time_s, found.energy_j, found.power_w) == (12.5, 9_876_543.21, 412.5)
    assert (found.clock_mhz, found.temperature_c) == (1980, 45)


def test_idle_and_a_clock_that_somebody_set_are_no_throttling():
    assert NvmlMeter(library(), 0).reading(0).throttled == {"power limit", "heat, by the driver"}


def test_the_board_says_what_it_is():
    board = NvmlMeter(library(nvmlDeviceGetComputeRunningProcesses=lambda board: [1, 2]), 1).board()
    assert (board.name, board.uuid, board.driver) == ("NVIDIA H100 80GB HBM3", "GPU-abc", "570.1")
    assert (board.memory_byte, board.free_byte) == (85_520_809_984, 84_000_000_000)
    assert (board.power_limit_w, board.others) == (700, 2)


def test_old_libraries_name_the_board_in_bytes():
    assert NvmlMeter(library(nvmlDeviceGetName=lambda board: b"Tesla T4"), 0).board().name == "Tesla T4"


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("nvmlDeviceGetTotalEnergyConsumption", "energy_j"),
        ("nvmlDeviceGetPowerUsage", "power_w"),
        ("nvmlDeviceGetClockInfo", "clock_mhz"),
        ("nvmlDeviceGetTemperature", "temperature_c"),
    ],
)
def test_what_a_board_does_not_offer_is_not_available_and_never_zero(call, field):
    meter = NvmlMeter(library(**{call: fails(NotSupportedError("Not Supported"))}), 0)
    assert getattr(meter.reading(0), field) is None


def test_a_board_that_says_nothing_of_throttling_or_limits_is_read_all_the_same():
    unsupported = fails(NotSupportedError("Not Supported"))
    meter = NvmlMeter(
        library(nvmlDeviceGetCurrentClocksThrottleReasons=unsupported, nvmlDeviceGetEnforcedPowerLimit=unsupported), 0
    )
    assert meter.reading(0).throttled == frozenset()
    assert meter.board().power_limit_w is None


@pytest.mark.parametrize(
    ("changes", "device", "said"),
    [
        (
            {"nvmlInit": fails(FailedError("NVML Shared Library Not Found"))},
            0,
            "no NVIDIA accelerator answers here (NVML Shared Library Not Found); measure needs one, and its driver",
        ),
        ({}, 2, "device is 2; it must lie in [0, 1]"),
        ({"nvmlDeviceGetCount": lambda: 0}, 0, "device is 0; there is no NVIDIA accelerator here"),
        (
            {"nvmlDeviceGetHandleByIndex": fails(FailedError("Insufficient Permissions"))},
            1,
            "device 1 cannot be opened (Insufficient Permissions)",
        ),
        (
            {"nvmlDeviceGetMigMode": lambda board: (1, 1)},
            0,
            "the board is cut into slices (MIG); its energy is counted for the whole board only, so turn MIG off",
        ),
    ],
)
def test_a_board_that_cannot_be_metered_says_why(changes, device, said):
    with pytest.raises(MeterError) as caught:
        NvmlMeter(library(**changes), device)
    assert str(caught.value) == said


def test_a_board_that_gets_lost_says_so():
    meter = NvmlMeter(library(nvmlDeviceGetPowerUsage=fails(FailedError("GPU is lost"))), 0)
    with pytest.raises(MeterError) as caught:
        meter.reading(0)
    assert str(caught.value) == "the board does not answer (GPU is lost)"


def test_a_board_without_a_memory_says_so():
    meter = NvmlMeter(library(nvmlDeviceGetMemoryInfo=fails(NotSupportedError("Not Supported"))), 0)
    with pytest.raises(MeterError) as caught:
        meter.board()
    assert str(caught.value) == "the board does not say what it is (Not Supported)"


# -- names


def test_every_board_name_is_an_accelerator_of_the_catalog_and_stands_once():
    with BOARDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["hardware"] for row in rows} <= CATALOG.hardware.keys()
    assert len({row["name"] for row in rows}) == len(rows)


def test_every_accelerator_of_nvidia_has_a_board_name():
    with BOARDS.open(encoding="utf-8", newline="") as file:
        named = {row["hardware"] for row in csv.DictReader(file)}
    assert named == {key for key, device in CATALOG.hardware.items() if device.vendor == "NVIDIA"}


@pytest.mark.parametrize(
    ("name", "hardware"),
    [
        ("NVIDIA H100 80GB HBM3", "H100-SXM"),
        ("NVIDIA A100-SXM4-40GB", "A100-40-SXM"),
        ("A100-SXM4-40GB", "A100-40-SXM"),
        ("Tesla T4", "T4"),
    ],
)
def test_a_board_is_found_by_its_name_with_or_without_its_maker(name, hardware):
    assert hardware_of(name, "", CATALOG) == hardware


def test_a_board_of_two_sizes_is_not_taken_for_the_other():
    with pytest.raises(UnknownBoardError) as caught:
        hardware_of("Tesla V100-SXM2-16GB", "", CATALOG)
    assert str(caught.value) == (
        "the board calls itself 'Tesla V100-SXM2-16GB', which is not known here; say which accelerator of the catalog "
        "it is with --hardware ID (ids: data/hardware/hardware.csv)"
    )
    assert hardware_of("Tesla V100-SXM2-16GB", "V100-SXM2", CATALOG) == "V100-SXM2"


def test_a_hardware_id_that_is_not_in_the_catalog_is_refused():
    with pytest.raises(UnknownBoardError) as caught:
        hardware_of("NVIDIA H200", "H-200", CATALOG)
    assert str(caught.value) == "hardware is 'H-200'; it is not in the catalog"


def sees(*uuids):
    """PyTorch with these boards."""
    boards = [SimpleNamespace(uuid=uuid) for uuid in uuids]
    return SimpleNamespace(
        cuda=SimpleNamespace(device_count=lambda: len(boards), get_device_properties=boards.__getitem__)
    )


def test_the_model_runs_on_the_board_that_is_metered_however_pytorch_counts():
    board = NvmlMeter(library(), 0).board()
    assert place_of(sees("xyz", "abc"), board) == 1
    assert place_of(sees("GPU-abc"), board) == 0


def test_a_board_hidden_from_pytorch_is_refused():
    with pytest.raises(RunnerError) as caught:
        place_of(sees("xyz"), NvmlMeter(library(), 0).board())
    assert str(caught.value) == (
        "NVIDIA H100 80GB HBM3 (GPU-abc) is metered, but PyTorch does not see it; "
        "look at CUDA_VISIBLE_DEVICES and --device"
    )
