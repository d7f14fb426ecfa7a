"""What `calibrate` takes on the command line; imports nothing that takes time."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(added: argparse.ArgumentParser) -> None:
    """The plan, the workload, the meter's file or its energy, and what is said beside it."""
    added.add_argument("plan", help="a plan CSV, or a link")
    added.add_argument("-o", "--out", type=Path, help="plan CSV to write; standard output when missing")
    added.add_argument("--workload", required=True, help="id of the workload that was metered")
    added.add_argument(
        "--meter",
        dest="files",
        type=Path,
        action="append",
        metavar="FILE",
        help="CodeCarbon, Zeus, nvidia-smi, DCGM, Kepler, MLflow, W&B, sacct -P; more than one for scrapes",
    )
    added.add_argument("--usage", type=Path, action="append", metavar="FILE",
                       help="scrapes of vLLM of the same days: their requests; more than one in order")  # fmt: skip
    for name, kind, text in (
        ("kwh", float, "metered energy, where there is no file"),
        ("boundary", str, "board, server or facility; needed where the file does not say"),
        ("kind", str, "billing, rack, server_sensor, board_sensor or software: how far it may be off"),
        ("first-day", str, "first day of the period, as 2026-03-01"),
        ("last-day", str, "last day of the period"),
        ("hours", float, "hours in which the meter ran; all of the period when missing"),
        ("requests", float, "requests answered meanwhile; the plan's own rate when missing"),
        ("output-m-tokens", float, "million output tokens meanwhile, in place of requests"),
        ("runs", float, "training runs the meter saw"),
        ("unit", str, "unit of the file's figures, where it does not say: J, mJ, Wh, kWh; mW, W, kW"),
        ("zone", str, "time zone of the file's clock, as Europe/Berlin"),
        ("note", str, "what a colleague should know"),
    ):
        where = "meter" if name == "kind" else name.replace("-", "_")
        missing = "" if kind is str else None
        added.add_argument(f"--{name}", dest=where, type=kind, default=missing, help=text)
    added.add_argument(
        "--always", action="store_true", help="training: the meter ran around the clock, not with the runs"
    )
    added.add_argument("--exclusive", action="store_true", help="Slurm: the jobs had their nodes to themselves")
