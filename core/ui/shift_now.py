"""The grids now, on the Shift page: what a service says with its user's own key. Off by default, and never waited for.

Nothing here moves a figure of the plan. Hours fetched from the past are taken, if at all, as a file of one's own.
"""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core import words
from core.catalog import Region
from core.live.now import Live, Look, PastLook
from core.live.record import LiveError, Past, Reading
from core.live.settings import Chosen, chosen
from core.results.moves import grid_of_workload
from core.shift.aligned import same_dates
from core.shift.reference import reference_year
from core.ui import hours_told, state
from core.ui.shift import View
from core.ui.shift_file import FILE, PREFIX
from core.ui.shown import section, small

MOST_GRIDS = 8
SOON_S = 0.5  # between two looks at what is being asked
WANTED = "now:past"
OFF = (
    "Live intensity is off: no service is asked. Whoever runs this installation can switch it on with a key of their "
    "own; pages/README.md tells how."
)
COUNTS = {"life_cycle": "average, life cycle", "direct": "average, what leaves the stack", "marginal": "marginal"}
COLUMNS = ("Grid", "Now", "Reference year, this hour", "The plan's mean", "It counts")
NO_SHAPE = "no shape"
NO_AVERAGE = "–"
MARGINAL = "Marginal is what one more kWh emits: it stands beside no average, and in no inventory's total."


@st.cache_resource(show_spinner=False)
def at_work() -> Live:
    """What is asked for everybody on this server."""
    return Live(chosen())


def panel(view: View) -> None:
    """Each grid of the plan now, beside its reference year and the plan's factor; one line where it is off."""
    try:
        live = at_work()
    except LiveError as error:
        st.markdown(small(words.markdown_safe(f"Live intensity is off: {error}.")))
        return
    if not live.services:
        st.markdown(small(OFF))
        return
    section("The grids now", "g CO₂e per kWh · for looking: no figure of the plan takes it")
    grids = _grids(view)
    busy = any(look.asking for region in grids for look in live.look(region)) or _wanted(live, grids).asking
    st.fragment(lambda: _watched(live, grids, busy), run_every=SOON_S if busy else None)()


def _watched(live: Live, grids: list[Region], busy: bool) -> None:
    """Look again until every answer is here, then let the page be drawn once more."""
    looks = {region.id: live.look(region) for region in grids}
    wanted = _wanted(live, grids)
    if busy and not wanted.asking and not any(look.asking for each in looks.values() for look in each):
        st.rerun()
    _now(live, grids, looks)
    _past(live, grids, wanted)


def _grids(view: View) -> list[Region]:
    """Grids of the plan's workloads, that of the one on screen first."""
    found = [grid_of_workload(view.plan, each) for each in (view.workload, *view.plan.workloads)]
    return list({region.id: region for region in found if region is not None}.values())[:MOST_GRIDS]


def _now(live: Live, grids: list[Region], looks: dict[str, list[Look]]) -> None:
    names = {one.about.id: one.about.name for one in live.services}
    rows: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for region in grids:
        for look in looks[region.id]:
            if look.reading is None:
                continue
            guess = ", estimated" if look.reading.estimated else ""
            cells = (
                region.name,
                f"{words.figure(look.reading.intensity_g_per_kwh)}{guess}",
                *_averages(region, look.reading),
                f"{_counted(region, look.reading)}; {names[look.about]}, {look.reading.at:%H:%M} UTC",
            )
            for name, cell in zip(COLUMNS, cells, strict=True):
                rows[name].append(words.markdown_safe(cell))
    if rows["Grid"]:
        st.container(key="wide_now").table(rows, border="horizontal", hide_index=True)
        if any(look.reading and look.reading.marginal for each in looks.values() for look in each):
            st.markdown(small(MARGINAL))
    for line in _lines(grids, looks, names):
        st.markdown(small(words.markdown_safe(line)))


def _averages(region: Region, reading: Reading) -> tuple[str, str]:
    """The reference year's hour and the plan's mean; none beside a marginal figure, which is no average."""
    if reading.marginal:
        return NO_AVERAGE, NO_AVERAGE
    return _same_hour(region, reading.at), words.figure(region.carbon_g_per_kwh)


def _counted(region: Region, reading: Reading) -> str:
    """What a reading counts, and what the plan's mean counts where that is something else."""
    told = COUNTS[reading.counts]
    if not reading.marginal and (reading.counts == "direct") != region.direct:
        told += f" (the plan: {COUNTS['direct' if region.direct else 'life_cycle'].removeprefix('average, ')})"
    return told


def _same_hour(region: Region, at: datetime) -> str:
    """The reference year's hour of the same date, scaled to the plan's mean [g/kWh]."""
    curve = reference_year(region)
    if curve.flat:
        return NO_SHAPE
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return words.figure(float(curve.intensity_g_per_kwh[same_dates(curve.start, hour, 1)[0]]))


def _lines(grids: list[Region], looks: dict[str, list[Look]], names: dict[str, str]) -> list[str]:
    """What is being asked, what failed and why, and which grids no service knows."""
    said = []
    for region in grids:
        for look in looks[region.id]:
            if look.why:
                said.append(f"No live figure for {region.name}: {look.why}. The rest of the page stands without it.")
            elif look.reading is None:
                said.append(f"Asking {names[look.about]} for {region.name}.")
    unknown = [region.name for region in grids if not looks[region.id]]
    if unknown:
        said.append(f"No service that is on has a zone for {', '.join(unknown)}; GLIDEPATH_LIVE_ZONES can name one.")
    return said


def _pairs(live: Live, grids: list[Region]) -> dict[str, tuple[Chosen, Region]]:
    """Grids whose past a service may know, by a key for the list."""
    return {f"{one.about.id}|{region.id}": (one, region)
            for region in grids for one in live.services if one.zone(region)}  # fmt: skip


def _wanted(live: Live, grids: list[Region]) -> PastLook:
    """The past that this tab asked for; nothing where it asked for none."""
    pair = _pairs(live, grids).get(str(state.session().drafts.get(WANTED, "")))
    return live.past(*pair) if pair else PastLook()


def _past(live: Live, grids: list[Region], wanted: PastLook) -> None:
    """The way from a service's past hours to a file of one's own."""
    pairs = _pairs(live, grids)
    if not pairs:
        return
    labels = {key: f"{region.name}, by {one.about.name}" for key, (one, region) in pairs.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = st.selectbox(
            "Hours of the last 90 days", list(labels), format_func=lambda key: labels[str(key)], key="now:which",
            help="As a file of your own: it gives the shape of a grid's hours, and the plan names it by its hash.",
        )  # fmt: skip
        st.button("Fetch them", key="now:fetch", on_click=_want, args=(picked,), disabled=wanted.asking)
    if wanted.asking:
        st.progress(wanted.done / max(wanted.of, 1), f"Asking: {wanted.done} of {wanted.of or 'the'} periods")
    elif wanted.why:
        st.warning(words.markdown_safe(f"No hours: {wanted.why}."), icon=":material/error:")
    elif wanted.past is not None:
        _offered(wanted.past)


def _want(key: str) -> None:
    state.session().drafts[WANTED] = key


def _offered(past: Past) -> None:
    """A file that was fetched: taken as one's own, and kept, for whoever opens the link needs it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Read it as your own file", key="now:take", type="primary", on_click=_take, args=(past,))
        st.download_button("Keep it", past.raw, past.name, "text/csv", key="now:keep", on_click="ignore")
        st.markdown(small(words.markdown_safe(
            f"{past.name}, {words.count(past.rows, 'row')}. Whoever opens the link needs the file beside it."
        )))  # fmt: skip


def _take(past: Past) -> None:
    """Put a fetched file where a dropped one goes: it is shown, and asked about, before anything uses it."""
    hours_told.forget(PREFIX, FILE)
    drafts = state.session().drafts
    drafts[f"{PREFIX}:{FILE}"] = (past.name, past.raw)
    if past.name.startswith("watttime"):
        drafts[f"{PREFIX}:unit"] = past.unit
    drafts.pop(WANTED, None)
    st.session_state["shift:file"] = True
