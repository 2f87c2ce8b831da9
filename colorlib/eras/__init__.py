"""Photographs of an era, with what is known of them and of their rights.

    schema.py, catalog.py  eras: years, film, colors, a source for each claim

Chapter 15.
"""
