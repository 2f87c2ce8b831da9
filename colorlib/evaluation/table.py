"""Scores as plain text: baselines below the model, 80 columns wide."""

import math
from collections.abc import Iterator

from colorlib.evaluation.intervals import DIFFERENCE, Estimate, Group

# What the table shows; JSON and CSV have the rest.
_BLOCKS = (
    ("ciede2000", "ciede2000_median", "ciede2000_p95"),
    ("ab_mae", "hue_error", "chroma_ratio"),
    ("psnr", "ssim", "colorfulness"),
    ("lpips", "fid", "kid"),  # where they were asked for
)


def lay_out(name: str, group: Group) -> Iterator[str]:
    """Yield the lines of one group: what is in it, then block after block."""
    truth = group.scores["truth"]
    yield (
        f"{name}: n = {group.n:,}, {group.near_gray:,} of them nearly gray;"
        f" true chroma {truth['chroma'].value:.1f},"
        f" colorfulness {truth['colorfulness'].value:.1f}"
    )
    shown = [who for who in group.scores if who not in ("truth", DIFFERENCE)]
    for measures in _BLOCKS:
        if measures[0] not in truth:
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
