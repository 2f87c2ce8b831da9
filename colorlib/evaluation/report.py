"""Scores as a table for people, JSON for machines, CSV for the curious."""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from colorlib.colorizer import Colorizer
from colorlib.data.cache import NEAR_GRAY
from colorlib.data.splits import list_hash
from colorlib.evaluation.baseline_cache import BaselineCache
from colorlib.evaluation.bootstrap import DIFFERENCE, Estimate, Group, summarize
from colorlib.evaluation.perception import PACKAGES, Perception
from colorlib.evaluation.protocol import Protocol, versions
from colorlib.evaluation.scoring import Model, Row, measure
from colorlib.shapes import RGBArray

# What the table shows; JSON and CSV have the rest.
_BLOCKS = (
    ("ciede2000", "ciede2000_median", "ciede2000_p95"),
    ("ab_mae", "hue_error", "chroma_ratio"),
    ("psnr", "ssim", "colorfulness"),
    ("lpips", "fid", "kid"),  # where they were asked for
)


@dataclass(frozen=True)
class Report:
    """Everything that an evaluation found."""

    model: dict[str, Any]  # name, sha256, size, tta_sizes
    protocol: Protocol
    groups: dict[str, Group]  # "all" first
    rows: tuple[Row, ...]

    def table(self) -> str:
        """Lay the scores out as plain text, baselines below the model."""
        crop, sha256 = self.protocol.crop, self.model["sha256"] or ""
        number = self.protocol.number
        title = (
            f"{self.model['name']} {sha256[:12]}".rstrip()
            + f" on {crop} x {crop} center crops,"
            + (f" protocol {number}" if number else " settings of your own")
            + ", 95 % intervals"
        )
        blocks = ["\n".join(_lay_out(*item)) for item in self.groups.items()]
        return "\n\n".join([title, *blocks])

    def to_json(self) -> str:
        """Write down all but the rows, and what it takes to repeat them."""
        names = [row.name for row in self.rows]
        sizes = [f"{row.name} {row.height} {row.width}" for row in self.rows]
        document = {
            "model": self.model,
            "list_hash": list_hash(names),
            "list_and_sizes_hash": list_hash(sizes),
            "protocol": self.protocol.describe(),
            "near_gray_below": NEAR_GRAY,
            "versions": versions(*self._measured_by()),
            "groups": {
                name: asdict(group, dict_factory=_without_nan)
                for name, group in self.groups.items()
            },
        }
        return json.dumps(document, indent=2, allow_nan=False) + "\n"

    def _measured_by(self) -> tuple[str, ...]:
        """Name the packages, besides the usual ones, that measures are from."""
        first = self.rows[0]
        if first.features:
            return PACKAGES
        return PACKAGES[:1] if "lpips" in first.scores["model"] else ()

    def to_csv(self) -> str:
        """Write a line a photograph, to find where it went wrong."""
        first = self.rows[0].scores
        columns = [(who, m) for who, found in first.items() for m in found]
        header = [f"{who}_{m}" for who, m in columns]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["name", "height", "width", *header])
        for row in self.rows:
            numbers = [f"{row.scores[who][m]:.4f}" for who, m in columns]
            writer.writerow([row.name, row.height, row.width, *numbers])
        return text.getvalue()


def evaluate(
    model: Model,
    photographs: Iterable[tuple[str, RGBArray]],
    *,
    groups: Mapping[str, Iterable[str]] | None = None,
    protocol: Protocol | None = None,
    cache: BaselineCache | None = None,
    perception: Perception | None = None,
) -> Report:
    """Score a model on photographs whose colors are known.

    Photographs are read one at a time, so a progress bar is put around them:
    of `CachedPhotos`, `evaluate(colorizer, tqdm(zip(cached.names, cached)))`.

    Args:
        model: a `Colorizer`; a generator, which then sees the whole crop; or
            any function from L (1, 1, H, W) to ab (1, 2, h, w), on the CPU.
        photographs: pairs of a name, used once, and sRGB bytes (H, W, 3) of
            any size.
        groups: names of photographs to score apart, besides all of them.
        protocol: what to measure and how; `Protocol()` if None.
        cache: what baselines scored before, and where to keep it for the
            next time; all is computed anew if None.
        perception: what LPIPS, FID and KID need, from `Perception.load`.
            They are left out if None.

    Returns:
        The scores of the model and of all baselines, with intervals.
        Photographs that are nearly gray themselves count like all others,
        and are counted.

    Raises:
        ValueError: if there are no photographs, two have one name, a group
            has none, one is not (H, W, 3) bytes, or a network is in training
            mode.

    See Also:
        Chapter 13.

    Example:
        >>> from colorlib.data.samples import bundled
        >>> photographs = [("coffee", bundled("coffee"))]
        >>> small = Protocol(crop=64, resamples=100)
        >>> model = Colorizer.load(device="cpu")
        >>> report = evaluate(model, photographs, protocol=small)
        >>> scores = report.groups["all"].scores
        >>> scores["truth"]["ciede2000"].value
        0.0
    """
    protocol = protocol or Protocol()
    cache = cache or BaselineCache()
    named = _check_names(photographs)
    try:
        rows = tuple(
            measure(model, named, protocol, cache=cache, perception=perception)
        )
    finally:  # an interrupted one is not for nothing
        cache.save()
    chosen = _choose(rows, groups or {})
    return Report(
        model=_describe(model),
        protocol=protocol,
        groups={
            name: summarize(some, protocol) for name, some in chosen.items()
        },
        rows=rows,
    )


def _check_names(
    photographs: Iterable[tuple[str, RGBArray]],
) -> Iterator[tuple[str, RGBArray]]:
    """Pass photographs on, and stop at the second of one name."""
    seen = set()
    for name, rgb in photographs:
        if name in seen:
            raise ValueError(
                f"two photographs are called {name}; name each by its path"
            )
        seen.add(name)
        yield name, rgb


def _choose(
    rows: Sequence[Row], groups: Mapping[str, Iterable[str]]
) -> dict[str, Sequence[Row]]:
    by_name = {row.name: row for row in rows}
    chosen = {"all": rows}
    for group, names in groups.items():
        chosen[group] = [by_name[name] for name in names if name in by_name]
    if not rows:
        raise ValueError(
            "there is no photograph to evaluate on; check the folder, and"
            " ask for a larger share if only a share of it is scored"
        )
    for group, some in chosen.items():
        if not some:
            raise ValueError(
                f"there is no photograph to evaluate on in group {group!r};"
                " check the group's names"
            )
    return chosen


def _describe(model: Model) -> dict[str, Any]:
    if isinstance(model, Colorizer):
        return {
            "name": model.name,
            "sha256": model.sha256,
            "size": model.size,
            "tta_sizes": list(model.tta_sizes),
        }
    name = getattr(model, "__name__", type(model).__name__)
    return {"name": name, "sha256": None, "size": None, "tta_sizes": None}


def _without_nan(items: list[tuple]) -> dict:
    """JSON has no nan and no inf."""
    return {
        key: None if isinstance(x, float) and not math.isfinite(x) else x
        for key, x in items
    }


def _lay_out(name: str, group: Group) -> Iterator[str]:
    """Yield the lines of one group: what is in it, then block after block."""
    truth = group.scores["truth"]
    yield (
        f"{name}: n = {group.n:,}, {group.near_gray:,} of them nearly gray;"
        f" true chroma {truth['chroma'].value:.1f},"
        f" colorfulness {truth['colorfulness'].value:.1f}"
    )
    shown = [who for who in group.scores if who not in ("truth", DIFFERENCE)]
    for block in _BLOCKS:
        measures = [m for m in block if m in truth]
        if not measures:
            continue
        yield f"{'':15}" + "".join(f"{m:>21}" for m in measures)
        for who in (*shown, DIFFERENCE):
            cells = [_cell(group.scores[who].get(m)) for m in measures]
            yield f"{who:15}" + "".join(f"{cell:>21}" for cell in cells)
    perfect = {w: n for w in shown if (n := group.infinite_psnr[w])}
    if perfect:
        counts = ", ".join(f"{who} {n:,}" for who, n in perfect.items())
        yield f"infinite psnr: {counts}"


def _cell(found: Estimate | None) -> str:
    if found is None:
        return ""
    if math.isnan(found.low):
        return f"{found.value:.3g}"
    numbers = found.value, found.low, found.high
    digits = 2 if abs(found.value) < 30 else 1
    value, low, high = (f"{number:.{digits}f}" for number in numbers)
    return f"{value} [{low}, {high}]"
