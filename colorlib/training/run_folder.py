"""A run's folder: what was done, and what came of it.

    run.json               configuration, data, seeds, device, versions,
                           commit, throughput
    metrics.csv            a row an epoch: mean losses, seconds so far
    last.ckpt              everything that is needed to go on
    generator.safetensors  the network, and generator.json, its card

Killed at any moment, the folder can be read and gone on with. It names no
path of the machine. Numbers in the course come from such folders. Chapter 10.
"""

import csv
import io
import json
import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
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

CHECKPOINT, METRICS, RUN = "last.ckpt", "metrics.csv", "run.json"
# What a new run would replace if it were there.
WRITTEN = (
    CHECKPOINT,
    METRICS,
    "generator.safetensors",
    "generator.json",
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

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.step >= self.total


class Run:
    """A folder that a training run writes into, and can be resumed from.

    Args:
        folder: the folder, made when the run is started.
        writes: False in all but the main one of several processes.
    """

    def __init__(self, folder: str | Path, *, writes: bool = True):
        self.folder = Path(folder)
        self.writes = writes
        self.rows: list[dict[str, float]] = []
        self.sums: dict[str, Tensor] = {}
        self.steps_in_epoch = 0
        self.seconds_before = 0.0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long this run has trained, resumptions added up."""
        return self.seconds_before + time.monotonic() - self.began

    def must_be_new(self) -> None:
        """Make sure that nothing in the folder would be replaced.

        Raises:
            FileExistsError: if it holds a run, or a file by the name of one
                that a run writes.
        """
        if (self.folder / RUN).exists():
            raise FileExistsError(
                f"{self.folder} holds a run already; resume it (--resume) or"
                " choose another folder"
            )
        for name in WRITTEN:
            if os.path.lexists(self.folder / name):
                raise FileExistsError(
                    f"{self.folder / name} exists, and {RUN} is not beside it;"
                    " move it, or choose another folder for the run"
                )

    def start(
        self, parts: Mapping[str, Stateful], about: dict[str, Any]
    ) -> None:
        """Write what is about to be done, and a first checkpoint.

        Args:
            parts: the state's networks and optimizers.
            about: what is done: see `describe.describe_run`.
        """
        self.began = time.monotonic()
        self._clean()
        # In this order, whoever finds a run.json can resume.
        self.save(parts, step=0)
        times = {"started": _now(), "resumed": [], "finished": None}
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
        begun = self.read()
        changed = _differences(_settings(begun), _settings(about))
        if changed:
            raise ValueError(
                f"{self.folder} was started with {', '.join(changed)}; resume"
                " with the same, or start a new run"
            )
        values = load_checkpoint(self.folder / CHECKPOINT, parts)
        self.rows = values["rows"]
        self.sums = values["sums"]
        self.steps_in_epoch = values["steps_in_epoch"]
        self.seconds_before = values["seconds"]
        self.began = time.monotonic()
        if not begun["finished"]:
            self._clean()
            self._write_rows()
            again = {"step": values["step"], "at": _now()}
            again["machine"] = about["machine"]
            self.write(begun | {"resumed": [*begun["resumed"], again]})
        return values["step"]

    def add(self, losses: dict[str, Tensor]) -> None:
        """Add a step's losses to the epoch's sums, on their device."""
        self.steps_in_epoch += 1
        for name, loss in losses.items():
            self.sums[name] = self.sums.get(name, 0) + loss.float()

    def means(self) -> dict[str, float]:
        """Mean losses of the epoch so far, of the last one if it just ended.

        Waits for the device.

        Raises:
            FloatingPointError: if a loss is not a finite number.
        """
        if not self.steps_in_epoch:
            last = dict(self.rows[-1]) if self.rows else {}
            return {k: last[k] for k in last if k not in ("epoch", "seconds")}
        means = {
            name: float(total) / self.steps_in_epoch
            for name, total in self.sums.items()
        }
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
        row = {
            "epoch": epoch,
            **self.means(),
            "seconds": round(self.seconds, 3),
        }
        self.rows.append(row)
        self.sums, self.steps_in_epoch = {}, 0
        self._write_rows()

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
        if not self.writes:
            return
        save_checkpoint(
            self.folder / CHECKPOINT,
            parts,
            step=step,
            rows=self.rows,
            sums=self.sums,
            steps_in_epoch=self.steps_in_epoch,
            seconds=self.seconds,
        )

    def report(self, photographs: int) -> dict[str, Any]:
        """Say what `run.json` says at the end: when it was, and how fast.

        Args:
            photographs: how many were trained on, each epoch counted.

        Returns:
            The content of `run.json`, the end included.
        """
        return self.read() | {
            "finished": _now(),
            "wall_seconds": round(self.seconds, 1),
            "photographs_per_second": round(photographs / self.seconds, 2),
        }

    def read(self) -> dict[str, Any]:
        """Read `run.json`.

        Raises:
            FileNotFoundError: if the folder holds no run.
            ValueError: if it is not what this version writes.
        """
        path = self.folder / RUN
        if not path.exists():
            raise FileNotFoundError(
                f"{self.folder} holds no run to resume; start one without"
                " --resume"
            )
        try:
            content = json.loads(path.read_bytes())
        except ValueError as error:
            raise ValueError(
                f"{path} is damaged ({error}); restore it, or start a new run"
                " in another folder"
            ) from error
        if not isinstance(content, dict):
            content = {}
        if missing := NEEDED - content.keys():
            raise ValueError(
                f"{path} lacks {', '.join(sorted(missing))}: another version"
                " of colorlib wrote it; go on with that version, or start a"
                " new run in another folder"
            )
        return content

    def write(self, content: dict[str, Any]) -> None:
        """Write `run.json`."""
        # In ASCII, since a folder's name need not be UTF-8.
        text = json.dumps(content, indent=2)
        self._write(RUN, text + "\n")

    def _write_rows(self) -> None:
        text = io.StringIO()
        if self.rows:
            writer = csv.DictWriter(
                text, list(self.rows[0]), lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(self.rows)
        self._write(METRICS, text.getvalue())

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


def _settings(about: dict[str, Any]) -> dict[str, Any]:
    """What must stay the same when a run is resumed."""
    return {
        "method": about["method"],
        **about["config"],
        "generator_sha256": about["generator_sha256"],
        "backbone_sha256": about["backbone_sha256"],
        "photographs": dict(about["data"]).get("list_hash"),
    }


def _differences(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [
        f"{key} {then.get(key)} (now {now[key]})"
        for key in now
        if then.get(key) != now[key]
    ]
