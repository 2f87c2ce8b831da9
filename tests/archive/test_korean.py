"""What the package says in fixed words has Korean words on the card."""

import re

import numpy as np
import pytest

from colorlib import photos
from colorlib.archive.korean import (
    failure_in_korean,
    license_in_korean,
    note_in_korean,
    refusal_in_korean,
)
from colorlib.archive.plan import plan
from colorlib.colorizer import Colorizer
from colorlib.eras.catalog import load_era
from colorlib.eras.judging import NotTakenError, judge_offer, look_into
from colorlib.eras.licenses import read_terms
from colorlib.eras.record import Offered, RecordLine
from colorlib.hints.hint import Hint

OFFER = Offered(*("own", "a", "", "", "1951"), ("CC0",), *("", ""))


def is_korean(text):
    return re.search("[가-힣]", text)


@pytest.mark.parametrize(
    "rights",
    [*("CC BY-ND", "fair use", "KOGL", "my own rules", "", "CC BY-NC")],
)
def test_each_reason_against_a_license(rights):
    assert is_korean(refusal_in_korean(read_terms(rights).reason))


@pytest.mark.parametrize(
    ("title", "date"),
    [
        *(("", "unknown"), ("", "of the 'old' days"), ("", "1850")),
        *(("Colorized", "1951"), ("AI restored", "1951")),
        *(("upscaled", "1951"), ("retouched", "1951")),
    ],
)
def test_each_reason_against_a_description(title, date):
    offered = Offered(*("own", "a", title, "", date), ("CC0",), *("", ""))
    line = judge_offer(offered, load_era("korean-war"), read_terms("CC0"))
    assert is_korean(refusal_in_korean(line.reason)), line.reason
    if title:
        assert title.removesuffix(" restored") in refusal_in_korean(line.reason)


@pytest.mark.parametrize(
    ("name", "size", "process"),
    [
        *(("a.jpg", 400, ""), ("a.png", 200, "")),
        *(("a.png", 400, ""), ("a.png", 400, "Autochrome")),
    ],
)
def test_each_reason_against_a_file(tmp_path, name, size, process):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (size, size, 3), np.uint8)
    path = photos.write(photos.from_array(pixels), tmp_path / "scan.png")
    line = RecordLine("kept", process=process)
    with pytest.raises(NotTakenError) as error:
        look_into(path, name, line, 100)
    assert is_korean(refusal_in_korean(str(error.value)))


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear grandmother", b"8BPS", b"\xff\xd8\xff\xe0", None, "large"],
)
def test_each_usual_reason_why_a_photograph_is_not_colored(tmp_path, content):
    path = tmp_path / "a.png"
    if content == "large":
        photos.write(photos.from_array(np.zeros((4, 4), np.uint8)), path)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(photos.PhotoError) as error:
        photos.read(path, max_megapixels=1e-6)
    said = str(error.value).removeprefix(f"{path}: ")
    assert is_korean(failure_in_korean(said)), said


def test_each_usual_note(tmp_path):
    pixels = np.full((64, 64, 3), 250, np.uint8)
    pixels[:, :, 2] = 240
    hint = Hint(box=(3, 3, 4, 4), color=(80.0, 60.0), source="a letter")
    colored = Colorizer.load(device="cpu").colorize(pixels, hints=[hint])
    for name in ("a.png", "a.gif"):
        (tmp_path / name).touch()
    notes = [
        n for job in plan([tmp_path], tmp_path / "o").jobs for n in job.notes
    ]
    notes += colored.notes
    assert len(notes) == 4, notes
    for note in notes:
        assert is_korean(note_in_korean(note)), note
    assert "점 3, 3" in "".join(map(note_in_korean, notes))


def test_what_has_no_fixed_words_is_left_to_the_english_part():
    assert note_in_korean("its decoder warns: Invalid SOS parameters") == ""
    assert failure_in_korean("unexpected KeyError: 'a'; please report it") == ""
    assert refusal_in_korean("in a person's own words") == ""
    assert license_in_korean("CC BY-SA") == "CC BY-SA"
    assert license_in_korean("public domain") == "퍼블릭 도메인"
