"""The answer to a data link: a question and who asks -> status, headers, bytes. What takes long is told apart.

A saved version's table never changes: its seal is its tag. A link's is worked out by today's data, and its tag is known
before: a spreadsheet that asks again for what it has gets 304, and nothing is computed.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from core import APP_VERSION, METHOD_VERSION, disclosure, link, results, table
from core.door.ask import APPROVED, LATEST, RESULTS, Ask, NoAnswerError, numbers, read_ask
from core.door.caller import SEE, Caller, Outside
from core.plan import Plan
from core.plan.limits import MOST_WORKLOADS
from core.plan.own_catalog import catalog_of
from core.results_table import write_results
from core.store import NotFoundError, StoreError, Version
from core.store.records import name_key
from core.store.review import APPROVED as SIGNED
from core.store.review import LOCKED

if TYPE_CHECKING:
    from core.store.store import Store

CSV = "text/csv"
FOREVER_S, LINK_S, LATEST_S = 31_536_000, 300, 60  # how long a spreadsheet may keep an answer without asking
LEAST_PACKED, LEVEL = 1_000, 5  # bytes; the next levels take twice as long for some per cent
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept, Accept-Encoding, Authorization, Cookie",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What of an HTTP request counts."""

    query: str = ""
    accept: str = ""
    none_match: str = ""
    head: bool = False
    packed: bool = False  # the asker unpacks gzip


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """A table that is at hand or is still to be worked out, by `make`."""

    tag: str
    keep: str
    make: Callable[[], str]
    slow: bool


def refusal(error: NoAnswerError, browser: bool = False) -> Answer:
    """A plain sentence with its status. A spreadsheet is asked for a password; a browser shows no dialog for one."""
    headers = ALWAYS | {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    if error.status == 401:
        kind = "Bearer" if browser else "Basic"
        headers["WWW-Authenticate"] = f'{kind} realm="Glidepath data link"'
    if error.retry_s:
        headers["Retry-After"] = f"{max(1.0, error.retry_s):.0f}"
    return Answer(error.status, headers, f"{error.said}\n".encode())


def answer(request: Request, caller: Caller | Outside, store: Callable[[], Store], protected: bool) -> Answer:
    """The whole answer at once: the table, or a sentence on why there is none."""
    try:
        ask, found = look(request, caller, store, protected)
        return known(request, ask, found) or made(request, ask, found, found.make())
    except NoAnswerError as error:
        return refusal(error)


def look(request: Request, caller: Caller | Outside, store: Callable[[], Store], protected: bool) -> tuple[Ask, Found]:
    """Which table is asked for, and whether the caller may have it: quick, nothing is worked out."""
    if isinstance(caller, Outside):
        raise NoAnswerError(403 if caller.known else 401, caller.said)
    if not caller.may(SEE):
        raise NoAnswerError(403, caller.against(SEE))
    ask = read_ask(request.query)
    if not _accepts(request.accept):
        raise NoAnswerError(406, f"A data link answers in {CSV}, which the request does not accept.")
    try:
        found = _of_link(ask, caller, protected) if ask.link else _of_saved(ask, caller, store(), protected)
    except NotFoundError as error:
        raise NoAnswerError(404, str(error)) from error
    except StoreError as error:
        raise NoAnswerError(503, str(error), 30.0) from error
    return ask, found


def known(request: Request, ask: Ask, found: Found) -> Answer | None:
    """The answer where the asker has the table, or wants the headers alone of one that is still to be worked out."""
    tags = [tag.strip().removeprefix("W/") for tag in request.none_match.split(",")]
    if found.tag in tags or "*" in tags:
        return Answer(304, ALWAYS | {"ETag": found.tag, "Cache-Control": found.keep})
    return Answer(200, _headers(ask, found)) if request.head and found.slow else None


def made(request: Request, ask: Ask, found: Found, text: str) -> Answer:
    """The table as it was wished: its columns, its decimals."""
    if ask.columns:
        text = _narrowed(text, ask.columns)
    if ask.comma:
        text = table.with_decimal_comma(text, numbers(ask.table))
    headers, body = _headers(ask, found), text.encode()
    if request.packed and len(body) >= LEAST_PACKED:  # here, and not by the server, whose loop would wait for it
        body = gzip.compress(body, LEVEL, mtime=0)
        headers |= {"Content-Encoding": "gzip", "ETag": f"W/{found.tag}"}  # the same table, in other bytes
    return Answer(200, headers | {"Content-Length": str(len(body))}, b"" if request.head else body)


def _headers(ask: Ask, found: Found) -> dict[str, str]:
    return ALWAYS | {
        "Content-Type": f"{CSV}; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="{ask.file}"',
        "ETag": found.tag,
        "Cache-Control": found.keep,
    }


def _keep(protected: bool, age_s: int) -> str:
    """How long an answer may be kept; behind a door who asks may be let in no more, so that each time is asked anew."""
    if protected:
        return "private, no-cache"
    return f"private, max-age={age_s}" + (", immutable" if age_s == FOREVER_S else "")


def _accepts(header: str) -> bool:
    """Whether a request takes CSV; one that says nothing does.

    >>> _accepts("text/html, */*;q=0.8"), _accepts("application/json"), _accepts("text/csv;q=0, */*")
    (True, False, False)
    """
    found: dict[str, bool] = {}
    for one in header.lower().split(","):
        kind, *rest = (part.strip() for part in one.split(";"))
        if kind:
            found[kind] = not any(part.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for part in rest)
    return not found or next((found[kind] for kind in (CSV, "text/*", "*/*") if kind in found), False)


def _tag(seal: str, ask: Ask) -> str:
    """A seal as an entity tag, with how the table is wished where that is not as it was sealed.

    >>> _tag("ab12", Ask(key="0123456789ab"))
    '"ab12"'
    """
    wish = [ask.table, *ask.columns, str(ask.comma), str(ask.today)]
    usual = [RESULTS, "False", "False"]
    return f'"{seal}"' if wish == usual else f'"{seal}.{_digest(*wish)[:16]}"'


def _digest(*texts: str) -> str:
    return sha256("\x1f".join(texts).encode()).hexdigest()


def _of_link(ask: Ask, caller: Caller, protected: bool) -> Found:
    if caller.only:
        raise NoAnswerError(403, f"This token opens the saved plan '{caller.only}' alone, by plan= or p=.")
    opened = link.decode(ask.link)
    if any(f"the limit is {MOST_WORKLOADS}" in problem for problem in opened.problems):
        raise NoAnswerError(413, f"The plan of this link has more than {MOST_WORKLOADS} workloads.")
    if opened.problems:
        more = f" (and {len(opened.problems) - 1} more)" if len(opened.problems) > 1 else ""
        raise NoAnswerError(400, f"The link is not answered with half a plan: {opened.problems[0][:300]}{more}.")
    return _computed(ask, opened.plan, protected)


def _computed(ask: Ask, plan: Plan, protected: bool) -> Found:
    write = write_results if ask.table == RESULTS else disclosure.write_disclosure

    def make() -> str:
        found = results.of(plan)
        if said := _left_out(plan, found.refused):
            raise NoAnswerError(409, said)
        return write(found)

    seal = _digest(table.write_plan(plan), catalog_of(plan).data_version, METHOD_VERSION, APP_VERSION)
    return Found(_tag(seal, ask), _keep(protected, LINK_S), make, slow=True)


def _left_out(plan: Plan, refused: Mapping[str, str]) -> str:
    """Why there is no table: a sum that silently lacks a workload would pass for the whole in a spreadsheet."""
    if not refused:
        return ""
    key, why = next(iter(refused.items()))
    workload = plan.workload(key)
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    name = (workload.name if workload else key)[:80]
    return f"The table would be without '{name}'{more}, which has no figure by today's data: {why[:300]}."


def _of_saved(ask: Ask, caller: Caller, store: Store, protected: bool) -> Found:
    # whoever may not open a plan is not told whether there is one of that name
    if caller.only and ask.name and name_key(ask.name) != name_key(caller.only):
        raise _foreign(caller)
    key = ask.key or _version(ask, store).id
    saved = store.open(key)
    if caller.only and name_key(saved.version.plan) != name_key(caller.only):
        raise _foreign(caller)
    fixed = bool(ask.key) or ask.version not in (LATEST, APPROVED)
    if ask.as_kept:
        age_s = FOREVER_S if fixed else LATEST_S
        return Found(_tag(saved.version.seal, ask), _keep(protected, age_s), lambda: saved.content.results, slow=False)
    reading = table.read_plan(saved.content.inputs)
    if reading.plan is None or reading.problems:
        why = "; ".join(reading.problems)[:300]
        raise NoAnswerError(409, f"{saved.version.called} cannot be worked out by today's data: {why}.")
    return _computed(ask, reading.plan, protected)


def _foreign(caller: Caller) -> NoAnswerError:
    return NoAnswerError(403, f"This token opens the saved plan '{caller.only}' alone, not another one.")


def _version(ask: Ask, store: Store) -> Version:
    """The version that a plan's name and a version's number or word stand for."""
    review = store.review(ask.name)
    if review is None:
        raise NotFoundError(f"No plan is saved under the name '{ask.name[:80]}' here.")
    plan = review.latest.plan
    if review.archived:
        raise NoAnswerError(410, f"'{plan}' is archived; the ids of its versions (p=) still open.")
    if ask.version == LATEST:
        return review.latest
    if ask.version == APPROVED:
        signed = [one for one in review.versions if review.state(one) in (SIGNED, LOCKED)]
        if not signed:
            raise NoAnswerError(404, f"No version of '{plan}' is signed off yet.")
        return signed[-1]
    if int(ask.version) > len(review.versions):
        raise NotFoundError(f"'{plan}' has {len(review.versions)} versions; there is no version {ask.version}.")
    return review.versions[int(ask.version) - 1]


def _narrowed(text: str, columns: tuple[str, ...]) -> str:
    """Some columns of a table, in their order here; one that an older version of the table lacks is blank."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(text)))
    return out.getvalue()
