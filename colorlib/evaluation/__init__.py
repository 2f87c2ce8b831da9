"""Scores with nothing to hide behind: baselines beside the model, intervals.

    protocol    what is measured on what, frozen and numbered
    baselines   colorizers that know nothing of what a photograph shows
    crops       one square a photograph
    measuring   a row of numbers for each photograph
    keeping     what baselines scored before is not computed again
    perception  LPIPS, FID and KID, for those who ask
    intervals   means over photographs, and how far to trust them
    report      both as JSON and as CSV, and as a table
    table       for people, with the baselines below the model
    threads     many photographs at a time
    people      inside and outside the outlines of people

`evaluate` does it all. Nothing here knows where photographs come from.
Chapter 13 reads a report line by line.
"""

from colorlib.evaluation.crops import center_crop
from colorlib.evaluation.intervals import Estimate, Group
from colorlib.evaluation.keeping import Kept
from colorlib.evaluation.measuring import Row, measure, score
from colorlib.evaluation.perception import Perception
from colorlib.evaluation.protocol import MEASURES, Protocol
from colorlib.evaluation.report import Report, evaluate

__all__ = [
    "MEASURES",
    "Estimate",
    "Group",
    "Kept",
    "Perception",
    "Protocol",
    "Report",
    "Row",
    "center_crop",
    "evaluate",
    "measure",
    "score",
]
