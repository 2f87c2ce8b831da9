"""Judge backbones for gray photographs, and publish them as recorded runs.

    python experiments/measure_backbone.py --photographs TRAIN --score VALIDATE
        --distilled runs/backbone-distilled --labels runs/backbone-labels
        --teachers FILE FILE

All of them look at the middle squares of the same photographs, at the size
that the distilled one was trained on. Two questions are put to each:

probe      A linear classifier on its pooled features learns the labels of
           the photographs to train on; which share of the others does it
           get right?
agreement  A linear map from its pooled features learns the logits of a
           teacher; for which share of the photographs to validate on is its
           first class the teacher's? "head" is the same for the classifier
           that was trained with the backbone, if it has the teacher's classes.

Asked are a network with random weights, the one trained on labels alone (if
there is one), the distilled one, the same with its weights in 8 bits, as
`ship_backbone.py` ships it, and the teachers themselves, who see colors.
Both maps are ridge regressions; how strong the penalty is, is decided on a
fifth of the photographs to train on. Every number has its 95 % interval over
the photographs to validate on. Each run gets a folder in book/results with
run.json, metrics.csv, its card, and these numbers in probe.json.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import list_runs
import measurements
import numpy as np
import recording
import torch
from command_line import command, last_parts, new_parser, told
from labels import read_labels
from pretrain_on_labels import EPOCHS as LONG
from pretrain_on_labels import LabelsConfig
from torch import Tensor
from tqdm import tqdm

from colorlib.course.recorded import PROBE, RESULTS
from colorlib.data.batches import lab_batch
from colorlib.data.crops import center_crop
from colorlib.data.sources import find_all
from colorlib.data.splits import list_hash, name_hash
from colorlib.files import replacing_folder
from colorlib.models.classifier import GrayClassifier, load_classifier
from colorlib.models.quantization import dequantize, quantize
from colorlib.models.resnet import find_backbone
from colorlib.models.teachers import find_teacher, load_teacher
from colorlib.training.recipes import differences, find_recipe
from colorlib.training.run_folder import METRICS, RUN

# Photographs whose labels are known well enough to ask for.
LABELLED = ("caltech101", "imagenette224", "pacs_photo")
PENALTIES = (1.0, 10.0, 100.0, 1e3, 1e4)  # of ridge regression
AT_ONCE = 50  # photographs that go through a network together
SEED = 0  # of the random weights

Look = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Seen:
    """What a network makes of photographs."""

    logits: np.ndarray
    """Photographs x classes."""
    pooled: np.ndarray
    """Photographs x features."""


@dataclass(frozen=True)
class Photographs:
    """Middle squares, with their labels."""

    names: list[str]
    squares: np.ndarray
    """sRGB bytes, photographs x size x size x 3."""
    labels: dict[str, str]
    """"source/class" of those that have one."""

    @property
    def labelled(self) -> np.ndarray:
        """Which of them have a label."""
        return np.array([name in self.labels for name in self.names])


@told("measure_backbone.py")
def main(words: list[str] | None = None) -> int:
    """Judge and publish; 2 if what is asked for makes no sense."""
    options = parse_options(words)
    runs = {"backbone-distilled": options.distilled}
    if options.labels:
        runs["backbone-labels"] = options.labels
    for run in runs.values():
        check_finished(run)
    found = judge(options)
    for name, run in runs.items():
        publish(name, run, found, options)
    list_runs.update(options.results)
    print(table(found))
    return 0


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--distilled", type=Path, metavar="RUN", required=True)
    add("--labels", type=Path, metavar="RUN")
    add("--teachers", nargs="+", metavar="FILE", required=True)
    add("--collection", help="what to call the photographs, on the page")
    add("--sources", nargs="+", default=LABELLED, help=argparse.SUPPRESS)
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def check_finished(run: Path) -> None:
    """Refuse a run that is still going on.

    Raises:
        OSError: if it is no run.
        ValueError: if it isn't finished.
    """
    if not json.loads((run / RUN).read_bytes()).get("finished"):
        raise ValueError(f"{run} is not finished; go on with it first")


def judge(options: argparse.Namespace) -> dict[str, Any]:
    """Put both questions to all networks.

    Returns:
        What probe.json holds.
    """
    told = json.loads((options.distilled / RUN).read_bytes())
    size = told["config"]["size"]
    train = read(options.photographs, size, options.sources)
    validate = read(options.score, size, options.sources)
    looks = networks(options)
    teachers = [find_teacher(path).name for path in options.teachers]
    before = {name: see(look, train.squares) for name, look in looks.items()}
    after = {name: see(look, validate.squares) for name, look in looks.items()}

    classes, wanted, truth = targets(train, validate)
    answers = {
        name: classify(before[name], after[name], train, validate, wanted)
        for name in looks
    }
    right = {name: answer == truth for name, answer in answers.items()}
    asked = partial(agreements, before=before, after=after, train=train)
    return {
        "size": size,
        "photographs": describe(train),
        "validation": describe(validate),
        "classes": len(classes),
        "most_frequent": float(np.mean(truth == wanted.sum(0).argmax())),
        "networks": {
            name: {
                "probe": estimate(right[name]),
                "agreement": asked(name, teachers),
                "head": heads(name, teachers, after),
            }
            for name in looks
        },
        "differences": {
            f"distilled - {other}": estimate(
                right["distilled"].astype(float) - right[other]
            )
            for other in ("random", "labels")
            if other in right
        },
    }


def networks(options: argparse.Namespace) -> dict[str, Look]:
    """Load all networks, each to be shown sRGB bytes."""
    torch.manual_seed(SEED)
    loaded = {"random": GrayClassifier().eval()}
    if options.labels:
        loaded["labels"] = load_classifier(find_backbone(options.labels))
    loaded["distilled"] = load_classifier(find_backbone(options.distilled))
    loaded["8 bits"] = in_8_bits(loaded["distilled"])
    looks: dict[str, Look] = {
        name: partial(_in_gray, network) for name, network in loaded.items()
    }
    for path in options.teachers:
        name = find_teacher(path).name
        looks[name] = partial(_in_color, load_teacher(path))
    return looks


def in_8_bits(network: GrayClassifier) -> GrayClassifier:
    """Copy a network, with its weights rounded as for a file in 8 bits."""
    rounded = deepcopy(network)
    rounded.load_state_dict(dequantize(quantize(network.state_dict())))
    return rounded


def read(
    sources: list[str],
    size: int,
    labelled: Sequence[str] = LABELLED,
    most: int | None = None,
) -> Photographs:
    """Read the middle squares; what can't be read is left out.

    Args:
        sources: see `find_items`.
        size: their side, pixels.
        labelled: parts of the collection whose labels count.
        most: how many, evenly out of all; None for all.
    """
    items = find_all(sources)
    if most and most < len(items):
        items = [items[i * len(items) // most] for i in range(most)]
    labels = read_labels(items)
    labels = {n: x for n, x in labels.items() if x.split("/")[0] in labelled}
    names, squares = [], []
    for name, pixels in recording.read(items, "reading"):
        names.append(name)
        squares.append(center_crop(pixels, size))
    if not names:
        raise ValueError("no photograph could be read")
    return Photographs(names, np.stack(squares), labels)


def see(look: Look, squares: np.ndarray) -> Seen:
    """Show all photographs to a network."""
    found = [
        look(torch.from_numpy(squares[i : i + AT_ONCE]))
        for i in tqdm(range(0, len(squares), AT_ONCE), unit="batch")
    ]
    logits, pooled = zip(*found, strict=True)
    return Seen(
        torch.cat(logits).double().numpy(), torch.cat(pooled).double().numpy()
    )


def targets(
    train: Photographs, validate: Photographs
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Number the classes.

    Returns:
        Their names; one-hot rows of the labelled photographs to train on;
        and the numbers of those to validate on (-1 for a class that nobody
        could learn).

    Raises:
        ValueError: if either have no label.
    """
    own = [train.labels[n] for n in train.names if n in train.labels]
    asked = [validate.labels[n] for n in validate.names if n in validate.labels]
    if not own or not asked:
        raise ValueError(
            "no photograph has a label to ask for; give shards with a JSON"
            " beside each photograph"
        )
    classes = sorted(set(own))
    number = {label: i for i, label in enumerate(classes)}
    wanted = np.eye(len(classes))[[number[label] for label in own]]
    return classes, wanted, np.array([number.get(x, -1) for x in asked])


def classify(
    before: Seen,
    after: Seen,
    train: Photographs,
    validate: Photographs,
    wanted: np.ndarray,
) -> np.ndarray:
    """Learn the labels from pooled features; answer for other photographs."""
    names = [n for n in train.names if n in train.labels]
    return ridge(
        before.pooled[train.labelled],
        wanted,
        after.pooled[validate.labelled],
        held_out(names),
    )


def agreements(
    name: str,
    teachers: Sequence[str],
    *,
    before: Mapping[str, Seen],
    after: Mapping[str, Seen],
    train: Photographs,
) -> dict[str, dict[str, float]]:
    """Read each teacher's class out of a network's features."""
    apart = held_out(train.names)
    return {
        teacher: estimate(
            ridge(
                before[name].pooled,
                before[teacher].logits,
                after[name].pooled,
                apart,
            )
            == after[teacher].logits.argmax(1)
        )
        for teacher in teachers
        if teacher != name
    }


def heads(
    name: str, teachers: Sequence[str], after: Mapping[str, Seen]
) -> dict[str, dict[str, float]]:
    """Compare a network's own classes with each teacher's."""
    own = after[name].logits
    return {
        teacher: estimate(own.argmax(1) == after[teacher].logits.argmax(1))
        for teacher in teachers
        if teacher != name and own.shape == after[teacher].logits.shape
    }


def ridge(
    x: np.ndarray, y: np.ndarray, asked: np.ndarray, apart: np.ndarray
) -> np.ndarray:
    """Fit a linear map, and say which of its outputs is largest.

    Args:
        x: features, photographs x features.
        y: what is wanted of them, photographs x outputs.
        asked: features of other photographs.
        apart: which photographs decide about the penalty; afterwards all of
            them are learned from.

    Returns:
        The number of the largest output for each of `asked`.

    Reference:
        Hoerl & Kennard, Ridge Regression, Technometrics 1970.
    """
    goal = y[apart].argmax(1)
    best = max(
        PENALTIES,
        key=lambda penalty: np.mean(
            _largest(x[~apart], y[~apart], x[apart], penalty) == goal
        ),
    )
    return _largest(x, y, asked, best)


def held_out(names: Sequence[str]) -> np.ndarray:
    """Choose a fifth of photographs by the hashes of their names."""
    return np.array([name_hash(name) < 0.2 for name in names])


def estimate(right: np.ndarray) -> dict[str, float]:
    """Compute a share, with its 95 % interval over photographs."""
    return measurements.estimate(np.mean, right.astype(float))


def describe(photographs: Photographs) -> dict[str, Any]:
    """Say which photographs these were."""
    return {
        "photographs": len(photographs.names),
        "labelled": int(photographs.labelled.sum()),
        "list_hash": list_hash(photographs.names),
    }


def publish(
    name: str, run: Path, found: dict[str, Any], options: argparse.Namespace
) -> None:
    """Put what pages show of a run into the results, all of it or nothing."""
    about = json.loads((run / RUN).read_bytes())
    weights = json.loads(find_backbone(run).with_suffix(".json").read_bytes())
    recipe = find_recipe("backbone")
    lacks: list[dict[str, Any]] = []
    if about["method"] == LabelsConfig.method:
        wanted, done = LONG, about["config"]["epochs"]
        if done < wanted:
            lacks = [{"setting": "epochs", "recipe": wanted, "here": done}]
    if about["method"] == recipe.config.method:
        scored = found["validation"]["photographs"]
        lacks = differences(recipe, about, scored)
    about |= {
        "recipe": "backbone",
        "collection": options.collection,
        "command": made_by(name, about),
        "judged_by": command(
            "measure_backbone.py",
            photographs=last_parts(options.photographs),
            score=last_parts(options.score),
        ),
        "weights_sha256": weights["sha256"],
        "lacks": lacks,
        "scale": "reduced" if lacks else "full",
    }
    with replacing_folder(options.results / name) as part:
        shutil.copy(run / METRICS, part)
        (part / RUN).write_text(json.dumps(about, indent=2) + "\n")
        (part / PROBE).write_text(json.dumps(found, indent=2) + "\n")


def made_by(name: str, about: Mapping[str, Any]) -> str:
    """Say what trains a run again."""
    sources = about["data"]["sources"]
    if about["method"] == "labels":
        return command(
            "pretrain_on_labels.py",
            photographs=sources,
            epochs=about["config"]["epochs"],
        )
    config, recipe = about["config"], asdict(find_recipe("backbone").config)
    words = [f"--data {source}" for source in sources]
    words += [f"--teachers {file}" for file in config["teachers"]]
    for setting in ("epochs", "size", "teacher_size"):
        if config[setting] != recipe[setting]:
            words.append(f"--{setting.replace('_', '-')} {config[setting]}")
    return f"colorlib train runs/{name} --recipe backbone {' '.join(words)}"


def table(found: Mapping[str, Any]) -> str:
    """Lay the numbers out for a terminal."""
    lines = []
    for name, asked in found["networks"].items():
        cells = [f"{name:20} probe {_shown(asked['probe'])}"]
        for teacher, numbers in asked["agreement"].items():
            cells.append(f"as {teacher} {_shown(numbers)}")
        for teacher, numbers in asked["head"].items():
            cells.append(f"head as {teacher} {_shown(numbers)}")
        lines.append("  ".join(cells))
    return "\n".join(lines)


def _shown(numbers: Mapping[str, float]) -> str:
    return "{value:.3f} [{low:.3f}, {high:.3f}]".format(**numbers)


@torch.no_grad()
def _in_gray(network: torch.nn.Module, batch: Tensor) -> tuple[Tensor, Tensor]:
    return network(lab_batch(batch)[0])


@torch.no_grad()
def _in_color(network: torch.nn.Module, batch: Tensor) -> tuple[Tensor, Tensor]:
    return network(batch.permute(0, 3, 1, 2) / 255)


def _largest(
    x: np.ndarray, y: np.ndarray, asked: np.ndarray, penalty: float
) -> np.ndarray:
    """Ridge regression in closed form, on standardized features."""
    mean, std = x.mean(0), x.std(0)
    std[std == 0] = 1
    x, asked = (x - mean) / std, (asked - mean) / std
    gram = x.T @ x + penalty * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, x.T @ (y - y.mean(0)))
    return (asked @ weights + y.mean(0)).argmax(1)


if __name__ == "__main__":
    sys.exit(main())
