"""Files from other tools, read strictly: one file a format, a recogniser, and a sentence for what was refused.

Nothing is guessed: a unit, a clock's zone or a boundary that the file does not say is asked for.
"""
