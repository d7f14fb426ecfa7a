"""Checked cases: claims and systems of the source articles, each with its arithmetic, verdict and sources.

>>> len([case for case in load() if case.claim])
12
"""

from core.cases.records import CLAIMS, VERDICTS, Case, Printed, Sum
from core.cases.rows import load

__all__ = ["CLAIMS", "VERDICTS", "Case", "Printed", "Sum", "load"]
