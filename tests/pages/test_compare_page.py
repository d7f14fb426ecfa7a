"""The Compare page: A against B with the range of the difference, and the review of what is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from core import link
from core.plan import Plan
from core.plan.example import example_plan
from core.store import NAME, Person, Version
from core.store.content import content_of
from core.store.journal import archive, move, note
from core.store.review import APPROVED, DRAFT, IN_REVIEW
from core.store.store import Store, open_store

ROOT = Path(__file__).parents[2]
LONG_S = 60
OURS = example_plan().but(name="Our plan")
MORE = OURS.with_workload("W1", requests_per_day=6_000_000.0).without("W5")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ANN, BEN = Person("Ann"), Person("Ben")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that the app uses."""
    url = f"sqlite:///{tmp_path / 'plans.sqlite'}"
    monkeypatch.setenv(NAME, url)
    return open_store(url)


def _two(store: Store) -> tuple[Version, Version]:
    first = store.save("Our plan", content_of(OURS), ANN, NOON)
    return first, store.save("Our plan", content_of(MORE), ANN, NOON, "more requests", first.id)


def _open(**asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S)
    for name, given in asked.items():
        app.query_params[name] = given
    return app.run().switch_page("pages/compare/page.py").run()


def _said(app: AppTest) -> str:
    parts = (app.header, app.info, app.warning, app.markdown)
    return (
        "\n".join(found.value for kind in parts for found in kind)
        .replace("\\", "")
        .replace("\u2060", "")
        .replace("\xa0", " ")
    )


def _table(app: AppTest, first: str) -> dict[str, list[str]]:
    """A table's rows by their first cell."""
    found = next(table.value for table in app.table if table.value.columns[0] == first)
    return {row[0]: list(row[1:]) for row in found.itertuples(index=False)}


def _press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_it_opens_on_the_example_with_nothing_saved(store: Store) -> None:
    app = _open()
    assert not app.exception
    assert app.header[0].value == "A and B are the same in 2030"
    assert "No plan is saved here yet" in _said(app)
    assert not store.transactions.is_there()


def test_a_saved_version_stands_beside_the_one_before_it(store: Store) -> None:
    _, second = _two(store)
    app = _open(p=second.id)
    assert not app.exception
    assert app.selectbox(key="compare_first").value == store.history("Our plan")[0].id
    assert app.header[0].value.startswith("B takes ")
    assert "CO₂e a year more than A in 2030, :gray[80 % range of the difference " in app.header[0].value
    assert _table(app, "Quantity")["Energy at the meter"][2].startswith("+")
    assert "2 changed inputs; the largest is “Customer support chatbot: requests a day”" in _said(app)


def test_plans_that_cannot_be_told_apart_are_said_to_be_so(store: Store) -> None:
    store.save("Our plan", content_of(OURS), ANN, NOON)
    app = _open(s=link.encode(OURS.with_workload("W2", model="mixtral-8x7b")))
    app.selectbox(key="compare_first").set_value(store.listed()[0].id).run()
    assert app.header[0].value.startswith("Cannot be told apart in 2030, :gray[80 % range of the difference −")


def test_another_plan_comes_by_link_id_or_not_at_all(store: Store) -> None:
    _, second = _two(store)
    app = _open(s=link.encode(OURS))
    for given in (f"https://x.example/?s={link.encode(MORE)}", second.id, f"https://x.example/compare?p={second.id}"):
        app.text_input(key="compare_link").set_value(given).run()
        app.selectbox(key="compare_first").set_value("given").run()
        assert "CO₂e a year less than A in 2030" in app.header[0].value
    app.text_input(key="compare_link").set_value("nonsense").run()
    assert not app.exception
    assert "Nothing of this link could be read" in _said(app)


def test_plans_without_a_year_in_common_are_told(store: Store) -> None:
    app = _open(s=link.encode(OURS.but(first_year=2040, last_year=2045)))
    app.selectbox(key="compare_first").set_value("example").run()
    assert not app.exception
    assert app.header[0].value == "No year in common"
    assert "A runs from 2026 to 2035, B from 2040 to 2045." in _said(app)


def test_a_plan_saved_under_other_data_shows_what_it_showed_then(store: Store) -> None:
    old = replace(content_of(OURS), data_version="000000000000", headline_kg=20_000.0)
    made = store.save("Our plan", old, ANN, NOON)
    app = _open(s=link.encode(MORE))
    app.selectbox(key="compare_first").set_value(made.id).run()
    assert "A: Saved with data 000000 and method" in _said(app)


def test_one_prepares_another_comments_and_signs_off(store: Store) -> None:
    _, second = _two(store)
    app = _open(p=second.id)
    app.text_input(key="review_saver").set_value("Ann").run()
    _press(app, "review_to:in review")
    assert "Prepared by Ann (not authenticated): somebody else approves it." in _said(app)
    _press(app, "review_to:approved")
    assert "Ann (not authenticated) prepared version 2 of 'Our plan'; somebody else signs it off" in _said(app)
    app.text_input(key="review_saver").set_value("Ben").run()
    app.selectbox(key=f"review_row:{second.id}").set_value("W2|2030|inference")
    app.text_area(key="review_note").set_value("Which **meter**?")
    _press(app, "review_add")
    assert "note on Employee knowledge assistant (W2) · 2030 · inference" in _said(app)
    assert app.text_area(key="review_note").value == ""
    _press(app, "review_to:approved")
    assert not app.exception
    assert "approved, signed off by Ben (not authenticated), " in _table(app, "Version")["2"][2]
    review = store.review("Our plan")
    assert review is not None
    assert [(event.kind, event.new, event.by.name) for event in review.events] == [
        ("state", IN_REVIEW, "Ann"), ("note", "", "Ben"), ("state", APPROVED, "Ben"),
    ]  # fmt: skip


def test_going_back_without_a_reason_is_refused_and_with_one_is_done(store: Store) -> None:
    first = store.save("Our plan", content_of(OURS), ANN, NOON)
    move(store, first.id, DRAFT, IN_REVIEW, ANN, NOON)
    app = _open(s=link.encode(OURS))
    app.text_input(key="review_saver").set_value("Ben").run()
    _press(app, "review_to:draft")
    assert "Reason is blank; say why version 1 of 'Our plan' goes back to 'draft'" in _said(app)
    app.text_input(key="review_why").set_value("the meter is missing").run()
    _press(app, "review_to:draft")
    assert "the meter is missing" in _said(app)
    review = store.review("Our plan")
    assert review is not None
    assert review.state(first) == DRAFT


def test_an_archived_plan_leaves_the_lists_and_comes_back(store: Store) -> None:
    _two(store)
    app = _open(s=link.encode(OURS))
    app.text_input(key="review_saver").set_value("Ben").run()
    app.text_input(key="review_why").set_value("superseded").run()
    _press(app, "review_archive")
    assert "All saved plans are archived." in _said(app)
    assert store.listed()[0].id not in app.selectbox(key="compare_first").options
    app.toggle(key="review_archived").set_value(True).run()
    app.text_input(key="review_why").set_value("needed after all").run()
    _press(app, "review_restore")
    review = store.review("Our plan")
    assert review is not None
    assert not review.archived


def test_an_older_version_is_opened_from_its_history(store: Store) -> None:
    first, second = _two(store)
    app = _open(p=second.id)
    app.selectbox(key="review_version:Our plan").set_value(1).run()
    _press(app, "review_open")
    assert app.session_state["glidepath"].plan == OURS
    assert app.query_params["p"] in (first.id, [first.id])


def test_a_saved_plan_that_was_changed_behind_the_apps_back_is_told_and_the_others_stay(store: Store) -> None:
    store.save("Their plan", content_of(OURS), ANN, NOON)
    _two(store)
    with store.transactions.engine.begin() as connection:
        connection.execute(text("UPDATE saved_version SET headline_kg = 1.0 WHERE name_key = 'their plan'"))
    app = _open(s=link.encode(OURS))
    assert "Version 1 of 'Their plan' is not as it was sealed" in _said(app)
    assert app.selectbox(key="review_plan").options == ["Our plan"]


HOSTILE: list[Callable[[Plan], Plan]] = [
    lambda plan: plan.but(name="<script>alert(1)</script> **b** $x$"),
    lambda plan: plan.with_workload("W2", name=":red[r] [l](http://x)"),
]


@pytest.mark.parametrize("make", HOSTILE)
def test_names_are_shown_as_they_were_typed(store: Store, make: Callable[[Plan], Plan]) -> None:
    plan = make(OURS)
    made = store.save(plan.name, content_of(plan), Person("**Ann** <b>"), NOON)
    note(store, made.id, "", "<img src=x> **bold** $x$", Person("Ben"), NOON)
    app = _open(p=made.id)
    assert not app.exception
    bold = [text.value for text in app.markdown if "**bold**" in text.value]
    assert bold == []
    archive(store, plan.name, BEN, NOON, "done")
    assert not app.run().exception


def test_where_the_store_does_not_answer_the_comparison_still_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "off")
    app = _open()
    assert not app.exception
    assert "Saving is switched off on this server" in _said(app)
    assert app.header[0].value == "A and B are the same in 2030"
