"""Which file is meant by what a user calls a model.

Apart from `weights`, because it needs no torch: to say what a card says,
nobody should wait for that. Chapter 12.
"""

from collections.abc import Mapping
from pathlib import Path

from colorlib.files.download import OnDownload
from colorlib.models.released import RELEASED, ReleasedModel, fetch_model

SHIPPED = Path(__file__).parent / "shipped" / "compact.safetensors"
SHIPPED_BACKBONE = SHIPPED.parents[1] / "backbones" / "distilled.safetensors"


def find_model(
    model: str | Path | None = None,
    *,
    on_download: OnDownload | None = None,
    released: Mapping[str, ReleasedModel] = RELEASED,
) -> Path:
    """Find a model's weights; download those that are released.

    Args:
        model: the file, with or without .safetensors; a folder that holds
            exactly one, such as a run's; or a name of `released`, unless a
            file or a folder here has it. None for the model that ships.
        on_download: told how much has come.
        released: the table of models that can be downloaded.

    Returns:
        The path of the .safetensors file.

    Raises:
        ValueError: if there is none, or more than one; or a model is not
            released yet.
        OSError: if it can't be downloaded.

    See Also:
        Chapter 12.
    """
    if model is None:
        return SHIPPED
    if is_released(model, released):
        return fetch_model(
            str(model), on_download=on_download, released=released
        )
    model = Path(model)
    if model.is_dir():
        candidates = sorted(model.glob("*.safetensors"))
    else:
        candidates = [model, model.with_name(f"{model.name}.safetensors")]
    found = [path for path in candidates if path.is_file()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or "no .safetensors"
    raise ValueError(
        f"{model} is not one model, there is {names}; give the path of one"
        f" .safetensors file, the name {' or '.join(released)}, or leave it"
        " out for the model that ships"
    )


def is_released(
    model: str | Path, released: Mapping[str, ReleasedModel] = RELEASED
) -> bool:
    """Tell whether a model's name is meant, and not a file or a folder here.

    Args:
        model: what a user calls it.
        released: the table of models that can be downloaded.
    """
    path = Path(model)
    here = path.exists() or Path(f"{path}.safetensors").exists()
    return str(model) in released and not here
