"""A generator is entered in one table: an entry is all that it takes."""

import json

import pytest
import torch
from torch import nn

from colorlib.models.build import build_generator
from colorlib.models.catalog import GENERATORS, Entry, describe_generators
from colorlib.models.generator import Generator
from colorlib.models.weights import load_generator, save_generator
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.session import record


class Plain(Generator):
    """As little as a generator can be."""

    multiple = 4

    def __init__(self, kernel: int = 3):
        super().__init__()
        self.config = {"kernel": kernel}
        self.layer = nn.Conv2d(1, 2, kernel, padding=kernel // 2)

    @classmethod
    def for_training(cls, kernel: int = 3) -> "Plain":
        return cls(kernel)

    def forward(self, L):
        return self.layer(L).tanh()


class PlainEntry(Entry):
    """The class stands in no package that could be imported by name."""

    def load(self) -> type:
        return Plain


TABLE = GENERATORS | {
    "plain": PlainEntry("a single convolution", __name__, "Plain"),
    "wide": PlainEntry("a wide one", __name__, "Plain", fixed={"kernel": 5}),
}


def test_an_entry_can_be_built():
    assert build_generator("plain", generators=TABLE).config == {"kernel": 3}
    wide = build_generator("wide", generators=TABLE)
    assert wide.config == {"kernel": 5}
    with pytest.raises(
        ValueError, match="width is for unet .* not for 'plain'"
    ):
        build_generator("plain", width=8, generators=TABLE)
    with pytest.raises(FileNotFoundError, match="unet"):
        build_generator("plain")  # not in the package's table


def test_an_entry_can_be_saved_and_loaded(tmp_path):
    G = build_generator("wide", generators=TABLE).eval()
    path = save_generator(G, tmp_path / "plain", card={}, generators=TABLE)
    twin, card = load_generator(path, generators=TABLE)
    assert card["architecture"] == "Plain"
    L = torch.rand(1, 1, 8, 8)
    assert torch.equal(twin(L), G(L))
    again = build_generator(str(path), generators=TABLE)
    assert torch.equal(again.eval()(L), G(L))


@pytest.mark.parametrize("kind", [PretrainConfig, GanConfig])
def test_an_entry_can_be_trained(tmp_path, kind):
    settings = {"size": 64, "batch_size": 4, "epochs": 1, "validation": 0.0}
    config = kind(
        generator="plain", width=4 if kind is GanConfig else None, **settings
    )
    run = tmp_path / "run"
    *_, last = record(
        run, ["bundled"], config, cache=tmp_path, generators=TABLE
    )
    assert last.finished
    said = json.loads((run / "run.json").read_text())
    assert said["config"]["generator"] == "plain"
    assert said["generator_sha256"] is None  # a name, not a file
    G, _ = load_generator(run / "generator.safetensors", generators=TABLE)
    assert isinstance(G, Plain)


def test_help_names_all_of_them():
    """The command line's help comes from the table."""
    field = PretrainConfig.__dataclass_fields__["generator"]
    assert field.metadata["choices"] == describe_generators()
    for name, entry in TABLE.items():
        assert f"{name} ({entry.about})" in describe_generators(TABLE)


@pytest.mark.parametrize("name", GENERATORS)
def test_each_entry_of_the_package_has_what_training_asks_for(name):
    G = build_generator(name, size=64)
    assert {"config", "multiple"} <= set(dir(G))
    twin = type(G)(**G.config)
    assert twin.state_dict().keys() == G.state_dict().keys()
    others = GENERATORS[name].takes - {"size", "width"}
    can_go_on = type(G).continued is not Generator.continued
    assert not others or can_go_on
