"""The Share panel gives every file of the plan on screen, made when it is asked for, and takes a bundle back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from core import link
from core.exports.answer import answer_of
from core.exports.bundle import write_bundle
from core.exports.links import link_of
from core.plan.example import example_plan
from core.ui import exports

APP = str(Path(__file__).parents[2] / "app.py")
FILES = [
    "Report", "Workbook", "Bundle", "Model card", "Plan as CSV", "Results as CSV", "Disclosure as CSV",
]  # fmt: skip
OURS = example_plan().with_workload("W2", output_tokens=900.0)


def _open(workloads: int = 6) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60).run()
    one = example_plan().workloads[0]
    if workloads != 6:
        many = tuple(one.but(id=f"W{place + 1}") for place in range(workloads))
        app.session_state["glidepath"].plan = example_plan().but(workloads=many)
    app.session_state["share"] = True
    return app.run()


def test_every_file_has_a_button_and_a_line_that_says_what_it_is_for() -> None:
    app = _open()
    assert not app.exception
    assert [button.proto.label for button in app.get("download_button")] == FILES  # type: ignore[attr-defined]
    told = [text.value for text in app.markdown if "For a meeting: two to four pages" in text.value]
    assert len(told) == 1
    assert app.selectbox(key="card_of").options == [
        "The whole plan", *(workload.name for workload in example_plan().workloads)
    ]  # fmt: skip


def test_a_large_plan_is_told_that_its_files_take_some_seconds_and_what_the_report_leaves_out() -> None:
    app = _open(workloads=51)
    told = " ".join(text.value for text in app.markdown)
    assert "51\u00a0workloads: each file takes some seconds. The report names the largest and adds up" in told


def _bundled(name: str, raw: bytes) -> None:
    from core.ui import exports, state

    state.session()
    exports._show(name, raw)


@pytest.fixture
def raw() -> bytes:
    return write_bundle(answer_of(OURS, date(2026, 11, 28), *link_of(OURS)))


def test_a_bundle_opens_as_the_plan_in_it_and_says_nothing_where_the_versions_are_the_same(raw: bytes) -> None:
    app = AppTest.from_function(_bundled, args=("b.zip", raw)).run()
    assert not app.exception
    assert app.session_state["glidepath"].plan == OURS
    assert app.session_state["glidepath"].news == []
    assert link.decode(link.encode(OURS)).plan == OURS


def test_a_bundle_of_other_data_says_so_beside_its_plan(raw: bytes) -> None:
    found = exports.opened.open_bundle(raw)
    with patch.object(exports.opened, "open_bundle", lambda _: _other(found)):
        app = AppTest.from_function(_bundled, args=("b.zip", raw)).run()
    (news,) = app.session_state["glidepath"].news
    assert news.startswith("This bundle was made with data 0123456789ab and method 0.1.0; the page works it out with")


def _other(found: exports.opened.Opened) -> exports.opened.Opened:
    from dataclasses import replace

    return replace(found, data_version="0123456789ab")


def test_a_damaged_bundle_is_refused_in_a_sentence_and_the_plan_stays(raw: bytes) -> None:
    app = AppTest.from_function(_bundled, args=("b.zip", raw[:500])).run()
    assert app.session_state["glidepath"].problems == ["b.zip: it is damaged, or no zip that this app can read"]
    assert app.session_state["glidepath"].plan == example_plan()
