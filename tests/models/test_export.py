"""Export for other programs leaves this one healthy, and sizes are free."""

import subprocess
import sys
import textwrap

import pytest
import torch
from torch.testing import assert_close

from colorlib.models.compact import CompactUnet
from colorlib.models.export import export_generator
from colorlib.models.resunet import ResUnet
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator

pytestmark = pytest.mark.slow  # torch.export compiles

GENERATORS = {
    "shipped": lambda: load_generator()[0],
    "unet": lambda: Unet(n_down=4, width=8),
    "unet-noskip": lambda: Unet(n_down=4, width=8, skips=False),
    "resunet": ResUnet,
}


@pytest.fixture(params=GENERATORS.values(), ids=GENERATORS.keys())
def G(request):
    torch.manual_seed(0)
    return request.param().eval()


def lightness(G, batch, rows, columns):
    step = 37 if G.multiple == 1 else G.multiple  # 74, 111, 185 and 296 pixels
    return torch.rand(batch, 1, rows * step, columns * step) * 2 - 1


def test_one_export_serves_all_sizes(G):
    program = export_generator(G).module()
    for batch, rows, columns in ((1, 2, 2), (2, 3, 5), (1, 8, 4)):
        L = lightness(G, batch, rows, columns)
        with torch.no_grad():
            assert_close(program(L), G(L), atol=1e-4, rtol=1e-4)


def test_export_leaves_the_network_as_it_was(G):
    L = lightness(G, 1, 2, 3)
    with torch.no_grad():
        before = G(L)
        export_generator(G)
        after, twin = G(L), type(G)(**G.config)
        twin.load_state_dict(G.state_dict())
        assert type(after) is torch.Tensor
        assert torch.equal(after, before)
        assert torch.equal(twin.eval()(L), before)


def test_a_network_in_training_mode_is_refused(G):
    """Dropout would be drawn once, and kept."""
    with pytest.raises(ValueError, match="eval"):
        export_generator(G.train())


FRESH = {
    "export first": """
        G = load_generator()[0]
        export_generator(G)
        L = torch.zeros(1, 1, 64, 96)
        with torch.no_grad():
            one, other = G(L), load_generator()[0](L)
        assert type(one) is torch.Tensor and torch.equal(one, other)
        config = PretrainConfig(loss="cross-entropy", precision="no")
        state = start_pretraining(CompactUnet(), config)
        ab = torch.zeros(1, 2, 64, 96)
        loss = pretrain_step(
            state, L, ab, learning_rate=1e-4, config=config)
        assert loss["cross-entropy"].isfinite()
    """,
    "meta first": """
        with torch.device("meta"):
            G = CompactUnet().train()
            ab = G(torch.empty(2, 1, 64, 64))
        assert ab.shape == (2, 2, 64, 64) and ab.is_meta
        G = load_generator()[0]
        assert G(torch.zeros(1, 1, 64, 64)).isfinite().all()
    """,
}


@pytest.mark.parametrize("script", FRESH.values(), ids=FRESH.keys())
def test_in_a_process_that_has_computed_nothing_yet(script):
    """A table that is computed at first use would be one without content."""
    imports = """
        import torch
        from colorlib.models.compact import CompactUnet
        from colorlib.models.export import export_generator
        from colorlib.models.weights import load_generator
        from colorlib.training.config import PretrainConfig
        from colorlib.training.pretrain import (
            pretrain_step, start_pretraining)
    """
    text = textwrap.dedent(imports) + textwrap.dedent(script)
    done = subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def test_the_compact_network_trains_after_an_export():
    torch.manual_seed(0)
    G = CompactUnet().eval()
    export_generator(G)
    logits = G.train()(torch.zeros(2, 1, 64, 64), logits=True)
    ab = torch.zeros(2, 2, 64, 64)
    G.bins.cross_entropy(logits, ab).backward()
    assert G.head.weight.grad.isfinite().all()
