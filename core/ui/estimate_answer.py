"""The Estimate page's answer: a sentence with its range, and every step of the ladder for one request and a year."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core import words
from core.exports import covers
from core.plan import Plan, Workload
from core.plan.plan import CASE
from core.results import interval
from core.results.draws import Floats
from core.results.estimate import Answer, distance_km
from core.results.factors import factors
from core.ui import badge, labels, live, options, outbox, rests, state, trace
from core.ui.shown import answer_line, data_age, money_for, scale_for, small

EQUIVALENT = "car_petrol_uk"
# name in the results, label, base unit
LADDER = (
    ("energy_accelerator_kwh", "Accelerators at work", "kWh"),
    ("energy_idle_kwh", "Accelerators waiting", "kWh"),
    ("energy_host_kwh", "Rest of the server", "kWh"),
    ("energy_overhead_kwh", "Site overhead", "kWh"),
    ("energy_facility_kwh", "Energy at the meter", "kWh"),
    ("carbon_location_kg", "Carbon, location-based", "kg"),
    ("carbon_market_kg", "Carbon, market-based", "kg"),
    ("carbon_embodied_kg", "Making of the hardware", "kg"),
    ("water_site_l", "Water on site", "l"),
    ("water_source_l", "Water for electricity", "l"),
    ("cost_usd", "Cost", "USD"),
)


def carbon_scale(answer: Answer) -> words.Scale:
    """The page's unit for carbon of one request or run: the headline's."""
    return scale_for("kg", [float(answer.carbon_each_kg()[0])], small=True)


def sentence(answer: Answer) -> tuple[str, str]:
    """The headline and the phrase of its range."""
    low, mid, high = interval(answer.carbon_each_kg())
    return words.headline(mid, low, high, carbon_scale(answer), "CO₂e", f"a {answer.one}")


def head(answer: Answer) -> None:
    """The answer, the year it adds up to, and what it covers. A refused value leaves the old answer, in grey."""
    with st.container(gap="xsmall"):
        title = _title(answer)
        answer_line(title)
        outbox.paint_first(title)
        if answer.reason:
            st.warning(f"No figure: {words.markdown_safe(labels.by_label(answer.reason))}.", icon=":material/error:")
            return
        st.markdown(_year(answer))
        badge.line(answer.found, answer.case, answer.found.plan.first_year, "case")
        st.markdown(small(_scope(answer)))


def _title(answer: Answer) -> str:
    if answer.reason:
        return "No figure for this combination"
    first, phrase = sentence(answer)
    if state.session().refused:
        return f":gray[{first}, {phrase} · not updated]"
    return f"{first}, :gray[{phrase}]" if phrase else first


def _year(answer: Answer) -> str:
    low, mid, high = interval(answer.carbon_year_kg())
    scale = scale_for("kg", [mid])
    middle, ends = words.with_range(mid, low, high, scale)
    done = words.count(float(answer.done[0]), answer.one)
    ranged = f" (80 % range {scale.dress(ends)})" if ends else ""
    return f"**{middle} CO₂e a year**{ranged}, for {done}."


def _scope(answer: Answer) -> str:
    plan = answer.found.plan
    what = "operation and hardware" if plan.boundary == "with_hardware" else "operation"
    method = options.word("method", plan.method).lower()
    parts = (_asked(plan.case), covers.scopes(answer.found), what, f"{method}-based", covers.grids(answer.found))
    return " · ".join((*parts, data_age(datetime.now(UTC).date()), "range: 8 of 10 simulations"))


def _asked(case: Workload) -> str:
    if case.kind != "inference":
        million = words.figure(case.tokens_per_run_m * case.epochs)
        return f"One run over {million} million tokens"
    return f"One request of {words.figure(case.input_tokens)} tokens in, {words.figure(case.output_tokens)} out"


def ladder_table(answer: Answer) -> None:
    """Every step from the chip to the bill: of one request, with its range, and of a year."""
    note = f"Central case and 80 % range · number format {answer.case.precision}"
    trace.section(f"What one {answer.one} takes", note, "carbon_each_kg", CASE.id)
    rows = [(label, unit, answer.each(name), answer.year(name)) for name, label, unit in LADDER]
    each = {unit: _largest(unit, [row[2] for row in rows if row[1] == unit], small=True) for _, unit, *_ in rows}
    year = {unit: _largest(unit, [row[3] for row in rows if row[1] == unit]) for _, unit, *_ in rows}
    each["kg"], year["kg"] = carbon_scale(answer), scale_for("kg", [float(answer.carbon_year_kg()[0])])
    for scales, cost in ((each, answer.each("cost_usd")), (year, answer.year("cost_usd"))):
        scales["USD"] = money_for(answer.found.plan, [float(cost[0])])
    cells = [_line(label, one, whole, each[unit], year[unit]) for label, unit, one, whole in rows]
    names = ("Step", f"A {answer.one}", "80 % range", "A year")
    st.table(dict(zip(names, map(list, zip(*cells, strict=True)), strict=True)), border="horizontal", hide_index=True)
    if not interval(answer.each("cost_usd"))[1] >= 0:
        st.markdown(small("Cost is unknown, and unknown is not zero: add it to the plan and enter a price there."))


def _largest(unit: str, draws: list[Floats], small: bool = False) -> words.Scale:
    return scale_for(unit, [float(values[0]) for values in draws], small=small)


def _line(label: str, one: Floats, whole: Floats, each: words.Scale, year: words.Scale) -> tuple[str, str, str, str]:
    low, mid, high = interval(one)
    middle, ends = words.with_range(mid, low, high, each)
    least, central, most = interval(whole)
    return label, middle, ends or "–", words.with_range(central, least, most, year)[0]


def everyday(answer: Answer) -> None:
    """One everyday equivalent, for those who ask for it."""
    if not st.toggle("Say it in everyday terms", key="c:everyday"):
        return
    fact = answer.found.catalog.equivalents[EQUIVALENT]
    source = answer.found.catalog.sources[fact.source.split(";")[0]]
    low, mid, high = (distance_km(kg, fact.carbon_kg_per_km) for kg in interval(answer.carbon_each_kg()))
    scale = words.length_scale(mid)
    middle, ends = words.with_range(mid, low, high, scale)
    told = f"One {answer.one} emits about as much as {middle} driven in {fact.label} (UK, {fact.year})"
    st.markdown(
        f"{told}, 80 % range {scale.dress(ends)}." if ends else f"{told}.",
    )
    factor = words.quantity(fact.carbon_kg_per_km, words.mass_scale(fact.carbon_kg_per_km), 4)
    st.markdown(small(f"{factor} CO₂e a km. {source.publisher}, {source.title} ({source.licence}). {fact.note}."))


def assumed(plan: Plan) -> None:
    """Everything that was not asked: each factor with its value, range, status and source."""
    shut = st.expander("What else was assumed: every factor with its source", key="c:assumed", on_change="rerun")
    if shut.open:
        rows = rests.columns_of(plan, factors(plan, plan.case))
        shut.container(key="wide_factors").table(rows, border="horizontal", hide_index=True)


def announce(answer: Answer) -> None:
    """The answer for screen readers."""
    live.announce(labels.by_label(answer.reason) if answer.reason else ", ".join(sentence(answer)))
