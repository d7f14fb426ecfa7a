"""What leaves the plan for a report: carbon per unit of use, the disclosure file, and how an auditor adds it up."""

from __future__ import annotations

import streamlit as st

from core import disclosure, results, words
from core.plan import Plan
from core.results import Results, interval
from core.results.draws import Floats
from core.results.inventory_view import as_inventory, unfiltered
from core.results.sci import Role, Score, score, scores_by_role
from core.results.scopes import counts_sold_products
from core.targets import warnings
from core.targets.credits import credits_kg
from core.ui import scopes, trace
from core.ui.shown import scale_for, small, table
from core.units import G_PER_KG
from core.words import mass_scale

ROLES: dict[Role, str] = {
    "consumer": "Running models (consumer), CO₂e",
    "provider": "Training models (provider), CO₂e",
}
SHORT: dict[Role, str] = {"consumer": "Consumer", "provider": "Provider"}
UNITS: dict[Role, str] = {"consumer": "1,000 tokens read and written", "provider": "1,000 tokens trained on"}
INSIDE: dict[Role, str] = {
    "consumer": "Answering: servers, waiting, cooling, making of hardware.",
    "provider": "Your training runs. Data preparation, integration and end of life are not computed, so it is too low.",
}
BOOKED = (
    "On: whole in the year it is bought, and every workload of the plan, as the target above counts them. Off: as the "
    "plan shows hardware. The scores spread it over its life either way."
)
WHOLE = "Every workload of the plan counts in the file, the sums, the scores and the sentences, whatever the filter."
CONTRACTS = "Contracts and certificates cover {}: they change the market-based column alone."
AVOIDED = "Avoided emissions ({} t) are shown for information. They are in no row and change no total."
SOLD = "Power of devices that you sell (category 11) has no row while the plan leaves sold products out."
APART = (
    "By the SCI for AI of the Green Software Foundation: location-based, hardware spread over its life, no contract "
    "and no credit. Two boundaries, never added: a token that is answered says nothing of the training behind it. How "
    "providers of bought services train is not known."
)
ADD_UP = (
    "Carbon of a row = `energy_facility_kwh` × `ef_location_kg_per_kwh` + `ef_activity_kg_per_unit` × the quantity its "
    "unit names (`GPU.h`: `gpu_hours`; `fleet.a`: 1). With `ef_market_kg_per_kwh` it is the market-based figure. The "
    "rows of a year, by scope and category, are the totals above. Blank is unknown, never 0."
)


def panel(plan: Plan) -> None:
    """Scores, the file and its sums; nothing where the plan has no figures."""
    year = plan.shown_year()
    trace.section(
        f"Disclosure, {year}", "For a report or an auditor: every row a draft until somebody signs", "sci_value"
    )
    found = _asked_for(plan)
    if not found.workloads:
        st.markdown("No workload of this plan has figures yet, so there is nothing to disclose.")
        return
    _scores(found, year)
    _sums(found, year)
    for text in outside(found, year):
        st.markdown(small(words.markdown_safe(text)))
    _downloads(found, plan)


def _asked_for(plan: Plan) -> Results:
    """The figures of every workload as an inventory books them, or in the plan's own view of hardware."""
    if plan.business_unit or plan.tag:
        st.markdown(small(WHOLE))
    booked = st.toggle("Hardware in the year of purchase", value=True, key="disclosure_inventory", help=BOOKED)
    return results.of(as_inventory(plan) if booked else unfiltered(plan))


def _downloads(found: Results, plan: Plan) -> None:
    """The disclosure file, and the bundle with its schema and how to re-add it."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Disclosure as CSV",
            lambda: disclosure.write_disclosure(found, plan),
            disclosure.FILE,
            "text/csv",
            on_click="ignore",
            key="disclosure_csv",
        )
        st.download_button(
            "With schema and read-me",
            lambda: disclosure.bundle(found, plan),
            "glidepath_disclosure.zip",
            "application/zip",
            on_click="ignore",
            key="disclosure_zip",
        )


def _scores(found: Results, year: int) -> None:
    """One figure a boundary, side by side, and each workload's own."""
    every = scores_by_role(found, year)
    for column, one in zip(st.columns(2), every, strict=False):
        with column:
            middle, ends = _figure(one.per_k_tokens())
            st.metric(ROLES[one.role], middle, ends, delta_color="off", delta_arrow="off")
            st.markdown(small(f"per {UNITS[one.role]}. {INSIDE[one.role]}"))
    _by_workload(found, year)
    st.markdown(small(APART))


def _by_workload(found: Results, year: int) -> None:
    shut = st.expander("By workload", key="sci_workloads", on_change="rerun")
    if not shut.open:
        return
    lines = []
    for role in ROLES:
        of_role = [one for one in scores_by_role(found, year) if one.role == role]
        for key in (key for one in of_role for key in one.workloads):
            place = found.of(key)
            if place is not None:
                one = score(found, (place,), year, role)
                if one.tokens[0] > 0:
                    lines.append((found.workloads[place].name, SHORT[role], *_cells(one)))
    with shut:
        heads = ("Workload", "Boundary", "Per 1,000 tokens", "80 % range", "Per call")
        table({head: [words.markdown_safe(line[place]) for line in lines] for place, head in enumerate(heads)})


def _cells(one: Score) -> tuple[str, str, str]:
    middle, ends = _figure(one.per_k_tokens())
    each = _figure(one.per_request())[0] if one.requests[0] > 0 else "–"
    return middle, (ends or "–").removeprefix("80 % range "), each


def _figure(draws_g: Floats) -> tuple[str, str | None]:
    """A score with its range, in grams or what suits its size."""
    low, mid, high = (end / G_PER_KG for end in interval(draws_g))
    scale = mass_scale(mid, small=True)
    text, ends = words.with_range(mid, low, high, scale)
    return text, f"80 % range {ends}" if ends else None


def _sums(found: Results, year: int) -> None:
    """The file's own sums of the shown year, as an auditor finds them."""
    lines = disclosure.readded(disclosure.rows(found, year=year))
    both = [kg for one in lines for kg in (one.location_kg, one.market_kg)]
    location, market = (sum(one.location_kg for one in lines), sum(one.market_kg for one in lines))
    scale = scale_for("kg", [*both, location, market])
    cells = [words.quantity(kg, scale) for kg in (*both, location, market)]
    st.markdown(f"**The file re-adds to, {year}**")
    table(
        {
            "Scope": [*(_scope(one.scope, one.category) for one in lines), "All rows"],
            "Rows": [*(str(one.rows) for one in lines), str(sum(one.rows for one in lines))],
            "Location": cells[::2],
            "Market": cells[1::2],
        }
    )
    st.markdown(small(ADD_UP))


def _scope(scope: int, category: int | None) -> str:
    return f"{scope}, category {category}" if category else str(scope)


def outside(found: Results, year: int) -> list[str]:
    """What stands beside the rows, a sentence each: contracts, what is not known, credits, avoided emissions."""
    plan = found.plan
    covered = float(found.total(found.values["energy_contract_kwh"])[found.place(year), 0])
    told = [CONTRACTS.format(words.quantity(covered, words.energy_scale(covered), 3))] if covered > 0 else []
    told += [
        scopes.residual(found, year),
        *scopes.unlike(found, year),
        scopes.LIFE_CYCLE + scopes.upstream(found, year),
        scopes.NOT_COMPUTED.strip(),
    ]
    told += [] if counts_sold_products(plan) else [SOLD]
    credits = credits_kg(plan)
    told += [f"{warnings.credits_said(credits)} They are in no row."] if credits > 0 else []
    avoided = plan.target.avoided_t or 0.0
    return [*told, AVOIDED.format(words.figure(avoided, 4))] if avoided > 0 else told
