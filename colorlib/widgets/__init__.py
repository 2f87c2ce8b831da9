"""Pictures that a reader can move: compare, scrub, hover, choose.

Each is computed beforehand, so that it works on a page without a kernel.
Chapter 01 uses the first.
"""

from colorlib.widgets.choosing import forced_choice
from colorlib.widgets.comparing import before_after
from colorlib.widgets.hovering import hover
from colorlib.widgets.scrubbing import scrubber

__all__ = ["before_after", "forced_choice", "hover", "scrubber"]
