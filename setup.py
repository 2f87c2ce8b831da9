"""Pack recorded runs and eras into the package; the rest: pyproject.toml.

They lie in book/results and data/eras, where people find them, and a reader
on Colab has the package only. Mapping these folders to packages would do the
same, and give editable installs an import hook in place of a line in a .pth
file.
"""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py

PACKED = {
    "book/results": ("colorlib", "results"),
    "data/eras": ("colorlib", "eras", "listed"),
}


class WithData(build_py):
    """Copy code, then what is packed."""

    def run(self):
        """Build, then copy the folders."""
        super().run()
        if not self.editable_mode:  # a checkout has them already
            for folder, place in PACKED.items():
                packed = Path(self.build_lib, *place)
                copytree(folder, packed, dirs_exist_ok=True)


setup(cmdclass={"build_py": WithData})
