"""Where the range comes from: Morris' screening at once, Sobol indices on demand, and what to measure next."""

from __future__ import annotations

from math import ceil

import streamlit as st

from core import charts, words
from core.decide.indices import Index
from core.decide.inputs import Input, inputs
from core.decide.morris import Effect, screening
from core.decide.study import Progress, Study, finished, points_of
from core.ui import state, trace, uncertainty
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import small
from core.ui.uncertainty import View

MOST_ROWS = 8
MOST_NEXT = 5
LEAST_SHARE = 0.01  # of the variance: below it nothing is gained by measuring
STUDY = "uncertain:study"
SOON_S = 0.5  # between two looks at a study at work
PAGES = {
    "plan": ("pages/plan/page.py", "Enter it on the Plan page"),
    "own": ("pages/own/page.py", "Enter it under Own data"),
    "what-if": ("pages/whatif/page.py", "See it on What-if"),
}
WHOLE = "first-order: expected to go once the input is known · pale: with its interplay with others (total)"


def screened(view: View) -> None:
    """Morris: how much each input matters, and how far that depends on the others."""
    trace.section(
        "Screening of all inputs",
        f"{view.scale.label} CO₂e, {uncertainty.figure_said(view)} · effect of going from P10 to P90: mean ± spread",
        "uncertain_effect_kg",
    )
    found = screening(view.plan, view.measure, view.year)
    if not found:
        st.markdown("No input moves this figure.")
        return
    shown = found[:MOST_ROWS]
    known = inputs(view.plan, tuple(one.factor for one in shown))
    scale = view.scale
    rows = [
        {
            "name": known[one.factor].title,
            "value": one.mean_size / scale.divisor,
            "beyond": one.mean_size / scale.divisor,
            "label": f"{words.quantity(one.mean_size, scale, 2)} ± {words.figure(one.spread / scale.divisor, 2)}",
        }
        for one in shown
    ]
    chart(charts.parts(rows, "Screening of inputs", is_dark()), _screened(shown, known), _effects(view, shown, known))


def _screened(shown: tuple[Effect, ...], known: dict[str, Input]) -> str:
    """The largest effect, and which inputs' effects depend most on the others."""
    bending = [known[one.factor].title for one in shown if one.spread > one.mean_size / 2.0][:3]
    said = f"{known[shown[0].factor].title} has the largest effect."
    if bending:
        said += f" Those that depend most on the other inputs: {', '.join(bending)}."
    return said


def _effects(view: View, shown: tuple[Effect, ...], known: dict[str, Input]) -> dict[str, list[str]]:
    divisor = view.scale.divisor
    return {
        "Input": [known[one.factor].title for one in shown],
        f"Mean size, {view.scale.label}": [words.figure(one.mean_size / divisor, 2) for one in shown],
        f"Mean, {view.scale.label}": [words.signed_figure(one.mean / divisor, 2) for one in shown],
        f"Spread, {view.scale.label}": [words.figure(one.spread / divisor, 2) for one in shown],
    }


def _study(view: View) -> Study | None:
    """The study that answers for the figure on screen: this tab's, else one that ran to its end."""
    held = state.session().drafts.get(STUDY)
    if isinstance(held, Study) and held.is_of(view.plan, view.measure, view.year):
        return held
    return finished(view.plan, view.measure, view.year)


def variance(view: View) -> None:
    """Sobol indices: worked out when asked for, beside the page; what is done is shown and kept."""
    trace.section(
        "Shares of the variance", f"{words.capital(uncertainty.figure_said(view))} · {WHOLE}", "uncertain_share"
    )
    study = _study(view)
    at_work = study is not None and study.progress().running
    st.fragment(lambda: _watched(view, at_work), run_every=SOON_S if at_work else None)()


def _watched(view: View, at_work: bool) -> None:
    """The study as it stands. When it begins or ends, the whole page is drawn once more, to look on or no longer."""
    study = _study(view)
    progress = study.progress() if study else None
    if study is None or progress is None:
        _offer(view, "Work out the shares")
        return
    if at_work != progress.running:
        st.rerun()
    if progress.running:
        st.progress(progress.done / progress.points, _progress_said(progress))
        st.button("Stop and keep", key="study_stop", on_click=study.stop)
    elif progress.wrong:
        st.warning(f"The study ended early: {words.markdown_safe(progress.wrong)}.")
        _offer(view, "Try again")
    elif not progress.is_whole:
        _offer(view, "Start again")
    found = study.found()
    if found:
        _shares(view, study, found, progress)


def _offer(view: View, label: str) -> None:
    """The button that starts a study, and what it takes."""

    def start() -> None:
        held = state.session().drafts.get(STUDY)
        if isinstance(held, Study):
            held.stop()
        study = Study(view.plan, view.measure, view.year)
        state.session().drafts[STUDY] = study
        study.start()

    st.button(label, key="study_start", on_click=start, type="secondary")
    st.markdown(
        small(
            f"{words.count(points_of(view.plan), 'point')}, each with every input replaced in turn. "
            "It runs beside the page, can be stopped, and keeps what is done."
        )
    )


def _progress_said(progress: Progress) -> str:
    left = "" if progress.left_s is None else f", about {words.count(max(ceil(progress.left_s), 1), 'second')} left"
    return f"{words.figure(progress.done)} of {words.count(progress.points, 'point')}{left}"


def _shares(view: View, study: Study, found: tuple[Index, ...], progress: Progress) -> None:
    shown = found[:MOST_ROWS]
    known = inputs(view.plan, tuple(one.factor for one in shown))
    rows = [
        {
            "name": known[one.factor].title,
            "value": max(one.first, 0.0),
            "beyond": max(one.total, one.first, 0.0),
            "label": f"{share(one.first)} to {share(one.total)}",
        }
        for one in shown
    ]
    alone = sum(max(one.first, 0.0) for one in found)
    said = (
        f"{known[shown[0].factor].title} alone makes {share(shown[0].first)} of the variance, {share(shown[0].total)} "
    )
    said += f"with its interplay. All inputs alone make {share(min(alone, 1.0))}; the rest is interplay. "
    said += f"From {words.count(progress.done, 'point')}, {words.count(len(study.names), 'input')}."
    table = {
        "Input": [known[one.factor].title for one in shown],
        "First-order": [f"{share(one.first)} ± {share(one.first_error)}" for one in shown],
        "Total": [f"{share(one.total)} ± {share(one.total_error)}" for one in shown],
    }
    chart(charts.parts(rows, "Shares of the variance", is_dark()), said, table)


def share(value: float) -> str:
    """A share of the variance; an estimate below nothing is none.

    >>> share(0.264), share(-0.004)
    ('26\\xa0%', '0\\xa0%')
    """
    return f"0{words.GLUE}%" if value <= 0.0 else words.percent(round(value, 3))


def measure_next(view: View) -> None:
    """The inputs whose knowledge would take most off the range, what would narrow each, and where to enter it."""
    study = _study(view)
    found = study.found() if study is not None else ()
    if found:
        ranked = [
            (one.factor, f"{share(one.first)} to {share(one.total)}") for one in found if one.total >= LEAST_SHARE
        ]
        note = "Share of the variance that goes once it is known: alone, and with its interplay"
    else:
        effects = screening(view.plan, view.measure, view.year)
        ranked = [(one.factor, f"moves it by {words.quantity(one.mean_size, view.scale, 2)}") for one in effects]
        note = "By the screening; work out the shares of the variance to rank by what goes once an input is known"
    trace.section("What to measure next", note, "uncertain_share")
    known = inputs(view.plan, tuple(factor for factor, _ in ranked[:MOST_NEXT]))
    if not known:
        st.markdown("Nothing: no input moves this figure.")
    for factor, said in ranked[:MOST_NEXT]:
        _advice(known[factor], said)


def _advice(one: Input, said: str) -> None:
    page, label = PAGES[one.page]
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{words.markdown_safe(one.title)}** · {said}", width="stretch")
            st.page_link(page, label=f":blue[:small[{label}]]")
        st.markdown(small(words.markdown_safe(f"{words.capital(one.narrow)}.")))
