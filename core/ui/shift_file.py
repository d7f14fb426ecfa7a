"""Your own hourly file on the Shift page: dropped, read with what its owner says of it, shown, confirmed, removed."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core import words
from core.catalog import Region
from core.headless import hours_file
from core.imports.hourly import HourlySeries
from core.imports.reading import RefusedError
from core.plan import HoursFile
from core.results.moves import grid_of_workload
from core.ui import dropped, hours_held, hours_told, state
from core.ui.shift import View

PREFIX = "hours"
FILE = "file"
MOST_MB = 20


def missing() -> None:
    """Always in sight: which file is not here, and what stands in for it, where the page has not just said so."""
    for line in [line for line in hours_held.missing() if line not in state.session().news]:
        st.warning(words.markdown_safe(line), icon=":material/hourglass_empty:")


def panel(view: View) -> None:
    """The files of the plan, and the way to give one."""
    shut = st.expander("Your own hourly file", key="shift:file", on_change="rerun")
    if not shut.open:
        return
    with shut:
        for file in view.plan.hours_files:
            _kept(view, file)
        _upload()
        given = cast("tuple[str, bytes] | None", hours_told.draft(PREFIX, FILE))
        if given is None:
            return
        found = hours_told.reading(PREFIX, given)
        hours_told.tell(found)
        hours_told.ask(PREFIX, found)
        if isinstance(found, HourlySeries):
            hours_told.confirm(PREFIX, found, {region.id: region for region in _grids(view)})


def _kept(view: View, file: HoursFile) -> None:
    """One file of the plan: what it is, whether its hours are here, and its way out."""
    here = file not in view.plan.hours_missing()
    text = (
        f"**{words.markdown_safe(hours_held.region_name(view.plan, file))}**: {words.markdown_safe(file.called)}, "
        f"{words.count(file.covered_h, 'hour')} from {file.first_hour} UTC, "
        f"mean {words.figure(file.mean_g_per_kwh)} g/kWh, "
        f"{hours_told.COUNTS[file.hours_basis]}. "
        f"{'Its hours are here.' if here else 'Its hours are not here: give it below.'}"
    )
    st.markdown(text)
    st.button("Remove this file", key=f"{PREFIX}-remove-{file.id}", on_click=_remove, args=(file,), type="tertiary",
              help="Back to the reference year. Undo brings it back.")  # fmt: skip


def _remove(file: HoursFile) -> None:
    name = hours_held.region_name(state.plan(), file)
    if state.attempt(lambda: state.session().plan.without_hours_file(file.id)):
        state.session().news = [f"{file.name} is no longer used for {name}."]


def _upload() -> None:
    def keep(files: tuple[dropped.File, ...]) -> None:
        hours_told.forget(PREFIX, FILE)
        for name, raw in files:
            _take(name, raw)

    told = (
        "As exported by Electricity Maps, NESO, WattTime or ENTSO-E, or two columns: timestamp,g_per_kwh. "
        "It stays in this tab; the plan and its link keep name, SHA-256 and what you say of it."
    )
    dropped.field("Hours of a grid, as CSV", f"{PREFIX}-upload", dropped.TABLE, MOST_MB, told, keep)


def _take(name: str, raw: bytes) -> None:
    """A file that the plan names acts at once, with the answers it keeps; any other is asked about."""
    try:
        found = hours_file.again(state.plan(), name, raw)
    except RefusedError as error:
        state.refuse([f"{words.capital(str(error))}."])
        return
    for hours in found:
        hours_held.hold(hours)
    if found:
        state.session().news = [f"{name} is the file that the plan names: its hours are used."]
    else:
        state.session().drafts[f"{PREFIX}:{FILE}"] = (name, raw)


def _grids(view: View) -> list[Region]:
    """Grids of the plan's workloads, that of the one on screen first."""
    found = [grid_of_workload(view.plan, w) for w in (view.workload, *view.plan.workloads)]
    return list({region.id: region for region in found if region is not None}.values())
