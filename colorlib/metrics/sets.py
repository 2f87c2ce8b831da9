"""How far a set of pictures is from a set of photographs: FID and KID.

Both compare features, a row of numbers a picture; `perceptual.Inception`
gives them. They never look at which picture belongs to which photograph, so
all the right colors on all the wrong things may score well.

FID falls with the number of pictures, even between two halves of one set: a
mean and 2,048 x 2,049 / 2 covariances are estimated from them. It can be
compared between colorizers of the same photographs if their values aren't
close, since it doesn't fall by as much for each; and not with a paper's,
which is of more pictures. KID has no such bias. Chapter 13.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.metrics.errors import check_same_shape

Features = Float[Tensor, "_ numbers"]  # a row a picture
HalfDistances = Float[Tensor, " halves"]

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
    photographs and the same in their true colors are not: equal sets are a
    little below 0.

    Args:
        features: of the pictures, as `Inception` sees them, at least 2.
        true_features: of as many photographs.

    Returns:
        About 0 for two halves of one set, whatever their size; chance may
        take it below. Higher is worse. (Papers often print 1,000 times it.)

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
        A distance a half. FID's are larger than the whole's.

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
        Where the middle 95 % of the halves' KIDs start and end.

    Raises:
        ValueError: see `on_halves`.

    See Also:
        Chapter 13.
    """
    values = on_halves(kid, features, true_features, halves=halves, seed=seed)
    ends = torch.tensor([0.025, 0.975], dtype=values.dtype)
    low, high = values.quantile(ends).tolist()
    return low, high


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
