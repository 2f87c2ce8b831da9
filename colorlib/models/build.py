"""Generators by name, ready to be trained. Chapter 12."""

from collections.abc import Mapping
from pathlib import Path

from colorlib.models.catalog import GENERATORS, Entry
from colorlib.models.generator import Generator
from colorlib.models.paths import find_model, is_released
from colorlib.models.weights import load_generator


def build_generator(
    name: str,
    *,
    size: int = 256,
    width: int | None = None,
    dropout: float | None = None,
    backbone: str | Path | None = None,
    bounded: bool | None = None,
    generators: Mapping[str, Entry] = GENERATORS,
) -> Generator:
    """Build a generator.

    Args:
        name: a name of `catalog.GENERATORS`, the path of trained weights, or
            a name of `released.RELEASED`, to be downloaded.
        size: side of the squares that it is to be trained on, pixels.
        width: channels of a U-Net after its first layer; None for the deck's.
        dropout: share of the channels that are dropped while training; None
            as the network was made.
        backbone: published weights for the encoder to start from: a file;
            for a ResNet-18 also "imagenet", which downloads them.
        bounded: whether a "resunet" keeps its colors in (-1, 1); None for
            the deck's, which doesn't.
        generators: the table of names.

    Returns:
        The network.

    Raises:
        OSError: if the name is neither in a table nor a file, or what it
            or a backbone means can't be downloaded.
        ValueError: if a file doesn't hold the weights that it should, or
            a setting is given that is not for this generator.

    Example:
        >>> G = build_generator("unet", size=64, width=8)
        >>> G.config["n_down"], G.config["width"]
        (6, 8)
    """
    settings = {
        "width": width,
        "dropout": dropout,
        "backbone": backbone,
        "bounded": bounded,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    if name in generators:
        entry = generators[name]
        _check_settings(given.keys() - entry.takes, name, generators)
        if "size" in entry.takes:
            given["size"] = size
        return entry.load().for_training(**entry.fixed, **given)
    if is_released(name):
        name = str(find_model(name))
    if not Path(name).exists():
        raise FileNotFoundError(
            f"generator must be {', '.join(generators)} or the path of trained"
            f" weights, got {name!r}"
        )
    G = load_generator(name, generators=generators)[0]
    kinds = [e for e in generators.values() if e.kind == type(G).__name__]
    # The width of trained weights is what it is.
    takes = kinds[0].takes - {"width"}
    _check_settings(given.keys() - takes, name, generators)
    return G.continued(**given) if given else G


def _check_settings(
    unknown: set[str], name: str, generators: Mapping[str, Entry]
) -> None:
    if not unknown:
        return
    (setting, *_) = sorted(unknown)
    suits = [n for n, entry in generators.items() if setting in entry.takes]
    raise ValueError(
        f"{setting} is for {' and '.join(suits)}, not for {name!r}; leave it"
        " out"
    )
