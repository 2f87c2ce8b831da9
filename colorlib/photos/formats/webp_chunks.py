"""WebP's chunks: whether the picture was compressed without loss.

Source: RFC 9649, section 2.
"""

from io import BufferedIOBase

_FIRST_CHUNK = 12  # after RIFF, the length of the file, WEBP
_FRAME_HEADER = 16  # of a picture in an animation; its chunks follow
_MOST_CHUNKS = 2**16


def is_lossless(file: BufferedIOBase) -> bool:
    """Whether the first picture is of the lossless kind, VP8L."""
    at = _FIRST_CHUNK
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head[:4] == b"VP8 ":
            return False
        if head[:4] == b"VP8L":
            return True
        size = int.from_bytes(head[4:], "little")
        at += 8 + (_FRAME_HEADER if head[:4] == b"ANMF" else size + size % 2)
    return False
