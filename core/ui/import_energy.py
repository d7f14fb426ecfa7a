"""Energy files on the Import page: each becomes the measurement of one workload, of the plan or new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any, cast

import streamlit as st
from pydantic import ValidationError

from core import words
from core.headless import from_meter
from core.imports.metered import Metered, board_of
from core.imports.meters import File, together
from core.imports.named import Guess
from core.imports.reading import MeterReading, RefusedError
from core.imports.served import apart, served, unknown_time
from core.imports.usage.reading import UsageReading
from core.imports.usage.vllm import METRICS
from core.plan import Workload, sentences
from core.plan.workload import Kind
from core.ui import fields, form_field, import_draft, import_shown, labels, meter, meter_file, options, state
from core.ui.shown import section, small

PREFIX = "import-energy"
GROUP, TARGET, EDITS, MADE, LENT = "group", "target", "edits", "made", "lent"
NEW = ""
SHOWN: dict[Kind, tuple[str, ...]] = {
    "inference": ("name", "kind", "model", "hardware", "region", "installed_accelerators", "requests_per_day",
                  "input_tokens", "output_tokens"),
    "fine_tuning": ("name", "kind", "model", "hardware", "region", "accelerators", "tokens_per_run_m", "epochs",
                    "runs_per_year"),
}  # fmt: skip
SHOWN["pre_training"] = SHOWN["fine_tuning"]


def panel(files: tuple[File, ...], readings: Sequence[UsageReading] = ()) -> None:
    """One energy file at a time, the workload it measured, and what it would change."""
    if not files:
        _lend("")
        return
    section("Energy of machines", "A meter's file takes the place of the estimate, for one workload alone")
    group = _group(together(files))
    key = f"{PREFIX}:{sha256(b''.join(raw for _, raw in group)).hexdigest()[:12]}"
    meter_file.give(key, group)
    read = meter_file.read(key, group, meter_file.chosen_at(key))
    chosen = _target(key, read)
    _lend(chosen.id if chosen else "")
    if chosen is None:
        if any(one.kind == METRICS.kind for one in readings):
            st.markdown("vLLM's scrapes make a workload above: accept it first, then give it this energy.")
        _new(key, read)
    else:
        meter_file.give(f"meter:{chosen.id}", group)
        meter_file.answers_too(key, f"meter:{chosen.id}")
        meter.offered(chosen, group, _counted(readings, chosen, read))


def _lend(workload: str) -> None:
    """Take the files back from the workload that they were offered to last, unless it is the same."""
    drafts = state.session().drafts
    before = str(drafts.get(f"{PREFIX}:{LENT}") or "")
    if before and before != workload:
        meter_file.forget(f"meter:{before}")
    drafts[f"{PREFIX}:{LENT}"] = workload


def _group(found: list[tuple[File, ...]]) -> tuple[File, ...]:
    if len(found) == 1:
        return found[0]
    names = [", ".join(name for name, _ in group) for group in found]
    key = f"{PREFIX}:{GROUP}"
    held = state.session().drafts.get(key)
    chosen = held if held in names else names[0]
    state.bind(key, chosen)
    st.selectbox("File", names, index=names.index(chosen), key=key, on_change=form_field.keep, args=(key,),
                 help="One at a time; scrapes of one tool are read together.")  # fmt: skip
    return found[names.index(chosen)]


def _target(key: str, read: MeterReading | RefusedError | None) -> Workload | None:
    """The workload it measured; None for one that is not in the plan yet."""
    known = {w.id: w for w in state.plan().workloads if w.hosting != "api"}
    held = cast("str | None", state.session().drafts.get(f"{key}:{TARGET}"))
    chosen = held if held in known or held == NEW else _likely(known, read)
    state.bind(f"{key}:{TARGET}", chosen)
    st.selectbox(
        "Measurement of", [*known, NEW], index=[*known, NEW].index(chosen), key=f"{key}:{TARGET}",
        format_func=lambda one: known[one].name if one else "A new workload", on_change=form_field.keep,
        args=(f"{key}:{TARGET}",), help="The meter reads this workload and nothing else.",
    )  # fmt: skip
    return known.get(chosen)


def _likely(known: dict[str, Workload], read: MeterReading | RefusedError | None) -> str:
    """The first workload of the file's kind on its accelerator, where that is known; a new one where there is none."""
    if not isinstance(read, MeterReading):
        return next(iter(known), NEW)
    if import_shown.is_example():
        return NEW
    board = board_of(read).id
    of_kind = [w for w in known.values() if (w.kind != "inference") == read.while_at_work]
    fit = [w.id for w in of_kind if not board or w.hardware == board]
    return (fit or [w.id for w in known.values() if w.hardware == board] or [NEW])[0]


def _counted(
    readings: Sequence[UsageReading], workload: Workload, read: MeterReading | RefusedError | None
) -> float | None:
    """Requests that vLLM counted meanwhile, where its scrapes were given beside the energy."""
    found = served(readings, workload.model)
    if workload.kind != "inference" or found is None or not isinstance(read, MeterReading):
        return None
    problem = apart(found, read)
    if problem:
        st.warning(words.markdown_safe(f"vLLM's requests are not used: {problem}."), icon=":material/error:")
        return None
    word = " That both are of the same time is your word." if unknown_time(found, read) else ""
    count = words.count(found.amounts.requests or 0.0, "request")
    said = f"vLLM answered {count} of {found.model or 'its model'} meanwhile: filled in below.{word}"
    st.markdown(words.markdown_safe(said))
    return found.amounts.requests


def _new(key: str, read: MeterReading | RefusedError | None) -> None:
    """A workload that the plan has not: what the file says of it, and what only its owner can say."""
    if read is None:
        return
    meter_file.tell(read)
    meter_file.ask(key, read)
    if not isinstance(read, MeterReading):
        return
    made = _made(key, read)
    workload = _edited(key, made)
    if workload is None:
        return
    names = SHOWN[workload.kind]
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                fields.proposed_field(workload, name, f"{key}:new:{name}", partial(_edit, key, name))
    _found(read, made)
    st.button("Add this workload", type="primary", key=f"{key}-add", on_click=_add, args=(key, workload),
              help="Then say what the meter saw; it is taken in a second step.")  # fmt: skip
    if import_shown.is_example():
        st.markdown(small("The example's workloads make room." if import_draft.draft().replaces else ""))


def _made(key: str, read: MeterReading) -> Metered:
    """The workload of a file, worked out once: it asks the engine for the tokens that fill the file's hours."""
    drafts = state.session().drafts
    held = cast("tuple[MeterReading, Metered] | None", drafts.get(f"{key}:{MADE}"))
    if held is None or held[0] != read:
        drafts[f"{key}:{MADE}"] = held = (read, from_meter.made(read, "W1"))
    return held[1]


def _edited(key: str, made: Metered) -> Workload | None:
    """The workload with what its owner changed; None, with the reason, where it cannot stand."""
    edits = cast("dict[str, Any]", state.session().drafts.get(f"{key}:{EDITS}", {}))
    try:
        return made.workload.but(**edits)
    except ValidationError as error:
        lines = "\n".join(f"- {words.markdown_safe(labels.by_label(line))}." for line in sentences(error))
        st.warning(lines, icon=":material/error:")
        st.button("Back to what the file says", key=f"{key}-anew", on_click=_forget_edits, args=(key,))
        return None


def _edit(key: str, name: str, value: Any) -> None:
    drafts = state.session().drafts
    drafts[f"{key}:{EDITS}"] = {**cast("dict[str, Any]", drafts.get(f"{key}:{EDITS}", {})), name: value}


def _forget_edits(key: str) -> None:
    state.session().drafts.pop(f"{key}:{EDITS}", None)


def _found(read: MeterReading, made: Metered) -> None:
    """How hardware and place were found, and what was assumed."""
    lines = []
    for what, table, said, guess in (
        ("Hardware", "hardware", ", ".join(read.board_models), made.hardware),
        ("Region", "regions", read.place, made.region),
    ):
        lines.append(f"- **{what}** {words.markdown_safe(_guessed(table, said, guess))}")
    lines += [f"- {words.markdown_safe(words.capital(line))}." for line in made.said]
    st.markdown("\n".join(lines))


def _guessed(table: str, said: str, guess: Guess) -> str:
    """A guess in words."""
    if not guess.id or guess.sure == "unknown":
        return f"not known: {guess.how}. Choose it above."
    return f"{said}: taken as {options.brief(table, guess.id)} ({guess.how})."


def _add(key: str, workload: Workload) -> None:
    """Put it into the plan, and go on with its measurement."""
    base = import_shown.base_of(import_draft.draft())
    new = workload.but(id=base.free_id())
    if state.attempt(lambda: base.adding(new)):
        state.session().drafts[f"{key}:{TARGET}"] = new.id
        _forget_edits(key)
        state.session().news = [f"{new.name} is in the plan. Say below what its meter saw; Undo takes it back."]
