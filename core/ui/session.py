"""What one browser tab holds beside the widgets: the plan, the way back, and what was typed and not yet taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from core.decide.older import Sealed
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.shift.files import FileHours
from core.store.records import Version
from core.ui.linked import Linked


@dataclass(frozen=True, slots=True)
class Given:
    """What a widget was given by the plan: in which run, what it held before, and what it holds since."""

    run: int
    before: object
    value: object


@dataclass(frozen=True, slots=True)
class Offered:
    """What a widget was to show in a session's first run, and who takes what the browser says instead."""

    value: object
    take: Callable[[], object]


@dataclass
class Session:
    """One browser tab. `opened` is the plan as it was opened or reset: what changes are compared with."""

    plan: Plan
    opened: Plan
    past: list[Plan] = field(default_factory=list)
    future: list[Plan] = field(default_factory=list)
    openings: list[tuple[Plan, Plan]] = field(default_factory=list)  # a case opened as plan, and `opened` before it
    problems: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    link: str = ""
    prices: bool = False  # the user said that prices travel in the address and in links
    encoded: tuple[Plan, bool, Linked] | None = None
    written: dict[str, Plan] = field(default_factory=dict)  # what this session put into the address bar
    written_at_s: float = 0.0
    touched: bool = False
    run: int = 0  # how often the page was worked out
    said: tuple[str, ...] = ()  # the answer above the page, as it left last
    mark: str = field(default_factory=lambda: token_hex(4))  # tells this session's runs from another's
    offered: dict[str, Offered] = field(default_factory=dict)  # fields of the first run, see core/ui/returned.py
    given: dict[str, Given] = field(default_factory=dict)  # what widgets were given last
    grid: int = 0  # how often the grid was drawn anew
    grid_refused: bool = False  # a cell of it shows what was refused, until nobody types there
    selected: str = ""
    greeted: bool = False
    drafts: dict[str, object] = field(default_factory=dict)  # what was typed on the Own data page and not yet saved
    tops: dict[str, float] = field(default_factory=dict)
    choice: tuple[Lever, ...] | None = None  # of the choices that a search found, the one looked at; None: the best
    working: tuple[object, ...] = ()  # what was worked out last that may take long
    stopped: tuple[object, ...] = ()  # what of that the reader stopped
    scope: str = ""  # the workload chosen for levers while none is in use
    lead: tuple[str, ...] = ()  # levers of the preset last pressed: they stand first
    measured: dict[str, Workload] = field(default_factory=dict)  # as each stood when its busy share was entered
    hours: dict[str, FileHours] = field(default_factory=dict)  # of the files given to this tab
    saved: Version | None = None  # the saved version that was opened or made last
    saved_plan: Plan | None = None  # as it holds it
    made: Sealed | None = None  # what the link that was opened last says of its making
    saver: str = ""  # the name that the reader saves under
    token: str = ""  # of a data link, just made: shown once
    refused: bool = False  # the last thing typed was not taken: what is shown rests on the value before

    def offer(self, key: str, value: object, take: Callable[[], object]) -> bool:
        """In the first run, let a widget show what the browser brings along; `take` hands that to the plan."""
        if self.run == 1:
            self.offered[key] = Offered(value, take)
        return self.run == 1
