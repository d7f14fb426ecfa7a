"""The Compare page: plans beside a reference, what makes the difference, what moved, and the review of saved plans."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from core import link, results
from core.decide.between import beside
from core.decide.watch import go_on
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.store import NAME, Person, Version
from core.store.content import content_of
from core.store.journal import archive, move, note
from core.store.review import APPROVED, DRAFT, IN_REVIEW
from core.store.store import Store, open_store
from core.table import write_plan
from core.ui import compare, compare_inputs, compare_wait
from tests.pages.open_at import open_at

ROOT = Path(__file__).parents[2]
LONG_S = 60
OURS = example_plan().but(name="Our plan")
MORE = OURS.with_workload("W1", requests_per_day=6_000_000.0).without("W5")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ANN, BEN = Person("Ann"), Person("Ben")
W5_OUT = "Quarterly fine-tuning, 70B taken out"


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
    return open_at(app, "compare")


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
    assert app.header[0].value == "One plan, and nothing beside it"
    assert "No lever is in use, so that the plan is its own baseline." in _said(app)
    assert "No plan is saved here yet" in _said(app)
    assert not store.transactions.is_there()


def _with(store: Store, *tokens: str, shown: Plan = MORE) -> AppTest:
    """The page with these plans beside each other, as an address names them."""
    return _open(s=link.encode(shown), **{"with": ",".join(tokens)})


def test_a_saved_version_stands_beside_the_one_before_it(store: Store) -> None:
    first, second = _two(store)
    app = _open(p=second.id)
    app.session_state["table:Differences by boundary"] = True
    app.session_state["table:From A to B"] = True
    app.run()
    assert not app.exception
    assert app.selectbox(key="compare:0").value == first.id
    assert app.header[0].value.startswith("B takes ")
    assert "CO₂e a year more than A in 2030, :gray[80 % range of the difference " in app.header[0].value
    assert "with" not in app.query_params
    figures = _table(app, "Quantity")
    assert figures["Site: energy at the meter"][2].startswith("+")
    assert figures["Cost"][2] == "unknown"
    assert "2 changed inputs move it; the largest is “Customer support chatbot: requests a day”" in _said(app)
    assert list(_table(app, "Changed input")) == ["Customer support chatbot: requests a day", W5_OUT]


def test_three_plans_stand_beside_the_first(store: Store) -> None:
    first, second = _two(store)
    same, clean = OURS.but(name="Twin"), OURS.but(grid_path="percent", grid_change_pct=-4.0)
    texts = [f"~{link.encode(plan)}" for plan in (same, clean)]
    app = _with(store, first.id, second.id, *texts)
    assert not app.exception
    assert re.fullmatch(
        r"Against A in 2030: B \+\S+ t \(\+\S+ to \+\S+\), C the same, D −\S+ t \(−\S+ to −\S+\), :gray\[.*",
        app.header[0].value.replace("\xa0", " "),
    )
    assert "D: 8 of 8 figures told apart from A" not in _said(app)  # the energy is the same
    assert "C: 0 of 8 figures told apart from A, 8 the same" in _said(app)
    app.segmented_control(key="compare_pair").set_value("D").run()
    assert "the largest is “Grids over the years, grids change by”" in _said(app)
    assert app.query_params["with"] == ",".join([first.id, second.id, *texts])


def test_plans_that_cannot_be_told_apart_are_said_to_be_so(store: Store) -> None:
    made = store.save("Our plan", content_of(OURS), ANN, NOON)
    app = _with(store, made.id, "screen", shown=OURS.with_workload("W2", model="mixtral-8x7b"))
    assert app.header[0].value.startswith("Cannot be told apart in 2030, :gray[80 % range of the difference −")


def test_another_plan_comes_by_link_id_or_not_at_all(store: Store) -> None:
    _, second = _two(store)
    app = _open(s=link.encode(OURS))
    for place, given in enumerate(
        (f"https://x.example/?s={link.encode(MORE)}", second.id, f"https://x.example/compare?p={second.id}")
    ):
        app.text_input(key="compare_link").set_value(given).run()
        assert len(_letters(app)) == 2 + place
    assert re.match(
        r"Against A in 2030: B \+(\S+) t (.*), C \+\1 t \2, D \+\1 t \2", app.header[0].value.replace("\xa0", " ")
    )
    before = app.header[0].value
    for wrong, told in (
        ("nonsense", "Nothing of this link could be read"),
        ("0123456789ab", "No plan is saved here under the id 0123456789ab: it may be of another installation."),
    ):
        app.text_input(key="compare_link").set_value(wrong).run()
        assert not app.exception
        assert told in _said(app)
        assert app.header[0].value == before
        assert app.session_state["glidepath"].plan == OURS


def _letters(app: AppTest) -> list[str]:
    return [box.label for box in app.selectbox if (box.key or "").startswith("compare:")]


def test_plans_are_dropped_in_as_files_and_a_wrong_one_costs_nothing(store: Store) -> None:
    app = _open(s=link.encode(OURS))
    files = [("more.csv", write_plan(MORE).encode()), ("bad.csv", b"\xff\xfe"), ("other.csv", b"a,b\n1,2\n")]
    uploader = next(one for one in app.file_uploader if one.key == "compare_file")
    uploader.set_value([(name, raw, "text/csv") for name, raw in files]).run()
    assert not app.exception
    assert _letters(app) == ["A, the reference", "B"]
    assert "more than A in 2030" in app.header[0].value
    said = _said(app)
    assert "bad.csv: byte 0 is not UTF-8." in said
    assert "other.csv, line 1: the column 'record' is missing; this is not a plan CSV." in said
    assert app.query_params["with"].startswith("screen,~1.")  # it fits an address as a link
    assert app.session_state["glidepath"].plan == OURS


def test_what_is_too_long_for_an_address_is_told(store: Store) -> None:
    many = OURS
    for number in range(60):
        many = many.adding(
            OURS.workloads[0].but(id=f"X{number}", name=f"{hashlib.sha256(bytes([number])).hexdigest()}")
        )
    app = _open(s=link.encode(OURS))
    app.text_input(key="compare_link").set_value(f"?s={link.encode(many)}").run()
    assert not app.exception
    assert "B cannot travel in the address: too long for one. Save it, or send its file." in _said(app)
    assert "~" not in app.query_params.get("with", "")


def test_sharing_out_that_takes_long_says_how_far_it_is_and_is_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()

    def slow(_one: Plan, _other: Plan) -> None:
        for step in range(1, 10_000):
            go_on("Sharing out the difference", step, 20_000)
            go.wait(0.01)

    monkeypatch.setattr(compare_wait, "SOON_S", 0.1)
    monkeypatch.setattr(compare_inputs, "shared", slow)
    app = _with(store, "example", "screen")
    assert not app.exception
    assert app.header[0].value.startswith("B takes")  # all else is there
    assert [one.key for one in app.button if one.label == "Stop"] == ["stop:parts:B"]
    _press(app, "stop:parts:B")
    app.run()
    assert not app.exception
    assert "Stopped: all else on this page stands." in _said(app)
    monkeypatch.undo()
    monkeypatch.setenv(NAME, str(store.transactions.url))
    _press(app, "again:parts:B")
    assert "2 changed inputs move it" in _said(app)


def test_large_plans_say_how_far_they_are_and_are_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    go = Event()

    def slow(plans: tuple[Plan, ...]) -> None:
        for step in range(10_000):
            go_on("Working out the plans", step, 20_000)
            go.wait(0.01)

    monkeypatch.setattr(compare, "MANY", 5)
    monkeypatch.setattr(compare_wait, "SOON_S", 0.1)
    monkeypatch.setattr(compare, "beside", slow)
    app = _with(store, "example", "screen")
    assert app.header[0].value == compare.AT_WORK
    _press(app, "stop:plans")
    app.run()
    assert "Stopped: all else on this page stands." in _said(app)
    monkeypatch.setattr(compare, "beside", beside)
    monkeypatch.setattr(compare_wait, "SOON_S", 60.0)
    _press(app, "again:plans")
    assert app.header[0].value.startswith("B takes")


def test_six_plans_are_the_limit(store: Store) -> None:
    app = _with(store, *["example", "screen"] * 3)
    assert len(_letters(app)) == 6
    assert not [box for box in app.selectbox if box.key == "compare_add"]
    app = _with(store, *["example", "screen"] * 4)
    assert "The address names 8 plans; the limit is 6 plans." in _said(app)
    assert len(_letters(app)) == 6


def test_what_of_an_address_is_no_plan_is_left_out_and_the_rest_stands(store: Store) -> None:
    app = _with(store, "example", "0123456789ab", "<b>", "~1.zzz", "screen")
    said = _said(app)
    assert "No plan is saved here under the id 0123456789ab" in said
    assert "'<b>' of the address is no plan; it was left out." in said
    assert "Nothing of this link could be read" in said
    assert _letters(app) == ["A, the reference", "B"]
    assert app.header[0].value.startswith("B takes")


def test_a_plan_is_taken_out_and_one_alone_is_offered_its_baseline(store: Store) -> None:
    app = _with(store, "usual", "screen", shown=OURS.with_lever(Lever(id="concise_output")))
    assert "less than A in 2030" in app.header[0].value
    app.selectbox(key="compare:0").set_value("out").run()
    assert app.header[0].value == "One plan, and nothing beside it"
    assert "Set its baseline beside it" in _said(app)
    app.button[[one.label for one in app.button].index("Compare with the baseline")].click().run()
    assert "more than A in 2030" in app.header[0].value


def test_plans_without_a_year_in_common_are_told(store: Store) -> None:
    app = _with(store, "example", "screen", shown=OURS.but(first_year=2040, last_year=2045))
    assert not app.exception
    assert app.header[0].value == "No year in common"
    assert "A runs from 2026 to 2035, B from 2040 to 2045." in _said(app)


THEN = (
    ("regions", "IE", "carbon_g_per_kwh", 310.0), ("assumptions", "provider_utilization", "central", 0.7),
)  # fmt: skip


def test_a_plan_saved_under_other_data_tells_what_moved_it(store: Store) -> None:
    old = replace(content_of(OURS.model_copy(update={"facts_then": THEN})), data_version="000000000000")
    made = store.save("Our plan", old, ANN, NOON)
    app = _open(p=made.id)
    app.session_state["table:What moved A"] = True
    app.run()
    assert not app.exception
    said = _said(app)
    assert (
        f"A showed {old.headline_kg / 1_000:.1f} t in 2030 when it was made; by today's data it comes to 77.8 t."
        in said
    )
    assert (
        "2 factors of this plan have another value; the largest part is that of “Grid of Ireland”, 310.0 to 279.8"
        in said
    )
    assert "All parts add up to the change." in said
    rows = _table(app, "Factor")
    assert rows["Grid of Ireland"][1:4] == ["310.0", "279.8", "g CO₂e/kWh"]
    assert rows["Share of the provider's hours at work"][1:3] == ["0.7000", "0.7500"]


def test_a_workload_whose_model_the_data_no_longer_hold_is_told_with_what_it_came_to(store: Store) -> None:
    made, gone = content_of(OURS), OURS.with_workload("W2", model="renamed-since")
    old = replace(made, inputs=write_plan(gone), data_version="000000000000")
    app = _open(p=store.save("Our plan", old, ANN, NOON).id)
    app.session_state["table:What moved A"] = True
    app.run()
    assert not app.exception
    found = results.of(OURS)
    was_kg = float(found.carbon_kg()[found.of("W2"), found.place(2030), 0])
    name = OURS.workload("W2").name
    assert (
        f"{name} had a figure then and has none by today's data, so that it is left out: model is 'renamed-since'; "
        "it is not in the catalog." in _said(app)
    )
    rows = _table(app, "Factor")
    assert list(rows) == ["The whole workload"]
    assert rows["The whole workload"][0] == name
    assert rows["The whole workload"][-1] == f"−{was_kg / 1_000:.0f}\xa0t"


def test_a_link_of_other_data_says_that_it_holds_no_factors(store: Store) -> None:
    told = link.Stamp("9b4dd15a4ded", 90_000.0)
    app = _open(s=link.encode(OURS, told))
    assert not app.exception
    assert "A showed 90.0 t in 2030 when it was made; by today's data it comes to 77.8 t." in _said(app)
    assert "A link holds no factors" in _said(app)
    assert any(box.label.startswith("Why data and method changed since (") for box in app.expander)


def test_a_link_takes_the_factors_of_then_from_a_plan_saved_by_the_same_data(store: Store) -> None:
    then = OURS.model_copy(update={"facts_then": THEN})
    store.save("Our plan", replace(content_of(then), data_version="9b4dd15a4ded"), ANN, NOON)
    app = _open(s=link.encode(MORE, link.Stamp("9b4dd15a4ded", 90_000.0)))
    assert not app.exception
    said = _said(app)
    assert "A link holds no factors; those of then are as 1 saved plan made by the same data had them." in said
    assert "2 factors of this plan have another value" in said


def test_a_plan_of_todays_data_has_nothing_that_moved(store: Store) -> None:
    made = store.save("Our plan", content_of(OURS), ANN, NOON)
    assert "What moved" not in _said(_open(p=made.id))


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
    assert not any("Our plan, version" in one for one in app.selectbox(key="compare:0").options)
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
    assert app.header[0].value == "One plan, and nothing beside it"
