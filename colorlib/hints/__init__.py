"""Colors that somebody knows: hints, each with its source.

    hint.py       a color, where it is, and who says so
    reading.py    the hints of a file, hints.toml
    spreading.py  from the hints over what belongs to them

Away from hints the network's answer stays; at a hint the color is the hint's.
"""
