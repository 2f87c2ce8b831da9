"""Make autodoc understand how this package writes its docstrings.

Docstrings are written for those who read the code: plain text, with shapes
in the types and a comment beside a constant. Autodoc expects
reStructuredText, types without strings and comments with a colon. Small hooks
stand between the two, so that nobody has to write for a machine:

    name_shapes        `L: LChannel`, not Float[Tensor, "*batch 1 height ..."]
    comments_are_docs  what stands beside a field or a constant explains it
    prepare            a* is a*, an indented block is a drawing, >>> an example
    find_by_last_name  `Colorizer` leads to colorlib.colorizer.Colorizer
"""

import ast
import inspect
import pkgutil
import re
from importlib import import_module

from sphinx import addnodes
from sphinx.pycode import parser
from sphinx.util.nodes import make_refnode

import colorlib

_SECTION = re.compile(
    r"^(Args|Returns|Yields|Raises|References?|See Also):$", re.MULTILINE
)
_UNTYPED = re.compile(
    r"^((?:Returns|Yields|References?|See Also):\n\s+)", re.MULTILINE
)
# What reStructuredText would take for markup, outside of `code`.
_MARKUP = re.compile(r"(`[^`]*`)(?=(\w?))|([*|\\]|_(?!\w))")
# How autodoc marks what is shown by its last name.
_TILDE = re.compile(r"~(?:\w+\.)*")
# A value that is longer than this explains nothing.
LONGEST_VALUE = 40

# How each named array type is written in its module.
_written: dict[type, str] = {}


def name_shapes(app, config) -> None:
    """Let every array type carry the name that its module gives it.

    jaxtyping makes a class of each `Float[Tensor, "..."]`, and autodoc
    prints a class by its name. So the names that code is written in are the
    names that pages show.
    """
    for found in pkgutil.walk_packages(colorlib.__path__, "colorlib."):
        if found.name.endswith("__main__"):
            continue
        module = import_module(found.name)
        for line in ast.parse(inspect.getsource(module)).body:
            match line:
                case ast.Assign(targets=[ast.Name(name)]):
                    shape = getattr(module, name)
                    if getattr(shape, "__module__", "") == "jaxtyping":
                        _written[shape] = shape.__name__
                        shape.__module__ = module.__name__
                        shape.__name__ = shape.__qualname__ = name


def comments_are_docs(app, config) -> None:
    """Take `# comment` beside a name for its documentation.

    Sphinx asks for `#:`. Private names are left out in any case.
    """
    parser.comment_re = re.compile(r"^\s*#:? ?(.*)\r?\n?$")


def prepare(app, what, name, obj, options, lines) -> None:
    """Turn a plain docstring into reStructuredText. Runs before napoleon."""
    text = "\n".join(lines)
    start = found.start() if (found := _SECTION.search(text)) else len(text)
    story, sections = text[:start], text[start:]
    blocks = [_as_rst(block) for block in story.split("\n\n")]
    # Napoleon takes what is left of a colon for a type. Ours stand in the
    # signature, so an empty one goes in front.
    if what in ("attribute", "data", "property"):
        blocks[0] = f": {blocks[0]}"
    sections = _UNTYPED.sub(r"\1: ", sections)
    sections = "\n\n".join(map(_escape, sections.split("\n\n")))
    lines[:] = ("\n\n".join(blocks) + sections).split("\n")
    if what == "module":
        lines += ["", *_contents(name, obj, at_home=bool(options.members))]
    elif what == "class" and obj in _written:
        lines[:0] = [f"``{_written[obj]}``", ""]


def no_constructor(app, what, name, obj, options, signature, returns):
    """Show an array type or a protocol without the arguments it never gets."""
    if what == "class" and (
        obj in _written or getattr(obj, "_is_protocol", False)
    ):
        return "", None
    if signature and "<factory>" in signature:  # no Python: stays unparsed
        return _TILDE.sub("", signature), returns
    return None


def skip_foreign(app, what, name, obj, skip, options):
    """Leave out classes of other packages that hang on one of ours."""
    foreign = isinstance(obj, type) and not obj.__module__.startswith(
        "colorlib"
    )
    return True if what == "class" and foreign else None


def drop_long_values(app, domain, objtype, content) -> None:
    """Show a constant's value where it is a number or a word."""
    signature = content.parent.first_child_matching_class(
        addnodes.desc_signature
    )
    for part in list(content.parent[signature].children):
        if (
            isinstance(part, addnodes.desc_annotation)
            and part.astext().startswith(" = ")
            and len(part.astext()) > LONGEST_VALUE
        ):
            part.parent.remove(part)


def find_by_last_name(app, env, node, contnode):
    """Resolve a name that docstrings shorten, if only one thing has it."""
    if node.get("refdomain") != "py":
        return None
    ending = "." + node["reftarget"]
    objects = env.domains["py"].objects.items()
    found = [
        (name, place)
        for name, place in objects
        if name.endswith(ending) and not place.aliased
    ]
    if len(found) != 1:
        return None
    [(name, place)] = found
    return make_refnode(
        app.builder,
        node["refdoc"],
        place.docname,
        place.node_id,
        contnode,
        name,
    )


def _as_rst(block: str) -> str:
    lines = block.strip("\n").split("\n")
    if all(line.startswith("    ") for line in lines):
        return f".. code-block:: text\n\n{block}"  # a drawing
    return _escape(block)


def _escape(text: str) -> str:
    """Escape what is markup to reStructuredText, but for examples."""
    return "\n\n".join(map(_escape_block, text.split("\n\n")))


def _escape_block(block: str) -> str:
    prose, prompt, example = block.partition(">>>")
    # `Item`s would not end where it should: a word must not follow at once.
    prose = _MARKUP.sub(
        lambda m: m[1] + ("\\ " if m[2] else "") if m[1] else f"\\{m[3]}",
        prose,
    )
    return prose + prompt + example


def _contents(name: str, module, *, at_home: bool) -> list[str]:
    """Give a module a table of its classes and functions, a line each.

    Args:
        name: the module's.
        module: itself.
        at_home: whether what it exports is explained on its own page; else
            the table leads to where it is.
    """
    names = getattr(module, "__all__", None) or [
        key
        for key, value in vars(module).items()
        if getattr(value, "__module__", "") == name
        and value.__doc__
        and not key.startswith("_")
    ]
    table = []
    for each in names:
        thing = getattr(module, each)
        if inspect.isclass(thing) or inspect.isroutine(thing):
            home = name if at_home else thing.__module__
            full = f"{home}.{each}"  # autosummary wants it from here on
            table.append(f"   ~{full.removeprefix(f'{name}.')}")
    head = [".. autosummary::", "   :nosignatures:", ""]
    return [*head, *table] if table else []


def setup(app):
    app.connect("config-inited", name_shapes)
    app.connect("config-inited", comments_are_docs)
    app.connect("autodoc-process-docstring", prepare, priority=400)
    app.connect("autodoc-process-signature", no_constructor)
    app.connect("autodoc-skip-member", skip_foreign)
    app.connect("object-description-transform", drop_long_values)
    app.connect("missing-reference", find_by_last_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
