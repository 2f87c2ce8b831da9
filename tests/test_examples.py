"""The examples in docstrings are run: what somebody copies must work."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import colorlib

FINDER = doctest.DocTestFinder(exclude_empty=True)
# What a reader of the reference looks for first, and copies.
SHOWN = {
    "colorlib.colorizer.Colorizer.colorize",
    "colorlib.colorizer.Colorizer.load",
    "colorlib.data.batches.lab_batch",
    "colorlib.data.filling.cache_photographs",
    "colorlib.evaluation.report.evaluate",
    "colorlib.metrics.errors.ciede2000",
    "colorlib.metrics.pixels.psnr",
    "colorlib.metrics.pixels.ssim",
    "colorlib.models.weights.load_generator",
    "colorlib.models.weights.save_generator",
    "colorlib.photos.reading.read",
    "colorlib.photos.writing.write",
    "colorlib.training.gan.gan_step",
}


def examples() -> list[doctest.DocTest]:
    """All docstrings of the package that have an example."""
    names = pkgutil.walk_packages(colorlib.__path__, "colorlib.")
    modules = [import_module(m.name) for m in names]
    found = [test for module in modules for test in FINDER.find(module)]
    return [test for test in found if test.examples]


EXAMPLES = examples()
# torch.export compiles, which takes seconds.
SLOW = {"colorlib.models.export.export_generator"}


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(
            each,
            id=each.name,
            marks=[pytest.mark.slow] if each.name in SLOW else [],
        )
        for each in EXAMPLES
    ],
)
def test_an_example_gives_what_it_says(example, tmp_path, monkeypatch):
    """Line by line, in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    said = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert not said, "".join(said)


def test_what_is_copied_most_has_an_example():
    assert SHOWN - {example.name for example in EXAMPLES} == set()
