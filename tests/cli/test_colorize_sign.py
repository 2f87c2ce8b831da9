"""`colorlib colorize --sign --key`: copies that show who made them."""

import sys
from pathlib import Path

import pytest

from colorlib import photos
from colorlib.archive.signature import STORE, is_signed, read_signature
from tests.cli.test_colorize import (  # noqa: F401, fixtures
    colorize,
    contents,
    fake,
    gray,
    here,
    report,
)
from tests.cli.test_info import info


@pytest.fixture
def options(tmp_path_factory):
    """The command's options for signing."""
    pytest.importorskip("c2pa")
    from tests.archive.certificates import write_pair

    pair = write_pair(tmp_path_factory.mktemp("keys"))
    return "--sign", pair[0], "--key", pair[1]


def test_every_copy_is_signed(here, fake, options):  # noqa: F811
    for name in ("a.jpg", "b.png", "c.tif", "d.webp", "e.gif"):
        gray(f"scans/{name}", size=(300, 200))
    before = contents(here / "scans")

    result = colorize("scans", *options, "--caption", "en")

    assert result.exit_code == 0, result.output
    copies = [p for p in Path("colorized").iterdir() if p.suffix != ".json"]
    assert len(copies) == 10
    for copy in copies:
        assert read_signature(copy).fault == "", copy
    assert contents(here / "scans") == before  # the originals stay
    shown = info("colorized/a.jpg").stdout
    assert "signed by Archive of Testing, and unchanged since" in shown


def test_a_map_of_doubts_is_not_signed(here, fake, options):  # noqa: F811
    """It is no photograph whose colors changed."""
    from colorlib.archive.local import _is_to_sign
    from colorlib.archive.outcomes import Job

    job = Job(Path("a.png"), Path("b.png"), named=True, way="uncertainty")
    assert not _is_to_sign(job, object())


def test_a_signed_copy_is_replaced_by_a_signed_one_only(here, fake, options):  # noqa: F811
    """Else a forgotten option takes the signatures of a whole box."""
    gray("scans/a.jpg")
    colorize("scans", *options)
    gray("scans/a.jpg", (60, 44))
    before = Path("colorized/a.jpg").read_bytes()
    result = colorize("scans", "--update")
    assert result.exit_code == 1
    assert "a.jpg is signed; sign the new copy, too" in result.stderr
    assert Path("colorized/a.jpg").read_bytes() == before
    assert colorize("scans", *options, "--update").exit_code == 0
    assert photos.read("colorized/a.jpg").width == 60
    assert is_signed(Path("colorized/a.jpg"))


def test_a_copy_without_a_signature_is_outdated(here, fake, options):  # noqa: F811
    """Else who asks for signatures believes that all have one."""
    gray("scans/a.jpg")
    assert colorize("scans").exit_code == 0
    result = colorize("scans", *options)
    assert result.exit_code == 1
    assert "is not signed; color it again with --update" in result.stderr
    assert colorize("scans", *options, "--update").exit_code == 0
    assert is_signed(Path("colorized/a.jpg"))
    assert colorize("scans", *options).exit_code == 0
    assert report()["skipped"] == 1
    assert colorize("scans").exit_code == 0  # a signature does no harm
    assert report()["skipped"] == 1


@pytest.mark.parametrize("half", [0, 2])
def test_a_certificate_needs_its_key(here, fake, half):  # noqa: F811
    gray("scans/a.jpg")
    options = ("--sign", "c.pem", "--key", "k.pem")[half : half + 2]
    result = colorize("scans", *options)
    assert result.exit_code == 2
    assert "--sign and --key go together" in result.stderr


def test_an_original_s_signature_is_not_lost_in_silence(here, fake):  # noqa: F811
    """A camera's or an archive's own is worth more than ours."""
    gray("scans/plain.png")
    gray("scans/signed.png")
    with Path("scans/signed.png").open("ab") as file:
        file.write(STORE)
    assert colorize("scans", "--caption", "en").exit_code == 1  # too narrow
    notes = {
        Path(each["output"]).name: " ".join(each["notes"])
        for each in report()["photographs"]
    }
    assert "--sign takes them along" in notes["signed.png"]
    assert "--sign" not in notes["plain.png"]


def test_a_missing_certificate_is_told_in_one_line(here, fake, options):  # noqa: F811
    gray("scans/a.jpg")
    before = contents(here)
    result = colorize("scans", "--sign", "no.pem", *options[2:])
    assert result.exit_code == 2
    assert "no.pem" in result.stderr
    assert result.stderr.count("\n") == 1
    assert contents(here) == before


def test_without_the_package_nothing_begins(here, fake, monkeypatch):  # noqa: F811
    monkeypatch.setitem(sys.modules, "c2pa", None)
    gray("scans/a.jpg")
    before = contents(here)
    result = colorize("scans", "--sign", "c.pem", "--key", "k.pem")
    assert result.exit_code == 2
    assert "pip install c2pa-python" in result.stderr
    assert result.stderr.count("\n") == 1
    assert contents(here) == before
