"""Published pairs on the pages: Methods and each lever's assumptions say what the score and the file say."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import catalog as facts
from core.evidence import score
from core.evidence.foretold import foretold, published
from core.results import effects
from core.ui import evidence, lever_words
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
ABOUT = "Predicted against published effect of levers"


def _plain(text: str) -> str:
    for sign, other in {"\u00a0": " ", "\u2060": "", "\\": "", "\u202f": " "}.items():
        text = text.replace(sign, other)
    return text


def _text(app: AppTest) -> str:
    return _plain(" ".join(block.value for block in app.markdown))


@pytest.fixture(scope="module")
def accuracy() -> AppTest:
    """The Accuracy tab with both lists of pairs open, read only."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["methods_tab"] = "Accuracy"
    app.session_state[f"table:{ABOUT}"] = True
    app.session_state["apart:levers"] = True
    return open_at(app, "methods")


def test_the_accuracy_tab_says_how_near_the_predicted_ratios_are(accuracy: AppTest) -> None:
    assert not accuracy.exception
    found = score.overall()
    percent = found.median_error_share * 100
    near = f"{percent:.2g}" if percent < 9.95 else f"{percent:.0f}"
    said = (
        f"Of {found.n} measured pairs half are predicted within {near} % of the ratio, the direction right in "
        f"{found.right} of {found.judged}."
    )
    assert said in _text(accuracy)
    assert "3 levers together left 21 % of the energy" in _text(accuracy)
    assert "the product of what each left alone says 34 %" in _text(accuracy)


def test_every_lever_has_its_score_on_the_accuracy_tab(accuracy: AppTest) -> None:
    (table,) = [t.value for t in accuracy.table if "Lever" in t.value.columns and "Direction" in t.value.columns]
    expected = [(f"{one.n} pair", f"{one.right} of {one.judged} right") for one in score.by_lever()]
    shown = [
        (_plain(n).removesuffix("s"), _plain(right))
        for n, right in zip(*(table[name] for name in ("Pairs", "Direction")), strict=True)
    ]
    assert shown == expected


def test_the_same_as_a_table_holds_every_predicted_pair(accuracy: AppTest) -> None:
    (table,) = [
        t.value for t in accuracy.dataframe if "Published" in t.value.columns and "Predicted" in t.value.columns
    ]
    assert list(table["Published"]) == [row.published for row in foretold()]
    assert list(table["Predicted"]) == pytest.approx([row.ratio for row in foretold()])


def test_what_is_not_predicted_says_why(accuracy: AppTest) -> None:
    (table,) = [t.value for t in accuracy.table if "Why" in t.value.columns and "Of" in t.value.columns]
    rest = [pair for pair in published() if pair.not_computed]
    assert len(table) == len(rest)
    assert next(iter(table["Of"])) == "energy"
    shown = {_plain(text).lower() for text in table["Why"]}
    assert {pair.not_computed.lower() for pair in rest} == shown


def test_a_lever_says_how_many_pairs_were_measured_and_how_near_we_come() -> None:
    said = _plain(lever_words.evidence(effects.usual(facts.load().levers["moe_vs_dense"])))
    rows = [row for row in foretold() if row.pair.lever == "moe_vs_dense"]
    assert f"**Published pairs:** {len(rows)} pairs; we predict half of the ratios within" in said
    right = sum((row.ratio < 1) == (row.published < 1) for row in rows)
    assert f"the direction right in {right} of {len(rows)}." in said


def test_a_lever_whose_pairs_cannot_be_predicted_says_why() -> None:
    said = _plain(evidence.line("power_cap_inference"))
    assert said.startswith("2 pairs, none that we can predict: neither the model nor the number of accelerators")
    assert evidence.line("offsets") == ""


def test_the_assumptions_of_a_lever_list_its_pairs() -> None:
    app = open_at(AppTest.from_file(APP, default_timeout=60), "what-if")
    app.session_state["lever:newer_gpu:more"] = True
    app.run()
    assert not app.exception
    (table,) = [t.value for t in app.table if "Pair" in t.value.columns]
    rows = [row for row in foretold() if "newer_gpu" in row.pair.levers]
    assert len(table) == len(rows)
    assert "1 × H100 SXM" in _plain(table["Pair"].iloc[0])
    first = rows[0]
    assert _plain(table["After ÷ before"].iloc[0]) == f"1.03 published, {first.ratio:.3f} predicted"
    assert _plain(table["Off by"].iloc[0]).endswith("% off")
