"""Your own hourly file on the Shift page: dropped, read with what its owner says of it, shown, confirmed, removed."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import streamlit as st

from core import words
from core.catalog import Region
from core.headless import hours_file
from core.imports.hourly import HourlySeries, Said
from core.imports.reading import RefusedError
from core.plan import HoursFile
from core.results.moves import grid_of_workload
from core.ui import form_field, hours_held, options, state
from core.ui.shift import View
from core.ui.shown import small

PREFIX = "hours"
FILE, READ, REGION = "file", "read", "region"
QUESTIONS = {
    "zone": ("Time zone of the file's clock", "An hour that summer time skips or repeats would be lost without it."),
    "unit": ("Unit of the file's values", "The file does not name it."),
    "gaps": ("Hours that are missing", "Nothing is filled in unless you say so."),
    "twice": ("Hours that stand there twice", "Nothing is chosen unless you say so."),
}
MOST_MB = 20
COUNTS = {
    "life_cycle": "life cycle: fuel and plants too", "direct": "what leaves the stack", "marginal": "marginal",
    "unknown": "what it counts is not said",
}  # fmt: skip


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
        found = _reading()
        if found is not None:
            _tell(found)
            _ask(found)
        if isinstance(found, HourlySeries):
            _confirm(view, found)


def _draft(name: str) -> Any:
    return state.session().drafts.get(f"{PREFIX}:{name}")


def _forget() -> None:
    for name in (FILE, READ, REGION, *QUESTIONS):
        state.session().drafts.pop(f"{PREFIX}:{name}", None)


def _kept(view: View, file: HoursFile) -> None:
    """One file of the plan: what it is, whether its hours are here, and its way out."""
    here = file not in view.plan.hours_missing()
    text = (
        f"**{words.markdown_safe(hours_held.region_name(view.plan, file))}**: {words.markdown_safe(file.called)}, "
        f"{words.count(file.covered_h, 'hour')} from {file.first_hour} UTC, "
        f"mean {words.figure(file.mean_g_per_kwh)} g/kWh, "
        f"{COUNTS[file.hours_basis]}. {'Its hours are here.' if here else 'Its hours are not here: give it below.'}"
    )
    st.markdown(text)
    st.button("Remove this file", key=f"{PREFIX}-remove-{file.id}", on_click=_remove, args=(file,), type="tertiary",
              help="Back to the reference year. Undo brings it back.")  # fmt: skip


def _remove(file: HoursFile) -> None:
    name = hours_held.region_name(state.plan(), file)
    if state.attempt(lambda: state.session().plan.without_hours_file(file.id)):
        state.session().news = [f"{file.name} is no longer used for {name}."]


def _upload() -> None:
    key = f"{PREFIX}-upload"

    def keep() -> None:
        given = st.session_state.get(key)
        _forget()
        if given is not None:
            _take(given.name[:80], given.getvalue())

    st.file_uploader(
        "Hours of a grid, as CSV", type=["csv", "txt"], key=key, on_change=keep, max_upload_size=MOST_MB,
        help="As exported by Electricity Maps, NESO, WattTime or ENTSO-E, or two columns: timestamp,g_per_kwh. "
        "It stays in this tab; the plan and its link keep name, SHA-256 and what you say of it.",
    )  # fmt: skip


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


def _said() -> Said:
    return Said(**{name: str(_draft(name) or "") for name in QUESTIONS})


def _reading() -> HourlySeries | RefusedError | None:
    """What the file says with the answers so far; read once for each set of answers."""
    file = cast("tuple[str, bytes] | None", _draft(FILE))
    if file is None:
        return None
    held = cast("tuple[Any, ...] | None", _draft(READ))
    if held is None or held[:2] != (file, _said()):
        with st.spinner(f"Reading {words.markdown_safe(file[0])}"):
            found = _read(file)
        state.session().drafts[f"{PREFIX}:{READ}"] = held = (file, _said(), found)
    return cast("HourlySeries | RefusedError", held[2])


def _read(file: tuple[str, bytes]) -> HourlySeries | RefusedError:
    try:
        found = hours_file.read(*file, _said())
        hours_file.hours_of(hours_file.record_of("WORLD", found, _said(), date.today()), found)
    except RefusedError as error:
        return error
    return found


def _tell(found: HourlySeries | RefusedError) -> None:
    """What was found and done, or the one sentence that refuses it."""
    if isinstance(found, RefusedError):
        verb = "Asks" if found.question else "Not taken"
        st.warning(words.markdown_safe(f"{verb}: {found}."), icon=":material/error:")
        return
    hours = found.intensity_g_per_kwh
    mean = words.figure(sum(hours) / len(hours))
    lines = [
        f"mean {mean} g/kWh, from {words.figure(min(hours))} to {words.figure(max(hours))}; {COUNTS[found.basis]}",
        *found.said,
        f"SHA-256 {found.file_sha256[:12]}…: name and hash travel with the plan, the hours do not",
    ]
    head = f"**{words.markdown_safe(found.name)}: {words.markdown_safe(found.kind)}. Is this right?**"
    st.info("\n".join([head, "", *(f"- {words.markdown_safe(line)}" for line in lines)]), icon=":material/schedule:")


def _ask(found: HourlySeries | RefusedError) -> None:
    """The question that is open, and those answered, so that an answer can be changed."""
    question = found.question if isinstance(found, RefusedError) else ""
    for name, (label, why) in QUESTIONS.items():
        if name != question and not _draft(name):
            continue
        offered = list(found.choices) if isinstance(found, RefusedError) and name == question else []
        key, value = f"{PREFIX}:{name}", cast("str | None", _draft(name))
        choices = list(dict.fromkeys([*offered, *([value] if value else [])]))
        state.bind(key, value)
        st.selectbox(
            label, choices, index=choices.index(value) if value else None, key=key, help=why, placeholder="Say which",
            on_change=form_field.keep, args=(key,), accept_new_options=name == "zone",
        )  # fmt: skip


def _confirm(view: View, found: HourlySeries) -> None:
    """For which grid it stands, and the word that it does."""
    grids = {region.id: region.name for region in _grids(view)}
    key = f"{PREFIX}:{REGION}"
    chosen = str(_draft(REGION) or next(iter(grids)))
    chosen = chosen if chosen in grids else next(iter(grids))
    if len(grids) > 1:
        state.bind(key, chosen)
        st.selectbox("Stands for", list(grids), index=list(grids).index(chosen), format_func=lambda k: grids[k],
                     key=key, on_change=form_field.keep, args=(key,))  # fmt: skip
    own = view.catalog.regions[chosen]
    if found.marginal:
        st.markdown(small('It feeds the line "scored on marginal" alone; hours are chosen by the average.'))
    else:
        told = f"It gives the shape of the hours; the plan's mean stays {words.figure(own.carbon_g_per_kwh)} g/kWh."
        differs = (found.basis == "direct") != own.direct and found.basis in ("direct", "life_cycle")
        more = " File and plan do not count the same: one of them leaves out making fuel and plants." if differs else ""
        st.markdown(small(words.markdown_safe(told + more)))
    st.button(f"Use these hours for {grids[chosen]}", type="primary", key=f"{PREFIX}-use", on_click=_use,
              args=(chosen, found))  # fmt: skip


def _grids(view: View) -> list[Region]:
    """Grids of the plan's workloads, that of the one on screen first."""
    found = [grid_of_workload(view.plan, w) for w in (view.workload, *view.plan.workloads)]
    return list({region.id: region for region in found if region is not None}.values())


def _use(region: str, found: HourlySeries) -> None:
    said = _said()
    try:
        record = hours_file.record_of(region, found, said, date.today())
        hours = hours_file.hours_of(record, found)
    except RefusedError as error:
        state.refuse([f"{words.capital(str(error))}."])
        return
    if state.attempt(lambda: state.session().plan.with_hours_file(record)):
        hours_held.hold(hours)
        _forget()
        name = options.brief("regions", region)
        state.session().news = [f"The hours of {name} are now those of {record.name}. Undo takes it back."]
