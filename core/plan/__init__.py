"""The plan, its parts and their checks."""

from core.plan.calibration import Calibration
from core.plan.hours_file import HoursFile
from core.plan.knob import Knob
from core.plan.plan import Plan
from core.plan.record import Record, choices, knobs, may_be_blank, sentences
from core.plan.workload import Workload

__all__ = [
    "Calibration",
    "HoursFile",
    "Knob",
    "Plan",
    "Record",
    "Workload",
    "choices",
    "knobs",
    "may_be_blank",
    "sentences",
]
