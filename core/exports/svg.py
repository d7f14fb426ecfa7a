"""Marks of a chart as SVG text: bars, lines, labels. Every text is escaped, every length a pixel of a page 680 wide.

The report draws its few charts itself, from the tables that the pages' charts come from. Turning the pages' Vega-Lite
into SVG takes a browser engine in a package of 30 MB and a second at each start; four plain charts take this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH_PX = 680
TEXT_PX = 12
LETTER_PX = 6.2  # a letter's mean width at that size, on the wide side
ELLIPSIS = "…"


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel.

    >>> number(12.0), number(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".removesuffix(".0")


def cut(text: str, width_px: float) -> str:
    """A text that fits a width, its end cut off where it must be.

    >>> cut("Knowledge assistant", 60), cut("Chat", 60)
    ('Knowledge…', 'Chat')
    """
    most = max(int(width_px / LETTER_PX), 1)
    return text if len(text) <= most else text[: max(most, 1)].rstrip() + ELLIPSIS if most > 1 else ELLIPSIS


def rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> str:
    """A bar; with `stroke` it has an outline."""
    outline = f' stroke="{stroke}" stroke-width="1.2"' if stroke else ""
    size = f'width="{number(max(width, 0.0))}" height="{number(max(height, 0.0))}"'
    return f'<rect x="{number(x)}" y="{number(y)}" {size} fill="{fill}"{outline}/>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1.0) -> str:
    """A straight line."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{width:g}"/>'


def path(points: Sequence[tuple[float, float]], stroke: str, width: float, dashed: bool = False) -> str:
    """A line through points."""
    told = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<polyline points="{told}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dash}/>'


def text(x: float, y: float, said: str, fill: str, anchor: str = "start", bold: bool = False) -> str:
    """A label; its baseline is at `y`."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{number(x)}" y="{number(y)}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(said)}</text>'


def picture(key: str, height: float, title: str, summary: str, marks: Sequence[str], width: float = WIDTH_PX) -> str:
    """A chart with its name and its sentence for those who do not see it."""
    return (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" aria-labelledby="{key}-t {key}-d" '
        f'font-size="{TEXT_PX}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(summary)}</desc>'
        f"{''.join(marks)}</svg>"
    )
