"""The Cases page without a browser: every claim with its correction, search and filters, and what a card opens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.cases import CLAIMS, VERDICTS, Case, load
from core.cases.answers import estimate_of, ours, plan_of
from core.plan import Plan
from core.plan.example import example_plan
from core.ui import case_words
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
PAGE = "pages/cases/page.py"
PLAIN = {"\u00a0": " ", "\u2060": "", "\u202f": " ", "\\": "", "&amp;": "&"}
FEATURED = ["a1-06", "a1-09", "a0-06", "a1-15", "a3-25", "a3-32"]
# Claim -> the figure that must not be repeated, and the one to carry, as they stand on the page.
CORRECTED = {
    "C1": ("15 to 30 billion operations a token", "70 to 140 billion operations a token"),
    "C2": ("27 kWh", "26.84 kWh"),
    "C3": ("502 t", "552.1 t"),
    "C4": ("581 MWh", "641.2 MWh"),
    "C5": ("240 t", "240 t"),
    "C6": ("50 times", "0.5462 J a token"),
    "C7": ("1 600 kWh", "55 670 kWh"),
    "C8": ("–", "18.16 GB"),
    "C9": ("41.2 times", "2.242 to 5.618 times"),
    "C10": ("2 %", "1.5 %"),
    "C11": ("29.3 TWh", "514 600 servers"),
    "C12": ("20 %", "0 %"),
}


def opened(search: str = "", verdict: str = "", article: str = "") -> AppTest:
    app = open_at(AppTest.from_file(APP, default_timeout=60), "cases")
    for key, value in (("k:verdict", verdict), ("k:article", article)):
        if value:
            app.selectbox(key=key).set_value(value).run()
    if search:
        app.text_input(key="k:search").set_value(search).run()
    assert not app.exception
    return app


def plain(text: str) -> str:
    for sign, other in PLAIN.items():
        text = text.replace(sign, other)
    return text


def cards(app: AppTest) -> list[str]:
    """Titles of the cards, in order, without the verdict's badge."""
    titles = [re.sub(r" :\w+-badge\[.*", "", plain(head.value)) for head in app.subheader]
    return [title for title in titles if not re.fullmatch(r"\d+ cases?", title)]


def texts(app: AppTest) -> str:
    return plain(" ".join(block.value for block in app.markdown))


def lines(app: AppTest) -> list[dict[str, Any]]:
    """The list below the cards, as the page hands it to the browser."""
    protos = [str(part.proto.json) for part in app.get("bidi_component") if "printed" in str(part.proto)]
    found: list[dict[str, Any]] = json.loads(protos[0])["cases"]
    return found


def plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def case(key: str) -> Case:
    return next(each for each in load() if each.id == key)


def test_the_answer_counts_the_claims() -> None:
    app = opened()
    assert plain(app.header[0].value) == f"Of {len(load())} checked claims, 12 must not be repeated as written"
    assert len(app.title) == len(app.header) == 1
    assert cards(app) == [case(key).title for key in FEATURED]


def test_the_list_holds_every_case_with_verdict_and_source() -> None:
    found = lines(opened())
    assert [line["id"] for line in found] == [each.id for each in load()]
    assert all(line["verdict"] and line["sources"] and line["found"] for line in found)
    assert all(bool(line["open"]) != bool(line["nothing"]) for line in found)


def test_what_is_unverified_says_so_in_its_verdict_and_its_status() -> None:
    found = {line["id"]: line for line in lines(opened())}
    for each in load():
        line = found[each.id]
        assert ("unverified" in line["verdict"].lower()) == ("unverified" in (each.status, each.verdict))
        assert each.status != "unverified" or line["status"].startswith("Unverified")
        assert each.status != "rumour" or line["status"].startswith("Rumour")


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_appears_struck_with_its_correction(claim: str) -> None:
    each = next(one for one in load() if one.claim == claim)
    wrong, right = CORRECTED[claim]
    app = opened(each.title)
    said = texts(app)
    assert cards(app)[0] == each.title
    assert f"Corrected **{right}**" in said
    assert each.carry in said
    assert (f"As printed ~~{wrong}~~" if each.printed else f"As printed **{wrong}**") in said
    line = next(one for one in lines(app) if one["id"] == each.id)
    assert line["struck"] == bool(each.printed)
    assert (plain(line["printed"]), plain(line["corrected"])) == (wrong, right)
    assert line["tone"] == "orange"


def test_a_verdict_is_a_word_and_blue_or_orange_and_never_green_or_red() -> None:
    found = lines(opened())
    assert {line["tone"] for line in found} == {"blue", "orange", "gray"}
    assert {line["verdict"].removesuffix(", unverified") for line in found} == {
        case_words.verdict_word(verdict) for verdict in VERDICTS
    }


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_filter_by_verdict_shows_those_and_no_other(verdict: str) -> None:
    found = lines(opened(verdict=verdict))
    assert [line["id"] for line in found] == [each.id for each in load() if each.verdict == verdict]


def test_the_filter_by_article_shows_those_and_no_other() -> None:
    key = "article-less-is-more"
    assert [line["id"] for line in lines(opened(article=key))] == [c.id for c in load() if c.article == key]
    assert [line["id"] for line in lines(opened(article="companion"))] == [c.id for c in load() if not c.article]


def test_a_search_without_a_hit_offers_the_nearest_two() -> None:
    app = opened("gophr")
    assert "No case holds “gophr”. The nearest two:" in texts(app)
    assert cards(app)[0] == "Gopher: size"
    assert len(cards(app)) == len(lines(app)) == 2


def test_filters_that_leave_nothing_say_so() -> None:
    app = opened(verdict="stale", article="article-less-is-more")
    assert "No case has that verdict in that article. The nearest two:" in texts(app)
    assert len(cards(app)) == 2


def test_markup_in_a_search_does_nothing() -> None:
    assert "No case holds “**x** [y](z)”" in texts(opened("**x** [y](z)"))


@pytest.mark.parametrize("key", FEATURED)
def test_a_card_opens_with_its_figure_and_undo_brings_back_ones_own(key: str) -> None:
    each = case(key)
    app = opened()
    app.button(key=f"k:open:{key}").click().run()
    assert not app.exception
    shown = case_words.ours(each, ours(example_plan())[key])
    what = "an estimate" if each.opens == "estimate" else "a plan"
    assert plain(app.info[0].value).startswith(
        f"“{each.title}” is open as {what}. As printed {plain(case_words.printed(each))}; this app {plain(shown)}"
    )
    assert each.shows in plain(app.info[0].value)
    assert app.title[0].value == each.opens.capitalize()
    if each.opens == "estimate":
        assert plan(app) == example_plan().but(case=estimate_of(each))
    else:
        assert plan(app) == app.session_state["glidepath"].opened == plan_of(each, example_plan())
    app.button(key="undo").click().run()
    assert plan(app) == app.session_state["glidepath"].opened == example_plan()


def test_a_case_of_levers_opens_what_if_with_its_saving_and_undo_brings_back_ones_own() -> None:
    each = case("a3-16")
    app = opened(each.title)
    assert each.shows in texts(app)
    app.button(key="k:open:a3-16").click().run()
    assert not app.exception
    assert app.title[0].value == "What-if"
    assert plan(app) == app.session_state["glidepath"].opened == plan_of(each, example_plan())
    assert plain(case_words.ours(each, ours(example_plan())["a3-16"])) in plain(app.info[0].value)
    app.button(key="undo").click().run()
    assert plan(app) == app.session_state["glidepath"].opened == example_plan()


def test_the_estimate_page_shows_the_figure_of_the_250_words() -> None:
    app = opened()
    app.button(key="k:open:a1-15").click().run()
    shown = plain(case_words.ours(case("a1-15"), ours(example_plan())["a1-15"])).split(" (")[0]
    row = app.table[0].value.iloc[0]
    assert [plain(str(cell)) for cell in row.iloc[:2]] == ["Accelerators at work", shown]


def test_redo_opens_the_plan_of_a_case_as_the_point_of_comparison_again() -> None:
    app = opened()
    app.button(key="k:open:a1-09").click().run()
    app.button(key="undo").click().run()
    app.button(key="redo").click().run()
    assert plan(app) == app.session_state["glidepath"].opened == plan_of(case("a1-09"), example_plan())


def test_a_case_without_a_footprint_says_why_and_has_no_button() -> None:
    app = opened("DALL-E")
    assert cards(app) == ["Image generators"]
    assert case("a9-02").nothing in texts(app)
    assert not [button for button in app.button if str(button.key).startswith("k:open")]


def test_a_line_tells_its_arithmetic_with_every_input() -> None:
    line = next(one for one in lines(opened()) if one["id"] == "a1-17")
    assert [name for name, _ in line["arithmetic"]] == ["Recomputed", "Corrected"]
    assert plain(line["arithmetic"][0][1]) == (
        "Energy of machines over the same hours: machines × hours × power ÷ 1,000. "
        "With machines = 20, each_h = 200, power_w = 400: 1 600 kWh."
    )


def test_gemini_s_figure_is_that_of_the_published_footprints() -> None:
    line = next(one for one in lines(opened()) if one["id"] == "a9-01")
    assert plain(line["printed"]) == "0.24 Wh"


def test_every_figure_of_this_app_tells_its_expected_error() -> None:
    told = {line["id"]: line["error"] for line in lines(opened())}
    assert [key for key, text in told.items() if not text] == [each.id for each in load() if not each.opens]
    assert told["a0-01"] == case_words.NOT_FITTED  # memory for weights
    assert told["a1-15"].startswith(
        "Measured: this model on this accelerator, 20 settings, 8 to 974 requests at a time. Energy at work: half of "
    )
    assert "fits that had not seen any run of the developer" in told["a1-06"]
    assert told["a3-26"].count("Time of a step: ") == 2  # a ratio of throughputs rests on times, not on energies
    assert told["a3-26"].endswith(case_words.SHARED)


def test_a_card_carries_the_badge_of_its_figure() -> None:
    found = texts(opened(search="250 words at 4 J"))
    assert ":blue-badge[Measured] :gray[:small[this model on this accelerator, 20 settings" in found
    assert "-badge[Measured]" not in texts(opened(search="BitNet 70B: 7.16 times less memory"))
