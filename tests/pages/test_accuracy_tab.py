"""The Accuracy tab: its answer, its charts and tables say what the files say; each figure tells its expected error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import link, results
from core.methods import accuracy_training as training
from core.methods import error_of
from core.methods.figures import figures
from core.plan import Plan
from core.plan.example import example_plan
from core.results.factors import factors
from core.results.near import near
from core.ui import expected
from core.ui.methods_accuracy import TESTED
from tests.foretold import HELD, MODELS, ROWS, middle, ratio
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
DENSE = {key for key, model in MODELS.items() if model["experts"] in ("", "0")}


def _open(tab: str = "Accuracy", figure: str = "", plan: Plan | None = None) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["methods_tab"] = tab
    if figure:
        app.query_params["figure"] = figure
    if plan is not None:
        app.query_params["s"] = link.encode(plan)
    return open_at(app, "methods")


def _text(app: AppTest) -> str:
    return _plain(" ".join(block.value for block in app.markdown))


def _plain(text: str) -> str:
    for sign, other in {"\u00a0": " ", "\u2060": "", "\\": "", "\u202f": " "}.items():
        text = text.replace(sign, other)
    return text


def _pct(share: float) -> str:
    return f"{share * 100:.2g}" if share < 0.0995 else f"{share * 100:.0f}"


@pytest.fixture(scope="module")
def opened() -> AppTest:
    """The tab, read only."""
    return _open()


def test_the_answer_is_that_of_the_raw_rows(opened: AppTest) -> None:
    assert not opened.exception
    ratios = [ratio(key, "unseen_pair") for key in ROWS]
    half = middle([abs(r - 1) for r in ratios])
    near = sum(0.8 <= r <= 1.25 for r in ratios) / len(ratios)
    said = (
        f"Half of 712 measured settings are estimated within {_pct(half)} % by fits that had not seen their model on "
        f"their accelerator; {_pct(near)} % within a quarter"
    )
    assert said in _text(opened)


def test_both_charts_have_a_sentence_and_a_table(opened: AppTest) -> None:
    charts = opened.get("vega_lite_chart") or opened.get("arrow_vega_lite_chart")
    panels = [panel for panel in opened.expander if panel.label == "The same as a table"]
    assert len(charts) == len(panels) >= 2
    assert "within a quarter; the furthest off is" in _text(opened)
    assert "fewer than 5 models, not calibratable" in _text(opened)


@pytest.mark.parametrize("hold_out", TESTED)
def test_the_table_holds_every_measurement_as_the_files_have_it(hold_out: str) -> None:
    app = _open()
    app.session_state["m:tested"] = hold_out
    app.session_state["table:Estimated against measured energy per output token"] = True
    app.run()
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) == len(ROWS)
    column = f"predicted_{hold_out}_j_per_output_token"
    assert list(table["Estimated, J/token"]) == [float(HELD[key][column]) for key in ROWS]
    assert list(table["Measured, J/token"]) == [
        float(r["energy_accelerator_j_per_output_token"]) for r in ROWS.values()
    ]


def test_every_kind_says_how_many_rows_and_models_and_what_cannot_be_calibrated() -> None:
    app = _open()
    app.session_state["table:Errors by kind of setting"] = True
    app.run()
    table = app.dataframe[0].value
    assert len(table) == 22
    assert (table["Rows"] > 0).all()
    few = [models < 5 for models in table["Models"]]
    assert [cell == "not calibratable" for cell in table["Four in five, measured ÷ estimated"]] == few
    assert any(few)


def test_what_fails_and_what_is_extrapolated_stand_by_name(opened: AppTest) -> None:
    fails = next(t.value for t in opened.table if "At worst" in t.value.columns)
    assert len(fails) == 12
    assert fails["Setting"][0].startswith("Qwen3 Coder 480B-A35B in fp8 on B200")
    assert all(fails["Why"])
    beyond = next(t.value for t in opened.table if "Measured" in t.value.columns and "Of" in t.value.columns)
    told = dict(zip(beyond["Of"], beyond["Measured"], strict=True))
    assert told["Prompt"] == "up to 1,500 tokens"
    assert "python -m core fit --report" in _text(opened)


def test_the_coverage_says_what_cannot_be_calibrated(opened: AppTest) -> None:
    table = next(t.value for t in opened.table if "Regime" in t.value.columns)
    assert len(table) == 1 + 4 + 3 + 10
    block = table[[name.startswith("Experts in block-FP8") for name in table["Regime"]]]
    assert set(block["Unseen pair"]) == set(block["Unseen accelerator"]) == {"not calibrat\u00adable"}
    least = table[table["Regime"] == "Dense, 2 to 16"]["Range without it too"].iloc[0].replace("\u00a0", " ")
    assert f"It holds least for “Dense, 2 to 16”: {least}, where 2 types were measured" in _text(opened)


def test_the_weak_spots_stand_in_words(opened: AppTest) -> None:
    table = next(t.value for t in opened.table if "How far off" in t.value.columns)
    said = [_plain(f"{far} {why}") for far, why in zip(table["How far off"], table["Why"], strict=True)]
    spots = dict(zip(map(_plain, table["Where"]), said, strict=True))
    code = spots["Code completion"]
    ratios = [
        float(HELD[k]["predicted_unseen_pair_j_per_output_token"]) / float(r["energy_accelerator_j_per_output_token"])
        for k, r in ROWS.items()
        if r["series"].endswith("fim")
    ]
    half = sorted(abs(r - 1) for r in ratios)
    assert f"Half of 34 settings are off by more than {_pct((half[16] + half[17]) / 2)} %" in code
    assert "2 models on one accelerator type: Qwen3 Coder 480B-A35B by" in code
    assert "not calibratable" in code
    assert any(name.startswith("Qwen3 Coder 480B-A35B in fp8 on B200") for name in spots)
    assert "Energy −40 %" in spots["Training of GPT-3 175B on V100"]
    assert "4 metered runs of 2 developers" in spots["Energy of a training run whose hours are known"]
    assert "not calibratable" in spots["Energy of a training run whose hours are known"]
    assert "220 tokens are assumed" in spots["Chat prompts of the newest measurements"]


def test_what_the_choice_of_terms_costs_stands_beside_the_plain_errors(opened: AppTest) -> None:
    table = next(t.value for t in opened.table if "Tested on" in t.value.columns)
    assert list(table["Tested on"]) == [
        "Unseen pair, terms in use", "Unseen pair, chosen anew",
        "Unseen accelerator, terms in use", "Unseen accelerator, chosen anew",
    ]  # fmt: skip
    assert "Unseen pair: 8 choices, each leaving out 0 to" in _text(opened)


def test_training_is_told_in_hours_and_energy(opened: AppTest) -> None:
    found = training.overall("developer_left_out")
    said = f"Training: half of {found.n} published runs are within {_pct(found.median_share)} % in hours"
    assert said in _text(opened)
    energy = next(t.value for t in opened.table if "Metered" in t.value.columns)
    assert len(energy) == len(training.metered())


def test_a_training_estimate_tells_the_error_of_published_runs() -> None:
    plan = example_plan().with_workload("W6", mfu=None)
    app = _open("Figures", "used_h", plan)
    app.selectbox(key="m:workload").select("W6").run()
    found = training.overall("developer_left_out")
    said = f"Half of {found.n} runs are within {_pct(found.median_share)} %; four in five took "
    assert _error(app).startswith(f"Hours of computing. {said}")


def test_a_link_opens_the_tab() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["methods_tab"] = "Accuracy"
    app = open_at(app, "methods")
    assert "measured settings are estimated within" in _text(app)


# -- the expected error of any figure

EXACT = "Exact arithmetic on what the plan says: no error beyond what was typed."
INPUTS = "No fitted model is in it. Ranges of what goes in: "
OTHER = "This figure belongs to the other kind of workload."
STARTS = (
    "Energy of accelerators at work. ",
    "Time of a step. ",
    "Power of an accelerator. ",
    "Hours of computing. ",
    "Energy of those hours: ",
    EXACT,
    INPUTS,
    OTHER,
)


def _error(app: AppTest) -> str:
    """What stands under "Expected error"."""
    written = [block.value.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ") for block in app.markdown]
    found = [text for text in written if text.startswith(STARTS)]
    assert len(found) == 1, written
    return found[0]


@pytest.mark.parametrize("key", [w.id for w in example_plan().workloads])
def test_every_figure_of_every_workload_has_an_expected_error(key: str) -> None:
    plan = example_plan()
    workload = plan.workload(key)
    assert workload is not None
    found = results.of(plan)
    mine, one = factors(plan, workload), near(found, workload, plan.shown_year())
    for name, figure in figures().items():
        kind = workload.kind if figure.last_steps(workload.kind) else ""
        cause = error_of.cause_of(figure, kind, error_of.behind(figure, kind, mine)) if kind else "other"
        told = expected.of_figure(cause, one, error_of.behind(figure, kind, mine))
        assert told.startswith(STARTS), name
        if cause == "exact" and name in found.values:
            values = found.values[name][found.of(key)]
            same = (values == values[:, :1]) | np.isnan(values)
            assert same.all(), f"{name} is told as exact, and yet varies over the draws"


@pytest.mark.parametrize(
    ("figure", "workload", "start"),
    [
        ("carbon_location_kg", "W2", "Energy of accelerators at work. Beyond what was measured, and nothing says"),
        ("energy_accelerator_kwh", "W1", "Energy of accelerators at work. Beyond what was measured, and nothing says"),
        ("step_time_s", "W2", "Time of a step. "),
        ("power_accelerator_w", "W2", "Power of an accelerator. "),
        ("requests", "W2", "No fitted model is in it. Ranges of what goes in: Growth."),
        ("memory_weights_byte", "W2", EXACT),
        ("memory_weights_byte", "W1", "No fitted model is in it. Ranges of what goes in: All parameters."),
        ("used_h", "W6", "Hours of computing. The hours carry no error of the model's: the share of peak is entered."),
        ("step_time_s", "W6", OTHER),
    ],
)
def test_a_figure_says_which_error_is_its_own(figure: str, workload: str, start: str) -> None:
    app = _open("Figures", figure)
    app.selectbox(key="m:workload").select(workload).run()
    assert _error(app).startswith(start)


def test_a_measured_workload_tells_the_error_of_its_regime() -> None:
    plan = example_plan().with_workload("W2", input_tokens=1_000.0, batch=64.0)
    error = _error(_open("Figures", "energy_accelerator_kwh", plan))
    dense = [
        key
        for key, row in ROWS.items()
        if 17 <= float(row["batch"]) < 129 and row["model"] in DENSE
    ]  # fmt: skip
    half = middle([abs(ratio(key, "unseen_pair") - 1) for key in dense])
    said = f"Half of {len(dense)} settings of dense models at 17 to 128 requests at a time are within {_pct(half)} %"
    assert f"Energy of accelerators at work. {said}; four in five were measured at " in error
    assert "(fits that had not seen the model on the accelerator). Its 80 % range holds this error." in error


def test_a_kind_of_too_few_models_is_told_as_such() -> None:
    changes = {"model": "deepseek-r1", "hardware": "B200", "precision": "fp8", "input_tokens": 500.0, "batch": 64.0}
    error = _error(_open("Figures", "energy_accelerator_kwh", example_plan().with_workload("W2", **changes)))
    assert "with 3 models a range is not calibratable" in error
