"""A two-alternative forced choice: which of two pictures is better?

People are shown two pictures of one scene, in random order, and choose; who
made which they learn at the end, with how far the result can be trusted.
There are two buttons and no third. Where people may say "can't tell", they
differ in how readily they say so, and such answers have no place in a share.
Forced to choose, who can't tell guesses, and guesses pull the share towards
one half, which is what it means.

The element is HTML with a script, in a notebook as well as on a page: unlike
the other widgets there is no version that a kernel draws, so that one
implementation keeps the judge blind and its numbers are tested once.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import numpy as np

from colorlib.evaluation.choices import balanced_sides
from colorlib.figures.picture import Picture, Strip
from colorlib.widgets.frames import Pixels, as_frames

PAGE_FILES = files("colorlib.widgets") / "page"
QUESTION = "Which picture has the better colors?"
DETECT = 0.6

_ELEMENT = """\
<forced-choice data-id="{id}" data-design="{design}" data-detect="{detect}"
 data-lm-suppress-shortcuts="true"{options}>
<div class="start">
<p class="ask">{question}</p>
<p>{trials} pairs of pictures, each of one scene. Choose one picture of each
pair, also where you are not sure: that is what chance is for. Who made which
is said at the end.</p>
<p class="keys">Click on a picture, or press <kbd>\N{LEFTWARDS ARROW}</kbd> or
<kbd>1</kbd>, <kbd>\N{RIGHTWARDS ARROW}</kbd> or <kbd>2</kbd>.</p>
<div class="begin">{judge}
<button type="button" class="main">Start</button></div>
</div>
<div class="trial" role="group" aria-label="{question}" tabindex="-1" hidden>
<p class="ask">{question}</p>
<div class="pair">
<button type="button" class="side" aria-label="Picture 1, left or above">
<span class="stage">
{first}
</span><span class="name">1 <kbd>\N{LEFTWARDS ARROW}</kbd></span></button>
{reference}<button type="button" class="side"
 aria-label="Picture 2, right or below">
<span class="stage">
{second}
</span><span class="name">2 <kbd>\N{RIGHTWARDS ARROW}</kbd></span></button>
</div>
<div class="bar"><progress max="{trials}" value="0"
 aria-label="pairs judged"></progress><output>1 of {trials}</output>
<button type="button" class="undo">Undo</button></div>
<p class="lost" hidden>This browser keeps nothing: don't close the page before
the end.</p>
</div>
<div class="end" role="region" aria-label="Result" tabindex="-1" hidden></div>
</forced-choice>"""

_JUDGE = """\
<label><span>Your name or initials, for the table of answers (may stay
empty)</span><input class="judge" type="text" maxlength="60"
 autocomplete="off"></label>"""

_REFERENCE = """\
<figure class="reference"><span class="stage">
{frames}
</span><figcaption class="name">{label}</figcaption></figure>
"""


@dataclass(frozen=True)
class ChoiceTrial:
    """One trial: two pictures of one scene, and perhaps the original."""

    name: str
    """Of the photograph; the CSV of answers has it."""
    pictures: tuple[Strip, Strip]
    """By the first alternative and by the second, of one size."""
    reference: Strip | None = None
    """Shown beside them."""


class ForcedChoice:
    """A forced choice, to be shown by the last line of a cell.

    Args:
        element: HTML of the custom element.
        shows: what it shows, in a few words.
    """

    def __init__(self, element: str, shows: str):
        self.element, self.shows = element, shows

    def __repr__(self) -> str:
        return f"<ForcedChoice: {self.shows}>"

    def _repr_html_(self) -> str:
        return self.html

    @property
    def html(self) -> str:
        """Style, element and script."""
        return (
            f"<style>\n{page_file('choosing.css')}</style>\n{self.element}\n"
            f"<script>\n{page_file('choosing.js')}</script>\n"
        )


def forced_choice(
    alternatives: Mapping[str, Sequence[Pixels | Picture]],
    *,
    alt: str,
    names: Sequence[str] | None = None,
    references: Sequence[Pixels | Picture] | None = None,
    reference_label: str = "original",
    question: str = QUESTION,
    seed: int = 0,
) -> ForcedChoice:
    """Ask a reader which of two pictures is better, for a few photographs.

    Args:
        alternatives: two names, and for each its pictures of the same
            photographs in the same order: {"L1": [...], "GAN": [...]}. sRGB
            bytes, all of one size. Readers see the names at the end.
        alt: what the pictures show; it must not say who made which.
        names: of the photographs, for the table at the end; 1, 2, 3 if left
            out.
        references: a picture of each photograph to show between the two,
            such as the gray one.
        reference_label: what stands below it.
        question: what is asked.
        seed: of the order of the pairs, and of sides: each alternative
            stands left in half of the pairs.

    Returns:
        What the last line of a cell displays.

    Raises:
        ValueError: if there are not two alternatives with equally many
            pictures, if alt is empty, or if the pictures differ in size or
            weigh more than a page has room for.

    Example:
        >>> import numpy as np
        >>> red = np.full((8, 12, 3), (200, 30, 30), np.uint8)
        >>> forced_choice({"red": [red], "blue": [red[..., ::-1]]}, alt="walls")
        <ForcedChoice: walls, 1 pair>
    """
    counts = [len(pictures) for pictures in alternatives.values()]
    shown = references or []
    if len(counts) != 2 or counts[0] != counts[1] or not counts[0]:
        given = ", ".join(f"{n}: {len(p)}" for n, p in alternatives.items())
        raise ValueError(
            "a forced choice is between two alternatives with equally many"
            f" pictures, got {given or 'none'}; give {{name: pictures, name:"
            " pictures}"
        )
    names = names or [str(number + 1) for number in range(counts[0])]
    if len(names) != counts[0] or len(shown) not in (0, counts[0]):
        raise ValueError(
            f"there are {counts[0]} pairs, {len(names)} names and"
            f" {len(shown)} references; give one each, or none"
        )
    if not alt.strip():
        raise ValueError(
            "alt is empty; say what the pictures show, for readers who can't"
            " see them"
        )
    first, second = alternatives.values()
    frames = as_frames([*first, *second, *shown])
    rows = [frames[i : i + counts[0]] for i in range(0, len(frames), counts[0])]
    trials = [
        ChoiceTrial(
            names[i], (rows[0][i], rows[1][i]), *(r[i] for r in rows[2:])
        )
        for i in np.random.default_rng(seed).permutation(counts[0])
    ]
    element = choice_element(
        trials,
        tuple(alternatives),
        alt=alt,
        question=question,
        reference_label=reference_label,
        seed=seed,
    )
    pairs = "pair" if counts[0] == 1 else "pairs"
    return ForcedChoice(element, f"{alt}, {counts[0]} {pairs}")


def choice_element(
    trials: Sequence[ChoiceTrial],
    alternatives: tuple[str, ...],
    *,
    alt: str,
    question: str = QUESTION,
    reference_label: str = "original",
    detect: float | int = DETECT,
    seed: int = 0,
    whole_page: bool = False,
) -> str:
    """Write a forced choice as a custom element.

    Args:
        trials: in the order in which they are shown.
        alternatives: the two names.
        alt: see `forced_choice`.
        question: likewise.
        reference_label: likewise.
        detect: share for which the end says how many trials it takes.
        seed: of the sides.
        whole_page: whether the element has a page for itself: keys are heard
            wherever the focus is, and the judge is asked for a name.

    Returns:
        HTML. The order of its pictures does not tell who made them, and what
        does is base64, which nobody reads by accident.
    """
    swapped = [not first for first in balanced_sides(len(trials), seed)]
    sides = [
        (trial.pictures[swap], trial.pictures[not swap])
        for trial, swap in zip(trials, swapped, strict=True)
    ]
    design = {
        "names": list(alternatives),
        "pairs": [trial.name for trial in trials],
        "swapped": [int(swap) for swap in swapped],
    }
    text = json.dumps(design)
    digest = hashlib.sha256(text.encode())
    for pictures in sides:
        for picture in pictures:
            digest.update(picture.webp)
    seen = [t.reference for t in trials if t.reference is not None]
    options = " data-whole-page" if whole_page else ""
    if seen:
        options += ' style="--pictures: 3"'
    return _ELEMENT.format(
        id=digest.hexdigest()[:16],
        design=base64.b64encode(text.encode()).decode(),
        detect=f"{100 * detect:g}",
        options=options,
        question=escape(question),
        trials=len(trials),
        judge=_JUDGE if whole_page else "",
        first=_tags([left for left, _ in sides], f"{alt}: {{}}, a picture"),
        second=_tags([right for _, right in sides], f"{alt}: {{}}, another"),
        reference=_REFERENCE.format(
            frames=_tags(seen, f"{alt}: {{}}, {reference_label}"),
            label=escape(reference_label),
        )
        if seen
        else "",
    )


def page_file(name: str) -> str:
    """Read a style, a script or a template of the widgets."""
    return (PAGE_FILES / name).read_text("utf-8")


def _tags(frames: Sequence[Strip], alt: str) -> str:
    """All frames as HTML, hidden; what a reader can't see is numbered."""
    return "\n".join(
        frame.tag(alt.replace("{}", f"pair {number}"), hidden=True)
        for number, frame in enumerate(frames, 1)
    )
