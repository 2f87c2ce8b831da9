"""Labels of photographs: what stands in the JSON beside each, in a shard."""

import json
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from colorlib.data.sources import Item

MOST_BYTES = 1_000_000  # of a JSON; larger ones are not read


def read_labels(items: Iterable[Item]) -> dict[str, str]:
    """Look up what photographs show.

    Args:
        items: photographs; those in tar shards may have a label.

    Returns:
        "source/class" by the name of the photograph, where there is one.

    Raises:
        ValueError: if a JSON in a shard can't be read.
    """
    beside: dict[str, str] = {}
    found = list(items)
    for shard in {item.path for item in found if item.size is not None}:
        beside |= _labels_in(shard)
    stems = {
        item.name: str(PurePosixPath(item.name).with_suffix(""))
        for item in found
    }
    return {name: beside[s] for name, s in stems.items() if s in beside}


def _labels_in(shard: Path) -> dict[str, str]:
    """Labels by the member's name without its suffix, as items have it."""
    labels = {}
    with tarfile.open(shard, "r:") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if path.suffix != ".json" or member.size > MOST_BYTES:
                continue
            file = tar.extractfile(member)
            try:
                about = json.loads(file.read()) if file else {}
            except ValueError as error:
                raise ValueError(
                    f"{shard}/{member.name} is no JSON ({error}); make the"
                    " shard again"
                ) from error
            if label := about.get("label"):
                labels[f"{shard.stem}/{path.with_suffix('')}"] = label
    return labels
