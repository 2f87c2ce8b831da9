"""Where photographs come from.

A source is a list of `Item`s: a name that never changes, and a way to the
pixels. What the items are made of (files in a folder, members of a tar
shard, a download) stays in this module. Chapter 05.
"""

import logging
import os
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from colorlib import photos
from colorlib.data.samples import BUNDLED, bundled_file
from colorlib.data.survey import (
    ARCHIVES,
    COPIES,
    OTHERS,
    UNLISTED,
    UNREAD,
    Survey,
    describe,
    reason_against,
    survey,
)
from colorlib.photos.errors import opened
from colorlib.photos.photo import RefusedError
from colorlib.shapes import RGBArray

_log = logging.getLogger(__name__)

# What fastai's untar_data fetches: its name in URLs, and the folder in it
# that is used. `data/sources.md` tells their sizes and their terms.
DOWNLOADS = {
    "coco": ("COCO_SAMPLE", "train_sample"),
    "imagenette": ("IMAGENETTE_320", "train"),
}


@dataclass(frozen=True)
class Item:
    """One photograph of a source."""

    name: str
    """Its name within the source, with forward slashes. Splits hash it."""
    path: Path
    """The file, or the tar shard that holds it."""
    offset: int = 0
    """Where its bytes begin, in a shard."""
    size: int | None = None
    """How many bytes it has in a shard; None for a file of its own."""

    @property
    def place(self) -> Path:
        """What errors call it: its file, or its place in the shard."""
        if self.size is None:
            return self.path
        return self.path / self.name.partition("/")[2]

    def read(self, max_megapixels: float = photos.MAX_MEGAPIXELS) -> RGBArray:
        """Read the photograph as sRGB bytes, 0 to 255, height x width x 3.

        Args:
            max_megapixels: a larger one is refused.

        Raises:
            PhotoError: if the photograph can't be read.
        """
        if self.size is None:
            photo = photos.read(self.path, max_megapixels=max_megapixels)
        else:
            try:
                with opened(self.path) as shard:
                    shard.seek(self.offset)
                    data = shard.read(self.size)
            except RefusedError as refusal:
                raise refusal.about(self.place) from refusal.__cause__
            photo = photos.from_bytes(
                data, self.place, max_megapixels=max_megapixels
            )
        return photo.to_8_bits().rgb


def find_items(source: str | Path) -> list[Item]:
    """List the photographs of a source, always in the same order.

    Args:
        source: "bundled" (eight photographs that come with the packages),
            "coco" or "imagenette" (downloaded once, through fastai), a
            folder of photographs (searched through and through), a tar
            shard in WebDataset's layout, or a folder or a pattern
            ("shards/train-*.tar") of such shards. Where a folder holds loose
            photographs too, they are taken and the shards set aside, which
            is logged. A `Path` is never taken for one of the three names.

    Returns:
        One item a photograph.

    Raises:
        FileNotFoundError: if there is nothing there.
        ModuleNotFoundError: if a download needs fastai and it is missing.
        OSError: if a download fails.

    Reference:
        Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014, for
        "coco", and Russakovsky et al., ImageNet Large Scale Visual Recognition
        Challenge, IJCV 2015, of which "imagenette" is a part. The deck trains
        model 1 on the one, and model 2 on ImageNet. Chapter 05.
    """
    if source == "bundled":
        return [Item(name, bundled_file(name)) for name in BUNDLED]
    if source in DOWNLOADS:
        return folder(_download(str(source)))
    path = Path(source).expanduser()
    if path.is_dir():
        found = survey(path)
        shards = sorted(path.glob("*.tar"))
        if found.photographs or not shards:
            return _folder(path, found)
    elif path.suffix == ".tar":
        shards = sorted(path.parent.glob(path.name)) or [path]
    else:
        return folder(path)
    return [item for shard in shards for item in tar_shard(shard)]


def find_all(sources: Iterable[str | Path]) -> list[Item]:
    """List the photographs of several sources, put together.

    Args:
        sources: each as `find_items` takes it.

    Returns:
        Their items, source by source.

    Raises:
        ValueError: if two have one name.
        OSError: as `find_items` does.

    Example:
        >>> len(find_all(["bundled"]))
        8
    """
    return unique_names(i for source in sources for i in find_items(source))


def folder(path: Path) -> list[Item]:
    """List the photographs below a folder.

    What is set aside is logged, a line a reason: archives beside loose
    photographs, pictures of kinds that are not read, pipes, and pictures
    that are no true colors because colorlib made them.

    Args:
        path: the folder, searched recursively; hidden files are skipped.

    Returns:
        Items named by their path below the folder, sorted.

    Raises:
        FileNotFoundError: if there is no such folder or no photograph in it.
        PermissionError: if a folder below it can't be listed.
    """
    return _folder(path, survey(path) if path.is_dir() else Survey([], {}))


def _folder(path: Path, found: Survey) -> list[Item]:
    """List what a survey found, but for our own copies."""
    files: list[Path] = []
    copies: list[Path] = []
    for file in found.photographs:
        (copies if _is_copy(file) else files).append(file)
    set_aside = found.set_aside | ({COPIES: copies} if copies else {})
    _tell(set_aside)
    if UNLISTED in set_aside:
        raise PermissionError(
            f"{set_aside[UNLISTED][0]} can't be listed, so that it is not"
            " known what is in it; check its permissions"
        )
    if not files:
        raise FileNotFoundError(
            f"no photographs found in {path}; give a folder that holds some,"
            f" a .tar shard, or one of bundled, {', '.join(DOWNLOADS)}"
        )
    return [Item(file.relative_to(path).as_posix(), file) for file in files]


def _is_copy(path: Path) -> bool:
    """Whether colorlib colored it; what can't be read fails when it is."""
    try:
        return photos.read_mark(path) is not None
    except photos.PhotoError:
        return False


def _tell(set_aside: dict[str, list[Path]]) -> None:
    for reason, line in zip(set_aside, describe(set_aside), strict=True):
        if reason == ARCHIVES:
            line += "; a pattern of shards (folder/*.tar) takes them"
        _log.log(logging.INFO if reason == OTHERS else logging.WARNING, line)


def tar_shard(path: Path) -> list[Item]:
    """List the photographs in a tar shard (WebDataset's layout).

    Args:
        path: an uncompressed tar file. Members that aren't photographs, such
            as the JSON beside each, and hidden ones are skipped.

    Returns:
        Items named "shard/member", in the order of the shard. They know
        where their bytes lie, so that reading one opens no archive.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it isn't an uncompressed tar file.
    """
    if os.path.exists(path) and not path.is_file():  # opening would wait
        raise ValueError(
            f"{path} is a folder, a pipe or a device; give a .tar file"
        )
    try:
        with tarfile.open(path, "r:") as shard:
            members = [m for m in shard.getmembers() if m.isfile()]
    except tarfile.TarError as error:
        raise ValueError(
            f"{path} is not an uncompressed tar file ({error}); make it"
            " again, without compression: photographs are compressed already"
        ) from error
    members = [m for m in members if not Path(m.name).name.startswith(".")]
    unread = [Path(m.name) for m in members if reason_against(m.name) == UNREAD]
    if unread:
        _tell({f"{UNREAD}, in {path}": unread})
    return [
        Item(f"{path.stem}/{m.name}", path, m.offset_data, m.size)
        for m in members
        if reason_against(m.name) is None
    ]


def unique_names(items: Iterable[Item]) -> list[Item]:
    """Check that no two items share a name, as two sources put together may.

    Args:
        items: the photographs of one or several sources.

    Returns:
        The same items, as a list.

    Raises:
        ValueError: naming the first name that occurs twice.
    """
    seen: dict[str, Item] = {}
    for item in items:
        if item.name in seen:
            raise ValueError(
                f"two photographs are called {item.name}:"
                f" {seen[item.name].path} and {item.path};"
                " give a folder above both"
            )
        seen[item.name] = item
    return list(seen.values())


def _download(name: str) -> Path:
    try:
        from fastai.data.external import URLs, untar_data
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the source {name!r} is downloaded through fastai, which is not"
            " installed: pip install fastai"
        ) from error
    address, below = DOWNLOADS[name]
    return untar_data(getattr(URLs, address)) / below
