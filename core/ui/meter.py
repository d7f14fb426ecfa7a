"""The Meter tab: a workload's own measurement beside its estimate, before and after, and the way to take it or not."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import results, words
from core.imports.reading import RefusedError
from core.plan import Calibration, Workload
from core.results.calibrated import Measured
from core.results.draws import Floats
from core.results.figures import Results, interval
from core.ui import meter_file, meter_form, options, state
from core.ui.shown import page_scale, scale_for, small, table

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


def _form(workload: Workload) -> None:
    plan, prefix = state.plan(), meter_form.prefix(workload)
    st.markdown(small("Metered energy takes the place of the estimate for this workload alone; nothing else moves."))
    meter_file.upload(prefix)
    read = meter_file.reading(prefix, plan, workload, meter_file.chosen_at(prefix))
    if read is not None:
        meter_file.tell(read, workload)
        meter_file.ask(prefix, read)
    said = meter_form.read_from(read)
    meter_form.draw(workload, said)
    if isinstance(read, RefusedError):
        return
    found = meter_form.candidate(plan, workload, said)
    meter_form.told(found)
    if found.calibration is not None and _compare(workload, found.calibration):
        st.button("Use this measurement", type="primary", key=f"{prefix}-use", on_click=_use,
                  args=(workload, found.calibration))  # fmt: skip


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
    table(_table(workload, before, after))
    st.markdown(small(words.markdown_safe(_narrower(said))))
    return True


def _sentence(said: Measured) -> str:
    """What the meter says, in one sentence."""
    c = said.calibration
    scale = scale_for("kWh", (c.metered_kwh, said.modelled_kwh[1]))
    metered, modelled = (words.quantity(kwh, scale) for kwh in (c.metered_kwh, said.modelled_kwh[1]))
    where = options.word("metered_at", c.metered_at).lower()
    text = (
        f"**Your meter says {words.times(float(said.factor[0]))} our estimate**: {metered} {where}, "
        f"where we expected {modelled}, {words.period(c.first_day, c.last_day)}."
    )
    return f"{text} The factor acts on {TERMS[c.metered_at, c.metered_while]} of this workload, in every year."


def _narrower(said: Measured) -> str:
    """How sure the measurement is, beside the estimate."""
    low, mid, high = said.modelled_kwh
    if not isfinite(low):
        return ""
    return (
        f"80 % range of what was metered, as it stood: {words.range_of(said.low, said.high)}, "
        f"from the meter and the share of the year it saw; of the estimate: {words.range_of(low / mid, high / mid)}."
    )


def _table(workload: Workload, before: Results, after: Results) -> dict[str, list[str]]:
    year = after.plan.shown_year()
    columns: dict[str, list[str]] = {f"{workload.name} in {year}": [], "Estimate": [], "With your meter": []}
    names, estimate, metered = columns.values()
    for label, unit, energy in (("Energy at the meter", "kWh", True), ("Carbon", "kg", False)):
        names.append(label)
        for cells, found in ((estimate, before), (metered, after)):
            cells.append(_cell(_values(found, workload, year, energy), found, unit))
    return columns


def _values(found: Results, workload: Workload, year: int, energy: bool) -> Floats:
    place, when = found.of(workload.id), found.place(year)
    values: Floats = (found.values["energy_facility_kwh"] if energy else found.carbon_kg())[place, when]
    return values


def _cell(values: Floats, found: Results, unit: str) -> str:
    low, mid, high = interval(values)
    middle, ends = words.with_range(mid, low, high, page_scale(found, unit))
    return f"{middle} ({ends})" if ends else middle


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
