"""`python -m core import`: a plan from files, or more in a plan at hand; what is told; and what ends it."""

import csv
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import results
from core.__main__ import main
from core.commands.import_files import Progress, wrapped
from core.imports.usage.kinds import known_kinds
from core.table import read_plan

SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
USAGE, DAILY = SAMPLES / "openai_usage_completions.json", SAMPLES / "litellm_daily_user_spend.csv"
OWN = "day,llm,tokens_in,tokens_out,calls,who\n2026-03-01,gpt-4o,1000,20,3,canary-9\n"


def run(*arguments):
    return main(["import", *map(str, arguments)])


def plan_of(path):
    return read_plan(path.read_text(encoding="utf-8")).plan


def test_files_of_two_kinds_become_a_plan_that_re_adds_to_them(tmp_path, capsys):
    out = tmp_path / "plan.csv"
    assert run(DAILY, USAGE, "-o", out) == 0
    tokens_a_year = [w.requests_per_day * w.operating_days * w.input_tokens for w in plan_of(out).workloads]
    two_days, one_day = 365 / 2, 365
    assert sorted(tokens_a_year) == pytest.approx([120e6 * two_days, 141.6e6 * two_days, 72e6 * one_day])
    said = capsys.readouterr().err
    assert "read 3 rows of OpenAI usage and costs (JSON) (openai_usage_completions.json): 138,000 requests" in said
    assert "never read: api_key, api_requests" in said


def test_a_file_given_again_changes_nothing(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    run(USAGE, "-o", first)
    assert run(USAGE, "--plan", first, "-o", second) == 0
    assert plan_of(second) == plan_of(first)


def test_a_machine_that_is_hired_for_fewer_hours_next_time_is_told_without_a_number_for_blank(tmp_path, capsys):
    bill = (SAMPLES / "focus_1_2_cost_and_usage.csv").read_text(encoding="utf-8")
    bill = bill.replace("SYNTHETIC 8xH100", "Standard_NC40ads_H100_v5")
    whole, half = tmp_path / "whole.csv", tmp_path / "half.csv"
    whole.write_text(bill, encoding="utf-8")
    half.write_text(bill.replace(",24,Hours", ",12,Hours"), encoding="utf-8")
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert run(whole, "-o", first) == run(half, "--plan", first, "-o", second) == 0
    machine = next(w for w in plan_of(second).workloads if w.hosting == "cloud")
    assert (machine.hardware, machine.installed_accelerators, machine.operating_days) == ("H100-NVL", None, 182.5)
    said = capsys.readouterr().err
    assert "installed_accelerators 1 -> blank, accelerators blank -> 1, operating_days 365 -> 182.5" in said


def test_a_copy_of_a_file_counts_once(tmp_path, capsys):
    copy, out = tmp_path / "z.json", tmp_path / "plan.csv"
    copy.write_bytes(USAGE.read_bytes())
    assert run(USAGE, copy, "-o", out) == 0
    said = capsys.readouterr().err
    assert "z.json is openai_usage_completions.json once more, byte for byte: counted once" in said
    assert "138,000 requests" in said


def test_a_table_of_ones_own_is_read_by_its_answers(tmp_path, capsys):
    table, out = tmp_path / "own.csv", tmp_path / "plan.csv"
    table.write_text(OWN.replace("llm", "which"), encoding="utf-8")
    assert run(table, "-o", out) == 1
    assert "own.csv: no row counts" in capsys.readouterr().err
    assert run(table, "-o", out, "--answer", "column.model=which") == 0
    (workload,) = plan_of(out).workloads
    assert (workload.requests_per_day, workload.model) == (3, "gpt-4o")


def test_a_measurement_that_cannot_be_true_is_told_and_the_rest_is_read(tmp_path, capsys):
    out = tmp_path / "plan.csv"
    assert run(DAILY, SAMPLES / "codecarbon_emissions.csv", "-o", out, "--answer", "tokens_per_run_m=9000") == 0
    said = capsys.readouterr().err
    assert "not used: measured over estimated is 0.001; it must lie in [0.2, 5]" in said
    assert "its energy is kept as a measured row of 2026-03" in said
    plan = plan_of(out)
    assert [row.energy_facility_kwh for row in plan.actuals] == [pytest.approx(0.87 * 1.54, rel=1e-3)]
    assert (len(plan.workloads), plan.calibrations) == (2, ())


ENDED = {
    "no such file": (["nowhere.csv"], "nowhere.csv: no such file"),
    "no answer": ([DAILY, "--answer", "zone"], "--answer is 'zone'; it must be KEY=VALUE"),
    "no zone": ([DAILY, "--zone", "Mars"], "'Mars' is not a time zone; name one like Europe/Berlin, or UTC"),
    "nothing to read": (
        [SAMPLES / "codecarbon_emissions_v3.3.0_ragged.csv"],
        "codecarbon_emissions_v3.3.0_ragged.csv, row 3: it has 35 cells; it must have 38, one for each column; "
        "CodeCarbon 3.3.0 drops empty cells when it appends (3.3.2 does not): every value after a gap has moved",
    ),
}


@pytest.mark.parametrize("name", ENDED)
def test_what_cannot_be_used_ends_it_and_writes_nothing(name, tmp_path, capsys):
    arguments, sentence = ENDED[name]
    out = tmp_path / "plan.csv"
    assert run(*arguments, "-o", out) == 2
    assert capsys.readouterr().err == f"{sentence}\n"
    assert not out.exists()


def test_an_answer_that_nothing_asks_is_told(tmp_path, capsys):
    assert run(DAILY, "-o", tmp_path / "plan.csv", "--answer", "zon=UTC") == 1
    assert "--answer zon: these files do not ask it; they ask covered_days, zone" in capsys.readouterr().err


def test_an_answer_that_is_no_number_is_told_and_fails(tmp_path, capsys):
    assert run(DAILY, "-o", tmp_path / "plan.csv", "--answer", "covered_days=abc") == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "--answer covered_days is 'abc', no number above 0; what was found is taken" in told


def test_progress_tells_the_share_the_rate_and_the_time_that_is_left(monkeypatch, capsys):
    clock = iter([0.0, 0.5, 20.0, 20.1])
    monkeypatch.setattr("core.commands.import_files.monotonic", lambda: next(clock))
    progress = Progress()
    progress(1_000_000, 400_000_000)
    progress(100_000_000, 400_000_000)
    progress(101_000_000, 400_000_000)
    progress.end()
    assert capsys.readouterr().err == "25% of 400 MB, 5.0 MB/s, 60 s left\n"


def joules(value, hours):
    at = 1_772_409_600_000 + hours * 3_600_000  # 2026-03-02 00:00 UTC
    return f'kepler_node_gpu_joules_total{{gpu="0",gpu_name="NVIDIA H100 80GB HBM3",node_name="n1"}} {value} {at}\n'


def counted(requests, hours):
    at, labels = 1_772_409_600_000 + hours * 3_600_000, 'model_name="meta-llama/Llama-3.1-8B-Instruct",engine="0"'
    return (
        f"vllm:prompt_tokens_total{{{labels}}} {1_500 * requests} {at}\n"
        f"vllm:generation_tokens_total{{{labels}}} {300 * requests} {at}\n"
        f'vllm:request_success_total{{{labels},finished_reason="stop"}} {requests} {at}\n'
    )


@pytest.fixture
def scrapes(tmp_path):
    """Energy of a board over a day, and what its server answered meanwhile."""
    energy, usage = tmp_path / "kepler.prom", tmp_path / "vllm.prom"
    energy.write_text(joules(0, 0) + joules(4e7, 24))
    usage.write_text(counted(0, 0) + counted(40_000, 24))
    return energy, usage


def test_vllm_and_the_energy_of_the_same_day_make_a_measured_workload(tmp_path, scrapes, capsys):
    out = tmp_path / "plan.csv"
    assert run(*scrapes, "-o", out) == 0
    plan = plan_of(out)
    (workload,), (taken,) = plan.workloads, plan.calibrations
    assert (workload.requests_per_day, workload.input_tokens, workload.model) == (40_000, 1_500, "llama3.1-8b")
    assert (taken.served_requests, taken.served_from, taken.metered_kwh) == (
        40_000,
        "counted",
        pytest.approx(11.11, 1e-3),
    )
    assert "vLLM answered 40,000 requests of meta-llama/Llama-3.1-8B-Instruct meanwhile" in capsys.readouterr().err


def test_calibrate_takes_the_requests_of_scrapes_and_refuses_those_of_another_time(tmp_path, scrapes, capsys):
    energy, usage = scrapes
    plan, out = tmp_path / "plan.csv", tmp_path / "measured.csv"
    run(usage, "-o", plan)
    words = ["calibrate", str(plan), "--workload", "W1", "--meter", str(energy), "--usage", str(usage), "-o", str(out)]
    assert main(words) == 0
    assert plan_of(out).calibrations[0].served_requests == 40_000
    usage.write_text(counted(0, 0) + counted(40_000, 12))
    assert main(words) == 2
    assert "vLLM's requests cannot be used: 12 h lie between the scrapes" in capsys.readouterr().err


def emitted(tmp_path, hours, gpus, model, watts, rest, cpu="AMD EPYC 7763 64-Core Processor"):
    """A file of CodeCarbon as its fresh one, of other machines and hours."""
    with (SAMPLES / "codecarbon_fresh_3.3.2.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    kwh_a_watt = hours / 1_000 * float(row["pue"])
    row |= {
        "duration": hours * 3_600, "gpu_energy": watts * gpus * kwh_a_watt, "gpu_count": gpus, "cpu_model": cpu,
        "energy_consumed": (watts * gpus + rest) * kwh_a_watt, "gpu_model": f"{gpus} x {model}" if gpus else "",
    }  # fmt: skip
    path = tmp_path / "emissions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


@pytest.mark.parametrize(
    ("machine", "hardware", "boards"),
    [
        ((6, 8, "NVIDIA H100 80GB HBM3", 610, 900), "H100-SXM", 8),
        ((3, 1, "NVIDIA GeForce RTX 4090", 330, 120), "RTX4090", 1),
        ((2, 0, "", 0, 380), "EPYC-9654-2S", None),
    ],
)
def test_any_run_of_codecarbon_becomes_a_workload_whose_hours_are_the_files(tmp_path, machine, hardware, boards):
    out = tmp_path / "plan.csv"
    assert run(emitted(tmp_path, *machine), "-o", out) == 0
    plan = plan_of(out)
    (workload,), (taken,) = plan.workloads, plan.calibrations
    assert (workload.hardware, workload.accelerators, workload.kind) == (hardware, boards, "fine_tuning")
    used_h = results.of(plan.without_calibration("W1"), draws=0).values["used_h"][0, 0, 0]
    assert used_h == pytest.approx(machine[0] * (boards or 1), rel=1e-5)
    hours, gpus, _, watts, rest = machine
    assert taken.metered_kwh == pytest.approx((watts * gpus + rest) * hours / 1_000)
    values = results.of(plan, draws=0).values  # a year holds as many runs as the file; what waits comes on top
    year_kwh = values["energy_accelerator_kwh"][0, 0, 0] + values["energy_host_kwh"][0, 0, 0]
    assert year_kwh == pytest.approx(taken.metered_kwh)


def test_the_fresh_run_of_codecarbon_alone_makes_a_measured_workload(tmp_path, capsys):
    out, fresh = tmp_path / "plan.csv", SAMPLES / "codecarbon_fresh_3.3.2.csv"
    assert run(fresh, "-o", out, "--answer", "model=llama3.2-3b") == 0
    plan = plan_of(out)
    (workload,), (taken,) = plan.workloads, plan.calibrations
    assert (workload.hardware, workload.accelerators, workload.region) == ("H100-SXM", 2, "DE")
    assert (taken.served_runs, taken.metered_while, taken.metered_at) == (2.0, "at_work", "server")
    assert run(fresh, "-o", out, "--answer", "kind=soup") == 2
    assert "--answer: kind is 'soup'" in capsys.readouterr().err


def test_a_run_too_short_for_a_measurement_keeps_its_energy(tmp_path, capsys):
    out, energy = tmp_path / "plan.csv", emitted(tmp_path, 20 / 3_600, 1, "NVIDIA H100 80GB HBM3", 600, 300)
    assert run(energy, "-o", out) == 0
    assert "emissions.csv: the file covers 20 s; a measurement needs 36 s at least" in capsys.readouterr().err
    assert [(row.workload, row.runs, row.period) for row in plan_of(out).actuals] == [("W1", 1.0, "2026-11")]


def test_jobs_of_slurm_become_a_workload_of_their_accelerators(tmp_path):
    out, words = tmp_path / "plan.csv", ("--answer", "exclusive=yes", "--answer", "boundary=server")
    assert run(SAMPLES / "slurm_sacct.psv", "-o", out, *words) == 0
    plan = plan_of(out)
    (workload,), (taken,) = plan.workloads, plan.calibrations
    used_h = results.of(plan.without_calibration("W1"), draws=0).values["used_h"][0, 0, 0]
    assert (workload.accelerators, workload.runs_per_year) == (8, 2.0)
    assert used_h == pytest.approx(8 * (3_900 + 1_800) / 3_600, rel=1e-5)
    assert (taken.metered_kwh, taken.metered_at) == (pytest.approx(7.6), "server")


ASKED = {
    "slurm_sacct.psv": (
        "say that these jobs had their nodes to themselves (--answer exclusive=...)",
        "say where the meter stands: --answer boundary=... board, server or facility",
    ),
    "nvidia_smi_power.csv": ("or say the clock's zone if it was moved in between (--zone)",),
    "kepler.prom": ("kepler.prom: say how many requests were answered meanwhile: --answer requests=...",),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_an_energy_file_leaves_open_is_asked_as_an_answer(name, tmp_path, capsys):
    given = []
    for sentence, answer in zip(ASKED[name], ("exclusive=yes", ""), strict=False):
        assert run(SAMPLES / name, "-o", tmp_path / "plan.csv", *given) == 2
        assert sentence in capsys.readouterr().err
        given = ["--answer", answer]


def test_energy_of_one_of_several_workloads_asks_which(tmp_path, scrapes, capsys):
    assert run(scrapes[0], "--plan", "data/example/plan.csv", "-o", tmp_path / "plan.csv") == 2
    assert "kepler.prom: say which workload it measured: --answer workload=ID, of W" in capsys.readouterr().err


def test_hours_of_a_grid_are_named_by_the_plan_or_asked_about(tmp_path, scrapes, capsys):
    hours, plan, out = tmp_path / "de.csv", tmp_path / "plan.csv", tmp_path / "named.csv"
    rows = [f"{datetime(2026, 1, 1) + timedelta(hours=n):%Y-%m-%d %H:%M},{300 + n % 24}" for n in range(1_500)]
    hours.write_text("\n".join(("utc,g_per_kwh", *rows, "")))
    run(scrapes[1], "-o", plan)
    assert run(hours, "--plan", plan, "-o", out) == 2
    assert "de.csv: say for which grid it stands, by its id: --answer region=DE" in capsys.readouterr().err
    assert run(hours, "--plan", plan, "-o", out, "--answer", "region=DE") == 0
    (named,) = plan_of(out).hours_files
    assert (named.id, named.covered_h, named.first_hour) == ("DE", 1_500, "2026-01-01 00:00")
    assert "give it again as --hours de.csv" in capsys.readouterr().err


def test_formats_lists_every_kind_of_file_and_leaves(capsys):
    with pytest.raises(SystemExit) as left:
        run("--formats")
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert said.count("\n") == sum(map(len, known_kinds().values())) + len(known_kinds())


def test_lines_are_cut_to_a_terminal_and_left_whole_elsewhere(monkeypatch):
    line = "  taken: " + "word " * 40
    assert list(wrapped([line])) == [line]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("core.commands.import_files.get_terminal_size", lambda: os.terminal_size((40, 20)))
    (cut,) = wrapped([line])
    assert max(map(len, cut.split("\n"))) <= 40
    assert cut.split("\n")[1].startswith("    word")


def test_on_a_terminal_progress_is_a_bar_in_one_line_that_goes_away(monkeypatch, capsys):
    clock = iter([0.0, 20.0])
    monkeypatch.setattr("core.commands.import_files.monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    progress = Progress()
    progress(100_000_000, 400_000_000)
    progress.end()
    shown, gone = capsys.readouterr().err.split("\r")[1:3]
    assert shown.rstrip() == "[#####               ] 25% of 400 MB, 5.0 MB/s, 60 s left"
    assert gone == " " * len(shown)
