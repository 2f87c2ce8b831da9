"""Which file is meant by what a user calls a model.

Apart from `weights`, because it needs no torch: to say what a card says,
nobody should wait for that. Chapter 12.
"""

from pathlib import Path

SHIPPED = Path(__file__).parent / "shipped" / "compact.safetensors"


def find_model(model: str | Path | None = None) -> Path:
    """Find a model's weights.

    Args:
        model: the file, with or without .safetensors, or a folder that holds
            exactly one, such as a run's; None for the model that ships.

    Returns:
        The path of the .safetensors file.

    Raises:
        ValueError: if there is none, or more than one.

    See Also:
        Chapter 12.
    """
    if model is None:
        return SHIPPED
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
        " .safetensors file, or leave it out for the model that ships"
    )
