"""What the baselines scored before is not computed again.

They cost more than the model does, and say the same each time. A photograph
is known by its pixels, not by its name, and the code by its files, not by its
version: what is found here is right, or nothing is found.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from colorlib.files import replacing

ScoreTable = dict[str, dict[str, float]]  # colorizer -> measure -> number

PACKAGE = Path(__file__).parents[1]
# What paints the baselines and measures them, within the package.
CODE = (
    "color/*.py",
    "metrics/*.py",
    "evaluation/baselines.py",
    "evaluation/learned.json",
    "evaluation/perception.py",
    "evaluation/scoring.py",
)

_log = logging.getLogger(__name__)


class BaselineCache:
    """Scores of baselines from earlier evaluations, in one file."""

    def __init__(self, path: Path | None = None):
        """Read what is there.

        Args:
            path: the file, which may not exist yet; None to keep nothing
                beyond this object's life.
        """
        self.path = path
        self._lock = threading.Lock()
        self._known: dict[str, ScoreTable] = {}
        self._used: dict[str, ScoreTable] = {}
        if path and path.exists():
            try:
                self._known = _read(path)
            except ValueError:  # damaged, or another program's: made anew
                _log.warning("%s can't be read and is made anew", path)

    def get(self, key: str, compute: Callable[[], ScoreTable]) -> ScoreTable:
        """Return what is kept under a key, or compute it and keep it."""
        scores = self._known.get(key) or compute()
        with self._lock:
            self._used[key] = scores
        return scores

    def save(self) -> None:
        """Write down what was used. That it can't be is no error."""
        if self.path is None or self._used.keys() <= self._known.keys():
            return
        try:
            with replacing(self.path) as part:
                part.write_text(json.dumps(self._known | self._used))
        except OSError as error:
            _log.warning("baselines are not kept for next time: %s", error)


def key_of(*parts: bytes | str) -> str:
    """Name what scores depend on: pixels, settings, versions, code."""
    digest = hashlib.sha256()
    for part in parts:
        part = part.encode() if isinstance(part, str) else part
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()[:32]


def hash_code(package: Path = PACKAGE) -> str:
    """Hash the files that the baselines' scores depend on.

    A version can stay the same for hundreds of commits.

    Args:
        package: the folder of colorlib.
    """
    found = sorted(path for name in CODE for path in package.glob(name))
    return key_of(*(path.read_bytes() for path in found))


def _read(path: Path) -> dict[str, ScoreTable]:
    found = json.loads(path.read_text())
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no table of scores")
    return found
