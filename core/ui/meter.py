"""The Meter tab: a workload's own measurement beside its estimate, before and after, and the way to take it or not."""

from __future__ import annotations

from hashlib import sha256
from math import isfinite

import streamlit as st

from core import results, words
from core.headless import from_meter
from core.imports.meters import File
from core.imports.reading import MeterReading, RefusedError
from core.plan import Actual, Calibration, Workload
from core.results.calibrated import Measured
from core.results.draws import Floats
from core.results.figures import Results, interval
from core.ui import meter_file, meter_form, options, state
from core.ui.shown import page_scale, scale_for, small, table
from core.words import Scale

TERMS = {
    ("board", "always"): "the accelerators, at work and waiting",
    ("server", "always"): "the accelerators, at work and waiting, and the rest of the server",
    ("facility", "always"): "everything up to the site's meter",
    ("board", "at_work"): "the accelerators at work",
    ("server", "at_work"): "the accelerators at work and the rest of the server",
    ("facility", "at_work"): "everything up to the site's meter but the waiting",
}


def panel(workload: Workload) -> None:
    """What a meter said of this workload, or the form that takes it."""
    plan = state.plan()
    if workload.hosting == "api":
        st.markdown("A bought service runs on its provider's machines: no meter of yours reads them.")
        return
    taken = plan.calibration(workload.id)
    if taken is None:
        _form(workload)
        return
    _compare(workload, taken)
    _kept(taken)
    st.button("Remove the calibration", key=f"meter:{workload.id}-remove", on_click=_remove, args=(workload,),
              help="Back to the estimate. Undo brings it back.")  # fmt: skip
    shut = st.expander("Enter another measurement in its place", key=f"meter:{workload.id}-anew", on_change="rerun")
    if shut.open:
        with shut:
            _form(workload)


def offered(workload: Workload, files: tuple[File, ...], counted: float | None) -> None:
    """The same of files that were given on another page; `counted` are the requests answered meanwhile."""
    taken = state.plan().calibration(workload.id)
    if taken is not None and taken.file_sha256 == sha256(b"".join(raw for _, raw in files)).hexdigest():
        _compare(workload, taken)
        st.button("Remove the calibration", key=f"meter:{workload.id}-remove", on_click=_remove, args=(workload,))
        return
    if taken is not None:
        st.markdown(words.markdown_safe(f"It rests on another measurement now, {taken.source}; this takes its place."))
    if not _asked(workload, counted):
        _row(workload, files, counted)


def _row(workload: Workload, files: tuple[File, ...], counted: float | None) -> None:
    """Where a file cannot measure the estimate, its energy may still stand beside the plan as it was measured."""
    prefix = meter_form.prefix(workload)
    at = meter_file.chosen_at(prefix)
    read = meter_file.read(prefix, files, at)
    if not isinstance(read, MeterReading):
        return
    done = counted if workload.kind == "inference" else read.runs
    row = from_meter.measured_row(state.plan(), workload.id, read, read.at or at, done)
    if row is None or any(one.line == row.line and one.source == row.source for one in state.plan().actuals):
        return
    energy = words.quantity(row.energy_facility_kwh or 0.0, scale_for("kWh", (row.energy_facility_kwh or 0.0,)))
    st.button(f"Keep {energy} as measured in {row.period}", key=f"{prefix}-row", on_click=_keep_row, args=(row,),
              help="At the site's meter, by the plan's own overhead. The estimate stays as it is.")  # fmt: skip


def _keep_row(row: Actual) -> None:
    if state.attempt(lambda: state.plan().with_actuals([row])):
        state.session().news = [f"{row.source} is kept as a measured row of {row.period}, beside the plan."]


def _form(workload: Workload) -> None:
    st.markdown(small("Metered energy takes the place of the estimate for this workload alone; nothing else moves."))
    meter_file.upload(meter_form.prefix(workload))
    _asked(workload)


def _asked(workload: Workload, counted: float | None = None) -> bool:
    """What the file says, what only its owner can say, and what it would change; False where it cannot."""
    plan, prefix = state.plan(), meter_form.prefix(workload)
    read = meter_file.reading(prefix, plan, workload, meter_file.chosen_at(prefix))
    if read is not None:
        meter_file.tell(read, workload)
        meter_file.ask(prefix, read)
    said = meter_form.read_from(read, counted)
    meter_form.draw(workload, said)
    if isinstance(read, RefusedError):
        return False
    found = meter_form.candidate(plan, workload, said)
    meter_form.told(found)
    if found.calibration is None:
        return not found.problems
    usable = _compare(workload, found.calibration)
    if usable:
        st.button("Use this measurement", type="primary", key=f"{prefix}-use", on_click=_use,
                  args=(workload, found.calibration))  # fmt: skip
    return usable


def _compare(workload: Workload, calibration: Calibration) -> bool:
    """Before and after; False, with the reason, where the measurement cannot act."""
    plan = state.plan()
    before = results.of(plan.without_calibration(workload.id))
    after = results.of(plan.calibrating(calibration))
    said = after.measured.get(workload.id)
    if said is None:
        st.warning(words.markdown_safe(f"No figure: {after.refused.get(workload.id, 'unknown')}."))
        return False
    if said.reason:
        st.warning(words.markdown_safe(f"Not used: {said.reason}."), icon=":material/error:")
        return False
    st.markdown(_sentence(said))
    table(_table(workload, said, before, after))
    above = _above(workload, calibration.metered_at, after)
    if above:
        st.markdown(small(above))
    st.markdown(small(words.markdown_safe(_narrower(said))))
    return True


def _sentence(said: Measured) -> str:
    """What the meter says, in one sentence."""
    c = said.calibration
    scale = scale_for("kWh", (c.metered_kwh, said.modelled_kwh[1]))
    metered, modelled = (words.quantity(kwh, scale) for kwh in (c.metered_kwh, said.modelled_kwh[1]))
    where = options.word("metered_at", c.metered_at).lower()
    text = (
        f"**Your meter says {words.times(float(said.factor[0]))} our estimate** for "
        f"{words.period(c.first_day, c.last_day)}: {metered} {where}, where we expected {modelled}."
    )
    return f"{text} The factor acts on {TERMS[c.metered_at, c.metered_while]} of this workload, in every year."


def _above(workload: Workload, at: str, found: Results) -> str:
    """What the plan adds to what such a meter reads, by its own estimate; empty at the site's meter."""
    place, when = found.of(workload.id), found.place(found.plan.shown_year())
    boards, host, overhead = (
        float(sum(found.values[name][place, when, 0] for name in names))
        for names in (
            ("energy_accelerator_kwh", "energy_idle_kwh"), ("energy_host_kwh",), ("energy_overhead_kwh",),
        )
    )  # fmt: skip
    parts = []
    if at == "board" and boards:
        parts.append(f"the rest of the server adds {words.percent(host / boards)}")
    if at in ("board", "server") and boards + host:
        parts.append(f"cooling and supply of the site {words.percent(overhead / (boards + host))}")
    return f"Beyond that meter the plan keeps its own estimate: {', '.join(parts)}." if parts else ""


def _narrower(said: Measured) -> str:
    """How sure the measurement is, beside the estimate."""
    low, mid, high = said.modelled_kwh
    if not isfinite(low):
        return ""
    return (
        f"80 % range of the estimate, as metered: {words.range_of(low / mid, high / mid)}; of the measurement: "
        f"{words.range_of(said.low, said.high)}, from the kind of meter and the share of the year it saw. "
        "Growth, the grid and the site keep their own ranges."
    )


def _table(workload: Workload, said: Measured, before: Results, after: Results) -> dict[str, list[str]]:
    """What was metered, then the headline's year: estimate and meter, each with its 80 % range."""
    year, c = after.plan.shown_year(), said.calibration
    metered = (c.metered_kwh * said.low, c.metered_kwh, c.metered_kwh * said.high)
    scale = scale_for("kWh", (*said.modelled_kwh, *metered))
    where = options.word("metered_at", c.metered_at)
    columns: dict[str, list[str]] = {
        workload.name: [f"{where}, as metered"],
        "Estimate": [_ranged(said.modelled_kwh, scale)],
        "With your meter": [_ranged(metered, scale)],
    }
    names, estimate, with_meter = columns.values()
    for label, unit, energy in ((f"Energy at the meter, {year}", "kWh", True), (f"Carbon, {year}", "kg", False)):
        names.append(label)
        for cells, found in ((estimate, before), (with_meter, after)):
            cells.append(_ranged(interval(_values(found, workload, year, energy)), page_scale(found, unit)))
    return columns


def _values(found: Results, workload: Workload, year: int, energy: bool) -> Floats:
    place, when = found.of(workload.id), found.place(year)
    values: Floats = (found.values["energy_facility_kwh"] if energy else found.carbon_kg())[place, when]
    return values


def _ranged(ends: tuple[float, float, float], scale: Scale) -> str:
    low, mid, high = ends
    middle, between = words.with_range(mid, low, high, scale)
    return f"{middle} ({between})" if between else middle


def _kept(c: Calibration) -> None:
    """What is stored of the measurement."""
    activity = words.count(c.served(), "request" if c.kind == "inference" else "run")
    whose = "counted" if c.served_from == "counted" else "the plan's own rate then"
    rows = {
        "Metered": f"{words.figure(c.metered_kwh)} kWh, {options.word('metered_at', c.metered_at).lower()}",
        "Period": f"{words.period(c.first_day, c.last_day)}, {words.figure(c.covered_h())} h metered",
        "Activity": f"{activity}, {whose}",
        "Meter": options.word("meter", c.meter),
        "Source": f"{c.source}, entered {c.source_date}"
        + (f", SHA-256 {c.file_sha256[:12]}…" if c.file_sha256 else ""),
        "Note": c.note,
    }
    kept = {name: words.markdown_safe(text) for name, text in rows.items() if text}
    table({"Measurement": list(kept), "": list(kept.values())})


def _use(workload: Workload, calibration: Calibration) -> None:
    if state.attempt(lambda: state.plan().calibrating(calibration)):
        meter_form.forget(workload)
        state.session().news = [f"{workload.name} now rests on your meter. Undo takes it back."]


def _remove(workload: Workload) -> None:
    if state.attempt(lambda: state.plan().without_calibration(workload.id)):
        state.session().news = [f"{workload.name} is estimated again."]
