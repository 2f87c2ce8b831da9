"""Modules import without a Unix; messages name no stranger's package."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_UNIX = """
import importlib, pkgutil, sys
for name in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules[name] = None  # as on Windows: importing it fails
import colorlib
for found in pkgutil.walk_packages(colorlib.__path__, "colorlib."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print("all")
"""


@pytest.mark.slow
def test_no_module_needs_a_unix_to_be_imported():
    """`fcntl` at the top of one module once shut all of Windows out."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_UNIX],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "all", done.stderr


def test_nobody_is_told_to_install_a_stranger_s_package():
    """On PyPI `colorlib` is another project: ours has another name there."""
    stranger = re.compile(
        r"""pip install [^\n]*(?<![\w./-])colorlib(?![\w/-])"""
    )
    told = [
        path.relative_to(ROOT)
        for folder in ("colorlib", "book", "chapters", "experiments", ".")
        for path in (ROOT / folder).glob("*" if folder == "." else "**/*")
        if path.suffix in {".py", ".md", ".ipynb", ".toml", ".yml"}
        and stranger.search(path.read_text(encoding="utf-8"))
    ]
    assert not told
