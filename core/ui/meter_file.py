"""A meter's file: held while the reader looks elsewhere, read with what its owner says, and told before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import streamlit as st

from core import words
from core.imports.meters import File, read_meter
from core.imports.reading import ENERGY_UNITS, Answers, MeterReading, RefusedError, implausible, too_short
from core.plan import Calibration, Plan, Workload, knobs
from core.plan.own_catalog import catalog_of
from core.results.machine_limits import power_limits
from core.ui import dropped, form_field, options, state
from core.ui.shown import scale_for

TYPES = ["csv", "txt", "log", "prom", "psv"]
MOST_MB = 50
FILES, READ, UNIT, ZONE, EXCLUSIVE = "files", "read", "unit", "zone", "exclusive"
ANSWERED = (UNIT, ZONE, EXCLUSIVE)
AT, COVERS = "metered_at", "covers"  # fields of the form: another file, another word


def files_of(prefix: str) -> tuple[File, ...]:
    """The files given for a workload and not yet taken."""
    return cast("tuple[File, ...]", state.session().drafts.get(f"{prefix}:{FILES}", ()))


def upload(prefix: str) -> None:
    """Where a file is dropped. It is held in the session, which outlives the widget."""

    def keep(files: tuple[File, ...]) -> None:
        forget(prefix)
        state.session().drafts[f"{prefix}:{FILES}"] = files

    told = (
        "CodeCarbon emissions.csv, a Zeus log, nvidia-smi power log, scrapes of the DCGM exporter or of Kepler, "
        "system metrics of MLflow or Weights & Biases, or sacct -P. "
        "It stays on this server while you look; nothing of it but totals, name and SHA-256 is kept."
    )
    label = "The meter's file, or type its energy below"
    shown = dropped.field(label, f"{prefix}-upload", TYPES, MOST_MB, told, keep, several=True)
    if files_of(prefix) and not shown:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            dropped.held(files_of(prefix))
            st.button("Forget the file", key=f"{prefix}-forget", type="tertiary", on_click=forget, args=(prefix,))


def forget(prefix: str) -> None:
    """Put the file away with what was said of it; what was typed of the measurement stays."""
    for name in (FILES, READ, UNIT, ZONE, EXCLUSIVE, AT, COVERS):
        state.session().drafts.pop(f"{prefix}:{name}", None)


def chosen_at(prefix: str) -> str:
    """Where somebody said the meter stands; blank before anybody did."""
    return str(state.session().drafts.get(f"{prefix}:{AT}") or "")


def reading(prefix: str, plan: Plan, workload: Workload, at: str) -> MeterReading | RefusedError | None:
    """What the file says at the boundary chosen, or why it is refused; None without a file."""
    files = files_of(prefix)
    if not files:
        return None
    found = read(prefix, files, at)
    if not isinstance(found, MeterReading):
        return found
    short = too_short(found, knobs(Calibration)["metered_h"].low or 0.0)
    if short:
        return RefusedError(f"{found.files[0]}: {short}")
    hours = cast("float | None", state.session().drafts.get(f"{prefix}:metered_h"))
    catalog = catalog_of(plan)
    ends = power_limits(catalog, catalog.hardware[workload.hardware]) if workload.hardware in catalog.hardware else None
    problem = implausible(found, ends.idle_low_w, ends.tdp_w, hours, ends.server_most_w) if ends else ""
    return RefusedError(f"{found.files[0]}: {problem}") if problem else found


def give(prefix: str, files: tuple[File, ...]) -> None:
    """Files that were given elsewhere, in place of any before."""
    if files_of(prefix) != files:
        forget(prefix)
        state.session().drafts[f"{prefix}:{FILES}"] = files


def answers_too(prefix: str, other: str) -> None:
    """What was said of the files under one name, under another too, where nothing was said there yet."""
    drafts = state.session().drafts
    for name in ANSWERED:
        if f"{prefix}:{name}" in drafts:
            drafts.setdefault(f"{other}:{name}", drafts[f"{prefix}:{name}"])


def read(prefix: str, files: tuple[File, ...], at: str) -> MeterReading | RefusedError:
    """Read once for each set of answers: a large log takes seconds."""
    drafts = state.session().drafts
    answers = Answers(
        str(drafts.get(f"{prefix}:{UNIT}") or ""),
        str(drafts.get(f"{prefix}:{ZONE}") or ""),
        bool(drafts.get(f"{prefix}:{EXCLUSIVE}")),
        at,
    )
    held = cast("tuple[Any, ...] | None", drafts.get(f"{prefix}:{READ}"))
    if held is None or held[:2] != (files, answers):
        found: MeterReading | RefusedError
        try:
            with st.spinner(words.markdown_safe(f"Reading {', '.join(name for name, _ in files)}")):
                found = read_meter(files, answers)
        except RefusedError as error:
            found = error
        drafts[f"{prefix}:{READ}"] = held = (files, answers, found)
    return cast("MeterReading | RefusedError", held[2])


def ask(prefix: str, found: MeterReading | RefusedError) -> None:
    """What only the file's owner can say: a unit, the clock's zone, whether nodes were shared."""
    drafts = state.session().drafts
    question = found.question if isinstance(found, RefusedError) else ""
    if question == UNIT or drafts.get(f"{prefix}:{UNIT}"):
        choices = list(found.choices if isinstance(found, RefusedError) and found.choices else ENERGY_UNITS)
        held = drafts.get(f"{prefix}:{UNIT}")
        _widget(prefix, UNIT, held if held in choices else None, lambda said, value: st.selectbox(
            "Unit of the file's figures", choices, index=choices.index(value) if value else None, **said
        ))  # fmt: skip
    if question == ZONE or drafts.get(f"{prefix}:{ZONE}") or (isinstance(found, MeterReading) and found.local_clock):
        _widget(prefix, ZONE, str(drafts.get(f"{prefix}:{ZONE}") or ""), lambda said, value: st.text_input(
            "Time zone of the file's clock", value=value, placeholder="Europe/Berlin",
            help="The log is in local time and does not say where: an hour moved in spring or autumn would be lost.",
            **said,
        ))  # fmt: skip
    if question == EXCLUSIVE or drafts.get(f"{prefix}:{EXCLUSIVE}"):
        _widget(prefix, EXCLUSIVE, bool(drafts.get(f"{prefix}:{EXCLUSIVE}")), lambda said, value: st.checkbox(
            "These jobs had their nodes to themselves", value=value, **said
        ))  # fmt: skip


def _widget(prefix: str, name: str, value: Any, draw: Callable[[dict[str, Any], Any], object]) -> None:
    key = f"{prefix}:{name}"
    state.bind(key, value)
    draw({"key": key, "on_change": form_field.keep, "args": (key,)}, value)


def tell(found: MeterReading | RefusedError, workload: Workload | None = None) -> None:
    """What was read and what was left out, or the sentence that refuses it."""
    if isinstance(found, RefusedError):
        text = f"Not taken: {words.markdown_safe(str(found))}. The form keeps what you typed."
        st.warning(text, icon=":material/error:")
        return
    lines = [f"- {words.markdown_safe(line)}" for line in (*_facts(found, workload), *_left_out(found), *found.said)]
    st.info("\n".join([f"**{_sum(found)}**", "", *lines]), icon=":material/bolt:")


def _sum(found: MeterReading) -> str:
    """What the file adds up to, in one line."""
    energy = words.quantity(found.energy_kwh, scale_for("kWh", (found.energy_kwh,)))
    where = options.word("metered_at", found.at).lower() if found.at else "the file does not say where"
    return f"{energy} in {words.count(found.rows_used, 'row')} of {words.markdown_safe(found.kind)}, {where}"


def _facts(found: MeterReading, workload: Workload | None) -> list[str]:
    facts = []
    if found.first_day and found.covered_h is not None:
        share = f", {words.percent(found.covered_share)} of its days" if found.covered_share else ""
        days = words.period(found.first_day, found.last_day)
        facts.append(f"{days}, {words.figure(found.covered_h)} h metered{share}")
    if found.devices:
        names = ", ".join(found.board_models) or "of a type the file does not name"
        facts.append(f"{words.count(sum(device.boards for device in found.devices), 'board')}: {names}")
        known = workload.hardware.split("-")[0].lower() if workload else ""
        if workload and found.board_models and not any(known in name.lower() for name in found.board_models):
            facts.append(f"check: this workload runs on {workload.hardware}")
    digest = found.file_sha256[:12]
    facts.append(f"{', '.join(found.files)}, SHA-256 {digest}…: name and hash travel with the plan, the file does not")
    return facts


def _left_out(found: MeterReading) -> list[str]:
    return [f"left out: {line}" for line in found.left_out]
