"""What `shift` takes on the command line; imports nothing that takes time."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("series", type=Path, help="a CSV (or .csv.gz) of hourly g/kWh, one column a zone")
    parser.add_argument("--zone", required=True, metavar="Z", help="the column to take")
    parser.add_argument("--hours", required=True, type=float, metavar="D", help="length of the job")
    parser.add_argument("--slack", required=True, type=float, metavar="S", help="hours it may end later")
    parser.add_argument("--interruptible", action="store_true", help="it may pause")
    restart = "what each resumption takes more, in hours of the job's power; with --interruptible"
    parser.add_argument("--restart", default=0.0, type=float, metavar="R", help=restart)
