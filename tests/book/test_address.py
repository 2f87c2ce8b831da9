"""One setting says where the course is kept, and all files agree with it."""

import json
import shutil
from pathlib import Path

import address
import pytest
import yaml
from jupyter_book.config import get_final_config

URL = "https://github.com/somebody/back-in-color"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of every file that tells the address, and one chapter."""
    for name in address.BLOCKS:
        shutil.copy(address.ROOT / name, tmp_path)
    package = tmp_path / address.PACKAGE
    package.parent.mkdir(parents=True)
    shutil.copy(address.ROOT / address.PACKAGE, package)
    cell = {
        "cell_type": "code",
        "source": ["import sys\n", 'REPOSITORY = ""\n', 'RELEASE = "main"\n'],
    }
    text = ["or `pip install git+ADDRESS`.\n"]
    prose = {"cell_type": "markdown", "source": text}
    (tmp_path / "chapters").mkdir()
    chapter = tmp_path / "chapters" / "01_chapter.ipynb"
    chapter.write_text(json.dumps({"cells": [cell, prose]}, indent=1))
    return tmp_path


def write(url: str, course: Path) -> None:
    for path, text in address.with_address(url, course).items():
        path.write_text(text)


def theme_options(course: Path) -> dict:
    """What Jupyter Book makes of _config.yml and hands to the theme."""
    config, _ = get_final_config(
        user_yaml=course / "_config.yml",
        sourcedir=course,
        cli_config={"latex_individualpages": False},
    )
    return config["html_theme_options"]


def test_the_files_agree_now():
    """What was edited by hand, or added since, would lead elsewhere."""
    for path, text in address.with_address(address.written()).items():
        assert path.read_text() == text, f"{path.name}: make address"


@pytest.mark.parametrize(
    "text",
    [
        URL,
        f"{URL}.git",
        f"{URL}/",
        "git@github.com:somebody/back-in-color.git",
        "ssh://git@github.com/somebody/back-in-color.git",
        "https://somebody:secret@github.com/somebody/back-in-color",
    ],
)
def test_all_of_git_s_ways_to_write_it_are_one(text: str):
    """And a password in a remote's address stays out of the files."""
    assert address.parse(text) == URL


@pytest.mark.parametrize(
    "text", ["../back-in-color", "file:///srv/course.git", "https://a.b/c/d"]
)
def test_an_address_that_others_can_t_open_is_refused(text: str):
    with pytest.raises(address.AddressError, match="expected https"):
        address.parse(text)


def test_one_command_writes_it_everywhere(course: Path):
    write(URL, course)
    assert address.written(course) == URL
    config = yaml.safe_load((course / "_config.yml").read_text())
    assert config["repository"]["url"] == URL
    assert "colab_url" in config["launch_buttons"]
    pages = "https://somebody.github.io/back-in-color/"
    assert config["html"]["baseurl"] == pages
    citation = yaml.safe_load((course / "CITATION.cff").read_text())
    assert citation["repository-code"] == URL
    assert f"{URL}/actions" in (course / "README.md").read_text()
    package = (course / address.PACKAGE).read_text()
    assert f'\nREPOSITORY = "{URL}"\n' in package
    cell, prose = json.loads(next(course.rglob("*.ipynb")).read_text())["cells"]
    assert cell["source"][1] == f'REPOSITORY = "{URL}"\n'
    assert prose["source"] == [f"or `pip install git+{URL}`.\n"]
    assert f"`pip install git+{URL}`" in (course / "README.md").read_text()


def test_readme_and_first_steps_say_how_to_install():
    """From the repository: on PyPI the package's name is a stranger's."""
    for name in ("README.md", "chapters/01_five_minutes.ipynb"):
        text = (address.ROOT / name).read_text()
        [found] = address.INSTALL.finditer(text)
        address_now = address.written() or address.UNKNOWN
        assert found[0] == f"pip install git+{address_now}"


def test_a_repository_named_like_its_host_is_published_at_the_root(course):
    url = "https://github.com/Somebody/somebody.github.io"
    write(url, course)
    config = yaml.safe_load((course / "_config.yml").read_text())
    assert config["html"]["baseurl"] == "https://somebody.github.io/"


def test_a_release_is_written_into_the_chapters(course: Path):
    """A chapter that was released must not install next year's package."""
    for path, text in address.with_address(URL, course, "v1.0.0").items():
        path.write_text(text)
    write(URL, course)  # and an address alone leaves it
    cell, _ = json.loads(next(course.rglob("*.ipynb")).read_text())["cells"]
    assert cell["source"][2] == 'RELEASE = "v1.0.0"\n'


def test_the_address_reaches_the_theme(course: Path):
    """Jupyter Book drops it where other options of the theme are set."""
    write(URL, course)
    assert theme_options(course)["repository_url"] == URL
    assert "colab_url" in theme_options(course)["launch_buttons"]
    write("", course)
    assert not theme_options(course)["launch_buttons"]["colab_url"]


def test_the_configuration_has_no_key_twice(course: Path):
    """YAML would take the second and drop the first without a word."""
    write(URL, course)
    lines = (course / "_config.yml").read_text().splitlines()
    keys = [line.split(":")[0] for line in lines if line[:1].isalpha()]
    assert len(keys) == len(set(keys))


def test_it_can_be_forgotten_to_the_last_byte(course: Path):
    """Launch buttons that lead nowhere are worse than none."""
    write("", course)
    before = {
        path: path.read_text() for path in course.rglob("*.*") if path.is_file()
    }
    write(URL, course)
    write("", course)
    assert address.written(course) == ""
    assert {path: path.read_text() for path in before} == before


def test_a_file_without_a_place_for_it_is_an_error(course: Path):
    """And then nothing is written: half an address is worse than none."""
    (course / "README.md").write_text("no markers here")
    with pytest.raises(address.AddressError, match=r"README\.md has 0 places"):
        address.with_address(URL, course)


def test_without_a_remote_it_asks(monkeypatch, capsys):
    monkeypatch.setattr(address, "origin", lambda: "")
    monkeypatch.setattr(address, "with_address", None)
    assert address.main([]) == 1
    assert "make address URL=" in capsys.readouterr().err
