"""Every claim of the catalogue has a source, or says that it has none."""

import shutil

import pytest

from colorlib.eras.catalog import ERAS, era_names, load_era
from colorlib.eras.schema import UNSOURCED
from colorlib.film.emulsions import EMULSIONS

NAMES = ["colonial", "democratization", "korean-war"]


def test_three_eras_are_there():
    assert era_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_era_is_whole(name):
    """Reading it checks it; the rest is what a reader needs."""
    era = load_era(name)
    assert {each.archive for each in era.collections} == {"commons", "loc"}
    assert {each.language for each in era.collections} == {"en", "ko"}
    assert all(source.strip() for source in era.sources)


@pytest.mark.parametrize("name", NAMES)
def test_no_shade_of_the_flag_is_claimed(name):
    """None was fixed before 1997: only the order of hues can be scored."""
    colors = load_era(name).colors
    (flag,) = [each for each in colors if "태극기" in each.korean]
    assert flag.documented == "order of hues"
    assert "1997" in flag.says
    assert "shades" in flag.unknown
    assert flag.parts == {"red half": "red", "blue half": "blue"}


def test_shares_of_film_are_marked_as_guesses():
    """Whoever scores by them must know."""
    for name in NAMES:
        assert {prior.source for prior in load_era(name).film} == {UNSOURCED}


def test_all_emulsions_are_known():
    """Else an era could not be simulated."""
    for name in NAMES:
        for prior in load_era(name).film:
            assert prior.shares.keys() <= EMULSIONS.keys()


def test_all_claims_are_counted():
    """A claim in a part that `sources` forgets would not be checked."""
    era, text = load_era("colonial"), (ERAS / "colonial.toml").read_text()
    assert len(era.sources) == text.count("\nsource = ")


NOTHING = 'documented = "nothing"\nparts = {}'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "Yonhap 2018"', 'source = "Yonhap"', "neither a year"),
        ('source = "Yonhap 2018"', 'source = ""', r"source of rights .* \(3\)"),
        ('source = "Yonhap 2018"\n', "", "lacks 'source'"),
        ('korean = "교복"', 'korean = "교복"\nshade = "black"', "no use for"),
        ('documented = "nothing"', 'documented = "all"', "documented is 'all'"),
        ('= "red", ', '= "pink", ', "a part is 'pink', and may be red, yellow"),
        ('"blue half" = "blue"', '"x" = "red"', "two hues or more"),
        ('"blue half" = "blue"', '"x" = 7', "parts of .* of another kind"),
        (NOTHING, NOTHING.replace("{}", '{ x = "red" }'), "only hues and an"),
        ('archive = "loc"', 'archive = "flickr"', "can't ask 'flickr'"),
        ("orthochromatic = 0.75", "orthochromatic = 0.8", "add up to 1"),
        ("[1925, 1945]", "[1926, 1945]", "must begin in 1925"),
        ("[1925, 1945]", "[1925, 1944]", "film ends in 1944"),
        ("years = [1910, 1945]", 'years = "1910"', "years of the era"),
        ("years = [1910, 1945]", "years = [1910,", "colonial.toml"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path, old, new, said):
    shutil.copy(ERAS / "colonial.toml", tmp_path)
    path = tmp_path / "colonial.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ValueError, match=said) as raised:
        load_era("colonial", tmp_path)
    assert str(raised.value).startswith("colonial.toml: ")


def test_an_era_that_is_not_there_lists_those_that_are():
    with pytest.raises(ValueError, match="colonial, democratization, korean-w"):
        load_era("joseon")
