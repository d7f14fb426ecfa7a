"""The data link: the bytes of the command line, tags and limits, and a sentence with its status for what is wrong."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from core import disclosure, link, results, table
from core.door.ask import MOST_QUERY, NoAnswerError
from core.door.caller import ANYBODY, Caller, Outside
from core.door.data_link import Answer, Request, answer, refusal
from core.door.limits import Line, Rate
from core.link.pack import pack
from core.plan import Plan
from core.plan.example import example_plan
from core.results_table import NUMBERS, write_results
from core.store import Person, Version
from core.store.content import content_of
from core.store.journal import archive, move
from core.store.store import Store
from core.store.transactions import Transactions

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ANN, BEN = Person("Ann", "idp|ann"), Person("Ben", "idp|ben")
VIEWER = Caller("Vic", "idp|vic", frozenset({"viewer"}))
OURS = Plan(name="Our plan", workloads=example_plan().workloads[:1])
S = link.encode(OURS)
BOMB = pack(["@"] + ["x" * 1000] * 1000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two versions of 'Our plan', the first signed off; and 'Old plan', archived."""
    made = Store(Transactions(f"sqlite:///{tmp_path_factory.mktemp('store') / 'plans.sqlite'}"))
    first = made.save("Our plan", content_of(OURS), ANN, NOON)
    move(made, first.id, "draft", "in review", ANN, NOON)
    move(made, first.id, "in review", "approved", BEN, NOON)
    made.save("Our plan", content_of(OURS.with_workload("W1", requests_per_day=7.0)), ANN, NOON, "fewer", first.id)
    made.save("Old plan", content_of(OURS.but(name="Old plan")), ANN, NOON)
    archive(made, "Old plan", ANN, NOON, "done")
    yield made
    made.transactions.engine.dispose()


def ask(store: Store, query: str, caller: Caller | Outside = ANYBODY, protected: bool = False, **of: object) -> Answer:
    return answer(Request(query=query, **of), caller, lambda: store, protected)  # type: ignore[arg-type]


def versions(store: Store) -> list[Version]:
    return store.history("Our plan")


def test_a_link_gives_the_bytes_that_the_page_exports(store: Store) -> None:
    found = ask(store, f"s={S}")
    assert (found.status, found.body.decode()) == (200, write_results(results.of(OURS)))
    assert found.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert found.headers["Content-Disposition"] == 'attachment; filename="glidepath_results.csv"'
    assert found.headers["Content-Length"] == str(len(found.body))
    assert not {name for name in found.headers if name.lower().startswith("access-control") or name == "Set-Cookie"}


def test_a_saved_version_gives_what_was_sealed_under_its_seal_for_ever(store: Store) -> None:
    first = versions(store)[0]
    found = ask(store, f"p={first.id}")
    assert found.body.decode() == store.open(first.id).content.results
    assert (found.headers["ETag"], found.headers["Cache-Control"]) == (
        f'"{first.seal}"', "private, max-age=31536000, immutable",
    )  # fmt: skip


def test_a_name_gives_the_latest_version_and_the_next_one_once_it_is_saved(store: Store) -> None:
    for query, number, age in (
        ("plan=our%20PLAN", 2, "private, max-age=60"),
        ("plan=Our+plan&version=latest", 2, "private, max-age=60"),
        ("plan=Our+plan&version=approved", 1, "private, max-age=60"),
        ("plan=Our+plan&version=1", 1, "private, max-age=31536000, immutable"),
    ):
        found = ask(store, query)
        version = versions(store)[number - 1]
        assert found.body.decode() == store.open(version.id).content.results
        assert (found.headers["ETag"], found.headers["Cache-Control"]) == (f'"{version.seal}"', age)


def test_who_has_the_table_already_gets_304_and_nothing_is_worked_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {query: ask(store, query).headers["ETag"] for query in (f"s={S}", "plan=Our plan")}
    monkeypatch.setattr("core.door.data_link.results.of", None)
    for query, tag in tags.items():
        for sent in (tag, f'"other", W/{tag}', "*"):
            found = ask(store, query, none_match=sent)
            assert (found.status, found.body, found.headers["ETag"]) == (304, b"", tag)
    assert ask(store, f"s={S}", head=True).status == 200  # nor for who wants the headers alone


def test_a_tag_changes_with_the_plan_the_data_and_the_wish(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wishes = ["", "&decimal=comma", "&columns=year", "&columns=year,stage", "&table=disclosure", "&data=today"]
    tags = {ask(store, f"s={S}{wish}", head=True).headers["ETag"] for wish in wishes}
    tags |= {ask(store, f"p={versions(store)[0].id}{wish}", head=True).headers["ETag"] for wish in wishes}
    assert len(tags) >= 2 * len(wishes) - 3  # by today's data a version and a link of the same plan are one table
    monkeypatch.setattr("core.door.data_link.METHOD_VERSION", "9")
    assert ask(store, f"s={S}", head=True).headers["ETag"] not in tags


def test_columns_decimals_and_the_disclosure_are_as_wished(store: Store) -> None:
    whole = list(csv.DictReader(io.StringIO(write_results(results.of(OURS)))))
    found = ask(store, f"s={S}&columns=year,carbon_location_kg&decimal=comma").body.decode()
    assert found.splitlines()[0] == "year;carbon_location_kg"
    assert found.splitlines()[1:] == [
        f"{row['year']};{row['carbon_location_kg'].replace('.', ',')}" for row in whole
    ]  # fmt: skip
    comma = ask(store, f"p={versions(store)[1].id}&decimal=comma").body.decode()
    assert comma == table.with_decimal_comma(store.open(versions(store)[1].id).content.results, NUMBERS)
    told = ask(store, f"s={S}&table=disclosure")
    assert told.body.decode() == disclosure.write_disclosure(results.of(OURS))
    assert 'filename="glidepath_disclosure.csv"' in told.headers["Content-Disposition"]
    today = ask(store, f"p={versions(store)[0].id}&data=today")
    assert (today.body.decode(), today.headers["Cache-Control"]) == (
        write_results(results.of(OURS)), "private, max-age=300",
    )  # fmt: skip


def test_a_table_travels_packed_where_the_asker_unpacks_it(store: Store) -> None:
    plain, packed = ask(store, "plan=Our plan"), ask(store, "plan=Our plan", packed=True)
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
    assert (packed.headers["Content-Encoding"], packed.headers["Content-Length"]) == ("gzip", str(len(packed.body)))
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert ask(store, "plan=Our plan", none_match=packed.headers["ETag"]).status == 304
    assert "Content-Encoding" not in ask(store, f"s={S}&columns=year", packed=True).headers  # too short to be worth it


WRONG = {
    "": (400, "A data link names one plan: s= with a link's text, p= with a saved version's id, or plan= with a name."),
    f"s={S}&p=0123456789ab": (400, "A data link names one plan:"),
    f"s={S}&s={S}": (400, "'s' stands twice in the address; say it once."),
    f"s={S}&format=json": (400, "'format' is no part of a data link; it knows s, p, plan, version, table, columns,"),
    f"s={S}&table=by_year": (400, "table is 'by_year'; it must be results or disclosure."),
    f"s={S}&columns=co2": (400, "'co2' is no column of results; its columns are scenario_id, scenario_version,"),
    f"s={S}&columns=year,year": (400, "A column stands twice in 'columns'; say each once."),
    f"s={S}&decimal=,": (400, "decimal is ','; it must be point or comma."),
    f"s={S}&version=2": (400, "'version' goes with plan=, the name of a saved plan."),
    f"s={S}&token=glidepath_secret": (400, "A token does not belong into an address, where logs keep it:"),
    f"s={S[:-9]}": (400, "The link is not answered with half a plan: the link is damaged or was cut short"),
    "s=1.%00%ff": (400, "The link is not answered with half a plan: the link is damaged or was cut short"),
    "s=9.abc": (400, "The link is not answered with half a plan: the link says version '9'; this app reads version 1"),
    f"s={BOMB}": (400, "The link is not answered with half a plan: the link is damaged or was cut short"),
    "s=" + "A" * MOST_QUERY: (414, f"The address has {MOST_QUERY + 2:,} characters after '?'; the limit is 66,000"),
    "p=../../etc": (404, "'../../etc' is no id of a saved plan: those are 12 letters and digits."),
    "p=0123456789ab": (404, "No plan is saved here under the id 0123456789ab: it may be of another installation."),
    "plan=Nobody's": (404, "No plan is saved under the name 'Nobody's' here."),
    "plan=Our plan&version=3": (404, "'Our plan' has 2 versions; there is no version 3."),
    "plan=Our plan&version=0": (400, "version is '0'; it must be latest, approved or a number from 1 on."),
    "plan=Our plan&version=٣": (400, "version is '٣'; it must be latest, approved or a number from 1 on."),
    "plan=Old plan": (410, "'Old plan' is archived; the ids of its versions (p=) still open."),
}  # fmt: skip


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:40])
def test_what_is_wrong_is_answered_in_a_plain_sentence(store: Store, query: str) -> None:
    found, (status, said) = ask(store, query if "%" in query else quote(query, safe="=&,")), WRONG[query]
    assert (found.status, found.body.decode()[: len(said)]) == (status, said)
    assert found.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert found.headers["Cache-Control"] == "no-store"
    assert found.body.decode().count("\n") == 1
    assert "glidepath_secret" not in found.body.decode()


def test_a_table_that_would_lack_a_workload_is_refused_by_its_name_and_a_sealed_one_stays_whole(store: Store) -> None:
    gone = OURS.with_workload("W1", model="renamed-since")
    told = f"The table would be without '{OURS.workloads[0].name}', which has no figure by today's data: model is "
    made = store.save("Gone plan", replace(content_of(OURS), inputs=table.write_plan(gone)), ANN, NOON)
    for query in (f"s={link.encode(gone)}", f"p={made.id}&data=today", f"p={made.id}&table=disclosure"):
        found = ask(store, query)
        assert (found.status, found.body.decode()) == (409, f"{told}'renamed-since'; it is not in the catalog.\n")
    assert ask(store, f"p={made.id}").body.decode() == content_of(OURS).results


def test_more_workloads_than_a_plan_may_have_are_too_many(store: Store) -> None:
    lines = ["\t".join(["@", *(f"W{n}" for n in range(501))]), "\t".join(["&", *(f"{n}=W1" for n in range(501))])]
    found = ask(store, f"s={pack(lines)}")
    assert (found.status, found.body) == (413, b"The plan of this link has more than 500 workloads.\n")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("", 200), ("*/*", 200), ("text/csv", 200), ("text/html,*/*;q=0.8", 200), ("text/*;q=0.1", 200),
     ("application/json", 406), ("text/csv;q=0, */*", 406), ("text/html", 406)],
)  # fmt: skip
def test_only_csv_is_answered(store: Store, accept: str, status: int) -> None:
    assert ask(store, "plan=Our plan", accept=accept).status == status


def test_behind_a_door_nothing_is_kept_without_asking_and_a_token_opens_one_plan_alone(store: Store) -> None:
    first, old = versions(store)[0], store.history("Old plan")[0]
    assert ask(store, f"p={first.id}", VIEWER, True).headers["Cache-Control"] == "private, no-cache"
    token = Caller("the token 'Board'", "token|x", frozenset({"viewer"}), only="Our plan")
    for query in (f"p={first.id}", "plan=our plan", "plan=Our plan&version=approved"):
        assert ask(store, query, token, True).status == 200
    for query in (f"p={old.id}", "plan=Old plan", "plan=Nobody's", f"s={S}"):
        found = ask(store, query, token, True)
        assert (found.status, b"opens the saved plan 'Our plan' alone" in found.body) == (403, True)


@pytest.mark.parametrize("query", [f"s={S}", "p=0123456789ab", "plan=Our plan", "plan=Nobody's", "nonsense=1", ""])
def test_who_is_outside_learns_nothing_not_even_what_is_there(store: Store, query: str) -> None:
    for caller, status in ((Outside("Sign in."), 401), (Outside("No role.", known="Zoe"), 403)):
        found = ask(store, query, caller, True)
        assert (found.status, found.body.decode()) == (status, f"{caller.said}\n")
    without = Caller("Zoe", "idp|zoe", frozenset())
    assert ask(store, query, without, True).status == 403


def test_a_spreadsheet_is_asked_for_a_password_and_a_browser_is_not() -> None:
    error = NoAnswerError(401, "Sign in.")
    assert refusal(error).headers["WWW-Authenticate"].startswith("Basic ")
    assert refusal(error, browser=True).headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_store_that_does_not_answer_says_when_to_ask_again(tmp_path: Path) -> None:
    file = tmp_path / "plans.sqlite"
    file.write_text("a photograph of a cat" * 100)
    found = ask(Store(Transactions(f"sqlite:///{file}")), "plan=Our plan")
    assert (found.status, found.headers["Retry-After"]) == (503, "30")
    assert b"is damaged, or is no file of saved plans" in found.body


def test_an_asker_may_save_up_a_minutes_questions_and_no_more() -> None:
    rate = Rate(most_a_minute=6)
    for _ in range(6):
        rate.take("here", 0.0)
    with pytest.raises(NoAnswerError, match=r"^More than 6 questions in a minute came from here") as refused:
        rate.take("here", 0.0)
    assert (refused.value.status, refused.value.retry_s) == (429, 10.0)
    rate.take("there", 0.0)
    rate.take("here", 10.0)
    with pytest.raises(NoAnswerError):
        rate.take("here", 19.9)
    rate.take("here", 20.0)
    for _ in range(6):
        rate.take("here", 1e6)  # however long nobody asked, a minute's worth is there


def test_a_full_line_turns_the_next_one_away_until_somebody_leaves() -> None:
    line = Line(most=2)
    line.enter()
    line.enter()
    with pytest.raises(NoAnswerError, match=r"^2 tables are being worked out or wait for it") as refused:
        line.enter()
    assert (refused.value.status, refused.value.retry_s) == (503, 15.0)
    line.leave()
    line.enter()
