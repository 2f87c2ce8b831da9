"""Number chapters as their files are named, also where one is missing.

Sphinx counts: without a chapter 12 the file 13_evaluation.ipynb would be
headed "12.", and whatever says "chapter 13" would be wrong.
"""

import re
from collections.abc import Sequence
from typing import Any

from docutils import nodes

CHAPTER = re.compile(r"chapters/(\d+)_")
# After Sphinx has counted; it counts anew at each build.
LATE = 900


def number_as_named(app: Any, env: Any) -> list[str]:
    """Replace the number of each numbered chapter, wherever it is kept."""
    renumbered = []
    for docname, counted in env.toc_secnumbers.items():
        found = CHAPTER.match(docname)
        if not found or not any(counted.values()):
            continue
        number = int(found[1])
        if renumber(counted, number):
            renumbered.append(docname)
        for figures in env.toc_fignumbers.get(docname, {}).values():
            renumber(figures, number)
        title = env.titles[docname]
        title["secnumber"] = as_named(title["secnumber"], number)
        for entry in env.tocs[docname].findall(nodes.reference):
            if entry.get("secnumber"):
                entry["secnumber"] = as_named(entry["secnumber"], number)
    return renumbered


def renumber(numbers: dict[str, Any], chapter: int) -> bool:
    """Change numbers in place; whether any was another one before."""
    before = dict(numbers)
    for name, number in before.items():
        if number:
            numbers[name] = tuple(as_named(number, chapter))
    return numbers != before


def as_named(number: Sequence[int], chapter: int) -> list[int]:
    """Say which number a part of a chapter has, of that which was counted."""
    return [chapter, *number[1:]]


def setup(app: Any) -> dict[str, bool]:
    app.connect("env-get-updated", number_as_named, priority=LATE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
