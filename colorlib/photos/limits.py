"""The largest photograph that is read unless more is asked for."""

MAX_MEGAPIXELS = 300.0
"""An A3 page at 1,200 dpi has 278 megapixels, a hostile file any number."""
