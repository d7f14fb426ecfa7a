"""`python -m core shift`: the four figures of the design, and one sentence for each thing that cannot be."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main
from tests import naive_shift

HOURS = Path(__file__).parents[1] / "golden" / "hours.csv"
USUAL = {"--zone": "SUNNY", "--hours": "6", "--slack": "24"}


@pytest.fixture
def ask(tmp_path, capsys):
    """Run the command: exit status, JSON, what was said without the file's name."""

    def answer(series=HOURS, *more, **changes):
        if isinstance(series, str):
            (tmp_path / "x.csv").write_text(series, encoding="utf-8")
            series = tmp_path / "x.csv"
        words = [word for pair in (USUAL | {f"--{k}": v for k, v in changes.items()}).items() for word in pair]
        status = main(["shift", str(series), *words, *more])
        out, said = capsys.readouterr()
        return (
            status,
            json.loads(out) if out else None,
            said.replace(f"{series}: ", "").replace(f"{series}, ", "").strip(),
        )

    return answer


def column(place):
    lines = HOURS.read_text(encoding="utf-8").splitlines()[1:]
    return [float(line.split(",")[place]) for line in lines]


@pytest.mark.parametrize(("zone", "place"), [("SUNNY", 1), ("WINDY", 2)])
@pytest.mark.parametrize("pausing", [False, True])
def test_it_says_the_sums_over_all_start_hours(ask, zone, place, pausing):
    status, told, said = ask(HOURS, *(["--interruptible"] if pausing else []), zone=zone)
    blocks = naive_shift.blocks(column(place), 6, 24)
    best = naive_shift.pauses(column(place), 6, 24) if pausing else [cost for _, cost, _, _ in blocks]
    now = sum(cost for _, _, cost, _ in blocks)
    assert (status, said) == (0, "")
    assert list(told) == ["starts", "baseline_sum_g", "shifted_sum_g", "saving_pct"]
    assert told["starts"] == 96 - 30 + 1
    assert told["baseline_sum_g"] == pytest.approx(now, rel=1e-12)
    assert told["shifted_sum_g"] == pytest.approx(sum(best), rel=1e-12)
    assert told["saving_pct"] == pytest.approx(100 * (1 - sum(best) / now), rel=1e-12)


def test_restarts_take_their_energy(ask):
    status, told, _ = ask(HOURS, "--interruptible", "--restart", "0.5", hours="3.5", slack="6")
    best = naive_shift.restarts(np.array(column(1)), 3.5, 6, 0.5)
    assert (status, told["shifted_sum_g"]) == (0, pytest.approx(sum(best), rel=1e-12))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--restart", "0.5"], "restart is 0.5 h; a job restarts only with --interruptible"),
        (["--restart", "-1", "--interruptible"],
         "energy of a restart is -1; it must lie in [0, 1000] hours of the job's power"),
    ],
)  # fmt: skip
def test_a_restart_that_cannot_be_is_said(ask, more, sentence):
    assert ask(HOURS, *more) == (2, None, sentence)


def test_a_packed_file_and_one_without_times_say_the_same(ask, tmp_path):
    packed = tmp_path / "hours.csv.gz"
    packed.write_bytes(gzip.compress(HOURS.read_bytes()))
    bare = "\n".join(",".join(line.split(",")[1:]) for line in HOURS.read_text(encoding="utf-8").splitlines())
    assert ask(packed)[1] == ask(bare)[1] == ask()[1]


def test_half_an_hour_counts_half(ask):
    told = ask(hours="1.5", slack="0")[1]
    costs = [naive_shift.block_cost(column(1), start, 1.5) for start in range(95)]
    assert told["baseline_sum_g"] == pytest.approx(sum(costs), rel=1e-12)


THREE = "utc,Z\n2026-03-02T00:00Z,1\n2026-03-02T01:00Z,{}\n{},3\n"


@pytest.mark.parametrize(
    ("series", "changes", "sentence"),
    [
        (HOURS, {"zone": "XX"}, "no column 'XX'; it has SUNNY, WINDY"),
        (HOURS, {"hours": "100"}, "the job takes 100 h; the series holds 96 h"),
        (HOURS, {"slack": "100"}, "the job and its slack take 6 + 100 h; the series holds 96 h"),
        (HOURS, {"slack": "-3"}, "slack is -3; it must lie in [0, 8784] h"),
        (HOURS, {"slack": "1.5"}, "slack is 1.5; it must be whole hours"),
        (HOURS, {"slack": "nan"}, "slack is nan; it must lie in [0, 8784] h"),
        (HOURS, {"hours": "0"}, "the job's length is 0; it must lie in [0.01, 8784] h"),
        ("", {"zone": "Z"}, "no column 'Z'; it has none"),
        ("utc,Z\n", {"zone": "Z"}, "the job takes 6 h; the series holds 0 h"),
        ("Z,Z\n1,2\n", {"zone": "Z"}, "the column 'Z' stands there twice"),
        (
            "Z\n" + "5\n" * 40,
            {"zone": "Z"},
            "the series is 5 g/kWh in every hour: no hour is cleaner, shifting in time saves nothing",
        ),
        (
            THREE.format("", "2026-03-02T02:00Z"),
            {"zone": "Z"},
            "row 3, column Z: the cell is blank; it must be a number of g/kWh, 0 or more",
        ),
        (
            THREE.format("-2", "2026-03-02T02:00Z"),
            {"zone": "Z"},
            "row 3, column Z: '-2' is not a number of g/kWh, 0 or more",
        ),
        (
            THREE.format("2", "2026-03-02T04:00Z"),
            {"zone": "Z"},
            "row 4: 2026-03-02T04:00Z does not come one hour after the row before",
        ),
        (
            THREE.format("2", "2026-03-02T01:00Z"),
            {"zone": "Z"},
            "row 4: 2026-03-02T01:00Z does not come one hour after the row before",
        ),
        (THREE.format("2", "noon"), {"zone": "Z"}, "row 4: 'noon' is not a time"),
        (
            THREE.format("2,9", "2026-03-02T02:00Z"),
            {"zone": "Z"},
            "row 3: it has 3 cells; it must have 2, one for each column",
        ),
        (Path("nowhere.csv"), {}, "No such file or directory"),
    ],
)
def test_what_cannot_be_is_said_with_exit_status_2(ask, series, changes, sentence):
    assert ask(series, **changes) == (2, None, sentence)
