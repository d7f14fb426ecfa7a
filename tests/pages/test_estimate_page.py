"""The Estimate page without a browser: every question moves the answer, and what cannot be is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results, words
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.plan import CASE
from core.results.estimate import alone, answer
from core.ui.estimate_running import TABS
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
PAGE = "pages/estimate/page.py"
PLAIN = {"\u00a0": " ", "\u2060": "", "\u202f": " ", "\\": ""}


def opened(**case: object) -> AppTest:
    """The page with a case that differs so from the usual one."""
    app = AppTest.from_file(APP, default_timeout=60)
    if case:
        app.query_params["s"] = link.encode(example_plan().but(case=CASE.but(**case)))
    return open_at(app, "estimate")


def asked(app: AppTest) -> Workload:
    found: Plan = app.session_state["glidepath"].plan
    return found.case


def plain(text: str) -> str:
    for sign, other in PLAIN.items():
        text = text.replace(sign, other)
    return text


def headline(app: AppTest) -> str:
    assert not app.exception
    assert len(app.header) == 1
    return plain(app.header[0].value)


def texts(app: AppTest) -> str:
    return plain(" ".join(block.value for block in app.markdown))


def said(app: AppTest) -> str:
    return plain(" ".join(block.value for block in (*app.warning, *app.info)))


def expected(case: Workload) -> str:
    """The headline that the engine's own figures make."""
    plan = example_plan().but(case=case)
    found = results.of(alone(plan, case))
    requests = found.values["requests"][0, 0] if case.kind == "inference" else case.runs_per_year
    low, mid, high = results.interval(found.carbon_kg()[0, 0] / requests)
    one = "request" if case.kind == "inference" else "run"
    first, phrase = words.headline(mid, low, high, words.mass_scale(mid, small=True), "CO₂e", f"a {one}")
    return plain(f"{first}, :gray[{phrase}]")


@pytest.fixture(scope="module")
def usual() -> AppTest:
    """The untouched page, read only."""
    return opened()


def test_the_page_answers_before_anybody_asks(usual: AppTest) -> None:
    assert headline(usual) == "0.38 g CO₂e a request, :gray[80 % range 0.31–0.66 g]"
    assert "14 t CO₂e a year** (80 % range 11–24 t), for 36 500 000 requests." in texts(usual)
    assert "One request of 500 tokens in, 300 out · scope 3 · operation and hardware · location-based" in texts(usual)
    assert not usual.warning


def test_there_are_at_most_five_questions_and_a_mode(usual: AppTest) -> None:
    questions = [box.label for box in usual.selectbox] + [field.label for field in usual.number_input]
    assert questions == [
        "Model", "Where it runs", "Region", "Input length, tokens", "Output length, tokens", "Requests a day",
    ]  # fmt: skip


def test_a_year_is_the_requests_times_one(usual: AppTest) -> None:
    table = usual.table[0].value
    assert list(table.columns) == ["Step", "A request", "80 % range", "A year"]
    rows = {row[0]: [plain(cell) for cell in row[1:]] for row in table.itertuples(index=False)}
    assert rows["Energy at the meter"] == ["0.91 Wh", "0.73–1.6", "33 MWh"]
    assert rows["Making of the hardware"] == ["0.032 g", "0.013–0.075", "1.2 t"]
    assert rows["Cost"] == ["$0.0028", "0.0016–0.012", "$100k"]


@pytest.mark.parametrize(
    ("key", "value", "changes"),
    [
        ("c:model", "llama3.1-8b", {"model": "llama3.1-8b"}),
        ("c:model", "deepseek-v3.2", {"model": "deepseek-v3.2", "precision": "fp8"}),
        ("c:where", "cloud:H200", {"hardware": "H200"}),
        ("c:where", "own:H100-SXM", {"hosting": "own"}),
        ("c:where", "api:", {"hosting": "api", "hardware": ""}),
        ("c:region", "FR", {"region": "FR"}),
        ("c:region", "aws:eu-north-1", {"region": "aws:eu-north-1"}),
    ],
)
def test_each_choice_moves_the_answer(key: str, value: str, changes: dict[str, object]) -> None:
    app = opened()
    before = headline(app)
    app.selectbox(key=key).select(value).run()
    assert asked(app) == CASE.but(**changes)
    assert headline(app) == expected(CASE.but(**changes)) != before


@pytest.mark.parametrize(
    ("field", "value"), [("input_tokens", 9_000.0), ("output_tokens", 50.0), ("requests_per_day", 2e6)]
)
def test_each_number_moves_the_answer(field: str, value: float) -> None:
    app = opened()
    before = headline(app)
    app.number_input(key=f"c:{field}").set_value(value).run()
    assert headline(app) == expected(CASE.but(**{field: value})) != before


@pytest.mark.parametrize(("kind", "tokens_m"), [("fine_tuning", 50.0), ("pre_training", 1_000_000.0)])
def test_training_is_answered_for_a_run(kind: str, tokens_m: float) -> None:
    app = opened()
    app.session_state["c:kind"] = kind
    app.session_state["glidepath"].plan = app.session_state["glidepath"].plan.but(
        case=CASE.but(kind=kind, tokens_per_run_m=tokens_m)
    )
    app.run()
    assert headline(app) == expected(CASE.but(kind=kind, tokens_per_run_m=tokens_m))
    assert [field.label for field in app.number_input] == [
        "Tokens per run, million tokens",
        "Passes over the data, epochs",
        "Runs a year",
    ]
    assert "api:" not in app.selectbox(key="c:where").options
    before = headline(app)
    app.number_input(key="c:tokens_per_run_m").set_value(2 * tokens_m).run()
    assert headline(app) == expected(CASE.but(kind=kind, tokens_per_run_m=2 * tokens_m)) != before
    for tab in TABS.values():
        app.session_state["c:tab"] = tab
        assert not app.run().exception


def _quantities(app: AppTest) -> dict[str, str]:
    assert not app.exception
    tables = [t.value for t in app.table if "Quantity" in t.value]
    return {row: plain(v) for t in tables for row, v in zip(t["Quantity"], t["Value"], strict=True)}


def test_the_memory_of_a_training_run_is_told() -> None:
    app = opened(kind="fine_tuning", model="llama3.3-70b", hardware="H100-SXM", tokens_per_run_m=50.0)
    told = _quantities(app)
    assert told["One run fits on at least"] == "24 accelerators in 3 servers (80 % range 16–24)"
    assert told["Weights, gradients, optimiser"] == "1 130 GB"
    assert told["Activations, on each accelerator"] == "10.0 GB"
    assert told["Taken on each of these"] == "57.1 of 80.0 GB"
    assert "On 24 accelerators" in told
    assert not app.warning


def test_a_training_run_on_too_few_accelerators_is_warned_of() -> None:
    app = opened(kind="fine_tuning", model="llama3.3-70b", hardware="H100-SXM", installed_accelerators=8)
    assert plain(app.warning[0].value).startswith(
        "Accelerators installed is 8; training every parameter keeps 1,129 GB"
    )


def test_a_model_follows_to_a_machine_that_lacks_its_arithmetic() -> None:
    app = opened(model="deepseek-v3.2", precision="fp8")
    app.selectbox(key="c:where").select("cloud:A100-80-SXM").run()
    assert asked(app).precision == "bf16"
    assert "weights are now bf16" in said(app)
    assert headline(app) == expected(CASE.but(model="deepseek-v3.2", precision="bf16", hardware="A100-80-SXM"))


def test_a_device_without_the_arithmetic_is_a_sentence_with_a_way_out() -> None:
    app = opened(precision="fp8", hardware="A100-80-SXM")
    assert headline(app) == "No figure for this combination"
    assert "Number format is fp8; A100 SXM4 80 GB computes in" in said(app)
    app.button(key="c:format").click().run()
    assert headline(app) == expected(CASE.but(hardware="A100-80-SXM", precision="bf16"))


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"accelerators": 1}, "Accelerators per copy is 1; the weights of Llama 3.3 70B take 141 GB"),
        ({"input_tokens": 8e6, "hardware": "L4"}, "no number of L4 holds it"),
        ({"region": "atlantis"}, "Region is 'atlantis'; it is neither a grid nor a cloud region of the catalog"),
        ({"model": "kimi-k3", "precision": "mxfp4"}, "its active parameters are not known"),
        ({"model": "nobody"}, "Model is 'nobody'; it is not in the catalog"),
        ({"requests_per_day": 0.0}, "Requests a day is 0; a share of nothing has no figure"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_never_a_figure(case: dict[str, object], reason: str) -> None:
    app = opened(**case)
    assert headline(app) == "No figure for this combination"
    assert reason in said(app)
    assert not app.table
    for tab in TABS.values():
        app.session_state["c:tab"] = tab
        assert not app.run().exception


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("requests_per_day", -1.0, "Requests a day is -1; it must lie in [0, 100,000,000,000] requests"),
        ("output_tokens", 0.0, "Output length is 0; it must lie in [1, 1,000,000] tokens"),
    ],
)
def test_a_refused_number_leaves_the_old_answer_in_grey(field: str, value: float, told: str) -> None:
    app = opened()
    app.number_input(key=f"c:{field}").set_value(value).run()
    assert told in said(app)
    assert asked(app) == CASE
    assert headline(app) == ":gray[0.38 g CO₂e a request, 80 % range 0.31–0.66 g · not updated]"
    assert app.number_input(key=f"c:{field}").value == getattr(CASE, field)
    app.number_input(key=f"c:{field}").set_value(7.0).run()
    assert headline(app) == expected(CASE.but(**{field: 7.0}))


def test_a_price_nobody_said_is_unknown_and_said_so() -> None:
    app = opened(hosting="api", hardware="", precision="fp8")
    rows = {row[0]: row[1] for row in app.table[0].value.itertuples(index=False)}
    assert rows["Cost"] == "unknown"
    assert "Cost is unknown, and unknown is not zero" in texts(app)


def test_the_estimate_joins_the_plan_and_undo_takes_it_out() -> None:
    app = opened(region="FR")
    before = app.session_state["glidepath"].plan
    app.button(key="c:add").click().run()
    plan = app.session_state["glidepath"].plan
    assert plan.workloads[:-1] == before.workloads
    assert plan.workloads[-1] == CASE.but(id="W7", name="Llama 3.3 70B, France (estimate)", region="FR")
    assert plan.case == before.case
    assert "“Llama 3.3 70B, France (estimate)” is in the plan now, as W7." in said(app)
    app.button(key="undo").click().run()
    assert app.session_state["glidepath"].plan == before


def test_the_everyday_equivalent_is_opt_in_and_sourced() -> None:
    app = opened()
    assert "petrol car" not in texts(app)
    app.toggle(key="c:everyday").set_value(True).run()
    assert "One request emits about as much as 2.3 m driven in an average petrol car (UK, 2024)" in texts(app)
    assert "UK government (DESNZ)" in texts(app)


def test_the_citation_holds_versions_question_answer_and_a_link_that_reopens_it() -> None:
    app = opened(region="FR")
    app.session_state["c:cite"] = True
    app.run()
    text = plain(app.code[0].value)
    plan = app.session_state["glidepath"].plan
    version = answer(plan).found.data_version
    asked_of = "one request of 500 tokens in and 300 out on Llama 3.3 70B, on H100 SXM5 80 GB, France (FR), 2026: "
    assert text.startswith(f"Glidepath, method 0.1.0, data {version}: {asked_of}72 mg CO₂e a request (80 % range ")
    assert "location-based, with the making of the hardware" in text
    assert link.decode(text.split("?s=")[1]).plan.case == plan.case


def test_places_on_another_basis_are_marked_and_not_ranked() -> None:
    app = opened(region="USST-TX")
    app.session_state["c:tab"] = TABS["places"]
    assert "not ranked with the others" in texts(app.run())
    app.session_state["c:tab"] = TABS["savings"]
    app.run()
    assert "Places are not compared" in texts(app)
    changes = [cell for table in app.table for cell in table.value.iloc[:, 0]]
    assert not [cell for cell in changes if str(cell).startswith("Same model and accelerator")]


def test_the_heat_map_tells_its_ends_and_what_is_missing() -> None:
    app = opened()
    app.session_state["c:tab"] = TABS["models"]
    text = texts(app.run())
    assert "From 0.052 g (gpt-oss-20b on L40S 48 GB) to 2.9 g" in text
    assert "yours, outlined, 0.38 g" in text
    session = app.session_state["glidepath"]
    session.plan = session.plan.but(compared_hardware=("H100-SXM", "Trainium1"))
    hatched = "Hatched, without a figure: 2 of 26 (2: the accelerator does not compute in the model's number format)."
    assert hatched in texts(app.run())


def test_what_is_compared_comes_with_the_link() -> None:
    compared = {"compared_models": ("gemma3-4b", "no-such-model"), "compared_hardware": ("B200",)}
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(example_plan().but(**compared))
    open_at(app, "estimate")
    app.session_state["c:tab"] = TABS["models"]
    text = texts(app.run())
    assert "2 models on 2 accelerators" in " ".join(plain(h.value) for h in app.subheader)
    assert "Not in the catalog, so not compared: no-such-model." in text


def test_a_choice_of_what_is_compared_goes_to_the_plan_and_can_be_undone() -> None:
    app = opened()
    app.session_state["c:tab"] = TABS["models"]
    app.session_state["c:choose"] = True
    app.run().multiselect(key="c:hardware").set_value(["H100-SXM", "L40S"]).run()
    assert app.session_state["glidepath"].plan.compared_hardware == ("H100-SXM", "L40S")
    app.button(key="undo").click().run()
    assert app.session_state["glidepath"].plan == example_plan()


def test_every_chart_has_a_sentence_and_a_table() -> None:
    app = opened()
    for tab in list(TABS.values())[:3]:
        app.session_state["c:tab"] = tab
        app.run()
        assert len([panel for panel in app.expander if panel.label == "The same as a table"]) == 1
