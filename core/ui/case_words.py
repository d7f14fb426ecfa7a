"""A case in words: what was printed, ours and the corrected figure, the arithmetic, and where it is from."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from core import catalog as facts
from core import words
from core.cases import VERDICTS, Case, Printed, Sum
from core.cases.answers import Ours
from core.cases.figures import FIGURES
from core.methods.accuracy import ENERGY, POWER, STEP
from core.methods.formulas import formulas
from core.results.nearness import Nearness
from core.ui import expected, options
from core.words import Scale

DIGITS = 4  # of plain arithmetic, so that it can be recomputed
COMPANION = "Companion, in no article"
ABOUT = {"model": "Model", "device": "Accelerator", "lever": "Lever"}
OPEN = {"estimate": "Open as estimate", "plan": "Open as plan", "what-if": "Open as what-if"}
VERDICT = {"ok": "OK", "ok with context": "OK with context", "not an app object": "Context only"}
IN_WORDS, AS_PRINTED, NOTHING = "in words", "as printed", "–"
STATUS = {
    "unverified": "Unverified: not seen in a primary source.",
    "rumour": "Rumour: never confirmed by its maker.",
    "secondary": "Seen in somebody's copy or report, not in the primary source.",
}
NOT_FITTED = "No fitted model is in it: dimensions and published figures, with their own ranges."
SHARED = "An error that both sides share cancels in a ratio."
MOST_TOLD = 2  # ways in which a case's workloads are near a measurement
# What of the fit a figure rests on, where that is not the energy.
QUANTITY = {"accelerator_power_w": (POWER, "Power"), "throughput_ratio": (STEP, "Time of a step")}
NOWHERE = "about:"  # the address of a source that has none


def tone(case: Case) -> str:
    """The verdict's colour: better is blue, worse is orange, neither is grey."""
    may_be_repeated = VERDICTS[case.verdict]
    return "gray" if may_be_repeated is None else "blue" if may_be_repeated else "orange"


def verdict(case: Case) -> str:
    """The verdict in words, with the claim's number and what nobody has seen in a primary source."""
    told = verdict_word(case.verdict)
    return f"{told}, unverified" if case.status == "unverified" and case.verdict != "unverified" else told


def verdict_word(verdict: str) -> str:
    """A verdict as it stands on the page."""
    return VERDICT.get(verdict, words.capital(verdict))


def article(case: Case) -> str:
    """The article's title."""
    return facts.load().sources[case.article].title if case.article else COMPANION


def printed(case: Case) -> str:
    """The published figure with its own digits; a dash where none was printed."""
    found = case.printed
    return _dressed(_printed_ends(found), found.unit) if found else NOTHING


def _printed_ends(found: Printed) -> str:
    low, high = (_grouped(text) for text in (found.low, found.high))
    return f"{low} to {high}" if high else low


def _grouped(text: str) -> str:
    return f"{Decimal(text):,f}".replace(",", words.THIN) if text else ""


def added(found: Sum) -> str:
    """The result of plain arithmetic."""
    low, high = (plain(value) for value in found.ends())
    return _dressed(low if low == high else f"{low} to {high}", found.unit)


def plain(value: float) -> str:
    """A value to four digits, without the zeros that say nothing.

    >>> plain(140.0), plain(26.84), plain(0.0)
    ('140', '26.84', '0')
    """
    text = words.figure(value, DIGITS)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dressed(text: str, unit: str) -> str:
    return _scale(unit.replace("tokens", "token", 1) if text == "1" else unit).dress(text)


def _scale(unit: str) -> Scale:
    return Scale(unit, 1.0, after=f"\u00a0{unit}")


def checked(case: Case) -> str:
    """The arithmetic done again from the publication's own inputs; a dash where there is none."""
    return added(case.checked) if case.checked else NOTHING


def ours(case: Case, found: Ours | None) -> str:
    """This app's own figure with its 80 % range, without a range where nothing in it is drawn."""
    if found is None:
        return NOTHING
    if found.reason:
        return "no figure"
    if not isfinite(found.low) or plain(found.low) == plain(found.high):
        return _dressed(plain(found.mid), case.figure_unit)
    middle, ends = words.with_range(found.mid, found.low, found.high, _scale(case.figure_unit))
    return f"{middle} (80\u00a0% range {ends})"


def error(case: Case, found: Ours | None) -> str:
    """How near a measurement this app's figure is, and how far off such figures are; empty where it has none."""
    if found is None or found.reason:
        return found.reason if found else ""
    if not FIGURES[case.figure].fitted:
        return NOT_FITTED
    told = [f"{one.line}. {_told(case, one)}".strip() for one in found.near]
    more = [f"And {words.count(len(told) - MOST_TOLD, 'workload')} more: open it."] if len(told) > MOST_TOLD else []
    shared = [SHARED] if case.figure.endswith("_ratio") else []
    return " ".join([*told[:MOST_TOLD], *more, *shared])


def _told(case: Case, one: Nearness) -> str:
    """The error of one workload, of the quantity that the figure rests on."""
    quantity, name = QUANTITY.get(case.figure, (ENERGY, "Energy at work"))
    text = expected.of_estimate(one, quantity)
    return f"{name}: {text[0].lower()}{text[1:]}" if text and one.hold_out != "run" else text


def corrected(case: Case) -> str:
    """What to carry in place of the printed figure."""
    if case.corrected:
        return added(case.corrected)
    if VERDICTS[case.verdict] is False:
        return IN_WORDS
    return AS_PRINTED if VERDICTS[case.verdict] and case.printed else NOTHING


def arithmetic(case: Case) -> list[tuple[str, str]]:
    """Every sum of the case by name, as an equation with its inputs, ready to be recomputed."""
    named = (("Recomputed", case.checked), ("Corrected", case.corrected))
    return [(name, _equation(each)) for name, each in named if each]


def _equation(each: Sum) -> str:
    formula = formulas()[f"cases.{each.formula}"]
    inputs = ", ".join(f"{name} = {_input(low, high)}" for name, low, high in each.inputs)
    return f"{formula.title}: {formula.equation}. With {inputs}: {added(each)}."


def _input(low: float, high: float) -> str:
    ends = [f"{value:,.10g}".replace(",", words.THIN) if value < 1e15 else f"{value:,.0f}" for value in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def maps_to(case: Case) -> str:
    """What of the app it is about."""
    names = {"model": options.short("models"), "device": options.hardware()}
    parts = [f"{ABOUT[kind]} {names.get(kind, {}).get(name, name)}" for kind, name in case.maps_to if kind in ABOUT]
    return "; ".join(parts)


def sources(case: Case) -> list[dict[str, str]]:
    """The sources: title, publisher and year, and the address of those that have one."""
    known = facts.load().sources
    found = [known[key] for key in case.source]
    return [
        {
            "text": f"{s.title}, {s.publisher}, {s.year}",
            "short": f"{s.publisher}, {s.year}",
            "url": "" if s.url.startswith(NOWHERE) else s.url,
        }
        for s in found
    ]


def opened(case: Case, found: Ours | None) -> str:
    """What stands on the page that a case opens, beside the figures there."""
    what = "estimate" if case.opens == "estimate" else "plan"
    one = "an" if case.opens == "estimate" else "a"
    told = f"As printed {printed(case)}; this" if case.printed else "This"
    names = ", ".join(f"“{name}”" for name in dict.fromkeys(lever.kind().name for lever in case.levers))
    levers = f" with {names} in use" if names else ""
    return (
        f"“{case.title}” is open as {one} {what}{levers}. {told} app {ours(case, found)}, {case.figure_of}. "
        f"{case.shows} Undo brings your own {what} back."
    )
