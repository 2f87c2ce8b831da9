"""What trained networks see of a picture: LPIPS, and the features of FID.

They come with torchmetrics and torch-fidelity, which have to be installed,
and look through networks whose weights have to be downloaded, once. Scores
through other weights would be other scores, so each file is known by its
hash, wherever it came from. Where nothing can be downloaded, `packaged` reads
the same layers out of two packages. `sets` makes FID and KID of the features.

LPIPS is fooled by the lightness, which is copied, as SSIM is. Chapter 13.
"""

import shutil
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import nn

from colorlib.files import replacing, sha256_of
from colorlib.files.download import OnDownload, download
from colorlib.metrics.errors import PerPhoto, check_same_shape
from colorlib.metrics.packaged import (
    empty_weights,
    find_packaged,
    load_alexnet,
    load_inception,
)
from colorlib.metrics.sets import Features
from colorlib.shapes import RGBBytes

ALEXNET = "alexnet-owt-7be5be79.pth"
INCEPTION = "weights-inception-2015-12-05-6726825d.pth"
# How each file's SHA-256 begins: those who made them put it into the name.
HASHES = {ALEXNET: "7be5be79", INCEPTION: "6726825d"}
# The files of packages that hold the same layers.
FROM_PACKAGE = {ALEXNET: "alexnet.ckpt", INCEPTION: "default_1.pt"}


class Lpips:
    """Distance between two pictures as AlexNet sees them.

    Reference:
        Zhang et al., The Unreasonable Effectiveness of Deep Features as a
        Perceptual Metric, CVPR 2018. Chapter 13.
    """

    def __init__(
        self,
        weights: str | Path | None = None,
        device: str | torch.device = "cpu",
        *,
        on_download: OnDownload | None = None,
    ):
        """Build the network.

        Args:
            weights: a folder that holds `ALEXNET`, or a package's
                `alexnet.ckpt`; None to download it, once.
            device: where to look.
            on_download: told how much has come.

        Raises:
            ModuleNotFoundError: if torchmetrics isn't installed.
            OSError: if the weights aren't there or can't be downloaded.
            ValueError: if the file holds something else.
        """
        image = _import_torchmetrics()
        from torchvision.models import AlexNet_Weights

        if packaged := _find_packaged(ALEXNET, weights):
            with torch.random.fork_rng(devices=[]):
                network = image.lpip._NoTrainLpips(net="alex", pnet_rand=True)
            load_alexnet(network.net, packaged)
        else:
            url = AlexNet_Weights.IMAGENET1K_V1.url
            fetch(ALEXNET, url, weights, on_download=on_download)
            metric = image.lpip.LearnedPerceptualImagePatchSimilarity("alex")
            network = metric.net
        self._network, self._device = network.to(device), device

    @torch.inference_mode()
    def __call__(self, rgb: RGBBytes, true_rgb: RGBBytes) -> PerPhoto:
        """Measure pictures against the photographs they should be.

        Args:
            rgb: the pictures as they are written, sRGB bytes.
            true_rgb: the photographs they should be, of the same shape.

        Returns:
            0 is equal; above 0, higher is worse.

        Raises:
            ValueError: if the shapes differ.
        """
        check_same_shape(rgb, true_rgb)
        batches = (x.reshape(-1, *x.shape[-3:]) for x in (rgb, true_rgb))
        pair = (batch.to(self._device) / 127.5 - 1 for batch in batches)
        return self._network(*pair).view(rgb.shape[:-3]).cpu()


class Inception:
    """What FID and KID know of a picture: 2,048 numbers of Inception v3.

    Reference:
        Heusel et al., GANs Trained by a Two Time-Scale Update Rule, NeurIPS
        2017; the network of 2015 as torch-fidelity converted it. Chapter 13.
    """

    def __init__(
        self,
        weights: str | Path | None = None,
        device: str | torch.device = "cpu",
        *,
        on_download: OnDownload | None = None,
    ):
        """Build the network.

        Args:
            weights: a folder that holds `INCEPTION`, or a package's
                `default_1.pt`; None to download it, once.
            device: where to look.
            on_download: told how much has come.

        Raises:
            ModuleNotFoundError: if torch-fidelity isn't installed.
            OSError: if the weights aren't there or can't be downloaded.
            ValueError: if the file holds something else.
        """
        image = _import_torchmetrics()
        from torch_fidelity import feature_extractor_inceptionv3 as source

        name, wanted = "inception-v3-compat", ["2048"]
        if packaged := _find_packaged(INCEPTION, weights):
            with torch.random.fork_rng(devices=[]):
                network = _unloaded(image.fid.NoTrainInceptionV3)(
                    name, wanted, empty_weights()
                )
            load_inception(network, packaged)
        else:
            url = source.URL_INCEPTION_V3
            path = fetch(INCEPTION, url, weights, on_download=on_download)
            network = image.fid.NoTrainInceptionV3(name, wanted, str(path))
        # The same numbers, faster on a processor.
        network = network.to(memory_format=torch.channels_last)
        self._network = network.to(device)
        self._device = device

    @torch.inference_mode()
    def __call__(self, rgb: RGBBytes) -> Features:
        """Look at pictures, sRGB bytes (B, 3, H, W) of any size.

        They are brought to 299 x 299 with antialiasing, as torchmetrics
        does; other code does not, and gets other scores.
        """
        pictures = rgb.to(self._device, memory_format=torch.channels_last)
        return self._network(pictures).cpu()


def fetch(
    name: str,
    url: str,
    folder: str | Path | None = None,
    *,
    on_download: OnDownload | None = None,
) -> Path:
    """Find a file of weights, or download it, and check that it is the one.

    Args:
        name: its name, a key of `HASHES`.
        url: where to get it if no folder is given.
        folder: where it lies; it is taken from there into torch's cache.
        on_download: told how much has come.

    Returns:
        Its path in torch's cache, where the packages look for it too.

    Raises:
        OSError: if it is not in the folder, or can't be downloaded.
        ValueError: if what is in the folder is something else.
    """
    cached = Path(torch.hub.get_dir()) / "checkpoints" / name
    if folder is None:
        return download(
            url,
            cached,
            HASHES[name],
            otherwise="get it where there is a network, and say which folder"
            " it is in",
            on_download=on_download,
        )
    given = Path(folder) / name
    _check_given(given)
    if not cached.exists() or sha256_of(cached)[:8] != HASHES[name]:
        with replacing(cached) as part:
            shutil.copyfile(given, part)
    return cached


def _find_packaged(name: str, folder: str | Path | None) -> Path | None:
    """Find what a package has in place of a file that isn't there."""
    if folder is None or (Path(folder) / name).exists():
        return None
    return find_packaged(FROM_PACKAGE[name], folder)


def _unloaded(network: type[nn.Module]) -> type[nn.Module]:
    """Make a class whose constructor loads nothing."""
    parent: Any = network  # a class that is known at run time only

    class Unloaded(parent):
        def load_state_dict(self, *_: object, **__: object) -> None:
            """Leave the weights to whoever fills them."""

    return Unloaded


def _check_given(given: Path) -> None:
    """Make sure that a file is there, and is what its name says."""
    if not given.is_file():
        raise FileNotFoundError(
            f"there is no {given.name} in {given.parent}, and no"
            f" {FROM_PACKAGE[given.name]}; give the folder that holds one of"
            " them, or none, and it is downloaded"
        )
    found, expected = sha256_of(given)[:8], HASHES[given.name]
    if found != expected:
        raise ValueError(
            f"{given} is another file: its SHA-256 begins with {found}, not"
            f" with {expected}; get it again"
        )


def _import_torchmetrics() -> ModuleType:
    try:
        with warnings.catch_warnings():
            # Of what it imports besides: no concern of whoever measures.
            warnings.simplefilter("ignore")
            import torch_fidelity  # noqa: F401
            import torchmetrics.image.fid
            import torchmetrics.image.lpip
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"LPIPS, FID and KID need the package {error.name}, which is not"
            " installed: pip install torchmetrics torch-fidelity"
        ) from error
    return torchmetrics.image
