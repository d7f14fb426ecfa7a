"""The same plan under older data: what it showed when it was saved or linked, and what has moved it since."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import charts, words
from core.decide.older import Moved, Older, Sealed, older
from core.decide.one_sided import OneSided
from core.methods.moved import moves
from core.plan import Plan
from core.results.figures import of
from core.ui import compare_wait
from core.ui.compare_given import LETTERS, Chosen
from core.ui.compare_inputs import bar
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import scale_for, section, small
from core.ui.shown import table as shown_table
from core.words import Scale

MOST_BARS = 8
MOST_SAID = 8  # of the project's own reasons
NONE = "–"


def older_data(plans: Sequence[Chosen]) -> None:
    """For each plan that was made by other data or another method: what moved."""
    for letter, one in zip(LETTERS, plans, strict=False):
        if one.sealed is None or _is_current(one.plan, one.sealed):
            continue
        plan, sealed = one.plan, one.sealed
        section(f"What moved {letter} since it was made", _made(sealed, plan))
        found = compare_wait.answered(f"older:{letter}", (plan, sealed), lambda p=plan, s=sealed: older(p, s))  # type: ignore[misc]
        if found is not None:
            _shown(found, sealed, one, letter)
        _reasons(sealed)


def _is_current(plan: Plan, sealed: Sealed) -> bool:
    """Whether nothing can have moved: the same data, the same method, and the same headline."""
    found = of(plan)
    if sealed.headline_kg is None:
        return True
    now_kg = float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])
    return sealed.is_of(found) and abs(now_kg - sealed.headline_kg) <= 1e-9 * abs(now_kg)


def _made(sealed: Sealed, plan: Plan) -> str:
    found = of(plan)
    then = f" and method {sealed.method_version}" if sealed.method_version else ""
    now = f"data {found.data_version[:6]} and method {found.method_version}"
    return f"Data {sealed.data_version[:6]}{then} then, {now} now"


def _shown(found: Older, sealed: Sealed, one: Chosen, letter: str) -> None:
    scale = scale_for("kg", (found.then_kg, found.now_kg))
    then, now = (words.quantity(kg, scale) for kg in (found.then_kg, found.now_kg))
    st.markdown(
        words.markdown_safe(
            f"{letter} showed {then} in {found.year} when it was made; by today's data it comes to {now}."
        )
    )
    for alone in found.one_sided:
        st.warning(words.markdown_safe(_alone(alone, one.plan)))
    if not sealed.factors:
        st.markdown("A link holds no factors, so that what moved it cannot be told one by one. A saved plan can.")
        return
    if sealed.borrowed:
        lenders = words.count(sealed.borrowed, "saved plan")
        st.markdown(small(f"A link holds no factors; those of then are as {lenders} made by the same data had them."))
    small_scale = scale_for(
        "kg", [kg for part in found.moved if part.effect for kg in part.effect] + [found.now_kg - found.then_kg]
    )
    spec = charts.waterfall(_bars(found, sealed, one.plan, small_scale), f"What moved {letter}", is_dark())
    chart(spec, _said(found, one.plan), _cells(found, one.plan, small_scale))


def _alone(one: OneSided, plan: Plan) -> str:
    """A workload that has a figure on one side alone."""
    name = _name(one, plan)
    if not one.why:
        return f"{name} had no figure then and has one now."
    return f"{name} had a figure then and has none by today's data, so that it is left out: {one.why}."


def _name(one: OneSided, plan: Plan) -> str:
    workload = plan.workload(one.workload)
    return workload.name if workload else one.workload


def _bars(found: Older, sealed: Sealed, plan: Plan, scale: Scale) -> list[dict[str, object]]:
    known = [(part.name, part.effect[1]) for part in found.moved if part.effect]
    known += [(_name(one, plan), one.effect_kg) for one in found.one_sided if one.effect_kg is not None]
    known.sort(key=lambda part: -abs(part[1]))
    told = [(f"{name}", kg, "part") for name, kg in known[:MOST_BARS]]
    rest = sum(kg for _, kg in known[MOST_BARS:])
    told += [(f"{len(known) - MOST_BARS} smaller ones", rest, "part")] if len(known) > MOST_BARS else []
    told.append((_rest_name(found, sealed, plan), found.rest_kg, "rest"))
    rows, at = [], 0.0
    for name, kg, kind in told:
        if kind == "part" or abs(kg) > 1e-9 * abs(found.now_kg):
            rows.append(bar(name, at, at + kg, kind, scale))
            at += kg
    return [*rows, bar("Today less then", 0.0, found.now_kg - found.then_kg, "total", scale)]


def _rest_name(found: Older, sealed: Sealed, plan: Plan) -> str:
    now = of(plan).method_version
    lost = [part.name for part in found.moved if part.effect is None]
    if any(one.effect_kg is None for one in found.one_sided):
        return "Workloads without a figure today, and the rest"
    if sealed.method_version and sealed.method_version.split("+")[0] != now:
        return f"Method {sealed.method_version} to {now}" + (", and factors that cannot be put back" if lost else "")
    if sealed.borrowed:
        return "Facts that no saved plan here holds"
    return "Factors that cannot be put back" if lost else "Facts that a saved plan does not hold"


def _said(found: Older, plan: Plan) -> str:
    known = [part for part in found.moved if part.effect]
    lost = len(found.moved) - len(known)
    if not found.moved and found.one_sided:
        return "No factor of the other workloads has another value. All parts add up to the change."
    if not found.moved:
        return (
            "No factor of this plan has another value: the method, or facts that a saved plan does not hold, moved it."
        )
    many = words.plural(len(found.moved), "has", "have")
    said = f"{words.count(len(found.moved), 'factor')} of this plan {many} another value"
    if known:
        first = known[0]
        then, now = (_value(cells[0]) for cells in (first.then, first.now))
        said += f"; the largest part is that of “{first.name}”, {then} to {now} {first.unit}".rstrip()
    said += f"; {lost} cannot be put back and {words.plural(lost, 'is', 'are')} in the rest" if lost else ""
    return f"{said}. All parts add up to the change."


def _value(cell: str) -> str:
    try:
        return words.figure(float(cell), 4)
    except ValueError:
        return cell or NONE


def _cells(found: Older, plan: Plan, scale: Scale) -> dict[str, list[str]]:
    names = {w.id: w.name for w in plan.workloads}
    factors = [
        (part.name, ", ".join(names.get(key, key) for key in part.workloads), _value(part.then[0]), _value(part.now[0]),
         part.unit or NONE, _source(part), part.effect[1] if part.effect else None)
        for part in found.moved
    ]  # fmt: skip
    alone = [
        ("The whole workload", _name(one, plan), *(("there", NONE) if one.why else (NONE, "there")), NONE, NONE,
         one.effect_kg)
        for one in found.one_sided
    ]  # fmt: skip
    *columns, effects = zip(*alone, *factors, strict=True) if alone or factors else [()] * 7
    heads = ("Factor", "Of", "Then", "Now", "Unit", "Source")
    parts = [words.signed_quantity(kg, scale) if kg is not None else "in the rest" for kg in effects]
    return {head: list(cells) for head, cells in zip(heads, columns, strict=True)} | {"Part of the change": parts}


def _source(part: Moved) -> str:
    then, now = part.source_then, part.source_now
    return now if then == now else f"{then or NONE}, now {now or NONE}"


def _reasons(sealed: Sealed) -> None:
    """Why data and method changed since, as the Methods page has it."""
    known = moves()
    at = [place for place, row in enumerate(known) if row.data_version.startswith(sealed.data_version)]
    since = known[at[-1] + 1 :] if at and sealed.data_version else []
    if not since:
        return
    box = st.expander(
        f"Why data and method changed since ({len(since)})", key=f"since:{sealed.data_version}", on_change="rerun"
    )
    if box.open:
        with box:
            rows = list(reversed(since))[:MOST_SAID]
            shown_table({"Day": [row.date for row in rows], "Why": [row.why for row in rows]})
            if len(since) > MOST_SAID:
                st.markdown(small("The Methods page has all of them."))
