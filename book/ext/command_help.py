"""A directive that prints what `colorlib <command> --help` says.

    ```{command-help} eras show
    ```

A terminal's help is 80 columns of box drawing; a page is not. The words are
the same, because both come from the command itself.
"""

import inspect

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective
from typer.main import get_group

from colorlib.cli import app as colorlib_app


class CommandHelp(SphinxDirective):
    """Show a command's usage, its story and its options."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        commands = all_commands()
        if name not in commands:
            raise self.error(
                f"colorlib has no command {name!r}, only {', '.join(commands)}"
            )
        shown = nodes.container(classes=["command-help"])
        text = StringList(as_markdown(name, commands[name]), source=name)
        self.state.nested_parse(text, self.content_offset, shown)
        return shown.children


def all_commands(group=None, above: str = "") -> dict:
    """List all commands by their full names, such as "eras show"."""
    found: dict = {}
    for name, command in (group or get_group(colorlib_app)).commands.items():
        if hasattr(command, "commands"):
            found |= all_commands(command, f"{above}{name} ")
        else:
            found[f"{above}{name}"] = command
    return found


def as_markdown(name: str, command) -> list[str]:
    """Write a command's help as lines of Markdown, panel by panel.

    Args:
        name: the command's full name, "colorize" or "eras show".
        command: Typer's command of that name.
    """
    takes = [p.metavar for p in command.params if p.param_type_name != "option"]
    usage = " ".join(["colorlib", name, "[OPTIONS]", *takes])
    lines = ["```sh", usage, "```", "", *_story(command), ""]
    panels: dict[str, list] = {}
    for parameter in command.params:
        panel = getattr(parameter, "rich_help_panel", None) or "Options"
        panels.setdefault(panel, []).append(parameter)
    for panel, parameters in panels.items():
        if len(panels) > 1:
            lines += [f"**{panel}**", ""]
        for parameter in parameters:
            told = f": {parameter.help}{_default(parameter)}"
            lines += [_names(parameter), told, ""]
    return lines


def _story(command) -> list[str]:
    return inspect.cleandoc(command.help).splitlines()


def _names(parameter) -> str:
    if parameter.param_type_name != "option":
        return f"`{parameter.metavar}`"
    value = "" if parameter.is_flag else f" {parameter.metavar or 'VALUE'}"
    names = [*parameter.opts, *parameter.secondary_opts]
    return ", ".join(f"`{name}{value}`" for name in names)


def _default(parameter) -> str:
    """Add what a terminal's help adds; some explanations have it already."""
    default = parameter.default
    # Not `in (None, False)`: 0 equals False, and is a default to tell.
    if default is None or default is False or not parameter.show_default:
        return ""
    return f" [default: {default}]"


def setup(app):
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
