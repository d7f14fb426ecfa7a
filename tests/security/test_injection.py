"""Names with markup, formulas and addresses of scripts stay names: on every page, in every file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results, table
from core.disclosure import write_disclosure
from core.headless import place
from core.plan import Actual, Plan
from core.plan.example import example_plan
from core.plan.own import OwnDevice, OwnRegion, OwnSite
from core.results_table import write_results
from core.store.content import write_factors
from core.targets.actuals import beside_plan
from core.targets.actuals_table import write_actuals

APP = str(Path(__file__).parents[2] / "app.py")
HOSTILE = (
    "<script>alert(1)</script> script",
    "script [q](javascript:alert(1))",
    "script $q^2$ and $q_3$",
    "script :material/warning: :red[q]",
    "script ![q](https://q.example/q.png)",
    "script **q** `q` | q",
)
# Each is what the name would have to hold on the page to work as markup; behind a back-slash it does not.
WORKS = (r"(?<!\\)\[q\]\(", r"(?<!\\)\$q", r":material/warning:", r":red(?<!\\)\[q", r"(?<!\\)!\[q\]", r"(?<!\\)\*\*q")
PAGES = [path.parent.name for path in sorted((Path(APP).parent / "pages").glob("*/page.py"))]
FORMULAS = ("=1+1", "+1+2", "-1+1", "@SUM(A1)", "\t=2", '=HYPERLINK("https://q.example","q")')
RENDERED = {"body", "label", "help", "caption", "tooltip"}  # fields of Streamlit's messages that it reads as Markdown


def hostile() -> Plan:
    """The example with such names wherever somebody types one."""
    plan = example_plan()
    for workload, text in zip(plan.workloads, HOSTILE, strict=True):
        plan = plan.with_workload(workload.id, name=text, owner=text, business_unit=text, tags=(text,))
    said = {"source": HOSTILE[1], "source_date": "2026-11-28"}
    grid = OwnRegion(id="own:g", name=HOSTILE[1], carbon_g_per_kwh=((2026, 300.0),), based_on="DE", **said)
    site = OwnSite(id="own:s", name=HOSTILE[2], region="own:g", pue=1.3, **said)
    chip = OwnDevice(id="own:d", name=HOSTILE[3], based_on="H100-SXM", **said)
    for entry in (grid, site, chip):
        plan = plan.with_own(entry)
    plan = plan.with_workload("W2", region="own:s", hardware="own:d", deferrable_h=12.0, deferrable_share=0.5)
    return plan.but(name=" ".join(HOSTILE[1:4])[:80])


def nodes(node: Any) -> Iterator[Any]:
    """Every element and every box of a page."""
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def texts_of(message: Any) -> Iterator[str]:
    """What of an element is read as Markdown."""
    for field, value in message.ListFields():
        assert field.name != "allow_html", message
        if field.name in RENDERED and isinstance(value, str):
            yield value
        elif hasattr(value, "ListFields"):
            yield from texts_of(value)


def shown(app: AppTest) -> Iterator[str]:
    """Every text of a page that Streamlit reads as Markdown; cells of tables are."""
    for node in nodes(app._tree):
        if (proto := getattr(node, "proto", None)) is not None:
            yield from texts_of(proto)
    for part in app.table:
        yield from (str(cell) for row in [[*part.value.columns], *part.value.values.tolist()] for cell in row)


@pytest.fixture(scope="module")
def app() -> AppTest:
    """A reader who opens a plan of such names, and then goes from page to page."""
    found = AppTest.from_file(APP, default_timeout=60)
    found.query_params["s"] = link.encode(hostile())
    found.run()
    found.session_state["glidepath"].selected = "W2"
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_name_is_never_markup_on_a_page(app: AppTest, page: str) -> None:
    app.switch_page(f"pages/{page}/page.py").run()
    assert not app.exception
    texts = list(shown(app))
    assert any("script" in text for text in texts), "the names are on this page"
    live = [(mark, text[:300]) for text in texts for mark in WORKS if re.search(mark, text)]
    assert live == []


def formula_plan() -> Plan:
    """The example whose ids, names, units, owners and tags a spreadsheet would run."""
    plan = example_plan()
    made = (
        workload.but(id=text[:24], name=text, owner=text, business_unit=text, tags=(text,))
        for workload, text in zip(plan.workloads, FORMULAS, strict=False)
    )
    return plan.but(name=FORMULAS[-1], workloads=tuple(made))


FILES: dict[str, Callable[[Plan], str]] = {
    "plan": table.write_plan,
    "results": lambda plan: write_results(results.of(plan)),
    "disclosure": lambda plan: write_disclosure(results.of(plan)),
    "factors": write_factors,
    "place": lambda plan: place.answer(plan.but(workloads=plan.workloads[4:]), 1)[0],
    "actuals": lambda plan: write_actuals(beside_plan(plan.but(actuals=(_measured(plan),)))),
}


def _measured(plan: Plan) -> Actual:
    return Actual(id="A1", workload=plan.workloads[0].id, year=2026, energy_facility_kwh=1_000.0, source="=1+1")


@pytest.mark.parametrize("kind", FILES)
def test_no_cell_of_a_file_is_run_by_a_spreadsheet(kind: str) -> None:
    cells = [cell for row in csv.reader(io.StringIO(FILES[kind](formula_plan()))) for cell in row if cell]
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and not _number(cell)] == []
    assert any(cell[:2] in ("'=", "'-", "'+", "'@") for cell in cells) or kind == "uncertain", (
        "the names are in this file"
    )


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_of_somebodys_making() -> None:
    from core.exports.answer import answer_of
    from core.exports.workbook import write_workbook

    raw = write_workbook(answer_of(formula_plan(), date(2026, 11, 28)))
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        texts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
        links = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".rels"))
    assert [name for name, text in texts.items() if "<f>" in text or "<f " in text] == []
    assert any("=1+1" in text for text in texts.values())
    assert "q.example" not in links
    assert not [name for name in texts if "externalLink" in name or "vbaProject" in name]
