"""What a reader changes on each page, and where the new answer is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from core import link
from core.decide.suggested import suggested
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from tests.browser.chromium import Reader
from tests.browser.test_import import FILES
from tests.browser.test_own_data import fill

Act = Callable[[Reader, int], None]
HEADLINE = "document.querySelector('h2').textContent"
# All that is written, less what a field says of its own typing.
WRITTEN = """[...document.querySelectorAll('[data-testid=InputInstructions]')].reduce(
  (text, hint) => text.replace(hint.textContent, ''), document.querySelector('[data-testid=stMain]').textContent)"""
FEW, MANY = 6, 50  # workloads


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, what is got ready there, and what then sets off its new answer."""

    name: str
    path: str
    ready: Act
    act: Act
    event: str = "keydown"
    watched: str = HEADLINE
    tab: str = ""
    once: bool = False  # each change needs a page opened anew
    workloads: int = FEW
    plan: Plan = field(default_factory=example_plan)

    def address(self) -> str:
        """Its path, with the plan in it."""
        return f"{self.path}{'&' if '?' in self.path else '?'}s={link.encode(self.plan)}"


def typed(name: str, path: str, label: str, values: Sequence[str], **more: object) -> Shown:
    """A page with a field to type into."""
    return Shown(
        name,
        path,
        lambda reader, run: reader.number(label).fill(values[run % len(values)]),
        lambda reader, run: reader.number(label).press("Enter"),
        **more,  # type: ignore[arg-type]
    )


def pressed(name: str, path: str, choices: tuple[str, str], **more: object) -> Shown:
    """A page with a switch of two."""
    return Shown(
        name,
        path,
        lambda reader, run: None,
        lambda reader, run: reader.page.get_by_role("radio", name=choices[run % 2], exact=True).click(),
        "click",
        **more,  # type: ignore[arg-type]
    )


def _find(reader: Reader, run: int) -> None:
    reader.page.get_by_role("textbox", name="Search").fill(("phi", "water", "training")[run % 3])


def _nothing_held(reader: Reader, run: int) -> None:
    """The tab forgets the files that it was given before."""
    reader.page.evaluate("sessionStorage.clear()")
    reader.open(reader.page.url)


def _site(reader: Reader, run: int) -> None:
    reader.tab("Sites").settle()
    for label, text in (("Name", "Hall 1"), ("Source", "meters"), ("Facility overhead", "1.31")):
        fill(reader, label, text)
    reader.settle()


def _save(reader: Reader, run: int) -> None:
    reader.page.get_by_test_id("stTabs").get_by_role("button", name="Save", exact=True).click()


def fifty() -> Plan:
    """The example's workloads again and again, each with a load of its own."""
    plan = example_plan()
    many = [
        plan.workloads[place % FEW].but(
            id=f"W{place + 1}", name=f"{plan.workloads[place % FEW].name} {place // FEW + 1}", tags=f"t{place}"
        )
        for place in range(MANY)
    ]
    return plan.but(workloads=tuple(many))


def pages() -> tuple[Shown, ...]:
    """Every page, with the example."""
    levers = example_plan().but(levers=(Lever(id="concise_output"),))
    target = with_example_target(levers)
    few = with_example_target(example_plan().but(workloads=example_plan().workloads[1:2]))
    waits = example_plan().with_workload("W2", hours_chosen="profile", deferrable_h=12.0)
    return (
        typed("Plan", "/", "Facility overhead", ("1.2", "2", "2.8"), tab="Place"),
        typed("What-if", "/what-if", "Answer length kept", ("0.3", "0.6", "0.9"), plan=levers),
        typed("Shift", "/shift", "Can wait", ("6", "24", "48"), watched=WRITTEN, plan=waits),
        typed("Targets", "/targets", "Target year", ("2032", "2033", "2034"), plan=target),
        typed(
            "Optimise", "/optimise", "Probability of meeting", ("0.5", "0.7", "0.9"), watched=WRITTEN,
            plan=few.but(candidates=suggested(few)[:8]),
        ),
        pressed("Uncertainty", "/uncertainty", ("What it saves", "Emissions"), watched=WRITTEN, plan=target),
        pressed("Compare", "/compare", ("Market", "Location"), watched=WRITTEN, plan=levers),
        typed("Estimate", "/estimate", "Output length", ("500", "900", "1300")),
        Shown("Cases", "/cases", _find, lambda reader, run: reader.page.keyboard.press("Enter"), watched=WRITTEN),
        Shown(
            "Methods", "/methods?figure=carbon_kg", lambda reader, run: None,
            lambda reader, run: reader.button("Carbon of the hardware").click(), "click", WRITTEN, once=True,
        ),
        Shown(
            "Import", "/import", _nothing_held,
            lambda reader, run: reader.page.locator("input[type=file]").set_input_files(FILES), "change", once=True,
        ),
        Shown("Own data", "/own", _site, _save, "click", once=True),
    )  # fmt: skip


def large() -> tuple[Shown, ...]:
    """The pages whose answer grows with the plan, with fifty workloads."""
    growing = ("Plan", "What-if", "Shift", "Targets", "Uncertainty", "Compare")
    many = partial(replace, workloads=MANY)
    return tuple(many(page, plan=page.plan.but(workloads=_many(page.plan))) for page in pages() if page.name in growing)


def _many(plan: Plan) -> tuple[object, ...]:
    """Fifty workloads, what the plan says of its own among them."""
    own = {workload.id: workload for workload in plan.workloads}
    return tuple(own.get(workload.id, workload) for workload in fifty().workloads)
