"""From sRGB to CIE L*a*b* and back: the only place that decides what L is.

The generator sees lightness and predicts color, so everything that trains,
colors or measures passes through these few functions. They work on batches,
on any device, and let gradients through. Chapter 04 reads them line by line.

    rgb --rgb_to_lab--> lab --split_lab--> L, ab
    rgb <--lab_to_rgb-- lab <--join_lab--- L, ab

References:
    IEC 61966-2-1 (sRGB); CIE 15:2004 (L*a*b*). The constants are those of
    scikit-image, so that both libraries agree.
"""

import torch
from torch import Tensor

from colorlib.shapes import RGB, ABChannels, Lab, LChannel, LStar, RGBBytes

AB_SCALE = 110.0  # every sRGB color has |a*|, |b*| < 108

# Linear sRGB to XYZ (D65); its middle row is the luminance of the primaries.
XYZ_FROM_RGB = torch.tensor(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ],
    dtype=torch.float64,
    device="cpu",  # whatever the default device is
)
RGB_FROM_XYZ = torch.linalg.inv(XYZ_FROM_RGB)
# D65, 2 degrees
WHITE = torch.tensor([0.95047, 1.0, 1.08883], dtype=torch.float64, device="cpu")
# L*a*b* looks at X, Y and Z as shares of white's: one step there and back.
# Plain numbers, because a tensor would be copied to the device at each call.
_SHARES_FROM_RGB = (XYZ_FROM_RGB / WHITE[:, None]).tolist()
_RGB_FROM_SHARES = (RGB_FROM_XYZ * WHITE).tolist()

# Below this share of white, L*a*b* replaces the cube root by a straight line.
DARK, SLOPE, OFFSET = 0.008856, 7.787, 16 / 116


def rgb_to_lab(rgb: RGB | RGBBytes) -> Lab:
    """Convert sRGB to CIE L*a*b* under D65.

    Args:
        rgb: sRGB, channels first, any leading batch dimensions: floats in
            [0, 1], or the bytes of a photograph, 0 to 255 (then a table
            replaces the sRGB curve, which is what makes batches fast).

    Returns:
        The same shape: L* in [0, 100], a* and b* within (-108, 108).

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        CIE 15:2004. Chapter 04.

    Example:
        >>> red = torch.tensor([1.0, 0.0, 0.0]).view(3, 1, 1)
        >>> rgb_to_lab(red).flatten().round().tolist()
        [53.0, 80.0, 67.0]
    """
    _check_channels(rgb, "rgb")
    shares = _mix(_SHARES_FROM_RGB, linear_from_srgb(rgb))
    fx, fy, fz = _f(shares).unbind(-3)  # (..., H, W) each
    lab = [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
    return torch.stack(lab, dim=-3)


def lightness(rgb: RGB | RGBBytes) -> LStar:
    """Find L* alone, faster than by way of all of L*a*b*.

    Args:
        rgb: sRGB, as in `rgb_to_lab`.

    Returns:
        L* in [0, 100], one channel: the first of `rgb_to_lab`.

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        CIE 15:2004. Chapter 04.
    """
    _check_channels(rgb, "rgb")
    Y = _mix(_SHARES_FROM_RGB[1:2], linear_from_srgb(rgb))
    return 116 * _f(Y) - 16


def lab_to_rgb(lab: Lab) -> RGB:
    """Convert CIE L*a*b* under D65 to sRGB.

    Args:
        lab: CIE L*a*b*, channels first. L* in [0, 100].

    Returns:
        The same shape, sRGB. Colors that sRGB can't show lie outside
        [0, 1]: see `clamp_to_gamut`.

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        CIE 15:2004. Chapter 04.
    """
    _check_channels(lab, "lab")
    L_star, a, b = lab.unbind(-3)  # (..., H, W) each
    fy = (L_star + 16) / 116
    f = torch.stack([fy + a / 500, fy, fy - b / 200], dim=-3)
    return srgb_from_linear(_mix(_RGB_FROM_SHARES, _f_inverse(f)))


def split_lab(lab: Lab) -> tuple[LChannel, ABChannels]:
    """Split a Lab image into what the generator sees and what it predicts.

    Args:
        lab: CIE L*a*b* under D65, channels first. L* in [0, 100].

    Returns:
        Lightness in [-1, 1], one channel, and color in (-1, 1), two.

    Raises:
        ValueError: if the channel axis does not have size 3.

    Reference:
        Zhang et al., Colorful Image Colorization, ECCV 2016. Chapter 04.

    Example:
        >>> lab = torch.tensor([100.0, 0.0, 55.0]).view(3, 1, 1)
        >>> L, ab = split_lab(lab)
        >>> L.flatten().tolist(), ab.flatten().tolist()
        ([1.0], [0.0, 0.5])
    """
    _check_channels(lab, "lab")
    L, ab = lab.split([1, 2], dim=-3)
    return L / 50 - 1, ab / AB_SCALE


def join_lab(L: LChannel, ab: ABChannels) -> Lab:
    """Put lightness and color together again: the inverse of `split_lab`.

    Args:
        L: lightness in [-1, 1], one channel.
        ab: color in (-1, 1), two channels, of the same height and width.

    Returns:
        CIE L*a*b*: L* in [0, 100], a* and b* within (-110, 110).

    Raises:
        ValueError: if heights and widths differ.

    Reference:
        Zhang et al., Colorful Image Colorization, ECCV 2016. Chapter 04.

    Example:
        >>> L, ab = torch.zeros(1, 1, 1), torch.zeros(2, 1, 1)
        >>> join_lab(L, ab).flatten().tolist()
        [50.0, 0.0, 0.0]
    """
    if L.shape[-2:] != ab.shape[-2:]:
        raise ValueError(
            f"L is {tuple(L.shape[-2:])} and ab {tuple(ab.shape[-2:])} pixels;"
            " resize ab to the size of L first"
        )
    return torch.cat([(L + 1) * 50, ab * AB_SCALE], dim=-3)


def linear_from_srgb(srgb: Tensor) -> Tensor:
    """Undo the sRGB encoding: from stored values to amounts of light.

    Args:
        srgb: encoded values of any shape: floats in [0, 1] or bytes.

    Returns:
        Linear light, [0, 1].

    Reference:
        IEC 61966-2-1:1999, sRGB. Chapter 04.
    """
    if srgb.dtype == torch.uint8:
        table = linear_from_srgb(torch.arange(256, device=srgb.device) / 255)
        return table.index_select(0, srgb.flatten().int()).view(srgb.shape)
    # A line near black, a power above; each term stops where the other
    # begins, which is faster than torch.where and keeps gradients finite.
    power = ((srgb.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4
    start = ((0.04045 + 0.055) / 1.055) ** 2.4
    return srgb.clamp(max=0.04045) / 12.92 + (power - start)


def srgb_from_linear(linear: Tensor) -> Tensor:
    """Apply the sRGB encoding: from amounts of light to stored values.

    Args:
        linear: linear light, [0, 1]; what lies outside stays outside.

    Returns:
        Encoded values of the same shape.

    Reference:
        IEC 61966-2-1:1999, sRGB. Chapter 04.
    """
    power = 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055
    start = 1.055 * 0.0031308 ** (1 / 2.4) - 0.055
    return linear.clamp(max=0.0031308) * 12.92 + (power - start)


def _f(t: Tensor) -> Tensor:
    """CIE's curve of lightness, of shares of white."""
    # The clamp keeps the gradient of the cube root finite at black. A power
    # would be slower than the way through the logarithm.
    root = (t.clamp(min=DARK).log() / 3).exp()
    return torch.where(t > DARK, root, SLOPE * t + OFFSET)


def _f_inverse(f: Tensor) -> Tensor:
    line = (f - OFFSET) / SLOPE
    return torch.where(f > DARK ** (1 / 3), f**3, line)


def _mix(matrix: list[list[float]], image: Tensor) -> Tensor:
    """Multiply the channels, (..., 3, H, W), by a matrix of three columns."""
    x, y, z = image.unbind(-3)  # (..., H, W) each
    rows = [i * x + j * y + k * z for i, j, k in matrix]
    return torch.stack(rows, dim=-3)  # (..., rows, H, W)


def _check_channels(image: Tensor, name: str) -> None:
    if image.ndim < 3 or image.shape[-3] != 3:
        raise ValueError(
            f"{name} must have shape (..., 3, H, W), got {tuple(image.shape)};"
            f" for an (H, W, 3) array use {name}.permute(2, 0, 1)"
        )
