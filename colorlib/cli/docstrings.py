"""`--help` out of docstrings, so that nothing is explained twice.

A command's options are explained in the `Args:` section of its docstring; a
configuration's fields by the string below each field. Both are read from the
source text, so this costs no import: a configuration explains itself without
torch.

Kept because cyclopts, which reads both by itself, hands over a finished
configuration: a setting that was left alone looks like one that was given,
and `train` lays only the given ones over a recipe, or over a run's settings.
(Tried on `verify` and `train`, with cyclopts 5.5.)
"""

import ast
import dataclasses
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from copy import copy
from typing import Annotated, Any, get_args, get_type_hints

from typer import Option

_SECTION = re.compile(
    r"^(Args|Returns|Yields|Raises|References?|See Also):$", re.M
)
_ARGUMENT = re.compile(r"^(\w+): ", re.M)


def with_help(
    command: Callable, configs: Mapping[str, type] | None = None
) -> Callable:
    """Give a Typer command the help that docstrings hold.

    Args:
        command: a function whose parameters are all annotated
            `Annotated[type, Option(...) or Argument(...)]`, except for a
            last `**settings`, if there are configurations.
        configs: configurations by name. Each field becomes an option too;
            `settings` gets None for those that the user leaves alone.

    Returns:
        The command, with each option's help from `Args:` or from below the
        field, and with `Args:` no longer part of its own help.

    Raises:
        ValueError: if a parameter or a field is not explained.
    """
    summary, helps = _split(inspect.getdoc(command) or "")
    hints = get_type_hints(command, include_extras=True)
    annotated: Any = Annotated  # types that are put together at run time
    parameters = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        if parameter.name not in helps:
            raise ValueError(
                f"{command.__name__}() takes {parameter.name!r}, but the Args"
                " section of its docstring does not explain it; add a line"
            )
        kind, setting = get_args(hints[parameter.name])
        setting = copy(setting)
        setting.help = helps[parameter.name]
        explained = annotated[kind, setting]
        parameters.append(parameter.replace(annotation=explained))
    parameters += _field_options(configs or {})

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        return command(*args, **kwargs)

    run.__doc__ = summary
    run.__dict__["__signature__"] = inspect.Signature(parameters)
    return run


def field_docs(config: type) -> dict[str, str]:
    """Return what the string below each field of a dataclass says.

    Args:
        config: a dataclass; its parents' fields are included.

    Returns:
        Field name to one line of text, in the order of the fields.

    Raises:
        ValueError: if a field has no string below it.
    """
    docs: dict[str, str] = {}
    for cls in reversed(config.__mro__[:-1]):
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
        assert isinstance(tree, ast.ClassDef)
        for field, below in zip(tree.body, tree.body[1:], strict=False):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(name)),
                    ast.Expr(ast.Constant(str(text))),
                ):
                    docs[name] = _one_line(text)
    names = [field.name for field in dataclasses.fields(config)]
    if silent := [name for name in names if name not in docs]:
        raise ValueError(
            f"{config.__name__}.{silent[0]} has no docstring; write one line"
            " below the field: it becomes the command line's help"
        )
    return {name: docs[name] for name in names}


def _field_options(configs: Mapping[str, type]) -> list[inspect.Parameter]:
    """Make an option of each field, under the names of its configurations."""
    owners: dict[str, list[str]] = {}
    options: dict[str, inspect.Parameter] = {}
    for name, config in configs.items():
        hints, docs = get_type_hints(config), field_docs(config)
        for field in dataclasses.fields(config):
            owners.setdefault(field.name, []).append(name)
            option = Option(
                # What is not set is None; the default is the configuration's.
                show_default=False,
                help=docs[field.name] + _choices(field) + _default(field),
                rich_help_panel=f"Settings of {', '.join(owners[field.name])}",
            )
            options[field.name] = inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[hints[field.name] | None, option],
            )
    return list(options.values())


def _choices(field: dataclasses.Field) -> str:
    """Name what a field may be, where its metadata says it."""
    choices = field.metadata.get("choices")
    return f" Names: {choices}." if choices else ""


def _default(field: dataclasses.Field) -> str:
    """Say a field's default as Typer would."""
    flag = field.name.replace("_", "-")
    match field.default:
        case None | dataclasses.MISSING:
            return ""  # what happens then takes a sentence, in its docstring
        case bool(on):
            return f" [default: {flag if on else 'no-' + flag}]"
        case value:
            return f" [default: {value}]"


def _split(doc: str) -> tuple[str, dict[str, str]]:
    """Split a docstring into what comes before its sections, and its Args."""
    summary, *sections = _SECTION.split(doc)
    args = textwrap.dedent(_pairs(sections).get("Args", ""))
    _, *pieces = _ARGUMENT.split(args)
    helps = {name: _one_line(text) for name, text in _pairs(pieces).items()}
    return summary.strip(), helps


def _pairs(pieces: list[str]) -> dict[str, str]:
    """Pair what re.split gives in turn: a title, then the text below it."""
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())
