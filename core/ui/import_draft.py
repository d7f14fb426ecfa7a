"""What the Import page holds until it is accepted: files, answers and choices. The open plan knows nothing of it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from secrets import token_urlsafe
from time import monotonic
from typing import cast

from core.imports.proposed import Proposal
from core.plan import Plan
from core.ui import state
from core.ui.import_job import File, Job

KEY = "import:draft"
MOST_KEPT = 16  # drafts of tabs that may be loaded anew
MOST_BYTES = 40_000_000  # of the files of one draft: a larger one does not outlive its tab
KEPT_S = 3_600.0


@dataclass
class Draft:
    """Files that were given, what their owner said of them, and what was chosen. `accepted` is the plan it became."""

    token: str = field(default_factory=lambda: token_urlsafe(24))
    files: tuple[File, ...] = ()
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # by kind of file
    edits: dict[str, dict[str, object]] = field(default_factory=dict)  # by proposal: fields of its workload
    left: set[str] = field(default_factory=set)  # proposals that were taken out
    replaces: bool = True  # the example makes room
    looked_at: str = ""  # the proposal whose fields are shown
    drawn: int = 0  # how often the table was drawn anew
    forgotten: int = 0  # how often files were put away
    job: Job | None = None
    proposed: tuple[tuple[Job, Plan], dict[str, tuple[Proposal, ...]]] | None = None  # what was worked out last
    accepted: tuple[Plan, str] | None = None
    held_at_s: float = 0.0


_kept: OrderedDict[str, Draft] = OrderedDict()


def draft() -> Draft:
    """This tab's draft."""
    drafts = state.session().drafts
    if KEY not in drafts:
        drafts[KEY] = Draft()
    return cast("Draft", drafts[KEY])


def give(files: tuple[File, ...]) -> None:
    """Begin anew with these files; the answers given before may fit them too, choices do not."""
    before = draft()
    stop(before)
    state.session().drafts[KEY] = Draft(
        files=files, answers=before.answers if files else {}, forgotten=before.forgotten
    )  # fmt: skip
    _keep()


def forget() -> None:
    """Put the files away with all that was said of them."""
    _kept.pop(draft().token, None)
    give(())
    draft().forgotten += 1


def stop(of: Draft) -> None:
    """End the reading."""
    if of.job is not None:
        of.job.stop()


def _keep() -> None:
    """Keep the draft on this server for as long as a reader may load the page anew."""
    now = draft()
    for token in [token for token, one in _kept.items() if monotonic() - one.held_at_s > KEPT_S]:
        del _kept[token]
    if not now.files or sum(len(raw) for _, raw in now.files) > MOST_BYTES:
        return
    now.held_at_s = monotonic()
    _kept[now.token] = now
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


def bring_back(token: str) -> None:
    """Take up the draft that this tab held before its page was loaded anew."""
    held = _kept.get(token)
    if held is not None and not draft().files:
        state.session().drafts[KEY] = held
        _keep()


def touch() -> None:
    """Something was chosen: the draft is kept for another while, and the table of proposals is drawn anew."""
    draft().drawn += 1
    _keep()
