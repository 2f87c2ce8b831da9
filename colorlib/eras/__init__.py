"""Photographs of an era, with what is known of them and of their rights.

    schema.py, catalog.py  eras: years, film, colors, a source for each claim
    licenses.py      may a photograph be colored and passed on?
    dates.py         years out of "between 1910 and 1920" or a Korean date
    markup.py        text out of the HTML that archives put into their fields
    authenticity.py  black and white, true color, or colored later?
    judging.py       is it taken: by what is said of it, and by its file
    limits.py, politeness.py  requests that keep limits, and wait when asked
    commons.py, loc.py  what Wikimedia Commons and the Library of Congress have
    record.py        the CSV that stands beside the photographs
    fetch.py         from the archives into a folder
    add.py           one's own scans, with the same record

Chapter 15.
"""
