"""What the chapters say of trainings that run on the page, as numbers.

A training depends on its seed, on the number of threads and on the
processor's instructions. A sentence about one stands in a chapter only if it
holds for all of them, so each is a `Claim` here: one number of an experiment,
and a bound for it. `test_claims.py` checks the page's own seed, and
`machines.py` the grid of seeds, threads and instruction sets.

An experiment runs the chapter's own cells, those that it needs. `seed` is
added to each seed that they set, so 0 is what the page shows.
"""

import math
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import nbformat
import torch

from colorlib import course
from colorlib.training.monitor import WON

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
LN2 = math.log(2)
SEEDS = re.compile(r"\b(manual_seed\(|seed=)(\w+)(?=[,)])")


@dataclass(frozen=True)
class Claim:
    """One sentence of a chapter, as a number and its bounds."""

    chapter: str
    number: str
    """The name of the number, as its experiment gives it."""
    sentence: str
    least: float = -math.inf
    most: float = math.inf

    def holds(self, value: float) -> bool:
        """Whether one training agrees with the sentence."""
        return self.least <= value <= self.most  # and not nan

    def distance(self, value: float) -> float:
        """How far a value is inside the bounds; negative is outside."""
        return min(value - self.least, self.most - value)


@dataclass(frozen=True)
class Experiment:
    """The cells of a chapter that train, and what is measured of them."""

    chapter: str
    cells: tuple[str, ...]
    measure: Callable[[dict], dict[str, float]]

    def run(self, seed: int) -> dict[str, float]:
        """Train with the chapter's seeds, each larger by `seed`.

        The scale is what COLORLIB_SCALE says.
        """
        return self.measure(execute(self.chapter, self.cells, seed))


EXPERIMENTS: dict[str, Experiment] = {}


def experiment(chapter: str, *cells: str):
    """Enter a function that measures what these cells compute."""

    def enter(measure):
        EXPERIMENTS[chapter] = Experiment(chapter, cells, measure)
        return measure

    return enter


def execute(chapter: str, cells: tuple[str, ...], seed: int) -> dict:
    """Run cells of a chapter; return the names that they define.

    Raises:
        ValueError: if the chapter has no cell of that name.
    """
    [path] = CHAPTERS.glob(f"{chapter}_*.ipynb")
    sources = {
        cell.id: cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    }
    if unknown := set(cells) - sources.keys():
        raise ValueError(f"chapter {chapter} has no cells {sorted(unknown)}")
    names: dict = {"course": course}
    with redirect_stdout(StringIO()):
        for cell, source in sources.items():
            if cell in cells:
                source = SEEDS.sub(rf"\g<1>\g<2> + {seed}", source)
                exec(compile(source, f"{path.name}: {cell}", "exec"), names)
    return names


SAUCER = slice(40, 53), slice(7, 20)  # of 64 by 64, the saucer's left edge


def mean(values) -> float:
    """Average numbers, or tensors of one number."""
    values = [float(value) for value in values]
    return sum(values) / len(values)


@experiment(
    "00",
    *("imports", "pixels", "model-code", "loss-code", "loss-curve"),
    *("train-code", "train-run-code", "batch-noise", "epochs"),
    *("network-code", "overfit-code", "overfit-chart"),
)
def measure_00(found: dict) -> dict[str, float]:
    """Three weights, batches, a network, and one that overfits."""
    curve, others = found["curve"], found["others"]
    batches = torch.tensor(found["in_batches"])
    return {
        "loss falls to": curve[-1] / curve[0],
        "w2": found["w"][2].item(),
        "batches end off by": (
            batches[100:].mean() - found["train"](0.2, 768)[1][-1]
        ).item(),
        "batches tremble": batches[100:].std().item(),
        "network / three weights": (
            found["net_loss"] / found["loss"](found["w"])
        ).item(),
        "others, last / lowest": others[-1] / others.min(),
        "others, first / lowest": others[0] / others.min(),
        "training, last / first": found["training"][-1] / found["training"][0],
    }


@experiment(
    "02",
    *("two-bells", "best-logit", "a-guess", "batches"),
    *("by-hand", "by-library", "race-run", "contest", "contest-run"),
    *("digits-load", "digits-play", "solution-rates-code"),
)
def measure_02(found: dict) -> dict[str, float]:
    """GANs of three numbers, of dresses, and of digits."""
    *numbers, _ = found["trace"][-1]
    d = [row[3] for row in found["trace"]]
    gans = found["small_gans"]
    hues, off_line = {}, {}
    for name, (shown, loss) in found["results"].items():
        hues[name] = int((gans.hues_found(shown[-1]) > 10).sum())
        off_line[name] = abs(loss - LN2)
    losses = found["losses"]
    slow, _, hasty = (found["hurry"](rate) for rate in (0.05, 0.5, 5))
    arrives = found["arrives"]
    return {
        "shift": numbers[0],
        "slope": abs(numbers[1]),
        "offset": abs(numbers[2]),
        "d at 5": d[5],
        "d at 60": d[60],
        "d at 299": abs(d[299] - LN2),
        "non-saturating from -6": arrives(-6, gans.non_saturating),
        "saturating from -6": arrives(-6, gans.saturating),
        "saturating from -4": arrives(-4, gans.saturating),
        "saturating from -2": arrives(-2, gans.saturating),
        "hues, keen": hues["fast D"],
        "hues, slow": hues["slow D"],
        "off the line, keen": off_line["fast D"],
        "off the line, slow": off_line["slow D"],
        "nearer by": off_line["fast D"] - off_line["slow D"],
        "d of digits": losses[-100:].mean().item(),
        "slow d": abs(slow["D's loss"] - LN2),
        "hasty d": hasty["D's loss"],
        "hasty shift": abs(hasty["G ends at"] - 2),
    }


@experiment(
    "03",
    *("weights", "maxpool", "side", "as-printed", "sides", "way-down-source"),
    *("photographs", "sheet"),
    *("train-setup", "train-step", "train", "look", "score", "by-heart"),
    "noise-ask",
)
def measure_03(found: dict) -> dict[str, float]:
    """A generator and a discriminator that learn seven photographs."""
    d, g = zip(*found["losses"], strict=True)
    fifth = len(d) // 5
    errors = found["errors"]
    gray, ours = errors("", found["gray"]), errors("", found["made"])
    L, ab = found["L"], found["ab"]
    taken = [*found["verdicts"]("", L, ab).values()][1:]
    flipped = [*found["verdicts"]("", L.flip(-1), ab.flip(-1)).values()][1:]
    found["D"].eval()  # BatchNorm with what it kept from training
    kept = [*found["verdicts"]("", L, ab).values()][1:]
    made = dict(zip(found["names"], found["made"].astype(float), strict=True))
    true = dict(zip(found["names"], found["true"].astype(float), strict=True))

    def color(picture, place=...):
        red, green, blue = picture[place].reshape(-1, 3).mean(axis=0)
        return red - blue, red - green

    return {
        "d at first": abs(mean(d[:1]) - LN2),
        "d at last": sorted(d[-fifth:])[fifth // 2],
        "g rises by": sorted(g[-fifth:])[fifth // 2] - g[0],
        "error / gray, learned": ours["learned from"] / gray["learned from"],
        "error / gray, kept out": ours["kept out"] / gray["kept out"],
        "learned / kept out": ours["learned from"] / ours["kept out"],
        "gray, kept out / learned": gray["kept out"] / gray["learned from"],
        "kept statistics move by": mean(
            abs(a - b) for a, b in zip(taken[:7], kept[:7], strict=True)
        ),
        "of the seven, known": sum(x > 0 for x in taken[:7]),
        "the eighth": taken[7],
        "highest mirrored": max(flipped[:7]),
        "mirrored, called generated": sum(x < 0 for x in flipped[:7]),
        "noise": float(found["change"]),
        "rocket, red - blue": color(made["rocket"])[0],
        "flower, red - blue": color(made["flower"])[0],
        "cat, red - blue": color(made["chelsea"])[0],
        "saucer, red - green": color(made["coffee"], SAUCER)[1],
        "saucer, true": color(true["coffee"], SAUCER)[1],
    }


@experiment(
    "08",
    *("halve", "real-network", "source-ways", "photographs", "learn"),
    *("learn-moves", "train", "fakes", "detail", "detail-row"),
    *("detail-table", "bug-confound"),
)
def measure_08(found: dict) -> dict[str, float]:
    """U-Nets and encoder-decoders that learn eight photographs."""
    in_place, off, without, with_skips = found["rows"]
    row, learn, still = found["row"], found["learn"], found["IN_PLACE"]
    hers = row("", found["hers"])
    hers_with, _ = learn(skips=True, moves=still, dropout=0.5)
    ends = {
        name: mean(found[f"losses_{name}"][-20:])
        for name in ("in_place", "without", "with")
    }
    i = list(found["BUNDLED"]).index("coffee")

    def shapes_learned(who):
        """Leave out the mean color, which has no shape."""
        fake, true = found["fakes"][who][i], found["ab"][i]
        fake, true = (x - x.mean((-2, -1), keepdim=True) for x in (fake, true))
        return found["learned"](fake, true)

    return {
        "error, in place / moved": ends["in_place"] / ends["without"],
        "error, with / without": ends["with"] / ends["without"],
        "coarse, in place": in_place["coarse"],
        "fine, in place": in_place["fine"],
        "fine, off": off["fine"],
        "coarse, without": without["coarse"],
        "fine, without": without["fine"],
        "coarse, with": with_skips["coarse"],
        "fine, with": with_skips["fine"],
        "coarse, more with": with_skips["coarse"] - without["coarse"],
        "fine, more with": with_skips["fine"] - without["fine"],
        "fine, dropout": hers["fine"],
        "fine, more without dropout": in_place["fine"] - hers["fine"],
        "fine, more with, dropout": row("", hers_with)["fine"] - hers["fine"],
        "shapes, without": shapes_learned("without skips"),
        "shapes, with": shapes_learned("with skips"),
    }


@experiment(
    "09",
    *("photographs", "sheet", "sees", "spans", "painter-frame", "batches"),
    *("train", "forge", "key-figure", "count", "count-table"),
    "held-back-table",
)
def measure_09(found: dict) -> dict[str, float]:
    """A discriminator that learns to tell true colors from simple ones."""
    losses = found["losses"]
    said = {
        name: found["called_generated"](kind)
        for name, kind in found["kinds"].items()
    }
    believed = found["believed"]
    return {
        "d at first": abs(losses[0] - LN2),
        "d at last": mean(losses[-10:]),
        "orange, none forged": said["none"],
        "orange, some forged": said["some"],
        "orange, all forged": said["all"],
        "some more than none": said["some"] - said["none"],
        "coffee, true": believed("coffee", 1),
        "coffee, half": believed("coffee", 0.5),
        "coffee, gray": believed("coffee", 0),
        "coffee, opposite": believed("coffee", -1),
        "rocket, true": believed("rocket", 1),
        "rocket, opposite": believed("rocket", -1),
        "rocket, opposite - true": believed("rocket", -1)
        - believed("rocket", 1),
    }


@experiment(
    "10",
    *("batches", "networks", "by-hand", "by-hand-loop"),
    *("agree", "look", "training", "live-curves", "whole"),
    *("break", "weights-only", "resume-table", "solution-rate-code"),
)
def measure_10(found: dict) -> dict[str, float]:
    """Model 1, small, on the bundled photographs."""
    d, l1 = found["live"]["d"], found["live"]["g_l1"]
    lowest = min(range(len(d)), key=d.__getitem__)
    tenth = max(1, len(l1) // 10)
    tenths = [mean(l1[i : i + tenth]) for i in range(0, len(l1), tenth)]
    moments = found["MOMENTS"]
    first, *_, last = (found["pictures"][epoch] for epoch in moments)
    saucer = slice(60, 80), slice(10, 30)  # of 96: its left

    def redness(picture):
        red, green, _ = picture[saucer].mean(axis=(0, 1))
        return red - green

    def tints(picture):
        red, _, blue = picture.astype(float).T
        return (red > blue + 5).mean(), (blue > red + 5).mean()

    early, *_, late = (found["maps"][epoch] for epoch in moments)
    whole, ways = found["whole"], found["ways"]
    slow, hasty = found["rates"]
    return {
        "page and library": found["off"],
        "d at first": abs(d[0] - LN2),
        "lowest d": d[lowest],
        "d climbs again by": max(d[lowest:]) - d[lowest],
        "share of epochs in the band": mean(WON < x < LN2 for x in d),
        "l1, last / first tenth": tenths[-1] / tenths[0],
        "l1, first tenth / highest": tenths[0] / max(tenths),
        "saucer at first": redness(first),
        "saucer at last": redness(last),
        "saucer turns by": redness(last) - redness(first),
        "map at first, orange": tints(early)[0],
        "map at first, blue": tints(early)[1],
        "map at last, orange": tints(late)[0],
        "map at last, blue": tints(late)[1],
        "resumed differs": float(ways["resumed"] != whole),
        "weights only, step 4": abs(ways["weights only"][3] - whole[3]),
        "weights only, step 5": float(ways["weights only"][4] != whole[4]),
        "hasty, d": hasty["d"] / slow["d"],
        "hasty, g_gan more by": hasty["g_gan"] - slow["g_gan"],
        "hasty, l1 moves by": abs(hasty["g_l1"] / slow["g_l1"] - 1),
    }


@experiment(
    "12",
    *("batches", "networks", "by-hand", "source-step", "agree", "two-ways"),
    *("as-gan", "two-ways-trained", "two-ways-chart", "short-stage"),
    *("one-step", "one-step-taken", "one-step-table", "solution-warm-code"),
)
def measure_12(found: dict) -> dict[str, float]:
    """A generator in two stages, and the first step of the second one."""
    first, at_once = found["curves"].values()
    quick, same, slow, old = found["taken"].values()
    _, warm = found["rows"]
    return {
        "curves apart": max(
            abs(a - b) / first[0] for a, b in zip(first, at_once, strict=True)
        ),
        "full rate, after / before": quick[1] / quick[0],
        "a tenth, after / before": slow[1] / slow[0],
        "old Adam, after / before": old[1] / old[0],
        "new Adam / old Adam": same[1] / old[1],
        "warm-up, one step / before": warm["after one step"] / quick[0],
    }


# A bound is what the sentence needs, wide enough for other seeds and machines.
CLAIMS = (
    Claim(
        "00",
        "loss falls to",
        "The loss has fallen by about half",
        least=0.4,
        most=0.6,
    ),
    Claim("00", "w2", "and `w2` is negative", most=-0.5),
    Claim(
        "00",
        "batches end off by",
        "Both fall to about the same loss",
        least=0,
        most=0.1,
    ),
    Claim(
        "00",
        "batches tremble",
        "With batches the loss trembles",
        least=0.015,
    ),
    Claim(
        "00",
        "network / three weights",
        "With 129 weights the dark roofs stay brown",
        most=0.9,
    ),
    Claim(
        "00",
        "others, last / lowest",
        "and then it rises: the network learns the 30 pixels by heart",
        least=1.2,
    ),
    Claim(
        "00",
        "others, first / lowest",
        "On the other pixels it falls at first",
        least=1.2,
    ),
    Claim(
        "00",
        "training, last / first",
        "The loss of the 30 pixels falls nearly to zero",
        most=0.1,
    ),
    Claim(
        "02", "shift", "G has walked from -2 to about 2", least=1.8, most=2.2
    ),
    Claim("02", "slope", "slope and offset are about 0", most=0.2),
    Claim("02", "offset", "slope and offset are about 0", most=0.2),
    Claim("02", "d at 5", "**Below the line** (step 5).", most=LN2 - 0.2),
    Claim("02", "d at 60", "**Above the line** (step 60).", least=LN2),
    Claim("02", "d at 299", "**On the line** (step 299).", most=0.02),
    Claim(
        "02",
        "saturating from -2",
        "From -2 both generators arrive",
        least=1.8,
        most=2.2,
    ),
    Claim(
        "02",
        "non-saturating from -6",
        "From -2 both generators arrive",
        least=1.8,
        most=2.2,
    ),
    Claim("02", "saturating from -6", "from -6 it has hardly moved", most=-5.5),
    Claim(
        "02",
        "hues, keen",
        "the generator makes nearly every hue there is",
        least=6,
    ),
    Claim(
        "02", "hues, slow", "Against the slow one it makes one or two.", most=2
    ),
    Claim(
        "02",
        "off the line, slow",
        "whose loss lies on the line at ln 2",
        most=0.02,
    ),
    Claim(
        "02",
        "nearer by",
        "Most of the hues are missing, and the number looks better.",
        least=0,
    ),
    Claim("02", "d of digits", "The loss lies below the line", most=LN2 - 0.02),
    Claim("02", "slow d", "with D's loss at the line", most=0.02),
    Claim("02", "hasty d", "so its loss lies far above the line", least=1.2),
    Claim("02", "hasty shift", "G stands near the truth", most=0.8),
    Claim(
        "03", "d at first", "D's loss leaves the line at ln 2 at once", most=0.2
    ),
    Claim("03", "d at last", "and goes towards 0; G's climbs", most=0.3),
    Claim("03", "g rises by", "and goes towards 0; G's climbs", least=0.7),
    Claim(
        "03",
        "error / gray, learned",
        "Worse than handing in the gray picture, by far",
        least=1.1,
    ),
    Claim(
        "03",
        "error / gray, kept out",
        "Worse than handing in the gray picture, by far",
        least=1.1,
    ),
    Claim(
        "03",
        "learned / kept out",
        "G is about as far off on both",
        least=0.7,
        most=1.4,
    ),
    Claim(
        "03",
        "gray, kept out / learned",
        "in gray it is nearer to the truth than the seven are",
        most=0.9,
    ),
    Claim("03", "of the seven, known", "It knows most of the seven.", least=4),
    Claim(
        "03",
        "the eighth",
        "D calls it generated",
        most=-1,
    ),
    Claim(
        "03",
        "mirrored, called generated",
        "It calls most of the seven generated as well, when they are mirrored.",
        least=4,
    ),
    Claim(
        "03",
        "kept statistics move by",
        "With those that they kept from training, its verdicts are others.",
        least=1,
    ),
    Claim("03", "noise", "That is little.", most=0.4),
    Claim(
        "08",
        "error, in place / moved",
        "its loss stays far higher",
        most=0.6,
    ),
    Claim(
        "08",
        "error, with / without",
        "with the same moves the network with skips ends far ahead",
        most=0.8,
    ),
    Claim(
        "08",
        "coarse, in place",
        "has learned the coarse color and a good part of the fine",
        least=0.8,
    ),
    Claim(
        "08",
        "fine, in place",
        "has learned the coarse color and a good part of the fine",
        least=0.2,
    ),
    Claim("08", "fine, off", "its fine part is below 0", most=0),
    Claim(
        "08",
        "fine, without",
        "Nothing of their fine part comes through the bottleneck",
        most=0.03,
    ),
    Claim("08", "coarse, more with", "and less of the coarse", least=0.1),
    Claim(
        "08",
        "coarse, with",
        "With skips most of the coarse part is learned",
        least=0.6,
    ),
    Claim("08", "fine, with", "and some of the fine", least=0.05),
    Claim(
        "08",
        "fine, more with",
        "So in this experiment skips carry *where* things are",
        least=0.05,
    ),
    Claim(
        "08",
        "shapes, without",
        "has next to nothing of the shapes of cup and saucer",
        most=0.15,
    ),
    Claim(
        "08",
        "shapes, with",
        "With skips both can be seen in the color alone.",
        least=0.4,
    ),
    Claim(
        "08",
        "fine, more without dropout",
        "and it has learned far more of the fine part",
        least=0.1,
    ),
    Claim(
        "08",
        "fine, more with, dropout",
        "Her network with skips learns far more of the fine part",
        least=0.1,
    ),
    Claim("09", "d at first", "It begins at about ln 2", most=0.2),
    Claim(
        "09",
        "d at last",
        "the loss of a guess, and goes down from there",
        most=0.5,
    ),
    Claim(
        "09",
        "orange, none forged",
        "Where nothing is forged, D calls the patches photographed",
        most=10,
    ),
    Claim(
        "09",
        "orange, all forged",
        "and where everything is, generated",
        least=80,
    ),
    Claim("09", "orange, some forged", "and most of those pass", most=45),
    Claim(
        "09",
        "coffee, true",
        "On the coffee D is right: it believes the truth",
        least=85,
    ),
    Claim(
        "09",
        "coffee, gray",
        "and little of the gray and of the opposite",
        most=40,
    ),
    Claim(
        "09",
        "coffee, opposite",
        "and little of the gray and of the opposite",
        most=40,
    ),
    Claim("09", "coffee, half", "But *half* passes, too", least=60),
    Claim("09", "rocket, true", "It believes few of the true patches", most=45),
    Claim(
        "09",
        "rocket, opposite - true",
        "and more of those in opposite colors",
        least=0,
    ),
    Claim(
        "10",
        "page and library",
        "They do, up to rounding.",
        most=0.002,
    ),
    Claim(
        "10",
        "d at first",
        "At its first step D knows nothing, and its loss is near $\\ln 2$.",
        most=0.2,
    ),
    Claim(
        "10",
        "lowest d",
        "D's curve leaves the line, and doesn't come to rest.",
        most=LN2 - 0.1,
    ),
    Claim("10", "d climbs again by", "and the curve climbs again", least=0.05),
    Claim(
        "10",
        "l1, last / first tenth",
        "It falls through all of it, with bumps: with $\\lambda = 100$",
        most=0.75,
    ),
    Claim(
        "10",
        "saucer turns by",
        "And neither curve says whether the cup is red.",
        least=15,
    ),
    Claim(
        "10", "resumed differs", "Resumed is the same to the last bit.", most=0
    ),
    Claim(
        "10",
        "weights only, step 4",
        "With the weights alone the first loss after the break is right",
        most=0,
    ),
    Claim(
        "10",
        "weights only, step 5",
        "and from the next one on it is another training",
        least=1,
    ),
    Claim("10", "hasty, l1 moves by", "*g_l1* hardly changes.", most=0.05),
    Claim(
        "12",
        "curves apart",
        "The two curves lie nearly on each other",
        most=0.25,
    ),
    Claim(
        "12",
        "full rate, after / before",
        "It can, and with the new Adam at model 1's rate it is",
        least=1.0,
    ),
    Claim(
        "12",
        "new Adam / old Adam",
        "the step of the old Adam is better than that of the new one",
        least=1.02,
    ),
    Claim(
        "12",
        "a tenth, after / before",
        "At a tenth of that rate the loss falls",
        most=1.0,
    ),
    Claim(
        "12",
        "old Adam, after / before",
        "and with the old Adam it falls",
        most=1.0,
    ),
    Claim(
        "12",
        "warm-up, one step / before",
        "The first step of the warm-up does no harm",
        most=1.0,
    ),
)
