"""The parts of the protocol for eras that need more than film: (b) to (e).

Of each its numbers, with what they can't show beside them, for the page and
for the JSON; of a part that wasn't measured one line says what it takes.
`book/protocol.md` tells the protocol in words. Chapter 15.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from colorlib.eras.schema import Era
from colorlib.evaluation.answers import ChoiceSummary
from colorlib.evaluation.era_color import COLOR_MEANINGS, TrueColorScores
from colorlib.evaluation.era_doubts import DOUBT_MEANINGS, EraDoubts
from colorlib.evaluation.era_html import (
    code_block,
    estimate_cell,
    meanings_json,
    meanings_table,
    score_table,
)
from colorlib.evaluation.era_objects import (
    OBJECT_MEANINGS,
    HueOrder,
    PartHue,
)
from colorlib.evaluation.era_variants import (
    VARIANT_COLUMNS,
    VARIANT_MEANINGS,
    EraVariants,
)

TITLES = {
    "true_color": "(b) True colors of the period",
    "objects": "(c) Documented colors, by their hues",
    "doubt": "(d) What can't be known",
    "choices": "(e) What people choose",
}
"""The parts, in the order of the page, by their keys in the JSON."""
NEEDS = {
    "true_color": "two photographs of the era that were taken in color, in a"
    " folder of colorlib eras fetch or add, or in a plain one (--color SOURCE)",
    "objects": "a file that says where documented things are in photographs of"
    " the era (--objects FILE)",
    "doubt": "a model that predicts a palette",
    "choices": "answers of people who compared two models (--answers FILE)",
}
"""What it takes to measure each."""
CHOICE_MEANINGS = {
    "preferred": (
        "How often people who saw both found one model's colors better, with"
        " a 95 % interval. Half of the trials is chance.",
        "Whether the colors are true. People choose what they find likely or"
        " pleasant, and they don't know these colors either.",
    )
}
"""What the number shows, and what it can't."""


@dataclass(frozen=True)
class EraParts:
    """The parts (b) to (e); None for what wasn't measured."""

    true_color: TrueColorScores | None = None
    """Errors on photographs of the era that were taken in color."""
    objects: HueOrder | None = None
    """The hues of things where they are documented."""
    doubt: EraDoubts | None = None
    """What models with a palette say of their own colors."""
    choices: ChoiceSummary | None = None
    """What people chose."""

    @property
    def missing(self) -> dict[str, str]:
        """What it takes to measure the rest, by the keys of `TITLES`."""
        return {n: NEEDS[n] for n in TITLES if getattr(self, n) is None}

    def as_json(self) -> dict[str, Any]:
        """Return each part's numbers and meanings, or what it needs."""
        meanings = {
            "true_color": COLOR_MEANINGS,
            "objects": OBJECT_MEANINGS,
            "doubt": DOUBT_MEANINGS,
            "choices": CHOICE_MEANINGS,
        }
        return {
            name: {"needs": NEEDS[name]}
            if name in self.missing
            else getattr(self, name).as_json()
            | {"meanings": meanings_json(meanings[name])}
            for name in TITLES
        }

    def html(self, era: Era) -> Iterator[str]:
        """Make the sections of the page.

        Args:
            era: whose command is shown.

        Yields:
            HTML.
        """
        makers: tuple[Callable[[Any], Iterator[str]], ...]
        makers = _true_color, _objects, _doubt, _choices
        for (name, title), make in zip(TITLES.items(), makers, strict=True):
            yield f"<h2>{escape(title)}</h2>"
            if name in self.missing:
                yield f"<p>Not measured. It takes {escape(NEEDS[name])}.</p>"
            else:
                yield from make(getattr(self, name))
            if name == "choices":
                yield from _how_to_ask(era)


def comparing_commands(era: Era) -> str:
    """Write the commands that ask people, a line each.

    Args:
        era: its report takes the answers.

    Returns:
        Commands of a shell; words in capitals are the reader's to fill in.
    """
    return "\n".join(
        (
            "colorlib colorize PRINTS --model MODEL_A -o a",
            "colorlib colorize PRINTS --model MODEL_B -o b",
            "colorlib compare a b --originals PRINTS -o compare.html",
            f"colorlib eras evaluate {era.name} --answers answers-NAME.csv",
        )
    )


def _true_color(scores: TrueColorScores) -> Iterator[str]:
    given = "with a record that accepts them as true color"
    yield f"<p>{len(scores.names)} photographs; {scores.recorded} came {given},"
    yield " the others in plain folders, on the word of whoever gave them."
    for why, count in scores.left_out.items():
        yield f" Left out: {count}, {escape(why)}."
    if scores.balanced:
        yield " The cast of each was taken away first (Shades of Gray)."
    yield f" Center crops of {scores.crop} pixels, seen as CIE L*. CIEDE2000;"
    yield " in brackets 95 % intervals over photographs.</p>"
    yield from score_table(
        ("model", *COLOR_MEANINGS),
        {
            who: [estimate_cell(found.get(n)) for n in COLOR_MEANINGS]
            for who, found in scores.estimates.items()
        },
    )
    yield from meanings_table(COLOR_MEANINGS)


def _objects(order: HueOrder) -> Iterator[str]:
    yield "<p>Hues alone: no shade was documented.</p>"
    counts = {who: order.counts(who) for who in order.things}
    yield from score_table(
        ("model", *OBJECT_MEANINGS),
        {
            who: [f"{n} of {total}" for n, total in found.values()]
            for who, found in counts.items()
        },
    )
    yield from meanings_table(OBJECT_MEANINGS)
    yield "<ul>"
    for who, things in order.things.items():
        for part in (part for thing in things for part in thing):
            found = _found(part)
            yield f"<li>{escape(who)}, {escape(part.photo)}:"
            yield f" {escape(part.thing)}, {escape(part.part)}: documented"
            yield f" {part.documented}, found {found}</li>"
    yield "</ul>"


def _found(part: PartHue) -> str:
    """Say which color a part got, in HTML."""
    if part.hue is None:
        return "gray"
    family = f"{part.found}, " if part.found else ""
    other = "" if part.right else "another color: "
    return f"{other}{family}hue {part.hue:.0f}&deg;"


def _doubt(doubts: EraDoubts) -> Iterator[str]:
    yield "<p>Models with a palette, on the photographs and prints of (a);"
    yield " shares of places, 0 to 1, with 95 % intervals.</p>"
    yield from score_table(
        ("model", *DOUBT_MEANINGS),
        {
            who: [estimate_cell(found[n]) for n in DOUBT_MEANINGS]
            for who, found in doubts.estimates.items()
        },
    )
    yield from meanings_table(DOUBT_MEANINGS)
    yield from _variants(doubts.variants)


def _variants(variants: EraVariants) -> Iterator[str]:
    yield "<h3>Are its variants nearer to the truth?</h3>"
    yield "<p>On the same photographs and prints; 95 % intervals.</p>"
    for who, found in variants.estimates.items():
        yield from score_table(
            (who, *VARIANT_COLUMNS),
            {
                name: [estimate_cell(found[c].get(name)) for c in found]
                for name in found[VARIANT_COLUMNS[0]]
            },
        )
    yield from meanings_table(VARIANT_MEANINGS)


def _choices(summary: ChoiceSummary) -> Iterator[str]:
    judges = len(summary.judges)
    yield f"<p>{escape(summary.sentence())}; {judges}"
    yield f" {'judge' if judges == 1 else 'judges'}.</p>"
    yield from meanings_table(CHOICE_MEANINGS)


def _how_to_ask(era: Era) -> Iterator[str]:
    yield "<p>To ask people about two models on your own prints:</p>"
    yield code_block(comparing_commands(era))
