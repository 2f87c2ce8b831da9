"""What every chapter asks for: its scale, runs, code, tables, questions.

The first cell of each chapter imports this, so it imports nothing heavy.
It also sets how torch's threads wait, which has to come before torch.
"""

from colorlib.course.beginning import begin
from colorlib.course.checks import check
from colorlib.course.colab import keep, upload
from colorlib.course.quizzes import quiz
from colorlib.course.recorded import recorded, recordings
from colorlib.course.scales import SCALES, at_scale, scale
from colorlib.course.show_source import source
from colorlib.course.tables import table
from colorlib.threads import limit_spinning

__all__ = [
    "SCALES",
    "at_scale",
    "begin",
    "check",
    "keep",
    "quiz",
    "recorded",
    "recordings",
    "scale",
    "source",
    "table",
    "upload",
]

limit_spinning()
