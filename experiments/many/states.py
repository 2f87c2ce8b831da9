"""What became of the runs that were to be recorded, and saying it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tqdm import tqdm

from colorlib.files import replacing

STATES = "runs.json"
WAITING, BEGUN, RECORDED, FAILED = "waiting", "begun", "recorded", "failed"


@dataclass
class State:
    """What became of a run."""

    state: str = WAITING
    """One of the words above."""
    step: int = 0
    """Steps done."""
    steps: int | None = None
    """Steps in all, once they are known."""
    seconds_per_step: float | None = None
    """Once it is measured."""
    said: str = ""
    """Why it is not recorded."""
    frames: list[str] = field(default_factory=list)
    """Where it failed: file, line and function, and no folder of a machine."""

    def __str__(self) -> str:
        steps = f", step {self.step:,} of {self.steps:,}" if self.steps else ""
        return self.state + steps + (f" ({self.said})" if self.said else "")


def save(path: Path, states: Mapping[str, State]) -> None:
    """Write down what became of the runs, as JSON."""
    content = {name: asdict(state) for name, state in states.items()}
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n")


def tell(text: str) -> None:
    """Say a line beside the bars."""
    tqdm.write(text, file=sys.stderr)
