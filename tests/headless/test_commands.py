"""`python -m core`: a bad row gets an error and the others go on; exit 0, 1 when some failed, 2 for bad arguments."""

import csv
import io
import math
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from core import catalog, link, results, table
from core.__main__ import main
from core.headless import estimate, train
from core.plan import Plan, Workload
from core.plan.example import FILE, example_plan
from core.results_table import COLUMNS, write_results
from tests.golden.headless import COMMANDS, answers, cases

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "broken"
CATALOG = catalog.load()
ESTIMATE = "model,hardware,accelerators,precision,batch,input_tokens,output_tokens,serving,parallel,region"
TRAIN = "model,params_total_b,params_active_b,train_tokens_b,hardware,accelerators,precision,region,pue"


@pytest.fixture
def ask(tmp_path, capsys):
    """Answer a table of cases: exit status, rows, what was said."""

    def answer(command, text, encoding="utf-8"):
        source, target = tmp_path / "cases.csv", tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        source.write_bytes(text.encode(encoding))
        status = main([command, str(source), "-o", str(target)])
        rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8")))) if target.exists() else None
        return status, rows, capsys.readouterr().err

    return answer


def row(**cells):
    """One case of `estimate` as a table."""
    usual = {"model": "llama3.1-8b", "hardware": "H100-SXM", "batch": "8", "region": "FR"} | cells
    return f"{','.join(usual)}\n{','.join(str(cell) for cell in usual.values())}\n"


def figures(ask, **cells):
    status, (found,), _ = ask("estimate", row(**cells))
    assert (status, found["error"]) == (0, "")
    return {name: float(found[name]) for name in estimate.ADDED if found[name]}


# -- columns


def test_estimate_knows_and_adds_the_columns_of_the_design():
    assert list(estimate.KNOWN) == ["case_id", *ESTIMATE.split(",")]
    assert list(estimate.ADDED) == [
        "energy_accelerator_j_per_output_token", "energy_accelerator_j_per_output_token_low",
        "energy_accelerator_j_per_output_token_high", "step_time_s", "power_accelerator_w",
        "energy_facility_wh_per_request", "carbon_location_g_per_request", "carbon_embodied_g_per_request",
        "water_l_per_request", "cost_usd_per_request", "accelerators_needed",
    ]  # fmt: skip


def test_train_knows_and_adds_the_columns_of_the_design():
    assert list(train.KNOWN) == ["case_id", *TRAIN.split(",")]
    names = ("accelerator_hours", "energy_accelerator_mwh", "energy_facility_mwh", "carbon_location_t")
    assert list(train.ADDED) == [f"{name}{end}" for name in names for end in ("", "_low", "_high")]


@pytest.mark.parametrize("command", COMMANDS)
def test_answers_are_the_cases_columns_then_the_added_then_the_error(ask, command):
    module = {"estimate": estimate, "train": train}[command]
    _, rows, _ = ask(command, cases(command).read_text(encoding="utf-8"))
    assert list(rows[0]) == [*module.KNOWN, *module.ADDED, "nearest_measurement", "error"]


@pytest.mark.parametrize("command", COMMANDS)
def test_cases_come_back_as_they_were_in_their_order(ask, command):
    text = cases(command).read_text(encoding="utf-8")
    _, rows, _ = ask(command, text)
    asked = list(csv.DictReader(io.StringIO(text)))
    assert [{name: found[name] for name in given} for found, given in zip(rows, asked, strict=True)] == asked


# -- golden answers


@pytest.mark.parametrize("command", COMMANDS)
def test_answers_are_the_golden_ones(ask, command):
    lines = answers(command).read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[0].startswith("# python -m tests.golden.headless, from ")
    expected = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    status, rows, _ = ask(command, cases(command).read_text(encoding="utf-8"))
    module = {"estimate": estimate, "train": train}[command]
    assert (status, len(rows)) == (0, len(expected))
    for found, kept in zip(rows, expected, strict=True):
        for name in module.ADDED:
            known = (found[name] == "", kept[name] == "")
            assert known == (False, False) or known == (True, True)
            if kept[name]:
                assert float(found[name]) == pytest.approx(float(kept[name]), rel=1e-6), (found["case_id"], name)
        assert found["nearest_measurement"] == kept["nearest_measurement"]


# -- errors and exit status


def test_a_bad_row_has_an_error_and_the_others_go_on(ask):
    text = "case_id,model,hardware,batch\na,llama3.1-8b,H100-SXM,8\nb,no-such,H100-SXM,8\nc,llama3.1-8b,H100-SXM,0\n"
    status, rows, _ = ask("estimate", text + "d,llama3.1-8b,H100-SXM\ne,llama3.1-8b,H100-SXM,8\n")
    assert status == 1
    assert [found["error"] for found in rows] == [
        "",
        "model is 'no-such'; it is not in the catalog",
        "batch is 0; it must lie in [1, 4,096] requests",
        "cases.csv, line 5: the row has 3 cells; it must have 4, one for each column",
        "",
    ]
    assert [bool(found["step_time_s"]) for found in rows] == [True, False, False, False, True]
    assert {name: rows[0][name] for name in estimate.ADDED} == {name: rows[4][name] for name in estimate.ADDED}


ESTIMATE_ERRORS = [
    ({"model": ""}, "model is blank; it must be an id of the catalog"),
    ({"hardware": ""}, "hardware is blank; it must be an id of the catalog"),
    ({"hardware": "TPU"}, "hardware is 'TPU'; it is not in the catalog"),
    ({"region": "XX"}, "region is 'XX'; it is neither a grid nor a cloud region of the catalog"),
    (
        {"precision": "fp7"},
        "precision is 'fp7'; it must be one of fp32, tf32, bf16, fp16, fp8, int8, int4, mxfp4, nf4, ternary",
    ),
    ({"serving": "tgi"}, "serving is 'tgi'; it must be one of vllm, vllm-2024, transformers"),
    ({"parallel": "dp"}, "parallel is 'dp'; it must be one of tp, ep, pp"),
    ({"accelerators": "1.5"}, "accelerators is 1.5; it must be a whole number in [1, 4,096] accelerators"),
    ({"batch": "many"}, "batch is 'many', not a number; it must lie in [1, 4,096] requests"),
    ({"output_tokens": "0"}, "output_tokens is 0; it must lie in [1, 1,000,000] tokens"),
    ({"input_tokens": "nan"}, "input_tokens is nan; it must be a finite number in [0, 10,000,000] tokens"),
    (
        {"input_tokens": "10000000"},
        "input_tokens is 10,000,000, output_tokens 300; the cache of one request must fit beside the weights, "
        "and no number of H100-SXM holds it",
    ),
    (
        {"model": "llama3.3-70b", "accelerators": "1"},
        "accelerators is 1; the weights of Llama 3.3 70B take 141 GB and H100 SXM5 80 GB holds 80 GB; "
        "it must be at least 2",
    ),
]


@pytest.mark.parametrize(("cells", "said"), ESTIMATE_ERRORS, ids=[str(cells) for cells, _ in ESTIMATE_ERRORS])
def test_an_estimate_that_cannot_be_made_says_why(ask, cells, said):
    status, rows, _ = ask("estimate", row(**cells))
    assert (status, rows[0]["error"]) == (1, said)


TRAIN_ERRORS = [
    ("no-such,,,1,H100-SXM,,,,", "model is 'no-such'; it is not in the catalog"),
    (",,,1,H100-SXM,,,,", "params_total_b is blank; it must lie in [0.000001, 100,000] billion parameters"),
    (",7,8,1,H100-SXM,,,,", "params_active_b is 8; it must not exceed params_total_b, 7 billion"),
    (",7,,,H100-SXM,,,,", "train_tokens_b is blank; it must lie in [0, 1,000,000] billion tokens"),
    (",7,,-1,H100-SXM,,,,", "train_tokens_b is -1; it must lie in [0, 1,000,000] billion tokens"),
    (",0,,1,H100-SXM,,,,", "params_total_b is 0; it must lie in [0.000001, 100,000] billion parameters"),
    (",7,,1,,,,,", "hardware is blank; it must be an id of the catalog"),
    (",7,,1,TPU,,,,", "hardware is 'TPU'; it is not in the catalog"),
    (",7,,1,H100-SXM,,,,0.9", "pue is 0.9; it must lie in [1, 3] kWh/kWh"),
    (",7,,1,H100-SXM,,,XX,", "region is 'XX'; it is neither a grid nor a cloud region of the catalog"),
    (",7,,1,H100-SXM,0,,,", "accelerators is 0; it must lie in [1, 10,000,000] accelerators"),
    (
        "llama3.1-405b,,,1,H100-SXM,8,bf16,,",
        "accelerators is 8; the weights of Llama 3.1 405B take 812 GB and H100 SXM5 80 GB holds 80 GB; it must be at "
        "least 11",
    ),
    (
        ",2000,,1,H100-SXM,49,bf16,,",
        "accelerators is 49; the weights of that model take 4,000 GB and H100 SXM5 80 GB holds 80 GB; it must be at "
        "least 50",
    ),
]


@pytest.mark.parametrize(("cells", "said"), TRAIN_ERRORS)
def test_a_training_that_cannot_be_computed_says_why(ask, cells, said):
    status, rows, _ = ask("train", f"{TRAIN}\n{cells}\n,7,,1,H100-SXM,,,,\n")
    assert (status, [found["error"] for found in rows]) == (1, [said, ""])


@pytest.mark.parametrize(("command", "header"), [("estimate", ESTIMATE), ("train", TRAIN)])
def test_an_unknown_column_is_refused_and_nothing_is_written(ask, command, header):
    status, rows, said = ask(command, f"{header},gpus\n")
    assert (status, rows) == (2, None)
    assert "column 'gpus' is not known; known are case_id, model, " in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no header line"),
        ("model,model\n", "column 'model' stands there twice"),
        ("model,é\n", "byte 6 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_cases_is_refused(ask, text, said):
    status, rows, error = ask("estimate", text, "latin-1")
    assert (status, rows) == (2, None)
    assert error.rstrip().endswith(said)


@pytest.mark.parametrize("command", ["estimate", "train", "plan", "link"])
def test_a_file_that_is_not_there_is_refused(tmp_path, capsys, command):
    assert main([command, str(tmp_path / "no.csv")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'no.csv'}: No such file or directory\n"


def test_an_output_that_cannot_be_written_is_refused(tmp_path, capsys):
    assert main(["plan", str(FILE), "-o", str(tmp_path / "no" / "out.csv")]) == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_cases_may_be_answered_in_their_own_file(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text(row(), encoding="utf-8")
    assert main(["estimate", str(file), "-o", str(file)]) == 0
    assert file.read_text(encoding="utf-8").startswith("model,hardware,batch,region,energy_accelerator_j")
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_a_refused_file_leaves_the_old_answers(tmp_path):
    source, target = tmp_path / "cases.csv", tmp_path / "out.csv"
    source.write_text("gpus\n1\n", encoding="utf-8")
    target.write_text("kept", encoding="utf-8")
    assert main(["estimate", str(source), "-o", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "kept"


def test_without_an_output_file_answers_go_to_standard_output(tmp_path, capsys):
    file = tmp_path / "cases.csv"
    file.write_text(row(), encoding="utf-8")
    assert main(["estimate", str(file)]) == 0
    assert capsys.readouterr().out.count("\n") == 2


@pytest.mark.parametrize("arguments", [[], ["no-such"], ["estimate"], ["plan", "a", "b"], ["estimate", "a", "--x"]])
def test_bad_arguments_exit_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_help_names_every_command():
    run = subprocess.run(
        [sys.executable, "-m", "core", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    for command in ("estimate", "train", "plan", "link", "warm-up"):
        assert command in run.stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("estimate", "Energy, carbon, water and cost of one request for each row of CASES.csv."),
        ("train", "Accelerator-hours, energy and carbon of one training run for each row of CASES.csv."),
        ("plan", "The results table of a plan CSV or a link, byte for byte what the page exports."),
        ("link", "The link text of a plan CSV."),
        ("data", "Check every data file, and what the data does to the built-in example's figures."),
        ("fit", "Fit the engine to the measurements anew, and show its error on what was left out of the fit."),
        ("warm-up", "Compile the engine once, so that the first page is fast."),
    ],
)
def test_the_help_of_a_command_says_what_it_does(command, said, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", ["estimate", "train", "plan", "link"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert "a CSV file" in capsys.readouterr().out


# -- what the figures mean


def test_blank_cells_and_missing_columns_mean_the_same_defaults(ask):
    usual = Workload(id="x")
    spelt = {"precision": "bf16", "input_tokens": 500, "output_tokens": 300, "serving": "vllm", "parallel": "tp"}
    assert all(getattr(usual, name) == value for name, value in spelt.items())
    blank = dict.fromkeys(spelt, "")
    assert figures(ask) == figures(ask, **spelt) == figures(ask, **blank)


def test_a_blank_batch_is_the_largest_that_fits_and_at_most_256(ask):
    assert figures(ask, batch="") == figures(ask, batch=256)
    long = {"model": "llama3.3-70b", "accelerators": 4, "input_tokens": 50_000}
    model, hardware = CATALOG.models["llama3.3-70b"], CATALOG.hardware["H100-SXM"]
    room = 4 * hardware.memory_gb * 1e9 * 0.9 - model.params_total_b * 2e9
    largest = math.floor(room / ((50_000 + 150) * model.kv_bytes_per_token))
    assert figures(ask, batch="", **long) == figures(ask, batch=largest, **long)


def test_blank_accelerators_are_the_fewest_that_fit(ask):
    needed = figures(ask, model="llama3.3-70b", batch=1)
    assert needed == figures(ask, model="llama3.3-70b", batch=1, accelerators=2)
    assert needed["accelerators_needed"] == 2


def test_accelerators_given_are_the_ones_needed(ask):
    assert figures(ask, accelerators=4)["accelerators_needed"] == 4


@pytest.mark.parametrize("model", ["llama3.1-8b", "mixtral-8x7b", "qwen3-30b-a3b"])
def test_a_larger_batch_takes_less_energy_a_token(ask, model):
    header = "model,hardware,accelerators,batch\n"
    lines = "".join(f"{model},H100-SXM,2,{2**k}\n" for k in range(8))
    _, rows, _ = ask("estimate", header + lines)
    found = [float(r["energy_accelerator_j_per_output_token"]) for r in rows]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 8


def test_energy_a_token_is_power_times_step_time_over_batch(ask):
    found = figures(ask, model="llama3.3-70b", accelerators=4, batch=16)
    expected = 4 * found["power_accelerator_w"] * found["step_time_s"] / 16
    assert found["energy_accelerator_j_per_output_token"] == pytest.approx(expected, rel=1e-9)


def ladder(found, hardware, batch, accelerators, output_tokens=300):
    """Accelerators, idle and host at the meter [Wh] of a hired, shared fleet, from the answers and the catalog."""
    used, p_floor = CATALOG.assumptions["provider_utilization"].central, CATALOG.coefficients["inference"]["p_floor"]
    busy_h = accelerators * found["step_time_s"] * output_tokens / batch / 3600
    held_h = busy_h / used
    waiting_w = hardware.idle_w + p_floor["value"] * (hardware.tdp_w - hardware.idle_w)
    host_w = hardware.host_w or CATALOG.assumptions["host_w"].central
    accelerator_wh = found["energy_accelerator_j_per_output_token"] * output_tokens / 3600
    return accelerator_wh + (held_h - busy_h) * waiting_w + held_h * host_w, held_h


def test_energy_at_the_meter_is_accelerators_idle_and_host_times_pue(ask):
    found = figures(ask, batch=8, region="FR")
    it_wh, held_h = ladder(found, CATALOG.hardware["H100-SXM"], 8, 1)
    pue, wue = CATALOG.assumptions["pue_cloud"].central, CATALOG.assumptions["wue_cloud"].central
    region = CATALOG.regions["FR"]
    assert found["energy_facility_wh_per_request"] == pytest.approx(it_wh * pue, rel=1e-9)
    carbon_g = it_wh * pue / 1000 * region.carbon_g_per_kwh
    assert found["carbon_location_g_per_request"] == pytest.approx(carbon_g, rel=1e-9)
    water_l = it_wh / 1000 * (wue + pue * region.water_l_per_kwh)
    assert found["water_l_per_request"] == pytest.approx(water_l, rel=1e-9)
    device = CATALOG.hardware["H100-SXM"].embodied_kg + CATALOG.assumptions["embodied_server_share_kg"].central
    embodied_g = 1000 * device * held_h / (CATALOG.assumptions["lifetime_years"].central * 8760)
    assert found["carbon_embodied_g_per_request"] == pytest.approx(embodied_g, rel=1e-9)
    price = catalog.price_hour(CATALOG, "H100-SXM").central
    assert found["cost_usd_per_request"] == pytest.approx(price * held_h, rel=1e-9)


def test_the_range_of_energy_holds_its_centre(ask):
    _, rows, _ = ask("estimate", cases("estimate").read_text(encoding="utf-8"))
    for found in rows:
        low, mid, high = (float(found[f"energy_accelerator_j_per_output_token{end}"]) for end in ("_low", "", "_high"))
        assert low < mid < high, found["case_id"]


def test_an_unknown_price_is_blank_and_never_zero(ask):
    unpriced = next(h for h in CATALOG.hardware if catalog.price_hour(CATALOG, h) is None and "H100" not in h)
    _, rows, _ = ask("estimate", row(hardware=unpriced, precision="int4", batch=1))
    assert (rows[0]["cost_usd_per_request"], rows[0]["error"]) == ("", "")


def test_answers_do_not_depend_on_the_other_rows(ask):
    text = cases("estimate").read_text(encoding="utf-8")
    _, together, _ = ask("estimate", text)
    header, *lines = text.splitlines(keepends=True)
    for line, kept in zip(lines, together, strict=True):
        assert ask("estimate", header + line)[1] == [kept]


def test_answers_keep_full_precision(ask):
    _, rows, _ = ask("estimate", row())
    for name in estimate.ADDED[:-1]:
        assert repr(float(rows[0][name])) == rows[0][name]


def trained(ask, cells):
    status, (found,), _ = ask("train", f"{TRAIN}\n{cells}\n")
    assert (status, found["error"]) == (0, "")
    return {name: float(found[name]) for name in train.ADDED}


def test_twice_the_tokens_are_twice_the_training(ask):
    one, two = trained(ask, ",7,,100,H100-SXM,,,FR,1.2"), trained(ask, ",7,,200,H100-SXM,,,FR,1.2")
    assert two == pytest.approx({name: 2 * value for name, value in one.items()}, rel=1e-9)


def test_training_at_the_meter_is_pue_times_the_servers_and_carbon_its_grid(ask):
    one, more = trained(ask, ",7,,100,H100-SXM,,,FR,1"), trained(ask, ",7,,100,H100-SXM,,,FR,1.5")
    assert more["energy_facility_mwh"] == pytest.approx(1.5 * one["energy_facility_mwh"], rel=1e-9)
    assert more["energy_accelerator_mwh"] == pytest.approx(one["energy_accelerator_mwh"], rel=1e-12)
    grams = CATALOG.regions["FR"].carbon_g_per_kwh
    assert more["carbon_location_t"] == pytest.approx(more["energy_facility_mwh"] * grams / 1000, rel=1e-9)


def test_a_dense_model_of_a_size_is_the_same_by_name_or_by_number(ask):
    model = CATALOG.models["llama3.1-8b"]
    named = trained(ask, "llama3.1-8b,,,100,A100-80-SXM,,,FR,1.2")
    sized = trained(ask, f",{model.params_total_b},{model.params_active_b},100,A100-80-SXM,,,FR,1.2")
    assert named == pytest.approx(sized, rel=1e-9)


def test_a_small_model_takes_more_hours_per_token_and_parameter_on_a_fast_accelerator_only(ask):
    """On an A100 twice the size is twice the hours but for attention; on an H100 the small model fills less."""

    def hours(active_b, hardware):
        return trained(ask, f",{active_b},,100,{hardware},,,FR,1.2")["accelerator_hours"]

    def attention(active_b):
        return 1 + 4096 / (6 * (128 / 12 * active_b * 1e9) ** (1 / 3))

    slow = hours(8, "A100-80-SXM") / hours(4, "A100-80-SXM")
    assert slow == pytest.approx(2 * attention(8) / attention(4), rel=1e-9)
    fast = hours(8, "H100-SXM") / hours(4, "H100-SXM")
    lost = CATALOG.coefficients["training"]["small_on_fast"]["value"]
    assert fast / slow == pytest.approx(2 ** (lost * math.log(989 / 312)), rel=1e-9)


def test_tokens_of_a_known_model_are_its_own(ask):
    tokens_b = CATALOG.models["llama3.1-8b"].train_tokens_b
    known = trained(ask, "llama3.1-8b,,,,H100-SXM,,,FR,1.2")
    assert known == trained(ask, f"llama3.1-8b,,,{tokens_b},H100-SXM,,,FR,1.2")


@pytest.mark.parametrize("name", ["accelerator_hours", "energy_facility_mwh", "carbon_location_t"])
def test_the_range_of_a_training_holds_its_centre(ask, name):
    _, rows, _ = ask("train", cases("train").read_text(encoding="utf-8"))
    for found in rows:
        assert float(found[f"{name}_low"]) < float(found[name]) < float(found[f"{name}_high"])


# -- plan and link


def test_plan_writes_the_results_of_a_plan_file(capsys):
    assert main(["plan", str(FILE)]) == 0
    out = capsys.readouterr()
    assert (out.out, out.err) == (write_results(results.of(example_plan())), "")
    assert out.out.split("\n", 1)[0] == ",".join(COLUMNS)


def test_link_prints_the_link_of_a_plan_file(capsys):
    assert main(["link", str(FILE)]) == 0
    text = capsys.readouterr().out
    assert text == f"?s={link.encode(example_plan(), link.stamp(example_plan()))}\n"
    assert link.decode(text.strip().removeprefix("?s=")).plan == example_plan()


def test_a_plan_too_large_for_a_link_is_said_to_be(tmp_path, capsys):
    words = (sha256(str(k).encode()).hexdigest() for k in range(2_000))
    many = tuple(
        Workload(id=f"x{k}", **{name: next(words)[:40] for name in ("name", "owner", "business_unit", "tags")})
        for k in range(500)
    )
    file = tmp_path / "plan.csv"
    file.write_text(table.write_plan(Plan(workloads=many)), encoding="utf-8")
    assert main(["link", str(file)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith("the plan is too large for a link (")


@pytest.mark.parametrize("mark", ["?s=", ""], ids=["as an address has it", "bare"])
def test_plan_reads_the_link_that_link_prints(capsys, mark):
    main(["link", str(FILE)])
    text = capsys.readouterr().out.strip()
    assert main(["plan", mark + text.removeprefix("?s=")]) == 0
    assert capsys.readouterr().out == write_results(results.of(example_plan()))


def test_the_valid_part_of_a_damaged_link_is_answered_with_a_word_and_status_1(capsys):
    plan = example_plan().but(seed=7).with_workload("W2", pue=1.3)
    cut = link.encode(plan)[:-4]
    opened = link.decode(cut).plan
    assert main(["plan", f"?s={cut}"]) == 1
    out = capsys.readouterr()
    assert (
        out.err
        == "the link is damaged or was cut short; what could be read was opened, the rest is as in the example\n"
    )
    assert out.out == write_results(results.of(opened))
    assert opened.seed == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("garbage", "the link says version 'garbage'; this app reads version 1"),
        ("", "the link says version ''; this app reads version 1"),
        ("2.AAAA", "the link says version '2'; this app reads version 1"),
        ("1.AAAA", "the link is damaged or was cut short"),
        (f"1.{'x' * 70_000}", "the link has 70,002 characters; the limit is 65,000"),
    ],
    ids=["no link", "blank", "another version", "nothing whole", "too long"],
)
@pytest.mark.parametrize("command", ["plan", "link"])
def test_a_link_of_which_nothing_can_be_read_is_refused_and_nothing_is_written(command, text, said, tmp_path, capsys):
    file = tmp_path / "results.csv"
    assert main([command, f"s={text}", *(["-o", str(file)] if command == "plan" else [])]) == 2
    out = capsys.readouterr()
    assert (out.out, out.err) == ("", f"nothing of this link could be read: {said}\n")
    assert not file.exists()


def test_a_plan_with_problems_is_answered_with_its_sentences_and_status_1(capsys):
    assert main(["plan", str(BROKEN / "bad_number.csv")]) == 1
    out = capsys.readouterr()
    assert out.err == "bad_number.csv, line 3, column pue: pue is 'much', not a number; it must lie in [1, 3] kWh/kWh\n"
    assert {line.split(",")[2] for line in out.out.splitlines()[1:]} == {"ok"}


def test_a_workload_that_cannot_be_computed_is_named(tmp_path, capsys):
    file = tmp_path / "plan.csv"
    file.write_text(table.write_plan(example_plan().with_workload("W2", model="no-such")), encoding="utf-8")
    assert main(["plan", str(file)]) == 1
    assert capsys.readouterr().err == "W2: model is 'no-such'; it is not in the catalog\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("latin_1", "byte 50 is not UTF-8"),
        ("not_a_csv", "byte 0 is not UTF-8"),
        ("empty", "line 1: the column 'record' is missing; this is not a plan CSV"),
    ],
)
@pytest.mark.parametrize("command", ["plan", "link"])
def test_a_file_that_is_no_plan_is_refused(command, name, said, capsys):
    assert main([command, str(BROKEN / f"{name}.csv")]) == 2
    assert capsys.readouterr().err.rstrip().endswith(said)


def test_an_empty_plan_has_a_link_and_a_header(tmp_path, capsys):
    file = tmp_path / "plan.csv"
    file.write_text("record,name\nplan,Ours\n", encoding="utf-8")
    assert main(["plan", str(file)]) == 0
    assert capsys.readouterr().out == ",".join(COLUMNS) + "\n"
    assert main(["link", str(file)]) == 0


def test_a_reader_that_goes_away_ends_a_command_without_a_trace():
    read, write = os.pipe()
    os.close(read)
    asked = [sys.executable, "-m", "core", "import", "--formats"]
    done = subprocess.run(asked, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
