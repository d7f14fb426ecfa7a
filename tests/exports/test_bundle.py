"""A bundle brings back its figures byte for byte; one that is damaged, forged or foreign is refused in a sentence."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core import disclosure, results, table
from core.__main__ import main
from core.exports import bundle as bundles
from core.exports import opened
from core.exports.answer import answer_of
from core.exports.bundle import MANIFEST, write_bundle
from core.exports.links import link_of
from core.exports.opened import BundleError, open_bundle
from core.exports.reproduced import again
from core.plan.example import FILE, example_plan
from core.results_table import write_results
from core.store import NAME, Person
from core.store.content import content_of
from core.store.store import Store, open_store

DAY = date(2026, 11, 28)
PLAN = example_plan()


@pytest.fixture(scope="module")
def raw() -> bytes:
    return write_bundle(answer_of(PLAN, DAY, *link_of(PLAN)))


def _texts(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as whole:
        return {name: whole.read(name).decode() for name in whole.namelist()}


def _zipped(texts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in texts.items():
            whole.writestr(name, text)
    return out.getvalue()


def _forged(raw: bytes, changed: dict[str, str] | None = None, **said: Any) -> bytes:
    """The bundle with some files changed and their sums made to fit, and some of its manifest said otherwise."""
    texts = _texts(raw) | (changed or {})
    manifest = json.loads(texts.pop(MANIFEST)) | said
    for name in changed or {}:
        manifest["files"][name] = {"sha256": sha256(texts[name].encode()).hexdigest(), "bytes": len(texts[name])}
    return _zipped({MANIFEST: json.dumps(manifest), **texts})


def test_it_holds_the_files_of_the_page_byte_for_byte_and_the_digest_of_each(raw: bytes) -> None:
    texts, found = _texts(raw), results.of(PLAN)
    assert list(texts) == [MANIFEST, *bundles.FILES]
    assert texts["plan.csv"] == table.write_plan(PLAN)
    assert texts["results.csv"] == write_results(found)
    assert texts["disclosure.csv"] == disclosure.write_disclosure(found)
    told = {name: one["sha256"] for name, one in json.loads(texts[MANIFEST])["files"].items()}
    assert told == {name: sha256(texts[name].encode()).hexdigest() for name in bundles.FILES}


def test_the_same_plan_gives_the_same_bytes(raw: bytes) -> None:
    assert write_bundle(answer_of(PLAN, date(2027, 1, 1), *link_of(PLAN))) == raw


def test_it_is_made_and_reproduced_without_a_browser(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "b.zip")
    assert main(["bundle", str(FILE), "-o", out]) == 0
    assert main(["bundle", "--check", out]) == 0
    assert capsys.readouterr().out.startswith(
        "reproduced, byte for byte: results.csv, factors.csv, disclosure.csv (data "
    )


def test_a_figure_changed_together_with_its_sum_is_found_and_no_version_excuses_it(raw: bytes) -> None:
    text = _texts(raw)["results.csv"]
    first = text.splitlines()[1].split(",")
    opened = open_bundle(_forged(raw, {"results.csv": text.replace(f",{first[13]},", ",1.0,", 1)}))
    found = again(opened, opened.plan)
    assert not found.same
    assert found.said[0] == "not reproduced: results.csv"
    assert found.said[1].startswith("results.csv, carbon_location_kg: 1 of ")
    assert found.said[-1].startswith("data, method and app are the same, so versions do not explain it")


def test_figures_of_other_data_are_told_with_both_versions(raw: bytes) -> None:
    text = _texts(raw)["results.csv"].replace(results.of(PLAN).data_version, "0123456789ab").replace(",3,1,", ",3,2,")
    opened = open_bundle(_forged(raw, {"results.csv": text}, data_version="0123456789ab"))
    found = again(opened, opened.plan)
    assert found.said[-1] == f"the versions explain it: data 0123456789ab then, {results.of(PLAN).data_version} now"


def test_a_last_digit_rounded_otherwise_is_no_difference(raw: bytes) -> None:
    text = _texts(raw)["results.csv"]
    number = next(n for n in re.findall(r"\d+\.\d{12,}", text))
    opened = open_bundle(_forged(raw, {"results.csv": text.replace(number, repr(float(number) * (1 + 1e-13)))}))
    found = again(opened, opened.plan)
    assert found.same
    assert found.said[0].startswith("reproduced to nine digits: results.csv;")


def test_a_link_or_headline_of_another_plan_is_told(raw: bytes) -> None:
    other = PLAN.with_workload("W1", requests_per_day=1.0)
    opened = open_bundle(_forged(raw, link=link_of(other)[0], headline={"carbon_kg": 1.0}))
    found = again(opened, opened.plan)
    assert not found.same
    assert found.said[1].startswith("the headline in its manifest is 1 kg; its plan comes to ")
    assert found.said[2] == "its link opens another plan than its plan.csv holds"


def test_prices_that_were_typed_stay_in_the_plan_and_out_of_the_link() -> None:
    plan = PLAN.with_workload("W2", price_purchase_usd=25_000.0)
    opened = open_bundle(write_bundle(answer_of(plan, DAY, *link_of(plan))))
    assert opened.plan == plan
    assert again(opened, opened.plan).same


BROKEN = [
    (lambda raw: b"", "it is damaged, or no zip that this app can read"),
    (lambda raw: raw[: len(raw) // 2], "it is damaged, or no zip that this app can read"),
    (lambda raw: raw[:900] + bytes([raw[900] ^ 255]) + raw[901:], "it is damaged, or no zip that this app can read"),
    (lambda raw: _zipped({"a.txt": ""}), "it holds no manifest.json, so it is no bundle of Glidepath"),
    (lambda raw: _forged(raw, bundle_version=2), "its bundle_version is '2'; this app reads version 1"),
    (lambda raw: _forged(raw, bundle_version="1\n<b>"), "its bundle_version is '1?<b>'; this app reads version 1"),
    (lambda raw: _zipped({MANIFEST: "[1]"}), "its bundle_version is none; this app reads version 1"),
    (lambda raw: _zipped({MANIFEST: "{"}), "its manifest.json cannot be read"),
    (lambda raw: _zipped({MANIFEST: "[" * 100_000}), "its manifest.json cannot be read"),
    (
        lambda raw: _forged(raw, files=[]),
        "its manifest.json is not complete: versions, link and files must stand in it",
    ),
    (
        lambda raw: _zipped(_texts(raw) | {"../../evil.csv": "x"}),
        "it holds '../../evil.csv', which no bundle of version 1 has",
    ),
    (lambda raw: _zipped({MANIFEST: _texts(raw)[MANIFEST]}), "'plan.csv' is missing from it"),
    (
        lambda raw: _zipped(_texts(raw) | {"results.csv": "workload_id\n"}),
        "results.csv is not the file that manifest.json names: its SHA-256 differs; it was changed since",
    ),
    (
        lambda raw: _forged(raw, {"plan.csv": "a,b\n"}),
        "its plan.csv holds no plan: line 1: the column 'record' is missing; this is not a plan CSV",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), BROKEN)
def test_a_bundle_that_is_none_is_refused_in_a_sentence(raw: bytes, change: Any, sentence: str) -> None:
    with pytest.raises(BundleError) as refused:
        open_bundle(change(raw))
    assert str(refused.value) == sentence


def test_a_bundle_that_would_unpack_beyond_the_limit_is_refused_unread(raw: bytes) -> None:
    bomb = _zipped(_texts(raw) | {"factors.csv": "0" * (opened.MOST_UNPACKED_MB * opened.BYTES_PER_MB // 8)})
    told = (opened.MOST_UNPACKED_MB * opened.BYTES_PER_MB).to_bytes(4, "little")
    size = (opened.MOST_UNPACKED_MB * opened.BYTES_PER_MB // 8).to_bytes(4, "little")
    assert len(bomb) < 100_000
    with pytest.raises(BundleError, match=r"unpacked it has 200,\d{3},\d{3} bytes; the limit is 200 MB"):
        open_bundle(bomb.replace(size, told))


def test_a_file_that_is_longer_than_it_says_is_refused(raw: bytes) -> None:
    long = _zipped(_texts(raw) | {"factors.csv": "0" * 1_000_000})
    with pytest.raises(BundleError):
        open_bundle(long.replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))


def test_the_command_refuses_in_one_sentence_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"PK nothing")
    assert main(["bundle", "--check", str(path)]) == 2
    assert capsys.readouterr().err == f"{path}: it is damaged, or no zip that this app can read\n"
    assert main(["bundle", "--check", str(tmp_path / "none.zip")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.zip'}: No such file or directory\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(NAME, f"sqlite:///{tmp_path / 'plans.sqlite'}")
    return open_store(f"sqlite:///{tmp_path / 'plans.sqlite'}")


def test_a_saved_version_is_bundled_as_it_was_sealed(store: Store, tmp_path: Path) -> None:
    then = content_of(PLAN)
    then = replace(then, results=then.results.replace(then.data_version, "0123456789ab"), data_version="0123456789ab")
    version = store.save(PLAN.name, then, Person("Ann"), datetime(2026, 11, 27, tzinfo=UTC))
    out = tmp_path / "b.zip"
    assert main(["bundle", f"?p={version.id}", "-o", str(out)]) == 0
    texts = _texts(out.read_bytes())
    manifest = json.loads(texts[MANIFEST])
    assert (texts["plan.csv"], texts["results.csv"], texts["factors.csv"]) == (then.inputs, then.results, then.factors)
    assert (manifest["data_version"], manifest["link"]) == ("0123456789ab", f"?p={version.id}")
    assert manifest["saved"]["seal"] == version.seal
    assert "disclosure.csv" not in texts
    assert manifest["notes"][-1] == bundles.LEFT_OUT


def test_a_report_of_a_saved_version_says_what_it_showed_when_it_was_sealed(store: Store, tmp_path: Path) -> None:
    then = replace(content_of(PLAN), headline_kg=50_000.0, data_version="0123456789ab")
    version = store.save(PLAN.name, then, Person("Ann"), datetime(2026, 11, 27, tzinfo=UTC))
    out = tmp_path / "r.html"
    assert main(["report", f"?p={version.id}", "-o", str(out), "--address", "https://a.example"]) == 0
    text = out.read_text(encoding="utf-8")
    assert "Saved with data 012345 and method 0.1.0, it showed 50.0\u00a0t; worked out anew with data " in text
    assert f'href="https://a.example/?p={version.id}"' in text
