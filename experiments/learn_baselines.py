"""Learn the usual colors that every report's baselines are made of.

    python experiments/learn_baselines.py NAME PHOTOS

PHOTOS is what the course trains on, never what is scored; NAME is what to
call it. The tables go beside `colorlib.evaluation.baselines`. They are part
of the protocol: after a change, raise its number.
"""

import json
import sys
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from colorlib.color import AB_SCALE, rgb_to_lab
from colorlib.data.crops import center_crop
from colorlib.data.sources import Item, find_items
from colorlib.data.splits import list_hash
from colorlib.evaluation import Protocol
from colorlib.evaluation.baselines import LEARNED, learn


def main() -> None:
    """Read, learn, write."""
    name, source = sys.argv[1:]
    items, crop = find_items(source), Protocol().crop

    def lab(item: Item) -> Tensor:
        square = center_crop(item.read(), crop)
        return rgb_to_lab(torch.from_numpy(square).permute(2, 0, 1))

    found = learn(map(lab, tqdm(items, unit="photo")))
    document = {
        "photographs": name,
        "n": len(items),
        "list_hash": list_hash(item.name for item in items),
        "crop": crop,
        "unit": "a*, b*",
    }
    for part, table in vars(found).items():
        document[part] = round_all((table * AB_SCALE).tolist())
    LEARNED.write_text(json.dumps(document) + "\n")


def round_all(table: Any) -> Any:
    """Round to what a histogram of whole units can tell."""
    if isinstance(table, list):
        return [round_all(part) for part in table]
    return round(table, 2)


if __name__ == "__main__":
    main()
