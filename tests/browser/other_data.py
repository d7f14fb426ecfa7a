"""The app on another data folder: `python -m tests.browser.other_data FOLDER run app.py`, then Streamlit's options."""

import sys
from pathlib import Path

from streamlit.web.cli import main

from core import catalog

if __name__ == "__main__":
    catalog.FOLDER = Path(sys.argv.pop(1))
    main()
