"""What a shell sees of a training: a bar, sample sheets, TensorBoard.

Where nobody looks, in a pipe or a log, the bar becomes a line now and then.
Of several processes that train together, the main one speaks. Chapter 10.
"""

import os
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from colorlib.cli.terminal import progress_bar, telling
from colorlib.training.config import TrainConfig

if TYPE_CHECKING:
    from colorlib.models.generator import Generator
    from colorlib.training.progress import Progress

LINE_EVERY = 30.0  # seconds


class Showing:
    """Shows one training, from its photographs to its end.

    Args:
        folder: the run's; sheets go into its "samples".
        config: what is trained.
        sheets: after these epochs, from 1, a sheet is made.
        tensorboard: write for TensorBoard, too.

    Raises:
        ModuleNotFoundError: if that is not installed.
    """

    def __init__(
        self,
        folder: Path,
        config: TrainConfig,
        sheets: set[int],
        *,
        tensorboard: bool = False,
    ):
        self.folder, self.config, self.sheets = folder, config, sheets
        # What starts several processes numbers them.
        self.speaks = os.environ.get("RANK", "0") == "0"
        self.bar = progress_bar(
            "{task.description}",
            "{task.fields[said]}",
            counted=False,
            shown=self.speaks,
        )
        self.preparing = self.bar.add_task("", visible=False, said="")
        self.stack, self.board = ExitStack(), None
        if tensorboard and self.speaks:
            from colorlib.training.tensorboard import Board

            self.board = self.stack.enter_context(closing(Board(folder)))

    def __enter__(self) -> "Showing":
        self.stack.enter_context(self.bar)
        if self.speaks:
            self.stack.enter_context(telling(self.bar.console))
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def on_caching(self, done: int, total: int) -> None:
        """Show how many photographs are decoded."""
        self.bar.update(
            self.preparing,
            description=f"decoding {done}/{total}",
            completed=done,
            total=total,
            visible=done < total,
        )

    def on_download(self, name: str, done: int, total: int | None) -> None:
        """Show how much of a file of weights has come."""
        self.bar.update(
            self.preparing,
            description=f"downloading {name}",
            completed=done,
            total=total,
            visible=done != total,
        )

    def on_epoch(self, epoch: int, G: "Generator") -> None:
        """Make a sample sheet, if it is time for one."""
        if epoch not in self.sheets:
            return
        from colorlib.training.samples import sample_sheet

        path = self.folder / "samples" / f"epoch-{epoch:03}.webp"
        sheet = sample_sheet(G, path, size=self.config.size)
        if self.board:
            self.board.add_sheet(sheet, epoch)

    def watch(self, run: "Iterable[Progress]") -> "Progress":
        """Show a run as it goes on; return where it ended."""
        task, told = None, time.monotonic()
        for now in run:
            epoch = f"epoch {now.epoch}/{self.config.epochs}"
            if task is None:  # a resumed run does not begin at 0
                task = self.bar.add_task(epoch, completed=now.step, said="")
            said = losses_and_speed(now)
            self.bar.update(
                task,
                description=epoch,
                said=said,
                completed=now.step,
                total=now.total,
            )
            if self.board:
                self.board.add(now)
            silent = self.speaks and self.bar.disable
            if silent and time.monotonic() - told >= LINE_EVERY:
                told = time.monotonic()
                left = _left(self.bar.tasks[-1].time_remaining)
                self._line(f"{epoch}, {said}{left}")
        return now

    def _line(self, text: str) -> None:
        self.bar.console.print(
            text, markup=False, highlight=False, soft_wrap=True
        )


def losses_and_speed(now: "Progress") -> str:
    """Say where a run is in a few words, such as "l1 0.087, 31 photos/s"."""
    losses = " ".join(f"{name} {mean:.3f}" for name, mean in now.losses.items())
    speed = now.photos_per_second
    return f"{losses}, {speed:.{0 if speed >= 10 else 2}f} photos/s"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f", {timedelta(seconds=round(seconds))} left"
