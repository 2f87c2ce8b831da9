"""Rows of a recorded grid of trainings, for the tests of several chapters."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from colorlib.evaluation.looks import mean_of_halves


def by_seed(cells: Iterable[Mapping[str, Any]]) -> np.ndarray:
    """Return a row a seed: color error, chroma ratio, D's loss at the end."""
    rows = [
        (
            mean_of_halves(cell["looks"][-1], "ciede2000"),
            mean_of_halves(cell["looks"][-1], "chroma_ratio"),
            cell["losses"]["d"],
        )
        for cell in sorted(cells, key=lambda cell: cell["seed"])
    ]
    return np.array(rows)
