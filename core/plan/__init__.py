"""The plan, its parts and their checks."""

from core.plan.actual import Actual
from core.plan.calibration import Calibration
from core.plan.hours_file import HoursFile
from core.plan.inventory import InventoryRow
from core.plan.knob import Knob
from core.plan.plan import Plan
from core.plan.record import Record, choices, knobs, may_be_blank, sentences
from core.plan.search import Search
from core.plan.target import Target
from core.plan.workload import Workload

__all__ = [
    "Actual",
    "Calibration",
    "HoursFile",
    "InventoryRow",
    "Knob",
    "Plan",
    "Record",
    "Search",
    "Target",
    "Workload",
    "choices",
    "knobs",
    "may_be_blank",
    "sentences",
]
