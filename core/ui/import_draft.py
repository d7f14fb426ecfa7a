"""What the Import page holds until it is accepted: files, answers and choices. The open plan knows nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import cast

from core.imports.proposed import Proposal
from core.plan import Plan
from core.ui import import_kept, state
from core.ui.import_job import File, Job

KEY = "import:draft"
MOST_BYTES = 40_000_000  # of the files of one draft: a larger one does not outlive its tab


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
    import_kept.drop(draft().token)
    give(())
    draft().forgotten += 1


def stop(of: Draft) -> None:
    """End the reading."""
    if of.job is not None:
        of.job.stop()


def _keep() -> None:
    """Let the draft outlive a reload of its page, where its files are not too large for that."""
    now = draft()
    if now.files and sum(len(raw) for _, raw in now.files) <= MOST_BYTES:
        import_kept.keep(now.token, now)


def bring_back(token: str) -> None:
    """Take up the draft that this tab held before its page was loaded anew."""
    held = import_kept.kept(token)
    if isinstance(held, Draft) and not draft().files:
        state.session().drafts[KEY] = held
        _keep()


def touch() -> None:
    """Something was chosen: the draft is kept for another while, and the table of proposals is drawn anew."""
    draft().drawn += 1
    _keep()
