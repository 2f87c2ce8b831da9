"""Make the backbone that ships of a run that distilled one.

    python experiments/ship_backbone.py runs/backbone-distilled

The weights go into the package in 8 bits (`colorlib.models.quantization`),
with a card that says how they were trained. They are what "distilled" means
for `colorlib train --backbone`. How good they are, also in 8 bits, is
measured by `measure_backbone.py`.
"""

import json
import sys
from pathlib import Path

from command_line import new_parser, told
from measure_backbone import check_finished

from colorlib.models.paths import SHIPPED_BACKBONE
from colorlib.models.quantization import quantize
from colorlib.models.resnet import find_backbone, read_weights
from colorlib.models.weights import write_weights

TERMS = (
    "trained on the answers of EfficientNet-Lite2 (Apache-2.0) and of"
    " torchvision's MobileNetV2 (BSD-3-Clause), for photographs whose terms"
    " the card of the compact model gives; those of extra9k are for research"
    " use or unstated, except garments (CC0), groceries (MIT), Korean"
    " landscapes (CC BY 4.0) and Documerica (public domain)"
)


@told("ship_backbone.py")
def main(words: list[str] | None = None) -> int:
    """Write weights and card; 2 if the run isn't one that can be shipped."""
    parser = new_parser(__doc__)
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--to", type=Path, default=SHIPPED_BACKBONE)
    options = parser.parse_args(words)
    check_finished(options.run)
    ship(options.run, options.to)
    return 0


def ship(run: Path, to: Path) -> None:
    """Write a run's backbone in 8 bits, and its card.

    Args:
        run: the run's folder.
        to: the .safetensors file.

    Raises:
        OSError: if the run has no backbone.
        ValueError: if its weights aren't those that its card describes.
    """
    path = find_backbone(run)
    card = json.loads(path.with_suffix(".json").read_bytes())
    card |= {"name": "colorlib-backbone-1", "bits": 8, "terms": TERMS}
    card |= {"sha256_before": card.pop("sha256")}
    write_weights(to, quantize(read_weights(path)), card)


if __name__ == "__main__":
    sys.exit(main())
