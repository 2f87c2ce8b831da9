"""Pack the recorded runs into the package; all else is in pyproject.toml.

They lie in book/results, where people find them, and a reader on Colab has
the package only. Mapping that folder to a package would do the same, and
give editable installs an import hook in place of a line in a .pth file.
"""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class WithResults(build_py):
    """Copy code, then the runs."""

    def run(self):
        """Build, then copy the runs."""
        super().run()
        if not self.editable_mode:  # a checkout has them already
            packed = Path(self.build_lib, "colorlib", "results")
            copytree("book/results", packed, dirs_exist_ok=True)


setup(cmdclass={"build_py": WithResults})
