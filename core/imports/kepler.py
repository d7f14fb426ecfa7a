"""Scrapes of Kepler: counters of energy [J] of a node's processors and GPUs, and of what it shares out to pods.

The zones of a processor overlap (package, core, dram), and node, pods, containers and processes are the same joules
seen several times: the node's GPUs alone are taken, or its packages where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.imports.counters import Board, reading_of
from core.imports.dcgm import counts
from core.imports.reading import Answers, Device, MeterReading, RefusedError
from core.imports.scrapes import Sample, gained
from core.units import J_PER_KWH

KIND = "Kepler scrapes"
GPU = "kepler_node_gpu_joules_total"
CPU = "kepler_node_cpu_joules_total"
PACKAGE = "kepler_node_package_joules_total"  # before version 0.10, with a series for what moves and one for idle
TAKEN_ZONE = "package"
NO_NODE = "no kepler_node_gpu_joules_total and no kepler_node_cpu_joules_total; pods alone are shares of a node"
ONCE = "one scrape: what the counters held since they began, which it does not say when: say the days it covers"


def recognises(text: str) -> bool:
    """Whether it holds Kepler's names."""
    return text.startswith("kepler_") or "\nkepler_" in text


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """What the node's GPUs counted, or its processors where Kepler sees no GPU."""
    if answers.at not in ("", "board"):
        raise RefusedError(
            f"{name}: Kepler counts processors and GPUs, not memory, fans and power supply; the meter stands at the "
            "board"
        )
    gpus, packages = _boards(counts(name, text, GPU)), _packages(counts(name, text, CPU, PACKAGE))
    boards = gpus or packages
    if not boards:
        raise RefusedError(f"{name}: {NO_NODE}")
    once = all(len(board.found) == 1 for board in boards)
    reading = _since_start(boards) if once else reading_of(KIND, name, boards, 1 / J_PER_KWH)
    reading = replace(reading, devices=_together(reading.devices))
    if not gpus:
        return replace(reading, said=(*reading.said, "it sees no GPU: the processors' packages are taken"))
    beside = sum((board.found[0].value if once else gained(board.found).value) / J_PER_KWH for board in packages)
    said = (
        f"the processors' packages counted {beside:,.6g} kWh beside: they belong to the rest of the server, which "
        "stays estimated",
    )
    return replace(reading, said=(*reading.said, *(said if packages else ())))


def _since_start(boards: tuple[Board, ...]) -> MeterReading:
    """A single scrape, from the start of its counters."""
    devices = tuple(Device(board.label, board.model, board.found[0].value / J_PER_KWH) for board in boards)
    return MeterReading(
        kind=KIND, energy_kwh=sum(device.energy_kwh for device in devices), at="board", meter="board_sensor",
        rows_used=len(boards), devices=devices, said=(ONCE,),
    )  # fmt: skip


def _together(devices: tuple[Device, ...]) -> tuple[Device, ...]:
    """The devices with what moves and what idles as one, where an old Kepler parts them."""
    found: dict[str, Device] = {}
    for device in devices:
        before = found.get(device.label)
        energy_kwh = device.energy_kwh + (before.energy_kwh if before else 0.0)
        found[device.label] = replace(device, energy_kwh=energy_kwh)
    return tuple(found.values())


def _boards(found: Iterable[Sample]) -> tuple[Board, ...]:
    boards: dict[tuple[str, ...], Board] = {}
    for sample in found:
        labels = sample.labels
        node = labels.get("node_name") or labels.get("instance") or ""
        label = f"GPU {labels.get('gpu') or labels.get('index') or '?'}" + (f" of {node}" if node else "")
        boards.setdefault(sample.series, Board(label, labels.get("gpu_name", ""))).found.append(sample)
    return tuple(boards.values())


def _packages(found: Iterable[Sample]) -> tuple[Board, ...]:
    boards: dict[tuple[str, ...], Board] = {}
    for sample in found:
        labels = sample.labels
        if sample.name == CPU and not labels.get("zone", "").startswith(TAKEN_ZONE):
            continue
        node = labels.get("node_name") or labels.get("instance") or ""
        label = f"the package of {node or 'the node'}"
        boards.setdefault(sample.series, Board(label, "")).found.append(sample)
    return tuple(boards.values())
