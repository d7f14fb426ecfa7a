"""The app opened at one of its pages, as by a link to it: no other page is run before."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash


def open_at(app: AppTest, path: str) -> AppTest:
    """The first run of an app, at the page of that path; what it is asked and its state are set before."""
    app._page_hash = calc_hash(path)  # `switch_page` knows a page by its path only after a run
    return app.run()
