"""The Import page: files become proposals, proposals a portfolio; nothing changes before it is accepted."""

from __future__ import annotations

import csv
import gzip
from io import StringIO
from math import isclose
from pathlib import Path
from time import sleep

import pytest
from streamlit.testing.v1 import AppTest

from core.plan import Plan
from core.plan.example import example_plan
from core.ui import import_file, import_job, import_kept
from core.ui.import_job import Job
from tests.pages.open_at import open_at

ROOT = Path(__file__).parents[2]
APP = str(ROOT / "app.py")
SAMPLES = ROOT / "tests" / "imports" / "samples"
SAMPLE = import_file.SAMPLE
PAGE = "pages/import/page.py"
LITELLM, OPENAI = "litellm_daily_user_spend.csv", "openai_usage_completions.json"
DAYS = 365.0


def _open() -> AppTest:
    app = open_at(AppTest.from_file(APP, default_timeout=60), "import")
    assert not app.exception
    return app


def _give(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader = next(w for w in app.file_uploader if str(w.key).startswith(import_file.UPLOAD))
    uploader.set_value([(name, raw, "text/plain") for name, raw in files]).run()
    assert not app.exception
    return app


def _sample(name: str) -> tuple[str, bytes]:
    return name, (SAMPLES / name).read_bytes()


def _press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _said(app: AppTest) -> str:
    """All the page says, without the signs that keep markdown from reading it."""
    kinds = (app.header, app.markdown, app.warning, app.info)
    said = "\n".join(str(part.value) for kind in kinds for part in kind)
    return said.replace("\\", "").replace("\u2060", "").replace("\xa0", " ").replace("\u202f", " ")


def _tokens_a_year(plan: Plan, name: str) -> float:
    return sum(w.requests_per_day * w.operating_days * getattr(w, name) for w in plan.workloads)


def test_two_files_become_a_portfolio_whose_tokens_re_add_to_them() -> None:
    app = _give(_open(), _sample(LITELLM), _sample(OPENAI))
    assert "3 workloads to add" in _said(app)
    assert "197 400 requests, 334 m input tokens (19 % from cache), 47.4 m output tokens" in _said(app)
    assert _plan(app) == example_plan()
    app = _press(app, "import-accept")
    assert "3 workloads added, the example replaced" in _said(app)
    plan = _plan(app)
    assert plan.name == "Our plan"
    # One day of LiteLLM's file, two of OpenAI's: each at its own rate of a year.
    assert isclose(_tokens_a_year(plan, "input_tokens"), 72.0e6 * DAYS + 261.6e6 / 2 * DAYS, rel_tol=1e-9)
    assert isclose(_tokens_a_year(plan, "output_tokens"), 12.6e6 * DAYS + 34.78e6 / 2 * DAYS, rel_tol=1e-9)
    app = _press(app, "undo")
    assert _plan(app) == example_plan()
    assert "3 workloads to add" in _said(app)


def test_the_same_file_again_changes_nothing_and_the_next_month_keeps_every_choice() -> None:
    app = _press(_press(_open(), "import-sample"), "import-accept")
    first = _plan(app)
    chosen = first.workloads[0]
    app.session_state["glidepath"].plan = first.with_workload(chosen.id, model="gpt-5-nano", growth_central_pct=0.0)
    app = _give(_press(app, "import-forget"), (SAMPLE.name, SAMPLE.read_bytes()))
    assert app.header[0].value == "The plan holds all of this already"
    assert "3 as they stand: " in _said(app)
    assert "Nothing is taken yet" not in _said(app)
    assert app.button(key="import-accept").disabled
    later = "\n".join(
        line if place == 0 else line.replace("2026-09-", "2026-11-").replace("2026-10-31", "2026-12-31")
        for place, line in enumerate(_doubled().splitlines())
    )
    app = _give(_press(app, "import-forget"), ("later.csv", later.encode()))
    app = _press(app, "import-accept")
    after = _plan(app)
    assert [w.id for w in after.workloads] == [w.id for w in first.workloads]
    assert after.workloads[0].model == "gpt-5-nano"
    assert after.workloads[0].requests_per_day > 1.5 * chosen.requests_per_day


def _doubled() -> str:
    """The sample with twice the requests and tokens of September alone."""
    rows = [row for row in csv.DictReader(StringIO(SAMPLE.read_text())) if row["date"].startswith("2026-09")]
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        counted = ("prompt_tokens", "completion_tokens", "cache_read_input_tokens", "api_requests",
                   "successful_requests")  # fmt: skip
        writer.writerow(row | {name: 2 * int(row[name]) for name in counted})
    return out.getvalue()


def test_names_and_models_can_be_changed_and_a_workload_taken_out_before_it_is_accepted() -> None:
    app = _press(_open(), "import-sample")
    keys = list(app.selectbox(key="import:one").options)
    assert len(keys) == 3
    name = next(w for w in app.text_input if w.label == "Name")
    app = name.set_value("Search of the shop").run()
    model = next(w for w in app.selectbox if w.label == "Model")
    app = model.set_value("gpt-5-nano").run()
    app = app.checkbox(key=f"import:take:{_draft(app).looked_at}").uncheck().run()
    assert "2 workloads to add, 1 left out" in _said(app)
    app = app.checkbox(key=f"import:take:{_draft(app).looked_at}").check().run()
    app = app.checkbox(key="import:replace").uncheck().run()
    before = len(example_plan().workloads)
    app = _press(app, "import-accept")
    added = _plan(app).workloads[before:]
    assert len(added) == 3
    assert ("Search of the shop", "gpt-5-nano") in {(w.name, w.model) for w in added}
    assert _plan(app).workloads[:before] == example_plan().workloads


def _draft(app: AppTest) -> import_file.Draft:
    found: import_file.Draft = app.session_state["glidepath"].drafts["import:draft"]
    return found


def test_a_draft_outlives_a_look_elsewhere_and_a_reload_of_the_page() -> None:
    app = _press(_open(), "import-sample")
    app = app.switch_page("pages/plan/page.py").run()
    app = app.switch_page(PAGE).run()
    assert "3 workloads to add" in _said(app)
    token = _draft(app).token
    anew = _open()
    assert "Start from the files you already have" in _said(anew)
    anew.session_state["import_draft"] = None
    anew.session_state["glidepath"].drafts["import:draft"] = import_kept.kept(token)
    assert "3 workloads to add" in _said(anew.run())
    _press(anew, "import-forget")
    assert import_kept.kept(token) is None


def test_a_draft_is_kept_for_its_time_and_no_longer() -> None:
    import_kept.keep("brief", "a draft", kept_s=0.02)
    import_kept.keep("longer", "another")
    assert import_kept.kept("brief") == "a draft"
    sleep(0.05)
    assert import_kept.kept("brief") is None
    import_kept._sweep()
    assert "brief" not in import_kept._held
    for place in range(import_kept.MOST_KEPT):
        import_kept.keep(f"newer {place}", place)
    assert import_kept.kept("longer") is None
    assert import_kept.kept("newer 0") == 0


def test_a_reading_that_is_stopped_takes_nothing_and_can_be_taken_up_again() -> None:
    files = (_sample(LITELLM), _sample(OPENAI))
    job = Job(files, {})
    job.stop()
    job.start()
    assert job.wait(10.0)
    assert (job.stopped, job.readings) == (True, ())
    app = _give(_open(), *files)
    _draft(app).job = job
    app.run()
    assert "Stopped" in _said(app)
    assert _plan(app) == example_plan()
    app = _press(app, "import-again")
    assert "3 workloads to add" in _said(app)
    found = _draft(app).job
    assert found is not None
    progress = found.progress()
    assert progress.done_bytes == progress.size_bytes == sum(len(raw) for _, raw in files)
    assert [reading.kind for reading in found.readings] == ["LiteLLM daily spend", "OpenAI usage and costs (JSON)"]


HOSTILE = {
    "cut.json": ((SAMPLES / OPENAI).read_bytes()[:900], "cut.json"),
    "nothing.csv": (b"", "nothing.csv is empty (0 bytes)"),
    "sheet.csv": (b"PK\x03\x04" + b"\x00" * 99, "sheet.csv is a zip archive or a spreadsheet"),
    "binary.csv": (b"\x7fELF" + bytes(range(256)) * 4, "binary.csv is no text: byte 4 is 0"),
    "story.txt": (b"Once upon a time there was a table.\n", "story.txt is none of the files known here"),
}


def test_hostile_files_are_refused_in_a_sentence_each_and_the_plan_stays() -> None:
    app = _give(_open(), *((name, raw) for name, (raw, _) in HOSTILE.items()), _sample(LITELLM))
    assert _plan(app) == example_plan()
    said = _said(app)
    for _, sentence in HOSTILE.values():
        assert sentence in said
    assert "workload" in app.header[0].value


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_a_reader_is_told_and_the_plan_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_job, "read_usage", lambda *_: 1 // 0)
    app = _give(_open(), _sample(LITELLM))
    assert app.header[0].value == "Nothing to take from these files"
    assert import_job.FAULT in _said(app)
    assert _plan(app) == example_plan()


def test_a_row_that_is_wrong_is_told_and_the_others_are_taken() -> None:
    name, raw = _sample(LITELLM)
    lines = raw.decode().splitlines()
    wrong = lines[1].replace("72000000", "=cmd|'/c calc'!A1").replace("syn-1", "syn-2")
    app = _give(_open(), (name, "\n".join([*lines, wrong, "short,row"]).encode()))
    assert "1 workload to add" in _said(app)
    assert [box for box in app.expander if "2 rows refused" in box.label.replace("\xa0", " ")]
    app.session_state["import:read:0"] = True
    assert "row 3: prompt_tokens is a text of 17 signs, not a number" in _said(app.run())
    assert "row 4: it has 2 cells; it must have 19" in _said(app)


def test_a_table_of_ones_own_is_mapped_by_its_owner() -> None:
    table = "Tag,Bot,Fragen,Rein,Raus\n" + "".join(
        f"2026-05-{day:02d},gpt-4o-mini,100,50000,7000\n" for day in range(1, 32)
    )
    app = _give(_open(), ("export.csv", table.encode()))
    assert "Which column is what" in [head.value for head in app.subheader]
    roles = {"time": "Tag", "model": "Bot", "requests": "Fragen", "input_tokens": "Rein", "output_tokens": "Raus"}
    for role, column in roles.items():
        app = next(w for w in app.selectbox if w.key.endswith(f":column.{role}")).set_value(column).run()
        assert not app.exception
    assert "1 workload to add" in _said(app)
    (workload,) = _plan(_press(app, "import-accept")).workloads
    assert (workload.model, workload.requests_per_day) == ("gpt-4o-mini", 100.0)
    assert (workload.input_tokens, workload.output_tokens) == (500.0, 70.0)


@pytest.mark.parametrize("name", [LITELLM, OPENAI])
def test_what_was_read_and_what_was_not_is_listed_by_column(name: str) -> None:
    app = _give(_open(), _sample(name))
    app.session_state["import:read:0"] = True
    said = _said(app.run())
    assert "Not read:" in said
    assert "user_id" in said.split("Not read:")[1]


def test_hired_machines_are_shown_as_machines_and_not_as_requests() -> None:
    app = _give(_open(), _sample("azure_cost_details.csv"))
    chooser = app.selectbox(key="import:one")
    hired = next(key for key in _keys(app) if "|hire|" in key)
    app = chooser.set_value(hired).run()
    assert not app.exception
    said = _said(app)
    assert "8 accelerators (H100" in said
    assert "held all year" in said
    held = next(w for w in app.text_input if str(w.key).endswith(":installed_accelerators"))
    app = held.set_value("16").run()
    after = _plan(_press(app, "import-accept"))
    assert 16 in {w.installed_accelerators for w in after.workloads}


def _keys(app: AppTest) -> list[str]:
    found = _draft(app).proposed
    assert found is not None
    return [one.key for some in found[1].values() for one in some]


def test_a_plan_of_ones_own_is_sent_where_it_opens() -> None:
    app = _give(_open(), ("plan.csv", (ROOT / "data" / "example" / "plan.csv").read_bytes()))
    assert "plan.csv is a plan of Glidepath: open it under Share" in _said(app)
    assert "Nothing to take from these files" in _said(app)
    assert _plan(app) == example_plan()


def test_a_file_that_was_given_twice_in_other_words_is_warned_of() -> None:
    name, raw = _sample(LITELLM)
    app = _give(_open(), (name, raw), ("again.csv.gz", gzip.compress(raw + b"\n")))
    (warned,) = [str(one.value) for one in app.warning if "Take one of each two files out" in str(one.value)]
    assert "again.csv.gz" in warned.replace("\\", "")
    assert "counts twice" in warned
