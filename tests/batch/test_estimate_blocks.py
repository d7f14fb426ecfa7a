"""`estimate` in blocks: byte for byte what a row alone comes to, whatever the blocks, the threads and the file."""

import csv
import io
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.__main__ import main
from core.batch import estimate_table
from core.batch.csv_blocks import csv_blocks
from core.batch.pool import in_order
from core.batch.texts import float_texts
from core.headless import cases, estimate
from core.headless.cases import UnusableError
from tests.bench.batch_cases import write_cases
from tests.golden.headless import cases as golden

ROOT = Path(__file__).parents[2]
COLUMNS = (*estimate.ADDED, *estimate.SAID)
SPOILT = b"""\xef\xbb\xbf region ,model,hardware,batch,accelerators,input_tokens,case_id,output_tokens,serving,precision
FR,llama3.1-8b,H100-SXM,8,,500,plain,300,vllm,bf16
FR,llama3.1-8b,H100-SXM,8,,"60,000","two,faults",0,tgi,bf16\r
FR, llama3.1-8b ,H100-SXM,"7,5",,5e2,"a ""quoted""
name over two lines",300,,
FR,llama3.1-8b,H100-SXM
\n
XX,llama3.1-8b,H100-SXM,1_0,1.5,,,,,,
FR,llama3.3-70b,H100-SXM,8,1,,too small,,,
FR,llama3.3-70b,H100-SXM,4000,4,9000,crowded,,,
FR,llama3.1-8b,H100-SXM,,,10000000,nowhere,,,
DE,gpt-5-mini,H200,7.45,8,20000,\xc3\xa9 ,3,vllm-2024,fp8
DE,mixtral-8x7b,A100-80-SXM,3.1,,100,,2000,transformers,fp16
,,,,,,,,,
aws:eu-west-1,qwen3-30b-a3b,H100-SXM,723.5,,,,,,
SE,llama3.1-8b,L40S,64.5,2,,,,,fp8
"""
ODD = b"""case_id,model,hardware,batch
5" disk,llama3.1-8b,H100-SXM,8
"x"y,llama3.1-8b,H100-SXM,9
"open to the end,llama3.1-8b,H100-SXM,8
"""


def alone(path):
    """The same file row by row, as before there were blocks: text, rows that failed."""
    out = io.StringIO()
    return cases.run(path, out, estimate.KNOWN, COLUMNS, estimate.answer), out.getvalue()


def in_blocks(path, block_bytes, workers=1):
    """The answers without their header, rows that failed, and how many blocks there were."""
    with path.open("rb") as file:
        columns, blocks = csv_blocks(path, file, estimate.KNOWN, block_bytes)
        work = partial(estimate_table.csv_lines, columns=tuple(columns), file=path.name)
        found = list(in_order(work, blocks, workers))
    return b"".join(one.data for one in found).decode(), sum(one.failed for one in found), len(found)


@pytest.fixture(scope="module", params=["golden", "spoilt", "odd", "realistic"])
def file(request, tmp_path_factory):
    """A file of cases and what it comes to row by row."""
    path = tmp_path_factory.mktemp(request.param) / "cases.csv"
    if request.param == "realistic":
        write_cases(path, 60, seed=11)
    else:
        path.write_bytes({"golden": golden("estimate").read_bytes(), "spoilt": SPOILT, "odd": ODD}[request.param])
    return path, *alone(path)


@pytest.mark.parametrize(("block_bytes", "workers"), [(1, 1), (450, 1), (450, 3), (10_000_000, 2)])
def test_blocks_and_threads_give_the_bytes_of_rows_alone(file, block_bytes, workers):
    path, failed, text = file
    found, failures, _ = in_blocks(path, block_bytes, workers)
    assert found == text.split("\n", 1)[1]
    assert failures == failed


def test_a_block_ends_where_a_record_ends(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(SPOILT)
    with path.open("rb") as file:
        _, blocks = csv_blocks(path, file, estimate.KNOWN, 450)
        found = list(blocks)
    assert b"".join(block.data for block in found) == SPOILT.split(b"\n", 1)[1]
    assert [len(list(csv.reader(io.StringIO(block.data.decode())))) for block in found] == [11, 4]


def test_a_command_writes_the_same_file_on_one_worker_and_on_three(tmp_path):
    source = tmp_path / "cases.csv"
    source.write_bytes(SPOILT)
    failed, text = alone(source)
    assert failed == 7
    for workers in ("1", "3"):
        out = tmp_path / f"{workers}.csv"
        assert main(["estimate", str(source), "-o", str(out), "--workers", workers]) == 1
        assert out.read_text(encoding="utf-8") == text


def test_parquet_in_and_out_hold_what_a_csv_holds(tmp_path):
    source, out = tmp_path / "cases.csv", tmp_path / "out.parquet"
    write_cases(source, 40, seed=5)
    rows = list(csv.DictReader(source.open(encoding="utf-8")))
    columns = {name: [row[name] or None for row in rows] for name in rows[0]}
    typed = {name: pa.array([v and float(v) for v in columns[name]]) for name in ("batch", "input_tokens")}
    typed["hardware"] = pa.array(columns["hardware"]).dictionary_encode()
    typed["accelerators"] = pa.array([v and int(v) for v in columns["accelerators"]], pa.int8())
    parquet = tmp_path / "cases.parquet"
    pq.write_table(pa.table(columns | typed), parquet)
    status = main(["estimate", str(source), "-o", str(tmp_path / "out.csv")])
    assert main(["estimate", str(parquet), "-o", str(out)]) == status
    expected = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    table = pq.read_table(out)
    assert table.column_names == list(expected[0])
    for found, row in zip(table.to_pylist(), expected, strict=True):
        for name in estimate.ADDED:
            assert found[name] == (float(row[name]) if row[name] else None)
        assert (found["error"] or "", found["nearest_measurement"] or "") == (row["error"], row["nearest_measurement"])
        assert float(found["batch"] or 0) == float(row["batch"] or 0)
        assert (found["case_id"], found["model"]) == (row["case_id"], row["model"])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cases.parquet", b"PAR1 and no more", "this Parquet file cannot be read: "),
        ("cases.csv", b"model,hardware\nllama3.1-8b,\xff\n", "cases.csv: byte 27 is not UTF-8"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence_and_leaves_nothing(name, data, said, tmp_path, capsys):
    source = tmp_path / name
    source.write_bytes(data)
    assert main(["estimate", str(source), "-o", str(tmp_path / "out.csv")]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_unknown_column_of_parquet_is_refused(tmp_path):
    pq.write_table(pa.table({"model": ["a"], "gpus": [1]}), tmp_path / "cases.parquet")
    assert main(["estimate", str(tmp_path / "cases.parquet")]) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_in_a_sentence(capsys):
    assert main(["estimate", str(golden("estimate")), "-o", "/dev/full"]) == 2
    assert capsys.readouterr().err == "/dev/full: No space left on device\n"


def test_no_worker_is_refused(capsys):
    assert main(["estimate", str(golden("estimate")), "--workers", "0"]) == 2
    assert capsys.readouterr().err == "workers is 0; it must be at least 1 worker\n"


def test_a_run_that_is_killed_leaves_no_file_under_its_name(tmp_path):
    source, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    write_cases(source, 20_000, seed=3)
    asked = [sys.executable, "-m", "core", "estimate", str(source), "-o", str(out), "--workers", "1", "--quiet"]
    run = subprocess.Popen(asked, cwd=ROOT)
    until = time.monotonic() + 60
    while not (half := list(tmp_path.glob(".out.csv*"))) and time.monotonic() < until:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert half
    assert not out.exists()


def test_numbers_are_written_as_python_writes_them():
    rng = np.random.default_rng(7)
    values = np.concatenate([np.exp(rng.uniform(-40, 40, 20_000)), 10.0 ** np.arange(-20, 20), [0.0, -1.5, np.inf]])
    assert float_texts(values).to_pylist() == list(map(repr, values.tolist()))


def test_results_come_in_order_and_few_wait():
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield number

    found = in_order(lambda number: time.sleep(0.002 * (number % 3)) or number, items(), 4)
    for number in range(50):
        assert next(found) == number
        assert len(taken) <= number + 1 + 8


def test_an_error_in_a_block_ends_the_run():
    def work(number):
        if number == 3:
            raise UnusableError("three")
        return number

    with pytest.raises(UnusableError, match="three"):
        list(in_order(work, range(9), 2))
