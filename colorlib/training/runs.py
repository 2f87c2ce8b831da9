"""A run's folder: what was done, and what came of it.

    run.json               configuration, data, seeds, device, versions,
                           commit, throughput
    metrics.csv            a row an epoch
    last.ckpt              everything that is needed to go on
    generator.safetensors  the network, and generator.json, its card

Numbers in the course come from such folders. Chapter 10.
"""

import csv
import io
import json
import platform
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from colorlib import __version__
from colorlib.data.dataset import CachedPhotos
from colorlib.files import replacing
from colorlib.training.checkpoint import (
    Stateful,
    load_checkpoint,
    save_checkpoint,
)
from colorlib.training.config import TrainConfig

CHECKPOINT, METRICS, RUN = "last.ckpt", "metrics.csv", "run.json"


@dataclass(frozen=True)
class Progress:
    """Where a run is, for whoever shows it."""

    step: int
    """Steps done."""
    total: int
    """Steps in all."""
    epoch: int
    """The epoch being trained, from 1."""
    losses: dict[str, float]
    """Means over the epoch so far."""
    photos_per_second: float
    """Since this process began."""


class Run:
    """A folder that a training run writes into, and can be resumed from."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.rows: list[dict[str, float]] = []
        self.sums: dict[str, Tensor] = {}
        self.steps_in_epoch = 0
        self.seconds_before = 0.0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long this run has trained, resumptions added up."""
        return self.seconds_before + time.monotonic() - self.began

    def start(
        self,
        method: str,
        config: TrainConfig,
        photos: CachedPhotos,
        source: str,
    ) -> None:
        """Say what is about to be done, in `run.json`.

        Args:
            method: "pretrain" or "gan".
            config: its configuration.
            photos: what is trained on.
            source: where the photographs come from, in words.

        Raises:
            FileExistsError: if the folder holds a run already.
        """
        if (self.folder / RUN).exists():
            raise FileExistsError(
                f"{self.folder} holds a run already; resume it (--resume) or"
                " choose another folder"
            )
        self._write_json(
            {
                "method": method,
                "config": asdict(config),
                "data": describe_data(photos, source),
                "machine": describe_machine(),
                "started": datetime.now(UTC).isoformat(timespec="seconds"),
                "finished": None,
            }
        )

    def resume(
        self,
        parts: dict[str, Stateful],
        config: TrainConfig,
        photos: CachedPhotos,
    ) -> int:
        """Go back to where the run stopped.

        Args:
            parts: the state's networks and optimizers; changed in place.
            config: must be what the run was started with.
            photos: must be what the run was started with.

        Returns:
            The step to go on from.

        Raises:
            FileNotFoundError: if there is no checkpoint.
            ValueError: if configuration or photographs are others.
        """
        values = load_checkpoint(self.folder / CHECKPOINT, parts)
        begun = self.read()
        for what, then, now in (
            ("configuration", begun["config"], asdict(config)),
            ("photographs", begun["data"]["list_hash"], photos.list_hash),
        ):
            if then != now:
                raise ValueError(
                    f"{self.folder} was started with another {what}"
                    f" ({_difference(then, now)}); resume with the same, or"
                    " start a new run"
                )
        self.rows = values["rows"]
        self.sums = values["sums"]
        self.steps_in_epoch = values["steps_in_epoch"]
        self.seconds_before = values["seconds"]
        self.began = time.monotonic()
        self._write_rows()
        return values["step"]

    def add(self, losses: dict[str, Tensor]) -> None:
        """Add a step's losses to the epoch's sums, on their device."""
        self.steps_in_epoch += 1
        for name, loss in losses.items():
            self.sums[name] = self.sums.get(name, 0) + loss.double()

    def means(self) -> dict[str, float]:
        """Mean losses of the epoch so far. Waits for the device."""
        steps = max(self.steps_in_epoch, 1)
        return {name: float(s) / steps for name, s in self.sums.items()}

    def end_epoch(self, epoch: int) -> None:
        """Write the epoch's row into `metrics.csv`.

        Args:
            epoch: which epoch has ended, from 1.
        """
        row = {"epoch": epoch, **self.means(), "seconds": self.seconds}
        self.rows.append(row)
        self.sums, self.steps_in_epoch = {}, 0
        self._write_rows()

    def save(self, parts: dict[str, Stateful], step: int) -> None:
        """Write a checkpoint: everything needed to go on from here.

        Raises:
            FloatingPointError: if a loss is not a number; the checkpoint of
                before stays.
        """
        bad = [name for name, mean in self.means().items() if mean != mean]
        if bad:
            raise FloatingPointError(
                f"the loss {bad[0]} is not a number at step {step}; the last"
                f" good checkpoint is kept in {self.folder}: resume with a"
                " smaller learning rate in a new run"
            )
        save_checkpoint(
            self.folder / CHECKPOINT,
            parts,
            step=step,
            rows=self.rows,
            sums=self.sums,
            steps_in_epoch=self.steps_in_epoch,
            seconds=self.seconds,
        )

    def finish(self, photographs: int) -> None:
        """Say in `run.json` that the run is complete, and how fast it was.

        Args:
            photographs: how many were trained on, each epoch counted.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._write_json(
            self.read()
            | {
                "finished": now,
                "wall_seconds": round(self.seconds, 1),
                "photographs_per_second": round(photographs / self.seconds, 2),
            }
        )

    def read(self) -> dict[str, Any]:
        """Read `run.json`.

        Raises:
            FileNotFoundError: if the folder holds no run.
        """
        path = self.folder / RUN
        if not path.exists():
            raise FileNotFoundError(f"{self.folder} holds no run to resume")
        return json.loads(path.read_text())

    def _write_json(self, content: dict[str, Any]) -> None:
        with replacing(self.folder / RUN) as part:
            part.write_text(json.dumps(content, indent=2) + "\n")

    def _write_rows(self) -> None:
        text = io.StringIO()
        if self.rows:
            writer = csv.DictWriter(
                text, list(self.rows[0]), lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(self.rows)
        with replacing(self.folder / METRICS) as part:
            part.write_text(text.getvalue())


def describe_data(photos: CachedPhotos, source: str) -> dict[str, Any]:
    """Say what a run was trained on.

    Args:
        photos: the photographs, as the batches see them.
        source: where they come from, in words.

    Returns:
        Source, number, hash of the list, and how many could not be read.
    """
    return {
        "source": source,
        "photographs": len(photos),
        "list_hash": photos.list_hash,
        "left_out": len(photos.left_out),
    }


def describe_machine() -> dict[str, Any]:
    """Say what a run runs on: device, threads, versions, commit."""
    gpu = torch.cuda.is_available()
    packages = ("torch", "torchvision", "accelerate", "numpy", "pillow")
    return {
        "device": torch.cuda.get_device_name() if gpu else "cpu",
        "processor": platform.machine(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "colorlib": __version__,
        **{name: _version(name) for name in packages},
        "commit": _commit(),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit of the checkout that this file lies in, if it is one."""
    git = ["git", "-C", str(Path(__file__).parent), "describe"]
    git += ["--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(git, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _difference(then: Any, now: Any) -> str:
    if not isinstance(then, dict):
        return f"{then}, now {now}"
    changed = [key for key in now if then.get(key) != now[key]]
    return ", ".join(
        f"{key}: {then.get(key)}, now {now[key]}" for key in changed
    )
