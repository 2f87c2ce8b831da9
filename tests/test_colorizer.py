"""One photograph of any size in, color out: what `Colorizer` promises."""

import hashlib
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch.testing import assert_close

import colorlib
from colorlib.color import rgb_to_lab, split_lab
from colorlib.color.contrast import stretch_contrast
from colorlib.color.recolor import recolor
from colorlib.colorizer import Colorizer, _seen
from colorlib.hints.hint import Hint
from colorlib.models import weights
from colorlib.models.compact import CompactUnet
from colorlib.models.generator import Generator
from colorlib.models.palette import Doubting
from colorlib.photos import Photo

SIZE = 32


class Constant(Generator):
    """Sees the same color everywhere, and remembers what it was shown."""

    multiple = 8

    def __init__(self, a, b):
        super().__init__()
        self.ab = torch.tensor([a, b])[:, None, None]
        self.shown = []

    def forward(self, L):
        self.shown.append(L)
        return self.ab.expand(len(L), 2, *L.shape[-2:])


class Local(Generator):
    """Colors each pixel by its own lightness, whatever lies around it."""

    multiple = 8

    def forward(self, L):
        return torch.cat([L / 4, -L / 8], dim=1)


def tiny():
    torch.manual_seed(0)
    return CompactUnet(((16, 1, 3, 2, 1), (16, 1, 3, 2, 1)), (16,))


def colorizer_of(G, size=SIZE):
    return Colorizer(G.eval(), "test", "0" * 64, size, torch.device("cpu"))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A small, untrained model, saved as a trained one would be."""
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    card = {"name": "tiny", "size": SIZE}
    return weights.save_generator(tiny(), path, card=card)


@pytest.fixture(scope="module")
def colorizer(path):
    return Colorizer.load(path, device="cpu")


def noise(*shape, dtype=np.uint8, seed=0):
    top = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, top + 1, shape, dtype)


def lightness(pixels):
    rgb = torch.from_numpy(pixels / np.float64(np.iinfo(pixels.dtype).max))
    rgb = rgb[..., None] if rgb.ndim == 2 else rgb
    return rgb_to_lab(rgb.expand(*rgb.shape[:2], 3).permute(2, 0, 1))[0]


# Any photograph


def test_a_model_of_several_sizes_gives_the_mean_of_its_answers(colorizer):
    """Whether photograph or lightness, and an asked size is asked alone."""
    more = replace(colorizer, tta_sizes=(2 * SIZE,))
    L = torch.rand(1, 1, 3 * SIZE, 4 * SIZE) * 2 - 1
    small, large = (colorizer.predict(L, size=s) for s in (SIZE, 2 * SIZE))
    mean = (F.interpolate(small, large.shape[-2:], mode="bilinear") + large) / 2

    assert_close(more.predict(L), mean)
    assert_close(more.predict(L, size=SIZE), small)
    pixels = noise(3 * SIZE, 4 * SIZE)
    one = colorizer.colorize(pixels).pixels
    assert (more.colorize(pixels).pixels != one).any()
    assert (more.colorize(pixels, size=SIZE).pixels == one).all()


def test_a_card_s_sizes_reach_the_colorizer(tmp_path):
    card = {"name": "tiny", "size": SIZE, "tta_sizes": [24, 96]}
    path = weights.save_generator(tiny(), tmp_path / "g", card=card)
    assert Colorizer.load(path).tta_sizes == (24, 96)


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 2), (1, 5000), (700, 2), (31, 33), (97, 64)]
)
@pytest.mark.parametrize("channels", [(), (3,)], ids=["gray", "rgb"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_any_size_comes_back_in_color(colorizer, shape, channels, dtype):
    pixels = noise(*shape, *channels, dtype=dtype)

    colored = colorizer.colorize(Photo(pixels))

    assert colored.pixels.shape == (*shape, 3)
    assert colored.pixels.dtype == dtype
    off = (lightness(colored.pixels) - lightness(pixels)).abs()
    assert off.mean() < 0.2  # what rounding to 8 bits does to L*


def test_what_else_a_photograph_has_is_carried_along(colorizer):
    photo = Photo(
        noise(9, 9),
        alpha=noise(9, 9),
        dpi=(300.0, 300.0),
        lossless=True,
        notes=("is old",),
    )

    colored = colorizer.colorize(photo)

    assert colored.alpha is photo.alpha
    assert colored.dpi == photo.dpi
    assert colored.lossless
    assert colored.notes[0] == "is old"


def test_what_made_the_colors_is_told(colorizer, path):
    made_by = colorizer.colorize(noise(9, 9)).made_by

    assert made_by.model == "tiny"
    assert made_by.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made_by.software == f"colorlib {colorlib.__version__}"


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"]
)
def test_pillow_s_images_are_welcome(colorizer, mode):
    image = Image.new(mode, (5, 4), 1 if mode == "F" else None)

    assert colorizer.colorize(image).pixels.shape == (4, 5, 3)


def test_a_pillow_image_is_turned_upright(colorizer):
    image = Image.new("L", (5, 4))
    image.getexif()[0x0112] = 6  # lies on its side

    assert colorizer.colorize(image).pixels.shape == (5, 4, 3)


def test_a_pillow_image_s_color_profile_counts(colorizer):
    """The same bytes are lighter or darker under another profile."""
    pixels = noise(8, 8)
    image = Image.fromarray(pixels)
    image.info["icc_profile"] = imagecodecs.cms_profile("adobergb")

    assert (
        colorizer.colorize(image).pixels != colorizer.colorize(pixels).pixels
    ).any()


def test_paths_and_arrays_and_photographs_are_one_thing(colorizer, tmp_path):
    pixels = noise(20, 30)
    file = tmp_path / "old.png"
    Image.fromarray(pixels).save(file)

    answers = [
        colorizer.colorize(given).pixels
        for given in (pixels, Photo(pixels), file, str(file))
    ]

    for answer in answers[1:]:
        np.testing.assert_array_equal(answer, answers[0])


@pytest.mark.usefixtures("as_outside_pytest")
def test_something_else_is_refused_with_a_way_out(colorizer):
    with pytest.raises(TypeError, match=r"got \[1, 2\]; torch tensors go"):
        colorizer.colorize([1, 2])


# Gray in, color in


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_network_that_sees_no_color_changes_nothing(dtype):
    gray = noise(50, 41, dtype=dtype)

    colored = colorizer_of(Constant(0.0, 0.0)).colorize(gray)

    np.testing.assert_array_equal(colored.pixels, np.dstack([gray] * 3))
    assert colored.notes == ()


def test_gray_stored_as_rgb_is_gray(colorizer):
    gray = noise(50, 41)

    as_gray = colorizer.colorize(gray)
    as_rgb = colorizer.colorize(np.dstack([gray] * 3))

    np.testing.assert_array_equal(as_rgb.pixels, as_gray.pixels)
    assert as_rgb.notes == as_gray.notes


def test_the_colors_of_a_color_photograph_are_not_peeked_at(colorizer):
    """Red is not L: the tutorial behind the deck feeds the red channel."""
    color = noise(50, 41, 3)
    L_star = lightness(color)
    levels = lightness(np.arange(256, dtype=np.uint8)[:, None])[:, 0]
    gray = torch.searchsorted(levels, L_star).clamp(max=255)

    from_color = colorizer.colorize(color)
    from_gray = colorizer.colorize(gray.byte().numpy())

    assert "set aside" in from_color.notes[0]
    assert not any("set aside" in note for note in from_gray.notes)
    off = np.abs(from_color.pixels.astype(int) - from_gray.pixels)
    assert np.median(off) <= 1  # one gray level of rounding lies between them


def test_a_network_without_color_takes_all_color_out():
    colored = colorizer_of(Constant(0.0, 0.0)).colorize(noise(9, 9, 3))

    assert np.ptp(colored.pixels, axis=2).max() == 0


# What the network sees


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_network_is_shown_L_of_shrunk_values(dtype):
    """As in training: stored values are shrunk first, L comes afterwards."""
    G = Constant(0.0, 0.0)
    top = np.iinfo(dtype).max
    stripes = np.zeros((4 * SIZE, 8 * SIZE), dtype)
    stripes[:, ::2] = top

    colorizer_of(G).colorize(stripes)

    (L,) = G.shown
    assert L.shape == (1, 1, SIZE, 2 * SIZE)
    half = split_lab(rgb_to_lab(torch.full((3, 1, 1), 0.5)))[0].item()
    inner = L[..., 2:-2]  # nothing of the edge's doubled stripe
    torch.testing.assert_close(
        inner, torch.full_like(inner, half), atol=0.01, rtol=0
    )


def test_of_a_color_photograph_the_network_is_shown_L():
    """Not red, green or their mean: 3.4 L* off goes without an error."""
    G = Constant(0.0, 0.0)
    pixels = np.full((9, 9, 3), (200, 30, 90), np.uint8)

    colorizer_of(G).colorize(pixels)

    shown = (G.shown[0] + 1) * 50
    assert shown.mean().item() == pytest.approx(
        lightness(pixels).mean().item(), abs=1e-3
    )


@pytest.mark.parametrize(
    ("shape", "seen"),
    [
        ((64, 96), (32, 48)),
        ((96, 64), (48, 32)),
        ((20, 10), (24, 16)),  # smaller than the size: padded, not enlarged
        ((1, 1), (8, 8)),
        ((66, 64), (40, 32)),  # 33 rows, padded to the next multiple
    ],
)
def test_a_photograph_is_shrunk_and_padded_but_never_squashed(shape, seen):
    G = Constant(0.0, 0.0)

    ab = colorizer_of(G).predict(torch.zeros(1, 1, *shape))

    assert G.shown[0].shape[-2:] == seen
    scale = min(1, SIZE / min(shape))
    assert ab.shape[-2:] == tuple(round(side * scale) for side in shape)


@pytest.mark.parametrize("shape", [(3, 8), (1, 3), (8, 1), (5, 17)])
def test_padding_reflects_as_often_as_it_takes(shape):
    """As NumPy's does; PyTorch's refuses more than one reflection."""
    G, L = Constant(0.0, 0.0), torch.rand(1, 1, *shape)

    colorizer_of(G).predict(L)

    shapes = G.shown[0].shape, L.shape
    more = [(0, seen - n) for seen, n in zip(*shapes, strict=True)]
    expected = np.pad(L.numpy(), more, mode="reflect")
    np.testing.assert_array_equal(G.shown[0].numpy(), expected)


def test_the_size_can_be_chosen():
    G = Constant(0.0, 0.0)

    colorizer_of(G).colorize(noise(64, 64), size=48)

    assert G.shown[0].shape[-2:] == (48, 48)
    with pytest.raises(ValueError, match="at least 1 pixel, got 0"):
        colorizer_of(G).colorize(noise(64, 64), size=0)


@pytest.mark.parametrize("shape", [(8, 1000), (1000, 8)])
def test_a_panorama_goes_through_in_pieces_without_a_seam(shape):
    L = torch.rand(1, 1, *shape) * 2 - 1
    constant = Constant(0.25, -0.125)
    local, plain = (
        replace(colorizer_of(G), piece_pixels=8 * 100)
        for G in (Local(), constant)
    )

    torch.testing.assert_close(local.predict(L), local.G(L))
    plain.predict(L)

    assert len(constant.shown) > 10
    assert max(piece.numel() for piece in constant.shown) <= 8 * 104


def test_prediction_works_on_batches(colorizer):
    L = torch.rand(3, 1, 40, 50) * 2 - 1

    together = colorizer.predict(L)

    alone = torch.cat([colorizer.predict(one[None]) for one in L])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


def test_predict_and_join_make_what_colorize_makes(colorizer):
    """The way of a figure or an evaluation is the way of a user."""
    pixels = noise(SIZE, SIZE)
    rgb = torch.from_numpy(np.stack([pixels] * 3))
    L, _ = split_lab(rgb_to_lab(rgb))

    by_hand, _ = recolor(pixels, colorizer.predict(L[None])[0])

    np.testing.assert_array_equal(by_hand, colorizer.colorize(pixels).pixels)


# Out of the gamut


def test_colors_beyond_srgb_are_told():
    loud = colorizer_of(Constant(0.9, 0.9)).colorize(noise(9, 9))
    quiet = colorizer_of(Constant(0.01, 0.0)).colorize(
        np.full((9, 9), 128, np.uint8)
    )

    assert loud.notes == (
        "100% of it was made paler: sRGB can't show the colors that the"
        " model gave at that lightness",
    )
    assert quiet.notes == ()


# Again and again


def test_eight_threads_share_one_colorizer(colorizer):
    """Six threads on one DynamicUnet got 26 of 30 pictures wrong."""
    pictures = [noise(40 + i, 50, seed=i) for i in range(8)]
    alone = [colorizer.colorize(picture).pixels for picture in pictures]

    with ThreadPoolExecutor(8) as pool:
        shared = list(pool.map(colorizer.colorize, pictures * 3))

    for one, other in zip(alone * 3, shared, strict=True):
        np.testing.assert_array_equal(one, other.pixels)


def test_a_folder_takes_no_more_memory_than_a_photograph(colorizer):
    """What is kept of each photograph would fill a machine in a night."""
    picture = noise(200, 300)
    colorizer.colorize(picture)  # tables are made once
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(10):
            colorizer.colorize(picture)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < picture.nbytes


# Loading


def test_a_model_is_found_by_file_stem_and_folder(path):
    for given in (path, str(path), path.with_suffix(""), path.parent):
        assert Colorizer.load(given, device="cpu").name == "tiny"


def test_no_model_is_one_clear_error(path, tmp_path):
    for given in (tmp_path, tmp_path / "missing", tmp_path / "x.safetensors"):
        with pytest.raises(ValueError, match="give the path of one"):
            Colorizer.load(given)


def test_two_models_in_a_folder_are_named(tmp_path):
    for name in ("one", "two"):
        weights.save_generator(tiny(), tmp_path / name, card={})

    with pytest.raises(ValueError, match=r"one\.safetensors, two\.safetens"):
        Colorizer.load(tmp_path)


def test_a_card_without_a_size_is_one_clear_error(tmp_path):
    path = weights.save_generator(tiny(), tmp_path / "x", card={"name": "x"})

    with pytest.raises(ValueError, match=r"x\.json lacks size"):
        Colorizer.load(path)


@pytest.mark.parametrize("device", ["cuda:99", "toaster", "meta"])
def test_an_impossible_device_is_one_clear_error(path, device):
    with pytest.raises(ValueError, match=f"'{device}' can't be used here"):
        Colorizer.load(path, device=device)


def test_a_network_in_training_mode_is_refused():
    colorizer = colorizer_of(Constant(0.0, 0.0))
    colorizer.G.train()

    with pytest.raises(ValueError, match=r"call its eval\(\) first"):
        colorizer.colorize(noise(9, 9))


def test_too_little_memory_says_what_to_do():
    """No gray photograph in place of an error, as other programs give."""

    def forward(L):
        raise torch.cuda.OutOfMemoryError

    G = Constant(0.0, 0.0)
    G.forward = forward

    with pytest.raises(MemoryError, match="32 x 32 pixels; give a smaller"):
        colorizer_of(G).colorize(noise(64, 64))


# Doubts and variants


def test_a_map_of_doubts_has_the_photograph_s_size(colorizer):
    told = colorizer.doubt(Photo(noise(50, 41, 3), dpi=(300.0, 300.0)))

    assert told.pixels.shape == (50, 41)
    assert told.pixels.dtype == np.uint8
    assert told.dpi == (300.0, 300.0)
    assert told.made_by.model == "tiny"


def test_doubts_of_a_panorama_have_no_seam_s_size(colorizer):
    pieces = replace(colorizer, piece_pixels=SIZE * 100)
    assert pieces.doubt(noise(SIZE, 1000)).pixels.shape == (SIZE, 1000)


def test_where_a_hint_decides_the_model_s_doubt_no_longer_counts(colorizer):
    """It counts as much as the model's share of the color."""
    gray = np.tile(np.linspace(60, 90, SIZE).astype(np.uint8), (SIZE, 1))
    hint = Hint((4, 4, 12, 12), "#8c1c2b", "letter of 1951")
    plain = colorizer.doubt(gray).pixels.astype(float)
    told = colorizer.doubt(gray, hints=[hint])
    share = colorizer.map_hints(gray, [hint]).pixels / 255
    assert told.made_by.hints == (hint.line,)
    assert (told.pixels[6:10, 6:10] == 0).all()
    assert 0 < told.pixels[-1, -1] < plain[-1, -1]
    # The two maps are enlarged from grids of their own.
    assert np.abs(told.pixels - plain * (1 - share)).mean() < 2


def test_variants_keep_the_photograph_s_lightness(colorizer):
    gray = noise(50, 41)
    plain = colorizer.colorize(gray).pixels
    warmer = colorizer.leaning("warmer").colorize(gray).pixels

    assert (warmer != plain).any()
    off = (lightness(warmer) - lightness(gray)).abs()
    assert off.mean() < 0.2


@pytest.mark.parametrize("width", [41, 1000])
@pytest.mark.parametrize("faded", [False, True])
def test_one_pass_says_what_each_question_got(colorizer, width, faded):
    """At both sizes of a model that looks twice, and on a panorama."""
    colorizer = replace(colorizer, tta_sizes=(24,), piece_pixels=SIZE * 100)
    L = torch.rand(2, 1, SIZE, width, generator=torch.manual_seed(0)) * 2 - 1
    if faded:
        colorizer, L = replace(colorizer, faded=True), 0.3 * L
    told = colorizer.ask(L, ["warmer", "greener"])
    assert list(told.variants) == ["warmer", "greener"]
    assert_close(told.ab, colorizer.predict(L))
    for way, ab in told.variants.items():
        assert_close(ab, colorizer.leaning(way).predict(L))
    doubting = replace(colorizer, G=Doubting(colorizer.G))
    assert_close(told.doubt, doubting.predict(L)[:, 0])


@pytest.mark.parametrize("faded", [False, True])
def test_a_photograph_s_answers_make_what_each_question_makes(colorizer, faded):
    colorizer = replace(colorizer, tta_sizes=(24,), faded=faded)
    photo = Photo(noise(50, 41) // 4 + 90, dpi=(300.0, 300.0))
    hints = [Hint((4, 4, 12, 12), "#8c1c2b", "letter of 1951")]
    told = colorizer.ask_about(photo, ["warmer"], size=28)
    how = {"size": 28, "hints": hints}
    plain = colorizer.paint(photo, told.ab, hints=hints)
    same(plain, colorizer.colorize(photo, **how))
    warmer = colorizer.paint(photo, told.variants["warmer"], hints=hints)
    same(warmer, colorizer.leaning("warmer").colorize(photo, **how))
    doubt = colorizer.map_doubt(photo, told.doubt, hints=hints)
    same(doubt, colorizer.doubt(photo, **how))


def same(photo, other):
    """Check that two photographs are one, to the byte."""
    assert (photo.pixels == other.pixels).all()
    assert (photo.dpi, photo.made_by) == (other.dpi, other.made_by)
    assert photo.notes == other.notes


def test_a_model_without_a_palette_has_neither():
    plain = colorizer_of(Constant(0.0, 0.0))
    for ask in (
        lambda: plain.ask_about(noise(9, 9)),
        lambda: plain.doubt(noise(9, 9)),
        lambda: plain.leaning("warmer"),
        lambda: plain.ask(torch.zeros(1, 1, 9, 9)),
    ):
        with pytest.raises(ValueError, match="the model test predicts one"):
            ask()


def test_mirror_averaging_is_asked_for(path):
    mirrored = Colorizer.load(path, device="cpu", mirror=True)
    assert mirrored.mirror
    assert not Colorizer.load(path, device="cpu").mirror
    L = torch.rand(1, 1, SIZE, 2 * SIZE) * 2 - 1
    torch.testing.assert_close(
        mirrored.predict(L.flip(-1)).flip(-1),
        mirrored.predict(L),
        atol=1e-5,
        rtol=0,
    )


# Faded photographs


def faded(*shape, seed=0):
    """A gray photograph whose tones are 90 to 160 of 255."""
    return (90 + noise(*shape, seed=seed) // 3.7).astype(np.uint8)


def test_a_faded_photograph_gets_its_stretched_copy_s_color(path):
    """On its own lightness, to the byte."""
    gray = faded(SIZE, SIZE + 8)
    plain = Colorizer.load(path, device="cpu")
    seen = stretch_contrast(lightness(gray)[None, None].float() / 50 - 1)

    colored = Colorizer.load(path, device="cpu", faded=True).colorize(gray)

    expected, _ = recolor(gray, plain.predict(seen)[0])
    np.testing.assert_array_equal(colored.pixels, expected)
    assert (colored.pixels != plain.colorize(gray).pixels).any()
    off = (lightness(colored.pixels) - lightness(gray)).abs()
    assert off.mean() < 0.2


@pytest.mark.parametrize("value", [0, 128, None])
def test_what_is_not_faded_is_colored_as_ever(path, value):
    """Full contrast, and no contrast at all."""
    gray = np.full((SIZE, 40), value or 0, np.uint8)
    gray = noise(SIZE, 40) if value is None else gray
    asked, plain = (
        Colorizer.load(path, device="cpu", faded=faded)
        for faded in (True, False)
    )
    assert not asked.is_faded(gray)
    np.testing.assert_array_equal(
        asked.colorize(gray).pixels, plain.colorize(gray).pixels
    )


def test_all_pieces_of_a_faded_panorama_are_stretched_alike():
    """Each end alone would have a contrast, and a stretch, of its own."""
    tones = torch.linspace(-0.3, 0.3, 1000).expand(1, 1, SIZE, -1)
    whole = replace(colorizer_of(Local()), faded=True)
    pieces = replace(whole, piece_pixels=SIZE * 100)
    assert_close(pieces.predict(tones), whole.predict(tones))
    assert (whole.predict(tones)[0, 0, 0, 0] * 4 + 1).abs() < 0.1  # black


def test_mirrors_doubts_and_variants_see_the_stretched_copy(path):
    gray = faded(SIZE, SIZE + 8)
    L = lightness(gray)[None, None].float() / 50 - 1
    both = Colorizer.load(path, device="cpu", mirror=True, faded=True)
    mirror = Colorizer.load(path, device="cpu", mirror=True)
    assert both.mirror
    for asked, expected in (
        (both, mirror),
        (both.leaning("warmer"), mirror.leaning("warmer")),
    ):
        seen = expected.predict(stretch_contrast(L))
        assert_close(asked.predict(L), seen)
    doubting = replace(mirror, G=Doubting(mirror.G))
    told = doubting.predict(stretch_contrast(L))[0, 0] * 255
    assert np.abs(both.doubt(gray).pixels - told.numpy()).max() < 0.51


def test_a_faded_photograph_is_stretched_at_each_size():
    G = Constant(0.1, 0.2)
    several = replace(colorizer_of(G), tta_sizes=(2 * SIZE,), faded=True)
    several.colorize(faded(3 * SIZE, 3 * SIZE))
    assert [L.shape[-1] for L in G.shown] == [SIZE, 2 * SIZE]
    assert all(L.max() - L.min() > 1.8 for L in G.shown)


def test_the_model_s_own_size_decides_what_is_stretched_at_all_sizes():
    """Noise spans more in a larger copy: here only there too much."""
    gray = 55 + noise(3 * SIZE, 3 * SIZE) // 2
    for size, stretched in ((SIZE, True), (3 * SIZE, False)):
        G = Constant(0.1, 0.2)
        asked = replace(colorizer_of(G, size), faded=True)
        asked = replace(asked, tta_sizes=(4 * SIZE - size,))
        asked.colorize(gray)
        assert asked.is_faded(gray) is stretched
        plain = [_seen(gray, each) for each in asked._sizes(None)]
        same = [
            torch.equal(shown[0], L)
            for shown, L in zip(G.shown, plain, strict=True)
        ]
        assert same == [not stretched] * 2
