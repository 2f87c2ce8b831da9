"""True colors of the period: part (b) of the protocol for eras.

Photographs that were taken in color at the time are the only ones of it that
an error can be measured on. Most "color" photographs of these years were
colored later, so of a folder with a record only those count whose process and
institution are named in it. Chapter 15.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from colorlib.color.balance import balance
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.data.sources import Item, find_items, unique_names
from colorlib.data.splits import list_hash
from colorlib.eras.authenticity import COLOR
from colorlib.eras.record import KEPT, RECORD, RecordLine, is_done, read_record
from colorlib.eras.schema import Era
from colorlib.evaluation.bootstrap import DIFFERENCE, Estimate
from colorlib.evaluation.era_html import estimates_json
from colorlib.evaluation.era_scenes import NOT_COLOR, Scene, only_in_color
from colorlib.evaluation.era_scores import GRAY_NAME, with_baselines
from colorlib.shapes import RGBArray

ERROR = "error"
COLOR_MEANINGS = {
    ERROR: (
        "Color error on photographs that were taken in color at the time,"
        " where the network sees their CIE L*.",
        "How it does on black and white prints, which show other tones, or"
        " on what nobody took in color. A process has its own palette, and"
        " dyes fade: these are the slide's colors, not the street's.",
    ),
    DIFFERENCE: (
        "The model's error minus gray's, photograph by photograph. Below zero"
        " is better than gray.",
        "Anything of other photographers and places than these few.",
    ),
}
"""What each number shows, and what it can't."""


@dataclass(frozen=True)
class PeriodPhotographs:
    """Photographs of an era that were taken in color."""

    items: tuple[Item, ...]
    """Those that count."""
    recorded: int
    """How many of them a record accepts; the others were given without."""
    left_out: dict[str, int]
    """How many of the records don't count, by the reason."""


@dataclass(frozen=True)
class TrueColorScores:
    """The errors of some colorizers on true colors of the period."""

    names: tuple[str, ...]
    """Of the photographs."""
    errors: dict[str, Float[np.ndarray, " photographs"]]
    """CIEDE2000 of each photograph, by colorizer; `BASELINES` first."""
    crop: int
    """Side of the center crop, in pixels."""
    recorded: int = 0
    """How many photographs were offered by a record."""
    left_out: dict[str, int] = field(default_factory=dict)
    """How many were left out, by the reason."""
    balanced: bool = False
    """Whether each photograph was balanced before it was scored."""

    @cached_property
    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Means over photographs with 95 % intervals, by colorizer.

        For each `ERROR`, and but for gray `bootstrap.DIFFERENCE`, whose
        interval is that of paired differences.
        """
        gray = self.errors[GRAY_NAME]
        found = {}
        for who, errors in self.errors.items():
            columns = {ERROR: errors}
            if who != GRAY_NAME:
                columns[DIFFERENCE] = errors - gray
            found[who] = {
                n: Estimate.of(np.mean, c) for n, c in columns.items()
            }
        return found

    def as_json(self) -> dict[str, Any]:
        """Return all numbers, with the names of the photographs."""
        return {
            "photographs": len(self.names),
            "list_hash": list_hash(self.names),
            "recorded": self.recorded,
            "left_out": self.left_out,
            "crop": self.crop,
            "balanced": self.balanced,
            "ciede2000": estimates_json(self.estimates),
            "rows": {
                who: dict(
                    zip(self.names, errors.round(4).tolist(), strict=True)
                )
                for who, errors in self.errors.items()
            },
        }


def find_period_photographs(
    era: Era, sources: Sequence[Path]
) -> PeriodPhotographs:
    """Find the photographs of an era that were taken in color.

    Args:
        era: the one that they must be of.
        sources: folders. Where `colorlib eras fetch` or `add` left a record,
            it decides: a photograph counts if it was kept for this era, is in
            color, names process and institution, and is still the same file.
            Of a folder without a record all photographs count, on the word
            of whoever gives it.

    Returns:
        The photographs, two at least.

    Raises:
        FileNotFoundError: if a folder holds no photograph.
        ValueError: if fewer than two count, two have one name, or a record
            is none.

    See Also:
        Chapter 15.
    """
    items: list[Item] = []
    recorded, left_out = 0, Counter[str]()
    for source in sources:
        if not (source / RECORD).is_file():
            items += find_items(source)
            continue
        lines = read_record(source).values()
        ours = {each.key[1:] for each in lines if each.era == era.name}
        for line in lines:
            if line.era != era.name and line.key[1:] in ours:
                continue  # the same photograph, and our line decides
            if reason := _reason_against(line, source, era):
                left_out[reason] += 1
            else:
                recorded += 1
                items.append(Item(line.file, source / line.file))
    if len(items) < 2:
        reasons = "".join(f"; {n} {why}" for why, n in left_out.items())
        raise ValueError(
            "an interval takes at least two photographs in true color, and"
            f" {', '.join(map(str, sources))} have {len(items)}{reasons}"
        )
    return PeriodPhotographs(
        tuple(unique_names(items)), recorded, dict(left_out)
    )


def score_true_color(
    colorizers: Mapping[str, Colorizer],
    photographs: Iterable[tuple[str, RGBArray]],
    found: PeriodPhotographs,
    *,
    crop: int = 256,
    balanced: bool = False,
) -> TrueColorScores:
    """Score colorizers on photographs that were taken in color.

    Args:
        colorizers: by name.
        photographs: pairs of a name and sRGB bytes (H, W, 3). What is gray
            or of one tone is left out and counted: no error is there.
        found: where they are from.
        crop: side of the center crop, in pixels.
        balanced: whether to take the cast of each photograph away first, for
            plates of three exposures: see `color.balance`.

    Returns:
        CIEDE2000 of each photograph, that of `era_scores.BASELINES` too.

    Raises:
        ValueError: if fewer than two photographs are in color, or a
            colorizer has the name of a baseline.

    See Also:
        Chapter 15.
    """
    everyone = with_baselines(colorizers)
    names, rows, left_out = [], [], Counter(found.left_out)
    for name, pixels in only_in_color(photographs, left_out):
        names.append(name)
        if balanced:
            pixels = balance(pixels)
        scene = Scene(center_crop(pixels, crop))
        rows.append([scene.error_of(each) for each in everyone.values()])
    if len(rows) < 2:
        raise ValueError(
            "an interval takes at least two photographs in true color, got"
            f" {len(rows)}; {left_out[NOT_COLOR]} are {NOT_COLOR}"
        )
    table = np.array(rows, np.float64)  # (photographs, who)
    errors = dict(zip(everyone, table.T, strict=True))
    return TrueColorScores(
        tuple(names),
        errors,
        crop,
        found.recorded,
        dict(left_out),
        balanced,
    )


def _reason_against(line: RecordLine, folder: Path, era: Era) -> str:
    """Say why a line of a record doesn't count; empty if it does."""
    if line.status != KEPT:
        return "not kept by the record"
    if line.era != era.name:
        return "recorded for another era"
    if line.color != COLOR:
        return "gray or of one tone by the record"
    if not (line.process and line.institution):
        return "in color without a named process and institution"
    if not is_done(line, folder):
        return "missing, or not the file that was recorded"
    return ""
