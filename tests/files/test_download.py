"""A download is whole and the right file, or nothing is there."""

import hashlib
import logging
import threading
import time

import pytest

from colorlib.files.download import DownloadError, download

DATA = bytes(range(256)) * 400  # 102,400 bytes
SHA256 = hashlib.sha256(DATA).hexdigest()
NAME = "weights.bin"


@pytest.fixture
def get(file_server, tmp_path):
    """Download `NAME` into a folder that doesn't exist yet."""
    file_server.files[NAME] = DATA

    def get(sha256=SHA256, **options):
        options = {"otherwise": "ask Ann", "timeout": 5.0} | options
        path = tmp_path / "new" / NAME
        return download(f"{file_server.url}/{NAME}", path, sha256, **options)

    return get


def left(tmp_path):
    """Files that are there, but for the lock, which is empty."""
    return [p.name for p in (tmp_path / "new").iterdir() if p.stat().st_size]


def test_a_file_is_downloaded_once(get, file_server):
    assert get().read_bytes() == DATA
    assert get().read_bytes() == DATA
    assert file_server.asked == [(NAME, None)]


def test_the_first_digits_of_a_hash_are_enough(get):
    """Names of published weights hold eight."""
    assert get(SHA256[:8]).read_bytes() == DATA


@pytest.mark.parametrize("sha256", ["", SHA256[:7], SHA256.upper(), "g" * 64])
def test_what_is_no_hash_is_refused(get, sha256):
    """An empty one would fit every file."""
    with pytest.raises(ValueError, match="8 to 64 hexadecimal digits"):
        get(sha256)


def test_progress_is_told_to_the_last_byte(get):
    told = []
    get(on_download=lambda *said: told.append(said))
    names, done, total = zip(*told, strict=True)
    assert set(names) == {NAME}
    assert set(total) == {len(DATA)}
    assert list(done) == sorted(done)
    assert done[-1] == len(DATA)


def test_the_beginning_is_logged(get, caplog):
    with caplog.at_level(logging.INFO, "colorlib"):
        get()
        get()
    assert [r.message.split(" from ")[0] for r in caplog.records] == [
        f"downloading {NAME}"
    ]


def test_a_redirect_is_followed(get, file_server):
    """Releases on GitHub answer with one."""
    file_server.files["elsewhere"] = DATA
    file_server.faults[NAME] = [f"{file_server.url}/elsewhere"]
    assert get().read_bytes() == DATA
    assert [name for name, _ in file_server.asked] == [NAME, "elsewhere"]


def test_a_server_that_says_no_length_is_believed_by_the_hash(get, file_server):
    file_server.faults[NAME] = ["chunked"]
    told = []
    get(on_download=lambda *said: told.append(said))
    assert told[-1] == (NAME, len(DATA), None)


# A connection that is cut.


def test_a_cut_connection_is_taken_up_where_it_ended(get, file_server):
    file_server.faults[NAME] = ["cut", "cut"]
    assert get().read_bytes() == DATA
    half, quarter = len(DATA) // 2, len(DATA) // 4
    assert [asked for _, asked in file_server.asked] == [
        None,
        f"bytes={half}-",
        f"bytes={half + quarter}-",
    ]


def test_a_server_that_gives_no_parts_begins_again(get, file_server):
    file_server.faults[NAME] = ["cut", "whole"]
    assert get().read_bytes() == DATA


def test_another_part_than_the_missing_one_is_refused(
    get, file_server, tmp_path
):
    file_server.faults[NAME] = ["cut", "shifted"]
    with pytest.raises(DownloadError, match="another part .bytes 51201-"):
        get()
    assert not left(tmp_path)


def test_it_does_not_try_for_ever(get, file_server, tmp_path):
    file_server.faults[NAME] = ["cut"] * 9
    with pytest.raises(DownloadError, match="ended after 89,600 of 102,400"):
        get(tries=3)
    assert len(file_server.asked) == 3
    assert not left(tmp_path)


def test_a_server_that_gives_nothing_is_asked_once(get, file_server):
    file_server.files[NAME] = b"x"
    file_server.faults[NAME] = ["cut"] * 9
    with pytest.raises(DownloadError, match="ended after 0 of 1 bytes"):
        get()
    assert len(file_server.asked) == 1


# A server that is slow.


@pytest.mark.parametrize(
    ("fault", "said"),
    [("hang", "does not answer in time"), ("drip", "fewer than 1,000 bytes")],
)
def test_a_slow_server_is_left(get, file_server, tmp_path, fault, said):
    """Without it, a command would stand still for good."""
    file_server.faults[NAME] = [fault]
    began = time.monotonic()
    with pytest.raises(DownloadError, match=said):
        get(timeout=0.2, tries=1)
    assert time.monotonic() - began < 5
    assert not left(tmp_path)


def test_a_file_without_end_is_left(get, file_server, tmp_path):
    file_server.faults[NAME] = ["endless"]
    with pytest.raises(DownloadError, match="has no end after"):
        get(largest=1 << 22)
    assert not left(tmp_path)


def test_a_file_that_is_too_large_is_not_begun(get, tmp_path):
    told = []
    with pytest.raises(DownloadError, match="102,400 bytes: too many"):
        get(largest=102_399, on_download=lambda *said: told.append(said))
    assert not told
    assert not left(tmp_path)


# Errors are one line that says what to do.


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_server_s_refusal_is_told(get, file_server, tmp_path, status):
    file_server.faults[NAME] = [status]
    with pytest.raises(DownloadError) as raised:
        get()
    said = str(raised.value)
    assert f"(HTTP {status}" in said
    assert said.endswith("; ask Ann")
    assert file_server.url in said
    assert "\n" not in said
    assert len(file_server.asked) == 1
    assert not left(tmp_path)


def test_another_file_is_refused(get, file_server, tmp_path):
    file_server.files[NAME] = DATA[::-1]
    with pytest.raises(DownloadError, match=f"not with {SHA256[:8]}.; ask"):
        get()
    assert not left(tmp_path)


def test_nobody_there_is_told(tmp_path):
    with pytest.raises(DownloadError, match="refused.; ask Ann"):
        download(
            "http://127.0.0.1:9/x", tmp_path / "x", SHA256, otherwise="ask Ann"
        )


def test_a_full_disk_is_not_the_network_s_fault(get, tmp_path):
    (tmp_path / "new").touch()
    with pytest.raises(OSError, match="File exists") as raised:
        get()
    assert not isinstance(raised.value, DownloadError)


# What is there already, and who else wants it.


def test_a_damaged_file_is_replaced(get, tmp_path):
    """As a killed program of another make may have left it."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / NAME).write_bytes(DATA[:-1])
    assert get().read_bytes() == DATA


def test_a_damaged_file_stays_if_nothing_better_comes(
    get, file_server, tmp_path
):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / NAME).write_bytes(b"old")
    file_server.faults[NAME] = ["cut", 500]
    with pytest.raises(DownloadError):
        get()
    assert (tmp_path / "new" / NAME).read_bytes() == b"old"


def test_a_folder_that_can_only_be_read_is_enough(get):
    """A shared cache, filled by somebody else."""
    folder = get().parent
    for lock in folder.glob(".*.lock"):
        lock.unlink()
    folder.chmod(0o500)
    try:
        assert get().read_bytes() == DATA
    finally:
        folder.chmod(0o700)
    assert not list(folder.glob(".*.lock"))


def test_of_two_that_want_it_one_downloads(get, file_server, caplog):
    """And the other one waits, and says so."""
    file_server.faults[NAME] = ["drip"]
    file_server.files[NAME] = data = DATA[:20]  # 0.4 seconds
    digest = hashlib.sha256(data).hexdigest()
    got = []
    with caplog.at_level(logging.INFO, "colorlib"):
        both = [
            threading.Thread(target=lambda: got.append(get(digest)))
            for _ in "12"
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert [path.read_bytes() for path in got] == [data, data]
    assert len(file_server.asked) == 1
    assert any("by another process" in r.message for r in caplog.records)
