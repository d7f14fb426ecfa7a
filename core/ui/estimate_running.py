"""How the answer comes about: carbon by cause, and the machines it takes; then a sentence to cite it by."""

from __future__ import annotations

from itertools import accumulate
from math import ceil, isfinite

import streamlit as st

from core import METHOD_VERSION, charts, words
from core.plan import Plan
from core.plan.plan import CASE
from core.results import interval
from core.results.estimate import Answer
from core.results.training_memory import TrainingFit, training_fit
from core.ui import estimate_compare, estimate_second, options, state, trace
from core.ui.effect import memory_warning
from core.ui.estimate_answer import carbon_scale, sentence
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import amount, counted, scale_for
from core.units import BYTES_PER_GB, H_PER_DAY, PERCENT
from core.words import Scale

COUNT = Scale("", 1.0)
EXAMPLE_ACCELERATORS = 8  # one server of the usual kind

TABS = {
    "causes": "Where it comes from",
    "models": "Models and accelerators",
    "places": "Places",
    "savings": "What would save",
    "second": "Second opinion",
}


def tabs(plan: Plan, answer: Answer) -> None:
    """Five ways to look further; only the open one is worked out."""
    opened = dict(zip(TABS, st.tabs(list(TABS.values()), key="c:tab", on_change="rerun"), strict=True))
    shown = next((name for name, tab in opened.items() if tab.open), "")
    with opened.get(shown, st.container()):
        if shown == "models":
            estimate_compare.heat_map(plan, answer)
        elif answer.reason:
            st.markdown("Nothing to show until there is a figure.")
        elif shown == "places":
            estimate_compare.places(plan, answer)
        elif shown == "savings":
            estimate_compare.savings(plan, answer)
        elif shown == "second":
            estimate_second.second(plan, answer)
        else:
            causes(answer)


def causes(answer: Answer) -> None:
    """The ladder in carbon, and what runs."""
    left, right = st.columns([15, 12], gap="large")
    with left:
        _ladder(answer)
    with right:
        _machines(answer)


def _ladder(answer: Answer) -> None:
    parts = answer.causes_kg()
    scale = carbon_scale(answer)
    method = answer.found.plan.method
    note = f"{scale.label} CO₂e, {method}-based, central case"
    trace.section(f"Carbon of one {answer.one}, by cause", note, "carbon_each_kg", CASE.id)
    ends = list(accumulate(parts.values()))
    labels = amount([*parts.values(), ends[-1]], scale)
    rows = [
        {
            "step": name,
            "start": (end - part) / scale.divisor,
            "end": end / scale.divisor,
            "kind": "part",
            "label": scale.dress(label),
        }
        for (name, part), end, label in zip(parts.items(), ends, labels, strict=False)
    ]
    total = {"step": f"One {answer.one}", "start": 0.0, "end": ends[-1] / scale.divisor, "kind": "total"}
    rows.append(total | {"label": scale.dress(labels[-1])})
    table = {"Cause": [row["step"] for row in rows], f"A {answer.one}": [row["label"] for row in rows]}
    chart(charts.ladder(rows, "Carbon by cause", is_dark()), words.ladder_summary(rows), table)


def _machines(answer: Answer) -> None:
    """What it takes to run: time, machines, memory."""
    figure = "request_time_s" if answer.case.kind == "inference" else "used_h"
    trace.section("What runs it", f"Central case, number format {answer.case.precision}", figure, CASE.id)
    _quantities(_serving(answer) if answer.case.kind == "inference" else _training(answer))
    if answer.case.kind != "inference":
        trace.section(
            "What holds it", "One run that trains every parameter, central case", "training_accelerators", CASE.id
        )
        _quantities(_held(answer))
        memory_warning(answer.found.plan, answer.case)


def _quantities(rows: list[tuple[str, str]]) -> None:
    cells = {"Quantity": [row[0] for row in rows], "Value": [row[1] for row in rows]}
    st.table(cells, border="horizontal", hide_index=True)


def _serving(answer: Answer) -> list[tuple[str, str]]:
    copy = float(answer.year("accelerators")[0])
    weights_gb = float(answer.year("memory_weights_byte")[0]) / BYTES_PER_GB
    cache_gb = float(answer.year("memory_cache_byte")[0]) / BYTES_PER_GB
    busy = float(answer.year("utilization")[0])
    device = answer.device()
    room_gb = copy * device.memory_gb
    server = max(device.accelerators_per_server, 1)
    servers = ceil(copy / server)
    held = float(answer.year("accelerators_installed")[0])
    return [
        ("Time per answer", _range(answer, "request_time_s", "s")),
        ("Requests at a time, per copy", _range(answer, "batch", "")),
        ("One copy fits on", _fits(copy, server, servers)),
        ("Memory: weights", f"{words.figure(weights_gb, 3)} GB"),
        ("Memory: running requests", f"{words.figure(cache_gb, 2)} GB"),
        ("Memory: room on these", f"{words.figure(room_gb, 3)} GB"),
        ("Accelerators held", counted(held, words.figure(held, 2))),
        ("Busy share of the hours held", words.percent(busy)),
    ]


def _fits(copy: float, server: int, servers: int) -> str:
    if servers > 1 or server == 1:
        return words.count(copy, "accelerator") + (f" in {words.count(servers, 'server')}" if servers > 1 else "")
    return f"{copy:.0f} of a server's {words.count(server, 'accelerator')}"


def _training(answer: Answer) -> list[tuple[str, str]]:
    used, fewest = float(answer.each("used_h")[0]), float(training_fit(answer.found.plan, answer.case).accelerators[0])
    on = max(fewest, EXAMPLE_ACCELERATORS) if isfinite(fewest) else EXAMPLE_ACCELERATORS
    return [
        ("Accelerator-hours of one run", _range(answer, "used_h", "h", each=True)),
        (f"On {on:.0f} accelerators", f"{words.figure(used / on / H_PER_DAY, 2)} days"),
        ("Share of peak reached", f"{words.figure(float(answer.year('mfu')[0]) * PERCENT, 2)} %"),
    ]


def _held(answer: Answer) -> list[tuple[str, str]]:
    """The memory of one training run."""
    fit = training_fit(answer.found.plan, answer.case)
    state_gb, activation_gb, each_gb = (
        words.figure(float(v[0]) / BYTES_PER_GB, 3) for v in (fit.state_byte, fit.activation_byte, fit.each_byte)
    )
    installed = fit.workload.installed_accelerators
    on_each = f"{each_gb} of {words.figure(fit.device.memory_gb, 3)} GB" if isfinite(fit.accelerators[0]) else "–"
    return [
        ("One run fits on at least", _least(fit)),
        ("Weights, gradients, optimiser", f"{state_gb} GB"),
        ("Activations, on each accelerator", f"{activation_gb} GB"),
        (f"Taken on each of the {installed} installed" if installed else "Taken on each of these", on_each),
    ]


def _least(fit: TrainingFit) -> str:
    low, fewest, high = interval(fit.accelerators)
    if not isfinite(fewest):
        return "no number of them"
    server = max(fit.device.accelerators_per_server, 1)
    least = _fits(fewest, server, ceil(fewest / server))
    return f"{least} (80 % range {words.span(low, high, COUNT, digits=len(f'{high:.0f}'))})" if low < high else least


def _range(answer: Answer, name: str, unit: str, each: bool = False) -> str:
    low, mid, high = interval(answer.each(name) if each else answer.year(name))
    scale = scale_for(unit, [mid])
    middle, ends = words.with_range(mid, low, high, scale)
    return f"{middle} (80 % range {ends})" if ends else middle


def cite(plan: Plan, answer: Answer) -> None:
    """A sentence that anybody can check: versions, question, answer with its range, and the link."""
    shut = st.expander("Cite this estimate", key="c:cite", on_change="rerun")
    if shut.open:
        shut.code(citation(plan, answer, address()), language=None, wrap_lines=True)


def address() -> str:
    """The link that opens this page with the plan on screen."""
    page = (st.context.url or "/estimate").split("?")[0].rstrip("/")
    return f"{page}?s={state.in_links().link}"


def citation(plan: Plan, answer: Answer, url: str) -> str:
    """The estimate in one sentence, in plain signs."""
    case, found = plan.case, answer.found
    first, phrase = (" ".join(text.replace("\u2060", "").split()) for text in sentence(answer))
    known = options.table("regions").get(case.region, case.region)
    model = options.brief("models", case.model)
    where = "bought as a service" if not case.hardware else f"on {options.table('hardware').get(case.hardware)}"
    if case.kind == "inference":
        asked = f"one request of {words.figure(case.input_tokens)} tokens in and {words.figure(case.output_tokens)} out"
    else:
        asked = f"one training run over {words.figure(case.tokens_per_run_m * case.epochs)} million tokens"
    hardware = "with the making of the hardware" if plan.boundary == "with_hardware" else "electricity only"
    return (
        f"Glidepath, method {METHOD_VERSION}, data {found.data_version}: {asked} on {model}, {where}, "
        f"{known}, {plan.first_year}: {first} ({phrase}), {plan.method}-based, {hardware}. {url}"
    )
