"""`measure` from its words to its rows on a pretended machine: figures, interruption, and everything that fails."""

import csv
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median

import pytest

from core import catalog
from core.__main__ import main
from core.headless import estimate
from core.headless.cases import UnusableError
from core.measure import machine as real
from core.measure.command import measure
from core.measure.compare import ASIDE, compare
from core.measure.rows import COLUMNS, RowsError, add, check_target, read
from core.measure.wish import ARGUMENTS, wish_of
from tests.measure.pretence import GIB, H100, IDLE_W, WORK_W, machine, silent, without

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "data" / "validation" / "inference_measurements.csv"
OWN = ROOT / "data" / "validation" / "own_measurements.csv"
USUAL = {name: usual for name, (usual, _) in ARGUMENTS.items()}


@pytest.fixture
def ask(tmp_path):
    """Measure on a pretended machine: exit status, rows written, what was said, what went wrong."""

    def run(words=(), **pretence):
        out, said, wrong = tmp_path / "measured.csv", [], []
        wish = wish_of(USUAL | dict(words), out)
        status = measure(wish, lambda: machine(**pretence), said.append, wrong.append)
        return status, read(out) if out.exists() else [], said, wrong

    return run


def unusable(ask, words=(), **pretence):
    """What is said where nothing can be measured."""
    with pytest.raises(UnusableError) as caught:
        ask(words, **pretence)
    return str(caught.value)


ONE = {"batch": "8", "input": "150"}


# -- figures


def test_energy_per_token_is_what_the_board_took_over_what_came_out(ask):
    status, (row,), _, wrong = ask(ONE)
    assert (status, wrong) == (0, [])
    tokens_per_s = 8 * 256 / 4.0  # a batch takes four seconds
    assert float(row["energy_accelerator_j_per_output_token"]) == pytest.approx(WORK_W / tokens_per_s)
    assert float(row["output_tokens_per_s"]) == pytest.approx(tokens_per_s)
    assert float(row["power_total_w"]) == pytest.approx(WORK_W)


def test_a_row_has_the_columns_of_the_published_measurements(ask):
    _, (row,), _, _ = ask(ONE)
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        assert list(row) == next(csv.reader(file)) == list(COLUMNS)
    named = {name: row[name] for name in COLUMNS[:11] if name != "id"}
    assert named == {
        "model": "llama3.1-8b", "hardware": "H100-SXM", "accelerators": "1", "parallel": "tp", "precision": "bf16",
        "serving": "transformers", "batch": "8", "input_tokens": "150", "input_tokens_assumed": "0",
        "output_tokens": "256",
    }  # fmt: skip
    assert (row["status"], row["source"]) == ("own", "own-measurement")
    assert row["model_as_published"] == "Llama 3.1 8B, random weights"


def test_the_note_says_how_it_was_measured(ask):
    _, (row,), _, _ = ask(ONE)
    assert row["note"] == (
        "energy counter over 20.0 s, 5 batches; mean of power samples 400 W; at rest 70 W before and 70 W after; "
        "clock 1980 MHz; 45 °C; slowed by power limit 100 % of the time; "
        "NVIDIA H100 80GB HBM3, driver 570.1, power limit 700 W; 8.030 billion parameters built"
    )


def test_every_batch_meets_every_prompt_length(ask):
    status, rows, _, _ = ask()
    assert status == 0
    settings = [(row["batch"], row["input_tokens"]) for row in rows]
    assert settings == [("1", "150"), ("1", "1500"), ("8", "150"), ("8", "1500"), ("64", "150"), ("64", "1500")]
    assert [row["id"] for row in rows] == [f"own-20260102T030405Z-{number:02d}" for number in range(1, 7)]


def test_a_second_session_adds_its_rows_to_the_file(ask):
    ask(ONE)
    _, rows, _, _ = ask(ONE)
    assert len(rows) == 2


def test_at_least_one_whole_batch_is_measured_however_long_it_takes(ask):
    _, (row,), _, _ = ask(ONE | {"seconds": "1"}, answer_s=30.0)
    assert float(row["output_tokens_per_s"]) == pytest.approx(8 * 256 / 30)


def test_board_and_place_of_pytorch_and_other_programs_are_told(ask):
    _, (row,), said, wrong = ask(ONE, board=replace(H100, others=2))
    assert said[0] == "NVIDIA H100 80GB HBM3, driver 570.1; Llama 3.1 8B, 32 of 32 layers"
    assert wrong == ["2 other programs use the board; their energy is counted too"]
    assert "2 other programs on the board, their energy counted" in row["note"]


# -- layers


def test_a_model_cut_to_fit_says_so_in_its_rows(ask):
    words = ONE | {"model": "llama3.3-70b", "layers": "20"}
    _, (row,), said, _ = ask(words)
    assert row["model_as_published"] == "Llama 3.3 70B, random weights, first 20 of 80 layers"
    assert row["note"].endswith(" billion parameters built, first 20 of 80 layers")
    assert said[0].endswith("Llama 3.3 70B, 20 of 80 layers")
    assert "(first 20 of 80 layers)" in said[-4]


def test_a_model_larger_than_the_memory_is_never_cut_by_itself(ask):
    said = unusable(ask, ONE | {"model": "llama3.3-70b"})
    assert said.startswith("Llama 3.3 70B needs 132.4 GiB for its weights and one sequence; 72.0 GiB are available. ")


def test_memory_that_others_hold_is_not_available(ask):
    said = unusable(ask, ONE, board=replace(H100, free_byte=10 * GIB))
    assert "; 10.0 GiB are available. " in said


def test_a_setting_without_room_is_told_and_the_others_go_on(ask):
    status, rows, _, wrong = ask({"batch": "1,512", "input": "1500"})
    assert (status, [row["batch"] for row in rows]) == (1, ["1"])
    assert wrong == ["batch 512, 1,500 in, 256 out: weights and cache need 127.7 GiB; 72.0 GiB are available"]


def test_a_memory_that_is_full_all_the_same_is_told_and_the_others_go_on(ask):
    status, rows, _, wrong = ask({"batch": "1,8,16", "input": "150"}, full_at=8)
    assert (status, [row["batch"] for row in rows]) == (1, ["1", "16"])
    assert wrong == ["batch 8, 150 in, 256 out: the accelerator's memory is full; take a smaller batch"]


# -- meters that fail


def test_a_board_without_a_counter_is_measured_by_its_power(ask):
    status, (row,), _, _ = ask(ONE, spoil=without("energy_j"))
    assert status == 0
    assert float(row["power_total_w"]) == pytest.approx(WORK_W, rel=0.01)
    assert row["note"].startswith("power samples over 20.0 s, 5 batches; the board has no energy counter; ")


def test_a_counter_that_falls_is_not_used(ask):
    number = count()

    def wraps(reading):
        return replace(reading, energy_j=5_000_000 - next(number))

    _, (row,), _, _ = ask(ONE, spoil=wraps)
    assert float(row["power_total_w"]) == pytest.approx(WORK_W, rel=0.01)
    assert "; the energy counter fell from " in row["note"]


def test_what_is_not_available_is_said_and_no_zero_is_written(ask):
    _, (row,), _, _ = ask(ONE, spoil=without("power_w", "clock_mhz", "temperature_c"))
    for words in (
        "mean of power samples W not available",
        "at rest W not available before and W not available after",
        "clock MHz not available",
        "°C not available",
    ):
        assert words in row["note"]


def test_without_counter_and_power_there_is_no_row(ask):
    status, rows, said, wrong = ask(ONE, spoil=without("energy_j", "power_w"))
    assert (status, rows) == (1, [])
    assert wrong == ["batch 8, 150 in, 256 out: the board has no energy counter, and there is no power sample"]
    assert ASIDE not in said


def test_a_board_that_is_lost_gives_no_row_and_no_trace(ask):
    status, rows, _, wrong = ask(ONE | {"batch": "1,8"}, spoil=silent)
    assert (status, rows) == (1, [])
    assert wrong == [f"batch {batch}, 150 in, 256 out: the board does not answer (GPU is lost)" for batch in (1, 8)]


def test_a_window_without_length_is_refused(ask):
    def at_once(reading):
        return replace(reading, time_s=7.0)

    _, rows, _, wrong = ask(ONE, spoil=at_once)
    assert rows == []
    assert wrong == ["batch 8, 150 in, 256 out: the window is 0 s long; it must be longer than 0 s"]


def test_energy_beyond_the_boards_limit_is_refused(ask):
    _, rows, _, wrong = ask(ONE, board=replace(H100, power_limit_w=300.0))
    assert rows == []
    assert wrong == [
        "batch 8, 150 in, 256 out: power is 400 W by the energy counter; the board's limit is 300 W, "
        "and it must be at most 360 W"
    ]


def test_without_a_limit_of_its_own_the_board_has_the_catalogs(ask):
    _, rows, _, wrong = ask(ONE | {"hardware": "T4"}, board=replace(H100, power_limit_w=None))
    assert rows == []
    assert wrong[0].endswith("; the board's limit is 70 W, and it must be at most 84 W")


# -- interruption


def test_an_interrupted_run_keeps_the_rows_it_has(ask):
    def stop(number):
        if number == 10:  # one answer to warm up and five to measure: in the second setting
            raise KeyboardInterrupt

    status, rows, said, wrong = ask({"batch": "1,8,64", "input": "150"}, before=stop)
    assert (status, [row["batch"] for row in rows]) == (1, ["1"])
    assert wrong[0].startswith("stopped: 2 of 3 settings not measured; 1 rows in ")
    assert said[-1] == ASIDE


def test_a_row_stands_in_the_file_before_the_next_setting_begins(ask, tmp_path):
    seen = []

    def look(number):
        seen.append(len(read(tmp_path / "measured.csv")) if (tmp_path / "measured.csv").exists() else 0)

    ask({"batch": "1,8", "input": "150"}, before=look)
    assert seen == [0] * 6 + [1] * 6


# -- files


def test_a_file_of_something_else_is_not_added_to(ask, tmp_path):
    (tmp_path / "measured.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert unusable(ask).endswith("measured.csv: its columns are not those of measurements; name another file")
    assert (tmp_path / "measured.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_a_file_with_half_a_line_is_not_added_to(tmp_path):
    file = tmp_path / "half.csv"
    file.write_text(",".join(COLUMNS) + "\nown-1,llama", encoding="utf-8")
    with pytest.raises(RowsError, match="its last line is not finished"):
        check_target(file)


def test_a_folder_that_is_not_there_is_told_before_anything_runs(tmp_path):
    with pytest.raises(UnusableError) as caught:
        measure(wish_of(USUAL, tmp_path / "no" / "m.csv"), lambda: 1 / 0, print, print)
    assert str(caught.value) == f"{tmp_path / 'no' / 'm.csv'}: the folder is not there"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,model\n", "column 'hardware' is missing"),
        (",".join(COLUMNS) + "\na,b\n", "line 2: the row has 2 cells; it must have 20, one for each column"),
        ("é,model\n", "column 'id' is missing"),
    ],
)
def test_a_file_that_holds_no_measurements_is_refused(tmp_path, capsys, text, said):
    file = tmp_path / "m.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["measure", "--compare", str(file)]) == 2
    assert capsys.readouterr().err.rstrip().endswith(said)


# -- words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"model": "gpt-9"}, "model is 'gpt-9'; it is not in the catalog"),
        ({"model": "deepseek-v3"}, "deepseek-v3 cannot be built: its attention is MLA; known are plain and grouped"),
        ({"precision": "fp8"}, "precision is 'fp8'; it must be one of bf16, fp16, fp32"),
        ({"batch": "1,x"}, "batch is 'x', not a number; it must be a whole number in [1, 4,096] requests"),
        ({"batch": ""}, "batch is '', not a number; it must be a whole number in [1, 4,096] requests"),
        ({"batch": "0"}, "batch is 0; it must be a whole number in [1, 4,096] requests"),
        ({"input": "0"}, "input is 0; it must be a whole number in [1, 10,000,000] tokens"),
        ({"output": "1.5"}, "output is '1.5', not a number; it must be a whole number in [1, 1,000,000] tokens"),
        ({"seconds": "nan"}, "seconds is nan; it must lie in [1, 3,600] s"),
        ({"seconds": "0.2"}, "seconds is 0.2; it must lie in [1, 3,600] s"),
        ({"memory-share": "2"}, "memory-share is 2; it must lie in [0.1, 1] as a share"),
        ({"device": "-1"}, "device is -1; it must be a whole number in [0, 1,023] as a place in nvidia-smi's list"),
        ({"layers": "40"}, "layers is 40; it must lie in [1, 32] layers"),
        ({"layers": "0"}, "layers is 0; it must be a whole number in [1, 10,000] layers"),
        ({"hardware": "H-100"}, "hardware is 'H-100'; it is not in the catalog"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(ask, words, said):
    assert unusable(ask, words) == said


def test_a_board_of_an_unknown_name_is_asked_for(ask):
    said = unusable(ask, board=replace(H100, name="NVIDIA Z1"))
    assert said.startswith("the board calls itself 'NVIDIA Z1', which is not known here; say which accelerator ")


def test_without_a_file_to_write_to_nothing_is_measured(capsys):
    assert main(["measure"]) == 2
    told = "out is missing; name the file that rows are added to, as in -o measured.csv\n"
    assert capsys.readouterr().err == told


def test_a_machine_without_anything_says_what_is_missing_in_a_sentence_each(tmp_path, capsys, monkeypatch):
    def nothing(name, *_):
        raise ImportError(name)

    monkeypatch.setattr(real, "DRIVER", "no-such-driver.so")
    monkeypatch.setattr(real.importlib, "import_module", nothing)
    assert main(["measure", "-o", str(tmp_path / "m.csv")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "measure needs an NVIDIA accelerator: the driver's library no-such-driver.so is not on this machine.",
        "measure needs the package nvidia-ml-py, which reads the accelerator's energy: pip install nvidia-ml-py",
        "measure needs the package torch, PyTorch, which runs the model: pip install torch",
    ]
    assert list(tmp_path.iterdir()) == []


def test_help_says_what_is_needed_and_what_is_usual():
    told = subprocess.run(
        [sys.executable, "-m", "core", "measure", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    words = " ".join(told.split())
    assert "Needs an NVIDIA accelerator and: pip install nvidia-ml-py torch" in words
    assert all(f"--{name} X" in words for name in ARGUMENTS)
    assert "usual: 150,1500" in words


# -- beside the fit


def test_the_prediction_is_the_one_of_the_same_case(ask):
    _, rows, _, _ = ask({"batch": "1,64", "input": "150"})
    cases = [{name: row[name] for name in estimate.KNOWN if name in row} for row in rows]
    for found, answer in zip(compare(rows, catalog.load()), estimate.answer(cases), strict=True):
        assert found.predicted_j == answer["energy_accelerator_j_per_output_token"]
        assert (found.low_j, found.high_j) == (
            answer["energy_accelerator_j_per_output_token_low"],
            answer["energy_accelerator_j_per_output_token_high"],
        )
        assert found.ratio == found.predicted_j / float(found.row["energy_accelerator_j_per_output_token"])


def test_a_cut_model_is_predicted_with_the_layers_it_had(ask):
    _, (whole,), _, _ = ask(ONE)
    _, (_, half), _, _ = ask(ONE | {"layers": "16"})
    full, part = (found.predicted_j for found in compare([whole, half], catalog.load()))
    assert 0.5 * full < part < 0.7 * full  # half of the layers, all of the vocabulary


def test_the_table_says_which_rows_lie_in_the_range(tmp_path, capsys, ask):
    _, (row,), _, _ = ask(ONE)
    (found,), (tuned,) = compare([row], catalog.load()), compare([row], catalog.load(), "vllm")
    own, far = tmp_path / "own.csv", "energy_accelerator_j_per_output_token"
    add(own, row | {far: str(found.predicted_j)})
    add(own, row | {far: str(found.high_j * 2)})
    assert main(["measure", "--compare", str(own)]) == 0
    said = capsys.readouterr().out.splitlines()
    beside = f"{tuned.predicted_j:<8.3g}{tuned.predicted_j / found.predicted_j:.2f}"
    assert f"  1.00          {beside}" in said[1]
    assert f"{found.predicted_j / (found.high_j * 2):.2f} outside" in said[2]
    off = (1.0 - found.predicted_j / (found.high_j * 2)) / 2  # the first is met, the middle of two is half way
    counted = f"1 of 2 lie in the range, median error {off * 100:.1f} %."
    assert said[3] == f"J per output token; ratio is predicted over measured; {counted}"
    assert said[4].startswith("As vllm, a tuned server; ")
    assert said[5] == "Own measurements stand beside the published fit; they are not part of it."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "verified"}, "status is 'verified'; only own measurements are set beside the fit"),
        ({"model": "gpt-9"}, "model is 'gpt-9'; it is not in the catalog"),
        (
            {"energy_accelerator_j_per_output_token": "0"},
            "energy_accelerator_j_per_output_token is '0'; it must be a number above 0 J",
        ),
        (
            {"energy_accelerator_j_per_output_token": "much"},
            "energy_accelerator_j_per_output_token is 'much'; it must be a number above 0 J",
        ),
        ({"batch": "many"}, "batch is 'many', not a number; it must lie in [1, 4,096] requests"),
    ],
)
def test_a_row_without_a_prediction_says_why(tmp_path, capsys, ask, change, said):
    _, (row,), _, _ = ask(ONE)
    add(tmp_path / "own.csv", row | change)
    assert main(["measure", "--compare", str(tmp_path / "own.csv")]) == 1
    assert capsys.readouterr().out.splitlines()[1].endswith(f"  {said}")


def test_own_measurements_of_the_project_stand_apart_under_the_fits_report(tmp_path, capsys, ask, monkeypatch):
    _, (row,), _, _ = ask(ONE)
    add(tmp_path / "own.csv", row)
    monkeypatch.setattr("core.headless.fit.run", lambda *asked: iter(["the fit"]))
    monkeypatch.setattr("core.__main__.OWN", tmp_path / "own.csv")
    assert main(["fit", "--report"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["the fit", "", "Own measurements"]
    assert (len(said), said[-1]) == (8, ASIDE)
    assert main(["fit"]) == 0
    assert capsys.readouterr().out == "the fit\n"


def test_without_own_measurements_there_is_nothing_to_compare(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("core.__main__.OWN", tmp_path / "own.csv")
    assert main(["measure", "--compare"]) == 2
    told = f"{tmp_path / 'own.csv'}: there are no measurements of your own here; `measure -o` writes some\n"
    assert capsys.readouterr().err == told


def test_own_measurements_never_enter_the_fit():
    """Only this room, the command line and the Methods tables know of them, and no published row is one."""
    own = {"measure", "__main__.py", "methods", "headless"}
    files = [file for file in (ROOT / "core").rglob("*.py") if file.relative_to(ROOT / "core").parts[0] not in own]
    told = [file.name for file in files if "own_measurements" in file.read_text(encoding="utf-8")]
    assert (told, len(files) > 100) == ([], True)
    assert "own" not in {row["status"] for row in read(PUBLISHED)}
    assert {row["status"] for row in read(OWN)} == {"own"}


def test_the_projects_own_points_lie_where_the_readme_says():
    """On two boards the kind 'transformers' is far too high for plain PyTorch, vLLM's is near."""

    def read_off(board, serving):
        found = compare([row for row in read(OWN) if row["hardware"] == board], catalog.load(), serving)
        return len(found), sum(one.inside for one in found), f"{median(abs(one.ratio - 1.0) for one in found):.1%}"

    assert {row["hardware"] for row in read(OWN)} == {"H200", "H100-SXM"}
    assert (read_off("H200", ""), read_off("H200", "vllm")) == ((22, 5, "59.9%"), (22, 20, "7.5%"))
    assert (read_off("H100-SXM", ""), read_off("H100-SXM", "vllm")) == ((21, 2, "46.9%"), (21, 21, "5.8%"))


def test_idle_is_recorded_and_not_subtracted(ask):
    _, (row,), _, _ = ask(ONE)
    assert float(row["power_total_w"]) == pytest.approx(WORK_W)
    assert f"at rest {IDLE_W:.0f} W before" in row["note"]
