"""Mean losses, epoch by epoch: the rows of `metrics.csv`. Chapter 10."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from torch import Tensor


class LossLog:
    """Adds up the losses of steps, and keeps a row of means an epoch.

    Losses stay on the device until a mean is asked for: reading a number
    from a GPU makes it wait.

    Attributes:
        rows: one an epoch: "epoch", the mean of each loss, "seconds".

    Example:
        >>> import torch
        >>> log = LossLog()
        >>> log.add({"l1": torch.tensor(1.0)})
        >>> log.add({"l1": torch.tensor(2.0)})
        >>> log.means()
        {'l1': 1.5}
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self._sums: dict[str, Tensor] = {}
        self._steps = 0

    def add(self, losses: Mapping[str, Tensor]) -> None:
        """Count a step's losses in."""
        self._steps += 1
        for name, loss in losses.items():
            self._sums[name] = self._sums.get(name, 0) + loss

    def means(self) -> dict[str, float]:
        """Mean losses of the epoch so far, of the last one if it just ended.

        Waits for the device.
        """
        if not self._steps:
            last = dict(self.rows[-1]) if self.rows else {}
            return {k: last[k] for k in last if k not in ("epoch", "seconds")}
        return {n: float(x) / self._steps for n, x in self._sums.items()}

    def end_epoch(self, epoch: int, seconds: float) -> None:
        """Add the epoch's row, and begin the next one.

        Args:
            epoch: which epoch has ended, from 1.
            seconds: how long the run has trained.
        """
        row = {"epoch": epoch, **self.means(), "seconds": round(seconds, 3)}
        self.rows.append(row)
        self._sums, self._steps = {}, 0

    def to_csv(self) -> str:
        """The rows as CSV; empty before the first."""
        text = io.StringIO()
        if self.rows:
            names = list(self.rows[0])
            writer = csv.DictWriter(text, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
        return text.getvalue()

    def values(self) -> dict[str, Any]:
        """What a checkpoint must hold."""
        return {
            "rows": self.rows,
            "sums": self._sums,
            "steps_in_epoch": self._steps,
        }

    def restore(self, values: Mapping[str, Any]) -> None:
        """Go back to what `values` gave."""
        self.rows = values["rows"]
        self._sums = values["sums"]
        self._steps = values["steps_in_epoch"]
