"""Hourly files of grids on the Import page: each takes a region's place on the Shift page, with its owner's word."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import streamlit as st

from core import words
from core.catalog import Region
from core.imports.hourly import HourlySeries
from core.plan import Plan
from core.results.moves import grid_of_workload
from core.ui import form_field, hours_held, hours_told, state
from core.ui.import_job import File
from core.ui.shown import section, small

PREFIX = "import-hours"
CHOSEN = f"{PREFIX}:chosen"
SHIFT = "pages/shift/page.py"


def panel(files: tuple[File, ...]) -> None:
    """One file at a time: what it says, for which grid it stands, and the step that takes it."""
    if not files:
        return
    section("Hours of a grid", "A file of your own takes the place of the reference year's hours on the page Shift")
    file = _file(files)
    digest = sha256(file[1]).hexdigest()
    prefix = f"{PREFIX}:{digest[:12]}"
    plan = state.plan()
    for held in [one for one in plan.hours_files if one.file_sha256 == digest]:
        st.markdown(words.markdown_safe(
            f"{held.called} stands for {hours_held.region_name(plan, held)} in this plan."
        ))  # fmt: skip
        st.page_link(SHIFT, label="See it on Shift", icon=":material/arrow_forward:")
    found = hours_told.reading(prefix, file)
    hours_told.tell(found)
    hours_told.ask(prefix, found)
    if not isinstance(found, HourlySeries):
        return
    grids = grids_of(plan)
    if not grids:
        st.markdown(small("The plan has no workload yet whose grid it could stand for: accept workloads first."))
        return
    hours_told.confirm(prefix, found, grids, area_of(found, grids))


def _file(files: tuple[File, ...]) -> File:
    if len(files) == 1:
        return files[0]
    names = [name for name, _ in files]
    held = state.session().drafts.get(CHOSEN)
    chosen = held if held in names else names[0]
    state.bind(CHOSEN, chosen)
    st.selectbox("File of hours", names, index=names.index(chosen), key=CHOSEN, on_change=form_field.keep,
                 args=(CHOSEN,))  # fmt: skip
    return files[names.index(chosen)]


def grids_of(plan: Plan) -> dict[str, Region]:
    """Grids of the plan's workloads, in their order."""
    found = (grid_of_workload(plan, workload) for workload in plan.workloads)
    return {region.id: region for region in found if region is not None}


def area_of(found: HourlySeries, grids: Mapping[str, Region]) -> str:
    """The grid of the plan that the file names, as DE for DE or DE_LU; empty where it is none of them."""
    named = found.area.upper().replace("_", "-")
    return next((key for key in (named, named.split("-")[0]) if key and key in grids), "")
