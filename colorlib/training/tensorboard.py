"""A run's losses and sample sheets in TensorBoard, for those who have it.

Beside `metrics.csv`, which is written anyway and has a row an epoch:
`tensorboard --logdir RUN_DIR` shows every half second of it. Chapter 10.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from colorlib.shapes import RGBArray
from colorlib.training.progress import Progress

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class Board:
    """Writes what TensorBoard shows.

    Args:
        run: the run's folder; nothing is written before the first `add`.

    Raises:
        ModuleNotFoundError: if the extra "tensorboard" isn't installed.
    """

    def __init__(self, run: str | Path):
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"a log for TensorBoard needs the package {error.name}, which"
                " is not installed: pip install tensorboard"
            ) from error
        self._open = lambda: SummaryWriter(Path(run) / "tensorboard")

    @cached_property
    def _writer(self) -> "SummaryWriter":
        """Made when there is something to write: it makes the folder."""
        return self._open()

    def add(self, now: Progress) -> None:
        """Show where the run is: its losses, and how fast it goes."""
        for name, mean in now.losses.items():
            self._writer.add_scalar(f"losses/{name}", mean, now.step)
        speed = now.photos_per_second
        self._writer.add_scalar("photographs_per_second", speed, now.step)

    def add_sheet(self, sheet: RGBArray, epoch: int) -> None:
        """Show a sample sheet: see `samples.sample_sheet`.

        Args:
            sheet: sRGB bytes, height x width x 3.
            epoch: after which it was made, from 1.
        """
        self._writer.add_image("samples", sheet, epoch, dataformats="HWC")

    def close(self) -> None:
        """Write what is still held back."""
        if "_writer" in vars(self):
            self._writer.close()
