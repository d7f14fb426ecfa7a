"""Meter files: totals of true formats, and the exact sentence that each broken one earns."""

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import sheet
from core.imports.metered import workload_of
from core.imports.meters import FORMATS, read_meter
from core.imports.reading import Answers, RefusedError, UnansweredError, implausible
from core.plan import Workload

SAMPLES = Path(__file__).parent / "samples"
with (SAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))

CARBON = "timestamp,run_id,duration,gpu_energy,energy_consumed,gpu_count,gpu_model,pue"
SMI = "timestamp, index, name, power.draw [W]"
ZEUS = "start_time,window_name,elapsed_time,gpu0_energy"
SACCT = "JobID|Start|End|ElapsedRaw|State|ConsumedEnergyRaw"
MLFLOW = "run_id,key,value,timestamp,step"
WANDB = "_timestamp,_runtime,system.gpu.0.powerWatts"
COUNTER = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
HELP = f"# HELP {COUNTER} Total energy consumption since boot (in mJ)."
TEN = "2026-03-02T10:00:00"
SILENT, J, EXCLUSIVE = Answers(), Answers(unit="J"), Answers(exclusive=True)


def text(*lines):
    return "\n".join((*lines, "")).encode()


def count(value, gpu=0, model="NVIDIA H100", at=""):
    return (
        f'{COUNTER}{{gpu="{gpu}",UUID="GPU-{gpu}",modelName="{model}",hostname="n1"}} {value}{f" {at}" if at else ""}'
    )


def carbon(*rows):
    """Rows of (end, run, seconds, GPU kWh, all kWh, PUE) as an emissions.csv."""
    lines = (f"{end},{run},{s},{gpu},{all_kwh},1,1 x A100,{pue}" for end, run, s, gpu, all_kwh, pue in rows)
    return text(CARBON, *lines)


def smi(*rows):
    """Rows of (time, board, watts) as a power log."""
    return text(SMI, *(f"2026/03/02 {at}, {board}, NVIDIA H100, {watts}" for at, board, watts in rows))


def read(raw, answers=SILENT, name="log"):
    return read_meter([(name, raw)], answers)


def refused(raw, answers=SILENT, name="log"):
    """The sentence a file earns."""
    with pytest.raises(RefusedError) as caught:
        read(raw, answers, name)
    return str(caught.value)


@pytest.mark.parametrize("row", EXPECTED, ids=lambda r: f"{r['file']} {r['at']}")
def test_a_sample_gives_the_totals_it_must(row):
    raw = (SAMPLES / row["file"]).read_bytes()
    found = read(raw, Answers(row["unit"], row["zone"], bool(row["exclusive"]), row["at"]), row["file"])
    assert found.energy_kwh == pytest.approx(float(row["energy_kwh"]), rel=1e-12)
    assert found.rows_used == int(row["rows_used"])
    assert found.covered_h == (pytest.approx(float(row["covered_h"])) if row["covered_h"] else None)
    assert (found.files, found.file_sha256) == ((row["file"],), sha256(raw).hexdigest())


@pytest.mark.parametrize("sample", sorted({row["file"] for row in EXPECTED}))
def test_one_reader_and_no_other_knows_a_sample(sample):
    found = [one for one in FORMATS if one.recognises((SAMPLES / sample).read_text(encoding="utf-8"))]
    assert len(found) == 1


# -- any file


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "log is empty (0 bytes)"),
        (b"PK\x03\x04\x00\x00", "log is no text: byte 4 is 0; give the file the tool wrote"),
        (b"\xff\xfeJobID", "log is no UTF-8 text: byte 0 cannot be read"),
        (
            b"record,name\nplan,Ours\n",
            "log is none of the files known here: CodeCarbon emissions.csv, Zeus monitor log, nvidia-smi power log, "
            "DCGM exporter scrapes, Kepler scrapes, Slurm accounting (sacct -P), MLflow system metrics, Weights & "
            "Biases system metrics",
        ),
        (text(CARBON), "log holds a header and no row"),
        (text(ZEUS.replace(",gpu0_energy", "")), "log: no column like gpu0_energy; the log holds no GPU"),
        (
            text("timestamp,run_id,energy_consumed", "a,b,c"),
            "log: the column 'duration' is missing; a CodeCarbon file has timestamp, run_id, duration, gpu_energy, "
            "energy_consumed, gpu_count, gpu_model, pue",
        ),
        (text(CARBON + ",pue"), "log: the column 'pue' stands there twice"),
        (text(CARBON, 'a,"b'), "log, row 2: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_meters_says_why(raw, sentence):
    assert refused(raw) == sentence


def test_a_file_too_large_names_the_limit(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_BYTES", 10)
    assert refused(carbon()) == f"log has {len(carbon())} bytes; the limit is 10 bytes: split it by time"


def test_too_many_rows_name_the_limit(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 1)
    rows = carbon(*((f"2026-03-02T0{h}:00:00", f"r{h}", 60, 1, 1, 1) for h in range(3)))
    assert refused(rows) == "log has over 1 rows; the limit is 1: split it by time"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.sampled_from([CARBON, SMI, ZEUS, SACCT, HELP, MLFLOW, WANDB, "kepler_"]).flatmap(
    lambda head: st.text(max_size=120).map(lambda rest: f"{head}\n{rest}".encode("utf-8", "ignore"))
))  # fmt: skip
def test_any_bytes_are_read_or_refused_in_a_sentence(raw):
    try:
        found = read(raw, Answers("J", "UTC", True))
    except RefusedError as error:
        said = str(error)
    else:
        said = found.kind if found.energy_kwh > 0 else ""
    assert said


@given(st.integers(1, 40), st.floats(0.001, 1e6))
def test_twice_the_watts_are_twice_the_energy(samples, watts):
    times = [f"10:{m:02d}:00.000" for m in range(samples + 1)]
    once, twice = (read(smi(*((at, 0, f"{w!r} W") for at in times))) for w in (watts, 2 * watts))
    assert twice.energy_kwh == pytest.approx(2 * once.energy_kwh, rel=1e-12)
    assert once.energy_kwh == pytest.approx(watts * samples / 60 / 1000)


# -- CodeCarbon


def test_codecarbons_overhead_is_divided_out_once():
    found = read(carbon((TEN, "a", 3600, 0.5, 1.25, 1.25)))
    assert (found.energy_kwh, found.at, found.meter) == (1.0, "server", "software")
    assert "a PUE of 1.25 was divided out of the energies" in found.said
    assert (found.first_day, found.last_day, found.covered_h) == ("2026-03-02", "2026-03-02", 1.0)


def test_the_last_row_of_a_codecarbon_run_holds_the_earlier_ones():
    rows = [(f"2026-03-02T1{h}:00:00", "a", 3600 * (h + 1), 0.5 * (h + 1), h + 1, 1) for h in range(3)]
    found = read(carbon(*rows))
    assert (found.energy_kwh, found.rows_used) == (3.0, 1)
    assert found.left_out == ("2 earlier rows of runs that a later row holds",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(TEN, "a", 60, 1, -1, 1)], "log, row 2, column energy_consumed: -1 is negative; energy is 0 or more"),
        ([(TEN, "a", 60, 1, "much", 1)], "log, row 2, column energy_consumed: 'much' is not a number"),
        ([(TEN, "a", 60, 1, "", 1)], "log, row 2, column energy_consumed: the cell is blank; it must be a number"),
        ([(TEN, "a", 60, 1, 1, 0.5)], "log, row 2, column pue: pue is 0.5; it must lie in [1, 3] kWh/kWh"),
        ([("noon", "a", 60, 1, 1, 1)], "log, row 2, column timestamp: 'noon' is not a time"),
        (
            [("0001-01-01T00:00:00", "a", 60, 1, 1, 1)],
            "log, row 2, column timestamp: the year is 1; it must lie in [1990, 2100]",
        ),
        ([(TEN, "a", 1e300, 1, 1, 1)], "log, row 2, column duration: it is 1e+300 s; the limit is 4,000,000,000 s"),
        ([(TEN, "a", 60, 1, 1, 1)] * 2, "log, row 3: the run and time of row 2 again"),
        (
            [(TEN, "a", 3600, 1, 1, 1), ("2026-03-02T10:30:00", "b", 3600, 1, 1, 1)],
            "log, row 3: the run overlaps that of row 2; both count the machine",
        ),
        ([(TEN, "a", 60, "nan", 1, 1)], "log, row 2, column gpu_energy: 'nan' is not a number"),
        (
            [(TEN, "a", 0, 1, 1, 1)],
            "log, row 2, column duration: it is 0 s, but the row counts energy; that takes time",
        ),
        (
            [(TEN, "a", 60, 5, 1, 1)],
            "log, row 2: gpu_energy is 5 kWh, more than the whole energy_consumed, 1 kWh",
        ),
        ([(TEN, "a", 60, 0, 0, 1)], "log: the energy adds up to 0; a meter that ran counts some"),
    ],
)  # fmt: skip
def test_a_broken_emissions_file_says_row_and_reason(rows, sentence):
    assert refused(carbon(*rows)) == sentence


def test_the_carbon_and_the_water_that_codecarbon_works_out_are_told_and_not_taken():
    said = read((SAMPLES / "codecarbon_emissions.csv").read_bytes()).said
    assert said[-2:] == (
        "its own carbon, 0.3349 kg, is not taken: the plan's grid makes it from the energy",
        "its own water, 0.406 l, is not taken: it puts WUE on energy after PUE; before PUE it is 0.348 l",
    )


def test_a_fresh_run_of_codecarbon_names_its_boards():
    found = read((SAMPLES / "codecarbon_fresh_3.3.2.csv").read_bytes())
    assert (found.board_models, found.devices[0].boards) == (("NVIDIA H100 80GB HBM3",), 2.0)
    assert implausible(found, 60.0, 700.0) == ""
    assert read((SAMPLES / "codecarbon_fresh_3.3.2_no_gpu.csv").read_bytes()).devices == ()


def test_a_ragged_emissions_file_is_refused_with_its_row():
    raw = (SAMPLES / "codecarbon_emissions_v3.3.0_ragged.csv").read_bytes()
    assert refused(raw, name="emissions.csv") == (
        "emissions.csv, row 3: it has 35 cells; it must have 38, one for each column; CodeCarbon 3.3.0 drops "
        "empty cells when it appends (3.3.2 does not): every value after a gap has moved"
    )


def test_codecarbon_is_no_sites_meter():
    raw = carbon((TEN, "a", 60, 1, 1, 1.2))
    assert refused(raw, Answers(at="facility")).endswith("its PUE is a number that somebody typed")


def test_boards_of_two_types_are_refused_in_every_format():
    emissions = carbon((TEN, "a", 60, 1, 1, 1)) + b"2026-03-02T12:00:00,b,60,1,1,1,1 x H100,1\n"
    power = smi(("10:00:00.000", 0, "1 W"), ("10:01:00.000", 0, "1 W")) + b"2026/03/02 10:02:00.000, 1, L40S, 1 W\n"
    scrapes = text(HELP, count(1), count(1, 1, "L40S"), count(2), count(2, 1, "L40S"))
    assert refused(emissions) == "log, row 3: the board is 'H100', in other rows 'A100'; give one type a file"
    assert refused(power) == "log, row 4: the board is 'L40S', in other rows 'NVIDIA H100'; give one type a file"
    assert refused(scrapes) == "log, row 3: the board is 'L40S', in other rows 'NVIDIA H100'; give one type a file"


# -- Zeus


def test_zeus_writes_joules_unless_its_owner_says_otherwise():
    raw = text(ZEUS, "0,a,3600,3600000")
    assert read(raw).energy_kwh == pytest.approx(1.0)
    assert read(raw, Answers(unit="kWh")).energy_kwh == 3_600_000
    assert refused(raw, Answers("cal")).endswith("is in 'cal'; it must be one of mJ, J, Wh, kWh, MWh")


def test_a_window_inside_another_counts_once_by_time_and_by_name():
    found = read(text(ZEUS, "1000,run,100,36", "1010,warm,20,7", "1100,run_step1,5,3", "1200,rest,10,36"), J)
    assert found.energy_kwh == pytest.approx(72 / 3.6e6)
    assert [line.partition(": ")[2] for line in found.left_out] == [
        "window 'warm' lies in another", "window 'run_step1' lies in another",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("0,a,10,1", "5,b,10,1"), "log, row 3: the window overlaps that of row 2; one counts in both"),
        (("0,a,10,1", "0,a,10,1"), "log, row 3: the window of row 2 again"),
        (("0,a,0,1",), "log, row 2, column elapsed_time: it is 0 s, but the row counts energy; that takes time"),
        (("1e300,a,10,1",), "log, row 2, column start_time: it is 1e+300 s; the limit is 4,000,000,000 s"),
        (("0,a,10,-1",), "log, row 2, column gpu0_energy: -1 is negative; energy is 0 or more"),
        (("0,a,10",), "log, row 2: it has 3 cells; it must have 4, one for each column"),
    ],
)
def test_a_broken_zeus_log_says_row_and_reason(rows, sentence):
    assert refused(text(ZEUS, *rows), J) == sentence


# -- nvidia-smi


def test_a_missing_sample_is_not_zero_watts():
    found = read(smi(("10:00:00.000", 0, "300 W"), ("10:01:00.000", 0, "[N/A]"), ("10:02:00.000", 0, "300 W")))
    assert found.energy_kwh == pytest.approx(0.3 * 2 / 60)
    assert found.left_out == ("1 of 3 samples say [N/A]: missing, not 0",)


def test_a_long_silence_is_left_out_and_told():
    minutes = [f"10:{m:02d}:00.000" for m in range(6)] + [f"10:{m:02d}:00.000" for m in (10, 11)]
    found = read(smi(*((at, 0, "600 W") for at in minutes)))
    assert found.energy_kwh == pytest.approx(0.6 * 6 / 60)
    assert found.covered_h == pytest.approx(6 / 60)
    assert found.left_out == ("log, row 8: GPU 0 was silent for 300 s: left out",)


@pytest.mark.parametrize("times", [("10:00:00.000", "18:00:00.000"), ("10:00:00.000", "10:00:01.000", "18:00:00.000")])
def test_a_few_samples_do_not_tell_the_power_of_a_day(times):
    assert " of 8 h; at least half must be" in refused(smi(*((at, 0, "300 W") for at in times)))


def test_the_hour_that_spring_skips_is_a_gap_without_the_zone_and_none_with_it():
    raw = (SAMPLES / "nvidia_smi_power.csv").read_bytes()
    assert refused(raw) == (
        "log: the samples cover 0.033 of 1.05 h; at least half must be, or say the clock's zone if it was moved in "
        "between"
    )
    found = read(raw, Answers(zone="Europe/Berlin"))
    assert found.covered_h == pytest.approx(180 / 3600)
    assert found.first_day == "2026-03-29"
    assert refused(raw, Answers(zone="Berlin")) == "log: 'Berlin' is no time zone; write it as Europe/Berlin or UTC"


def test_the_hour_that_comes_twice_in_autumn_needs_the_zone():
    times = ("02:40:00.000", "02:50:00.000", "02:00:00.000", "02:10:00.000")
    raw = text(SMI, *(f"2026/10/25 {at}, 0, H100, 300 W" for at in times))
    assert refused(raw) == (
        "log, row 4: the time of GPU 0 goes back, to 2026/10/25 02:00:00.000; say the clock's zone if it was moved, or "
        "give one log a file"
    )
    assert read(raw, Answers(zone="Europe/Berlin")).covered_h == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (smi(("10:00:00.000", 0, "1 W")), "log: no board has two samples with a power; energy needs time between them"),
        (
            smi(("10:00:00.000", 0, "1 W"), ("10:00:00.000", 0, "1 W")),
            "log, row 3: GPU 0 has two samples at 2026/03/02 10:00:00.000",
        ),
        (smi(("10:00:00.000", 0, "-1 W")), "log, row 2, column power.draw [W]: -1 W is negative; energy is 0 or more"),
        (smi(("10:00:00.000", 0, "1 kW")), "log, row 2, column power.draw [W]: '1 kW' is not a number in W"),
        (
            smi(("10:00:00.000", 0, "1 W")).replace(b"2026", b"0001"),
            "log, row 2, column timestamp: the year is 1; it must lie in [1990, 2100]",
        ),
        (
            smi(("10:00:00+02:00", 0, "1 W")),
            "log, row 2, column timestamp: '2026/03/02 10:00:00+02:00' is not a time",
        ),
        (smi(("10 o'clock", 0, "1 W")), "log, row 2, column timestamp: '2026/03/02 10 o'clock' is not a time"),
        (
            text(SMI.replace(" [W]", ""), "2026/03/02 10:00:00.000, 0, H100, 1"),
            "log: the column 'power.draw' does not say its unit; say which of mW, W, kW it is (usually W)",
        ),
    ],
)  # fmt: skip
def test_a_broken_power_log_says_row_and_reason(raw, sentence):
    assert refused(raw) == sentence


def test_a_mean_above_the_board_or_below_idle_names_the_board():
    def said(watts):
        return implausible(read(smi(("10:00:00.000", 3, watts), ("10:01:00.000", 3, watts))), 40.0, 350.0)

    assert said("300 W") == ""
    assert said("700 W") == (
        "GPU 3 draws 700 W over the hours metered; the workload's accelerator can draw 350 W: another board, unit or "
        "period"
    )
    assert said("5 W") == (
        "GPU 3 draws 5 W over the hours metered; idle, the workload's accelerator draws 40 W: another board, unit or "
        "period"
    )


# -- DCGM


def test_two_scrapes_may_come_in_two_files_in_their_order():
    found = read_meter([("t0.prom", text(HELP, count(0))), ("t1.prom", text(HELP, count(3.6e9)))])
    assert found.energy_kwh == pytest.approx(1.0)
    assert found.files == ("t0.prom", "t1.prom")


def test_scrapes_with_times_tell_their_period():
    found = read(text(HELP, count(0, at=1_772_442_000_000), count(3.6e9, at=1_772_449_200_000)))
    assert (found.covered_h, found.first_day) == (2.0, "2026-03-02")
    assert implausible(found, 40.0, 700.0) == ""


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            (HELP, count(5)),
            "log, row 2: one scrape of GPU 0 of n1; a counter since the board's start needs two: give two scrapes, "
            "together or one after the other in a file",
        ),
        (
            (HELP, count(500), count(20)),
            "log, row 3: the counter of GPU 0 of n1 fell from 500 to 20: it began anew, and what it had counted since "
            "row 2 is lost; give scrapes from after the restart",
        ),
        (
            (count(5), count(6)),
            f"log: {COUNTER} does not say its unit; say which of mJ, J, Wh, kWh, MWh it is (usually mJ)",
        ),
        ((HELP, count(-5)), "log, row 2: '-5' is no count of energy"),
        ((HELP, count("lots")), "log, row 2: 'lots' is no count of energy"),
        ((HELP, count(5, at=2000), count(6, at=2000)), "log, row 3: the time of GPU 0 of n1 repeats or goes back"),
        (
            ('DCGM_FI_DEV_POWER_USAGE{gpu="0"} 400',),
            f"log: no {COUNTER}; power alone tells no energy: add the counter to the exporter",
        ),
    ],
)
def test_a_broken_scrape_says_row_and_reason(lines, sentence):
    assert refused(text(*lines)) == sentence


def test_other_files_than_scrapes_come_one_at_a_time():
    emissions = carbon((TEN, "a", 60, 1, 1, 1))
    with pytest.raises(RefusedError, match=r"2 files; a CodeCarbon emissions\.csv is read one at a time"):
        read_meter([("a", emissions), ("b", emissions)])


# -- Slurm

JOB = "7|2026-03-02T10:00:00|2026-03-02T11:00:00|3600|COMPLETED|3600000"


def test_slurm_asks_whether_its_jobs_had_their_nodes_to_themselves():
    with pytest.raises(UnansweredError) as caught:
        read(text(SACCT, JOB))
    assert caught.value.question == "exclusive"
    assert read(text(SACCT, JOB), EXCLUSIVE).energy_kwh == 1.0


def test_a_job_whose_clock_names_a_zone_for_one_end_is_read():
    assert read(text(SACCT, JOB.replace("10:00:00", "10:00:00+00:00")), EXCLUSIVE).energy_kwh == 1.0


def test_accelerator_hours_are_of_all_jobs_and_by_what_slurm_counted():
    said = read((SAMPLES / "slurm_sacct.psv").read_bytes(), EXCLUSIVE).said
    assert said[-1] == "3 jobs had 13.67 accelerator-hours in all, those without an energy too"


def test_failed_jobs_count_and_steps_running_and_unmetered_jobs_do_not():
    rows = (
        JOB,
        JOB.replace("7|", "7.batch|", 1),
        JOB.replace("7|", "8|", 1).replace("COMPLETED", "FAILED"),
        "9|2026-03-02T10:00:00|2026-03-02T11:00:00|3600|COMPLETED|0",
        "10|2026-03-02T10:00:00|Unknown|60|RUNNING|5",
    )
    found = read(text(SACCT, *rows), EXCLUSIVE)
    assert found.energy_kwh == 2.0
    assert found.left_out == (
        "1 steps of jobs: they repeat the jobs' joules",
        "1 jobs that had not ended",
        "jobs without an energy, missing and not 0: 9",
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((JOB, JOB), "log, row 3: job 7 again, as in row 2"),
        ((JOB.replace("|3600000", "|0"),), "log: no job has an energy; 0 means that the cluster has no energy plugin"),
        ((JOB.replace("|3600000", "|3.6M"),), "log, row 2, column ConsumedEnergyRaw: '3.6M' is not a number"),
        ((JOB.replace("|3600|", "|0|"),), "log, row 2: 3600000 J in 0 s of job 7"),
        ((JOB.replace("COMPLETED", "RUNNING"),), "log: no job of it has ended"),
        (
            (JOB.replace("|3600000", "|18446744073709551614"),),
            "log, row 2: 18446744073709551614 J is how Slurm writes that it has none",
        ),
        (
            (JOB.replace("|3600|", "|36000|"),),
            "log, row 2: ElapsedRaw is 36,000 s, but Start to End are 3,600 s",
        ),
        (
            (JOB.replace("T11:", "T09:"),),
            "log, row 2: it ends at 2026-03-02T09:00:00, before it starts",
        ),
    ],
)
def test_a_broken_accounting_says_row_and_reason(rows, sentence):
    assert refused(text(SACCT, *rows), EXCLUSIVE) == sentence


@pytest.mark.parametrize(
    ("job", "tres", "sentence"),
    [
        ("3600000", "cpu=8,gres/gpu=2,node=1", ""),  # 1 kW: two boards of 65 to 700 W in one server
        ("3600000", "", ""),
        ("3600000", "cpu=8,node=1", ""),  # a job without accelerators
        (
            "360000", "gres/gpu=2,gres/gpu:h100=2,node=1",
            "row 2, job 7, draws 100 W while it runs; idle, 2 of the workload's accelerators draw 130 W: another "
            "machine, unit or period",
        ),
        (
            "360000", "gres/gpu:h100=1,gres/gpu:h200=1,node=1",
            "row 2, job 7, draws 100 W while it runs; idle, 2 of the workload's accelerators draw 130 W: another "
            "machine, unit or period",
        ),
        (
            "3600", "",
            "row 2, job 7, draws 1 W while it runs; idle, 1 of the workload's accelerators draw 65 W: another machine, "
            "unit or period",
        ),
        (
            "90000000", "gres/gpu=16,node=2",
            "row 2, job 7, draws 25,000 W while it runs; 2 of the workload's servers can draw 20,400 W: another "
            "machine, unit or period",
        ),
        ("90000000", "", ""),  # on how many nodes is not said
    ],
)  # fmt: skip
def test_a_job_below_idle_or_above_its_servers_is_named_with_its_row(job, tres, sentence):
    row = JOB.replace("3600000", job)
    raw = text(f"{SACCT}|AllocTRES", f"{row}|{tres}") if tres else text(SACCT, row)
    found = read(raw, Answers(exclusive=True, at="server"))
    assert implausible(found, 65.0, 700.0, server_most_w=10_200.0) == sentence


def test_the_rounded_energy_of_sacct_is_refused():
    raw = text(SACCT.removesuffix("Raw"), JOB)
    assert (
        refused(raw, EXCLUSIVE)
        == "log: ConsumedEnergy is rounded and shortened (K, M); ask sacct for ConsumedEnergyRaw"
    )


@pytest.mark.parametrize(
    "sample",
    [
        "zeus_monitor.csv", "nvidia_smi_power.csv", "dcgm_exporter.prom", "mlflow_system_metrics.csv",
        "wandb_system_metrics.csv",
    ],
)  # fmt: skip
def test_what_reads_boards_is_no_servers_meter(sample):
    said = refused((SAMPLES / sample).read_bytes(), Answers("J", "Europe/Berlin", at="server"))
    assert said.endswith("the meter stands at the board")


@pytest.mark.parametrize(
    ("sample", "at", "meter"),
    [
        ("zeus_monitor.csv", "board", "board_sensor"),
        ("dcgm_exporter.prom", "board", "board_sensor"),
        ("kepler.prom", "board", "board_sensor"),
        ("mlflow_system_metrics.csv", "board", "board_sensor"),
        ("wandb_system_metrics.csv", "board", "board_sensor"),
        ("codecarbon_emissions.csv", "server", "software"),
        ("slurm_sacct.psv", "", "server_sensor"),
    ],
)
def test_a_file_says_where_its_meter_stands(sample, at, meter):
    found = read_meter([(sample, (SAMPLES / sample).read_bytes())], Answers(exclusive=True))
    assert (found.at, found.meter) == (at, meter)


def test_what_a_plan_cannot_hold_of_a_file_is_told_and_keeps_its_usual_value():
    raw = (SAMPLES / "codecarbon_fresh_3.3.2.csv").read_text(encoding="utf-8")
    with_count = csv_with(raw, gpu_count="2000000")
    found = workload_of(read_meter([("emissions.csv", with_count.encode())]), "W1")
    assert found.said == ("not taken from the file: accelerators is 2,000,000; it must lie in [1, 4,096] accelerators",)
    assert found.workload.accelerators == Workload(id="W1", kind="fine_tuning").accelerators


def csv_with(raw, **cells):
    """A table with some cells changed in every row."""
    rows = list(csv.DictReader(io.StringIO(raw)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **cells} for row in rows)
    return out.getvalue()
