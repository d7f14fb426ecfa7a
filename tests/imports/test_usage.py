"""Usage files: totals of true formats, each pitfall, what is kept of a file, and the sentence a broken one earns."""

import csv
from pathlib import Path

import pytest

from core.imports import meters
from core.imports.reading import RefusedError
from core.imports.usage import read
from core.imports.usage.formats import FORMATS
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes, of_path
from tests.each import for_each

SAMPLES = Path(__file__).parent / "samples"
with (SAMPLES / "expected_usage.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))
LOGS = "call_type,spend,prompt_tokens,completion_tokens,startTime,endTime,model,model_group,cache_hit,status,messages"


def sampled(names, answers=None):
    return read_usage([of_path(SAMPLES / name) for name in names.split()], answers or {})


def log(*rows, header=LOGS, name="log.csv"):
    return of_bytes(name, "\n".join((header, *rows, "")).encode())


def request(tokens=10, at="2026-03-02 09:00:00", messages="x"):
    return f"acompletion,0.1,{tokens},5,{at},{at},gpt,support,False,success,{messages}"


@for_each("row", EXPECTED, ids=lambda row: row["files"])
def test_a_sample_gives_the_totals_that_stand_beside_it(row):
    reading = sampled(row["files"])
    total = reading.total()
    for name in ("requests", "input_tokens", "cached_tokens", "output_tokens"):
        assert getattr(total, name) == (float(row[name]) if row[name] else None), name
    costs = {row["currency"]: float(row["cost"])} if row["cost"] else {}
    assert total.costs == pytest.approx(costs)
    assert reading.rows_used == int(row["rows_used"])


def test_costs_join_the_tokens_of_their_model_and_project():
    reading = sampled("openai_usage_completions.json openai_costs.json")
    found = {subject.model: amounts for subject, amounts in reading.amounts.items()}
    assert found["gpt-SYNTHETIC-large"].costs == {"USD": pytest.approx(340.56)}
    assert found["gpt-SYNTHETIC-large"].input_tokens == 141_600_000


def test_what_the_gateway_answered_itself_is_left_out_with_its_tokens():
    left_out = sampled("litellm_spend_logs.csv").left_out
    tally = left_out["answered from LiteLLM's own cache: no model ran"]
    assert (tally.rows, tally.tokens) == (1, 1355)
    assert left_out["failed: no model answered"].rows == 1


def test_a_row_is_refused_and_the_others_count():
    reading = read_usage([log(request(), "acompletion,0.1,10", request("ten"), request(7))])
    assert reading.total().input_tokens == 17
    assert reading.refused == (
        "log.csv, row 3: it has 3 cells; it must have 11, one for each column",
        "log.csv, row 4: prompt_tokens is 'ten', not a number",
    )


def test_a_file_that_nobody_knows_is_refused():
    with pytest.raises(RefusedError, match=r"^x\.txt is none of the \d+ kinds of usage files known here, and no"):
        read_usage([of_bytes("x.txt", b"a line of prose\nand another\n")])


FAMILIES = {
    "meter": "codecarbon_emissions.csv codecarbon_emissions_v3.3.0_ragged.csv dcgm_exporter.prom zeus_monitor.csv "
    "nvidia_smi_power.csv slurm_sacct.psv",
    "usage": "openai_usage_completions.json openai_costs.json openai_usage_completions_flat.csv litellm_spend_logs.csv "
    "litellm_daily_user_spend.csv",
    "own": "../../../data/example/plan.csv",
    "unknown": "README.md",
}


@for_each("family", list(FAMILIES))
def test_every_sample_is_of_its_family(family):
    for name in FAMILIES[family].split():
        assert kind_of(of_path(SAMPLES / name)).family == family, name


def test_a_plan_is_told_where_it_opens():
    kind = kind_of(of_path(SAMPLES / "../../../data/example/plan.csv"))
    assert kind.why == "plan.csv is a plan of Glidepath: open it under Share"


def test_a_row_that_ends_before_it_starts_is_refused():
    late = request().replace("09:00:00,2026", "09:00:00,2025", 1)
    reading = read_usage([log(request(), late)])
    assert reading.refused == ("log.csv, row 3: it ends at 2025-03-02 09:00, before its start, 2026-03-02 09:00",)


def test_a_file_that_parts_into_too_many_pieces_is_refused(monkeypatch):
    monkeypatch.setattr(read, "MOST_SUBJECTS", 3)
    rows = [request().replace("gpt", f"gpt-{number}") for number in range(4)]
    with pytest.raises(RefusedError, match=r"log\.csv parts into over 3 models, groups, regions and months"):
        read_usage([log(*rows)])


@for_each("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_one_format_at_most_knows_a_sample(path):
    raw = path.read_bytes()
    head = read.head_of(of_bytes(path.name, raw))
    usage = [one.kind for one in FORMATS if one.recognises(head)]
    assert len(usage) <= 1
    assert not usage or not meters.recognised(head.text)


def test_a_lone_carriage_return_is_known_by_nobody_and_breaks_nothing():
    assert kind_of(of_bytes("x", b"a\rb,c\n1,2\n")).family == "unknown"


def test_files_that_tell_of_the_same_time_twice_are_told():
    march = [request(at=f"2026-03-{day:02d} 09:00:00") for day in (1, 20)]
    later = [request(7, at=f"2026-03-{day:02d} 09:00:00") for day in (10, 31)]
    after = [request(8, at=f"2026-0{month}-28 09:00:00") for month in (4, 5)]
    said = read_usage([log(*march, name="a.csv"), log(*later, name="b.csv"), log(*after, name="c.csv")]).said
    assert [line for line in said if "twice" in line] == [
        "a.csv and b.csv both tell of the same models from 2026-03-10 09:00 to 2026-03-20 09:00 UTC: "
        "what stands in both counts twice"
    ]


@for_each("name", ["openai_usage_completions.json", "litellm_spend_logs.csv", "langfuse_observations_v2.jsonl"])
def test_a_mark_of_the_encoding_before_a_file_changes_nothing(name):
    marked = of_bytes(name, b"\xef\xbb\xbf" + (SAMPLES / name).read_bytes())
    assert kind_of(marked) == kind_of(of_path(SAMPLES / name))
    assert read_usage([marked]).total() == sampled(name).total()
