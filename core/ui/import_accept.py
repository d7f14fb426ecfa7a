"""What stands above the Import page, and the step that puts the proposals into the plan; Undo takes it back."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from core import results, words
from core.plan import sentences
from core.results import interval
from core.ui import frame, import_asked, import_draft, import_shown, import_totals, labels, outbox, state
from core.ui.import_draft import Draft, draft
from core.ui.import_job import Job
from core.ui.import_shown import View
from core.ui.shown import page_scale, small

PLAN = "pages/plan/page.py"
REPLACE = "import:replace"
EMPTY = "Start from the files you already have"
HELD = "The plan holds all of this already"
INTRO = (
    "Usage exports, bills and logs of language models become workloads of the plan. "
    "You see what they say first; the plan stays as it is until you accept."
)


def head(now: Draft, job: Job | None, view: View | None) -> None:
    """The answer in a sentence: what the files come to, and what they would change."""
    title, support = _said(now, job, view)
    with st.container(key="headline", gap=None):
        st.header(title, anchor=False)
        st.markdown(words.markdown_safe(support))
    frame.announce(title)
    outbox.paint_first(title, support)


def _said(now: Draft, job: Job | None, view: View | None) -> tuple[str, str]:
    if job is None:
        return EMPTY, INTRO
    if not job.ended:
        return f"Reading {words.count(len(now.files), 'file')}", "The plan and every other page stay usable meanwhile."
    if job.stopped:
        return "Stopped", "Nothing was taken; the plan stays as it was."
    if accepted(now) and now.accepted:
        return now.accepted[1], f"{_comes_to()} Undo takes all of it back."
    if view is None:
        return _without_usage(job)
    if not view.offered and import_asked.unmapped(view):
        return (
            "Which column is what?",
            "This table is of your own: name at least model, input tokens and output tokens.",
        )
    counted = import_shown.counted(view) or "No workload in these files"
    total = import_totals.said(one.amounts for one in view.offered if one.action != "leave")
    if total and not view.changed:
        return HELD, f"{words.capital(counted)}: {total}."
    return words.capital(counted), f"{total}. Nothing is taken yet." if total else "The plan stays as it is."


def _comes_to() -> str:
    """Carbon of the plan as it stands now, in the headline's year."""
    plan = state.plan()
    if not plan.shown():
        return ""
    found = results.of(plan)
    year = plan.shown_year()
    low, mid, high = interval(found.total(found.carbon_kg())[found.place(year)])
    said, ends = words.headline(mid, low, high, page_scale(found), "CO₂e", f"a year in {year}")
    return f"The plan comes to {said}{f', {ends}' if ends else ''}, {plan.method}-based."


def _without_usage(job: Job) -> tuple[str, str]:
    """Files of machines or grids alone, or none that is known."""
    if job.of("meter") or job.of("hours"):
        return "No usage in these files", "Energy of machines and hours of a grid go to a workload or a region."
    return "Nothing to take from these files", "Each file says below why. The plan stays as it is."


def accepted(now: Draft) -> bool:
    """Whether the plan on screen is the one that these files became."""
    return now.accepted is not None and now.accepted[0] == state.session().plan


def step(now: Draft, view: View) -> None:
    """Accept, and where the example is still open, whether it makes room."""
    if accepted(now):
        st.page_link(PLAN, label="See the plan", icon=":material/arrow_forward:")
        return
    if not view.offered:
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="import_step"):
        takes = bool(view.of("new") or view.of("update"))
        st.button(_label(view), type="primary", key="import-accept", on_click=_accept, args=(now, view),
                  disabled=not (takes and view.changed))  # fmt: skip
        if import_shown.is_example():
            state.bind(REPLACE, now.replaces)
            st.checkbox("Replace the example portfolio", value=now.replaces, key=REPLACE, on_change=_replace,
                        help="Its workloads are invented. Off: these come beside them.")  # fmt: skip
        st.markdown(small(_note(view, takes)), width="content")


def _label(view: View) -> str:
    count = len(view.of("new")) + len(view.of("update"))
    return f"Accept {words.count(count, 'workload')}" if count else "Accept"


def _note(view: View, takes: bool) -> str:
    """What to know before it is pressed."""
    if not takes:
        return "Nothing is chosen."
    if not view.changed:
        return f"{HELD}."
    unsure = len([one for one in view.offered if one.action != "leave" and import_shown.guessed(one)])
    check = f"{words.count(unsure, 'workload')} with guessed names, marked below. " if unsure else ""
    return f"{check}Undo takes it back."


def _replace() -> None:
    draft().replaces = bool(state.typed(REPLACE))
    import_draft.touch()


def _accept(now: Draft, view: View) -> None:
    said = summary(view)
    try:
        after = view.after()
    except ValidationError as error:
        state.refuse([f"{labels.by_label(line)}. The plan stays as it was." for line in sentences(error)])
        return
    state.show(after, said, compare=view.replaces)
    state.session().news.clear()  # the headline says it
    now.accepted = (state.session().plan, said)
    state.session().greeted = True
    import_draft.touch()


def summary(view: View) -> str:
    """What was done, in a sentence."""
    new = len(view.of("new"))
    update = [one for one in view.of("update") if one.workload != one.before]
    same = len(view.of("update")) - len(update)
    parts = [f"{words.count(new, 'workload')} added"] if new else []
    parts += [f"{len(update)} updated"] if update else []
    parts += [f"{same} unchanged"] if same else []
    left = len(view.of("leave")) + len(view.left)
    parts += [f"{left} left out"] if left else []
    return words.capital(", ".join(parts)) + (", the example replaced" if view.replaces else "")
