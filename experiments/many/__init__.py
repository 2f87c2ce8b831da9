"""Recording many runs in little time: what `record_many.py` is made of.

`packing` makes photographs small, `recorder` records what fits into a time,
and `bundle` makes few files of what was recorded.
"""
