"""Small networks and problems that teach, and color no photograph.

small_gans.py  GANs of a few numbers, and one on a ring of hues (chapter 02)
first.py       the deck's first generator, mended (chapter 03)
digits.py      digits in colored ink (chapter 03)
failures.py    trainings on them that fail by one mistake (chapter 03)
"""
