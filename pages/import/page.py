"""Import: from the files a company already has to a portfolio that stands."""

import streamlit as st

from core.ui import (
    frame,
    import_accept,
    import_asked,
    import_draft,
    import_energy,
    import_file,
    import_hours,
    import_known,
    import_one,
    import_shown,
    import_table,
    import_told,
    import_totals,
)

frame.bar("Import")
frame.messages()
now = import_draft.draft()
job = import_file.read(now)
view = import_shown.view(now, job)
import_accept.head(now, job, view)
if view is not None:
    import_accept.step(now, view)
left, right = st.columns([13, 14], gap="large")
with left:
    import_file.upload()
    if job is None:
        import_known.formats()
    elif not job.ended:
        import_file.at_work(job)
    elif job.stopped:
        import_file.again(now)
    else:
        import_told.files(job)
with right:
    if view is not None:
        import_asked.columns(view)
        import_totals.totals(view)
    elif job is None:
        import_known.privacy()
if view is not None:
    import_table.proposals(view)
    import_one.detail(view)
    import_table.left_out(view)
    import_asked.questions(view)
read = job if job is not None and job.ended else None
import_energy.panel(read.of("meter") if read else (), read.readings if read else ())
import_hours.panel(read.of("hours") if read else ())
import_file.keep_through_reload()
