"""Let sphinx-codeautolink read pages that have exercises.

It keeps a stack of titles, and takes one off at the end of every section.
sphinx-exercise makes sections without a title, so that the stack runs empty:
"IndexError: pop from empty list".
"""

from docutils import nodes
from sphinx_codeautolink.extension.block import CodeBlockAnalyser


def depart_section(self, node) -> None:
    """Take a title off the stack if this section put one on it."""
    if any(isinstance(child, nodes.title) for child in node.children):
        self.title_stack.pop()


def setup(app):
    CodeBlockAnalyser.depart_section = depart_section
    return {"parallel_read_safe": True, "parallel_write_safe": True}
