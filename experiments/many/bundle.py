"""Bundle what was recorded: few files, each small enough to fetch.

    results.tar        the recorded runs' folders, to unpack in book/results
    NAME-weights.tar   a run's generator in 16 bits, and its card
    runs.json          what became of each run

What is too large for one file is cut: `cat NAME.tar.* | tar x` joins it.
Weights that would take more files or bytes than allowed are left out, those of
the runs of lowest priority first.
"""

import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from colorlib.files import make_folder, replacing
from colorlib.models.weights import load_generator, save_generator
from colorlib.training.run_folder import RUN
from many.shards import MEGABYTE
from many.states import STATES

RESULTS_TAR, WEIGHTS_TAR = "results.tar", "-weights.tar"


@dataclass
class Quota:
    """How much may still be written."""

    files: int = 8
    """So many files in all."""
    part_mb: float = 16.0
    """Each of them smaller than this, megabytes."""
    total_mb: float = 64.0
    """All together no larger than this."""

    def check(self, size: int) -> None:
        """Make sure that so many bytes may be written.

        Raises:
            ValueError: if they may not.
        """
        parts = -(-size // self._part)
        if parts > self.files or size > self.total_mb * MEGABYTE:
            raise ValueError(
                f"{size / MEGABYTE:.1f} MB need {parts} files, and"
                f" {self.files} files of {self.part_mb:g} MB,"
                f" {self.total_mb:.1f} MB in all, are left; allow more"
                " (--files, --file-mb, --total-mb)"
            )

    def write(self, out: Path, name: str, data: bytes) -> set[str]:
        """Write a file, cut into parts if it has to be.

        Args:
            out: the folder.
            name: the file's; its parts get numbers behind it.
            data: its content.

        Returns:
            The names that were written.

        Raises:
            ValueError: if it is more than may be written.
        """
        self.check(len(data))
        starts = range(0, len(data), self._part)
        names = [f"{name}.{number:02}" for number in range(len(starts))]
        if len(names) == 1:
            names = [name]
        for start, path in zip(starts, names, strict=True):
            with replacing(out / path) as part:
                part.write_bytes(data[start : start + self._part])
        self.files -= len(names)
        self.total_mb -= len(data) / MEGABYTE
        return set(names)

    @property
    def _part(self) -> int:
        return int(self.part_mb * MEGABYTE) - 1


def bundle(
    work: Path, results: Path, names: list[str], out: Path, quota: Quota
) -> list[str]:
    """Write what was recorded into a folder, in place of an older bundle.

    Args:
        work: has a folder a run, with its generator, and runs.json.
        results: has a folder a recorded run.
        names: the runs, by priority.
        out: where to; other files in it are left alone.
        quota: how much may be written; what is written is taken off.

    Returns:
        A line for each run's weights that are left out.

    Raises:
        ValueError: if the results alone are more than may be written.
        OSError: if the folder can't be written.
    """
    make_folder(out)
    recorded = [name for name in names if (results / name / RUN).exists()]
    written, left_out = set(), []
    if (states := work / STATES).exists():
        written |= quota.write(out, STATES, states.read_bytes())
    if recorded:
        data = _tar({name: results / name for name in recorded})
        written |= quota.write(out, RESULTS_TAR, data)
    for name in recorded:
        try:
            data = _weights(work / name / "generator.safetensors", name, quota)
            written |= quota.write(out, f"{name}{WEIGHTS_TAR}", data)
        except ValueError as error:
            left_out.append(f"{name}'s weights are not bundled: {error}")
    for path in _ours(out):
        if path.name not in written:
            path.unlink()
    return left_out


def _ours(out: Path) -> list[Path]:
    """Files of this bundle or of an older one."""
    return [*out.glob(f"{RESULTS_TAR}*"), *out.glob(f"*{WEIGHTS_TAR}*")]


def _weights(path: Path, name: str, quota: Quota) -> bytes:
    """Store a generator in 16 bits, with its card."""
    quota.check(path.stat().st_size // 2)  # before the work
    G, card = load_generator(path)
    with TemporaryDirectory() as folder:
        half = Path(folder) / name / path.name
        save_generator(G, half, card=card, half=True)
        return _tar({name: half.parent})


def _tar(folders: dict[str, Path]) -> bytes:
    """Put folders into a tar file, each under a name; always the same."""
    data = BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, folder in folders.items():
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    inside = Path(name, path.relative_to(folder)).as_posix()
                    member = tarfile.TarInfo(inside)
                    member.size = path.stat().st_size
                    with path.open("rb") as file:
                        tar.addfile(member, file)
    return data.getvalue()
