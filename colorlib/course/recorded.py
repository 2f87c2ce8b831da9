"""Recorded runs: what a reader's machine can't train in a minute.

Chapters take numbers and pictures from `book/results`, where every run has a
folder, written by `experiments/record.py` (those of chapter 03, which fail, by
`record_failures.py`); nobody types a result. It holds
run.json (what was done), metrics.csv (a row an epoch), report.json (scores
at the end; those after epoch 20 in report-020.json) and pictures,
samples/epoch-020/*.webp. A run in stages has run-1.json, metrics-1.csv and
so on instead.
"""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from colorlib.training.recipes import RECIPES

# Whoever installed the package has no book/, so `setup.py` packs the runs.
_PACKED = Path(__file__).resolve().parents[1] / "results"
_CHECKOUT = Path(__file__).resolve().parents[2] / "book" / "results"
RESULTS = _PACKED if _PACKED.is_dir() else _CHECKOUT
# What some runs have besides: see `colorlib.evaluation.people`,
# `colorlib.evaluation.chroma_scaling` and `colorlib.evaluation.looks`.
PEOPLE = "people.json"
PROBE = "probe.json"
CHROMA = "chroma.json"
LOOKS = "looks.json"
ROWS = "rows.csv"


class NotRecordedError(LookupError):
    """A run that the course wants and nobody has recorded yet."""


@dataclass(frozen=True)
class Recorded:
    """A run that was recorded. As a cell's last line it says what it is."""

    name: str
    """Its name, and its folder's."""
    folder: Path
    """Where it lies."""

    @cached_property
    def stages(self) -> list[dict[str, Any]]:
        """What was done, as run.json says it; an entry a stage."""
        return [
            json.loads(path.read_text(encoding="utf-8"))
            for path in self._files("run", "json")
        ]

    @property
    def run(self) -> dict[str, Any]:
        """What was done in the only stage, or in the last."""
        return self.stages[-1]

    @cached_property
    def curves(self) -> list[dict[str, list[float]]]:
        """Losses as columns of a row an epoch; an entry a stage."""
        return [_columns(path) for path in self._files("metrics", "csv")]

    @property
    def metrics(self) -> dict[str, list[float]]:
        """Losses of the only stage, or of the last: `metrics["d"][0]`."""
        return self.curves[-1]

    @cached_property
    def reports(self) -> dict[int, dict[str, Any]]:
        """Scores by the epoch after which they were taken, in order."""
        files = {
            _number(path): path for path in self.folder.glob("report-*.json")
        }
        files[self.run["config"]["epochs"]] = self.folder / "report.json"
        return {
            epoch: json.loads(files[epoch].read_text(encoding="utf-8"))
            for epoch in sorted(files)
        }

    @property
    def report(self) -> dict[str, Any]:
        """Scores at the end: `report["groups"]["all"]["scores"]`."""
        return self.reports[self.run["config"]["epochs"]]

    def scores(self, epoch: int | None = None, who: str = "model") -> Any:
        """Read the scores of all photographs that the run was scored on.

        Args:
            epoch: one of those in `reports`; the last one if not given.
            who: the model, a baseline, or "model - gray", their difference in
                pairs.

        Returns:
            By the name of a measure an `Estimate`: the number and its 95 %
            confidence interval over photographs.

        Raises:
            ValueError: if nothing was scored after that epoch, or there is
                no such baseline.

        Example:
            >>> recorded("compact").scores()["ciede2000"].value < 10
            True
        """
        from colorlib.evaluation.bootstrap import Estimate  # heavy

        asked = self.run["config"]["epochs"] if epoch is None else epoch
        if asked not in self.reports:
            raise ValueError(
                f"{self.name} was not scored after epoch {asked}; there are"
                f" {', '.join(map(str, self.reports))}"
            )
        found = self.reports[asked]["groups"]["all"]["scores"]
        if who not in found:
            raise ValueError(
                f"{who!r} was not scored; choose one of {', '.join(found)}"
            )
        nan = float("nan")
        return {
            measure: Estimate(
                **{key: nan if n is None else n for key, n in numbers.items()}
            )
            for measure, numbers in found[who].items()
        }

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """Numbers of each photograph, where it has rows.csv: as text, by name.

        Raises:
            FileNotFoundError: if it has none.
        """
        with (self.folder / ROWS).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @cached_property
    def people(self) -> Any:
        """Scores of people and background, a `People`; None if there are none.

        `experiments/measure_people.py` takes them, where outlines are known.
        """
        from colorlib.evaluation.people import People  # heavy

        path = self.folder / PEOPLE
        if not path.exists():
            return None
        return People.from_json(path.read_text(encoding="utf-8"))

    @cached_property
    def chroma(self) -> dict[str, Any] | None:
        """Scores with its chroma scaled; None if there are none.

        `experiments/measure_chroma.py` takes them. "scales"; "less_gray",
        by measure a list with value, low and high for each scale; "best",
        the scale chosen on half of the photographs, judged on the others.
        """
        return self._json(CHROMA)

    @cached_property
    def looks(self) -> dict[str, Any] | None:
        """Scores on the way, every so many steps; None if there are none.

        "looks", a list of "step", "choose" and "judge", as
        `evaluation.looks.sum_up` describes them: a step is to be chosen by
        the one half of the photographs and judged by the other.
        """
        return self._json(LOOKS)

    @cached_property
    def probe(self) -> dict[str, Any] | None:
        """What a backbone's features tell, beside others; None if not asked.

        `experiments/measure_backbone.py` asks. "networks" by name: "probe",
        the share of labels that a linear classifier on its features gets
        right, and "agreement" and "head", shares of a teacher's classes;
        each a value with low and high.
        """
        path = self.folder / PROBE
        if not path.exists():
            return None
        return json.loads(path.read_text(encoding="utf-8"))

    @cached_property
    def epochs(self) -> list[int]:
        """After which epochs there are pictures."""
        return sorted(map(_number, (self.folder / "samples").glob("epoch-*")))

    @cached_property
    def steps(self) -> list[int]:
        """After which steps there are pictures: those of the looks."""
        return sorted(map(_number, (self.folder / "samples").glob("step-*")))

    def standing_for(self, epoch: int) -> int:
        """Find the epoch that stands for one of the recipe.

        Args:
            epoch: one of the recipe's own.

        Returns:
            The same for a run as long as its recipe; in a shorter one the
            epoch that is as far along, as `Recipe.but` moves those that are
            looked at.
        """
        asked = RECIPES[self.name].config.epochs
        return max(1, round(epoch * self.run["config"]["epochs"] / asked))

    def picture(self, photograph: str, epoch: int = 0, *, step: int = 0) -> Any:
        """Read a bundled photograph as it was colored on the way.

        Args:
            photograph: its name in `colorlib.data.samples.BUNDLED`.
            epoch: one of `epochs`.
            step: one of `steps`, in place of an epoch.

        Returns:
            sRGB bytes, an array of height x width x 3: the middle square.

        Raises:
            ValueError: if there is no such picture.
        """
        from colorlib import photos  # heavy, and seldom needed

        unit, number = ("step", step) if step else ("epoch", epoch)
        path = _pictures(self.folder, unit, number) / f"{photograph}.webp"
        if not path.exists():
            numbers = self.steps if step else self.epochs
            there = sorted(p.stem for p in path.parent.glob("*.webp"))
            raise ValueError(
                f"{self.name} has no picture of {photograph!r} after {unit}"
                f" {number}; there are {unit}s {numbers or 'none'}, and of"
                f" this one {', '.join(there) or 'none'}"
            )
        return photos.read(path).pixels

    def __repr__(self) -> str:
        return f"{self.name}: " + " ".join(self._sentences())

    def _repr_markdown_(self) -> str:
        return f"**{self.name}**: " + " ".join(self._sentences())

    def _json(self, name: str) -> dict[str, Any] | None:
        path = self.folder / name
        if not path.exists():
            return None
        return json.loads(path.read_text(encoding="utf-8"))

    def _files(self, stem: str, suffix: str) -> list[Path]:
        one = self.folder / f"{stem}.{suffix}"
        if one.exists():
            return [one]
        return sorted(self.folder.glob(f"{stem}-*.{suffix}"), key=_number)

    def _sentences(self) -> list[str]:
        """What anybody should know who looks at a number of this run."""
        run, data = self.run, self.run["data"]
        source = run.get("collection") or ", ".join(data["sources"])
        things = data.get("things", "photographs")
        epochs = run["config"]["epochs"]
        done = f"{epochs} epochs" if epochs else "Measured"  # not trained
        speed = ""
        if run["wall_seconds"] is not None:  # else nobody knows any more
            speed = (
                f" in {_duration(run['wall_seconds'])}"
                f" ({_rate(run['photographs_per_second'])} {things} a second)"
            )
        return [
            f"{done} on {data['photographs']:,} {things} ({source}), on"
            f" {run['machine']['device']}{speed}, {run['finished'][:10]}.",
            *_what_it_lacked(run.get("lacks", [])),
        ]


def recorded(name: str, *, results: Path = RESULTS) -> Recorded:
    """Open a recorded run.

    Args:
        name: the run's name, such as "compact".
        results: the folder that runs lie in; the course's own if not given.

    Returns:
        The run. Its files are read when they are asked for.

    Raises:
        NotRecordedError: if the course wants that run, and nobody has
            recorded it yet; it says which command does.
        ValueError: if there is no run of that name at all.

    See Also:
        `book/results/README.md` lists the runs. Chapter 10.
    """
    if name in recordings(results):
        return Recorded(name, results / name)
    if name in RECIPES:
        raise NotRecordedError(
            f"{name} is not recorded yet ({RECIPES[name].about}); made by:"
            f" {command(name)}"
        )
    there = ", ".join(recordings(results)) or "none"
    wanted = ", ".join(RECIPES.keys() - set(recordings(results)))
    raise ValueError(
        f"no run is called {name!r}; there are {there}; not recorded yet:"
        f" {wanted or 'none'}"
    )


def recordings(results: Path = RESULTS) -> list[str]:
    """Name the runs that are recorded.

    Args:
        results: see `recorded`.

    Returns:
        Their names, sorted; a chapter asks here before it shows a run that
        may be missing.
    """
    folders = {path.parent for path in results.glob("*/run*.json")}
    return sorted(f.name for f in folders if not f.name.startswith("."))


def command(name: str) -> str:
    """Say what records a run of a recipe.

    Args:
        name: a key of `RECIPES`.
    """
    backbone = " --backbone FILE" if RECIPES[name].pretrained else ""
    return (
        f"python experiments/record.py {name} --photographs TRAIN"
        f" --score VALIDATE{backbone}"
    )


def _pictures(run: Path, unit: str, number: int) -> Path:
    digits = {"epoch": 3, "step": 6}[unit]
    return run / "samples" / f"{unit}-{number:0{digits}}"


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _columns(path: Path) -> dict[str, list[float]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def _rate(a_second: float | int) -> str:
    return f"{a_second:.0f}" if a_second >= 1 else f"{a_second:.1g}"


def _duration(seconds: float | int) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"


def _what_it_lacked(lacks: list[dict[str, Any]]) -> list[str]:
    if not lacks:
        return []
    parts = [
        f"{each['setting']} {each['here']} instead of {each['recipe']}"
        for each in lacks
    ]
    return [f"Reduced: {', '.join(parts)}."]
