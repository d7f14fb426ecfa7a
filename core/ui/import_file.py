"""Where files are dropped on the Import page, and how far they are read."""

from __future__ import annotations

from math import ceil
from pathlib import Path

import streamlit as st

from core import words
from core.ui import dropped, import_draft, live
from core.ui.import_draft import Draft, draft
from core.ui.import_job import File, Job, Progress

UPLOAD = "import-upload"
TYPES = ["csv", "tsv", "psv", "txt", "log", "json", "jsonl", "ndjson", "prom", "parquet", "gz"]
MOST_MB = 200
MB = 1_000_000
AT_ONCE_S = 1.5  # a file that takes longer is read beside the page
SOON_S = 0.5  # between two looks at a file that is being read
SAMPLE = Path(__file__).parent / "assets" / "samples" / "sample_litellm_daily.csv"
HELP = (
    "Usage exports, bills and logs; power logs of machines; hours of a grid. Several files at once, also of several "
    "tools. They are held in this server's memory while you look, an hour at most, and are not written down; what you "
    "accept are sums by model, place and project."
)


def upload() -> None:
    """Where files are dropped. They are held in the session, which outlives the widget."""

    key = UPLOAD if not draft().forgotten else f"{UPLOAD}-{draft().forgotten}"  # another key, another empty widget

    def keep(files: tuple[File, ...]) -> None:
        import_draft.give(tuple(sorted(files, key=lambda file: file[0])))  # scrapes come in the order of their names

    with st.container(key="import_upload"):  # its place is kept while the field is fetched
        shown = dropped.field("Files of usage, bills, power or grids", key, TYPES, MOST_MB, HELP, keep, several=True)
    held = draft().files
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not held:
            st.button("Try with a sample file", key="import-sample", on_click=_sample,
                      help="Two months of three invented uses, in LiteLLM's daily format.")  # fmt: skip
            return
        if not shown:
            dropped.held(held)
        st.button("Forget the files", key="import-forget", type="tertiary", on_click=import_draft.forget,
                  help="What was accepted stays in the plan.")  # fmt: skip


def _sample() -> None:
    import_draft.give(((SAMPLE.name, SAMPLE.read_bytes()),))


def keep_through_reload() -> None:
    """Let the tab remember which draft is its own. It is asked last, so that nothing moves when it answers."""
    now = draft()
    live.keep_import(now.token if now.files else "", import_draft.bring_back)


def read(now: Draft) -> Job | None:
    """What the files say with the answers so far; None without files. While they are read, `at_work` says how far."""
    if not now.files:
        return None
    if now.job is None or now.job.answers != now.answers:
        import_draft.stop(now)
        now.job = Job(now.files, now.answers)
        now.job.start()
        now.job.wait(AT_ONCE_S)
    now.job.ended = now.job.wait(0.0)
    return now.job


def again(now: Draft) -> None:
    """The way back from Stop."""

    def anew() -> None:
        now.job = None

    st.button("Read again", key="import-again", on_click=anew)


def at_work(job: Job) -> None:
    """How far the reading is, looked at again and again; the page is drawn anew once it ends."""
    st.fragment(lambda: _watched(job), run_every=SOON_S)()


def _watched(job: Job) -> None:
    progress = job.progress()
    if not progress.running:
        st.rerun()
    share = min(progress.done_bytes / progress.size_bytes, 1.0) if progress.size_bytes else 0.0
    st.progress(share, _said(progress))
    st.button("Stop", key="import-stop", on_click=job.stop)


def _said(progress: Progress) -> str:
    """How much is read, and how long the rest takes.

    >>> _said(Progress(50_000_000, 200_000_000, 9.4, True)).replace("\\xa0", " ")
    'Reading: 50.0 of 200 MB, about 10 seconds left'
    """
    done, size = (words.figure(size / MB, 3) for size in (progress.done_bytes, progress.size_bytes))
    left = "" if progress.left_s is None else f", about {words.count(max(ceil(progress.left_s), 1), 'second')} left"
    return f"Reading: {done} of {size}\u00a0MB{left}"
