"""`python -m core import`: a plan from files, or more in a plan at hand; what is told; and what ends it."""

from pathlib import Path

import pytest

from core.__main__ import main
from core.commands.import_files import Progress
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


def test_files_for_other_commands_are_told_and_the_rest_is_read(tmp_path, capsys):
    out = tmp_path / "plan.csv"
    assert run(DAILY, SAMPLES / "codecarbon_emissions.csv", "-o", out) == 1
    assert "`calibrate --meter` sets a workload to it" in capsys.readouterr().err
    assert len(plan_of(out).workloads) == 1


ENDED = {
    "no such file": (["nowhere.csv"], "nowhere.csv: no such file"),
    "no answer": ([DAILY, "--answer", "zone"], "--answer is 'zone'; it must be KEY=VALUE"),
    "no zone": ([DAILY, "--zone", "Mars"], "'Mars' is not a time zone; name one like Europe/Berlin, or UTC"),
    "nothing to read": (
        [SAMPLES / "codecarbon_emissions.csv"],
        "codecarbon_emissions.csv is CodeCarbon emissions.csv: it tells the energy of a machine: `calibrate --meter` "
        "sets a workload to it",
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


def test_progress_tells_the_share_the_rate_and_the_time_that_is_left(monkeypatch, capsys):
    clock = iter([0.0, 0.5, 20.0, 20.1])
    monkeypatch.setattr("core.commands.import_files.monotonic", lambda: next(clock))
    progress = Progress()
    progress(1_000_000, 400_000_000)
    progress(100_000_000, 400_000_000)
    progress(101_000_000, 400_000_000)
    progress.end()
    assert capsys.readouterr().err == "25% of 400 MB, 5.0 MB/s, 60 s left\n"
