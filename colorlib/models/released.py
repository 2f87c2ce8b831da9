"""Models whose weights are too large for the repository.

They are files of a release of the course, beside their cards, and are
downloaded when somebody names one: `colorlib colorize --model model2`. Until
one is released, or where there is no network, an error says how to train it.
Chapter 12.

To release one: put NAME.safetensors and NAME.json, as `weights.save_generator`
writes them, into a release on GitHub, and fill in its tag and both hashes
below.

No torch is needed here: see `paths`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from colorlib.files import user_cache
from colorlib.files.download import OnDownload, download

# `make address` writes the repository's address here.
REPOSITORY = ""


@dataclass(frozen=True)
class ReleasedModel:
    """A model that is published as a file of a release."""

    about: str
    """What it is, in a few words."""
    file: str
    """Its weights, .safetensors; the card beside them ends in .json."""
    megabytes: int
    """How large the weights are."""
    made_by: tuple[str, ...]
    """Commands that train it, in their order. The last one's folder is a
    model."""
    tag: str | None = None
    """The release; None until there is one."""
    sha256: str | None = None
    """SHA-256 of the weights; None until they are released."""
    card_sha256: str | None = None
    """SHA-256 of the card, which decides too how photographs are colored."""
    repository: str = REPOSITORY
    """Where the release is: https://github.com/OWNER/NAME."""

    @property
    def card(self) -> str:
        """The name of its card."""
        return str(Path(self.file).with_suffix(".json"))


RELEASED = {
    "model2": ReleasedModel(
        about="the deck's second model, a U-Net on a ResNet-18, pretrained"
        " with L1 and then trained as a GAN",
        file="model2.safetensors",
        megabytes=62,
        made_by=(
            "colorlib train runs/model2-l1 --recipe model2-l1 --data"
            " PHOTOGRAPHS",
            "colorlib train runs/model2-gan --recipe model2-gan --data"
            " PHOTOGRAPHS --generator runs/model2-l1",
        ),
    ),
}


def fetch_model(
    name: str,
    *,
    on_download: OnDownload | None = None,
    released: Mapping[str, ReleasedModel] = RELEASED,
) -> Path:
    """Download a released model, once.

    Weights and card are kept in `files.user_cache`, in a folder of their
    release, and both are checked by their hashes.

    Args:
        name: a key of the table.
        on_download: told how much has come.
        released: the table.

    Returns:
        The path of the weights; the card lies beside them.

    Raises:
        ValueError: if there is no such model, or it isn't released yet.
        OSError: if it can't be downloaded.
    """
    if name not in released:
        raise ValueError(
            f"no model is called {name!r}; choose one of {', '.join(released)}"
        )
    model = released[name]
    itself = (
        f"train it ({', then '.join(model.made_by)}), and give the folder of"
        " the last run"
    )
    hashes = {model.card: model.card_sha256, model.file: model.sha256}
    if not (model.repository and model.tag and all(hashes.values())):
        raise ValueError(
            f"the weights of {name} ({model.about}; {model.megabytes} MB) are"
            f" not published yet; {itself}, or a .safetensors file"
        )
    folder = user_cache() / "models" / model.tag
    for file, sha256 in hashes.items():
        download(
            f"{model.repository}/releases/download/{model.tag}/{file}",
            folder / file,
            str(sha256),
            otherwise=f"{itself}; or get {model.file} and {model.card}"
            " elsewhere, and give the path",
            on_download=on_download,
        )
    return folder / model.file
