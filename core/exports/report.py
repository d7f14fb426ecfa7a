"""A plan as a report: one HTML file without network or script that prints to two to four pages of A4.

Lists are cut to what fits: the largest stand by name, the others together with their sum, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from core import results, words
from core.exports import pictures, tables
from core.exports.answer import Answer
from core.exports.covers import answered, without_figure
from core.exports.markup import listed, said, tag
from core.exports.pictures import Drawn
from core.exports.scales import page_scale
from core.exports.supporting import three
from core.exports.unknowns import unknowns
from core.exports.verdict import View, in_100, seen, standing
from core.exports.verdict import answered as target_answered
from core.results import Results, interval
from core.results.effects import wins_share

FILE = "glidepath_report.html"
STYLE = Path(__file__).parent / "report.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MARK = (
    '<svg viewBox="0 0 26 26" aria-hidden="true"><path d="M2.2 6.4C8.4 6.4 9.6 9.6 12.2 13.2S17.6 19 20.4 19" '
    'fill="none" stroke="#0B5CAD" stroke-width="2.6" stroke-linecap="round"/><circle cx="21.6" cy="19" r="3" '
    'fill="#E15F0A"/></svg>'
)
MANY = 50  # workloads from which a report takes longer than a moment
HALF_PX = 330.0
SHOWN_LINK = 70  # signs of a link that are printed


def write_report(answer: Answer) -> bytes:
    """The report as a file."""
    usual = results.of(answer.plan.as_usual()) if answer.plan.levers else None
    parts = [*_head(answer, usual), *_pictures(answer, usual), *_levers(answer), *_behind(answer)]
    title = escape(f"{answer.plan.name}: footprint of language models")
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{title}</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    body = tag("main", *parts)
    page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{_top(answer)}{body}</body></html>\n'
    return page.encode()


def _top(answer: Answer) -> str:
    day = f"{answer.made_on.day} {answer.made_on:%B %Y}"
    return tag("header", MARK, said("span", "Glidepath · report"), said("span", day, class_="day"))


def _head(answer: Answer, usual: Results | None) -> Iterator[str]:
    """The answer with its range, what levers save, the verdict against the target, and the figures beside it."""
    text, phrase = answered(answer.found)
    yield said("h1", f"{answer.plan.name}: footprint of language models, {_years(answer)}")
    ranged = f", {said('span', phrase, class_='range')}" if phrase else ""
    yield tag("p", f"{escape(text)}{ranged}", class_="answer")
    if usual is not None:
        yield _saving(answer, usual)
    yield from _target(seen(answer.plan))
    covered = f"{answer.covered}{f' · {answer.filtered}' if answer.filtered else ''}"
    yield said("p", f"{covered}. 80 % range: 8 of 10 simulations lie inside.", class_="small")
    yield _figures(answer)


def _years(answer: Answer) -> str:
    return words.years(answer.plan.first_year, answer.plan.last_year)


def _saving(answer: Answer, usual: Results) -> str:
    """What the levers do against business as usual, and how surely."""
    found, scale, when = answer.found, page_scale(answer.found), answer.found.place(answer.year)
    if without_figure(found) != without_figure(usual):
        return said("p", "No comparison with business as usual: under its levers a workload has no figure.")
    before, after = (one.total(one.carbon_kg())[when] for one in (usual, found))
    low, _, high = interval(after - before)
    moved = words.change(float(before[0]), float(after[0]), low, high, scale)
    least, mid, most = interval(before)
    middle, ends = words.with_range(mid, least, most, scale)
    share = f" Lower in {in_100(wins_share(answer.plan))} simulations." if moved.tone != "gray" else ""
    told = f" against business as usual, {middle}{f' ({ends})' if ends else ''}.{share}"
    return tag("p", said("span", words.capital(moved.text), class_=moved.tone), escape(told))


def _target(view: View) -> Iterator[str]:
    """The verdict against the target, where one is set."""
    if view.found.standing == "asked":
        return
    answer = ", ".join(filter(None, target_answered(view)))
    if not view.compared:
        yield said("p", f"Target: {answer}.")
        return
    tone, verdict, told = standing(view)
    yield tag("p", said("span", verdict, class_=tone), escape(f" {words.capital(answer)} ({view.pathway}). {told}"))


def _figures(answer: Answer) -> str:
    """Energy, water and cost of the year, and the other method."""
    found, cells = answer.found, []
    for one in three(found):
        scale = page_scale(found, one.unit)
        cells.append((one.label, one.middle(scale), one.range(scale) or "no range: a price is unknown"))
    other, kg = ("Market", answer.shown.carbon_market_kg)
    if answer.plan.method == "market":
        other, kg = ("Location", answer.shown.carbon_location_kg)
    both = kg + (answer.shown.carbon_embodied_kg if answer.plan.boundary == "with_hardware" else 0.0)
    cells.append(
        (
            f"{other}-based, {answer.year}",
            words.quantity(both, page_scale(found), 2),
            f"in place of {answer.plan.method}-based, never added",
        )
    )
    return tag("dl", *(_figure(*cell) for cell in cells), class_="four")


def _figure(label: str, value: str, beside: str) -> str:
    figures = said("dd", value, class_="value") + said("dd", beside, class_="small")
    return tag("div", said("dt", label), figures)


def _pictures(answer: Answer, usual: Results | None) -> Iterator[str]:
    """Years, ladder and methods, then the workloads."""
    plan, scale = answer.plan, page_scale(answer.found)
    yield said("h2", "Carbon by year")
    yield said("p", f"{scale.label} CO₂e a year, {plan.method}-based", class_="small")
    yield _figured(pictures.by_year(answer, usual), told=True)
    yield tables.years(answer)
    ladder, methods = pictures.ladder(answer, HALF_PX), pictures.methods(answer, HALF_PX)
    left = said("h2", f"Energy to the meter, {answer.year}") + _figured(ladder)
    right = said("h2", f"Both methods and hardware, {answer.year}") + _figured(methods)
    yield tag("div", tag("div", left), tag("div", right), class_="two")
    yield said("h2", f"Workloads, {answer.year}")
    yield tables.workloads(answer)


def _figured(drawn: Drawn, told: bool = False) -> str:
    """A chart; with its sentence under it where that says more than its labels."""
    return tag("figure", drawn.svg, said("figcaption", drawn.summary) if told else "")


def _levers(answer: Answer) -> Iterator[str]:
    """What each lever changes, and the levers in use."""
    drawn = pictures.levers(answer)
    if drawn is None:
        return
    yield said("h2", "What the levers change")
    yield said("p", f"Each lever's mean effect over all orders, central case, {answer.year}.", class_="small")
    yield _figured(drawn)
    yield tables.levers(answer)


def _behind(answer: Answer) -> Iterator[str]:
    """What the figures rest on: assumptions changed, what is not known, sources, versions, link."""
    yield said("h2", "Assumptions changed from the usual")
    yield tables.assumed(answer)
    yield said("h2", "What is estimated or not known")
    yield listed(unknowns(answer))
    yield said("h2", "Sources")
    yield tables.sources(answer)
    yield said("h2", "Versions and link")
    yield said("p", " · ".join(f"{name} {version}" for name, version in answer.versions.items()), class_="note")
    yield _link(answer)


def _link(answer: Answer) -> str:
    """The link to the plan; a long one is printed by its beginning and stays whole behind it."""
    notes = "".join(said("p", note, class_="note") for note in answer.notes)
    if not answer.link:
        return notes
    shown = answer.link if len(answer.link) <= SHOWN_LINK else f"{answer.link[:SHOWN_LINK]}…"
    return tag("p", "Open this plan: ", said("a", shown, href=answer.link)) + notes
