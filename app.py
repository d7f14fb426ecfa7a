"""The frame: let in, read the link, show one page, write the link. Start with `streamlit run app.py`."""

import streamlit as st

from core.ui import (
    bursts,
    compressed,
    data_route,
    dressed,
    frame,
    gate,
    guarded,
    live,
    outbox,
    returned,
    sign_in,
    together,
)

if __name__ == "__main__":  # one reader's run of the page
    frame.start()
    pages = [
        st.Page("pages/plan/page.py", title="Plan", default=True),
        st.Page("pages/whatif/page.py", title="What-if", url_path="what-if"),
        st.Page("pages/shift/page.py", title="Shift", url_path="shift"),
        st.Page("pages/targets/page.py", title="Targets", url_path="targets"),
        st.Page("pages/optimise/page.py", title="Optimise", url_path="optimise"),
        st.Page("pages/uncertainty/page.py", title="Uncertainty", url_path="uncertainty"),
        st.Page("pages/compare/page.py", title="Compare", url_path="compare"),
        st.Page("pages/estimate/page.py", title="Estimate", url_path="estimate"),
        st.Page("pages/cases/page.py", title="Cases", url_path="cases"),
        st.Page("pages/plan/page.py", title="Plan", url_path="plan", visibility="hidden"),  # a first page has no path
        st.Page("pages/import/page.py", title="Import", url_path="import"),
        st.Page("pages/methods/page.py", title="Methods", url_path="methods"),
        st.Page("pages/own/page.py", title="Own data", url_path="own"),
    ]
    let_in = sign_in.lets_in()
    page = st.navigation(pages, position="top" if let_in else "hidden")
    if let_in:
        frame.open_link()
        with frame.sound_data(), outbox.in_two_goes():
            page.run()
            frame.write_link()
            live.pages()
            live.back()
            returned.echo()
else:  # the server, before its first reader
    frame.serve_links()
    together.begin()
    middleware = [*guarded.headers(), *gate.at_the_door(), *compressed.first_visits(), *dressed.pages(), *bursts.sent()]
    app = st.App("app.py", routes=data_route.routes(), middleware=middleware)
