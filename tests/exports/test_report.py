"""A report says the page's words, escapes what people typed, and needs neither network nor script."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from core import words
from core.catalog import load
from core.exports.answer import Answer, answer_of
from core.exports.covers import answered
from core.exports.report import write_report
from core.plan import Plan
from core.plan.example import example_plan
from core.results.effects import usual
from tests.exports.plans import HOSTILE, crowded
from tests.targets.plans import plan as with_target

DAY = date(2026, 11, 28)


class _Texts(HTMLParser):
    """Every tag with its attributes, and every text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(made: bytes) -> _Texts:
    parser = _Texts()
    parser.feed(made.decode())
    return parser


@pytest.fixture(scope="module")
def answer() -> Answer:
    return answer_of(example_plan(), DAY, "https://a.example/?s=1.link")


@pytest.fixture(scope="module")
def crowd() -> _Texts:
    return _read(write_report(answer_of(crowded(last_year=2027), DAY, "https://a.example/?s=1.link")))


def test_its_headline_is_the_pages_own(answer: Answer) -> None:
    text, phrase = answered(answer.found)
    read = _read(write_report(answer)).texts
    assert (f"{text}, ", phrase) == (read[read.index(phrase) - 1], phrase)


def test_the_same_plan_on_the_same_day_gives_the_same_bytes(answer: Answer) -> None:
    assert write_report(answer) == write_report(answer)


def test_what_people_typed_is_text_and_never_markup(crowd: _Texts) -> None:
    assert {"img", "script"} & {tag for tag, _ in crowd.tags} == set()
    assert any(HOSTILE in text for text in crowd.texts)
    assert not [name for _, attributes in crowd.tags for name in attributes if name.startswith("on")]


def test_it_asks_for_nothing_from_outside(answer: Answer) -> None:
    made = write_report(answer).decode()
    tags = _read(made.encode()).tags
    assert [value for _, found in tags for key, value in found.items() if key in ("src", "href")] == [answer.link]
    assert "url(" not in made
    assert "@import" not in made


def test_workloads_beyond_the_list_stand_together_with_their_sum(crowd: _Texts) -> None:
    at = crowd.texts.index("and 4\u00a0others")
    answer = answer_of(crowded(last_year=2027), DAY)
    parts = list(answer.largest(12))
    assert (len(parts), parts[-1].count) == (13, 4)
    assert sum(part.carbon_kg for part in parts) == pytest.approx(answer.shown.carbon_kg, rel=1e-12)
    assert float(crowd.texts[at + 1]) == pytest.approx(parts[-1].carbon_kg / 1_000, abs=0.05)


def test_a_target_that_is_set_is_judged_and_one_that_is_not_goes_unsaid(answer: Answer) -> None:
    judged = " ".join(_read(write_report(answer_of(with_target(), DAY))).texts)
    assert re.search(r"(On track|Off track) ", judged)
    assert "pathway" not in " ".join(_read(write_report(answer)).texts)


def test_a_lever_in_use_says_what_it_saves() -> None:
    kind = load().levers["prompt_trim"]
    plan: Plan = example_plan().but(levers=(usual(kind),))
    texts = _read(write_report(answer_of(plan, DAY))).texts
    assert kind.name in texts
    assert any(text.startswith("Saves ") for text in texts)
    assert "What the levers change" in texts


def test_every_chart_has_a_name_and_a_sentence(answer: Answer) -> None:
    made = write_report(answer).decode()
    charts = re.findall(r'<svg [^>]*role="img".*?</svg>', made)
    assert len(charts) == 3
    assert all(re.search(r"<title [^>]*>[^<]+</title><desc [^>]*>[^<]+</desc>", chart) for chart in charts)
    assert words.capital("from") in charts[0]
