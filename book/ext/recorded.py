"""Numbers on a page, read from recorded runs when the page is made.

A number typed into prose grows old in silence. These come from the files in
book/results/, and one that isn't there is a warning, and so fails the build:

    {recorded}`compact/report.json > groups > all > n` photographs

    ```{scores} compact
    :group: all
    ```
"""

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from model_card import as_markdown
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

RESULTS = Path(__file__).resolve().parents[1] / "results"
# Read from left to right: doing nothing, the model, what it gained. A report
# holds more colorizers; a page is as wide as a telephone.
COLUMNS = ("gray", "model", "model - gray", "truth")

logger = logging.getLogger(__name__)


class RecordedRole(SphinxRole):
    """One value: a file below results/, then keys, between angle brackets."""

    def run(self):
        file, *keys = self.text.split(" > ")
        self.env.note_dependency(str(RESULTS / file))
        try:
            value = look_up(file, keys)
        except (OSError, ValueError, LookupError) as error:
            logger.warning(
                "no recorded value %s: %r",
                self.text,
                error,
                location=self.get_location(),
            )
            return [], []
        return [nodes.Text(as_markdown(value))], []


class ScoresDirective(SphinxDirective):
    """The scores of a run's report, with intervals. Argument: the run."""

    required_arguments = 1
    option_spec = {"group": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        file = f"{self.arguments[0]}/report.json"
        self.env.note_dependency(str(RESULTS / file))
        group = self.options.get("group", "all")
        try:
            scores = look_up(file, ["groups", group, "scores"])
        except (OSError, ValueError, LookupError) as error:
            raise self.error(f"no scores in {file}: {error!r}") from error
        shown = nodes.container(classes=["scores"])
        text = as_markdown(rows(scores)).splitlines()
        self.state.nested_parse(StringList(text, source=file), 0, shown)
        return [shown]


def look_up(file: str, keys: list[str]):
    """Read a value from a recorded file.

    Args:
        file: its path below book/results/.
        keys: the way to the value inside; of a list, which one, from 0.

    Raises:
        OSError, ValueError, LookupError: if file or key is not there.
    """
    value = json.loads((RESULTS / file).read_text())
    for key in keys:
        value = value[int(key) if isinstance(value, list) else key]
    return value


def rows(scores: dict[str, dict[str, dict[str, float | None]]]) -> list[dict]:
    """Lay scores out with a row a measure and a column for who is scored.

    Args:
        scores: who -> measure -> value, low and high, as in a report; those
            named in `COLUMNS` are shown.
    """
    who = [name for name in COLUMNS if name in scores]
    return [
        {"measure": f"`{measure}`"}
        | {name: _with_interval(scores[name][measure]) for name in who}
        for measure in scores[who[0]]
    ]


def _with_interval(found: dict[str, float | None]) -> str:
    if found["value"] is None:  # JSON has no nan and no inf
        return "none"
    value, low, high = (f"{found[k]:.2f}" for k in ("value", "low", "high"))
    return value if low == high else f"{value} ({low} to {high})"


def setup(app):
    app.add_role("recorded", RecordedRole())
    app.add_directive("scores", ScoresDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
