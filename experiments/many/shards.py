"""Tar shards that are small enough to send, and always the same."""

import io
import tarfile
from pathlib import Path
from typing import Any

from colorlib.files import sha256_of

MEGABYTE = 1_000_000
# What a tar file adds at most to a photograph, a long name included, and
# what it ends with.
HEADERS, END = 4096, 2 * tarfile.RECORDSIZE


class Shards:
    """Writes tar files NAME-000.tar, NAME-001.tar and so on.

    Args:
        folder: where to.
        name: how their names begin.
        part_mb: each is smaller than so many megabytes.

    Attributes:
        described: name, photographs, bytes and SHA-256 of each, when closed.
    """

    def __init__(self, folder: Path, name: str, part_mb: float):
        self.folder, self.name = folder, name
        self.limit = int(part_mb * MEGABYTE)
        self.described: list[dict[str, Any]] = []
        self._file: io.BufferedWriter | None = None

    def add(self, name: str, data: bytes) -> None:
        """Write a photograph, into the next shard if this one is full.

        Raises:
            ValueError: if no shard can hold it.
        """
        needed = HEADERS + len(data) + END
        if needed >= self.limit:
            raise ValueError(
                f"{name} has {len(data):,} bytes, and a part may have"
                f" {self.limit:,} in all; allow more (--part-mb)"
            )
        if self._file and self._file.tell() + needed >= self.limit:
            self.close()
        if self._file is None:
            path = self.folder / f"{self.name}-{len(self.described):03}.tar"
            self._file, self._count = path.open("wb"), 0
            self._tar = tarfile.open(fileobj=self._file, mode="w")
        member = tarfile.TarInfo(name)  # no owner and no time of day
        member.size = len(data)
        self._tar.addfile(member, io.BytesIO(data))
        self._count += 1

    def close(self) -> None:
        """Complete the last shard."""
        if self._file is None:
            return
        self._tar.close()
        self._file.close()
        path = Path(self._file.name)
        shard = {"name": path.name, "photographs": self._count}
        shard |= {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        self.described.append(shard)
        self._file = None
