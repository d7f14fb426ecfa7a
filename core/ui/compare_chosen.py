"""Which plans stand beside each other: those of this tab, saved ones, links and files; the address keeps the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from core import words
from core.commands.compare import lent
from core.compare_table import Item
from core.decide.between import MOST_PLANS
from core.plan import Plan
from core.plan.example import example_plan
from core.store import Review, read_id
from core.ui import dropped, hours_held, live, saving, state
from core.ui.compare_given import LETTERS, Chosen, as_text, called, of_file, of_link, of_saved, of_text, sealed_of
from core.ui.shown import small

HELD = "compare:choice"
ASKED = "with"  # of the address
TEXT, ADD = "compare_link", "compare_add"
MOST_MB = 5
MOST_VERSIONS = 200  # that the lists name
MOST_ADDRESS = 1_800  # characters of the choice in the address
SCREEN, OPENED, USUAL, EXAMPLE = "screen", "opened", "usual", "example"
BY_NAME = (SCREEN, USUAL, EXAMPLE)  # that an address may name
GIVEN, LINKED, OUT = "given", "~", "out"


@dataclass
class Choice:
    """What a tab compares: keys in order, plans that came from elsewhere, and what to say of those that did not."""

    keys: list[str] = field(default_factory=list)
    given: dict[str, Chosen] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    usual: bool = False  # nobody chose: another plan that is opened is compared as usual
    opened: Plan | None = None  # what was opened when this was made

    def begin(self) -> None:
        """The reader chooses: what was wrong before is no longer told."""
        self.wrong.clear()
        self.usual = False


def chosen(reviews: list[Review]) -> list[Chosen]:
    """The plans, the reference first, by a list each; more are added from the lists, by link or from files."""
    choice = _choice(reviews)
    options = _options(reviews)
    found = [plan for key in list(choice.keys) if (plan := _plan_of(choice, key, options)) is not None]
    if not found:
        choice.keys, found = [SCREEN], [_screen(options)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compared"):
        for place, key in enumerate(choice.keys):
            _picker(choice, options, place, key)
        if len(choice.keys) < MOST_PLANS:
            with st.popover("Add a plan", key="compare_other"):
                _more(choice, options)
        with st.container(key="compare_send", width="content"):
            _address(choice, found, _usual(reviews))
    for line in choice.wrong:
        st.warning(words.markdown_safe(line), icon=":material/error:")
    return found


def _choice(reviews: list[Review]) -> Choice:
    """This tab's choice: as it was, else as the address has it, else the usual one."""
    held = state.session().drafts.get(HELD)
    asked = str(st.query_params.get(ASKED, ""))
    opened = state.session().opened
    if isinstance(held, Choice) and (asked in held.written if asked else not held.usual or held.opened == opened):
        return held
    choice = _asked(asked) if asked else Choice(usual=True)
    choice.opened = opened
    choice.keys = choice.keys or _usual(reviews)
    choice.written = {asked}
    state.session().drafts[HELD] = choice
    return choice


def _asked(text: str) -> Choice:
    """The choice that an address names; what of it cannot be read is told and left out."""
    choice, tokens = Choice(), text.split(",")
    if len(tokens) > MOST_PLANS:
        choice.wrong.append(f"The address names {len(tokens)} plans; the limit is {MOST_PLANS} plans.")
    for token in tokens[:MOST_PLANS]:
        if token.startswith(LINKED):
            _take(choice, of_link(token.removeprefix(LINKED)))
        elif token in BY_NAME or read_id(token):
            choice.keys.append(read_id(token) or token)
        else:
            choice.wrong.append(f"'{token[:20]}' of the address is no plan; it was left out.")
    return choice


def _usual(reviews: list[Review]) -> list[str]:
    """What is compared before anybody chose: the plan on screen with the nearest that differs from it."""
    s = state.session()
    before = _before(reviews)
    if before:
        return [before, SCREEN]
    if s.opened != s.plan:
        return [OPENED, SCREEN]
    return [USUAL, SCREEN] if s.plan.levers else [SCREEN]


def _before(reviews: list[Review]) -> str:
    """Id of the version before the saved one on screen; blank where there is none."""
    saved = saving.on_screen()
    versions = [version for one in reviews for version in one.versions if saved and version.plan == saved.plan]
    return next((version.id for version in versions if saved and version.number == saved.number - 1), "")


def _options(reviews: list[Review]) -> dict[str, str]:
    s = state.session()
    found = {SCREEN: f"On screen: {s.plan.name}"}
    if s.opened != s.plan:
        found[OPENED] = f"As opened: {s.opened.name}"
    found |= {USUAL: "Business as usual: without levers", EXAMPLE: "The built-in example"}
    versions = [version for one in reviews if not one.archived for version in reversed(one.versions)]
    return found | {version.id: called(version) for version in versions[:MOST_VERSIONS]}


def _labels(choice: Choice, options: Mapping[str, str]) -> dict[str, str]:
    """What each key is called in a list; a saved plan that is not listed, as one put away, goes by its id."""
    named = {key: one.label for key, one in choice.given.items()}
    return {**{key: f"Saved plan {key}" for key in choice.keys}, **options, **named, OUT: "Take out"}


def _picker(choice: Choice, options: Mapping[str, str], place: int, key: str) -> None:
    """The list of one place."""
    field_key = f"compare:{place}"
    keys = list(dict.fromkeys([*options, *choice.given, key]))
    keys += [OUT] if len(choice.keys) > 1 else []

    def keep() -> None:
        choice.begin()
        picked = str(state.typed(field_key))
        if picked == OUT:
            choice.keys.pop(place)
        else:
            choice.keys[place] = picked

    state.bind(field_key, key)
    st.selectbox(
        f"{LETTERS[place]}, the reference" if place == 0 else LETTERS[place],
        keys,
        keys.index(key),
        key=field_key,
        format_func=_labels(choice, options).__getitem__,
        on_change=keep,
        width=260 if len(choice.keys) < 5 else 200,
    )


def _more(choice: Choice, options: Mapping[str, str]) -> None:
    """Ways to one more plan."""

    def from_list() -> None:
        choice.begin()
        picked = st.session_state.get(ADD)
        if picked:
            choice.keys.append(str(picked))
        st.session_state[ADD] = None

    def by_link() -> None:
        choice.begin()
        text = str(state.typed(TEXT) or "").strip()
        if text:
            _take(choice, of_text(text))
            state.empty(TEXT)

    def from_files(files: tuple[dropped.File, ...]) -> None:
        choice.begin()
        for name, raw in files:
            if name not in choice.files:
                _take(choice, of_file(name, raw))
        choice.files = {name for name, _ in files}  # the field hands on all that it holds

    rest = [key for key in [*options, *choice.given] if key not in choice.keys]
    st.selectbox("From here", rest, None, key=ADD, format_func=_labels(choice, options).__getitem__,
                 on_change=from_list, placeholder="Choose a plan")  # fmt: skip
    st.text_input("Link or id of a plan", key=TEXT, on_change=by_link, help="Of this app, or of a saved plan.")
    told = f"Plans as CSV; at most {MOST_PLANS} stand beside each other."
    dropped.field("Or plan CSV files", "compare_file", ("csv",), MOST_MB, told, from_files, several=True)


def add(key: str) -> None:
    """One more plan of the lists, as the last."""
    held = state.session().drafts.get(HELD)
    if isinstance(held, Choice) and len(held.keys) < MOST_PLANS:
        held.begin()
        held.keys.append(key)


def _take(choice: Choice, found: Chosen | str) -> None:
    """One more plan, or why it cannot be one; what stood beside each other stays."""
    if isinstance(found, str):
        choice.wrong.append(found)
    elif len(choice.keys) >= MOST_PLANS:
        choice.wrong.append(
            f"'{found.label[:60]}' is one too many: {MOST_PLANS} plans stand here, and that is the limit."
        )
    else:
        key = f"{GIVEN}:{len(choice.given) + 1}"
        choice.given[key] = found
        choice.keys.append(key)


def _screen(options: Mapping[str, str]) -> Chosen:
    """The plan on screen, with what was said when it was saved or linked, while it is as it was then."""
    s, saved = state.session(), saving.on_screen()
    sealed = lent(Item(s.plan, s.made)).sealed if s.made is not None and s.plan == s.opened else None
    if saved is not None:
        found = saving.read(saved.id).saved
        sealed = sealed_of(found) if found else None
    return Chosen(options[SCREEN], state.plan(), (), sealed)


def _plan_of(choice: Choice, key: str, options: Mapping[str, str]) -> Chosen | None:
    """The plan of a key with the hours that this tab holds; one that is gone leaves the choice with a word."""
    plans: dict[str, Callable[[], Plan]] = {
        OPENED: hours_held.opened, USUAL: state.plan().as_usual, EXAMPLE: example_plan,
    }  # fmt: skip
    if key == SCREEN:
        return _screen(options)
    if key in plans:
        return Chosen(options.get(key, "As opened"), plans[key]())
    found = choice.given.get(key) or of_saved(key)
    if isinstance(found, str):
        choice.keys.remove(key)
        choice.wrong.append(found)
        return None
    return replace(found, plan=found.plan.with_hours(state.session().hours))


def _address(choice: Choice, found: list[Chosen], usual: list[str]) -> None:
    """Put the choice into the address, and say what of it an address cannot hold."""
    tokens: list[str] = []
    left_out: list[str] = []
    for letter, key, one in zip(LETTERS, choice.keys, found, strict=False):
        token = key if key in BY_NAME or read_id(key) else LINKED + (one.text or as_text(one.plan))
        if len(",".join([*tokens, token])) <= MOST_ADDRESS:
            tokens.append(token)
        else:
            left_out.append(letter)
    text = "" if choice.keys == usual or len(choice.keys) < 2 else ",".join(tokens)
    choice.written.add(text)
    if text and st.query_params.get(ASKED, "") != text:
        st.query_params[ASKED] = text
    elif not text and ASKED in st.query_params:
        del st.query_params[ASKED]
    if left_out:
        st.markdown(
            small(
                f"{' and '.join(left_out)} cannot travel in the address: too long for one. Save it, or send its file."
            )
        )
    priced = [letter for letter, one in zip(LETTERS, found, strict=False) if one.plan.priced()]
    if text and priced:
        st.markdown(small(f"Prices typed in {' and '.join(priced)} do not travel unless that plan is saved."))
    if text:
        with st.popover("Send this comparison", type="tertiary", key="compare_share"):
            linked = state.in_links().link
            saved = saving.on_screen()
            plan = f"p={saved.id}" if saved else f"s={linked}"
            live.copy_link(f"{plan}&{ASKED}={text}", key="copy_compare")
