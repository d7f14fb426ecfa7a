"""Imports run one way, Streamlit stays in its room, files stay short, and what is public says what it is."""

import ast
from functools import cache
from pathlib import Path

from tests.each import for_each

ROOT = Path(__file__).parents[1]
CORE = ROOT / "core"
PAGES = sorted((ROOT / "pages").rglob("*.py"))
FILES = sorted(CORE.rglob("*.py"))
MOST_LINES_PAGE, MOST_LINES = 60, 300

# What each room may import of `core`, besides itself. Every new room must say where it stands.
BELOW = {
    "units": set(),
    "catalog": {"units"},
    "engine": {"units"},
    "words": {"units"},
    "charts": {"units"},
    "plan": {"units", "catalog"},
    "levers": {"units", "catalog", "plan"},
    "shift": {"units", "catalog", "engine"},
    "results": {"units", "catalog", "engine", "plan", "levers", "shift"},
    "table": {"units", "catalog", "plan"},
    "link": {"units", "catalog", "engine", "plan", "results", "targets"},
    "results_table": {"units", "catalog", "engine", "plan", "results", "table"},
    "fit": {"units", "catalog", "engine", "plan", "results"},
    "evidence": {"units", "catalog", "engine", "plan", "results", "fit"},
    "peers": {"units", "catalog", "engine", "plan", "results", "fit"},
    "cases": {"units", "catalog", "plan", "results"},
    "methods": {"units", "catalog", "engine", "plan", "results", "fit"},
    "imports": {"units", "catalog", "plan", "results"},
    "live": {"units", "catalog", "imports"},
    "targets": {"units", "catalog", "engine", "plan", "levers", "results", "table"},
    "decide": {"units", "catalog", "engine", "plan", "levers", "results", "targets"},
    "headless": {
        "units",
        "catalog",
        "engine",
        "plan",
        "results",
        "cases",
        "fit",
        "evidence",
        "methods",
        "imports",
        "shift",
        "targets",
    },
    "batch": {"units", "catalog", "engine", "plan", "results", "table", "results_table", "headless"},
    "measure": {"units", "catalog", "plan", "headless"},
    "disclosure": {"catalog", "plan", "results", "table", "results_table"},
    "store": {"units", "plan", "results", "table", "results_table"},
    "exports": {
        "units",
        "words",
        "charts",
        "catalog",
        "plan",
        "results",
        "table",
        "results_table",
        "link",
        "methods",
        "targets",
        "disclosure",
        "store",
    },
    "door": {"units", "catalog", "plan", "results", "link", "table", "results_table", "disclosure", "store"},
    "compare_table": {"decide", "plan", "results", "results_table", "store", "table"},
    "commands": {
        "compare_table",
        "exports",
        "store",
        "plan",
        "results",
        "link",
        "table",
        "results_table",
        "disclosure",
        "headless",
        "targets",
        "decide",
        "imports",
        "batch",
    },
    "__main__": {"catalog", "decide", "engine", "results", "commands", "headless", "measure", "shift", "targets"},
    "ui": None,  # anything
}
OUTSIDE = {
    "engine": {"numba", "numpy"},
    "units": set(),
    "words": set(),
    "catalog": set(),
    "plan": {"pydantic"},
    "levers": {"numpy"},
    "shift": {"numpy", "scipy"},
    "charts": {"altair"},
    "results": {"numpy"},
    "fit": {"numpy", "scipy"},
    "evidence": set(),
    "peers": {"numpy", "ecologits"},
    "cases": {"numpy"},
    "methods": set(),
    "imports": {"pyarrow"},
    "live": set(),
    "targets": {"numpy"},
    "decide": {"numpy", "scipy"},
    "headless": {"numpy", "pydantic"},
    "batch": {"numpy", "pyarrow", "distributed"},
    "measure": set(),
    "link": set(),
    "table": set(),
    "results_table": {"numpy"},
    "disclosure": {"numpy"},
    "store": {"sqlalchemy"},
    "exports": {"numpy", "xlsxwriter"},
    "door": set(),
    "compare_table": set(),
    "commands": set(),
    "__main__": set(),
}
STREAMLIT = "streamlit"
LIBRARIES = {
    "numba", "numpy", "scipy", "pydantic", "altair", "pandas", "pyarrow", "ecologits", "torch", "pynvml",
    "sqlalchemy", "psycopg", "xlsxwriter", "distributed", "dask", STREAMLIT,
}  # fmt: skip


def name(file):
    return str(file.relative_to(ROOT))


@cache
def parsed(file):
    return ast.parse(file.read_text(encoding="utf-8"))


def room(file):
    """The room of a file of core: its folder, or its own name."""
    first = file.relative_to(CORE).parts[0]
    return first.removesuffix(".py")


@cache
def imports(file):
    """Dotted names of everything a file imports, functions' own imports included."""
    found = []
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(file)}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def rooms_imported(file):
    """Rooms of core that a file imports."""
    parts = (dotted.split(".") for dotted in imports(file))
    return {found[1] for found in parts if found[0] == "core" and len(found) > 1 and found[1] in BELOW}


def libraries_imported(file):
    return {dotted.split(".")[0] for dotted in imports(file)} & LIBRARIES


def rooms():
    return sorted({room(file) for file in FILES} - {"__init__"})


def test_every_room_has_its_place():
    assert set(rooms()) <= BELOW.keys()


def test_the_order_of_rooms_has_no_circle():
    order = []
    waiting = {where: set(below) for where, below in BELOW.items() if below is not None}
    while waiting:
        free = [where for where, below in waiting.items() if below <= set(order)]
        assert free, waiting
        order += free
        waiting = {where: below for where, below in waiting.items() if where not in free}


@for_each("file", FILES, ids=name)
def test_a_file_imports_only_rooms_to_its_left(file):
    below = BELOW.get(room(file), set())
    assert below is None or rooms_imported(file) - {room(file)} <= below


@for_each("file", FILES, ids=name)
def test_a_room_imports_only_its_own_libraries(file):
    assert libraries_imported(file) <= OUTSIDE.get(room(file), LIBRARIES)


@for_each("file", [file for file in FILES if room(file) != "ui"], ids=name)
def test_streamlit_stays_in_the_ui_room(file):
    assert STREAMLIT not in libraries_imported(file)


@for_each("file", [*PAGES, ROOT / "app.py"], ids=name)
def test_a_page_imports_only_core_and_streamlit(file):
    assert {dotted.split(".")[0] for dotted in imports(file)} <= {"core", STREAMLIT, "__future__"}


@for_each("file", PAGES, ids=name)
def test_a_page_keeps_no_state_and_writes_no_markup(file):
    text = file.read_text(encoding="utf-8")
    assert [word for word in ("session_state", "unsafe_allow_html", "st.html") if word in text] == []


@for_each("file", PAGES, ids=name)
def test_a_page_is_page_py_in_a_folder_of_its_own(file):
    assert (file.name, file.parent.parent) == ("page.py", ROOT / "pages")


@for_each("file", [*FILES, *PAGES, ROOT / "app.py"], ids=name)
def test_a_file_is_one_idea_long(file):
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= (MOST_LINES_PAGE if file in PAGES else MOST_LINES)


@for_each("file", FILES, ids=name)
def test_no_file_is_named_after_nothing(file):
    assert not {"utils", "util", "helpers", "helper", "manager", "misc", "common", "final"} & set(file.stem.split("_"))


def public(tree):
    """Public functions, classes and their public methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = (n for n in node.body if isinstance(n, ast.FunctionDef))
                yield from (method for method in methods if not method.name.startswith("_"))


@for_each("file", FILES, ids=name)
def test_what_is_public_says_what_it_is(file):
    tree = parsed(file)
    assert ast.get_docstring(tree), "the file itself"
    assert [node.name for node in public(tree) if not ast.get_docstring(node)] == []


@for_each("file", FILES, ids=name)
def test_a_docstring_opens_with_one_sentence_on_one_line(file):
    tree = parsed(file)
    for node in [tree, *public(tree)]:
        first, _, rest = (ast.get_docstring(node) or "").partition("\n")
        assert first.rstrip().endswith((".", ".)", ":", "?")), first
        assert not rest or rest.startswith("\n"), f"{first}: a blank line after the first"


@for_each("file", [file for file in FILES if room(file) != "units"], ids=name)
def test_no_error_is_caught_without_a_name(file):
    handlers = [n for n in ast.walk(parsed(file)) if isinstance(n, ast.ExceptHandler)]
    bare = [n.lineno for n in handlers if n.type is None or getattr(n.type, "id", "") in ("Exception", "BaseException")]
    assert bare == []
