"""Many photographs: a box, an archive.

    outcomes.py  what became of each photograph, in one line
    plan.py      what is to be colored, and where each copy goes
    hinting.py   which hints belong to which photograph
    done.py      whether a copy came from these bytes, model and settings
    local.py     one after the other, on this machine
    report.py    what became of all, from run to run
    card.py      the page that goes with a folder
    captions.py  the words in a file, read independently
    verify.py    a colored copy against its original
    pairing.py   which copy belongs to which original

Nothing here knows of a shell: `cli.colorize` and `cli.verify` show what
happens.
"""
