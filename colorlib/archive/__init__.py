"""Many photographs: a box, an archive.

    outcomes.py  what became of each photograph, in one line
    plan.py      what is to be colored, and where each copy goes
    local.py     one after the other, on this machine

Nothing here knows of a shell: `cli.colorize` shows what happens.
"""
