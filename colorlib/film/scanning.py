"""The last step: a scanner turns a print into bytes, and often into a JPEG.

A JPEG is made by Pillow, so it goes through the processor; its gradient is
that of a picture that nothing happened to. Chapter 14.
"""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from colorlib.color import linear_from_srgb, srgb_from_linear
from colorlib.film.curve import EachPhoto, per_photo
from colorlib.film.emulsions import Light


def scan(light: Light, noise: EachPhoto, generator: torch.Generator) -> Light:
    """Read a print with a sensor.

    Args:
        light: the print's, linear.
        noise: standard deviation, as a share of white.
        generator: decides.

    Returns:
        Linear light in [0, 1].

    See Also:
        Chapter 14. Noise that is the same in all tones is ours.
    """
    drawn = torch.randn(
        light.shape, generator=generator, device=generator.device
    )
    return (light + per_photo(noise, light) * drawn.to(light)).clamp(0, 1)


def compress(light: Light, quality: EachPhoto) -> Light:
    """Store each photograph as a gray JPEG, and read it again.

    Args:
        light: linear, (B, 1, H, W) in [0, 1].
        quality: 1 to 100, as JPEG's encoders have it; 0 leaves a photograph
            as it is.

    Returns:
        Linear light; backward, nothing happened.

    Reference:
        JPEG is Pillow's. Bengio et al., Estimating or Propagating Gradients
        Through Stochastic Neurons, 2013, for going straight through it.
    """
    srgb = srgb_from_linear(light.detach()).clamp(0, 1)
    pixels = (srgb[:, 0] * 255).round().byte().cpu().numpy()
    settings = torch.as_tensor(quality).expand(len(light)).round().int()
    stored = light.detach().clone()
    for i, setting in enumerate(settings.tolist()):
        if setting:
            stored[i, 0] = _through_jpeg(pixels[i], setting).to(light)
    return light + (stored - light.detach())


def _through_jpeg(pixels: np.ndarray, quality: int) -> Tensor:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "jpeg", quality=quality)
    with Image.open(file) as image:
        return linear_from_srgb(torch.from_numpy(np.array(image)))
