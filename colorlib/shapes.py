"""Tensor types: a name for each shape and meaning, used in every signature.

The comments give the value range. Under pytest jaxtyping checks the shapes
at every call; elsewhere they are not checked and cost nothing. Chapter 04
explains the color channels.
"""

import numpy as np
from jaxtyping import Float, UInt8
from torch import Tensor

Number = float | int  # where a float is wanted, beartype takes no int
RGB = Float[Tensor, "*batch 3 height width"]  # sRGB, [0, 1]
RGBBytes = UInt8[Tensor, "*batch 3 height width"]  # sRGB, 0 to 255
RGBArray = UInt8[np.ndarray, "_ _ 3"]  # the same, channels last, any size
Lab = Float[Tensor, "*batch 3 height width"]  # CIE L*a*b*, D65, L* in [0, 100]
LStar = Float[Tensor, "*batch 1 height width"]  # L*, [0, 100]
LChannel = Float[Tensor, "*batch 1 height width"]  # L* / 50 - 1, [-1, 1]
ABChannels = Float[Tensor, "*batch 2 height width"]  # a*, b* / 110, (-1, 1)
Logits = Float[Tensor, "batch 1 rows columns"]  # one a patch, before a sigmoid
