"""What an editor leaves in a notebook does not reach the repository."""

import json
from pathlib import Path

import nbformat
import pytest
import strip

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.fixture
def used(tmp_path):
    """A notebook as Colab saves it after a session."""
    cell = nbformat.v4.new_code_cell(
        "1 + 1",
        execution_count=3,
        outputs=[nbformat.v4.new_output("stream", text="2")],
        metadata={
            "tags": ["hide-input"],
            "mystnb": {"image": {"alt": "two"}},
            "executionInfo": {"user": {"displayName": "A Reader"}},
        },
    )
    text = nbformat.v4.new_markdown_cell("Two.", metadata={"id": "x"})
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "colab": {"provenance": []},
        "language_info": {"name": "python", "version": "3.12.1"},
    }
    notebook = nbformat.v4.new_notebook(cells=[cell, text], metadata=metadata)
    path = tmp_path / "chapter.ipynb"
    path.write_text(json.dumps(notebook, indent=4))
    return path


def test_outputs_and_traces_go_and_the_rest_stays(used):
    """A reader's name among them, and their version of Python."""
    assert strip.main([str(used)]) == 1
    assert "A Reader" not in used.read_text()
    kept = nbformat.read(used, as_version=4)
    code, text = kept.cells
    assert (code.source, text.source) == ("1 + 1", "Two.")
    assert code.outputs == []
    assert code.execution_count is None
    assert code.metadata.keys() == {"tags", "mystnb"}
    assert text.metadata == {}
    assert kept.metadata.keys() == {"kernelspec", "language_info"}
    assert kept.metadata.language_info == strip.LANGUAGE


def test_a_second_time_nothing_is_left_to_do(used):
    """Else the hook would stop every commit for ever."""
    strip.main([str(used)])
    before = used.stat().st_mtime_ns
    assert strip.main([str(used)]) == 0
    assert used.stat().st_mtime_ns == before


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapters_are_stored_stripped(chapter):
    """Whoever has no hook learns it here."""
    text = chapter.read_text(encoding="utf-8")
    assert strip.strip(text) == text, "python book/tools/strip.py chapters/*"
