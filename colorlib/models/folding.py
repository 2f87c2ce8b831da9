"""Batch norms folded into the convolutions before them.

A norm that is no longer trained multiplies each channel by a number and adds
another one. The convolution before it can do both by itself, with other
weights: a network that only computes, such as a teacher, spares a pass over
all of its feature maps. Chapter 11.
"""

from copy import deepcopy
from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from colorlib.models.layout import Network


def fold_norms(network: Network) -> Network:
    """Copy a network, with its batch norms folded into its convolutions.

    Args:
        network: in evaluation mode. Only a norm that follows a convolution
            directly, in an `nn.Sequential`, is folded.

    Returns:
        A copy that computes the same, up to rounding, and can't be trained.

    Raises:
        ValueError: if the network is in training mode.

    Example:
        >>> pair = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()
        >>> fold_norms(pair)[1]
        Identity()
    """
    if network.training:
        raise ValueError(
            "a network in training mode changes its norms; call eval() first"
        )
    folded = deepcopy(network)
    for module in list(folded.modules()):
        if isinstance(module, nn.Sequential):
            _fold_pairs(module)
    return folded.requires_grad_(False)


def _fold_pairs(layers: nn.Sequential) -> None:
    for (i, conv), (j, norm) in pairwise(list(enumerate(layers))):
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            layers[i] = fuse_conv_bn_eval(conv, norm)
            layers[j] = nn.Identity()
