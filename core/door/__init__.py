"""The door of an installation: who comes in, what each role may do, and the answer to a data link.

Nothing here knows of Streamlit or of a server: `core/ui/door.py` and `core/ui/data_route.py` stand between.
"""
