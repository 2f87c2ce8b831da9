"""One photograph of any size in, the same photograph in color out.

    pixels --shrink--> rgb --lightness--> L --pad, G, crop--> ab
    pixels, ab --recolor.recolor--> pixels in color, at full size

The network sees a copy whose shorter side is the size on its card, or several
copies: meaning is in the whole scene, not in the last pixel. It is shrunk as
training's photographs were, stored values first and L afterwards, and never
squashed or enlarged. All that the network gives back is color; the lightness
of every pixel stays the scan's own. Chapter 01 uses it, chapter 14 opens it.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from PIL import Image
from torch import Tensor

from colorlib import __version__, photos
from colorlib.color import lightness
from colorlib.color.contrast import is_low_contrast, stretch_contrast
from colorlib.color.recolor import recolor
from colorlib.files.download import OnDownload
from colorlib.hints.hint import Hint, check_inside
from colorlib.hints.spreading import apply_hints, pale_hints
from colorlib.models import weights
from colorlib.models.folding import fold_norms
from colorlib.models.generator import Generator
from colorlib.models.layout import place
from colorlib.models.palette import (
    LEANINGS,
    MEDIANS,
    Asking,
    Doubting,
    Leaning,
    MirrorAveraged,
    PaletteError,
    palette_of,
)
from colorlib.models.paths import find_model
from colorlib.photos import MadeBy, Photo
from colorlib.shapes import LChannel, LStar

# Below this share of pixels that sRGB can't show, nobody sees the difference.
TOLD_SHARE = 0.01

ABPrediction = Float[Tensor, "*batch 2 _ _"]  # a*, b* / 110, smaller than L


@dataclass(frozen=True)
class PaletteAnswers:
    """What a model with a palette says of photographs, asked once."""

    ab: ABPrediction
    """The answer, as `Colorizer.predict` gives it."""
    doubt: Float[Tensor, "*batch _ _"]
    """The probability in [0, 1] that it is off, as `palette.Doubting` says."""
    variants: dict[str, ABPrediction]
    """By the keys of `palette.LEANINGS`, as `Colorizer.leaning` gives them."""


@dataclass(frozen=True)
class Colorizer:
    """A trained generator, and what is needed to use it on any photograph.

    Nothing in it changes while it works, so any number of threads can share
    one, and the same photograph always gives the same answer.
    """

    G: Generator
    """The generator, in eval mode: L (B, 1, H, W) to ab (B, 2, H, W)."""
    name: str
    """The model's name."""
    sha256: str
    """SHA-256 of the file that its weights came from, hexadecimal."""
    size: int
    """Shorter side, in pixels, at which the generator sees a photograph."""
    device: torch.device
    """Where the generator is."""
    tta_sizes: tuple[int, ...] = ()
    """Further sizes at which it sees each photograph, to settle on the mean
    of what it says: what is small in one is large in the other."""
    piece_pixels: int = 1 << 20
    """A longer panorama goes through the generator in pieces of so many
    pixels, which bounds its memory: 16 times as long as high at 256."""
    faded: bool = False
    """Whether the generator sees the tones of a faded photograph stretched:
    see `contrast.stretch_contrast`. Colors go on the tones as they are."""

    @property
    def mirror(self) -> bool:
        """Whether it averages over a photograph and its mirror image."""
        return isinstance(self.G, MirrorAveraged)

    @classmethod
    def load(
        cls,
        model: str | Path | None = None,
        *,
        device: str | None = None,
        mirror: bool = False,
        faded: bool = False,
        on_download: OnDownload | None = None,
    ) -> "Colorizer":
        """Load a model, ready to color.

        Args:
            model: its .safetensors, with or without the suffix; a folder
                that holds exactly one; or a name of `models.released`, such
                as "model2", which is downloaded once. None for the one that
                ships.
            device: such as "cpu", "cuda" or "mps"; None for the fastest here.
            mirror: average with what the model says of the mirror image,
                for which it runs once more: see `palette.MirrorAveraged`.
            faded: show the model a copy with stretched contrast where the
                tones of a photograph span less than 48 of L*'s 100, as those
                of a faded print do: see `contrast.stretch_contrast`.
            on_download: told how much has come.

        Returns:
            The colorizer.

        Raises:
            FileNotFoundError: if the model has no card.
            OSError: if it can't be downloaded.
            ValueError: if there is no such model, it doesn't fit its card,
                or the device can't be used here.

        See Also:
            Chapter 01.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> colorizer.size
            192
        """
        path = find_model(model, on_download=on_download)
        where = _choose_device(device)
        G, card = weights.load_generator(path)
        missing = {"name", "size"} - card.keys()
        if missing:
            raise ValueError(
                f"{path.with_suffix('.json')} lacks {' and '.join(missing)};"
                " a card that goes with photographs says both: get the model"
                " and its card again"
            )
        G = place(fold_norms(G), where)
        return cls(
            MirrorAveraged(G) if mirror else G,
            card["name"],
            card["sha256"],
            card["size"],
            where,
            tuple(card.get("tta_sizes", ())),
            faded=faded,
        )

    def colorize(
        self,
        photo: Photo | str | Path | np.ndarray | Image.Image,
        *,
        size: int | None = None,
        hints: Sequence[Hint] = (),
    ) -> Photo:
        """Color one photograph.

        Args:
            photo: gray or in color, of any size: a `Photo`, a path, an array
                as in `photos.from_array`, or a PIL image (taken as sRGB). Of
                a color photograph only L* is used, and a note says so.
            size: shorter side, in pixels, at which the network sees it; None
                for the size, or the sizes, that suit the model.
            hints: colors that are known, with their sources; they are spread
                as `hints.spreading` says. Without any, the answer is the
                model's.

        Returns:
            The photograph in color: (H, W, 3) with its own height, width,
            bits, alpha and L*; `made_by` and `notes` say what was done.

        Raises:
            PhotoError: if it can't be read.
            TypeError: if it is none of these.
            ValueError: if `size` is below 1, or a hint lies outside.
            MemoryError: if the device runs out of memory.

        Reference:
            Zhang et al., Colorful Image Colorization, ECCV 2016, section 1:
            L kept, ab predicted. Chapters 01 and 14.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = np.tile(np.arange(48, dtype=np.uint8), (64, 1))
            >>> colorizer.colorize(gray).pixels.shape
            (64, 48, 3)
        """
        photo = _as_photo(photo)
        check_inside(hints, photo.width, photo.height)
        ab = self._answer(photo.pixels, size)
        return self.paint(photo, ab, hints=hints)

    def paint(
        self,
        photo: Photo,
        ab: Float[Tensor, "2 _ _"],
        *,
        hints: Sequence[Hint] = (),
    ) -> Photo:
        """Give a photograph colors that this colorizer has predicted.

        Args:
            photo: gray or in color, of any size.
            ab: a* and b* / 110 in [-1, 1], at any resolution: an answer that
                `ask_about` gave, or a variant.
            hints: as for `colorize`.

        Returns:
            As `colorize` does.

        Raises:
            ValueError: if a hint lies outside.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = photos.from_array(np.zeros((64, 48), np.uint8))
            >>> told = colorizer.ask_about(gray)
            >>> colorizer.paint(gray, told.ab).pixels.shape
            (64, 48, 3)
        """
        check_inside(hints, photo.width, photo.height)
        pixels = photo.without_equal_channels().pixels
        notes = list(photo.notes)
        if pixels.ndim == 3:
            notes.append("its own colors were set aside, only L* was used")
        if hints:
            L_star = _lightness_seen(pixels, ab.shape[1], ab.shape[2])
            ab, _ = apply_hints(ab, L_star, hints, pixels.shape[:2])
            notes += [
                f"the hint at {hint.place} was made paler: sRGB can't show its"
                " color at the photograph's lightness there"
                for hint in pale_hints(hints, L_star, pixels.shape[:2])
            ]
        colored, share = recolor(pixels, ab)
        if share > TOLD_SHARE:
            notes.append(
                f"{share:.0%} of it was made paler: sRGB can't show the colors"
                " that the model gave at that lightness"
            )
        return dataclasses.replace(
            photo,
            pixels=colored,
            made_by=self._mark(hints),
            notes=tuple(notes),
        )

    def is_faded(
        self, photo: Photo | str | Path | np.ndarray | Image.Image
    ) -> bool:
        """Tell whether a photograph has the low contrast of a faded print.

        Args:
            photo: as for `colorize`.

        Returns:
            Whether it is one of those that `faded` stretches. A copy of the
            model's size decides, whatever size is asked for.

        Raises:
            PhotoError: if it can't be read.
            TypeError: if it is no photograph.

        See Also:
            `contrast.is_low_contrast`.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = np.tile(np.arange(48, dtype=np.uint8), (64, 1))
            >>> colorizer.is_faded(gray), colorizer.is_faded(5 * gray)
            (True, False)
        """
        pixels = _as_photo(photo).pixels
        return bool(is_low_contrast(_seen(pixels, self.size)))

    def check_palette(self) -> None:
        """Make sure that the model predicts a palette.

        Raises:
            ValueError: if it doesn't, and so has no uncertainty, no variants.
        """
        try:
            palette_of(self.G)
        except PaletteError as error:
            raise PaletteError(f"the model {self.name} {error}") from None

    def leaning(self, way: str) -> "Colorizer":
        """Make a colorizer of variants: other colors that are possible.

        Args:
            way: a key of `palette.LEANINGS`, such as "warmer".

        Returns:
            The same colorizer, but for its colors.

        Raises:
            ValueError: if the model predicts no palette.

        See Also:
            `palette.Leaning`. Chapter 14.
        """
        self.check_palette()
        return dataclasses.replace(self, G=Leaning(self.G, LEANINGS[way]))

    def doubt(
        self,
        photo: Photo | str | Path | np.ndarray | Image.Image,
        *,
        size: int | None = None,
        hints: Sequence[Hint] = (),
    ) -> Photo:
        """Map how unsure the model is of a photograph's colors.

        Args:
            photo: as for `colorize`.
            size: as for `colorize`.
            hints: as for `colorize`. The doubt is the model's, so it counts
                as much as the model's share of a color: at a hint it is 0.

        Returns:
            Gray bytes of the photograph's size: 255 times the probability
            that the true color is more than `palette.NEAR` away from the
            answer, in a* and b*, times 1 minus the hints' share. How far that
            can be trusted was measured, without hints: see
            `evaluation.calibration`.

        Raises:
            PhotoError: if it can't be read.
            TypeError: if it is no photograph.
            ValueError: if the model predicts no palette, `size` is below 1,
                or a hint lies outside.

        See Also:
            `palette.Doubting`. Chapter 14.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = np.tile(np.arange(48, dtype=np.uint8), (64, 1))
            >>> colorizer.doubt(gray).pixels.shape
            (64, 48)
        """
        self.check_palette()
        asked = dataclasses.replace(self, G=Doubting(self.G))
        photo = _as_photo(photo)
        told = asked._answer(photo.pixels, size)[0]
        return self.map_doubt(photo, told, hints=hints)

    def map_doubt(
        self,
        photo: Photo,
        doubt: Float[Tensor, "_ _"],
        *,
        hints: Sequence[Hint] = (),
    ) -> Photo:
        """Make a map of doubts that `ask_about` told.

        Args:
            photo: the photograph.
            doubt: probabilities in [0, 1], at any resolution.
            hints: as for `doubt`.

        Returns:
            As `doubt` does.

        Raises:
            ValueError: if a hint lies outside.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = photos.from_array(np.zeros((64, 48), np.uint8))
            >>> told = colorizer.ask_about(gray)
            >>> colorizer.map_doubt(gray, told.doubt).pixels.shape
            (64, 48)
        """
        told = doubt[None].float().cpu()
        if hints:
            pixels = photo.without_equal_channels().pixels
            told = told * (1 - _share(pixels, hints, *doubt.shape))
        return self._map(photo, told, hints)

    def ask(self, L: LChannel, ways: Sequence[str] = ()) -> PaletteAnswers:
        """Predict color, doubt and variants in one pass of the network.

        Args:
            L: as for `predict`.
            ways: of the variants, keys of `palette.LEANINGS`.

        Returns:
            The same as if each were asked for by itself, on the colorizer's
            device.

        Raises:
            ValueError: if the model predicts no palette.
            MemoryError: if the device runs out of memory.

        See Also:
            `palette.Asking`.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> told = colorizer.ask(torch.zeros(1, 1, 32, 48), ["warmer"])
            >>> told.ab.shape, told.doubt.shape, list(told.variants)
            (torch.Size([1, 2, 32, 48]), torch.Size([1, 32, 48]), ['warmer'])
        """
        asked = self._asking(ways)
        return _told(asked._predict(self._stretched(L), None), ways)

    def ask_about(
        self,
        photo: Photo | str | Path | np.ndarray | Image.Image,
        ways: Sequence[str] = (),
        *,
        size: int | None = None,
    ) -> PaletteAnswers:
        """Predict color, doubt and variants of a photograph in one pass.

        Args:
            photo: as for `colorize`.
            ways: as for `ask`.
            size: as for `colorize`.

        Returns:
            What `paint` and `map_doubt` take, without a batch. By them it
            comes out as `colorize`, `doubt` and `leaning` make it.

        Raises:
            PhotoError: if it can't be read.
            TypeError: if it is no photograph.
            ValueError: if the model predicts no palette, or `size` is below
                1.
            MemoryError: if the device runs out of memory.

        Example:
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = np.tile(np.arange(48, dtype=np.uint8), (64, 1))
            >>> colorizer.ask_about(gray).ab.shape
            torch.Size([2, 64, 48])
        """
        asked = self._asking(ways)
        pixels = _as_photo(photo).pixels
        return _told(asked._answer(pixels, size), ways)

    def _asking(self, ways: Sequence[str]) -> "Colorizer":
        """Make a colorizer whose G gives doubt, answer and variants."""
        self.check_palette()
        places = [MEDIANS, *(LEANINGS[way] for way in ways)]
        questions = [Leaning(self.G, at) for at in places]
        asking = Asking(Doubting(self.G), *questions)
        return dataclasses.replace(self, G=asking)

    def map_hints(
        self,
        photo: Photo | str | Path | np.ndarray | Image.Image,
        hints: Sequence[Hint],
        *,
        size: int | None = None,
    ) -> Photo:
        """Map which share of each color comes from hints.

        Args:
            photo: as for `colorize`.
            hints: as for `colorize`.
            size: as for `colorize`.

        Returns:
            Gray bytes of the photograph's size: 255 times the hints' share.
            What is black is the model's alone.

        Raises:
            PhotoError: if it can't be read.
            TypeError: if it is no photograph.
            ValueError: if `size` is below 1, or a hint lies outside.

        See Also:
            `hints.spreading`.

        Example:
            >>> from colorlib.hints.hint import Hint
            >>> colorizer = Colorizer.load(device="cpu")
            >>> gray = np.tile(np.arange(48, dtype=np.uint8), (64, 1))
            >>> hint = Hint((20, 30, 21, 31), "#8c1c2b", "letter of 1951")
            >>> shares = colorizer.map_hints(gray, [hint]).pixels
            >>> shares.shape, int(shares[30, 20])
            ((64, 48), 255)
        """
        photo = _as_photo(photo)
        pixels = photo.pixels
        rows, columns = pixels.shape[:2]
        sizes = [_seen_size(rows, columns, s) for s in self._sizes(size)]
        share = _share(pixels, hints, *max(sizes))
        return self._map(photo, share, hints)

    def _map(
        self,
        photo: Photo,
        shares: Float[Tensor, "1 _ _"],
        hints: Sequence[Hint],
    ) -> Photo:
        """Make gray bytes of a photograph's size from numbers in [0, 1]."""
        size = photo.height, photo.width
        full = F.interpolate(shares[None], size, mode="bilinear")
        return Photo(
            (full[0, 0] * 255).round().byte().numpy(),
            path=photo.path,
            dpi=photo.dpi,
            made_by=self._mark(hints),
        )

    def _mark(self, hints: Sequence[Hint] = ()) -> MadeBy:
        return MadeBy(
            self.name,
            self.sha256,
            f"colorlib {__version__}",
            hints=tuple(hint.line for hint in hints),
        )

    def _answer(
        self, pixels: np.ndarray, size: int | None
    ) -> Float[Tensor, "channels _ _"]:
        """Predict from stored values; of several sizes, the mean."""
        judged = _seen(pixels, self.size) if self.faded else None
        answers = []
        for each in self._sizes(size):
            L = _seen(pixels, each)
            if judged is not None:  # one stretch for all sizes
                L = stretch_contrast(L, judged=judged)
            answers.append(self._predict(L[None], each))
        return _mean(answers)[0]

    def predict(self, L: LChannel, *, size: int | None = None) -> ABPrediction:
        """Predict color for lightness of any height and width.

        Args:
            L: lightness in [-1, 1], (B, 1, H, W), from 1 x 1 upwards.
            size: shorter side at which the network sees it, in pixels; None
                for the model's own, or the mean over them where it has more
                than one. What is smaller is not enlarged.

        Returns:
            a* and b* / 110 in [-1, 1] at the (finest) resolution that the
            network saw, on the colorizer's device. `recolor.recolor` brings it
            to full size.

        Raises:
            ValueError: if `size` is below 1 or G is in training mode.
            MemoryError: if the device runs out of memory.

        See Also:
            Chapter 14.
        """
        return self._predict(self._stretched(L), size)

    def _stretched(self, L: LChannel) -> LChannel:
        """Stretch what is faded, once for all sizes and all pieces."""
        return stretch_contrast(L) if self.faded else L

    @torch.inference_mode()
    def _predict(self, L: LChannel, size: int | None) -> Tensor:
        """Run G on L as it is, whatever its channels stand for."""
        if self.G.training:
            raise ValueError(
                "the network is in training mode, where dropout and batch"
                " statistics change what it says; call its eval() first"
            )
        L = L.to(self.device)
        return _mean([self._look(L, each) for each in self._sizes(size)])

    def _sizes(self, size: int | None) -> tuple[int, ...]:
        """Sizes to look at a photograph at: the asked one, or the model's."""
        return (self.size, *self.tta_sizes) if size is None else (size,)

    def _look(self, L: Tensor, size: int) -> Tensor:
        """Predict from lightness whose shorter side is brought to a size."""
        height, width = L.shape[-2:]
        seen = _seen_size(height, width, size)
        if seen != (height, width):
            L = F.interpolate(L, seen, mode="bicubic", antialias=True)
        try:
            return self._in_pieces(L.clamp(-1, 1))
        except torch.cuda.OutOfMemoryError as error:
            raise MemoryError(
                f"{self.device} has too little memory to see a photograph at"
                f" {seen[1]} x {seen[0]} pixels; give a smaller size, or the"
                ' device "cpu"'
            ) from error

    def _in_pieces(self, L: Tensor) -> Tensor:
        """Predict a long panorama by pieces that fade into their neighbors."""
        short, long = sorted(L.shape[-2:])
        length = max(
            2 * short, self.piece_pixels // max(short, self.G.multiple)
        )
        if long <= length:
            return self._padded(L)

        along = -1 if L.shape[-1] == long else -2
        n = math.ceil((long - length) / (length * 3 // 4)) + 1
        edge = torch.arange(1, length + 1, device=L.device)
        fade = torch.minimum(edge, edge.flip(0)).clamp(max=length // 4).float()
        fade = fade[None, :] if along == -1 else fade[:, None]
        total = L.new_zeros(len(L), self.G.channels, *L.shape[-2:])
        weight = L.new_zeros(L.shape[-2:])
        for i in range(n):
            piece = along, i * (long - length) // (n - 1), length
            total.narrow(*piece).add_(self._padded(L.narrow(*piece)) * fade)
            weight.narrow(*piece).add_(fade)
        return total / weight

    def _padded(self, L: Tensor) -> Tensor:
        """Run G on L, continued until both sides suit G."""
        height, width = L.shape[-2:]
        rows = _reflect(height, self.G.multiple).to(L.device)
        columns = _reflect(width, self.G.multiple).to(L.device)
        return self.G(L[..., rows[:, None], columns])[..., :height, :width]


def _told(told: Tensor, ways: Sequence[str]) -> PaletteAnswers:
    """Name what an `Asking` has answered: two channels to each question."""
    doubt, ab, *variants = told.split(2, dim=-3)
    return PaletteAnswers(
        ab, doubt[..., 0, :, :], dict(zip(ways, variants, strict=True))
    )


def _mean(answers: list[Tensor]) -> Tensor:
    """Average predictions of several resolutions, at the finest."""
    finest = max(tuple(ab.shape[-2:]) for ab in answers)
    fine = [F.interpolate(ab, finest, mode="bilinear") for ab in answers]
    return torch.stack(fine).mean(dim=0)


def _reflect(n: int, multiple: int) -> Int[Tensor, " padded"]:
    """Indices that continue n samples by reflection to a multiple.

    Back and forth as often as it takes: `F.pad` reflects at most n - 1
    samples, and a photograph may have one.
    """
    period = max(1, 2 * (n - 1))
    padded = math.ceil(n / multiple) * multiple
    index = torch.arange(padded, device="cpu") % period
    return torch.minimum(index, period - index)


def _seen_size(height: int, width: int, size: int) -> tuple[int, int]:
    """Height and width at which the network sees a photograph."""
    if size < 1:
        raise ValueError(
            f"size must be at least 1 pixel, got {size}; leave it out for"
            " the size that the model was trained at"
        )
    scale = min(1.0, size / min(height, width))
    return round(height * scale), round(width * scale)


def _seen(pixels: np.ndarray, size: int) -> Float[Tensor, "1 height width"]:
    """Shrink stored values to a size, as the network sees them: [-1, 1]."""
    # Photographs were shrunk as bytes for training: so here.
    rows, columns = pixels.shape[:2]
    seen = _seen_size(rows, columns, size)
    return _lightness_seen(pixels, *seen) / 50 - 1


def _lightness_seen(pixels: np.ndarray, height: int, width: int) -> LStar:
    """Shrink stored values, then find L*: (1, height, width), 0 to 100."""
    return lightness(_shrink(pixels, height, width))


def _share(
    pixels: np.ndarray, hints: Sequence[Hint], height: int, width: int
) -> Float[Tensor, "1 height width"]:
    """Find which share of each color comes from hints, in [0, 1]."""
    L_star = _lightness_seen(pixels, height, width)
    no_color = L_star.new_zeros(2, height, width)  # it doesn't matter
    return apply_hints(no_color, L_star, hints, pixels.shape[:2])[1]


def _shrink(
    pixels: np.ndarray, height: int, width: int
) -> Float[Tensor, "3 height width"]:
    """Shrink stored values with antialiasing; sRGB in [0, 1], gray as RGB."""
    planes = [pixels] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    small = [_shrink_plane(plane, height, width) for plane in planes]
    top = np.iinfo(pixels.dtype).max
    rgb = torch.from_numpy(np.stack(small)).float() / top
    return rgb.clamp(0, 1).expand(3, -1, -1)


def _shrink_plane(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    if plane.dtype == np.uint16:  # Pillow shrinks bytes and floats
        plane = plane.astype(np.float32)
    image = Image.fromarray(np.ascontiguousarray(plane))
    # A large scan is first averaged down to three times the size, which is
    # faster than the filter, and differs by less than a level in the mean.
    small = image.resize(
        (width, height), Image.Resampling.BICUBIC, reducing_gap=3.0
    )
    return np.asarray(small)


def _as_photo(photo: Photo | str | Path | np.ndarray | Image.Image) -> Photo:
    """Take what a user has, gray as gray, however it was stored."""
    match photo:
        case Photo():
            taken = photo
        case str() | Path():
            taken = photos.read(photo)
        case np.ndarray():
            taken = photos.from_array(photo)
        case Image.Image():
            taken = photos.from_image(photo)
        case _:
            raise TypeError(
                f"expected a Photo, a path, an array or a PIL image, got"
                f" {photo!r}; torch tensors go through predict and"
                " recolor.recolor"
            )
    return taken.without_equal_channels()


def _choose_device(name: str | None) -> torch.device:
    """The device of that name, tried; or the fastest one here."""
    usable = ["cpu"]
    if torch.backends.mps.is_available():
        usable.insert(0, "mps")
    if torch.cuda.is_available():
        usable.insert(0, "cuda")
    name = usable[0] if name is None else name
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        others = [each for each in usable if each != name]  # a GPU may be full
        raise ValueError(
            f"device {name!r} can't be used here; there is"
            f" {' and '.join(others)}"
        ) from error
    return device
