"""Scores with nothing to hide behind: baselines beside the model, intervals.

    protocol        what is measured on what, frozen and numbered
    baselines       colorizers that know nothing of what a photograph shows
    scoring         a row of numbers for each photograph
    baseline_cache  what baselines scored before is not computed again
    perception      LPIPS, FID and KID, for those who ask
    bootstrap       means over photographs, and how far to trust them
    report          a table for people, JSON and CSV for machines
    looks           a network on the way, every so many steps
    standings       who is better than whom, by which measure
    people          inside and outside the outlines of people
    choices         statistics of a two-alternative forced choice
    answers         what judges of a forced choice answered
    era_film        one look at each print of an era's film, simulated
    era_scores      what its film costs colorizers
    era_color       colorizers on true colors of an era
    era_objects     the documented hues of things of an era
    era_places      where these things are in photographs
    era_doubts      what models say of their own colors
    era_variants    whether their other answers are nearer to the truth
    era_parts       these parts, for the page and the JSON
    era_report      the page and the JSON of an era
    era_scenes      photographs with known color, and prints of them
    era_html        pieces of the page

`evaluate` does it all. Nothing here knows where photographs come from.
Chapter 10 reads its numbers.
"""

from colorlib.data.crops import center_crop
from colorlib.evaluation.baseline_cache import BaselineCache
from colorlib.evaluation.bootstrap import Estimate, Group
from colorlib.evaluation.perception import Perception
from colorlib.evaluation.protocol import MEASURES, Protocol
from colorlib.evaluation.report import Report, evaluate
from colorlib.evaluation.scoring import Row, measure, score

__all__ = [
    "MEASURES",
    "Estimate",
    "Group",
    "BaselineCache",
    "Perception",
    "Protocol",
    "Report",
    "Row",
    "center_crop",
    "evaluate",
    "measure",
    "score",
]
