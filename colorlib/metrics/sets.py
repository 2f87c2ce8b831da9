"""How far a set of pictures is from a set of photographs: FID and KID.

Both compare features, a row of numbers a picture; `perceptual.Inception`
gives them. They never look at which picture belongs to which photograph, so
all the right colors on all the wrong things may score well.

FID falls with the number of pictures, even between two halves of one set: a
mean and 2,048 x 2,049 / 2 covariances are estimated from them. It can be
compared between colorizers of the same photographs if their values aren't
close, since it doesn't fall by as much for each; and not with a paper's,
which is of more pictures. KID has no such bias between independent sets, but
a colored picture and its own photograph are not independent: see `kid`.
Chapter 13.
"""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.metrics.errors import check_same_shape

Features = Float[Tensor, "_ numbers"]  # a row a picture
HalfDistances = Float[Tensor, " halves"]
Ends = Float[np.ndarray, "2 *numbers"]  # where intervals start, and end

HALVES = 100  # draws for an interval


def fid(features: Features, true_features: Features) -> float:
    """Fréchet distance of two normal distributions fitted to two sets.

    |m - m'|^2 + tr(C + C' - 2 sqrt(C C')) for means m and covariances C. With
    C = A^T A and C' = B^T B the last trace is the sum of the singular values
    of A B^T, which exists for any number of pictures; a square root of C C'
    is unstable for fewer pictures than features.

    Args:
        features: of the pictures, as `Inception` sees them, at least 2.
        true_features: of photographs, at least 2. As many, if values are to
            be compared: it falls with the number.

    Returns:
        0 for the same set; higher is worse.

    Raises:
        ValueError: if a set has fewer than 2.

    Reference:
        Heusel et al., GANs Trained by a Two Time-Scale Update Rule, NeurIPS
        2017; the singular values as in Mathiasen and Hvilshøj,
        Backpropagating through Fréchet Inception Distance, 2020. Chapter 13.
    """
    (mean, A), (true_mean, B) = map(_mean_and_root, (features, true_features))
    spread = A.square().sum() + B.square().sum()
    common = torch.linalg.svdvals(A @ B.T).sum()
    return ((mean - true_mean).square().sum() + spread - 2 * common).item()


def kid(features: Features, true_features: Features) -> float:
    """Kernel distance between two sets of pictures, of all pairs at once.

    The squared maximum mean discrepancy with the kernel (x . y / d + 1)^3 of
    d features, estimated without bias for sets that are independent. Colored
    photographs and the same in their true colors are not. The mean between
    the sets counts each picture with its own photograph, which is more like
    it than others are: KID comes out too low, by what falls as 1/n, and equal
    sets are a little below 0.

    Args:
        features: of the pictures, as `Inception` sees them, at least 2.
        true_features: of as many photographs.

    Returns:
        About 0 for two halves of one set, whatever their size; chance may
        take it below. Higher is worse. Pictures and their own photographs
        are compared with as many only. (Papers often print 1,000 times it.)

    Raises:
        ValueError: if there are more of one than of the other, or fewer than
            2.

    Reference:
        Binkowski et al., Demystifying MMD GANs, ICLR 2018. Chapter 13.
    """
    check_same_shape(features, true_features)
    _check_number(features, 2)
    x, y = features.double(), true_features.double()
    n, d = x.shape
    within = [(z @ z.T / d + 1) ** 3 for z in (x, y)]
    across = (x @ y.T / d + 1) ** 3
    pairs = sum(k.sum() - k.trace() for k in within) / (n * (n - 1))
    return float(pairs - 2 * across.mean())


def on_halves(
    distance: Callable[[Features, Features], float],
    features: Features,
    true_features: Features,
    *,
    halves: int = HALVES,
    seed: int = 0,
) -> HalfDistances:
    """Compute a distance on random halves, to see how far it can be trusted.

    The bootstrap draws some photographs twice, and a photograph is nearer to
    itself than to any other. So halves of the photographs are drawn instead,
    without replacement: of a mean, halves scatter around the whole as much as
    the whole around the truth.

    Args:
        distance: `fid` or `kid`.
        features: of the pictures, as `Inception` sees them, at least 4.
        true_features: of the same photographs, row by row.
        halves: how many are drawn.
        seed: of the draws; sets of equally many rows get the same ones.

    Returns:
        A distance a half. FID's are larger than the whole's, and KID's
        smaller where pictures are like their own photographs.

    Raises:
        ValueError: if the sets differ in size, or have fewer than 4.

    Reference:
        Politis, Romano and Wolf, Subsampling, 1999, ch. 2. Chapter 13.
    """
    check_same_shape(features, true_features)
    _check_number(features, 4)
    rng = torch.Generator().manual_seed(seed)
    n = len(features)
    values = []
    for _ in range(halves):
        half = torch.randperm(n, generator=rng)[: n // 2]
        values.append(distance(features[half], true_features[half]))
    return torch.tensor(values, dtype=torch.float64)


def kid_interval(
    features: Features,
    true_features: Features,
    *,
    halves: int = HALVES,
    seed: int = 0,
) -> tuple[float, float]:
    """Estimate how far KID depends on the choice of photographs.

    Args:
        features: see `on_halves`.
        true_features: likewise.
        halves: likewise.
        seed: likewise.

    Returns:
        Start and end of a 95 % interval around KID, of as many photographs
        as there are; see `interval_around`.

    Raises:
        ValueError: see `on_halves`.

    See Also:
        Chapter 13.
    """
    values = on_halves(kid, features, true_features, halves=halves, seed=seed)
    whole = np.array(kid(features, true_features))
    low, high = interval_around(whole, values.numpy()).tolist()
    return low, high


def interval_around(
    whole: Float[np.ndarray, "*numbers"],
    halves: Float[np.ndarray, "*numbers halves"],
) -> Ends:
    """Put the scatter of halves around the distance of the whole.

    Halves have fewer pictures, and another bias. So only how they scatter
    counts, and not where.

    Args:
        whole: distances of all photographs, or differences of such.
        halves: the same of each half, see `on_halves`.

    Returns:
        Where 95 % intervals start, and where they end.

    See Also:
        Chapter 13.
    """
    scatter = halves - halves.mean(axis=-1, keepdims=True)
    return whole + np.percentile(scatter, [2.5, 97.5], axis=-1)


def _mean_and_root(features: Features) -> tuple[Tensor, Tensor]:
    """Mean, and a root A of the covariance A^T A, with few rows."""
    _check_number(features, 2)
    rows = features.double()
    mean = rows.mean(dim=0)
    root = (rows - mean) / (len(rows) - 1) ** 0.5
    if len(root) > root.shape[1]:
        root = torch.linalg.qr(root, mode="r").R
    return mean, root


def _check_number(features: Features, least: int) -> None:
    if len(features) < least:
        raise ValueError(
            f"a set has at least {least} pictures here, got {len(features)};"
            " give more photographs"
        )
