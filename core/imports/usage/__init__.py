"""Usage exports, bills and logs, read as a stream: one file a format, every amount in the same words.

A format names the columns it takes; nothing else of a file is kept, so that prompts and people never reach the plan.
"""
