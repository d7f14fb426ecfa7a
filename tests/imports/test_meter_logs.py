"""Kepler, MLflow and Weights & Biases: what is counted once, what is left out, and the sentence of each broken file."""

from pathlib import Path

import pytest

from core.imports.meters import read_meter
from core.imports.reading import Answers, RefusedError
from core.imports.scrapes import BadLine, Sample, gained, lines

SAMPLES = Path(__file__).parent / "samples"
SILENT = Answers()
MLFLOW = "run_id,key,value,timestamp,step"
WANDB = "_timestamp,_runtime,system.gpu.0.powerWatts,system.gpu.1.powerWatts"
T0_MS, T0_S = 1_772_442_000_000, 1_772_442_000


def text(*rows):
    return "\n".join((*rows, "")).encode()


def read(raw, answers=SILENT, name="log"):
    return read_meter([(name, raw)], answers)


def refused(raw, answers=SILENT):
    with pytest.raises(RefusedError) as caught:
        read(raw, answers)
    return str(caught.value)


def watts(*rows, gpu="gpu_0"):
    """Rows of (run, seconds after the start, watts) of MLflow."""
    return [f"{run},system/{gpu}_power_usage_watts,{value},{T0_MS + 1000 * at},0" for run, at, value in rows]


def gpu_joules(value, gpu=0, at="", node="n1", name="H100"):
    labels = f'gpu="{gpu}",gpu_uuid="G-{gpu}",gpu_name="{name}",node_name="{node}"'
    return f"kepler_node_gpu_joules_total{{{labels}}} {value}{f' {at}' if at else ''}"


def cpu_joules(value, zone="package"):
    return f'kepler_node_cpu_joules_total{{zone="{zone}",path="/sys/{zone}",node_name="n1"}} {value}'


# -- Prometheus text


def test_a_line_is_read_with_its_labels_time_and_exemplar():
    rows = (
        r'a{b="x\"y}",c="2"} 1.5 1772442000000',
        "plain 3e2",
        'm{b="1"} 4 1772442000.5 # {trace_id="q"} 0.67',
        "# HELP m words",
        "",
        "m{b=} nothing",
    )
    found = list(lines(rows))
    assert [(one.row, one.name) for one in found] == [(1, "a"), (2, "plain"), (3, "m"), (6, "m")]
    first, second, third, last = found
    assert (first.labels, first.value, str(first.at)) == ({"b": 'x"y}', "c": "2"}, 1.5, "2026-03-02 09:00:00")
    assert (second.labels, second.value, second.at) == ({}, 300.0, None)
    assert (third.value, str(third.at)) == (4.0, "2026-03-02 09:00:00.500000")
    assert last == BadLine(6, "m", "nothing")


def test_what_a_counter_gained_leaves_out_the_pair_in_which_it_began_anew():
    counts = [Sample(row, "c", {}, value, None) for row, value in enumerate((5, 9, 2, 7))]
    found = gained(counts)
    assert found.value == 4 + 5
    assert [(before.row, after.row) for before, after in found.anew] == [(1, 2)]
    assert found.lost_s is None


# -- Kepler


def test_zones_of_a_processor_and_pods_of_a_node_are_not_added():
    found = read((SAMPLES / "kepler.prom").read_bytes())
    assert (found.energy_kwh, found.at, found.rows_used) == (10.0, "board", 1)
    assert found.board_models == ("NVIDIA H100 80GB HBM3",)
    assert "the processors' packages counted 2 kWh beside" in found.said[-1]
    assert found.said[0].startswith("one scrape: what the counters held since they began")


def test_two_scrapes_of_kepler_are_the_increase_by_board():
    found = read(text(gpu_joules(1e6, 0), gpu_joules(2e6, 1), gpu_joules(4.6e6, 0), gpu_joules(9.2e6, 1)))
    assert [(device.label, device.energy_kwh) for device in found.devices] == [
        ("GPU 0 of n1", pytest.approx(1.0)), ("GPU 1 of n1", pytest.approx(2.0)),
    ]  # fmt: skip


def test_scrapes_of_kepler_may_come_in_two_files():
    found = read_meter([("a.prom", text(gpu_joules(0))), ("b.prom", text(gpu_joules(7.2e6)))])
    assert (found.energy_kwh, found.files) == (pytest.approx(2.0), ("a.prom", "b.prom"))


def test_without_a_gpu_the_packages_are_taken():
    found = read(text(cpu_joules(0), cpu_joules(0, "core"), cpu_joules(3.6e6), cpu_joules(3e6, "core")))
    assert found.energy_kwh == pytest.approx(1.0)
    assert found.said[-1] == "it sees no GPU: the processors' packages are taken"


def test_what_moves_and_what_idles_of_an_old_kepler_is_one_board():
    row = 'kepler_node_gpu_joules_total{{index="0",instance="n1",mode="{}"}} {}'
    found = read(text(row.format("dynamic", 3.6e6), row.format("idle", 1.8e6)))
    assert [(device.label, device.energy_kwh) for device in found.devices] == [("GPU 0 of n1", 1.5)]


def test_a_counter_that_began_anew_loses_that_interval_and_its_hours():
    hour = 3_600_000
    rows = [gpu_joules(value, at=T0_MS + place * hour) for place, value in enumerate((0, 3.6e6, 1e6, 4.6e6))]
    found = read(text(*rows))
    assert (found.energy_kwh, found.covered_h, found.span_h) == (pytest.approx(2.0), 2.0, 3.0)
    assert found.left_out == ("row 2 to row 3: the counter of GPU 0 of n1 began anew between them",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            ('kepler_pod_gpu_joules_total{pod_id="p"} 5',),
            "log: no kepler_node_gpu_joules_total and no kepler_node_cpu_joules_total; pods alone are shares of a node",
        ),
        ((gpu_joules("NaN"),), "log, row 1: 'NaN' is no count of energy"),
        (
            (gpu_joules(1, 0), gpu_joules(1, 1, name="L40S"), gpu_joules(2, 0), gpu_joules(2, 1, name="L40S")),
            "log, row 2: the board is 'L40S', in other rows 'H100'; give one type a file",
        ),
        ((gpu_joules(1), gpu_joules(2), gpu_joules(3, 1)), "log, row 3: one scrape of GPU 1 of n1; a counter since the "
         "board's start needs two: give two scrapes, together or one after the other in a file"),
        ((gpu_joules(0),), "log: the energy adds up to 0; a meter that ran counts some"),
    ],
)  # fmt: skip
def test_a_broken_scrape_of_kepler_says_row_and_reason(rows, sentence):
    assert refused(text(*rows)) == sentence


def test_kepler_is_no_servers_meter():
    said = refused(text(gpu_joules(5)), Answers(at="server"))
    assert said.endswith("not memory, fans and power supply; the meter stands at the board")


# -- MLflow


def test_the_boards_of_a_run_are_added_and_other_metrics_left_out():
    rows = watts(("a", 0, 300), ("a", 10, 300)) + watts(("a", 0, 100), ("a", 10, 100), gpu="node_1/gpu_0")
    found = read(text(MLFLOW, *rows, f"a,system/cpu_utilization_percentage,5,{T0_MS},0"))
    assert found.energy_kwh == pytest.approx(0.4 * 10 / 3600)
    assert [device.label for device in found.devices] == ["GPU 0", "GPU 0 of node_1"]
    assert found.left_out == ("1 rows of other metrics",)
    assert found.while_at_work
    assert str(found.start) == "2026-03-02 09:00:00"


def test_runs_one_after_another_count_each_and_not_the_time_between():
    rows = watts(*[("a", at, 360) for at in (0, 10, 20)], *[("b", at, 360) for at in (7200, 7210, 7220)])
    found = read(text(MLFLOW, *reversed(rows)))
    assert (found.energy_kwh, found.covered_h) == (pytest.approx(0.36 * 40 / 3600), pytest.approx(40 / 3600))
    assert found.left_out == ("log, row 4: GPU 0 was silent for 7,180 s: left out",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            watts(("a", 0, 1), ("b", 5, 1), ("a", 10, 1)),
            "log, row 4: two runs logged GPU 0 at the same time; each counts the whole board: give one run a file",
        ),
        (watts(("a", 0, 1), ("a", 0, 1)), "log, row 3: GPU 0 has two samples of one time, as in row 2"),
        (watts(("a", 0, 1)), "log: no board has two samples with a power; energy needs time between them"),
        (watts(("a", 0, "x")), "log, row 2, column value: 'x' is not a number"),
        (
            ["a,loss,1,1,0"],
            "log: no metric like system/gpu_0_power_usage_watts; no board's power was logged",
        ),
        (
            ["a,system/gpu_0_power_usage_watts,1,1772442000000000,0"],
            "log, row 2, column timestamp: 1.77244e+15 is no time in milliseconds since 1970",
        ),
    ],
)
def test_a_broken_log_of_mlflow_says_row_and_reason(rows, sentence):
    assert refused(text(MLFLOW, *rows)) == sentence


def test_a_history_without_its_run_and_with_pandas_rows_is_read_too():
    rows = [f"{n},system/gpu_0_power_usage_watts,360,{T0_MS + 10_000 * n},{n}" for n in range(3)]
    found = read(text(",key,value,timestamp,step", *rows))
    assert (found.energy_kwh, found.runs) == (pytest.approx(0.36 * 20 / 3600), 1)


# -- Weights & Biases


def test_a_missing_power_is_not_zero_and_other_columns_are_not_read():
    rows = ("0,0,300,300", f"{15},15,NaN,300", "30,30,300,300")
    head = WANDB + ",system.gpu.process.0.powerWatts"
    found = read(text(head, *(f"{T0_S + int(row.split(',')[0])},{row.partition(',')[2]},9999" for row in rows)))
    assert found.energy_kwh == pytest.approx(2 * 0.3 * 30 / 3600)
    assert found.left_out == ("1 cells without a power: missing, not 0",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((f"{T0_S},0,1,1", f"{T0_S},0,1,1"), "log, row 3: GPU 0 has two samples of one time, as in row 2"),
        ((f"{T0_MS},0,1,1",), "log, row 2, column _timestamp: 1.77244e+12 is no time in seconds since 1970"),
        ((f"{T0_S},0,-4,1",), "log, row 2, column system.gpu.0.powerWatts: -4 is negative; energy is 0 or more"),
    ],
)
def test_a_broken_log_of_wandb_says_row_and_reason(rows, sentence):
    assert refused(text(WANDB, *rows)) == sentence


def test_a_spreadsheets_semicolons_and_decimal_commas_are_undone():
    rows = (f"{T0_S};0,5;300,5;299,5", f"{T0_S + 15};15,5;300,5;299,5")
    found = read(text(WANDB.replace(",", ";"), *rows))
    assert found.energy_kwh == pytest.approx(0.6 * 15 / 3600)
    assert refused(text("run_id;energy_consumed;x", '1;"2;3')).startswith("log is none of the files known here")


def test_an_export_without_a_power_is_refused():
    assert refused(text("_timestamp,system.gpu.0.gpu", "1,2")) == (
        "log: no column like system.gpu.0.powerWatts; no board's power was logged"
    )
