"""Names for the tensors that travel through the house.

Floor 0: everything else speaks in these. The names carry shape and meaning,
the comments carry the value range. Under pytest they are checked at every
call; elsewhere they cost nothing. Chapter 04 tells what they mean.
"""

import numpy as np
from jaxtyping import Float, UInt8
from torch import Tensor

RGB = Float[Tensor, "*batch 3 height width"]  # sRGB, [0, 1]
RGBBytes = UInt8[Tensor, "*batch 3 height width"]  # sRGB, 0 to 255
RGBArray = UInt8[np.ndarray, "_ _ 3"]  # the same, channels last, any size
Lab = Float[Tensor, "*batch 3 height width"]  # CIE L*a*b*, D65, L* in [0, 100]
LStar = Float[Tensor, "*batch 1 height width"]  # L*, [0, 100]
LChannel = Float[Tensor, "*batch 1 height width"]  # L* / 50 - 1, [-1, 1]
ABChannels = Float[Tensor, "*batch 2 height width"]  # a*, b* / 110, (-1, 1)
Logits = Float[Tensor, "batch 1 rows columns"]  # one a patch, before a sigmoid
