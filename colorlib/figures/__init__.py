"""Figures: photographs side by side, charts, and each chapter's key figure.

    picture.py          photographs side by side; their error as a map
    charts.py           a pair of axes in the book's style
    gamut.py            planes of a* and b* (chapter 04)
    loader_timeline.py  what loader and GPU do when (chapter 05)
    scoreboard.py       trivial colorizers on one board (chapter 06)
    activations.py      what the layers of a U-Net give (chapter 08)
    patch_map.py        a discriminator's logits over a photograph (chapter 09)
    training_curves.py  a photograph across the epochs (chapter 10)
    filters.py          filters, and what they respond to (chapter 11)

Nothing here computes what it shows: numbers come from the modules below.
"""

from colorlib.figures.picture import Picture, compare, photographs, stack

__all__ = ["Picture", "compare", "photographs", "stack"]
