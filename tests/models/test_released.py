"""Models that are downloaded: checked like every other, or one clear line."""

import hashlib
import json
import shlex
from dataclasses import replace

import pytest
import typer
from rich.console import Console

from colorlib.cli import app
from colorlib.cli.train import _configure
from colorlib.colorizer import Colorizer
from colorlib.models.build import build_generator
from colorlib.models.paths import SHIPPED, find_model, is_released
from colorlib.models.released import RELEASED, ReleasedModel, fetch_model
from colorlib.models.unet import Unet
from colorlib.models.weights import save_generator

FOLDER = "releases/download/v1"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, and an empty cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path


@pytest.fixture
def published(here, file_server, tmp_path_factory):
    """A table with one model, which a server of this machine offers."""
    folder = tmp_path_factory.mktemp("release")
    card = {"name": "tiny", "size": 32}
    path = save_generator(Unet(n_down=2, width=4), folder / "tiny", card=card)
    data = {p.name: p.read_bytes() for p in folder.iterdir()}
    for name, content in data.items():
        file_server.files[f"{FOLDER}/{name}"] = content
    tiny = ReleasedModel(
        about="a tiny one",
        file=path.name,
        megabytes=1,
        made_by=("colorlib train runs/tiny",),
        tag="v1",
        sha256=hashlib.sha256(data["tiny.safetensors"]).hexdigest(),
        card_sha256=hashlib.sha256(data["tiny.json"]).hexdigest(),
        repository=file_server.url,
    )
    return {"tiny": tiny}


def test_a_released_model_is_downloaded_once_with_its_card(
    published, file_server
):
    path = find_model("tiny", released=published)
    assert find_model("tiny", released=published) == path
    assert [name for name, _ in file_server.asked] == [
        f"{FOLDER}/tiny.json",
        f"{FOLDER}/tiny.safetensors",
    ]
    colorizer = Colorizer.load(path, device="cpu")
    assert (colorizer.name, colorizer.size) == ("tiny", 32)
    assert colorizer.sha256 == published["tiny"].sha256


def test_progress_is_told(published):
    told = []
    find_model(
        "tiny", released=published, on_download=lambda *said: told.append(said)
    )
    assert {name for name, *_ in told} == {"tiny.json", "tiny.safetensors"}
    _, done, total = told[-1]
    assert done == total


@pytest.mark.parametrize("name", ["tiny.json", "tiny.safetensors"])
def test_other_weights_or_another_card_are_refused(
    published, file_server, here, name
):
    """The card says at which size a photograph is seen, so it counts too."""
    data = file_server.files[f"{FOLDER}/{name}"]
    file_server.files[f"{FOLDER}/{name}"] = data + b" "
    with pytest.raises(OSError, match=f"{name} can't.*another file") as raised:
        find_model("tiny", released=published)
    said = str(raised.value)
    assert "train it (colorlib train runs/tiny)" in said
    assert "get tiny.safetensors and tiny.json elsewhere" in said
    assert "\n" not in said
    assert not list((here / "caches").rglob(name))


def test_a_card_that_was_changed_in_the_cache_is_mended(published):
    path = find_model("tiny", released=published)
    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps(card | {"size": 999}))
    find_model("tiny", released=published)
    assert Colorizer.load(path, device="cpu").size == 32


def test_without_the_release_one_line_says_what_to_do(published, file_server):
    file_server.files.clear()
    with pytest.raises(OSError, match="HTTP 404.*train it .colorlib train"):
        find_model("tiny", released=published)


@pytest.mark.parametrize(
    "missing", ["tag", "sha256", "card_sha256", "repository"]
)
def test_what_is_not_published_is_not_asked_for(
    published, file_server, missing
):
    """A file without a hash would be a stranger's."""
    empty = "" if missing == "repository" else None
    table = {"tiny": replace(published["tiny"], **{missing: empty})}
    with pytest.raises(ValueError, match="not published yet; train it"):
        find_model("tiny", released=table)
    assert not file_server.asked


def test_the_course_s_second_model_says_how_to_get_it(here):
    with pytest.raises(ValueError, match="U-Net on a ResNet-18") as raised:
        Colorizer.load("model2")
    said = str(raised.value)
    assert "train it (colorlib train runs/model2-l1" in said
    assert "give the folder of the last run" in said
    assert "\n" not in said


def test_training_can_begin_with_it(published, here):
    with pytest.raises(ValueError, match="model2 .* not published yet"):
        build_generator("model2")
    path = find_model("tiny", released=published)
    assert build_generator(str(path)).config["width"] == 4


def test_a_folder_or_a_file_of_that_name_comes_first(published, here):
    """`colorlib train model2 ...` makes one, and it stays what it was."""
    own = Unet(n_down=2, width=8)
    card = {"name": "own", "size": 16}
    path = save_generator(own, here / "tiny" / "generator", card=card)
    assert find_model("tiny", released=published) == path.relative_to(here)
    (here / "tiny").rename(here / "other")
    assert is_released("tiny", published)
    path = save_generator(own, here / "tiny", card=card)
    assert find_model("tiny", released=published).name == "tiny.safetensors"
    assert not is_released("tiny", published)


def test_other_words_are_paths(here):
    with pytest.raises(ValueError, match="the name model2, or leave it out"):
        find_model("model3")
    with pytest.raises(ValueError, match="no model is called 'model3'"):
        fetch_model("model3")
    assert find_model() == SHIPPED


# The table.


@pytest.mark.parametrize("model", RELEASED.values(), ids=RELEASED)
def test_an_entry_is_released_or_not(model):
    """Half an entry would be a download that nobody checks."""
    given = [model.tag, model.sha256, model.card_sha256]
    assert all(given) or not any(given)
    for digest in filter(None, given[1:]):
        assert len(digest) == 64


@pytest.mark.parametrize(
    "command",
    [c for model in RELEASED.values() for c in model.made_by],
)
def test_the_commands_that_train_it_exist(command, tmp_path):
    """With all their options, and settings that are in their ranges."""
    word, name, *words = shlex.split(command)
    assert (word, name) == ("colorlib", "train")
    train = typer.main.get_command(app).commands["train"]
    settings = train.make_context("train", words).params
    for other in ("data", "cache", "keep_every", "max_megapixels"):
        settings.pop(other)
    for other in ("samples", "tensorboard"):
        settings.pop(other)
    given = [settings.pop(n) for n in ("folder", "recipe", "method", "resume")]
    settings = {n: x for n, x in settings.items() if x}
    assert _configure(*given, settings).squash


# What a shell shows of it: `cli.models`.


@pytest.mark.parametrize("quiet", [False, True])
def test_a_download_is_a_line_in_a_log(published, capsys, quiet):
    from colorlib.cli.models import shown_downloads

    with shown_downloads(quiet) as on_download:
        find_model("tiny", released=published, on_download=on_download)
    said = capsys.readouterr().err
    lines = said.splitlines()
    assert len(lines) == (0 if quiet else 2)
    assert quiet or lines[1].startswith("downloading tiny.safetensors from")


def test_a_download_is_a_bar_on_a_terminal(monkeypatch, capsys):
    from colorlib.cli.models import shown_downloads

    monkeypatch.setattr(Console, "is_terminal", True)
    monkeypatch.setenv("COLUMNS", "120")
    with shown_downloads():
        pass
    assert capsys.readouterr().err == ""  # nothing to show, nothing shown
    with shown_downloads() as on_download:
        on_download("a.bin", 500_000, 2_000_000)
        on_download("a.bin", 2_000_000, 2_000_000)
    said = capsys.readouterr().err
    assert "a.bin" in said
    assert "2.0/2.0 MB" in said


@pytest.mark.parametrize(
    "words", ["colorize x.png --model", "evaluate", "info", "train r --data"]
)
def test_every_command_that_takes_a_model_knows_it(here, words, capsys):
    from typer.testing import CliRunner

    words = [*words.split(), "model2", *("bundled",) * (words == "evaluate")]
    if words[0] == "train":
        words = [*words[:3], "bundled", "--generator", "model2"]
    (here / "x.png").write_bytes(b"")
    result = CliRunner().invoke(app, words)
    assert result.exit_code in (1, 2)
    assert "not published yet; train it" in result.stderr
    assert result.stderr.count("\n") == 1
