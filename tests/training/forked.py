"""Real training processes, to be killed, and to train in pairs.

Importing PyTorch takes seconds, so one process imports it once and forks
those that are killed from there. Prints what it found as JSON.

    python forked.py kills|pair FOLDER
"""

import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from colorlib.data.batches import Batches
from colorlib.models.compact import CompactUnet
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.weights import save_generator
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.gan import start_gan, train_gan
from colorlib.training.pretrain import pretrain, start_pretraining
from colorlib.training.session import record

KILLS = 20
SIZE = 16


def kills(here: Path) -> dict:
    """Kill a run at 20 random moments, resuming each time, to the end."""
    # Slow checkpoints: some kills must hit them.
    torch.save = slowly(torch.save)
    os.fsync = lambda handle: None  # what is killed is no disk

    began = time.monotonic()
    train(here, "whole")
    whole = time.monotonic() - began

    rng = random.Random(0)
    while_writing, runs = 0, ["run 0"]
    for _ in range(KILLS):
        child = fork(lambda: train(here, runs[-1]))
        time.sleep(rng.uniform(0, whole / 10))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while_writing += readable(here / runs[-1])
        if done(here / runs[-1]):  # sooner than 20 kills: begin another
            runs.append(f"run {len(runs)}")
    train(here, runs[-1])
    return {
        "while_writing": while_writing,
        "left_over": [str(f) for f in here.glob("run */.*")],
        "whole": outcome(here / "whole"),
        "runs": [outcome(here / run) for run in runs],
    }


def slowly(save):
    """Write in two halves, and wait in between."""

    def save_slowly(content: dict, file: io.BufferedWriter) -> None:
        save(content, data := io.BytesIO())
        half = len(data.getvalue()) // 2
        file.write(data.getvalue()[:half])
        file.flush()
        time.sleep(0.005)
        file.write(data.getvalue()[half:])

    return save_slowly


def train(here: Path, name: str) -> None:
    """Start a run or go on with it, on photographs that are cached."""
    config = GanConfig(
        generator=str(here / "small.safetensors"),
        batch_size=4,
        size=SIZE,
        validation=0.0,
        epochs=30,
    )
    torch.manual_seed(1)
    run = record(
        here / name,
        [str(here / "photographs")],
        config,
        D=small_D(),
        cache=here / "cache",
        resume=(here / name / "run.json").exists(),
        keep_every=0.0,  # a checkpoint at each step
        show_every=0.0,
    )
    for _ in run:
        pass


def readable(folder: Path) -> bool:
    """Read all files of a run, and tell whether one is half written."""
    if (folder / "run.json").exists():
        json.loads((folder / "run.json").read_text())
        torch.load(folder / "last.ckpt", weights_only=True)
    return any(folder.glob(".*.part"))


def done(folder: Path) -> bool:
    """Tell whether the run has reached its end."""
    run = folder / "run.json"
    return run.exists() and bool(json.loads(run.read_text())["finished"])


def outcome(folder: Path) -> dict:
    """Losses as they were written, and the hash of the weights."""
    rows = (folder / "metrics.csv").read_text().splitlines()
    card = json.loads((folder / "generator.json").read_text())
    return {
        "losses": [row.rpartition(",")[0] for row in rows],
        "sha256": card["sha256"],
    }


def pair(here: Path) -> dict:
    """Train alone and in pairs: the same losses, and one folder."""
    command = [sys.executable, "-m", "accelerate.commands.launch"]
    command += ["--multi_gpu", "--num_processes=2", "--num_machines=1"]
    command += ["--mixed_precision=no", "--dynamo_backend=no"]
    command += [f"--main_process_port={free_port()}", __file__]
    command += ["one_of_two", str(here)]
    # On processors it needs to be told so, also where there is a GPU.
    environment = os.environ | {"ACCELERATE_USE_CPU": "true"}
    launched = subprocess.Popen(command, env=environment)
    alone = losses()
    launched.wait()
    together = [
        json.loads((here / f"{rank}.json").read_text()) for rank in range(2)
    ]
    return {"code": launched.returncode, "alone": alone, "together": together}


def free_port() -> int:
    """A port that nobody uses now; older PyTorch can't look for one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def one_of_two(here: Path) -> None:
    """Be one of two processes, as `accelerate launch` starts them."""
    found = losses()
    written = []
    os.fsync = written.append
    train(here, "pair")  # the whole way: a GAN, and the folder
    found["files written"] = len(written)
    (here / f"{os.environ['RANK']}.json").write_text(json.dumps(found))
    torch.distributed.destroy_process_group()


def losses() -> dict:
    """The losses of four steps of both methods, whole and in two parts.

    And how many photographs the generator saw at a time.
    """
    found = {}
    for accumulate in (1, 2):
        settings = {"epochs": 2, "precision": "no", "accumulate": accumulate}
        batches = Batches(photographs(), batch_size=4, size=SIZE)

        torch.manual_seed(0)
        config = PretrainConfig(learning_rate=1e-3, **settings)
        s = start_pretraining(small_G(), config)
        without_batch_statistics(s.G)
        seen = []
        s.G.register_forward_pre_hook(
            lambda _, inputs, seen=seen: seen.append(len(inputs[0]))
        )
        trace = [x["l1"].item() for x in pretrain(s, batches, config)]
        found[f"pretrain {accumulate}"] = trace
        found[f"seen {accumulate}"] = seen

        torch.manual_seed(0)
        config = GanConfig(**settings)
        s = start_gan(small_G(), small_D(), config)
        without_batch_statistics(s.G, s.D)
        trace = [
            [loss.item() for loss in x.values()]
            for x in train_gan(s, batches, config)
        ]
        found[f"gan {accumulate}"] = trace
    return found


def without_batch_statistics(*networks: nn.Module) -> None:
    """A batch norm in training looks at the photographs of its process."""
    for network in networks:
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eval()


# Two stages: 1/4 and 1/8 of the resolution.
STAGES = (8, 1, 3, 2, 1), (12, 1, 3, 2, 1)


def small_G(dropout: float = 0.0) -> CompactUnet:
    return CompactUnet(STAGES, (8,), dropout)


def small_D() -> PatchDiscriminator:
    return PatchDiscriminator(width=8, n_down=1)


def photographs() -> list[np.ndarray]:
    """Nine of colored blobs, 24 x 32."""
    coarse = np.random.default_rng(0).integers(0, 256, (9, 3, 4, 3), np.uint8)
    return [
        np.asarray(Image.fromarray(c).resize((32, 24), Image.BICUBIC))
        for c in coarse
    ]


def fork(work) -> int:
    """Run a function in a process of its own; return the process's id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 (a child never returns)
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def prepare(here: Path) -> None:
    """Write what is trained, and what it is trained on."""
    torch.manual_seed(0)
    save_generator(small_G(0.1), here / "small", card={})
    (here / "photographs").mkdir()
    for i, photo in enumerate(photographs()):
        Image.fromarray(photo).save(here / "photographs" / f"{i}.png")


if __name__ == "__main__":
    what, here = sys.argv[1], Path(sys.argv[2])
    if what == "one_of_two":
        one_of_two(here)
    else:
        prepare(here)
        print(json.dumps({"kills": kills, "pair": pair}[what](here)))
