"""The repository itself: its commands, its versions, its promises."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def requirements() -> dict[str, Requirement]:
    """What pyproject.toml asks for by name, in all extras together."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *sum(extras.values(), [])]
    parsed = [Requirement(line) for line in lines]
    names = {canonicalize_name(each.name): each for each in parsed}
    del names["back-in-color"]  # the extra of extras
    return names


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


# Versions


def test_every_requirement_is_pinned_within_its_bounds():
    """Else a fresh machine gets what nobody has tried."""
    for name, requirement in requirements().items():
        assert name in pins(), f"{name}: make constraints"
        assert requirement.specifier.contains(pins()[name]), requirement


def test_the_oldest_versions_are_those_that_are_allowed():
    """What is tested as the oldest must not drift from pyproject.toml."""
    lines = [
        f"{name}=={each.version}"
        for name, requirement in sorted(requirements().items())
        for each in requirement.specifier
        if each.operator == ">="
    ]
    assert {line.partition("=")[0] for line in lines} == set(requirements())
    text = (ROOT / "constraints-oldest.txt").read_text()
    found = [line for line in text.splitlines() if not line.startswith("#")]
    assert found == lines, "write these lines into constraints-oldest.txt"


def test_conda_gets_the_same_versions():
    """environment.yml repeats the direct requirements, and must not drift."""
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    lines = conda["dependencies"][-1]["pip"]
    repeated = dict(line.split("==") for line in lines if "==" in line)
    assert repeated == {name: pins()[name] for name in requirements()}
    assert "--editable ." in lines


def test_what_the_package_imports_is_declared():
    """A package that is only there by chance is missing on a fresh machine."""
    homes = packages_distributions()
    for path in (ROOT / "colorlib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module]
            else:
                continue
            for module in modules:
                top = module.partition(".")[0]
                if top in sys.stdlib_module_names or top == "colorlib":
                    continue
                found = map(canonicalize_name, homes.get(top, []))
                assert requirements().keys() & set(found), (
                    f"{path.name} imports {top}: add it to pyproject.toml"
                )


def test_the_package_takes_its_data_along():
    """Colab installs it, and then has no file that nobody listed."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["colorlib"]
    package = ROOT / "colorlib"
    listed = {path for pattern in patterns for path in package.glob(pattern)}
    data = {
        path
        for path in package.rglob("*.*")
        if path.suffix not in (".py", ".pyc")
    }
    assert data
    assert data - listed == set()


# Commands


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A copy of what make looks at, as it is right after a set-up."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
        os.utime(tmp_path / name, (1e9, 1e9))
    sources = "colorlib/color.py", "book/tools/cover.py"
    made = ".venv/.ready", "_build/.executed", "book/static/made/card.jpg"
    for name in (*sources, *made):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in sources:
        os.utime(tmp_path / name, (1e9, 1e9))
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess:
    # Not the variables of the `make test` that we may be running in.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS"))
        and name not in ("PYTHON", "SCALE", "OUT")
    }
    return subprocess.run(
        ["make", "-C", folder, *words],
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_second_run_sets_nothing_up(workshop: Path):
    """`make book` in a train works, and starts at once."""
    planned = make(workshop, "-n", "book")
    assert planned.returncode == 0
    assert "jupyter-book build" in planned.stdout
    assert "pip install" not in planned.stdout
    assert ".jupyter_cache" not in planned.stdout


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_are_set_up(workshop: Path, changed: str):
    """After a pull nobody has to know that a package was added."""
    os.utime(workshop / changed, (4e9, 4e9))
    assert "pip install" in make(workshop, "-n", "book").stdout


@pytest.mark.parametrize("changed", ["colorlib/color.py", "constraints.txt"])
def test_changed_code_runs_the_chapters_again(workshop: Path, changed: str):
    """Jupyter Book alone shows the results of the code that was."""
    os.utime(workshop / changed, (4e9, 4e9))
    planned = make(workshop, "-n", "book").stdout
    assert "rm -rf _build/.jupyter_cache" in planned


def test_scales_do_not_share_results(workshop: Path):
    """Else the book that is read could hold the figures of a test."""
    planned = make(workshop, "-n", "book", "SCALE=smoke").stdout
    assert "COLORLIB_SCALE=smoke" in planned
    assert "--path-output _build/smoke" in planned
    assert "rm -rf _build/html" not in planned


def test_an_old_python_is_refused_in_one_line(workshop: Path):
    """macOS still brings 3.9; pip's own words would not help."""
    old = workshop / "python-old"
    old.write_text(
        f'#!/bin/sh\nshift\nexec "{sys.executable}" -c '
        '"import sys; sys.version_info = (3, 9); $1"\n'
    )
    old.chmod(0o755)
    (workshop / ".venv/.ready").unlink()
    run = make(workshop, "setup", "PYTHON=./python-old")
    assert run.returncode != 0
    complaint = run.stderr.splitlines()[0]
    assert "needs Python 3.11 or later" in complaint
    assert "3.9" in complaint
    assert "make PYTHON=" in complaint


def test_make_help_knows_every_target():
    """And every `make` that the pages mention is one of them."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    helped = set(re.findall(r"(?m)^make (\w+) ", make(ROOT, "help").stdout))
    assert helped == targets
    for page in PAGES:
        # `make x` and blocks of them; prose has the word too.
        code = re.findall(r"(?ms)^```sh$.*?^```$|`[^`\n]+`", page.read_text())
        mentioned = re.findall(r"\bmake ([a-z]+)", "\n".join(code))
        assert mentioned
        assert set(mentioned) <= targets, page.name


# Pages


def test_the_readme_does_what_it_says(tmp_path: Path, monkeypatch):
    """Its shell line and its Python lines, on a photograph called old.jpg."""
    from PIL import Image
    from skimage.data import chelsea
    from typer.testing import CliRunner

    from colorlib.cli import app

    readme = (ROOT / "README.md").read_text()
    monkeypatch.chdir(tmp_path)
    pixels = chelsea()[::4, ::4]
    Image.fromarray(pixels).save("old.jpg")

    [line] = re.findall(r"(?m)^\.venv/bin/colorlib (.*)$", readme)
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == 0, result.output
    assert (tmp_path / "colorized/old.jpg").exists()

    [lines] = re.findall(r"(?ms)^```python\n(.*?)^```$", readme)
    names = {}
    exec(lines, names)
    assert names["photo"].pixels.shape == pixels.shape


def test_options_that_pages_name_are_there():
    """An option that was renamed must not live on in what people read."""
    from command_help import all_commands

    commands = all_commands().values()
    options = {o for each in commands for p in each.params for o in p.opts}
    options |= {"--help"}  # of each
    for page in (*PAGES, ROOT / "CHANGELOG.md"):
        # What Python runs, and each script, has options of its own.
        named = re.findall(
            r"`(?!python |\w+\.py )[^`]*?(--[a-z][a-z-]*)", page.read_text()
        )
        assert set(named) <= options, page.name


def test_no_file_names_somebody_s_machine():
    """A path or a package index that only one of us has helps nobody."""
    private = re.compile(
        r"(?<![\w.])/(?:root|home|Users|tmp)/\w"
        r"|pypi\.(?:org|python)|pythonhosted\.org|registry\.(?:npm|yarn)"
    )
    git = ["git", "-C", ROOT, "ls-files", "-z"]
    listed = subprocess.run(git, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        try:
            text = (ROOT / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # weights and pictures; files being deleted
        found += [f"{name}: {match[0]}" for match in private.finditer(text)]
    assert not found


def test_pages_know_which_chapters_there_are():
    """The first page names the first and the last one, and so the README."""
    written = sorted(path.name[:2] for path in ROOT.glob("chapters/*.ipynb"))
    first_page = (ROOT / "book" / "index.md").read_text()
    first, last = written[0], written[-1]
    every = {f"{n:02}" for n in range(int(first), int(last) + 1)}
    missing = " and ".join(sorted(every - set(written)))
    gap = f", without {missing}" if missing else ""
    assert f"Chapters {first} to {last} are here{gap}." in first_page
    readme = (ROOT / "README.md").read_text()
    assert f"{first} to {last}" in readme


def test_the_deck_is_credited():
    """By title, club and authors, as on its first slide."""
    readme = (ROOT / "README.md").read_text()
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    [deck] = citation["references"]
    authors = [a["family-names"] + a["given-names"] for a in deck["authors"]]
    assert authors == ["이나운", "윤정현", "구은아"]
    assert "Back To The Future" in deck["title"]
    one_line = " ".join(readme.split())
    for credit in (*authors, deck["title"], deck["institution"]["name"]):
        assert credit in one_line
