"""Writes the golden answers of `estimate` and `train`: `python -m tests.golden.headless`.

Run it only in a change that means to move the figures, and say in its message why they moved.
"""

import datetime
from pathlib import Path

from core import METHOD_VERSION, catalog
from core.__main__ import main

FOLDER = Path(__file__).parent
COMMANDS = ("estimate", "train")


def cases(command):
    """The file of cases."""
    return FOLDER / f"{command}_cases.csv"


def answers(command):
    """The file of answers: lines that start with # say where it is from."""
    return FOLDER / f"{command}_answers.csv"


def write(command, today):
    """Answer the cases and keep the answers."""
    main([command, str(cases(command)), "-o", str(answers(command))])
    told = f"# python -m tests.golden.headless, from {cases(command).name}, {today}, method {METHOD_VERSION}, "
    told += f"data {catalog.load().data_version}\n"
    answers(command).write_text(told + answers(command).read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    for each in COMMANDS:
        write(each, datetime.date.today().isoformat())
