"""Make the model that ships out of a trained run: weights, card, record.

    python experiments/ship.py --run RUN [--run RUN ...] --score PHOTOS
        [--group NAME=FILE ...] [--size 192] [--tta-sizes 96 160]
        [--temperature 0.5] [--blend 0.6] [--about WORDS.toml]
        [--to MODEL] [--results DIR]

The runs are stages of one training, in order; the last one holds the weights.
With --blend they are a mean of the last two stages' weights, in which the last
one counts so much: that keeps a part of what the last stage won, and of what
it cost (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).

They are stored in 16 bits, and scored as they are stored, on photographs that
none of the runs has seen. Each group is a text file of their names, one a
line, to be scored apart. Words of the card come from --about (card.toml beside
this file, if it isn't given), numbers from the runs and the scores: nobody
types one. Without --to it becomes the model that comes with the package.

    python experiments/ship.py --run RUN --score PHOTOS --about card-clean.toml
        --to MODEL --results book/results/compact-clean

scores the variant that was trained only on photographs with clear terms.
"""

import argparse
import json
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from command_line import new_parser
from tqdm import tqdm

from colorlib.colorizer import Colorizer
from colorlib.data.sources import Item, find_items
from colorlib.evaluation import Report, evaluate
from colorlib.models.generator import Generator
from colorlib.models.paths import SHIPPED
from colorlib.models.weights import load_generator, save_generator
from colorlib.training.pretrain import average_into
from colorlib.training.run_folder import METRICS, RUN

RESULTS = Path(__file__).resolve().parents[1] / "book/results/compact"
WORDS = Path(__file__).with_name("card.toml")
SHOWN = {
    "ciede2000": "CIEDE2000",
    "ab_mae": "ab-MAE",
    "chroma_ratio": "chroma ratio",
}


def main(words: list[str] | None = None) -> None:
    """Score, describe and store the model."""
    options = parse_options(words)
    about = tomllib.loads(options.about.read_text(encoding="utf-8"))
    runs = [json.loads((run / RUN).read_text()) for run in options.run]
    G = load_trained(options.run[-1], options.temperature)
    if options.blend < 1:
        before = load_trained(options.run[-2], options.temperature)
        average_into(before, G, keep=1 - options.blend)
        G = before
    card = {
        "name": about["name"],
        "summary": about["summary"],
        "size": options.size or runs[-1]["config"]["size"],
        "tta_sizes": options.tta_sizes,
        **describe_pretrained(about, runs[0]),
        "training": describe_training(runs, options.blend),
        "photographs": about["photographs"],
    }
    save_generator(G, options.to, card=card, half=True)

    photographs = read(find_items(options.score))
    report = evaluate(
        Colorizer.load(options.to), photographs, groups=options.group
    )
    card["scores"] = summarize(report)
    card |= {"limits": about["limits"], "terms": about["terms"]}
    save_generator(G, options.to, card=card, half=True)
    keep_record(report, options.run, options.results)
    print(report.table())


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--score", required=True)
    parser.add_argument("--group", action="append", default=[])
    parser.add_argument("--size", type=int)
    parser.add_argument("--tta-sizes", type=int, nargs="*", default=[])
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--blend", type=float, default=1.0, metavar="SHARE")
    parser.add_argument("--about", type=Path, default=WORDS)
    parser.add_argument("--to", type=Path, default=SHIPPED)
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args(words)
    alone = len(options.run) == 1
    if not 0 < options.blend <= 1 or (alone and options.blend < 1):
        parser.error("--blend is above 0, at most 1, and mixes two --run")
    groups = [group.partition("=") for group in options.group]
    options.group = {
        name: Path(file).read_text().split() for name, _, file in groups
    }
    return options


def load_trained(run: Path, temperature: float | None) -> Generator:
    """Load a run's generator.

    Args:
        run: the run's folder.
        temperature: of its softmax, to change it; None leaves it as it is.
    """
    trained, _ = load_generator(run / "generator.safetensors")
    if not temperature:
        return trained
    G = type(trained)(**trained.config | {"temperature": temperature})
    G.load_state_dict(trained.state_dict())
    return G


def describe_pretrained(about: dict, run: dict) -> dict[str, dict]:
    """Say what the first stage began with, if not with random numbers."""
    if run["backbone_sha256"] is None:
        return {}
    if run["backbone_sha256"] != about["pretrained"]["sha256"]:
        raise ValueError(
            "the card has no words for the backbone"
            f" {run['config']['backbone']}"
        )
    return {"pretrained": about["pretrained"]}


def describe_training(runs: list[dict], blend: float) -> list[dict]:
    """Say what each stage did, from what it wrote down itself.

    Args:
        runs: what their run.json hold, in order.
        blend: the last one's share of the weights; the rest is the one's
            before it.
    """
    shares = {len(runs): blend, len(runs) - 1: 1 - blend}
    return [
        {
            "stage": number,
            "photographs": run["data"]["photographs"],
            "epochs": run["config"]["epochs"],
            "pixels": run["config"]["size"],
            "on film": run["config"].get("film", 0.0),
            "loss": run["config"]["loss"],
            "learning_rate": run["config"]["learning_rate"],
            "batch": run["config"]["batch_size"],
            "minutes": round(run["wall_seconds"] / 60),
            "device": run["machine"]["device"],
            "share of the weights": round(shares.get(number, 0.0), 3),
        }
        for number, run in enumerate(runs, start=1)
    ]


def keep_record(report: Report, runs: list[Path], results: Path) -> None:
    """Put the scores, and what each run wrote down, into the results."""
    results.mkdir(parents=True, exist_ok=True)
    (results / "report.json").write_text(report.to_json())
    for number, run in enumerate(runs, start=1):
        for name in (RUN, METRICS):
            stem, suffix = name.split(".")
            shutil.copy(run / name, results / f"{stem}-{number}.{suffix}")


def read(items: Iterable[Item]) -> Iterator:
    """Yield names and pixels, with a bar."""
    return ((item.name, item.read()) for item in tqdm(items, unit="photo"))


def summarize(report: Report) -> list[dict[str, str]]:
    """Lay the scores out as the card's table: a line a colorizer."""
    lines = []
    for group, found in report.groups.items():
        for colors, who in (
            ("gray: doing nothing", "gray"),
            ("this model", "model"),
            ("the photograph's mean tint, taken from the truth", "oracle mean"),
        ):
            cells = {
                label: f"{e.value:.2f} ({e.low:.2f} to {e.high:.2f})"
                for name, label in SHOWN.items()
                for e in [found.scores[who][name]]
            }
            lines.append(
                {"photographs": f"{group} ({found.n:,})", "colors": colors}
                | cells
            )
    return lines


if __name__ == "__main__":
    main()
