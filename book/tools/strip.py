"""Store notebooks without outputs, and as nbformat writes them.

    python book/tools/strip.py chapters/*.ipynb

What a cell printed goes stale, and a photograph in it would be stored again
with every commit. Colab and editors leave traces of their own; those go too,
so that a diff shows what somebody wrote. Says which files it changed, and
then fails, as a pre-commit hook has to.
"""

import sys
from pathlib import Path

import nbformat

KEPT = {"kernelspec", "language_info"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
# Jupyter's, Jupyter Book's and ours; what else there is, is some editor's.
KEPT_IN_CELLS = {"tags", "mystnb", "jupyter", "nbmake"}


def strip(text: str) -> str:
    """Return a notebook's text as it is stored.

    Args:
        text: the notebook as some editor left it.

    Returns:
        The same cells without outputs, counts and traces of editors.
    """
    notebook = nbformat.reads(text, as_version=4)
    _keep_only(notebook.metadata, KEPT)
    notebook.metadata["language_info"] = LANGUAGE
    for cell in notebook.cells:
        _keep_only(cell.metadata, KEPT_IN_CELLS)
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return nbformat.writes(notebook) + "\n"


def main(names: list[str]) -> int:
    """Strip the notebooks named; 1 if any of them was changed."""
    changed = 0
    for path in map(Path, names):
        before = path.read_text(encoding="utf-8")
        after = strip(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"stripped {path}; add it again")
            changed = 1
    return changed


def _keep_only(metadata: dict, names: set[str]) -> None:
    for name in metadata.keys() - names:
        del metadata[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
