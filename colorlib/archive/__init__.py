"""Many photographs: a box, an archive.

    outcomes.py  what became of each photograph, in one line
    plan.py      what is to be colored, and where each copy goes
    hinting.py   which hints belong to which photograph
    done.py      whether a copy came from these bytes, model and settings
    local.py     one after the other, on this machine
    report.py    what became of all, from run to run
    copies.py    which copies lie in a folder, and what lies beside each
    records.py   what a record beside the originals says: author, license
    originals.py the originals, byte for byte, in a folder of copies
    handover.py  what goes along with copies: marks, originals, records
    review.py    what a person decided on the copies
    makers.py    which models made them, on which days
    card.py      the page that goes with a folder, with card_lines.py
    korean.py    what the card says, in Korean
    credit.py    the line below a copy to print
    signing.py   Content Credentials, written; signature.py: read
    captions.py  the words in a file, read independently
    verify.py    a colored copy against its original
    pairing.py   which copy belongs to which original

Nothing here knows of a shell: `cli.colorize`, `cli.card` and `cli.verify` show
what happens.
"""
