"""What every chapter asks for: its scale, code, tables, questions.

The first cell of each chapter imports this, so it imports nothing heavy.
"""

from colorlib.course.quizzes import quiz
from colorlib.course.scales import SCALES, at_scale, scale
from colorlib.course.sources import source
from colorlib.course.tables import table

__all__ = ["SCALES", "at_scale", "quiz", "scale", "source", "table"]
