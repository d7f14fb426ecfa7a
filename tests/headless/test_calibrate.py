"""`python -m core calibrate`: a meter's word goes into a plan CSV; what cannot be is said, with exit status 2."""

from pathlib import Path

import pytest

from core import results, table
from core.__main__ import main
from core.plan.example import FILE, example_plan

SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
MONTH = ["--first-day", "2026-03-01", "--last-day", "2026-03-31"]
THREE = ["--workload", "W2", "--kwh", "3"]
TYPED = ["--workload", "W2", "--kwh", "3000", "--boundary", "server", *MONTH]
SLURM = ["--workload", "W5", "--meter", str(SAMPLES / "slurm_sacct.psv"), "--boundary", "server"]


@pytest.fixture
def ask(tmp_path, capsys):
    """Run the command on the example: exit status, the plan written, what was said."""

    def answer(*words, plan=FILE):
        target = tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        status = main(["calibrate", str(plan), "-o", str(target), *words])
        found = table.read_plan(target.read_text(encoding="utf-8")).plan if target.exists() else None
        return status, found, capsys.readouterr().err

    return answer


def test_a_typed_measurement_goes_into_the_plan_and_nothing_else_moves(ask):
    status, plan, said = ask(*TYPED)
    assert status == 0
    assert plan.without_calibration("W2") == example_plan()
    assert results.of(plan).measured["W2"].factor[0] == pytest.approx(1.1264, rel=1e-3)
    assert "the meter says 1.126 times the estimate at the server: 3000 kWh" in said
    assert "activity at the plan's own rate: 200651" in said


def test_a_file_is_read_and_told(ask):
    status, plan, said = ask(*SLURM, "--exclusive", "--runs", "0.06")
    assert status == 0
    found = plan.calibration("W5")
    assert (found.metered_kwh, found.metered_while, found.source) == (pytest.approx(7.6), "at_work", "slurm_sacct.psv")
    assert (found.first_day, found.last_day, len(found.file_sha256)) == ("2026-10-25", "2026-10-26", 64)
    assert "left out: jobs without an energy, missing and not 0: 910002" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--workload", "W9", "--kwh", "1"], "workload 'W9' is not in the plan; it has W1, W2, W3, W4, W5, W6"),
        (["--workload", "W2"], "give the meter's file, or --kwh with its days: one of the two"),
        ([*THREE, *MONTH], "say where the meter stands: --boundary board, server or facility"),
        (
            [*THREE, "--boundary", "server"],
            "say the days the meter covers: --first-day and --last-day, as 2026-03-01",
        ),
        (
            [*THREE, "--boundary", "rack", *MONTH],
            "metered_at is 'rack'; it must be one of board, server, facility",
        ),
        (["--workload", "W1", *TYPED[2:]], "hosting is 'api'; the machines of a bought service are its provider's"),
        (SLURM, "say that these jobs had their nodes to themselves (--exclusive)"),
        ([*SLURM, "--exclusive"], "say how many training runs the meter saw: --runs"),
        (
            ["--workload", "W2", "--meter", str(SAMPLES / "codecarbon_emissions_v3.3.0_ragged.csv")],
            "row 3: it has 35 cells; it must have 38, one for each column",
        ),
        (["--workload", "W2", "--meter", "nowhere.csv"], "nowhere.csv: No such file or directory"),
        (
            ["--workload", "W2", "--kwh", "30000", "--boundary", "server", *MONTH],
            "not used: the meter says 5,040 W for each of the 8 accelerators the plan holds",
        ),
        (
            [*THREE, "--boundary", "server", "--first-day", "2031-01-01", "--last-day", "2031-01-31"],
            "last_day is 2031-01-31; it must not be after today",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(ask, words, sentence):
    status, plan, said = ask(*words)
    assert (status, plan) == (2, None)
    assert sentence in said


def test_a_calibration_that_does_not_act_is_said_with_the_results(ask, tmp_path, capsys):
    _, plan, _ = ask(*TYPED)
    file = tmp_path / "plan.csv"
    file.write_text(table.write_plan(plan.with_workload("W2", model="llama3.1-8b")), encoding="utf-8")
    assert main(["plan", str(file), "-o", str(tmp_path / "results.csv")]) == 1
    said = capsys.readouterr().err
    assert "W2: not calibrated: its model was llama3.3-70b when it was metered and is now llama3.1-8b" in said


def test_a_job_that_draws_less_than_its_accelerators_do_idle_is_refused_with_its_row(ask, tmp_path):
    text = Path(SLURM[3]).read_text(encoding="utf-8").replace("|3900|COMPLETED|18720000", "|3900|COMPLETED|187200")
    low = tmp_path / "jobs.psv"
    low.write_text(text, encoding="utf-8")
    status, plan, said = ask(*SLURM[:3], str(low), *SLURM[4:], "--exclusive", "--runs", "0.06")
    assert (status, plan) == (2, None)
    assert (
        "jobs.psv: row 2, job 910001, draws 48 W while it runs; idle, 8 of the workload's accelerators draw 520 W"
        in said
    )
