"""A photograph's name decides whether it trains, and nothing else does."""

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorlib.data.splits import (
    list_hash,
    name_hash,
    split_as_the_course_does,
    split_by_share,
    split_exactly,
)

NAMES = st.sets(st.text(max_size=20), max_size=40)
SHARES = st.floats(0, 1)
COCO = [f"{number:012}.jpg" for number in range(12_000)]


def test_the_hash_is_the_same_on_every_machine():
    """`printf name | sha256sum` begins with these 13 digits."""
    assert name_hash("name") == 0x82A3537FF0DBC / 16**13


def test_a_name_that_is_not_utf_8_is_hashed_by_its_bytes():
    """An old disk has some; one of them must not stop a run."""
    odd = os.fsdecode(b"bad\xff.jpg")
    digest = hashlib.sha256(b"bad\xff.jpg").hexdigest()
    assert name_hash(odd) == int(digest[:13], 16) / 16**13
    assert list_hash([odd]) == digest[:16]


def test_an_accent_is_hashed_alike_on_every_system():
    """macOS may write it as a character of its own, after its letter."""
    one, two = "caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\u0301"
    assert one != two
    assert name_hash(one) == name_hash(two)
    assert list_hash(["cafz", one]) == list_hash([two, "cafz"])
    digest = hashlib.sha256(one.encode()).hexdigest()
    assert name_hash(two) == int(digest[:13], 16) / 16**13


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_names_keep_their_hashes(name):
    """No photograph changes sides."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    assert name_hash(name) == int(digest[:13], 16) / 16**13
    assert list_hash([name]) == digest[:16]


@given(st.text())
def test_the_hash_is_a_share(name):
    assert 0 <= name_hash(name) < 1


@given(old=NAMES, new=NAMES, share=SHARES)
def test_adding_photographs_moves_none_across(old, new, share):
    """Or a photograph that was trained on would validate later."""
    train, validation = split_by_share(old, share)
    more_train, more_validation = split_by_share(old | new, share)
    assert set(train) <= set(more_train)
    assert set(validation) <= set(more_validation)


@given(names=NAMES, share=SHARES)
def test_every_photograph_is_on_one_side(names, share):
    train, validation = split_by_share(names, share)
    assert sorted(train + validation) == sorted(names)
    assert train == sorted(train)
    assert validation == sorted(validation)


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 1])
def test_shares_come_out_on_average(share):
    _, validation = split_by_share(COCO, share)
    assert len(validation) / len(COCO) == pytest.approx(share, abs=0.015)


def test_coco_is_split_exactly_as_in_the_deck():
    train, validation = split_exactly(COCO)
    assert (len(train), len(validation)) == (8_000, 2_000)
    assert not set(train) & set(validation)
    by_hash = sorted(COCO, key=name_hash)
    assert set(train) == set(by_hash[-8_000:])
    assert set(validation) == set(by_hash[:2_000])


def test_what_one_method_trains_on_the_other_does_not_validate_on():
    """A network trained by count would be scored on its own photographs."""
    train, validation = split_exactly(COCO)
    others_train, others_validation = split_by_share(COCO, 0.2)
    assert not set(train) & set(others_validation)
    assert not set(others_train) & set(validation)


def test_the_order_of_names_does_not_matter():
    """A disk lists files in any order."""
    assert split_exactly(COCO[::-1], 80, 20) == split_exactly(COCO, 80, 20)
    assert split_by_share(COCO[::-1]) == split_by_share(COCO)
    assert list_hash(COCO[::-1]) == list_hash(COCO)


def test_list_hash_tells_lists_apart():
    assert len(list_hash(COCO)) == 16
    assert list_hash(COCO[1:]) != list_hash(COCO)


def test_too_few_photographs_are_an_error():
    with pytest.raises(ValueError, match=r"8000 \+ 2000 .* 3 found"):
        split_exactly(["a", "b", "c"])


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_between_0_and_1(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_by_share(["a"], share)


def test_coco_is_split_as_in_the_deck_and_all_else_by_a_share():
    many = [f"{number}.jpg" for number in range(10_500)]
    train, validation = split_as_the_course_does(["coco"], many)
    assert (len(train), len(validation)) == (8_000, 2_000)
    other = split_as_the_course_does(["album", "coco"], many, 0.1)
    assert other == split_by_share(many, 0.1)
