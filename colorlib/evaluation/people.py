"""People and what stands around them, measured apart.

The deck finds that backgrounds come out better than people, and many small
people better than few large ones. Outlines of people tell which pixel is
whose, and numbers tell the rest, as far as they can. Chapter 10.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from PIL import Image, ImageDraw

from colorlib.color.arrays import as_lab
from colorlib.color.recolor import recolor
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop
from colorlib.evaluation.baselines import gray
from colorlib.metrics import ciede2000
from colorlib.shapes import RGBArray

Mask = Bool[np.ndarray, "side side"]
Column = Float[np.ndarray, " photographs"]
Chosen = Bool[np.ndarray, " photographs"] | Int[np.ndarray, " places"]

SIDES = "people", "background"
# Below this share of the crop, 130 pixels of 256 x 256, a mean is of the
# outline rather than of what is in it.
LEAST = 0.002


@dataclass(frozen=True)
class Outlined:
    """What is known of the people in a photograph."""

    people: int
    """How many there are, with an outline or without."""
    polygons: tuple[tuple[float, ...], ...]
    """Their outlines: x, y, x, y, ... as fractions of width and height."""


@dataclass(frozen=True)
class People:
    """Photographs of people, measured inside and outside the outlines.

    Its columns have a number a photograph: "count" of the people in the
    crop, "size" (the median of their shares of it), and for both `SIDES`,
    as in "people_error", the model's mean CIEDE2000 "error", that of gray,
    "gray_error", the mean "chroma", and the "true_chroma".
    """

    about: dict[str, Any]
    """The model, and how many photographs were left out, and why."""
    columns: Mapping[str, Column]
    """The numbers."""

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, chosen: Chosen) -> "People":
        """Keep some of the photographs, by a mask or by their places."""
        some = {name: c[chosen] for name, c in self.columns.items()}
        return People(self.about, some)

    def to_json(self) -> str:
        """Write numbers: no photograph, no name of one."""
        columns = {k: c.round(4).tolist() for k, c in self.columns.items()}
        document = self.about | {"photographs": columns}
        return json.dumps(document, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "People":
        """Read what `to_json` wrote."""
        about = json.loads(text)
        columns = about.pop("photographs")
        return cls(about, {k: np.array(c, float) for k, c in columns.items()})


def read_outlines(path: str | Path) -> dict[str, Outlined]:
    """Read who stands where.

    Args:
        path: JSON, {"photos": {name: {"boxes": [...], "polygons": [...]}}};
            a box a person, and where they are known a polygon each.

    Returns:
        By the photograph's name, without folder and suffix.
    """
    photos = json.loads(Path(path).read_text(encoding="utf-8"))["photos"]
    return {
        name: Outlined(
            len(of["boxes"]), tuple(map(tuple, of.get("polygons", ())))
        )
        for name, of in photos.items()
    }


def outlines(
    polygons: Iterable[Iterable[float]], height: int, width: int, side: int
) -> list[Mask]:
    """Find whose pixels are whose in the middle square of a photograph.

    Args:
        polygons: see `Outlined`.
        height: of the whole photograph, pixels.
        width: likewise.
        side: of the square, as for `center_crop`.

    Returns:
        A mask for everybody of whom a pixel is left.
    """
    masks = []
    for polygon in polygons:
        points = np.reshape(tuple(polygon), (-1, 2)) * (width, height)
        drawn = Image.new("RGB", (width, height))
        ImageDraw.Draw(drawn).polygon(points.ravel().tolist(), fill="white")
        # The same way as the photograph goes, so that both lie in one place.
        masks.append(center_crop(np.asarray(drawn), side)[..., 0] > 127)
    return [mask for mask in masks if mask.any()]


def measure_people(
    colorizer: Colorizer,
    photographs: Iterable[tuple[str, RGBArray]],
    outlined: Mapping[str, Outlined],
    *,
    side: int = 256,
) -> People:
    """Color photographs of people, and measure them inside and outside.

    Args:
        colorizer: the model.
        photographs: pairs of a name, as in `outlined`, and sRGB bytes.
        outlined: who stands where.
        side: of the middle square that is measured, pixels.

    Returns:
        A row of numbers for each photograph with people, outlines, and
        enough of both people and background.

    Raises:
        ValueError: if there is no such photograph.

    See Also:
        Chapter 10.
    """
    rows, left_out = [], {"no people": 0, "no outlines": 0, "too little": 0}
    for name, rgb in photographs:
        of = outlined[name]
        height, width = rgb.shape[:2]
        masks = outlines(of.polygons, height, width, side)
        share = np.any(masks, axis=0).mean() if masks else 0
        if not of.people:
            left_out["no people"] += 1
        elif not of.polygons:
            left_out["no outlines"] += 1
        elif min(share, 1 - share) < LEAST:
            left_out["too little"] += 1
        else:
            rows.append(_measure_one(colorizer, center_crop(rgb, side), masks))
    if not rows:
        raise ValueError(
            f"no photograph shows outlined people (left out: {left_out}); do"
            " the names of outlines and photographs agree?"
        )
    about = {
        "model": {"name": colorizer.name, "sha256": colorizer.sha256},
        "crop": side,
        "left_out": left_out,
    }
    columns = {k: np.array([row[k] for row in rows]) for k in rows[0]}
    return People(about, columns)


def error_reduction(people: People, side: str) -> float:
    """The share of gray's color error that a model removes; 1 is perfect.

    Where colors are pale, everybody's error is small, gray's as well: only
    against gray can people be compared with their background.
    """
    error, of_gray = (
        people.columns[f"{side}_{name}"].mean()
        for name in ("error", "gray_error")
    )
    return 1 - error / of_gray


def _measure_one(
    colorizer: Colorizer, crop: RGBArray, masks: list[Mask]
) -> dict[str, float]:
    true = as_lab(crop)
    lab = as_lab(colorizer.colorize(crop).pixels)
    gray_lab = as_lab(recolor(crop, gray(true[1:]))[0])
    maps = {
        "error": ciede2000(lab, true),
        "gray_error": ciede2000(gray_lab, true),
        "chroma": lab[1:].norm(dim=0),
        "true_chroma": true[1:].norm(dim=0),
    }
    inside = np.any(masks, axis=0)
    wheres = dict(zip(SIDES, (inside, ~inside), strict=True))
    shares = [mask.mean() for mask in masks]
    return {"count": float(len(masks)), "size": float(np.median(shares))} | {
        f"{side}_{name}": float(values.numpy()[where].mean())
        for side, where in wheres.items()
        for name, values in maps.items()
    }
