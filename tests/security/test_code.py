"""What the program itself never does: run what it reads, write somebody's words as markup, widen its limits."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from tests.test_architecture import FILES, PAGES, ROOT, imports, name, parsed

CODE = [*FILES, *PAGES, ROOT / "app.py"]
RUNS_WHAT_IT_READS = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "yaml", "code", "codeop"}
STARTS_PROGRAMS = {"subprocess", "pty"}
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "os.system", "os.popen", "np.load", "numpy.load",
         "pd.read_pickle", "pandas.read_pickle", "torch.load"}  # fmt: skip
MARKUP = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_html"}
HTML = {"st.html", "components.html"}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@cache
def speaking_of(*words: str) -> tuple[Path, ...]:
    """Files in whose text one of these words stands: to read all as programs takes seconds."""
    some = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words))
    return tuple(file for file in CODE if some.search(file.read_text(encoding="utf-8")))


def dotted(node: ast.AST) -> str:
    """A name with its dots, as `os.system`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(file: Path) -> list[tuple[str, ast.Call]]:
    return [(dotted(node.func), node) for node in ast.walk(parsed(file)) if isinstance(node, ast.Call)]


def imported(file: Path) -> set[str]:
    return {found.split(".")[0] for found in imports(file)}


def test_nothing_that_is_read_can_run() -> None:
    files = speaking_of(*RUNS_WHAT_IT_READS, *CALLS)
    found = [(name(file), what) for file in files for what in imported(file) & RUNS_WHAT_IT_READS]
    assert found + [(name(file), what) for file in files for what, _ in calls(file) if what in CALLS] == []


def test_no_other_program_is_started() -> None:
    files = speaking_of(*STARTS_PROGRAMS)
    assert [name(file) for file in files if imported(file) & STARTS_PROGRAMS] == []


def test_no_text_is_written_as_markup() -> None:
    files = speaking_of(*MARKUP, *HTML)
    made = [(name(file), call) for file in files for call in calls(file)]
    assert [(file, one.arg) for file, (_, node) in made for one in node.keywords if one.arg in MARKUP] == []
    html = [(file, ast.unparse(node)) for file, (called, node) in made if called in HTML]
    ours = [("core/ui/frame.py", "st.html(DARK)")]
    assert html == ours, "a style sheet of the program's own, and nothing else"


def test_the_server_keeps_its_guards() -> None:
    server = CONFIG["server"]
    assert server["enableXsrfProtection"] is True
    assert server["maxUploadSize"] == 200
    assert server.get("enableCORS", True) is True
    assert not {"enableAgentApi", "enableStaticServing", "corsAllowedOrigins", "trustedUserHeaders"} & server.keys()
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_no_key_or_password_lies_among_the_files() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert ".streamlit/secrets.toml" in ignored
    assert ".glidepath/" in ignored


def test_every_test_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|core|data|\.ci)/[^`]+)`", page)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []
