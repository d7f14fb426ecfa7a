"""The hours of files that this tab was given: held as long as the tab is, and a sentence for each file that is missing.

They stay on this server and in this tab: whoever opens the link gives the file again.
"""

from __future__ import annotations

from core import words
from core.headless import hours_file
from core.plan import HoursFile, Plan
from core.plan.own_catalog import catalog_of
from core.shift.files import FileHours
from core.ui import state

MOST_HELD = 40  # each of one region's hours; the oldest goes first


def hold(hours: FileHours) -> None:
    """Keep the hours of a file in this tab."""
    held = state.session().hours
    held.pop(hours.key, None)
    held[hours.key] = hours
    for key in [key for key in held if key not in {file.key for file in state.plan().hours_files}][:-MOST_HELD]:
        del held[key]


def opened() -> Plan:
    """The plan as it was opened, with the hours that are at hand now."""
    return state.session().opened.with_hours(state.session().hours)


def missing() -> list[str]:
    """A sentence for each file of hours that the plan on screen names and this tab does not have."""
    return [f"{words.capital(line)}." for line in hours_file.missing(state.plan())]


def needed(plan: Plan) -> str:
    """What goes with a link: the files that whoever opens it needs beside it; empty where there is none."""
    files = ", ".join(file.called for file in plan.hours_files)
    return f"The link names hourly files and does not carry them; send along {files}." if files else ""


def region_name(plan: Plan, file: HoursFile) -> str:
    """The region a file stands for, by name; its id where the catalog does not know it."""
    region = catalog_of(plan).regions.get(file.region)
    return region.name if region else file.region
