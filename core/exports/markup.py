"""HTML for the report, where every text from outside is escaped on its way in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape


def cut_short(text: str, most: int) -> str:
    """A text of at most so many signs, its end cut off where it must be.

    >>> cut_short("abc", 4), cut_short("abcdef", 4)
    ('abc', 'abc…')
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def tag(name: str, *inside: str, **attributes: str) -> str:
    """An element around ready markup; `class_` is its class."""
    told = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{told}>{''.join(inside)}</{name}>"


def said(name: str, text: str, **attributes: str) -> str:
    """An element around a text.

    >>> said("p", "<b> & c", class_="note")
    '<p class="note">&lt;b&gt; &amp; c</p>'
    """
    return tag(name, escape(text), **attributes)


def listed(lines: Iterable[str]) -> str:
    """Sentences as a list; nothing without any."""
    items = "".join(said("li", line) for line in lines)
    return tag("ul", items) if items else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width [%], and whether it holds numbers, which stand right."""

    head: str
    width_pct: float
    number: bool = False


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], marked: Collection[int] = ()) -> str:
    """A table with its caption and header cells in scope; `marked` are rows in bold."""
    widths = "".join(f'<col style="width:{one.width_pct:g}%">' for one in columns)
    head = "".join(said("th", one.head, scope="col", class_=_side(one)) for one in columns)
    body = "".join(
        tag("tr", *_cells(row, columns), class_="chosen" if place in marked else "") for place, row in enumerate(rows)
    )
    inside = (tag("colgroup", widths), tag("thead", tag("tr", head)), tag("tbody", body))
    return tag("table", said("caption", caption), *inside)


def _cells(row: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    """The cells of a row; one that says a single thing takes the whole width."""
    if len(row) > 1 and not any(row[1:]):
        yield said("th", row[0], scope="row", colspan=str(len(row)))
        return
    for place, (text, column) in enumerate(zip(row, columns, strict=True)):
        if place:
            yield said("td", text, class_=_side(column))
        else:
            yield said("th", text, scope="row", class_=_side(column))


def _side(column: Column) -> str:
    return "n" if column.number else ""
