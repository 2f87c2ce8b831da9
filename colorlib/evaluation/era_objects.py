"""Documented colors as tests of hue: part (c) of the protocol for eras.

Of a few things the catalogue knows which part had which hue, such as the
halves of the flag, and no shade. Somebody marks the parts in photographs of
the era (`era_places`), each model colors these, and of each part is asked
whether its mean hue is of the documented family: red, yellow, green or blue.
Chapter 15.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from colorlib.color import as_lab
from colorlib.colorizer import Colorizer
from colorlib.eras.schema import HUES
from colorlib.evaluation.era_places import DocumentedObject
from colorlib.shapes import RGBArray

LEAST_CHROMA = 2.0
"""A region whose mean color has less looks gray, and has no hue to judge."""
WITHIN = 30.0
"""Degrees from a family's hue angle; what is farther off is of another one, or
of none. No hue is of two: families are 60 degrees apart at least."""
PARTS_RIGHT, THINGS_RIGHT = "parts", "things"
OBJECT_MEANINGS = {
    PARTS_RIGHT: (
        f"Of how many parts the mean hue is within {WITHIN:g} degrees of the"
        " documented one. A gray part is not right.",
        "Whether a shade is right: none was documented. A model that paints"
        " all in one documented hue gets that part of each thing right.",
    ),
    THINGS_RIGHT: (
        "Of how many things all parts are right, and so their order.",
        "Whether the model knows the thing: which half is red, no gray print"
        " says, and a few things can be right by chance. A thing of one part"
        " is right for a model that paints everything so.",
    ),
}
"""What each number shows, and what it can't."""


@dataclass(frozen=True)
class PartHue:
    """The hue that a model gave to a part."""

    photo: str
    """The photograph."""
    thing: str
    """What is seen in it."""
    part: str
    """Which part of it."""
    documented: str
    """Its documented hue, a key of `schema.HUES`."""
    found: str
    """The family that its hue is of; empty if of none, or if it is gray."""
    hue: float | None
    """Hue angle of its mean color in CIE L*a*b*, degrees in [0, 360); None
    if the part is gray."""
    chroma: float
    """Chroma of its mean color."""

    @property
    def right(self) -> bool:
        """Whether its hue is of the documented family."""
        return self.found == self.documented


@dataclass(frozen=True)
class HueOrder:
    """What models made of things whose hues are documented."""

    things: dict[str, tuple[tuple[PartHue, ...], ...]]
    """Of each thing its parts, by model."""

    def counts(self, who: str) -> dict[str, tuple[int, int]]:
        """Count what is right.

        Args:
            who: a model's name.

        Returns:
            For parts and for whole things, how many are right, and of how
            many.
        """
        parts = [part.right for thing in self.things[who] for part in thing]
        whole = [all(p.right for p in thing) for thing in self.things[who]]
        return {
            PARTS_RIGHT: (sum(parts), len(parts)),
            THINGS_RIGHT: (sum(whole), len(whole)),
        }

    def as_json(self) -> dict[str, Any]:
        """Return all counts, and the hue of each part."""
        return {
            "hue_angles": HUES,
            "within": WITHIN,
            "right": {who: self.counts(who) for who in self.things},
            "rows": {
                who: [asdict(part) for thing in things for part in thing]
                for who, things in self.things.items()
            },
        }


def judge_order(
    colorizers: Mapping[str, Colorizer],
    seen: Sequence[tuple[DocumentedObject, RGBArray]],
) -> HueOrder:
    """Color photographs, and judge the hues of documented things in them.

    Args:
        colorizers: by name.
        seen: things, each with its whole photograph, sRGB bytes (H, W, 3).
            Of a photograph in color only L* is used.

    Returns:
        The hue of each part, by colorizer.

    Raises:
        ValueError: if there are no things, or a box lies outside.

    See Also:
        Chapter 15.
    """
    if not seen:
        raise ValueError("there are no documented things to judge")
    for thing, pixels in seen:
        _check_inside(thing, pixels)
    things = {
        who: tuple(
            _judge(thing, colorizer.colorize(pixels).to_8_bits().rgb)
            for thing, pixels in seen
        )
        for who, colorizer in colorizers.items()
    }
    return HueOrder(things)


def family_of(angle: float | int) -> str:
    """Find the family that a hue is of, by `WITHIN`.

    Args:
        angle: hue angle in CIE L*a*b*, degrees.

    Returns:
        A key of `schema.HUES`; empty if it is of none.

    >>> family_of(-60), family_of(200)
    ('blue', '')
    """
    for family, center in HUES.items():
        turned = abs(angle - center) % 360
        if min(turned, 360 - turned) <= WITHIN:
            return family
    return ""


def _judge(thing: DocumentedObject, pixels: RGBArray) -> tuple[PartHue, ...]:
    lab, found = as_lab(pixels), []
    for part, (left, top, right, bottom) in thing.boxes.items():
        region = lab[1:, top:bottom, left:right]
        a, b = region.mean(dim=(1, 2)).tolist()
        chroma = math.hypot(a, b)
        hue = math.degrees(math.atan2(b, a)) % 360
        gray = chroma < LEAST_CHROMA
        found.append(
            PartHue(
                thing.photo,
                thing.thing,
                part,
                thing.hues[part],
                "" if gray else family_of(hue),
                None if gray else round(hue, 1),
                round(chroma, 2),
            )
        )
    return tuple(found)


def _check_inside(thing: DocumentedObject, pixels: RGBArray) -> None:
    height, width = pixels.shape[:2]
    for part, (_, _, right, bottom) in thing.boxes.items():
        if right > width or bottom > height:
            raise ValueError(
                f"the box of {part!r} in {thing.photo} lies outside: the"
                f" photograph has {width} x {height} pixels when it is upright"
            )
