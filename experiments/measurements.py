"""What the records of measurements share, in which nothing is trained.

Each has a folder in book/results, like a run: run.json says what was measured
on what, report.json what came out.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from accelerate import Accelerator
from command_line import last_parts

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import Recorded
from colorlib.evaluation.bootstrap import Estimate
from colorlib.files import replacing_folder
from colorlib.training.metadata import describe_machine
from colorlib.training.run_folder import RUN


def describe_measurement(
    settings: dict[str, Any],
    *,
    sources: list[str],
    photographs: int,
    pictures: int,
    seconds: float,
    collection: str | None,
    command: str,
) -> dict[str, Any]:
    """Say what was measured, on what, and how long it took.

    Args:
        settings: what can be chosen.
        sources: of the photographs.
        photographs: how many were measured.
        pictures: how many went through a network, or were measured, for them.
        seconds: how long it took.
        collection: what to call the photographs, on the page.
        command: what makes the record again.

    Returns:
        What run.json holds.
    """
    return {
        "method": "measurement",
        "config": {"epochs": 0} | settings,
        "data": {"sources": last_parts(sources), "photographs": photographs},
        "collection": collection,
        "machine": describe_machine(Accelerator(cpu=True)),
        "command": command,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 1),
        "photographs_per_second": round(pictures / seconds, 2),
    }


def publish_measurement(
    folder: Path,
    run: dict[str, Any],
    report: str,
    add: Callable[[Path], object] | None = None,
) -> None:
    """Write a record, all of it or nothing.

    Args:
        folder: its own, in the results.
        run: see `describe_measurement`.
        report: what came out, as JSON.
        add: writes more files into the folder that it gets.
    """
    with replacing_folder(folder) as part:
        (part / RUN).write_text(json.dumps(run, indent=2) + "\n")
        (part / "report.json").write_text(report + "\n")
        if add:
            add(part)


def model_of(run: Recorded, model: str) -> Colorizer:
    """Load what a recorded run has trained.

    Args:
        run: the run; its report says which weights it is about.
        model: a file of weights, or a folder with one.

    Raises:
        ValueError: if it is another one.
    """
    colorizer = Colorizer.load(model)
    scored = run.report["model"]["sha256"]
    if colorizer.sha256 != scored:
        raise ValueError(
            f"{model} is not the model of {run.name}: its report is about"
            f" weights with SHA-256 {scored[:12]}, these have"
            f" {colorizer.sha256[:12]}; give the run's own"
        )
    return colorizer


def estimate(
    statistic: Callable[..., float], values: np.ndarray
) -> dict[str, float]:
    """Compute a number, with its 95 % interval over photographs.

    Args:
        statistic: makes it of some photographs.
        values: a row a photograph.
    """
    found = Estimate.of(statistic, values)
    return {"value": found.value, "low": found.low, "high": found.high}
