"""A directive that prints the card of a shipped model.

The card is the JSON file beside the weights: what was trained, on what, how
well it does. The page must never say anything else, so it holds no number of
its own. It shows whatever the card has under a key:

    ```{model-card} ../colorlib/models/shipped/compact.json
    :show: name size sha256
    ```

A table of scores, a list of limits or a sentence each get the form that
suits them. A card without that key is a warning, and so fails the build.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

# "(9.88 to 10.25)" stays on one line, below its number where both don't fit.
_INTERVAL = re.compile(r"\(-?[\d.]+ to -?[\d.]+\)")

logger = logging.getLogger(__name__)


class ModelCard(SphinxDirective):
    """Show parts of a model card. Argument: the card, from this page."""

    required_arguments = 1
    option_spec = {"show": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        _, name = self.env.relfn2path(self.arguments[0])
        path = Path(name)
        self.env.note_dependency(str(path))
        try:
            card = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            return self._warn(f"cannot read the model card: {error}")
        keys = self.options["show"].split()
        missing = [key for key in keys if key not in card]
        if missing:
            return self._warn(f"{path.name} has no {', '.join(missing)}")
        if len(keys) == 1:
            text = as_markdown(card[keys[0]])
        else:
            text = as_markdown({key: card[key] for key in keys})
        shown = nodes.container(classes=["model-card"])
        lines = StringList(text.splitlines(), source=str(path))
        self.state.nested_parse(lines, self.content_offset, shown)
        for head in list(shown.findall(nodes.thead)):
            if not head.astext().strip():  # Markdown has no other tables
                head.parent.remove(head)
        return [shown]

    def _warn(self, message: str) -> list[nodes.Node]:
        logger.warning(message, location=self.get_location())
        return []


def as_markdown(value) -> str:
    """Write a JSON value as Markdown: a sentence, a list or a table.

    Args:
        value: what a card has under a key. A dictionary becomes a table of
            two columns; a dictionary of dictionaries, or a list of them, a
            table with a column for each of their keys; what is deeper than
            that is written out part by part, under a label.
    """
    if isinstance(value, list):
        if value and all(map(_is_row, value)):
            return _table(value)
        return "\n".join(f"- {_cell(item)}" for item in value)
    if not isinstance(value, dict):
        return _cell(value)
    if value and all(map(_is_row, value.values())):
        return _table([{"": _label(k)} | row for k, row in value.items()])
    simple = {k: v for k, v in value.items() if _is_simple(v)}
    parts = []
    if simple:
        rows = [{"": _label(k), " ": v} for k, v in simple.items()]
        parts.append(_table(rows))
    for key, part in value.items():
        if key not in simple:
            parts.append(f"**{_label(key)}**\n\n{as_markdown(part)}")
    return "\n\n".join(parts)


def _table(rows: list[dict]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [[_label(column) for column in columns]]
    lines += [["---"] * len(columns)]
    lines += [
        [_cell(row.get(column, "")) for column in columns] for row in rows
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, dict):
        return "; ".join(f"{_label(k)}: {_cell(v)}" for k, v in value.items())
    text = str(value).replace("|", r"\|").replace("\n", " ")
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\N{NBSP}"), text)


def _label(key: str) -> str:
    return key.replace("_", " ")


def _is_simple(value) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, int | float) for item in value)
    return not isinstance(value, dict)


def _is_row(value) -> bool:
    return isinstance(value, dict) and all(map(_is_simple, value.values()))


def setup(app):
    app.add_directive("model-card", ModelCard)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
