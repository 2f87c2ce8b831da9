"""What every chapter asks for: its scale, the package's code, a table.

The first cell of each chapter imports this, so it imports nothing heavy.
"""

from colorlib.course.scales import SCALES, at_scale, scale
from colorlib.course.sources import source
from colorlib.course.tables import table

__all__ = ["SCALES", "at_scale", "scale", "source", "table"]
