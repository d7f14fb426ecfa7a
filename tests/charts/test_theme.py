"""The page's theme file and the charts' palettes tell the same story."""

import ast
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from core.charts import palette

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def options(section, table):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from options(f"{section}.{key}", value)
        else:
            yield f"{section}.{key}"


@pytest.mark.parametrize("option", [name for section, table in THEME.items() for name in options(section, table)])
def test_streamlit_knows_every_option_of_the_theme_file(option):
    assert option in config.get_config_options()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pages_and_charts_share_their_colours(mode):
    page, ink = THEME["theme"][mode], palette(mode == "dark")
    shared = ("backgroundColor", "textColor", "grayTextColor", "blueColor", "orangeColor", "orangeTextColor")
    drawn = (ink.background, ink.text, ink.muted, ink.accent, ink.worse, ink.worse_text)
    assert tuple(page[key] for key in shared) == drawn
    assert tuple(page["chartCategoricalColors"]) == ink.series


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_and_series_stand_out_from_the_page(dark):
    ink = palette(dark)
    words = [contrast(colour, ink.background) for colour in (ink.text, ink.muted, ink.accent, ink.worse_text)]
    on_pale = [contrast(ink.text, ink.pale), contrast(ink.text, ink.pale_worse)]
    inside = [contrast(ink.background, fill) for fill in (ink.accent, ink.muted)]
    assert min(words + on_pale + inside) >= 4.5
    assert min(contrast(colour, ink.background) for colour in ink.series) >= 3


def test_no_stack_trace_reaches_the_page_and_every_upload_has_a_limit_of_its_own():
    assert (THEME["client"]["showErrorDetails"], THEME["server"]["maxUploadSize"]) == ("none", 200)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "core" / "ui").glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    uploads = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "file_uploader"]
    assert len(uploads) >= 2
    for call in uploads:
        assert "max_upload_size" in [word.arg for word in call.keywords]
