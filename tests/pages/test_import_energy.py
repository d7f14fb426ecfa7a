"""Energy files and files of hours on the Import page: a measurement of a workload, hours of a grid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.link import encode
from core.plan import Plan, Workload
from core.ui import import_file
from tests.pages.open_at import open_at
from tests.pages.typed import fill

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "imports" / "samples"
FRESH = ("codecarbon_fresh_3.3.2.csv", (SAMPLES / "codecarbon_fresh_3.3.2.csv").read_bytes())
LLAMA = Workload(
    id="W1", name="Chat", model="llama3.1-8b", region="DE", requests_per_day=43_200, input_tokens=1_500,
    output_tokens=300, accelerators=1, installed_accelerators=1,
)  # fmt: skip
OURS = Plan(name="Ours", workloads=(LLAMA,))
T0 = datetime(2026, 3, 2, tzinfo=UTC)
HOUR_MS = 3_600_000


def _open(plan: Plan | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if plan is not None:
        app.query_params["s"] = encode(plan)
    app = open_at(app, "import")
    assert not app.exception
    return app


def _give(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key=import_file.UPLOAD).set_value([(name, raw, "text/plain") for name, raw in files]).run()
    assert not app.exception
    return app


def _fill(app: AppTest, ends: dict[str, object]) -> AppTest:
    """Fill the widgets whose keys end so."""
    for kind in (app.number_input, app.text_input, app.selectbox, app.checkbox):
        for widget in kind:
            found = next((value for end, value in ends.items() if str(widget.key).endswith(end)), None)
            if found is not None:
                fill(widget, found)
    app.run()
    assert not app.exception
    return app


def _press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _said(app: AppTest) -> str:
    said = "\n".join(str(part.value) for kind in (app.markdown, app.warning, app.info) for part in kind)
    return said.replace("\\", "").replace("\u2060", "").replace("\xa0", " ").replace("\u202f", " ")


def _joules(value: float, hours: int) -> str:
    at = int((T0 + timedelta(hours=hours)).timestamp() * 1_000)
    return f'kepler_node_gpu_joules_total{{gpu="0",gpu_name="NVIDIA H100 80GB HBM3",node_name="n1"}} {value} {at}'


def _tokens(value: float, hours: int) -> str:
    at = int((T0 + timedelta(hours=hours)).timestamp() * 1_000)
    labels = 'model_name="meta-llama/Llama-3.1-8B-Instruct",engine="0"'
    return "\n".join((
        f"vllm:prompt_tokens_total{{{labels}}} {1_500 * value} {at}",
        f"vllm:generation_tokens_total{{{labels}}} {300 * value} {at}",
        f'vllm:request_success_total{{{labels},finished_reason="stop"}} {value} {at}',
    ))  # fmt: skip


ENERGY = ("kepler.prom", f"{_joules(0, 0)}\n{_joules(4e7, 24)}\n".encode())


def _scrapes(hours: int) -> tuple[str, bytes]:
    return "vllm.prom", f"{_tokens(0, 0)}\n{_tokens(40_000, hours)}\n".encode()


def test_a_fresh_run_of_codecarbon_becomes_a_measured_workload() -> None:
    app = _give(_open(), FRESH)
    assert "2 boards: NVIDIA H100 80GB HBM3" in _said(app)
    assert "**Region** Germany: taken as Germany" in _said(app)
    app = _press(_fill(app, {":new:tokens_per_run_m": 0.3}), "Add this workload")
    (made,) = _plan(app).workloads
    assert (made.kind, made.hardware, made.accelerators, made.region) == ("fine_tuning", "H100-SXM", 2, "DE")
    assert (made.runs_per_year, made.tokens_per_run_m) == (2.0, 0.3)
    app = _fill(app, {"W1:covers": True})
    assert "Beyond that meter the plan keeps its own estimate: cooling and supply of the site" in _said(app)
    app = _press(app, "Use this measurement")
    taken = _plan(app).calibration("W1")
    assert taken is not None
    assert (taken.metered_at, taken.served_runs, taken.source) == ("server", 2.0, FRESH[0])
    assert taken.metered_kwh == pytest.approx(0.00943, rel=1e-3)
    assert "Use this measurement" not in [button.label for button in app.button]
    app = _press(app, "Undo")
    assert _plan(app).calibration("W1") is None


def test_a_run_that_cannot_measure_the_estimate_keeps_its_energy_beside_the_plan() -> None:
    """A machine without accelerators: far below the server that stands in for it."""
    name = "codecarbon_fresh_3.3.2_no_gpu.csv"
    app = _press(_give(_open(), (name, (SAMPLES / name).read_bytes())), "Add this workload")
    app = _fill(app, {"W1:covers": True})
    assert "Not used: measured over estimated is 0.035; it must lie in [0.2, 5]." in _said(app)
    (keep,) = [button.label for button in app.button if button.label.startswith("Keep ")]
    assert keep.replace("\xa0", " ") == "Keep 0.479 Wh as measured in 2026-11"
    (row,) = _plan(_press(app, keep)).actuals
    assert (row.workload, row.runs, row.source) == ("W1", 2.0, name)
    assert row.energy_facility_kwh == pytest.approx(0.00031107 * 1.54, rel=1e-3)
    assert keep not in [button.label for button in app.button]


def test_vllm_and_energy_of_the_same_day_calibrate_together() -> None:
    app = _give(_open(OURS), ENERGY, _scrapes(24))
    assert "vLLM answered 40 000 requests of meta-llama/Llama-3.1-8B-Instruct meanwhile: filled in below." in _said(app)
    app = _press(_fill(app, {"W1:covers": True}), "Use this measurement")
    taken = _plan(app).calibration("W1")
    assert taken is not None
    assert (taken.served_requests, taken.served_from, taken.metered_at) == (40_000.0, "counted", "board")
    assert taken.metered_kwh == pytest.approx(4e7 / 3.6e6)


def test_a_file_that_is_put_away_is_put_away_for_the_workload_too() -> None:
    app = _give(_open(OURS), ENERGY)
    drafts = app.session_state["glidepath"].drafts
    assert drafts["meter:W1:files"] == (ENERGY,)
    _press(app, "Forget the files")
    assert "meter:W1:files" not in drafts


def test_scrapes_of_another_time_are_not_taken_for_the_meters_requests() -> None:
    app = _give(_open(OURS), ENERGY, _scrapes(12))
    said = (
        "12 h lie between the scrapes, the meter ran for 24 h; the two may differ by 10%: give both for the same time."
    )
    assert f"vLLM's requests are not used: {said}" in _said(app)


def test_hours_of_a_grid_take_the_reference_years_place() -> None:
    rows = [f"{T0 + timedelta(hours=n):%Y-%m-%d %H:%M:%S},DE,{300 + n % 24},{345 + n % 24}" for n in range(1_500)]
    head = (
        "Datetime (UTC),Zone id,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh (Life cycle)"
    )  # fmt: skip
    raw = "\n".join((head, *rows, "")).encode()
    app = _give(_open(OURS), ("de.csv", raw))
    assert "de.csv: Electricity Maps. Is this right?" in _said(app)
    app = _press(_fill(app, {":basis": "direct"}), "Use these hours for Germany")
    (file,) = _plan(app).hours_files
    assert (file.region, file.hours_basis, file.mean_g_per_kwh) == ("DE", "direct", pytest.approx(311.5, abs=0.1))
    assert "stands for Germany in this plan" in _said(app)
    assert not _plan(app).with_hours(app.session_state["glidepath"].hours).hours_missing()


def test_a_broken_energy_file_says_why_and_changes_nothing() -> None:
    ragged = (SAMPLES / "codecarbon_emissions_v3.3.0_ragged.csv").read_bytes()
    app = _give(_open(OURS), ("emissions.csv", ragged))
    assert "Not taken: emissions.csv, row 3: it has 35 cells" in _said(app)
    assert _plan(app) == OURS
