"""A run's folder: what was done, and what came of it.

    run.json               configuration, data, seeds, device, versions,
                           commit, throughput
    metrics.csv            a row an epoch: mean losses, seconds so far
    last.ckpt              everything that is needed to go on
    generator.safetensors  the network, and generator.json, its card; of a
                           distillation backbone.safetensors, and its card

Killed at any moment, the folder can be read and gone on with. It names no
path of the machine. Numbers in the course come from such folders. Chapter 10.
"""

import json
import math
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from colorlib.files import replacing
from colorlib.training.checkpoint import (
    Stateful,
    load_checkpoint,
    save_checkpoint,
)
from colorlib.training.loss_log import LossLog
from colorlib.training.metadata import check_same_run

CHECKPOINT, METRICS, RUN = "last.ckpt", "metrics.csv", "run.json"
# What a new run would replace if it were there.
WRITTEN = (
    CHECKPOINT,
    METRICS,
    "generator.safetensors",
    "generator.json",
    "backbone.safetensors",
    "backbone.json",
    "samples",
)
# What `resume` reads in run.json; other keys are for people.
NEEDED = {
    "method",
    "config",
    "generator_sha256",
    "backbone_sha256",
    "data",
    "finished",
    "resumed",
}


def read_run(folder: str | Path) -> dict[str, Any]:
    """Read `run.json`.

    Args:
        folder: the run's folder.

    Returns:
        What it holds: see `metadata.describe_run`.

    Raises:
        FileNotFoundError: if the folder holds no run.
        ValueError: if it is not what this version writes.
    """
    path = Path(folder) / RUN
    if not path.exists():
        raise FileNotFoundError(
            f"{folder} holds no run to resume; start one without --resume"
        )
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(
            f"{path} is damaged ({error}); restore it, or start a new run in"
            " another folder"
        ) from error
    if not isinstance(content, dict):
        content = {}
    if missing := NEEDED - content.keys():
        raise ValueError(
            f"{path} lacks {', '.join(sorted(missing))}: another version of"
            " colorlib wrote it; go on with that version, or start a new run"
            " in another folder"
        )
    return content


def check_new(folder: str | Path) -> None:
    """Make sure that nothing in the folder would be replaced.

    Args:
        folder: where a new run is to be kept.

    Raises:
        FileExistsError: if it holds a run, or a file by the name of one that
            a run writes.
    """
    folder = Path(folder)
    if (folder / RUN).exists():
        raise FileExistsError(
            f"{folder} holds a run already; resume it (--resume) or choose"
            " another folder"
        )
    for name in WRITTEN:
        if os.path.lexists(folder / name):
            raise FileExistsError(
                f"{folder / name} exists, and {RUN} is not beside it; move it,"
                " or choose another folder for the run"
            )


class Run:
    """A folder that a training run writes into, and can be resumed from.

    Args:
        folder: the folder, made when the run is started.
        writes: False in all but the main one of several processes.

    Attributes:
        about: the content of `run.json`, once the run has begun.
    """

    def __init__(self, folder: str | Path, *, writes: bool = True):
        self.folder = Path(folder)
        self.writes = writes
        self.about: dict[str, Any] = {}
        self.losses = LossLog()
        self._seconds_before = 0.0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long this run has taken, resumptions added up.

        What the caller does in between, such as in `on_epoch`, is in it.
        """
        return self._seconds_before + time.monotonic() - self._began

    @property
    def finished(self) -> bool:
        """Whether `run.json` says that the run has ended."""
        return bool(self.about.get("finished"))

    def start(
        self, parts: Mapping[str, Stateful], about: dict[str, Any]
    ) -> None:
        """Write what is about to be done, and a first checkpoint.

        Args:
            parts: the state's networks and optimizers.
            about: what is done: see `metadata.describe_run`.
        """
        self._began = time.monotonic()
        self._clean()
        # In this order, whoever finds a run.json can resume.
        self.save(parts, step=0)
        times: dict[str, Any] = {
            "started": _now(),
            "resumed": [],
            "finished": None,
        }
        self.write(about | times)

    def resume(
        self, parts: Mapping[str, Stateful], about: dict[str, Any]
    ) -> int:
        """Go back to where the run stopped.

        Args:
            parts: the state's networks and optimizers; changed in place.
            about: what is to be done now. The machine may be another one.

        Returns:
            The step to go on from.

        Raises:
            FileNotFoundError: if there is no run or no checkpoint.
            ValueError: if method, settings or photographs are others.
        """
        self.about = read_run(self.folder)
        check_same_run(self.folder, self.about, about)
        values = load_checkpoint(self.folder / CHECKPOINT, parts)
        self.losses.restore(values)
        self._seconds_before = values["seconds"]
        self._began = time.monotonic()
        if not self.finished:
            self._clean()
            self._write(METRICS, self.losses.to_csv())
            again = {"step": values["step"], "at": _now()}
            again["machine"] = about["machine"]
            resumed = [*self.about["resumed"], again]
            self.write(self.about | {"resumed": resumed})
        return values["step"]

    def add(self, losses: Mapping[str, Tensor]) -> None:
        """Count a step's losses in; they stay on the device."""
        self.losses.add(losses)

    def means(self) -> dict[str, float]:
        """Mean losses of the epoch so far, of the last one if it just ended.

        Waits for the device.

        Raises:
            FloatingPointError: if a loss is not a finite number.
        """
        means = self.losses.means()
        for name, mean in means.items():
            if not math.isfinite(mean):
                self._stop(f"the loss {name}")
        return means

    def end_epoch(self, epoch: int) -> None:
        """Write the epoch's row into `metrics.csv`.

        Args:
            epoch: which epoch has ended, from 1.

        Raises:
            FloatingPointError: if a loss is not a finite number.
        """
        self.means()
        self.losses.end_epoch(epoch, self.seconds)
        self._write(METRICS, self.losses.to_csv())

    def save(self, parts: Mapping[str, Stateful], step: int) -> None:
        """Write a checkpoint: everything needed to go on from here.

        Args:
            parts: the state's networks and optimizers.
            step: steps done.

        Raises:
            FloatingPointError: if a loss or a weight is not a finite number;
                the checkpoint of before stays.
        """
        self.means()
        for name, part in parts.items():
            if isinstance(part, nn.Module) and not _all_finite(part):
                self._stop(f"a weight of {name}")
        if self.writes:
            values = self.losses.values()
            values |= {"step": step, "seconds": self.seconds}
            save_checkpoint(self.folder / CHECKPOINT, parts, **values)

    def ended(self, photographs: int) -> dict[str, Any]:
        """Say what `run.json` says at the end: when it was, and how fast.

        Args:
            photographs: how many were trained on, each epoch counted.

        Returns:
            The content of `run.json`, the end included.
        """
        return self.about | {
            "finished": _now(),
            "wall_seconds": round(self.seconds, 1),
            "photographs_per_second": round(photographs / self.seconds, 2),
        }

    def write(self, about: dict[str, Any]) -> None:
        """Write `run.json`."""
        self.about = about
        # In ASCII, since a folder's name need not be UTF-8.
        self._write(RUN, json.dumps(about, indent=2) + "\n")

    def _write(self, name: str, text: str) -> None:
        if self.writes:
            with replacing(self.folder / name) as part:
                part.write_text(text, encoding="utf-8")

    def _clean(self) -> None:
        """Remove what a killed process was in the middle of writing."""
        if self.writes:
            for part in self.folder.rglob(".*.part"):
                part.unlink(missing_ok=True)

    def _stop(self, what: str) -> None:
        raise FloatingPointError(
            f"{what} is not a finite number any more: a step was too long, and"
            " all after it are spoiled; the last good checkpoint stays in"
            f" {self.folder}: start a new run with a smaller learning rate"
        )


def _all_finite(network: nn.Module) -> bool:
    return all(t.isfinite().all() for t in network.state_dict().values())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
