"""Tidy rows -> charts. One file a family, one theme; each chart is a Vega-Lite spec that `as_altair` can check."""

from core.charts.abatement import abatement
from core.charts.bars import two_methods
from core.charts.by_year import by_year_stacked, highest_stack
from core.charts.compared import differences, differences_by_year, waterfall
from core.charts.dots import dots
from core.charts.heat import heat
from core.charts.ladder import ladder
from core.charts.lines import Line, lines_by_hour, lines_by_year
from core.charts.measured import measured_rows
from core.charts.optimise import PICK, front, starts
from core.charts.ranges import ranges
from core.charts.scatter import against
from core.charts.stacked_rows import stacked_rows
from core.charts.targets import Wedge, highest, trajectory, wedges
from core.charts.theme import OTHER, Row, Spec, as_altair, at_most_five, axis_end, palette
from core.charts.tones import tones_of
from core.charts.uncertainty import fan, parts, tornado
from core.charts.world import world

__all__ = [
    "OTHER",
    "PICK",
    "Line",
    "Row",
    "Spec",
    "Wedge",
    "abatement",
    "against",
    "as_altair",
    "at_most_five",
    "axis_end",
    "by_year_stacked",
    "differences",
    "differences_by_year",
    "dots",
    "fan",
    "front",
    "heat",
    "highest",
    "highest_stack",
    "ladder",
    "lines_by_hour",
    "lines_by_year",
    "measured_rows",
    "palette",
    "parts",
    "ranges",
    "stacked_rows",
    "starts",
    "tones_of",
    "tornado",
    "trajectory",
    "two_methods",
    "waterfall",
    "wedges",
    "world",
]
