"""Scores with nothing to hide behind: gray beside the model, and intervals.

    measuring   a row of numbers for each photograph
    intervals   means over photographs, and how far to trust them
    report      both as a table, as JSON and as CSV

`evaluate` does all three. Nothing here knows where photographs come from.
Chapter 13 reads a report line by line.
"""

from colorlib.evaluation.intervals import Estimate, Group
from colorlib.evaluation.measuring import (
    Protocol,
    Row,
    center_crop,
    measure,
    score,
)
from colorlib.evaluation.report import Report, evaluate

__all__ = [
    "Estimate",
    "Group",
    "Protocol",
    "Report",
    "Row",
    "center_crop",
    "evaluate",
    "measure",
    "score",
]
